//! Which free places of a home suit somebody, and which of them are taken.

use chrono::NaiveDate;

use super::vacancy::{FRESH_FOR_DAYS, Vacancy, VacancyState};
use crate::clock::Instant;
use crate::ids::VacancyId;
use crate::values::{CodeSet, Sex};

/// Places wanted together: for a child, and its siblings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlacesWanted {
    /// The day on which they must be free.
    pub on: NaiveDate,
    /// How many.
    pub places: i32,
    /// The age in years; none where it does not matter.
    pub age: Option<i32>,
    /// The sex; none where it does not matter.
    pub sex: Option<Sex>,
}

/// The free places of one open vacancy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// The vacancy.
    pub vacancy_id: VacancyId,
    /// How many are free.
    pub places: i32,
    /// The day from which they are free.
    pub available_from: NaiveDate,
    /// The youngest age, where narrower than the home's.
    pub age_min: Option<i32>,
    /// The oldest age, where narrower than the home's.
    pub age_max: Option<i32>,
    /// The sexes, where narrower than the home's.
    pub sexes: Option<CodeSet<Sex>>,
    /// When the provider last said that it is right.
    pub confirmed_at: Instant,
}

impl Offer {
    /// What an open vacancy offers.
    pub fn of(vacancy: &Vacancy) -> Option<Self> {
        (vacancy.state == VacancyState::Open).then_some(Self {
            vacancy_id: vacancy.id,
            places: vacancy.places_left,
            available_from: vacancy.available_from,
            age_min: vacancy.age_min,
            age_max: vacancy.age_max,
            sexes: vacancy.sexes,
            confirmed_at: vacancy.confirmed_at,
        })
    }

    /// Whether it suits the age; the home's own ages are checked with the home.
    pub fn suits_age(&self, age: i32) -> bool {
        self.age_min.is_none_or(|youngest| youngest <= age) && self.age_max.is_none_or(|oldest| age <= oldest)
    }

    /// Whether it suits the sex; the home's own are checked with the home.
    pub fn suits_sex(&self, sex: Sex) -> bool {
        self.sexes.is_none_or(|sexes| sexes.contains(sex))
    }

    /// Whether it suits, however many places it has.
    pub fn suits(&self, wanted: &PlacesWanted) -> bool {
        self.available_from <= wanted.on
            && wanted.age.is_none_or(|age| self.suits_age(age))
            && wanted.sex.is_none_or(|sex| self.suits_sex(sex))
    }
}

/// All that a home offers now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Availability {
    /// The offers, those that are free first at the front.
    pub offers: Vec<Offer>,
}

impl Availability {
    /// How many places suit.
    pub fn places_for(&self, wanted: &PlacesWanted) -> i32 {
        self.offers
            .iter()
            .filter(|offer| offer.suits(wanted))
            .map(|offer| offer.places)
            .sum()
    }

    /// When the provider last confirmed any of it; none where nothing is offered.
    pub fn confirmed_at(&self) -> Option<Instant> {
        self.offers.iter().map(|offer| offer.confirmed_at).max()
    }

    /// Whether any of it is fresh.
    pub fn fresh(&self, now: Instant) -> bool {
        self.confirmed_at()
            .is_some_and(|at| now < at.plus(chrono::Duration::days(FRESH_FOR_DAYS)))
    }
}

/// Takes places of these offers: all of one where one has enough, else of several, those that are free first before. Answers
/// how many of which, or none where there are not enough.
pub fn take(offers: &[Offer], wanted: &PlacesWanted) -> Option<Vec<(VacancyId, i32)>> {
    let suiting: Vec<&Offer> = offers.iter().filter(|offer| offer.suits(wanted)).collect();
    if let Some(enough) = suiting.iter().find(|offer| offer.places >= wanted.places) {
        return Some(vec![(enough.vacancy_id, wanted.places)]);
    }
    let mut missing = wanted.places;
    let mut taken = Vec::new();
    for offer in suiting {
        let places = missing.min(offer.places);
        missing -= places;
        taken.push((offer.vacancy_id, places));
        if missing == 0 {
            return Some(taken);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn now() -> Instant {
        "2026-03-02T09:00:00Z".parse().unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn offer(places: i32) -> Offer {
        Offer {
            vacancy_id: VacancyId::new(now()),
            places,
            available_from: day("2026-03-02"),
            age_min: None,
            age_max: None,
            sexes: None,
            confirmed_at: now(),
        }
    }

    fn wanted(places: i32) -> PlacesWanted {
        PlacesWanted {
            on: day("2026-03-04"),
            places,
            age: Some(14),
            sex: Some(Sex::F),
        }
    }

    #[test]
    fn what_is_narrower_than_the_home_suits_fewer() {
        type Narrow = fn(&mut Offer);
        let narrowed: [(&str, Narrow, bool); 8] = [
            ("as the home", |_| (), true),
            (
                "free that day",
                |offer| offer.available_from = "2026-03-04".parse().unwrap(),
                true,
            ),
            (
                "free later",
                |offer| offer.available_from = "2026-03-05".parse().unwrap(),
                false,
            ),
            ("older", |offer| offer.age_min = Some(15), false),
            ("as old", |offer| offer.age_min = Some(14), true),
            ("younger", |offer| offer.age_max = Some(13), false),
            ("boys", |offer| offer.sexes = Some(CodeSet::from([Sex::M])), false),
            ("girls", |offer| offer.sexes = Some(CodeSet::from([Sex::F])), true),
        ];
        for (what, narrow, suits) in narrowed {
            let mut offer = offer(1);
            narrow(&mut offer);
            assert_eq!(offer.suits(&wanted(1)), suits, "{what}");
            let whoever = PlacesWanted {
                age: None,
                sex: None,
                ..wanted(1)
            };
            assert_eq!(offer.suits(&whoever), what != "free later", "{what}, for whomever");
        }
    }

    #[test]
    fn one_vacancy_with_enough_places_is_taken_of_before_several() {
        let (one, two, three) = (offer(1), offer(2), offer(1));
        let offers = [one, two, three];
        assert_eq!(take(&offers, &wanted(1)), Some(vec![(one.vacancy_id, 1)]));
        assert_eq!(take(&offers, &wanted(2)), Some(vec![(two.vacancy_id, 2)]));
        assert_eq!(
            take(&offers, &wanted(3)),
            Some(vec![(one.vacancy_id, 1), (two.vacancy_id, 2)])
        );
        assert_eq!(take(&offers, &wanted(5)), None);
        assert_eq!(take(&[], &wanted(1)), None);
    }

    #[test]
    fn the_newest_confirmation_says_how_fresh_it_is() {
        let mut availability = Availability {
            offers: vec![offer(1), offer(2)],
        };
        availability.offers[0].confirmed_at = now().minus(chrono::Duration::days(8));
        assert!(availability.fresh(now()));
        assert!(!availability.fresh(now().plus(chrono::Duration::days(7))));
        assert!(!Availability::default().fresh(now()));
    }

    proptest! {
        #[test]
        fn as_many_are_taken_as_suit_and_never_more(places in proptest::collection::vec(1..5i32, 0..6), want in 1..8i32) {
            let offers: Vec<Offer> = places.into_iter().map(offer).collect();
            let wanted = wanted(want);
            let suiting = Availability { offers: offers.clone() }.places_for(&wanted);
            match take(&offers, &wanted) {
                None => prop_assert!(suiting < want),
                Some(taken) => {
                    prop_assert_eq!(taken.iter().map(|(_, places)| places).sum::<i32>(), want);
                    for (id, places) in taken {
                        let offer = offers.iter().find(|offer| offer.vacancy_id == id).unwrap();
                        prop_assert!(0 < places && places <= offer.places);
                    }
                }
            }
        }
    }
}

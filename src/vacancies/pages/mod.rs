//! Vacancies and prices in the browser, and the page of a home, which shows both.

mod home;
mod link;
mod own;
mod prices;

use crate::vacancies::Vacancy;
use crate::vacancies::rules::VacancyState;
use crate::web::Routes;
use crate::web::pages::Tag;

/// The slice's pages.
pub fn routes(r: &mut Routes) {
    link::routes(r);
    own::routes(r);
    prices::routes(r);
    home::routes(r);
}

/// How fresh a vacancy is, or that it is over.
fn freshness(vacancy: &Vacancy, now: crate::clock::Instant) -> Tag {
    match vacancy.state {
        VacancyState::Open if vacancy.fresh(now) => Tag::new("green", "fresh"),
        VacancyState::Open => Tag::new("yellow", "stale"),
        VacancyState::Filled => Tag::new("purple", "filled"),
        VacancyState::Closed => Tag::new("grey", "closed"),
    }
}

/// Whom a vacancy is for, where it is narrower than its home.
fn narrower(vacancy: &Vacancy) -> String {
    let ages = match (vacancy.age_min, vacancy.age_max) {
        (None, None) => None,
        (Some(youngest), None) => Some(format!("from {youngest}")),
        (None, Some(oldest)) => Some(format!("up to {oldest}")),
        (Some(youngest), Some(oldest)) => Some(format!("{youngest} to {oldest}")),
    };
    let sexes = vacancy.sexes.map(|sexes| sexes.labels().to_lowercase());
    let parts: Vec<String> = [ages, sexes].into_iter().flatten().collect();
    if parts.is_empty() {
        "Whom the home takes".to_owned()
    } else {
        format!("Only {}", parts.join(", "))
    }
}

#[cfg(test)]
mod samples {
    //! What the tests of pages show.

    use crate::clock::Instant;
    use crate::homes::Home;
    use crate::homes::rules::sample_home;
    use crate::ids::{HomeId, LotId, PersonId, PriceId, VacancyId};
    use crate::vacancies::rules::VacancyState;
    use crate::vacancies::{Price, Vacancy};
    use crate::values::{Money, PriceLines};

    pub fn now() -> Instant {
        "2026-03-02T09:00:00Z".parse().unwrap()
    }

    /// Of three places, in Reading.
    pub fn home() -> Home {
        Home {
            name: "Willow & Ash".to_owned(),
            ..sample_home(now())
        }
    }

    /// Of three places two are left, confirmed now.
    pub fn vacancy() -> Vacancy {
        Vacancy {
            id: VacancyId::new(now()),
            home_id: HomeId::new(now()),
            places: 3,
            places_left: 2,
            available_from: "2026-03-09".parse().unwrap(),
            age_min: None,
            age_max: None,
            sexes: None,
            confirmed_at: now(),
            reminded_at: None,
            state: VacancyState::Open,
            closed_at: None,
            created_by: PersonId::new(now()),
            created_at: now(),
            version: 1,
        }
    }

    /// £5,555.50 a week from this day on.
    pub fn price(effective_from: &str) -> Price {
        let pounds = |text: &str| Money::parse(text).unwrap();
        Price {
            id: PriceId::new(now()),
            home_id: HomeId::new(now()),
            lot_id: LotId::new(now()),
            effective_from: effective_from.parse().unwrap(),
            lines: PriceLines {
                core: pounds("4250.00"),
                additional_support: pounds("900.50"),
                education: pounds("400.00"),
                other: pounds("5.00"),
            },
            over_ceiling: false,
            created_by: PersonId::new(now()),
            created_at: now(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::{CodeSet, Sex};
    use chrono::Duration;

    #[test]
    fn a_vacancy_says_how_fresh_it_is_and_whom_it_is_for() {
        let (now, mut vacancy) = (samples::now(), samples::vacancy());
        assert_eq!(narrower(&vacancy), "Whom the home takes");
        assert!(freshness(&vacancy, now).to_string().contains("Fresh"));
        let later = now.plus(Duration::days(7));
        assert!(freshness(&vacancy, later).to_string().contains("Stale"));
        (vacancy.age_max, vacancy.sexes) = (Some(14), Some(CodeSet::from([Sex::F])));
        assert_eq!(narrower(&vacancy), "Only up to 14, female");
        vacancy.age_min = Some(11);
        assert_eq!(narrower(&vacancy), "Only 11 to 14, female");
    }
}

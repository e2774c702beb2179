//! Every state and verb of a vacancy, how many places may be open, and which prices may be listed.

use chrono::{Days, Duration, NaiveDate};

use super::*;
use crate::clock::Instant;
use crate::error::Error;
use crate::frameworks::rules::{LineCeilings, Lot};
use crate::homes::rules::sample_home;
use crate::homes::rules::{Home, HomeRefused};
use crate::ids::{FrameworkId, HomeId, LotId, PersonId, VacancyId};
use crate::values::{CodeSet, Money, PlacementType, ProvisionType, Sex};

fn now() -> Instant {
    "2026-03-02T09:00:00Z".parse().unwrap()
}

fn vacancy() -> Vacancy {
    Vacancy {
        id: VacancyId::new(now()),
        home_id: HomeId::new(now()),
        places: 2,
        places_left: 1,
        available_from: now().date_in_uk(),
        age_min: None,
        age_max: None,
        sexes: None,
        confirmed_at: now(),
        reminded_at: Some(now()),
        state: VacancyState::Open,
        closed_at: None,
        created_by: PersonId::new(now()),
        created_at: now(),
        version: 3,
    }
}

#[test]
fn every_state_and_verb() {
    use VacancyState::{Closed, Filled, Open};
    let later = now().plus(Duration::hours(1));
    for (state, verb, expected) in [
        (Open, "confirm", Ok(Open)),
        (Filled, "confirm", Err("vacancy.not_open")),
        (Closed, "confirm", Err("vacancy.not_open")),
        (Open, "close", Ok(Closed)),
        (Filled, "close", Err("vacancy.not_open")),
        (Closed, "close", Err("vacancy.not_open")),
        (Open, "take", Ok(Filled)),
        (Open, "release", Ok(Open)),
        (Filled, "release", Ok(Open)),
        (Closed, "release", Ok(Closed)),
    ] {
        let places_left = i32::from(state == Open);
        let vacancy = Vacancy {
            places_left,
            state,
            ..vacancy()
        };
        let outcome = match verb {
            "confirm" => vacancy.confirmed(later),
            "close" => vacancy.closed(later),
            "take" => Ok(vacancy.taken(1)),
            _ => Ok(vacancy.released(1).0),
        };
        assert_eq!(
            outcome.map(|vacancy| vacancy.state).map_err(|refused| refused.code()),
            expected,
            "{verb} {state}"
        );
    }
    let confirmed = vacancy().confirmed(later).unwrap();
    assert_eq!((confirmed.confirmed_at, confirmed.reminded_at), (later, None));
    assert_eq!(vacancy().closed(later).unwrap().closed_at, Some(later));
}

#[test]
fn a_vacancy_is_filled_with_its_last_place_and_open_again_with_the_first_given_back() {
    let vacancy = Vacancy {
        places: 2,
        places_left: 2,
        ..vacancy()
    };
    let half = vacancy.taken(1);
    assert_eq!((half.places_left, half.state), (1, VacancyState::Open));
    let full = half.taken(1);
    assert_eq!((full.places_left, full.state), (0, VacancyState::Filled));
    let (again, offered) = full.released(1);
    assert_eq!(
        (again.places, again.places_left, again.state, offered),
        (2, 1, VacancyState::Open, 1)
    );
    let (more, offered) = full.released(3);
    assert_eq!((more.places, more.places_left, offered), (3, 3, 3));
    let closed = again.closed(now()).unwrap();
    assert_eq!(closed.released(1), (closed, 0));
}

#[test]
fn a_confirmation_is_fresh_for_seven_days() {
    let week = Duration::days(7);
    for (after, fresh) in [
        (Duration::zero(), true),
        (week - Duration::microseconds(1), true),
        (week, false),
        (week + Duration::days(30), false),
    ] {
        assert_eq!(vacancy().fresh(now().plus(after)), fresh, "{after}");
    }
}

fn new_vacancy(places: i32) -> NewVacancy {
    NewVacancy {
        places,
        available_from: now().date_in_uk(),
        age_min: None,
        age_max: None,
        sexes: None,
    }
}

fn opened(new: NewVacancy, home: &Home) -> Result<Vacancy, Error> {
    new.opened(home, PersonId::new(now()), now())
}

#[test]
fn places_never_exceed_the_registered_ones_less_those_open_and_taken() {
    // The sample is registered for 3 places.
    for (open, taken, places, fine) in [
        (0, 0, 3, true),
        (0, 0, 4, false),
        (1, 1, 1, true),
        (1, 1, 2, false),
        (3, 0, 1, false),
        (0, 3, 1, false),
    ] {
        let home = Home {
            places_open: open,
            places_taken: taken,
            ..sample_home(now())
        };
        match opened(new_vacancy(places), &home) {
            Ok(vacancy) => assert!(fine && vacancy.places_left == places && vacancy.confirmed_at == now()),
            Err(refused) => assert!(!fine && refused.code() == "vacancy.exceeds_registered_places"),
        }
    }
    let closed = Home {
        active: false,
        ..sample_home(now())
    };
    assert_eq!(
        opened(new_vacancy(1), &closed).unwrap_err().code(),
        HomeRefused::Closed.code()
    );
}

#[test]
fn a_vacancy_is_at_most_narrower_than_its_home() {
    // The sample takes both sexes from 10 to 17.
    let girls = Some(CodeSet::from([Sex::F]));
    for (age_min, age_max, sexes, wrong) in [
        (None, None, None, ""),
        (Some(10), Some(17), Some(CodeSet::all()), ""),
        (Some(14), None, girls, ""),
        (Some(9), None, None, "age_min"),
        (None, Some(18), None, "age_max"),
        (Some(15), Some(14), None, "age_max"),
        (None, None, Some(CodeSet::EMPTY), "sexes"),
    ] {
        let new = NewVacancy {
            age_min,
            age_max,
            sexes,
            ..new_vacancy(1)
        };
        match opened(new, &sample_home(now())) {
            Ok(_) => assert_eq!(wrong, "", "{age_min:?} {age_max:?} {sexes:?}"),
            Err(Error::Invalid(errors)) => assert!(errors.names(wrong) && errors.iter().count() == 1, "{errors:?}"),
            Err(other) => panic!("{other}"),
        }
    }
    let mut girls_only = sample_home(now());
    girls_only.purpose.sexes = CodeSet::from([Sex::F]);
    let boys = NewVacancy {
        sexes: Some(CodeSet::from([Sex::M])),
        ..new_vacancy(1)
    };
    assert!(matches!(opened(boys, &girls_only), Err(Error::Invalid(errors)) if errors.names("sexes")));
}

fn money(text: &str) -> Money {
    Money::parse(text).unwrap()
}

fn lot() -> Lot {
    Lot {
        id: LotId::new(now()),
        framework_id: FrameworkId::new(now()),
        code: "R1".into(),
        title: "Children's homes".into(),
        placement_type: PlacementType::Residential,
        provision_types: CodeSet::from([ProvisionType::ChildrensHome]),
        weekly_ceiling: Some(money("6000.00")),
        line_ceilings: LineCeilings {
            core: Some(money("5000.00")),
            ..LineCeilings::default()
        },
        version: 1,
    }
}

fn new_price(core: &str, additional_support: &str, from: NaiveDate) -> NewPrice {
    NewPrice {
        lot_id: LotId::new(now()),
        effective_from: from,
        core: money(core),
        additional_support: money(additional_support),
        education: Money::ZERO,
        other: Money::ZERO,
    }
}

fn listed(new: NewPrice, lot: &Lot, last: Option<NaiveDate>, blocks: bool) -> Result<Price, Error> {
    new.listed(&sample_home(now()), lot, last, blocks, PersonId::new(now()), now())
}

#[test]
fn a_later_price_has_a_later_date() {
    let today = now().date_in_uk();
    for (last, from, code) in [
        (None, today, "ok"),
        (None, today - Days::new(400), "ok"),
        (Some(today), today + Days::new(1), "ok"),
        (Some(today), today, "price.date_not_later"),
        (Some(today), today - Days::new(1), "price.date_not_later"),
        (None, today + Days::new(730), "ok"),
        (None, today + Days::new(731), "invalid_fields"),
    ] {
        let outcome = listed(new_price("4800.00", "350.00", from), &lot(), last, true);
        assert_eq!(
            outcome.map_or_else(|refused| refused.code(), |_| "ok"),
            code,
            "{from} after {last:?}"
        );
    }
}

#[test]
fn a_price_above_a_ceiling_is_refused_or_marked() {
    let today = now().date_in_uk();
    for (core, support, fields) in [
        ("5000.00", "1000.00", &[][..]),
        ("5000.01", "0.00", &["core"]),
        ("5000.00", "1000.01", &["total"]),
        ("5000.01", "1000.00", &["core", "total"]),
    ] {
        let price = || new_price(core, support, today);
        assert_eq!(
            listed(price(), &lot(), None, false).unwrap().over_ceiling,
            !fields.is_empty()
        );
        match listed(price(), &lot(), None, true) {
            Ok(price) => assert!(fields.is_empty() && !price.over_ceiling),
            Err(Error::Refused(refused)) => {
                assert_eq!(refused.code, "price.over_ceiling");
                let named: Vec<_> = refused.errors.iter().map(|error| error.field.as_ref()).collect();
                assert_eq!(named, fields);
            }
            Err(other) => panic!("{other}"),
        }
    }
}

#[test]
fn a_lot_takes_prices_of_homes_that_it_buys() {
    let today = now().date_in_uk();
    let foster = Lot {
        placement_type: PlacementType::Foster,
        ..lot()
    };
    let secure = Lot {
        provision_types: CodeSet::from([ProvisionType::SecureChildrensHome]),
        ..lot()
    };
    for other in [foster, secure] {
        let refused = listed(new_price("1.00", "0.00", today), &other, None, true).unwrap_err();
        assert_eq!(refused.code(), PriceRefused::LotDoesNotFit.code());
    }
}

#[test]
fn a_price_costs_something() {
    use validator::Validate;
    let today = now().date_in_uk();
    assert!(new_price("0.00", "0.01", today).validate().is_ok());
    assert!(new_price("0.00", "0.00", today).validate().is_err());
}

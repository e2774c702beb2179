//! What may be changed of a home when, and who sees how much of it.

use super::*;
use crate::access::{Actor, OrganisationKind, Origin, Role};
use crate::clock::Instant;
use crate::error::Error;
use crate::ids::{OrganisationId, PersonId, SessionId};
use crate::values::{OfstedGrade, PlacementType};

fn now() -> Instant {
    "2026-03-02T09:00:00Z".parse().unwrap()
}

fn home() -> Home {
    sample_home(now())
}

fn code(outcome: crate::error::Result<Home>) -> &'static str {
    match outcome {
        Ok(_) => "ok",
        Err(error) => error.code(),
    }
}

#[test]
fn every_state_and_verb() {
    type Verb = fn(Home) -> Result<Home, HomeRefused>;
    let table: [(bool, i32, Verb, &str); 6] = [
        (true, 0, Home::closed, "ok"),
        (true, 1, Home::closed, "home.has_placements"),
        (false, 0, Home::closed, "home.closed"),
        (true, 0, Home::reopened, "home.not_closed"),
        (false, 0, Home::reopened, "ok"),
        (false, 0, |home| home.must_be_active().map(|()| home), "home.closed"),
    ];
    for (row, (active, places_taken, verb, expected)) in table.into_iter().enumerate() {
        let home = Home {
            places_taken,
            active,
            ..home()
        };
        let outcome = verb(home).map_or_else(|refused| refused.code(), |_| "ok");
        assert_eq!(outcome, expected, "row {row}");
    }
}

#[test]
fn a_change_leaves_what_it_does_not_name() {
    let before = Home {
        purpose: Purpose {
            staffing: None,
            ..purpose::sample()
        },
        ..home()
    };
    let changes: HomeChanges =
        serde_json::from_str(r#"{"name":" Oak House ","age_max":16,"living_arrangement":null}"#).unwrap();
    let after = before.clone().changed(changes).unwrap();
    let expected = Home {
        name: "Oak House".into(),
        purpose: Purpose {
            age_max: 16,
            living_arrangement: None,
            ..before.purpose.clone()
        },
        ..before.clone()
    };
    assert_eq!(after, expected);
    assert_eq!(before.clone().changed(HomeChanges::default()).unwrap(), before);
}

#[test]
fn a_change_is_held_against_what_stays() {
    let wrong = HomeChanges {
        age_min: Some(18),
        ..HomeChanges::default()
    };
    assert!(matches!(home().changed(wrong), Err(Error::Invalid(errors)) if errors.names("age_max")));
    let wrong = HomeChanges {
        placement_type: Some(PlacementType::Foster),
        ..HomeChanges::default()
    };
    assert!(matches!(home().changed(wrong), Err(Error::Invalid(errors)) if errors.names("placement_type")));
}

#[test]
fn registered_places_never_fall_below_those_in_use() {
    for (open, taken, registered, expected) in [
        (1, 1, 2, "ok"),
        (1, 1, 1, "home.places_in_use"),
        (0, 2, 1, "home.places_in_use"),
        (0, 0, 1, "ok"),
    ] {
        let home = Home {
            places_open: open,
            places_taken: taken,
            ..home()
        };
        let changes = HomeChanges {
            registered_places: Some(registered),
            ..HomeChanges::default()
        };
        assert_eq!(
            code(home.changed(changes)),
            expected,
            "{open} open, {taken} taken, {registered} registered"
        );
    }
}

#[test]
fn the_urn_is_fixed_once_something_is_recorded_under_it() {
    let to = |urn: &str| HomeChanges {
        ofsted_urn: Some(Urn::parse(urn).unwrap()),
        ..HomeChanges::default()
    };
    let inspected = || Home {
        grade: OfstedGrade::Good,
        ..home()
    };
    assert_eq!(code(home().changed(to("SC123009"))), "ok");
    assert_eq!(code(inspected().changed(to("SC123009"))), "home.urn_fixed");
    assert_eq!(code(inspected().changed(to("SC123001"))), "ok");
    assert_eq!(
        code(
            Home {
                places_taken: 1,
                ..home()
            }
            .changed(to("SC123009"))
        ),
        "home.urn_fixed"
    );
}

#[test]
fn the_address_is_seen_by_few() {
    use OrganisationKind::{Authority, Cooperative, Provider};
    use Sight::{Address, Area};
    let home = home();
    let other = OrganisationId::new(now());
    for (organisation_id, organisation_kind, role, awarded, expected) in [
        (home.provider_id, Provider, Role::ProviderAdmin, false, Some(Address)),
        (home.provider_id, Provider, Role::Bidder, false, Some(Address)),
        (other, Provider, Role::ProviderAdmin, false, None),
        (other, Cooperative, Role::Operator, false, Some(Address)),
        (other, Cooperative, Role::Auditor, false, Some(Area)),
        (other, Authority, Role::Commissioner, false, Some(Area)),
        (other, Authority, Role::Commissioner, true, Some(Address)),
        (other, Authority, Role::Approver, true, Some(Address)),
    ] {
        let actor = Actor {
            person_id: PersonId::new(now()),
            organisation_id,
            organisation_kind,
            role,
            session_id: SessionId::new(now()),
            origin: Origin {
                request_id: "1".into(),
                address: [127, 0, 0, 1].into(),
            },
        };
        assert_eq!(
            home.sight_of(&actor, awarded),
            expected,
            "{role} of {organisation_kind}, awarded: {awarded}"
        );
    }
}

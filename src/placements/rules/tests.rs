//! Every state of a placement against every verb, and its terms.

use super::*;
use crate::clock::Instant;
use crate::ids::PersonId;
use validator::Validate;

fn now() -> Instant {
    "2026-03-10T12:00:00Z".parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn placement(state: PlacementState) -> Placement {
    let now = now();
    let started_on = (state != PlacementState::Agreed).then(|| day("2026-03-05"));
    Placement {
        id: PlacementId::new(now),
        award_id: AwardId::new(now),
        placement_request_id: PlacementRequestId::new(now),
        framework_id: FrameworkId::new(now),
        lot_id: LotId::new(now),
        home_id: HomeId::new(now),
        ofsted_urn: Urn::parse(Urn::EXAMPLE).unwrap(),
        provider_id: OrganisationId::new(now),
        authority_id: OrganisationId::new(now),
        vacancy_id: VacancyId::new(now),
        places: 1,
        contract_version_id: Some(ContractVersionId::new(now)),
        state,
        starts_on: day("2026-03-08"),
        started_on,
        ended: (state == PlacementState::Ended).then(|| (day("2026-03-09"), PlacementEndReason::ALL[0])),
        version: 1,
    }
}

fn terms(number: i32, effective_on: &str, core: &str) -> Terms {
    Terms {
        number,
        effective_on: day(effective_on),
        price: PriceLines {
            core: core.parse().unwrap(),
            ..PriceLines::default()
        },
        funding: FundingSplit::default(),
        reason: None,
        sha256: String::new(),
        recorded_by: PersonId::new(now()),
    }
}

#[test]
fn every_state_against_every_verb() {
    use PlacementState as S;
    let today = now().date_in_uk();
    let wrong = Err("placement.wrong_state");
    for (state, start, end) in [
        (S::Agreed, Ok(S::Started), Ok(S::Ended)),
        (S::Started, wrong, Ok(S::Ended)),
        (S::Ended, wrong, wrong),
    ] {
        let outcome = |result: Result<Placement, PlacementRefused>| {
            result
                .map(|placement| placement.state)
                .map_err(|refused| refused.code())
        };
        assert_eq!(
            outcome(placement(state).start(today, today)),
            start,
            "start when {state}"
        );
        assert_eq!(
            outcome(placement(state).end(today, PlacementEndReason::ALL[0], today)),
            end,
            "end when {state}"
        );
        let varied = placement(state).vary(
            &terms(1, "2026-03-08", "1.00"),
            day("2026-04-01"),
            terms(2, "2026-04-01", "2.00").price,
            FundingSplit::default(),
        );
        assert_eq!(
            varied.map_err(|refused| refused.code()),
            if state == S::Ended {
                wrong.map(|_: S| ())
            } else {
                Ok(())
            },
            "vary when {state}"
        );
    }
}

#[test]
fn what_is_recorded_has_happened() {
    let today = now().date_in_uk();
    assert_eq!(
        placement(PlacementState::Agreed).start(day("2026-03-11"), today),
        Err(PlacementRefused::NotYet { today })
    );
    assert_eq!(
        placement(PlacementState::Started).end(day("2026-03-11"), PlacementEndReason::ALL[0], today),
        Err(PlacementRefused::NotYet { today })
    );
}

#[test]
fn a_placement_may_start_earlier_than_agreed_and_that_shows() {
    let today = now().date_in_uk();
    assert!(
        placement(PlacementState::Agreed)
            .start(day("2026-03-07"), today)
            .unwrap()
            .started_early()
    );
    assert!(
        !placement(PlacementState::Agreed)
            .start(day("2026-03-08"), today)
            .unwrap()
            .started_early()
    );
    assert!(
        !placement(PlacementState::Agreed)
            .start(day("2026-03-09"), today)
            .unwrap()
            .started_early()
    );
}

#[test]
fn nothing_ends_before_it_started() {
    let today = now().date_in_uk();
    let reason = PlacementEndReason::ALL[0];
    let started_on = day("2026-03-05");
    assert_eq!(
        placement(PlacementState::Started).end(day("2026-03-04"), reason, today),
        Err(PlacementRefused::EndsBeforeStart { started_on })
    );
    assert_eq!(
        placement(PlacementState::Started)
            .end(started_on, reason, today)
            .unwrap()
            .ended,
        Some((started_on, reason))
    );
}

#[test]
fn terms_change_later_and_to_something_else() {
    let placement = placement(PlacementState::Started);
    let last = terms(1, "2026-03-08", "5200.00");
    let dearer = terms(2, "2026-04-01", "5300.00").price;
    let refused = |result: Result<(), PlacementRefused>| result.unwrap_err().code();
    assert_eq!(
        refused(placement.vary(&last, day("2026-03-08"), dearer, last.funding)),
        "placement.terms_not_later"
    );
    assert_eq!(
        refused(placement.vary(&last, day("2026-03-09"), last.price, last.funding)),
        "placement.nothing_changes"
    );
    assert!(placement.vary(&last, day("2026-03-09"), dearer, last.funding).is_ok());
    let shared = FundingSplit {
        social_care: 60,
        education: 20,
        health: 20,
    };
    assert!(placement.vary(&last, day("2026-03-09"), last.price, shared).is_ok());
}

#[test]
fn a_rise_above_the_threshold_takes_an_approver() {
    let money = |text: &str| text.parse::<Money>().unwrap();
    let threshold = Some(money("6000.00"));
    for (old, new, threshold, takes) in [
        ("5000.00", "6000.00", threshold, false),
        ("5000.00", "6000.01", threshold, true),
        ("7000.00", "6500.00", threshold, false),
        ("7000.00", "7000.01", threshold, true),
        ("5000.00", "9000.00", None, false),
    ] {
        assert_eq!(
            takes_approver(money(old), money(new), threshold).is_some(),
            takes,
            "{old} → {new}"
        );
    }
}

#[test]
fn the_terms_of_a_day_are_the_last_that_took_effect() {
    let all = [
        terms(1, "2026-03-08", "1.00"),
        terms(2, "2026-04-01", "2.00"),
        terms(3, "2026-05-01", "3.00"),
    ];
    for (on, number) in [
        ("2026-03-01", 1),
        ("2026-03-08", 1),
        ("2026-03-31", 1),
        ("2026-04-01", 2),
        ("2026-12-01", 3),
    ] {
        assert_eq!(in_force(&all, day(on)).map(|terms| terms.number), Some(number), "{on}");
    }
    assert_eq!(in_force(&[], day("2026-03-01")), None);
}

#[test]
fn funding_totals_a_hundred() {
    for (social_care, education, health, fits) in [
        (100, 0, 0, true),
        (50, 30, 20, true),
        (50, 30, 21, false),
        (0, 0, 0, false),
        (150, -50, 0, false),
        (i32::MAX, i32::MAX, 0, false),
    ] {
        let split = FundingSplit {
            social_care,
            education,
            health,
        };
        assert_eq!(split.validate().is_ok(), fits, "{split:?}");
    }
}

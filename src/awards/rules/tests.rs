//! Every state of an award against every verb.

use super::*;
use crate::ids::ApprovalId;
use chrono::Duration;

fn now() -> Instant {
    "2026-03-04T12:00:00Z".parse().unwrap()
}

fn person() -> PersonId {
    PersonId::new(now())
}

/// An award in this state, with two approvals that fit it, and a standstill as given.
fn award(state: AwardState, standstill_ends_at: Option<Instant>) -> Award {
    let now = now();
    let mut approvals = vec![
        Approval::needed(ApprovalId::new(now), ApprovalKind::AtADistance),
        Approval::needed(ApprovalId::new(now), ApprovalKind::Price),
    ];
    if !matches!(state, AwardState::Proposed | AwardState::Refused) {
        for approval in &mut approvals {
            approval.decide(ApprovalState::Approved, person(), now, None);
        }
    }
    Award {
        id: AwardId::new(now),
        placement_request_id: PlacementRequestId::new(now),
        bid_id: Some(BidId::new(now)),
        lot_id: LotId::new(now),
        authority_id: OrganisationId::new(now),
        provider_id: OrganisationId::new(now),
        home_id: HomeId::new(now),
        route: ProcurementRoute::Pa2023OpenFramework,
        rank: Some(1),
        tied: false,
        reason: None,
        characteristics: None,
        price: PriceLines::default(),
        starts_on: now.date_in_uk(),
        places: 1,
        area: Area::AtADistance,
        out_of_area_reason: None,
        distance: 2310,
        approvals,
        state,
        standstill_ends_at,
        proposed_by: person(),
        proposed_at: now,
        confirmed: None,
        closed: None,
        version: 1,
    }
}

const VERBS: [&str; 6] = ["approve", "refuse", "withdraw", "confirm", "accept", "decline"];

fn apply(award: Award, verb: &str) -> Result<Award, AwardRefused> {
    let (by, now) = (person(), now());
    match verb {
        "approve" => award.approve(by, None, None, now, None),
        "refuse" => award.refuse(by, None, "Too far.", now),
        "withdraw" => award.withdraw(by, "She stays.", now),
        "confirm" => award.confirm(by, VacancyId::new(now), now),
        "accept" => award.accept(by, now),
        "decline" => award.decline(by, "A child here is unwell.", now),
        _ => unreachable!("{verb}"),
    }
}

#[test]
fn every_state_against_every_verb() {
    use AwardState as S;
    let table = [
        (S::Proposed, "approve", Ok(S::Approved)),
        (S::Proposed, "refuse", Ok(S::Refused)),
        (S::Proposed, "withdraw", Ok(S::Withdrawn)),
        (S::Proposed, "confirm", Err("award.approval_missing")),
        (S::Approved, "withdraw", Ok(S::Withdrawn)),
        (S::Approved, "confirm", Ok(S::Confirmed)),
        (S::Confirmed, "accept", Ok(S::Accepted)),
        (S::Confirmed, "decline", Ok(S::Declined)),
    ];
    for state in S::ALL.iter().copied() {
        for verb in VERBS {
            let expected = table
                .iter()
                .find(|(from, what, _)| *from == state && *what == verb)
                .map_or(Err("award.wrong_state"), |(_, _, outcome)| *outcome);
            let outcome = apply(award(state, None), verb)
                .map(|award| award.state)
                .map_err(|refused| refused.code());
            assert_eq!(outcome, expected, "{verb} when {state:?}");
        }
    }
}

#[test]
fn an_award_stands_still_to_the_very_end_of_its_time() {
    let end = now().plus(Duration::hours(1));
    let standing = award(AwardState::Approved, Some(end));
    assert_eq!(standing.status(now()), AwardStatus::StandingStill);
    assert_eq!(
        standing.confirmable(now()),
        Err(AwardRefused::StandingStill { until: end.in_uk() })
    );
    assert_eq!(
        standing.status(end.minus(Duration::microseconds(1))),
        AwardStatus::StandingStill
    );
    assert_eq!(standing.confirmable(end), Ok(()));
    assert!(
        standing.withdraw(person(), "An objection stood.", now()).is_ok(),
        "this is what the time is for"
    );
}

#[test]
fn one_approval_settles_each_kind_and_the_last_begins_the_standstill() {
    let end = now().plus(Duration::days(8));
    let award = award(AwardState::Proposed, None);
    assert_eq!(award.missing(), [ApprovalKind::AtADistance, ApprovalKind::Price]);
    let half = award
        .approve(person(), Some(ApprovalKind::Price), Some("Fair."), now(), Some(end))
        .unwrap();
    assert_eq!((half.state, half.standstill_ends_at), (AwardState::Proposed, None));
    assert_eq!(half.missing(), [ApprovalKind::AtADistance]);
    assert_eq!(
        half.clone()
            .approve(person(), Some(ApprovalKind::Price), None, now(), Some(end)),
        Err(AwardRefused::ApprovalNotNeeded {
            kind: ApprovalKind::Price
        })
    );
    let whole = half
        .approve(person(), Some(ApprovalKind::AtADistance), None, now(), Some(end))
        .unwrap();
    assert_eq!(
        (whole.state, whole.standstill_ends_at),
        (AwardState::Approved, Some(end))
    );
    assert_eq!(whole.approvals[1].reason.as_deref(), Some("Fair."));
}

#[test]
fn nobody_decides_on_what_they_proposed() {
    let award = award(AwardState::Proposed, None);
    let by = award.proposed_by;
    assert_eq!(
        award.clone().approve(by, None, None, now(), None),
        Err(AwardRefused::OwnProposal)
    );
    assert_eq!(award.refuse(by, None, "No.", now()), Err(AwardRefused::OwnProposal));
}

#[test]
fn one_refusal_ends_it() {
    let refused = award(AwardState::Proposed, None)
        .refuse(person(), Some(ApprovalKind::Price), "Too dear.", now())
        .unwrap();
    assert_eq!(refused.state, AwardState::Refused);
    assert_eq!(
        refused.closed.and_then(|closing| closing.reason).as_deref(),
        Some("Too dear.")
    );
    assert_eq!(refused.approvals[0].state, ApprovalState::Pending);
    assert_eq!(refused.approvals[1].state, ApprovalState::Refused);
    assert!(!refused.state.is_live());
}

#[test]
fn a_status_comes_from_the_state_that_is_stored_for_it() {
    let end = Some(now().plus(Duration::hours(1)));
    for status in AwardStatus::ALL.iter().copied() {
        let standstill = if status == AwardStatus::StandingStill {
            end
        } else {
            None
        };
        assert_eq!(status.state().at(standstill, now()), status);
    }
}

#[test]
fn a_refusal_says_the_state_in_words() {
    for (refused, said) in [
        (
            AwardRefused::WrongState {
                status: AwardStatus::ApprovalPending,
            },
            "That can't be done to an award in the state “Waiting for approval”.",
        ),
        (
            AwardRefused::ApprovalNotNeeded {
                kind: ApprovalKind::NotFirstRank,
            },
            "No approval of the kind “The bid is not at the first rank” is waited for.",
        ),
    ] {
        assert_eq!(refused.to_string(), said);
    }
}

use chrono::Duration;

use super::drafting::reference_of;
use super::samples::{draft, noon};
use super::*;
use Phase::{Awarded, Closed, Completed, Draft, Open, Opened, Unfilled, Withdrawn};

/// A request in each phase, seen at [`seen`].
fn in_phase(phase: Phase) -> PlacementRequest {
    let (draft, _) = draft();
    let (before, someone) = (noon(), draft.created_by);
    let published = || draft.clone().published(before).unwrap();
    let closed = || {
        let request = published();
        PlacementRequest {
            bids_close_at: seen(),
            questions_close_at: seen(),
            ..request
        }
    };
    let opened = || closed().opened(someone, seen()).unwrap();
    match phase {
        Draft => draft,
        Open => published(),
        Closed => closed(),
        Opened => opened(),
        Awarded => opened().awarded(seen()).unwrap(),
        Completed => opened().awarded(seen()).unwrap().completed(seen()).unwrap(),
        Withdrawn => published().withdrawn("Not needed".to_owned(), seen()).unwrap(),
        Unfilled => closed().unfilled("No bid".to_owned(), seen()).unwrap(),
    }
}

fn seen() -> Instant {
    noon().plus(Duration::hours(2))
}

type Verb = fn(PlacementRequest) -> Result<PlacementRequest, RequestRefused>;
/// A verb with the phases it may be used in and those it leads to.
type Row = (&'static str, Verb, &'static [(Phase, Phase)]);

#[test]
fn every_phase_and_every_verb() {
    let later = |request: PlacementRequest| {
        let bids_close_at = request.bids_close_at.plus(Duration::seconds(1));
        request.extended(
            &NewDeadline {
                bids_close_at,
                questions_close_at: None,
                reason: "Late".to_owned(),
            },
            seen(),
        )
    };
    let verbs: [Row; 9] = [
        (
            "revise",
            |r| {
                r.revised(samples::body(), samples::draft().0.origin, CodeSet::EMPTY, seen())
                    .map(|(r, _)| r)
            },
            &[(Draft, Draft)],
        ),
        ("publish", |r| r.published(seen()), &[(Draft, Open)]),
        ("extend", later, &[(Open, Open)]),
        (
            "withdraw",
            |r| r.withdrawn("Not needed".to_owned(), seen()),
            &[
                (Draft, Withdrawn),
                (Open, Withdrawn),
                (Closed, Withdrawn),
                (Opened, Withdrawn),
            ],
        ),
        (
            "unfilled",
            |r| r.unfilled("No bid".to_owned(), seen()),
            &[(Closed, Unfilled), (Opened, Unfilled)],
        ),
        (
            "open",
            |r| {
                let by = r.created_by;
                r.opened(by, seen())
            },
            &[(Closed, Opened)],
        ),
        (
            "award",
            |r| r.awarded(seen()),
            &[(Draft, Awarded), (Opened, Awarded), (Unfilled, Awarded)],
        ),
        ("without award", |r| r.without_award(seen()), &[(Awarded, Opened)]),
        ("complete", |r| r.completed(seen()), &[(Awarded, Completed)]),
    ];
    for (name, verb, allowed) in verbs {
        for phase in Phase::ALL {
            let expected = allowed.iter().find(|(from, _)| from == phase).map(|(_, to)| *to);
            let request = in_phase(*phase);
            assert_eq!(request.phase(seen()), *phase);
            let outcome = verb(request);
            assert_eq!(
                outcome.as_ref().ok().map(|r| r.phase(seen())),
                expected,
                "{name} while {phase:?}: {outcome:?}"
            );
        }
    }
}

#[test]
fn bidding_is_closed_at_the_very_instant_of_the_deadline() {
    let request = in_phase(Open);
    let deadline = request.bids_close_at;
    assert_eq!(request.phase(deadline.minus(Duration::microseconds(1))), Open);
    assert_eq!(request.phase(deadline), Closed);
    assert!(request.must_be_open(deadline).is_err());
}

#[test]
fn questions_close_on_their_own() {
    let request = PlacementRequest {
        questions_close_at: seen(),
        ..in_phase(Open)
    };
    assert!(
        request
            .must_take_questions(seen().minus(Duration::microseconds(1)))
            .is_ok()
    );
    assert!(matches!(
        request.must_take_questions(seen()),
        Err(RequestRefused::QuestionsClosed { .. })
    ));
    assert!(matches!(
        in_phase(Draft).must_take_questions(noon()),
        Err(RequestRefused::NotOpen { .. })
    ));
}

#[test]
fn deadlines_are_put_later_only() {
    let request = in_phase(Open);
    let (bids, questions) = (request.bids_close_at, request.questions_close_at);
    let extend = |bids_close_at, questions_close_at| {
        request.clone().extended(
            &NewDeadline {
                bids_close_at,
                questions_close_at,
                reason: "Late".to_owned(),
            },
            seen(),
        )
    };
    let second = Duration::seconds(1);
    assert!(extend(bids, None).is_err());
    assert!(extend(bids.minus(second), None).is_err());
    assert!(extend(bids.plus(second), Some(questions.minus(second))).is_err());
    // Questions that were taken for as long as bids still are; such as closed before close when they did.
    assert_eq!(questions, bids);
    let later = extend(bids.plus(second), None).unwrap();
    assert_eq!(
        (later.bids_close_at, later.questions_close_at),
        (bids.plus(second), bids.plus(second))
    );
    let kept = extend(bids.plus(second), Some(questions)).unwrap();
    assert_eq!(kept.questions_close_at, questions);
    let apart = PlacementRequest {
        questions_close_at: questions.minus(second),
        ..request.clone()
    };
    let deadline = NewDeadline {
        bids_close_at: bids.plus(second),
        questions_close_at: None,
        reason: "Late".to_owned(),
    };
    let apart = apart.extended(&deadline, seen()).unwrap();
    assert_eq!(apart.questions_close_at, questions.minus(second));
    // Questions never go on after bids have closed.
    let both = extend(bids.plus(second), Some(bids.plus(second * 2))).unwrap();
    assert_eq!(both.questions_close_at, both.bids_close_at);
}

#[test]
fn an_award_that_falls_through_leaves_the_request_where_it_was() {
    for phase in [Draft, Opened, Unfilled] {
        let again = in_phase(phase).awarded(seen()).unwrap().without_award(seen()).unwrap();
        assert_eq!(again.phase(seen()), phase);
    }
}

#[test]
fn a_draft_written_anew_keeps_what_it_is_known_by() {
    let (first, _) = draft();
    let first = PlacementRequest {
        answered: Task::first_asked(),
        ..first
    };
    let (again, criteria) = first
        .clone()
        .revised(
            samples::body(),
            first.origin.clone(),
            CodeSet::from([Task::Living]),
            seen(),
        )
        .unwrap();
    let answered: Vec<Task> = again.answered.iter().collect();
    assert_eq!(answered, [Task::Home, Task::Child, Task::Origin, Task::Living]);
    assert_eq!(
        (again.id, &again.reference, again.version, again.created_at),
        (first.id, &first.reference, first.version, first.created_at)
    );
    assert_eq!(criteria.len(), 2);
}

#[test]
fn a_reference_is_the_year_and_six_signs() {
    let references: std::collections::HashSet<_> = (0..1000)
        .map(|_| reference_of(PlacementRequestId::new(noon()), noon()))
        .collect();
    assert!(references.len() > 990, "they hardly ever meet");
    for reference in references {
        assert!(
            reference.starts_with("PR-2026-") && reference.len() == 14,
            "{reference}"
        );
    }
}

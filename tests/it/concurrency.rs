//! Races: two hands on one thing at once, many times. One wins, the other is told, and nothing is lost or done twice.

use std::sync::Barrier;
use std::thread;

use chrono::Duration;
use serde_json::{Value, json};

use crate::support::client::Answer;
use crate::support::program::Program;
use crate::support::region::{Provider, Region, bid_body, id};

/// How often each race is run.
const ROUNDS: usize = 12;

/// Runs them all at once; answers theirs, in order.
fn at_once<'a>(racers: impl IntoIterator<Item = Box<dyn FnOnce() -> Answer + Send + 'a>>) -> Vec<Answer> {
    let racers: Vec<_> = racers.into_iter().collect();
    let start = Barrier::new(racers.len());
    thread::scope(|scope| {
        let running: Vec<_> = racers
            .into_iter()
            .map(|race| {
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    race()
                })
            })
            .collect();
        running
            .into_iter()
            .map(|racer| racer.join().expect("a racer"))
            .collect()
    })
}

/// The statuses in ascending order.
fn statuses(answers: &[Answer]) -> Vec<u16> {
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    statuses
}

/// Exactly one won, and every other was refused with this code.
#[track_caller]
fn one_won(answers: Vec<Answer>, code: &str) -> Value {
    let (won, lost): (Vec<_>, Vec<_>) = answers
        .into_iter()
        .partition(|answer| (200..300).contains(&answer.status));
    assert_eq!(won.len(), 1, "{won:?} {lost:?}");
    for answer in lost {
        answer.refused(409, code);
    }
    won.into_iter().next().expect("the one that won").ok()
}

struct Ground {
    program: Program,
    region: Region,
    acorn: Provider,
    home: String,
}

impl Ground {
    fn new() -> Self {
        let program = Program::start();
        let region = program.region();
        let acorn = region.admitted(&program, "Acorn");
        let home = region.home(&program, &acorn, "Acorn House", json!({}));
        Self {
            program,
            region,
            acorn,
            home,
        }
    }

    fn request(&self) -> Value {
        self.region.published(&self.program, json!({}))
    }
}

#[test]
fn of_two_bids_for_one_home_one_is_made() {
    let g = Ground::new();
    let request = g.request();
    let path = format!("/placement-requests/{}/bids", id(&request));
    for round in 0..ROUNDS {
        let body = bid_body(&g.program, &request, &g.home, &format!("48{round:02}.00"));
        let post = || -> Box<dyn FnOnce() -> Answer + Send> {
            let (client, path, body) = (&g.acorn.admin, &path, body.clone());
            Box::new(move || client.post(path, body))
        };
        let bid = one_won(at_once([post(), post(), post()]), "bid.already_exists");
        g.acorn.admin.act(&format!("/bids/{}/withdraw", id(&bid))).ok();
    }
    assert_eq!(g.program.count("bids"), i64::try_from(ROUNDS).unwrap());
}

#[test]
fn one_key_makes_one_bid_however_many_posts_come_at_once() {
    let g = Ground::new();
    let request = g.request();
    let path = format!("/placement-requests/{}/bids", id(&request));
    for round in 0..ROUNDS {
        let body = bid_body(&g.program, &request, &g.home, "4800.00").to_string();
        let key = format!("key-{round}");
        let post = || -> Box<dyn FnOnce() -> Answer + Send> {
            let (client, path, body, key) = (&g.acorn.admin, &path, body.clone(), key.clone());
            Box::new(move || client.call("POST", path, Some(body.as_bytes()), &[("idempotency-key", &key)]))
        };
        let answers = at_once([post(), post(), post()]);
        assert_eq!(statuses(&answers), [201, 201, 201]);
        assert!(
            answers.iter().all(|answer| answer.bytes == answers[0].bytes),
            "the first answer again"
        );
        g.acorn
            .admin
            .act(&format!("/bids/{}/withdraw", id(&answers[0].json())))
            .ok();
    }
    assert_eq!(g.program.count("bids"), i64::try_from(ROUNDS).unwrap());
}

#[test]
fn a_bid_is_submitted_once_and_has_one_receipt() {
    let g = Ground::new();
    let request = g.request();
    let path = format!("/placement-requests/{}/bids", id(&request));
    for _ in 0..ROUNDS {
        let bid = id(&g
            .acorn
            .admin
            .post(&path, bid_body(&g.program, &request, &g.home, "4800.00"))
            .ok());
        let submit = || -> Box<dyn FnOnce() -> Answer + Send> {
            let (client, path) = (&g.acorn.admin, format!("/bids/{bid}/submit"));
            Box::new(move || client.act(&path))
        };
        let sent = one_won(at_once([submit(), submit()]), "bid.nothing_to_submit");
        let read = g.acorn.admin.get(&format!("/bids/{bid}")).ok();
        assert_eq!(read["receipt"], sent["receipt"]);
        g.acorn.admin.act(&format!("/bids/{bid}/withdraw")).ok();
    }
    let rounds = i64::try_from(ROUNDS).unwrap();
    assert_eq!(g.program.count("audit_events WHERE verb = 'bid.submit'"), rounds);
    assert_eq!(g.program.count("bid_versions WHERE submitted_at IS NOT NULL"), rounds);
}

#[test]
fn submitting_and_withdrawing_at_once_leave_what_they_answered() {
    let g = Ground::new();
    let request = g.request();
    let path = format!("/placement-requests/{}/bids", id(&request));
    for _ in 0..ROUNDS {
        let bid = id(&g
            .acorn
            .admin
            .post(&path, bid_body(&g.program, &request, &g.home, "4800.00"))
            .ok());
        let act = |verb: &str| -> Box<dyn FnOnce() -> Answer + Send> {
            let (client, path) = (&g.acorn.admin, format!("/bids/{bid}/{verb}"));
            Box::new(move || client.act(&path))
        };
        let mut answers = at_once([act("submit"), act("withdraw")]).into_iter();
        let (submitted, withdrawn) = (answers.next().unwrap(), answers.next().unwrap());
        withdrawn.ok();
        if submitted.status != 200 {
            submitted.refused(409, "bid.wrong_state");
        }
        assert_eq!(g.acorn.admin.get(&format!("/bids/{bid}")).ok()["status"], "withdrawn");
    }
}

#[test]
fn a_bid_that_was_answered_submitted_is_opened_and_a_late_one_never_is() {
    let g = Ground::new();
    let homes: Vec<String> = (0..5)
        .map(|n| g.region.home(&g.program, &g.acorn, &format!("House {n}"), json!({})))
        .collect();
    for _ in 0..ROUNDS / 2 {
        let request = g.request();
        let path = format!("/placement-requests/{}", id(&request));
        let made: Vec<String> = homes
            .iter()
            .map(|home| {
                let body = bid_body(&g.program, &request, home, "4800.00");
                id(&g.acorn.admin.post(&format!("{path}/bids"), body).ok())
            })
            .collect();
        // All submit while the deadline passes and the bids are opened.
        let mut racers: Vec<Box<dyn FnOnce() -> Answer + Send>> = made
            .iter()
            .map(|bid| -> Box<dyn FnOnce() -> Answer + Send> {
                let (client, path) = (&g.acorn.admin, format!("/bids/{bid}/submit"));
                Box::new(move || client.act(&path))
            })
            .collect();
        let (clock, commissioner, open) = (&g.program.clock, &g.region.commissioner, format!("{path}/open"));
        racers.push(Box::new(move || {
            clock.advance(Duration::minutes(180));
            commissioner.act(&open)
        }));
        let mut answers = at_once(racers);
        let opened = answers.pop().unwrap().ok();
        let mut shown: Vec<String> = opened["items"].as_array().unwrap().iter().map(id).collect();
        let mut sent: Vec<String> = Vec::new();
        for (bid, answer) in made.into_iter().zip(answers) {
            if answer.status == 200 {
                sent.push(bid);
            } else {
                answer.refused(409, "bid.deadline_passed");
            }
        }
        shown.sort();
        sent.sort();
        assert_eq!(shown, sent);
    }
}

#[test]
fn bids_are_opened_once() {
    let g = Ground::new();
    for _ in 0..ROUNDS {
        let request = g.request();
        g.acorn.submits(&g.program, &request, &g.home, "4800.00");
        g.program.clock.advance(Duration::minutes(180));
        let open = || -> Box<dyn FnOnce() -> Answer + Send> {
            let (client, path) = (
                &g.region.commissioner,
                format!("/placement-requests/{}/open", id(&request)),
            );
            Box::new(move || client.act(&path))
        };
        let opened = one_won(at_once([open(), open(), open()]), "opening.already_opened");
        assert_eq!(opened["items"].as_array().unwrap().len(), 1);
    }
    assert_eq!(
        g.program.count("audit_events WHERE verb = 'bids.open'"),
        i64::try_from(ROUNDS).unwrap()
    );
}

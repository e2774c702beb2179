//! Several who act at the same moment: exactly one succeeds.

use std::sync::Barrier;

use serde_json::{Value, json};

use super::competition::{AT_HOME, Competition, Entry, at, duel, hold};
use crate::support::client::{Answer, Commissioner};
use crate::support::program::Program;
use crate::support::region::{Provider, Region, id};

/// Does all of it at the same moment; the answers in the order of the callers.
fn at_once(calls: Vec<Box<dyn FnOnce() -> Answer + Send + '_>>) -> Vec<Answer> {
    let barrier = Barrier::new(calls.len());
    std::thread::scope(|scope| {
        let started: Vec<_> = calls
            .into_iter()
            .map(|call| {
                let barrier = &barrier;
                scope.spawn(move || {
                    barrier.wait();
                    call()
                })
            })
            .collect();
        started
            .into_iter()
            .map(|call| call.join().expect("a call is answered"))
            .collect()
    })
}

/// Competitions of both authorities for the same home, each with its award proposed and approved.
fn rivals(program: &Program, region: &Region, provider: &Provider, home: &str) -> [(Competition, Value); 2] {
    [&region.commissioner, &region.neighbour].map(|by| {
        let entry = Entry {
            provider,
            home,
            core: "5000.00",
            scores: [4, 4],
        };
        let competition = hold(program, region, by, json!({"max_distance_miles": 90}), &[entry]);
        let award = competition.propose(by, 0, json!({})).ok();
        (competition, award)
    })
}

#[test]
fn of_two_authorities_that_confirm_the_last_place_one_succeeds_and_the_other_loses_nothing() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    let neighbours = id(&region.neighbour.get("/me").ok()["organisation"]);
    let theirs = program.person_of(&region.operator, &neighbours, "director@surrey.example", "approver");
    let mut won = [0, 0];
    for round in 0..12 {
        let home = region.home(&program, &acorn, &format!("House {round}"), json!({}));
        let [(_, ours), (competition, other)] = rivals(&program, &region, &acorn, &home);
        theirs.act(&at(&other, "approve")).ok();
        let callers: [(&Commissioner, &Value); 2] = [(&region.commissioner, &ours), (&region.neighbour, &other)];
        let calls = callers.map(|(by, award)| {
            let path = at(award, "confirm");
            Box::new(move || by.act(&path)) as Box<dyn FnOnce() -> Answer + Send + '_>
        });
        let answers = at_once(calls.into());
        let winner = answers
            .iter()
            .position(|answer| answer.status == 200)
            .expect("one succeeds");
        won[winner] += 1;
        let loser = 1 - winner;
        assert_eq!(
            (answers[loser].status, answers[loser].json()["code"].as_str()),
            (409, Some("award.no_free_place")),
            "{}",
            answers[loser].json()
        );
        // The place is taken once, and the loser stands where it stood.
        let vacancies = acorn.admin.get(&format!("/homes/{home}/vacancies")).ok();
        assert_eq!(vacancies["items"][0]["status"], "filled");
        let (by, award) = callers[loser];
        let left = by.get(&format!("/awards/{}", id(award))).ok();
        assert_eq!(
            (left["status"].as_str(), &left["confirmed_at"]),
            (Some("approved"), &json!(null))
        );
        assert_eq!(by.get(&at(award, "letters")).ok()["items"][0]["sent_at"], json!(null));
        if loser == 1 {
            assert_eq!(competition.status(by), "opened");
        }
        by.post(&at(award, "withdraw"), json!({"reason": "The place is gone."}))
            .ok();
    }
    assert_eq!(won[0] + won[1], 12);
    assert_eq!(program.count("awards WHERE state = 'confirmed'"), 12);
}

#[test]
fn of_many_proposals_at_once_one_is_made() {
    let program = Program::start();
    let region = program.region();
    let duel = duel(&program, &region, AT_HOME, json!({}));
    let calls = (0..6).map(|n| {
        let (competition, by) = (&duel.competition, &region.commissioner);
        Box::new(move || competition.propose(by, n % 2, json!({"reason": "One of them."})))
            as Box<dyn FnOnce() -> Answer + Send + '_>
    });
    let answers = at_once(calls.collect());
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    let refused = answers
        .iter()
        .filter(|answer| answer.json()["code"] == "award.already_exists")
        .count();
    assert_eq!(
        (made, refused),
        (1, 5),
        "{:?}",
        answers.iter().map(Answer::json).collect::<Vec<_>>()
    );
    assert_eq!(program.count("awards"), 1);
}

#[test]
fn awarded_and_ended_at_once_it_is_one_of_both() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    for round in 0..6 {
        let home = region.home(&program, &acorn, &format!("House {round}"), json!({}));
        let by = &region.commissioner;
        let entry = Entry {
            provider: &acorn,
            home: &home,
            core: "5000.00",
            scores: [4, 4],
        };
        let competition = hold(&program, &region, by, json!({}), &[entry]);
        let end = format!("/placement-requests/{}/mark-unfilled", competition.id());
        let answers = at_once(vec![
            Box::new(|| competition.propose(by, 0, json!({}))),
            Box::new(|| by.post(&end, json!({"reason": "She stays with her aunt."}))),
        ]);
        let codes: Vec<_> = answers.iter().map(|answer| answer.json()["code"].clone()).collect();
        match (answers[0].status, answers[1].status) {
            (201, 409) => assert_eq!(codes[1], "request.award_stands"),
            (409, 200) => assert_eq!(codes[0], "award.request_not_ready"),
            other => panic!("{other:?}: {codes:?}"),
        }
        assert_eq!(
            program.count(
                "awards a JOIN placement_requests r ON r.id = a.placement_request_id WHERE r.state = 'unfilled'"
            ),
            0,
            "round {round}"
        );
    }
}

#[test]
fn accepted_and_declined_at_once_it_is_one_of_both() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    for round in 0..6 {
        let home = region.home(&program, &acorn, &format!("House {round}"), json!({}));
        let by = &region.commissioner;
        let entry = Entry {
            provider: &acorn,
            home: &home,
            core: "5000.00",
            scores: [4, 4],
        };
        let competition = hold(&program, &region, by, json!({}), &[entry]);
        let award = competition.propose(by, 0, json!({})).ok();
        by.act(&at(&award, "confirm")).ok();
        let (accept, decline) = (at(&award, "accept"), at(&award, "decline"));
        let admin = &acorn.admin;
        let answers = at_once(vec![
            Box::new(|| admin.act(&accept)),
            Box::new(|| admin.post(&decline, json!({"reason": "Not now."}))),
            Box::new(|| admin.act(&accept)),
        ]);
        let done: Vec<_> = answers
            .iter()
            .filter(|answer| answer.status == 200)
            .map(Answer::json)
            .collect();
        assert_eq!(done.len(), 1, "{done:?}");
        assert!(
            answers
                .iter()
                .filter(|answer| answer.status != 200)
                .all(|answer| answer.json()["code"] == "award.wrong_state")
        );
        let accepted = done[0]["status"] == "accepted";
        let placements = by.get(&format!("/placements?home_id={home}")).ok();
        assert_eq!(
            placements["items"].as_array().map(Vec::len),
            Some(usize::from(accepted))
        );
        assert_eq!(competition.status(by), if accepted { "awarded" } else { "opened" });
    }
}

#[test]
fn two_approvers_at_once_settle_both_kinds() {
    let program = Program::start();
    let mut policy = program.framework_body()["policy"].clone();
    policy["approval_weekly_price"] = json!("5000.00");
    let region = program.region_with(json!({"policy": policy}));
    let acorn = region.admitted(&program, "Acorn");
    let approvers = [
        region.approver(&program).0,
        program.person_of(
            &region.operator,
            &region.authority(),
            "officer@reading.example",
            "approver",
        ),
    ];
    for round in 0..4 {
        let far = json!({"address": {"line1": "1 Example Lane", "town": "Exampleton", "postcode": "GU1 1AA"}});
        let home = region.home(&program, &acorn, &format!("House {round}"), far);
        let by = &region.commissioner;
        let entry = Entry {
            provider: &acorn,
            home: &home,
            core: "5000.01",
            scores: [4, 4],
        };
        let competition = hold(&program, &region, by, json!({}), &[entry]);
        let award = competition.propose(by, 0, json!({})).ok();
        let path = at(&award, "approve");
        let (one, other) = (&approvers[0], &approvers[1]);
        let answers = at_once(vec![
            Box::new(|| one.post(&path, json!({"kind": "price"}))),
            Box::new(|| other.post(&path, json!({"kind": "at_a_distance"}))),
        ]);
        assert!(
            answers.iter().all(|answer| answer.status == 200),
            "{:?}",
            answers.iter().map(Answer::json).collect::<Vec<_>>()
        );
        assert_eq!(by.act(&at(&award, "confirm")).ok()["status"], "confirmed");
    }
}

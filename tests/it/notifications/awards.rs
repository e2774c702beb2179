//! Who is told of an award, step by step.

use chrono::Duration;
use serde_json::json;

use super::{NOTHING, mailed, subjects};
use crate::awards::competition::{AT_HOME, at, duel};
use crate::awards::standstill::policy;
use crate::support::region::Region;
use crate::support::{Program, id};

/// A second commissioner of the authority.
fn colleague(program: &Program, region: &Region) -> String {
    let email = "second@reading.example";
    program.person_of(&region.operator, &region.authority(), email, "commissioner");
    email.to_owned()
}

#[test]
fn an_award_that_falls_through_is_told_to_all_who_knew_of_it_and_not_to_who_ended_it() {
    let program = Program::start();
    let region = program.region_with(policy(&program, 2));
    let second = colleague(&program, &region);
    let duel = duel(&program, &region, AT_HOME, json!({}));
    let reference = duel.competition.reference();
    let winner = duel.birch.bidder(&program, "bidder@birch.example");
    let people = [
        region.commissioner.email(),
        second.as_str(),
        duel.birch.admin.email(),
        winner.email(),
        duel.acorn.admin.email(),
    ];
    let of = |what: &str| vec![format!("{what}: {reference}")];

    let mut award = json!(null);
    let told = mailed(&program, people, || {
        award = duel.competition.propose(&region.commissioner, 1, json!({})).ok();
    });
    let intended = of("Award intended for you");
    assert_eq!(
        told,
        [
            vec![],
            of("Award proposed"),
            intended.clone(),
            intended,
            of("Unsuccessful")
        ]
    );
    let told = mailed(&program, people, || {
        let reason = json!({"reason": "An objection stood."});
        region.commissioner.post(&at(&award, "withdraw"), reason).ok();
    });
    let withdrawn = of("Award withdrawn");
    assert_eq!(
        told,
        [
            vec![],
            withdrawn.clone(),
            withdrawn.clone(),
            withdrawn,
            of("Decision open again")
        ]
    );

    // It leads to a letter that says of itself that it no longer holds.
    let mail = program.mails_to(duel.acorn.admin.email()).pop().unwrap();
    let letters = at(&award, "letters");
    assert!(
        mail.text.contains(&format!("https://hearth.example{letters}")),
        "{}",
        mail.text
    );
    let loser = program.browser_of(&duel.acorn.admin);
    loser.get(&letters).ok().says("This award no longer stands");

    // The same again, confirmed, and declined by the winner.
    let award = duel.competition.propose(&region.commissioner, 1, json!({})).ok();
    program.wait(Duration::days(3));
    region.commissioner.act(&at(&award, "confirm")).ok();
    let told = mailed(&program, people, || {
        winner
            .post(&at(&award, "decline"), json!({"reason": "A place was lost."}))
            .ok();
    });
    let declined = of("Award declined");
    assert_eq!(
        told,
        [
            declined.clone(),
            declined,
            of("You declined the award"),
            vec![],
            of("Decision open again")
        ]
    );
    let loser = program.browser_of(&duel.acorn.admin);
    loser
        .get(&at(&award, "letters"))
        .ok()
        .says("This award no longer stands");
}

#[test]
fn nobody_hears_of_an_open_decision_once_the_request_has_ended() {
    let program = Program::start();
    let region = program.region();
    let duel = duel(&program, &region, AT_HOME, json!({}));
    let by = &region.commissioner;
    let unfilled = format!("/placement-requests/{}/mark-unfilled", duel.competition.id());
    let told = mailed(&program, [duel.acorn.admin.email()], || {
        by.post(&unfilled, json!({"reason": "No bid meets the child's needs."}))
            .ok();
    });
    let ended = format!("Ended without an award: {}", duel.competition.reference());
    assert_eq!(told, [vec![ended]]);
    // Awarded directly after that, every bidder reads how it was decided; when that falls through, nothing is open again.
    let direct = json!({"placement_request_id": duel.competition.id(), "home_id": duel.homes[1],
        "procurement_route": "direct_award_user_choice", "reason": "She chose it: her brother lives there.",
        "price": {"core": "5000.00", "additional_support": "0.00", "education": "0.00", "other": "0.00"}});
    let award = by.post("/direct-awards", direct).ok();
    region.approver(&program).act(&at(&award, "approve")).ok();
    let [loser] = mailed(&program, [duel.acorn.admin.email()], || {
        by.act(&at(&award, "confirm")).ok();
    });
    assert_eq!(loser, [format!("Unsuccessful: {}", duel.competition.reference())]);
    let [loser] = mailed(&program, [duel.acorn.admin.email()], || {
        let reason = json!({"reason": "A child here is unwell."});
        duel.birch.admin.post(&at(&award, "decline"), reason).ok();
    });
    assert_eq!(loser, NOTHING);
}

#[test]
fn who_was_asked_to_approve_is_told_when_it_is_no_longer_needed() {
    let program = Program::start();
    let region = program.region();
    let approver = region.approver(&program);
    let duel = duel(&program, &region, ["RG2 0AA", "GU1 1AA"], json!({}));
    let people = [approver.email(), duel.birch.admin.email(), duel.acorn.admin.email()];
    let reason = json!({"reason": "A closer home has come free."});
    let award = duel.competition.propose(&region.commissioner, 1, json!({})).ok();
    let told = mailed(&program, people, || {
        region.commissioner.post(&at(&award, "withdraw"), reason.clone()).ok();
    });
    let not_needed = format!("Approval not needed any more: {}", duel.competition.reference());
    assert_eq!(told, [vec![not_needed], vec![], vec![]], "no letter was out");

    let award = duel.competition.propose(&region.commissioner, 1, json!({})).ok();
    approver.act(&at(&award, "approve")).ok();
    let [asked, ..] = mailed(&program, people, || {
        region.commissioner.post(&at(&award, "withdraw"), reason).ok();
    });
    assert_eq!(asked, NOTHING, "nothing was waited for");
}

#[test]
fn what_was_due_and_is_not_done_in_time_is_told_once() {
    let program = Program::start();
    let region = program.region();
    let duel = duel(&program, &region, ["RG2 0AA", "GU1 1AA"], json!({}));
    let award = duel.competition.propose(&region.commissioner, 1, json!({})).ok();
    region.approver(&program).act(&at(&award, "approve")).ok();
    region.commissioner.act(&at(&award, "confirm")).ok();
    let days = |days: i64| {
        let [told] = mailed(&program, [region.commissioner.email()], || {
            program.wait(Duration::days(days));
        });
        told
    };
    // The placement is to start in four days: that day is still in time.
    assert_eq!(days(4), NOTHING);
    assert_eq!(days(1), [format!("Overdue: {}", duel.competition.reference())]);
    assert_eq!(days(1), NOTHING);
    program.settle();
    assert_eq!(program.count("events WHERE kind = 'item_overdue'"), 1);
}

#[test]
fn other_terms_are_told_to_the_provider_and_to_the_commissioners_but_who_wrote_them() {
    let program = Program::start();
    let region = program.region();
    let second = colleague(&program, &region);
    let duel = duel(&program, &region, AT_HOME, json!({}));
    let award = duel.competition.propose(&region.commissioner, 1, json!({})).ok();
    region.commissioner.act(&at(&award, "confirm")).ok();
    duel.birch.admin.act(&at(&award, "accept")).ok();
    let placement = id(&region.commissioner.get("/placements").ok()["items"][0]);
    let people = [region.commissioner.email(), second.as_str(), duel.birch.admin.email()];
    let told = mailed(&program, people, || {
        let terms = json!({"effective_on": program.day(30), "reason": "One more night worker.",
            "price": {"core": "5300.00", "additional_support": "0.00", "education": "0.00", "other": "0.00"}});
        region
            .commissioner
            .post(&format!("/placements/{placement}/variations"), terms)
            .ok();
    });
    let varied = vec![format!("Placement varied: {}", duel.competition.reference())];
    assert_eq!(told, [vec![], varied.clone(), varied]);
}

#[test]
fn each_step_from_award_to_placement_is_told_to_whom_it_concerns() {
    let program = Program::start();
    let region = program.region();
    let approver = region.approver(&program);
    // Birch's home lies in Guildford, outside Reading: somebody must approve, and an authority must be told.
    let duel = duel(&program, &region, ["RG2 0AA", "GU1 1AA"], json!({}));
    let reference = duel.competition.reference();
    let people = [
        region.commissioner.email(),
        approver.email(),
        duel.birch.admin.email(),
        duel.acorn.admin.email(),
    ];
    let seen = std::cell::RefCell::new(people.map(|person| program.mails_to(person).len()));
    // The subjects that each of the four was mailed since the last step, the reference left out.
    let news = || {
        let mut seen = seen.borrow_mut();
        let mails = people.map(|person| program.mails_to(person));
        let fresh: Vec<Vec<String>> = mails
            .iter()
            .zip(seen.iter())
            .map(|(mails, seen)| {
                mails[*seen..]
                    .iter()
                    .map(|mail| mail.subject.replace(reference, "REF"))
                    .collect()
            })
            .collect();
        *seen = mails.map(|mails| mails.len());
        fresh
    };
    let told = |words: [&[&str]; 4]| {
        words
            .map(|words| words.iter().map(ToString::to_string).collect::<Vec<_>>())
            .to_vec()
    };

    let award = duel.competition.propose(&region.commissioner, 1, json!({})).ok();
    assert_eq!(news(), told([&[], &["Approval needed: REF"], &[], &[]]));
    approver
        .post(&at(&award, "approve"), json!({"reason": "No closer home fits."}))
        .ok();
    assert_eq!(news(), told([&["Award approved: REF"], &[], &[], &[]]));
    region.commissioner.act(&at(&award, "confirm")).ok();
    assert_eq!(
        news(),
        told([
            &["Something is due: REF"],
            &[],
            &["Awarded to you: REF"],
            &["Unsuccessful: REF"]
        ])
    );
    duel.birch.admin.act(&at(&award, "accept")).ok();
    assert_eq!(
        news(),
        told([&["Award accepted: REF"], &[], &["Placement agreed: REF"], &[]])
    );
    let placement = id(&region.commissioner.get("/placements").ok()["items"][0]);
    let started = json!({"started_on": program.day(0)});
    region
        .commissioner
        .post(&format!("/placements/{placement}/start"), started)
        .ok();
    assert_eq!(news(), told([&[], &[], &["Placement started: REF"], &[]]));
    let ended = json!({"ended_on": program.day(0), "reason": "LAREQ"});
    region
        .commissioner
        .post(&format!("/placements/{placement}/end"), ended)
        .ok();
    assert_eq!(news(), told([&[], &[], &["Placement ended: REF"], &[]]));

    // The loser's mail leads to its letter, which is its own to read.
    let unsuccessful = program.mails_to(duel.acorn.admin.email()).pop().unwrap();
    let letters = format!("https://hearth.example/awards/{}/letters", id(&award));
    assert!(unsuccessful.text.contains(&letters), "{}", unsuccessful.text);
    duel.acorn.admin.get(&at(&award, "letters")).ok();
}

#[test]
fn the_end_of_a_standstill_is_told_to_the_authority_once() {
    let program = Program::start();
    let mut policy = program.framework_body()["policy"].clone();
    policy["standstill_working_days"] = json!(2);
    let region = program.region_with(json!({"policy": policy}));
    let duel = duel(&program, &region, AT_HOME, json!({}));
    let reference = duel.competition.reference();
    duel.competition.propose(&region.commissioner, 1, json!({})).ok();
    let winner = program.mails_to(duel.birch.admin.email()).pop().unwrap();
    assert_eq!(winner.subject, format!("Award intended for you: {reference}"));
    assert!(
        winner.text.contains("Standstill ends: 6 March 2026, 23:59 GMT"),
        "{}",
        winner.text
    );
    let mails = program.mails_during(region.commissioner.email(), || {
        program.wait(Duration::days(2));
        program.wait(Duration::days(1));
        program.wait(Duration::days(1));
    });
    assert_eq!(subjects(&mails), [format!("Standstill ended: {reference}")]);
}

//! Who is told of an award, step by step.

use chrono::Duration;
use serde_json::json;

use super::subjects;
use crate::awards::competition::{AT_HOME, at, duel};
use crate::support::{Program, id};

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
    assert_eq!(
        news(),
        told([&["Award proposed: REF"], &["Approval needed: REF"], &[], &[]])
    );
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
        told([
            &["Award accepted: REF", "Placement agreed: REF"],
            &[],
            &["Placement agreed: REF"],
            &[]
        ])
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

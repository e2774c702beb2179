//! Who is told that a framework, a provider or a home does not stand as before.

use chrono::Duration;
use serde_json::json;

use super::{NOTHING, mailed};
use crate::awards::competition::{AT_HOME, duel};
use crate::support::{Program, id};

const FRAMEWORK: &str = "SE-RES-1";

fn of_framework(what: &str) -> Vec<String> {
    vec![format!("{what}: {FRAMEWORK}")]
}

#[test]
fn a_providers_standing_is_told_to_its_people_and_to_the_authorities_that_rely_on_it() {
    let program = Program::start();
    let region = program.region();
    let duel = duel(&program, &region, AT_HOME, json!({}));
    let bidder = duel.birch.bidder(&program, "bidder@birch.example");
    let admissions = duel.birch.admin.get("/admissions").ok();
    let path = format!("/admissions/{}", id(&admissions["items"][0]));
    let people = [
        duel.birch.admin.email(),
        bidder.email(),
        region.commissioner.email(),
        region.neighbour.email(),
        duel.acorn.admin.email(),
    ];
    let verb = |verb: &str| {
        mailed(&program, people, || {
            region
                .operator
                .post(&format!("{path}/{verb}"), json!({"reason": "An inquiry."}))
                .ok();
        })
    };
    let reinstate = || {
        mailed(&program, people, || {
            region.operator.act(&format!("{path}/reinstate")).ok();
        })
    };
    let none = Vec::<String>::new();

    // Nothing is awarded yet: no authority relies on it.
    let own = of_framework("Admission suspended");
    let told = [own.clone(), own.clone(), none.clone(), none.clone(), none.clone()];
    assert_eq!(verb("suspend"), told);
    let back = of_framework("Admission reinstated");
    assert_eq!(
        reinstate(),
        [back.clone(), back.clone(), none.clone(), none.clone(), none.clone()]
    );

    duel.competition.propose(&region.commissioner, 1, json!({})).ok();
    let theirs = of_framework("Provider suspended");
    assert_eq!(verb("suspend"), [own.clone(), own, theirs, none.clone(), none.clone()]);
    let mail = program.mails_to(region.commissioner.email()).pop().unwrap();
    assert!(
        mail.text.contains("Organisation: Birch Care Ltd") && !mail.text.contains("inquiry"),
        "{}",
        mail.text
    );
    let page = program.browser_of(&region.commissioner).get(&path).ok();
    page.says("An inquiry.");
    let theirs = of_framework("Provider reinstated");
    assert_eq!(reinstate(), [back.clone(), back, theirs, none.clone(), none.clone()]);
    let (own, theirs) = (of_framework("Admission ended"), of_framework("Provider off the lot"));
    assert_eq!(verb("remove"), [own.clone(), own, theirs, none.clone(), none]);
}

#[test]
fn who_leaves_a_lot_tells_the_colleagues_the_cooperative_and_who_relies_on_them() {
    let program = Program::start();
    let region = program.region();
    let duel = duel(&program, &region, AT_HOME, json!({}));
    let bidder = duel.birch.bidder(&program, "bidder@birch.example");
    duel.competition.propose(&region.commissioner, 1, json!({})).ok();
    let admissions = duel.birch.admin.get("/admissions").ok();
    let leave = format!("/admissions/{}/leave", id(&admissions["items"][0]));
    let people = [
        duel.birch.admin.email(),
        bidder.email(),
        region.operator.email(),
        region.commissioner.email(),
    ];
    let told = mailed(&program, people, || drop(duel.birch.admin.act(&leave).ok()));
    let [own, colleague, cooperative, authority] = told;
    assert_eq!(own, NOTHING, "who did it knows");
    assert_eq!(colleague, of_framework("Lot left"));
    assert_eq!(cooperative, of_framework("Provider left"));
    assert_eq!(authority, of_framework("Provider off the lot"));
}

#[test]
fn insurance_that_ended_and_is_renewed_is_told_to_whom_it_kept_from_their_work() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    let bidder = acorn.bidder(&program, "bidder@acorn.example");
    let people = [acorn.admin.email(), bidder.email(), region.operator.email()];
    let insure = |number: &str, days: i64| {
        mailed(&program, people, || {
            let insurance = json!({"policy_number": number, "cover": "5000000.00", "expires_on": program.day(days)});
            acorn
                .admin
                .put(&format!("/providers/{}/insurance", acorn.organisation), insurance)
                .ok();
        })
    };
    let renewed = vec!["Insurance renewed: Acorn Care Ltd".to_owned()];
    assert_eq!(
        insure("P-2", 120),
        [vec![], vec![], renewed.clone()],
        "nobody was kept from anything"
    );
    let ended = vec!["Insurance ended: Acorn Care Ltd".to_owned()];
    let told = mailed(&program, people, || program.wait(Duration::days(121)));
    assert_eq!(told, [ended.clone(), ended.clone(), ended]);
    assert_eq!(insure("P-3", 300), [vec![], renewed.clone(), renewed]);
}

#[test]
fn a_closed_home_is_told_to_colleagues_and_to_the_authority_that_would_place_there() {
    let program = Program::start();
    let region = program.region();
    let duel = duel(&program, &region, AT_HOME, json!({}));
    let bidder = duel.birch.bidder(&program, "bidder@birch.example");
    let people = [
        duel.birch.admin.email(),
        bidder.email(),
        region.commissioner.email(),
        region.neighbour.email(),
    ];
    duel.competition.propose(&region.commissioner, 1, json!({})).ok();
    let inspected = mailed(&program, people, || {
        let report = json!({"event_number": "E-77", "inspected_on": program.day(-1), "grade": "Good"});
        let inspections = format!("/homes/{}/inspections", duel.homes[1]);
        region.operator.post(&inspections, report).ok();
    });
    let of_home = |what: &str| vec![format!("{what}: Birch House")];
    assert_eq!(
        inspected,
        [
            of_home("Inspection recorded"),
            vec![],
            of_home("Home inspected"),
            vec![]
        ]
    );
    let closed = mailed(&program, people, || {
        duel.birch.admin.act(&format!("/homes/{}/close", duel.homes[1])).ok();
    });
    assert_eq!(closed, [vec![], of_home("Home closed"), of_home("Home closed"), vec![]]);
}

#[test]
fn whoever_applies_is_told_what_becomes_of_the_framework() {
    let program = Program::start();
    let region = program.region();
    let acorn = program.provider("Acorn");
    region.application(&program, &acorn);
    let birch = program.provider("Birch");
    let framework = format!("/frameworks/{}", region.framework);
    let people = [acorn.admin.email(), birch.admin.email()];
    let version = json!({"title": "Terms", "text": "New terms.", "effective_on": program.day(7)});
    let none = Vec::<String>::new();
    for (verb, body, what) in [
        ("contract-versions", version, "New contract version"),
        ("suspend", json!({"reason": "A challenge."}), "Framework suspended"),
        ("resume", json!(null), "Framework open again"),
        ("close", json!(null), "Framework closed"),
    ] {
        let told = mailed(&program, people, || {
            let path = format!("{framework}/{verb}");
            let answer = if body.is_null() {
                region.operator.act(&path)
            } else {
                region.operator.post(&path, body)
            };
            answer.ok();
        });
        assert_eq!(told, [of_framework(what), none.clone()], "{verb}");
    }
}

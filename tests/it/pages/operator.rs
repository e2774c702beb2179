//! The home pages of operators and auditors.

use chrono::Duration;
use serde_json::json;

use crate::support::client::Client;
use crate::support::{Program, id};

#[test]
fn an_operator_sees_what_waits_and_an_empty_region() {
    let program = Program::start();
    let region = program.region();
    let home = program.browser_of(&region.operator).get("/").ok();
    home.says("None waits for a decision.")
        .says("No provider is suspended.")
        .says("There is nothing to count yet.");
}

#[test]
fn applications_stand_by_due_date_and_say_when_they_are_late() {
    let program = Program::start();
    let region = program.region();
    let acorn = program.provider("Acorn");
    let application = region.application(&program, &acorn);
    acorn.admin.act(&format!("/applications/{application}/submit")).ok();
    let home = program.browser_of(&region.operator).get("/").ok();
    home.says("1 application waits for a decision.")
        .says("Acorn Care Ltd")
        .says("SE-RES-1");
    assert!(home.links().contains(&format!("/applications/{application}")));
    assert!(!home.text().contains("Overdue"));
    program.wait(Duration::days(30));
    program
        .browser_of(&region.operator)
        .get("/")
        .ok()
        .says("1 overdue")
        .says("Overdue");
    // Another cooperative's operator has nothing to do with it.
    let other = program.operator("North East", "operator@other.example");
    program
        .browser_of(&other)
        .get("/")
        .ok()
        .says("None waits for a decision.");
}

#[test]
fn the_region_is_added_up_and_says_nothing_of_what_bids_say() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    let home = region.home(&program, &acorn, "Acorn House", json!({}));
    let answered = region.published(&program, json!({}));
    region.published(&program, json!({}));
    program.wait(Duration::minutes(90));
    acorn.submits(&program, &answered, &home, "4321.00");
    let page = program.browser_of(&region.operator).get("/").ok();
    page.says("2 open for bids; 1 of them without a bid so far")
        .says("1 free place, confirmed in the last 7 days");
    assert!(page.has("svg rect.bar") && page.has("details table"));
    assert!(!page.has("[style]") && !page.text().contains("4,321"));
    assert!(page.text().contains("Reading"));
    page.says("no bid yet on a request that closed");

    program.wait(Duration::hours(3));
    region
        .commissioner
        .act(&format!("/placement-requests/{}/open", id(&answered)))
        .ok();
    let page = program.browser_of(&region.operator).get("/").ok();
    page.says("1 closed, and waiting")
        .says("1 hour 30 minutes within which half of the requests")
        .says("1 of 2 requests that closed got no bid");
    assert!(!page.text().contains("4,321") && page.html.len() < 60_000);

    // After a week without a confirmation the place counts as stale.
    program.wait(Duration::days(8));
    program
        .browser_of(&region.operator)
        .get("/")
        .ok()
        .says("0 free places, confirmed");
    // Another cooperative counts its own.
    let other = program.operator("North East", "operator@other.example");
    program
        .browser_of(&other)
        .get("/")
        .ok()
        .says("0 open for bids")
        .says("0 free places");
}

#[test]
fn suspensions_are_told_with_their_cause() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    let admissions = region.operator.get("/admissions").ok();
    let admission = id(&admissions["items"][0]);
    region
        .operator
        .post(
            &format!("/admissions/{admission}/suspend"),
            json!({"reason": "Found inadequate."}),
        )
        .ok();
    let home = program.browser_of(&region.operator).get("/").ok();
    home.says("Acorn Care Ltd")
        .says("Suspended by the cooperative: Found inadequate.");
    assert!(home.links().contains(&format!("/providers/{}", acorn.organisation)));
}

#[test]
fn auditors_read_what_was_done_within_their_reach() {
    let program = Program::start();
    let region = program.region();
    region.admitted(&program, "Acorn");
    let authority: Client = region.auditor(&program).0;
    let home = program.browser_of(&authority).get("/").ok();
    home.says("What was done last").says("Signed in");
    assert!(!home.text().contains("The region at a glance") && !home.text().contains("Decided an application"));
    let cooperative = id(&region.operator.get("/me").ok()["organisation"]);
    let auditor = program.person_of(&region.operator, &cooperative, "auditor@coop.example", "auditor");
    let home = program.browser_of(&auditor).get("/").ok();
    home.says("The region at a glance").says("Decided an application");
    assert!(home.forms().iter().all(|form| form == "/sign-out"));
}

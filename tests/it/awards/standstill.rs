//! The time in which the other bidders may object.

use chrono::Duration;
use serde_json::json;

use super::competition::{AT_HOME, at, duel, kinds};
use crate::support::program::Program;
use crate::support::region::id;

/// A policy with so many working days of standstill.
pub fn policy(program: &Program, days: i64) -> serde_json::Value {
    let mut policy = program.framework_body()["policy"].clone();
    policy["standstill_working_days"] = json!(days);
    json!({"policy": policy})
}

#[test]
fn the_bidders_are_told_when_it_begins_and_nothing_is_confirmed_before_it_ends() {
    let program = Program::start();
    let region = program.region_with(policy(&program, 2));
    let duel = duel(&program, &region, AT_HOME, json!({}));
    let by = &region.commissioner;
    // A Wednesday: two working days on is Friday, to its end.
    let award = duel.competition.propose(by, 1, json!({})).ok();
    assert_eq!(award["status"], "standing_still");
    assert_eq!(award["standstill_ends_at"], "2026-03-06T23:59:59Z");
    let listed = |status: &str| {
        by.get(&format!("/awards?status={status}")).ok()["items"]
            .as_array()
            .map(Vec::len)
    };
    assert_eq!((listed("standing_still"), listed("approved")), (Some(1), Some(0)));
    let letters = duel.acorn.admin.get(&at(&award, "letters")).ok();
    assert_eq!(
        letters["items"].as_array().map(Vec::len),
        Some(1),
        "only its own: {letters}"
    );
    let body = letters["items"][0]["body"].as_str().unwrap();
    assert!(body.contains("stands still until 6 March 2026, 23:59 GMT"), "{body}");
    assert_eq!(
        duel.birch.admin.get(&format!("/awards/{}", id(&award))).ok()["status"],
        "standing_still"
    );
    duel.birch
        .admin
        .act(&at(&award, "accept"))
        .refused(409, "award.wrong_state");

    by.act(&at(&award, "confirm")).refused(409, "award.standing_still");
    program.wait(Duration::days(2));
    by.act(&at(&award, "confirm")).refused(409, "award.standing_still");
    program.wait(Duration::days(1));
    assert_eq!(by.get(&format!("/awards/{}", id(&award))).ok()["status"], "approved");
    assert_eq!((listed("standing_still"), listed("approved")), (Some(0), Some(1)));
    assert_eq!(by.act(&at(&award, "confirm")).ok()["status"], "confirmed");
    let sent = by.get(&at(&award, "letters")).ok();
    assert_eq!(
        sent["items"].as_array().map(Vec::len),
        Some(2),
        "kept as sent, once: {sent}"
    );
    assert_eq!(sent["items"][1]["body"], letters["items"][0]["body"]);
}

#[test]
fn it_begins_with_the_last_approval_and_an_objection_may_end_it() {
    let program = Program::start();
    let region = program.region_with(policy(&program, 1));
    let duel = duel(&program, &region, ["RG2 0AA", "GU1 1AA"], json!({}));
    let by = &region.commissioner;
    let award = duel.competition.propose(by, 1, json!({})).ok();
    assert_eq!(
        (award["status"].as_str(), &award["standstill_ends_at"]),
        (Some("approval_pending"), &json!(null))
    );
    program.wait(Duration::days(1));
    let approved = region.approver(&program).act(&at(&award, "approve")).ok();
    assert_eq!(
        (approved["status"].as_str(), approved["standstill_ends_at"].as_str()),
        (Some("standing_still"), Some("2026-03-06T23:59:59Z"))
    );
    by.post(&at(&award, "withdraw"), json!({"reason": "An objection stood."}))
        .ok();

    let next = duel
        .competition
        .propose(by, 0, json!({"reason": "After the objection."}))
        .ok();
    assert_eq!(kinds(&next), ["not_first_rank"]);
}

#[test]
fn a_direct_award_stands_still_for_nobody() {
    let program = Program::start();
    let region = program.region_with(policy(&program, 5));
    let acorn = region.admitted(&program, "Acorn");
    let home = region.home(&program, &acorn, "Near House", json!({}));
    let by = &region.commissioner;
    let request = by.post("/placement-requests", region.request_body(&program)).ok();
    let award = by
        .post(
            "/direct-awards",
            json!({"placement_request_id": request["id"], "home_id": home, "procurement_route": "direct_award_urgency",
                "reason": "Needed tonight.",
                "price": {"core": "5000.00", "additional_support": "0.00", "education": "0.00", "other": "0.00"}}),
        )
        .ok();
    assert_eq!(
        region.approver(&program).act(&at(&award, "approve")).ok()["status"],
        "approved"
    );
    by.act(&at(&award, "confirm")).ok();
}

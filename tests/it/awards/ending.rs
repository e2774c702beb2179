//! A request is not ended as long as an award of it stands.

use chrono::Duration;
use serde_json::json;

use super::competition::{AT_HOME, at, duel};
use super::direct::body;
use super::standstill::policy;
use crate::support::client::Commissioner;
use crate::support::program::Program;
use crate::support::region::id;

/// The ways to end a request.
const ENDS: [&str; 2] = ["withdraw", "mark-unfilled"];

/// Neither way is open, for this reason, and the request stays where it is.
#[track_caller]
fn stands(by: &Commissioner, request: &str, code: &str) {
    let status = || by.get(&format!("/placement-requests/{request}")).ok()["status"].clone();
    let before = status();
    for end in ENDS {
        let path = format!("/placement-requests/{request}/{end}");
        by.post(&path, json!({"reason": "She stays with her aunt."}))
            .refused(409, code);
    }
    assert_eq!(status(), before);
}

#[test]
fn a_request_is_not_ended_before_its_award_is_withdrawn_whatever_the_award_waits_for() {
    let program = Program::start();
    let region = program.region_with(policy(&program, 2));
    let duel = duel(&program, &region, AT_HOME, json!({}));
    let (by, request) = (&region.commissioner, duel.competition.id());
    let status = |award: &serde_json::Value| by.get(&format!("/awards/{}", id(award))).ok()["status"].clone();
    let reason = json!({"reason": "The only home near her school."});
    let award = duel.competition.propose(by, 0, reason.clone()).ok();
    assert_eq!(status(&award), "approval_pending");
    stands(by, &request, "request.award_stands");
    let approver = region.approver(&program);
    approver.act(&at(&award, "approve")).ok();
    assert_eq!(status(&award), "standing_still");
    stands(by, &request, "request.award_stands");
    program.wait(Duration::days(5));
    assert_eq!(status(&award), "approved");
    stands(by, &request, "request.award_stands");
    by.post(&at(&award, "withdraw"), reason.clone()).ok();

    // One that was refused stands against nothing; nor does one that the provider has declined.
    let award = duel.competition.propose(by, 0, reason.clone()).ok();
    approver.post(&at(&award, "refuse"), reason.clone()).ok();
    let award = duel.competition.propose(by, 1, json!({})).ok();
    program.wait(Duration::days(5));
    by.act(&at(&award, "confirm")).ok();
    // Awarded, the request itself refuses: the authority can't take the award back any more.
    stands(by, &request, "request.wrong_phase");
    duel.birch.admin.post(&at(&award, "decline"), reason.clone()).ok();
    let unfilled = format!("/placement-requests/{request}/mark-unfilled");
    assert_eq!(by.post(&unfilled, reason).ok()["status"], "unfilled");
}

#[test]
fn nor_a_draft_before_its_direct_award_is_refused() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    let home = region.home(&program, &acorn, "Near House", json!({}));
    let by = &region.commissioner;
    let request = by.post("/placement-requests", region.request_body(&program)).ok();
    let award = by.post("/direct-awards", body(&request, &home, json!({}))).ok();
    stands(by, &id(&request), "request.award_stands");
    let reason = json!({"reason": "A closer home fits as well."});
    let withdraw = format!("/placement-requests/{}/withdraw", id(&request));
    region
        .neighbour
        .post(&withdraw, reason.clone())
        .refused(404, "not_found");
    region
        .approver(&program)
        .post(&at(&award, "refuse"), reason.clone())
        .ok();
    assert_eq!(by.post(&withdraw, reason).ok()["status"], "withdrawn");
}

//! What waits for an approver.

use serde_json::json;

use crate::awards::competition::{AT_HOME, at, duel};
use crate::support::program::Program;
use crate::support::region::id;

#[test]
fn an_approver_sees_what_waits_why_and_what_was_turned_down() {
    let program = Program::start();
    let region = program.region();
    let approver = program.browser_of(&region.approver(&program));
    let empty = approver.get("/").ok();
    empty.says("No award waits for an approver.").says("Nothing is due.");

    let duel = duel(&program, &region, AT_HOME, json!({}));
    let by = &region.commissioner;
    let award = duel
        .competition
        .propose(by, 0, json!({"reason": "The only home near her school."}))
        .ok();
    let home = approver.get("/").ok();
    home.says(duel.competition.reference())
        .says("the approver, because: the bid is not at the first rank")
        .says("The only home near her school.")
        .says("Near House, Acorn Care Ltd")
        .says("Birch House")
        .says("Turned down")
        .says("95.62");
    let approve = at(&award, "approve");
    assert!(home.links().contains(&approve), "{:?}", home.links());
    let page = approver.get(&approve).ok();
    approver.send(&page, &approve, &[]).ok();
    approver.get("/").ok().says("No award waits for an approver.");
}

#[test]
fn another_authoritys_awards_do_not_wait_here() {
    let program = Program::start();
    let region = program.region();
    let duel = duel(&program, &region, AT_HOME, json!({}));
    let reason = json!({"reason": "The only home near her school."});
    duel.competition.propose(&region.commissioner, 0, reason).ok();
    let surrey = id(&region.neighbour.get("/me").ok()["organisation"]);
    let stranger = program.person_of(&region.operator, &surrey, "director@surrey.example", "approver");
    program
        .browser_of(&stranger)
        .get("/")
        .ok()
        .says("No award waits for an approver.");
}

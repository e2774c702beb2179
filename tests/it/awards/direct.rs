//! Awards without a competition.

use serde_json::{Value, json};

use super::competition::{AT_HOME, at, duel, kinds};
use crate::support::program::Program;
use crate::support::region::{id, with};

pub(super) fn body(request: &Value, home: &str, changes: Value) -> Value {
    with(
        json!({"placement_request_id": request["id"], "home_id": home, "procurement_route": "direct_award_user_choice",
            "reason": "She chose it: her brother lives there.",
            "price": {"core": "5000.00", "additional_support": "0.00", "education": "0.00", "other": "0.00"}}),
        changes,
    )
}

#[test]
fn a_direct_award_has_its_route_its_reason_and_an_approver() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    let home = region.home(&program, &acorn, "Near House", json!({}));
    let by = &region.commissioner;
    let request = by.post("/placement-requests", region.request_body(&program)).ok();

    let mut wrong = by
        .post(
            "/direct-awards",
            body(
                &request,
                &home,
                json!({"procurement_route": "pa2023_open_framework", "reason": " "}),
            ),
        )
        .wrong_fields();
    wrong.sort();
    assert_eq!(wrong[0], ("procurement_route".into(), "award.route_not_direct".into()));
    assert_eq!(wrong[1].0, "reason");
    let dear =
        json!({"price": {"core": "12000.01", "additional_support": "0.00", "education": "0.00", "other": "0.00"}});
    by.post("/direct-awards", body(&request, &home, dear))
        .refused(422, "award.over_ceiling");
    region
        .neighbour
        .post("/direct-awards", body(&request, &home, json!({})))
        .refused(404, "not_found");
    acorn
        .admin
        .post("/direct-awards", body(&request, &home, json!({})))
        .refused(403, "forbidden");

    let award = by.post("/direct-awards", body(&request, &home, json!({}))).ok();
    assert_eq!(
        (kinds(&award), award["status"].as_str()),
        (vec!["direct_award"], Some("approval_pending"))
    );
    assert_eq!(
        (&award["bid_id"], &award["rank"], &award["starts_on"]),
        (&json!(null), &json!(null), &request["starts_on"])
    );
    by.act(&at(&award, "confirm")).refused(409, "award.approval_missing");
    region.approver(&program).act(&at(&award, "approve")).ok();
    by.act(&at(&award, "confirm")).ok();
    let letters = by.get(&at(&award, "letters")).ok();
    assert_eq!(letters["items"].as_array().map(Vec::len), Some(1));
    assert!(
        letters["items"][0]["body"]
            .as_str()
            .is_some_and(|body| body.contains("user choice")),
        "{letters}"
    );
    acorn.admin.act(&at(&award, "accept")).ok();
    let placements = by.get("/placements").ok();
    assert_eq!(placements["items"][0]["weekly_total"], "5000.00");
    let request = by.get(&format!("/placement-requests/{}", id(&request))).ok();
    assert_eq!(request["status"], "awarded");
}

#[test]
fn a_spot_purchase_is_made_off_the_framework() {
    let program = Program::start();
    let region = program.region();
    let stranger = program.provider("Stranger");
    let home = region.home(&program, &stranger, "Far House", json!({}));
    let by = &region.commissioner;
    let request = by.post("/placement-requests", region.request_body(&program)).ok();
    by.post("/direct-awards", body(&request, &home, json!({})))
        .refused(409, "award.not_eligible");
    let spot = json!({"procurement_route": "spot",
        "price": {"core": "13000.00", "additional_support": "0.00", "education": "0.00", "other": "0.00"}});
    let award = by.post("/direct-awards", body(&request, &home, spot)).ok();
    assert_eq!(kinds(&award), ["direct_award", "price"]);
    region.approver(&program).act(&at(&award, "approve")).ok();
    by.act(&at(&award, "confirm")).ok();
    stranger.admin.act(&at(&award, "accept")).ok();
    let placement = by.get("/placements").ok()["items"][0].clone();
    let agreement = by.get(&format!("/placements/{}/agreement", id(&placement))).ok();
    assert!(
        agreement["text"]
            .as_str()
            .is_some_and(|text| text.contains("A spot purchase off the framework")),
        "{agreement}"
    );
}

#[test]
fn what_runs_as_a_competition_is_not_awarded_directly() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    let home = region.home(&program, &acorn, "Near House", json!({}));
    let by = &region.commissioner;
    let request = region.published(&program, json!({}));
    by.post("/direct-awards", body(&request, &home, json!({})))
        .refused(409, "award.request_not_ready");
    program.wait(chrono::Duration::minutes(181));
    by.post("/direct-awards", body(&request, &home, json!({})))
        .refused(409, "award.request_not_ready");
}

#[test]
fn a_declined_direct_award_gives_the_draft_back() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    let home = region.home(&program, &acorn, "Near House", json!({}));
    let by = &region.commissioner;
    let request = by.post("/placement-requests", region.request_body(&program)).ok();
    let award = by.post("/direct-awards", body(&request, &home, json!({}))).ok();
    region.approver(&program).act(&at(&award, "approve")).ok();
    by.act(&at(&award, "confirm")).ok();
    acorn
        .admin
        .post(&at(&award, "decline"), json!({"reason": "Not now."}))
        .ok();
    let request = by.get(&format!("/placement-requests/{}", id(&request))).ok();
    assert_eq!(request["status"], "draft");
    by.act(&format!("/placement-requests/{}/publish", id(&request))).ok();
}

#[test]
fn after_a_competition_the_bidders_read_that_no_bid_was_chosen() {
    let program = Program::start();
    let region = program.region();
    let duel = duel(&program, &region, AT_HOME, json!({}));
    let by = &region.commissioner;
    let cedar = region.admitted(&program, "Cedar");
    let home = region.home(&program, &cedar, "Cedar House", json!({}));
    let award = by
        .post("/direct-awards", body(&duel.competition.request, &home, json!({})))
        .ok();
    region.approver(&program).act(&at(&award, "approve")).ok();
    by.act(&at(&award, "confirm")).ok();
    let letters = by.get(&at(&award, "letters")).ok();
    assert_eq!(letters["items"].as_array().map(Vec::len), Some(3));
    let body = letters["items"][1]["body"].as_str().unwrap();
    assert!(
        body.contains("No bid was chosen; the placement was awarded directly.") && body.contains("Cedar Care Ltd"),
        "{body}"
    );
    let bid = duel
        .acorn
        .admin
        .get(&format!("/bids/{}", duel.competition.bids[0]))
        .ok();
    assert_eq!(bid["status"], "unsuccessful");
}

//! The one act of opening, and marking bids after it.

use serde_json::{Value, json};

use super::{Competition, bid_path, sha256};
use crate::support::region::{bid_body, id};

#[test]
fn opening_shows_the_submitted_bids_once_and_nothing_else() {
    let c = Competition::published();
    let birch = c.region.admitted(&c.program, "Birch");
    let birch_home = c.region.home(&c.program, &birch, "Birch House", json!({}));
    let first = c.submitted("4800.17");
    let second = birch.submits(&c.program, &c.request, &birch_home, "5200.00");
    let drafting = c.region.home(&c.program, &c.acorn, "Drafting House", json!({}));
    let draft = c
        .acorn
        .admin
        .post(&c.path("bids"), bid_body(&c.program, &c.request, &drafting, "1.00"))
        .ok();
    c.region.neighbour.act(&c.path("open")).refused(404, "not_found");
    c.acorn.admin.act(&c.path("open")).refused(403, "forbidden");

    let opened = c.opened();
    let totals: Vec<_> = opened["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|bid| bid["weekly_total"].clone())
        .collect();
    assert_eq!(totals, ["4800.17", "5200.00"]);
    c.region
        .commissioner
        .act(&c.path("open"))
        .refused(409, "opening.already_opened");
    let listed = c.region.commissioner.get(&c.path("bids")).ok();
    assert_eq!(
        (&listed["sealed"], &listed["count"], &listed["items"]),
        (&json!(false), &json!(2), &opened["items"])
    );

    let read = c.region.commissioner.get(&bid_path(&first, "")).ok();
    assert_eq!(
        (read["status"].as_str(), &read["answers"]),
        (Some("opened"), &first["answers"])
    );
    let content = c.region.commissioner.get(&bid_path(&first, "/sealed-content"));
    assert_eq!(sha256(&content.bytes), first["receipt"]["sha256"].as_str().unwrap());
    assert_eq!(
        c.acorn.admin.get(&bid_path(&first, "/sealed-content")).bytes,
        content.bytes,
        "the same for both"
    );
    c.region
        .commissioner
        .get(&bid_path(&draft, ""))
        .refused(404, "not_found");
    c.acorn.admin.get(&bid_path(&second, "")).refused(404, "not_found");
    c.region.neighbour.get(&bid_path(&first, "")).refused(404, "not_found");
    c.region.operator.get(&bid_path(&first, "")).refused(403, "forbidden");
    assert_eq!(
        c.acorn.admin.get(&bid_path(&draft, "")).ok()["status"],
        "draft",
        "a draft is never opened"
    );
}

#[test]
fn a_competition_without_bids_can_be_opened() {
    let c = Competition::published();
    assert_eq!(c.opened()["items"], json!([]));
    let ranking = c.region.commissioner.get(&c.path("ranking")).ok();
    assert_eq!(ranking["items"], json!([]));
}

#[test]
fn who_lost_its_standing_is_opened_as_not_compliant_and_a_person_may_see_it_otherwise() {
    let c = Competition::published();
    let sent = c.submitted("4800.00");
    let admission = id(&c.region.operator.get("/admissions").ok()["items"][0]);
    let order = json!({"reason": "Safeguarding concern."});
    c.region
        .operator
        .post(&format!("/admissions/{admission}/suspend"), order)
        .ok();
    let opened = c.opened();
    assert_eq!(opened["items"][0]["status"], "non_compliant");
    assert!(
        opened["items"][0]["non_compliance_reason"]
            .as_str()
            .unwrap()
            .contains("not admitted")
    );

    let marked = c.region.commissioner.act(&bid_path(&sent, "/mark-compliant")).ok();
    assert_eq!(
        (marked["status"].as_str(), &marked["non_compliance_reason"]),
        (Some("compliant"), &Value::Null)
    );
    let reason = json!({"reason": "The answer on education is to another request."});
    let marked = c
        .region
        .commissioner
        .post(&bid_path(&sent, "/mark-non-compliant"), reason.clone())
        .ok();
    assert_eq!(
        (marked["status"].as_str(), &marked["non_compliance_reason"]),
        (Some("non_compliant"), &reason["reason"])
    );
    let wrong = c
        .region
        .commissioner
        .post(&bid_path(&sent, "/mark-non-compliant"), json!({"reason": " "}));
    assert_eq!(wrong.wrong_fields()[0].0, "reason");
    c.region
        .neighbour
        .act(&bid_path(&sent, "/mark-compliant"))
        .refused(404, "not_found");
    let stale = c.region.commissioner.call(
        "POST",
        &bid_path(&sent, "/mark-compliant"),
        None,
        &[("if-match", "\"1\"")],
    );
    stale.refused(412, "stale");
}

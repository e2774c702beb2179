//! Declines in place of a bid.

use serde_json::{Value, json};

use super::Competition;

#[test]
fn a_provider_declines_with_a_coded_reason_and_may_bid_after_all() {
    let c = Competition::published();
    let decline = |body: Value| c.acorn.admin.post(&c.path("decline"), body);
    let far = c.region.home(&c.program, &c.acorn, "Far House", json!({}));
    let declined = decline(json!({"home_id": far, "reason": "location", "note": "Too far from the school."})).ok();
    assert_eq!(
        (declined["reason"].as_str(), declined["home"]["name"].as_str()),
        (Some("location"), Some("Far House"))
    );
    decline(json!({"home_id": far, "reason": "price"})).refused(409, "decline.already_declined");
    assert_eq!(
        decline(json!({"home_id": far, "reason": "mood"})).wrong_fields()[0].0,
        "reason"
    );
    c.drafted("4800.00");
    decline(json!({"home_id": c.home, "reason": "price"})).refused(409, "decline.bid_exists");

    let listed = c.region.commissioner.get(&c.path("declines")).ok();
    assert_eq!(listed["items"], json!([declined]));
    c.region.neighbour.get(&c.path("declines")).refused(404, "not_found");
    c.acorn.admin.get(&c.path("declines")).refused(403, "forbidden");

    c.acorn.submits(&c.program, &c.request, &far, "4000.00");
    assert_eq!(
        c.region.commissioner.get(&c.path("declines")).ok(),
        listed,
        "a decline that went would say who has bid"
    );
    c.opened();
    assert_eq!(
        c.region.commissioner.get(&c.path("declines")).ok()["items"],
        json!([]),
        "a bid takes a decline back"
    );
}

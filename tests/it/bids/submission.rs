//! Submission: receipts, revisions, and every reason why a bid is not taken.

use chrono::Duration;
use serde_json::{Value, json};

use super::{Competition, bid_path, sha256, terms};
use crate::support::region::{bid_body, id, with};

#[test]
fn a_bid_is_drafted_submitted_and_its_receipt_verifies() {
    let c = Competition::published();
    let made = c.acorn.admin.post(&c.path("bids"), c.body("4800.17"));
    let (location, etag) = (made.header("location").to_string(), made.header("etag").to_string());
    let draft = made.ok();
    assert_eq!(location, format!("/api/v1/bids/{}", id(&draft)));
    assert_eq!((draft["status"].as_str(), etag.as_str()), (Some("draft"), "\"1\""));
    assert_eq!(
        (&draft["receipt"], &draft["has_unsent_version"]),
        (&Value::Null, &json!(true))
    );
    c.acorn
        .admin
        .get(&bid_path(&draft, "/receipt"))
        .refused(404, "not_found");
    c.acorn
        .admin
        .get(&bid_path(&draft, "/sealed-content"))
        .refused(404, "not_found");

    let sent = c.acorn.admin.act(&bid_path(&draft, "/submit")).ok();
    assert_eq!(
        (sent["status"].as_str(), &sent["has_unsent_version"]),
        (Some("submitted"), &json!(false))
    );
    assert_eq!(sent["weekly_total"], "4800.17");
    let receipt = &sent["receipt"];
    assert_eq!(receipt["submitted_at"], c.program.now().to_string());
    assert_eq!(receipt["version"], 1);
    assert_eq!(c.acorn.admin.get(&bid_path(&draft, "")).ok(), sent);

    let content = c.acorn.admin.get(&bid_path(&draft, "/sealed-content"));
    assert_eq!(
        (content.status, sha256(&content.bytes).as_str()),
        (200, receipt["sha256"].as_str().unwrap())
    );
    let content = content.json();
    assert_eq!(content["request_reference"], c.request["reference"]);
    assert_eq!(content["price"]["core"], "4800.17");
    let downloaded = c.acorn.admin.get(&bid_path(&draft, "/receipt")).ok();
    assert_eq!(downloaded["sha256"], receipt["sha256"]);

    let mails = c.program.mails_to(c.acorn.admin.email());
    let mailed = mails
        .iter()
        .find(|mail| mail.text.contains(receipt["sha256"].as_str().unwrap()));
    assert!(mailed.is_some(), "the receipt is mailed");
    assert!(!mailed.unwrap().text.contains("4800.17"), "without the price");
}

#[test]
fn a_submission_without_every_answer_names_what_is_missing() {
    let c = Competition::published();
    let bare = with(c.body("4800.00"), json!({"answers": [], "matching_statement": " "}));
    let draft = c.acorn.admin.post(&c.path("bids"), bare).ok();
    let problem = c
        .acorn
        .admin
        .act(&bid_path(&draft, "/submit"))
        .refused(422, "bid.answers_missing");
    let fields: Vec<_> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["field"].clone())
        .collect();
    assert_eq!(fields, ["answers[0].text", "answers[1].text", "matching_statement"]);
    c.acorn.admin.put(&bid_path(&draft, ""), terms(c.body("4800.00"))).ok();
    c.acorn.admin.act(&bid_path(&draft, "/submit")).ok();
}

#[test]
fn a_price_over_the_ceiling_is_refused_where_the_framework_blocks() {
    let c = Competition::published();
    let bid = c.drafted("12000.01");
    let problem = c
        .acorn
        .admin
        .act(&format!("/bids/{bid}/submit"))
        .refused(422, "bid.over_ceiling");
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("The weekly total: £12,000.01"),
        "{problem}"
    );
    c.acorn
        .admin
        .put(&format!("/bids/{bid}"), terms(c.body("12000.00")))
        .ok();
    c.acorn.admin.act(&format!("/bids/{bid}/submit")).ok();
}

#[test]
fn a_price_over_the_ceiling_is_noted_where_the_framework_warns() {
    let c = Competition::under(json!({"price_ceiling_rule": "warn"}));
    let sent = c.submitted("12000.01");
    assert_eq!(sent["remarks"][0]["code"], "over_ceiling.total");
    let opened = c.opened();
    assert_eq!(
        opened["items"][0]["remarks"], sent["remarks"],
        "and the authority reads it"
    );
}

#[test]
fn a_provider_without_standing_can_not_submit() {
    let c = Competition::published();
    let bid = c.drafted("4800.00");
    let submit = || c.acorn.admin.act(&format!("/bids/{bid}/submit"));
    let admissions = c.region.operator.get("/admissions").ok();
    let admission = id(&admissions["items"][0]);
    let order = json!({"reason": "Safeguarding concern."});
    c.region
        .operator
        .post(&format!("/admissions/{admission}/suspend"), order)
        .ok();
    submit().refused(409, "bid.not_admitted");
    c.region
        .operator
        .act(&format!("/admissions/{admission}/reinstate"))
        .ok();
    let version = json!({"title": "Regional contract", "text": "# New terms", "effective_on": c.program.day(0)});
    c.region
        .operator
        .post(
            &format!("/frameworks/{}/contract-versions", c.region.framework),
            version,
        )
        .ok();
    submit().refused(409, "bid.contract_not_accepted");
}

#[test]
fn a_home_that_may_not_bid_can_not_submit() {
    let c = Competition::published();
    let bid_for = |home: &str| {
        let body = bid_body(&c.program, &c.request, home, "4800.00");
        let bid = c.acorn.admin.post(&c.path("bids"), body).ok();
        c.acorn.admin.act(&bid_path(&bid, "/submit"))
    };
    let young = c
        .region
        .home(&c.program, &c.acorn, "Young House", json!({"age_min": 5, "age_max": 9}));
    let problem = bid_for(&young).refused(409, "bid.home_does_not_fit");
    assert!(
        problem["detail"].as_str().unwrap().contains("14"),
        "it says why: {problem}"
    );
    let full = c.region.bare_home(&c.program, &c.acorn, "Full House", json!({}));
    bid_for(&full).refused(409, "bid.no_free_place");
    let poor = c.region.home(&c.program, &c.acorn, "Poor House", json!({}));
    let inspection = json!({"event_number": "E1", "inspected_on": c.program.day(-1), "grade": "Inadequate"});
    c.region
        .operator
        .post(&format!("/homes/{poor}/inspections"), inspection)
        .ok();
    bid_for(&poor).refused(409, "bid.over_gateway");
}

#[test]
fn a_home_that_does_not_fit_may_bid_where_everybody_is_invited_and_says_so() {
    let c = Competition::under(json!({"invite_rule": "all_admitted"}));
    let young = c
        .region
        .home(&c.program, &c.acorn, "Young House", json!({"age_min": 5, "age_max": 9}));
    let sent = c.acorn.submits(&c.program, &c.request, &young, "4000.00");
    assert_eq!(sent["remarks"][0]["code"], "age.outside_range");
    assert_eq!(c.opened()["items"][0]["remarks"], sent["remarks"]);
}

#[test]
fn a_changed_bid_counts_as_it_was_submitted_until_it_is_submitted_again() {
    let c = Competition::published();
    let sent = c.submitted("4800.00");
    let change = |core: &str| c.acorn.admin.put(&bid_path(&sent, ""), terms(c.body(core))).ok();
    change("4700.00");
    let changed = change("4600.00");
    assert_eq!(
        (changed["status"].as_str(), changed["price"]["core"].as_str()),
        (Some("submitted"), Some("4600.00"))
    );
    assert_eq!(
        (&changed["receipt"], &changed["has_unsent_version"]),
        (&sent["receipt"], &json!(true))
    );
    let content = c.acorn.admin.get(&bid_path(&sent, "/sealed-content"));
    assert_eq!(
        sha256(&content.bytes),
        sent["receipt"]["sha256"].as_str().unwrap(),
        "the receipt still verifies"
    );

    let resent = c.acorn.admin.act(&bid_path(&sent, "/submit")).ok();
    assert_eq!(resent["receipt"]["version"], 2);
    assert_ne!(resent["receipt"]["sha256"], sent["receipt"]["sha256"]);
    let mails = c.program.mails_to(c.acorn.admin.email());
    for receipt in [&sent["receipt"], &resent["receipt"]] {
        let sha256 = receipt["sha256"].as_str().unwrap();
        assert_eq!(
            mails.iter().filter(|mail| mail.text.contains(sha256)).count(),
            1,
            "a mail for each receipt"
        );
    }
    c.acorn
        .admin
        .act(&bid_path(&sent, "/submit"))
        .refused(409, "bid.nothing_to_submit");

    change("1.00");
    let opened = c.opened();
    assert_eq!(
        opened["items"][0]["weekly_total"], "4600.00",
        "what was not submitted is not opened"
    );
    let own = c.acorn.admin.get(&bid_path(&sent, "")).ok();
    assert_eq!(
        (own["weekly_total"].as_str(), &own["has_unsent_version"]),
        (Some("4600.00"), &json!(false))
    );
}

#[test]
fn the_deadline_is_the_server_s_to_the_microsecond() {
    let c = Competition::published();
    let bid = c.drafted("4800.00");
    let other = c.region.home(&c.program, &c.acorn, "Other House", json!({}));
    let late = bid_body(&c.program, &c.request, &other, "4800.00");
    c.program.wait(Duration::minutes(180) - Duration::microseconds(1));
    c.region
        .commissioner
        .act(&c.path("open"))
        .refused(409, "opening.too_early");
    c.acorn.admin.act(&format!("/bids/{bid}/submit")).ok();
    c.program.wait(Duration::microseconds(1));
    c.acorn
        .admin
        .act(&format!("/bids/{bid}/withdraw"))
        .refused(409, "bid.deadline_passed");
    c.acorn
        .admin
        .put(&format!("/bids/{bid}"), terms(c.body("1.00")))
        .refused(409, "bid.deadline_passed");
    c.acorn
        .admin
        .act(&format!("/bids/{bid}/submit"))
        .refused(409, "bid.deadline_passed");
    c.acorn
        .admin
        .post(&c.path("bids"), late)
        .refused(409, "bid.deadline_passed");
    let decline = json!({"home_id": other, "reason": "staffing"});
    c.acorn
        .admin
        .post(&c.path("decline"), decline)
        .refused(409, "bid.deadline_passed");
}

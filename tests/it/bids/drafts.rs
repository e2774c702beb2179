//! Drafts: writing, changing and withdrawing bids before they count.

use serde_json::{Value, json};

use super::{Competition, terms};
use crate::support::region::{bid_body, id, with};

#[test]
fn a_body_that_is_not_right_is_refused_with_every_field_named() {
    let c = Competition::published();
    let bids = c.path("bids");
    let post = |body: Value| c.acorn.admin.post(&bids, body);
    let numbers = json!({"price": {"core": 4800, "additional_support": "0.00", "education": "0.0"}, "bribe": "1.00"});
    let wrong = post(with(c.body("4800.00"), numbers)).wrong_fields();
    let fields: Vec<&str> = wrong.iter().map(|(field, _)| field.as_str()).collect();
    for field in ["price.core", "price.education", "price.other", "bribe"] {
        assert!(fields.contains(&field), "{field} in {fields:?}");
    }
    let mut twice = c.body("4800.00");
    let first = twice["answers"][0].clone();
    let stranger = json!({"criterion_id": id(&c.request), "text": "x"});
    twice["answers"].as_array_mut().unwrap().extend([first, stranger]);
    let wrong = post(twice).wrong_fields();
    assert_eq!(
        wrong,
        [
            ("answers[2].criterion_id".to_string(), "duplicate".to_string()),
            ("answers[3].criterion_id".to_string(), "unknown_criterion".to_string())
        ]
    );
    let most = json!({"core": "9999999999.99", "additional_support": "0.01", "education": "0.00", "other": "0.00"});
    let wrong = post(with(c.body("1.00"), json!({"price": most}))).wrong_fields();
    assert_eq!(wrong, [("price".to_string(), "too_large".to_string())]);
    let birch = c.region.admitted(&c.program, "Birch");
    let theirs = c.region.home(&c.program, &birch, "Birch House", json!({}));
    let wrong = post(with(c.body("4800.00"), json!({"home_id": theirs}))).wrong_fields();
    assert_eq!(wrong, [("home_id".to_string(), "unknown_home".to_string())]);
    assert_eq!(c.program.count("bids"), 0);
}

#[test]
fn who_may_not_know_of_a_request_can_not_bid_on_it() {
    let c = Competition::published();
    let cedar = c.program.provider("Cedar");
    let home = c.region.bare_home(&c.program, &cedar, "Cedar House", json!({}));
    let body = bid_body(&c.program, &c.request, &home, "4800.00");
    cedar
        .admin
        .post(&c.path("bids"), body.clone())
        .refused(404, "not_found");
    cedar
        .admin
        .post(&c.path("decline"), json!({"home_id": home, "reason": "location"}))
        .refused(404, "not_found");
    let draft = c
        .region
        .commissioner
        .post("/placement-requests", c.region.request_body(&c.program))
        .ok();
    let path = format!("/placement-requests/{}/bids", id(&draft));
    c.acorn
        .admin
        .post(&path, with(body, json!({"home_id": c.home})))
        .refused(404, "not_found");
    c.region
        .commissioner
        .post(&c.path("bids"), c.body("4800.00"))
        .refused(403, "forbidden");
}

#[test]
fn one_live_bid_a_home_and_request() {
    let c = Competition::published();
    let first = c.drafted("4800.00");
    c.acorn
        .admin
        .post(&c.path("bids"), c.body("4700.00"))
        .refused(409, "bid.already_exists");
    c.acorn.admin.act(&format!("/bids/{first}/withdraw")).ok();
    let again = c.submitted("4700.00");
    assert_ne!(id(&again), first);
    c.acorn
        .admin
        .act(&format!("/bids/{first}/submit"))
        .refused(409, "bid.wrong_state");
    let listed = c.acorn.admin.get("/bids").ok();
    let states: Vec<_> = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|bid| bid["status"].clone())
        .collect();
    assert_eq!(states, ["submitted", "withdrawn"], "the newest first");
}

#[test]
fn a_provider_lists_its_own_bids_page_by_page() {
    let c = Competition::published();
    let mut made = vec![c.drafted("4800.00")];
    for n in 0..4 {
        let home = c.region.home(&c.program, &c.acorn, &format!("House {n}"), json!({}));
        let body = bid_body(&c.program, &c.request, &home, "5000.00");
        made.push(id(&c.acorn.admin.post(&c.path("bids"), body).ok()));
    }
    made.reverse();
    let (mut seen, mut next) = (Vec::new(), String::new());
    loop {
        let part = c.acorn.admin.get(&format!("/bids?limit=2&after={next}")).ok();
        seen.extend(part["items"].as_array().unwrap().iter().map(id));
        match part["next"].as_str() {
            Some(cursor) => next = cursor.to_string(),
            None => break,
        }
    }
    assert_eq!(seen, made);
    let filtered = c
        .acorn
        .admin
        .get(&format!("/bids?status=draft&placement_request_id={}", id(&c.request)))
        .ok();
    assert_eq!(filtered["items"].as_array().unwrap().len(), 5);
    assert_eq!(c.acorn.admin.get("/bids?status=submitted").ok()["items"], json!([]));
    assert!(!filtered.to_string().contains("4800.00"), "a list has no contents");
    assert_eq!(
        c.acorn.admin.get("/bids?state=draft").wrong_fields()[0].1,
        "unknown_field"
    );
    let birch = c.region.admitted(&c.program, "Birch");
    assert_eq!(birch.admin.get("/bids").ok()["items"], json!([]));
}

#[test]
fn a_change_meant_for_another_version_is_refused() {
    let c = Competition::published();
    let bid = c.drafted("4800.00");
    let path = format!("/bids/{bid}");
    let body = terms(c.body("4700.00")).to_string();
    let put = |etag: &str| {
        c.acorn
            .admin
            .call("PUT", &path, Some(body.as_bytes()), &[("if-match", etag)])
    };
    put("\"1\"").ok();
    put("\"1\"").refused(412, "stale");
    put("\"2\"").ok();
    put("*").ok();
    put("none").refused(400, "malformed");
}

#[test]
fn the_same_key_makes_one_bid() {
    let c = Competition::published();
    let body = c.body("4800.00").to_string();
    let post = |body: &str| {
        c.acorn.admin.call(
            "POST",
            &c.path("bids"),
            Some(body.as_bytes()),
            &[("idempotency-key", "k1")],
        )
    };
    let first = post(&body).ok();
    assert_eq!(post(&body).ok(), first);
    post(&body.replace("4800.00", "4700.00")).refused(422, "idempotency.key_reused");
    assert_eq!(c.program.count("bids"), 1);
}

//! Awards, as authorities and providers meet them.

pub mod competition;
mod direct;
mod ending;
mod letters;
mod mails;
mod race;
pub mod standstill;

use chrono::Duration;
use competition::{AT_HOME, Entry, at, duel, hold, kinds, score};
use serde_json::json;

use crate::support::client::Approver;
use crate::support::program::Program;
use crate::support::region::id;

#[test]
fn the_first_rank_in_the_own_area_goes_straight_through() {
    let program = Program::start();
    let region = program.region();
    let duel = duel(&program, &region, AT_HOME, json!({}));
    let by = &region.commissioner;

    let award = duel.competition.propose(by, 1, json!({})).ok();
    assert_eq!(
        (award["status"].as_str(), award["rank"].as_i64()),
        (Some("approved"), Some(1)),
        "{award}"
    );
    assert_eq!(
        (award["area"].as_str(), award["weekly_total"].as_str()),
        (Some("in_area"), Some("5200.00")),
        "{award}"
    );
    assert_eq!(kinds(&award), [""; 0]);
    assert!(
        award["distance_miles"].as_f64().unwrap() < 5.0 && award["over_20_miles"] == false,
        "{award}"
    );
    duel.competition
        .propose(by, 0, json!({"reason": "Both?"}))
        .refused(409, "award.already_exists");

    // Until it is confirmed, it is the authority's secret.
    let path = format!("/awards/{}", id(&award));
    duel.birch.admin.get(&path).refused(404, "not_found");
    duel.birch.admin.get(&at(&award, "letters")).refused(404, "not_found");
    duel.birch.admin.act(&at(&award, "accept")).refused(404, "not_found");
    region.neighbour.get(&path).refused(404, "not_found");
    region.neighbour.act(&at(&award, "confirm")).refused(404, "not_found");
    region.operator.get(&path).refused(403, "forbidden");
    assert_eq!(duel.birch.admin.get("/awards").ok()["items"], json!([]));

    let confirmed = by.act(&at(&award, "confirm")).ok();
    assert_eq!(confirmed["status"], "confirmed");
    assert_eq!(duel.competition.status(by), "awarded");
    by.act(&at(&award, "confirm")).refused(409, "award.wrong_state");

    // The bids know their fate, the place is taken, the winner may answer and nobody else.
    let state = |provider: &crate::support::region::Provider, bid: usize| {
        provider
            .admin
            .get(&format!("/bids/{}", duel.competition.bids[bid]))
            .ok()["status"]
            .clone()
    };
    assert_eq!(
        (state(&duel.acorn, 0), state(&duel.birch, 1)),
        (json!("unsuccessful"), json!("successful"))
    );
    let vacancies = duel
        .birch
        .admin
        .get(&format!("/homes/{}/vacancies", duel.homes[1]))
        .ok();
    assert_eq!(vacancies["items"][0]["status"], "filled", "{vacancies}");
    duel.acorn.admin.act(&at(&award, "accept")).refused(404, "not_found");
    let seen = duel.birch.admin.get(&path).ok();
    assert_eq!(
        (seen["status"].as_str(), &seen["approvals_needed"]),
        (Some("confirmed"), &json!([]))
    );
    assert_eq!((&seen["distance_miles"], &seen["reason"]), (&json!(null), &json!(null)));
    assert_eq!(duel.birch.admin.get("/awards").ok()["items"][0]["id"], award["id"]);
    assert_eq!(duel.birch.admin.act(&at(&award, "accept")).ok()["status"], "accepted");
    duel.birch
        .admin
        .act(&at(&award, "accept"))
        .refused(409, "award.wrong_state");
    by.post(&at(&award, "withdraw"), json!({"reason": "Too late."}))
        .refused(409, "award.wrong_state");
}

#[test]
fn not_the_first_rank_takes_a_reason_and_an_approver() {
    let program = Program::start();
    let region = program.region();
    let duel = duel(&program, &region, AT_HOME, json!({}));
    let by = &region.commissioner;
    let problem = duel
        .competition
        .propose(by, 0, json!({}))
        .refused(422, "award.reason_required");
    assert!(
        problem["detail"]
            .as_str()
            .is_some_and(|detail| detail.contains("not alone at the first rank")),
        "{problem}"
    );
    let award = duel
        .competition
        .propose(by, 0, json!({"reason": "The only home near her school."}))
        .ok();
    assert_eq!(
        (award["status"].as_str(), kinds(&award)),
        (Some("approval_pending"), vec!["not_first_rank"])
    );
    by.act(&at(&award, "confirm")).refused(409, "award.approval_missing");
    by.post(&at(&award, "approve"), json!({"reason": "Myself."}))
        .refused(403, "forbidden");

    let approver = region.approver(&program);
    let approved = approver
        .post(&at(&award, "approve"), json!({"reason": "Her needs come first."}))
        .ok();
    assert_eq!(
        (
            approved["status"].as_str(),
            approved["approvals_needed"][0]["status"].as_str()
        ),
        (Some("approved"), Some("approved"))
    );
    approver.act(&at(&award, "approve")).refused(409, "award.wrong_state");
    approver.act(&at(&award, "confirm")).refused(403, "forbidden");
    by.act(&at(&award, "confirm")).ok();
}

#[test]
fn an_award_stands_on_the_sheet_that_it_was_chosen_from() {
    let program = Program::start();
    let region = program.region();
    let duel = duel(&program, &region, AT_HOME, json!({}));
    let (by, approver) = (&region.commissioner, region.approver(&program));
    let again = |scores| score(by, &duel.competition.request, &duel.competition.bids[1], scores);

    // The first takes no approver: it must not be made the first for as long as it takes to propose it.
    let award = duel.competition.propose(by, 1, json!({})).ok();
    again([0, 0]);
    by.act(&at(&award, "confirm")).refused(409, "award.sheet_changed");
    assert_eq!(duel.competition.status(by), "opened");
    by.post(&at(&award, "withdraw"), json!({"reason": "The scores were wrong."}))
        .ok();

    // Nor is a sheet approved that is another by now.
    again([5, 4]);
    let award = duel
        .competition
        .propose(by, 0, json!({"reason": "The only home near her school."}))
        .ok();
    again([0, 0]);
    approver.act(&at(&award, "approve")).refused(409, "award.sheet_changed");
    again([5, 4]);
    approver.act(&at(&award, "approve")).ok();
    let mark = format!("/bids/{}/mark-non-compliant", duel.competition.bids[0]);
    by.post(&mark, json!({"reason": "It answers another request."})).ok();
    by.act(&at(&award, "confirm")).refused(409, "award.sheet_changed");
}

#[test]
fn a_tie_is_broken_in_words() {
    let program = Program::start();
    let region = program.region();
    let (acorn, birch) = (region.admitted(&program, "Acorn"), region.admitted(&program, "Birch"));
    let homes = [
        region.home(&program, &acorn, "Near House", json!({})),
        region.home(&program, &birch, "Birch House", json!({})),
    ];
    let entries = [
        Entry {
            provider: &acorn,
            home: &homes[0],
            core: "5000.00",
            scores: [4, 4],
        },
        Entry {
            provider: &birch,
            home: &homes[1],
            core: "5000.00",
            scores: [4, 4],
        },
    ];
    let by = &region.commissioner;
    let competition = hold(&program, &region, by, json!({}), &entries);
    competition
        .propose(by, 1, json!({}))
        .refused(422, "award.reason_required");
    competition
        .propose(by, 1, json!({"reason": "Ring 07700 900123."}))
        .refused(422, "request.text_names_child");
    let award = competition
        .propose(by, 1, json!({"reason": "It can take her two days earlier."}))
        .ok();
    assert_eq!(
        (award["tied"].as_bool(), kinds(&award), award["status"].as_str()),
        (Some(true), vec![], Some("approved"))
    );
    by.act(&at(&award, "confirm")).ok();
    let letters = by.get(&at(&award, "letters")).ok();
    let body = letters["items"][1]["body"].as_str().expect("a letter");
    assert!(
        body.contains("The tie was broken so: It can take her two days earlier."),
        "{body}"
    );
}

#[test]
fn where_the_home_lies_says_who_approves() {
    for (postcode, kind, officer) in [
        ("RG41 1AA", "out_of_area", "nominated officer"),
        ("GU1 1AA", "at_a_distance", "director of children's services"),
    ] {
        let program = Program::start();
        let region = program.region();
        let duel = duel(&program, &region, ["RG2 0AA", postcode], json!({}));
        let by = &region.commissioner;
        let award = duel
            .competition
            .propose(by, 1, json!({"out_of_area_reason": "SafeguardingConcerns"}))
            .ok();
        assert_eq!(
            (kinds(&award), award["area"].as_str()),
            (vec![kind], Some(kind)),
            "{award}"
        );
        let needed = &award["approvals_needed"][0];
        assert_eq!(
            (needed["role"].as_str(), needed["officer"].as_str()),
            (Some("approver"), Some(officer))
        );
        assert_eq!(award["over_20_miles"], award["distance_miles"].as_f64().unwrap() > 20.0);
        assert_eq!(award["out_of_area_reason"], "SafeguardingConcerns");

        // What is due: the authority of the area is told. It locks nothing.
        assert_eq!(by.get("/due-items").ok()["items"], json!([]));
        region.approver(&program).act(&at(&award, "approve")).ok();
        by.act(&at(&award, "confirm")).ok();
        let due = by.get("/due-items?done=false").ok();
        let item = &due["items"][0];
        assert_eq!(
            (item["award_id"].clone(), item["due_on"].clone()),
            (award["id"].clone(), award["starts_on"].clone()),
            "{due}"
        );
        assert_eq!(
            (item["kind"].as_str(), item["overdue"].as_bool()),
            (Some("area_authority_notice"), Some(false))
        );
        assert!(!item["area_authority"]["name"].as_str().unwrap_or_default().is_empty());
        let done = format!("/due-items/{}/done", id(item));
        region.neighbour.post(&done, json!({})).refused(404, "not_found");
        let noted = by.post(&done, json!({"note": "Told by secure email."})).ok();
        assert!(
            noted["done_at"].is_string() && noted["note"] == "Told by secure email.",
            "{noted}"
        );
        assert_eq!(by.get("/due-items?done=false").ok()["items"], json!([]));
        assert_eq!(by.get("/due-items?done=true").ok()["items"][0]["id"], item["id"]);
    }
}

#[test]
fn a_price_over_the_threshold_takes_an_approver_and_each_kind_is_settled_once() {
    let program = Program::start();
    let mut policy = program.framework_body()["policy"].clone();
    policy["approval_weekly_price"] = json!("5199.99");
    let region = program.region_with(json!({"policy": policy}));
    let duel = duel(&program, &region, ["RG2 0AA", "GU1 1AA"], json!({}));
    let by = &region.commissioner;
    let award = duel.competition.propose(by, 1, json!({})).ok();
    assert_eq!(kinds(&award), ["at_a_distance", "price"]);
    let approver = region.approver(&program);
    let half = approver.post(&at(&award, "approve"), json!({"kind": "price"})).ok();
    assert_eq!(half["status"], "approval_pending");
    approver
        .post(&at(&award, "approve"), json!({"kind": "price"}))
        .refused(409, "award.approval_not_needed");
    approver
        .post(&at(&award, "approve"), json!({"kind": "direct_award"}))
        .refused(409, "award.approval_not_needed");
    let problem = by.act(&at(&award, "confirm")).refused(409, "award.approval_missing");
    assert!(
        problem["detail"]
            .as_str()
            .is_some_and(|detail| detail.contains("at a distance")),
        "{problem}"
    );
    assert_eq!(
        approver
            .post(&at(&award, "approve"), json!({"kind": "at_a_distance"}))
            .ok()["status"],
        "approved"
    );
}

#[test]
fn a_refused_or_withdrawn_award_makes_room_for_another() {
    let program = Program::start();
    let region = program.region();
    let duel = duel(&program, &region, ["RG2 0AA", "GU1 1AA"], json!({}));
    let by = &region.commissioner;
    let approver = region.approver(&program);
    let far = duel.competition.propose(by, 1, json!({})).ok();
    assert_eq!(
        approver.post(&at(&far, "refuse"), json!({})).wrong_fields(),
        [("reason".into(), "required".into())]
    );
    let refused = approver
        .post(&at(&far, "refuse"), json!({"reason": "A closer home fits."}))
        .ok();
    assert_eq!(
        (refused["status"].as_str(), refused["closed_reason"].as_str()),
        (Some("refused"), Some("A closer home fits."))
    );
    by.act(&at(&far, "confirm")).refused(409, "award.wrong_state");
    assert_eq!(duel.competition.status(by), "opened");

    let near = duel
        .competition
        .propose(by, 0, json!({"reason": "Closer to home."}))
        .ok();
    let withdrawn = by
        .post(&at(&near, "withdraw"), json!({"reason": "She stays with her aunt."}))
        .ok();
    assert_eq!(withdrawn["status"], "withdrawn");
    let again = duel
        .competition
        .propose(by, 0, json!({"reason": "Her aunt fell ill."}))
        .ok();
    let path = format!("/awards?placement_request_id={}", duel.competition.id());
    let listed = by.get(&path).ok();
    let states: Vec<_> = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["status"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["approval_pending", "withdrawn", "refused"]);
    assert_eq!(
        by.get("/awards?status=approval_pending").ok()["items"][0]["id"],
        again["id"]
    );
    let page = by.get("/awards?limit=2").ok();
    let rest = by
        .get(&format!(
            "/awards?limit=2&after={}",
            page["next"].as_str().expect("more follow")
        ))
        .ok();
    assert_eq!(
        (rest["items"].as_array().map(Vec::len), &rest["next"]),
        (Some(1), &json!(null))
    );
    by.get("/awards?status=proposed").wrong_fields();
    by.get("/awards?state=proposed").wrong_fields();
}

#[test]
fn after_the_winner_declines_the_next_is_the_first() {
    let program = Program::start();
    let region = program.region();
    let duel = duel(&program, &region, ["RG2 0AA", "RG41 1AA"], json!({}));
    let by = &region.commissioner;
    let first = duel.competition.propose(by, 1, json!({})).ok();
    region.approver(&program).act(&at(&first, "approve")).ok();
    by.act(&at(&first, "confirm")).ok();
    duel.birch.admin.act(&at(&first, "decline")).wrong_fields();
    let declined = duel
        .birch
        .admin
        .post(&at(&first, "decline"), json!({"reason": "A child here is unwell."}))
        .ok();
    assert_eq!(declined["status"], "declined");
    let vacancies = duel
        .birch
        .admin
        .get(&format!("/homes/{}/vacancies", duel.homes[1]))
        .ok();
    assert_eq!(
        (
            vacancies["items"][0]["status"].as_str(),
            vacancies["items"][0]["places"].as_i64()
        ),
        (Some("open"), Some(1)),
        "{vacancies}"
    );
    assert_eq!(by.get("/due-items").ok()["items"], json!([]));
    assert_eq!(duel.competition.status(by), "opened");

    duel.competition
        .propose(by, 1, json!({"reason": "Again?"}))
        .refused(409, "award.bid_not_awardable");
    let second = duel.competition.propose(by, 0, json!({})).ok();
    assert_eq!(
        (second["rank"].as_i64(), second["status"].as_str(), kinds(&second)),
        (Some(2), Some("approved"), vec![])
    );
    by.act(&at(&second, "confirm")).ok();
    let letters = by.get(&at(&second, "letters")).ok();
    assert_eq!(
        letters["items"].as_array().map(Vec::len),
        Some(1),
        "whoever declined reads no letter: {letters}"
    );
    duel.acorn.admin.act(&at(&second, "accept")).ok();
    let bid = duel
        .acorn
        .admin
        .get(&format!("/bids/{}", duel.competition.bids[0]))
        .ok();
    assert_eq!(bid["status"], "successful");
}

#[test]
fn nothing_is_chosen_before_all_is_opened_and_scored() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    let home = region.home(&program, &acorn, "Near House", json!({}));
    let by = &region.commissioner;
    let request = region.published(&program, json!({}));
    let bid = acorn.submits(&program, &request, &home, "5000.00");
    let path = format!("/placement-requests/{}/awards", id(&request));
    let body = json!({"bid_id": bid["id"]});
    by.post(&path, body.clone()).refused(409, "award.request_not_ready");
    program.wait(Duration::minutes(181));
    by.post(&path, body.clone()).refused(409, "award.request_not_ready");
    by.act(&format!("/placement-requests/{}/open", id(&request))).ok();
    by.post(&path, body.clone()).refused(409, "award.not_evaluated");
    competition::score(by, &request, bid["id"].as_str().unwrap(), [3, 3]);
    region.neighbour.post(&path, body.clone()).refused(404, "not_found");
    acorn.admin.post(&path, body.clone()).refused(403, "forbidden");
    let mut wrong = by
        .post(&path, json!({"bid": 1, "reason": " ", "out_of_area_reason": "Whim"}))
        .wrong_fields();
    wrong.sort();
    let fields: Vec<_> = wrong.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, ["bid", "bid_id", "out_of_area_reason", "reason"], "{wrong:?}");
    by.post(&path, json!({"bid_id": "0198b0a4-5c2e-7c3a-9d2f-0123456789ab"}))
        .refused(422, "invalid_fields");
    by.post(&path, body).ok();
}

#[test]
fn eligibility_is_looked_at_again_at_the_award() {
    let program = Program::start();
    let region = program.region();
    let duel = duel(&program, &region, AT_HOME, json!({}));
    let by = &region.commissioner;
    let award = duel.competition.propose(by, 1, json!({})).ok();
    let inspect = |event: &str, grade: &str| {
        let body = json!({"event_number": event, "inspected_on": program.day(0), "grade": grade});
        region
            .operator
            .post(&format!("/homes/{}/inspections", duel.homes[1]), body)
            .ok();
    };
    inspect("E-bad", "Inadequate");
    let problem = by.act(&at(&award, "confirm")).refused(409, "award.not_eligible");
    assert!(
        problem["detail"]
            .as_str()
            .is_some_and(|detail| detail.contains("grade")),
        "{problem}"
    );

    let admissions = region.operator.get("/admissions?limit=200").ok();
    let admission = admissions["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|item| item.to_string().contains(&duel.acorn.organisation));
    let admission = id(admission.expect("Acorn's admission"));
    region
        .operator
        .post(
            &format!("/admissions/{admission}/suspend"),
            json!({"reason": "An allegation."}),
        )
        .ok();
    by.post(&at(&award, "withdraw"), json!({"reason": "Inadequate."})).ok();
    duel.competition
        .propose(by, 0, json!({"reason": "What is left."}))
        .refused(409, "award.not_eligible");
    region.operator.act(&format!("/admissions/{admission}/reinstate")).ok();
    duel.competition.propose(by, 0, json!({"reason": "What is left."})).ok();
}

#[test]
fn a_stale_decision_is_refused_and_a_repeated_one_answered_again() {
    let program = Program::start();
    let region = program.region();
    let duel = duel(&program, &region, ["RG2 0AA", "GU1 1AA"], json!({}));
    let by = &region.commissioner;
    let path = format!("/placement-requests/{}/awards", duel.competition.id());
    let body = json!({"bid_id": duel.competition.bids[1]}).to_string();
    let once = || by.call("POST", &path, Some(body.as_bytes()), &[("idempotency-key", "award-1")]);
    let (first, second) = (once(), once());
    assert_eq!((first.status, second.status), (201, 201));
    let award = first.json();
    assert_eq!(award, second.json());
    assert_eq!(first.header("etag"), "\"1\"");
    assert_eq!(first.header("location"), format!("/api/v1/awards/{}", id(&award)));
    let approver: Approver = region.approver(&program);
    let approve = |tag: &str| approver.call("POST", &at(&award, "approve"), None, &[("if-match", tag)]);
    approve("\"7\"").refused(412, "stale");
    assert_eq!(approve("\"1\"").header("etag"), "\"2\"");
}

//! Placements, from the accepted award to their end.

use chrono::Duration;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::awards::competition::{AT_HOME, Duel, at, duel};
use crate::support::program::Program;
use crate::support::region::{Region, id};

/// A placement that is agreed, at the second home of a duel.
fn agreed(program: &Program, region: &Region, changes: Value) -> (Duel, Value) {
    let duel = duel(program, region, AT_HOME, changes);
    let award = duel.competition.propose(&region.commissioner, 1, json!({})).ok();
    region.commissioner.act(&at(&award, "confirm")).ok();
    duel.birch.admin.act(&at(&award, "accept")).ok();
    let listed = region.commissioner.get("/placements").ok();
    let placement = region
        .commissioner
        .get(&format!("/placements/{}", id(&listed["items"][0])))
        .ok();
    (duel, placement)
}

fn below(placement: &Value, part: &str) -> String {
    format!("/placements/{}/{part}", id(placement))
}

#[test]
fn it_is_agreed_at_the_bids_price_on_the_contract_in_force_and_one_registration() {
    let program = Program::start();
    let region = program.region();
    let (duel, placement) = agreed(&program, &region, json!({}));
    assert_eq!(
        (placement["status"].as_str(), placement["weekly_total"].as_str()),
        (Some("agreed"), Some("5200.00")),
        "{placement}"
    );
    assert_eq!(
        placement["funding"],
        json!({"social_care": 100, "education": 0, "health": 0})
    );
    assert_eq!(placement["contract_version_id"], json!(region.contract));
    assert_eq!(
        (placement["starts_on"].clone(), placement["ofsted_urn"].as_str()),
        (json!(program.day(4)), Some("SC123002"))
    );
    assert_eq!(placement["terms"].as_array().map(Vec::len), Some(1));

    // The agreement names the very bid that was sent, and can be checked by its own SHA-256.
    let agreement = region.commissioner.get(&below(&placement, "agreement")).ok();
    let text = agreement["text"].as_str().expect("a text");
    let bid = duel
        .birch
        .admin
        .get(&format!("/bids/{}", duel.competition.bids[1]))
        .ok();
    assert!(
        text.contains(bid["receipt"]["sha256"].as_str().expect("a receipt")),
        "{text}"
    );
    assert!(
        text.contains("SC123002") && text.contains(duel.competition.reference()),
        "{text}"
    );
    // Digests and references are made of any letters and digits; the words around them tell nothing of the child.
    let words: Vec<&str> = text.split_whitespace().filter(|word| word.len() < 64).collect();
    let words = words.join(" ").replace(duel.competition.reference(), "");
    assert!(
        !words.contains("Exampleton") && !words.contains("14") && !words.contains("RG"),
        "{text}"
    );
    assert_eq!(agreement["sha256"], json!(hex::encode(Sha256::digest(text.as_bytes()))));
    assert_eq!(agreement["sha256"], placement["terms"][0]["agreement_sha256"]);
    assert_eq!(duel.birch.admin.get(&below(&placement, "agreement")).ok(), agreement);

    // The authority that has awarded sees where the home is, another does not.
    let home = format!("/homes/{}", duel.homes[1]);
    assert!(
        region
            .commissioner
            .get(&home)
            .ok()
            .to_string()
            .contains("1 Example Lane")
    );
    assert!(!region.neighbour.get(&home).ok().to_string().contains("1 Example Lane"));
    assert!(
        !region
            .commissioner
            .get(&format!("/homes/{}", duel.homes[0]))
            .ok()
            .to_string()
            .contains("1 Example Lane")
    );
}

#[test]
fn each_sees_its_own_and_the_cooperative_the_market() {
    let program = Program::start();
    let region = program.region();
    let (duel, placement) = agreed(&program, &region, json!({}));
    let path = format!("/placements/{}", id(&placement));
    for other in [&*region.neighbour, &*duel.acorn.admin] {
        other.get(&path).refused(404, "not_found");
        other.get(&below(&placement, "agreement")).refused(404, "not_found");
        assert_eq!(other.get("/placements").ok()["items"], json!([]));
    }
    assert_eq!(duel.birch.admin.get(&path).ok()["reference"], placement["reference"]);

    let market = region.operator.get(&path).ok();
    for secret in ["award_id", "placement_request_id", "reference", "end_reason"] {
        assert_eq!(market[secret], json!(null), "{secret}");
    }
    assert_eq!(market["weekly_total"], "5200.00");
    assert_eq!(
        region.operator.get("/placements").ok()["items"][0]["reference"],
        json!(null)
    );
    region
        .operator
        .get(&below(&placement, "agreement"))
        .refused(403, "forbidden");
    let elsewhere = program.operator("South West", "operator@west.example");
    elsewhere.get(&path).refused(404, "not_found");
    assert_eq!(elsewhere.get("/placements").ok()["items"], json!([]));

    region
        .neighbour
        .post(&below(&placement, "start"), json!({"started_on": program.day(0)}))
        .refused(404, "not_found");
    duel.birch
        .admin
        .post(&below(&placement, "start"), json!({"started_on": program.day(0)}))
        .refused(403, "forbidden");
    region.auditor(&program).get(&path).ok();
}

#[test]
fn it_starts_earlier_than_agreed_and_ends_with_a_reason() {
    let program = Program::start();
    let region = program.region();
    let (duel, placement) = agreed(&program, &region, json!({}));
    let by = &region.commissioner;
    let (start, end) = (below(&placement, "start"), below(&placement, "end"));
    by.post(&start, json!({"started_on": program.day(1)}))
        .refused(422, "placement.not_yet");
    let started = by.post(&start, json!({"started_on": program.day(0)})).ok();
    assert_eq!(
        (started["status"].as_str(), started["started_early"].as_bool()),
        (Some("started"), Some(true))
    );
    assert_eq!(
        (started["starts_on"].clone(), started["started_on"].clone()),
        (json!(program.day(4)), json!(program.day(0)))
    );
    assert_eq!(duel.competition.status(by), "completed");
    by.post(&start, json!({"started_on": program.day(0)}))
        .refused(409, "placement.wrong_state");

    // The place stays taken as long as the child lives there.
    let vacancies = format!("/homes/{}/vacancies", duel.homes[1]);
    let offer = |places: i64| {
        duel.birch
            .admin
            .post(&vacancies, json!({"places": places, "available_from": program.day(0)}))
    };
    offer(3).refused(409, "vacancy.exceeds_registered_places");
    program.wait(Duration::days(30));
    by.post(&end, json!({"ended_on": program.day(-40), "reason": "CARPL"}))
        .refused(422, "placement.ends_before_start");
    let mut wrong = by
        .post(&end, json!({"ended_on": "soon", "reason": "BORED"}))
        .wrong_fields();
    wrong.sort();
    assert_eq!(
        wrong.iter().map(|(field, _)| field.as_str()).collect::<Vec<_>>(),
        ["ended_on", "reason"]
    );
    let ended = by
        .post(&end, json!({"ended_on": program.day(0), "reason": "CARPL"}))
        .ok();
    assert_eq!(
        (ended["status"].as_str(), ended["end_reason"].as_str()),
        (Some("ended"), Some("CARPL"))
    );
    by.post(&end, json!({"ended_on": program.day(0), "reason": "CARPL"}))
        .refused(409, "placement.wrong_state");
    assert_eq!(
        by.get("/placements?status=ended").ok()["items"][0]["id"],
        placement["id"]
    );
    assert_eq!(by.get("/placements?status=started").ok()["items"], json!([]));
    // Three registered places, and nobody lives there any more.
    let open = duel.birch.admin.get(&vacancies).ok()["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|v| v["status"] == "open")
        .count();
    offer(3 - i64::try_from(open).unwrap()).ok();
}

#[test]
fn one_that_never_begins_is_ended_too() {
    let program = Program::start();
    let region = program.region();
    let (duel, placement) = agreed(&program, &region, json!({}));
    let ended = region
        .commissioner
        .post(
            &below(&placement, "end"),
            json!({"ended_on": program.day(0), "reason": "OTHER"}),
        )
        .ok();
    assert_eq!(
        (ended["status"].as_str(), &ended["started_on"]),
        (Some("ended"), &json!(null))
    );
    assert_eq!(duel.competition.status(&region.commissioner), "completed");
}

#[test]
fn its_terms_are_varied_from_a_later_day_and_never_rewritten() {
    let program = Program::start();
    let region = program.region();
    let (duel, placement) = agreed(&program, &region, json!({}));
    let by = &region.commissioner;
    let vary = below(&placement, "variations");
    let price = |core: &str| json!({"core": core, "additional_support": "0.00", "education": "0.00", "other": "0.00"});
    let wrong = by
        .post(&vary, json!({"effective_on": program.day(10), "reason": "Why?"}))
        .wrong_fields();
    assert_eq!(wrong, [("price".into(), "required".into())]);
    let wrong = by
        .post(&vary, json!({"effective_on": program.day(10), "reason": "Why?", "funding": {"social_care": 50, "education": 50, "health": 1}}))
        .wrong_fields();
    assert_eq!(wrong[0].1, "funding.not_100", "{wrong:?}");
    let body = |days: i64, core: &str| json!({"effective_on": program.day(days), "reason": "A tutor for the mornings.", "price": price(core)});
    by.post(&vary, body(4, "5300.00"))
        .refused(422, "placement.terms_not_later");
    by.post(&vary, body(10, "5200.00"))
        .refused(422, "placement.nothing_changes");
    by.post(&vary, body(10, "12000.01"))
        .refused(422, "placement.over_ceiling");
    by.post(&vary, body(10, "9000.01"))
        .refused(409, "placement.approval_missing");

    let varied = by.post(&vary, body(10, "5300.00")).ok();
    assert_eq!(
        (
            varied["weekly_total"].as_str(),
            varied["terms"].as_array().map(Vec::len)
        ),
        (Some("5200.00"), Some(2)),
        "not yet"
    );
    program.wait(Duration::days(10));
    let shown =
        |client: &crate::support::client::Client| client.get("/placements").ok()["items"][0]["weekly_total"].clone();
    assert_eq!(
        (shown(by), shown(&duel.birch.admin)),
        (json!("5300.00"), json!("5300.00"))
    );
    let shared = json!({"effective_on": program.day(1), "reason": "Health takes its share.",
        "funding": {"social_care": 70, "education": 20, "health": 10}});
    by.post(&vary, shared).ok();
    let dear = region.approver(&program).post(&vary, body(30, "9000.01")).ok();
    let numbers: Vec<_> = dear["terms"]
        .as_array()
        .unwrap()
        .iter()
        .map(|terms| terms["number"].as_i64().unwrap())
        .collect();
    assert_eq!(numbers, [1, 2, 3, 4]);
    assert_eq!(
        dear["terms"][3]["funding"],
        json!({"social_care": 70, "education": 20, "health": 10})
    );

    let agreement = |query: &str| by.get(&below(&placement, &format!("agreement{query}"))).ok();
    assert_eq!(agreement("")["number"], json!(4));
    let second = agreement("?number=2");
    assert!(
        second["text"]
            .as_str()
            .is_some_and(|text| text.contains("£5,300.00") && text.contains("A tutor for the mornings."))
    );
    assert!(
        agreement("?number=1")["text"]
            .as_str()
            .is_some_and(|text| text.contains("£5,200.00")),
        "as agreed"
    );
    by.get(&below(&placement, "agreement?number=9"))
        .refused(404, "not_found");
    duel.birch
        .admin
        .post(&vary, body(60, "6000.00"))
        .refused(403, "forbidden");
}

#[test]
fn a_sibling_group_takes_its_places_together() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    let home = region.bare_home(&program, &acorn, "Near House", json!({"registered_places": 4}));
    acorn
        .admin
        .post(
            &format!("/homes/{home}/vacancies"),
            json!({"places": 3, "available_from": program.day(0)}),
        )
        .ok();
    let by = &region.commissioner;
    let child = json!({"age": 14, "sex": "F", "siblings_to_place_with": 1});
    let entry = crate::awards::competition::Entry {
        provider: &acorn,
        home: &home,
        core: "9000.00",
        scores: [4, 4],
    };
    let competition = crate::awards::competition::hold(&program, &region, by, json!({"child": child}), &[entry]);
    let award = competition.propose(by, 0, json!({})).ok();
    assert_eq!(award["places"], json!(2));
    by.act(&at(&award, "confirm")).ok();
    let vacancies = acorn.admin.get(&format!("/homes/{home}/vacancies")).ok();
    assert_eq!(
        (
            vacancies["items"][0]["status"].as_str(),
            vacancies["items"][0]["places"].as_i64()
        ),
        (Some("open"), Some(1)),
        "{vacancies}"
    );
    acorn.admin.act(&at(&award, "accept")).ok();
    assert_eq!(by.get("/placements").ok()["items"].as_array().map(Vec::len), Some(1));
}

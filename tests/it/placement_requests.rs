//! Placement requests over HTTP: drafts, publishing, deadlines, ends, questions, and who sees what.

use chrono::Duration;
use serde_json::{Value, json};

use crate::support::{Program, id, with};

mod questions;
mod screening;

fn path(request: &Value, rest: &str) -> String {
    format!("/placement-requests/{}{rest}", id(request))
}

/// The fields and codes that a problem names.
fn named(problem: &Value) -> Vec<(&str, &str)> {
    let errors = problem["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    errors
        .iter()
        .map(|error| (error["field"].as_str().unwrap(), error["code"].as_str().unwrap()))
        .collect()
}

#[test]
fn a_draft_is_its_authoritys_own_affair_until_it_is_published() {
    let program = Program::start();
    let region = program.region();
    let (acorn, cedar) = (region.admitted(&program, "Acorn"), program.provider("Cedar"));
    let auditor = region.auditor(&program);
    let answer = region
        .commissioner
        .post("/placement-requests", region.request_body(&program));
    assert_eq!((answer.status, answer.header("etag")), (201, "\"1\""));
    let location = answer.header("location").to_string();
    let draft = answer.ok();
    assert_eq!(location, format!("/api/v1{}", path(&draft, "")));
    assert_eq!(
        (&draft["status"], &draft["origin"]),
        (
            &json!("draft"),
            &json!({"district": "RG1", "postcode": "RG1 1AF", "precision": "sector"})
        )
    );
    let titles: Vec<_> = draft["criteria"]
        .as_array()
        .unwrap()
        .iter()
        .map(|criterion| &criterion["title"])
        .collect();
    assert_eq!(titles, ["How the home meets this child's needs", "Education"]);
    assert!(draft["reference"].as_str().unwrap().starts_with("PR-2026-"));

    let show = path(&draft, "");
    let sees = |client: &crate::support::client::Client| {
        (
            client.get(&show).status,
            client.get("/placement-requests").ok()["items"]
                .as_array()
                .unwrap()
                .len(),
        )
    };
    assert_eq!(sees(&region.commissioner), (200, 1));
    assert_eq!(sees(&auditor), (200, 1));
    for client in [&region.neighbour.0, &region.operator.0, &acorn.admin.0, &cedar.admin.0] {
        assert_eq!(sees(client), (404, 0), "{}", client.email());
    }
    region.commissioner.act(&path(&draft, "/publish")).ok();
    for client in [&region.commissioner.0, &auditor.0, &region.operator.0, &acorn.admin.0] {
        assert_eq!(sees(client), (200, 1), "{}", client.email());
    }
    for client in [&region.neighbour.0, &cedar.admin.0] {
        assert_eq!(sees(client), (404, 0), "{}", client.email());
    }
}

#[test]
fn what_tells_who_the_child_is_is_shown_to_its_authority_only() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    let request = region.published(&program, json!({"names_to_screen": ["Sam Example"]}));
    for client in [&acorn.admin.0, &region.operator.0] {
        let seen = client.get(&path(&request, "")).ok();
        assert_eq!(seen["origin"], json!({"district": "RG1"}));
        let text = format!("{seen} {}", client.get("/placement-requests").ok());
        for hidden in ["RG1 1AF", "Sam", "easting", "precision", "created", "names"] {
            assert!(!text.contains(hidden), "{hidden} in {text}");
        }
    }
    let own = region.commissioner.get(&path(&request, "")).ok();
    assert_eq!(
        (&own["origin"]["postcode"], &own["names_to_screen"]),
        (&json!("RG1 1AF"), &json!(1))
    );
    assert!(!own.to_string().contains("Sam"), "names are shown to nobody");
    // Nor do they lie readable in the database.
    assert_eq!(
        program
            .count("confidential_details WHERE CAST(sealed AS TEXT) LIKE '%RG1%' OR CAST(sealed AS TEXT) LIKE '%Sam%'"),
        0
    );
    assert_eq!(program.count("confidential_details"), 1);
}

#[test]
fn everything_wrong_with_a_body_is_said_at_once() {
    let program = Program::start();
    let region = program.region();
    let mut body = region.request_body(&program);
    body["child"]["age"] = json!(18);
    body["origin"] = json!({"postcode": "NOWHERE"});
    body["price_weight"] = json!(101);
    body["criteria"][0]["weight"] = json!(0);
    body["needs"]["pets"] = json!("Cats");
    body["needs"]["risks"]["Fire"] = json!("Some");
    body["bids_close_at"] = json!("soon");
    body["colour"] = json!("blue");
    let mut wrong = region.commissioner.post("/placement-requests", body).wrong_fields();
    wrong.sort();
    let fields: Vec<_> = wrong.iter().map(|(field, _)| field.as_str()).collect();
    for field in [
        "bids_close_at",
        "child.age",
        "colour",
        "criteria[0].weight",
        "needs.pets",
        "origin.postcode",
        "price_weight",
    ] {
        assert!(fields.contains(&field), "{field} in {fields:?}");
    }
    assert!(
        fields.iter().any(|field| field.starts_with("needs.risks")),
        "{fields:?}"
    );

    let post = |changes| {
        region
            .commissioner
            .post("/placement-requests", with(region.request_body(&program), changes))
            .wrong_fields()
    };
    let one = |field: &str, code: &str| vec![(field.to_string(), code.to_string())];
    assert_eq!(
        post(json!({"origin": {"postcode": "EH1 1AA"}})),
        one("origin.postcode", "postcode.unknown")
    );
    assert_eq!(post(json!({"origin": {}})), one("origin.postcode", "required"));
    assert_eq!(
        post(json!({"questions_close_at": program.in_minutes(181)})),
        one("questions_close_at", "range")
    );
    assert_eq!(post(json!({"lot_id": region.framework})), one("lot_id", "lot.unknown"));
    assert_eq!(
        post(json!({"framework_id": region.lot})),
        one("framework_id", "framework.unknown")
    );
}

#[test]
fn a_draft_is_written_anew_and_a_change_that_was_overtaken_is_refused() {
    let program = Program::start();
    let region = program.region();
    let draft = region
        .commissioner
        .post(
            "/placement-requests",
            with(region.request_body(&program), json!({"names_to_screen": ["Sam"]})),
        )
        .ok();
    let put = |body: Value, version: &str| {
        region.commissioner.call(
            "PUT",
            &path(&draft, ""),
            Some(body.to_string().as_bytes()),
            &[("if-match", version)],
        )
    };
    let body = with(
        region.request_body(&program),
        json!({"brief": "Another brief.", "origin": {"district": "rg2"}, "child": {"age": 9}}),
    );
    let again = put(body.clone(), "\"1\"").ok();
    assert_eq!(
        (&again["brief"], &again["version"], &again["reference"]),
        (&json!("Another brief."), &json!(2), &draft["reference"])
    );
    assert_eq!(again["origin"], json!({"district": "RG2", "precision": "district"}));
    assert_eq!(
        (&again["child"]["sex"], &again["child"]["siblings_to_place_with"]),
        (&Value::Null, &json!(0))
    );
    assert_eq!(again["names_to_screen"], 1, "names stay until others are given");
    put(body.clone(), "\"1\"").refused(412, "stale");
    assert_eq!(
        put(with(body.clone(), json!({"names_to_screen": []})), "\"2\"").ok()["names_to_screen"],
        0
    );
    region
        .neighbour
        .put(&path(&draft, ""), body.clone())
        .refused(404, "not_found");
    region
        .approver(&program)
        .put(&path(&draft, ""), body.clone())
        .refused(403, "forbidden");
    region.commissioner.act(&path(&draft, "/publish")).ok();
    region
        .commissioner
        .put(&path(&draft, ""), body)
        .refused(409, "request.not_draft");
    region
        .commissioner
        .act(&path(&draft, "/publish"))
        .refused(409, "request.not_draft");
}

#[test]
fn publishing_names_everything_that_stands_against_it() {
    let program = Program::start();
    let region = program.region_with(json!({"policy": {"price_weight_min": 20, "price_weight_max": 60,
        "bid_window_minutes": {"Today": 60, "WithinFiveDays": 1440, "MoreThanFiveDays": 7200}, "standstill_working_days": 0,
        "worst_grade": "RequiresImprovement", "price_ceiling_rule": "warn", "invite_rule": "all_admitted"}}));
    let draft = |changes| {
        region
            .commissioner
            .post("/placement-requests", with(region.request_body(&program), changes))
            .ok()
    };
    let publish = |request: &Value| region.commissioner.act(&path(request, "/publish"));

    let mut body = region.request_body(&program);
    body["needs"]["risks"].as_object_mut().unwrap().remove("Fire");
    body["needs"]["suitability"]["residential"] = json!("Unsuitable");
    let bad = draft(
        json!({"price_weight": 61, "starts_on": program.day(6), "needs": body["needs"], "brief": "Ring 07700 900123."}),
    );
    let problem = publish(&bad).refused(422, "request.window_too_short");
    assert_eq!(
        named(&problem),
        [
            ("bids_close_at", "request.window_too_short"),
            ("criteria", "request.weights_not_100"),
            ("price_weight", "request.price_weight_outside_policy"),
            ("starts_on", "request.starts_too_late"),
            ("needs.suitability", "request.lot_unsuitable"),
            ("needs.risks", "request.risks_unstated"),
            ("brief", "phone"),
        ]
    );
    assert_eq!(region.commissioner.get(&path(&bad, "")).ok()["status"], "draft");

    let almost = draft(json!({"bids_close_at": program.in_minutes(1439), "questions_close_at": null}));
    publish(&almost).refused(422, "request.window_too_short");
    let right = draft(json!({"bids_close_at": program.in_minutes(1440), "questions_close_at": null}));
    let published = publish(&right).ok();
    assert_eq!(
        (&published["status"], &published["questions_close_at"]),
        (&json!("open"), &published["bids_close_at"])
    );

    // A framework that is suspended, or whose cooperative the authority has left, is not called off.
    let late = draft(json!({"bids_close_at": program.in_minutes(1440), "questions_close_at": null}));
    region
        .operator
        .post(
            &format!("/frameworks/{}/suspend", region.framework),
            json!({"reason": "Under review"}),
        )
        .ok();
    publish(&late).refused(409, "framework.not_open");
}

#[test]
fn what_is_needed_later_takes_bids_for_so_many_working_days() {
    let program = Program::start();
    let mut policy = program.framework_body()["policy"].clone();
    policy["bid_window_working_days"] = json!(5);
    let region = program.region_with(json!({"policy": policy}));
    let framework = region.operator.get(&format!("/frameworks/{}", region.framework)).ok();
    assert_eq!(framework["policy"]["bid_window_working_days"], 5);
    // It is Wednesday, 4 March 2026: the fifth working day after is the Wednesday of the week that follows.
    let published = |closes: &str| {
        let changes = json!({"needed_by": "MoreThanFiveDays", "starts_on": program.day(14), "bids_close_at": closes,
            "questions_close_at": null});
        let draft = region
            .commissioner
            .post("/placement-requests", with(region.request_body(&program), changes))
            .ok();
        region.commissioner.act(&path(&draft, "/publish"))
    };
    let problem = published("2026-03-11T16:59:59Z").refused(422, "request.window_too_short");
    assert_eq!(named(&problem), [("bids_close_at", "request.window_too_short")]);
    assert_eq!(
        problem["errors"][0]["message"],
        "Bids must not close before 11 March 2026, 17:00 GMT."
    );
    assert_eq!(published("2026-03-11T17:00:00Z").ok()["status"], "open");

    let wrong = with(policy_with(&program, json!(61)), json!({"reference": "SE-RES-2"}));
    let wrong = region.operator.post("/frameworks", wrong).wrong_fields();
    assert_eq!(wrong[0].0, "policy.bid_window_working_days", "{wrong:?}");
}

/// The body of a framework with so many working days for bids.
fn policy_with(program: &Program, days: Value) -> Value {
    let mut body = program.framework_body();
    body["policy"]["bid_window_working_days"] = days;
    body
}

#[test]
fn bids_close_by_the_clock_and_a_deadline_is_only_put_later() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    let request = region.published(&program, json!({}));
    let status = || region.commissioner.get(&path(&request, "")).ok()["status"].clone();
    let extend = |minutes: i64| {
        let body = json!({"bids_close_at": program.in_minutes(minutes), "reason": "The school's report is late."});
        region.commissioner.post(&path(&request, "/extend"), body)
    };
    extend(180).refused(422, "request.deadline_not_later");
    let telling = json!({"bids_close_at": program.in_minutes(240), "reason": "Ring 07700 900123."});
    let problem = region
        .commissioner
        .post(&path(&request, "/extend"), telling)
        .refused(422, "request.text_names_child");
    assert_eq!(named(&problem), [("reason", "phone")]);
    extend(179).refused(422, "request.deadline_not_later");
    let extended = extend(240).ok();
    assert_eq!(
        (&extended["bids_close_at"], &extended["questions_close_at"]),
        (&json!(program.in_minutes(240)), &request["questions_close_at"])
    );
    let seen = acorn.admin.get(&path(&request, "")).ok();
    assert_eq!(seen["extensions"][0]["reason"], "The school's report is late.");
    assert_eq!(seen["extensions"][0]["previously_closing_at"], request["bids_close_at"]);

    program.wait(Duration::minutes(240) - Duration::microseconds(1));
    assert_eq!(status(), "open");
    let listed = |status: &str| {
        region
            .commissioner
            .get(&format!("/placement-requests?status={status}"))
            .ok()["items"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!((listed("open"), listed("closed")), (1, 0));
    program.wait(Duration::microseconds(1));
    assert_eq!(status(), "closed");
    assert_eq!((listed("open"), listed("closed")), (0, 1));
    extend(60).refused(409, "request.not_open");

    region
        .commissioner
        .post(&path(&request, "/mark-unfilled"), json!({}))
        .wrong_fields();
    let ended = region
        .commissioner
        .post(&path(&request, "/mark-unfilled"), json!({"reason": "No bid came."}))
        .ok();
    assert_eq!(
        (&ended["status"], &ended["ended_reason"]),
        (&json!("unfilled"), &json!("No bid came."))
    );
    region
        .commissioner
        .post(&path(&request, "/withdraw"), json!({"reason": "Too late"}))
        .refused(409, "request.wrong_phase");
}

#[test]
fn a_request_is_withdrawn_with_a_reason_that_everybody_reads() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    let request = region.published(&program, json!({}));
    let body = json!({"reason": "The child stays with family."});
    region
        .neighbour
        .post(&path(&request, "/withdraw"), body.clone())
        .refused(404, "not_found");
    acorn
        .admin
        .post(&path(&request, "/withdraw"), body.clone())
        .refused(403, "forbidden");
    region
        .commissioner
        .post(&path(&request, "/mark-unfilled"), body.clone())
        .refused(409, "request.wrong_phase");
    region
        .commissioner
        .post(&path(&request, "/withdraw"), body.clone())
        .ok();
    let seen = acorn.admin.get(&path(&request, "")).ok();
    assert_eq!(
        (&seen["status"], &seen["ended_reason"]),
        (&json!("withdrawn"), &body["reason"])
    );
    region
        .commissioner
        .post(&path(&request, "/withdraw"), body)
        .refused(409, "request.wrong_phase");

    // A draft that is withdrawn was never there for anybody else.
    let draft = region
        .commissioner
        .post("/placement-requests", region.request_body(&program))
        .ok();
    region
        .commissioner
        .post(&path(&draft, "/withdraw"), json!({"reason": "Written twice"}))
        .ok();
    acorn.admin.get(&path(&draft, "")).refused(404, "not_found");
    assert_eq!(program.count("events WHERE kind = 'request_withdrawn'"), 1);
}

#[test]
fn a_list_is_paged_and_narrowed() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    let made: Vec<String> = (0..5).map(|_| id(&region.published(&program, json!({})))).collect();
    let mut found = Vec::new();
    let mut next = String::new();
    loop {
        let part = acorn.admin.get(&format!("/placement-requests?limit=2{next}")).ok();
        found.extend(part["items"].as_array().unwrap().iter().map(id));
        match part["next"].as_str() {
            Some(cursor) => next = format!("&after={cursor}"),
            None => break,
        }
    }
    found.reverse();
    assert_eq!(found, made, "newest first");
    let count = |query: &str| {
        acorn.admin.get(&format!("/placement-requests?{query}")).ok()["items"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(
        (
            count(&format!("lot_id={}", region.lot)),
            count(&format!("framework_id={}", region.lot)),
            count("status=opened")
        ),
        (5, 0, 0)
    );
    let item = &acorn.admin.get("/placement-requests?limit=1").ok()["items"][0];
    assert_eq!(
        (&item["lot_code"], &item["authority_name"], &item["placement_type"]),
        (&json!("R1"), &json!("Reading"), &json!("Residential"))
    );
    assert!(item.get("brief").is_none(), "lists carry summaries");
    acorn.admin.get("/placement-requests?status=ajar").wrong_fields();
    acorn.admin.get("/placement-requests?colour=blue").wrong_fields();
}

#[test]
fn of_two_who_publish_at_once_one_does() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    region.home(&program, &acorn, "Near", json!({}));
    for _ in 0..5 {
        let draft = region
            .commissioner
            .post("/placement-requests", region.request_body(&program))
            .ok();
        let publish = path(&draft, "/publish");
        let mut answers: Vec<(u16, Value)> = std::thread::scope(|scope| {
            let calls: Vec<_> = (0..4)
                .map(|_| {
                    let (client, publish) = (region.commissioner.0.clone(), publish.as_str());
                    scope.spawn(move || client.act(publish))
                })
                .collect();
            let answers = calls.into_iter().map(|call| call.join().unwrap());
            answers
                .map(|answer| (answer.status, answer.json()["code"].clone()))
                .collect()
        });
        answers.sort_by_key(|(status, _)| *status);
        assert_eq!(answers[0], (200, Value::Null));
        assert!(
            answers[1..]
                .iter()
                .all(|answer| *answer == (409, json!("request.not_draft"))),
            "{answers:?}"
        );
        assert_eq!(
            program.count(&format!("events WHERE payload LIKE '%{}%'", id(&draft))),
            1
        );
    }
    assert_eq!(program.count("invitations"), 5);
}

//! Frameworks over HTTP: how they go, what is refused, who may know of them.

mod parts;

use serde_json::{Value, json};

use crate::support::client::{Commissioner, Operator};
use crate::support::program::Program;
use crate::support::region::{READING, id, with};

fn lot_body() -> Value {
    json!({"code": "R1", "title": "Children's homes", "placement_type": "Residential",
        "provision_types": ["ChildrensHome"], "weekly_ceiling": "12000.00"})
}

fn standard_body() -> Value {
    json!({"code": "QS7", "title": "The protection of children", "requirement": "Say how children are kept safe.",
        "applies_to": "provider", "evidence": "statement", "mandatory": true})
}

fn contract_body(program: &Program) -> Value {
    json!({"title": "Regional contract", "text": "# Terms\n\nThe same for everybody.", "effective_on": program.day(-1)})
}

fn operator(program: &Program) -> Operator {
    program.operator("South East", "operator@coop.example")
}

fn draft(program: &Program, operator: &Operator) -> String {
    id(&operator.post("/frameworks", program.framework_body()).ok())
}

/// A framework with a lot and a contract version, not opened.
fn complete_draft(program: &Program, operator: &Operator) -> String {
    let framework = draft(program, operator);
    operator.post(&format!("/frameworks/{framework}/lots"), lot_body()).ok();
    operator
        .post(
            &format!("/frameworks/{framework}/contract-versions"),
            contract_body(program),
        )
        .ok();
    framework
}

fn errors(problem: &Value) -> Vec<(&str, &str)> {
    let named = problem["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    named
        .iter()
        .map(|e| {
            (
                e["field"].as_str().unwrap_or_default(),
                e["code"].as_str().unwrap_or_default(),
            )
        })
        .collect()
}

#[test]
fn a_framework_goes_from_draft_to_closed() {
    let program = Program::start();
    let operator = operator(&program);
    let created = operator.post("/frameworks", program.framework_body());
    assert_eq!((created.status, created.header("etag")), (201, "\"1\""));
    let location = created.header("location").to_owned();
    let framework = created.ok();
    let path = format!("/frameworks/{}", id(&framework));
    assert_eq!(location, format!("/api/v1{path}"));
    assert_eq!(framework["status"], "draft");
    assert_eq!(framework["cooperative"]["name"], "South East");
    assert_eq!(framework["policy"], program.framework_body()["policy"]);

    let verb = |verb: &str| operator.act(&format!("{path}/{verb}"));
    let because = || json!({"reason": "The procurement is under challenge."});
    let suspend = || operator.post(&format!("{path}/suspend"), because());
    suspend().refused(409, "framework.not_open");
    verb("resume").refused(409, "framework.not_suspended");
    verb("close").refused(409, "framework.not_open");
    let problem = verb("open").refused(409, "framework.incomplete");
    let missing = [
        ("lots", "framework.no_lot"),
        ("contract_versions", "framework.no_contract_version"),
    ];
    assert_eq!(errors(&problem), missing);

    let lot = operator.post(&format!("{path}/lots"), lot_body()).ok();
    operator
        .post(&format!("{path}/contract-versions"), contract_body(&program))
        .ok();
    let opened = verb("open").ok();
    assert_eq!(
        (&opened["status"], &opened["takes_applications"]),
        (&json!("open"), &json!(true))
    );
    assert_eq!(
        (&opened["lots"][0]["id"], &opened["contract_version"]["number"]),
        (&lot["id"], &json!(1))
    );
    verb("open").refused(409, "framework.not_draft");

    let suspended = suspend().ok();
    assert_eq!(
        (&suspended["status"], &suspended["suspended_reason"]),
        (&json!("suspended"), &because()["reason"])
    );
    assert_eq!(suspended["takes_applications"], false);
    suspend().refused(409, "framework.not_open");
    verb("resume").ok();
    suspend().ok();
    assert_eq!(verb("close").ok()["status"], "closed");
    for again in [verb("close"), verb("resume"), suspend()] {
        again.refused(409, "framework.closed");
    }
    operator
        .patch(&path, json!({"title": "Other"}))
        .refused(409, "framework.closed");
    operator
        .post(&format!("{path}/lots"), with(lot_body(), json!({"code": "R2"})))
        .refused(409, "framework.closed");
    operator
        .post(&format!("{path}/standards"), standard_body())
        .refused(409, "framework.closed");
    operator
        .post(&format!("{path}/contract-versions"), contract_body(&program))
        .refused(409, "framework.closed");
}

#[test]
fn everything_wrong_with_a_framework_is_named_at_once() {
    let program = Program::start();
    let operator = operator(&program);
    let body = with(
        program.framework_body(),
        json!({
            "reference": " ", "title": 5, "procurement_route": "handshake", "starts_on": "2026-03-10", "ends_on": "2026-03-09",
            "admission": "continuous", "application_window": {"opens_on": "2026-03-01", "closes_on": "2026-03-02"}, "colour": "red",
            "policy": {"price_weight_min": 61, "price_weight_max": 60, "standstill_working_days": -1,
                "bid_window_minutes": {"Today": -1, "WithinFiveDays": 0, "MoreThanFiveDays": 0}, "worst_grade": "Superb",
                "approval_weekly_price": 9000, "price_ceiling_rule": "block", "invite_rule": "matching_first"},
        }),
    );
    let wrong = operator.post("/frameworks", body).wrong_fields();
    let mut fields: Vec<_> = wrong.iter().map(|(field, _)| field.as_str()).collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        [
            "application_window",
            "colour",
            "ends_on",
            "policy.approval_weekly_price",
            "policy.bid_window_minutes.Today",
            "policy.price_weight_max",
            "policy.standstill_working_days",
            "policy.worst_grade",
            "procurement_route",
            "reference",
            "title",
        ],
        "{wrong:?}"
    );
    let wrong = operator.post("/frameworks", json!({})).wrong_fields();
    assert!(
        wrong.iter().all(|(_, code)| code == "required") && wrong.len() == 7,
        "{wrong:?}"
    );
}

#[test]
fn dates_may_lie_in_the_past_but_an_ended_term_does_not_open() {
    let program = Program::start();
    let operator = operator(&program);
    let framework = complete_draft(&program, &operator);
    let path = format!("/frameworks/{framework}");
    let past = json!({"starts_on": "2020-01-01", "ends_on": program.day(-1)});
    operator.patch(&path, past).ok();
    let problem = operator
        .act(&format!("{path}/open"))
        .refused(409, "framework.incomplete");
    assert_eq!(errors(&problem), [("ends_on", "framework.out_of_term")]);
    operator.patch(&path, json!({"ends_on": program.day(0)})).ok();
    operator.act(&format!("{path}/open")).ok();
}

#[test]
fn a_reference_is_unique_in_its_cooperative() {
    let program = Program::start();
    let (one, other) = (
        operator(&program),
        program.operator("South West", "operator@west.example"),
    );
    let first = draft(&program, &one);
    one.post("/frameworks", program.framework_body())
        .refused(409, "framework.reference_taken");
    other.post("/frameworks", program.framework_body()).ok();
    let second = with(program.framework_body(), json!({"reference": "SE-RES-2"}));
    let second = id(&one.post("/frameworks", second).ok());
    let change = json!({"reference": "SE-RES-1"});
    one.patch(&format!("/frameworks/{second}"), change.clone())
        .refused(409, "framework.reference_taken");
    one.patch(&format!("/frameworks/{first}"), change).ok();
}

#[test]
fn what_providers_rely_on_is_fixed_once_open() {
    let program = Program::start();
    let operator = operator(&program);
    let framework = complete_draft(&program, &operator);
    let path = format!("/frameworks/{framework}");
    let everything = json!({"reference": "SE-2", "procurement_route": "pa2023_dynamic_market", "starts_on": program.day(-2),
        "admission": "windowed"});
    operator.patch(&path, everything).ok();
    operator.act(&format!("{path}/open")).ok();
    let again = json!({"reference": "SE-3", "procurement_route": "pa2023_open_framework", "starts_on": program.day(-3),
        "admission": "continuous", "title": "Never kept"});
    let problem = operator.patch(&path, again).refused(409, "framework.fixed_once_open");
    assert_eq!(errors(&problem).len(), 4);
    let policy = with(
        program.framework_body()["policy"].clone(),
        json!({"standstill_working_days": 5}),
    );
    let window = json!({"opens_on": program.day(0), "closes_on": program.day(9)});
    let changes = json!({"title": "New", "ends_on": program.day(9), "policy": policy, "application_window": window});
    let changed = operator.patch(&path, changes).ok();
    assert_eq!(
        (&changed["title"], &changed["policy"]["standstill_working_days"]),
        (&json!("New"), &json!(5))
    );
    assert_eq!(changed["application_window"], window);
    let wrong = operator
        .patch(&path, json!({"ends_on": program.day(-9), "title": null}))
        .wrong_fields();
    assert_eq!(
        wrong,
        [("ends_on".to_owned(), "range".to_owned())],
        "a null title changes nothing, and is no error"
    );
    let unset = operator.patch(&path, json!({"application_window": null})).ok();
    assert_eq!(
        (&unset["application_window"], &unset["takes_applications"]),
        (&Value::Null, &json!(false))
    );
}

#[test]
fn a_change_of_what_was_changed_meanwhile_is_refused() {
    let program = Program::start();
    let operator = operator(&program);
    let framework = complete_draft(&program, &operator);
    let path = format!("/frameworks/{framework}");
    let tag = operator.get(&path).header("etag").to_owned();
    let patch =
        |body: Value, tag: &str| operator.call("PATCH", &path, Some(body.to_string().as_bytes()), &[("if-match", tag)]);
    patch(json!({"title": "First"}), &tag).ok();
    patch(json!({"title": "Second"}), &tag).refused(412, "stale");
    let opened = operator.call("POST", &format!("{path}/open"), None, &[("if-match", &tag)]);
    opened.refused(412, "stale");
    assert_eq!(operator.get(&path).ok()["title"], "First");
}

#[test]
fn a_draft_is_its_cooperatives_own_and_an_open_one_its_members_and_providers() {
    let program = Program::start();
    let operator = operator(&program);
    let stranger = program.operator("South West", "operator@west.example");
    let reading = id(&operator.post("/authorities", json!({"gss_code": READING})).ok());
    let member = Commissioner(program.person_of(&operator, &reading, "com@reading.example", "commissioner"));
    let elsewhere = id(&stranger.post("/authorities", json!({"gss_code": "E06000023"})).ok());
    let outsider = Commissioner(program.person_of(&stranger, &elsewhere, "com@bristol.example", "commissioner"));
    let provider = program.provider("Acorn").admin;

    let framework = complete_draft(&program, &operator);
    let path = format!("/frameworks/{framework}");
    let lot = id(&operator.get(&format!("{path}/lots")).ok()["items"][0]);
    let contract = id(&operator.get(&format!("{path}/contract-versions")).ok()["items"][0]);
    let standard = id(&operator.post(&format!("{path}/standards"), standard_body()).ok());
    let all = [
        path.clone(),
        format!("{path}/lots"),
        format!("{path}/standards"),
        format!("{path}/contract-versions"),
        format!("/lots/{lot}"),
        format!("/standards/{standard}"),
        format!("/contract-versions/{contract}"),
    ];
    for hidden in &all {
        for client in [&*stranger, &*member, &*outsider, &*provider] {
            client.get(hidden).refused(404, "not_found");
        }
        operator.get(hidden).ok();
    }
    operator.act(&format!("{path}/open")).ok();
    for open in &all {
        for client in [&*stranger, &*outsider] {
            client.get(open).refused(404, "not_found");
        }
        for client in [&*operator, &*member, &*provider] {
            client.get(open).ok();
        }
    }
    for (client, seen) in [
        (&*operator, 1),
        (&*member, 1),
        (&*provider, 1),
        (&*stranger, 0),
        (&*outsider, 0),
    ] {
        let listed = client.get("/frameworks").ok();
        assert_eq!(listed["items"].as_array().unwrap().len(), seen, "{}", client.email());
    }
    // Nobody else writes: those who may know it are told so, to others it is not there.
    let writes: [(&str, String, Value); 7] = [
        ("PATCH", path.clone(), json!({"title": "Mine"})),
        ("POST", format!("{path}/lots"), with(lot_body(), json!({"code": "X"}))),
        ("PATCH", format!("/lots/{lot}"), json!({"title": "Mine"})),
        (
            "POST",
            format!("{path}/standards"),
            with(standard_body(), json!({"code": "X"})),
        ),
        ("PATCH", format!("/standards/{standard}"), json!({"title": "Mine"})),
        ("POST", format!("{path}/contract-versions"), contract_body(&program)),
        ("POST", format!("{path}/suspend"), json!({"reason": "Mine"})),
    ];
    for (method, path, body) in &writes {
        let body = body.to_string();
        stranger
            .call(method, path, Some(body.as_bytes()), &[])
            .refused(404, "not_found");
        for client in [&*member, &*provider] {
            client
                .call(method, path, Some(body.as_bytes()), &[])
                .refused(403, "forbidden");
        }
    }
    for verb in ["open", "close", "resume"] {
        stranger.act(&format!("{path}/{verb}")).refused(404, "not_found");
        provider.act(&format!("{path}/{verb}")).refused(403, "forbidden");
    }
    program.visitor().get("/frameworks").refused(401, "auth.required");
    operator.get("/frameworks/none").refused(404, "not_found");
}

#[test]
fn lists_come_in_parts_that_miss_and_repeat_nothing() {
    let program = Program::start();
    let operator = operator(&program);
    for number in 1..=5 {
        let body = with(program.framework_body(), json!({"reference": format!("F-{number}")}));
        operator.post("/frameworks", body).ok();
    }
    let (mut seen, mut path) = (Vec::new(), "/frameworks?limit=2&status=draft".to_owned());
    loop {
        let part = operator.get(&path).ok();
        seen.extend(
            part["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["reference"].as_str().unwrap().to_owned()),
        );
        let Some(next) = part["next"].as_str() else { break };
        path = format!("/frameworks?limit=2&status=draft&after={next}");
    }
    assert_eq!(seen, ["F-1", "F-2", "F-3", "F-4", "F-5"]);
    assert_eq!(operator.get("/frameworks?status=open").ok()["items"], json!([]));
    assert_eq!(operator.get("/frameworks?colour=red").wrong_fields()[0].0, "colour");
    assert_eq!(operator.get("/frameworks?status=ajar").wrong_fields()[0].0, "status");
}

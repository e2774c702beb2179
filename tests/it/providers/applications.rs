//! Applications: what they need, who may know of them, how they are decided.

use super::*;

#[test]
fn a_provider_applies_and_is_admitted() {
    let program = Program::start();
    let region = program.region();
    let provider = program.provider("Acorn");
    let begun = region.apply(&provider, &json!([region.lot]));
    let path = begun.header("location").trim_start_matches("/api/v1").to_owned();
    let begun = begun.ok();
    assert_eq!(
        (&begun["status"], &begun["lots"][0]["lot"]["code"]),
        (&json!("draft"), &json!("R1"))
    );
    region.operator.get(&path).refused(404, "not_found");
    let written = provider.admin.put(&path, region.content(&program)).ok();
    assert_eq!(written["answers"], region.content(&program)["answers"]);
    assert_eq!(written["insurance"], region.content(&program)["insurance"]);
    // 4 March 2026 is a Wednesday: ten working days later is the Wednesday two weeks on.
    let submitted = submit(&provider.admin, &id(&begun)).ok();
    assert_eq!(
        (&submitted["status"], &submitted["decision_due_on"]),
        (&json!("submitted"), &json!("2026-03-18"))
    );
    assert_eq!(region.operator.get(&path).ok()["provider"]["name"], "Acorn Care Ltd");
    assert!(!region.standing(&program, &provider).admitted);

    let decided = region.admitted_all(&id(&begun)).ok();
    assert_eq!(
        (&decided["status"], &decided["lots"][0]["outcome"]),
        (&json!("decided"), &json!("admitted"))
    );
    let admission = region.admission();
    assert_eq!(
        (&admission["status"], &admission["contract_accepted"]),
        (&json!("admitted"), &json!(true))
    );
    assert_eq!(
        (&admission["contract_version_to_accept"], &admission["suspension"]),
        (&Value::Null, &Value::Null)
    );
    assert!(region.standing(&program, &provider).may_bid());
    let own = provider.admin.get(&format!("/admissions/{}", id(&admission))).ok();
    assert_eq!(own["history"][0]["status"], "admitted");
}

#[test]
fn everything_missing_is_named_at_once() {
    let program = Program::start();
    let region = program.region();
    let provider = program.provider("Acorn");
    let application = id(&region.apply(&provider, &json!([region.lot])).ok());
    let problem = submit(&provider.admin, &application).refused(422, "application.standard_unanswered");
    let missing = pairs([
        ("answers", "application.standard_unanswered"),
        ("no_exclusion_grounds", "application.exclusion_undeclared"),
        ("insurance", "application.insurance_missing"),
        ("accepted_contract_version_id", "application.contract_not_accepted"),
    ]);
    assert_eq!(fields(&problem), missing);
    let path = format!("/applications/{application}");
    let insured_until_today = json!({"policy_number": "P-1", "cover": "1.00", "expires_on": program.day(0)});
    for (change, code) in [
        (json!({"answers": []}), "application.standard_unanswered"),
        (
            json!({"no_exclusion_grounds": false}),
            "application.exclusion_undeclared",
        ),
        (json!({"insurance": null}), "application.insurance_missing"),
        (
            json!({"insurance": insured_until_today}),
            "application.insurance_expired",
        ),
        (
            json!({"accepted_contract_version_id": null}),
            "application.contract_not_accepted",
        ),
    ] {
        provider.admin.put(&path, with(region.content(&program), change)).ok();
        let problem = submit(&provider.admin, &application).refused(422, code);
        assert_eq!(fields(&problem).len(), 1, "{code}");
    }
    assert_eq!(provider.admin.get(&path).ok()["status"], "draft");
}

#[test]
fn wrong_content_is_named_at_once_and_keeps_what_was() {
    let program = Program::start();
    let region = program.region();
    let provider = program.provider("Acorn");
    let application = id(&region.apply(&provider, &json!([region.lot])).ok());
    let path = format!("/applications/{application}");
    provider.admin.put(&path, region.content(&program)).ok();
    let other = hearth::ids::EXAMPLE;
    let unknown = json!({"lot_ids": [other, region.lot, region.lot], "accepted_contract_version_id": other,
        "answers": [{"standard_id": other, "statement": "None."}]});
    let expected = pairs([
        ("lot_ids[0]", "unknown"),
        ("lot_ids[2]", "repeated"),
        ("answers[0].standard_id", "unknown"),
        ("accepted_contract_version_id", "unknown"),
    ]);
    assert_eq!(
        provider
            .admin
            .put(&path, with(region.content(&program), unknown))
            .wrong_fields(),
        expected
    );
    let shapeless = json!({"lot_ids": [], "answers": [{"standard_id": region.standard, "statement": " "}], "fee": "0.00",
        "insurance": {"policy_number": "", "cover": 5, "expires_on": "soon"}, "no_exclusion_grounds": "yes"});
    let wrong = provider.admin.put(&path, shapeless).wrong_fields();
    let mut named: Vec<_> = wrong.iter().map(|(field, _)| field.as_str()).collect();
    named.sort_unstable();
    let expected = [
        "answers[0].statement",
        "fee",
        "insurance.cover",
        "insurance.expires_on",
        "insurance.policy_number",
        "lot_ids",
        "no_exclusion_grounds",
    ];
    assert_eq!(named, expected, "{wrong:?}");
    assert_eq!(provider.admin.get(&path).ok()["version"], 2, "nothing of it was kept");
    assert_eq!(region.apply(&provider, &json!([])).wrong_fields()[0].0, "lot_ids");
    assert_eq!(
        region.apply(&provider, &json!([other])).wrong_fields(),
        pairs([("lot_ids[0]", "unknown")])
    );
}

#[test]
fn each_verb_has_its_states() {
    let program = Program::start();
    let region = program.region();
    let provider = program.provider("Acorn");
    let application = region.application(&program, &provider);
    let path = format!("/applications/{application}");
    let verb = |verb: &str| provider.admin.act(&format!("{path}/{verb}"));
    let write = || provider.admin.put(&path, region.content(&program));
    let give_back = || {
        region
            .operator
            .post(&format!("{path}/return"), json!({"reason": "Say who leads."}))
    };

    region
        .apply(&provider, &json!([region.lot]))
        .refused(409, "application.already_exists");
    give_back().refused(404, "not_found");
    verb("submit").ok();
    verb("submit").refused(409, "application.not_editable");
    write().refused(409, "application.not_editable");
    region
        .apply(&provider, &json!([region.lot]))
        .refused(409, "application.already_exists");

    let returned = give_back().ok();
    assert_eq!(
        (&returned["status"], &returned["decision_due_on"]),
        (&json!("returned"), &Value::Null)
    );
    assert_eq!(returned["returned_reason"], "Say who leads.");
    give_back().refused(409, "application.not_submitted");
    region
        .admitted_all(&application)
        .refused(409, "application.not_submitted");
    write().ok();
    program.clock.advance(Duration::days(1));
    assert_eq!(verb("submit").ok()["decision_due_on"], "2026-03-19");

    let empty = region.operator.post(&format!("{path}/return"), json!({"reason": " "}));
    assert_eq!(empty.wrong_fields(), pairs([("reason", "required")]));
    region.admitted_all(&application).ok();
    region
        .admitted_all(&application)
        .refused(409, "application.not_submitted");
    verb("withdraw").refused(409, "application.over");
    let problem = region
        .apply(&provider, &json!([region.lot]))
        .refused(409, "application.already_admitted");
    assert_eq!(
        fields(&problem),
        pairs([("lot_ids[0]", "application.already_admitted")])
    );
    region.apply(&provider, &json!([region.second_lot()])).ok();
}

#[test]
fn what_is_withdrawn_makes_room_for_another() {
    let program = Program::start();
    let region = program.region();
    let provider = program.provider("Acorn");
    let draft = id(&region.apply(&provider, &json!([region.lot])).ok());
    provider.admin.act(&format!("/applications/{draft}/withdraw")).ok();
    assert_eq!(
        program.count("events WHERE kind = 'application_withdrawn'"),
        0,
        "the cooperative never had it"
    );
    let submitted = region.application(&program, &provider);
    submit(&provider.admin, &submitted).ok();
    let withdrawn = provider.admin.act(&format!("/applications/{submitted}/withdraw")).ok();
    assert_eq!(
        (&withdrawn["status"], &withdrawn["decision_due_on"]),
        (&json!("withdrawn"), &Value::Null)
    );
    provider
        .admin
        .act(&format!("/applications/{submitted}/withdraw"))
        .refused(409, "application.over");
    region
        .admitted_all(&submitted)
        .refused(409, "application.not_submitted");
    assert_eq!(program.count("events WHERE kind = 'application_withdrawn'"), 1);
    region.application(&program, &provider);
}

#[test]
fn every_lot_is_decided_with_a_reason_where_it_is_rejected() {
    let program = Program::start();
    let region = program.region();
    let provider = program.provider("Acorn");
    let second = region.second_lot();
    let application = id(&region.apply(&provider, &json!([second, region.lot])).ok());
    let content = with(region.content(&program), json!({"lot_ids": [second, region.lot]}));
    provider
        .admin
        .put(&format!("/applications/{application}"), content)
        .ok();
    submit(&provider.admin, &application).ok();
    let admitted = json!({"lot_id": region.lot, "outcome": "admitted"});
    let problem = region
        .decide(&application, json!([admitted]))
        .refused(422, "application.lot_undecided");
    assert_eq!(fields(&problem), pairs([("decisions", "application.lot_undecided")]));
    let no_reason = json!({"lot_id": second, "outcome": "rejected"});
    let wrong = region.decide(&application, json!([admitted, no_reason])).wrong_fields();
    assert_eq!(wrong, pairs([("decisions[1].reason", "required")]));
    let foreign = json!({"lot_id": hearth::ids::EXAMPLE, "outcome": "admitted"});
    let wrong = region
        .decide(&application, json!([admitted, admitted, foreign]))
        .wrong_fields();
    assert_eq!(
        wrong,
        pairs([("decisions[1].lot_id", "repeated"), ("decisions[2].lot_id", "unknown")])
    );
    let maybe = json!({"lot_id": second, "outcome": "maybe"});
    assert_eq!(
        region.decide(&application, json!([maybe])).wrong_fields()[0].0,
        "decisions[0].outcome"
    );

    let rejected = with(no_reason, json!({"reason": "No home for one child."}));
    let decided = region.decide(&application, json!([rejected, admitted])).ok();
    let outcomes: Vec<_> = decided["lots"]
        .as_array()
        .unwrap()
        .iter()
        .map(|lot| lot["outcome"].clone())
        .collect();
    assert_eq!(outcomes, ["admitted", "rejected"]);
    let own = provider.admin.get(&format!("/applications/{application}")).ok();
    assert_eq!(own["lots"][1]["reason"], "No home for one child.");
    assert_eq!(
        region.operator.get("/admissions").ok()["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    region.apply(&provider, &json!([second])).ok();
}

#[test]
fn a_decision_that_is_late_shows() {
    let program = Program::start();
    let region = program.region();
    let provider = program.provider("Acorn");
    let application = region.application(&program, &provider);
    submit(&provider.admin, &application).ok();
    let listed = |query: &str| region.operator.get(&format!("/applications?{query}")).ok()["items"].clone();
    assert_eq!(listed("due_by=2026-03-17"), json!([]));
    assert_eq!(listed("due_by=2026-03-18&status=submitted")[0]["overdue"], false);
    program.wait(Duration::days(15));
    assert_eq!(listed("due_by=2026-03-19")[0]["overdue"], true);
    assert_eq!(
        listed(&format!("framework_id={}", region.framework))[0]["id"],
        application.as_str()
    );
    assert_eq!(
        listed(&format!("provider_id={}", provider.organisation))[0]["id"],
        application.as_str()
    );
    assert_eq!(listed("status=decided"), json!([]));
    region.admitted_all(&application).ok();
    assert_eq!(listed("status=decided")[0]["overdue"], false);
}

#[test]
fn an_application_is_its_providers_and_its_cooperatives() {
    let program = Program::start();
    let region = program.region();
    let (provider, rival) = (program.provider("Acorn"), program.provider("Birch"));
    let stranger = program.operator("South West", "operator@west.example");
    let bidder = Bidder(program.person_of(
        &provider.admin,
        &provider.organisation,
        "bidder@acorn.example",
        "bidder",
    ));
    let application = region.application(&program, &provider);
    submit(&provider.admin, &application).ok();
    let path = format!("/applications/{application}");
    let content = region.content(&program).to_string();
    for client in [&*rival.admin, &*stranger] {
        client.get(&path).refused(404, "not_found");
        assert_eq!(client.get("/applications").ok()["items"], json!([]));
    }
    for client in [&*provider.admin, &*bidder, &*region.operator] {
        assert_eq!(client.get(&path).ok()["id"], application.as_str());
        assert_eq!(client.get("/applications").ok()["items"].as_array().unwrap().len(), 1);
    }
    region.commissioner.get(&path).refused(403, "forbidden");
    let auditor = region.auditor(&program);
    auditor.get(&path).refused(404, "not_found");
    assert_eq!(auditor.get("/applications").ok()["items"], json!([]));
    rival
        .admin
        .call("PUT", &path, Some(content.as_bytes()), &[])
        .refused(404, "not_found");
    for verb in ["submit", "withdraw"] {
        rival.admin.act(&format!("{path}/{verb}")).refused(404, "not_found");
        bidder.act(&format!("{path}/{verb}")).refused(403, "forbidden");
        region.operator.act(&format!("{path}/{verb}")).refused(403, "forbidden");
    }
    bidder
        .call("PUT", &path, Some(content.as_bytes()), &[])
        .refused(403, "forbidden");
    let decisions = json!({"decisions": [{"lot_id": region.lot, "outcome": "admitted"}]});
    stranger
        .post(&format!("{path}/decide"), decisions.clone())
        .refused(404, "not_found");
    stranger
        .post(&format!("{path}/return"), json!({"reason": "Mine."}))
        .refused(404, "not_found");
    provider
        .admin
        .post(&format!("{path}/decide"), decisions)
        .refused(403, "forbidden");

    region.admitted_all(&application).ok();
    let admission = id(&region.admission());
    let path = format!("/admissions/{admission}");
    for client in [&*rival.admin, &*stranger] {
        client.get(&path).refused(404, "not_found");
        assert_eq!(client.get("/admissions").ok()["items"], json!([]));
    }
    for client in [&*provider.admin, &*bidder, &*region.operator, &*region.commissioner] {
        client.get(&path).ok();
        assert_eq!(client.get("/admissions").ok()["items"].as_array().unwrap().len(), 1);
    }
    stranger
        .post(&format!("{path}/suspend"), json!({"reason": "Mine."}))
        .refused(404, "not_found");
    stranger
        .post(&format!("{path}/remove"), json!({"reason": "Mine."}))
        .refused(404, "not_found");
    stranger.act(&format!("{path}/reinstate")).refused(404, "not_found");
    rival.admin.act(&format!("{path}/leave")).refused(404, "not_found");
    bidder.act(&format!("{path}/leave")).refused(403, "forbidden");
    provider
        .admin
        .act(&format!("{path}/reinstate"))
        .refused(403, "forbidden");
}

#[test]
fn only_an_open_framework_in_its_window_is_applied_to() {
    let program = Program::start();
    let window = json!({"opens_on": program.day(1), "closes_on": program.day(2)});
    let region = program.region_with(json!({"admission": "windowed", "application_window": window}));
    let provider = program.provider("Acorn");
    region
        .apply(&provider, &json!([region.lot]))
        .refused(409, "framework.not_admitting");
    program.clock.advance(Duration::days(2));
    let application = region.application(&program, &provider);
    submit(&provider.admin, &application).ok();
    region
        .operator
        .post(
            &format!("/applications/{application}/return"),
            json!({"reason": "More."}),
        )
        .ok();
    let late = program.provider("Birch");
    let too_late = region.application(&program, &late);
    program.clock.advance(Duration::days(1));
    submit(&late.admin, &too_late).refused(409, "framework.not_admitting");
    let framework = format!("/frameworks/{}", region.framework);
    region
        .operator
        .post(&format!("{framework}/suspend"), json!({"reason": "A challenge."}))
        .ok();
    submit(&provider.admin, &application).refused(409, "framework.not_open");
    region.operator.act(&format!("{framework}/resume")).ok();
    submit(&provider.admin, &application).ok();
    region.operator.act(&format!("{framework}/close")).ok();
    region.admitted_all(&application).refused(409, "framework.closed");
    let rejected = json!([{"lot_id": region.lot, "outcome": "rejected", "reason": "The framework is closed."}]);
    region.decide(&application, rejected).ok();
}

#[test]
fn an_application_is_judged_standard_by_standard() {
    let program = Program::start();
    let region = program.region();
    let acorn = program.provider("Acorn");
    let application = region.application(&program, &acorn);
    let path = format!("/applications/{application}");
    let find = |body: Value| region.operator.put(&format!("{path}/findings"), body);
    let not_met = json!({"findings": [{"standard_id": region.standard, "outcome": "not_met", "note": "Who leads?"}]});
    find(not_met.clone()).refused(404, "not_found");
    submit(&acorn.admin, &application).ok();

    let no_note = json!({"findings": [{"standard_id": region.standard, "outcome": "not_met"}]});
    assert_eq!(find(no_note).wrong_fields(), pairs([("findings[0].note", "required")]));
    let foreign = json!({"findings": [{"standard_id": hearth::ids::EXAMPLE, "outcome": "met"}]});
    assert_eq!(
        find(foreign).wrong_fields(),
        pairs([("findings[0].standard_id", "unknown")])
    );
    let found = find(not_met).ok();
    assert_eq!(
        (&found["findings"][0]["outcome"], &found["findings"][0]["note"]),
        (&json!("not_met"), &json!("Who leads?"))
    );
    let stale = [("if-match", "\"1\"")];
    let body = json!({"findings": []}).to_string();
    let stale = region
        .operator
        .call("PUT", &format!("{path}/findings"), Some(body.as_bytes()), &stale);
    assert_eq!(stale.status, 412);
    let of_provider = || acorn.admin.get(&path).ok()["findings"].clone();
    assert_eq!(of_provider(), json!([]), "the cooperative is still at it");
    let problem = region
        .admitted_all(&application)
        .refused(422, "application.standard_not_met");
    assert_eq!(
        fields(&problem),
        pairs([("decisions[0].outcome", "application.standard_not_met")])
    );

    region
        .operator
        .post(&format!("{path}/return"), json!({"reason": "See QS7."}))
        .ok();
    assert_eq!(of_provider()[0]["note"], "Who leads?");
    // The same answer is found as it was.
    acorn.admin.put(&path, region.content(&program)).ok();
    submit(&acorn.admin, &application).ok();
    region
        .admitted_all(&application)
        .refused(422, "application.standard_not_met");
    region
        .operator
        .post(&format!("{path}/return"), json!({"reason": "See QS7."}))
        .ok();
    let better = json!({"answers": [{"standard_id": region.standard, "statement": "Ada Grant leads."}]});
    acorn.admin.put(&path, with(region.content(&program), better)).ok();
    assert_eq!(of_provider()[0]["of_earlier_answer"], true);
    submit(&acorn.admin, &application).ok();
    let met = json!({"findings": [{"standard_id": region.standard, "outcome": "met"}]});
    find(met.clone()).ok();
    region.admitted_all(&application).ok();
    assert_eq!(
        (&of_provider()[0]["outcome"], &of_provider()[0]["of_earlier_answer"]),
        (&json!("met"), &json!(false))
    );
    find(met).refused(409, "application.not_submitted");
}

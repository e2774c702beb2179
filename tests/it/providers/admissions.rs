//! Admissions: suspension, insurance, contract versions, the end.

use super::*;

#[test]
fn a_suspension_ends_at_its_moment_or_by_the_cooperative() {
    let program = Program::start();
    let region = program.region();
    let provider = region.admitted(&program, "Acorn");
    let path = format!("/admissions/{}", id(&region.admission()));
    let suspend = |body: Value| region.operator.post(&format!("{path}/suspend"), body);
    let verb = |verb: &str| region.operator.act(&format!("{path}/{verb}"));
    let in_state = |status: &str| {
        let listed = region.operator.get(&format!("/admissions?status={status}")).ok();
        listed["items"].as_array().unwrap().len()
    };
    verb("reinstate").refused(409, "admission.not_suspended");
    assert_eq!(suspend(json!({"until": "soon"})).wrong_fields().len(), 2);
    let past = json!({"reason": "An inquiry.", "until": program.in_minutes(0)});
    assert_eq!(suspend(past).wrong_fields(), pairs([("until", "range")]));

    let suspended = suspend(json!({"reason": "An inquiry.", "until": program.in_minutes(60)})).ok();
    assert_eq!(
        (&suspended["status"], &suspended["suspension"]["cause"]),
        (&json!("suspended"), &json!("cooperative"))
    );
    suspend(json!({"reason": "Again."})).refused(409, "admission.already_suspended");
    assert_eq!((in_state("admitted"), in_state("suspended")), (0, 1));
    assert_eq!(
        region.standing(&program, &provider),
        Standing {
            admitted: true,
            suspended: true,
            contract_accepted: true
        }
    );
    program.wait(Duration::minutes(60));
    assert_eq!(region.admission()["status"], "admitted");
    assert_eq!((in_state("admitted"), in_state("suspended")), (1, 0));
    assert!(region.standing(&program, &provider).may_bid());

    suspend(json!({"reason": "For good."})).ok();
    program.wait(Duration::days(30));
    assert_eq!(region.admission()["suspension"]["until"], Value::Null);
    verb("reinstate").ok();
    assert!(region.standing(&program, &provider).may_bid());
    let history = region.operator.get(&path).ok()["history"].clone();
    let states: Vec<_> = history
        .as_array()
        .unwrap()
        .iter()
        .map(|change| change["status"].clone())
        .collect();
    assert_eq!(states, ["admitted", "suspended", "suspended", "admitted"]);

    region
        .operator
        .post(&format!("{path}/remove"), json!({"reason": "Struck off."}))
        .ok();
    assert_eq!(
        (region.admission()["status"].clone(), in_state("removed")),
        (json!("removed"), 1)
    );
    assert!(!region.standing(&program, &provider).admitted);
    verb("reinstate").refused(409, "admission.ended");
    suspend(json!({"reason": "Late."})).refused(409, "admission.ended");
    provider
        .admin
        .act(&format!("{path}/leave"))
        .refused(409, "admission.ended");
}

#[test]
fn who_left_may_come_back() {
    let program = Program::start();
    let region = program.region();
    let provider = region.admitted(&program, "Acorn");
    let path = format!("/admissions/{}", id(&region.admission()));
    assert_eq!(provider.admin.act(&format!("{path}/leave")).ok()["status"], "left");
    assert!(!region.standing(&program, &provider).admitted);
    let application = region.application(&program, &provider);
    submit(&provider.admin, &application).ok();
    region.admitted_all(&application).ok();
    assert!(region.standing(&program, &provider).may_bid());
}

#[test]
fn expired_insurance_suspends_until_it_is_renewed() {
    let program = Program::start();
    let region = program.region();
    let provider = region.admitted(&program, "Acorn");
    let path = format!("/providers/{}/insurance", provider.organisation);
    let told = |kind: &str| {
        for _ in 0..2 {
            program.db().write_now(remind_of_expiry).unwrap();
        }
        program.count(&format!("events WHERE kind = '{kind}'"))
    };
    let insure = |days: i64| {
        let insurance = json!({"policy_number": "P-2", "cover": "5000000.00", "expires_on": program.day(days)});
        provider.admin.put(&path, insurance)
    };
    assert_eq!(told("insurance_expiring"), 0);
    for (days, reminders) in [(209, 0), (1, 1), (29, 1), (1, 2), (30, 3), (23, 4), (7, 4)] {
        program.wait(Duration::days(days));
        assert_eq!(told("insurance_expiring"), reminders, "on {}", program.day(0));
    }
    assert_eq!(region.admission()["insurance_expires_on"], json!(program.day(0)));
    assert!(region.standing(&program, &provider).may_bid(), "its last day counts");
    assert_eq!(told("insurance_expired"), 0);
    program.wait(Duration::days(1));
    assert!(region.standing(&program, &provider).suspended);
    assert_eq!(region.admission()["suspension"]["cause"], "insurance_expired");
    assert_eq!(told("insurance_expired"), 1);
    let listed = region.operator.get("/admissions?status=suspended").ok();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    let admission = id(&region.admission());
    region
        .operator
        .act(&format!("/admissions/{admission}/reinstate"))
        .refused(409, "admission.insurance_expired");

    assert_eq!(insure(0).wrong_fields(), pairs([("expires_on", "range")]));
    let insured = insure(365).ok();
    assert_eq!(insured["insurance"]["policy_number"], "P-2");
    assert!(region.standing(&program, &provider).may_bid());
    assert_eq!(told("insurance_renewed"), 1);
    region
        .operator
        .put(
            &path,
            json!({"policy_number": "P", "cover": "1.00", "expires_on": "2030-01-01"}),
        )
        .refused(403, "forbidden");
}

#[test]
fn a_new_contract_version_is_accepted_by_its_day_or_no_bid_is_sent() {
    let program = Program::start();
    let region = program.region();
    let (provider, rival) = (region.admitted(&program, "Acorn"), region.admitted(&program, "Birch"));
    let outside = program.provider("Cedar");
    let path = format!("/frameworks/{}/contract-versions", region.framework);
    let publish = |days: i64| {
        let body = json!({"title": "Terms", "text": format!("In {days} days"), "effective_on": program.day(days)});
        id(&region.operator.post(&path, body).ok())
    };
    let accept = |client: &Client, version: &str| client.act(&format!("/contract-versions/{version}/accept"));
    let second = publish(7);
    let asked = provider.admin.get("/admissions").ok()["items"][0].clone();
    assert_eq!(
        (&asked["contract_accepted"], &asked["contract_version_to_accept"]["id"]),
        (&json!(true), &json!(second))
    );
    assert!(region.standing(&program, &provider).may_bid());
    accept(&outside.admin, &second).refused(409, "contract.not_party");
    accept(&region.operator, &second).refused(403, "forbidden");
    let accepted = accept(&provider.admin, &second).ok();
    assert_eq!(accepted["number"], 2);
    accept(&provider.admin, &second).ok();
    let listed = region
        .operator
        .get(&format!("/contract-versions/{second}/acceptances"))
        .ok();
    let by_name: Vec<_> = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["provider"]["name"].clone(), one["accepted_at"].is_null()))
        .collect();
    assert_eq!(
        by_name,
        [(json!("Acorn Care Ltd"), false), (json!("Birch Care Ltd"), true)]
    );
    let own = rival
        .admin
        .get(&format!("/contract-versions/{second}/acceptances"))
        .ok();
    assert_eq!(own["items"].as_array().unwrap().len(), 1);
    assert_eq!(own["items"][0]["provider"]["id"], rival.organisation.as_str());
    program.wait(Duration::days(7));
    assert!(region.standing(&program, &provider).may_bid());
    let behind = region.standing(&program, &rival);
    assert_eq!(
        behind,
        Standing {
            admitted: true,
            suspended: false,
            contract_accepted: false
        }
    );
    accept(&rival.admin, &region.contract).refused(409, "contract.superseded");
    accept(&rival.admin, &second).ok();
    assert!(region.standing(&program, &rival).may_bid());
    // Applicants accept what is in force, not what it replaced.
    let application = region.application(&program, &outside);
    submit(&outside.admin, &application).refused(422, "application.contract_not_accepted");
    accept(&outside.admin, &second).ok();
    program
        .visitor()
        .act(&format!("/contract-versions/{second}/accept"))
        .refused(401, "auth.required");
}

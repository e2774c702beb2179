//! Accounts over HTTP: sign-in and its throttle, tokens, links, people, registrations, the audit log.

use chrono::Duration;
use serde_json::json;

use crate::support::client::PASSWORD;
use crate::support::{Program, id};

fn signed_in(program: &Program, email: &str) -> serde_json::Value {
    program
        .visitor()
        .post("/auth/sign-in", json!({"email": email, "password": PASSWORD}))
        .ok()
}

#[test]
fn a_wrong_password_and_an_unknown_address_are_refused_alike() {
    let program = Program::start();
    program.operator("South East", "operator@coop.example");
    for email in ["operator@coop.example", "nobody@coop.example"] {
        let body = json!({"email": email, "password": "wrong-Horse-7-battery"});
        program
            .visitor()
            .post("/auth/sign-in", body)
            .refused(401, "auth.credentials_wrong");
    }
}

#[test]
fn failed_sign_ins_make_an_address_wait_and_the_wait_ends() {
    let program = Program::start();
    program.operator("South East", "operator@coop.example");
    let wrong = json!({"email": "operator@coop.example", "password": "wrong-Horse-7-battery"});
    for _ in 0..5 {
        program
            .visitor()
            .post("/auth/sign-in", wrong.clone())
            .refused(401, "auth.credentials_wrong");
    }
    let right = json!({"email": "operator@coop.example", "password": PASSWORD});
    let answer = program.visitor().post("/auth/sign-in", right.clone());
    assert_eq!(answer.header("retry-after"), "61");
    answer.refused(429, "too_many_requests");
    program.wait(Duration::seconds(61));
    program.visitor().post("/auth/sign-in", right).ok();
}

#[test]
fn a_refresh_token_is_good_once_and_its_reuse_ends_the_session() {
    let program = Program::start();
    program.operator("South East", "operator@coop.example");
    let first = signed_in(&program, "operator@coop.example");
    let visitor = program.visitor();
    let second = visitor
        .post("/auth/refresh", json!({"refresh_token": first["refresh_token"]}))
        .ok();
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    let mails = program.mails_during("operator@coop.example", || {
        visitor
            .post("/auth/refresh", json!({"refresh_token": first["refresh_token"]}))
            .refused(401, "auth.refresh_token_reused");
    });
    assert_eq!(mails.len(), 1, "the owner is told");
    visitor
        .post("/auth/refresh", json!({"refresh_token": second["refresh_token"]}))
        .refused(401, "auth.session_ended");
    let token = second["access_token"].as_str().unwrap().to_string();
    visitor
        .as_person("operator@coop.example", token)
        .get("/me")
        .refused(401, "auth.session_ended");
}

#[test]
fn a_lost_answer_to_a_refresh_is_had_again_by_its_key() {
    let program = Program::start();
    program.operator("South East", "operator@coop.example");
    let first = signed_in(&program, "operator@coop.example");
    let body = json!({"refresh_token": first["refresh_token"]}).to_string();
    let refresh = || {
        program
            .visitor()
            .call(
                "POST",
                "/auth/refresh",
                Some(body.as_bytes()),
                &[("idempotency-key", "k1")],
            )
            .ok()
    };
    assert_eq!(refresh(), refresh());
}

#[test]
fn signing_out_ends_the_access_token_too() {
    let program = Program::start();
    program.operator("South East", "operator@coop.example");
    let session = signed_in(&program, "operator@coop.example");
    let token = session["access_token"].as_str().unwrap().to_string();
    let person = program.visitor().as_person("operator@coop.example", token);
    assert_eq!(person.get("/me/sessions").ok()["items"].as_array().unwrap().len(), 2);
    let out = program
        .visitor()
        .post("/auth/sign-out", json!({"refresh_token": session["refresh_token"]}));
    assert_eq!(out.status, 204);
    person.get("/me").refused(401, "auth.session_ended");
}

#[test]
fn the_name_of_the_scheme_is_read_in_any_case() {
    let program = Program::start();
    program.operator("South East", "operator@coop.example");
    let session = signed_in(&program, "operator@coop.example");
    let token = session["access_token"].as_str().unwrap();
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let authorization = format!("{scheme} {token}");
        let answer = program
            .visitor()
            .call("GET", "/me", None, &[("authorization", &authorization)]);
        answer.ok();
    }
}

#[test]
fn nobody_is_mailed_links_again_and_again() {
    let program = Program::start();
    program.operator("South East", "operator@coop.example");
    let ten_times = |path: &str, body: serde_json::Value| {
        for _ in 0..10 {
            // Whoever asks is told nothing.
            assert_eq!(program.visitor().post(path, body.clone()).status, 202);
        }
    };
    let forget = || {
        ten_times(
            "/auth/password-reset-requests",
            json!({"email": "operator@coop.example"}),
        );
    };
    assert_eq!(program.mails_during("operator@coop.example", forget).len(), 5);
    program.link("operator@coop.example", "reset");
    program.wait(Duration::minutes(60));
    assert_eq!(program.mails_during("operator@coop.example", forget).len(), 5);
    let person = json!({"name": "Pro Vider", "email": "new@acorn.example"});
    ten_times(
        "/provider-registrations",
        json!({"name": "Acorn Care Ltd", "company_number": "01234567", "person": person}),
    );
    assert_eq!(program.mails_to("new@acorn.example").len(), 5);
    program.join("new@acorn.example");
}

#[test]
fn no_stranger_has_a_link_of_their_own_mailed() {
    let program = Program::start();
    let register = |name: &str, person: &str| {
        let body =
            json!({"name": name, "company_number": "01234567", "person": {"name": person, "email": "a@b.example"}});
        program.visitor().post("/provider-registrations", body).wrong_fields()
    };
    let wrong = |field: &str, code: &str| [(field.to_string(), code.to_string())];
    assert_eq!(
        register("A prize: http://evil.example", "Jo Bloggs"),
        wrong("name", "name.web_address")
    );
    assert_eq!(
        register("Acorn \u{202e}moc.live", "Jo Bloggs"),
        wrong("name", "one_line")
    );
    assert_eq!(
        register("Acorn Care Ltd", "See www.evil.example"),
        wrong("person.name", "name.invalid")
    );
}

#[test]
fn tokens_that_are_not_ours_are_refused() {
    let program = Program::start();
    let forged = program
        .visitor()
        .as_person("x@y.example", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.".to_string());
    forged.get("/me").refused(401, "auth.token_invalid");
    let basic = program
        .visitor()
        .call("GET", "/me", None, &[("authorization", "Basic eDp5")]);
    basic.refused(401, "auth.scheme_unknown");
}

#[test]
fn a_join_link_is_good_once_in_time_and_for_a_good_password() {
    let program = Program::start();
    let operator = program.operator("South East", "operator@coop.example");
    let me = operator.get("/me").ok();
    let body = json!({"organisation_id": me["organisation"]["id"], "name": "Au Ditor", "email": "auditor@coop.example", "role": "auditor"});
    let person = operator.post("/people", body).ok();
    let token = program.link("auditor@coop.example", "join");
    let visitor = program.visitor();
    for (weak, code) in [
        ("short", "password.length"),
        ("password1234", "password.common"),
        ("auditor@coop.example", "password.common"),
    ] {
        let wrong = visitor
            .post("/auth/join", json!({"token": token, "password": weak}))
            .wrong_fields();
        assert_eq!(wrong, [("password".to_string(), code.to_string())], "{weak}");
    }
    visitor
        .post("/auth/join", json!({"token": token, "password": PASSWORD}))
        .ok();
    visitor
        .post("/auth/join", json!({"token": token, "password": PASSWORD}))
        .refused(409, "link.spent");
    visitor
        .post("/auth/join", json!({"token": "nonsense", "password": PASSWORD}))
        .refused(422, "link.unknown");
    operator
        .act(&format!("/people/{}/invite-again", id(&person)))
        .refused(409, "person.state_unfit");
}

#[test]
fn a_forgotten_password_is_set_anew_by_mail() {
    let program = Program::start();
    let operator = program.operator("South East", "operator@coop.example");
    let visitor = program.visitor();
    for email in ["operator@coop.example", "nobody@coop.example"] {
        assert_eq!(
            visitor
                .post("/auth/password-reset-requests", json!({"email": email}))
                .status,
            202
        );
    }
    let token = program.link("operator@coop.example", "reset");
    let new = "seven-Lamps-by-the-canal";
    assert_eq!(
        visitor
            .post("/auth/password-resets", json!({"token": token, "password": new}))
            .status,
        204
    );
    visitor
        .post(
            "/auth/sign-in",
            json!({"email": "operator@coop.example", "password": PASSWORD}),
        )
        .refused(401, "auth.credentials_wrong");
    visitor
        .post(
            "/auth/sign-in",
            json!({"email": "operator@coop.example", "password": new}),
        )
        .ok();
    // Whoever was signed in before is not any more.
    assert_eq!(operator.call("GET", "/me", None, &[]).status, 401);
}

#[test]
fn links_run_out() {
    let program = Program::start();
    program.operator("South East", "operator@coop.example");
    let visitor = program.visitor();
    visitor.post(
        "/auth/password-reset-requests",
        json!({"email": "operator@coop.example"}),
    );
    let token = program.link("operator@coop.example", "reset");
    program.wait(Duration::minutes(60));
    visitor
        .post(
            "/auth/password-resets",
            json!({"token": token, "password": "seven-Lamps-by-the-canal"}),
        )
        .refused(409, "link.expired");
}

#[test]
fn an_operator_invites_into_the_cooperative_and_its_members_only() {
    let program = Program::start();
    let region = program.region();
    let elsewhere = program.operator("Greater Manchester", "operator@gm.example");
    let person = |organisation: &serde_json::Value, email: &str, role: &str| json!({"organisation_id": organisation, "name": "Per Son", "email": email, "role": role});
    let authority = region.commissioner.get("/me").ok()["organisation"]["id"].clone();
    elsewhere
        .post("/people", person(&authority, "p@reading.example", "commissioner"))
        .refused(404, "not_found");
    region
        .operator
        .post("/people", person(&authority, "p@reading.example", "bidder"))
        .refused(422, "person.role_unfit");
    region
        .operator
        .post("/people", person(&authority, "p@reading.example", "commissioner"))
        .ok();
    region
        .operator
        .post("/people", person(&authority, "P@Reading.example", "approver"))
        .refused(409, "person.email_taken");
    let acorn = program.provider("Acorn");
    let provider = acorn.admin.get("/me").ok()["organisation"]["id"].clone();
    region
        .operator
        .post("/people", person(&provider, "q@acorn.example", "bidder"))
        .refused(404, "not_found");
    acorn
        .admin
        .post("/people", person(&provider, "q@acorn.example", "bidder"))
        .ok();
    program.settle();
}

#[test]
fn whoever_takes_in_an_authority_that_is_there_has_no_say_over_it() {
    let program = Program::start();
    let region = program.region();
    program.clock.advance(Duration::minutes(1));
    let elsewhere = program.operator("Greater Manchester", "operator@gm.example");
    let reading = json!({"gss_code": "E06000038", "member_from": "2020-01-01"});
    let authority = id(&elsewhere.post("/authorities", reading).ok());
    let me = region.commissioner.get("/me").ok();
    assert_eq!(id(&me["organisation"]), authority);

    let own =
        |email: &str| json!({"organisation_id": authority, "name": "Per Son", "email": email, "role": "commissioner"});
    elsewhere
        .post("/people", own("spy@gm.example"))
        .refused(404, "not_found");
    elsewhere
        .act(&format!("/people/{}/deactivate", id(&me["person"])))
        .refused(404, "not_found");
    let log = elsewhere.get("/audit-events?limit=200").ok();
    let whose = |event: &serde_json::Value| event["organisation_id"].as_str() == Some(authority.as_str());
    assert!(!log["items"].as_array().unwrap().iter().any(whose), "{log}");
    let people = program.browser_of(&elsewhere).get("/people").ok();
    assert!(
        !people.text().contains(region.commissioner.email()),
        "{}",
        people.text()
    );

    region.operator.post("/people", own("second@reading.example")).ok();
    program.settle();
}

#[test]
fn who_is_deactivated_is_out_at_once() {
    let program = Program::start();
    let acorn = program.provider("Acorn");
    let bidder = acorn.bidder(&program, "second@acorn.example");
    let person = id(&bidder.get("/me").ok()["person"]);
    acorn.admin.act(&format!("/people/{person}/deactivate")).ok();
    assert_eq!(bidder.call("GET", "/homes", None, &[]).status, 401);
    acorn.admin.act(&format!("/people/{person}/reactivate")).ok();
    program.visitor().signed_in("second@acorn.example").get("/me").ok();
    let own = id(&acorn.admin.get("/me").ok()["person"]);
    acorn
        .admin
        .act(&format!("/people/{own}/deactivate"))
        .refused(409, "person.oneself");
}

#[test]
fn a_provider_registers_once() {
    let program = Program::start();
    let visitor = program.visitor();
    let body = |email: &str| json!({"name": "Acorn Care Ltd", "company_number": "01234567", "person": {"name": "Pro Vider", "email": email}});
    assert_eq!(
        visitor.post("/provider-registrations", body("a@acorn.example")).status,
        202
    );
    program.join("a@acorn.example");
    visitor
        .post("/provider-registrations", body("b@acorn.example"))
        .refused(409, "provider.already_registered");
    let mut wrong = visitor
        .post(
            "/provider-registrations",
            json!({"name": "", "person": {"name": "X Y", "email": "z"}, "fee": 1}),
        )
        .wrong_fields();
    wrong.sort();
    let fields: Vec<&str> = wrong.iter().map(|(field, _)| field.as_str()).collect();
    assert!(
        ["company_number", "fee", "name", "person.email"]
            .iter()
            .all(|field| fields.contains(field)),
        "{fields:?}"
    );
}

#[test]
fn the_audit_log_shows_each_cooperative_its_own() {
    let program = Program::start();
    let region = program.region();
    let elsewhere = program.operator("Greater Manchester", "operator@gm.example");
    let verbs = |answer: serde_json::Value| -> Vec<String> {
        answer["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["verb"].as_str().unwrap().to_string())
            .collect()
    };
    let own = verbs(region.operator.get("/audit-events?limit=200").ok());
    assert!(own.contains(&"authority.add".to_string()), "{own:?}");
    let other = verbs(elsewhere.get("/audit-events?limit=200").ok());
    assert!(!other.contains(&"authority.add".to_string()), "{other:?}");
    let page = region.operator.get("/audit-events?limit=1").ok();
    let next = page["next"].as_str().expect("more follows");
    let second = region.operator.get(&format!("/audit-events?limit=1&after={next}")).ok();
    assert_ne!(page["items"][0]["seq"], second["items"][0]["seq"]);
    region.operator.get("/audit-events?verb=x").wrong_fields();
}

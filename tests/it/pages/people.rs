//! Accounts in the browser: registering, people, authorities, who did what.

use chrono::Duration;

use crate::support::client::PASSWORD;
use crate::support::{Program, id};

#[test]
fn a_provider_registers_and_joins_in_the_browser() {
    let program = Program::start();
    let browser = program.browser();
    let page = browser.get("/register").ok();
    let wrong = browser.send(
        &page,
        "/register",
        &[("name", "Acorn Care Ltd"), ("person.email", "nobody")],
    );
    assert_eq!(wrong.status, 422);
    wrong
        .says("“Company number” is needed, or else the charity number")
        .says("Your full name");
    let typed = wrong.form("/register");
    assert!(
        typed.contains(&("name".into(), "Acorn Care Ltd".into()))
            && typed.contains(&("person.email".into(), "nobody".into()))
    );
    let sent = browser.send(
        &wrong,
        "/register",
        &[
            ("company_number", "01234567"),
            ("person.name", "Ada Oak"),
            ("person.email", "ada@acorn.example"),
        ],
    );
    assert_eq!(sent.path, "/register/sent");
    sent.ok().says("Look into your mail");
    program.settle();
    let path = format!("/join/{}", program.link("ada@acorn.example", "join"));
    let page = browser.get(&path).ok();
    let home = browser.send(&page, &path, &[("password", PASSWORD)]).ok();
    home.says("Welcome: you have joined.");
    let me = browser.get("/me").ok();
    me.says("Ada Oak").says("Provider administrator").says("Acorn Care Ltd");
    let people = browser.get("/people").ok();
    people.says("ada@acorn.example");
    // The form has a link to whoever registers the same company again.
    let again = program.browser();
    let page = again.get("/register").ok();
    let known = again.send(
        &page,
        "/register",
        &[
            ("name", "Acorn"),
            ("company_number", "01234567"),
            ("person.name", "Eve Oak"),
            ("person.email", "eve@acorn.example"),
        ],
    );
    assert_eq!(known.status, 409);
    known.says("A provider with this number is registered.");
}

#[test]
fn an_address_registers_no_oftener_by_page_than_by_the_api() {
    let program = Program::with(&[("HEARTH_SIGN_INS_PER_MINUTE", "1")]);
    let browser = program.browser();
    let page = browser.get("/register").ok();
    let registers = |email| {
        let fields = [
            ("name", "Acorn Care Ltd"),
            ("company_number", "01234567"),
            ("person.name", "Ada Oak"),
            ("person.email", email),
        ];
        browser.send(&page, "/register", &fields).status
    };
    assert_eq!(registers("ada@acorn.example"), 200);
    assert_eq!(registers("bea@acorn.example"), 429);
    program.settle();
}

#[test]
fn people_are_invited_found_and_shut_out() {
    let program = Program::start();
    let region = program.region();
    let acorn = program.provider("Acorn");
    let browser = program.browser_of(&acorn.admin);
    let page = browser.get("/people/invite").ok();
    let wrong = browser.send(
        &page,
        "/people",
        &[("name", "Bea Birch"), ("email", "bea@acorn.example")],
    );
    assert_eq!(wrong.status, 422);
    wrong.says("Role");
    let done = browser.send(&wrong, "/people", &[("role", "bidder")]).ok();
    done.says("Bea Birch is invited").says("Invited");
    let bea = done.links().into_iter().find(|link| {
        link.strip_prefix("/people/").is_some_and(|rest| rest.len() == 36)
            && browser.get(link).text().contains("bea@acorn.example")
    });
    let bea = bea.unwrap();
    let page = browser.get(&bea).ok();
    browser
        .send(&page, &format!("{bea}/invite-again"), &[])
        .ok()
        .says("A new link to join");
    program.join("bea@acorn.example");
    assert_eq!(browser.send(&page, &format!("{bea}/invite-again"), &[]).path, bea);

    let found = browser.get("/people?search=BIRCH&role=bidder&state=active").ok();
    found.says("Bea Birch");
    assert!(!found.text().contains("Pro Vider"));
    browser
        .get("/people?search=100%25")
        .ok()
        .says("Nobody fits this filter.");
    let by_invitation = browser.get("/people?sort=invited&limit=1").ok();
    by_invitation.says("Pro Vider");
    let next = by_invitation
        .links()
        .into_iter()
        .find(|link| link.contains("after="))
        .unwrap();
    assert!(next.contains("sort=invited"));
    browser.get(&next).ok().says("Bea Birch");
    let by_name = browser.get("/people?limit=1").ok();
    by_name.says("Bea Birch");
    let next = by_name
        .links()
        .into_iter()
        .find(|link| link.contains("after="))
        .unwrap();
    browser.get(&next).ok().says("Pro Vider");
    let file = browser.get("/people.csv?role=bidder").ok();
    assert!(file.content_type.starts_with("text/csv") && file.html.contains("Bea Birch,bea@acorn.example,Bidder"));

    let theirs = program.browser().sign_in("bea@acorn.example");
    let check = browser.get(&format!("{bea}/deactivate")).ok();
    check.says("End Bea Birch’s access?").says("signed out at once");
    browser
        .send(&check, &format!("{bea}/deactivate"), &[])
        .ok()
        .says("can’t sign in any more");
    assert_eq!(theirs.get("/people").path, "/sign-in?next=%2Fpeople");
    let page = browser.get(&bea).ok();
    browser
        .send(&page, &format!("{bea}/reactivate"), &[])
        .ok()
        .says("can sign in again");

    // A bidder sees who is there, and changes nothing; another provider sees nobody.
    let theirs = program.browser().sign_in("bea@acorn.example");
    let list = theirs.get("/people").ok();
    assert!(!list.has("a[href='/people/invite']") && list.text().contains("Pro Vider"));
    assert_eq!(theirs.get("/people/invite").status, 403);
    assert!(theirs.get(&bea).ok().forms().iter().all(|form| form == "/sign-out"));
    let beech = program.provider("Beech");
    let stranger = program.browser_of(&beech.admin);
    assert_eq!(stranger.get(&bea).status, 404);
    assert_eq!(stranger.get(&format!("{bea}/deactivate")).status, 404);
    assert_eq!(program.browser_of(&region.commissioner).get(&bea).status, 404);
}

#[test]
fn whoever_was_shut_out_before_joining_does_not_join() {
    let program = Program::start();
    let acorn = program.provider("Acorn");
    let browser = program.browser_of(&acorn.admin);
    let page = browser.get("/people/invite").ok();
    let invited = [
        ("name", "Bea Birch"),
        ("email", "bea@acorn.example"),
        ("role", "bidder"),
    ];
    let list = browser.send(&page, "/people", &invited).ok();
    let token = program.link("bea@acorn.example", "join");
    let links = list.links();
    let bea = links
        .iter()
        .filter(|link| link.strip_prefix("/people/").is_some_and(|rest| rest.len() == 36))
        .find(|link| browser.get(link).text().contains("bea@acorn.example"))
        .unwrap();
    let check = browser.get(&format!("{bea}/deactivate")).ok();
    check.says("They never joined");
    browser.send(&check, &format!("{bea}/deactivate"), &[]).ok();
    assert_eq!(program.browser().get(&format!("/join/{token}")).status, 409);
    program
        .visitor()
        .post("/auth/join", serde_json::json!({"token": token, "password": PASSWORD}))
        .refused(409, "link.spent");
}

#[test]
fn an_operator_takes_an_authority_in_and_invites_its_first_commissioner() {
    let program = Program::start();
    let region = program.region();
    let browser = program.browser_of(&region.operator);
    let list = browser.get("/authorities").ok();
    list.says("Reading").says("Surrey");
    let page = browser.get("/authorities/new").ok();
    let codes = page.html.matches("<option").count();
    assert!(
        codes > 140 && !page.html.contains("E06000038"),
        "members are not offered"
    );
    let wrong = browser.send(
        &page,
        "/authorities",
        &[
            ("member_from.day", "31"),
            ("member_from.month", "2"),
            ("member_from.year", "2026"),
        ],
    );
    assert_eq!(wrong.status, 422);
    wrong.says("must be a real day");
    let invite = browser.send(
        &wrong,
        "/authorities",
        &[
            ("gss_code", "E06000037"),
            ("member_from.day", ""),
            ("member_from.month", ""),
            ("member_from.year", ""),
        ],
    );
    assert!(invite.path.starts_with("/people/invite?organisation="));
    invite.clone().ok().says("Now invite its first commissioner.");
    assert!(invite.form("/people").contains(&("role".into(), "commissioner".into())));
    let unfit = browser.send(
        &invite,
        "/people",
        &[
            ("name", "Com Missioner"),
            ("email", "first@westberkshire.example"),
            ("role", "operator"),
        ],
    );
    assert_eq!(unfit.status, 422);
    unfit.says("“Operator” is no role in this organisation (Local authority).");
    browser
        .send(&unfit, "/people", &[("role", "commissioner")])
        .ok()
        .says("Com Missioner is invited");
    program.join("first@westberkshire.example");
    let list = browser.get("/authorities?search=berk").ok();
    list.says("West Berkshire").says("Its people");
    assert!(!list.text().contains("Reading"));
    assert!(
        browser
            .get("/authorities.csv")
            .ok()
            .html
            .contains("West Berkshire,E06000037")
    );
    // Everybody of the members stands among the operator's people.
    browser.get("/people").ok().says("first@westberkshire.example");

    let later = browser.get("/authorities/new").ok();
    let year = program.day(400).format("%Y").to_string();
    let done = browser.send(
        &later,
        "/authorities",
        &[
            ("gss_code", "E06000039"),
            ("member_from.day", "1"),
            ("member_from.month", "4"),
            ("member_from.year", &year),
        ],
    );
    done.ok().says("Slough becomes a member on 1 April");
    let commissioner = program.browser_of(&region.commissioner);
    assert_eq!(commissioner.get("/authorities").status, 403);
    assert_eq!(commissioner.get("/authorities/new").status, 403);
    // Whoever is of no member authority is not the operator's to see.
    let acorn = program.provider("Acorn");
    let admin = id(&acorn.admin.get("/me").ok()["person"]);
    assert_eq!(browser.get(&format!("/people/{admin}")).status, 404);
}

#[test]
fn the_log_says_in_words_who_did_what() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    region.home(&program, &acorn, "Acorn House", serde_json::json!({}));
    let browser = program.browser_of(&region.operator);
    let log = browser.get("/audit").ok();
    log.says("Signed in")
        .says("Decided an application")
        .says("Op Erator, Operator");
    assert!(log.html.len() < 60_000, "{}", log.html.len());
    let of_acorn = browser.get("/audit?who=acorn+care").ok();
    of_acorn.says("Registered a home").says("Acorn Care Ltd");
    // What a provider does under frameworks is not for every cooperative; what this one decides is its own.
    let rows = of_acorn.texts("main tbody tr");
    assert!(rows.iter().all(|row| !row.contains("an application")), "{rows:?}");
    let today = program.day(0);
    browser
        .get(&format!("/audit?from={today}&to={today}&kind=framework"))
        .ok()
        .says("Opened a framework");
    browser
        .get(&format!("/audit?to={}", program.day(-2)))
        .ok()
        .says("Nothing was done that fits this filter.");
    assert_eq!(browser.get("/audit?from=yesterday").status, 422);
    let first = browser.get("/audit?limit=2").ok();
    let next = first.links().into_iter().find(|link| link.contains("after=")).unwrap();
    assert_ne!(browser.get(&next).ok().text(), first.text());
    let file = browser.get("/audit.csv?kind=application").ok();
    assert!(file.content_type.starts_with("text/csv") && file.html.contains("Decided an application"));
    // A provider has no log; an authority's auditor has that of the authority.
    assert_eq!(program.browser_of(&acorn.admin).get("/audit").status, 403);
    let auditor = program.browser_of(&region.auditor(&program));
    let log = auditor.get("/audit").ok();
    let rows = log.texts("main tbody tr");
    assert!(
        rows.iter().all(|row| !row.contains("Decided an application")),
        "{rows:?}"
    );
    log.says("Signed in");
}

#[test]
fn an_operator_does_not_learn_from_the_log_what_a_bid_cost() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    let home = region.home(&program, &acorn, "Acorn House", serde_json::json!({}));
    let request = region.published(&program, serde_json::json!({}));
    let bid = acorn.submits(&program, &request, &home, "4800.00");
    program.wait(Duration::hours(4));
    region
        .commissioner
        .act(&format!("/placement-requests/{}/open", id(&request)))
        .ok();
    let operator = program.browser_of(&region.operator);
    let of_thing = |thing: &str| operator.get(&format!("/audit?subject={thing}")).ok();
    of_thing(&id(&request)).says("Opened the bids");
    of_thing(&id(&bid)).says("Nothing was done that fits this filter.");
    let entries = region.operator.get(&format!("/audit-events?subject={}", id(&bid))).ok();
    assert_eq!(entries["items"], serde_json::json!([]));
}

#[test]
fn every_way_out_of_the_log_leads_to_what_its_reader_may_see() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    let home = region.home(&program, &acorn, "Acorn House", serde_json::json!({}));
    let draft = region
        .commissioner
        .post("/placement-requests", region.request_body(&program))
        .ok();
    let request = region.published(&program, serde_json::json!({}));
    let bid = acorn.submits(&program, &request, &home, "4800.00");
    program.wait(Duration::hours(4));
    region
        .commissioner
        .act(&format!("/placement-requests/{}/open", id(&request)))
        .ok();
    region
        .commissioner
        .act(&format!("/bids/{}/mark-compliant", id(&bid)))
        .ok();
    let reference = request["reference"].as_str().unwrap();
    let cooperative = id(&region.operator.get("/me").ok()["organisation"]);
    let auditor = program.person_of(&region.operator, &cooperative, "auditor@coop.example", "auditor");
    let bids_page = format!("/bids/{}", id(&bid));
    for (reader, reads_bids) in [
        (&region.operator.0, false),
        (&auditor, false),
        (&region.auditor(&program).0, true),
    ] {
        let browser = program.browser_of(reader);
        let log = browser.get("/audit?limit=100").ok();
        log.says("Marked a bid compliant")
            .says(reference)
            .says("Began a placement request");
        let links = log.links();
        assert_eq!(links.contains(&bids_page), reads_bids, "{}", reader.email());
        assert!(links.contains(&format!("/placement-requests/{}", id(&request))));
        assert_eq!(
            links.contains(&format!("/placement-requests/{}", id(&draft))),
            reads_bids,
            "a draft is its authority's: {}",
            reader.email()
        );
        for link in links.iter().filter(|link| !link.contains('#')) {
            assert_eq!(browser.get(link).status, 200, "{link} for {}", reader.email());
        }
        let of_request = browser
            .get(&format!("/audit?reference={}", reference.to_lowercase()))
            .ok();
        of_request
            .says("Marked a bid compliant")
            .says("Published a placement request");
        assert!(!of_request.texts("tbody td").join(" ").contains("Signed in"));
        let one_word = browser.get("/audit?what=bids.open").ok();
        assert_eq!(one_word.texts("tbody tr").len(), 1);
        browser
            .get("/audit?reference=PR-2026-NONE")
            .ok()
            .says("Nothing was done that fits this filter.");
    }
}

#[test]
fn ones_own_account_ends_sign_ins() {
    let program = Program::start();
    let region = program.region();
    let browser = program.browser_of(&region.commissioner);
    let me = browser.get("/me").ok();
    me.says("The one you use now").says("Commissioner");
    let end = me
        .forms()
        .into_iter()
        .find(|path| path.starts_with("/sessions/"))
        .unwrap();
    browser.send(&me, &end, &[]).ok().says("That session is ended.");
    let neighbour = program.browser_of(&region.neighbour);
    let page = neighbour.get("/me").ok();
    let token = page
        .form("/sign-out")
        .into_iter()
        .find(|(name, _)| name == "_token")
        .unwrap();
    assert_eq!(neighbour.post(&end, &[token]).status, 404);
}

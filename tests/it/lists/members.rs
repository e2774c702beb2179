//! Who takes part: providers, people, applications, admissions, frameworks, authorities; and what they were told and did.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::Duration;
use serde_json::{Value, json};

use super::Way::{Down, Up};
use super::{HEAD, Table, column, comes, comes_by, items, knows_only, shows, text, texts, walk};
use crate::support::client::ProviderAdmin;
use crate::support::program::Program;
use crate::support::region::{Provider, id, with};

/// A provider of this very name.
fn registered(program: &Program, name: &str, number: u32) -> Provider {
    let email = format!("admin@p{number}.example");
    let registration = json!({"name": name, "company_number": format!("{number:08}"),
        "person": {"name": "Pro Vider", "email": email}});
    program.visitor().post("/provider-registrations", registration).ok();
    let admin = ProviderAdmin(program.join(&email));
    let organisation = id(&admin.get("/me").ok()["organisation"]);
    Provider { admin, organisation }
}

#[test]
fn providers_come_by_age_name_and_insurance() {
    let program = Program::start();
    let region = program.region();
    let mut insured: BTreeMap<String, Option<String>> = BTreeMap::new();
    let all = [
        ("Moss Care Ltd", None),
        ("Ash Care Ltd", Some(90)),
        ("moss care ltd", Some(60)),
        ("Elm Care Ltd", Some(90)),
        ("Moss Care Ltd", None),
        ("ash care Ltd", Some(60)),
    ];
    for (number, (name, days)) in (4_100_000..).zip(all) {
        let provider = registered(&program, name, number);
        if let Some(days) = days {
            let insurance = json!({"policy_number": "P-1", "cover": "10000000.00", "expires_on": program.day(days)});
            let path = format!("/providers/{}/insurance", provider.organisation);
            provider.admin.put(&path, insurance).ok();
        }
        insured.insert(provider.organisation, days.map(|days| program.day(days).to_string()));
    }
    for by in [&*region.commissioner, &*region.operator] {
        comes(by, "/providers", "registered", Up, id);
        comes(by, "/providers", "newest", Down, id);
        comes_by(by, "/providers", "name", Up, |provider| {
            text(provider, "name").to_lowercase()
        });
        // Those who told of none come last.
        comes_by(by, "/providers", "insurance", Up, |provider| {
            let until = insured[&id(provider)].clone();
            (until.is_none(), until)
        });
    }
    let orders = ["registered", "newest", "name", "insurance"];
    knows_only(&region.operator, "/providers", &orders);
    let table = Table {
        path: "/providers",
        cell: HEAD,
        column: 0,
    };
    let by = &region.operator;
    shows(&program.browser_of(by), &table, &orders, |order| {
        texts(&walk(by, &format!("/providers?sort={order}")), "name")
    });
}

#[test]
fn people_come_by_age_name_and_role() {
    let program = Program::start();
    let region = program.region();
    let cooperative = region.operator.get("/me").ok()["organisation"]["id"].clone();
    let people = [
        ("Bea Birch", "operator"),
        ("Al Ash", "auditor"),
        ("bea birch", "auditor"),
        ("Bea Birch", "auditor"),
        ("Cy Cedar", "operator"),
        ("Bea Birch", "operator"),
    ];
    for (number, (name, role)) in people.into_iter().enumerate() {
        let email = format!("person{number}@coop.example");
        let person = json!({"organisation_id": cooperative, "name": name, "email": email, "role": role});
        region.operator.post("/people", person).ok();
    }
    let by = &region.operator;
    let name = |person: &Value| text(person, "name").to_lowercase();
    comes(by, "/people", "invited", Up, id);
    comes_by(by, "/people", "name", Up, name);
    comes_by(by, "/people", "role", Up, |person| (text(person, "role"), name(person)));
    comes_by(by, "/people?state=invited", "role", Up, |person| {
        (text(person, "role"), name(person))
    });
    knows_only(by, "/people", &["invited", "name", "role"]);
    let path = format!("/people?organisation={}", cooperative.as_str().expect("an id"));
    let table = Table {
        path: &path,
        cell: HEAD,
        column: 0,
    };
    shows(&program.browser_of(by), &table, &["invited", "name", "role"], |order| {
        texts(&walk(by, &format!("/people?sort={order}")), "name")
    });
}

#[test]
fn applications_come_by_age_and_by_the_day_they_are_due() {
    let program = Program::start();
    let region = program.region();
    let mut applications = Vec::new();
    for (name, days) in [
        ("Acorn", 0),
        ("Birch", 0),
        ("Cedar", 1),
        ("Dogwood", 0),
        ("Elder", 0),
        ("Fir", 0),
    ] {
        program.wait(Duration::days(days));
        let provider = program.provider(name);
        let application = region.application(&program, &provider);
        provider.admin.act(&format!("/applications/{application}/submit")).ok();
        applications.push(application);
    }
    // What goes back is due on no day.
    for application in [&applications[1], &applications[4]] {
        let reason = json!({"reason": "Say more on safety."});
        region
            .operator
            .post(&format!("/applications/{application}/return"), reason)
            .ok();
    }
    let by = &region.operator;
    comes(by, "/applications", "begun", Up, id);
    comes(by, "/applications", "newest", Down, id);
    comes_by(by, "/applications", "due", Up, |one| {
        let due = one["decision_due_on"].as_str().map(str::to_owned);
        (due.is_none(), due)
    });
    knows_only(by, "/applications", &["begun", "newest", "due"]);
    let table = Table {
        path: "/applications?status=any",
        cell: HEAD,
        column: 0,
    };
    let provider = |one: &Value| text(&one["provider"], "name");
    shows(&program.browser_of(by), &table, &["begun", "newest", "due"], |order| {
        walk(by, &format!("/applications?sort={order}"))
            .iter()
            .map(provider)
            .collect()
    });
}

#[test]
fn admissions_acceptances_and_what_happened_come_in_their_orders() {
    let program = Program::start();
    let region = program.region();
    let providers = ["Acorn", "Birch", "Cedar", "Dogwood", "Elder"].map(|name| region.admitted(&program, name));
    for provider in &providers[1..3] {
        let insurance = json!({"policy_number": "P-2", "cover": "10000000.00", "expires_on": program.day(250)});
        let path = format!("/providers/{}/insurance", provider.organisation);
        provider.admin.put(&path, insurance).ok();
    }
    let by = &region.operator;
    comes(by, "/admissions", "admitted", Up, id);
    comes(by, "/admissions", "newest", Down, id);
    comes_by(by, "/admissions", "insurance", Up, |one| {
        text(one, "insurance_expires_on")
    });
    knows_only(by, "/admissions", &["admitted", "newest", "insurance"]);
    let provider = |one: &Value| text(&one["provider"], "name");
    let in_lot = |one: &Value| format!("{} , lot R1", provider(one));
    let browser = program.browser_of(by);
    for order in ["admitted", "newest", "insurance"] {
        let listed = walk(by, &format!("/admissions?sort={order}"));
        let page = browser.get(&format!("/admissions?sort={order}")).ok();
        assert_eq!(page.texts(HEAD), listed.iter().map(in_lot).collect::<Vec<_>>());
        let file = browser.get(&format!("/admissions.csv?sort={order}")).ok();
        assert_eq!(column(&file.html, 0), listed.iter().map(provider).collect::<Vec<_>>());
    }

    let version = json!({"title": "Regional contract", "text": "# Terms\n\nNew ones.", "effective_on": program.day(7)});
    let second = id(&by
        .post(&format!("/frameworks/{}/contract-versions", region.framework), version)
        .ok());
    let accept = format!("/contract-versions/{second}/accept");
    for provider in [&providers[3], &providers[0]] {
        provider.admin.act(&accept).ok();
    }
    program.wait(Duration::hours(1));
    providers[2].admin.act(&accept).ok();
    let path = format!("/contract-versions/{second}/acceptances");
    let name = |one: &Value| text(&one["provider"], "name").to_lowercase();
    comes(by, &path, "provider", Up, name);
    comes(by, &path, "latest", Up, |one| {
        let at = one["accepted_at"].as_str().map(str::to_owned);
        (at.is_none(), Reverse(at), name(one))
    });
    knows_only(by, &path, &["provider", "latest"]);
    let table = Table {
        path: &path,
        cell: HEAD,
        column: 0,
    };
    shows(&program.browser_of(by), &table, &["provider", "latest"], |order| {
        walk(by, &format!("{path}?sort={order}")).iter().map(provider).collect()
    });
    let not_yet = items(&by.get(&format!("{path}?accepted=false")).ok());
    assert_eq!(
        not_yet.iter().map(name).collect::<Vec<_>>(),
        ["birch care ltd", "elder care ltd"]
    );

    program.settle();
    let person = id(&by.get("/me").ok()["person"]);
    for path in ["/mails", "/notifications"] {
        comes(by, path, "newest", Down, id);
        comes(by, path, "oldest", Up, id);
        knows_only(by, path, &["newest", "oldest"]);
    }
    let table = Table {
        path: "/mails",
        cell: "[aria-label=Mails] td:nth-child(3)",
        column: 3,
    };
    shows(&program.browser_of(by), &table, &["newest", "oldest"], |order| {
        texts(&walk(by, &format!("/mails?sort={order}")), "subject")
    });
    let path = format!("/audit-events?actor={person}");
    let place = |act: &Value| act["seq"].as_i64();
    comes(by, &path, "newest", Down, place);
    comes(by, &path, "oldest", Up, place);
    knows_only(by, &path, &["newest", "oldest"]);
    let browser = program.browser_of(by);
    for (sort, way) in [("newest", Down), ("oldest", Up)] {
        let file = browser.get(&format!("/audit.csv?sort={sort}")).ok();
        let numbers = column(&file.html, 0)
            .into_iter()
            .map(|number| number.parse::<i64>().expect("a number"));
        let numbers: Vec<i64> = numbers.collect();
        let mut expected = numbers.clone();
        expected.sort_unstable();
        if way == Down {
            expected.reverse();
        }
        assert_eq!(numbers, expected, "{sort}");
        let first = browser.get(&format!("/audit?sort={sort}&limit=5")).ok();
        let next = first
            .links()
            .into_iter()
            .find(|link| link.contains("after="))
            .expect("more");
        assert!(next.contains(&format!("sort={sort}")), "{next}");
        assert_eq!(browser.get(&format!("{next}&limit=5")).ok().texts("tbody tr").len(), 5);
    }
}

#[test]
fn frameworks_come_by_age_reference_and_last_day() {
    let program = Program::start();
    let region = program.region();
    for (reference, days) in [
        ("SE-9", 700),
        ("SE-3", 900),
        ("SE-7", 700),
        ("SE-1", 900),
        ("SE-5", 700),
    ] {
        let changes = json!({"reference": reference, "ends_on": program.day(days)});
        region
            .operator
            .post("/frameworks", with(program.framework_body(), changes))
            .ok();
    }
    let by = &region.operator;
    comes(by, "/frameworks", "made", Up, id);
    comes(by, "/frameworks", "reference", Up, |one| text(one, "reference"));
    comes_by(by, "/frameworks", "ends", Up, |one| text(one, "ends_on"));
    knows_only(by, "/frameworks", &["made", "reference", "ends"]);
    let browser = program.browser_of(by);
    for order in ["made", "reference", "ends"] {
        let listed = walk(by, &format!("/frameworks?sort={order}"));
        let file = browser.get(&format!("/frameworks.csv?sort={order}")).ok();
        assert_eq!(column(&file.html, 0), texts(&listed, "reference"));
        let page = browser.get(&format!("/frameworks?sort={order}")).ok();
        let named = |one: &Value| format!("{}, {}", text(one, "reference"), text(one, "title"));
        assert_eq!(page.texts(HEAD), listed.iter().map(named).collect::<Vec<_>>());
    }
}

#[test]
fn member_authorities_come_by_name_and_by_how_long_they_are_members() {
    let program = Program::start();
    let region = program.region();
    let mut since: BTreeMap<String, String> = BTreeMap::new();
    let today = program.day(0).to_string();
    for authority in items(&region.operator.get("/authorities").ok()) {
        since.insert(id(&authority), today.clone());
    }
    for (gss_code, days) in [
        ("E10000016", -2),
        ("E06000043", -1),
        ("E06000035", -2),
        ("E06000040", -1),
    ] {
        let member_from = program.day(days);
        let new = json!({"gss_code": gss_code, "member_from": member_from});
        let authority = region.operator.post("/authorities", new).ok();
        since.insert(id(&authority), member_from.to_string());
    }
    let by = &region.operator;
    let name = |authority: &Value| text(authority, "name").to_lowercase();
    comes(by, "/authorities", "name", Up, name);
    comes(by, "/authorities", "newest", Up, |authority| {
        (Reverse(since[&id(authority)].clone()), name(authority))
    });
    knows_only(by, "/authorities", &["name", "newest"]);
    let table = Table {
        path: "/authorities",
        cell: "tbody th",
        column: 0,
    };
    let browser = program.browser_of(by);
    shows(&browser, &table, &["name", "newest"], |order| {
        texts(&walk(by, &format!("/authorities?sort={order}")), "name")
    });
    browser.get("/authorities?limit=2").ok().says("6 memberships");
}

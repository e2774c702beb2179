//! Awards, what is due because of them, and the placements that they become.

use chrono::Duration;
use serde_json::{Value, json};

use super::Way::{Down, Up};
use super::{HEAD, Table, column, comes, comes_by, items, knows_only, shows, text, texts, walk};
use crate::awards::competition::at;
use crate::support::browser::Browser;
use crate::support::client::Approver;
use crate::support::program::Program;
use crate::support::region::{Provider, Region, id};

/// Why a placement ended, by its code.
const REASON: &str = "CARPL";

/// A placement by direct award that the provider has accepted, from so many days on, at this price a week.
fn placed(
    program: &Program,
    region: &Region,
    approver: &Approver,
    provider: &Provider,
    home: &str,
    from: i64,
    core: &str,
) {
    let by = &region.commissioner;
    let request = by.post("/placement-requests", region.request_body(program)).ok();
    let award = json!({"placement_request_id": request["id"], "home_id": home, "starts_on": program.day(from),
        "procurement_route": "direct_award_user_choice", "reason": "She chose it: her brother lives there.",
        "out_of_area_reason": "SafeguardingConcerns",
        "price": {"core": core, "additional_support": "0.00", "education": "0.00", "other": "0.00"}});
    let award = by.post("/direct-awards", award).ok();
    approver.act(&at(&award, "approve")).ok();
    by.act(&at(&award, "confirm")).ok();
    provider.admin.act(&at(&award, "accept")).ok();
}

/// A weekly price, to be compared.
fn pence(placement: &Value) -> i64 {
    text(placement, "weekly_total")
        .replace('.', "")
        .parse()
        .expect("an amount")
}

#[test]
fn awards_placements_and_what_is_due_come_in_their_orders() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    let approver = region.approver(&program);
    let away = json!({"address": {"line1": "1 Example Lane", "town": "Exampleton", "postcode": "GU1 1AA"}});
    let homes = ["Moss House", "Ash House"].map(|name| region.bare_home(&program, &acorn, name, away.clone()));
    for home in &homes {
        let vacancy = json!({"places": 3, "available_from": program.day(0)});
        acorn.admin.post(&format!("/homes/{home}/vacancies"), vacancy).ok();
    }
    for (home, from, core) in [
        (0, 6, "5000.00"),
        (1, 4, "9000.00"),
        (0, 8, "5000.00"),
        (1, 4, "4000.00"),
        (0, 6, "950.00"),
        (1, 4, "4000.00"),
    ] {
        placed(&program, &region, &approver, &acorn, &homes[home], from, core);
    }
    let by = &region.commissioner;
    // One begins before all others; the price of another falls soon, that of a third on a later day.
    let placements = items(&by.get("/placements?sort=newest").ok());
    let begun = json!({"started_on": program.day(0)});
    by.post(&format!("/placements/{}/start", id(&placements[3])), begun)
        .ok();
    let vary = |placement: &Value, days: i64, core: &str| {
        let terms = json!({"effective_on": program.day(days), "reason": "Fewer hours.",
            "price": {"core": core, "additional_support": "0.00", "education": "0.00", "other": "0.00"}});
        by.post(&format!("/placements/{}/variations", id(placement)), terms)
            .ok();
    };
    vary(&placements[5], 7, "4000.00");
    vary(&placements[4], 30, "100.00");

    let first_day = |placement: &Value| match placement["started_on"].as_str() {
        Some(day) => day.to_owned(),
        None => text(placement, "starts_on"),
    };
    for wait in [0, 10] {
        program.wait(Duration::days(wait));
        for by in [&*region.commissioner, &*acorn.admin, &*region.operator] {
            comes(by, "/placements", "newest", Down, id);
            comes_by(by, "/placements", "start", Up, first_day);
            comes_by(by, "/placements", "home", Up, |one| {
                text(&one["home"], "name").to_lowercase()
            });
            comes_by(by, "/placements", "weekly_total", Down, pence);
        }
    }
    let shown = |placement: &Value| {
        let path = format!("/placements/{}", id(placement));
        text(&by.get(&path).ok(), "weekly_total")
    };
    for placement in items(&by.get("/placements").ok()) {
        assert_eq!(
            text(&placement, "weekly_total"),
            shown(&placement),
            "the terms of today"
        );
    }
    assert_eq!(
        (shown(&placements[5]).as_str(), shown(&placements[4]).as_str()),
        ("4000.00", "9000.00")
    );
    let orders = ["newest", "start", "home", "weekly_total"];
    knows_only(by, "/placements", &orders);
    let browser = program.browser_of(by);
    let references = |path: &str| texts(&walk(by, path), "reference");
    let table = Table {
        path: "/placements",
        cell: HEAD,
        column: 0,
    };
    shows(&browser, &table, &orders, |order| {
        references(&format!("/placements?sort={order}"))
    });

    for by in [&*region.commissioner, &*acorn.admin] {
        comes(by, "/awards", "newest", Down, id);
        comes_by(by, "/awards", "start", Up, |award| text(award, "starts_on"));
        comes(by, "/awards", "reference", Up, |award| text(award, "reference"));
    }
    knows_only(by, "/awards", &["newest", "start", "reference"]);
    let table = Table {
        path: "/awards",
        cell: HEAD,
        column: 0,
    };
    shows(&browser, &table, &["newest", "start", "reference"], |order| {
        references(&format!("/awards?sort={order}"))
    });
    comes(by, "/due-items", "made", Up, id);
    comes_by(by, "/due-items", "due", Up, |item| text(item, "due_on"));
    knows_only(by, "/due-items", &["made", "due"]);
    let table = Table {
        path: "/due-items",
        cell: HEAD,
        column: 0,
    };
    shows(&browser, &table, &["made", "due"], |order| {
        references(&format!("/due-items?sort={order}"))
    });
}

#[test]
fn awards_placements_and_what_is_due_are_found_by_name_day_and_area() {
    let program = Program::start();
    let region = program.region();
    let approver = region.approver(&program);
    let (acorn, birch) = (region.admitted(&program, "Acorn"), region.admitted(&program, "Birch"));
    let home = |provider: &Provider, name: &str, postcode: &str| {
        let away = json!({"address": {"line1": "1 Example Lane", "town": "Exampleton", "postcode": postcode}});
        region.home(&program, provider, name, away)
    };
    let (moss, ash) = (
        home(&acorn, "Moss House", "GU1 1AA"),
        home(&birch, "Ash House 100%", "RG41 1AA"),
    );
    placed(&program, &region, &approver, &birch, &ash, 8, "5000.00");
    placed(&program, &region, &approver, &acorn, &moss, 4, "5000.00");
    let by = program.browser_of(&region.commissioner);
    let references = texts(&items(&region.commissioner.get("/awards?sort=start").ok()), "reference");
    let [moss, ash] = [0, 1].map(|n| vec![references[n].clone()]);
    let none: Vec<String> = Vec::new();
    let day = |days: i64| program.day(days);
    let found = |browser: &Browser, path: &str| browser.get(path).ok().texts(HEAD);

    let (of_acorn, of_birch) = (program.browser_of(&acorn.admin), program.browser_of(&birch.admin));
    for (list, from, to) in [("/awards", "starts_from", "starts_to"), ("/placements", "from", "to")] {
        let of = |query: &str| found(&by, &format!("{list}?{query}"));
        assert_eq!(of("sort=start"), references, "{list}");
        for (query, expected) in [
            ("name=moss", &moss),
            ("name=+BIRCH+care", &ash),
            ("name=100%25", &ash),
            ("name=%25", &ash),
            ("name=_", &none),
            ("name=reading", &none),
        ] {
            assert_eq!(&of(query), expected, "{list}?{query}");
        }
        assert_eq!(of(&format!("{from}={}", day(5))), ash, "{list}");
        assert_eq!(of(&format!("{to}={}", day(5))), moss, "{list}");
        assert_eq!(of(&format!("{from}={}&{to}={}", day(4), day(4))), moss, "{list}");
        assert_eq!(of(&format!("{from}={}", day(9))), none, "{list}");
        assert_eq!(by.get(&format!("{list}?{from}=soon")).status, 422, "{list}");
        let file = by.get(&format!("{list}.csv?name=moss")).ok();
        assert_eq!(column(&file.html, 0), moss, "{list}");
        // A provider looks for the authority; its own name finds nothing.
        assert_eq!(found(&of_acorn, &format!("{list}?name=reading")), moss, "{list}");
        assert_eq!(found(&of_birch, &format!("{list}?name=reading")), ash, "{list}");
        assert_eq!(found(&of_acorn, &format!("{list}?name=acorn")), none, "{list}");
    }
    // A cooperative sees several of both, and finds by either.
    let operator = program.browser_of(&region.operator);
    let homes = |query: &str| found(&operator, &format!("/placements?sort=home&{query}"));
    assert_eq!(homes("name=reading"), ["Ash House 100%", "Moss House"]);
    assert_eq!(homes("name=birch"), ["Ash House 100%"]);

    assert_eq!(found(&by, "/due-items"), references, "what is due first comes first");
    assert_eq!(
        by.get("/due-items").ok().texts("#n-area option"),
        ["All", "Surrey", "Wokingham"]
    );
    assert_eq!(found(&by, "/due-items?area=E10000030"), moss);
    let lower = ash[0].to_lowercase();
    assert_eq!(found(&by, &format!("/due-items?reference={lower}")), ash);
    assert_eq!(
        found(&by, &format!("/due-items?area=E10000030&reference={lower}")),
        none
    );
    let neighbour = program.browser_of(&region.neighbour);
    assert_eq!(neighbour.get("/due-items").ok().texts("#n-area option"), ["All"]);

    let placements = items(&region.commissioner.get("/placements?sort=start").ok());
    let end = json!({"ended_on": day(0), "reason": REASON});
    let path = format!("/placements/{}/end", id(&placements[1]));
    region.commissioner.post(&path, end).ok();
    assert_eq!(found(&by, &format!("/placements?end_reason={REASON}")), ash);
    assert!(operator.get("/placements").ok().texts("#n-end_reason").is_empty());
}

//! Placement requests and bids.

use std::collections::BTreeMap;

use serde_json::json;

use super::Way::{Down, Up};
use super::{HEAD, Table, comes, comes_by, knows_only, shows, text, texts, walk};
use crate::support::program::Program;
use crate::support::region::{bid_body, id};

#[test]
fn requests_come_by_age_deadline_and_reference() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    for minutes in [180, 300, 180, 240, 300, 180] {
        region.published(&program, json!({"bids_close_at": program.in_minutes(minutes)}));
    }
    let path = "/placement-requests";
    for by in [&*region.commissioner, &*region.operator, &*acorn.admin] {
        comes(by, path, "newest", Down, id);
        comes_by(by, path, "deadline", Up, |request| text(request, "bids_close_at"));
        comes_by(by, path, "latest_deadline", Down, |request| {
            text(request, "bids_close_at")
        });
        comes(by, path, "reference", Up, |request| text(request, "reference"));
        comes_by(
            by,
            &format!("{path}?status=open&lot_id={}", region.lot),
            "deadline",
            Up,
            |request| text(request, "bids_close_at"),
        );
    }
    let orders = ["newest", "deadline", "latest_deadline", "reference"];
    knows_only(&acorn.admin, path, &orders);
    let table = Table {
        path,
        cell: HEAD,
        column: 0,
    };
    for by in [&*region.commissioner, &*region.operator] {
        shows(&program.browser_of(by), &table, &orders, |order| {
            texts(&walk(by, &format!("{path}?sort={order}")), "reference")
        });
    }
}

#[test]
fn bids_come_by_age_deadline_and_home() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    let homes = ["Moss House", "moss House", "Ash House"].map(|name| region.home(&program, &acorn, name, json!({})));
    let mut deadlines = BTreeMap::new();
    for minutes in [240, 180, 240] {
        let request = region.published(&program, json!({"bids_close_at": program.in_minutes(minutes)}));
        deadlines.insert(id(&request), text(&request, "bids_close_at"));
        for home in &homes {
            let body = bid_body(&program, &request, home, "4800.00");
            let path = format!("/placement-requests/{}/bids", id(&request));
            acorn.admin.post(&path, body).ok();
        }
    }
    let by = &acorn.admin;
    comes(by, "/bids", "newest", Down, id);
    comes_by(by, "/bids", "deadline", Up, |bid| {
        deadlines[&text(bid, "placement_request_id")].clone()
    });
    comes_by(by, "/bids", "home", Up, |bid| text(&bid["home"], "name").to_lowercase());
    comes_by(by, "/bids?status=draft", "home", Up, |bid| {
        text(&bid["home"], "name").to_lowercase()
    });
    knows_only(by, "/bids", &["newest", "deadline", "home"]);
    let table = Table {
        path: "/bids",
        cell: HEAD,
        column: 0,
    };
    shows(
        &program.browser_of(by),
        &table,
        &["newest", "deadline", "home"],
        |order| texts(&walk(by, &format!("/bids?sort={order}")), "request_reference"),
    );
}

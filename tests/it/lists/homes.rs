//! Homes and their free places.

use chrono::Duration;
use serde_json::json;

use super::Way::{Down, Up};
use super::{HEAD, Table, comes, comes_by, items, knows_only, shows, text, texts, walk};
use crate::support::program::Program;
use crate::support::region::{Provider, id};

/// Opens free places at a home.
fn free(program: &Program, provider: &Provider, home: &str, places: u32) {
    let vacancy = json!({"places": places, "available_from": program.day(0)});
    provider.admin.post(&format!("/homes/{home}/vacancies"), vacancy).ok();
}

#[test]
fn homes_come_by_age_name_and_open_places() {
    let program = Program::start();
    let region = program.region();
    let acorn = program.provider("Acorn");
    let names = [
        "Moss House",
        "acorn House",
        "Moss House",
        "Birch House",
        "MOSS HOUSE",
        "Acorn House",
    ];
    for (name, places) in names.into_iter().zip([2, 0, 1, 2, 0, 1]) {
        let home = region.bare_home(&program, &acorn, name, json!({}));
        if places > 0 {
            free(&program, &acorn, &home, places);
        }
    }
    for by in [&*region.commissioner, &*acorn.admin] {
        comes(by, "/homes", "registered", Up, id);
        comes(by, "/homes", "newest", Down, id);
        comes_by(by, "/homes", "name", Up, |home| text(home, "name").to_lowercase());
        comes_by(by, "/homes", "places", Down, |home| home["places_open"].as_i64());
        comes_by(by, "/homes?placement_type=Residential", "name", Up, |home| {
            text(home, "name").to_lowercase()
        });
    }
    knows_only(
        &region.commissioner,
        "/homes",
        &["registered", "newest", "name", "places"],
    );
    let table = Table {
        path: "/homes",
        cell: HEAD,
        column: 0,
    };
    let by = &region.commissioner;
    shows(
        &program.browser_of(by),
        &table,
        &["registered", "newest", "name", "places"],
        |order| texts(&walk(by, &format!("/homes?sort={order}")), "name"),
    );
    let usual: Vec<String> = items(&acorn.admin.get("/homes").ok()).iter().map(id).collect();
    let registered: Vec<String> = walk(&acorn.admin, "/homes?sort=registered").iter().map(id).collect();
    assert_eq!(usual, registered);
}

#[test]
fn a_home_that_is_renamed_on_the_way_moves_and_hides_no_other() {
    let program = Program::start();
    let region = program.region();
    let acorn = program.provider("Acorn");
    let homes = ["Ash", "Beech", "Cedar", "Elder"].map(|name| region.bare_home(&program, &acorn, name, json!({})));
    let first = acorn.admin.get("/homes?sort=name&limit=2").ok();
    // The very home that the part ended with: the list goes on from the name that it had.
    let path = format!("/homes/{}", homes[1]);
    acorn.admin.patch(&path, json!({"name": "Yew"})).ok();
    let rest = acorn
        .admin
        .get(&format!("/homes?sort=name&after={}", text(&first, "next")))
        .ok();
    let names: Vec<String> = items(&rest).iter().map(|home| text(home, "name")).collect();
    assert_eq!(names, ["Cedar", "Elder", "Yew"]);
}

#[test]
fn free_places_come_by_age_day_confirmation_and_home() {
    let program = Program::start();
    let region = program.region();
    let acorn = program.provider("Acorn");
    let names = ["Moss House", "Ash House", "Elm House"];
    let homes = names.map(|name| region.bare_home(&program, &acorn, name, json!({})));
    let mut opened = Vec::new();
    for (home, days) in [(0, 9), (1, 3), (2, 9), (0, 3), (1, 5), (2, 3)] {
        let vacancy = json!({"places": 1, "available_from": program.day(days)});
        let path = format!("/homes/{}/vacancies", homes[home]);
        opened.push((
            id(&acorn.admin.post(&path, vacancy).ok()),
            names[home],
            program.day(days),
        ));
    }
    program.wait(Duration::hours(2));
    let confirmed = [1, 4];
    for at in confirmed {
        acorn.admin.act(&format!("/vacancies/{}/confirm", opened[at].0)).ok();
    }
    let table = Table {
        path: "/vacancies",
        cell: HEAD,
        column: 0,
    };
    let browser = program.browser_of(&acorn.admin);
    shows(
        &browser,
        &table,
        &["opened", "available", "confirmed", "home"],
        |order| {
            let mut places: Vec<usize> = (0..opened.len()).collect();
            places.sort_by_key(|at| {
                let (_, home, day) = &opened[*at];
                match order {
                    "opened" => (String::new(), *at),
                    "available" => (day.to_string(), *at),
                    "confirmed" => (confirmed.contains(at).to_string(), *at),
                    _ => (home.to_lowercase(), *at),
                }
            });
            places.into_iter().map(|at| opened[at].1.to_owned()).collect()
        },
    );
}

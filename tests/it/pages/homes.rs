//! Homes by page: registering, changing, closing; who sees the address; inspections.

use serde_json::json;

use crate::support::Program;
use crate::support::browser::{Browser, Shown};

/// The fields of a home as somebody types them.
fn typed<'t>(name: &'t str, urn: &'t str) -> Vec<(&'t str, &'t str)> {
    vec![
        ("name", name),
        ("ofsted_urn", urn),
        ("provision_type", "ChildrensHome"),
        ("address.line1", "1 Example Lane"),
        ("address.town", "Exampleton"),
        ("address.postcode", "RG2 0AA"),
        ("registered_places", "3"),
        ("age_min", "10"),
        ("age_max", "17"),
        ("sexes", "M"),
        ("sexes", "F"),
        ("needs", "EmotionalBehavioural"),
        ("risks_not_accepted", "Fire"),
        ("solo_placements", "false"),
        ("education_on_site", "false"),
        ("step_free", "true"),
        ("pets", "true"),
        ("deprivation_of_liberty", "false"),
        ("living_arrangement", ""),
        ("staffing.staff", "2"),
        ("staffing.children", "3"),
        (
            "statement",
            "A small home for older children.\n\nEverybody eats together.",
        ),
    ]
}

fn register(browser: &Browser, name: &str, urn: &str) -> Shown {
    let page = browser.get("/homes/new").ok();
    browser.send(&page, "/homes/new", &typed(name, urn))
}

#[test]
fn a_provider_registers_a_home_and_changes_what_it_said() {
    let program = Program::start();
    let acorn = program.provider("Acorn");
    let browser = program.browser_of(&acorn.admin);
    browser.get("/homes").ok().says("No home of yours is listed here");

    let page = browser.get("/homes/new").ok();
    let mut wrong = typed("Near House", "SC123001");
    wrong.retain(|(name, _)| !["age_max", "sexes"].contains(name));
    wrong.push(("age_max", "7"));
    let refused = browser.send(&page, "/homes/new", &wrong);
    assert_eq!(refused.status, 422);
    refused
        .says("“Oldest age” must not be below the youngest age")
        .says("There is a problem");
    let form = refused.form("/homes/new");
    assert!(form.contains(&("name".into(), "Near House".into())) && form.contains(&("age_max".into(), "7".into())));

    let home = register(&browser, "Near House", "SC123001").ok();
    assert!(home.path.starts_with("/homes/0"), "{}", home.path);
    home.says("The home is registered.")
        .says("1 Example Lane, Exampleton, RG2 0AA")
        .says("2 staff for 3 children")
        .says("Everybody eats together.");
    browser.get("/homes").ok().says("Near House").says("Reading, RG2");
    assert!(
        register(&browser, "Twin House", "SC123001")
            .text()
            .contains("is registered already")
    );

    let edit = format!("{}/edit", home.path);
    let page = browser.get(&edit).ok();
    assert!(page.form(&edit).contains(&(
        "statement".into(),
        "A small home for older children.\n\nEverybody eats together.".into()
    )));
    let before = page.clone();
    let emptied = [
        ("name", "Nearer House"),
        ("staffing.staff", ""),
        ("staffing.children", ""),
    ];
    let changed = browser.send(&page, &edit, &emptied).ok();
    changed.says("The changes are saved.").says("Nearer House");
    assert!(!changed.text().contains("on a waking shift"));
    // What must be said is not left as it was where it is emptied.
    let page = browser.get(&edit).ok();
    for (name, label) in [
        ("name", "Name of the home"),
        ("ofsted_urn", "Ofsted URN"),
        ("registered_places", "Registered places"),
        ("age_max", "Oldest age"),
        ("statement", "Statement of purpose, in words"),
    ] {
        let refused = browser.send(&page, &edit, &[(name, "")]);
        assert_eq!(refused.status, 422, "{name}");
        refused.says(&format!("“{label}” is required"));
    }
    // The other tab has the version from before.
    let stale = browser.send(&before, &edit, &[("name", "Nowhere House")]);
    assert_eq!(stale.status, 412);
    stale.says("Somebody changed this meanwhile");
    assert!(stale.form(&edit).contains(&("name".into(), "Nowhere House".into())));

    let close = format!("{}/close", home.path);
    let closed = browser.send(&browser.get(&close).ok(), &close, &[]).ok();
    closed.says("The home is closed").says("Open this home again");
    let reopen = format!("{}/reopen", home.path);
    browser.send(&closed, &reopen, &[]).ok().says("The home is open again.");

    let birch = program.provider("Birch");
    let other = program.browser_of(&birch.admin);
    for path in [home.path.as_str(), &edit, &close] {
        assert_eq!(other.get(path).status, 404, "{path}");
    }
    assert!(!other.get("/homes.csv").html.contains("Nearer House"));
}

#[test]
fn the_address_is_on_nobody_elses_page_or_file() {
    let program = Program::start();
    let region = program.region();
    let acorn = program.provider("Acorn");
    let home = register(&program.browser_of(&acorn.admin), "Near House", "SC123001").ok();
    let auditor = region.auditor(&program);
    for (person, sees) in [
        (&acorn.admin.0, true),
        (&region.operator.0, true),
        (&region.commissioner.0, false),
        (&auditor.0, false),
    ] {
        let browser = program.browser_of(person);
        let (page, list, file) = (
            browser.get(&home.path).ok(),
            browser.get("/homes").ok(),
            browser.get("/homes.csv").ok(),
        );
        assert!(page.text().contains("Near House") && list.text().contains("Near House"));
        assert!(file.content_type.starts_with("text/csv") && file.html.contains("Near House"));
        assert!(!list.html.contains("Example Lane"));
        for shown in [&page.html, &file.html] {
            assert_eq!(shown.contains("Example Lane"), sees, "{} {shown}", person.email());
        }
        assert_eq!(
            browser.get("/homes/new").status == 200,
            person.email() == acorn.admin.email()
        );
    }
    let narrowed = program.browser_of(&region.commissioner);
    narrowed
        .get("/homes?provision_type=ChildrensHome&local_authority=E06000038")
        .ok()
        .says("Near House");
    narrowed.get("/homes?status=closed").ok().says("No home is listed here");
}

#[test]
fn homes_are_found_by_name_grade_and_free_places_where_there_are_any() {
    let program = Program::start();
    let region = program.region();
    let acorn = program.provider("Acorn");
    let own = program.browser_of(&acorn.admin);
    for (name, urn) in [("Near House", "SC129001"), ("Far 100% House", "SC129002")] {
        register(&own, name, urn).ok();
    }
    let bright = region.bare_home(&program, &acorn, "Bright Place", json!({}));
    let vacancy = json!({"places": 1, "available_from": program.day(0)});
    acorn.admin.post(&format!("/homes/{bright}/vacancies"), vacancy).ok();
    let all = ["Near House", "Far 100% House", "Bright Place"];
    for by in [&*acorn.admin, &*region.commissioner] {
        let browser = program.browser_of(by);
        for (query, found) in [
            ("name=+HOUSE", &all[..2]),
            ("name=0%25", &all[1..2]),
            ("name=%25", &all[1..2]),
            ("grade=Good", &all[2..]),
            ("grade=NotYetInspected", &all[..2]),
            ("free_places=true", &all[2..]),
            ("free_places=false", &all[..2]),
            ("name=house&grade=Good", &all[..0]),
        ] {
            let shown = browser.get(&format!("/homes?{query}")).ok();
            assert_eq!(shown.texts("tbody th a"), found, "{query}");
            let file = browser.get(&format!("/homes.csv?{query}")).ok();
            assert_eq!(file.html.lines().count(), found.len() + 1, "{query}");
        }
        // All of them lie in one authority's area, so no other is offered.
        let list = browser.get("/homes").ok();
        assert_eq!(list.texts("#n-local_authority option"), ["All", "Reading"]);
    }
}

#[test]
fn an_operator_records_an_inspection_which_gives_the_grade() {
    let program = Program::start();
    let region = program.region();
    let acorn = program.provider("Acorn");
    let own = program.browser_of(&acorn.admin);
    let home = register(&own, "Near House", "SC123001").ok();
    home.says("Not yet inspected");
    let path = format!("{}/inspections", home.path);
    own.get(&path).ok().says("No inspection of this home is recorded.");
    assert!(
        own.get(&path).forms().iter().all(|form| *form != path),
        "a provider records none"
    );

    let operator = program.browser_of(&region.operator);
    let page = operator.get(&path).ok();
    let fields = |year| {
        vec![
            ("event_number", "10298765"),
            ("inspected_on.day", "4"),
            ("inspected_on.month", "2"),
            ("inspected_on.year", year),
            ("grade", "Good"),
            ("judgements.overall", "Good"),
        ]
    };
    let refused = operator.send(&page, &path, &fields("2099"));
    assert_eq!(refused.status, 422);
    refused.says("“Day of the inspection” must not lie in the future");
    assert!(
        refused
            .form(&path)
            .contains(&("inspected_on.year".into(), "2099".into()))
    );
    operator
        .send(&page, &path, &fields("2026"))
        .ok()
        .says("The inspection is recorded.")
        .says("4 February 2026");
    own.get(&home.path).ok().says("Ofsted: Good");
    let again = operator.send(&operator.get(&path).ok(), &path, &fields("2026"));
    assert_eq!(again.status, 409);
    again.says("is recorded already");
    let refused = json!({"event_number": "1", "inspected_on": "2026-01-01", "grade": "Good"});
    acorn.admin.post(&path, refused).refused(403, "forbidden");
}

//! What `hearth demo` makes: everybody whose sign-in it prints finds something to do.

use std::collections::BTreeMap;

use hearth::demo;

use crate::support::Program;
use crate::support::browser::Shown;

/// The figures of the cards, by their heads.
fn figures(home: &Shown) -> BTreeMap<String, usize> {
    let heads = home.texts(".cards h2");
    let figures = home.texts(".cards .figure").into_iter();
    heads
        .into_iter()
        .zip(figures.map(|figure| figure.parse().unwrap()))
        .collect()
}

#[test]
fn everybody_whose_sign_in_is_printed_finds_something_to_do() {
    let program = Program::start();
    // The mails of the last day are still to be sent, and one from before was given up.
    program.expect_failures();
    let app = &program.app;
    let now = app.db.clock().now();
    let made = demo::make(&app.db, &program.clock, &app.config, &app.secret, now).unwrap();
    assert_eq!(app.db.clock().now(), now, "the clock is as it was");
    assert!(made.open >= 60 && made.past >= 100, "{made:?}");
    let browser = |role: &str| {
        let (_, email, _) = made.sign_ins.iter().find(|(of, ..)| *of == role).unwrap();
        program.browser().sign_in_with(email, demo::PASSWORD)
    };

    let commissioner = browser("commissioner");
    let home = commissioner.get("/").ok();
    let figures = figures(&home);
    for head in [
        "Drafts",
        "Open for bids",
        "To open",
        "To score",
        "To award",
        "To confirm",
    ] {
        assert!(figures[head] >= 1, "{head}: {figures:?}");
    }
    assert!(figures["Drafts"] >= 2, "{figures:?}");
    home.says("Answer questions on");
    let due = home.texts("main .tasks .tag").into_iter();
    let due: Vec<String> = due.filter(|tag| tag == "Overdue" || tag == "Due").collect();
    assert_eq!(due, ["Overdue", "Due"], "what is due by law is told in time, but once");

    let approver = browser("approver").get("/").ok();
    assert!(approver.has("a[href$='/approve']"), "{}", approver.text());

    let operator = browser("operator");
    let home = operator.get("/").ok();
    home.says("2 applications wait for a decision.")
        .says("Harbour Beginnings Ltd")
        .says("1 person was not told something")
        .says("Suspended by the cooperative");
    assert!(
        !operator
            .get("/mails?state=given_up")
            .ok()
            .texts("main tbody tr")
            .is_empty()
    );

    let provider = browser("provider_admin");
    let home = provider.get("/").ok();
    home.says("Requests that fit your homes").says("Awards to accept");
    for (role, list) in [
        ("operator", "/providers"),
        ("auditor", "/homes"),
        ("commissioner", "/homes"),
        ("provider_admin", "/placement-requests"),
    ] {
        let rows = browser(role).get(list).ok().texts("main tbody tr").len();
        assert!(rows >= 50, "{role} has {rows} rows at {list}");
    }
}

//! What is for everybody: the first page, help, accessibility, privacy.

use serde_json::json;

use crate::support::Program;

#[test]
fn the_first_page_says_what_this_is_and_which_frameworks_are_open_to_join() {
    let program = Program::start();
    let browser = program.browser();
    let empty = browser.get("/").ok();
    empty
        .says("without naming the child")
        .says("No framework is open just now.")
        .says("There is no fee, ever.");
    assert!(empty.links().iter().any(|link| link == "/register"));
    program.region();
    let page = browser.get("/").ok();
    page.says("South East residential care")
        .says("Open to join at any time")
        .says("R1: Children's homes");
    assert_eq!(page.texts("h1").len(), 1);
}

#[test]
fn a_framework_with_a_window_says_when_it_can_be_joined() {
    let program = Program::start();
    let window = |from, to| json!({"opens_on": program.day(from), "closes_on": program.day(to)});
    let region = program.region_with(json!({"admission": "windowed", "application_window": window(5, 20)}));
    let page = || program.browser().get("/").ok();
    page().says("Open to join from");
    let path = format!("/frameworks/{}", region.framework);
    region
        .operator
        .patch(&path, json!({"application_window": window(-5, 20)}))
        .ok();
    page().says("Open to join until");
    region
        .operator
        .patch(&path, json!({"application_window": window(-5, -1)}))
        .ok();
    page().says("Not open to join now");
}

#[test]
fn help_accessibility_and_privacy_are_there_for_visitors_and_for_who_is_signed_in() {
    let program = Program::start();
    let region = program.region();
    let visitor = program.browser();
    for (path, words) in [
        ("/help", "For providers: administrators and bidders"),
        ("/accessibility", "Web Content Accessibility Guidelines"),
        ("/privacy", "hearth_session"),
    ] {
        let page = visitor.get(path).ok();
        page.says(words);
        assert_eq!(page.texts("h1").len(), 1, "{path}");
        assert!(page.links().iter().any(|link| link == "/sign-in"));
    }
    let operator = program.browser_of(&region.operator).get("/help").ok();
    assert_eq!(operator.texts("main h2")[0], "For operators of a cooperative");
    operator.says("What you can’t see");
    // Whatever cookie the notice names is one that is set, and it names them all.
    let notice = visitor.get("/privacy").ok();
    assert!(visitor.cookie("hearth_visitor").is_some() && notice.text().contains("hearth_visitor"));
}

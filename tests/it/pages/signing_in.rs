//! Signing in and out, and what forms promise.

use chrono::Duration;

use crate::support::Program;
use crate::support::client::PASSWORD;

#[test]
fn whoever_signs_in_comes_to_where_they_wanted_to_go_and_leaves_again() {
    let program = Program::start();
    let region = program.region();
    let browser = program.browser();
    let page = browser.get("/me");
    assert_eq!(page.path, "/sign-in?next=%2Fme");
    let me = browser.send(
        &page,
        "/sign-in",
        &[("email", region.commissioner.email()), ("password", PASSWORD)],
    );
    assert_eq!((me.path.as_str(), me.status), ("/me", 200));
    me.says(region.commissioner.email());
    let out = browser.send(&me, "/sign-out", &[]);
    out.ok().says("You are signed out.");
    assert!(browser.cookie("hearth_session").is_none());
    assert_eq!(browser.get("/me").path, "/sign-in?next=%2Fme");
}

#[test]
fn a_wrong_password_says_so_and_another_site_is_nowhere_to_go_on_to() {
    let program = Program::start();
    let region = program.region();
    let browser = program.browser();
    for next in ["//evil.example", "https://evil.example", "/\\evil.example", "evil"] {
        let page = browser.get(&format!("/sign-in?next={next}")).ok();
        assert!(page.form("/sign-in").contains(&("next".into(), "/".into())), "{next}");
    }
    let page = browser.get("/sign-in").ok();
    let email = region.commissioner.email();
    let again = browser.send(
        &page,
        "/sign-in",
        &[("email", email), ("password", "wrong wrong wrong")],
    );
    assert_eq!(again.status, 401);
    again
        .says("There is a problem")
        .says("The email address or the password is not right.");
    assert!(again.html.contains("<title>Error: Sign in"));
    let form = again.form("/sign-in");
    assert!(form.contains(&("email".into(), email.into())) && form.contains(&("password".into(), String::new())));
}

#[test]
fn a_form_that_is_not_of_this_session_does_nothing() {
    let program = Program::start();
    let region = program.region();
    let browser = program.browser_of(&region.commissioner);
    let forged = browser.post("/sign-out", &[("_token".into(), "x.y".into())]);
    assert_eq!(forged.status, 403);
    let stranger = program.browser();
    let page = stranger.get("/sign-in").ok();
    let token = page
        .form("/sign-in")
        .into_iter()
        .find(|(name, _)| name == "_token")
        .unwrap();
    assert_eq!(browser.post("/sign-out", &[token]).status, 403);
    assert_eq!(browser.post("/sign-out", &[]).status, 403);
    assert_eq!(browser.get("/me").status, 200);
}

#[test]
fn what_was_typed_when_the_session_had_ended_is_sent_after_the_next_sign_in() {
    let program = Program::start();
    let region = program.region();
    let browser = program.browser_of(&region.commissioner);
    let elsewhere = program.browser_of(&region.commissioner);
    let page = browser.get("/me").ok();
    let end = page
        .forms()
        .into_iter()
        .find(|path| path.starts_with("/sessions/"))
        .unwrap();
    program.wait(Duration::hours(13));
    let again = browser.send(&page, &end, &[]);
    assert_eq!(again.status, 401);
    again.says("Sign in again");
    let kept = browser.send(
        &again,
        "/sign-in",
        &[("email", region.commissioner.email()), ("password", PASSWORD)],
    );
    kept.clone().ok().says("You are signed in again");
    browser.send(&kept, &end, &[]).ok().says("That session is ended.");
    assert_eq!(elsewhere.get("/me").path, "/sign-in?next=%2Fme");
}

#[test]
fn what_was_typed_waits_for_whoever_typed_it() {
    let program = Program::start();
    let region = program.region();
    let browser = program.browser_of(&region.commissioner);
    program.browser_of(&region.commissioner);
    let page = browser.get("/me").ok();
    let end = page
        .forms()
        .into_iter()
        .find(|path| path.starts_with("/sessions/"))
        .unwrap();
    program.wait(Duration::hours(13));
    let again = browser.send(&page, &end, &[]);
    let next = browser.send(
        &again,
        "/sign-in",
        &[("email", region.neighbour.email()), ("password", PASSWORD)],
    );
    assert_eq!(next.ok().path, "/", "another person comes to their own home page");
}

#[test]
fn a_new_password_is_set_by_the_mailed_link() {
    let program = Program::start();
    let region = program.region();
    let browser = program.browser();
    let email = region.commissioner.email().to_owned();
    let page = browser.get("/reset").ok();
    browser
        .send(&page, "/reset", &[("email", &email)])
        .ok()
        .says("on its way");
    program.settle();
    let path = format!("/reset/{}", program.link(&email, "reset"));
    let page = browser.get(&path).ok();
    let short = browser.send(&page, &path, &[("password", "short")]);
    assert_eq!(short.status, 422);
    let done = browser.send(&short, &path, &[("password", "another three words of it")]);
    done.ok().says("Your password is set.");
    let spent = browser.get(&path);
    assert_eq!(spent.status, 409, "{}", spent.text());
}

#[test]
fn pages_say_what_browsers_may_load_and_errors_are_pages() {
    let program = Program::start();
    let browser = program.browser();
    let page = browser.get("/nowhere");
    assert_eq!(page.status, 404);
    page.says("Page not found");
    assert!(page.content_type.starts_with("text/html"));
    let sheet = page
        .html
        .split("href=\"/assets/")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let sheet = browser.get(&format!("/assets/{sheet}"));
    assert!(sheet.status == 200 && sheet.content_type.starts_with("text/css"));
}

#[test]
fn a_form_sent_twice_is_done_once() {
    let program = Program::start();
    let region = program.region();
    let browser = program.browser_of(&region.commissioner);
    let elsewhere = program.browser_of(&region.commissioner);
    let page = browser.get("/me").ok();
    let end = page
        .forms()
        .into_iter()
        .find(|path| path.starts_with("/sessions/"))
        .unwrap();
    for _ in 0..2 {
        browser.send(&page, &end, &[]).ok().says("That session is ended.");
    }
    assert_eq!(elsewhere.get("/me").path, "/sign-in?next=%2Fme");
    // Another rendering of the form is another wish: by now there is no such session.
    let again = browser.get("/me").ok();
    let token = again
        .form("/sign-out")
        .into_iter()
        .find(|(name, _)| name == "_token")
        .unwrap();
    assert_eq!(browser.post(&end, &[token]).status, 404);
}

#[test]
fn over_tls_cookies_stay_there() {
    let program = Program::with(&[("HEARTH_PUBLIC_URL", "https://hearth.example")]);
    let answer = program.visitor().call("GET", "//sign-in", None, &[]);
    assert!(answer.header("set-cookie").contains("Secure; "), "{answer:?}");
    assert_eq!(answer.header("strict-transport-security"), "max-age=31536000");
    assert!(
        answer
            .header("content-security-policy")
            .starts_with("default-src 'none'")
    );
}

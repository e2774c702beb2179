//! Notifications, alerts and mails in the browser.

use hearth::mail::SendError;

use crate::support::Program;

#[test]
fn notifications_are_read_one_by_one_and_all_at_once() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    region
        .operator
        .post(
            &format!("/frameworks/{}/suspend", region.framework),
            serde_json::json!({"reason": "Under challenge."}),
        )
        .ok();
    region
        .operator
        .act(&format!("/frameworks/{}/resume", region.framework))
        .ok();
    program.settle();
    let browser = program.browser_of(&acorn.admin);
    let page = browser.get("/notifications").ok();
    page.says("not read yet").says("SE-RES-1");
    let one = page
        .forms()
        .into_iter()
        .find(|path| path.starts_with("/notifications/") && path.ends_with("/read"))
        .unwrap();
    let marked = browser.send(&page, &one, &[]).ok();
    marked.says("Marked as read.");
    assert!(!marked.forms().contains(&one));
    let read = browser.get("/notifications?show=read").ok();
    assert_eq!(read.texts("main ul.tasks li").len(), 1);

    // The subject itself marks as read and leads to the thing.
    let next = marked
        .forms()
        .into_iter()
        .find(|path| path.starts_with("/notifications/") && path.ends_with("/read"))
        .unwrap();
    let (_, place) = {
        let fields = marked.form(&next);
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(fields).append_pair("then", "open");
        browser.call("POST", &next, Some(body.finish()))
    };
    let place = place.unwrap();
    assert!(
        place.starts_with("/frameworks/") || place.starts_with("/applications/"),
        "{place}"
    );

    let all = browser.get("/notifications?show=all&limit=1").ok();
    assert!(
        all.links()
            .iter()
            .any(|link| link.contains("after=") && link.contains("show=all"))
    );
    let rest = browser.get("/notifications").ok();
    let done = browser.send(&rest, "/notifications/read-all", &[]).ok();
    done.says("You have read everything.").says("There is nothing new.");
    let file = browser.get("/notifications.csv?show=all").ok();
    assert!(file.content_type.starts_with("text/csv") && file.html.lines().count() > 2);
    // Nobody reads another's.
    let stranger = program.browser_of(&region.neighbour);
    let page = stranger.get("/notifications?show=all").ok();
    let token = page
        .form("/sign-out")
        .into_iter()
        .find(|(name, _)| name == "_token")
        .unwrap();
    assert_eq!(stranger.post(&one, &[token]).status, 404);
    assert_eq!(browser.get("/notifications?show=some").status, 422);
}

#[test]
fn alerts_are_chosen_and_an_old_page_changes_nothing() {
    let program = Program::start();
    let region = program.region();
    let browser = program.browser_of(&region.commissioner);
    let page = browser.get("/me/alerts").ok();
    assert!(
        page.form("/me/alerts")
            .contains(&("market_news".into(), "immediate".into()))
    );
    let saved = browser.send(&page, "/me/alerts", &[("market_news", "daily")]).ok();
    saved.says("Your choice is saved.");
    assert!(
        saved
            .form("/me/alerts")
            .contains(&("market_news".into(), "daily".into()))
    );
    let stale = browser.send(&page, "/me/alerts", &[("market_news", "off")]);
    assert_eq!(stale.status, 412);
    stale.says("Somebody changed this meanwhile.");
    let wrong = browser.send(&saved, "/me/alerts", &[("market_news", "hourly")]);
    assert_eq!(wrong.status, 422);
    assert_eq!(
        region.commissioner.get("/me/alert-preferences").ok()["market_news"],
        "daily"
    );
}

#[test]
fn a_mail_that_was_given_up_is_sent_again() {
    let program = Program::start();
    program.expect_failures();
    let region = program.region();
    program.settle();
    program
        .mails
        .fail_with(Some(SendError::Permanent("550 no such mailbox".into())));
    let operator = program.browser_of(&region.operator);
    let empty = operator.get("/mails?state=given_up").ok();
    empty.says("No mail was given up").says("No mail fits this filter.");
    let page = operator.get("/people/invite").ok();
    let organisation = region.authority();
    let fields = [
        ("organisation_id", organisation.as_str()),
        ("name", "Ap Prover"),
        ("email", "approver@reading.example"),
        ("role", "approver"),
    ];
    operator.send(&page, "/people", &fields).ok();
    program.settle();
    let page = operator.get("/mails?state=given_up").ok();
    page.says("1 mail was given up")
        .says("approver@reading.example")
        .says("550 no such mailbox");
    assert!(!page.html.contains("/join/"));
    let resend = page.forms().into_iter().find(|path| path.ends_with("/resend")).unwrap();
    program.mails.fail_with(None);
    operator.send(&page, &resend, &[]).ok().says("is on its way again");
    let twice = operator.send(&page, &resend, &[("again", "yes")]);
    assert_eq!(twice.status, 409);
    twice.says("Only a mail that was given up can be sent again");
    program.settle();
    operator.get("/mails?state=sent").ok().says("approver@reading.example");
    let to = operator.get("/mails?to=APPROVER%40reading").ok();
    assert!(
        to.texts("[aria-label=Mails] td:nth-child(2)")
            .iter()
            .all(|to| to == "approver@reading.example")
    );
    to.says("approver@reading.example");
    operator.get("/mails?to=%25").ok().says("No mail fits this filter.");
    let file = operator.get("/mails.csv").ok();
    assert!(file.content_type.starts_with("text/csv") && file.html.contains("approver@reading.example"));
    assert_eq!(program.browser_of(&region.commissioner).get("/mails").status, 403);
}

//! Market news at once, once a day or not by mail.

use chrono::Duration;
use serde_json::json;

use super::{bidder, prefer, published, subjects, told};
use crate::support::{Program, id};

#[test]
fn news_come_in_a_daily_digest_or_not_at_all_as_a_person_prefers() {
    let program = Program::start();
    let region = program.region();
    let acorn = bidder(&program, &region, "Acorn");
    let off = acorn.bidder(&program, "bidder@acorn.example");
    prefer(&acorn.admin, "daily");
    prefer(&off, "off");
    let before = program.mails_to(acorn.admin.email()).len();
    let (_, first) = published(&program, &region, 72);
    program.wait(Duration::hours(1));
    let (second_id, second) = published(&program, &region, 72);
    program.settle();
    assert_eq!(
        program.mails_to(acorn.admin.email()).len(),
        before,
        "held until the morning"
    );
    assert_eq!(
        told(&acorn.admin)[..2],
        ["request_published", "request_published"],
        "in the product at once"
    );

    // 11:00 on the 4th; the digest goes out at 07:00 on the 5th.
    program.wait(Duration::minutes(19 * 60 + 59));
    assert_eq!(program.mails_to(acorn.admin.email()).len(), before);
    program.wait(Duration::minutes(1));
    let mails = program.mails_to(acorn.admin.email()).split_off(before);
    assert_eq!(subjects(&mails), ["Market news of 5 March 2026"]);
    for part in [&mails[0].text, &mails[0].html] {
        assert!(part.contains(&format!("Invitation to bid: {first}")), "{part}");
        assert!(part.contains(&format!("Invitation to bid: {second}")), "{part}");
        assert!(
            part.contains(&format!("https://hearth.example/placement-requests/{second_id}")),
            "{part}"
        );
    }
    program.wait(Duration::hours(24));
    assert_eq!(
        program.mails_to(acorn.admin.email()).len(),
        before + 1,
        "nothing new, no digest"
    );
    assert_eq!(
        program.count("mails WHERE state = 'digested' AND digest_mail_id IS NOT NULL"),
        2
    );
    assert_eq!(
        subjects(&program.mails_to(off.email())),
        ["Your invitation to join Hearth"]
    );
    assert_eq!(told(&off)[..2], ["request_published", "request_published"]);

    // What is one's own is mailed at once all the same.
    let longer = json!({"bids_close_at": program.in_minutes(30 * 60), "reason": "More time."});
    let mails = program.mails_during(acorn.admin.email(), || {
        region
            .commissioner
            .post(&format!("/placement-requests/{second_id}/extend"), longer)
            .ok();
    });
    assert_eq!(subjects(&mails), [format!("Deadline extended: {second}")]);
}

#[test]
fn whoever_has_left_gets_no_digest_and_holds_up_nobodys() {
    let program = Program::start();
    let region = program.region();
    let acorn = bidder(&program, &region, "Acorn");
    let leaver = acorn.bidder(&program, "bidder@acorn.example");
    prefer(&acorn.admin, "daily");
    prefer(&leaver, "daily");
    published(&program, &region, 72);
    program.settle();
    let person = id(&leaver.get("/me").ok()["person"]);
    acorn.admin.act(&format!("/people/{person}/deactivate")).ok();
    let before = program.mails_to(leaver.email()).len();
    program.wait(Duration::hours(24));
    assert_eq!(program.mails_to(leaver.email()).len(), before);
    assert!(
        program
            .mails_to(acorn.admin.email())
            .last()
            .unwrap()
            .subject
            .starts_with("Market news")
    );
    assert_eq!(program.count("events WHERE kind = 'digest_due'"), 1);
}

#[test]
fn a_preference_is_read_and_set_with_care() {
    let program = Program::start();
    let operator = program.operator("South East", "operator@coop.example");
    let mine = operator.get("/me/alert-preferences").ok();
    assert_eq!(mine["market_news"], "immediate");
    let put = |body: &str, version: &str| {
        operator.call(
            "PUT",
            "/me/alert-preferences",
            Some(body.as_bytes()),
            &[("if-match", version)],
        )
    };
    let version = mine["version"].as_i64().unwrap();
    put(r#"{"market_news": "daily"}"#, &format!("\"{}\"", version + 7)).refused(412, "stale");
    let set = put(r#"{"market_news": "daily"}"#, &format!("\"{version}\"")).ok();
    assert_eq!(
        (set["market_news"].as_str(), set["version"].as_i64()),
        (Some("daily"), Some(version + 1))
    );
    assert_eq!(operator.get("/me/alert-preferences").ok(), set);
    let wrong = operator
        .put("/me/alert-preferences", json!({"market_news": "never"}))
        .wrong_fields();
    assert_eq!(wrong[0].0, "market_news");
}

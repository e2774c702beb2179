//! Who is told of what, in the product and by mail, and when.

use chrono::Duration;
use hearth::mail::Message;
use regex::Regex;
use serde_json::{Value, json};

use crate::support::client::Client;
use crate::support::region::{Provider, Region};
use crate::support::{Program, id};

/// The events of somebody's notifications, newest first.
fn told(client: &Client) -> Vec<String> {
    let items = client.get("/notifications").ok()["items"].clone();
    let items = items.as_array().unwrap();
    items
        .iter()
        .map(|item| item["event"].as_str().unwrap().to_owned())
        .collect()
}

fn subjects(mails: &[Message]) -> Vec<&str> {
    mails.iter().map(|mail| mail.subject.as_str()).collect()
}

fn prefer(client: &Client, market_news: &str) -> Value {
    client
        .put("/me/alert-preferences", json!({"market_news": market_news}))
        .ok()
}

/// A provider that is admitted and has a home that fits the usual request.
fn bidder(program: &Program, region: &Region, name: &str) -> Provider {
    let provider = region.admitted(program, name);
    region.home(program, &provider, &format!("{name} House"), json!({}));
    program.settle();
    provider
}

/// A request that closes in so many hours, published; answers its id and reference.
fn published(program: &Program, region: &Region, hours: i64) -> (String, String) {
    let changes =
        json!({"bids_close_at": program.in_minutes(hours * 60), "questions_close_at": program.in_minutes(hours * 30)});
    let request = region.published(program, changes);
    (id(&request), request["reference"].as_str().unwrap().to_owned())
}

#[test]
fn an_invitation_reaches_everybody_of_the_invited_and_nobody_else() {
    let program = Program::start();
    let region = program.region();
    let acorn = bidder(&program, &region, "Acorn");
    let colleague = acorn.bidder(&program, "bidder@acorn.example");
    let cedar = program.provider("Cedar");
    program.settle();
    let before = program.mails.messages().len();
    let (request, reference) = published(&program, &region, 3);
    program.settle();

    let mails = &program.mails.messages()[before..];
    let mut to: Vec<String> = mails.iter().map(|mail| mail.to.email.to_string()).collect();
    to.sort();
    assert_eq!(to, ["admin@acorn.example", "bidder@acorn.example"]);
    for mail in mails {
        assert_eq!(mail.subject, format!("Invitation to bid: {reference}"));
        let link = format!("https://hearth.example/placement-requests/{request}");
        assert!(mail.text.contains(&link) && mail.html.contains(&link), "{}", mail.text);
        for fact in [
            "SE-RES-1",
            "R1, Children's homes",
            "Bids close: 4 March 2026, 13:00 GMT",
        ] {
            assert!(mail.text.contains(fact), "{fact} is not in {}", mail.text);
        }
    }
    for person in [&acorn.admin.0, &colleague.0] {
        let newest = &person.get("/notifications").ok()["items"][0];
        assert_eq!(newest["event"], "request_published");
        assert_eq!(newest["link"], format!("/placement-requests/{request}"));
        assert_eq!(newest["read_at"], Value::Null);
    }
    assert!(!told(&cedar.admin).contains(&"request_published".to_owned()));
}

#[test]
fn no_mail_of_a_whole_competition_carries_a_word_of_the_child() {
    let program = Program::start();
    let region = program.region();
    let acorn = bidder(&program, &region, "Acorn");
    let (request, _) = published(&program, &region, 48);
    let below = |part: &str| format!("/placement-requests/{request}/{part}");
    let question = acorn
        .admin
        .post(&below("questions"), json!({"text": "Does she like horses?"}))
        .ok();
    let answer = json!({"text": "Yes, she rides at weekends."});
    region
        .commissioner
        .post(&format!("/questions/{}/answer", id(&question)), answer)
        .ok();
    let longer = json!({"bids_close_at": program.in_minutes(72 * 60), "reason": "Her school asked for more time."});
    region.commissioner.post(&below("extend"), longer).ok();
    program.wait(Duration::hours(50));
    program.wait(Duration::hours(23));
    program.wait(Duration::hours(1));
    let of_the_child = Regex::new(
        r"(?i)\bRG1\b|calm home|goes missing|horses|weekends|her school|\bshe\b|\bher\b|\b14\b|emotional|therapeutic|\bgirl\b|female|Reading",
    )
    .unwrap();
    let mails: Vec<Message> = program
        .mails
        .messages()
        .into_iter()
        .filter(|mail| mail.subject.contains("R-") || mail.text.contains("Request:"))
        .collect();
    assert!(mails.len() >= 6, "{:?}", subjects(&mails));
    for mail in mails {
        let words = format!("{}\n{}", mail.subject, mail.text);
        let found = of_the_child.find(&words).map(|found| found.as_str().to_owned());
        assert_eq!(found, None, "{words}");
    }
}

#[test]
fn a_question_goes_to_the_authority_and_its_answer_to_the_invited() {
    let program = Program::start();
    let region = program.region();
    let acorn = bidder(&program, &region, "Acorn");
    let birch = bidder(&program, &region, "Birch");
    let (request, reference) = published(&program, &region, 3);
    let ask = |text: &str| {
        let path = format!("/placement-requests/{request}/questions");
        id(&acorn.admin.post(&path, json!({"text": text})).ok())
    };
    let mails = program.mails_during(region.commissioner.email(), || drop(ask("Is transport paid?")));
    assert_eq!(subjects(&mails), [format!("Question to answer: {reference}")]);
    let question = ask("Is a car needed?");
    let mails = program.mails_during(birch.admin.email(), || {
        let answer = json!({"text": "A car helps."});
        region
            .commissioner
            .post(&format!("/questions/{question}/answer"), answer)
            .ok();
    });
    assert_eq!(subjects(&mails), [format!("Question answered: {reference}")]);
    assert!(
        !told(&region.neighbour)
            .iter()
            .any(|event| event.starts_with("question"))
    );
}

#[test]
fn whoever_is_silent_is_reminded_a_day_before_bids_close_and_once() {
    let program = Program::start();
    let region = program.region();
    let acorn = bidder(&program, &region, "Acorn");
    let birch = bidder(&program, &region, "Birch");
    let elm = bidder(&program, &region, "Elm");
    let body = json!({"bids_close_at": program.in_minutes(72 * 60)});
    let whole = region.published(&program, body);
    let (request, reference) = (id(&whole), whole["reference"].as_str().unwrap());
    let house = id(&elm.admin.get("/homes").ok()["items"][0]);
    elm.submits(&program, &whole, &house, "4800.00");
    let home = id(&birch.admin.get("/homes").ok()["items"][0]);
    let decline = json!({"home_id": home, "reason": "location"});
    birch
        .admin
        .post(&format!("/placement-requests/{request}/decline"), decline)
        .ok();
    let reminders = |provider: &Provider| {
        let mails = program.mails_to(provider.admin.email());
        mails
            .iter()
            .filter(|mail| mail.subject == format!("Bids close soon: {reference}"))
            .count()
    };
    program.wait(Duration::hours(47));
    assert_eq!(reminders(&acorn), 0);
    program.wait(Duration::hours(1));
    assert_eq!((reminders(&acorn), reminders(&birch), reminders(&elm)), (1, 0, 0));
    program.wait(Duration::hours(1));
    assert_eq!(reminders(&acorn), 1);
    // A later deadline is another one.
    let longer = json!({"bids_close_at": program.in_minutes(60 * 60), "reason": "More time."});
    region
        .commissioner
        .post(&format!("/placement-requests/{request}/extend"), longer)
        .ok();
    program.wait(Duration::hours(37));
    assert_eq!((reminders(&acorn), reminders(&birch)), (2, 0));
}

#[test]
fn a_bid_is_answered_with_a_receipt_that_proves_it() {
    let program = Program::start();
    let region = program.region();
    let acorn = bidder(&program, &region, "Acorn");
    let request = region.published(&program, json!({}));
    let home = id(&acorn.admin.get("/homes").ok()["items"][0]);
    let before = program.mails_to(acorn.admin.email()).len();
    let bid = acorn.submits(&program, &request, &home, "4800.17");
    let first = bid["receipt"].clone();
    // Sent again before the first receipt has gone out: each receipt is of its own version.
    let mut body = crate::support::region::bid_body(&program, &request, &home, "4700.00");
    body.as_object_mut().unwrap().remove("home_id");
    acorn.admin.put(&format!("/bids/{}", id(&bid)), body).ok();
    let second = acorn.admin.act(&format!("/bids/{}/submit", id(&bid))).ok()["receipt"].clone();
    let mails = program.mails_to(acorn.admin.email()).split_off(before);
    let subject = format!("Receipt for your bid: {}", request["reference"].as_str().unwrap());
    assert_eq!(subjects(&mails), [subject.as_str(), subject.as_str()]);
    for (mail, receipt) in mails.iter().zip([first, second]) {
        for fact in ["sha256", "submitted_at"] {
            let fact = receipt[fact].as_str().unwrap();
            assert!(mail.text.contains(fact), "{fact} is not in {}", mail.text);
        }
        assert!(
            !mail.text.contains("4800") && !mail.text.contains("4700"),
            "{}",
            mail.text
        );
    }
}

#[test]
fn a_short_window_needs_no_reminder_and_its_end_is_told_to_the_authority() {
    let program = Program::start();
    let region = program.region();
    let acorn = bidder(&program, &region, "Acorn");
    let (_, reference) = published(&program, &region, 23);
    let mails = program.mails_during(acorn.admin.email(), || program.wait(Duration::hours(22)));
    assert_eq!(subjects(&mails), [] as [&str; 0]);
    let mails = program.mails_during(region.commissioner.email(), || {
        program.wait(Duration::hours(1));
        program.wait(Duration::minutes(5));
    });
    assert_eq!(subjects(&mails), [format!("Bids to open: {reference}")]);
}

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

#[test]
fn a_notification_is_its_persons_own_and_read_once() {
    let program = Program::start();
    let region = program.region();
    let acorn = bidder(&program, &region, "Acorn");
    let newest = acorn.admin.get("/notifications?unread=true&limit=1").ok();
    let notification = id(&newest["items"][0]);
    region
        .operator
        .act(&format!("/notifications/{notification}/read"))
        .refused(404, "not_found");
    let read = acorn.admin.act(&format!("/notifications/{notification}/read")).ok();
    let at = read["read_at"].clone();
    assert_eq!(at, json!(program.now().to_string()));
    program.wait(Duration::hours(1));
    let again = acorn.admin.act(&format!("/notifications/{notification}/read")).ok();
    assert_eq!(again["read_at"], at, "the first time counts");
    assert!(!told_unread(&acorn.admin).contains(&notification));
    acorn.admin.act("/notifications/read-all").ok();
    assert_eq!(told_unread(&acorn.admin), [] as [String; 0]);
    assert!(!told(&acorn.admin).is_empty(), "read is not gone");
}

fn told_unread(client: &Client) -> Vec<String> {
    let unread = client.get("/notifications?unread=true").ok();
    unread["items"].as_array().unwrap().iter().map(id).collect()
}

#[test]
fn notifications_come_newest_first_in_parts_that_stay_as_they_are() {
    let program = Program::start();
    let region = program.region();
    let acorn = bidder(&program, &region, "Acorn");
    for _ in 0..4 {
        published(&program, &region, 3);
        program.settle();
    }
    let whole = told(&acorn.admin).len();
    let (mut seen, mut path) = (Vec::new(), "/notifications?limit=2".to_owned());
    loop {
        let part = acorn.admin.get(&path).ok();
        seen.extend(part["items"].as_array().unwrap().iter().map(id));
        published(&program, &region, 3);
        program.settle();
        let Some(next) = part["next"].as_str() else { break };
        path = format!("/notifications?limit=2&after={next}");
    }
    let mut sorted = seen.clone();
    sorted.sort();
    sorted.reverse();
    assert_eq!((seen.len(), &seen), (whole, &sorted));
    acorn.admin.get("/notifications?after=nonsense").wrong_fields();
    acorn.admin.get("/notifications?colour=red").wrong_fields();
}

#[test]
fn a_stale_vacancy_is_asked_about_with_a_link_for_each_person() {
    let program = Program::start();
    let region = program.region();
    let acorn = bidder(&program, &region, "Acorn");
    let colleague = acorn.bidder(&program, "bidder@acorn.example");
    program.wait(Duration::days(8));
    let link = Regex::new(r"https://hearth\.example/confirm-vacancy/([A-Za-z0-9_\-]+)").unwrap();
    let mut tokens = Vec::new();
    for person in [acorn.admin.email(), colleague.email()] {
        let mails = program.mails_to(person);
        let asked: Vec<_> = mails
            .iter()
            .filter(|mail| mail.subject == "Is the place still free? Acorn House")
            .collect();
        assert_eq!(asked.len(), 1, "{:?}", subjects(&mails));
        let token = link.captures(&asked[0].text).unwrap()[1].to_owned();
        assert!(asked[0].html.contains(&format!("confirm-vacancy/{token}\"")));
        tokens.push(token);
    }
    assert_ne!(tokens[0], tokens[1]);
    program.wait(Duration::days(1));
    assert_eq!(program.count("events WHERE kind = 'vacancy_stale'"), 1);
}

#[test]
fn an_application_is_received_decided_and_told() {
    let program = Program::start();
    let region = program.region();
    let acorn = program.provider("Acorn");
    let application = region.application(&program, &acorn);
    let mails = program.mails_during(acorn.admin.email(), || {
        acorn.admin.act(&format!("/applications/{application}/submit")).ok();
    });
    assert_eq!(subjects(&mails), ["Application received: SE-RES-1"]);
    assert!(
        mails[0].text.contains("Decision due by: 18 March 2026"),
        "{}",
        mails[0].text
    );
    assert_eq!(
        subjects(&program.mails_to(region.operator.email())),
        ["Application to decide: SE-RES-1"]
    );
    let decisions =
        json!({"decisions": [{"lot_id": region.lot, "outcome": "rejected", "reason": "No safeguarding lead."}]});
    let mails = program.mails_during(acorn.admin.email(), || {
        region
            .operator
            .post(&format!("/applications/{application}/decide"), decisions)
            .ok();
    });
    assert_eq!(subjects(&mails), ["Application decided: SE-RES-1, rejected"]);
    assert!(
        mails[0].text.contains("Lot: R1, Children's homes: rejected"),
        "{}",
        mails[0].text
    );
    assert!(
        !mails[0].text.contains("safeguarding lead"),
        "reasons stand behind the link"
    );
}

#[test]
fn news_of_the_market_reach_members_and_providers() {
    let program = Program::start();
    let region = program.region();
    let acorn = program.provider("Acorn");
    program.settle();
    let framework = json!({"reference": "SE-FOS-2", "title": "Fostering"});
    let body = crate::support::with(program.framework_body(), framework);
    let second = id(&region.operator.post("/frameworks", body).ok());
    let lot = json!({"code": "F1", "title": "Fostering", "placement_type": "Foster", "provision_types": ["IndependentFosteringAgency"]});
    region.operator.post(&format!("/frameworks/{second}/lots"), lot).ok();
    let contract = json!({"title": "Contract", "text": "Terms.", "effective_on": program.day(-1)});
    region
        .operator
        .post(&format!("/frameworks/{second}/contract-versions"), contract)
        .ok();
    let opened = ["Framework opened: SE-FOS-2"];
    let mails = program.mails_during(acorn.admin.email(), || {
        region.operator.act(&format!("/frameworks/{second}/open")).ok();
    });
    assert_eq!(subjects(&mails), opened);
    assert_eq!(
        program.mails_to(region.neighbour.email()).last().unwrap().subject,
        opened[0]
    );
    assert!(
        program.mails_to(region.operator.email()).is_empty(),
        "the operator did it"
    );
}

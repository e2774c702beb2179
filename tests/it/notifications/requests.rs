//! What invited providers and the authority are told on the way of a request.

use chrono::Duration;
use hearth::mail::Message;
use regex::Regex;
use serde_json::{Value, json};

use super::{NOTHING, bidder, mailed, prefer, published, subjects, told};
use crate::support::region::Provider;
use crate::support::{Program, id};

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
fn the_mails_that_an_operator_sees_do_not_tell_who_bids() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    let home = region.home(&program, &acorn, "Acorn House", json!({}));
    let request = region.published(&program, json!({}));
    acorn.submits(&program, &request, &home, "4321.00");
    program.settle();
    let receipt = |mail: &Message| mail.subject.starts_with("Receipt for your bid");
    assert!(program.mails.messages().iter().any(receipt));
    let seen = region.operator.get("/mails?limit=200").ok();
    let subjects: Vec<&str> = seen["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|mail| mail["subject"].as_str().unwrap())
        .collect();
    assert!(
        subjects.iter().any(|subject| subject.starts_with("Invitation to bid")),
        "{subjects:?}"
    );
    assert!(
        !subjects.iter().any(|subject| subject.contains("your bid")),
        "{subjects:?}"
    );
    let counts = region.operator.get("/mails/counts").ok();
    assert_eq!(counts["sent"], subjects.len(), "{counts}");
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
fn the_end_of_a_request_is_told_to_who_bid_and_as_news_to_who_kept_silent() {
    let program = Program::start();
    let region = program.region();
    let [acorn, birch, cedar, elm] = ["Acorn", "Birch", "Cedar", "Elm"].map(|name| bidder(&program, &region, name));
    let home = |provider: &Provider| id(&provider.admin.get("/homes").ok()["items"][0]);
    let people = [&acorn, &birch, &cedar, &elm].map(|provider| provider.admin.email());
    for (verb, to_who_declined) in [("mark-unfilled", false), ("withdraw", true)] {
        let request = region.published(&program, json!({}));
        let below = |part: &str| format!("/placement-requests/{}/{part}", id(&request));
        acorn.submits(&program, &request, &home(&acorn), "4800.00");
        let declined = json!({"home_id": home(&cedar), "reason": "location"});
        cedar.admin.post(&below("decline"), declined).ok();
        for provider in [&acorn, &elm] {
            prefer(&provider.admin, "off");
        }
        program.wait(Duration::minutes(181));
        let [bid, silent, declined, off] = mailed(&program, people, || {
            region
                .commissioner
                .post(&below(verb), json!({"reason": "No longer needed."}))
                .ok();
        });
        assert_eq!((bid.len(), silent.len()), (1, 1), "{verb}: {bid:?} {silent:?}");
        assert!(
            bid[0].contains(request["reference"].as_str().unwrap()) && bid == silent,
            "{bid:?}"
        );
        assert_eq!(declined.len(), usize::from(to_who_declined), "{verb}: {declined:?}");
        assert_eq!(off, NOTHING, "news is not mailed to who wants none");
        let kind = &told(&elm.admin)[0];
        assert!(
            ["request_unfilled", "request_withdrawn"].contains(&kind.as_str()),
            "{kind}"
        );
    }
}

#[test]
fn whoever_takes_part_uninvited_is_told_what_the_invited_are() {
    let program = Program::start();
    let region = program.region();
    let acorn = bidder(&program, &region, "Acorn");
    // Its home takes younger ones, so it is not invited; the request is open to it all the same.
    let birch = region.admitted(&program, "Birch");
    region.home(&program, &birch, "Birch House", json!({"age_min": 5, "age_max": 9}));
    prefer(&birch.admin, "off");
    let (request, reference) = published(&program, &region, 3);
    let below = |part: &str| format!("/placement-requests/{request}/{part}");
    let people = [acorn.admin.email(), birch.admin.email()];
    let longer = |hours: i64| {
        let body = json!({"bids_close_at": program.in_minutes(hours * 60), "reason": "More time."});
        region.commissioner.post(&below("extend"), body).ok();
    };
    let extended = vec![format!("Deadline extended: {reference}")];
    assert_eq!(mailed(&program, people, || longer(4)), [extended.clone(), vec![]]);

    let asked = json!({"text": "May the home be a little further out?"});
    let question = id(&birch.admin.post(&below("questions"), asked).ok());
    let answered = mailed(&program, people, || {
        let answer = json!({"text": "Up to the distance named."});
        region
            .commissioner
            .post(&format!("/questions/{question}/answer"), answer)
            .ok();
    });
    let subject = vec![format!("Question answered: {reference}")];
    assert_eq!(answered, [subject.clone(), subject]);
    assert_eq!(mailed(&program, people, || longer(5)), [extended.clone(), extended]);
    let withdrawn = mailed(&program, people, || {
        let reason = json!({"reason": "No longer needed."});
        region.commissioner.post(&below("withdraw"), reason).ok();
    });
    let subject = vec![format!("Request withdrawn: {reference}")];
    assert_eq!(withdrawn, [subject.clone(), subject]);
}

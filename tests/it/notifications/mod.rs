//! Who is told of what, in the product and by mail, and when.

mod awards;
mod digest;
mod people;
mod requests;
mod standing;

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

/// The subjects that each of these people was mailed while something was done.
fn mailed<const N: usize>(program: &Program, people: [&str; N], done: impl FnOnce()) -> [Vec<String>; N] {
    let before = people.map(|email| program.mails_to(email).len());
    done();
    let mut after = people.map(|email| program.mails_to(email));
    for (mails, before) in after.iter_mut().zip(before) {
        mails.drain(..before);
    }
    after.map(|mails| mails.into_iter().map(|mail| mail.subject).collect())
}

/// Nobody was mailed anything.
const NOTHING: [&str; 0] = [];

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
    let link = Regex::new(r"https://hearth\.example/vacancies/confirm/([A-Za-z0-9_\-]+)").unwrap();
    let mut tokens = Vec::new();
    for person in [acorn.admin.email(), colleague.email()] {
        let mails = program.mails_to(person);
        let asked: Vec<_> = mails
            .iter()
            .filter(|mail| mail.subject == "Is the place still free? Acorn House")
            .collect();
        assert_eq!(asked.len(), 1, "{:?}", subjects(&mails));
        let token = link.captures(&asked[0].text).unwrap()[1].to_owned();
        assert!(asked[0].html.contains(&format!("vacancies/confirm/{token}\"")));
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

//! From an open framework to a started placement.

use chrono::Duration;
use hearth::audit;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::client::Client;
use crate::support::region::{Provider, Region, bid_body};
use crate::support::{Program, id, with};

/// What everybody's mail said, as a person reads it.
fn subjects(program: &Program, address: &str) -> Vec<String> {
    program.mails_to(address).into_iter().map(|mail| mail.subject).collect()
}

fn scores(request: &Value, given: [i32; 2]) -> Value {
    let criteria = request["criteria"].as_array().unwrap();
    let scores: Vec<Value> = criteria
        .iter()
        .zip(given)
        .map(|(criterion, score)| json!({"criterion_id": criterion["id"], "score": score, "reason": "As the answer shows."}))
        .collect();
    json!({"no_conflict_of_interest": true, "scores": scores})
}

fn items(answer: &Value) -> &Vec<Value> {
    answer["items"]
        .as_array()
        .unwrap_or_else(|| panic!("no items in {answer}"))
}

/// The match with a home, by its name.
fn match_of(matches: &Value, name: &str) -> Value {
    items(matches)
        .iter()
        .find(|one| one["home"]["name"] == name)
        .cloned()
        .unwrap_or_default()
}

fn reasons(of: &Value) -> String {
    of["reasons"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|reason| reason["code"].as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Bids on both sides of a competition whose request is published.
struct Competition {
    request: Value,
    near: Value,
    other: Value,
}

/// Acorn bids with its home in Reading, Birch with its home in Guildford.
fn compete(program: &Program, region: &Region, acorn: &Provider, birch: &Provider) -> Competition {
    let near = region.home(program, acorn, "Near House", json!({}));
    let far = json!({"address": {"line1": "2 Example Lane", "town": "Exampleton", "postcode": "PO30 1AA"}});
    region.home(program, acorn, "Far House", far);
    region.home(program, birch, "Young House", json!({"age_min": 5, "age_max": 9}));
    let guildford = json!({"address": {"line1": "3 Example Lane", "town": "Exampleton", "postcode": "GU1 1AA"}});
    let other = region.home(program, birch, "Birch House", guildford);
    let request = region.published(program, json!({}));
    let body = bid_body(program, &request, &near, "4800.17");
    let body = with(
        body,
        json!({"price": {"core": "4800.17", "additional_support": "350.00", "education": "0.00", "other": "0.00"}}),
    );
    let bid = acorn
        .admin
        .post(&format!("/placement-requests/{}/bids", id(&request)), body)
        .ok();
    let near = acorn.admin.act(&format!("/bids/{}/submit", id(&bid))).ok();
    let other = birch.submits(program, &request, &other, "5200.00");
    Competition { request, near, other }
}

#[test]
fn from_an_open_framework_to_a_started_placement() {
    let program = Program::start();
    let region = program.region();
    let (acorn, birch) = (region.admitted(&program, "Acorn"), region.admitted(&program, "Birch"));
    let cedar = program.provider("Cedar");
    assert!(
        subjects(&program, acorn.admin.email())
            .iter()
            .any(|subject| subject.contains("SE-RES-1"))
    );
    let competition = compete(&program, &region, &acorn, &birch);
    let request = format!("/placement-requests/{}", id(&competition.request));
    let reference = competition.request["reference"].as_str().unwrap();

    // Which homes fit, and why not.
    let matches = region.commissioner.get(&format!("{request}/matches")).ok();
    assert_eq!(match_of(&matches, "Near House")["fits"], true);
    assert!(reasons(&match_of(&matches, "Far House")).contains("distance"));
    assert!(reasons(&match_of(&matches, "Young House")).contains("age"));

    // Who is told, and who is not.
    let invited = |who: &Client| {
        program
            .mails_to(who.email())
            .into_iter()
            .any(|mail| mail.subject.contains(reference))
    };
    assert!(invited(&acorn.admin) && invited(&birch.admin) && !invited(&cedar.admin));
    cedar.admin.get(&request).refused(404, "not_found");
    region.neighbour.get(&request).refused(404, "not_found");

    // Questions and answers.
    let asked = acorn
        .admin
        .post(
            &format!("{request}/questions"),
            json!({"text": "Does she attend a mainstream school?"}),
        )
        .ok();
    region
        .commissioner
        .post(
            &format!("/questions/{}/answer", id(&asked)),
            json!({"text": "Yes, and it should go on."}),
        )
        .ok();
    let told = birch.admin.get(&format!("{request}/questions")).ok().to_string();
    assert!(told.contains("it should go on") && !told.contains("Acorn"), "{told}");

    // Sealed until the deadline.
    let sealed = region.commissioner.get(&format!("{request}/bids")).ok();
    assert_eq!(
        (&sealed["sealed"], &sealed["count"], items(&sealed).len()),
        (&json!(true), &json!(2), 0)
    );
    region
        .commissioner
        .act(&format!("{request}/open"))
        .refused(409, "opening.too_early");
    program.wait(Duration::minutes(181));
    let (near, other) = (id(&competition.near), id(&competition.other));
    birch
        .admin
        .act(&format!("/bids/{other}/withdraw"))
        .refused(409, "bid.deadline_passed");

    // Opened: what was sent is what is read.
    let opened = region.commissioner.act(&format!("{request}/open")).ok();
    let mut totals: Vec<&str> = items(&opened)
        .iter()
        .filter_map(|bid| bid["weekly_total"].as_str())
        .collect();
    totals.sort_unstable();
    assert_eq!(totals, ["5150.17", "5200.00"]);
    let content = region.commissioner.get(&format!("/bids/{near}/sealed-content")).bytes;
    assert_eq!(
        competition.near["receipt"]["sha256"],
        hex::encode(Sha256::digest(&content))
    );
    region
        .commissioner
        .act(&format!("{request}/open"))
        .refused(409, "opening.already_opened");

    // Scored and ranked: 40 × 3/5 + 20 × 3/5, and 40 × 5150.17/5200.00.
    region
        .commissioner
        .put(&format!("/bids/{near}/scores"), scores(&competition.request, [3, 3]))
        .ok();
    region
        .commissioner
        .put(&format!("/bids/{other}/scores"), scores(&competition.request, [5, 4]))
        .ok();
    let ranking = region.commissioner.get(&format!("{request}/ranking")).ok();
    let points = |bid: &str| {
        let row = items(&ranking).iter().find(|row| row["bid_id"] == bid).unwrap().clone();
        ["rank", "price_points", "quality_points", "total_points"]
            .map(|column| row[column].to_string().replace('"', ""))
    };
    assert_eq!(points(&near), ["2", "40.00", "36.00", "76.00"]);
    assert_eq!(points(&other), ["1", "39.62", "56.00", "95.62"]);

    // Awarded, with the approval that a home outside the area takes.
    let award = region
        .commissioner
        .post(&format!("{request}/awards"), json!({"bid_id": other}))
        .ok();
    let award_path = format!("/awards/{}", id(&award));
    assert!(
        !award["approvals_needed"].as_array().unwrap().is_empty(),
        "Guildford does not adjoin Reading"
    );
    region
        .commissioner
        .act(&format!("{award_path}/confirm"))
        .refused(409, "award.approval_missing");
    let approver = region.approver(&program);
    approver
        .post(
            &format!("{award_path}/approve"),
            json!({"reason": "No closer home fits."}),
        )
        .ok();
    region.commissioner.act(&format!("{award_path}/confirm")).ok();
    let letters = region.commissioner.get(&format!("{award_path}/letters")).ok();
    let mut kinds: Vec<&str> = items(&letters)
        .iter()
        .filter_map(|letter| letter["kind"].as_str())
        .collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["successful", "unsuccessful"]);
    let losing = items(&letters)
        .iter()
        .find(|letter| letter["kind"] == "unsuccessful")
        .unwrap();
    assert!(
        losing["body"].as_str().unwrap().contains("76.00"),
        "the loser is told its own points"
    );

    // Accepted, agreed, started, ended.
    birch.admin.act(&format!("{award_path}/accept")).ok();
    let placements = region.commissioner.get("/placements").ok();
    let placement = &items(&placements)[0];
    assert_eq!(
        (&placement["status"], &placement["weekly_total"]),
        (&json!("agreed"), &json!("5200.00"))
    );
    let placement = format!("/placements/{}", id(placement));
    let started = region
        .commissioner
        .post(&format!("{placement}/start"), json!({"started_on": program.day(0)}))
        .ok();
    assert_eq!(started["status"], "started");
    program.wait(Duration::days(30));
    let ended = json!({"ended_on": program.day(0), "reason": "CARPL"});
    assert_eq!(
        region.commissioner.post(&format!("{placement}/end"), ended).ok()["status"],
        "ended"
    );

    // The log tells it all, and holds.
    let log = region.operator.get("/audit-events?limit=200").ok();
    assert!(items(&log).len() >= 20);
    assert!(audit::verify(program.db(), None).unwrap().is_ok());
}

#[test]
fn no_mail_says_a_word_about_the_child() {
    let program = Program::start();
    let region = program.region();
    let (acorn, birch) = (region.admitted(&program, "Acorn"), region.admitted(&program, "Birch"));
    let competition = compete(&program, &region, &acorn, &birch);
    program.wait(Duration::minutes(181));
    region
        .commissioner
        .act(&format!("/placement-requests/{}/open", id(&competition.request)))
        .ok();
    let about_the_child = [
        "RG1",
        "goes missing",
        "14",
        "emotional",
        "therapeutic",
        "calm home",
        "girl",
        "female",
        "sibling",
    ];
    let reference = competition.request["reference"].as_str().unwrap();
    program.settle();
    for mail in program.mails.messages() {
        // Links and dates are no words about a child; neither is the reference.
        let plain = mail.text.replace(reference, "");
        let words: Vec<&str> = plain
            .split_whitespace()
            .filter(|word| !word.contains("://") && !word.contains(':'))
            .collect();
        let text = format!("{} {}", mail.subject.replace(reference, ""), words.join(" ")).to_lowercase();
        for said in about_the_child {
            let whole = text
                .split(|one: char| !one.is_alphanumeric())
                .any(|word| word == said.to_lowercase());
            let phrase = said.contains(' ') && text.contains(&said.to_lowercase());
            assert!(
                !whole && !phrase,
                "a mail to {} says {said}: {}\n{}",
                mail.to,
                mail.subject,
                mail.text
            );
        }
    }
}

#[test]
fn a_child_is_not_named_to_those_who_were_not_invited() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    region.home(&program, &acorn, "Near House", json!({}));
    let request = region.published(&program, json!({}));
    let seen = acorn
        .admin
        .get(&format!("/placement-requests/{}", id(&request)))
        .ok()
        .to_string();
    assert!(
        !seen.contains("RG1 1AF"),
        "the full postcode is the authority's own: {seen}"
    );
    let listed = program.provider("Cedar").admin.get("/placement-requests").ok();
    assert!(items(&listed).is_empty());
}

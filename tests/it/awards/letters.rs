//! What the bidders read.

use serde_json::json;

use super::competition::{AT_HOME, at, duel, score};
use crate::support::program::Program;

#[test]
fn letters_are_previewed_and_kept_as_they_were_sent() {
    let program = Program::start();
    let region = program.region();
    let duel = duel(&program, &region, AT_HOME, json!({}));
    let by = &region.commissioner;
    let words = json!({"characteristics": "A teacher on the staff."});
    duel.competition
        .propose(by, 1, json!({"characteristics": "She lives at RG1 1AF."}))
        .refused(422, "request.text_names_child");
    let award = duel.competition.propose(by, 1, words).ok();

    let preview = by.get(&at(&award, "letters")).ok();
    let items = preview["items"].as_array().unwrap();
    let kinds: Vec<_> = items.iter().map(|letter| letter["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["successful", "unsuccessful"]);
    assert!(items.iter().all(|letter| letter["sent_at"].is_null()));
    assert_eq!(
        (items[0]["recipient"].as_str(), items[1]["recipient"].as_str()),
        (Some("Birch Care Ltd"), Some("Acorn Care Ltd"))
    );

    by.act(&at(&award, "confirm")).ok();
    let sent = by.get(&at(&award, "letters")).ok();
    for (letter, before) in sent["items"].as_array().unwrap().iter().zip(items) {
        assert_eq!(letter["body"], before["body"], "as it was previewed");
        assert!(letter["sent_at"].is_string());
    }
    let (winner, loser) = (
        sent["items"][0]["body"].as_str().unwrap(),
        sent["items"][1]["body"].as_str().unwrap(),
    );
    for part in [
        "76.00 points",
        "95.62 points",
        "What the awarded bid offers: A teacher on the staff.",
        "Birch Care Ltd",
        "commissioner@reading.example",
    ] {
        assert!(loser.contains(part), "{part} in {loser}");
    }
    // Of the winner no price and no home, of the child nothing.
    for part in ["5,200.00", "Birch House", "14", "RG1", "missing"] {
        assert!(!loser.contains(part), "{part} in {loser}");
    }
    assert!(
        winner.contains("Total: £5,200.00") && winner.contains("Birch House") && !winner.contains("Acorn"),
        "{winner}"
    );
    assert!(loser.contains(duel.competition.reference()));

    // Each reads its own.
    let own = duel.acorn.admin.get(&at(&award, "letters")).ok();
    assert_eq!(own["items"], json!([sent["items"][1]]));
    let own = duel.birch.admin.get(&at(&award, "letters")).ok();
    assert_eq!(own["items"], json!([sent["items"][0]]));
    region.neighbour.get(&at(&award, "letters")).refused(404, "not_found");
    region.auditor(&program).get(&at(&award, "letters")).ok();
}

#[test]
fn a_bid_that_is_not_compliant_reads_why() {
    let program = Program::start();
    let region = program.region();
    let duel = duel(&program, &region, AT_HOME, json!({}));
    let by = &region.commissioner;
    let mark = format!("/bids/{}/mark-non-compliant", duel.competition.bids[0]);
    by.post(&mark, json!({"reason": "It answers another request."})).ok();
    duel.competition
        .propose(by, 0, json!({"reason": "Still?"}))
        .refused(409, "award.bid_not_awardable");
    let award = duel.competition.propose(by, 1, json!({})).ok();
    by.act(&at(&award, "confirm")).ok();
    let own = duel.acorn.admin.get(&at(&award, "letters")).ok();
    let body = own["items"][0]["body"].as_str().unwrap();
    assert!(
        body.contains("not compliant") && body.contains("It answers another request."),
        "{body}"
    );
    assert!(!body.contains("76.00"), "{body}");
}

#[test]
fn no_bidder_reads_who_the_child_is() {
    let program = Program::start();
    let region = program.region();
    let duel = duel(&program, &region, AT_HOME, json!({"names_to_screen": ["Sam Example"]}));
    let (by, bid) = (&region.commissioner, &duel.competition.bids[0]);
    by.post(
        &format!("/bids/{bid}/mark-non-compliant"),
        json!({"reason": "Sam can't live so far away."}),
    )
    .refused(422, "request.text_names_child");
    let scores: Vec<_> = duel.competition.request["criteria"]
        .as_array()
        .unwrap()
        .iter()
        .map(|criterion| json!({"criterion_id": criterion["id"], "score": 3, "reason": "Sam would miss her school."}))
        .collect();
    let sheet = json!({"no_conflict_of_interest": true, "scores": scores});
    let problem = by
        .put(&format!("/bids/{bid}/scores"), sheet)
        .refused(422, "request.text_names_child");
    assert_eq!(problem["errors"][0]["field"], "scores[0].reason", "{problem}");
    assert_eq!(problem["errors"][0]["code"], "name", "{problem}");
    score(by, &duel.competition.request, bid, [3, 3]);
    duel.competition.propose(by, 1, json!({})).ok();
}

//! A request's whole story.

use chrono::Duration;
use serde_json::json;

use crate::awards::competition::{AT_HOME, at, duel};
use crate::support::program::Program;
use crate::support::region::id;

#[test]
fn before_the_opening_nobody_learns_who_has_bid_nor_when() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    let home = region.home(&program, &acorn, "Near House", json!({}));
    let request = region.published(&program, json!({}));
    acorn
        .admin
        .post(
            &format!("/placement-requests/{}/questions", id(&request)),
            json!({"text": "Does she bring a pet?"}),
        )
        .ok();
    acorn.submits(&program, &request, &home, "5000.00");
    let by = program.browser_of(&region.commissioner);
    let story = by.get(&format!("/placement-requests/{}/story", id(&request))).ok();
    story
        .says("wrote the draft")
        .says("published the request")
        .says("A provider asked a question");
    for secret in ["Acorn", "Near House", "pet", "began", "sent in", "Bids closed"] {
        assert!(!story.text().contains(secret), "{secret}: {}", story.text());
    }
}

#[test]
fn from_the_draft_to_the_placement_everything_stands_in_its_order() {
    let program = Program::start();
    let region = program.region();
    let duel = duel(&program, &region, AT_HOME, json!({}));
    let approver = region.approver(&program);
    let by = &region.commissioner;
    let reason = "The only home near her school.";
    let award = duel.competition.propose(by, 0, json!({ "reason": reason })).ok();
    approver.act(&at(&award, "approve")).ok();
    by.act(&at(&award, "confirm")).ok();
    duel.acorn.admin.act(&at(&award, "accept")).ok();
    program.wait(Duration::hours(1));
    let browser = program.browser_of(by);
    let path = format!("/placement-requests/{}/story", duel.competition.id());
    let story = browser.get(&path).ok();
    let text = story.text();
    let mut from = 0;
    for moment in [
        "wrote the draft",
        "published the request",
        "Acorn Care Ltd sent in the bid of Near House",
        "Birch Care Ltd sent in the bid of Birch House",
        "Questions closed",
        "Bids closed",
        "Per Son, commissioner opened the bids",
        "scored the bid of",
        "proposed the award to Near House, Acorn Care Ltd",
        "Per Son, approver approved the award",
        "confirmed the award",
        "Acorn Care Ltd accepted the award",
        "agreed the placement",
    ] {
        let found = text[from..].find(moment);
        from += found.unwrap_or_else(|| panic!("`{moment}` after {}: {text}", &text[..from]));
    }
    assert!(!text.contains(reason), "{text}");
    assert!(
        !text.contains("sent in the bid of Near House, Acorn"),
        "the bidder is named once: {text}"
    );
    assert_eq!(text.matches("The letters to the bidders went out").count(), 1, "{text}");
    let file = browser.get(&format!("{path}.csv")).ok();
    for row in ["When,Who,What", "Acorn Care Ltd,sent in the bid of Near House"] {
        assert!(file.html.contains(row), "{row}: {}", file.html);
    }
    assert_eq!(
        program.browser_of(&region.neighbour).get(&format!("{path}.csv")).status,
        404
    );
    program.browser_of(&approver).get(&path).ok().says("wrote the draft");
    program.browser_of(&region.auditor(&program)).get(&path).ok();
    assert_eq!(program.browser_of(&region.neighbour).get(&path).status, 404);
    assert_eq!(program.browser_of(&duel.acorn.admin).get(&path).status, 403);
}

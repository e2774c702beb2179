//! Before the opening nobody of the authority sees a bid's content; after it the bids stand side by side.

use chrono::Duration;
use serde_json::{Value, json};

use crate::support::{Program, id};

fn path(request: &Value, part: &str) -> String {
    format!("/placement-requests/{}{part}", id(request))
}

#[test]
fn bids_are_sealed_opened_in_one_act_and_stand_side_by_side() {
    let program = Program::start();
    let region = program.region();
    let (acorn, birch) = (region.admitted(&program, "Acorn"), region.admitted(&program, "Birch"));
    let acorn_house = region.home(&program, &acorn, "Acorn House", json!({}));
    let birch_house = region.home(&program, &birch, "Birch House", json!({}));
    let request = region.published(&program, json!({}));
    let browser = program.browser_of(&region.commissioner);
    acorn.submits(&program, &request, &acorn_house, "4800.17");
    birch.submits(&program, &request, &birch_house, "5200.00");
    let cedar = region.home(&program, &birch, "Cedar House", json!({}));
    let decline = json!({"home_id": cedar, "reason": "staffing", "note": "One night short."});
    birch.admin.post(&path(&request, "/decline"), decline).ok();

    // Sealed: a number, and nothing else.
    for part in ["", "/bids", "/bids.csv", "/open"] {
        let page = browser.get(&path(&request, part)).ok();
        for hidden in ["4,800", "4800", "5,200", "would welcome her"] {
            assert!(!page.html.contains(hidden), "{part} shows {hidden}");
        }
    }
    let sealed = browser.get(&path(&request, "/bids")).ok();
    sealed
        .says("2 bids are submitted, and sealed")
        .says("Cedar House")
        .says("Staffing: One night short.");
    for part in ["/scores", "/ranking", "/ranking.csv"] {
        assert_eq!(browser.get(&path(&request, part)).status, 409, "{part}");
    }
    let early = browser.get(&path(&request, "/open")).ok();
    early.says("Bids can be opened from");
    assert!(early.forms().iter().all(|form| !form.ends_with("/open")));

    program.wait(Duration::minutes(181));
    browser.get("/").ok().says("Open the bids on").says("2 bids");
    browser
        .get(&path(&request, ""))
        .ok()
        .says("Bidding is closed. Open the bids");
    let approver = program.browser_of(&region.approver(&program));
    let looking = approver.get(&path(&request, "/open")).ok();
    assert!(looking.forms().iter().all(|form| !form.ends_with("/open")));
    let open = path(&request, "/open");
    let check = browser.get(&open).ok();
    check.says("Bids are opened once.");
    let bids = browser.send(&check, &open, &[]).ok();
    assert_eq!(bids.path, path(&request, "/bids"));
    bids.says("2 bids are open.")
        .says("£4,800.17")
        .says("On \"Education\"")
        .says("would welcome her");
    bids.says("Lowest").says("Good").says("Fitted");
    browser.get(&open).ok().says("See them side by side");
    let again = browser.send(&check, &open, &[("_version", "99")]);
    assert!(matches!(again.status, 409 | 412), "{}", again.status);
    let csv = browser.get(&path(&request, "/bids.csv")).ok();
    assert!(csv.html.contains("4800.17") && csv.html.contains("SHA-256"));
    let csv = browser.get(&path(&request, "/declines.csv")).ok();
    assert!(csv.html.contains("Cedar House"));
    approver.get(&path(&request, "/bids")).ok().says("£4,800.17");
}

#[test]
fn a_person_says_which_bids_are_compliant_and_why_not() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    let home = region.home(&program, &acorn, "Acorn House", json!({}));
    let request = region.published(&program, json!({}));
    let bid = acorn.submits(&program, &request, &home, "4800.17");
    let browser = program.browser_of(&region.commissioner);
    let compliance = format!("/bids/{}/compliance", id(&bid));
    assert_eq!(browser.get(&compliance).status, 404, "nobody knows of a sealed bid");
    program.wait(Duration::minutes(181));
    region.commissioner.act(&path(&request, "/open")).ok();

    let out = format!("/bids/{}/non-compliant", id(&bid));
    let page = browser.get(&compliance).ok();
    assert_eq!(browser.send(&page, &out, &[("reason", " ")]).status, 422);
    let bids = browser
        .send(&page, &out, &[("reason", "The answer is to another request.")])
        .ok();
    bids.says("Not compliant").says("The answer is to another request.");
    browser
        .get(&path(&request, "/ranking"))
        .ok()
        .says("No bid takes part.")
        .says("Left out");
    let back = format!("/bids/{}/compliant", id(&bid));
    let bids = browser.send(&browser.get(&compliance), &back, &[]).ok();
    assert!(!bids.text().contains("another request"));

    let neighbour = program.browser_of(&region.neighbour);
    let approver = program.browser_of(&region.approver(&program));
    let provider = program.browser_of(&acorn.admin);
    assert_eq!(neighbour.get(&compliance).status, 404);
    assert_eq!(approver.get(&compliance).status, 403);
    assert_eq!(provider.get(&compliance).status, 403);
    for part in ["/bids", "/bids.csv", "/declines.csv", "/open"] {
        assert_eq!(neighbour.get(&path(&request, part)).status, 404, "{part}");
        assert_eq!(provider.get(&path(&request, part)).status, 403, "{part}");
    }
}

#[test]
fn a_competition_without_a_bid_is_closed_and_says_what_can_be_done() {
    let program = Program::start();
    let region = program.region();
    let request = region.published(&program, json!({}));
    program.wait(Duration::minutes(181));
    let browser = program.browser_of(&region.commissioner);
    let open = path(&request, "/open");
    let check = browser.get(&open).ok();
    check.says("No bid was submitted");
    browser.send(&check, &open, &[]).ok().says("There was no bid to open.");
    browser
        .get(&path(&request, ""))
        .ok()
        .says("No bid takes part")
        .says("End without a home");
}

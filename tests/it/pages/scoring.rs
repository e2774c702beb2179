//! Scores, moderation and the ranking sheet, by two evaluators in two browsers.

use chrono::Duration;
use serde_json::{Value, json};

use crate::support::browser::{Browser, Shown};
use crate::support::{Program, id};

fn path(request: &Value, part: &str) -> String {
    format!("/placement-requests/{}{part}", id(request))
}

/// Gives a bid these two scores.
fn scores(browser: &Browser, bid: &Value, given: [&str; 2]) -> Shown {
    let path = format!("/bids/{}/scores", id(bid));
    let page = browser.get(&path).ok();
    let fields = [
        ("no_conflict_of_interest", "true"),
        ("scores[0].score", given[0]),
        ("scores[0].reason", "Names the staff and the hours."),
        ("scores[1].score", given[1]),
        ("scores[1].reason", "Says how school goes on."),
    ];
    browser.send(&page, &path, &fields)
}

#[test]
fn bids_are_scored_moderated_and_ranked() {
    let program = Program::start();
    let region = program.region();
    let (acorn, birch) = (region.admitted(&program, "Acorn"), region.admitted(&program, "Birch"));
    let acorn_house = region.home(&program, &acorn, "Acorn House", json!({}));
    let birch_house = region.home(&program, &birch, "Birch House", json!({}));
    let request = region.published(&program, json!({}));
    let one = acorn.submits(&program, &request, &acorn_house, "5200.00");
    let two = birch.submits(&program, &request, &birch_house, "4000.00");
    program.wait(Duration::minutes(181));
    region.commissioner.act(&path(&request, "/open")).ok();
    let authority = region.authority();
    let colleague = program.person_of(&region.operator, &authority, "second@reading.example", "commissioner");
    let (first, second) = (program.browser_of(&region.commissioner), program.browser_of(&colleague));

    first
        .get("/")
        .ok()
        .says("Score the bids on")
        .says("4 criteria not settled");
    first
        .get(&path(&request, ""))
        .ok()
        .says("Score the bids: each criterion");
    let progress = first.get(&path(&request, "/scores")).ok();
    progress.says("2 bids").says("Not given").says("Nobody yet");

    // Without the declaration, or a reason, nothing is kept; what was typed stays.
    let form = format!("/bids/{}/scores", id(&one));
    let page = first.get(&form).ok();
    page.says("On \"Education\"");
    let refused = first.send(
        &page,
        &form,
        &[
            ("scores[0].score", "4"),
            ("scores[0].reason", "Typed."),
            ("scores[1].score", "3"),
            ("scores[1].reason", "Typed too."),
        ],
    );
    assert_eq!(refused.status, 422);
    refused.says("conflict of interest");
    assert!(
        refused
            .form(&form)
            .contains(&("scores[0].reason".into(), "Typed.".into()))
    );
    let refused = first.send(
        &page,
        &form,
        &[("no_conflict_of_interest", "true"), ("scores[0].score", "6")],
    );
    assert_eq!(refused.status, 422);

    // What is begun must be whole, beside the criterion that it belongs to; the rest can wait.
    let begun = [("no_conflict_of_interest", "true"), ("scores[1].score", "3")];
    let refused = first.send(&page, &form, &begun);
    assert_eq!(refused.status, 422);
    assert!(refused.html.contains("id=\"f-scores-1--reason-error\""));
    assert!(!refused.html.contains("id=\"f-scores-0--reason-error\""));
    let half = [begun[0], begun[1], ("scores[1].reason", "Says how school goes on.")];
    first.send(&page, &form, &half).ok().says("1 of 2 criteria given");
    let page = first.get(&form).ok();
    assert!(page.form(&form).contains(&("scores[1].score".into(), "3".into())));
    // With nothing filled in at all, everything is asked for.
    let nothing = first.send(
        &page,
        &form,
        &[begun[0], ("scores[1].score", ""), ("scores[1].reason", "")],
    );
    assert_eq!(nothing.status, 422);
    assert!(nothing.html.contains("id=\"f-scores-0--reason-error\""));

    scores(&first, &one, ["4", "3"]).ok().says("Your scores are saved.");
    scores(&first, &two, ["3", "3"]).ok();
    let ranking = first.get(&path(&request, "/ranking")).ok();
    ranking
        .says("40 × 4000.00 ÷ 5200.00 = 30.77")
        .says("40 × 4 ÷ 5 + 20 × 3 ÷ 5 = 44.00")
        .says("76.00");
    first.get(&path(&request, "")).ok().says("Propose the award");

    // A second opinion unsettles it, until the two agree.
    scores(&second, &one, ["5", "3"]).ok();
    let page = second.get(&form).ok();
    assert!(page.form(&form).contains(&("scores[0].score".into(), "5".into())));
    first
        .get(&path(&request, "/ranking"))
        .ok()
        .says("Not complete yet")
        .says("To moderate");
    let moderated = format!("/bids/{}/moderated-scores", id(&one));
    let page = first.get(&moderated).ok();
    page.says("Names the staff and the hours.");
    let wrong = first.send(&page, &moderated, &[("scores[0].score", "5")]);
    assert_eq!(wrong.status, 422);
    let fields = [
        ("scores[0].score", "5"),
        ("scores[0].reason", "Agreed."),
        ("scores[1].score", "3"),
        ("scores[1].reason", "Agreed too."),
    ];
    first
        .send(&page, &moderated, &fields)
        .ok()
        .says("The moderated scores are saved.");
    second.get(&form).ok().says("single scores are closed");
    let ranking = second.get(&path(&request, "/ranking")).ok();
    ranking
        .says("Best first")
        .says("82.77")
        .says("Agreed.")
        .says("Price points = price weight 40");
    let csv = second.get(&path(&request, "/ranking.csv")).ok();
    assert!(csv.html.contains("82.77") && csv.content_type.starts_with("text/csv"));
    let nothing = format!("/bids/{}/moderated-scores", id(&two));
    first.get(&nothing).ok().says("there is nothing to moderate");

    let neighbour = program.browser_of(&region.neighbour);
    let approver = program.browser_of(&region.approver(&program));
    let provider = program.browser_of(&acorn.admin);
    for part in ["/scores", "/ranking", "/ranking.csv"] {
        assert_eq!(neighbour.get(&path(&request, part)).status, 404, "{part}");
        assert_eq!(approver.get(&path(&request, part)).status, 200, "{part}");
        assert_eq!(provider.get(&path(&request, part)).status, 403, "{part}");
    }
    for page in [&form, &moderated] {
        assert_eq!(neighbour.get(page).status, 404);
        assert_eq!(approver.get(page).status, 403);
        assert_eq!(provider.get(page).status, 403);
    }
}

//! Which homes fit and who was invited, as the authority reads it.

use serde_json::{Value, json};

use crate::support::{Program, id};

fn path(request: &Value, part: &str) -> String {
    format!("/placement-requests/{}{part}", id(request))
}

#[test]
fn homes_that_fit_are_told_with_reasons_beside_a_map() {
    let program = Program::start();
    let region = program.region();
    let browser = program.browser_of(&region.commissioner);
    let mut body = region.request_body(&program);
    body["max_distance_miles"] = json!(10);
    let draft = region.commissioner.post("/placement-requests", body).ok();
    let empty = browser.get(&path(&draft, "/matches")).ok();
    empty.says("0 homes fit").says("No home fits yet.");

    let acorn = region.admitted(&program, "Acorn");
    region.home(&program, &acorn, "Acorn House", json!({}));
    let guildford = json!({"address": {"line1": "2 Example Lane", "town": "Guildford", "postcode": "GU1 3AA"}});
    region.home(&program, &acorn, "Beech House", guildford);
    region.home(
        &program,
        &acorn,
        "Cedar House",
        json!({"risks_not_accepted": ["Missing"]}),
    );

    let page = browser.get(&path(&draft, "/matches")).ok();
    page.says("1 home fits; 1 more within 35 miles")
        .says("Acorn House")
        .says("Ofsted: Good.");
    assert!(!page.text().contains("Beech House"));
    assert_eq!(page.texts("svg circle.dot").len(), 1);
    assert!(!page.html.contains("RG2 0AA") && !page.html.contains("style="));
    let others = browser.get(&path(&draft, "/matches?show=others")).ok();
    others
        .says("the limit is 10")
        .says("It does not accept: Going missing.");
    let all = browser.get(&path(&draft, "/matches?show=all&limit=1")).ok();
    all.says("Acorn House").says("Next page");
    let next = all.links().into_iter().find(|link| link.contains("after=")).unwrap();
    browser.get(&next).ok().says("First page");
    let csv = browser.get(&path(&draft, "/matches.csv?show=all")).ok();
    assert!(
        csv.html.lines().count() == 4 && csv.html.contains("Cedar House"),
        "{}",
        csv.html
    );
    let good = browser.get(&path(&draft, "/matches.csv?show=all&grade=Good")).ok();
    assert_eq!(good.html, csv.html, "all are good");
    browser
        .get(&path(&draft, "/matches?grade=Outstanding"))
        .ok()
        .says("There is no such home of this grade.");
    browser
        .get(&path(&draft, "/draft"))
        .ok()
        .says("1 home fits; 1 more within 35 miles");
    browser
        .get(&path(&draft, "/invitations"))
        .ok()
        .says("Nobody is invited before the request is published.");

    let neighbour = program.browser_of(&region.neighbour);
    let approver = program.browser_of(&region.approver(&program));
    let provider = program.browser_of(&acorn.admin);
    for part in ["/matches", "/matches.csv", "/invitations", "/invitations.csv"] {
        assert_eq!(neighbour.get(&path(&draft, part)).status, 404, "{part}");
        assert_eq!(approver.get(&path(&draft, part)).status, 200, "{part}");
        assert_eq!(provider.get(&path(&draft, part)).status, 403, "{part}");
    }
}

#[test]
fn whoever_was_invited_is_listed_with_why_and_when_they_first_looked() {
    let program = Program::start();
    let region = program.region();
    let (acorn, birch) = (region.admitted(&program, "Acorn"), region.admitted(&program, "Birch"));
    region.home(&program, &acorn, "Acorn House", json!({}));
    region.home(&program, &birch, "Birch House", json!({"needs": ["MentalDisorder"]}));
    let request = region.published(&program, json!({}));
    let browser = program.browser_of(&region.commissioner);
    let page = browser.get(&path(&request, "/invitations")).ok();
    page.says("Acorn Care Ltd")
        .says("1. Acorn House")
        .says("2. Birch House")
        .says("Not yet");
    acorn.admin.get(&path(&request, "")).ok();
    let page = browser.get(&path(&request, "/invitations")).ok();
    assert_eq!(page.texts("td .tag.grey"), ["Not yet"], "Birch has not looked");
    let csv = browser.get(&path(&request, "/invitations.csv")).ok();
    assert_eq!(csv.html.lines().count(), 3);
    for (looked, listed, left_out) in [
        ("true", "Acorn Care Ltd", "Birch"),
        ("false", "Birch Care Ltd", "Acorn"),
    ] {
        for list in ["/invitations", "/invitations.csv"] {
            let part = browser.get(&path(&request, &format!("{list}?looked={looked}"))).ok();
            assert!(
                part.html.contains(listed) && !part.html.contains(left_out),
                "{}",
                part.html
            );
        }
    }
}

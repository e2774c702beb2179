//! The register of placements, and one placement from its agreement to its end.

use chrono::Duration;
use serde_json::json;

use crate::awards::competition::{AT_HOME, Duel, at, duel};
use crate::support::program::Program;
use crate::support::region::{Region, id};

/// A placement that is agreed, at the second home of a duel: its page.
fn agreed(program: &Program, region: &Region) -> (Duel, String) {
    let duel = duel(program, region, AT_HOME, json!({}));
    let award = duel.competition.propose(&region.commissioner, 1, json!({})).ok();
    region.commissioner.act(&at(&award, "confirm")).ok();
    let by = program.browser_of(&region.commissioner);
    let placement = at(&award, "placement");
    assert_eq!(by.get(&placement).status, 404, "there is none before it is accepted");
    duel.birch.admin.act(&at(&award, "accept")).ok();
    let listed = region.commissioner.get("/placements").ok();
    let path = format!("/placements/{}", id(&listed["items"][0]));
    // The award leads there, and so does the request.
    for (browser, from) in [
        (&by, format!("/awards/{}", id(&award))),
        (
            &program.browser_of(&duel.birch.admin),
            format!("/awards/{}", id(&award)),
        ),
    ] {
        assert!(browser.get(&from).ok().links().contains(&placement));
        assert_eq!(browser.get(&placement).ok().path, path);
    }
    let request = by.get(&format!("/placement-requests/{}", duel.competition.id())).ok();
    assert!(request.links().contains(&path), "{:?}", request.links());
    (duel, path)
}

/// A day as a form takes it.
fn day(name: &str, day: chrono::NaiveDate) -> Vec<(String, String)> {
    use chrono::Datelike;
    vec![
        (format!("{name}.day"), day.day().to_string()),
        (format!("{name}.month"), day.month().to_string()),
        (format!("{name}.year"), day.year().to_string()),
    ]
}

fn fields(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

#[test]
fn a_placement_starts_is_changed_and_ends() {
    let program = Program::start();
    let region = program.region();
    let (duel, path) = agreed(&program, &region);
    let by = program.browser_of(&region.commissioner);
    let page = by.get(&path).ok();
    page.says("Agreed").says("£5,200.00 a week").says("SC123002");
    let start = format!("{path}/start");
    let form = by.get(&start).ok();
    let late = day("started_on", program.day(9));
    let refused = by.send(&form, &start, &fields(&late));
    assert_eq!(refused.status, 422);
    refused.says("That day lies ahead");
    assert!(refused.form(&start).contains(&late[0]), "{:?}", refused.form(&start));
    by.send(&form, &start, &fields(&day("started_on", program.day(0))))
        .ok()
        .says("The start is noted.")
        .says("earlier than agreed");
    assert_eq!(by.get(&start).status, 409);

    let vary = format!("{path}/vary");
    let form = by.get(&vary).ok();
    form.says("rises above £9,000.00 takes an approver");
    assert!(form.form(&vary).contains(&("price.core".into(), "5200.00".into())));
    let mut new = day("effective_on", program.day(10));
    new.push(("funding.health".into(), "30".into()));
    let refused = by.send(&form, &vary, &fields(&new));
    assert_eq!(refused.status, 422);
    refused
        .says("“Social care pays, in percent” must total 100")
        .says("Why the terms change");
    new.extend([
        ("funding.social_care".into(), "70".into()),
        ("reason".into(), "Health pays for the therapy.".into()),
    ]);
    by.send(&form, &vary, &fields(&new))
        .ok()
        .says("The terms are changed.")
        .says("70%, 0%, 30%")
        .says("Health pays for the therapy.");
    let mut dear = day("effective_on", program.day(20));
    dear.extend([
        ("price.core".into(), "9500".into()),
        ("reason".into(), "More staff.".into()),
    ]);
    let form = by.get(&vary).ok();
    let refused = by.send(&form, &vary, &fields(&dear));
    assert_eq!(refused.status, 409);
    refused.says("is varied by an approver");

    let agreement = by.get(&format!("{path}/agreement")).ok();
    agreement.says("INDIVIDUAL PLACEMENT AGREEMENT").says("terms number 2");
    by.get(&format!("{path}/agreement?number=1"))
        .ok()
        .says("terms number 1");
    let file = by.get(&format!("{path}/agreement.txt?number=1")).ok();
    assert!(file.content_type.starts_with("text/plain") && file.html.starts_with("INDIVIDUAL"));
    assert_eq!(by.get(&format!("{path}/agreement?number=9")).status, 404);

    let end = format!("{path}/end");
    program.wait(Duration::hours(1));
    let form = by.get(&end).ok();
    let ended = day("ended_on", program.day(0));
    assert_eq!(by.send(&form, &end, &fields(&ended)).status, 422);
    let reason = form_value(&form.html);
    let mut whole = ended;
    whole.push(("reason".into(), reason));
    by.send(&form, &end, &fields(&whole))
        .ok()
        .says("The end is noted.")
        .says("Ended");
    assert_eq!(by.get(&vary).status, 409);

    let birch = program.browser_of(&duel.birch.admin);
    birch.get(&path).ok().says("Ended");
    assert_eq!(birch.get(&end).status, 403);
    let acorn = program.browser_of(&duel.acorn.admin);
    for below in ["", "/agreement", "/agreement.txt"] {
        assert_eq!(acorn.get(&format!("{path}{below}")).status, 404, "{below}");
    }
    assert_eq!(program.browser_of(&region.neighbour).get(&end).status, 404);
}

/// The first reason that the form offers.
fn form_value(html: &str) -> String {
    let after = html.split("name=\"reason\" type=\"radio\" value=\"").nth(1);
    let value = after.and_then(|rest| rest.split('"').next());
    value.expect("a reason").to_owned()
}

#[test]
fn the_register_sums_narrows_and_is_taken_away() {
    let program = Program::start();
    let region = program.region();
    let by = program.browser_of(&region.commissioner);
    let empty = by.get("/placements").ok();
    empty.says("There is no placement to show.");
    assert_eq!(empty.texts(".figure"), ["0", "£0.00", "0"]);
    let (duel, path) = agreed(&program, &region);
    assert_eq!(by.get("/placements").ok().texts(".figure"), ["0", "£0.00", "1"]);
    let start = format!("{path}/start");
    let form = by.get(&start).ok();
    by.send(&form, &start, &[]).ok();
    let page = by.get("/placements").ok();
    assert_eq!(page.texts(".figure"), ["1", "£5,200.00", "0"]);
    page.says("Residential")
        .says("What runs now, by who pays")
        .says("Birch Care Ltd");
    let reference = duel.competition.reference();
    by.get(&format!(
        "/placements?reference={reference}&status=started&placement_type=Residential"
    ))
    .ok()
    .says(reference);
    by.get("/placements?placement_type=Foster")
        .ok()
        .says("There is no placement to show.");
    let file = by.get("/placements.csv").ok();
    assert!(
        file.content_type.starts_with("text/csv") && file.html.contains(reference) && file.html.contains("5200.00"),
        "{}",
        file.html
    );
    // The cooperative sees the market, and not which request it was.
    let operator = program.browser_of(&region.operator);
    let market = operator.get("/placements").ok();
    market.says("Birch House").says("Reading");
    assert!(!market.html.contains(reference));
    let one = operator.get(&path).ok();
    one.says("Placement at Birch House");
    assert!(!one.html.contains(reference) && !one.html.contains("/awards/"));
    assert_eq!(operator.get(&format!("{path}/agreement")).status, 403);
    assert!(!operator.get("/placements.csv").ok().html.contains(reference));
}

//! Frameworks in the browser: made, opened and closed by an operator, read by everybody.

use chrono::{Datelike, NaiveDate};

use crate::support::Program;
use crate::support::browser::Shown;

/// A day, as the three fields of a form have it.
pub fn day(name: &str, day: NaiveDate) -> Vec<(String, String)> {
    vec![
        (format!("{name}.day"), day.day().to_string()),
        (format!("{name}.month"), day.month().to_string()),
        (format!("{name}.year"), day.year().to_string()),
    ]
}

/// What is typed, as the browser sends it.
pub fn typed(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

/// Owned fields of borrowed ones.
pub fn fields(given: &[(&str, &str)]) -> Vec<(String, String)> {
    given
        .iter()
        .map(|(name, value)| ((*name).into(), (*value).into()))
        .collect()
}

/// The page came back, filled in, and says what is wrong.
#[track_caller]
pub fn refused(shown: &Shown, status: u16, words: &str) {
    assert_eq!(shown.status, status, "{}: {}", shown.path, shown.text());
    shown.says("There is a problem").says(words);
    assert!(shown.html.contains("<title>Error: "), "{}", shown.path);
}

fn terms(program: &Program) -> Vec<(String, String)> {
    let mut terms = fields(&[
        ("reference", "SE-RES-1"),
        ("title", "South East residential care"),
        ("procurement_route", "pa2023_open_framework"),
        ("admission", "continuous"),
        ("policy.price_weight_min", "20"),
        ("policy.price_weight_max", "60"),
        ("policy.bid_window_minutes.Today", "60"),
        ("policy.bid_window_minutes.WithinFiveDays", "1440"),
        ("policy.bid_window_minutes.MoreThanFiveDays", "0"),
        ("policy.bid_window_working_days", "5"),
        ("policy.worst_grade", "RequiresImprovement"),
        ("policy.invite_rule", "matching_first"),
        ("policy.price_ceiling_rule", "block"),
        ("policy.approval_weekly_price", "£9,000"),
        ("policy.standstill_working_days", "0"),
    ]);
    terms.extend(day("starts_on", program.day(-1)));
    terms.extend(day("ends_on", program.day(1400)));
    terms
}

#[test]
fn an_operator_makes_a_framework_whole_and_opens_it() {
    let program = Program::start();
    let operator = program.operator("South East", "operator@coop.example");
    let browser = program.browser_of(&operator);
    browser.get("/frameworks").ok().says("There is no framework here.");
    let page = browser.get("/frameworks/new").ok();
    let mut wrong = terms(&program);
    wrong.retain(|(name, _)| name != "title" && name != "policy.price_weight_min");
    wrong.extend(fields(&[("title", ""), ("policy.price_weight_min", "many")]));
    let again = browser.send(&page, "/frameworks/new", &typed(&wrong));
    refused(&again, 422, "“Least weight of price” must be a whole number");
    again.says("“Title” is required");
    let kept = again.form("/frameworks/new");
    assert!(kept.contains(&("reference".into(), "SE-RES-1".into())));
    assert!(kept.contains(&("policy.price_weight_min".into(), "many".into())));
    let framework = browser.send(&again, "/frameworks/new", &typed(&terms(&program))).ok();
    framework
        .says("The draft is made.")
        .says("A draft")
        .says("Price counts for 20 to 60 points of 100")
        .says("later, at least 5 working days (to 17:00 on the last).")
        .says("An award above £9,000.00 a week needs an approver.")
        .says("It has no lot yet.");
    let path = framework.path.clone();

    let open = format!("{path}/open");
    let page = browser.get(&open).ok();
    page.says("at least one is needed");
    for part in ["lots", "standards", "contract-versions"] {
        assert!(page.links().contains(&format!("{path}/{part}/new")), "{part}");
    }
    refused(&browser.send(&page, &open, &[]), 409, "needs at least one lot");

    let lots = format!("{path}/lots/new");
    let page = browser.get(&lots).ok();
    let lot = [
        ("code", "R1"),
        ("title", "Children's homes"),
        ("placement_type", "Residential"),
        ("provision_types", "ChildrensHome"),
        ("weekly_ceiling", "12000"),
        ("line_ceilings.core", "13000"),
    ];
    let again = browser.send(&page, &lots, &lot);
    refused(&again, 422, "must not be above the weekly ceiling");
    let done = browser.send(&again, &lots, &[("line_ceilings.core", "9000")]).ok();
    done.says("Lot R1 is added.").says("£12,000.00");

    let standards = format!("{path}/standards/new");
    let page = browser.get(&format!("{standards}?code=QS7")).ok();
    assert!(page.form(&standards).contains(&("code".into(), "QS7".into())));
    refused(
        &browser.send(&page, &standards, &[]),
        422,
        "“What must be shown” is required",
    );
    let page = browser.get(&format!("{standards}?code=QS7")).ok();
    let done = browser.send(&page, &standards, &[("requirement", "Say how children are kept safe.")]);
    done.ok().says("Standard QS7 is added.");

    let contracts = format!("{path}/contract-versions/new");
    let page = browser.get(&contracts).ok();
    refused(
        &browser.send(&page, &contracts, &[("title", "Contract")]),
        422,
        "“Terms” is required",
    );
    let mut contract = fields(&[
        ("title", "Regional contract"),
        ("text", "# Terms\n\nThe same for everybody."),
    ]);
    contract.extend(day("effective_on", program.day(-1)));
    let done = browser.send(&page, &contracts, &typed(&contract)).ok();
    done.says("Contract version 1 is published.")
        .says("The same for everybody.");
    let sha256 = "ab86b7b9b1e1682c16686f9801e3927fab3c2195f7c121f7b049bdaa17bc5039";
    assert_eq!(done.texts("code"), [sha256]);
    let text = browser.get(&format!("{}/text", done.path));
    assert_eq!(text.html, "# Terms\n\nThe same for everybody.");
    assert!(text.content_type.starts_with("text/plain"));

    let page = browser.get(&open).ok();
    page.says("It can’t become a draft again.");
    assert!(
        !page.links().iter().any(|link| link.ends_with("/new")),
        "nothing is missing"
    );
    let opened = browser.send(&page, &open, &[]).ok();
    opened
        .says("The framework is open.")
        .says("Version 1, Regional contract");
    assert_eq!(opened.path, path);
}

#[test]
fn an_operator_suspends_resumes_and_closes() {
    let program = Program::start();
    let region = program.region();
    let browser = program.browser_of(&region.operator);
    let path = format!("/frameworks/{}", region.framework);
    let step = |verb: &str| format!("{path}/{verb}");
    let page = browser.get(&step("suspend")).ok();
    refused(
        &browser.send(&page, &step("suspend"), &[("reason", " ")]),
        422,
        "“Why” is required",
    );
    let done = browser.send(
        &page,
        &step("suspend"),
        &[("reason", "The procurement is under challenge.")],
    );
    done.ok().says("Suspended").says("The procurement is under challenge.");
    refused(&browser.send(&page, &step("suspend"), &[("reason", "Again.")]), 412, "");
    let page = browser.get(&step("resume")).ok();
    browser
        .send(&page, &step("resume"), &[])
        .ok()
        .says("The framework is open again.");
    refused(
        &browser.send(&browser.get(&step("resume")).ok(), &step("resume"), &[]),
        409,
        "not suspended",
    );
    let page = browser.get(&step("close")).ok();
    page.says("This can’t be undone.");
    let closed = browser.send(&page, &step("close"), &[]).ok();
    closed.says("The framework is closed.");
    assert!(
        !closed
            .links()
            .iter()
            .any(|link| link.ends_with("/edit") || link.ends_with("/new"))
    );
}

#[test]
fn once_open_only_what_nobody_was_admitted_to_is_changed() {
    let program = Program::start();
    let region = program.region();
    let browser = program.browser_of(&region.operator);
    let edit = format!("/frameworks/{}/edit", region.framework);
    let page = browser.get(&edit).ok();
    page.says("Providers were admitted to these, so they stay as they are");
    let done = browser.send(
        &page,
        &edit,
        &[("title", "Homes of the South East"), ("policy.worst_grade", "Good")],
    );
    done.ok()
        .says("The framework is saved.")
        .says("Homes of the South East")
        .says("worse than “Good”");
    refused(&browser.send(&page, &edit, &[("title", "Late")]), 412, "");
    let page = browser.get(&edit).ok();
    refused(
        &browser.send(&page, &edit, &[("reference", "OTHER")]),
        409,
        "is fixed once the framework has opened",
    );

    let edit = format!("/lots/{}/edit", region.lot);
    let page = browser.get(&edit).ok();
    refused(
        &browser.send(&page, &edit, &[("title", "")]),
        422,
        "“Title” is required",
    );
    let done = browser
        .send(&page, &edit, &[("title", "Homes for few"), ("weekly_ceiling", "")])
        .ok();
    done.says("The lot is saved.")
        .says("Homes for few")
        .says("Together None")
        .says("Children's home");
    let standard = browser.get(&format!("/standards/{}", region.standard)).ok();
    standard.says("Say how children are kept safe.");
    assert!(!standard.links().iter().any(|link| link.ends_with("/edit")));
    let edit = format!("/standards/{}/edit", region.standard);
    let page = browser.get(&edit).ok();
    refused(&browser.send(&page, &edit, &[]), 409, "draft only");
}

#[test]
fn everybody_reads_what_is_open_and_nobody_else_a_draft() {
    let program = Program::start();
    let region = program.region();
    let acorn = program.provider("Acorn");
    let draft = region.operator.post("/frameworks", {
        let mut body = program.framework_body();
        body["reference"] = "SE-FOS-1".into();
        body
    });
    let draft = format!("/frameworks/{}", crate::support::id(&draft.ok()));
    let path = format!("/frameworks/{}", region.framework);
    let stranger = program.operator("Elsewhere", "operator@elsewhere.example");
    let stranger = program.browser_of(&stranger);
    assert_eq!(stranger.get(&path).status, 404);
    stranger.get("/frameworks").ok().says("There is no framework here.");
    for client in [&region.commissioner.0, &acorn.admin.0, &region.auditor(&program).0] {
        let browser = program.browser_of(client);
        let list = browser.get("/frameworks?status=open").ok();
        list.says("SE-RES-1").says("Taken now");
        assert!(!list.has("a[href='/frameworks/new']"));
        let page = browser.get(&path).ok();
        page.says("Run by South East.").says("R1, Children's homes").says("QS7");
        assert!(!page.links().iter().any(|link| link.ends_with("/suspend")));
        assert_eq!(browser.get(&draft).status, 404);
        assert_eq!(browser.get("/frameworks/new").status, 403);
        assert_eq!(browser.get(&format!("{path}/edit")).status, 403);
        browser
            .get("/frameworks?status=closed")
            .ok()
            .says("There is no framework here.");
        browser.get(&format!("/lots/{}", region.lot)).ok().says("£12,000.00");
    }
    let browser = program.browser_of(&region.operator);
    browser.get("/frameworks").ok().says("SE-FOS-1");
    let csv = browser.get("/frameworks.csv?status=draft");
    assert!(csv.content_type.starts_with("text/csv"));
    assert!(
        csv.html.contains("SE-FOS-1") && !csv.html.contains("SE-RES-1"),
        "{}",
        csv.html
    );
}

#[test]
fn a_long_list_has_its_next_page_and_keeps_what_narrows_it() {
    let program = Program::start();
    let region = program.region();
    let browser = program.browser_of(&region.operator);
    for number in 0..51 {
        let mut body = program.framework_body();
        body["reference"] = format!("SE-{number}").into();
        region.operator.post("/frameworks", body).ok();
    }
    let first = browser.get("/frameworks?status=draft").ok();
    assert_eq!(first.texts("tbody tr").len(), 50);
    assert!(first.html.len() < 60_000, "{} bytes", first.html.len());
    let next = first.links().into_iter().find(|link| link.contains("after=")).unwrap();
    let second = browser.get(&next).ok();
    assert_eq!(second.texts("tbody tr").len(), 1);
    assert!(second.has("a[href='/frameworks?status=draft']"));
}

//! A request from its first answer to its end, by a commissioner in a browser.

use chrono::{Duration, NaiveDate};
use serde_json::{Value, json};

use crate::support::browser::{Browser, Shown};
use crate::support::region::Region;
use crate::support::{Program, id};

fn path(request: &Value, part: &str) -> String {
    format!("/placement-requests/{}{part}", id(request))
}

/// The parts of a day as a form has them.
fn day(name: &str, day: NaiveDate) -> Vec<(String, String)> {
    [("day", "%-d"), ("month", "%-m"), ("year", "%Y")]
        .map(|(part, format)| (format!("{name}.{part}"), day.format(format).to_string()))
        .into()
}

/// Sends the form of a page with these fields, whose names are made up as they go.
fn send(browser: &Browser, page: &Shown, path: &str, changes: &[(String, String)]) -> Shown {
    let changes: Vec<(&str, &str)> = changes
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    browser.send(page, path, &changes)
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// Begins a draft by its first page; answers its path.
fn begun(program: &Program, region: &Region, browser: &Browser) -> String {
    let page = browser.get("/placement-requests/new").ok();
    let mut answers = day("starts_on", program.day(4));
    answers.extend([
        pair("lot_id", &region.lot),
        pair("needed_by", "WithinFiveDays"),
        pair("child.age", "14"),
        pair("origin.postcode", "RG1 1AF"),
    ]);
    let tasks = send(browser, &page, "/placement-requests/new", &answers).ok();
    tasks.says("Nobody outside your authority sees it.");
    tasks.path.trim_end_matches("/draft").to_owned()
}

/// Does one task of a draft: it is saved, and the tasks are shown again.
fn does(browser: &Browser, request: &str, task: &str, answers: &[(&str, &str)]) -> Shown {
    let path = format!("{request}/draft/{task}");
    let page = browser.get(&path).ok();
    let tasks = browser.send(&page, &path, answers).ok();
    assert_eq!(tasks.path, format!("{request}/draft"), "{}", tasks.text());
    tasks
}

#[test]
fn a_request_is_written_task_by_task_and_published() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    region.home(&program, &acorn, "Acorn House", json!({}));
    let browser = program.browser_of(&region.commissioner);

    let page = browser.get("/placement-requests/new").ok();
    let wrong = browser.send(
        &page,
        "/placement-requests/new",
        &[
            ("lot_id", region.lot.as_str()),
            ("child.age", "18"),
            ("origin.postcode", "RG1 1AF"),
        ],
    );
    assert_eq!(wrong.status, 422);
    wrong.says("There is a problem").says("Age of the child");
    assert!(
        wrong
            .form("/placement-requests/new")
            .contains(&pair("origin.postcode", "RG1 1AF"))
    );

    let mut nowhere = day("starts_on", program.day(4));
    nowhere.extend([
        pair("lot_id", &region.lot),
        pair("needed_by", "WithinFiveDays"),
        pair("child.age", "14"),
    ]);
    let refused = send(&browser, &page, "/placement-requests/new", &nowhere);
    assert_eq!(refused.status, 422);
    refused.says("“Postcode that the child comes from” must be given, or a district");
    nowhere.push(pair("origin.district", "RG1"));
    let district = send(&browser, &page, "/placement-requests/new", &nowhere).ok();
    district.says("Nobody outside your authority sees it.");

    let request = begun(&program, &region, &browser);
    let tasks = browser.get(&format!("{request}/draft")).ok();
    tasks
        .says("1 home fits")
        .says("3 of 12 tasks are done")
        .says("Not started");
    let early = browser.get(&format!("{request}/publish")).ok();
    early
        .says("This stands against publishing")
        .says("Say of each risk whether it is known");
    assert!(early.forms().iter().all(|form| !form.ends_with("/publish")));

    does(
        &browser,
        &request,
        "support",
        &[
            ("needs.categories", "EmotionalBehavioural"),
            ("needs.additional_support", "TherapeuticSupport"),
        ],
    );
    // Saved as it was offered, it is done.
    let tasks = does(&browser, &request, "living", &[]);
    tasks
        .says("Saved: How the child should live.")
        .says("5 of 12 tasks are done");
    does(
        &browser,
        &request,
        "communication",
        &[("needs.communication_needs", "No")],
    );
    does(
        &browser,
        &request,
        "child",
        &[("child.sex", "F"), ("child.siblings_to_place_with", "0")],
    );
    does(&browser, &request, "origin", &[("max_distance_miles", "40")]);
    does(
        &browser,
        &request,
        "suitability",
        &[("needs.suitability.residential", "Preferred")],
    );
    let risks = format!("{request}/draft/risks");
    let page = browser.get(&risks).ok();
    let stated: Vec<(String, String)> = hearth::values::Risk::ALL
        .iter()
        .map(|risk| (format!("needs.risks.{risk}"), "NoKnownRisk".to_owned()))
        .collect();
    send(&browser, &page, &risks, &stated[..4]).ok().says("To put right");
    send(&browser, &browser.get(&risks), &risks, &stated).ok();
    let names = does(
        &browser,
        &request,
        "names",
        &[("names_to_screen", "Sam Example\n\nThe Elms\n")],
    );
    assert!(!names.html.contains("Sam Example"));
    let names = browser.get(&format!("{request}/draft/names")).ok();
    names.says("2 names are kept");
    assert!(!names.html.contains("Sam"), "names are shown to nobody");

    // Price and quality: the weights are to make 100.
    let new = format!("{request}/criteria/new");
    let wrong = browser.send(&browser.get(&new), &new, &[("title", "Education"), ("weight", "0")]);
    assert_eq!(wrong.status, 422);
    assert!(wrong.form(&new).contains(&pair("title", "Education")));
    for (title, weight) in [
        ("How the home meets this child's needs", "40"),
        ("Education", "30"),
        ("Food", "5"),
    ] {
        browser
            .send(&browser.get(&new), &new, &[("title", title), ("weight", weight)])
            .ok();
    }
    let weights = browser.get(&format!("{request}/draft/weights")).ok();
    weights.says("15 too many");
    let remove = format!("{request}/criteria/3/remove");
    let weights = browser.send(&weights, &remove, &[]).ok();
    weights.says("10 too many");
    let second = format!("{request}/criteria/2");
    let weights = browser.send(&browser.get(&second), &second, &[("weight", "20")]).ok();
    weights.says("Complete");
    assert_eq!(browser.get(&format!("{request}/criteria/3")).status, 404);
    assert_eq!(browser.get(&format!("{request}/draft/nothing")).status, 404);

    // What may tell who the child is stands out, and is confirmed with a reason.
    let tasks = does(
        &browser,
        &request,
        "brief",
        &[("brief", "A calm home. Ring the duty desk, 07700 900123.")],
    );
    tasks.says("The text may identify the child in 1 place.");
    let brief = browser.get(&format!("{request}/draft/brief")).ok();
    assert_eq!(brief.texts("mark"), ["07700 900123"]);
    brief.says("a telephone number");
    let publish = format!("{request}/publish");
    let check = browser.get(&publish).ok();
    check
        .says("1 home fits")
        .says("1 provider with a home that fits is invited")
        .says("RG1 1AF (confidential");
    let refused = browser.send(&check, &publish, &[("confirmations[0].reason", "")]);
    assert_eq!(refused.status, 422);
    refused.says("Why may “07700 900123” stand?");
    let published = browser
        .send(
            &refused,
            &publish,
            &[("confirmations[0].reason", "The authority’s own desk")],
        )
        .ok();
    assert_eq!(published.path, request);
    published
        .says("Published. Bids close on")
        .says("Open for bids")
        .says("1 provider, 0 looked");
    let story = browser.get(&format!("{request}/story")).ok();
    story.says("changed the draft: The child; Where the child comes from; Names that no text may have; Care and support; How the child should live;");
    assert_eq!(story.text().matches("changed the draft").count(), 1, "{}", story.text());
    assert_eq!(browser.get(&format!("{request}/draft")).status, 409);
    let again = browser.send(&check, &publish, &[("confirmations[0].reason", "Again")]);
    assert_eq!(again.status, 409);
}

#[test]
fn a_change_that_was_overtaken_is_not_made() {
    let program = Program::start();
    let region = program.region();
    let browser = program.browser_of(&region.commissioner);
    let request = begun(&program, &region, &browser);
    let path = format!("{request}/draft/brief");
    let (one, other) = (browser.get(&path).ok(), browser.get(&path).ok());
    browser.send(&one, &path, &[("brief", "First.")]).ok();
    let late = browser.send(&other, &path, &[("brief", "Second.")]);
    assert_eq!(late.status, 412);
    assert!(
        late.form(&path).contains(&pair("brief", "Second.")),
        "nothing typed is lost"
    );
    let now = browser.get(&path).ok();
    assert!(now.form(&path).contains(&pair("brief", "First.")));
}

#[test]
fn a_deadline_is_put_later_and_requests_end() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    region.home(&program, &acorn, "Acorn House", json!({}));
    let browser = program.browser_of(&region.commissioner);
    let request = region.published(&program, json!({}));

    let extend = path(&request, "/extend");
    let page = browser.get(&extend).ok();
    let form = page.form(&extend);
    let stands = day("bids_close_at", program.day(0));
    assert!(stands.iter().all(|part| form.contains(part)), "{form:?}");
    assert!(form.contains(&pair("bids_close_at.time", "13:00")), "{form:?}");
    assert!(form.contains(&pair("questions_close_at.time", "12:00")), "{form:?}");
    let mut earlier = day("bids_close_at", program.day(-1));
    earlier.extend(day("questions_close_at", program.day(-1)));
    earlier.extend([
        pair("bids_close_at.time", "12:00"),
        pair("questions_close_at.time", "11:00"),
        pair("reason", "Too early."),
    ]);
    let refused = send(&browser, &page, &extend, &earlier);
    assert_eq!(refused.status, 422);
    refused.says("A deadline can only be put later than");
    let mut later = day("bids_close_at", program.day(2));
    later.extend(day("questions_close_at", program.day(0)));
    later.extend([
        pair("questions_close_at.time", "12:00"),
        pair("bids_close_at.time", "5pm"),
        pair("reason", "The school’s report is late."),
    ]);
    let extended = send(&browser, &refused, &extend, &later).ok();
    extended.says("Bids now close on").says("The school’s report is late.");

    let withdraw = path(&request, "/withdraw");
    let page = browser.get(&withdraw).ok();
    page.says("Bidding ends, and no bid is ever opened.")
        .says("Whoever was invited can read it");
    assert_eq!(browser.send(&page, &withdraw, &[("reason", "")]).status, 422);
    let refused = browser.send(&page, &withdraw, &[("reason", "Ring 07700 900123.")]);
    assert_eq!(refused.status, 422);
    assert!(refused.form(&withdraw).contains(&pair("reason", "Ring 07700 900123.")));
    let withdrawn = browser
        .send(&refused, &withdraw, &[("reason", "The child stays with family.")])
        .ok();
    withdrawn
        .says("The request is withdrawn.")
        .says("The child stays with family.");

    // Of a draft nobody is told, and nobody else reads why.
    let draft = region
        .commissioner
        .post("/placement-requests", region.request_body(&program))
        .ok();
    let page = browser.get(&path(&draft, "/withdraw")).ok();
    page.says("nobody is told").says("Your authority can read it later.");
    assert!(!page.text().contains("invited"), "{}", page.text());

    let other = region.published(&program, json!({}));
    let unfilled = path(&other, "/unfilled");
    let early = browser.send(&browser.get(&unfilled), &unfilled, &[("reason", "No bid.")]);
    assert_eq!(early.status, 409);
    program.wait(Duration::minutes(181));
    browser
        .get(&unfilled)
        .ok()
        .says("Every provider that has bid is told, and so is whoever was invited and has neither bid nor declined.");
    let ended = browser
        .send(&browser.get(&unfilled), &unfilled, &[("reason", "No bid.")])
        .ok();
    ended.says("ended without a home").says("Award directly");
}

#[test]
fn questions_are_answered_to_everybody_and_screened() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    region.home(&program, &acorn, "Acorn House", json!({}));
    let request = region.published(&program, json!({"names_to_screen": ["Sam Example"]}));
    let questions = path(&request, "/questions");
    let browser = program.browser_of(&region.commissioner);
    browser.get(&questions).ok().says("There are no questions to answer.");

    let provider = program.browser_of(&acorn.admin);
    let page = provider.get(&questions).ok();
    let refused = provider.send(&page, &questions, &[("text", "May we ring 07700 900123?")]);
    assert_eq!(refused.status, 422);
    assert_eq!(refused.texts("mark"), ["07700 900123"]);
    let asked = provider
        .send(&refused, &questions, &[("text", "Does Sam go to school?")])
        .ok();
    asked.says("Your question is with the authority").says("asked by you");

    let page = browser.get(&questions).ok();
    page.says("Does Sam go to school?").says("Not answered yet");
    assert!(!page.html.contains("Acorn"), "who asked is shown to nobody");
    let home = browser.get("/").ok();
    home.says("Answer questions on").says("1 question");
    let answer = page.links().into_iter().find(|link| link.ends_with("/answer")).unwrap();
    let page = browser.get(&answer).ok();
    assert_eq!(page.texts("mark"), ["Sam"]);
    let refused = browser.send(
        &page,
        &answer,
        &[("text", "Yes, Sam does."), ("question", "Does the child go to school?")],
    );
    assert_eq!(refused.status, 422);
    assert_eq!(refused.texts("mark"), ["Sam"]);
    assert!(
        refused
            .form(&answer)
            .contains(&pair("question", "Does the child go to school?"))
    );
    let page = browser.get(&answer).ok();
    let answered = browser
        .send(
            &page,
            &answer,
            &[
                ("text", "Yes, and it should go on."),
                ("question", "Does the child go to school?"),
            ],
        )
        .ok();
    assert_eq!(answered.path, questions);
    answered
        .says("Answered. Everybody invited is told, and so is whoever asked.")
        .says("Does the child go to school?");
    for (wanted, count) in [("true", 1), ("false", 0)] {
        let part = browser.get(&format!("{questions}?answered={wanted}")).ok();
        assert_eq!(part.texts("section.inset h2").len(), count, "{}", part.text());
        let file = browser.get(&format!("{questions}.csv?answered={wanted}")).ok();
        assert_eq!(file.html.lines().count(), count + 1, "{}", file.html);
    }
    let csv = browser.get(&path(&request, "/questions.csv")).ok();
    assert!(csv.content_type.starts_with("text/csv") && csv.html.contains("it should go on"));
    browser.get(&answer).ok().says("It was answered on");
}

#[test]
fn requests_are_listed_narrowed_and_taken_away() {
    let program = Program::start();
    let region = program.region();
    let browser = program.browser_of(&region.commissioner);
    let none = browser.get("/placement-requests").ok();
    none.says("Your authority has not written a placement request yet.");
    browser
        .get("/")
        .ok()
        .says("Nothing waits for you now.")
        .says("No competition is open.");

    let draft = region
        .commissioner
        .post("/placement-requests", region.request_body(&program))
        .ok();
    let open = region.published(&program, json!({}));
    let list = browser.get("/placement-requests").ok();
    let reference = |request: &Value| request["reference"].as_str().unwrap().to_owned();
    list.says(&reference(&draft)).says(&reference(&open));
    let drafts = browser.get("/placement-requests?status=draft").ok();
    drafts.says(&reference(&draft));
    assert!(!drafts.text().contains(&reference(&open)));
    let first = browser.get("/placement-requests?limit=1").ok();
    first.says(&reference(&open)).says("Next page");
    let next = first.links().into_iter().find(|link| link.contains("after=")).unwrap();
    browser.get(&next).ok().says(&reference(&draft));
    let csv = browser.get("/placement-requests.csv?status=open").ok();
    assert!(csv.html.contains(&reference(&open)) && !csv.html.contains(&reference(&draft)));

    let home = browser.get("/").ok();
    home.says("Drafts 1").says("Open for bids 1").says(&reference(&open));
    browser
        .get(&path(&draft, ""))
        .ok()
        .says("What to do next")
        .says("Go on with the draft");
    // The cooperative sees what is published, and nothing of how it goes.
    let operator = program.browser_of(&region.operator);
    let seen = operator.get(&path(&open, "")).ok();
    seen.says(&reference(&open));
    assert!(!seen.text().contains("RG1 1AF") && !seen.text().contains("The competition"));
    assert_eq!(operator.get(&path(&draft, "")).status, 404);
}

#[test]
fn another_authority_finds_nothing_and_other_roles_write_nothing() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    region.home(&program, &acorn, "Acorn House", json!({}));
    let draft = region
        .commissioner
        .post("/placement-requests", region.request_body(&program))
        .ok();
    let open = region.published(&program, json!({}));
    let neighbour = program.browser_of(&region.neighbour);
    let approver = program.browser_of(&region.approver(&program));
    let provider = program.browser_of(&acorn.admin);
    let writing = [
        "/draft",
        "/draft/brief",
        "/criteria/new",
        "/publish",
        "/extend",
        "/withdraw",
        "/unfilled",
    ];
    for part in writing {
        for request in [&draft, &open] {
            assert_eq!(neighbour.get(&path(request, part)).status, 404, "{part}");
            assert_eq!(approver.get(&path(request, part)).status, 403, "{part}");
            assert_eq!(provider.get(&path(request, part)).status, 403, "{part}");
        }
    }
    for part in ["", "/questions", "/questions.csv"] {
        assert_eq!(neighbour.get(&path(&open, part)).status, 404, "{part}");
        assert_eq!(approver.get(&path(&open, part)).status, 200, "{part}");
    }
    let seen = approver.get(&path(&draft, "")).ok();
    assert!(!seen.text().contains("What to do next"));
    assert_eq!(provider.get("/placement-requests/new").status, 403);
}

#[test]
fn requests_are_narrowed_to_a_lot() {
    let program = Program::start();
    let region = program.region();
    let second = json!({"code": "R2", "title": "Solo homes", "placement_type": "Residential",
        "provision_types": ["ChildrensHome"]});
    let second = id(&region
        .operator
        .post(&format!("/frameworks/{}/lots", region.framework), second)
        .ok());
    let in_first = region.published(&program, json!({}));
    let in_second = region.published(&program, json!({"lot_id": second}));
    for by in [&*region.commissioner, &*region.operator] {
        let browser = program.browser_of(by);
        let list = browser.get("/placement-requests").ok();
        assert_eq!(
            list.texts("#n-lot_id option"),
            ["All", "SE-RES-1 R1: Children's homes", "SE-RES-1 R2: Solo homes"]
        );
        for (lot, request) in [(&region.lot, &in_first), (&second, &in_second)] {
            let narrowed = browser.get(&format!("/placement-requests?lot_id={lot}")).ok();
            assert_eq!(narrowed.texts("tbody th a"), [request["reference"].as_str().unwrap()]);
        }
    }
    // Whoever is no member of the cooperative is offered none of its lots.
    let elsewhere = program.operator("South West", "operator@west.example");
    let list = program.browser_of(&elsewhere).get("/placement-requests").ok();
    assert_eq!(list.texts("#n-lot_id option"), ["All"]);
}

#[test]
fn requests_are_found_by_reference_authority_urgency_and_bids() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    let home = region.home(&program, &acorn, "Acorn House", json!({}));
    let with = region.published(&program, json!({}));
    let without = region.published(&program, json!({"needed_by": "Today", "starts_on": program.day(1)}));
    acorn.submits(&program, &with, &home, "5000.00");
    let reference = |request: &Value| request["reference"].as_str().unwrap().to_owned();
    let part = reference(&with)[8..].to_lowercase();
    for by in [&*region.commissioner, &*region.operator] {
        let browser = program.browser_of(by);
        for (query, expected) in [
            (format!("reference={part}"), &with),
            ("bids=true".to_owned(), &with),
            ("bids=false".to_owned(), &without),
            ("needed_by=Today".to_owned(), &without),
            ("bids=true&needed_by=WithinFiveDays".to_owned(), &with),
        ] {
            let list = browser.get(&format!("/placement-requests?{query}")).ok();
            assert_eq!(list.texts("tbody th a"), [reference(expected)], "{query}");
            let file = browser.get(&format!("/placement-requests.csv?{query}")).ok();
            let lines: Vec<&str> = file.html.lines().collect();
            assert!(lines[0].ends_with(",Age,Sex,District,Within miles,Bids"), "{lines:?}");
            let bids = if expected == &with { ",1" } else { ",0" };
            assert!(lines.len() == 2 && lines[1].ends_with(bids), "{query}: {lines:?}");
        }
    }
    let operator = program.browser_of(&region.operator);
    let list = operator.get("/placement-requests").ok();
    assert_eq!(list.texts("#n-authority_id option"), ["All", "Reading", "Surrey"]);
    let of = |authority: &str| {
        let path = format!("/placement-requests?authority_id={authority}");
        operator.get(&path).ok().texts("tbody th a").len()
    };
    let surrey = id(&region.neighbour.get("/me").ok()["organisation"]);
    assert_eq!((of(&region.authority()), of(&surrey)), (2, 0));
    let own = program.browser_of(&region.commissioner).get("/placement-requests").ok();
    assert!(!own.has("#n-authority_id"));
    // A provider finds one by its reference, and does not learn which have bids.
    let provider = program.browser_of(&acorn.admin);
    let list = provider.get(&format!("/placement-requests?reference={part}")).ok();
    assert_eq!(list.texts("tbody th a"), [reference(&with)]);
    let list = provider.get("/placement-requests?bids=false").ok();
    assert_eq!(list.texts("tbody th a").len(), 2);
}

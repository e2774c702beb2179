//! Placement requests by page, as providers see them: the list by fit, why a home fits or not, declining, and the home page.

use serde_json::json;

use crate::awards::competition::{AT_HOME, at, duel};
use crate::support::browser::Browser;
use crate::support::{Program, id};

#[test]
fn open_requests_come_by_fit_and_say_why_a_home_fits_or_not() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    let browser = program.browser_of(&acorn.admin);
    browser
        .get("/placement-requests")
        .ok()
        .says("No request takes bids here at present.");
    region.home(&program, &acorn, "Near House", json!({}));
    region.home(&program, &acorn, "Little House", json!({"age_min": 5, "age_max": 9}));
    let fitting = region.published(&program, json!({}));
    let other = region.published(
        &program,
        json!({"child": {"age": 3, "sex": "F", "siblings_to_place_with": 0}}),
    );

    let list = browser.get("/placement-requests").ok();
    let rows = list.texts("tbody th");
    assert!(rows[0].contains(fitting["reference"].as_str().unwrap()), "{rows:?}");
    assert!(rows[1].contains(other["reference"].as_str().unwrap()), "{rows:?}");
    list.says("Fits Near House")
        .says("None fits")
        .says("It takes children of");
    let only = browser.get("/placement-requests?fits=true").ok();
    assert_eq!(only.texts("tbody th").len(), 1);
    let first = browser.get("/placement-requests?limit=1").ok();
    let next = first.links().into_iter().find(|link| link.contains("after=")).unwrap();
    let second = browser.get(&next).ok();
    assert_eq!(
        (second.texts("tbody th").len(), &second.texts("tbody th")[0]),
        (1, &rows[1])
    );
    browser
        .get("/placement-requests?status=withdrawn")
        .ok()
        .says("There are no such requests.");
    let reference = |request: &serde_json::Value| request["reference"].as_str().unwrap().to_owned();
    let found = browser
        .get(&format!(
            "/placement-requests?reference={}",
            reference(&other).to_lowercase()
        ))
        .ok();
    assert_eq!(found.texts("tbody th a"), [reference(&other)]);
    region
        .commissioner
        .post(
            &format!("/placement-requests/{}/withdraw", id(&other)),
            json!({"reason": "The child stays."}),
        )
        .ok();
    let all = browser.get("/placement-requests?status=any").ok();
    assert_eq!(all.texts("tbody th a"), [reference(&other), reference(&fitting)]);
    all.says("Withdrawn").says("Fits Near House");
    let narrowed = format!("/placement-requests?status=any&reference={}", reference(&fitting));
    assert_eq!(browser.get(&narrowed).ok().texts("tbody th a"), [reference(&fitting)]);
    let whole = browser.get("/placement-requests.csv?status=any").ok();
    assert_eq!(whole.html.lines().count(), 3, "{}", whole.html);
    let file = browser.get("/placement-requests.csv").ok();
    assert!(
        file.html.contains("Near House") && file.html.lines().count() == 2,
        "{}",
        file.html
    );

    let path = format!("/placement-requests/{}", id(&fitting));
    let page = browser.get(&path).ok();
    page.says("1 home fits")
        .says("Fits")
        .says("It takes children of 5 to 9; this child is 14.");
    page.says("Registered for: Emotional and behavioural difficulties.")
        .says("Going missing");
    assert!(
        !page.html.contains("RG1 1AF") && page.html.contains("RG1"),
        "the district only"
    );
    let looks = program.count("audit_events WHERE verb = 'request.first_look'");
    browser.get(&path).ok();
    assert_eq!(
        (looks, program.count("audit_events WHERE verb = 'request.first_look'")),
        (1, 1)
    );

    let birch = program.provider("Birch");
    let stranger = program.browser_of(&birch.admin);
    for path in [path.clone(), format!("{path}/bid"), format!("{path}/decline")] {
        assert_eq!(stranger.get(&path).status, 404, "{path}");
    }
    assert_eq!(
        program
            .browser_of(&region.commissioner)
            .get(&format!("{path}/decline"))
            .status,
        403
    );
}

#[test]
fn a_request_is_declined_with_a_reason_and_nobody_else_learns_of_it() {
    let program = Program::start();
    let region = program.region();
    let (acorn, birch) = (region.admitted(&program, "Acorn"), region.admitted(&program, "Birch"));
    region.home(&program, &acorn, "Near House", json!({}));
    region.home(&program, &acorn, "Far House", json!({}));
    region.home(&program, &birch, "Birch House", json!({}));
    let request = region.published(&program, json!({}));
    let path = format!("/placement-requests/{}", id(&request));
    let decline = format!("{path}/decline");
    let browser = program.browser_of(&acorn.admin);
    let page = browser.get(&decline).ok();
    let ticked = page
        .form(&decline)
        .iter()
        .filter(|(name, _)| name == "home_ids")
        .count();
    assert_eq!(ticked, 2, "all homes that fit are ticked");
    let refused = browser.send(&page, &decline, &[("note", "We are full.")]);
    assert_eq!(refused.status, 422);
    refused.says("There is a problem");
    assert!(refused.form(&decline).contains(&("note".into(), "We are full.".into())));
    let declined = browser.send(&refused, &decline, &[("reason", "staffing")]).ok();
    declined.says("Declined.").says("Staffing");
    assert_eq!(program.count("declines"), 2);
    assert_eq!(program.count("events WHERE kind = 'request_declined'"), 1, "told once");
    browser.get(&decline).ok().says("has bid or declined");
    browser.get("/placement-requests").ok().says("Declined");
    let other = program.browser_of(&birch.admin);
    for path in [path.as_str(), "/placement-requests"] {
        assert!(!other.get(path).ok().text().contains("Staffing") && !other.get(path).ok().text().contains("Declined"));
    }
    let home = declined
        .links()
        .into_iter()
        .find(|link| link.contains("/bid?home="))
        .unwrap();
    browser.get(&home).ok().says("Begin the bid");
}

#[test]
fn the_home_page_says_what_needs_a_provider_today() {
    let program = Program::start();
    let region = program.region();
    let birch = program.provider("Birch");
    program
        .browser_of(&birch.admin)
        .get("/")
        .ok()
        .says("You are not admitted to a framework yet.");

    let acorn = region.admitted(&program, "Acorn");
    let browser = program.browser_of(&acorn.admin);
    let ready = browser.get("/").ok();
    ready.says("Before your first bid").says("Register your homes");
    let near = region.home(&program, &acorn, "Near House", json!({}));
    let request = region.published(&program, json!({}));
    let reference = request["reference"].as_str().unwrap();
    browser
        .get("/")
        .ok()
        .says("Requests that fit your homes")
        .says(reference)
        .says("Fits: Near House");
    let path = format!("/placement-requests/{}", id(&request));
    let question = acorn
        .admin
        .post(&format!("{path}/questions"), json!({"text": "Is school near?"}))
        .ok();
    region
        .commissioner
        .post(&format!("/questions/{}/answer", id(&question)), json!({"text": "Yes."}))
        .ok();
    browser
        .get("/")
        .ok()
        .says("Your questions, answered")
        .says("Is school near?");
    let body = crate::support::region::bid_body(&program, &request, &near, "4800.00");
    acorn.admin.post(&format!("{path}/bids"), body).ok();
    let page = browser.get("/").ok();
    page.says("Bids that are not submitted");
    assert!(!page.text().contains("Requests that fit your homes"));

    program.wait(chrono::Duration::days(6));
    let page = program.browser_of(&acorn.admin).get("/").ok();
    page.says("Free places to confirm").says("Near House: 1 place");
    program.wait(chrono::Duration::days(270));
    program
        .browser_of(&acorn.admin)
        .get("/")
        .ok()
        .says("Your insurance covers until");
}

/// The references of a list, two rows a page.
fn walk(browser: &Browser, path: &str) -> Vec<String> {
    let (mut found, mut next) = (Vec::new(), Some(format!("{path}&limit=2")));
    while let Some(here) = next {
        let page = browser.get(&here).ok();
        found.extend(page.texts("tbody th a"));
        next = page.links().into_iter().find(|link| link.contains("after="));
        next = next.map(|link| format!("{link}&limit=2"));
    }
    found
}

#[test]
fn requests_come_by_fit_unless_another_order_is_asked_for() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    region.home(&program, &acorn, "Near House", json!({}));
    // Who is 14 fits, who is 3 does not.
    let made = [(14, 300), (3, 180), (14, 180), (3, 240), (14, 180)].map(|(age, minutes)| {
        let child = json!({"age": age, "sex": "F", "siblings_to_place_with": 0});
        let request = region.published(
            &program,
            json!({"child": child, "bids_close_at": program.in_minutes(minutes)}),
        );
        request["reference"].as_str().unwrap().to_owned()
    });
    let of = |places: &[usize]| places.iter().map(|at| made[*at].clone()).collect::<Vec<_>>();
    let browser = program.browser_of(&acorn.admin);
    let mut by_reference = made.to_vec();
    by_reference.sort_unstable();
    for (query, expected) in [
        ("", of(&[2, 4, 0, 1, 3])),
        ("sort=newest", of(&[4, 3, 2, 1, 0])),
        ("sort=deadline", of(&[1, 2, 4, 3, 0])),
        ("sort=latest_deadline", of(&[0, 3, 4, 2, 1])),
        ("sort=reference", by_reference),
        ("sort=deadline&fits=true", of(&[2, 4, 0])),
        ("sort=deadline&fits=false", of(&[1, 3])),
    ] {
        assert_eq!(
            walk(&browser, &format!("/placement-requests?{query}")),
            expected,
            "{query}"
        );
        let file = browser.get(&format!("/placement-requests.csv?{query}")).ok();
        let listed: Vec<&str> = file
            .html
            .lines()
            .skip(1)
            .filter_map(|line| line.split(',').next())
            .collect();
        assert_eq!(listed, expected, "{query}");
    }
    let page = browser.get("/placement-requests?limit=2").ok();
    assert_eq!(page.texts("#n-sort option")[0], "The best fit first");
    assert_eq!(browser.get("/placement-requests?sort=backwards").status, 422);
    let next = page.links().into_iter().find(|link| link.contains("after=")).unwrap();

    // Whoever goes on when the requests of the first page have closed meets neither them nor a gap.
    program.wait(chrono::Duration::minutes(181));
    let browser = program.browser_of(&acorn.admin);
    assert_eq!(browser.get(&next).ok().texts("tbody th a"), of(&[0, 3]));
    let closed = browser.get("/placement-requests?status=closed").ok();
    assert_eq!(closed.texts("tbody th a"), of(&[4, 2, 1]));
    assert_eq!(closed.texts("#n-sort option")[0], "Newest first");
    assert_eq!(
        walk(&browser, "/placement-requests?status=closed&sort=deadline"),
        of(&[1, 2, 4])
    );
}

#[test]
fn a_request_that_is_over_is_not_judged_by_the_places_that_it_took() {
    let program = Program::start();
    let region = program.region();
    let duel = duel(&program, &region, AT_HOME, json!({}));
    let by = &region.commissioner;
    let reason = json!({"reason": "The only home near her school."});
    let award = duel.competition.propose(by, 0, reason).ok();
    region.approver(&program).act(&at(&award, "approve")).ok();
    by.act(&at(&award, "confirm")).ok();
    duel.acorn.admin.act(&at(&award, "accept")).ok();
    // The winner's home is full now, with this child.
    let request = format!("/placement-requests/{}", duel.competition.id());

    let own = program.browser_of(&duel.acorn.admin).get(&request).ok();
    own.says("As it stood when the request was published: 1 home fitted.")
        .says("The award of Near House")
        .says("The placement");
    let loser = program.browser_of(&duel.birch.admin).get(&request).ok();
    loser.says("1 home fitted.");
    assert!(!loser.text().contains("The award of"), "{}", loser.text());
    let browser = program.browser_of(by);
    let beside = browser.get(&format!("{request}/bids")).ok();
    beside.says("How the home stood when the request was published");
    assert_eq!(
        beside
            .texts("td .tag.green")
            .iter()
            .filter(|tag| *tag == "Fitted")
            .count(),
        2
    );
    let matches = browser.get(&format!("{request}/matches")).ok();
    matches.says("2 homes fitted").says("Near House").says("Birch House");
    for page in [&own, &loser, &beside, &matches] {
        let text = page.text();
        assert!(
            !text.contains("Does not fit") && !text.contains("homes fit;"),
            "{}: {text}",
            page.path
        );
    }
    let file = browser.get(&format!("{request}/matches.csv")).ok();
    assert!(file.html.starts_with("Rank when published,"), "{}", file.html);
    assert_eq!(file.html.lines().count(), 3, "{}", file.html);
    let whole = browser.get(&request).ok();
    whole.says("Homes that fitted, and why");
    assert!(
        whole.links().iter().any(|link| link.starts_with("/placements/")),
        "{:?}",
        whole.links()
    );
}

//! Awards, from the choice of a bid to the provider's answer.

use chrono::Duration;
use serde_json::json;

use crate::awards::competition::{AT_HOME, Duel, duel, score};
use crate::awards::standstill::policy;
use crate::support::browser::{Browser, Shown};
use crate::support::program::Program;
use crate::support::region::{Region, id};

/// Where one chooses a bid.
fn choice(duel: &Duel) -> String {
    format!("/placement-requests/{}/award", duel.competition.id())
}

/// Chooses a bid, checks it and proposes it; answers the page of the award.
fn propose(browser: &Browser, duel: &Duel, bid: usize, more: &[(&str, &str)]) -> Shown {
    let path = choice(duel);
    let page = browser.get(&path).ok();
    let mut fields = vec![("bid_id", duel.competition.bids[bid].as_str())];
    fields.extend(more);
    let check = browser.send(&page, &path, &fields).ok();
    check.says("Check the award before you propose it");
    browser.send(&check, &path, &[]).ok()
}

#[test]
fn a_bid_is_chosen_checked_proposed_approved_confirmed_and_accepted() {
    let program = Program::start();
    let region = program.region();
    let duel = duel(&program, &region, AT_HOME, json!({}));
    let approver = program.browser_of(&region.approver(&program));
    let by = program.browser_of(&region.commissioner);
    let path = choice(&duel);
    let page = by.get(&path).ok();
    page.says("Takes a reason: it is not at the first rank.")
        .says("Takes the approver: the bid is not at the first rank.")
        .says("Takes no approval.")
        .says("£9,000.00");

    // Without its reason it is refused, and what was typed stands there still.
    let bid = duel.competition.bids[0].as_str();
    let refused = by.send(&page, &path, &[("bid_id", bid), ("characteristics", "A big garden.")]);
    assert_eq!(refused.status, 422);
    refused.says("not alone at the first rank");
    let typed = refused.form(&path);
    assert!(typed.contains(&("bid_id".into(), bid.into())), "{typed:?}");
    assert!(
        typed.contains(&("characteristics".into(), "A big garden.".into())),
        "{typed:?}"
    );
    let telling = by.send(
        &page,
        &path,
        &[
            ("bid_id", bid),
            ("reason", "Near."),
            ("characteristics", "Ring 07700 900123."),
        ],
    );
    assert_eq!(telling.status, 422, "{}", telling.text());

    // Checked, it says what it takes and shows the letters; nothing is written yet.
    let chosen = [("bid_id", bid), ("reason", "The only home near her school.")];
    let check = by.send(&refused, &path, &chosen).ok();
    check
        .says("It waits for the approver, because: the bid is not at the first rank.")
        .says("No letter goes out before it is approved.")
        .says("you are awarded the placement");
    assert_eq!(region.commissioner.get("/awards").ok()["items"], json!([]));
    let changed = by.send(&check, &path, &[("step", "change")]).ok();
    assert!(
        changed
            .form(&path)
            .contains(&("reason".into(), "The only home near her school.".into()))
    );
    let award = by.send(&check, &path, &[]).ok();
    award
        .says("The award is proposed, and waits for approval.")
        .says("Waiting for approval")
        .says("The only home near her school.")
        .says("Chosen")
        .says("Turned down");
    assert_eq!(
        by.send(&check, &path, &[]).path,
        award.path,
        "sent twice, it is one award"
    );
    by.get(&path).ok().says("This request has an award already.");
    let at = |verb: &str| format!("{}/{verb}", award.path);
    by.get(&at("letters")).ok().says("Nothing is sent yet");
    assert_eq!(by.get(&at("confirm")).status, 409);
    assert_eq!(by.get(&at("approve")).status, 403);

    let page = approver.get(&at("approve")).ok();
    page.says("It can then be confirmed, which sends the letters and takes the place.");
    let approved = approver
        .send(&page, &at("approve"), &[("reason", "Her needs come first.")])
        .ok();
    approved
        .says("Approved. The award can now be confirmed.")
        .says("Her needs come first.");
    assert_eq!(approver.get(&at("approve")).status, 409);

    let page = by.get(&at("confirm")).ok();
    page.says("A place of the home is taken.")
        .says("The letters go to every bidder.");
    by.send(&page, &at("confirm"), &[])
        .ok()
        .says("Confirmed: the place is taken");

    let acorn = program.browser_of(&duel.acorn.admin);
    let birch = program.browser_of(&duel.birch.admin);
    acorn
        .get(&award.path)
        .ok()
        .says("Please accept it, or decline it with a reason.");
    assert!(!acorn.get(&award.path).text().contains("near her school"));
    assert_eq!(birch.get(&award.path).status, 404);
    birch
        .get(&at("letters"))
        .ok()
        .says("your bid was unsuccessful")
        .says("Back to your bids");
    let page = acorn.get(&at("accept")).ok();
    let placement = acorn.send(&page, &at("accept"), &[]).ok();
    assert!(placement.path.starts_with("/placements/"), "{}", placement.path);
    placement.says("Accepted: the placement is agreed.");
    by.get(&award.path).ok().says("The provider has accepted.");
    assert_eq!(acorn.get(&at("accept")).status, 409);
}

#[test]
fn with_a_standstill_the_letters_are_seen_before_they_go_with_the_proposal() {
    let program = Program::start();
    let region = program.region_with(policy(&program, 2));
    let duel = duel(&program, &region, AT_HOME, json!({}));
    let by = program.browser_of(&region.commissioner);
    let path = choice(&duel);
    let page = by.get(&path).ok();
    page.says("stands still for 2 working days");
    let check = by.send(&page, &path, &[("bid_id", &duel.competition.bids[1])]).ok();
    check
        .says("The letters below go out at once")
        .says("stands still until 6 March 2026, 23:59 GMT")
        .says("Propose the award and send the letters");
    let award = by.send(&check, &path, &[]).ok();
    award.says("Standing still").says("6 March 2026, 23:59 GMT");
    assert!(award.has("time[data-until]"));
    let refused = by.get(&format!("{}/confirm", award.path));
    assert_eq!(refused.status, 409);
    refused.says("stands still until 6 March 2026, 23:59 GMT");

    let loser = program.browser_of(&duel.acorn.admin);
    loser.get(&format!("{}/letters", award.path)).ok().says("Your letter");
    let winner = program.browser_of(&duel.birch.admin);
    winner.get(&award.path).ok().says("Please keep the place free.");

    program.wait(Duration::days(3));
    let by = program.browser_of(&region.commissioner);
    by.get(&award.path).ok().says("It can be confirmed.");
    let page = by.get(&format!("{}/withdraw", award.path)).ok();
    page.says("The provider has its letter, and is told.")
        .says("told that the decision is open again, but not why");
    let withdraw = format!("{}/withdraw", award.path);
    assert_eq!(by.send(&page, &withdraw, &[]).status, 422);
    by.send(&page, &withdraw, &[("reason", "The home has closed a floor.")])
        .ok()
        .says("The award is withdrawn.")
        .says("The home has closed a floor.");
    program
        .browser_of(&duel.birch.admin)
        .get(&award.path)
        .ok()
        .says("The authority has taken it back.");
}

#[test]
fn what_keeps_an_award_from_being_confirmed_is_said_before_the_click() {
    let program = Program::start();
    let region = program.region();
    let duel = duel(&program, &region, AT_HOME, json!({}));
    let by = program.browser_of(&region.commissioner);
    let award = propose(&by, &duel, 1, &[]);
    let confirm = format!("{}/confirm", award.path);
    let hinders = |why: &str| {
        let page = by.get(&award.path).ok();
        page.says("As things stand it can’t be confirmed.").says(why);
        assert!(!page.links().contains(&confirm), "{:?}", page.links());
        let refused = by.get(&confirm);
        assert_eq!(refused.status, 409);
        refused.says(why);
        by.get("/").ok().says("can’t be confirmed").says(why);
        by.get(&format!("/placement-requests/{}", duel.competition.id()))
            .ok()
            .says("As things stand the award can’t be confirmed.");
    };
    let nothing_hinders = || {
        let page = by.get(&award.path).ok();
        page.says("It can be confirmed.");
        assert!(page.links().contains(&confirm), "{:?}", page.links());
        by.get("/").ok().says("Confirm the award of");
    };
    nothing_hinders();

    let vacancies = format!("/homes/{}/vacancies", duel.homes[1]);
    let birch = &duel.birch.admin;
    let vacancy = id(&birch.get(&vacancies).ok()["items"][0]);
    birch.act(&format!("/vacancies/{vacancy}/close")).ok();
    hinders("The home has no free place any more.");
    birch
        .post(&vacancies, json!({"places": 1, "available_from": program.day(0)}))
        .ok();
    nothing_hinders();

    let admissions = region.operator.get("/admissions?limit=200").ok();
    let of_birch = |admission: &&serde_json::Value| admission.to_string().contains(&duel.birch.organisation);
    let items = admissions["items"].as_array().expect("a list");
    let admission = id(items.iter().find(of_birch).expect("Birch's admission"));
    let order = json!({"reason": "An allegation."});
    region
        .operator
        .post(&format!("/admissions/{admission}/suspend"), order)
        .ok();
    hinders("the provider is suspended from the lot");
    region.operator.act(&format!("/admissions/{admission}/reinstate")).ok();
    nothing_hinders();

    let inspected = json!({"event_number": "E-1", "inspected_on": program.day(0), "grade": "Inadequate"});
    let inspections = format!("/homes/{}/inspections", duel.homes[1]);
    region.operator.post(&inspections, inspected).ok();
    hinders("the home's grade is below what the framework allows");

    let (request, bid) = (&duel.competition.request, &duel.competition.bids[1]);
    score(&region.commissioner, request, bid, [0, 0]);
    hinders("The ranking has changed since this award was proposed.");
}

#[test]
fn a_request_is_not_ended_as_long_as_its_award_stands() {
    let program = Program::start();
    let region = program.region();
    let duel = duel(&program, &region, AT_HOME, json!({}));
    let by = program.browser_of(&region.commissioner);
    let request = format!("/placement-requests/{}", duel.competition.id());
    let ends = ["withdraw", "unfilled"].map(|end| format!("{request}/{end}"));
    let before = ends.each_ref().map(|end| by.get(end).ok());
    let award = propose(&by, &duel, 1, &[]);
    let page = by.get(&request).ok();
    page.says("The request can’t be withdrawn or ended as long as its award stands.");
    assert!(page.links().contains(&award.path), "{:?}", page.links());
    for (end, before) in ends.iter().zip(&before) {
        assert!(!page.links().contains(end), "{:?}", page.links());
        let refused = by.get(end);
        assert_eq!(refused.status, 409);
        refused.says("Withdraw the award first");
        // Nor by a page from before the award.
        let refused = by.send(before, end, &[("reason", "She stays with her aunt.")]);
        assert_eq!(refused.status, 409);
        refused.says("Withdraw the award first");
    }
    let withdraw = format!("{}/withdraw", award.path);
    by.send(
        &by.get(&withdraw).ok(),
        &withdraw,
        &[("reason", "She stays with her aunt.")],
    )
    .ok();
    by.send(
        &by.get(&ends[1]).ok(),
        &ends[1],
        &[("reason", "She stays with her aunt.")],
    )
    .ok()
    .says("The request has ended without a home.");
}

#[test]
fn an_approver_refuses_and_a_provider_declines_each_with_a_reason() {
    let program = Program::start();
    let region = program.region();
    let duel = duel(&program, &region, AT_HOME, json!({}));
    let approver = program.browser_of(&region.approver(&program));
    let by = program.browser_of(&region.commissioner);
    let award = propose(&by, &duel, 0, &[("reason", "Near her school.")]);
    let refuse = format!("{}/refuse", award.path);
    let page = approver.get(&refuse).ok();
    assert_eq!(approver.send(&page, &refuse, &[("reason", " ")]).status, 422);
    approver
        .send(&page, &refuse, &[("reason", "Another home is as near.")])
        .ok()
        .says("The award is refused.")
        .says("Another home is as near.");
    by.get(&format!("{}/letters", award.path))
        .ok()
        .says("There are no letters");

    let award = propose(&by, &duel, 1, &[]);
    award.says("it can be confirmed");
    let confirm = format!("{}/confirm", award.path);
    let page = by.get(&confirm).ok();
    by.send(&page, &confirm, &[]).ok();
    let birch = program.browser_of(&duel.birch.admin);
    let decline = format!("{}/decline", award.path);
    let page = birch.get(&decline).ok();
    assert_eq!(birch.send(&page, &decline, &[]).status, 422);
    birch
        .send(&page, &decline, &[("reason", "The room is not ready.")])
        .ok()
        .says("The award is declined.");
    let open_again = "the decision is open again, and this bid can still be chosen.";
    let bids = duel.competition.bids.iter().map(|bid| format!("/bids/{bid}"));
    let bids: Vec<String> = bids.collect();
    let acorn = program.browser_of(&duel.acorn.admin);
    for reader in [&acorn, &by] {
        reader.get(&bids[0]).ok().says(open_again);
    }
    assert!(
        !birch.get(&bids[1]).ok().text().contains(open_again),
        "who declined is out"
    );
    by.get(&choice(&duel))
        .ok()
        .says("was awarded before, and the provider declined");
    by.get("/awards").ok().says("Declined by the provider").says("Refused");
}

#[test]
fn the_list_is_each_sides_own_narrowed_and_taken_away() {
    let program = Program::start();
    let region = program.region();
    let by = program.browser_of(&region.commissioner);
    by.get("/awards").ok().says("There is no award to show.");
    let duel = duel(&program, &region, AT_HOME, json!({}));
    let award = propose(&by, &duel, 1, &[]);
    let reference = duel.competition.reference();
    by.get(&format!(
        "/awards?status=approved&reference={}",
        reference.to_lowercase()
    ))
    .ok()
    .says(reference)
    .says("Birch House");
    by.get("/awards?status=declined")
        .ok()
        .says("There is no award to show.");
    let file = by.get("/awards.csv?status=approved").ok();
    assert!(file.content_type.starts_with("text/csv"));
    assert!(
        file.html.starts_with("Reference,State,Provider") && file.html.contains(reference),
        "{}",
        file.html
    );
    // A provider is told when the letters are out, another authority never.
    let birch = program.browser_of(&duel.birch.admin);
    birch.get("/awards").ok().says("There is no award to show");
    assert_eq!(birch.get(&award.path).status, 404);
    let neighbour = program.browser_of(&region.neighbour);
    for path in ["", "/letters", "/confirm", "/withdraw"] {
        assert_eq!(neighbour.get(&format!("{}{path}", award.path)).status, 404, "{path}");
    }
    assert_eq!(neighbour.get(&choice(&duel)).status, 404);
    assert_eq!(birch.get(&choice(&duel)).status, 403);
    assert_eq!(program.browser_of(&region.operator).get("/awards").status, 403);
}

#[test]
fn a_choice_waits_until_the_bids_are_opened_and_scored() {
    let program = Program::start();
    let region = program.region();
    let request = region.published(&program, json!({}));
    let by = program.browser_of(&region.commissioner);
    let path = format!("/placement-requests/{}/award", id(&request));
    let page = by.get(&path).ok();
    page.says("The request is open for bids.");
    assert_eq!(page.forms().iter().filter(|form| **form == path).count(), 0);
}

/// A draft of the commissioner's, and a home to award it to.
fn draft_and_home(program: &Program, region: &Region) -> (String, String) {
    let acorn = region.admitted(program, "Acorn");
    let home = region.home(program, &acorn, "Near House", json!({}));
    let body = region.request_body(program);
    let request = region.commissioner.post("/placement-requests", body).ok();
    (id(&request), home)
}

#[test]
fn a_direct_award_is_made_step_by_step() {
    let program = Program::start();
    let region = program.region();
    let by = program.browser_of(&region.commissioner);
    by.get("/direct-awards/new").ok().says("There is no such request.");
    let (request, home) = draft_and_home(&program, &region);
    let page = by.get("/direct-awards/new").ok();
    let next = format!("/direct-awards/new?placement_request_id={request}");
    assert!(page.links().contains(&next), "{:?}", page.links());
    by.get(&next).ok().says("Search for the home.");
    by.get(&format!("{next}&home=castle")).ok().says("is called so");
    let found = by.get(&format!("{next}&home=near+h")).ok();
    let last = format!("{next}&home_id={home}");
    assert!(found.links().contains(&last), "{:?}", found.links());
    let page = by.get(&last).ok();
    page.says("The approver, because: there was no competition.");
    let path = "/direct-awards/new";
    let refused = by.send(
        &page,
        path,
        &[("price.core", "a lot"), ("reason", "Her brother lives there.")],
    );
    assert_eq!(refused.status, 422);
    refused.says("By which route");
    assert!(
        refused
            .form(path)
            .contains(&("reason".into(), "Her brother lives there.".into()))
    );
    let award = by.send(
        &refused,
        path,
        &[
            ("procurement_route", "direct_award_user_choice"),
            ("price.core", "5,000"),
            ("price.additional_support", "0"),
            ("price.education", "0"),
            ("price.other", "0"),
        ],
    );
    award
        .ok()
        .says("The direct award is proposed, and waits for approval.")
        .says("£5,000.00 a week");
    by.get("/direct-awards/new").ok().says("There is no such request.");
    let neighbour = program.browser_of(&region.neighbour);
    assert_eq!(neighbour.get(&next).status, 404);
}

#[test]
fn what_is_due_is_listed_and_marked_as_done() {
    let program = Program::start();
    let region = program.region();
    let by = program.browser_of(&region.commissioner);
    by.get("/due-items").ok().says("Nothing is due.");
    let duel = duel(&program, &region, ["RG2 0AA", "GU1 1AA"], json!({}));
    let approver = program.browser_of(&region.approver(&program));
    let award = propose(&by, &duel, 1, &[("out_of_area_reason", "SafeguardingConcerns")]);
    award
        .says("director of children's services")
        .says("safeguarding concerns");
    approver
        .get(&format!("{}/approve", award.path))
        .ok()
        .says("You sign as director of children's services.");
    for (browser, verb) in [(&approver, "approve"), (&by, "confirm")] {
        let path = format!("{}/{verb}", award.path);
        let page = browser.get(&path).ok();
        browser.send(&page, &path, &[]).ok();
    }
    by.get(&award.path)
        .ok()
        .says("who declared to act as director of children's services");
    by.get(&award.path).ok().says("Due because of it").says("Surrey");
    let page = by.get("/due-items?done=false").ok();
    page.says("To do").says("Surrey");
    let done = page
        .links()
        .into_iter()
        .find(|link| link.ends_with("/done"))
        .expect("a way to mark it");
    let page = by.get(&done).ok();
    let long = "x".repeat(2001);
    let refused = by.send(&page, &done, &[("note", &long)]);
    assert_eq!(refused.status, 422);
    by.send(&page, &done, &[("note", "By secure email.")])
        .ok()
        .says("It is marked as done.")
        .says("By secure email.");
    let file = by.get("/due-items.csv").ok();
    assert!(
        file.html.contains("Surrey") && file.html.contains("Done"),
        "{}",
        file.html
    );
    assert_eq!(program.browser_of(&region.neighbour).get(&done).status, 404);
    assert_eq!(program.browser_of(&duel.birch.admin).get("/due-items").status, 403);
}

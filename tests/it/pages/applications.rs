//! Applying to a framework, and deciding on it, in the browser.

use chrono::Duration;
use serde_json::json;

use super::frameworks::{day, fields, refused, typed};
use crate::support::region::Region;
use crate::support::{Program, id};

fn insurance(program: &Program, expires_in: i64) -> Vec<(String, String)> {
    let mut insurance = fields(&[("policy_number", "PL-1"), ("cover", "£10,000,000")]);
    insurance.extend(day("expires_on", program.day(expires_in)));
    insurance
}

/// A second standard, which need not be answered.
fn optional_standard(region: &Region) -> String {
    let body = json!({"code": "QS8", "title": "Leadership", "requirement": "Say who leads.", "applies_to": "provider",
        "evidence": "statement", "mandatory": false});
    id(&region
        .operator
        .post(&format!("/frameworks/{}/standards", region.framework), body)
        .ok())
}

#[test]
fn a_provider_applies_task_by_task_and_is_admitted() {
    let program = Program::start();
    let region = program.region();
    let optional = optional_standard(&region);
    let acorn = program.provider("Acorn");
    let browser = program.browser_of(&acorn.admin);
    browser.get("/applications").ok().says("You have no application here.");
    let framework = browser.get(&format!("/frameworks/{}", region.framework)).ok();
    framework.says("You are not admitted to a lot").says("How to join");
    let apply = format!("/frameworks/{}/apply", region.framework);
    let page = browser.get(&apply).ok();
    refused(&browser.send(&page, &apply, &[]), 422, "Which lots do you apply for?");
    let tasks = browser.send(&page, &apply, &[("lot_ids", &region.lot)]).ok();
    tasks
        .says("You have done 1 of 6 tasks.")
        .says("Optional")
        .says("Not ready yet");
    let path = tasks.path.clone();
    let task = |name: &str| format!("{path}/{name}");

    let check = browser.get(&task("check")).ok();
    check.says("Before you can submit").says("Not answered, and it must be");
    assert!(!check.forms().contains(&task("submit")));

    let answer = task(&format!("standards/{}", region.standard));
    let page = browser.get(&answer).ok();
    page.says("Say how children are kept safe.")
        .says("It must be answered.");
    refused(
        &browser.send(&page, &answer, &[("statement", "  ")]),
        422,
        "“Your answer” is required",
    );
    let long = "word ".repeat(2_001);
    let again = browser.send(&page, &answer, &[("statement", &long)]);
    refused(&again, 422, "Your answer");
    let kept = again
        .form(&answer)
        .into_iter()
        .find(|(name, _)| name == "statement")
        .unwrap();
    assert_eq!(kept.1.trim(), long.trim());
    let statement = "Named safeguarding lead,\nweekly <review>.";
    browser
        .send(&page, &answer, &[("statement", statement)])
        .ok()
        .says("Saved.")
        .says("You have done 2 of 6 tasks.");
    let shown = browser.get(&answer).ok().form(&answer);
    assert!(shown.contains(&("statement".into(), statement.into())));

    let leads = task(&format!("standards/{optional}"));
    let page = browser.get(&leads).ok();
    browser
        .send(&page, &leads, &[("statement", "The owner.")])
        .ok()
        .says("3 of 6");
    browser
        .send(&browser.get(&leads).ok(), &leads, &[("statement", "")])
        .ok()
        .says("2 of 6");

    let page = browser.get(&task("insurance")).ok();
    let mut wrong = insurance(&program, 300);
    wrong.retain(|(name, _)| name != "expires_on.day");
    wrong.extend(fields(&[("expires_on.day", "42")]));
    let again = browser.send(&page, &task("insurance"), &typed(&wrong));
    refused(&again, 422, "“Last day on which it covers” must be a real day");
    let expired = browser
        .send(&again, &task("insurance"), &typed(&insurance(&program, 0)))
        .ok();
    expired.says("2 of 6");
    browser
        .send(&again, &task("insurance"), &typed(&insurance(&program, 300)))
        .ok()
        .says("3 of 6");

    let page = browser.get(&task("declaration")).ok();
    browser
        .send(&page, &task("declaration"), &[])
        .ok()
        .says("Not declared")
        .says("3 of 6");
    browser
        .send(&page, &task("declaration"), &[("no_exclusion_grounds", "true")])
        .ok()
        .says("4 of 6");
    let page = browser.get(&task("contract")).ok();
    page.says("The same for everybody.")
        .says("accepts it for Acorn Care Ltd");
    browser
        .send(&page, &task("contract"), &[])
        .ok()
        .says("Not accepted")
        .says("4 of 6");
    let ready = browser.send(&page, &task("contract"), &[("accepted", "true")]).ok();
    ready.says("5 of 6").says("Ready");

    let check = browser.get(&task("check")).ok();
    check
        .says("weekly <review>.")
        .says("£10,000,000.00")
        .says("Declared: none applies");
    let done = browser.send(&check, &task("submit"), &[]).ok();
    done.says("Application submitted").says("What happens next");
    browser
        .get("/")
        .ok()
        .says("Your application to SE-RES-1")
        .says("The cooperative decides by");
    assert_eq!(done.path, task("submitted"));
    let twice = browser.send(&check, &task("submit"), &[]).ok();
    assert_eq!(twice.path, task("submitted"));
    assert_eq!(browser.get(&task("lots")).status, 409);
    browser
        .get(&path)
        .ok()
        .says("Submitted")
        .says("Withdraw this application");

    let operator = program.browser_of(&region.operator);
    let queue = operator.get("/applications").ok();
    queue.says("Acorn Care Ltd").says("SE-RES-1");
    let whole = operator.get(&path).ok();
    whole
        .says("weekly <review>.")
        .says("Say how children are kept safe.")
        .says("Decision due");
    let page = operator.get(&task("decide")).ok();
    refused(
        &operator.send(&page, &task("decide"), &[]),
        422,
        "Lot R1, Children's homes",
    );
    let nothing_found = operator.send(&page, &task("decide"), &[("decisions[0].outcome", "admitted")]);
    refused(&nothing_found, 422, "What you find of QS7");
    let no_note = [("then", "keep"), ("findings[0].outcome", "not_met")];
    let again = operator.send(&page, &task("decide"), &no_note);
    refused(&again, 422, "“Note on QS7” is required where the standard is not met");
    let not_met = [no_note[0], no_note[1], ("findings[0].note", "Who leads?")];
    operator
        .send(&again, &task("decide"), &not_met)
        .ok()
        .says("The application is not decided yet.")
        .says("Who leads?");
    assert!(!browser.get(&path).ok().text().contains("Who leads?"));
    let page = operator.get(&task("decide")).ok();
    let again = operator.send(&page, &task("decide"), &[("decisions[0].outcome", "rejected")]);
    refused(&again, 422, "“Why lot R1 is rejected” is required for a rejection");
    let again = operator.send(&again, &task("decide"), &[("decisions[0].outcome", "admitted")]);
    refused(&again, 422, "must not be admitted while QS7 is not met");
    let met = [("decisions[0].outcome", "admitted"), ("findings[0].outcome", "met")];
    let decided = operator.send(&again, &task("decide"), &met).ok();
    decided.says("is decided.").says("Admitted");
    operator.get("/applications").ok().says("No application is here.");
    operator.get("/applications?status=decided").ok().says("R1 admitted");

    browser.get(&path).ok().says("Admitted").says("See your admissions");
    browser
        .get(&format!("/frameworks/{}", region.framework))
        .ok()
        .says("You are admitted to every lot.");
}

#[test]
fn what_is_returned_comes_back_and_what_is_withdrawn_does_not() {
    let program = Program::start();
    let region = program.region();
    let acorn = program.provider("Acorn");
    let application = region.application(&program, &acorn);
    let path = format!("/applications/{application}");
    let task = |name: &str| format!("{path}/{name}");
    let browser = program.browser_of(&acorn.admin);
    browser
        .send(&browser.get(&task("check")).ok(), &task("submit"), &[])
        .ok();
    let operator = program.browser_of(&region.operator);
    let page = operator.get(&task("return")).ok();
    refused(
        &operator.send(&page, &task("return"), &[("reason", "")]),
        422,
        "is required",
    );
    let back = operator
        .send(&page, &task("return"), &[("reason", "Say who leads.")])
        .ok();
    back.says("The application is returned to Acorn Care Ltd.");
    operator
        .get("/applications?status=returned")
        .ok()
        .says("Acorn Care Ltd");
    browser
        .get(&path)
        .ok()
        .says("Your application was returned")
        .says("Say who leads.");
    let contract = json!({"title": "Second", "text": "New terms.", "effective_on": program.day(0)});
    region
        .operator
        .post(&format!("/frameworks/{}/contract-versions", region.framework), contract)
        .ok();
    browser
        .get(&task("check"))
        .ok()
        .says("Read and accept the contract")
        .says("An earlier version");
    let page = browser.get(&task("contract")).ok();
    browser.send(&page, &task("contract"), &[("accepted", "true")]).ok();
    browser
        .send(&browser.get(&task("check")).ok(), &task("submit"), &[])
        .ok()
        .says("Application submitted");

    let page = browser.get(&task("withdraw")).ok();
    page.says("The cooperative is told.");
    let gone = browser.send(&page, &task("withdraw"), &[]).ok();
    gone.says("The application is withdrawn.").says("Withdrawn");
    refused(
        &browser.send(&browser.get(&task("withdraw")).ok(), &task("withdraw"), &[]),
        409,
        "withdrawn already",
    );
    let page = operator.get(&task("decide")).ok();
    let late = [("findings[0].outcome", "met"), ("decisions[0].outcome", "admitted")];
    refused(&operator.send(&page, &task("decide"), &late), 409, "not submitted");
}

#[test]
fn an_application_is_its_providers_and_its_cooperatives_alone() {
    let program = Program::start();
    let region = program.region();
    let acorn = program.provider("Acorn");
    let application = region.application(&program, &acorn);
    let path = format!("/applications/{application}");
    let bidder = program.browser_of(&acorn.bidder(&program, "bidder@acorn.example").0);
    let whole = bidder.get(&path).ok();
    whole.says("A draft").says("Named safeguarding lead");
    assert_eq!(bidder.get(&format!("{path}/check")).status, 403);
    assert_eq!(
        bidder.get(&format!("/frameworks/{}/apply", region.framework)).status,
        403
    );
    bidder
        .get(&format!("/frameworks/{}", region.framework))
        .ok()
        .says("Go to your application");
    let birch = program.provider("Birch");
    let birch = program.browser_of(&birch.admin);
    for part in ["", "/lots", "/check", "/contract", "/withdraw", "/submitted"] {
        assert_eq!(birch.get(&format!("{path}{part}")).status, 404, "{part}");
    }
    assert_eq!(birch.get(&format!("{path}/standards/nothing")).status, 404);
    // It was not submitted yet.
    let operator = program.browser_of(&region.operator);
    assert_eq!(operator.get(&path).status, 404);
    let commissioner = program.browser_of(&region.commissioner);
    assert_eq!(commissioner.get("/applications").status, 403);
    assert_eq!(operator.get(&format!("{path}/lots")).status, 403);
}

#[test]
fn the_queue_is_in_the_order_of_due_days_and_says_what_is_overdue() {
    let program = Program::start();
    let region = program.region();
    // Begun first, submitted last.
    let acorn = program.provider("Acorn");
    let late = region.application(&program, &acorn);
    let birch = program.provider("Birch");
    let early = region.application(&program, &birch);
    birch.admin.act(&format!("/applications/{early}/submit")).ok();
    program.wait(Duration::days(7));
    acorn.admin.act(&format!("/applications/{late}/submit")).ok();
    program.wait(Duration::days(12));
    let browser = program.browser_of(&region.operator);
    let queue = browser.get("/applications").ok();
    let names = queue.texts("tbody th");
    assert_eq!(names, ["Birch Care Ltd", "Acorn Care Ltd"]);
    assert_eq!(queue.texts(".tag.red"), ["Overdue"]);
    let first = browser.get("/applications?limit=1").ok();
    assert_eq!(first.texts("tbody th"), ["Birch Care Ltd"]);
    let next = first.links().into_iter().find(|link| link.contains("after=")).unwrap();
    assert_eq!(browser.get(&next).ok().texts("tbody th"), ["Acorn Care Ltd"]);
    let csv = browser.get("/applications.csv").html;
    assert!(
        csv.starts_with("Provider,Framework") && csv.contains("Birch Care Ltd,SE-RES-1,R1,Submitted,2026-03-04T"),
        "{csv}"
    );
}

//! Admissions, contracts and profiles in the browser.

use chrono::Duration;
use serde_json::json;

use super::frameworks::{day, fields, refused, typed};
use crate::support::{Program, id};

#[test]
fn an_operator_suspends_reinstates_and_removes() {
    let program = Program::start();
    let region = program.region();
    let browser = program.browser_of(&region.operator);
    browser.get("/admissions").ok().says("No admission is here.");
    let acorn = region.admitted(&program, "Acorn");
    let list = browser.get("/admissions?status=admitted").ok();
    list.says("Acorn Care Ltd").says("Accepted");
    let path = list
        .links()
        .into_iter()
        .find(|link| link.starts_with("/admissions/"))
        .unwrap();
    let step = |verb: &str| format!("{path}/{verb}");
    let page = browser.get(&step("suspend")).ok();
    page.says("Suspend this admission?")
        .says("opened while it lasts are marked as not compliant");
    let mut past = fields(&[("reason", "An inquiry."), ("until.time", "9am")]);
    past.extend(day("until", program.day(-1)));
    let again = browser.send(&page, &step("suspend"), &typed(&past));
    refused(&again, 422, "“Until when” must be in the future");
    assert!(
        again
            .form(&step("suspend"))
            .contains(&("reason".into(), "An inquiry.".into()))
    );
    let mut until = fields(&[("until.time", "9am")]);
    until.extend(day("until", program.day(10)));
    let done = browser.send(&again, &step("suspend"), &typed(&until)).ok();
    done.says("The admission is suspended.")
        .says("Suspended by the cooperative")
        .says("An inquiry.");
    browser.get("/admissions?status=suspended").ok().says("Acorn Care Ltd");
    let own = program.browser_of(&acorn.admin);
    own.get(&path).ok().says("An inquiry.");
    assert_eq!(own.get(&step("reinstate")).status, 403);
    let page = browser.get(&step("reinstate")).ok();
    browser
        .send(&page, &step("reinstate"), &[])
        .ok()
        .says("The admission is in force again.");
    refused(
        &browser.send(&browser.get(&step("reinstate")).ok(), &step("reinstate"), &[]),
        409,
        "not suspended",
    );
    let page = browser.get(&step("remove")).ok();
    refused(&browser.send(&page, &step("remove"), &[]), 422, "“Why” is required");
    let gone = browser
        .send(&page, &step("remove"), &[("reason", "The registration was cancelled.")])
        .ok();
    gone.says("The provider was removed")
        .says("The registration was cancelled.");
    assert!(!gone.links().contains(&step("remove")));
    let csv = browser.get("/admissions.csv").html;
    assert!(
        csv.contains("Acorn Care Ltd,SE-RES-1,R1,Children's homes,The provider was removed"),
        "{csv}"
    );
}

#[test]
fn a_provider_leaves_a_lot_and_no_other_sees_its_admission() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    let birch = program.provider("Birch");
    let browser = program.browser_of(&acorn.admin);
    let list = browser.get("/admissions").ok();
    let path = list
        .links()
        .into_iter()
        .find(|link| link.starts_with("/admissions/"))
        .unwrap();
    let birch = program.browser_of(&birch.admin);
    birch.get("/admissions").ok().says("You are admitted to no lot here.");
    assert_eq!(birch.get(&path).status, 404);
    assert_eq!(birch.get(&format!("{path}/leave")).status, 404);
    let commissioner = program.browser_of(&region.commissioner);
    commissioner.get(&path).ok().says("Acorn Care Ltd");
    assert_eq!(commissioner.get(&format!("{path}/leave")).status, 403);
    let page = browser.get(&format!("{path}/leave")).ok();
    page.says("Placements that were agreed run on.");
    browser
        .send(&page, &format!("{path}/leave"), &[])
        .ok()
        .says("The provider left");
    let again = browser.get(&format!("{path}/leave")).ok();
    refused(
        &browser.send(&again, &format!("{path}/leave"), &[]),
        409,
        "The admission is over",
    );
}

#[test]
fn a_new_contract_version_is_read_and_accepted_by_name() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    let contract = json!({"title": "Second", "text": "New <terms>.", "effective_on": program.day(0)});
    let path = format!("/frameworks/{}/contract-versions", region.framework);
    let version = id(&region.operator.post(&path, contract).ok());
    let browser = program.browser_of(&acorn.admin);
    browser
        .get("/admissions")
        .ok()
        .says("Not accepted")
        .says("Read and accept version 2");
    let path = format!("/contract-versions/{version}");
    let accept = format!("{path}/accept");
    browser.get(&path).ok().says("You have not accepted it.");
    let page = browser.get(&accept).ok();
    page.says("New <terms>.")
        .says("Who accepts Pro Vider")
        .says("For Acorn Care Ltd");
    browser
        .send(&page, &accept, &[])
        .ok()
        .says("Contract version 2 is accepted.")
        .says("Pro Vider accepted it for you");
    assert!(!browser.get(&accept).ok().forms().contains(&accept));
    let old = format!("/contract-versions/{}/accept", region.contract);
    assert!(
        !browser.get(&old).ok().forms().contains(&old),
        "accepted with the application"
    );

    let operator = program.browser_of(&region.operator);
    let acceptances = format!("{path}/acceptances");
    operator.get(&acceptances).ok().says("Acorn Care Ltd Pro Vider");
    operator
        .get(&format!("{acceptances}?accepted=no"))
        .ok()
        .says("No admitted provider is here.");
    let csv = operator.get(&format!("{acceptances}.csv")).html;
    assert!(csv.contains("Acorn Care Ltd,Pro Vider,"), "{csv}");
    assert_eq!(operator.get(&accept).status, 403);
    let birch = program.provider("Birch");
    let birch = program.browser_of(&birch.admin);
    let page = birch.get(&accept).ok();
    refused(&birch.send(&page, &accept, &[]), 409, "Only who applies or is admitted");
    let commissioner = program.browser_of(&region.commissioner);
    commissioner.get(&path).ok().says("New <terms>.");
    assert_eq!(commissioner.get(&acceptances).status, 403);
}

#[test]
fn a_provider_keeps_its_profile_and_its_insurance() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    let path = format!("/providers/{}", acorn.organisation);
    let browser = program.browser_of(&acorn.admin);
    let edit = format!("{path}/edit");
    let page = browser.get(&edit).ok();
    let again = browser.send(&page, &edit, &[("website", "acorn"), ("about", "Three small homes.")]);
    refused(&again, 422, "“Website” must look like https://acorn.example");
    let saved = browser
        .send(&again, &edit, &[("website", "https://acorn.example")])
        .ok();
    saved
        .says("Your profile is saved.")
        .says("Three small homes.")
        .says("https://acorn.example");
    let page = browser.get(&edit).ok();
    let saved = browser.send(&page, &edit, &[("website", "")]).ok();
    assert!(!saved.text().contains("https://acorn.example"));
    refused(&browser.send(&page, &edit, &[("about", "In another tab.")]), 412, "");

    program.wait(Duration::days(301));
    let browser = program.browser_of(&acorn.admin);
    browser.get(&path).ok().says("Run out").says("Suspended");
    let insurance = format!("{path}/insurance");
    let page = browser.get(&insurance).ok();
    refused(
        &browser.send(&page, &insurance, &[]),
        422,
        "“Last day on which it covers” must be after today",
    );
    let saved = browser
        .send(&page, &insurance, &typed(&day("expires_on", program.day(300))))
        .ok();
    saved.says("Your insurance is saved.").says("Admitted");

    let commissioner = program.browser_of(&region.commissioner);
    commissioner.get(&path).ok().says("Three small homes.");
    assert_eq!(commissioner.get(&edit).status, 403);
    let birch = program.provider("Birch");
    let birch = program.browser_of(&birch.admin);
    assert_eq!(birch.get(&path).status, 404);
    assert_eq!(birch.get(&edit).status, 404);
    birch.get("/providers").ok().says("Birch Care Ltd");
}

#[test]
fn providers_are_found_by_name() {
    let program = Program::start();
    let region = program.region();
    let browser = program.browser_of(&region.operator);
    browser.get("/providers").ok().says("There is no provider here.");
    for name in ["Cedar", "Birch", "Acorn"] {
        program.provider(name);
    }
    let all = browser.get("/providers").ok();
    assert_eq!(
        all.texts("tbody th"),
        ["Acorn Care Ltd", "Birch Care Ltd", "Cedar Care Ltd"]
    );
    let found = |query: &str| browser.get(&format!("/providers?{query}")).ok().texts("tbody th");
    assert_eq!(found("name=cEdAr"), ["Cedar Care Ltd"]);
    assert_eq!(found("name=_"), [""; 0]);
    assert_eq!(found("name=%25"), [""; 0]);
    let first = browser.get("/providers?limit=2").ok();
    let next = first.links().into_iter().find(|link| link.contains("after=")).unwrap();
    assert_eq!(browser.get(&next).ok().texts("tbody th"), ["Cedar Care Ltd"]);
    let ash = region.admitted(&program, "Ash");
    assert_eq!(found("standing=admitted"), ["Ash Care Ltd"]);
    assert_eq!(found("standing=suspended"), [""; 0]);
    let insured_until =
        ash.admin.get(&format!("/providers/{}", ash.organisation)).ok()["insurance"]["expires_on"].clone();
    let insured_until = insured_until.as_str().unwrap();
    assert_eq!(found(&format!("insured_before={insured_until}")), [""; 0]);
    let day_after: chrono::NaiveDate = insured_until.parse().unwrap();
    let day_after = day_after.succ_opt().unwrap();
    assert_eq!(found(&format!("insured_before={day_after}")), ["Ash Care Ltd"]);
    let admission = id(&region.operator.get("/admissions").ok()["items"][0]);
    let reason = json!({"reason": "Found inadequate."});
    region
        .operator
        .post(&format!("/admissions/{admission}/suspend"), reason)
        .ok();
    assert_eq!(found("standing=suspended"), ["Ash Care Ltd"]);
    assert_eq!(found("standing=admitted"), [""; 0]);
    assert_eq!(browser.get("/providers?standing=left").status, 422);
    // Of another cooperative's lots it is not known.
    let stranger = program.browser_of(&program.operator("South West", "operator@west.example"));
    assert_eq!(
        stranger.get("/providers?standing=suspended").ok().texts("tbody th"),
        [""; 0]
    );
    let admitted = |query: &str| {
        browser
            .get(&format!("/admissions?{query}"))
            .ok()
            .texts("tbody th")
            .len()
    };
    assert_eq!((admitted("provider=aSh"), admitted("provider=birch")), (1, 0));
    let second = json!({"code": "R2", "title": "Solo homes", "placement_type": "Residential",
        "provision_types": ["ChildrensHome"]});
    let lots = format!("/frameworks/{}/lots", region.framework);
    let second = id(&region.operator.post(&lots, second).ok());
    assert_eq!(
        (
            admitted(&format!("lot_id={}", region.lot)),
            admitted(&format!("lot_id={second}"))
        ),
        (1, 0)
    );
    browser.get("/admissions").ok().says("SE-RES-1, R2 Solo homes");
    let applied = |query: &str| {
        browser
            .get(&format!("/applications?status=any&{query}"))
            .ok()
            .texts("tbody th")
    };
    assert_eq!(applied("provider=ASH"), ["Ash Care Ltd"]);
    assert_eq!(applied("provider=birch"), [""; 0]);
    let csv = browser.get("/providers.csv?name=acorn").html;
    assert!(csv.contains("Acorn Care Ltd") && !csv.contains("Cedar"), "{csv}");
}

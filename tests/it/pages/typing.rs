//! What people and programs send that can't be: it is said in words beside what was typed, and nothing typed is lost.

use serde_json::json;

use crate::support::Program;

#[test]
fn what_a_form_can_not_keep_is_refused_at_its_field_beside_what_was_typed() {
    let program = Program::start();
    let region = program.region();
    let browser = program.browser_of(&region.commissioner);
    let new = "/placement-requests/new";
    let page = browser.get(new).ok();
    let kept = |name: &str, value: &str| (name.to_owned(), value.to_owned());

    let sent = [
        ("lot_id", "none"),
        ("needed_by", "soon"),
        ("starts_on.day", "+1"),
        ("starts_on.month", "2"),
        ("starts_on.year", "2027"),
        ("child.age", "99999999999"),
        ("origin.postcode", "RG1 1AF\0"),
    ];
    let refused = browser.send(&page, new, &sent);
    assert_eq!(refused.status, 422);
    for said in [
        "“Lot” must be one of the choices",
        "“How soon a home is needed” must be one of the choices",
        "“First day of the placement” must be a real day, such as 27 3 2026",
        "“Age of the child” must be 0 to 17",
        "must be a full postcode, such as RG1 1AF",
    ] {
        refused.says(said);
    }
    let form = refused.form(new);
    for stands in [
        kept("starts_on.day", "+1"),
        kept("child.age", "99999999999"),
        kept("origin.postcode", "RG1 1AF\u{fffd}"),
    ] {
        assert!(form.contains(&stands), "{stands:?} in {form:?}");
    }
    for link in refused.texts(".summary a") {
        assert!(!link.contains('_'), "{link}");
    }
}

#[test]
fn bytes_that_are_no_letters_are_refused_where_they_stand() {
    let program = Program::start();
    let region = program.region();
    let browser = program.browser_of(&region.operator);
    let new = "/frameworks/new";
    let page = browser.get(new).ok();
    let mut fields = page.form(new);
    fields.retain(|(name, _)| name != "title");
    let rest = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(&fields)
        .finish();
    let (refused, next) = browser.call("POST", new, Some(format!("title=South%ffEast&{rest}")));
    assert_eq!((refused.status, next), (422, None));
    refused.says("“Title” must be one line of plain text");
}

#[test]
fn a_field_that_is_emptied_is_not_kept_as_it_was() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    let home = region.home(&program, &acorn, "Acorn House", json!({}));
    let browser = program.browser_of(&acorn.admin);
    let edit = format!("/homes/{home}/edit");
    let page = browser.get(&edit).ok();
    let refused = browser.send(&page, &edit, &[("name", " "), ("age_min", "")]);
    assert_eq!(refused.status, 422);
    refused
        .says("“Name of the home” is required")
        .says("“Youngest age” is required");
    assert!(!refused.form(&edit).contains(&("name".into(), "Acorn House".into())));

    let prices = format!("/homes/{home}/prices");
    let page = browser.get(&prices).ok();
    let wrong = [
        ("core", "42,50"),
        ("education", "0"),
        ("additional_support", "0"),
        ("other", "£1,000"),
    ];
    let refused = browser.send(&page, &prices, &wrong);
    assert_eq!(refused.status, 422);
    refused.says("“Core” must be an amount in pounds and pence, such as 4250.00");
    assert!(refused.form(&prices).contains(&("core".into(), "42,50".into())));
}

#[test]
fn an_invitation_into_an_organisation_out_of_reach_is_refused_with_the_form() {
    let program = Program::start();
    let region = program.region();
    let browser = program.browser_of(&region.operator);
    let page = browser.get("/people/invite").ok();
    let sent = [
        ("organisation_id", hearth::ids::EXAMPLE),
        ("name", "Ada Grant"),
        ("email", "ada@grant.example"),
        ("role", "operator"),
    ];
    let refused = browser.send(&page, "/people", &sent);
    assert_eq!(refused.status, 422);
    refused.says("must be one of the list");
    assert!(refused.form("/people").contains(&("name".into(), "Ada Grant".into())));
}

//! Free places and prices by page: opened, confirmed, closed; confirmed by the mailed link; priced.

use chrono::Duration;
use serde_json::json;

use crate::support::Program;

#[test]
fn free_places_are_opened_confirmed_and_closed() {
    let program = Program::start();
    let region = program.region();
    let acorn = program.provider("Acorn");
    let homes = ["Near House", "Far House"].map(|name| region.bare_home(&program, &acorn, name, json!({})));
    let browser = program.browser_of(&acorn.admin);
    browser.get("/vacancies").ok().says("There are no such places.");
    for home in &homes {
        let path = format!("/homes/{home}/vacancies");
        let page = browser.get(&path).ok();
        let refused = browser.send(&page, &path, &[("places", "9")]);
        assert_eq!(refused.status, 409);
        refused.says("There is a problem");
        assert!(refused.form(&path).contains(&("places".into(), "9".into())));
        let wrong = browser.send(&page, &path, &[("places", "1"), ("age_min", "3")]);
        assert_eq!(wrong.status, 422);
        wrong.says("“Youngest age” must be within the home's ages, 10 to 17");
        browser
            .send(&page, &path, &[("places", "1"), ("age_max", "14"), ("sexes", "F")])
            .ok()
            .says("Only up to 14, female");
    }
    program.wait(Duration::days(8));
    let browser = program.browser_of(&acorn.admin);
    let list = browser.get("/vacancies").ok();
    list.says("2 vacancies need your word");
    let stale = browser.get("/vacancies?fresh=false").ok();
    assert_eq!(stale.texts("tbody th").len(), 2);
    assert_eq!(browser.get("/vacancies?fresh=true").ok().texts("tbody th").len(), 0);
    let one = list
        .forms()
        .into_iter()
        .find(|path| path.ends_with("/confirm") && path.len() > 20)
        .unwrap();
    browser
        .send(&list, &one, &[])
        .ok()
        .says("Confirmed: fresh until")
        .says("1 vacancy needs your word");
    let all = browser.send(&list, "/vacancies/confirm", &[]).ok();
    all.says("2 vacancies are confirmed.");
    assert!(!all.text().contains("your word"));
    assert!(
        !all.forms().contains(&"/vacancies/confirm".to_owned()),
        "nothing is left to confirm"
    );

    let close = one.replace("/confirm", "/close");
    let other = program.provider("Birch");
    let stranger = program.browser_of(&other.admin);
    assert_eq!(stranger.get(&close).status, 404);
    assert_eq!(stranger.get(&format!("/homes/{}/vacancies", homes[0])).status, 404);
    assert_eq!(program.browser_of(&region.commissioner).get("/vacancies").status, 403);
    let page = browser.get(&close).ok();
    let closed = browser.send(&page, &close, &[]).ok();
    closed.says("The free places are closed.");
    browser.get("/vacancies?status=closed").ok().says("Closed");
    let rows = |query: &str| browser.get(&format!("/vacancies?{query}")).ok().texts("tbody th").len();
    for (query, found) in [
        ("", 1),
        ("status=any", 2),
        ("status=filled", 0),
        ("fresh=true", 1),
        ("fresh=false", 0),
        ("status=any&fresh=true", 1),
        ("status=closed&fresh=true", 0),
    ] {
        assert_eq!(rows(query), found, "{query}");
    }
    let whole = browser.get("/vacancies.csv?status=any").ok();
    assert_eq!(whole.html.lines().count(), 3, "{}", whole.html);
    let file = browser.get("/vacancies.csv").ok();
    assert_eq!(file.html.lines().count(), 2, "{}", file.html);
    let again = browser.send(&page, &close, &[("_version", "1")]);
    assert!([409, 412].contains(&again.status), "{}", again.status);
}

#[test]
fn the_mailed_link_confirms_by_a_button_only() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    region.home(&program, &acorn, "Near House", json!({}));
    program.wait(Duration::days(8));
    let mails = program.mails_to(acorn.admin.email());
    let text = mails
        .iter()
        .rev()
        .find_map(|mail| mail.text.split_once("/vacancies/confirm/"))
        .unwrap()
        .1
        .to_owned();
    let token: String = text
        .chars()
        .take_while(|one| one.is_ascii_alphanumeric() || "-_".contains(*one))
        .collect();
    let path = format!("/vacancies/confirm/{token}");
    let visitor = program.browser();
    let stale = || program.count("audit_events WHERE verb = 'vacancy.confirm'");
    let page = visitor.get(&path).ok();
    visitor.get(&path).ok().says("Is the place still free?");
    assert_eq!(stale(), 0, "to look is not to confirm");
    visitor.send(&page, &path, &[]).ok().says("Your vacancy is confirmed");
    assert_eq!(stale(), 1);
    assert_eq!(visitor.get(&path).status, 409, "the link is spent");
    assert_eq!(visitor.get("/vacancies/confirm/nothing").status, 422);
}

#[test]
fn prices_are_listed_with_their_ceilings_and_their_history() {
    let program = Program::start();
    let region = program.region();
    let acorn = program.provider("Acorn");
    let home = region.bare_home(&program, &acorn, "Near House", json!({}));
    let path = format!("/homes/{home}/prices");
    let browser = program.browser_of(&acorn.admin);
    let page = browser.get(&path).ok();
    page.says("No price is listed in this lot.")
        .says("All together £12,000.00");
    assert!(page.has("output[data-total]") && page.has("input[data-money][name='core']"));
    let lines = |core| {
        vec![
            ("core", core),
            ("additional_support", "£350"),
            ("education", "0"),
            ("other", "0"),
        ]
    };
    let refused = browser.send(&page, &path, &lines("12,000"));
    assert_eq!(refused.status, 422);
    refused.says("There is a problem");
    assert!(refused.form(&path).contains(&("core".into(), "12,000".into())));
    let wrong = browser.send(&page, &path, &lines("a lot"));
    assert_eq!(wrong.status, 422);
    wrong.says("“Core” must be an amount");
    let listed = browser.send(&page, &path, &lines("£4,800")).ok();
    listed.says("The price is listed: £5,150.00 a week.").says("Counts now");
    let again = browser.send(&browser.get(&path).ok(), &path, &lines("4900"));
    assert_eq!(again.status, 409);
    again.says("a new one needs a later date");
    browser.get(&format!("/homes/{home}")).ok().says("£5,150.00");
    let commissioner = program.browser_of(&region.commissioner);
    let page = commissioner.get(&path).ok();
    assert!(page.text().contains("£5,150.00") && page.forms().iter().all(|form| *form != path));
    assert!(commissioner.get(&format!("{path}.csv")).ok().html.contains("5150.00"));
    let birch = program.provider("Birch");
    assert_eq!(program.browser_of(&birch.admin).get(&path).status, 404);
}

#[test]
fn a_price_says_of_which_framework_it_is_and_whether_its_provider_is_admitted() {
    let program = Program::start();
    let region = program.region();
    let (acorn, birch) = (region.admitted(&program, "Acorn"), program.provider("Birch"));
    for (provider, is_admitted) in [(&acorn, true), (&birch, false)] {
        let home = region.bare_home(&program, provider, "Near House", json!({}));
        let path = format!("/homes/{home}/prices");
        let browser = program.browser_of(&provider.admin);
        let page = browser.get(&path).ok();
        let said = page.text().contains("You are not admitted to this lot");
        assert_eq!(said, !is_admitted);
        let lines = [
            ("core", "4800"),
            ("additional_support", "0"),
            ("education", "0"),
            ("other", "0"),
        ];
        let listed = browser.send(&page, &path, &lines).ok();
        listed.says("The price is listed");
        assert_eq!(listed.text().contains("so it counts only once you are"), !is_admitted);
        browser
            .get(&format!("/homes/{home}"))
            .ok()
            .says("SE-RES-1, R1: Children's homes");
        let others = program.browser_of(&region.commissioner).get(&path).ok();
        assert!(!others.text().contains("You are not admitted"));
    }
}

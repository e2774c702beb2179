use super::*;
use crate::providers::pages::samples::{ACORN, admission, insurance, profile, today};
use crate::web::pages::assert_shows;

/// A provider that told nothing but its name.
fn silent() -> ProviderProfile {
    ProviderProfile {
        company_number: None,
        charity_number: None,
        about: None,
        website: None,
        telephone: None,
        insurance: None,
        ..profile()
    }
}

#[test]
fn the_list_says_what_each_told_and_whose_insurance_ran_out() {
    let page = |profiles: Vec<ProviderProfile>| ListPage {
        providers: profiles
            .into_iter()
            .zip(2..)
            .map(|(profile, lots)| Row { profile, lots })
            .collect(),
        narrowing: Narrowing::of("/providers").search("name", "Name"),
        today: today(),
    };
    let name = format!("{ACORN}</a></th>");
    let lots = format!(">2<span class=\"unseen\"> lots of {ACORN}</span>");
    let seen = [
        "<label for=\"n-name\">Name</label>",
        &name,
        "<td>01234567 1098765</td>",
        "<td>01632 960123</td>",
        "<td>31 December 2026</td>",
        &lots,
    ];
    assert_shows(
        &page(vec![profile()]),
        &seen,
        &["Run out", "Not told", "There is no provider here."],
    );
    let mut uninsured = profile();
    uninsured.insurance = Some(insurance("2026-03-01"));
    let mut last_day = profile();
    last_day.insurance = Some(insurance("2026-03-02"));
    let seen = [
        "<td>1 March 2026 <span class=\"tag red\">Run out</span></td>",
        "<td>2 March 2026</td>",
        "<td>Not told</td>",
    ];
    assert_shows(&page(vec![uninsured, last_day, silent()]), &seen, &[]);
    assert_shows(&page(Vec::new()), &["There is no provider here."], &["<table"]);
}

#[test]
fn a_profile_says_what_was_told_and_is_changed_by_its_own_people() {
    let page = |profile: ProviderProfile, may_change| ProviderPage {
        profile,
        admissions: Vec::new(),
        may_change,
        today: today(),
    };
    let name = format!("<h1>{ACORN}</h1>");
    let seen = [
        name.as_str(),
        "<dt>Company number</dt><dd>01234567</dd>",
        "<dt>Charity number</dt><dd>1098765</dd>",
        "<a href=\"https://acorn.example/?a=1&#38;b=2\" rel=\"noopener noreferrer nofollow\">",
        "Small homes. &#60;script&#62;alert(1)&#60;/script&#62;</pre>",
        "<dd>PL-2026 &#38; 17</dd>",
        "<dd>£5,000,000.00</dd>",
        "<dt>Last day</dt><dd>31 December 2026</dd>",
        "None that you can see.",
        "/homes?provider_id=",
    ];
    let own = ["Change your profile", "Renew your insurance"];
    assert_shows(&page(profile(), false), &seen, &["<script>", "Run out", own[0], own[1]]);
    assert_shows(&page(profile(), true), &own, &[]);
    let unseen = ["Company number", "Charity number", "<h2>About</h2>", "<a href=\"http"];
    let seen = [
        "<dt>Website</dt><dd>Not told</dd>",
        "<dt>Telephone</dt><dd>Not told</dd>",
        "No insurance is told yet.",
    ];
    assert_shows(&page(silent(), false), &seen, &unseen);
}

#[test]
fn a_profile_shows_insurance_that_ran_out_and_the_lots_in_sight() {
    let mut uninsured = profile();
    uninsured.insurance = Some(insurance("2026-03-01"));
    let admitted = admission();
    let tag = admission_tag(&admitted);
    let page = ProviderPage {
        profile: uninsured,
        admissions: vec![(admitted, tag)],
        may_change: false,
        today: today(),
    };
    let seen = [
        "<dd>1 March 2026 <span class=\"tag red\">Run out</span></dd>",
        "SE-RES-1, lot R1, Children&#39;s homes</a> <span class=\"tag green\">Admitted</span></li>",
    ];
    assert_shows(&page, &seen, &["None that you can see."]);
}

#[test]
fn what_is_changed_begins_with_what_was_told() {
    let page = FormPage {
        heading: "Renew your insurance",
        said: "It counts for every admission.",
        form: insurance_fields(Form::reader()).fill(&insurance("2026-12-31")),
        back: "/providers/1".to_owned(),
    };
    let seen = [
        "<h1>Renew your insurance</h1> <p>It counts for every admission.</p>",
        "value=\"PL-2026 &#38; 17\"",
        "<legend>Last day on which it covers</legend>",
        "<a href=\"/providers/1\">Go back</a>",
    ];
    assert_shows(&page, &seen, &[]);
}

use super::*;
use crate::frameworks::pages::samples::lot;
use crate::homes::rules::{InspectionSource, Judgements, Staffing};
use crate::ids::InspectionId;
use crate::vacancies::pages::samples::{home, now, price, vacancy};
use crate::values::{CodeSet, Postcode};
use crate::web::pages::assert_shows;
use chrono::Duration;

fn address() -> Address {
    Address {
        line1: "1 <Example> Lane".to_owned(),
        line2: None,
        town: "Exampleton".to_owned(),
        postcode: Postcode::parse("RG2 0AA").unwrap(),
    }
}

/// As a commissioner sees it before an award, with nothing recorded yet.
fn page(home: Home) -> HomePage {
    HomePage {
        home,
        provider: "Acorn <Care>".to_owned(),
        address: None,
        inspections: Vec::new(),
        vacancies: Vec::new(),
        prices: Vec::new(),
        is_own: false,
        reopen: None,
        now: now(),
    }
}

#[test]
fn who_has_not_awarded_sees_what_it_is_for_and_not_where() {
    let seen = [
        "<h1>Willow &#38; Ash</h1>",
        "<span class=\"tag green\">Open as a service</span>",
        "<span class=\"tag grey\">Not yet inspected</span>",
        ">Acorn &#60;Care&#62;</a></dd>",
        "<dd>Reading, RG2</dd>",
        "<dd>3 registered, 0 free, 0 taken through Hearth</dd>",
        "<dt>Ages</dt><dd>10 to 17</dd>",
        "<dd>Emotional and behavioural difficulties</dd>",
        "<dd>Fire setting</dd>",
        "<dd>Therapeutic support</dd>",
        "<dt>One child alone</dt><dd>No</dd>",
        "<dt>Step-free</dt><dd>Yes</dd>",
        "<dd>Children live together</dd>",
        "<p>A small home for older children.</p>",
        "No inspection is recorded.",
        "No place is free.",
        "No price counts today.",
    ];
    let unseen = [
        "Address",
        "Example",
        "RG2 0AA",
        "/edit\"",
        "/close\"",
        "Open free places",
        "Confirm or close",
        "<form",
        "<dt>Staffing</dt>",
    ];
    assert_shows(&page(home()), &seen, &unseen);
}

#[test]
fn who_may_know_the_address_is_told_that_it_is_confidential() {
    let page = HomePage {
        address: Some(address()),
        ..page(home())
    };
    let seen = ["<dt>Address (confidential)</dt><dd>1 &#60;Example&#62; Lane, Exampleton, RG2 0AA</dd>"];
    assert_shows(&page, &seen, &["<Example>"]);
}

#[test]
fn a_statement_is_shown_as_it_was_written_and_is_no_markup() {
    let mut home = home();
    home.purpose.statement = "We eat together.\n\n<script>alert(1)</script>".to_owned();
    (home.purpose.needs, home.purpose.risks_not_accepted) = (CodeSet::EMPTY, CodeSet::EMPTY);
    home.purpose.additional_support = CodeSet::EMPTY;
    home.purpose.living_arrangement = None;
    home.purpose.staffing = Some(Staffing {
        staff: 2,
        children: 1,
        qualified_percent: Some(80),
        vacancy_percent: Some(10),
    });
    let seen = [
        "<p>We eat together.</p><p>&#60;script&#62;alert(1)&#60;/script&#62;</p>",
        "<dd>No category of need</dd>",
        "<dd>None: it takes all</dd>",
        "<dd>None beside the everyday care</dd>",
        "<dd>2 staff for 1 child on a waking shift; 80% qualified; 10% of posts vacant</dd>",
    ];
    assert_shows(&page(home), &seen, &["<script>", "<dt>How children live</dt>"]);
}

#[test]
fn its_inspections_free_places_and_prices_are_shown() {
    let inspection = Inspection {
        id: InspectionId::new(now()),
        home_id: HomeId::new(now()),
        event_number: "10298765".to_owned(),
        inspected_on: "2026-02-10".parse().unwrap(),
        grade: OfstedGrade::Good,
        judgements: Judgements::default(),
        source: InspectionSource::Entered,
        recorded_by: None,
        created_at: now(),
    };
    let stale = Vacancy {
        confirmed_at: now().minus(Duration::days(8)),
        age_max: Some(14),
        ..vacancy()
    };
    let above = Price {
        over_ceiling: true,
        ..price("2026-01-01")
    };
    let page = HomePage {
        inspections: vec![inspection],
        vacancies: vec![vacancy(), stale],
        prices: vec![
            ("SE-RES-1".to_owned(), lot(), price("2026-02-01")),
            ("GM <RES>".to_owned(), lot(), above),
        ],
        ..page(home())
    };
    let seen = [
        "<li>10 February 2026: <span class=\"tag green\">Good</span></li>",
        "<th scope=\"row\">9 March 2026</th><td class=\"number\">2</td><td>Whom the home takes</td><td><span class=\"tag green\">Fresh</span></td>",
        "<td>Only up to 14</td><td><span class=\"tag yellow\">To be confirmed</span></td>",
        "<th scope=\"row\">SE-RES-1, R1: Children&#39;s homes</th><td class=\"number\">£4,250.00</td>",
        "<td class=\"number\">£5,555.50</td><td>1 February 2026</td>",
        "GM &#60;RES&#62;, R1: Children&#39;s homes <span class=\"tag yellow\">Above a ceiling</span></th>",
    ];
    let unseen = [
        "No inspection is recorded.",
        "No place is free.",
        "No price counts today.",
    ];
    assert_shows(&page, &seen, &unseen);
}

#[test]
fn its_provider_does_what_its_state_allows() {
    let open = HomePage {
        is_own: true,
        ..page(home())
    };
    let while_open = [
        "/vacancies\">Open free places</a>",
        "/prices\">New price</a>",
        "/close\">Close this home</a>",
    ];
    let always = [
        "/edit\">Change what is said here</a>",
        "Confirm or close free places</a>",
    ];
    assert_shows(&open, &while_open, &["Open this home again", "tag grey\">Closed"]);
    assert_shows(&open, &always, &[]);
    let closed = HomePage {
        is_own: true,
        reopen: Some(Form::reader().button("Open this home again")),
        ..page(Home {
            active: false,
            ..home()
        })
    };
    assert_shows(&closed, &always, &while_open);
    let seen = [
        "<span class=\"tag grey\">Closed</span>",
        "<button>Open this home again</button>",
    ];
    assert_shows(&closed, &seen, &["Open as a service"]);
}

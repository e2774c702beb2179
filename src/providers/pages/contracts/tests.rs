use super::*;
use crate::frameworks::pages::samples;
use crate::providers::pages::samples::{ACORN, now, provider};
use crate::web::pages::assert_shows;

fn terms() -> Read {
    Read {
        version: samples::contract_version(),
        framework: samples::framework(),
        text: "1. The <terms>".to_owned(),
    }
}

fn by_jo() -> (String, Instant) {
    ("Jo O'Neil".to_owned(), now())
}

#[test]
fn a_contract_version_says_whether_one_s_provider_accepted_it() {
    let page = |accepted: Accepted, may_accept| ContractPage {
        read: terms(),
        is_provider: true,
        accepted,
        may_accept,
        sees_acceptances: false,
    };
    let seen = [
        "SE-RES-1, Homes &#38; schools</span> Contract version 2, Terms &#38; conditions</h1>",
        "<dd>1 April 2026</dd>",
        &samples::contract_version().sha256,
        "<pre class=\"letter\">1. The &#60;terms&#62;</pre>",
        "/text\">Download the text</a>",
    ];
    assert_shows(&page(None, true), &seen, &["<terms>"]);
    let accept = "/accept\">Read and accept it</a>";
    assert_shows(
        &page(None, true),
        &["You have not accepted it.", accept],
        &["Who has accepted it"],
    );
    assert_shows(&page(None, false), &["You have not accepted it."], &[accept]);
    let done = "Jo O&#39;Neil accepted it for you on <time datetime=\"2026-03-02T09:00:00Z\">";
    assert_shows(
        &page(Some(by_jo()), false),
        &[done],
        &["You have not accepted it.", accept],
    );
}

#[test]
fn the_cooperative_sees_who_accepted_it_and_accepts_nothing() {
    let page = |sees_acceptances| ContractPage {
        read: terms(),
        is_provider: false,
        accepted: None,
        may_accept: false,
        sees_acceptances,
    };
    let acceptances = "/acceptances\">Who has accepted it</a>";
    let unseen = ["You have not accepted it.", "/accept\""];
    assert_shows(&page(true), &[acceptances], &unseen);
    assert_shows(&page(false), &["<h2>The terms</h2>"], &[acceptances]);
}

#[test]
fn who_accepts_reads_the_terms_and_in_whose_name_it_is() {
    let page = AcceptPage {
        read: terms(),
        person: "Jo O'Neil".to_owned(),
        provider: provider().name,
        accepted: None,
        form: Some(Form::reader().button("Accept this contract version")),
    };
    let acorn = format!("<dt>For</dt><dd>{ACORN}</dd>");
    let seen = [
        "Accept contract version 2</h1>",
        "<pre class=\"letter\">1. The &#60;terms&#62;</pre>",
        "<dt>Who accepts</dt><dd>Jo O&#39;Neil</dd>",
        &acorn,
        "It can’t be undone.",
        "<button>Accept this contract version</button>",
    ];
    assert_shows(&page, &seen, &["accepted it for"]);
    let done = AcceptPage {
        accepted: Some(by_jo()),
        form: None,
        ..page
    };
    let said = format!("Jo O&#39;Neil accepted it for {ACORN} on <time");
    assert_shows(&done, &[&said], &["<form", "Who accepts"]);
}

#[test]
fn the_list_says_of_each_admitted_provider_whether_it_accepted() {
    let row = |accepted: Accepted| Row {
        acceptance: AcceptanceView {
            provider: provider(),
            accepted_by: accepted.as_ref().map(|_| PersonId::new(now())),
            accepted_at: accepted.as_ref().map(|(_, at)| *at),
        },
        person: accepted.map(|(person, _)| person).unwrap_or_default(),
    };
    let page = |rows| AcceptancesPage {
        version: samples::contract_version(),
        rows,
        narrowing: Narrowing::of("/contract-versions/1/acceptances"),
    };
    let link = format!("{ACORN}</a></th><td>Jo O&#39;Neil</td><td><time datetime=\"2026-03-02T09:00:00Z\">");
    let seen = [
        "Contract version 2, Terms &#38; conditions</span> Who has accepted it</h1>",
        &link,
        "<td></td><td><span class=\"tag yellow\">Not yet</span></td>",
        "href=\"/contract-versions/1/acceptances.csv\"",
    ];
    assert_shows(
        &page(vec![row(Some(by_jo())), row(None)]),
        &seen,
        &["No admitted provider is here."],
    );
    assert_shows(&page(Vec::new()), &["No admitted provider is here."], &["<table"]);
}

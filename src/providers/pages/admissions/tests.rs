use super::*;
use crate::frameworks::pages::samples::contract_version;
use crate::providers::api::AskedContractVersion;
use crate::providers::pages::samples::{ACORN, admission, now, suspended};
use crate::providers::rules::{Suspension, SuspensionCause};
use crate::web::pages::assert_shows;
use chrono::Duration;

/// Suspended by the cooperative for three days.
fn by_order() -> AdmissionSummary {
    suspended(Suspension {
        cause: SuspensionCause::Cooperative,
        reason: Some("Found <inadequate>.".to_owned()),
        until: Some(now().plus(Duration::days(3))),
    })
}

fn uninsured() -> AdmissionSummary {
    let suspension = Suspension {
        cause: SuspensionCause::InsuranceExpired,
        reason: Some("The insurance expired on 2026-03-01.".to_owned()),
        until: None,
    };
    AdmissionSummary {
        insurance_expires_on: "2026-03-01".parse().unwrap(),
        ..suspended(suspension)
    }
}

fn list(admissions: Vec<AdmissionSummary>, is_provider: bool) -> ListPage {
    let tagged = admissions.into_iter().map(|admission| {
        let tag = admission_tag(&admission);
        (admission, tag)
    });
    ListPage {
        admissions: tagged.collect(),
        narrowing: Narrowing::of("/admissions"),
        is_provider,
    }
}

#[test]
fn a_provider_s_list_says_where_it_can_bid_and_what_stands_against_it() {
    let mut asked = admission();
    asked.contract_accepted = false;
    asked.contract_version_to_accept = Some(AskedContractVersion::from(&contract_version()));
    let seen = [
        "SE-RES-1, lot R1, Children&#39;s homes</a></th>",
        "<td>Not accepted<br><a href=\"/contract-versions/",
        ">Read and accept version 2</a>",
        "<span class=\"tag yellow\">Suspended</span><br>The insurance has expired</td>",
        "<td>1 March 2026</td> <td>Accepted</td>",
    ];
    let unseen = ["<th scope=\"col\">Provider</th>", "You are admitted to no lot here."];
    assert_shows(&list(vec![asked, uninsured()], true), &seen, &unseen);
    let seen = ["You are admitted to no lot here.", "href=\"/frameworks?status=open\""];
    assert_shows(&list(Vec::new(), true), &seen, &["<table"]);
}

#[test]
fn the_cooperative_s_list_says_whose_admission_it_is_and_asks_nothing_of_it() {
    let mut asked = admission();
    asked.contract_version_to_accept = Some(AskedContractVersion::from(&contract_version()));
    let mut left = admission();
    left.status = AdmissionState::Left;
    let name = format!("{ACORN}<span class=\"unseen\">, lot R1</span></a></th>");
    let seen = [
        "<th scope=\"col\">Provider</th>",
        &name,
        "<td>SE-RES-1, R1, Children&#39;s homes</td>",
        "<span class=\"tag green\">Admitted</span>",
        "<span class=\"tag grey\">The provider left</span>",
        "<br>Suspended by the cooperative</td>",
    ];
    assert_shows(&list(vec![asked, left, by_order()], false), &seen, &["Read and accept"]);
    assert_shows(
        &list(Vec::new(), false),
        &["No admission is here."],
        &["<table", "status=open"],
    );
}

fn page(admission: AdmissionSummary, role: Role) -> AdmissionPage {
    AdmissionPage {
        tag: admission_tag(&admission),
        admission,
        history: Vec::new(),
        role,
        is_provider: matches!(role, Role::ProviderAdmin | Role::Bidder),
    }
}

#[test]
fn an_admission_says_how_it_stands_and_how_it_came_there() {
    let change = |status, reason: Option<&str>, until| AdmissionChangeView {
        status,
        reason: reason.map(str::to_owned),
        until,
        at: now(),
    };
    let until = now().plus(Duration::days(3));
    let page = AdmissionPage {
        history: vec![
            change(AdmissionState::Admitted, None, None),
            change(AdmissionState::Suspended, Some("Found <inadequate>."), Some(until)),
        ],
        ..page(by_order(), Role::Commissioner)
    };
    let name = format!("Admission of {ACORN}</h1>");
    let seen = [
        name.as_str(),
        "SE-RES-1, lot R1, Children&#39;s homes</span>",
        "Suspended by the cooperative. It ends by itself: <time datetime=\"2026-03-05T09:00:00Z\">5 March 2026, 09:00 GMT</time>.</p>",
        "<p>Found &#60;inadequate&#62;.</p>",
        "<dd>31 December 2026</dd>",
        "</time> Admitted</li>",
        "</time> Suspended until 5 March 2026, 09:00 GMT<br>Found &#60;inadequate&#62;.</li>",
    ];
    assert_shows(&page, &seen, &["class=\"actions\"", "/leave", "Renew your insurance"]);
}

#[test]
fn each_does_with_an_admission_what_their_role_and_its_state_allow() {
    let verbs = ["/suspend\"", "/reinstate\"", "/remove\"", "/leave\"", "/insurance\""];
    let ended = |status| AdmissionSummary { status, ..admission() };
    for (case, page, allowed) in [
        (
            "operator, in force",
            page(admission(), Role::Operator),
            [true, false, true, false, false],
        ),
        (
            "operator, by order",
            page(by_order(), Role::Operator),
            [false, true, true, false, false],
        ),
        // What expired insurance suspends can be suspended besides; only a renewal ends that.
        (
            "operator, uninsured",
            page(uninsured(), Role::Operator),
            [true, false, true, false, false],
        ),
        (
            "operator, left",
            page(ended(AdmissionState::Left), Role::Operator),
            [false; 5],
        ),
        (
            "admin, in force",
            page(admission(), Role::ProviderAdmin),
            [false, false, false, true, false],
        ),
        (
            "admin, by order",
            page(by_order(), Role::ProviderAdmin),
            [false, false, false, true, false],
        ),
        (
            "admin, uninsured",
            page(uninsured(), Role::ProviderAdmin),
            [false, false, false, true, true],
        ),
        (
            "admin, removed",
            page(ended(AdmissionState::Removed), Role::ProviderAdmin),
            [false; 5],
        ),
        ("bidder, uninsured", page(uninsured(), Role::Bidder), [false; 5]),
        ("auditor, in force", page(admission(), Role::Auditor), [false; 5]),
    ] {
        let html = page.render().unwrap();
        let offered = verbs.map(|verb| html.contains(verb));
        assert_eq!(offered, allowed, "{case}: {verbs:?} in {html}");
    }
}

#[test]
fn only_the_provider_is_asked_to_accept_the_contract() {
    let mut asked = admission();
    asked.contract_accepted = false;
    asked.contract_version_to_accept = Some(AskedContractVersion::from(&contract_version()));
    let waits = [
        "<h2>Contract version 2 waits for you</h2>",
        "you can’t submit bids from 1 April 2026 on",
        "/accept\">Read and accept it</a>",
    ];
    let is = "Not accepted: no bid can be submitted";
    assert_shows(&page(asked.clone(), Role::ProviderAdmin), &waits, &[]);
    assert_shows(&page(asked, Role::Operator), &[is], &waits);
    assert_shows(
        &page(admission(), Role::ProviderAdmin),
        &["<dd>Accepted</dd>"],
        &[is, "waits for you"],
    );
}

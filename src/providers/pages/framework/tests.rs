use super::*;
use crate::frameworks::FrameworkState;
use crate::frameworks::pages::samples;
use crate::frameworks::rules::{AdmissionMode, ApplicationWindow};
use crate::ids::ApplicationId;
use crate::providers::api::AskedContractVersion;
use crate::providers::pages::samples::{admission, now, provider};
use crate::providers::rules::ApplicationState;
use crate::web::pages::assert_shows;

/// A framework with one of everything, as a commissioner sees it.
fn page(state: FrameworkState) -> FrameworkPage {
    let framework = samples::framework_that_is(state);
    FrameworkPage {
        cooperative: "South <East>".to_owned(),
        tag: tag(state),
        policy: policy_in_words(&framework.policy),
        lots: vec![LotRow {
            lot: samples::lot(),
            admitted: 7,
        }],
        standards: vec![samples::standard(), samples::voluntary_standard()],
        contract_versions: vec![(samples::contract_version(), true)],
        joining: None,
        may_manage: false,
        sees_admissions: true,
        framework,
    }
}

/// What a provider sees that is admitted to nothing and may apply.
fn joining() -> Joining {
    Joining {
        admissions: Vec::new(),
        under_way: None,
        closed: None,
        is_open: true,
        may_apply: true,
    }
}

fn to_provider(joining: Joining) -> FrameworkPage {
    FrameworkPage {
        joining: Some(joining),
        sees_admissions: false,
        ..page(FrameworkState::Open)
    }
}

#[test]
fn everybody_reads_what_it_is_and_by_which_rules() {
    let seen = [
        "<h1><span class=\"over\">SE-RES-1</span> Homes &#38; schools</h1>",
        "<span class=\"tag green\">Open</span> Run by South &#60;East&#62;.",
        "<dd>1 March 2026 to 28 February 2030</dd>",
        "<dd>At any time</dd>",
        "<dt>Opened</dt><dd><time datetime=\"2026-03-02T09:00:00Z\">2 March 2026, 09:00 GMT</time></dd>",
        "<dt>Price</dt><dd>Price counts for 20 to 60 points of 100",
        "R1, Children&#39;s homes</a></th><td>Children&#39;s home</td><td class=\"number\">£6,000.00</td>",
        ">7<span class=\"unseen\"> admitted to R1</span>",
        "QS7, Keeping children &#60;safe&#62;</a></li>",
        "QS8, Leadership</a> (need not be answered)",
        "Version 2, Terms &#38; conditions</a>, from 1 April 2026 <span class=\"tag green\">In force</span>",
    ];
    let unseen = [
        "Where you stand",
        "/edit",
        "/apply",
        "/lots/new",
        "<dt>Closed</dt>",
        "It is suspended",
    ];
    assert_shows(&page(FrameworkState::Open), &seen, &unseen);
}

#[test]
fn its_cooperative_does_what_its_state_allows() {
    let verbs = [
        "/open\"",
        "/edit\"",
        "/suspend\"",
        "/resume\"",
        "/close\"",
        "/lots/new\"",
        "/standards/new\"",
    ];
    let providers = "Applications that wait for a decision";
    for (state, allowed) in [
        (FrameworkState::Draft, [true, true, false, false, false, true, true]),
        (FrameworkState::Open, [false, true, true, false, true, true, true]),
        (FrameworkState::Suspended, [false, true, false, true, true, true, true]),
        (FrameworkState::Closed, [false; 7]),
    ] {
        let page = FrameworkPage {
            may_manage: true,
            ..page(state)
        };
        let of = |wanted: bool| -> Vec<&str> {
            let verbs = verbs.iter().zip(allowed).filter(|(_, allowed)| *allowed == wanted);
            verbs.map(|(verb, _)| *verb).collect()
        };
        assert_shows(&page, &of(true), &of(false));
        let html = page.render().unwrap();
        assert_eq!(html.contains(providers), state != FrameworkState::Draft, "{state}");
        assert_eq!(
            html.contains("It is suspended: An &#60;inquiry&#62;"),
            state == FrameworkState::Suspended
        );
        assert_eq!(
            html.contains("<dt>Closed</dt>"),
            state == FrameworkState::Closed,
            "{state}"
        );
    }
}

#[test]
fn what_a_framework_lacks_is_said() {
    let page = FrameworkPage {
        lots: Vec::new(),
        standards: Vec::new(),
        contract_versions: Vec::new(),
        ..page(FrameworkState::Draft)
    };
    let seen = [
        "It has no lot yet.",
        "It asks for none.",
        "No version is published yet.",
    ];
    assert_shows(&page, &seen, &["<table", "<dt>Opened</dt>"]);
}

#[test]
fn a_provider_learns_how_to_join_unless_it_can_not() {
    let seen = [
        "You are not admitted to a lot",
        "There is no fee.",
        "/apply\">Apply to join</a>",
    ];
    assert_shows(
        &to_provider(joining()),
        &seen,
        &["admitted to R1", "Your application is"],
    );

    let reader = Joining {
        may_apply: false,
        ..joining()
    };
    let seen = ["An administrator of your organisation can apply to join."];
    assert_shows(&to_provider(reader), &seen, &["/apply\""]);

    let under_way = Joining {
        under_way: Some(ApplicationHead {
            id: ApplicationId::new(now()),
            framework_id: samples::framework().id,
            provider_id: provider().id,
            state: ApplicationState::Returned,
            submitted_at: Some(now()),
            decision_due_on: None,
            decided_at: None,
            version: 2,
        }),
        ..joining()
    };
    let seen = ["Your application is returned.", ">Go to your application</a>"];
    assert_shows(&to_provider(under_way), &seen, &["/apply\"", "You can’t apply now"]);

    let mut closed = to_provider(Joining {
        closed: Some("The framework takes no applications now.".to_owned()),
        ..joining()
    });
    let not_now = "You can’t apply now. The framework takes no applications now.";
    assert_shows(&closed, &[not_now], &["Applications are taken from", "/apply\""]);
    closed.framework.admission = AdmissionMode::Windowed;
    closed.framework.application_window = Some(ApplicationWindow {
        opens_on: "2026-04-01".parse().unwrap(),
        closes_on: "2026-04-30".parse().unwrap(),
    });
    let seen = [
        not_now,
        "Applications are taken from 1 April 2026 to 30 April 2026.",
        "In a window of time: 1 April 2026",
    ];
    assert_shows(&closed, &seen, &["/apply\""]);
}

#[test]
fn an_admitted_provider_sees_its_lots_and_what_waits_for_it() {
    let mut admitted = admission();
    admitted.contract_version_to_accept = Some(AskedContractVersion::from(&samples::contract_version()));
    let tag = admission_tag(&admitted);
    let everywhere = Joining {
        admissions: vec![(admitted, tag)],
        is_open: false,
        ..joining()
    };
    let seen = [
        "Lot R1, Children&#39;s homes</a>",
        ">Accept contract version 2</a>, in force from 1 April 2026",
        "<span class=\"tag green\">Admitted</span>",
        "You are admitted to every lot.",
    ];
    assert_shows(&to_provider(everywhere), &seen, &["You are not admitted", "/apply\""]);
}

//! The choice of a bid and the check before it is proposed, rendered from samples.

use super::*;
use crate::awards::pages::samples;
use crate::awards::rules::{ApprovalKind, Award, LetterKind};
use crate::evaluation::pages::samples::{Evaluation, contested, evaluation};
use crate::frameworks::rules::{Framework, Policy};
use crate::homes::rules::sample_home;
use crate::placement_requests::rules::samples as requests;
use crate::web::pages::assert_shows;

/// Birch's bid, alone at the first rank, and Acorn's, which takes a reason and approvals.
fn prospects(evaluation: &Evaluation) -> Vec<Prospect> {
    let approvals = [Vec::new(), vec![ApprovalKind::NotFirstRank, ApprovalKind::AtADistance]];
    let bids = samples::alternatives(evaluation).into_iter().zip(approvals);
    bids.map(|(bid, approvals)| Prospect {
        tied: false,
        takes_reason: !approvals.is_empty(),
        approvals,
        bid,
    })
    .collect()
}

fn page(evaluation: &Evaluation, complete: bool) -> ProposePage {
    let prospects = prospects(evaluation);
    ProposePage {
        form: complete.then(|| award_form(Form::reader(), &prospects)),
        choosing: Choosing {
            complete,
            prospects,
            others: Vec::new(),
            framework: requests::framework(&evaluation.request),
        },
        live: None,
        phase: Phase::Opened,
        request: evaluation.request.clone(),
    }
}

#[test]
fn each_bid_says_what_choosing_it_takes() {
    let evaluation = evaluation();
    let page = page(&evaluation, true);
    let both = "<td>Takes a reason: it is not at the first rank. Takes the approver: the bid is not at the first rank. \
                Takes the director of children&#39;s services: the home lies at a distance: outside the authority&#39;s area and not \
                adjoining.</td>";
    let choice = "Rank 2: Acorn House, Acorn &#38; &#60;Oak&#62;, £5,150.17 a week</label>";
    let seen = [
        "Birch House</a>, Birch</th><td class=\"number\">1</td><td class=\"number\">95.62</td><td class=\"number\">56.00</td>",
        "<td>Takes no approval.</td>",
        both,
        choice,
        "A weekly price over £6,000.00, by the framework.",
        "Once approved, the award stands still for 2 working days",
        "<button>Continue to the check</button>",
    ];
    let unseen = [
        "<Oak>",
        "has an award already",
        "must be scored",
        "Bids that can’t be chosen",
        "has no standstill",
    ];
    assert_shows(&page, &seen, &unseen);

    let tied = Prospect {
        tied: true,
        ..prospects(&evaluation).remove(1)
    };
    assert_eq!(takes_of(&tied), "Takes a reason: others have the same rank.");
    let policy = Policy {
        standstill_working_days: 0,
        approval_weekly_price: None,
        ..page.choosing.framework.policy
    };
    let framework = Framework {
        policy,
        ..page.choosing.framework.clone()
    };
    let plain = ProposePage {
        choosing: Choosing {
            framework,
            ..page.choosing
        },
        ..page
    };
    assert_shows(
        &plain,
        &["This framework has no standstill"],
        &["A weekly price over", "stands still for"],
    );
}

/// The first sentence of what a bid takes.
fn takes_of(prospect: &Prospect) -> String {
    let sentences = takes(prospect);
    sentences.split_inclusive('.').next().unwrap().to_owned()
}

#[test]
fn what_keeps_a_bid_from_being_chosen_is_said_with_the_way_on() {
    let evaluation = evaluation();
    let shown = |change: fn(&mut ProposePage)| {
        let mut page = page(&evaluation, true);
        page.form = None;
        change(&mut page);
        page
    };
    let request = format!("/placement-requests/{}", evaluation.request.id);
    let direct = format!(
        "href=\"/direct-awards/new?placement_request_id={}\"",
        evaluation.request.id
    );
    let award = AwardId::new(samples::proposed_at());
    let live = ProposePage {
        live: Some(award),
        ..shown(|_| ())
    };
    let path = format!("href=\"/awards/{award}\"");
    assert_shows(
        &live,
        &["This request has an award already.", &path],
        &["<form", &direct],
    );
    let open = shown(|page| page.phase = Phase::Open);
    assert_shows(
        &open,
        &["The request is open for bids. A bid is chosen after"],
        &["<form", &direct],
    );
    for direct_too in [Phase::Draft, Phase::Unfilled] {
        let page = ProposePage {
            phase: direct_too,
            ..shown(|_| ())
        };
        assert_shows(
            &page,
            &["It can be awarded directly, without competition.", &direct],
            &["<form"],
        );
    }
    let none = shown(|page| page.choosing.prospects.clear());
    assert_shows(&none, &["There is no bid to choose.", &direct], &["<form", "<table"]);
    let contested = contested();
    let unscored = page(&contested, false);
    let scores = format!("href=\"{request}/scores\"");
    let unscored = ProposePage {
        request: evaluation.request.clone(),
        ..unscored
    };
    assert_shows(
        &unscored,
        &["Every compliant bid must be scored", &scores],
        &["<form", "<table"],
    );
}

#[test]
fn bids_that_are_out_stand_apart_with_the_reason() {
    let mut page = page(&evaluation(), true);
    let mut others: Vec<_> = page.choosing.prospects.drain(..).map(|prospect| prospect.bid).collect();
    others[0].declined = true;
    others[1].non_compliance = Some("No <answer>.".to_owned());
    page.choosing.others = others;
    let seen = [
        "Birch House, Birch: was awarded before, and the provider declined</li>",
        "Acorn House, Acorn &#38; &#60;Oak&#62;: not compliant: No &#60;answer&#62;.</li>",
    ];
    assert_shows(&page, &seen, &["<answer>", "<table"]);
}

fn check(evaluation: &Evaluation, award: Award) -> CheckPage {
    let letters = vec![
        samples::letter("Birch", LetterKind::Successful, None),
        samples::letter("Acorn & <Oak>", LetterKind::Unsuccessful, None),
    ];
    CheckPage {
        rehearsal: Rehearsal {
            award,
            request: evaluation.request.clone(),
            home: sample_home(samples::proposed_at()),
            letters: Vec::new(),
        },
        provider: "Birch & <Co>".to_owned(),
        letters,
        propose: Form::reader().button("Propose the award"),
        change: Form::reader().button("Change it"),
    }
}

#[test]
fn before_it_is_proposed_everything_is_read_once_more() {
    let evaluation = evaluation();
    let pending = samples::award(&evaluation, &[ApprovalKind::NotFirstRank]);
    let page = check(&evaluation, Award { tied: true, ..pending });
    let seen = [
        "<dd>Willow House, Birch &#38; &#60;Co&#62;</dd>",
        "<dd>1, shared with another bid</dd>",
        "£5,200.00 a week: core £4,800.00, additional support £400.00, education £0.00, other £0.00</dd>",
        "not adjoining. Reason: safeguarding concerns</dd>",
        "The &#60;calm&#62; of it &#38; the school.",
        "Two &#60;therapists&#62; &#38; waking nights.",
        "<li>It waits for the approver, because: the bid is not at the first rank.</li>",
        "<li>No letter goes out before it is approved.</li>",
        "<button>Propose the award</button>",
        "<button>Change it</button>",
        "<summary>Acorn &#38; &#60;Oak&#62;: unsuccessful</summary>",
        "Your bid was unsuccessful.</pre>",
    ];
    assert_shows(
        &page,
        &seen,
        &["<Co>", "<calm>", "<Oak>", "It takes no approval", "RG2"],
    );
}

#[test]
fn what_takes_no_approval_goes_out_at_once_or_with_the_confirmation() {
    let evaluation = evaluation();
    let approved = samples::award(&evaluation, &[]);
    let standing = Award {
        standstill_ends_at: samples::standstill(),
        reason: None,
        characteristics: None,
        out_of_area_reason: None,
        ..approved.clone()
    };
    let seen = [
        "<li>It takes no approval.</li>",
        "The letters below go out at once, and can’t be taken back.",
        "The award stands still until 25 November 2026, 23:59 GMT; after that you can confirm it.",
        "It is alone at the first rank",
        "Nothing is added to the scores",
    ];
    assert_shows(
        &check(&evaluation, standing),
        &seen,
        &["It waits for", "Reason:", "before it is approved"],
    );
    let seen = ["You can confirm it; the letters go out then."];
    assert_shows(
        &check(&evaluation, approved),
        &seen,
        &["go out at once", "stands still"],
    );
}

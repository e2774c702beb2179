//! What an authority and its cooperative see of requests, rendered from samples.

use super::*;
use crate::awards::pages::samples as awards;
use crate::awards::rules::{ApprovalKind, Award};
use crate::dashboard::pages::samples::CLOSES;
use crate::evaluation::pages::samples::evaluation;
use crate::placement_requests::api::samples;
use crate::placement_requests::rules::samples as requests;
use crate::web::pages::assert_shows;

#[test]
fn the_list_says_of_each_request_where_it_stands_and_how_many_bids_it_has() {
    let (request, _) = requests::published();
    let page = |own, requests: Vec<RequestSummary>| ListPage {
        may_write: own,
        own,
        all: true,
        narrowing: Narrowing::of("/placement-requests"),
        bids: HashMap::from([(request.id, 3)]),
        requests,
    };
    let list = || {
        let named = |name: &str| RequestSummary {
            authority_name: name.to_owned(),
            ..samples::summary(request.clone(), requests::noon())
        };
        vec![named("Reading & <Sons>")]
    };
    let seen = [
        "<td><span class=\"tag\">Open for bids</span></td><td>SE-RES-1 R1</td><td>14, RG1</td><td>26 November 2026</td>\
         <td>23 November 2026, 12:00 GMT</td><td class=\"number\">3</td></tr>",
        "New placement request",
    ];
    assert_shows(&page(true, list()), &seen, &["Reading", "RG1 1AF"]);
    let market = ["<td>Reading &#38; &#60;Sons&#62;</td><td><span class=\"tag\">Open for bids</span></td>"];
    assert_shows(&page(false, list()), &market, &["New placement request", "<Sons>"]);
    let unwritten = "Your authority has not written a placement request yet.";
    let unpublished = "No placement request is published yet.";
    assert_shows(&page(true, Vec::new()), &[unwritten], &["<table", unpublished]);
    assert_shows(&page(false, Vec::new()), &[unpublished], &["<table", unwritten]);
    let narrowed = ListPage {
        all: false,
        ..page(true, Vec::new())
    };
    assert_shows(&narrowed, &["No request is there."], &[unwritten]);
}

/// Requests in each phase, in the order of their life, with the criteria they are judged by.
fn in_each_phase() -> Vec<RequestView> {
    let now = requests::noon();
    let ((draft, _), (published, _), (opened, criteria)) =
        (requests::draft(), requests::published(), requests::opened());
    let closed = PlacementRequest {
        bids_close_at: now,
        ..published.clone()
    };
    let awarded = opened.clone().awarded(now).unwrap();
    let all = [
        draft,
        published.clone(),
        closed.clone(),
        opened,
        awarded.clone(),
        awarded.completed(now).unwrap(),
        published.withdrawn("The child <stays>.".to_owned(), now).unwrap(),
        closed.unfilled("No <bid> came.".to_owned(), now).unwrap(),
    ];
    let view = |request: PlacementRequest| samples::view(request, criteria.clone(), true, now);
    let views: Vec<RequestView> = all.into_iter().map(view).collect();
    let phases: Vec<Phase> = views.iter().map(|view| view.status).collect();
    assert_eq!(phases, Phase::ALL);
    views
}

fn page(request: RequestView, course: Course) -> RequestPage {
    RequestPage {
        next: next(&request, &course),
        request,
        may_change: false,
        may_write: true,
        course: Some(course),
    }
}

fn course(waiting: usize, bids: usize, unsettled: usize) -> Course {
    Course {
        invited: 4,
        looked: 1,
        bids: 3,
        declines: 2,
        waiting,
        evaluation: Progress {
            bids,
            unsettled,
            to_moderate: 0,
        },
        award: None,
        hindrance: None,
        placements: Vec::new(),
    }
}

#[test]
fn each_phase_says_what_comes_next_and_offers_what_it_allows() {
    const OFFERS: [&str; 4] = ["/extend\"", "/direct-awards/new", "/unfilled\"", "/withdraw\""];
    let expected: [(&str, &[&str]); 8] = [
        (
            "/draft\">Go on with the draft</a>",
            &["/direct-awards/new", "/withdraw\""],
        ),
        ("/invitations\">See who has looked</a>", &["/extend\"", "/withdraw\""]),
        ("/open\">Open the bids</a>", &["/unfilled\"", "/withdraw\""]),
        ("/award\">Propose the award</a>", &["/unfilled\"", "/withdraw\""]),
        ("", &[]),
        ("", &[]),
        ("", &[]),
        ("/direct-awards/new?placement_request_id=", &["/direct-awards/new"]),
    ];
    for (request, (onward, offered)) in in_each_phase().into_iter().zip(expected) {
        let (phase, own) = (capital(request.status.label()), request.id);
        let page = page(request, course(0, 3, 0));
        let (onward, nowhere): (Vec<&str>, Vec<&str>) = if onward.is_empty() {
            (vec![phase.as_str()], vec!["What to do next"])
        } else {
            (vec![phase.as_str(), "What to do next", onward], Vec::new())
        };
        assert_shows(&page, &onward, &nowhere);
        for offer in OFFERS {
            if offered.contains(&offer) {
                assert_shows(&page, &[offer], &[]);
            } else {
                assert_shows(&page, &[], &[offer]);
            }
        }
        let reader = RequestPage {
            may_write: false,
            next: None,
            ..page
        };
        let matches = format!("/placement-requests/{own}/matches");
        assert_shows(&reader, &[&matches, "The whole story"], &OFFERS);
    }
}

#[test]
fn what_waits_comes_before_what_could_be_done() {
    let mut phases = in_each_phase();
    let (opened, open) = (phases.remove(3), phases.remove(1));
    let asked = page(open, course(1, 0, 0));
    let seen = [
        "/questions\">Answer the questions</a>",
        "<span class=\"tag yellow\">1 to answer</span>",
    ];
    assert_shows(&asked, &seen, &["See who has looked"]);
    let unscored = page(opened, course(0, 3, 2));
    let seen = [
        "/scores\">Score the bids</a>",
        "<span class=\"tag yellow\">2 not settled</span>",
        "3 bids take part",
    ];
    assert_shows(&unscored, &seen, &["Propose the award"]);
    let mut scored = course(0, 3, 2);
    scored.evaluation.to_moderate = 1;
    let partly = page(unscored.request, scored);
    assert_shows(&partly, &["Score the bids</a>"], &["Moderate the scores"]);
    let mut scored = course(0, 3, 2);
    scored.evaluation.to_moderate = 2;
    let differing = page(partly.request, scored);
    assert_shows(
        &differing,
        &["/scores\">Moderate the scores</a>"],
        &["Score the bids</a>"],
    );
    let none = page(differing.request, course(0, 0, 0));
    assert_shows(
        &none,
        &["/unfilled\">End without a home</a>", "0 bids take part"],
        &["Propose the award"],
    );

    let evaluation = evaluation();
    let pending = awards::award(&evaluation, &[ApprovalKind::Price]);
    let line = awards::line(&evaluation, &pending);
    for (status, said) in [
        (AwardStatus::ApprovalPending, "The award waits for approval."),
        (AwardStatus::StandingStill, "The award stands still"),
        (AwardStatus::Approved, "The award is approved. Confirm it"),
        (
            AwardStatus::Confirmed,
            "The award is confirmed and waits for the provider.",
        ),
    ] {
        let course = Course {
            award: Some((line.clone(), status)),
            ..course(0, 3, 0)
        };
        let next = next(&none.request, &course).unwrap();
        assert!(next.text.starts_with(said), "{next:?}");
        assert_eq!(next.path, format!("/awards/{}", line.id));
    }
    let refused: Award = pending
        .refuse(evaluation.ben, None, "Too far.", awards::proposed_at())
        .unwrap();
    let over = awards::line(&evaluation, &refused);
    let path = format!("/awards/{}", over.id);
    let again = page(
        none.request,
        Course {
            award: Some((over, AwardStatus::Refused)),
            ..course(0, 3, 0)
        },
    );
    let seen = [
        "/award\">Propose the award</a>",
        &path,
        "Award to Birch House, Birch</a><span class=\"tag\">Refused</span>",
    ];
    assert_shows(&again, &seen, &["Go to the award"]);
}

#[test]
fn as_long_as_an_award_stands_the_request_is_not_ended_and_says_why() {
    let evaluation = evaluation();
    let award = awards::award(&evaluation, &[]);
    let line = awards::line(&evaluation, &award);
    let link = format!(
        "as long as <a href=\"/awards/{}\">its award</a> stands. Withdraw the award first.",
        line.id
    );
    let mut phases = in_each_phase();
    for (phase, extends) in [(3, false), (2, false), (1, true), (0, false)] {
        let with_award = |hindrance| Course {
            award: Some((line.clone(), AwardStatus::Approved)),
            hindrance,
            ..course(0, 3, 0)
        };
        let held = page(phases.swap_remove(phase), with_award(None));
        let ends = ["/unfilled\"", "/withdraw\"", "/direct-awards/new"];
        assert_shows(&held, &[&link, "Confirm it, which takes the place."], &ends);
        let extend = held.to_string().contains("/extend\"");
        assert_eq!(extend, extends, "the deadline has nothing to do with it");
        let hindered = page(held.request, with_award(Some(AwardRefused::NoFreePlace)));
        let said = "As things stand the award can’t be confirmed.";
        assert_shows(&hindered, &[said, &link], &["Confirm it"]);
        let reader = RequestPage {
            may_write: false,
            next: None,
            ..hindered
        };
        assert_shows(&reader, &[], &[&link]);
    }
}

#[test]
fn the_course_counts_bids_and_says_nothing_of_them_before_the_opening() {
    let mut phases = in_each_phase();
    let opened = page(phases.remove(3), course(0, 3, 0));
    let seen = [
        "Homes that fitted, and why",
        "4 providers, 1 looked",
        "3 bids; 2 declined",
        "Opened on 23 November 2026, 13:00 GMT",
    ];
    assert_shows(&opened, &seen, &["sealed"]);
    let open = page(phases.remove(1), course(0, 0, 0));
    let seen = [
        CLOSES,
        "3 bids, sealed; 2 declined",
        "RG1 1AF (confidential; providers see RG1)",
    ];
    assert_shows(&open, &seen, &["Ranking sheet", "/scores\"", "£"]);
    let draft = page(phases.remove(0), course(0, 0, 0));
    assert_shows(
        &draft,
        &["Homes that fit, and why"],
        &["Who was invited", "sealed", "/bids\""],
    );
}

#[test]
fn whoever_is_not_of_the_authority_reads_the_request_and_nothing_of_its_course() {
    let (request, criteria) = requests::published();
    let withdrawn = request
        .withdrawn("The child <stays>.".to_owned(), requests::noon())
        .unwrap();
    let mut view = samples::view(withdrawn, criteria, false, requests::noon());
    view.extensions = vec![samples::extension("The <report> is late.")];
    view.brief = String::from("A <calm> home & school.");
    let page = RequestPage {
        request: view,
        may_change: false,
        may_write: false,
        course: None,
        next: None,
    };
    let seen = [
        "<p class=\"inset\">On 22 November 2026, 12:00 GMT: The child &#60;stays&#62;.</p>",
        "from 23 November 2026, 12:00 GMT to 24 November 2026, 12:00 GMT: The &#60;report&#62; is late.</li>",
        "<p class=\"said\">A &#60;calm&#62; home &#38; school.</p>",
        "<dt>Comes from</dt><dd>RG1 </dd>",
    ];
    let unseen = [
        "RG1 1AF",
        "The competition",
        "Names that no text may have",
        "Change<",
        "<stays>",
        "<calm>",
    ];
    assert_shows(&page, &seen, &unseen);
}

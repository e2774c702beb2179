use super::*;
use crate::ids::OrganisationId;
use crate::matching::pages::samples::{draft, noon};
use crate::placement_requests::Phase;
use crate::placement_requests::api::OriginView;
use crate::placement_requests::rules::{Hit, Identified, Identifier, Task, samples};
use crate::reference::Precision;
use crate::values::{LivingCompanions, PlacementType, Postcode, RiskLevel};
use crate::web::pages::assert_shows;

const REACH: Reach = Reach {
    fit: 3,
    wider: Some((2, 45)),
};

fn line(task: Task, progress: Progress) -> TaskLine {
    TaskLine { task, progress }
}

#[test]
fn each_task_says_how_far_it_is_and_what_stands_against_it() {
    let id = draft().id;
    let page = TasksPage {
        id,
        reference: "PR-2026-7KQ4MX".to_owned(),
        lot: "R1: Homes & schools".to_owned(),
        tasks: vec![
            line(Task::Child, Progress::Done),
            line(Task::Risks, Progress::NotStarted),
            line(
                Task::Brief,
                Progress::Wrong(vec!["The text may identify <the child>.".to_owned()]),
            ),
        ],
        done: 1,
        ready: false,
        reach: REACH,
    };
    let brief = format!(
        "<a href=\"/placement-requests/{id}/draft/brief\">The brief</a><p class=\"hint\">The text may identify &#60;the child&#62;.</p>"
    );
    let check = format!("<a class=\"button second\" href=\"/placement-requests/{id}/publish\">Check everything</a>");
    let seen = [
        "PR-2026-7KQ4MX, a draft on R1: Homes &#38; schools</span>Your placement request</h1>",
        "<strong>3 homes fit; 2 more within 45 miles.</strong>",
        "1 of 3 tasks are done.",
        "The child</a></div> <span class=\"tag green\">Done</span>",
        "Risks</a></div> <span class=\"tag grey\">Not started</span>",
        &brief,
        "<span class=\"tag yellow\">To put right</span>",
        "Some answers still stand against publishing.",
        &check,
    ];
    assert_shows(&page, &seen, &["and publish</a>", "Nothing stands against publishing"]);
    let ready = TasksPage {
        ready: true,
        tasks: vec![line(Task::Child, Progress::Done)],
        reach: Reach { fit: 1, wider: None },
        ..page
    };
    let seen = [
        "<strong>1 home fits.</strong>",
        "Nothing stands against publishing.",
        "/publish\">Check everything and publish</a>",
    ];
    assert_shows(
        &ready,
        &seen,
        &["Some answers still stand", "button second", "To put right"],
    );
}

/// As its own authority sees it.
fn request() -> RequestView {
    let (request, criteria) = samples::draft();
    RequestView {
        id: request.id,
        reference: request.reference,
        status: Phase::Draft,
        framework_id: request.framework_id,
        framework_reference: "SE-RES-1".to_owned(),
        lot_id: request.lot_id,
        lot_code: "R1".to_owned(),
        lot_title: "Homes & schools".to_owned(),
        placement_type: PlacementType::Residential,
        authority_id: OrganisationId::new(noon()),
        authority_name: "Reading".to_owned(),
        needed_by: request.needed_by,
        starts_on: request.starts_on,
        published_at: None,
        bids_close_at: request.bids_close_at,
        questions_close_at: request.questions_close_at,
        price_weight: request.price_weight,
        criteria: criteria.into_iter().map(Into::into).collect(),
        child: request.child,
        origin: OriginView {
            district: request.origin.district,
            postcode: Postcode::parse("RG1 1AF").ok(),
            precision: Some(Precision::Sector),
        },
        max_distance_miles: request.max_distance_miles,
        needs: request.needs,
        brief: request.brief,
        questions: Vec::new(),
        extensions: Vec::new(),
        opened_at: None,
        ended_at: None,
        ended_reason: None,
        names_to_screen: Some(2),
        created_at: Some(request.created_at),
        version: 1,
    }
}

fn check(request: RequestView) -> CheckPage {
    CheckPage {
        request,
        may_change: true,
        problems: Vec::new(),
        marked: Vec::new(),
        reach: REACH,
        invited: 4,
        everybody: false,
        form: Form::reader().button("Publish and invite 4 providers"),
    }
}

const PUBLISH: &str = "<button>Publish and invite 4 providers</button>";

#[test]
fn everything_is_read_once_more_before_it_is_published() {
    let page = check(request());
    let change = format!(
        "<a href=\"/placement-requests/{}/draft/brief\">Change<span class=\"unseen\"> the brief</span></a>",
        page.request.id
    );
    let seen = [
        ", a draft</span>Check and publish</h1>",
        "<strong>3 homes fit; 2 more within 45 miles.</strong>",
        "SE-RES-1</a> R1: Homes &#38; schools",
        "<dd>Within five days, from 26 November 2026",
        "23 November 2026, 12:00 GMT</time>",
        "<dd>14 years, female",
        "<dd>RG1 1AF (confidential; providers see RG1)",
        "<dd>40 miles</dd>",
        "2 names are kept, encrypted",
        "<dd>Emotional and behavioural difficulties",
        "<dd>Therapeutic support</dd>",
        "<dd>Going missing <a",
        "Residential: preferred. Foster: suitable but not preferred. Supported accommodation: unsuitable.",
        "<p class=\"said\">A calm home near school.</p>",
        "<th scope=\"row\">Price</th><td class=\"number\">40</td>",
        "Education<br><span class=\"hint\">Say how school goes on.</span></th><td class=\"number\">20</td>",
        "4 providers with a home that fits are invited; whoever else is admitted to the lot can see the request.",
        "Nobody sees the postcode, the names, or who the child is.",
        &change,
        PUBLISH,
    ];
    let unseen = [
        "This stands against publishing",
        "What may tell who the child is",
        "must live with no other child",
    ];
    assert_shows(&page, &seen, &unseen);
}

#[test]
fn what_stands_against_publishing_comes_first_and_keeps_from_it() {
    let page = CheckPage {
        problems: vec!["must say <who>".to_owned()],
        ..check(request())
    };
    let seen = [
        "<h2>This stands against publishing</h2> <ul><li>must say &#60;who&#62;</li></ul>",
        "It can be published once nothing stands against it.",
    ];
    assert_shows(&page, &seen, &["<form", PUBLISH]);
}

#[test]
fn what_may_tell_who_the_child_is_is_marked_in_its_text() {
    let found = Identified {
        field: "brief".to_owned(),
        hit: Hit {
            kind: Identifier::Name,
            start: 0,
            end: 3,
        },
    };
    let page = CheckPage {
        marked: vec![Marked::of("brief", "The <brief>", "Sam & the <dog>", &[found])],
        ..check(request())
    };
    let seen = [
        "<h2>What may tell who the child is</h2>",
        "<h3>The &#60;brief&#62;</h3>",
        "<mark>Sam</mark> <span class=\"tag yellow\">a name that was given</span> &#38; the &#60;dog&#62;</p>",
        PUBLISH,
    ];
    assert_shows(&page, &seen, &["<dog>", "<brief>"]);
}

#[test]
fn who_is_invited_is_said_by_number() {
    let page = |everybody, invited| CheckPage {
        invited,
        everybody,
        ..check(request())
    };
    for (everybody, invited, said) in [
        (true, 0, "Nobody is invited, for no provider is admitted to the lot."),
        (true, 1, "The one provider that is admitted to the lot is invited."),
        (true, 7, "All 7 providers that are admitted to the lot are invited."),
        (false, 1, "1 provider with a home that fits is invited;"),
    ] {
        assert_shows(&page(everybody, invited), &[said], &[]);
    }
}

#[test]
fn what_was_left_open_or_asked_for_besides_is_said() {
    let mut request = request();
    (request.child.sex, request.child.siblings_to_place_with) = (None, 2);
    (request.origin.postcode, request.max_distance_miles) = (None, None);
    (request.names_to_screen, request.brief) = (Some(0), String::new());
    request.needs.solo_placement = true;
    request.needs.living_companions = LivingCompanions::SoloPlacement;
    request.needs.home_adaptation_required = true;
    request.needs.deprivation_of_liberty = true;
    for level in request.needs.risks.values_mut() {
        *level = RiskLevel::NoKnownRisk;
    }
    let seen = [
        "<dd>14 years <a",
        "<dt>Brothers and sisters in the same home</dt><dd>2</dd>",
        "<dt>Comes from</dt><dd>RG1 <a",
        "<dd>Anywhere</dd>",
        "None were given",
        "Solo placement recommended; must live with no other child",
        "<dt>Step-free home</dt><dd>Required</dd>",
        "A court allows it, and the home must be able to",
        "<dd>None is known",
        "<p>Not written yet.</p>",
    ];
    assert_shows(&check(request), &seen, &["female", "(confidential;", "40 miles"]);
}

use super::*;
use crate::awards::pages::samples as award_samples;
use crate::dashboard::pages::samples::CLOSES;
use crate::evaluation::pages::samples::evaluation;
use crate::homes::rules::sample_home;
use crate::ids::{ApplicationId, ContractVersionId, PersonId, QuestionId, VacancyId};
use crate::placement_requests::api::samples;
use crate::placement_requests::rules::samples as sample_requests;
use crate::vacancies::rules::VacancyState;
use crate::web::pages::assert_shows;

fn nothing() -> HomePage {
    let now = sample_requests::noon();
    HomePage {
        provider: OrganisationId::new(now),
        is_admitted: true,
        applications: Vec::new(),
        preparations: Vec::new(),
        fitting: Vec::new(),
        more_fitting: 0,
        unsent: Vec::new(),
        answered: Vec::new(),
        stale: Vec::new(),
        confirm_all: None,
        insured_until: None,
        contracts: Vec::new(),
        awards: Vec::new(),
        now,
    }
}

const QUIET: &str = "Nothing waits for you.";

#[test]
fn a_quiet_day_says_so_and_who_is_not_admitted_is_shown_the_way() {
    assert_shows(&nothing(), &[QUIET], &["<h2>", "You are not admitted"]);
    let outside = HomePage {
        is_admitted: false,
        ..nothing()
    };
    let seen = [
        "You are not admitted to a framework yet.",
        "<a href=\"/frameworks\">",
        QUIET,
    ];
    assert_shows(&outside, &seen, &["<h2>"]);
}

#[test]
fn its_own_organisation_and_its_free_places_are_one_click_away() {
    let page = nothing();
    let profile = format!("<a href=\"/providers/{}\">", page.provider);
    let seen = ["<a href=\"/vacancies\">", "<a href=\"/admissions\">", &profile];
    assert_shows(&page, &seen, &[]);
}

#[test]
fn an_application_says_whose_turn_it_is() {
    let now = sample_requests::noon();
    let outside = |state, due: Option<&str>| {
        let application = ApplicationHead {
            id: ApplicationId::new(now),
            framework_id: FrameworkId::new(now),
            provider_id: OrganisationId::new(now),
            state,
            submitted_at: None,
            decision_due_on: due.map(|day| day.parse().unwrap()),
            decided_at: None,
            version: 1,
        };
        HomePage {
            is_admitted: false,
            applications: vec![(application, "SE & <1>".to_owned())],
            ..nothing()
        }
    };
    let submitted = outside(ApplicationState::Submitted, Some("2026-12-07"));
    let seen = [
        "SE &#38; &#60;1&#62;</a>",
        "The cooperative decides by 7 December 2026.",
        QUIET,
    ];
    assert_shows(&submitted, &seen, &["<1>", "See which are open", "Go on with it"]);
    let draft = outside(ApplicationState::Draft, None);
    assert_shows(
        &draft,
        &["It is not submitted: go on with it."],
        &[QUIET, "See which are open"],
    );
    let returned = outside(ApplicationState::Returned, None);
    assert_shows(
        &returned,
        &["It was returned: change it and submit it again."],
        &[QUIET],
    );
}

#[test]
fn a_newcomer_is_led_from_its_homes_to_their_prices() {
    let home = sample_home(sample_requests::noon());
    let labels = |homes: &[Home], priced: &[HomeId]| -> Vec<(&str, bool)> {
        let steps = preparations(homes, &priced.iter().copied().collect());
        steps
            .into_iter()
            .map(|step| (step.label, step.path.is_some()))
            .collect()
    };
    let (register, open, list) = ("Register your homes", "Open their free places", "List their prices");
    assert_eq!(labels(&[], &[]), [(register, true), (open, false), (list, false)]);
    assert_eq!(labels(std::slice::from_ref(&home), &[]), [(open, true), (list, true)]);
    let full = Home {
        places_taken: 1,
        ..home.clone()
    };
    assert_eq!(labels(std::slice::from_ref(&full), &[]), [(list, true)]);
    assert_eq!(labels(&[home.clone(), full], &[home.id]), []);
    let page = HomePage {
        preparations: preparations(&[], &HashSet::new()),
        ..nothing()
    };
    let seen = [
        "<h2>Before your first bid</h2>",
        "<a href=\"/homes/new\">Register your homes</a>",
        "<div>List their prices<p",
    ];
    assert_shows(&page, &seen, &[QUIET]);
}

#[test]
fn requests_that_fit_stand_with_the_homes_that_fit_them() {
    let (request, _) = sample_requests::published();
    let fitting = |homes: &[&str]| Fitting {
        request: samples::summary(request.clone(), sample_requests::noon()),
        homes: homes.iter().map(|home| (*home).to_owned()).collect(),
    };
    let page = HomePage {
        fitting: vec![fitting(&["Acorn House", "Oak & <Elm>"])],
        ..nothing()
    };
    let seen = [
        "</a> from Reading<p class=\"hint\">14 years, female, RG1, from 26 November 2026. Fits: Acorn House, Oak &#38; &#60;Elm&#62;</p>",
        CLOSES,
        ">All requests</a>",
    ];
    assert_shows(&page, &seen, &["<Elm>", QUIET, "RG1 1AF", "more, and all"]);
    let many = HomePage {
        more_fitting: 3,
        ..page
    };
    assert_shows(&many, &[">3 more, and all other requests</a>"], &[">All requests</a>"]);
}

#[test]
fn what_is_begun_answered_or_won_is_gone_on_with() {
    let now = sample_requests::noon();
    let unsent = |is_change| Unsent {
        bid: BidId::new(now),
        reference: "PR-2026-7KQ4MX".to_owned(),
        home: "Oak & <Elm>".to_owned(),
        is_change,
        bids_close_at: now.plus(Duration::hours(24)),
    };
    let (draft, change) = (unsent(false), unsent(true));
    let edits =
        [&draft, &change].map(|one| format!("<a href=\"/bids/{}/edit\">PR-2026-7KQ4MX, with Oak &#38;", one.bid));
    let question = Question {
        id: QuestionId::new(now),
        placement_request_id: PlacementRequestId::new(now),
        provider_id: OrganisationId::new(now),
        text: "Is <school> near?".to_owned(),
        shown_as: None,
        asked_at: now,
        answer: Some(("Yes.".to_owned(), now)),
        version: 1,
    };
    let evaluation = evaluation();
    let award = award_samples::confirmed(&evaluation);
    let won = format!("<a href=\"/awards/{}\">", award.id);
    let page = HomePage {
        unsent: vec![draft, change],
        answered: vec![(question, "PR-2026-8LR5NY".to_owned())],
        awards: vec![award_samples::line(&evaluation, &award)],
        ..nothing()
    };
    let seen = [
        "A draft: nobody reads it unless you submit it.",
        "Changed since you submitted it: what was sent counts until you submit the change.",
        CLOSES,
        ">PR-2026-8LR5NY</a><p class=\"hint\">Is &#60;school&#62; near?</p>",
        "with Birch House</a> <span>from 26 November 2026</span>",
        &won,
    ];
    assert_shows(&page, &seen, &["<Elm>", "<school>", QUIET]);
    assert_shows(&page, &edits.each_ref().map(String::as_str), &[]);
}

#[test]
fn what_runs_out_is_said_before_and_after_it_has() {
    let now = sample_requests::noon();
    let vacancy = |confirmed_at, places_left| Vacancy {
        id: VacancyId::new(now),
        home_id: HomeId::new(now),
        places: 2,
        places_left,
        available_from: now.date_in_uk(),
        age_min: None,
        age_max: None,
        sexes: None,
        confirmed_at,
        reminded_at: None,
        state: VacancyState::Open,
        closed_at: None,
        created_by: PersonId::new(now),
        created_at: confirmed_at,
        version: 1,
    };
    let contract = ContractVersion {
        id: ContractVersionId::new(now),
        framework_id: FrameworkId::new(now),
        number: 3,
        title: "Terms & <conditions>".to_owned(),
        sha256: String::new(),
        effective_on: now.date_in_uk(),
        published_by: PersonId::new(now),
        published_at: now,
    };
    let accept = format!("<a href=\"/contract-versions/{}\">", contract.id);
    let page = HomePage {
        stale: vec![
            (vacancy(now.minus(Duration::days(7)), 1), "Acorn <House>".to_owned()),
            (vacancy(now.minus(Duration::days(6)), 2), "Oak House".to_owned()),
        ],
        confirm_all: Some(Form::reader().button("All free places are right: confirm them")),
        insured_until: Some(now.date_in_uk()),
        contracts: vec![contract],
        ..nothing()
    };
    let insurance = format!("<a href=\"/providers/{}/insurance\">Your insurance", page.provider);
    let seen = [
        "Acorn &#60;House&#62;: 1 place</a> <span class=\"tag yellow\">Stale: ranked after fresh ones</span>",
        "Oak House: 2 places</a> <span>fresh until 23 November 2026, 12:00 GMT</span>",
        "<button>All free places are right: confirm them</button>",
        "Your insurance covers until 22 November 2026: tell us of the new one",
        &insurance,
        "Read and accept: Terms &#38; &#60;conditions&#62;, version 3",
        &accept,
    ];
    assert_shows(&page, &seen, &["<House>", "<conditions>", "ran out", QUIET]);
    let late = HomePage {
        insured_until: Some(now.date_in_uk() - Days::new(1)),
        ..nothing()
    };
    assert_shows(
        &late,
        &["Your insurance ran out on 21 November 2026"],
        &["covers until", QUIET],
    );
}

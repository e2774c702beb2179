//! What needs a provider today.

use std::collections::{HashMap, HashSet};

use askama::Template;
use chrono::{Days, Duration, NaiveDate};

use super::requests::for_provider::Said;
use crate::access::{Actor, Anyone};
use crate::awards::rules::AwardStatus;
use crate::awards::store::{AwardLine, Scope};
use crate::clock::Instant;
use crate::db::Tx;
use crate::error::Result;
use crate::frameworks::rules::ContractVersion;
use crate::homes::store::Wanted;
use crate::homes::{self, Home};
use crate::ids::{BidId, FrameworkId, HomeId, OrganisationId, PlacementRequestId};
use crate::matching::actions::{OwnFit, own_fits};
use crate::placement_requests::actions::scope_of;
use crate::placement_requests::rules::{Phase, Question};
use crate::placement_requests::store::{self as requests, Narrowed, RequestOrder};
use crate::placement_requests::{PlacementRequest, api::RequestSummary};
use crate::providers::rules::ApplicationState;
use crate::providers::store::{ApplicationFilter, ApplicationHead, ApplicationOrder};
use crate::vacancies::Vacancy;
use crate::web::Page;
use crate::web::pages::{Desk, Form, Html, filters};
use crate::{awards, bids, frameworks, providers, vacancies};

/// How many requests that fit are shown.
const SHOWN: usize = 8;
/// How long an answer is news, in days.
const NEWS_DAYS: i64 = 7;
/// How long before it goes stale a vacancy is shown, in days.
const STALE_WITHIN_DAYS: i64 = 2;
/// How long before it runs out the insurance is shown, in days.
const INSURANCE_WITHIN_DAYS: u64 = 60;

/// An open request that homes fit which have not answered it.
struct Fitting {
    request: RequestSummary,
    homes: Vec<String>,
}

/// A bid whose last version was not submitted.
struct Unsent {
    bid: BidId,
    reference: String,
    home: String,
    is_change: bool,
    bids_close_at: Instant,
}

/// A step that is still to be done before the first bid.
struct Preparation {
    label: &'static str,
    why: &'static str,
    /// None while a step before it is to be done.
    path: Option<String>,
}

#[derive(Template)]
#[template(path = "dashboard/provider.html")]
struct HomePage {
    provider: OrganisationId,
    is_admitted: bool,
    /// Applications that are not decided, each with its framework's reference.
    applications: Vec<(ApplicationHead, String)>,
    preparations: Vec<Preparation>,
    fitting: Vec<Fitting>,
    more_fitting: usize,
    unsent: Vec<Unsent>,
    answered: Vec<(Question, String)>,
    stale: Vec<(Vacancy, String)>,
    /// While some are stale, or nearly.
    confirm_all: Option<Form>,
    /// The last day that the insurance covers, where it is near or past.
    insured_until: Option<NaiveDate>,
    contracts: Vec<ContractVersion>,
    awards: Vec<AwardLine>,
    now: Instant,
}

impl HomePage {
    fn is_quiet(&self) -> bool {
        self.fitting.is_empty()
            && self.unsent.is_empty()
            && self.answered.is_empty()
            && self.stale.is_empty()
            && self.insured_until.is_none()
            && self.contracts.is_empty()
            && self.awards.is_empty()
            && self.preparations.is_empty()
            && self
                .applications
                .iter()
                .all(|(application, _)| Self::waits(application))
    }

    /// Whether the cooperative has the next word on an application.
    fn waits(application: &ApplicationHead) -> bool {
        application.state == ApplicationState::Submitted
    }

    fn is_returned(application: &ApplicationHead) -> bool {
        application.state == ApplicationState::Returned
    }

    fn is_stale(&self, vacancy: &Vacancy) -> bool {
        !vacancy.fresh(self.now)
    }

    fn insurance_has_run_out(&self) -> bool {
        self.insured_until.is_some_and(|until| until < self.now.date_in_uk())
    }
}

/// The homes that fit a request and have neither bid nor declined.
fn still_to_answer(request: PlacementRequestId, fits: Option<&Vec<OwnFit>>, said: &Said) -> Vec<String> {
    let fitting = fits.into_iter().flatten().filter(|fit| fit.found.fits());
    fitting
        .filter(|fit| said.is_silent(request, fit.home_id))
        .map(|fit| fit.name.clone())
        .collect()
}

/// The contract versions in force that the provider has yet to accept: without, it can't bid.
fn to_accept(tx: &mut Tx<'_>, provider: OrganisationId, of: &[FrameworkId]) -> Result<Vec<ContractVersion>> {
    let today = tx.now.date_in_uk();
    // They come by number: of those whose day has come the last published is in force.
    let in_force: HashMap<FrameworkId, ContractVersion> = frameworks::store::contract_versions_of(tx, of)?
        .into_iter()
        .filter(|version| version.effective_on <= today)
        .map(|version| (version.framework_id, version))
        .collect();
    let ids: Vec<_> = in_force.values().map(|version| version.id).collect();
    let accepted = providers::store::accepted_by(tx, &[provider], &ids)?;
    Ok(in_force
        .into_values()
        .filter(|version| !accepted.contains(&(provider, version.id)))
        .collect())
}

fn unsent(tx: &mut Tx<'_>, said: &Said, open: &[PlacementRequest]) -> Result<Vec<Unsent>> {
    let ids: Vec<BidId> = said.unsent().map(|bid| bid.id).collect();
    let mut names = bids::store::names(tx, &ids)?;
    let mut unsent: Vec<Unsent> = said
        .unsent()
        .filter_map(|bid| {
            let request = open.iter().find(|request| request.id == bid.request_id)?;
            let names = names.remove(&bid.id)?;
            Some(Unsent {
                bid: bid.id,
                reference: names.request_reference,
                home: names.home,
                is_change: bid.receipt.is_some(),
                bids_close_at: request.bids_close_at,
            })
        })
        .collect();
    unsent.sort_by_key(|one| one.bids_close_at);
    Ok(unsent)
}

/// What a provider does before its first bid, as far as it is not done: its homes, of which some have a price.
fn preparations(homes: &[Home], priced: &HashSet<HomeId>) -> Vec<Preparation> {
    let first = homes.first().map(|home| home.id);
    let offers = |home: &Home| home.places_open + home.places_taken > 0;
    let steps = [
        (
            first.is_none(),
            "Register your homes",
            "What each is registered for, whom it takes and what it offers: requests are matched with that.",
            Some("/homes/new".to_owned()),
        ),
        (
            !homes.iter().any(offers),
            "Open their free places",
            "A home is invited while it has a place free by the day.",
            first.map(|home| format!("/homes/{home}/vacancies")),
        ),
        (
            priced.is_empty(),
            "List their prices",
            "A listed price ranks the home for requests, and is the start of every bid.",
            first.map(|home| format!("/homes/{home}/prices")),
        ),
    ];
    steps
        .into_iter()
        .filter(|(is_missing, ..)| *is_missing)
        .map(|(_, label, why, path)| Preparation { label, why, path })
        .collect()
}

fn still_to_prepare(tx: &mut Tx<'_>, provider: OrganisationId) -> Result<Vec<Preparation>> {
    let wanted = Wanted {
        provider_id: Some(provider),
        active: Some(true),
        ..Wanted::default()
    };
    let homes = homes::store::list(tx, &wanted, &Page::whole())?.items;
    let ids: Vec<HomeId> = homes.iter().map(|home| home.id).collect();
    let prices = vacancies::store::prices_of(tx, &ids)?;
    Ok(preparations(
        &homes,
        &prices.iter().map(|price| price.home_id).collect(),
    ))
}

/// The provider's applications that are not decided, the soonest to be decided first, each with its framework's reference.
fn undecided(tx: &mut Tx<'_>, provider: OrganisationId) -> Result<Vec<(ApplicationHead, String)>> {
    let by_due_day = ApplicationFilter {
        sort: Some(ApplicationOrder::Due),
        ..ApplicationFilter::default()
    };
    let scope = providers::store::Scope::Provider(provider);
    let mut all = providers::store::applications_page(tx, &scope, &by_due_day, &Page::whole())?.items;
    all.retain(|application| {
        matches!(
            application.state,
            ApplicationState::Draft | ApplicationState::Submitted | ApplicationState::Returned
        )
    });
    let ids: Vec<FrameworkId> = all.iter().map(|application| application.framework_id).collect();
    let references: HashMap<FrameworkId, String> = frameworks::store::frameworks(tx, &ids)?
        .into_iter()
        .map(|framework| (framework.id, framework.reference))
        .collect();
    let named = |application: ApplicationHead| {
        let reference = references.get(&application.framework_id).cloned();
        (application, reference.unwrap_or_default())
    };
    Ok(all.into_iter().map(named).collect())
}

/// The home page of a provider.
pub(super) fn home(tx: &mut Tx<'_>, desk: &Desk<Anyone>, actor: &Actor) -> Result<Html> {
    let provider = actor.organisation_id;
    let narrowed = Narrowed {
        phase: Some(Phase::Open),
        sort: Some(RequestOrder::Deadline),
        ..Narrowed::default()
    };
    let mut open = requests::requests_page(tx, scope_of(actor), &narrowed, &Page::whole())?.items;
    let ids: Vec<PlacementRequestId> = open.iter().map(|request| request.id).collect();
    let fits = own_fits(tx, provider, &open)?;
    let said = Said::to(tx, provider, &ids)?;
    let unsent = unsent(tx, &said, &open)?;
    let to_answer = |request: &PlacementRequest| still_to_answer(request.id, fits.get(&request.id), &said);
    open.retain(|request| !to_answer(request).is_empty());
    let more_fitting = open.len().saturating_sub(SHOWN);
    open.truncate(SHOWN);
    let homes: Vec<Vec<String>> = open.iter().map(to_answer).collect();
    let fitting = RequestSummary::all(tx, open)?.into_iter().zip(homes);
    let fitting = fitting.map(|(request, homes)| Fitting { request, homes }).collect();

    let admissions = providers::store::live_admissions_anywhere(tx, provider)?;
    let mut of: Vec<FrameworkId> = admissions.iter().map(|admission| admission.framework_id).collect();
    of.sort_unstable();
    of.dedup();
    let near = tx.now.date_in_uk() + Days::new(INSURANCE_WITHIN_DAYS);
    let insurance = providers::store::insurance(tx, provider)?.map(|insurance| insurance.expires_on);
    let stale = vacancies::store::stale_before(tx, provider, tx.now.plus(Duration::days(STALE_WITHIN_DAYS)))?;
    let confirm_all = || {
        desk.form("/vacancies/confirm")
            .button("All free places are right: confirm them")
    };
    let page = HomePage {
        provider,
        is_admitted: !admissions.is_empty(),
        applications: undecided(tx, provider)?,
        preparations: still_to_prepare(tx, provider)?,
        confirm_all: (!stale.is_empty()).then(confirm_all),
        fitting,
        more_fitting,
        unsent,
        answered: requests::answered_since(tx, provider, tx.now.minus(Duration::days(NEWS_DAYS)))?,
        stale,
        insured_until: insurance.filter(|until| *until <= near),
        contracts: to_accept(tx, provider, &of)?,
        awards: awards::store::list(
            tx,
            Scope::Provider(provider),
            &awards::store::Narrowed {
                status: Some(AwardStatus::Confirmed),
                ..Default::default()
            },
            &Page::default(),
        )?
        .items,
        now: tx.now,
    };
    Html::of("Home", &page)
}

#[cfg(test)]
mod tests {
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
}

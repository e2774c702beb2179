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
mod tests;

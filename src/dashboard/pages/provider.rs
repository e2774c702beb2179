//! What needs a provider today.

use std::collections::HashMap;

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
use crate::ids::{BidId, FrameworkId, OrganisationId, PlacementRequestId};
use crate::matching::actions::{OwnFit, own_fits};
use crate::placement_requests::actions::scope_of;
use crate::placement_requests::rules::{Phase, Question};
use crate::placement_requests::store::{self as requests, Narrowed, RequestOrder};
use crate::placement_requests::{PlacementRequest, api::RequestSummary};
use crate::vacancies::Vacancy;
use crate::web::Page;
use crate::web::pages::{Desk, Html, filters};
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

#[derive(Template)]
#[template(path = "dashboard/provider.html")]
struct HomePage {
    provider: OrganisationId,
    is_admitted: bool,
    fitting: Vec<Fitting>,
    more_fitting: usize,
    unsent: Vec<Unsent>,
    answered: Vec<(Question, String)>,
    stale: Vec<(Vacancy, String)>,
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
    }

    fn is_stale(&self, vacancy: &Vacancy) -> bool {
        !vacancy.fresh(self.now)
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

/// The home page of a provider.
pub(super) fn home(tx: &mut Tx<'_>, _: &Desk<Anyone>, actor: &Actor) -> Result<Html> {
    let provider = actor.organisation_id;
    let narrowed = Narrowed {
        phase: Some(Phase::Open),
        sort: Some(RequestOrder::Deadline),
        ..Narrowed::default()
    };
    let mut open = requests::requests_page(tx, scope_of(actor), narrowed, &Page::whole())?.items;
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
    let page = HomePage {
        provider,
        is_admitted: !admissions.is_empty(),
        fitting,
        more_fitting,
        unsent,
        answered: requests::answered_since(tx, provider, tx.now.minus(Duration::days(NEWS_DAYS)))?,
        stale: vacancies::store::stale_before(tx, provider, tx.now.plus(Duration::days(STALE_WITHIN_DAYS)))?,
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

//! Beginning a bid: with which home.

use askama::Template;
use serde::Deserialize;
use validator::Validate;

use crate::access::{Actor, Permission, ProviderUser};
use crate::bids::api::server_key;
use crate::bids::rules::{NewBid, while_open};
use crate::bids::{actions, store};
use crate::db::Tx;
use crate::error::Result;
use crate::ids::{HomeId, PlacementRequestId};
use crate::matching::actions::{OwnFit, own_fits};
use crate::placement_requests::PlacementRequest;
use crate::placement_requests::actions::seen_by;
use crate::vacancies;
use crate::web::pages::{Choice, Desk, Form, Go, Html, PageDoor, Posted};
use crate::web::{Id, Query, Reply, Routes};

pub(super) fn routes(r: &mut Routes) {
    r.get("/placement-requests/{id}/bid", show).may(Permission::SubmitBids);
    r.post("/placement-requests/{id}/bid", begin)
        .may(Permission::SubmitBids);
}

/// Which home is chosen already.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Chosen {
    pub home: Option<HomeId>,
}

#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
struct Beginning {
    home_id: HomeId,
}

#[derive(Template)]
#[template(path = "bids/start.html")]
struct StartPage {
    request: PlacementRequest,
    /// None where every home has its bid, or there is no home of the kind.
    form: Option<Form>,
}

fn begin_form(desk: &Desk<ProviderUser>, id: PlacementRequestId, homes: Vec<Choice>) -> Form {
    desk.form(format!("/placement-requests/{id}/bid"))
        .radios("home_id", "With which home?", homes)
        .button("Begin the bid")
}

/// A request that takes bids, and the provider's homes that could make one: those of its kind that have made none.
pub(super) fn without_bid(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: PlacementRequestId,
) -> Result<(PlacementRequest, Vec<OwnFit>)> {
    let request = seen_by(tx, actor, id)?;
    while_open(&request, tx.now)?;
    let provider = actor.organisation_id;
    let fits = own_fits(tx, provider, std::slice::from_ref(&request))?.remove(&id);
    let bids = store::live_bids_of_provider(tx, provider, &[id])?;
    let mut fits = fits.unwrap_or_default();
    fits.retain(|fit| bids.iter().all(|bid| bid.home_id != fit.home_id));
    Ok((request, fits))
}

fn page(tx: &mut Tx<'_>, desk: &Desk<ProviderUser>, id: PlacementRequestId, chosen: Chosen) -> Result<Html> {
    let (request, fits) = without_bid(tx, desk, id)?;
    let homes: Vec<Choice> = fits
        .into_iter()
        .map(|fit| {
            let why: Vec<&str> = fit.found.reasons.iter().map(|reason| reason.text.as_str()).collect();
            let standing = if fit.found.fits() { "Fits." } else { "Does not fit." };
            Choice::new(fit.home_id, fit.name).hint(format!("{standing} {}", why.join(" ")))
        })
        .collect();
    let first = homes.first().map(|_| ());
    let form = first.map(|()| {
        let form = begin_form(desk, id, homes);
        match chosen.home {
            Some(home) => form.set("home_id", home),
            None => form,
        }
    });
    let title = format!("Bid on {}", request.reference);
    Html::of(title, &StartPage { request, form })
}

async fn show(visit: PageDoor<ProviderUser>, id: Id<PlacementRequestId>, chosen: Query<Chosen>) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id, *chosen)).await
}

async fn begin(visit: PageDoor<ProviderUser>, id: Id<PlacementRequestId>, posted: Posted) -> Reply {
    let (key, id) = (server_key(&visit.app), *id);
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let Beginning { home_id } = begin_form(desk, id, Vec::new()).read(posted)?;
                let request = seen_by(tx, desk, id)?;
                // The bid begins with the listed price; what is written then may differ.
                let listed = vacancies::store::price_on(tx, home_id, request.lot_id, request.starts_on)?;
                let new = NewBid {
                    home_id,
                    starts_on: request.starts_on,
                    price: listed.map(|price| price.lines).unwrap_or_default(),
                    answers: Vec::new(),
                    matching_statement: String::new(),
                };
                let (bid, _) = actions::create(tx, desk, &key, id, new)?;
                Ok(Go::to(format!("/bids/{}/edit", bid.id))
                    .saying("Your bid is begun: a sealed draft that only you can read."))
            },
            move |tx, desk| page(tx, desk, id, Chosen::default()),
        )
        .await
}

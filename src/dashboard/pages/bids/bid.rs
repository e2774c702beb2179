//! One bid: its provider reads what it saved last, its authority what was opened.

use askama::Template;

use crate::access::{Actor, OrganisationKind, Permission};
use crate::awards;
use crate::bids::api::server_key;
use crate::bids::content::Content;
use crate::bids::seal::ServerKey;
use crate::bids::store::Names;
use crate::bids::{self, Bid, BidState};
use crate::dashboard::pages::requests::for_provider::bid_tag;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{AwardId, BidId};
use crate::placement_requests::rules::{Criterion, Phase};
use crate::placement_requests::{PlacementRequest, store as requests};
use crate::web::pages::{Desk, Html, PageDoor, Tag, filters};
use crate::web::{Id, Reply, Routes};

pub(super) fn routes(r: &mut Routes) {
    r.get("/bids/{id}", show).may(Permission::ReadBids);
}

#[derive(Template)]
#[template(path = "dashboard/bids/bid.html")]
struct BidPage {
    bid: Bid,
    names: Names,
    request: PlacementRequest,
    content: Content,
    criteria: Vec<Criterion>,
    is_own: bool,
    takes_bids: bool,
    /// The award that a letter was sent about.
    told: Option<AwardId>,
}

impl BidPage {
    fn state(&self) -> Tag {
        bid_tag(self.bid.state)
    }

    fn may_change(&self) -> bool {
        self.is_own && self.takes_bids && matches!(self.bid.state, BidState::Draft | BidState::Submitted)
    }
}

/// The bid and what of it the asker may read.
fn readable(tx: &mut Tx<'_>, actor: &Actor, key: &ServerKey, id: BidId) -> Result<(Bid, Content)> {
    if actor.organisation_kind == OrganisationKind::Provider {
        let bid = bids::actions::own(tx, actor, id)?;
        let content = bids::actions::content_of(tx, key, &bid)?;
        return Ok((bid, content));
    }
    let (bid, _) = bids::actions::opened_to(tx, actor, id)?;
    let bytes = bids::store::opened_bytes(tx, id)?.ok_or(Error::NotFound("bid"))?;
    Ok((bid, Content::from_bytes(bytes.as_bytes())?))
}

fn page(tx: &mut Tx<'_>, desk: &Desk<Actor>, key: &ServerKey, id: BidId) -> Result<Html> {
    let (bid, content) = readable(tx, desk, key, id)?;
    let is_own = desk.organisation_kind == OrganisationKind::Provider;
    let request = requests::request(tx, bid.request_id)?.ok_or(Error::NotFound("placement request"))?;
    let title = format!("Bid on {}", request.reference);
    let page = BidPage {
        names: bids::store::names_of(tx, id)?,
        criteria: requests::criteria(tx, request.id)?,
        takes_bids: request.phase(tx.now) == Phase::Open,
        told: awards::store::awards_told_of(tx, bid.provider_id, &[id])?.remove(&id),
        bid,
        request,
        content,
        is_own,
    };
    Html::of(title, &page)
}

async fn show(visit: PageDoor<Actor>, id: Id<BidId>) -> Reply {
    let key = server_key(&visit.app);
    visit.read(move |tx, desk| page(tx, desk, &key, *id)).await
}

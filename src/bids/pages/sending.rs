//! Sending a bid: the check before, the submission, and the receipt.

use askama::Template;

use crate::access::{Actor, OrganisationKind, Permission, ProviderUser};
use crate::bids::actions::{self, Outlook};
use crate::bids::api::{receipt_of, sealed_bytes, server_key};
use crate::bids::content::{self, Content};
use crate::bids::rules::{Bid, Receipt};
use crate::bids::seal::ServerKey;
use crate::bids::store::{self, Names};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::BidId;
use crate::placement_requests::rules::Criterion;
use crate::placement_requests::{PlacementRequest, store as requests};
use crate::web::pages::{Desk, Form, Go, Html, PageDoor, Posted, filters};
use crate::web::{Answer, Id, Reply, Routes};

pub(super) fn routes(r: &mut Routes) {
    use Permission::{ReadBids, SubmitBids};
    r.get("/bids/{id}/submit", show).may(SubmitBids);
    r.post("/bids/{id}/submit", submit).may(SubmitBids);
    r.get("/bids/{id}/receipt", show_receipt).may(ReadBids);
    r.get("/bids/{id}/receipt.json", receipt_file).may(ReadBids);
    r.get("/bids/{id}/content.json", content_file).may(ReadBids);
}

#[derive(Template)]
#[template(path = "bids/check.html")]
struct CheckPage {
    bid: Bid,
    names: Names,
    request: PlacementRequest,
    content: Content,
    criteria: Vec<Criterion>,
    outlook: Outlook,
    form: Form,
}

impl CheckPage {
    fn may_submit(&self) -> bool {
        self.outlook.problems.is_empty() && self.bid.has_unsent_version()
    }
}

fn page(tx: &mut Tx<'_>, desk: &Desk<ProviderUser>, key: &ServerKey, id: BidId) -> Result<Html> {
    let bid = actions::own(tx, desk, id)?;
    let request = requests::request(tx, bid.request_id)?.ok_or(Error::NotFound("placement request"))?;
    let outlook = actions::outlook(tx, key, &bid, &request)?;
    let names = store::names_of(tx, id)?;
    let form = desk
        .form(format!("/bids/{id}/submit"))
        .version(bid.version)
        .button("Submit the bid");
    let title = format!("Check your bid on {}", request.reference);
    let page = CheckPage {
        content: actions::content_of(tx, key, &bid)?,
        criteria: requests::criteria(tx, request.id)?,
        bid,
        names,
        request,
        outlook,
        form,
    };
    Html::of(title, &page)
}

async fn show(visit: PageDoor<ProviderUser>, id: Id<BidId>) -> Reply {
    let key = server_key(&visit.app);
    visit.read(move |tx, desk| page(tx, desk, &key, *id)).await
}

async fn submit(visit: PageDoor<ProviderUser>, id: Id<BidId>, posted: Posted) -> Reply {
    let (key, id) = (server_key(&visit.app), *id);
    let shown_with = key.clone();
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                actions::submit(tx, desk, &key, id, posted.version())?;
                Ok(Go::to(format!("/bids/{id}/receipt")))
            },
            move |tx, desk| page(tx, desk, &shown_with, id),
        )
        .await
}

#[derive(Template)]
#[template(path = "bids/receipt.html")]
struct ReceiptPage {
    bid: Bid,
    names: Names,
    receipt: Receipt,
    is_own: bool,
    /// The SHA-256 of the bytes that are kept, taken just now.
    taken_now: String,
}

async fn show_receipt(visit: PageDoor<Actor>, id: Id<BidId>) -> Reply {
    let (key, id) = (server_key(&visit.app), *id);
    visit
        .read(move |tx, desk| {
            let is_own = desk.organisation_kind == OrganisationKind::Provider;
            let bid = if is_own {
                actions::own(tx, desk, id)?
            } else {
                actions::opened_to(tx, desk, id)?.0
            };
            let receipt = bid.receipt.clone().ok_or(Error::NotFound("receipt"))?;
            let page = ReceiptPage {
                taken_now: content::sha256(&sealed_bytes(tx, desk, &key, id)?),
                names: store::names_of(tx, id)?,
                bid,
                receipt,
                is_own,
            };
            Html::of("Receipt of a bid", &page)
        })
        .await
}

async fn receipt_file(visit: PageDoor<Actor>, id: Id<BidId>) -> Reply {
    visit
        .download(move |tx, desk| {
            let (receipt, _) = receipt_of(tx, desk, *id)?;
            let text = serde_json::to_vec_pretty(&receipt).map_err(Error::internal)?;
            Ok(Answer::bytes("application/json", text)?.attachment(&format!("receipt-{}.json", *id)))
        })
        .await
}

async fn content_file(visit: PageDoor<Actor>, id: Id<BidId>) -> Reply {
    let key = server_key(&visit.app);
    visit
        .download(move |tx, desk| {
            let bytes = sealed_bytes(tx, desk, &key, *id)?;
            Ok(Answer::bytes("application/json", bytes.to_vec())?.attachment(&format!("bid-{}.json", *id)))
        })
        .await
}

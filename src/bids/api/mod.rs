//! Bids over HTTP.

mod views;

use super::actions;
use super::content::Content;
use super::rules::{Bid, BidState, NewBid, NewDecline, NonCompliance, OpeningRefused, Terms};
use super::seal::{PURPOSE, ServerKey};
use super::store::{self, BidOrder, BidsWanted, OpenedBid};
use crate::access::{Actor, AuthorityUser, OrganisationKind, Permission, ProviderUser};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{BidId, PlacementRequestId};
use crate::placement_requests::{ConfidentialKey, actions as requests};
use crate::web::{Answer, AppState, Body, Door, Id, Items, NoBody, Page, Query, Reply, Routes};
use serde::Deserialize;
use utoipa::IntoParams;
pub(super) use views::DeclineView;
use views::{BidSummary, BidView, BidsOfRequest, HomeName, OpenedSummary, Opening, ProviderName, ReceiptView};
use zeroize::Zeroizing;

/// The operations of this slice.
pub fn routes(r: &mut Routes) {
    r.tag("bids", "Sealed bids, receipts, declines and the opening.");
    r.post("/placement-requests/{id}/bids", create)
        .summary("Begin a bid for one of your homes: a sealed draft")
        .may(Permission::SubmitBids)
        .body::<NewBid>()
        .answers::<BidView>(201)
        .refuses(&["bid.deadline_passed", "bid.request_not_open", "bid.already_exists"]);
    r.get("/placement-requests/{id}/bids", of_request)
        .summary("The bids of your request: only their number before the opening, all of them after it")
        .may(Permission::ReadBidsOfRequests)
        .answers::<BidsOfRequest>(200);
    r.post("/placement-requests/{id}/open", open)
        .summary("Open all bids in one act, after the deadline")
        .may(Permission::OpenBids)
        .answers::<Opening>(200)
        .refuses(OpeningRefused::CODES);
    r.get("/bids", list)
        .summary("Your provider's bids")
        .may(Permission::SubmitBids)
        .query::<BidFilter>()
        .lists::<BidSummary>();
    r.get("/bids/{id}", show)
        .summary("A bid: your own at any time, one of your request after the opening")
        .may(Permission::ReadBids)
        .answers::<BidView>(200);
    r.put("/bids/{id}", revise)
        .summary("Save another content of a bid, sealed")
        .description(
            "Over the version that is not submitted yet. A submitted bid counts as it was submitted until the new version \
             is submitted in its turn; `has_unsent_version` tells.",
        )
        .may(Permission::SubmitBids)
        .body::<Terms>()
        .answers::<BidView>(200)
        .refuses(&["bid.deadline_passed", "bid.request_not_open", "bid.wrong_state"]);
    r.post("/bids/{id}/submit", submit)
        .summary("Submit the version saved last; answers and mails the receipt")
        .may(Permission::SubmitBids)
        .answers::<BidView>(200)
        .refuses(&[
            "bid.deadline_passed",
            "bid.request_not_open",
            "bid.wrong_state",
            "bid.nothing_to_submit",
            "bid.answers_missing",
            "bid.over_ceiling",
            "bid.not_admitted",
            "bid.contract_not_accepted",
            "bid.home_not_active",
            "bid.over_gateway",
            "bid.home_does_not_fit",
            "bid.no_free_place",
        ]);
    r.post("/bids/{id}/withdraw", withdraw)
        .summary("Withdraw a bid before the deadline")
        .may(Permission::SubmitBids)
        .answers::<BidView>(200)
        .refuses(&["bid.deadline_passed", "bid.request_not_open", "bid.wrong_state"]);
    r.get("/bids/{id}/receipt", receipt)
        .summary("The receipt of a submitted bid, as a file to keep")
        .may(Permission::ReadBids)
        .answers::<ReceiptView>(200);
    r.get("/bids/{id}/sealed-content", sealed_content)
        .summary("The canonical bytes whose SHA-256 the receipt names: of your own bid at any time, of one of your request after the opening")
        .may(Permission::ReadBids)
        .answers_bytes("application/json");
    r.post("/bids/{id}/mark-non-compliant", mark_non_compliant)
        .summary("Mark an opened bid as not compliant: it takes no part in scoring and ranking")
        .may(Permission::OpenBids)
        .body::<NonCompliance>()
        .answers::<BidView>(200)
        .refuses(&["bid.wrong_state", "request.text_names_child"]);
    r.post("/bids/{id}/mark-compliant", mark_compliant)
        .summary("Mark an opened bid as compliant after all")
        .may(Permission::OpenBids)
        .answers::<BidView>(200)
        .refuses(&["bid.wrong_state"]);
    r.post("/placement-requests/{id}/decline", decline)
        .summary("Decline a request for one of your homes, with a coded reason")
        .may(Permission::DeclineRequests)
        .body::<NewDecline>()
        .answers::<DeclineView>(201)
        .refuses(&[
            "bid.deadline_passed",
            "bid.request_not_open",
            "decline.bid_exists",
            "decline.already_declined",
        ]);
    r.get("/placement-requests/{id}/declines", declines)
        .summary("Who declined your request, for which home and why")
        .may(Permission::ReadDeclines)
        .lists::<DeclineView>();
}

/// The key under which the keys of the requests are wrapped.
pub fn server_key(app: &AppState) -> ServerKey {
    ServerKey::new(app.secret.derive(PURPOSE))
}

/// Which of one's own bids are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct BidFilter {
    /// Those on this request.
    placement_request_id: Option<PlacementRequestId>,
    /// Those in this state.
    status: Option<BidState>,
    /// The order; `newest` when absent.
    #[param(inline)]
    sort: Option<BidOrder>,
}

/// The bid with the names that belong to it.
fn view(tx: &mut Tx<'_>, bid: Bid, content: Content) -> Result<BidView> {
    let names = store::names_of(tx, bid.id)?;
    Ok(BidView::of(bid, content, names))
}

fn ok(tx: &mut Tx<'_>, bid: Bid, content: Content) -> Result<Answer> {
    let version = bid.version;
    Ok(Answer::ok(view(tx, bid, content)?)?.version(version))
}

fn summaries(tx: &mut Tx<'_>, opened: Vec<OpenedBid>) -> Result<Vec<OpenedSummary>> {
    let ids: Vec<BidId> = opened.iter().map(|open| open.bid.id).collect();
    let mut names = store::names(tx, &ids)?;
    let summary = |OpenedBid { bid, content }| {
        let names = names.remove(&bid.id).ok_or(Error::NotFound("bid"))?;
        Ok(OpenedSummary {
            id: bid.id,
            home: HomeName {
                id: bid.home_id,
                name: names.home,
            },
            provider: ProviderName {
                id: bid.provider_id,
                name: names.provider,
            },
            status: bid.state,
            starts_on: content.starts_on,
            price: content.price,
            weekly_total: content.weekly_total,
            remarks: content.remarks,
            receipt: bid.receipt,
            non_compliance_reason: bid.non_compliance,
            version: bid.version,
        })
    };
    opened.into_iter().map(summary).collect()
}

async fn create(door: Door<ProviderUser>, id: Id<PlacementRequestId>, body: Body<NewBid>) -> Reply {
    let key = server_key(&door.app);
    door.write(move |tx, actor| {
        let (bid, content) = actions::create(tx, actor, &key, *id, body.0)?;
        let (path, version) = (format!("/bids/{}", bid.id), bid.version);
        Ok(Answer::created(path, view(tx, bid, content)?)?.version(version))
    })
    .await
}

async fn list(door: Door<ProviderUser>, filter: Query<BidFilter>, page: Page) -> Reply {
    door.read(move |tx, actor| {
        let wanted = BidsWanted {
            request: filter.placement_request_id,
            state: filter.status,
            sort: filter.sort,
            ..BidsWanted::default()
        };
        let Items { items, next } = store::bids_of_provider(tx, actor.organisation_id, &wanted, &page)?;
        let ids: Vec<BidId> = items.iter().map(|bid| bid.id).collect();
        let mut names = store::names(tx, &ids)?;
        let summaries = items.into_iter().map(|bid| {
            let names = names.remove(&bid.id).ok_or(Error::NotFound("bid"))?;
            Ok(BidSummary {
                id: bid.id,
                placement_request_id: bid.request_id,
                request_reference: names.request_reference,
                home: HomeName {
                    id: bid.home_id,
                    name: names.home,
                },
                status: bid.state,
                has_unsent_version: bid.has_unsent_version(),
                receipt: bid.receipt,
                created_at: bid.created_at,
                version: bid.version,
            })
        });
        Answer::ok(Items {
            items: summaries.collect::<Result<Vec<_>>>()?,
            next,
        })
    })
    .await
}

async fn show(door: Door<Actor>, id: Id<BidId>) -> Reply {
    let key = server_key(&door.app);
    door.read(move |tx, actor| {
        let (bid, bytes) = readable(tx, actor, &key, *id)?;
        ok(tx, bid, Content::from_bytes(&bytes)?)
    })
    .await
}

/// A bid and the bytes of it that the asker may read: its own provider what it saved last, the authority what was opened.
fn readable(tx: &mut Tx<'_>, actor: &Actor, key: &ServerKey, id: BidId) -> Result<(Bid, Zeroizing<Vec<u8>>)> {
    if actor.organisation_kind == OrganisationKind::Provider {
        let bid = actions::own(tx, actor, id)?;
        let bytes = actions::unsealed(tx, key, &bid, bid.shown_version())?;
        return Ok((bid, bytes));
    }
    let (bid, _) = actions::opened_to(tx, actor, id)?;
    let bytes = store::opened_bytes(tx, id)?.ok_or(Error::NotFound("bid"))?;
    Ok((bid, Zeroizing::new(bytes.into_bytes())))
}

async fn revise(door: Door<ProviderUser>, id: Id<BidId>, body: Body<Terms>) -> Reply {
    let (key, if_match) = (server_key(&door.app), door.if_match()?);
    door.write(move |tx, actor| {
        let (bid, content) = actions::revise(tx, actor, &key, *id, body.0, if_match)?;
        ok(tx, bid, content)
    })
    .await
}

async fn submit(door: Door<ProviderUser>, id: Id<BidId>, _: NoBody) -> Reply {
    let (key, if_match) = (server_key(&door.app), door.if_match()?);
    door.write(move |tx, actor| {
        let (bid, content) = actions::submit(tx, actor, &key, *id, if_match)?;
        ok(tx, bid, content)
    })
    .await
}

async fn withdraw(door: Door<ProviderUser>, id: Id<BidId>, _: NoBody) -> Reply {
    let (key, if_match) = (server_key(&door.app), door.if_match()?);
    door.write(move |tx, actor| {
        let bid = actions::withdraw(tx, actor, *id, if_match)?;
        let content = actions::content_of(tx, &key, &bid)?;
        ok(tx, bid, content)
    })
    .await
}

/// The receipt of a bid that the asker may read, and the version of the bid.
pub(in crate::bids) fn receipt_of(tx: &mut Tx<'_>, actor: &Actor, id: BidId) -> Result<(ReceiptView, i64)> {
    let bid = match actor.organisation_kind {
        OrganisationKind::Provider => actions::own(tx, actor, id)?,
        _ => actions::opened_to(tx, actor, id)?.0,
    };
    let names = store::names_of(tx, bid.id)?;
    let view = ReceiptView {
        bid_id: bid.id,
        request_reference: names.request_reference,
        home: HomeName {
            id: bid.home_id,
            name: names.home,
        },
        receipt: bid.receipt.ok_or(Error::NotFound("receipt"))?,
        how_to_check: "Fetch the bid's sealed content (GET /api/v1/bids/{id}/sealed-content) and take the SHA-256 of \
                       its bytes as they are: it is this one, now and at any later time.",
    };
    Ok((view, bid.version))
}

async fn receipt(door: Door<Actor>, id: Id<BidId>) -> Reply {
    door.read(move |tx, actor| {
        let (view, version) = receipt_of(tx, actor, *id)?;
        Ok(Answer::ok(view)?.version(version))
    })
    .await
}

/// The canonical bytes whose SHA-256 the receipt names: the submitted version, whatever was saved since.
pub(in crate::bids) fn sealed_bytes(
    tx: &mut Tx<'_>,
    actor: &Actor,
    key: &ServerKey,
    id: BidId,
) -> Result<Zeroizing<Vec<u8>>> {
    if actor.organisation_kind != OrganisationKind::Provider {
        return Ok(readable(tx, actor, key, id)?.1);
    }
    let bid = actions::own(tx, actor, id)?;
    let version = bid.receipt.as_ref().map(|receipt| receipt.version);
    actions::unsealed(tx, key, &bid, version.ok_or(Error::NotFound("submitted version"))?)
}

async fn sealed_content(door: Door<Actor>, id: Id<BidId>) -> Reply {
    let key = server_key(&door.app);
    door.read(move |tx, actor| {
        let bytes = sealed_bytes(tx, actor, &key, *id)?;
        Answer::bytes("application/json", bytes.to_vec())
    })
    .await
}

async fn of_request(door: Door<AuthorityUser>, id: Id<PlacementRequestId>) -> Reply {
    door.read(move |tx, actor| {
        let request = requests::seen_by(tx, actor, *id)?;
        let bids = if request.opened.is_some() {
            let opened = store::opened(tx, *id)?;
            let items = summaries(tx, opened)?;
            BidsOfRequest {
                sealed: false,
                count: i64::try_from(items.len()).map_err(Error::internal)?,
                items,
            }
        } else {
            BidsOfRequest {
                sealed: true,
                count: store::submitted_count(tx, *id)?,
                items: Vec::new(),
            }
        };
        Answer::ok(bids)
    })
    .await
}

async fn open(door: Door<AuthorityUser>, id: Id<PlacementRequestId>, _: NoBody) -> Reply {
    let (key, if_match) = (server_key(&door.app), door.if_match()?);
    door.write(move |tx, actor| {
        let (request, opened) = actions::open(tx, actor, &key, *id, if_match)?;
        let opening = Opening {
            opened_at: tx.now,
            items: summaries(tx, opened)?,
        };
        Ok(Answer::ok(opening)?.version(request.version))
    })
    .await
}

async fn mark_non_compliant(door: Door<AuthorityUser>, id: Id<BidId>, body: Body<NonCompliance>) -> Reply {
    let (key, if_match) = (ConfidentialKey::of(&door.app.secret), door.if_match()?);
    door.write(move |tx, actor| {
        let bid = actions::mark_non_compliant(tx, actor, &key, *id, body.0.reason, if_match)?;
        marked(tx, bid)
    })
    .await
}

async fn mark_compliant(door: Door<AuthorityUser>, id: Id<BidId>, _: NoBody) -> Reply {
    let if_match = door.if_match()?;
    door.write(move |tx, actor| {
        let bid = actions::mark_compliant(tx, actor, *id, if_match)?;
        marked(tx, bid)
    })
    .await
}

fn marked(tx: &mut Tx<'_>, bid: Bid) -> Result<Answer> {
    let bytes = store::opened_bytes(tx, bid.id)?.ok_or(Error::NotFound("bid"))?;
    ok(tx, bid, Content::from_bytes(bytes.as_bytes())?)
}

async fn decline(door: Door<ProviderUser>, id: Id<PlacementRequestId>, body: Body<NewDecline>) -> Reply {
    door.write(move |tx, actor| {
        let decline = actions::decline(tx, actor, *id, body.0)?;
        let (home, provider) = store::names_of_decline(tx, decline.id)?;
        Answer::created(
            format!("/placement-requests/{}/declines", *id),
            DeclineView::of((decline, home, provider)),
        )
    })
    .await
}

async fn declines(door: Door<AuthorityUser>, id: Id<PlacementRequestId>, page: Page) -> Reply {
    door.read(move |tx, actor| {
        requests::seen_by(tx, actor, *id)?;
        let declines = store::declines(tx, *id, &page)?;
        Answer::ok(Items::of(declines, &page, |(decline, ..)| decline.id).map(DeclineView::of))
    })
    .await
}

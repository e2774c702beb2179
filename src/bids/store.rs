//! Rows of bids, their sealed versions, what the opening made readable, and declines.

mod counts;
mod declines;
mod sealed;

pub use counts::{opened_states, submitted_counts};
pub use declines::{declines, declines_of_provider, insert_declines, names_of_decline, take_back_declines};
pub use sealed::{shown_versions, wrapped_keys};

use super::content::Content;
use super::rules::{Bid, BidRefused, BidState, Receipt};
use crate::clock::Instant;
use crate::codes;
use crate::db::schema::{bid_versions, bids, homes, opened_bids, organisations, placement_requests, sealing_keys};
use crate::db::search::{containing, lower};
use crate::db::{Tx, all_rows, ascending, descending, one_row, text_column, unless_taken};
use crate::each;
use crate::error::{Error, Result};
use crate::ids::{BidId, HomeId, OrganisationId, PersonId, PlacementRequestId};
use crate::web::paging::{Items, Page, cursor};
use diesel::prelude::*;
use std::collections::HashMap;

text_column!(BidState);

#[derive(Queryable)]
struct BidRow {
    id: BidId,
    request_id: PlacementRequestId,
    home_id: HomeId,
    provider_id: OrganisationId,
    state: BidState,
    sealed_version: i32,
    submitted_version: Option<i32>,
    submitted_at: Option<Instant>,
    sha256: Option<String>,
    withdrawn_at: Option<Instant>,
    opened_at: Option<Instant>,
    non_compliance: Option<String>,
    created_by: PersonId,
    created_at: Instant,
    version: i64,
}

impl TryFrom<BidRow> for Bid {
    type Error = Error;

    fn try_from(row: BidRow) -> Result<Self> {
        let receipt = match (row.submitted_version, row.submitted_at, row.sha256) {
            (Some(version), Some(submitted_at), Some(sha256)) => Some(Receipt {
                submitted_at,
                version,
                sha256,
            }),
            (None, None, None) => None,
            _ => return Err(corrupt("bids", row.id)),
        };
        Ok(Self {
            id: row.id,
            request_id: row.request_id,
            home_id: row.home_id,
            provider_id: row.provider_id,
            state: row.state,
            sealed_version: row.sealed_version,
            receipt,
            withdrawn_at: row.withdrawn_at,
            opened_at: row.opened_at,
            non_compliance: row.non_compliance,
            created_by: row.created_by,
            created_at: row.created_at,
            version: row.version,
        })
    }
}

fn corrupt(table: &'static str, id: BidId) -> Error {
    Error::CorruptRow {
        table,
        id: id.to_string(),
    }
}

fn whole(rows: Vec<BidRow>) -> Result<Vec<Bid>> {
    rows.into_iter().map(Bid::try_from).collect()
}

/// One bid.
pub fn bid(tx: &mut Tx<'_>, id: BidId) -> Result<Option<Bid>> {
    bids::table
        .find(id)
        .first::<BidRow>(tx.conn)
        .optional()?
        .map(Bid::try_from)
        .transpose()
}

/// These bids.
pub fn bids(tx: &mut Tx<'_>, ids: &[BidId]) -> Result<Vec<Bid>> {
    whole(bids::table.filter(bids::id.eq_any(ids)).load::<BidRow>(tx.conn)?)
}

/// The bids of a request that stand in one of these states, in the order they were begun.
pub fn bids_of_request(tx: &mut Tx<'_>, request: PlacementRequestId, states: &[BidState]) -> Result<Vec<Bid>> {
    let rows = bids::table
        .filter(bids::placement_request_id.eq(request))
        .filter(bids::state.eq_any(states))
        .order(bids::id)
        .load::<BidRow>(tx.conn)?;
    whole(rows)
}

codes! {
    /// The orders of a provider's list of its bids.
    pub enum BidOrder {
        Newest("newest", "Newest first"),
        Deadline("deadline", "Deadline, soonest first"),
        Home("home", "Home"),
    }
}

/// Which of its bids a provider wants listed, and in which order.
#[derive(Debug, Clone, Default)]
pub struct BidsWanted {
    /// Those on this request.
    pub request: Option<PlacementRequestId>,
    /// Those in this state.
    pub state: Option<BidState>,
    /// Those on requests whose reference has this in it.
    pub reference: Option<String>,
    /// In this order; the newest first where none is said.
    pub sort: Option<BidOrder>,
}

/// A part of a provider's bids.
pub fn bids_of_provider(
    tx: &mut Tx<'_>,
    provider: OrganisationId,
    wanted: &BidsWanted,
    page: &Page,
) -> Result<Items<Bid>> {
    let mut query = bids::table
        .inner_join(placement_requests::table)
        .inner_join(homes::table)
        .filter(bids::provider_id.eq(provider))
        .select((bids::all_columns, placement_requests::bids_close_at, homes::name))
        .into_boxed();
    if let Some(request) = wanted.request {
        query = query.filter(bids::placement_request_id.eq(request));
    }
    if let Some(state) = wanted.state {
        query = query.filter(bids::state.eq(state));
    }
    if let Some(reference) = &wanted.reference {
        query = query.filter(
            lower(placement_requests::reference)
                .like(containing(reference))
                .escape('\\'),
        );
    }
    let order = wanted.sort.unwrap_or(BidOrder::Newest);
    let query = match order {
        BidOrder::Newest => descending!(query, page.after_in::<BidId>(order)?, bids::id),
        BidOrder::Deadline => ascending!(
            query,
            page.after_in::<(Instant, BidId)>(order)?,
            placement_requests::bids_close_at,
            bids::id
        ),
        BidOrder::Home => {
            ascending!(query, page.after_in::<(String, BidId)>(order)?, any case homes::name, bids::id)
        }
    };
    let rows: Vec<(BidRow, Instant, String)> = query.limit(page.fetch()).load(tx.conn)?;
    let Items { items, next } = Items::of(rows, page, |(row, deadline, home)| match order {
        BidOrder::Newest => cursor(order, row.id),
        BidOrder::Deadline => cursor(order, (deadline, row.id)),
        BidOrder::Home => cursor(order, (home, row.id)),
    });
    let items = whole(items.into_iter().map(|(row, ..)| row).collect())?;
    Ok(Items { items, next })
}

/// A provider's bids on these requests that were not withdrawn, in the order they were begun.
pub fn live_bids_of_provider(
    tx: &mut Tx<'_>,
    provider: OrganisationId,
    requests: &[PlacementRequestId],
) -> Result<Vec<Bid>> {
    let rows = bids::table
        .filter(bids::provider_id.eq(provider))
        .filter(bids::placement_request_id.eq_any(requests))
        .filter(bids::state.ne(BidState::Withdrawn))
        .order(bids::id)
        .load::<BidRow>(tx.conn)?;
    whole(rows)
}

/// How many bids are submitted.
pub fn submitted_count(tx: &mut Tx<'_>, request: PlacementRequestId) -> Result<i64> {
    let submitted = bids::table
        .filter(bids::placement_request_id.eq(request))
        .filter(bids::submitted_version.is_not_null())
        .filter(bids::state.ne(BidState::Withdrawn));
    Ok(submitted.count().get_result(tx.conn)?)
}

/// Keeps a new bid; the unique index on live bids decides between two at once.
pub fn insert(tx: &mut Tx<'_>, bid: &Bid) -> Result<()> {
    let inserted = diesel::insert_into(bids::table)
        .values((
            bids::id.eq(bid.id),
            bids::placement_request_id.eq(bid.request_id),
            bids::home_id.eq(bid.home_id),
            bids::provider_id.eq(bid.provider_id),
            bids::state.eq(bid.state),
            bids::sealed_version.eq(bid.sealed_version),
            bids::created_by.eq(bid.created_by),
            bids::created_at.eq(bid.created_at),
            bids::version.eq(bid.version),
        ))
        .execute(tx.conn);
    unless_taken(inserted, || BidRefused::AlreadyExists.into()).map(|_| ())
}

/// Keeps a changed bid, unless somebody changed it meanwhile. Answers it with its new version.
pub fn update(tx: &mut Tx<'_>, bid: Bid) -> Result<Bid> {
    let receipt = bid.receipt.as_ref();
    let rows = diesel::update(bids::table.find(bid.id).filter(bids::version.eq(bid.version)))
        .set((
            bids::state.eq(bid.state),
            bids::sealed_version.eq(bid.sealed_version),
            bids::submitted_version.eq(receipt.map(|receipt| receipt.version)),
            bids::submitted_at.eq(receipt.map(|receipt| receipt.submitted_at)),
            bids::sha256.eq(receipt.map(|receipt| receipt.sha256.as_str())),
            bids::withdrawn_at.eq(bid.withdrawn_at),
            bids::opened_at.eq(bid.opened_at),
            bids::non_compliance_reason.eq(bid.non_compliance.as_deref()),
            bids::version.eq(bid.version + 1),
        ))
        .execute(tx.conn)?;
    one_row(rows)?;
    Ok(Bid {
        version: bid.version + 1,
        ..bid
    })
}

/// Keeps bids that were all opened now, by one statement for those that stand alike; the caller holds the request's row. Answers them
/// with their new versions.
pub fn keep_opened(tx: &mut Tx<'_>, opened: Vec<Bid>) -> Result<Vec<Bid>> {
    let mut alike: HashMap<(BidState, Option<&str>), Vec<BidId>> = HashMap::new();
    for bid in &opened {
        let like_it = alike.entry((bid.state, bid.non_compliance.as_deref()));
        like_it.or_default().push(bid.id);
    }
    for ((state, reason), ids) in alike {
        let meant = ids.len();
        let submitted = bids::table
            .filter(bids::id.eq_any(ids))
            .filter(bids::state.eq(BidState::Submitted));
        let rows = diesel::update(submitted)
            .set((
                bids::state.eq(state),
                bids::opened_at.eq(tx.now),
                bids::non_compliance_reason.eq(reason),
                bids::version.eq(bids::version + 1),
            ))
            .execute(tx.conn)?;
        all_rows(rows, meant)?;
    }
    let versions = opened.into_iter().map(|bid| Bid {
        version: bid.version + 1,
        ..bid
    });
    Ok(versions.collect())
}

/// Gives bids that stood in one of these states another one; the caller holds the request's row.
pub fn set_state(tx: &mut Tx<'_>, ids: &[BidId], from: &[BidState], to: BidState) -> Result<()> {
    let standing = bids::table
        .filter(bids::id.eq_any(ids))
        .filter(bids::state.eq_any(from));
    let rows = diesel::update(standing)
        .set((bids::state.eq(to), bids::version.eq(bids::version + 1)))
        .execute(tx.conn)?;
    all_rows(rows, ids.len())
}

/// The wrapped key of a request.
pub fn wrapped_key(tx: &mut Tx<'_>, request: PlacementRequestId) -> Result<Option<Vec<u8>>> {
    Ok(sealing_keys::table
        .find(request)
        .select(sealing_keys::wrapped_key)
        .first(tx.conn)
        .optional()?)
}

/// Keeps the wrapped key of a request; the caller holds the request's row.
pub fn insert_key(tx: &mut Tx<'_>, request: PlacementRequestId, wrapped: &[u8]) -> Result<()> {
    diesel::insert_into(sealing_keys::table)
        .values((
            sealing_keys::placement_request_id.eq(request),
            sealing_keys::wrapped_key.eq(wrapped),
            sealing_keys::created_at.eq(tx.now),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// A version of a bid as it was sealed.
pub fn sealed(tx: &mut Tx<'_>, bid: BidId, number: i32) -> Result<Vec<u8>> {
    let sealed = bid_versions::table
        .find((bid, number))
        .select(bid_versions::sealed)
        .first(tx.conn)
        .optional()?;
    sealed.ok_or_else(|| corrupt("bid_versions", bid))
}

/// Keeps a new sealed version.
pub fn insert_version(tx: &mut Tx<'_>, bid: BidId, number: i32, sealed: &[u8], by: PersonId) -> Result<()> {
    diesel::insert_into(bid_versions::table)
        .values((
            bid_versions::bid_id.eq(bid),
            bid_versions::number.eq(number),
            bid_versions::sealed.eq(sealed),
            bid_versions::sealed_by.eq(by),
            bid_versions::sealed_at.eq(tx.now),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Keeps another content as a version that was not submitted yet.
pub fn replace_version(tx: &mut Tx<'_>, bid: BidId, number: i32, sealed: &[u8], by: PersonId) -> Result<()> {
    let unsent = bid_versions::table
        .find((bid, number))
        .filter(bid_versions::submitted_at.is_null());
    let rows = diesel::update(unsent)
        .set((
            bid_versions::sealed.eq(sealed),
            bid_versions::sealed_by.eq(by),
            bid_versions::sealed_at.eq(tx.now),
        ))
        .execute(tx.conn)?;
    one_row(rows)
}

/// Keeps a version as it was submitted: for good, the databases refuse to change it from then on.
pub fn submit_version(tx: &mut Tx<'_>, bid: BidId, number: i32, sealed: &[u8], sha256: &str) -> Result<()> {
    let unsent = bid_versions::table
        .find((bid, number))
        .filter(bid_versions::submitted_at.is_null());
    let rows = diesel::update(unsent)
        .set((
            bid_versions::sealed.eq(sealed),
            bid_versions::sha256.eq(sha256),
            bid_versions::submitted_at.eq(tx.now),
        ))
        .execute(tx.conn)?;
    one_row(rows)
}

/// What there is to open: the submitted bids of a request, each with its submitted version as sealed.
pub fn to_open(tx: &mut Tx<'_>, request: PlacementRequestId) -> Result<Vec<(Bid, Vec<u8>)>> {
    let rows: Vec<(BidRow, Vec<u8>)> = bids::table
        .inner_join(
            bid_versions::table.on(bid_versions::bid_id
                .eq(bids::id)
                .and(bid_versions::number.nullable().eq(bids::submitted_version))),
        )
        .filter(bids::placement_request_id.eq(request))
        .filter(bids::state.eq(BidState::Submitted))
        .order(bids::id)
        .select((bids::all_columns, bid_versions::sealed))
        .load(tx.conn)?;
    rows.into_iter()
        .map(|(row, sealed)| Ok((Bid::try_from(row)?, sealed)))
        .collect()
}

/// A bid with its opened content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedBid {
    /// The bid.
    pub bid: Bid,
    /// What it says: byte for byte what the receipt's SHA-256 is of.
    pub content: Content,
}

/// Keeps opened contents, each with the bytes it was read from.
pub fn insert_opened(tx: &mut Tx<'_>, opened: &[(Content, String)]) -> Result<()> {
    if opened.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = opened
        .iter()
        .map(|(content, bytes)| {
            (
                opened_bids::bid_id.eq(content.bid_id),
                opened_bids::core.eq(content.price.core),
                opened_bids::additional_support.eq(content.price.additional_support),
                opened_bids::education.eq(content.price.education),
                opened_bids::other.eq(content.price.other),
                opened_bids::weekly_total.eq(content.weekly_total),
                opened_bids::starts_on.eq(content.starts_on),
                opened_bids::content.eq(bytes),
                opened_bids::opened_at.eq(tx.now),
            )
        })
        .collect();
    each!(&mut *tx.conn, c => diesel::insert_into(opened_bids::table).values(&rows).execute(c))?;
    Ok(())
}

/// The opened bids of a request, in the order they were begun.
pub fn opened(tx: &mut Tx<'_>, request: PlacementRequestId) -> Result<Vec<OpenedBid>> {
    opened_of(tx, &[request])
}

/// The opened bids of these requests, in the order they were begun.
pub fn opened_of(tx: &mut Tx<'_>, requests: &[PlacementRequestId]) -> Result<Vec<OpenedBid>> {
    let rows: Vec<(BidRow, String)> = bids::table
        .inner_join(opened_bids::table)
        .filter(bids::placement_request_id.eq_any(requests.to_vec()))
        .order(bids::id)
        .select((bids::all_columns, opened_bids::content))
        .load(tx.conn)?;
    rows.into_iter()
        .map(|(row, bytes)| {
            Ok(OpenedBid {
                bid: row.try_into()?,
                content: Content::from_bytes(bytes.as_bytes())?,
            })
        })
        .collect()
}

/// The canonical bytes of an opened bid.
pub fn opened_bytes(tx: &mut Tx<'_>, bid: BidId) -> Result<Option<String>> {
    Ok(opened_bids::table
        .find(bid)
        .select(opened_bids::content)
        .first(tx.conn)
        .optional()?)
}

/// What the ids of a bid stand for, in words.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Names {
    /// The placement request's reference.
    pub request_reference: String,
    /// The home's name.
    pub home: String,
    /// The provider's name.
    pub provider: String,
}

/// The names that belong to these bids, by bid.
pub fn names(tx: &mut Tx<'_>, of: &[BidId]) -> Result<HashMap<BidId, Names>> {
    let rows: Vec<(BidId, Names)> = bids::table
        .inner_join(placement_requests::table)
        .inner_join(homes::table)
        .inner_join(organisations::table)
        .filter(bids::id.eq_any(of))
        .select((
            bids::id,
            (placement_requests::reference, homes::name, organisations::name),
        ))
        .load(tx.conn)?;
    Ok(rows.into_iter().collect())
}

/// The names that belong to a bid.
pub fn names_of(tx: &mut Tx<'_>, id: BidId) -> Result<Names> {
    names(tx, &[id])?.remove(&id).ok_or(Error::NotFound("bid"))
}

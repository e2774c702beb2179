//! Rows of declines.

use crate::bids::rules::{BidRefused, Decline};
use crate::clock::Instant;
use crate::db::schema::{declines, homes, organisations};
use crate::db::{ROWS_AT_ONCE, Tx, unless_taken};
use crate::each;
use crate::error::Result;
use crate::ids::{DeclineId, HomeId, OrganisationId, PersonId, PlacementRequestId};
use crate::values::DeclineReason;
use crate::web::Page;
use diesel::prelude::*;

#[derive(Queryable)]
struct DeclineRow {
    id: DeclineId,
    request_id: PlacementRequestId,
    home_id: HomeId,
    provider_id: OrganisationId,
    reason: DeclineReason,
    note: Option<String>,
    declined_by: PersonId,
    declined_at: Instant,
}

impl From<DeclineRow> for Decline {
    fn from(row: DeclineRow) -> Self {
        Self {
            id: row.id,
            request_id: row.request_id,
            home_id: row.home_id,
            provider_id: row.provider_id,
            reason: row.reason,
            note: row.note,
            declined_by: row.declined_by,
            declined_at: row.declined_at,
        }
    }
}

/// Keeps declines; the unique index decides between two at once.
pub fn insert_declines(tx: &mut Tx<'_>, new: &[Decline]) -> Result<()> {
    let rows: Vec<_> = new
        .iter()
        .map(|decline| {
            (
                declines::id.eq(decline.id),
                declines::placement_request_id.eq(decline.request_id),
                declines::home_id.eq(decline.home_id),
                declines::provider_id.eq(decline.provider_id),
                declines::reason.eq(decline.reason),
                declines::note.eq(decline.note.as_deref()),
                declines::declined_by.eq(decline.declined_by),
                declines::created_at.eq(decline.declined_at),
            )
        })
        .collect();
    for rows in rows.chunks(ROWS_AT_ONCE) {
        let inserted = each!(tx.conn, c => diesel::insert_into(declines::table).values(rows).execute(c));
        unless_taken(inserted, || BidRefused::AlreadyDeclined.into())?;
    }
    Ok(())
}

/// Takes back the declines for these homes, where there are any: they have bid after all.
pub fn take_back_declines(tx: &mut Tx<'_>, request: PlacementRequestId, homes: &[HomeId]) -> Result<()> {
    let declined = declines::table
        .filter(declines::placement_request_id.eq(request))
        .filter(declines::home_id.eq_any(homes));
    diesel::delete(declined).execute(tx.conn)?;
    Ok(())
}

/// The declines of a request from a cursor on, the oldest first, each with the names of home and provider.
pub fn declines(tx: &mut Tx<'_>, request: PlacementRequestId, page: &Page) -> Result<Vec<(Decline, String, String)>> {
    let mut query = declines::table
        .inner_join(homes::table)
        .inner_join(organisations::table)
        .filter(declines::placement_request_id.eq(request))
        .select((declines::all_columns, homes::name, organisations::name))
        .into_boxed();
    if let Some(after) = page.after::<DeclineId>()? {
        query = query.filter(declines::id.gt(after));
    }
    let rows: Vec<(DeclineRow, String, String)> = query.order(declines::id).limit(page.fetch()).load(tx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(row, home, provider)| (row.into(), home, provider))
        .collect())
}

/// A provider's declines of these requests.
pub fn declines_of_provider(
    tx: &mut Tx<'_>,
    provider: OrganisationId,
    requests: &[PlacementRequestId],
) -> Result<Vec<Decline>> {
    let rows: Vec<DeclineRow> = declines::table
        .filter(declines::provider_id.eq(provider))
        .filter(declines::placement_request_id.eq_any(requests))
        .order(declines::id)
        .load(tx.conn)?;
    Ok(rows.into_iter().map(Decline::from).collect())
}

/// The names of the home and of the provider of a decline.
pub fn names_of_decline(tx: &mut Tx<'_>, id: DeclineId) -> Result<(String, String)> {
    let named = declines::table
        .find(id)
        .inner_join(homes::table)
        .inner_join(organisations::table);
    Ok(named.select((homes::name, organisations::name)).first(tx.conn)?)
}

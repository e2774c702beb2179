//! Rows of what is due.

use crate::awards::rules::{DueItem, DueKind};
use crate::clock::Instant;
use crate::codes;
use crate::db::schema::{awards, due_items, placement_requests};
use crate::db::{Tx, ascending, one_row};
use crate::error::Result;
use crate::ids::{AwardId, DueItemId, OrganisationId, PersonId};
use crate::web::paging::{Items, Page, cursor};
use chrono::NaiveDate;
use diesel::prelude::*;

#[derive(Queryable)]
struct DueItemRow {
    id: DueItemId,
    award_id: AwardId,
    authority_id: OrganisationId,
    kind: DueKind,
    area_gss_code: String,
    due_on: NaiveDate,
    note: Option<String>,
    done_by: Option<PersonId>,
    done_at: Option<Instant>,
    _created_at: Instant,
    version: i64,
}

impl From<DueItemRow> for DueItem {
    fn from(row: DueItemRow) -> Self {
        Self {
            id: row.id,
            award_id: row.award_id,
            authority_id: row.authority_id,
            kind: row.kind,
            area_gss_code: row.area_gss_code,
            due_on: row.due_on,
            note: row.note,
            done: row.done_by.zip(row.done_at),
            version: row.version,
        }
    }
}

/// One due item.
pub fn due_item(tx: &mut Tx<'_>, id: DueItemId) -> Result<Option<DueItem>> {
    Ok(due_items::table
        .find(id)
        .first::<DueItemRow>(tx.conn)
        .optional()?
        .map(DueItem::from))
}

/// What is due because of an award.
pub fn due_items_of(tx: &mut Tx<'_>, award: AwardId) -> Result<Vec<DueItem>> {
    due_items_of_awards(tx, &[award])
}

/// What is due because of these awards.
pub fn due_items_of_awards(tx: &mut Tx<'_>, awards: &[AwardId]) -> Result<Vec<DueItem>> {
    let rows = due_items::table
        .filter(due_items::award_id.eq_any(awards.to_vec()))
        .order(due_items::id)
        .load::<DueItemRow>(tx.conn)?;
    Ok(rows.into_iter().map(DueItem::from).collect())
}

codes! {
    /// The orders of what is due.
    pub enum DueOrder {
        Due("due", "Due day, soonest first"),
        Made("made", "First made first"),
    }
}

/// What a list of what is due is narrowed to, and its order.
#[derive(Debug, Clone, Default)]
pub struct DueNarrowed {
    /// To what is done, or to what is not.
    pub done: Option<bool>,
    /// To what is owed to the authority with this GSS code.
    pub area: Option<String>,
    /// To that of the request that people call so.
    pub reference: Option<String>,
    /// In this order; what is due first at the front where none is said.
    pub sort: Option<DueOrder>,
}

/// The authorities, by their GSS codes, to which an authority owes anything or has.
pub fn areas_owed(tx: &mut Tx<'_>, authority: OrganisationId) -> Result<Vec<String>> {
    Ok(due_items::table
        .filter(due_items::authority_id.eq(authority))
        .select(due_items::area_gss_code)
        .distinct()
        .order(due_items::area_gss_code)
        .load(tx.conn)?)
}

/// A part of what an authority owes, each with the reference of its request.
pub fn due_items_of_authority(
    tx: &mut Tx<'_>,
    authority: OrganisationId,
    narrowed: &DueNarrowed,
    page: &Page,
) -> Result<Items<(DueItem, String)>> {
    let mut query = due_items::table
        .inner_join(awards::table.inner_join(placement_requests::table))
        .filter(due_items::authority_id.eq(authority))
        .select((due_items::all_columns, placement_requests::reference))
        .into_boxed();
    query = match narrowed.done {
        Some(true) => query.filter(due_items::done_at.is_not_null()),
        Some(false) => query.filter(due_items::done_at.is_null()),
        None => query,
    };
    if let Some(area) = &narrowed.area {
        query = query.filter(due_items::area_gss_code.eq(area));
    }
    if let Some(reference) = &narrowed.reference {
        query = query.filter(placement_requests::reference.eq(reference));
    }
    let order = narrowed.sort.unwrap_or(DueOrder::Due);
    let query = match order {
        DueOrder::Made => ascending!(query, page.after_in::<DueItemId>(order)?, due_items::id),
        DueOrder::Due => {
            let after = page.after_in::<(NaiveDate, DueItemId)>(order)?;
            ascending!(query, after, due_items::due_on, due_items::id)
        }
    };
    let rows = query.limit(page.fetch()).load::<(DueItemRow, String)>(tx.conn)?;
    let part = Items::of(rows, page, |(row, _)| match order {
        DueOrder::Made => cursor(order, row.id),
        DueOrder::Due => cursor(order, (row.due_on, row.id)),
    });
    Ok(part.map(|(row, reference)| (row.into(), reference)))
}

/// Keeps a new due item.
pub fn insert_due_item(tx: &mut Tx<'_>, item: &DueItem) -> Result<()> {
    diesel::insert_into(due_items::table)
        .values((
            due_items::id.eq(item.id),
            due_items::award_id.eq(item.award_id),
            due_items::authority_id.eq(item.authority_id),
            due_items::kind.eq(item.kind),
            due_items::area_gss_code.eq(item.area_gss_code.as_str()),
            due_items::due_on.eq(item.due_on),
            due_items::created_at.eq(tx.now),
            due_items::version.eq(item.version),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Keeps a changed due item, unless somebody changed it meanwhile. Answers it with its new version.
pub fn update_due_item(tx: &mut Tx<'_>, item: DueItem) -> Result<DueItem> {
    let rows = diesel::update(
        due_items::table
            .find(item.id)
            .filter(due_items::version.eq(item.version)),
    )
    .set((
        due_items::due_on.eq(item.due_on),
        due_items::note.eq(item.note.as_deref()),
        due_items::done_by.eq(item.done.map(|(by, _)| by)),
        due_items::done_at.eq(item.done.map(|(_, at)| at)),
        due_items::version.eq(item.version + 1),
    ))
    .execute(tx.conn)?;
    one_row(rows)?;
    Ok(DueItem {
        version: item.version + 1,
        ..item
    })
}

/// Drops what is due because of an award and not done: the award came to nothing.
pub fn drop_due_items(tx: &mut Tx<'_>, award: AwardId) -> Result<()> {
    let open = due_items::table
        .filter(due_items::award_id.eq(award))
        .filter(due_items::done_at.is_null());
    diesel::delete(open).execute(tx.conn)?;
    Ok(())
}

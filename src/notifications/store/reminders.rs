use std::collections::HashSet;

use chrono::{Duration, NaiveDate};
use diesel::prelude::*;

use super::literal;
use crate::clock::Instant;
use crate::db::Tx;
use crate::db::schema::{awards, due_items, events, placement_requests};
use crate::error::Result;
use crate::ids::{AwardId, DueItemId, PlacementRequestId};

/// How long after its moment something is still worth telling: a worker that was away for longer passes it over.
const STILL_NEWS: Duration = Duration::days(7);

/// A published request and the moments that its reminders go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct Closing {
    /// The request.
    pub request_id: PlacementRequestId,
    /// When it was published.
    pub published_at: Option<Instant>,
    /// When bids close.
    pub bids_close_at: Instant,
}

/// The published requests whose bids close within a span from now.
pub fn requests_closing(tx: &mut Tx<'_>, within: Duration) -> Result<Vec<Closing>> {
    closing_between(tx, tx.now, tx.now.plus(within))
}

/// The published requests whose bids closed lately and wait to be opened.
pub fn requests_closed(tx: &mut Tx<'_>) -> Result<Vec<Closing>> {
    closing_between(tx, tx.now.minus(STILL_NEWS), tx.now)
}

fn closing_between(tx: &mut Tx<'_>, after: Instant, until: Instant) -> Result<Vec<Closing>> {
    let closing = placement_requests::table
        .filter(literal("placement_requests.state = 'published'"))
        .filter(placement_requests::bids_close_at.gt(after))
        .filter(placement_requests::bids_close_at.le(until))
        .order(placement_requests::bids_close_at)
        .select((
            placement_requests::id,
            placement_requests::published_at,
            placement_requests::bids_close_at,
        ));
    Ok(closing.load(tx.conn)?)
}

/// The awards whose standstill ended lately and that wait to be confirmed.
pub fn awards_standing_free(tx: &mut Tx<'_>) -> Result<Vec<AwardId>> {
    let free = awards::table
        .filter(literal("awards.state = 'approved'"))
        .filter(awards::standstill_ends_at.gt(tx.now.minus(STILL_NEWS)))
        .filter(awards::standstill_ends_at.le(tx.now))
        .select(awards::id);
    Ok(free.load(tx.conn)?)
}

/// What is due and not done, and whose last day in time was over lately; with that day.
pub fn items_overdue(tx: &mut Tx<'_>) -> Result<Vec<(DueItemId, NaiveDate)>> {
    let today = tx.now.date_in_uk();
    let overdue = due_items::table
        .filter(due_items::done_at.is_null())
        .filter(due_items::due_on.lt(today))
        .filter(due_items::due_on.ge(today - STILL_NEWS))
        .select((due_items::id, due_items::due_on));
    Ok(overdue.load(tx.conn)?)
}

/// Which of these keys an event was emitted for already.
pub fn known_keys(tx: &mut Tx<'_>, keys: &[String]) -> Result<HashSet<String>> {
    let known = events::table.filter(events::dedupe.eq_any(keys)).select(events::dedupe);
    let known: Vec<Option<String>> = known.load(tx.conn)?;
    Ok(known.into_iter().flatten().collect())
}

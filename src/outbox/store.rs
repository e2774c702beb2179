//! Rows of the events table.

use super::Event;
use crate::clock::Instant;
use crate::db::schema::{events, mails};
use crate::db::{ROWS_AT_ONCE, Tx, json_column};
use crate::each;
use crate::error::Result;
use crate::ids::EventId;
use diesel::prelude::*;

json_column!(Event);

/// Writes events.
pub(crate) fn insert(tx: &mut Tx<'_>, events: &[Event]) -> Result<()> {
    for events in events.chunks(ROWS_AT_ONCE) {
        let rows: Vec<NewEvent<'_>> = events.iter().map(|event| row(tx, event, None)).collect();
        each!(tx.conn, c => diesel::insert_into(events::table).values(rows).execute(c))?;
    }
    Ok(())
}

/// Writes events, but for those whose keys are there. Answers how many were written.
pub(crate) fn insert_once(tx: &mut Tx<'_>, events: &[(Event, String)]) -> Result<usize> {
    let mut written = 0;
    for events in events.chunks(ROWS_AT_ONCE) {
        let rows: Vec<NewEvent<'_>> = events.iter().map(|(event, key)| row(tx, event, Some(key))).collect();
        written += each!(tx.conn, c => {
            let statement = diesel::insert_into(events::table).values(rows);
            statement.on_conflict(events::dedupe).do_nothing().execute(c)
        })?;
    }
    Ok(written)
}

#[derive(Insertable)]
#[diesel(table_name = events, treat_none_as_default_value = false)]
struct NewEvent<'a> {
    id: EventId,
    kind: &'static str,
    payload: &'a Event,
    dedupe: Option<String>,
    state: &'static str,
    attempts: i32,
    run_after: Instant,
    created_at: Instant,
}

fn row<'a>(tx: &Tx<'_>, event: &'a Event, dedupe: Option<&str>) -> NewEvent<'a> {
    NewEvent {
        id: EventId::new(tx.now),
        kind: event.kind(),
        payload: event,
        dedupe: dedupe.map(str::to_owned),
        state: "pending",
        attempts: 0,
        run_after: tx.now,
        created_at: tx.now,
    }
}

/// What waits just now.
pub(super) fn queue_state(tx: &mut Tx<'_>) -> Result<super::QueueState> {
    let seconds = |due: Option<Instant>| due.map_or(0, |due| tx.now.since(due).num_seconds().max(0));
    let pending = events::table.filter(events::state.eq("pending"));
    let (count, oldest): (i64, Option<Instant>) = pending
        .select((diesel::dsl::count_star(), diesel::dsl::min(events::run_after)))
        .first(tx.conn)?;
    let waiting = mails::table.filter(mails::state.eq_any(["queued", "sending"]));
    let (mail_count, oldest_mail): (i64, Option<Instant>) = waiting
        .select((diesel::dsl::count_star(), diesel::dsl::min(mails::next_attempt_at)))
        .first(tx.conn)?;
    let given_up = mails::table
        .filter(mails::state.eq("given_up"))
        .count()
        .get_result(tx.conn)?;
    Ok(super::QueueState {
        events: (count, seconds(oldest)),
        mails: (mail_count, seconds(oldest_mail)),
        given_up,
    })
}

/// Counts as told whatever happened before this moment: for a history that was made, not lived.
pub(crate) fn settle_before(tx: &mut Tx<'_>, moment: Instant) -> Result<()> {
    diesel::update(events::table.filter(events::state.eq("pending").and(events::created_at.lt(moment))))
        .set((events::state.eq("done"), events::processed_at.eq(tx.now)))
        .execute(tx.conn)?;
    Ok(())
}

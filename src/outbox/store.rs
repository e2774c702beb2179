//! Rows of the events table.

use super::Event;
use crate::db::schema::events;
use crate::db::{Both, Tx, json_column};
use crate::error::Result;
use crate::ids::EventId;
use diesel::prelude::*;

json_column!(Event);

/// Writes an event.
pub(crate) fn insert(tx: &mut Tx<'_>, event: &Event, dedupe: Option<&str>) -> Result<()> {
    diesel::insert_into(events::table)
        .values(row(tx, event, dedupe))
        .execute(tx.conn)?;
    Ok(())
}

/// Writes an event unless one with this key is there. Answers whether it was written.
pub(crate) fn insert_once(tx: &mut Tx<'_>, event: &Event, dedupe: &str) -> Result<bool> {
    let row = row(tx, event, Some(dedupe));
    let statement = diesel::insert_into(events::table)
        .values(row)
        .on_conflict(events::dedupe)
        .do_nothing();
    Ok(Both(statement).execute(tx.conn)? == 1)
}

#[derive(Insertable)]
#[diesel(table_name = events)]
struct NewEvent<'a> {
    id: EventId,
    kind: &'static str,
    payload: &'a Event,
    dedupe: Option<&'a str>,
    state: &'static str,
    attempts: i32,
    run_after: crate::clock::Instant,
    created_at: crate::clock::Instant,
}

fn row<'a>(tx: &Tx<'_>, event: &'a Event, dedupe: Option<&'a str>) -> NewEvent<'a> {
    NewEvent {
        id: EventId::new(tx.now),
        kind: event.kind(),
        payload: event,
        dedupe,
        state: "pending",
        attempts: 0,
        run_after: tx.now,
        created_at: tx.now,
    }
}

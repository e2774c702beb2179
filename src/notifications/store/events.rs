use diesel::prelude::*;

use super::literal;
use crate::clock::Instant;
use crate::db::Tx;
use crate::db::schema::events;
use crate::error::{Error, Result};
use crate::ids::EventId;
use crate::outbox::Event;

/// The oldest events that are due, at most so many. Other workers may see the same ones: [`take`] decides.
pub fn due(tx: &mut Tx<'_>, most: i64) -> Result<Vec<EventId>> {
    let due = events::table
        .filter(literal("events.state = 'pending'"))
        .filter(events::run_after.le(tx.now))
        .order((events::run_after, events::id))
        .limit(most)
        .select(events::id);
    Ok(due.load(tx.conn)?)
}

/// Takes an event for this transaction; nothing when another worker has it, or has told it.
pub fn take(tx: &mut Tx<'_>, id: EventId) -> Result<Option<Event>> {
    use crate::db::connection::Db;
    let pending = events::table
        .filter(events::id.eq(id))
        .filter(events::state.eq("pending"))
        .select(events::payload);
    let payload: Option<String> = match tx.conn {
        Db::Pg(c) => pending.for_update().skip_locked().first(c).optional()?,
        // There is one writer, and this transaction is it.
        Db::Sqlite(c) => pending.first(c).optional()?,
    };
    payload
        .map(|payload| serde_json::from_str(&payload))
        .transpose()
        .map_err(Error::internal)
}

/// Notes that everybody was told.
pub fn mark_told(tx: &mut Tx<'_>, id: EventId) -> Result<()> {
    diesel::update(events::table.find(id))
        .set((
            events::state.eq("done"),
            events::processed_at.eq(tx.now),
            events::last_error.eq(None::<String>),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Puts an event off that could not be told, until the moment that `next` gives for its attempts, or aside when it gives
/// none. Answers how often it was tried.
pub fn put_off(
    tx: &mut Tx<'_>,
    id: EventId,
    cause: &str,
    next: impl FnOnce(i32) -> Option<Instant>,
) -> Result<Option<i32>> {
    let attempts: Option<i32> = diesel::update(events::table.find(id).filter(events::state.eq("pending")))
        .set((events::attempts.eq(events::attempts + 1), events::last_error.eq(cause)))
        .returning(events::attempts)
        .get_result(tx.conn)
        .optional()?;
    let Some(attempts) = attempts else { return Ok(None) };
    match next(attempts) {
        Some(at) => diesel::update(events::table.find(id))
            .set(events::run_after.eq(at))
            .execute(tx.conn)?,
        None => diesel::update(events::table.find(id))
            .set(events::state.eq("failed"))
            .execute(tx.conn)?,
    };
    Ok(Some(attempts))
}

//! Rows of the answers kept for idempotency keys.

use crate::clock::Instant;
use crate::db::schema::idempotency_answers as answers;
use crate::db::{Both, Tx};
use crate::error::Result;
use diesel::prelude::*;

/// Takes a key for this transaction. On PostgreSQL this waits for another call that holds the same key.
/// Answers whether it was free.
pub(super) fn take_key(tx: &mut Tx<'_>, scope: &str, key: &str, body_hash: &[u8]) -> Result<bool> {
    let statement = diesel::insert_into(answers::table)
        .values((
            answers::scope.eq(scope),
            answers::key.eq(key),
            answers::body_hash.eq(body_hash),
            answers::status.eq(0),
            answers::answer.eq(Vec::new()),
            answers::created_at.eq(tx.now),
        ))
        .on_conflict_do_nothing();
    Ok(Both(statement).execute(tx.conn)? == 1)
}

/// The digest of the body that came with a key, and the answer it got.
pub(super) fn kept(tx: &mut Tx<'_>, scope: &str, key: &str) -> Result<(Vec<u8>, Vec<u8>)> {
    Ok(answers::table
        .find((scope, key))
        .select((answers::body_hash, answers::answer))
        .first(tx.conn)?)
}

pub(super) fn keep(tx: &mut Tx<'_>, scope: &str, key: &str, sealed: &[u8]) -> Result<()> {
    diesel::update(answers::table.find((scope, key)))
        .set(answers::answer.eq(sealed))
        .execute(tx.conn)?;
    Ok(())
}

/// Forgets the answers kept before this moment.
pub(super) fn forget_before(tx: &mut Tx<'_>, moment: Instant) -> Result<usize> {
    Ok(diesel::delete(answers::table.filter(answers::created_at.lt(moment))).execute(tx.conn)?)
}

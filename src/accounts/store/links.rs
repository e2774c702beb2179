//! Rows of one-time links.

use crate::accounts::rules::{Link, LinkPurpose};
use crate::clock::Instant;
use crate::db::Tx;
use crate::db::schema::one_time_links;
use crate::error::Result;
use crate::ids::{LinkId, PersonId};
use diesel::prelude::*;

pub(in crate::accounts) fn insert_link(tx: &mut Tx<'_>, link: &Link, token_hash: &[u8]) -> Result<()> {
    diesel::insert_into(one_time_links::table)
        .values((
            one_time_links::id.eq(link.id),
            one_time_links::token_hash.eq(token_hash),
            one_time_links::person_id.eq(link.person_id),
            one_time_links::purpose.eq(link.purpose),
            one_time_links::subject.eq(&link.subject),
            one_time_links::created_at.eq(tx.now),
            one_time_links::expires_at.eq(link.expires_at),
        ))
        .execute(tx.conn)?;
    Ok(())
}

pub(in crate::accounts) fn link(tx: &mut Tx<'_>, token_hash: &[u8]) -> Result<Option<Link>> {
    type Row = (LinkId, PersonId, LinkPurpose, Option<String>, Instant, Option<Instant>);
    let row: Option<Row> = one_time_links::table
        .filter(one_time_links::token_hash.eq(token_hash))
        .select((
            one_time_links::id,
            one_time_links::person_id,
            one_time_links::purpose,
            one_time_links::subject,
            one_time_links::expires_at,
            one_time_links::used_at,
        ))
        .first(tx.conn)
        .optional()?;
    Ok(row.map(|(id, person_id, purpose, subject, expires_at, used_at)| Link {
        id,
        person_id,
        purpose,
        subject,
        expires_at,
        used_at,
    }))
}

/// Marks a link used; answers whether it was this call that did.
pub(in crate::accounts) fn spend_link(tx: &mut Tx<'_>, id: LinkId) -> Result<bool> {
    let unused = one_time_links::table.filter(one_time_links::id.eq(id).and(one_time_links::used_at.is_null()));
    Ok(diesel::update(unused)
        .set(one_time_links::used_at.eq(tx.now))
        .execute(tx.conn)?
        == 1)
}

/// Makes a person's other links of this purpose useless.
pub(in crate::accounts) fn spend_links_of(tx: &mut Tx<'_>, person: PersonId, purpose: LinkPurpose) -> Result<()> {
    let unused = one_time_links::table.filter(
        one_time_links::person_id
            .eq(person)
            .and(one_time_links::purpose.eq(purpose))
            .and(one_time_links::used_at.is_null()),
    );
    diesel::update(unused)
        .set(one_time_links::used_at.eq(tx.now))
        .execute(tx.conn)?;
    Ok(())
}

/// How many links of this purpose a person was given since then.
pub(in crate::accounts) fn links_since(
    tx: &mut Tx<'_>,
    person: PersonId,
    purpose: LinkPurpose,
    since: Instant,
) -> Result<i64> {
    let given = one_time_links::table
        .filter(one_time_links::person_id.eq(person))
        .filter(one_time_links::purpose.eq(purpose))
        .filter(one_time_links::created_at.gt(since));
    Ok(given.count().get_result(tx.conn)?)
}

//! Rows of sessions, refresh tokens and sign-in attempts.

use crate::access::{Actor, Role};
use crate::accounts::rules::{OrganisationState, PAGES_LIFETIME, PersonState, Session};
use crate::clock::Instant;
use crate::db::schema::{one_time_links, organisations, people, refresh_tokens, sessions, sign_in_attempts};
use crate::db::{Both, Tx};
use crate::error::Result;
use crate::ids::{OrganisationId, PersonId, RefreshTokenId, SessionId};
use diesel::prelude::*;

pub(in crate::accounts) fn insert_session(tx: &mut Tx<'_>, id: SessionId, person: PersonId) -> Result<()> {
    diesel::insert_into(sessions::table)
        .values((
            sessions::id.eq(id),
            sessions::person_id.eq(person),
            sessions::created_at.eq(tx.now),
            sessions::last_used_at.eq(tx.now),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Whether the actor's session goes on, and they are still who their token says.
pub(in crate::accounts) fn is_live(tx: &mut Tx<'_>, actor: &Actor) -> Result<bool> {
    let live: Option<(Role, OrganisationId)> = sessions::table
        .inner_join(people::table.on(people::id.eq(sessions::person_id)))
        .inner_join(organisations::table.on(organisations::id.eq(people::organisation_id)))
        .filter(sessions::id.eq(actor.session_id).and(sessions::revoked_at.is_null()))
        .filter(
            people::id
                .eq(actor.person_id)
                .and(people::state.eq(PersonState::Active)),
        )
        .filter(organisations::state.eq(OrganisationState::Active))
        .select((people::role, people::organisation_id))
        .first(tx.conn)
        .optional()?;
    Ok(live == Some((actor.role, actor.organisation_id)))
}

/// The names of a person and of their organisation.
pub(in crate::accounts) fn introduction(tx: &mut Tx<'_>, actor: &Actor) -> Result<(String, String)> {
    let names = people::table
        .inner_join(organisations::table.on(organisations::id.eq(people::organisation_id)))
        .filter(people::id.eq(actor.person_id))
        .select((people::name, organisations::name))
        .first(tx.conn)?;
    Ok(names)
}

/// The live sessions of a person, newest first: those begun so lately that the pages' sign-in lasts, and those that can be renewed.
pub fn sessions_of(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Session>> {
    let renewable = refresh_tokens::table
        .filter(refresh_tokens::session_id.eq(sessions::id))
        .filter(refresh_tokens::spent_at.is_null())
        .filter(refresh_tokens::expires_at.gt(tx.now));
    let lasting = sessions::created_at.gt(tx.now.minus(PAGES_LIFETIME));
    let rows: Vec<(SessionId, Instant, Instant)> = sessions::table
        .filter(sessions::person_id.eq(person).and(sessions::revoked_at.is_null()))
        .filter(lasting.or(diesel::dsl::exists(renewable)))
        .order(sessions::id.desc())
        .select((sessions::id, sessions::created_at, sessions::last_used_at))
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, created_at, last_used_at)| Session {
            id,
            created_at,
            last_used_at,
        })
        .collect())
}

/// Ends a person's session; answers whether it was going on.
pub(in crate::accounts) fn end_session(
    tx: &mut Tx<'_>,
    person: PersonId,
    session: SessionId,
    reason: &str,
) -> Result<bool> {
    let live = sessions::table.filter(
        sessions::id
            .eq(session)
            .and(sessions::person_id.eq(person))
            .and(sessions::revoked_at.is_null()),
    );
    let ended = diesel::update(live)
        .set((sessions::revoked_at.eq(tx.now), sessions::revoked_reason.eq(reason)))
        .execute(tx.conn)?;
    Ok(ended == 1)
}

/// Ends all sessions of a person.
pub(in crate::accounts) fn end_sessions_of(tx: &mut Tx<'_>, person: PersonId, reason: &str) -> Result<()> {
    let live = sessions::table.filter(sessions::person_id.eq(person).and(sessions::revoked_at.is_null()));
    diesel::update(live)
        .set((sessions::revoked_at.eq(tx.now), sessions::revoked_reason.eq(reason)))
        .execute(tx.conn)?;
    Ok(())
}

pub(in crate::accounts) fn touch_session(tx: &mut Tx<'_>, session: SessionId) -> Result<()> {
    diesel::update(sessions::table.find(session))
        .set(sessions::last_used_at.eq(tx.now))
        .execute(tx.conn)?;
    Ok(())
}

/// A refresh token as it is kept.
pub(in crate::accounts) struct RefreshToken {
    pub id: RefreshTokenId,
    pub session_id: SessionId,
    pub person_id: PersonId,
    pub expires_at: Instant,
    pub spent_at: Option<Instant>,
    pub session_ended: Option<Instant>,
}

pub(in crate::accounts) fn refresh_token(tx: &mut Tx<'_>, token_hash: &[u8]) -> Result<Option<RefreshToken>> {
    type Row = (
        RefreshTokenId,
        SessionId,
        PersonId,
        Instant,
        Option<Instant>,
        Option<Instant>,
    );
    let row: Option<Row> = refresh_tokens::table
        .inner_join(sessions::table.on(sessions::id.eq(refresh_tokens::session_id)))
        .filter(refresh_tokens::token_hash.eq(token_hash))
        .select((
            refresh_tokens::id,
            refresh_tokens::session_id,
            sessions::person_id,
            refresh_tokens::expires_at,
            refresh_tokens::spent_at,
            sessions::revoked_at,
        ))
        .first(tx.conn)
        .optional()?;
    Ok(row.map(
        |(id, session_id, person_id, expires_at, spent_at, session_ended)| RefreshToken {
            id,
            session_id,
            person_id,
            expires_at,
            spent_at,
            session_ended,
        },
    ))
}

/// Marks a refresh token spent; answers whether it was this call that did.
pub(in crate::accounts) fn spend_refresh_token(tx: &mut Tx<'_>, id: RefreshTokenId) -> Result<bool> {
    let unspent = refresh_tokens::table.filter(refresh_tokens::id.eq(id).and(refresh_tokens::spent_at.is_null()));
    Ok(diesel::update(unspent)
        .set(refresh_tokens::spent_at.eq(tx.now))
        .execute(tx.conn)?
        == 1)
}

pub(in crate::accounts) fn insert_refresh_token(
    tx: &mut Tx<'_>,
    session: SessionId,
    token_hash: &[u8],
    expires_at: Instant,
    replaces: Option<RefreshTokenId>,
) -> Result<()> {
    diesel::insert_into(refresh_tokens::table)
        .values((
            refresh_tokens::id.eq(RefreshTokenId::new(tx.now)),
            refresh_tokens::session_id.eq(session),
            refresh_tokens::token_hash.eq(token_hash),
            refresh_tokens::issued_at.eq(tx.now),
            refresh_tokens::expires_at.eq(expires_at),
            refresh_tokens::replaces.eq(replaces),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// How many sign-ins failed in a row under a key, since when, and until when it has to wait.
pub(in crate::accounts) fn attempts(tx: &mut Tx<'_>, key: &[u8]) -> Result<Option<(i32, Instant, Option<Instant>)>> {
    Ok(sign_in_attempts::table
        .find(key)
        .select((
            sign_in_attempts::failures,
            sign_in_attempts::window_started_at,
            sign_in_attempts::blocked_until,
        ))
        .first(tx.conn)
        .optional()?)
}

pub(in crate::accounts) fn keep_attempts(
    tx: &mut Tx<'_>,
    key: &[u8],
    failures: i32,
    since: Instant,
    blocked_until: Option<Instant>,
) -> Result<()> {
    let row = (
        sign_in_attempts::key_hash.eq(key.to_vec()),
        sign_in_attempts::window_started_at.eq(since),
        sign_in_attempts::failures.eq(failures),
        sign_in_attempts::blocked_until.eq(blocked_until),
    );
    let statement = diesel::insert_into(sign_in_attempts::table)
        .values(row)
        .on_conflict(sign_in_attempts::key_hash)
        .do_update()
        .set((
            sign_in_attempts::window_started_at.eq(since),
            sign_in_attempts::failures.eq(failures),
            sign_in_attempts::blocked_until.eq(blocked_until),
        ));
    Both(statement).execute(tx.conn)?;
    Ok(())
}

pub(in crate::accounts) fn forget_attempts(tx: &mut Tx<'_>, key: &[u8]) -> Result<()> {
    diesel::delete(sign_in_attempts::table.find(key)).execute(tx.conn)?;
    Ok(())
}

/// Forgets what is too old to matter: attempts, links and refresh tokens from before this moment.
pub(in crate::accounts) fn forget_before(tx: &mut Tx<'_>, moment: Instant) -> Result<()> {
    diesel::delete(sign_in_attempts::table.filter(sign_in_attempts::window_started_at.lt(moment))).execute(tx.conn)?;
    diesel::delete(one_time_links::table.filter(one_time_links::expires_at.lt(moment))).execute(tx.conn)?;
    Ok(())
}

//! Rows of organisations, people, links, sessions.

use super::rules::{Contact, Link, LinkPurpose, Organisation, OrganisationState, Person, PersonState, Session};
use crate::access::{Actor, OrganisationKind, Role};
use crate::clock::Instant;
use crate::db::schema::{
    memberships, one_time_links, organisations, people, refresh_tokens, sessions, sign_in_attempts,
};
use crate::db::{Both, Tx, one_row, text_column, unless_taken};
use crate::error::{Error, Result};
use crate::ids::{LinkId, OrganisationId, PersonId, RefreshTokenId, SessionId};
use crate::values::{CharityNumber, CompanyNumber, Email, PersonName};
use crate::web::Page;
use chrono::NaiveDate;
use diesel::prelude::*;

text_column!(PersonState, OrganisationState, LinkPurpose);

#[derive(Queryable, Selectable)]
#[diesel(table_name = organisations)]
struct OrganisationRow {
    id: OrganisationId,
    kind: OrganisationKind,
    name: String,
    gss_code: Option<String>,
    company_number: Option<CompanyNumber>,
    charity_number: Option<CharityNumber>,
    state: OrganisationState,
    version: i64,
}

impl From<OrganisationRow> for Organisation {
    fn from(row: OrganisationRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            name: row.name,
            gss_code: row.gss_code,
            company_number: row.company_number,
            charity_number: row.charity_number,
            state: row.state,
            version: row.version,
        }
    }
}

/// An organisation by its id.
pub fn organisation(tx: &mut Tx<'_>, id: OrganisationId) -> Result<Option<Organisation>> {
    let row: Option<OrganisationRow> = organisations::table
        .find(id)
        .select(OrganisationRow::as_select())
        .first(tx.conn)
        .optional()?;
    Ok(row.map(Into::into))
}

/// Several organisations at once, in no particular order.
pub fn organisations(tx: &mut Tx<'_>, ids: &[OrganisationId]) -> Result<Vec<Organisation>> {
    let rows: Vec<OrganisationRow> = organisations::table
        .filter(organisations::id.eq_any(ids.to_vec()))
        .select(OrganisationRow::as_select())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The cooperative of this name.
pub fn cooperative_named(tx: &mut Tx<'_>, name: &str) -> Result<Option<Organisation>> {
    let row: Option<OrganisationRow> = organisations::table
        .filter(
            organisations::kind
                .eq(OrganisationKind::Cooperative)
                .and(organisations::name.eq(name)),
        )
        .select(OrganisationRow::as_select())
        .first(tx.conn)
        .optional()?;
    Ok(row.map(Into::into))
}

/// The authority with this GSS code.
pub fn authority_with(tx: &mut Tx<'_>, gss_code: &str) -> Result<Option<Organisation>> {
    let row: Option<OrganisationRow> = organisations::table
        .filter(organisations::gss_code.eq(gss_code))
        .select(OrganisationRow::as_select())
        .first(tx.conn)
        .optional()?;
    Ok(row.map(Into::into))
}

/// Whether an active provider has one of these numbers.
pub fn number_is_taken(
    tx: &mut Tx<'_>,
    company: Option<&CompanyNumber>,
    charity: Option<&CharityNumber>,
) -> Result<bool> {
    let active = organisations::table
        .filter(organisations::state.eq(OrganisationState::Active))
        .select(organisations::id);
    let by_company = match company {
        Some(number) => active
            .filter(organisations::company_number.eq(number))
            .first::<OrganisationId>(tx.conn)
            .optional()?,
        None => None,
    };
    let by_charity = match charity {
        Some(number) => active
            .filter(organisations::charity_number.eq(number))
            .first::<OrganisationId>(tx.conn)
            .optional()?,
        None => None,
    };
    Ok(by_company.or(by_charity).is_some())
}

pub(super) fn insert_organisation(tx: &mut Tx<'_>, organisation: &Organisation) -> Result<()> {
    diesel::insert_into(organisations::table)
        .values((
            organisations::id.eq(organisation.id),
            organisations::kind.eq(organisation.kind),
            organisations::name.eq(&organisation.name),
            organisations::gss_code.eq(&organisation.gss_code),
            organisations::company_number.eq(&organisation.company_number),
            organisations::charity_number.eq(&organisation.charity_number),
            organisations::state.eq(organisation.state),
            organisations::created_at.eq(tx.now),
            organisations::version.eq(1),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Makes a pending organisation active; the taken number of another refuses.
pub(super) fn activate_organisation(tx: &mut Tx<'_>, id: OrganisationId, taken: impl FnOnce() -> Error) -> Result<()> {
    let pending = organisations::table.filter(
        organisations::id
            .eq(id)
            .and(organisations::state.eq(OrganisationState::Pending)),
    );
    let update = diesel::update(pending).set((
        organisations::state.eq(OrganisationState::Active),
        organisations::version.eq(organisations::version + 1),
    ));
    unless_taken(update.execute(tx.conn), taken).map(drop)
}

pub(super) fn insert_membership(
    tx: &mut Tx<'_>,
    cooperative: OrganisationId,
    authority: OrganisationId,
    from: NaiveDate,
    taken: impl FnOnce() -> Error,
) -> Result<()> {
    let insert = diesel::insert_into(memberships::table).values((
        memberships::id.eq(OrganisationId::new(tx.now)),
        memberships::cooperative_id.eq(cooperative),
        memberships::authority_id.eq(authority),
        memberships::from_date.eq(from),
        memberships::created_at.eq(tx.now),
        memberships::version.eq(1),
    ));
    unless_taken(insert.execute(tx.conn), taken).map(drop)
}

/// The authorities that are members of a cooperative on a day, by name.
pub fn members_of(tx: &mut Tx<'_>, cooperative: OrganisationId, on: NaiveDate) -> Result<Vec<Organisation>> {
    let rows: Vec<OrganisationRow> = organisations::table
        .inner_join(memberships::table.on(memberships::authority_id.eq(organisations::id)))
        .filter(memberships::cooperative_id.eq(cooperative))
        .filter(memberships::from_date.le(on))
        .filter(memberships::to_date.is_null().or(memberships::to_date.ge(on)))
        .order(organisations::name)
        .select(OrganisationRow::as_select())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The cooperatives that an authority is a member of on a day.
pub fn cooperatives_of(tx: &mut Tx<'_>, authority: OrganisationId, on: NaiveDate) -> Result<Vec<OrganisationId>> {
    Ok(memberships::table
        .filter(memberships::authority_id.eq(authority))
        .filter(memberships::from_date.le(on))
        .filter(memberships::to_date.is_null().or(memberships::to_date.ge(on)))
        .select(memberships::cooperative_id)
        .load(tx.conn)?)
}

/// Whether an authority is a member of a cooperative on a day.
pub fn is_member(
    tx: &mut Tx<'_>,
    cooperative: OrganisationId,
    authority: OrganisationId,
    on: NaiveDate,
) -> Result<bool> {
    Ok(cooperatives_of(tx, authority, on)?.contains(&cooperative))
}

/// All providers' ids: they belong to no cooperative.
pub fn providers(tx: &mut Tx<'_>) -> Result<Vec<OrganisationId>> {
    Ok(organisations::table
        .filter(organisations::kind.eq(OrganisationKind::Provider))
        .select(organisations::id)
        .load(tx.conn)?)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = people)]
struct PersonRow {
    id: PersonId,
    organisation_id: OrganisationId,
    name: PersonName,
    email: Email,
    role: Role,
    password_hash: Option<String>,
    state: PersonState,
    totp_secret: Option<Vec<u8>>,
    version: i64,
}

impl From<PersonRow> for Person {
    fn from(row: PersonRow) -> Self {
        Self {
            id: row.id,
            organisation_id: row.organisation_id,
            name: row.name,
            email: row.email,
            role: row.role,
            password_hash: row.password_hash,
            state: row.state,
            totp_secret: row.totp_secret,
            version: row.version,
        }
    }
}

/// A person by their id.
pub fn person(tx: &mut Tx<'_>, id: PersonId) -> Result<Option<Person>> {
    let row: Option<PersonRow> = people::table
        .find(id)
        .select(PersonRow::as_select())
        .first(tx.conn)
        .optional()?;
    Ok(row.map(Into::into))
}

/// A person by their address.
pub fn person_with(tx: &mut Tx<'_>, email: &Email) -> Result<Option<Person>> {
    let row: Option<PersonRow> = people::table
        .filter(people::email.eq(email))
        .select(PersonRow::as_select())
        .first(tx.conn)
        .optional()?;
    Ok(row.map(Into::into))
}

/// A part of the people of some organisations.
pub fn people_page(tx: &mut Tx<'_>, organisations: &[OrganisationId], page: &Page) -> Result<Vec<Person>> {
    let mut query = people::table
        .filter(people::organisation_id.eq_any(organisations.to_vec()))
        .order(people::id)
        .limit(page.fetch())
        .select(PersonRow::as_select())
        .into_boxed();
    if let Some(after) = page.after::<PersonId>()? {
        query = query.filter(people::id.gt(after));
    }
    let rows: Vec<PersonRow> = query.load(tx.conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The active people of some organisations who have one of these roles.
pub fn people_of(tx: &mut Tx<'_>, organisations: &[OrganisationId], roles: &[Role]) -> Result<Vec<Contact>> {
    let rows: Vec<PersonRow> = people::table
        .filter(people::organisation_id.eq_any(organisations.to_vec()))
        .filter(people::role.eq_any(roles.to_vec()))
        .filter(people::state.eq(PersonState::Active))
        .order(people::id)
        .select(PersonRow::as_select())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(contact).collect())
}

/// Whom to write to for these people, whatever their state.
pub fn contacts(tx: &mut Tx<'_>, ids: &[PersonId]) -> Result<Vec<Contact>> {
    let rows: Vec<PersonRow> = people::table
        .filter(people::id.eq_any(ids.to_vec()))
        .select(PersonRow::as_select())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(contact).collect())
}

fn contact(row: PersonRow) -> Contact {
    Contact {
        person_id: row.id,
        organisation_id: row.organisation_id,
        name: row.name,
        email: row.email,
        role: row.role,
    }
}

pub(super) fn insert_person(tx: &mut Tx<'_>, person: &Person, taken: impl FnOnce() -> Error) -> Result<()> {
    let insert = diesel::insert_into(people::table).values((
        people::id.eq(person.id),
        people::organisation_id.eq(person.organisation_id),
        people::name.eq(&person.name),
        people::email.eq(&person.email),
        people::role.eq(person.role),
        people::password_hash.eq(&person.password_hash),
        people::state.eq(person.state),
        people::alert_preference.eq("immediate"),
        people::created_at.eq(tx.now),
        people::version.eq(1),
    ));
    unless_taken(insert.execute(tx.conn), taken).map(drop)
}

pub(super) fn set_password(tx: &mut Tx<'_>, id: PersonId, hash: &str) -> Result<()> {
    let update = diesel::update(people::table.find(id)).set((
        people::password_hash.eq(hash),
        people::state.eq(PersonState::Active),
        people::version.eq(people::version + 1),
    ));
    one_row(update.execute(tx.conn)?)
}

pub(super) fn set_person_state(tx: &mut Tx<'_>, person: &Person, state: PersonState) -> Result<()> {
    let update = diesel::update(people::table.filter(people::id.eq(person.id).and(people::version.eq(person.version))))
        .set((people::state.eq(state), people::version.eq(people::version + 1)));
    one_row(update.execute(tx.conn)?)
}

pub(super) fn insert_link(tx: &mut Tx<'_>, link: &Link, token_hash: &[u8]) -> Result<()> {
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

pub(super) fn link(tx: &mut Tx<'_>, token_hash: &[u8]) -> Result<Option<Link>> {
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
pub(super) fn spend_link(tx: &mut Tx<'_>, id: LinkId) -> Result<bool> {
    let unused = one_time_links::table.filter(one_time_links::id.eq(id).and(one_time_links::used_at.is_null()));
    Ok(diesel::update(unused)
        .set(one_time_links::used_at.eq(tx.now))
        .execute(tx.conn)?
        == 1)
}

/// Makes a person's other links of this purpose useless.
pub(super) fn spend_links_of(tx: &mut Tx<'_>, person: PersonId, purpose: LinkPurpose) -> Result<()> {
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

pub(super) fn insert_session(tx: &mut Tx<'_>, id: SessionId, person: PersonId) -> Result<()> {
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
pub(super) fn is_live(tx: &mut Tx<'_>, actor: &Actor) -> Result<bool> {
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

/// The live sessions of a person, newest first.
pub fn sessions_of(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Session>> {
    let rows: Vec<(SessionId, Instant, Instant)> = sessions::table
        .filter(sessions::person_id.eq(person).and(sessions::revoked_at.is_null()))
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
pub(super) fn end_session(tx: &mut Tx<'_>, person: PersonId, session: SessionId, reason: &str) -> Result<bool> {
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
pub(super) fn end_sessions_of(tx: &mut Tx<'_>, person: PersonId, reason: &str) -> Result<()> {
    let live = sessions::table.filter(sessions::person_id.eq(person).and(sessions::revoked_at.is_null()));
    diesel::update(live)
        .set((sessions::revoked_at.eq(tx.now), sessions::revoked_reason.eq(reason)))
        .execute(tx.conn)?;
    Ok(())
}

pub(super) fn touch_session(tx: &mut Tx<'_>, session: SessionId) -> Result<()> {
    diesel::update(sessions::table.find(session))
        .set(sessions::last_used_at.eq(tx.now))
        .execute(tx.conn)?;
    Ok(())
}

/// A refresh token as it is kept.
pub(super) struct RefreshToken {
    pub id: RefreshTokenId,
    pub session_id: SessionId,
    pub person_id: PersonId,
    pub expires_at: Instant,
    pub spent_at: Option<Instant>,
    pub session_ended: Option<Instant>,
}

pub(super) fn refresh_token(tx: &mut Tx<'_>, token_hash: &[u8]) -> Result<Option<RefreshToken>> {
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
pub(super) fn spend_refresh_token(tx: &mut Tx<'_>, id: RefreshTokenId) -> Result<bool> {
    let unspent = refresh_tokens::table.filter(refresh_tokens::id.eq(id).and(refresh_tokens::spent_at.is_null()));
    Ok(diesel::update(unspent)
        .set(refresh_tokens::spent_at.eq(tx.now))
        .execute(tx.conn)?
        == 1)
}

pub(super) fn insert_refresh_token(
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
pub(super) fn attempts(tx: &mut Tx<'_>, key: &[u8]) -> Result<Option<(i32, Instant, Option<Instant>)>> {
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

pub(super) fn keep_attempts(
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

pub(super) fn forget_attempts(tx: &mut Tx<'_>, key: &[u8]) -> Result<()> {
    diesel::delete(sign_in_attempts::table.find(key)).execute(tx.conn)?;
    Ok(())
}

/// Forgets what is too old to matter: attempts, links and refresh tokens from before this moment.
pub(super) fn forget_before(tx: &mut Tx<'_>, moment: Instant) -> Result<()> {
    diesel::delete(sign_in_attempts::table.filter(sign_in_attempts::window_started_at.lt(moment))).execute(tx.conn)?;
    diesel::delete(one_time_links::table.filter(one_time_links::expires_at.lt(moment))).execute(tx.conn)?;
    Ok(())
}

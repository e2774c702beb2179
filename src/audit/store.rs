//! Rows of the audit log: inserted and read, nothing else.

use super::AuditEvent;
use crate::access::{OrganisationKind, Role};
use crate::clock::Instant;
use crate::db::schema::{audit_events, audit_head};
use crate::db::{ROWS_AT_ONCE, Tx, ascending, descending, text_column};
use crate::each;
use crate::error::Result;
use crate::ids::{AuditEventId, OrganisationId, PersonId};
use crate::web::paging::ByAge;
use diesel::prelude::*;

text_column!(Role, OrganisationKind);

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_events, treat_none_as_default_value = false)]
struct Row {
    seq: i64,
    id: AuditEventId,
    at: Instant,
    person_id: Option<PersonId>,
    organisation_id: Option<OrganisationId>,
    role: Option<Role>,
    verb: String,
    subject_kind: String,
    subject_id: String,
    request_id: Option<String>,
    origin: Option<String>,
    before: Option<String>,
    after: Option<String>,
    previous_hash: String,
    hash: String,
}

impl From<Row> for AuditEvent {
    fn from(row: Row) -> Self {
        Self {
            seq: row.seq,
            id: row.id,
            at: row.at,
            person_id: row.person_id,
            organisation_id: row.organisation_id,
            role: row.role,
            verb: row.verb,
            subject_kind: row.subject_kind,
            subject_id: row.subject_id,
            request_id: row.request_id,
            origin: row.origin,
            before: row.before,
            after: row.after,
            previous_hash: row.previous_hash,
            hash: row.hash,
        }
    }
}

impl From<AuditEvent> for Row {
    fn from(event: AuditEvent) -> Self {
        Self {
            seq: event.seq,
            id: event.id,
            at: event.at,
            person_id: event.person_id,
            organisation_id: event.organisation_id,
            role: event.role,
            verb: event.verb,
            subject_kind: event.subject_kind,
            subject_id: event.subject_id,
            request_id: event.request_id,
            origin: event.origin,
            before: event.before,
            after: event.after,
            previous_hash: event.previous_hash,
            hash: event.hash,
        }
    }
}

/// The head of the chain, locked until the transaction ends.
pub(super) fn take_head(tx: &mut Tx<'_>) -> Result<(i64, String)> {
    // An update that changes nothing takes the row's lock on either engine.
    Ok(diesel::update(audit_head::table.filter(audit_head::id.eq(1)))
        .set(audit_head::id.eq(1))
        .returning((audit_head::seq, audit_head::hash))
        .get_result(tx.conn)?)
}

pub(super) fn head(tx: &mut Tx<'_>) -> Result<(i64, String)> {
    Ok(audit_head::table
        .select((audit_head::seq, audit_head::hash))
        .first(tx.conn)?)
}

pub(super) fn set_head(tx: &mut Tx<'_>, seq: i64, hash: &str) -> Result<()> {
    diesel::update(audit_head::table.filter(audit_head::id.eq(1)))
        .set((audit_head::seq.eq(seq), audit_head::hash.eq(hash)))
        .execute(tx.conn)?;
    Ok(())
}

pub(super) fn insert(tx: &mut Tx<'_>, events: Vec<AuditEvent>) -> Result<()> {
    let rows: Vec<Row> = events.into_iter().map(Row::from).collect();
    for rows in rows.chunks(ROWS_AT_ONCE) {
        each!(tx.conn, c => diesel::insert_into(audit_events::table).values(rows).execute(c))?;
    }
    Ok(())
}

/// The entries after this place, in order.
pub(super) fn after(tx: &mut Tx<'_>, seq: i64, most: i64) -> Result<Vec<AuditEvent>> {
    let rows: Vec<Row> = audit_events::table
        .filter(audit_events::seq.gt(seq))
        .order(audit_events::seq)
        .limit(most)
        .select(Row::as_select())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Whose acts somebody may read of.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    /// All acts of these organisations,
    pub whole: Vec<OrganisationId>,
    /// and of these only the acts on things of these kinds.
    pub in_part: Vec<OrganisationId>,
    /// See [`Reach::in_part`].
    pub kinds: &'static [&'static str],
}

/// All that was done to these things of these kinds, in order.
pub fn of_subjects(tx: &mut Tx<'_>, kinds: &[&str], ids: &[String]) -> Result<Vec<AuditEvent>> {
    let rows: Vec<Row> = audit_events::table
        .filter(audit_events::subject_kind.eq_any(kinds.iter().map(|kind| (*kind).to_owned())))
        .filter(audit_events::subject_id.eq_any(ids.to_vec()))
        .order(audit_events::seq)
        .select(Row::as_select())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Which entries are wanted, and in which order.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Only acts on this thing.
    pub subject_id: Option<String>,
    /// Only acts on one of these things.
    pub subject_ids: Option<Vec<String>>,
    /// Only acts of this word.
    pub verb: Option<String>,
    /// Only acts on things of this kind.
    pub subject_kind: Option<String>,
    /// Only acts by these people.
    pub people: Option<Vec<PersonId>>,
    /// Not before.
    pub from: Option<Instant>,
    /// Before.
    pub to: Option<Instant>,
    /// Only acts within this reach.
    pub reach: Reach,
    /// In this order; the newest first where none is said.
    pub sort: Option<ByAge>,
    /// Only those behind this place, in the order.
    pub after_seq: Option<i64>,
    /// How many at most.
    pub most: i64,
}

/// The entries wanted.
pub fn list(tx: &mut Tx<'_>, wanted: &Wanted) -> Result<Vec<AuditEvent>> {
    let Reach { whole, in_part, kinds } = wanted.reach.clone();
    let partly = audit_events::organisation_id
        .eq_any(in_part)
        .and(audit_events::subject_kind.eq_any(kinds.to_vec()));
    let mut query = audit_events::table
        .filter(audit_events::organisation_id.eq_any(whole).or(partly))
        .limit(wanted.most)
        .select(Row::as_select())
        .into_boxed();
    if let Some(subject) = &wanted.subject_id {
        query = query.filter(audit_events::subject_id.eq(subject));
    }
    if let Some(subjects) = &wanted.subject_ids {
        query = query.filter(audit_events::subject_id.eq_any(subjects.clone()));
    }
    if let Some(verb) = &wanted.verb {
        query = query.filter(audit_events::verb.eq(verb));
    }
    if let Some(kind) = &wanted.subject_kind {
        query = query.filter(audit_events::subject_kind.eq(kind));
    }
    if let Some(people) = &wanted.people {
        query = query.filter(audit_events::person_id.eq_any(people.clone()));
    }
    if let Some(from) = wanted.from {
        query = query.filter(audit_events::at.ge(from));
    }
    if let Some(to) = wanted.to {
        query = query.filter(audit_events::at.lt(to));
    }
    let query = match wanted.sort.unwrap_or(ByAge::Newest) {
        ByAge::Newest => descending!(query, wanted.after_seq, audit_events::seq),
        ByAge::Oldest => ascending!(query, wanted.after_seq, audit_events::seq),
    };
    let rows: Vec<Row> = query.load(tx.conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

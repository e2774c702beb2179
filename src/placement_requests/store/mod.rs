//! Rows of placement requests, their criteria, extensions and confirmations, confidential details and questions.

mod questions;
mod requests;

use diesel::prelude::*;
use std::collections::HashMap;

pub use questions::{Reader, answer, answered_since, insert_question, question, questions, questions_page, unanswered};
pub use requests::{
    Narrowed, RequestOrder, Scope, insert, live, lock, request, requests, requests_page, seen_request, update,
};

use super::rules::{Criterion, RequestState};
use super::screening::Identifier;
use crate::clock::Instant;
use crate::db::schema::{
    confidential_details, criteria as criterion_rows, deadline_extensions, screening_confirmations,
};
use crate::db::{Tx, json_column, text_column};
use crate::each;
use crate::error::Result;
use crate::ids::{ConfirmationId, CriterionId, ExtensionId, PersonId, PlacementRequestId, QuestionId};

text_column!(RequestState, Identifier);
json_column!(super::rules::Needs);

#[derive(Queryable)]
struct CriterionRow {
    id: CriterionId,
    title: String,
    guidance: Option<String>,
    weight: i32,
}

impl From<CriterionRow> for Criterion {
    fn from(row: CriterionRow) -> Self {
        Self {
            id: row.id,
            title: row.title,
            guidance: row.guidance,
            weight: row.weight,
        }
    }
}

/// The criteria of a request, in the order in which they were written.
pub fn criteria(tx: &mut Tx<'_>, request: PlacementRequestId) -> Result<Vec<Criterion>> {
    use criterion_rows as c;
    let rows: Vec<CriterionRow> = c::table
        .filter(c::placement_request_id.eq(request))
        .order(c::position)
        .select((c::id, c::title, c::guidance, c::weight))
        .load(tx.conn)?;
    Ok(rows.into_iter().map(Criterion::from).collect())
}

/// The criteria of several requests, each in the order in which they were written.
pub fn criteria_of(
    tx: &mut Tx<'_>,
    requests: &[PlacementRequestId],
) -> Result<HashMap<PlacementRequestId, Vec<Criterion>>> {
    use criterion_rows as c;
    let rows: Vec<(PlacementRequestId, CriterionRow)> = c::table
        .filter(c::placement_request_id.eq_any(requests))
        .order(c::position)
        .select((c::placement_request_id, (c::id, c::title, c::guidance, c::weight)))
        .load(tx.conn)?;
    let mut criteria: HashMap<_, Vec<_>> = HashMap::new();
    for (request, row) in rows {
        criteria.entry(request).or_default().push(row.into());
    }
    Ok(criteria)
}

/// Gives a draft these criteria in place of those it had.
pub fn replace_criteria(tx: &mut Tx<'_>, request: PlacementRequestId, criteria: &[Criterion]) -> Result<()> {
    use criterion_rows as c;
    diesel::delete(c::table.filter(c::placement_request_id.eq(request))).execute(tx.conn)?;
    let rows: Vec<_> = (1..)
        .zip(criteria)
        .map(|(position, criterion): (i32, _)| {
            (
                c::id.eq(criterion.id),
                c::placement_request_id.eq(request),
                c::position.eq(position),
                c::title.eq(&criterion.title),
                c::guidance.eq(&criterion.guidance),
                c::weight.eq(criterion.weight),
            )
        })
        .collect();
    each!(tx.conn, conn => diesel::insert_into(c::table).values(&rows).execute(conn))?;
    Ok(())
}

/// The encrypted details of a request, if it has any.
pub fn confidential(tx: &mut Tx<'_>, request: PlacementRequestId) -> Result<Option<Vec<u8>>> {
    use confidential_details as d;
    Ok(d::table.find(request).select(d::sealed).first(tx.conn).optional()?)
}

/// Keeps the encrypted details of a request in place of those it had.
pub fn set_confidential(tx: &mut Tx<'_>, request: PlacementRequestId, sealed: &[u8]) -> Result<()> {
    use confidential_details as d;
    let changed = diesel::update(d::table.find(request))
        .set(d::sealed.eq(sealed))
        .execute(tx.conn)?;
    if changed == 0 {
        diesel::insert_into(d::table)
            .values((d::placement_request_id.eq(request), d::sealed.eq(sealed)))
            .execute(tx.conn)?;
    }
    Ok(())
}

/// One extension of a deadline.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Extension {
    /// When bids would have closed.
    pub previously_closing_at: Instant,
    /// When they closed from then on.
    pub bids_close_at: Instant,
    /// Why.
    pub reason: String,
    /// When it was extended.
    pub extended_at: Instant,
}

/// The extensions of a request's deadline, the first one first.
pub fn extensions(tx: &mut Tx<'_>, request: PlacementRequestId) -> Result<Vec<Extension>> {
    use deadline_extensions as e;
    Ok(e::table
        .filter(e::placement_request_id.eq(request))
        .order(e::id)
        .select((e::previously_closing_at, e::bids_close_at, e::reason, e::created_at))
        .load(tx.conn)?)
}

/// Keeps an extension.
pub fn insert_extension(
    tx: &mut Tx<'_>,
    request: PlacementRequestId,
    by: PersonId,
    extension: &Extension,
) -> Result<()> {
    use deadline_extensions as e;
    diesel::insert_into(e::table)
        .values((
            e::id.eq(ExtensionId::new(extension.extended_at)),
            e::placement_request_id.eq(request),
            e::previously_closing_at.eq(extension.previously_closing_at),
            e::bids_close_at.eq(extension.bids_close_at),
            e::reason.eq(&extension.reason),
            e::extended_by.eq(by),
            e::created_at.eq(extension.extended_at),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// A hit of the screening that somebody let stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetStand {
    /// The field that it is in.
    pub field: String,
    /// What it was taken for.
    pub kind: Identifier,
    /// The hash of the words.
    pub found_hash: String,
    /// Why it may stand.
    pub reason: String,
}

/// Keeps who let what stand, and why: of a request's own texts, or of a question and its answer.
pub fn insert_confirmations(
    tx: &mut Tx<'_>,
    request: PlacementRequestId,
    question: Option<QuestionId>,
    by: PersonId,
    confirmed: &[LetStand],
) -> Result<()> {
    use screening_confirmations as s;
    if confirmed.is_empty() {
        return Ok(());
    }
    let now = tx.now;
    let rows: Vec<_> = confirmed
        .iter()
        .map(|one| {
            (
                s::id.eq(ConfirmationId::new(now)),
                s::placement_request_id.eq(request),
                s::question_id.eq(question),
                s::field.eq(&one.field),
                s::finding.eq(one.kind),
                s::found_hash.eq(&one.found_hash),
                s::reason.eq(&one.reason),
                s::confirmed_by.eq(by),
                s::created_at.eq(now),
            )
        })
        .collect();
    each!(tx.conn, conn => diesel::insert_into(s::table).values(&rows).execute(conn))?;
    Ok(())
}

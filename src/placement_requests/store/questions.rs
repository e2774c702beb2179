//! Rows of questions and their answers.

use diesel::prelude::*;
use std::collections::HashMap;

use super::super::rules::Question;
use crate::clock::Instant;
use crate::db::schema::{placement_requests, questions as q};
use crate::db::{Tx, one_row};
use crate::error::{Error, Result};
use crate::ids::{OrganisationId, PersonId, PlacementRequestId, QuestionId};
use crate::web::Page;

#[derive(Queryable)]
struct QuestionRow {
    id: QuestionId,
    placement_request_id: PlacementRequestId,
    provider_id: OrganisationId,
    _asked_by: PersonId,
    text: String,
    shown_as: Option<String>,
    answer: Option<String>,
    _answered_by: Option<PersonId>,
    answered_at: Option<Instant>,
    created_at: Instant,
    version: i64,
}

impl From<QuestionRow> for Question {
    fn from(row: QuestionRow) -> Self {
        Self {
            id: row.id,
            placement_request_id: row.placement_request_id,
            provider_id: row.provider_id,
            text: row.text,
            shown_as: row.shown_as,
            asked_at: row.created_at,
            answer: row.answer.zip(row.answered_at),
            version: row.version,
        }
    }
}

/// The question with this id.
pub fn question(tx: &mut Tx<'_>, id: QuestionId) -> Result<Option<Question>> {
    let row: Option<QuestionRow> = q::table.find(id).first(tx.conn).optional()?;
    Ok(row.map(Question::from))
}

/// The questions that a provider asked and that were answered since this moment, the newest answer first, each with its request's
/// reference.
pub fn answered_since(tx: &mut Tx<'_>, provider: OrganisationId, since: Instant) -> Result<Vec<(Question, String)>> {
    let rows: Vec<(QuestionRow, String)> = q::table
        .inner_join(placement_requests::table)
        .filter(q::provider_id.eq(provider))
        .filter(q::answered_at.ge(since))
        .order(q::answered_at.desc())
        .select((q::all_columns, placement_requests::reference))
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(row, reference)| (row.into(), reference))
        .collect())
}

/// Who may read which questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// The authority: all of them.
    Authority,
    /// Everybody else: those that are answered.
    Anybody,
    /// A provider: those that are answered, and its own.
    Provider(OrganisationId),
}

fn read_by<'a>(reader: Reader, request: PlacementRequestId) -> q::BoxedQuery<'a, crate::db::connection::MultiBackend> {
    let all = q::table.filter(q::placement_request_id.eq(request)).into_boxed();
    match reader {
        Reader::Authority => all,
        Reader::Anybody => all.filter(q::answered_at.is_not_null()),
        Reader::Provider(provider) => all.filter(q::answered_at.is_not_null().or(q::provider_id.eq(provider))),
    }
}

/// The questions about a request that the reader may read, in the order in which they were asked.
pub fn questions(tx: &mut Tx<'_>, request: PlacementRequestId, reader: Reader) -> Result<Vec<Question>> {
    let rows: Vec<QuestionRow> = read_by(reader, request).order(q::id).load(tx.conn)?;
    Ok(rows.into_iter().map(Question::from).collect())
}

/// A page of them.
pub fn questions_page(
    tx: &mut Tx<'_>,
    request: PlacementRequestId,
    reader: Reader,
    page: &Page,
) -> Result<Vec<Question>> {
    let mut query = read_by(reader, request);
    if let Some(after) = page.after::<QuestionId>()? {
        query = query.filter(q::id.gt(after));
    }
    let rows: Vec<QuestionRow> = query.order(q::id).limit(page.fetch()).load(tx.conn)?;
    Ok(rows.into_iter().map(Question::from).collect())
}

/// How many questions about each of these requests wait for an answer.
pub fn unanswered(tx: &mut Tx<'_>, requests: &[PlacementRequestId]) -> Result<HashMap<PlacementRequestId, usize>> {
    let rows: Vec<PlacementRequestId> = q::table
        .filter(q::placement_request_id.eq_any(requests))
        .filter(q::answered_at.is_null())
        .select(q::placement_request_id)
        .load(tx.conn)?;
    let mut waiting = HashMap::new();
    for request in rows {
        *waiting.entry(request).or_default() += 1;
    }
    Ok(waiting)
}

/// Keeps a new question.
pub fn insert_question(tx: &mut Tx<'_>, question: &Question, asked_by: PersonId) -> Result<()> {
    diesel::insert_into(q::table)
        .values((
            q::id.eq(question.id),
            q::placement_request_id.eq(question.placement_request_id),
            q::provider_id.eq(question.provider_id),
            q::asked_by.eq(asked_by),
            q::text.eq(&question.text),
            q::created_at.eq(question.asked_at),
            q::version.eq(question.version),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Keeps the answer to a question, unless somebody has answered it since it was read.
pub fn answer(tx: &mut Tx<'_>, question: &Question, answered_by: PersonId) -> Result<()> {
    let (text, at) = question
        .answer
        .as_ref()
        .ok_or_else(|| Error::internal("a question without an answer is not answered"))?;
    let changed = diesel::update(
        q::table
            .filter(q::id.eq(question.id))
            .filter(q::version.eq(question.version - 1)),
    )
    .set((
        q::shown_as.eq(&question.shown_as),
        q::answer.eq(text),
        q::answered_by.eq(answered_by),
        q::answered_at.eq(at),
        q::version.eq(question.version),
    ))
    .execute(tx.conn)?;
    one_row(changed)
}

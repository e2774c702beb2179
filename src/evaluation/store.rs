//! Rows of scores, moderated scores and evaluators' declarations.

use super::rules::{Score, Scores};
use crate::db::schema::{bids, conflict_declarations, moderated_scores, people, scores};
use crate::db::{Both, Tx};
use crate::each;
use crate::error::Result;
use crate::ids::{BidId, CriterionId, PersonId, PlacementRequestId};
use diesel::prelude::*;
use std::collections::HashMap;

#[derive(Queryable)]
struct ScoreRow {
    bid_id: BidId,
    criterion_id: CriterionId,
    by: PersonId,
    score: i32,
    reason: String,
}

impl From<ScoreRow> for Score {
    fn from(row: ScoreRow) -> Self {
        let ScoreRow {
            bid_id,
            criterion_id,
            by,
            score,
            reason,
        } = row;
        Self {
            bid_id,
            criterion_id,
            by,
            score,
            reason,
        }
    }
}

/// All scores of a request's bids.
pub fn of_request(tx: &mut Tx<'_>, request: PlacementRequestId) -> Result<Scores> {
    of_requests(tx, &[request])
}

/// All scores of these requests' bids.
pub fn of_requests(tx: &mut Tx<'_>, requests: &[PlacementRequestId]) -> Result<Scores> {
    let given: Vec<ScoreRow> = scores::table
        .inner_join(bids::table)
        .filter(bids::placement_request_id.eq_any(requests))
        .order((scores::bid_id, scores::criterion_id, scores::evaluator_id))
        .select((
            scores::bid_id,
            scores::criterion_id,
            scores::evaluator_id,
            scores::score,
            scores::reason,
        ))
        .load(tx.conn)?;
    let moderated: Vec<ScoreRow> = moderated_scores::table
        .inner_join(bids::table)
        .filter(bids::placement_request_id.eq_any(requests))
        .order((moderated_scores::bid_id, moderated_scores::criterion_id))
        .select((
            moderated_scores::bid_id,
            moderated_scores::criterion_id,
            moderated_scores::moderated_by,
            moderated_scores::score,
            moderated_scores::reason,
        ))
        .load(tx.conn)?;
    Ok(Scores {
        given: given.into_iter().map(Score::from).collect(),
        moderated: moderated.into_iter().map(Score::from).collect(),
    })
}

/// Keeps that a person declared to have no conflict of interest with a bid; the first time counts.
pub fn declare(tx: &mut Tx<'_>, bid: BidId, person: PersonId) -> Result<()> {
    let declaration = diesel::insert_into(conflict_declarations::table)
        .values((
            conflict_declarations::bid_id.eq(bid),
            conflict_declarations::evaluator_id.eq(person),
            conflict_declarations::declared_at.eq(tx.now),
        ))
        .on_conflict_do_nothing();
    Both(declaration).execute(tx.conn)?;
    Ok(())
}

/// Whether a person declared to have no conflict of interest with a bid.
pub fn has_declared(tx: &mut Tx<'_>, bid: BidId, person: PersonId) -> Result<bool> {
    let declarations = conflict_declarations::table
        .filter(conflict_declarations::bid_id.eq(bid))
        .filter(conflict_declarations::evaluator_id.eq(person));
    Ok(declarations.count().get_result::<i64>(tx.conn)? > 0)
}

/// Keeps what one person gives a bid, in place of what they gave it before.
pub fn replace_given(tx: &mut Tx<'_>, bid: BidId, by: PersonId, given: &[Score]) -> Result<()> {
    diesel::delete(
        scores::table
            .filter(scores::bid_id.eq(bid))
            .filter(scores::evaluator_id.eq(by)),
    )
    .execute(tx.conn)?;
    let rows: Vec<_> = given
        .iter()
        .map(|score| {
            (
                scores::bid_id.eq(score.bid_id),
                scores::criterion_id.eq(score.criterion_id),
                scores::evaluator_id.eq(score.by),
                scores::score.eq(score.score),
                scores::reason.eq(&score.reason),
                scores::scored_at.eq(tx.now),
            )
        })
        .collect();
    each!(&mut *tx.conn, c => diesel::insert_into(scores::table).values(&rows).execute(c))?;
    Ok(())
}

/// Keeps the moderated scores of a bid, in place of those it had.
pub fn replace_moderated(tx: &mut Tx<'_>, bid: BidId, moderated: &[Score]) -> Result<()> {
    diesel::delete(moderated_scores::table.filter(moderated_scores::bid_id.eq(bid))).execute(tx.conn)?;
    let rows: Vec<_> = moderated
        .iter()
        .map(|score| {
            (
                moderated_scores::bid_id.eq(score.bid_id),
                moderated_scores::criterion_id.eq(score.criterion_id),
                moderated_scores::score.eq(score.score),
                moderated_scores::reason.eq(&score.reason),
                moderated_scores::moderated_by.eq(score.by),
                moderated_scores::moderated_at.eq(tx.now),
            )
        })
        .collect();
    each!(&mut *tx.conn, c => diesel::insert_into(moderated_scores::table).values(&rows).execute(c))?;
    Ok(())
}

/// The names of people, by id.
pub fn names(tx: &mut Tx<'_>, of: &[PersonId]) -> Result<HashMap<PersonId, String>> {
    let rows: Vec<(PersonId, String)> = people::table
        .filter(people::id.eq_any(of))
        .select((people::id, people::name))
        .load(tx.conn)?;
    Ok(rows.into_iter().collect())
}

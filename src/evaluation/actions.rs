//! Scoring and moderating: each holds the row of the placement request, so that no score changes under an award.

use super::rules::{self, Contender, Criterion, ModeratedSheet, Scheme, ScoreSheet, Sheet};
use super::store;
use crate::access::{Actor, Permission, Who};
use crate::audit::Act;
use crate::bids::store as bids;
use crate::bids::{Bid, actions as bid_actions};
use crate::db::Tx;
use crate::error::Result;
use crate::ids::BidId;
use crate::placement_requests::rules::PlacementRequest;
use crate::placement_requests::store as requests;
use serde_json::json;

/// How the request's bids are judged.
pub fn scheme(tx: &mut Tx<'_>, request: &PlacementRequest) -> Result<Scheme> {
    let criteria = requests::criteria(tx, request.id)?;
    let criteria = criteria.into_iter().map(|criterion| Criterion {
        id: criterion.id,
        title: criterion.title,
        weight: criterion.weight,
    });
    Ok(Scheme {
        price_weight: request.price_weight,
        criteria: criteria.collect(),
    })
}

/// The ranking sheet of a request, from its opened bids and their scores as they are now.
pub fn sheet(tx: &mut Tx<'_>, request: &PlacementRequest) -> Result<Sheet> {
    let scheme = scheme(tx, request)?;
    let scores = store::of_request(tx, request.id)?;
    let contenders: Vec<Contender> = bids::opened(tx, request.id)?
        .into_iter()
        .filter(|open| open.bid.state.takes_part())
        .map(|open| Contender {
            bid_id: open.bid.id,
            home_id: open.bid.home_id,
            provider_id: open.bid.provider_id,
            weekly_total: open.content.weekly_total,
        })
        .collect();
    Ok(rules::rank(scheme, &contenders, &scores))
}

/// A bid that can be scored now, its request held until the transaction ends.
fn hold(tx: &mut Tx<'_>, actor: &Actor, id: BidId) -> Result<(Bid, PlacementRequest)> {
    let (_, request) = bid_actions::opened_to(tx, actor, id)?;
    let request = requests::lock(tx, request.id)?;
    let (bid, _) = bid_actions::opened_to(tx, actor, id)?;
    rules::may_score(request.phase(tx.now), bid.state)?;
    Ok((bid, request))
}

/// Keeps what the actor gives a bid, in place of what they gave it before.
pub fn score(tx: &mut Tx<'_>, actor: &Actor, id: BidId, sheet: ScoreSheet) -> Result<()> {
    actor.must(Permission::ScoreBids)?;
    let (bid, request) = hold(tx, actor, id)?;
    let criteria = scheme(tx, &request)?.criteria;
    let scores = store::of_request(tx, request.id)?;
    let given = sheet.given(&criteria, &scores, bid.id, actor.person_id)?;
    store::declare(tx, id, actor.person_id)?;
    store::replace_given(tx, id, actor.person_id, &given)?;
    tx.record(
        Who::Person(actor),
        Act::on("bid", id).did("bid.score").after(as_recorded(&given)),
    );
    Ok(())
}

/// Keeps the moderated scores of a bid, in place of those it had.
pub fn moderate(tx: &mut Tx<'_>, actor: &Actor, id: BidId, sheet: ModeratedSheet) -> Result<()> {
    actor.must(Permission::ScoreBids)?;
    let (bid, request) = hold(tx, actor, id)?;
    let criteria = scheme(tx, &request)?.criteria;
    let scores = store::of_request(tx, request.id)?;
    let moderated = sheet.moderated(&criteria, &scores, bid.id, actor.person_id)?;
    store::replace_moderated(tx, id, &moderated)?;
    tx.record(
        Who::Person(actor),
        Act::on("bid", id).did("bid.moderate").after(as_recorded(&moderated)),
    );
    Ok(())
}

fn as_recorded(scores: &[rules::Score]) -> serde_json::Value {
    let scores: Vec<_> = scores
        .iter()
        .map(|score| json!({"criterion_id": score.criterion_id, "score": score.score}))
        .collect();
    json!({ "scores": scores })
}

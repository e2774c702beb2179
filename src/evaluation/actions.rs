//! Scoring and moderating: each holds the row of the placement request, so that no score changes under an award.

use super::rules::{self, Contender, Criterion, ModeratedSheet, NewScore, Scheme, ScoreSheet, Sheet};
use super::store;
use crate::access::{Actor, Permission, Who};
use crate::audit::Act;
use crate::bids::store as bids;
use crate::bids::{Bid, actions as bid_actions};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{BidId, PlacementRequestId};
use crate::placement_requests::rules::{self as requested, PlacementRequest};
use crate::placement_requests::{ConfidentialKey, actions as request_actions, store as requests};
use serde_json::json;
use std::collections::HashMap;

/// How the request's bids are judged.
pub fn scheme(tx: &mut Tx<'_>, request: &PlacementRequest) -> Result<Scheme> {
    let criteria = requests::criteria(tx, request.id)?;
    Ok(scheme_of(request, criteria))
}

fn scheme_of(request: &PlacementRequest, criteria: Vec<requested::Criterion>) -> Scheme {
    let criteria = criteria.into_iter().map(|criterion| Criterion {
        id: criterion.id,
        title: criterion.title,
        guidance: criterion.guidance,
        weight: criterion.weight,
    });
    Scheme {
        price_weight: request.price_weight,
        criteria: criteria.collect(),
    }
}

/// How the evaluation of a request stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// How many bids take part.
    pub bids: usize,
    /// How many criteria of them have no score that counts.
    pub unsettled: usize,
    /// How many of those have been scored, and wait for moderation.
    pub to_moderate: usize,
}

impl Progress {
    /// Whether nothing but moderation is left to do.
    pub fn waits_for_moderation(&self) -> bool {
        self.unsettled > 0 && self.to_moderate == self.unsettled
    }
}

/// How the evaluations of these requests stand, in a fixed number of queries.
pub fn progress(tx: &mut Tx<'_>, of: &[&PlacementRequest]) -> Result<HashMap<PlacementRequestId, Progress>> {
    let ids: Vec<PlacementRequestId> = of.iter().map(|request| request.id).collect();
    let mut criteria = requests::criteria_of(tx, &ids)?;
    let schemes: HashMap<PlacementRequestId, Scheme> = of
        .iter()
        .map(|request| {
            (
                request.id,
                scheme_of(request, criteria.remove(&request.id).unwrap_or_default()),
            )
        })
        .collect();
    let scores = store::of_requests(tx, &ids)?;
    let mut progress: HashMap<PlacementRequestId, Progress> = ids.iter().map(|id| (*id, Progress::default())).collect();
    for (request, bid, state) in bids::opened_states(tx, &ids)? {
        let (Some(progress), Some(scheme)) = (progress.get_mut(&request), schemes.get(&request)) else {
            continue;
        };
        if state.takes_part() {
            progress.bids += 1;
            let rows = rules::criteria_of(scheme, bid, &scores);
            let unsettled = || rows.iter().filter(|row| row.counts.is_none());
            progress.unsettled += unsettled().count();
            progress.to_moderate += unsettled().filter(|row| !row.given.is_empty()).count();
        }
    }
    Ok(progress)
}

/// The ranking sheet of a request, from its opened bids and their scores as they are now.
pub fn sheet(tx: &mut Tx<'_>, request: &PlacementRequest) -> Result<Sheet> {
    let mut sheets = sheets(tx, &[request])?;
    sheets
        .remove(&request.id)
        .ok_or_else(|| Error::internal("a request without its sheet"))
}

/// The ranking sheets of these requests, each as [`sheet`] makes it, with as many queries as for one.
pub fn sheets(tx: &mut Tx<'_>, of: &[&PlacementRequest]) -> Result<HashMap<PlacementRequestId, Sheet>> {
    let ids: Vec<_> = of.iter().map(|request| request.id).collect();
    let mut criteria = requests::criteria_of(tx, &ids)?;
    let scores = store::of_requests(tx, &ids)?;
    let mut contenders: HashMap<PlacementRequestId, Vec<Contender>> = HashMap::new();
    for open in bids::opened_of(tx, &ids)? {
        if open.bid.state.takes_part() {
            contenders.entry(open.bid.request_id).or_default().push(Contender {
                bid_id: open.bid.id,
                home_id: open.bid.home_id,
                provider_id: open.bid.provider_id,
                weekly_total: open.content.weekly_total,
            });
        }
    }
    let sheets = of.iter().map(|request| {
        let scheme = scheme_of(request, criteria.remove(&request.id).unwrap_or_default());
        let contenders = contenders.remove(&request.id).unwrap_or_default();
        (request.id, rules::rank(scheme, &contenders, &scores))
    });
    Ok(sheets.collect())
}

/// A bid that can be scored now, its request held until the transaction ends.
fn hold(tx: &mut Tx<'_>, actor: &Actor, id: BidId) -> Result<(Bid, PlacementRequest)> {
    let (_, request) = bid_actions::opened_to(tx, actor, id)?;
    let request = requests::lock(tx, request.id)?;
    let (bid, _) = bid_actions::opened_to(tx, actor, id)?;
    rules::may_score(request.phase(tx.now), bid.state)?;
    Ok((bid, request))
}

/// Refuses reasons that may tell bidders who the child is.
fn must_tell_nobody(
    tx: &mut Tx<'_>,
    key: &ConfidentialKey,
    request: &PlacementRequest,
    scores: &[NewScore],
) -> Result<()> {
    let reasons = rules::reasons(scores);
    let texts: Vec<_> = reasons.iter().map(|(field, text)| (field.as_str(), *text)).collect();
    request_actions::must_not_identify(tx, key, request.id, &texts)
}

/// Keeps what the actor gives a bid, in place of what they gave it before.
pub fn score(tx: &mut Tx<'_>, actor: &Actor, key: &ConfidentialKey, id: BidId, sheet: ScoreSheet) -> Result<()> {
    actor.must(Permission::ScoreBids)?;
    let (bid, request) = hold(tx, actor, id)?;
    must_tell_nobody(tx, key, &request, &sheet.scores)?;
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
pub fn moderate(tx: &mut Tx<'_>, actor: &Actor, key: &ConfidentialKey, id: BidId, sheet: ModeratedSheet) -> Result<()> {
    actor.must(Permission::ScoreBids)?;
    let (bid, request) = hold(tx, actor, id)?;
    must_tell_nobody(tx, key, &request, &sheet.scores)?;
    let criteria = scheme(tx, &request)?.criteria;
    let scores = store::of_request(tx, request.id)?;
    let declared = store::has_declared(tx, id, actor.person_id)?;
    let moderated = sheet.moderated(&criteria, &scores, bid.id, actor.person_id, declared)?;
    store::declare(tx, id, actor.person_id)?;
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

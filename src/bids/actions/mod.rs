//! What people do with bids: one function a verb, each check → rule → store → event in one transaction.
//!
//! Whatever depends on the deadline takes the row of the placement request first ([`requests::lock`]): submitting and opening
//! then stand in one line, and each sees what the one before has done.

mod declining;
mod unsealing;

pub use declining::{decline, decline_all};
pub use unsealing::{content_of, contents_of, unsealed};
use unsealing::{key_of, key_of_bid, key_or_new};

use super::content::{self, Content};
use super::rules::{self, Bid, BidRefused, BidState, Eligibility, NewBid, Outcome, Remark, Terms, Verb};
use super::seal::ServerKey;
use super::store::{self, OpenedBid};
use crate::access::{Actor, Permission, Who};
use crate::audit::{self, Act};
use crate::db::{Tx, unless_stale};
use crate::error::{Error, Result};
use crate::frameworks::rules::InviteRule;
use crate::frameworks::{self, Lot, Policy};
use crate::homes::store as homes;
use crate::ids::{BidId, CriterionId, HomeId, PlacementRequestId};
use crate::matching;
use crate::outbox::Event;
use crate::placement_requests::{ConfidentialKey, PlacementRequest, actions as requests, store as request_store};
use crate::providers;
use serde_json::json;
use std::collections::HashMap;

/// The request, held until the transaction ends, if the actor may know of it.
fn hold(tx: &mut Tx<'_>, actor: &Actor, id: PlacementRequestId) -> Result<PlacementRequest> {
    requests::seen_by(tx, actor, id)?;
    request_store::lock(tx, id)
}

/// One of the actor's own bids, with its request, held until the transaction ends.
fn hold_own(tx: &mut Tx<'_>, actor: &Actor, id: BidId) -> Result<(Bid, PlacementRequest)> {
    let found = own(tx, actor, id)?;
    let request = request_store::lock(tx, found.request_id)?;
    // Read again: it may have changed while this waited for the request's row.
    Ok((own(tx, actor, id)?, request))
}

/// One of the actor's own bids.
pub fn own(tx: &mut Tx<'_>, actor: &Actor, id: BidId) -> Result<Bid> {
    let bid = store::bid(tx, id)?.filter(|bid| bid.provider_id == actor.organisation_id);
    bid.ok_or(Error::NotFound("bid"))
}

/// One of the bids of the actor's own authority: opened ones, for nobody knows of the others.
pub fn opened_to(tx: &mut Tx<'_>, actor: &Actor, id: BidId) -> Result<(Bid, PlacementRequest)> {
    let bid = store::bid(tx, id)?
        .filter(|bid| bid.opened_at.is_some())
        .ok_or(Error::NotFound("bid"))?;
    let request = request_store::request(tx, bid.request_id)?.filter(|r| r.authority_id == actor.organisation_id);
    Ok((bid, request.ok_or(Error::NotFound("bid"))?))
}

fn criteria_of(tx: &mut Tx<'_>, request: PlacementRequestId) -> Result<Vec<(CriterionId, String)>> {
    Ok(request_store::criteria(tx, request)?
        .into_iter()
        .map(|criterion| (criterion.id, criterion.title))
        .collect())
}

/// Refuses homes that are not of the actor's own provider.
fn own_homes(tx: &mut Tx<'_>, actor: &Actor, ids: &[HomeId]) -> Result<()> {
    let mut homes = homes::homes(tx, ids)?;
    homes.retain(|home| home.provider_id == actor.organisation_id);
    if ids.iter().all(|id| homes.iter().any(|home| home.id == *id)) {
        Ok(())
    } else {
        Err(Error::field("home_id", "unknown_home", "must be one of your own homes"))
    }
}

/// Begins a bid for one of the provider's homes: a sealed draft.
pub fn create(
    tx: &mut Tx<'_>,
    actor: &Actor,
    server: &ServerKey,
    request_id: PlacementRequestId,
    new: NewBid,
) -> Result<(Bid, Content)> {
    actor.must(Permission::SubmitBids)?;
    let request = hold(tx, actor, request_id)?;
    rules::while_open(&request, tx.now)?;
    let (home_id, terms) = new.split();
    own_homes(tx, actor, &[home_id])?;
    let terms = terms.arranged(&criteria_of(tx, request_id)?)?;
    let bid = Bid::begun(
        BidId::new(tx.now),
        request_id,
        home_id,
        actor.organisation_id,
        actor.person_id,
        tx.now,
    );
    let content = Content::new(&bid, &request.reference, terms)?;
    let sealed = key_or_new(tx, server, request_id)?.seal(&content.to_bytes()?, bid.id, bid.sealed_version)?;
    store::insert(tx, &bid)?;
    store::insert_version(tx, bid.id, bid.sealed_version, &sealed, actor.person_id)?;
    // A decline for the home stands until the opening: were it gone now, the authority would know who bids.
    let after = json!({ "placement_request_id": request_id, "home_id": home_id, "state": bid.state });
    tx.record(
        Who::Person(actor),
        Act::on("bid", bid.id).did("bid.create").after(after),
    );
    Ok((bid, content))
}

/// Saves another content: over the version that is not submitted yet, else as a new version, which counts once it is submitted.
pub fn revise(
    tx: &mut Tx<'_>,
    actor: &Actor,
    server: &ServerKey,
    id: BidId,
    terms: Terms,
    if_match: Option<i64>,
) -> Result<(Bid, Content)> {
    actor.must(Permission::SubmitBids)?;
    let (before, request) = hold_own(tx, actor, id)?;
    unless_stale(before.version, if_match)?;
    rules::while_open(&request, tx.now)?;
    let replaces = before.has_unsent_version();
    let bid = before.clone().saved()?;
    let terms = terms.arranged(&criteria_of(tx, request.id)?)?;
    let content = Content::new(&bid, &request.reference, terms)?;
    let sealed = key_of_bid(tx, server, &bid)?.seal(&content.to_bytes()?, id, bid.sealed_version)?;
    if replaces {
        store::replace_version(tx, id, bid.sealed_version, &sealed, actor.person_id)?;
    } else {
        store::insert_version(tx, id, bid.sealed_version, &sealed, actor.person_id)?;
    }
    let bid = store::update(tx, bid)?;
    let act = Act::on("bid", id).did("bid.revise");
    let act = act.before(json!({"sealed_version": before.sealed_version}));
    tx.record(
        Who::Person(actor),
        act.after(json!({"sealed_version": bid.sealed_version})),
    );
    Ok((bid, content))
}

/// Submits the version that was saved last, if it comes in time, is complete and its home may bid.
pub fn submit(
    tx: &mut Tx<'_>,
    actor: &Actor,
    server: &ServerKey,
    id: BidId,
    if_match: Option<i64>,
) -> Result<(Bid, Content)> {
    actor.must(Permission::SubmitBids)?;
    let (before, request) = hold_own(tx, actor, id)?;
    unless_stale(before.version, if_match)?;
    rules::while_open(&request, tx.now)?;
    before.state.after(Verb::Submit)?;
    if !before.has_unsent_version() {
        return Err(BidRefused::NothingToSubmit.into());
    }
    let mut content = content_of(tx, server, &before)?;
    let criteria = criteria_of(tx, request.id)?;
    let missing = rules::missing(&content.price, &content.answers, &content.matching_statement, &criteria);
    if !missing.is_empty() {
        return Err(BidRefused::AnswersMissing.naming(missing));
    }
    let (lot, policy) = call_off(tx, &request)?;
    let breaches = lot.ceilings_breached_by(&content.price);
    if policy.blocks_over_ceiling()
        && let Some((refused, fields)) = rules::over_ceiling(&breaches)
    {
        return Err(refused.naming(fields));
    }
    let eligibility = eligibility(tx, &request, &lot, &policy, &[before.home_id])?;
    let home = eligibility.get(&before.home_id).ok_or(BidRefused::HomeNotActive)?;
    content.remarks = breaches
        .iter()
        .map(rules::ceiling_remark)
        .chain(home.at_submission()?)
        .collect();
    let bytes = content.to_bytes()?;
    let bid = before.submitted(content::sha256(&bytes), tx.now)?;
    let sealed = key_of_bid(tx, server, &bid)?.seal(&bytes, id, bid.sealed_version)?;
    let receipt = bid
        .receipt
        .clone()
        .ok_or_else(|| Error::internal("a submitted bid has a receipt"))?;
    store::submit_version(tx, id, receipt.version, &sealed, &receipt.sha256)?;
    let bid = store::update(tx, bid)?;
    let after = json!({"state": bid.state, "version": receipt.version, "sha256": receipt.sha256});
    tx.record(Who::Person(actor), Act::on("bid", id).did("bid.submit").after(after));
    tx.emit(Event::BidSubmitted {
        bid_id: id,
        version: i64::from(receipt.version),
    })?;
    Ok((bid, content))
}

/// What stands against submitting a bid, all of it, and what the authority would be told with it.
#[derive(Debug)]
pub struct Outlook {
    /// Why it would be refused, in words.
    pub problems: Vec<String>,
    /// What would go with it.
    pub remarks: Vec<Remark>,
}

/// Looks ahead at [`submit`]: what it would say now to the version that was saved last.
pub fn outlook(tx: &mut Tx<'_>, server: &ServerKey, bid: &Bid, request: &PlacementRequest) -> Result<Outlook> {
    let content = content_of(tx, server, bid)?;
    let criteria = criteria_of(tx, request.id)?;
    let (lot, policy) = call_off(tx, request)?;
    let eligibility = eligibility(tx, request, &lot, &policy, &[bid.home_id])?;
    let (mut problems, mut remarks) = (Vec::new(), Vec::new());
    if let Err(refused) = rules::while_open(request, tx.now) {
        problems.push(refused.to_string());
    }
    let missing = rules::missing(&content.price, &content.answers, &content.matching_statement, &criteria);
    problems.extend(missing.iter().map(|error| format!("The bid {}.", error.message)));
    let above = lot.ceilings_breached_by(&content.price);
    let above = above.iter().map(rules::ceiling_remark);
    if policy.blocks_over_ceiling() {
        problems.extend(above.map(|remark| remark.text));
    } else {
        remarks.extend(above);
    }
    let standing = eligibility.get(&bid.home_id);
    match standing.map_or(Err(BidRefused::HomeNotActive), Eligibility::at_submission) {
        Ok(noticed) => remarks.extend(noticed),
        Err(refused) => problems.push(refused.to_string()),
    }
    Ok(Outlook { problems, remarks })
}

/// Withdraws a bid: it will not be opened, and the home may bid again.
pub fn withdraw(tx: &mut Tx<'_>, actor: &Actor, id: BidId, if_match: Option<i64>) -> Result<Bid> {
    actor.must(Permission::SubmitBids)?;
    let (before, request) = hold_own(tx, actor, id)?;
    unless_stale(before.version, if_match)?;
    rules::while_open(&request, tx.now)?;
    let was = before.state;
    let bid = store::update(tx, before.withdrawn(tx.now)?)?;
    let act = Act::on("bid", id).did("bid.withdraw").before(json!({"state": was}));
    tx.record(Who::Person(actor), act.after(json!({"state": bid.state})));
    if was == BidState::Submitted {
        tx.emit(Event::BidWithdrawn { bid_id: id })?;
    }
    Ok(bid)
}

/// Opens all submitted bids of a request in one act, after the deadline, once.
///
/// Every content must unseal and must have the SHA-256 of its receipt: else nothing is opened at all, loudly, since bids that
/// were opened at different times would not have been treated alike. A bid whose provider or home has lost its standing since
/// the submission is marked as not compliant, with the reason; a person may mark it otherwise. Drafts stay sealed for good. Whoever
/// bids has taken a decline back: it is gone from now on.
pub fn open(
    tx: &mut Tx<'_>,
    actor: &Actor,
    server: &ServerKey,
    id: PlacementRequestId,
    if_match: Option<i64>,
) -> Result<(PlacementRequest, Vec<OpenedBid>)> {
    actor.must(Permission::OpenBids)?;
    let request = hold(tx, actor, id)?;
    unless_stale(request.version, if_match)?;
    rules::may_open(&request, tx.now)?;
    let sealed = store::to_open(tx, id)?;
    let homes: Vec<HomeId> = sealed.iter().map(|(bid, _)| bid.home_id).collect();
    let (lot, policy) = call_off(tx, &request)?;
    let eligibility = eligibility(tx, &request, &lot, &policy, &homes)?;
    let key = key_of(tx, server, id)?;
    let mut bids = Vec::with_capacity(sealed.len());
    let mut contents = Vec::with_capacity(sealed.len());
    for (bid, sealed) in sealed {
        let broken = || Error::CorruptRow {
            table: "bid_versions",
            id: bid.id.to_string(),
        };
        let key = key.as_ref().ok_or_else(|| Error::CorruptRow {
            table: "sealing_keys",
            id: id.to_string(),
        })?;
        let receipt = bid.receipt.as_ref().ok_or_else(broken)?;
        let bytes = key.open(&sealed, bid.id, receipt.version)?;
        if content::sha256(&bytes) != receipt.sha256 {
            return Err(broken());
        }
        let content = Content::from_bytes(&bytes)?;
        let text = std::str::from_utf8(&bytes).map_err(Error::internal)?.to_owned();
        let out = match eligibility.get(&bid.home_id) {
            Some(eligibility) => eligibility.at_opening(),
            None => Some("At the opening the home was not registered any more.".to_owned()),
        };
        let bid = bid.opened(tx.now)?;
        bids.push(match out {
            Some(reason) => bid.marked_non_compliant(reason)?,
            None => bid,
        });
        contents.push((content, text));
    }
    let bids = store::keep_opened(tx, bids)?;
    store::insert_opened(tx, &contents)?;
    store::take_back_declines(tx, id, &homes)?;
    let opened: Vec<OpenedBid> = bids
        .into_iter()
        .zip(contents)
        .map(|(bid, (content, _))| OpenedBid { bid, content })
        .collect();
    let request = requests::mark_opened(tx, id, actor.person_id)?;
    let bids: Vec<_> = opened
        .iter()
        .filter_map(|open| Some(json!({"id": open.bid.id, "sha256": open.bid.receipt.as_ref()?.sha256})))
        .collect();
    tx.record(
        Who::Person(actor),
        Act::on("placement_request", id)
            .did("bids.open")
            .after(json!({"opened_at": tx.now, "bids": bids})),
    );
    tx.emit(Event::BidsOpened { request_id: id })?;
    let out = opened.iter().filter(|open| open.bid.state == BidState::NonCompliant);
    let told: Vec<Event> = out.map(|open| Event::BidNonCompliant { bid_id: open.bid.id }).collect();
    tx.emit_all(&told)?;
    Ok((request, opened))
}

/// An opened bid of the actor's authority, its request held until the transaction ends.
fn hold_opened(tx: &mut Tx<'_>, actor: &Actor, id: BidId) -> Result<Bid> {
    let (_, request) = opened_to(tx, actor, id)?;
    request_store::lock(tx, request.id)?;
    Ok(opened_to(tx, actor, id)?.0)
}

/// Marks an opened bid as not compliant, with the reason: it is out of the scoring and the order. Its bidder reads the reason, so it is
/// screened with the key to the child's names.
pub fn mark_non_compliant(
    tx: &mut Tx<'_>,
    actor: &Actor,
    key: &ConfidentialKey,
    id: BidId,
    reason: String,
    if_match: Option<i64>,
) -> Result<Bid> {
    actor.must(Permission::OpenBids)?;
    let before = hold_opened(tx, actor, id)?;
    unless_stale(before.version, if_match)?;
    requests::must_not_identify(tx, key, before.request_id, &[("reason", &reason)])?;
    let was = before.state;
    let bid = store::update(tx, before.marked_non_compliant(reason)?)?;
    let act = Act::on("bid", id)
        .did("bid.mark_non_compliant")
        .before(json!({"state": was}));
    let reason = audit::hashed(bid.non_compliance.as_deref().unwrap_or_default());
    tx.record(
        Who::Person(actor),
        act.after(json!({"state": bid.state, "reason": reason})),
    );
    tx.emit(Event::BidNonCompliant { bid_id: id })?;
    Ok(bid)
}

/// Marks an opened bid as compliant, also after it was marked otherwise.
pub fn mark_compliant(tx: &mut Tx<'_>, actor: &Actor, id: BidId, if_match: Option<i64>) -> Result<Bid> {
    actor.must(Permission::OpenBids)?;
    let before = hold_opened(tx, actor, id)?;
    unless_stale(before.version, if_match)?;
    let was = before.state;
    let bid = store::update(tx, before.marked_compliant()?)?;
    let act = Act::on("bid", id)
        .did("bid.mark_compliant")
        .before(json!({"state": was}));
    tx.record(Who::Person(actor), act.after(json!({"state": bid.state})));
    tx.emit(Event::BidCompliant { bid_id: id })?;
    Ok(bid)
}

/// Gives bids of a request the outcome of its award. Part of an award's own action: that one is recorded, and holds the request's row.
pub fn mark_outcome(tx: &mut Tx<'_>, ids: &[BidId], outcome: Outcome) -> Result<()> {
    let before = store::bids(tx, ids)?;
    let from: Vec<BidState> = before.iter().map(|bid| bid.state).collect();
    let after = before.into_iter().map(|bid| bid.concluded(outcome));
    let after: Vec<Bid> = after.collect::<Result<_, _>>()?;
    match after.first() {
        Some(bid) => store::set_state(tx, ids, &from, bid.state),
        None if ids.is_empty() => Ok(()),
        None => Err(Error::NotFound("bid")),
    }
}

/// What the request is called off under: its lot, and the framework's policy.
fn call_off(tx: &mut Tx<'_>, request: &PlacementRequest) -> Result<(Lot, Policy)> {
    let lot = frameworks::store::lot(tx, request.lot_id)?.ok_or(Error::NotFound("lot"))?;
    let framework = frameworks::store::framework(tx, request.framework_id)?.ok_or(Error::NotFound("framework"))?;
    Ok((lot, framework.policy))
}

/// How these homes stand towards the request now, in a fixed number of queries.
fn eligibility(
    tx: &mut Tx<'_>,
    request: &PlacementRequest,
    lot: &Lot,
    policy: &Policy,
    homes: &[HomeId],
) -> Result<HashMap<HomeId, Eligibility>> {
    let standings = providers::actions::standings(tx, lot)?;
    let matches = matching::actions::matches_of(tx, request, homes)?;
    let misfits_may_bid = policy.invite_rule == InviteRule::AllAdmitted;
    Ok(matches
        .into_iter()
        .map(|(home, found)| {
            let standing = standings.get(&found.provider_id).copied().unwrap_or_default();
            (home, Eligibility::of(standing, &found, misfits_may_bid))
        })
        .collect())
}

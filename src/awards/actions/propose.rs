//! Proposing: after a competition, or without one.

use super::{area_of, home, lot_and_framework, must_be_eligible};
use crate::access::{Actor, Permission, Who};
use crate::audit::{Act, hashed};
use crate::awards::input::{NewAward, NewDirectAward};
use crate::awards::letters::Letter;
use crate::awards::rules::{
    Approval, Area, Award, AwardRefused, AwardState, approvals_needed, choose, may_answer, on_framework_terms,
    standstill_end,
};
use crate::awards::{store, telling};
use crate::bids::{self, store::OpenedBid};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::evaluation::{self, Sheet};
use crate::frameworks::Framework;
use crate::homes::Home;
use crate::ids::{ApprovalId, AwardId, BidId, PlacementRequestId};
use crate::outbox::Event;
use crate::placement_requests::{self, ConfidentialKey, PlacementRequest};
use crate::reference::distance_miles;
use crate::values::{OutOfAreaReason, PriceLines, ProcurementRoute};
use chrono::NaiveDate;
use rust_decimal::prelude::ToPrimitive;
use serde_json::json;

/// Proposes the award to a bid of the request. What the bidders will read is screened with the key to the child's names.
pub fn propose(
    tx: &mut Tx<'_>,
    actor: &Actor,
    key: &ConfidentialKey,
    request: PlacementRequestId,
    new: NewAward,
) -> Result<Award> {
    actor.must(Permission::ProposeAwards)?;
    let request = placement_requests::actions::own(tx, actor, request)?;
    let (award, _) = prepared(tx, actor, key, &request, new)?;
    keep(tx, actor, &request, award)
}

/// What [`propose`] would do, without doing it: the award as it would be kept, and the letters as they would be sent now.
pub fn rehearse(
    tx: &mut Tx<'_>,
    actor: &Actor,
    key: &ConfidentialKey,
    request: PlacementRequestId,
    new: NewAward,
) -> Result<Rehearsal> {
    actor.must(Permission::ProposeAwards)?;
    let request = placement_requests::actions::seen_by(tx, actor, request)?;
    let (award, home) = prepared(tx, actor, key, &request, new)?;
    let letters = telling::letters_of(tx, &award, &request)?;
    Ok(Rehearsal {
        award,
        request,
        home,
        letters,
    })
}

/// An award that is only thought of.
#[derive(Debug)]
pub struct Rehearsal {
    /// The award as it would be kept.
    pub award: Award,
    /// The request it answers.
    pub request: PlacementRequest,
    /// The home.
    pub home: Home,
    /// The letters as they would be sent now.
    pub letters: Vec<Letter>,
}

/// The award to a bid of the request, not yet kept; refused where it can't be proposed.
fn prepared(
    tx: &mut Tx<'_>,
    actor: &Actor,
    key: &ConfidentialKey,
    request: &PlacementRequest,
    new: NewAward,
) -> Result<(Award, Home)> {
    if store::has_live(tx, request.id)? {
        return Err(AwardRefused::AlreadyExists.into());
    }
    may_answer(false, request.phase(tx.now))?;
    let offer = bids::store::opened(tx, request.id)?
        .into_iter()
        .find(|opened| opened.bid.id == new.bid_id);
    let OpenedBid { bid, content } =
        offer.ok_or_else(|| Error::field("bid_id", "unknown_bid", "must be an opened bid of this request"))?;
    let ranks = choosable(tx, request)?.ok_or(AwardRefused::NotEvaluated)?;
    let choice = choose(&ranks, bid.id, new.reason.as_deref()).ok_or(AwardRefused::BidNotAwardable {
        status: bid.state.label(),
    })??;
    let told = new.reason.as_deref().filter(|_| choice.first && choice.tied);
    let texts: Vec<_> = [("characteristics", new.characteristics.as_deref()), ("reason", told)]
        .into_iter()
        .filter_map(|(field, text)| Some((field, text?)))
        .collect();
    placement_requests::actions::must_not_identify(tx, key, request.id, &texts)?;
    let (lot, framework) = lot_and_framework(tx, request.lot_id)?;
    let home = home(tx, bid.home_id)?;
    must_be_eligible(tx, &home, &lot, &framework, true)?;
    let proposal = Proposal {
        bid_id: Some(bid.id),
        route: framework.procurement_route,
        rank: Some(choice.rank),
        first: choice.first,
        tied: choice.tied,
        reason: new.reason,
        characteristics: new.characteristics,
        price: content.price,
        starts_on: content.starts_on,
        out_of_area_reason: new.out_of_area_reason,
    };
    let award = made(tx, actor, request, &home, &framework, proposal)?;
    Ok((award, home))
}

/// The bids of a request that can be chosen, with their ranks on the sheet as it is now; `None` while not all are scored.
fn choosable(tx: &mut Tx<'_>, request: &PlacementRequest) -> Result<Option<Vec<(BidId, i32)>>> {
    let sheet = evaluation::actions::sheet(tx, request)?;
    let declined = store::declined_bids(tx, request.id)?;
    Ok(ranks_of(&sheet, &declined))
}

fn ranks_of(sheet: &Sheet, declined: &[BidId]) -> Option<Vec<(BidId, i32)>> {
    let rows = sheet.rows.iter().filter(|row| !declined.contains(&row.bid_id));
    sheet.complete.then(|| {
        rows.filter_map(|row| Some((row.bid_id, i32::try_from(row.rank?).ok()?)))
            .collect()
    })
}

/// [`ranks_as_proposed`], by the sheet as it is now.
pub(super) fn must_rank_as_proposed(tx: &mut Tx<'_>, award: &Award, request: &PlacementRequest) -> Result<()> {
    if award.is_direct() {
        return Ok(());
    }
    let sheet = evaluation::actions::sheet(tx, request)?;
    let declined = store::declined_bids(tx, request.id)?;
    Ok(ranks_as_proposed(award, &sheet, &declined)?)
}

/// Refuses an award whose bid no longer ranks as it did when it was proposed: what was decided, and approved, was another sheet.
pub(super) fn ranks_as_proposed(award: &Award, sheet: &Sheet, declined: &[BidId]) -> Result<(), AwardRefused> {
    let Some(bid) = award.bid_id else { return Ok(()) };
    let ranks = ranks_of(sheet, declined).unwrap_or_default();
    // Asked with a reason, so that the answer is the measure and no refusal.
    match choose(&ranks, bid, Some("any")).transpose()? {
        Some(choice) if (Some(choice.rank), choice.tied) == (award.rank, award.tied) => Ok(()),
        _ => Err(AwardRefused::SheetChanged),
    }
}

/// Proposes an award without a competition, to a home of the authority's choice: on the framework's terms, or as a spot purchase off it.
pub fn propose_direct(tx: &mut Tx<'_>, actor: &Actor, new: NewDirectAward) -> Result<Award> {
    actor.must(Permission::ProposeAwards)?;
    let request = placement_requests::actions::own(tx, actor, new.placement_request_id)?;
    if store::has_live(tx, request.id)? {
        return Err(AwardRefused::AlreadyExists.into());
    }
    may_answer(true, request.phase(tx.now))?;
    let (lot, framework) = lot_and_framework(tx, request.lot_id)?;
    let home = home(tx, new.home_id)?;
    if home.purpose.placement_type != lot.placement_type {
        return Err(Error::field(
            "home_id",
            "home.other_placement_type",
            "must be a home for the lot's type of placement",
        ));
    }
    let on_terms = on_framework_terms(new.procurement_route);
    if on_terms {
        framework.may_call_off(tx.now.date_in_uk())?;
        let breaches = lot.ceilings_breached_by(&new.price);
        if let Some(breach) = breaches.first().filter(|_| framework.policy.blocks_over_ceiling()) {
            return Err(AwardRefused::OverCeiling {
                line: breach.line_name(),
            }
            .into());
        }
    }
    must_be_eligible(tx, &home, &lot, &framework, on_terms)?;
    let proposal = Proposal {
        bid_id: None,
        route: new.procurement_route,
        rank: None,
        first: false,
        tied: false,
        reason: Some(new.reason),
        characteristics: None,
        price: new.price,
        starts_on: new.starts_on.unwrap_or(request.starts_on),
        out_of_area_reason: new.out_of_area_reason,
    };
    let award = made(tx, actor, &request, &home, &framework, proposal)?;
    keep(tx, actor, &request, award)
}

struct Proposal {
    bid_id: Option<BidId>,
    route: ProcurementRoute,
    rank: Option<i32>,
    first: bool,
    tied: bool,
    reason: Option<String>,
    characteristics: Option<String>,
    price: PriceLines,
    starts_on: NaiveDate,
    out_of_area_reason: Option<OutOfAreaReason>,
}

/// The award that a proposal makes: with the approvals it needs, or, needing none, approved and standing still.
fn made(
    tx: &mut Tx<'_>,
    actor: &Actor,
    request: &PlacementRequest,
    home: &Home,
    framework: &Framework,
    proposal: Proposal,
) -> Result<Award> {
    let now = tx.now;
    let area = area_of(tx, actor.organisation_id, home)?;
    let direct = proposal.bid_id.is_none();
    let weekly = proposal.price.total();
    let threshold = framework.policy.approval_weekly_price;
    let approvals: Vec<_> = approvals_needed(proposal.first, direct, area, weekly, threshold)
        .into_iter()
        .map(|kind| Approval::needed(ApprovalId::new(now), kind))
        .collect();
    let waits = !approvals.is_empty();
    let award = Award {
        id: AwardId::new(now),
        placement_request_id: request.id,
        bid_id: proposal.bid_id,
        lot_id: request.lot_id,
        authority_id: actor.organisation_id,
        provider_id: home.provider_id,
        home_id: home.id,
        route: proposal.route,
        rank: proposal.rank,
        tied: proposal.tied,
        reason: proposal.reason,
        characteristics: proposal.characteristics,
        price: proposal.price,
        starts_on: proposal.starts_on,
        places: request.child.places(),
        area,
        out_of_area_reason: proposal.out_of_area_reason.filter(|_| area != Area::InArea),
        distance: (distance_miles(request.origin.grid, home.location.grid) * 100.0)
            .round()
            .to_i32()
            .unwrap_or(i32::MAX),
        approvals,
        state: if waits {
            AwardState::Proposed
        } else {
            AwardState::Approved
        },
        standstill_ends_at: None,
        proposed_by: actor.person_id,
        proposed_at: now,
        confirmed: None,
        closed: None,
        version: 1,
    };
    Ok(if waits {
        award
    } else {
        Award {
            standstill_ends_at: standstill_of(&award, framework, tx),
            ..award
        }
    })
}

fn keep(tx: &mut Tx<'_>, actor: &Actor, request: &PlacementRequest, award: Award) -> Result<Award> {
    let waits = !award.approvals.is_empty();
    store::insert(tx, &award)?;
    let kinds: Vec<_> = award.approvals.iter().map(|approval| approval.kind.code()).collect();
    tx.record(
        Who::Person(actor),
        Act::on("award", award.id).did("award.propose").after(json!({
            "placement_request_id": award.placement_request_id,
            "bid_id": award.bid_id,
            "home_id": award.home_id,
            "route": award.route,
            "rank": award.rank,
            "tied": award.tied,
            "reason": award.reason.as_deref().map(hashed),
            "weekly_total": award.price.total(),
            "area": award.area,
            "approvals_needed": kinds,
            "status": award.status(tx.now),
        })),
    );
    tx.emit(Event::AwardProposed { award_id: award.id })?;
    if waits {
        tx.emit(Event::ApprovalNeeded { award_id: award.id })?;
    } else {
        begin_standstill(tx, &award, request)?;
    }
    Ok(award)
}

/// Until when an award stands still that is approved now: only where others have bid is there anybody to stand still for.
pub(super) fn standstill_of(award: &Award, framework: &Framework, tx: &Tx<'_>) -> Option<crate::clock::Instant> {
    let days = u32::try_from(framework.policy.standstill_working_days).unwrap_or(0);
    if award.is_direct() {
        None
    } else {
        standstill_end(tx.now, days)
    }
}

/// The standstill begins by telling the bidders: nobody can object to what they don't know.
pub(super) fn begin_standstill(tx: &mut Tx<'_>, award: &Award, request: &PlacementRequest) -> Result<()> {
    if award.standstill_ends_at.is_some() {
        telling::send(tx, award, request)?;
        tx.emit(Event::AwardStandstillBegan { award_id: award.id })?;
    }
    Ok(())
}

//! What is done to placements.

use super::agreement::{Contract, Facts, agreement};
use super::input::{NewTerms, Starting, Stopping};
use super::rules::{FundingSplit, Placement, PlacementRefused, PlacementState, Terms, takes_approver};
use super::store::{self, Scope};
use crate::access::{Actor, OrganisationKind, Permission, Role, Who};
use crate::accounts;
use crate::audit::{Act, hashed};
use crate::awards::{self, Award, rules::on_framework_terms};
use crate::bids;
use crate::db::{Tx, unless_stale};
use crate::error::{Error, Result};
use crate::frameworks;
use crate::homes;
use crate::ids::{AwardId, OrganisationId, PlacementId};
use crate::outbox::Event;
use crate::placement_requests;
use crate::vacancies;
use serde_json::json;

/// Whose placements the actor may know.
pub fn scope_of(actor: &Actor) -> Scope {
    match actor.organisation_kind {
        OrganisationKind::Authority => Scope::Authority(actor.organisation_id),
        OrganisationKind::Provider => Scope::Provider(actor.organisation_id),
        OrganisationKind::Cooperative => Scope::Cooperative(actor.organisation_id),
    }
}

/// The provider accepts an award: in the same transaction its placement is agreed, on the bid's price, the contract in force and the request.
pub fn accept(tx: &mut Tx<'_>, actor: &Actor, award: AwardId, expected: Option<i64>) -> Result<(Award, Placement)> {
    let award = awards::actions::accept(tx, actor, award, expected)?;
    let vacancy_id = award.confirmed.ok_or_else(|| corrupt(&award))?.vacancy_id;
    let home = homes::store::home(tx, award.home_id)?.ok_or_else(|| corrupt(&award))?;
    let lot = frameworks::store::lot(tx, award.lot_id)?.ok_or_else(|| corrupt(&award))?;
    let today = tx.now.date_in_uk();
    let contract = if on_framework_terms(award.route) {
        match frameworks::store::contract_in_force(tx, lot.framework_id, today)? {
            None => frameworks::store::contract_in_force(tx, lot.framework_id, award.starts_on)?,
            in_force => in_force,
        }
    } else {
        None
    };
    let placement = Placement {
        id: PlacementId::new(tx.now),
        award_id: award.id,
        placement_request_id: award.placement_request_id,
        framework_id: lot.framework_id,
        lot_id: lot.id,
        home_id: home.id,
        ofsted_urn: home.ofsted_urn,
        provider_id: award.provider_id,
        authority_id: award.authority_id,
        vacancy_id,
        places: award.places,
        contract_version_id: contract.map(|contract| contract.id),
        state: PlacementState::Agreed,
        starts_on: award.starts_on,
        started_on: None,
        ended: None,
        version: 1,
    };
    store::insert(tx, &placement)?;
    let terms = Terms {
        number: 1,
        effective_on: placement.starts_on,
        price: award.price,
        funding: FundingSplit::default(),
        reason: None,
        sha256: String::new(),
        recorded_by: actor.person_id,
    };
    let terms = keep_terms(tx, &placement, terms)?;
    tx.record(
        Who::Person(actor),
        Act::on("placement", placement.id).did("placement.agree").after(json!({
            "award_id": placement.award_id,
            "ofsted_urn": placement.ofsted_urn,
            "starts_on": placement.starts_on,
            "weekly_total": terms.price.total(),
            "agreement_sha256": terms.sha256,
        })),
    );
    tx.emit(Event::PlacementAgreed {
        placement_id: placement.id,
    })?;
    Ok((award, placement))
}

fn corrupt(award: &Award) -> Error {
    Error::CorruptRow {
        table: "awards",
        id: award.id.to_string(),
    }
}

/// Notes that the child has moved in. The request is then completed.
pub fn start(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: PlacementId,
    starting: &Starting,
    expected: Option<i64>,
) -> Result<Placement> {
    actor.must(Permission::ManagePlacements)?;
    let before = held(tx, actor, id, expected)?;
    let started = before.start(starting.started_on, tx.now.date_in_uk());
    let placement = store::update(tx, started.map_err(|refused| refused.of_day("started_on"))?)?;
    let request = placement_requests::actions::mark_completed(tx, placement.placement_request_id)?;
    awards::actions::placement_started(tx, placement.award_id, request.needed_by, starting.started_on)?;
    tx.record(
        Who::Person(actor),
        Act::on("placement", placement.id).did("placement.start").after(json!({
            "status": placement.state,
            "starts_on": placement.starts_on,
            "started_on": placement.started_on,
            "early": placement.started_early(),
        })),
    );
    tx.emit(Event::PlacementStarted {
        placement_id: placement.id,
    })?;
    Ok(placement)
}

/// Notes that a placement is over, or never began: its places are free for the home to offer again.
pub fn end(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: PlacementId,
    stopping: &Stopping,
    expected: Option<i64>,
) -> Result<Placement> {
    actor.must(Permission::ManagePlacements)?;
    let before = held(tx, actor, id, expected)?;
    let never_began = before.state == PlacementState::Agreed;
    let ended = before.end(stopping.ended_on, stopping.reason, tx.now.date_in_uk());
    let placement = store::update(tx, ended.map_err(|refused| refused.of_day("ended_on"))?)?;
    if never_began {
        // The request was answered, though nobody moved in: another home takes another request.
        placement_requests::actions::mark_completed(tx, placement.placement_request_id)?;
    }
    vacancies::actions::release_places(
        tx,
        placement.home_id,
        never_began.then_some(placement.vacancy_id),
        placement.places,
    )?;
    tx.record(
        Who::Person(actor),
        Act::on("placement", placement.id).did("placement.end").after(json!({
            "status": placement.state,
            "ended_on": stopping.ended_on,
            "reason": stopping.reason,
        })),
    );
    tx.emit(Event::PlacementEnded {
        placement_id: placement.id,
    })?;
    Ok(placement)
}

/// Changes what is paid, or who pays, from a later day on. The terms before keep standing for their time. A price that rises above the framework's
/// approval threshold takes an approver.
pub fn vary(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: PlacementId,
    new: NewTerms,
    expected: Option<i64>,
) -> Result<Placement> {
    actor.must(Permission::VaryPlacements)?;
    let placement = held(tx, actor, id, expected)?;
    let history = store::terms_of(tx, &[id])?.remove(&id).unwrap_or_default();
    let last = history.last().ok_or_else(|| Error::CorruptRow {
        table: "placements",
        id: id.to_string(),
    })?;
    let (price, funding) = (new.price.unwrap_or(last.price), new.funding.unwrap_or(last.funding));
    let varied = placement.vary(last, new.effective_on, price, funding);
    varied.map_err(|refused| refused.of_day("effective_on"))?;
    let lot = frameworks::store::lot(tx, placement.lot_id)?.ok_or(Error::NotFound("lot"))?;
    let framework = frameworks::store::framework(tx, lot.framework_id)?.ok_or(Error::NotFound("framework"))?;
    let award = awards::store::award(tx, placement.award_id)?.ok_or(Error::NotFound("award"))?;
    let ceilings_bind = on_framework_terms(award.route) && framework.policy.blocks_over_ceiling();
    let breaches = if ceilings_bind && price != last.price {
        lot.ceilings_breached_by(&price)
    } else {
        Vec::new()
    };
    if let Some(breach) = breaches.first() {
        return Err(PlacementRefused::OverCeiling {
            line: breach.line_name(),
        }
        .into());
    }
    let refused = takes_approver(
        last.price.total(),
        price.total(),
        framework.policy.approval_weekly_price,
    );
    if let Some(refused) = refused.filter(|_| actor.role != Role::Approver) {
        return Err(refused.into());
    }
    let terms = Terms {
        number: last.number + 1,
        effective_on: new.effective_on,
        price,
        funding,
        reason: Some(new.reason),
        sha256: String::new(),
        recorded_by: actor.person_id,
    };
    let terms = keep_terms(tx, &placement, terms)?;
    let (before, after) = (last.price.total(), terms.price.total());
    let placement = store::update(tx, placement)?;
    tx.record(
        Who::Person(actor),
        Act::on("placement", placement.id)
            .did("placement.vary")
            .before(json!({ "number": last.number, "weekly_total": before, "funding": last.funding }))
            .after(json!({
                "number": terms.number,
                "effective_on": terms.effective_on,
                "weekly_total": after,
                "funding": terms.funding,
                "reason": terms.reason.as_deref().map(hashed),
                "agreement_sha256": terms.sha256,
            })),
    );
    tx.emit(Event::PlacementVaried {
        placement_id: placement.id,
    })?;
    Ok(placement)
}

/// The authority's own placement, its row held until the transaction ends.
fn held(tx: &mut Tx<'_>, actor: &Actor, id: PlacementId, expected: Option<i64>) -> Result<Placement> {
    let own = |found: Option<Placement>| {
        found
            .filter(|placement| placement.authority_id == actor.organisation_id)
            .ok_or(Error::NotFound("placement"))
    };
    let known = own(store::placement(tx, id)?)?;
    // The request's row is always taken first.
    placement_requests::store::lock(tx, known.placement_request_id)?;
    store::lock(tx, id)?;
    let placement = own(store::placement(tx, id)?)?;
    unless_stale(placement.version, expected)?;
    Ok(placement)
}

/// Keeps terms with the agreement as it reads with them.
fn keep_terms(tx: &mut Tx<'_>, placement: &Placement, terms: Terms) -> Result<Terms> {
    let facts = facts(tx, placement, &terms)?;
    let (text, sha256) = agreement(&facts)?;
    let terms = Terms { sha256, ..terms };
    store::insert_terms(tx, placement.id, &terms, &text)?;
    Ok(terms)
}

fn facts(tx: &mut Tx<'_>, placement: &Placement, terms: &Terms) -> Result<Facts> {
    let missing = || Error::CorruptRow {
        table: "placements",
        id: placement.id.to_string(),
    };
    let request = placement_requests::store::request(tx, placement.placement_request_id)?.ok_or_else(missing)?;
    let award = awards::store::award(tx, placement.award_id)?.ok_or_else(missing)?;
    let organisations = accounts::store::organisations(tx, &[placement.authority_id, placement.provider_id])?;
    let name = |id: OrganisationId| {
        let organisation = organisations.iter().find(|organisation| organisation.id == id);
        organisation
            .map(|organisation| organisation.name.clone())
            .ok_or_else(missing)
    };
    let home = homes::store::home(tx, placement.home_id)?.ok_or_else(missing)?;
    let framework = frameworks::store::framework(tx, placement.framework_id)?.ok_or_else(missing)?;
    let contract = match placement.contract_version_id {
        None => None,
        Some(id) => {
            let contract = frameworks::store::contract_version(tx, id)?.ok_or_else(missing)?;
            Some(Contract {
                number: contract.number,
                title: contract.title,
                effective_on: contract.effective_on,
                sha256: contract.sha256,
            })
        }
    };
    let bid = match award.bid_id {
        None => None,
        Some(id) => bids::store::bid(tx, id)?,
    };
    let agreed_at = award.closed.as_ref().ok_or_else(missing)?.at;
    Ok(Facts {
        reference: request.reference,
        number: terms.number,
        authority: name(placement.authority_id)?,
        provider: name(placement.provider_id)?,
        home: home.name,
        ofsted_urn: placement.ofsted_urn.clone(),
        places: placement.places,
        bid_sha256: bid.and_then(|bid| bid.receipt).map(|receipt| receipt.sha256),
        route: award.route,
        framework: format!("{}, {}", framework.reference, framework.title),
        contract,
        starts_on: placement.starts_on,
        effective_on: terms.effective_on,
        price: terms.price,
        funding: terms.funding,
        reason: terms.reason.clone(),
        agreed_on: agreed_at.date_in_uk(),
    })
}

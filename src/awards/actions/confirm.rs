//! Confirming: the authority stands by the award, and the place is taken in the same transaction.

use super::propose::must_rank_as_proposed;
use super::{held_with_request, home, lot_and_framework, must_be_eligible};
use crate::access::{Actor, Permission, Who};
use crate::audit::Act;
use crate::awards::rules::{Award, AwardRefused, DueItem, DueKind, may_answer, notice_due, on_framework_terms};
use crate::awards::{store, telling};
use crate::bids::rules::Outcome;
use crate::bids::{self, BidState};
use crate::db::Tx;
use crate::error::Result;
use crate::homes::{self, Home};
use crate::ids::{AwardId, BidId, DueItemId};
use crate::outbox::Event;
use crate::placement_requests::{self, PlacementRequest};
use crate::vacancies::{self, PlacesWanted};
use serde_json::json;

/// Confirms an award: all approvals there, the standstill over, the sheet as it was, home and provider still eligible, and a free place,
/// which it takes. Of two authorities that confirm the last place at once, one succeeds; the other is refused and its award stays as it
/// was.
pub fn confirm(tx: &mut Tx<'_>, actor: &Actor, id: AwardId, expected: Option<i64>) -> Result<Award> {
    actor.must(Permission::ProposeAwards)?;
    let (award, request) = held_with_request(tx, actor, id, expected)?;
    award.confirmable(tx.now)?;
    // It may have been ended since the award was proposed.
    may_answer(award.is_direct(), request.phase(tx.now))?;
    must_rank_as_proposed(tx, &award, &request)?;
    let (lot, framework) = lot_and_framework(tx, award.lot_id)?;
    let wanted = places_wanted(&award, &request);
    let vacancy_id = vacancies::actions::take_places(tx, award.home_id, &wanted)?.ok_or(AwardRefused::NoFreePlace)?;
    // Read with the home's row held.
    let home = home(tx, award.home_id)?;
    must_be_eligible(tx, &home, &lot, &framework, on_framework_terms(award.route))?;
    let told_before = award.is_told();
    let award = store::update(tx, award.confirm(actor.person_id, vacancy_id, tx.now)?)?;
    if !told_before {
        telling::send(tx, &award, &request)?;
    }
    conclude(tx, &award)?;
    placement_requests::actions::mark_awarded(tx, request.id)?;
    homes::store::disclose_address(tx, award.home_id, award.authority_id)?;
    note_due(tx, &award, &request, &home)?;
    tx.record(
        Who::Person(actor),
        Act::on("award", award.id).did("award.confirm").after(json!({
            "status": award.status(tx.now),
            "vacancy_id": vacancy_id,
            "places": award.places,
        })),
    );
    tx.emit(Event::AwardConfirmed { award_id: award.id })?;
    Ok(award)
}

/// The places that an award takes.
pub(super) fn places_wanted(award: &Award, request: &PlacementRequest) -> PlacesWanted {
    PlacesWanted {
        on: award.starts_on,
        places: award.places,
        age: Some(request.child.age),
        sex: request.child.sex,
    }
}

/// The chosen bid is successful, and every other that could have been chosen is not.
fn conclude(tx: &mut Tx<'_>, award: &Award) -> Result<()> {
    let mut others = store::bidders(tx, award.placement_request_id)?;
    others
        .retain(|one| Some(one.bid_id) != award.bid_id && matches!(one.state, BidState::Opened | BidState::Compliant));
    let others: Vec<BidId> = others.into_iter().map(|one| one.bid_id).collect();
    bids::actions::mark_outcome(tx, award.bid_id.as_slice(), Outcome::Successful)?;
    bids::actions::mark_outcome(tx, &others, Outcome::Unsuccessful)
}

/// The authority of the area must be told of a child that comes to live there.
fn note_due(tx: &mut Tx<'_>, award: &Award, request: &PlacementRequest, home: &Home) -> Result<()> {
    if !award.area.is_outside() {
        return Ok(());
    }
    let item = DueItem {
        id: DueItemId::new(tx.now),
        award_id: award.id,
        authority_id: award.authority_id,
        kind: DueKind::AreaAuthorityNotice,
        area_gss_code: home.location.authority.gss_code.to_owned(),
        due_on: notice_due(request.needed_by, award.starts_on),
        note: None,
        done: None,
        version: 1,
    };
    store::insert_due_item(tx, &item)?;
    tx.emit(Event::ItemDue { due_item_id: item.id })
}

//! The provider's answer.

use super::{held, held_with_request};
use crate::access::{Actor, Permission, Who};
use crate::audit::{Act, hashed};
use crate::awards::input::Ending;
use crate::awards::rules::Award;
use crate::awards::store;
use crate::bids;
use crate::bids::rules::Outcome;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::AwardId;
use crate::outbox::Event;
use crate::placement_requests;
use crate::vacancies;
use serde_json::json;

/// The provider takes the award. Its placement is made in the same transaction, by the slice of placements, which calls this.
pub fn accept(tx: &mut Tx<'_>, actor: &Actor, id: AwardId, expected: Option<i64>) -> Result<Award> {
    actor.must(Permission::AnswerAwards)?;
    let award = held(tx, actor, id, expected)?.accept(actor.person_id, tx.now)?;
    let award = store::update(tx, award)?;
    let act = Act::on("award", award.id)
        .did("award.accept")
        .after(json!({ "status": award.status(tx.now) }));
    tx.record(Who::Person(actor), act);
    tx.emit(Event::AwardAccepted { award_id: award.id })?;
    Ok(award)
}

/// The provider doesn't take the award: its place is free again, and the authority may choose the next bid.
pub fn decline(tx: &mut Tx<'_>, actor: &Actor, id: AwardId, ending: &Ending, expected: Option<i64>) -> Result<Award> {
    actor.must(Permission::AnswerAwards)?;
    let (award, request) = held_with_request(tx, actor, id, expected)?;
    let award = store::update(tx, award.decline(actor.person_id, &ending.reason, tx.now)?)?;
    if let Some(confirmed) = award.confirmed {
        vacancies::actions::release_places(tx, award.home_id, Some(confirmed.vacancy_id), award.places)?;
    }
    bids::actions::mark_outcome(tx, award.bid_id.as_slice(), Outcome::Unsuccessful)?;
    placement_requests::actions::award_fell_through(tx, request.id)?;
    store::drop_due_items(tx, award.id)?;
    let act = Act::on("award", award.id)
        .did("award.decline")
        .after(json!({ "status": award.status(tx.now), "reason": hashed(&ending.reason) }));
    tx.record(Who::Person(actor), act);
    tx.emit(Event::AwardDeclined { award_id: award.id })?;
    Ok(award)
}

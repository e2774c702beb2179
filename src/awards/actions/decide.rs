//! The authority's own second thoughts: an approver's yes or no, and taking an award back.

use super::propose::{begin_standstill, must_rank_as_proposed, standstill_of};
use super::{held, held_with_request, lot_and_framework};
use crate::access::{Actor, Permission, Who};
use crate::audit::{Act, hashed};
use crate::awards::input::{Approving, Ending, Refusing};
use crate::awards::rules::{Approval, Award, AwardState};
use crate::awards::store;
use crate::clock::Instant;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::AwardId;
use crate::outbox::Event;
use serde_json::json;

/// Gives one kind of approval, or all that are waited for. The last one approves the award.
pub fn approve(tx: &mut Tx<'_>, actor: &Actor, id: AwardId, yes: &Approving, expected: Option<i64>) -> Result<Award> {
    actor.must(Permission::ApproveAwards)?;
    let (before, request) = held_with_request(tx, actor, id, expected)?;
    let (_, framework) = lot_and_framework(tx, before.lot_id)?;
    let standstill = standstill_of(&before, &framework, tx);
    let award = before
        .clone()
        .approve(actor.person_id, yes.kind, yes.reason.as_deref(), tx.now, standstill)?;
    must_rank_as_proposed(tx, &before, &request)?;
    let award = keep_decision(tx, actor, &before, award, "award.approve", yes.reason.as_deref())?;
    if award.state == AwardState::Approved {
        tx.emit(Event::AwardApproved { award_id: award.id })?;
        begin_standstill(tx, &award, &request)?;
    }
    Ok(award)
}

/// Until when an award would stand still that is approved now; `None` where nothing stands still.
pub fn standstill_after(tx: &mut Tx<'_>, award: &Award) -> Result<Option<Instant>> {
    let (_, framework) = lot_and_framework(tx, award.lot_id)?;
    Ok(standstill_of(award, &framework, tx))
}

/// Refuses an award: another may then be proposed.
pub fn refuse(tx: &mut Tx<'_>, actor: &Actor, id: AwardId, no: &Refusing, expected: Option<i64>) -> Result<Award> {
    actor.must(Permission::ApproveAwards)?;
    let before = held(tx, actor, id, expected)?;
    let award = before.clone().refuse(actor.person_id, no.kind, &no.reason, tx.now)?;
    let award = keep_decision(tx, actor, &before, award, "award.refuse", Some(&no.reason))?;
    tx.emit(Event::AwardRefused { award_id: award.id })?;
    Ok(award)
}

/// Takes an award back that isn't confirmed: another may then be proposed.
pub fn withdraw(tx: &mut Tx<'_>, actor: &Actor, id: AwardId, ending: &Ending, expected: Option<i64>) -> Result<Award> {
    actor.must(Permission::ProposeAwards)?;
    let before = held(tx, actor, id, expected)?;
    let award = before.clone().withdraw(actor.person_id, &ending.reason, tx.now)?;
    let award = keep_decision(tx, actor, &before, award, "award.withdraw", Some(&ending.reason))?;
    tx.emit(Event::AwardWithdrawn { award_id: award.id })?;
    Ok(award)
}

fn keep_decision(
    tx: &mut Tx<'_>,
    actor: &Actor,
    before: &Award,
    after: Award,
    verb: &'static str,
    reason: Option<&str>,
) -> Result<Award> {
    let changed = |approval: &&Approval| !approval.is_pending() && !before.approvals.contains(approval);
    let decided: Vec<_> = after.approvals.iter().filter(changed).collect();
    store::decide(tx, &decided)?;
    let kinds: Vec<_> = decided.iter().map(|approval| approval.kind.code()).collect();
    let offices: Vec<_> = decided
        .iter()
        .filter_map(|approval| approval.declared_office())
        .collect();
    let act = Act::on("award", after.id)
        .did(verb)
        .before(json!({ "status": before.status(tx.now) }))
        .after(json!({
            "status": after.status(tx.now),
            "approvals": kinds,
            "declared_to_act_as": offices,
            "reason": reason.map(hashed),
        }));
    tx.record(Who::Person(actor), act);
    store::update(tx, after)
}

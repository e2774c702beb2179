//! What is done to frameworks: one function a verb, each checked, recorded and told.

use serde_json::{Value, json};

use super::rules::{
    ContractVersion, Framework, FrameworkChanges, Lot, LotChanges, NewContractVersion, NewFramework, NewLot,
    NewStandard, Standard, StandardChanges, sha256_of,
};
use super::store::{self, Scope};
use crate::access::{Actor, Permission, Who};
use crate::audit::Act;
use crate::db::{Tx, unless_stale};
use crate::error::{Error, Result};
use crate::ids::{ContractVersionId, FrameworkId, LotId, StandardId};
use crate::outbox::Event;

/// A framework, for whoever may know of it.
pub fn framework_seen_by(tx: &mut Tx<'_>, actor: &Actor, id: FrameworkId) -> Result<Framework> {
    actor.must(Permission::ReadFrameworks)?;
    let scope = Scope::of(tx, actor)?;
    store::seen_framework(tx, &scope, id)?.ok_or(Error::NotFound("framework"))
}

/// A lot, for whoever may know of its framework.
pub fn lot_seen_by(tx: &mut Tx<'_>, actor: &Actor, id: LotId) -> Result<Lot> {
    let lot = store::lot(tx, id)?.ok_or(Error::NotFound("lot"))?;
    framework_seen_by(tx, actor, lot.framework_id).map_err(|refused| hidden(refused, "lot"))?;
    Ok(lot)
}

/// A quality standard, for whoever may know of its framework.
pub fn standard_seen_by(tx: &mut Tx<'_>, actor: &Actor, id: StandardId) -> Result<Standard> {
    let standard = store::standard(tx, id)?.ok_or(Error::NotFound("standard"))?;
    framework_seen_by(tx, actor, standard.framework_id).map_err(|refused| hidden(refused, "standard"))?;
    Ok(standard)
}

/// A contract version, for whoever may know of its framework.
pub fn contract_version_seen_by(tx: &mut Tx<'_>, actor: &Actor, id: ContractVersionId) -> Result<ContractVersion> {
    let version = store::contract_version(tx, id)?.ok_or(Error::NotFound("contract version"))?;
    framework_seen_by(tx, actor, version.framework_id).map_err(|refused| hidden(refused, "contract version"))?;
    Ok(version)
}

/// What is hidden with its framework looks the same as what was never there.
fn hidden(refused: Error, what: &'static str) -> Error {
    match refused {
        Error::NotFound(_) => Error::NotFound(what),
        refused => refused,
    }
}

/// The actor's own framework, taken for writing.
fn own(tx: &mut Tx<'_>, actor: &Actor, id: FrameworkId) -> Result<Framework> {
    actor.must(Permission::ManageFrameworks)?;
    store::lock(tx, actor.organisation_id, id)?.ok_or(Error::NotFound("framework"))
}

/// Makes a draft of a framework.
pub fn create(tx: &mut Tx<'_>, actor: &Actor, new: NewFramework) -> Result<Framework> {
    actor.must(Permission::ManageFrameworks)?;
    let framework = new.draft(FrameworkId::new(tx.now), actor.organisation_id);
    store::insert(tx, &framework)?;
    let act = Act::on("framework", framework.id)
        .did("framework.create")
        .after(told(&framework));
    tx.record(Who::Person(actor), act);
    Ok(framework)
}

/// Changes a framework.
pub fn change(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: FrameworkId,
    changes: FrameworkChanges,
    if_match: Option<i64>,
) -> Result<Framework> {
    let before = own(tx, actor, id)?;
    unless_stale(before.version, if_match)?;
    let after = store::update(tx, before.clone().changed(changes)?)?;
    let act = Act::on("framework", id)
        .did("framework.change")
        .before(told(&before))
        .after(told(&after));
    tx.record(Who::Person(actor), act);
    Ok(after)
}

/// Opens a framework to its members and to providers.
pub fn open(tx: &mut Tx<'_>, actor: &Actor, id: FrameworkId, if_match: Option<i64>) -> Result<Framework> {
    let before = own(tx, actor, id)?;
    unless_stale(before.version, if_match)?;
    let lots = store::lots(tx, id)?.len();
    let contract_versions = store::contract_versions(tx, id)?.len();
    let after = before.clone().open(lots, contract_versions, tx.now)?;
    moved(
        tx,
        actor,
        &before,
        after,
        "framework.open",
        Event::FrameworkOpened { framework_id: id },
    )
}

/// Stops applications to a framework and call-offs under it, for a reason.
pub fn suspend(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: FrameworkId,
    reason: String,
    if_match: Option<i64>,
) -> Result<Framework> {
    let before = own(tx, actor, id)?;
    unless_stale(before.version, if_match)?;
    let after = before.clone().suspend(reason)?;
    moved(
        tx,
        actor,
        &before,
        after,
        "framework.suspend",
        Event::FrameworkSuspended { framework_id: id },
    )
}

/// Lets a suspended framework go on.
pub fn resume(tx: &mut Tx<'_>, actor: &Actor, id: FrameworkId, if_match: Option<i64>) -> Result<Framework> {
    let before = own(tx, actor, id)?;
    unless_stale(before.version, if_match)?;
    let after = before.clone().resume()?;
    moved(
        tx,
        actor,
        &before,
        after,
        "framework.resume",
        Event::FrameworkResumed { framework_id: id },
    )
}

/// Ends a framework for good.
pub fn close(tx: &mut Tx<'_>, actor: &Actor, id: FrameworkId, if_match: Option<i64>) -> Result<Framework> {
    let before = own(tx, actor, id)?;
    unless_stale(before.version, if_match)?;
    let after = before.clone().close(tx.now)?;
    moved(
        tx,
        actor,
        &before,
        after,
        "framework.close",
        Event::FrameworkClosed { framework_id: id },
    )
}

/// Keeps a framework in its new state, records the act and tells it.
fn moved(
    tx: &mut Tx<'_>,
    actor: &Actor,
    before: &Framework,
    after: Framework,
    verb: &'static str,
    event: Event,
) -> Result<Framework> {
    let after = store::update(tx, after)?;
    let state = |framework: &Framework| json!({"state": framework.state, "reason": framework.suspended_reason});
    let act = Act::on("framework", after.id)
        .did(verb)
        .before(state(before))
        .after(state(&after));
    tx.record(Who::Person(actor), act);
    tx.emit(event)?;
    Ok(after)
}

/// Adds a lot to a framework that is not closed.
pub fn add_lot(tx: &mut Tx<'_>, actor: &Actor, framework_id: FrameworkId, new: NewLot) -> Result<Lot> {
    own(tx, actor, framework_id)?.still_changes()?;
    let lot = new.lot(LotId::new(tx.now), framework_id, 1);
    store::insert_lot(tx, &lot)?;
    tx.record(
        Who::Person(actor),
        Act::on("lot", lot.id).did("lot.add").after(told_lot(&lot)),
    );
    Ok(lot)
}

/// Changes a lot.
pub fn change_lot(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: LotId,
    changes: LotChanges,
    if_match: Option<i64>,
) -> Result<Lot> {
    actor.must(Permission::ManageFrameworks)?;
    let framework_id = store::lot(tx, id)?.ok_or(Error::NotFound("lot"))?.framework_id;
    let framework = store::lock(tx, actor.organisation_id, framework_id)?.ok_or(Error::NotFound("lot"))?;
    // Read again under the lock: before it, somebody else may have been at it.
    let before = store::lot(tx, id)?.ok_or(Error::NotFound("lot"))?;
    unless_stale(before.version, if_match)?;
    let after = store::update_lot(tx, framework.changed_lot(&before, changes)?)?;
    let act = Act::on("lot", id)
        .did("lot.change")
        .before(told_lot(&before))
        .after(told_lot(&after));
    tx.record(Who::Person(actor), act);
    Ok(after)
}

/// Adds a quality standard to a framework that is not closed. Applications that are submitted from then on answer it.
pub fn add_standard(tx: &mut Tx<'_>, actor: &Actor, framework_id: FrameworkId, new: NewStandard) -> Result<Standard> {
    own(tx, actor, framework_id)?.still_changes()?;
    let standard = new.standard(StandardId::new(tx.now), framework_id);
    store::insert_standard(tx, &standard)?;
    let act = Act::on("standard", standard.id)
        .did("standard.add")
        .after(told_standard(&standard));
    tx.record(Who::Person(actor), act);
    Ok(standard)
}

/// Changes a quality standard, while the framework is a draft.
pub fn change_standard(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: StandardId,
    changes: StandardChanges,
    if_match: Option<i64>,
) -> Result<Standard> {
    actor.must(Permission::ManageFrameworks)?;
    let framework_id = store::standard(tx, id)?
        .ok_or(Error::NotFound("standard"))?
        .framework_id;
    let framework = store::lock(tx, actor.organisation_id, framework_id)?.ok_or(Error::NotFound("standard"))?;
    framework.must_be_draft()?;
    let before = store::standard(tx, id)?.ok_or(Error::NotFound("standard"))?;
    unless_stale(before.version, if_match)?;
    let after = store::update_standard(tx, before.clone().changed(changes))?;
    let act = Act::on("standard", id)
        .did("standard.change")
        .before(told_standard(&before))
        .after(told_standard(&after));
    tx.record(Who::Person(actor), act);
    Ok(after)
}

/// Publishes the next contract version of a framework that is not closed. Every admitted provider is asked to accept it.
pub fn publish_contract_version(
    tx: &mut Tx<'_>,
    actor: &Actor,
    framework_id: FrameworkId,
    new: NewContractVersion,
) -> Result<ContractVersion> {
    own(tx, actor, framework_id)?.still_changes()?;
    let version = ContractVersion {
        id: ContractVersionId::new(tx.now),
        framework_id,
        number: store::next_contract_number(tx, framework_id)?,
        title: new.title,
        sha256: sha256_of(&new.text),
        effective_on: new.effective_on,
        published_by: actor.person_id,
        published_at: tx.now,
    };
    store::insert_contract_version(tx, &version, &new.text)?;
    let after = json!({
        "framework_id": framework_id, "number": version.number, "title": version.title,
        "effective_on": version.effective_on, "sha256": version.sha256,
    });
    tx.record(
        Who::Person(actor),
        Act::on("contract_version", version.id)
            .did("contract_version.publish")
            .after(after),
    );
    tx.emit(Event::ContractVersionPublished {
        contract_version_id: version.id,
    })?;
    Ok(version)
}

fn told(framework: &Framework) -> Value {
    json!({
        "reference": framework.reference, "title": framework.title, "procurement_route": framework.procurement_route,
        "state": framework.state, "starts_on": framework.starts_on, "ends_on": framework.ends_on,
        "admission": framework.admission, "application_window": framework.application_window,
        "policy": framework.policy,
    })
}

fn told_lot(lot: &Lot) -> Value {
    json!({
        "framework_id": lot.framework_id, "code": lot.code, "title": lot.title,
        "placement_type": lot.placement_type, "provision_types": lot.provision_types,
        "weekly_ceiling": lot.weekly_ceiling, "line_ceilings": lot.line_ceilings,
    })
}

fn told_standard(standard: &Standard) -> Value {
    json!({
        "framework_id": standard.framework_id, "code": standard.code, "title": standard.title,
        "requirement": standard.requirement, "applies_to": standard.applies_to, "evidence": standard.evidence,
        "mandatory": standard.mandatory,
    })
}

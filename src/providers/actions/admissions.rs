//! Suspending, reinstating and ending admissions; how a provider stands towards a lot.

use std::collections::HashMap;

use serde_json::json;

use crate::access::{Actor, Permission, Who};
use crate::audit::Act;
use crate::db::{Tx, unless_stale};
use crate::error::{Error, Result};
use crate::frameworks::{self, Lot};
use crate::ids::{AdmissionId, LotId, OrganisationId};
use crate::outbox::Event;
use crate::providers::rules::{Admission, Standing, SuspensionOrder};
use crate::providers::store::{self, Scope};

/// An admission, for whoever may know of it: its provider, the framework's cooperative and its members.
pub fn admission_seen_by(tx: &mut Tx<'_>, actor: &Actor, id: AdmissionId) -> Result<Admission> {
    actor.must(Permission::ReadAdmissions)?;
    let scope = Scope::of(tx, actor)?;
    store::seen_admission(tx, &scope, id)?.ok_or(Error::NotFound("admission"))
}

/// The admission, within the actor's scope, taken for writing.
fn taken(tx: &mut Tx<'_>, actor: &Actor, id: AdmissionId, if_match: Option<i64>) -> Result<Admission> {
    let scope = Scope::of(tx, actor)?;
    let admission = store::lock_admission(tx, &scope, id)?.ok_or(Error::NotFound("admission"))?;
    unless_stale(admission.version, if_match)?;
    Ok(admission)
}

/// Keeps an admission in its new state, records the act and tells it.
fn moved(
    tx: &mut Tx<'_>,
    actor: &Actor,
    before: &Admission,
    after: Admission,
    verb: &'static str,
    event: Event,
) -> Result<Admission> {
    let after = store::update_admission(tx, after, actor.person_id)?;
    let state = |admission: &Admission| json!({"state": admission.state, "reason": admission.reason, "until": admission.suspended_until});
    let act = Act::on("admission", after.id)
        .did(verb)
        .before(state(before))
        .after(state(&after));
    tx.record(Who::Person(actor), act);
    tx.emit(event)?;
    Ok(after)
}

/// Suspends an admission, for a reason and perhaps until a moment.
pub fn suspend(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: AdmissionId,
    order: SuspensionOrder,
    if_match: Option<i64>,
) -> Result<Admission> {
    actor.must(Permission::ManageAdmissions)?;
    let before = taken(tx, actor, id, if_match)?;
    let after = before.clone().suspend(order, tx.now)?;
    moved(
        tx,
        actor,
        &before,
        after,
        "admission.suspend",
        Event::AdmissionSuspended { admission_id: id },
    )
}

/// Ends a suspension by the cooperative.
pub fn reinstate(tx: &mut Tx<'_>, actor: &Actor, id: AdmissionId, if_match: Option<i64>) -> Result<Admission> {
    actor.must(Permission::ManageAdmissions)?;
    let before = taken(tx, actor, id, if_match)?;
    let after = before.clone().reinstate(tx.now)?;
    moved(
        tx,
        actor,
        &before,
        after,
        "admission.reinstate",
        Event::AdmissionReinstated { admission_id: id },
    )
}

/// Removes a provider from a lot, for a reason.
pub fn remove(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: AdmissionId,
    reason: String,
    if_match: Option<i64>,
) -> Result<Admission> {
    actor.must(Permission::ManageAdmissions)?;
    let before = taken(tx, actor, id, if_match)?;
    let after = before.clone().remove(reason)?;
    moved(
        tx,
        actor,
        &before,
        after,
        "admission.remove",
        Event::AdmissionRemoved { admission_id: id },
    )
}

/// Leaves a lot, as its provider.
pub fn leave(tx: &mut Tx<'_>, actor: &Actor, id: AdmissionId, if_match: Option<i64>) -> Result<Admission> {
    actor.must(Permission::LeaveLots)?;
    let before = taken(tx, actor, id, if_match)?;
    let after = before.clone().leave()?;
    moved(
        tx,
        actor,
        &before,
        after,
        "admission.leave",
        Event::AdmissionLeft { admission_id: id },
    )
}

/// How a provider stands towards a lot now.
pub fn standing(tx: &mut Tx<'_>, provider: OrganisationId, lot: &Lot) -> Result<Standing> {
    let admission = store::admission(tx, provider, lot.id)?.filter(Admission::is_live);
    let in_force = frameworks::store::contract_in_force(tx, lot.framework_id, tx.now.date_in_uk())?;
    let contract_accepted = match in_force {
        Some(version) => store::has_accepted(tx, provider, version.id)?,
        None => false,
    };
    Ok(Standing {
        admitted: admission.is_some(),
        suspended: admission.is_some_and(|admission| !admission.in_force(tx.now)),
        contract_accepted,
    })
}

/// How every provider that is admitted to a lot stands towards it now, in a fixed number of queries. Who is not in it is not
/// admitted.
pub fn standings(tx: &mut Tx<'_>, lot: &Lot) -> Result<HashMap<OrganisationId, Standing>> {
    let admissions = store::admissions_of_lot(tx, lot.id)?;
    let judged = judged(tx, &admissions)?;
    Ok(judged
        .into_iter()
        .map(|((provider, _), standing)| (provider, standing))
        .collect())
}

/// How these providers stand towards these lots now, in a fixed number of queries. What is not in it is no admission.
pub fn standings_of(
    tx: &mut Tx<'_>,
    providers: &[OrganisationId],
    lots: &[LotId],
) -> Result<HashMap<(OrganisationId, LotId), Standing>> {
    let admissions = store::admissions_to(tx, lots, providers)?;
    judged(tx, &admissions)
}

fn judged(tx: &mut Tx<'_>, admissions: &[Admission]) -> Result<HashMap<(OrganisationId, LotId), Standing>> {
    let frameworks: Vec<_> = admissions.iter().map(|admission| admission.framework_id).collect();
    let providers: Vec<_> = admissions.iter().map(|admission| admission.provider_id).collect();
    let in_force = frameworks::store::contracts_in_force(tx, &frameworks, tx.now.date_in_uk())?;
    let versions: Vec<_> = in_force.values().map(|version| version.id).collect();
    let accepted = store::accepted_by(tx, &providers, &versions)?;
    let now = tx.now;
    let standing = |admission: &Admission| {
        let contract_accepted = in_force
            .get(&admission.framework_id)
            .is_some_and(|version| accepted.contains(&(admission.provider_id, version.id)));
        (
            (admission.provider_id, admission.lot_id),
            Standing {
                admitted: true,
                suspended: !admission.in_force(now),
                contract_accepted,
            },
        )
    };
    Ok(admissions.iter().map(standing).collect())
}

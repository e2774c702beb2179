//! Accepting contract versions.

use serde_json::json;

use crate::access::{Actor, Permission, Who};
use crate::audit::Act;
use crate::db::Tx;
use crate::error::Result;
use crate::frameworks::{self, ContractVersion, FrameworkRefused};
use crate::ids::ContractVersionId;
use crate::providers::rules::ApplicationRefused;
use crate::providers::store;

/// Accepts a contract version for the actor's provider, which applies to its framework or is admitted under it. Accepting
/// twice changes nothing.
pub fn accept_contract(tx: &mut Tx<'_>, actor: &Actor, id: ContractVersionId) -> Result<ContractVersion> {
    actor.must(Permission::AcceptContracts)?;
    let provider = actor.organisation_id;
    let version = frameworks::actions::contract_version_seen_by(tx, actor, id)?;
    let is_party = store::under_way(tx, provider, version.framework_id)?
        || !store::live_admissions(tx, version.framework_id, Some(provider))?.is_empty();
    if !is_party {
        return Err(ApplicationRefused::NotParty.into());
    }
    let in_force = frameworks::store::contract_in_force(tx, version.framework_id, tx.now.date_in_uk())?;
    if in_force.is_some_and(|in_force| version.number < in_force.number) {
        return Err(FrameworkRefused::ContractSuperseded.into());
    }
    if store::accept(tx, provider, id, actor.person_id)? {
        let after = json!({"provider_id": provider, "number": version.number, "sha256": version.sha256});
        tx.record(
            Who::Person(actor),
            Act::on("contract_version", id)
                .did("contract_version.accept")
                .after(after),
        );
    }
    Ok(version)
}

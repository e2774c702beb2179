//! Reading and changing profiles.

use serde_json::{Value, json};

use crate::access::{Actor, OrganisationKind, Permission, Who};
use crate::audit::Act;
use crate::db::{Tx, unless_stale};
use crate::error::{Error, Result};
use crate::ids::OrganisationId;
use crate::providers::rules::{ProfileChanges, ProviderProfile};
use crate::providers::store;

/// A provider's profile: its own people see their own, everybody of cooperatives and authorities any.
pub fn profile_seen_by(tx: &mut Tx<'_>, actor: &Actor, id: OrganisationId) -> Result<ProviderProfile> {
    actor.must(Permission::ReadProviders)?;
    if actor.organisation_kind == OrganisationKind::Provider && actor.organisation_id != id {
        return Err(Error::NotFound("provider"));
    }
    store::profile(tx, id)?.ok_or(Error::NotFound("provider"))
}

/// The profile of the actor's own provider.
pub(super) fn own(tx: &mut Tx<'_>, actor: &Actor, id: OrganisationId) -> Result<ProviderProfile> {
    if actor.organisation_id != id {
        return Err(Error::NotFound("provider"));
    }
    store::profile(tx, id)?.ok_or(Error::NotFound("provider"))
}

/// Changes what a provider says of itself.
pub fn change_profile(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: OrganisationId,
    changes: ProfileChanges,
    if_match: Option<i64>,
) -> Result<ProviderProfile> {
    actor.must(Permission::ManageProvider)?;
    let before = own(tx, actor, id)?;
    unless_stale(before.version, if_match)?;
    let after = store::update_profile(tx, before.clone().changed(changes))?;
    let act = Act::on("provider", id)
        .did("provider.change")
        .before(told(&before))
        .after(told(&after));
    tx.record(Who::Person(actor), act);
    Ok(after)
}

fn told(profile: &ProviderProfile) -> Value {
    json!({"about": profile.about, "website": profile.website, "telephone": profile.telephone})
}

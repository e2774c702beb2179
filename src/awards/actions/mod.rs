//! What is done to awards.

mod answer;
mod compare;
mod confirm;
mod decide;
mod due;
mod end_request;
mod hindrance;
mod propose;

pub use answer::{accept, decline};
pub use compare::{Alternative, Choosing, Prospect, alternatives, choosing, reach_of};
pub use confirm::confirm;
pub use decide::{approve, refuse, standstill_after, withdraw};
pub use due::{done, placement_started};
pub use end_request::{end_unfilled, may_end, withdraw_request};
pub use hindrance::{hindrance, hindrances};
pub use propose::{Rehearsal, propose, propose_direct, rehearse};

use super::rules::{Area, Award, eligible};
use super::store::{self, Scope};
use crate::access::{Actor, OrganisationKind};
use crate::accounts;
use crate::db::{Tx, unless_stale};
use crate::error::{Error, Result};
use crate::frameworks::{self, Framework, Lot};
use crate::homes::{self, Home};
use crate::ids::{AwardId, HomeId, LotId, OrganisationId};
use crate::placement_requests::{self, PlacementRequest};
use crate::providers;
use crate::reference;

/// An award as its authority or its provider may know it. A provider knows of it once the letters are out.
pub fn seen_by(tx: &mut Tx<'_>, actor: &Actor, id: AwardId) -> Result<Award> {
    let award = store::award(tx, id)?.ok_or(Error::NotFound("award"))?;
    let theirs = match actor.organisation_kind {
        OrganisationKind::Authority => award.authority_id == actor.organisation_id,
        OrganisationKind::Provider => award.provider_id == actor.organisation_id && award.is_told(),
        OrganisationKind::Cooperative => false,
    };
    if theirs {
        Ok(award)
    } else {
        Err(Error::NotFound("award"))
    }
}

/// Whose awards the actor may list; `None` for a cooperative, whose own no award is.
pub fn scope_of(actor: &Actor) -> Option<Scope> {
    match actor.organisation_kind {
        OrganisationKind::Authority => Some(Scope::Authority(actor.organisation_id)),
        OrganisationKind::Provider => Some(Scope::Provider(actor.organisation_id)),
        OrganisationKind::Cooperative => None,
    }
}

/// An award that the actor may know, its row held until the transaction ends.
fn held(tx: &mut Tx<'_>, actor: &Actor, id: AwardId, expected: Option<i64>) -> Result<Award> {
    seen_by(tx, actor, id)?;
    store::lock(tx, id)?;
    let award = seen_by(tx, actor, id)?;
    unless_stale(award.version, expected)?;
    Ok(award)
}

/// [`held`], with the request's row held before it: the order in which everybody takes them.
fn held_with_request(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: AwardId,
    expected: Option<i64>,
) -> Result<(Award, PlacementRequest)> {
    let known = seen_by(tx, actor, id)?;
    let request = placement_requests::store::lock(tx, known.placement_request_id)?;
    Ok((held(tx, actor, id, expected)?, request))
}

fn lot_and_framework(tx: &mut Tx<'_>, id: LotId) -> Result<(Lot, Framework)> {
    let lot = frameworks::store::lot(tx, id)?.ok_or(Error::NotFound("lot"))?;
    let framework = frameworks::store::framework(tx, lot.framework_id)?.ok_or(Error::NotFound("framework"))?;
    Ok((lot, framework))
}

fn home(tx: &mut Tx<'_>, id: HomeId) -> Result<Home> {
    homes::store::home(tx, id)?.ok_or(Error::NotFound("home"))
}

/// Refuses when the home or its provider does not meet what an award on the framework's terms asks; see [`eligible`].
fn must_be_eligible(
    tx: &mut Tx<'_>,
    home: &Home,
    lot: &Lot,
    framework: &Framework,
    on_framework_terms: bool,
) -> Result<()> {
    let standing = if on_framework_terms {
        Some(providers::actions::standing(tx, home.provider_id, lot)?)
    } else {
        None
    };
    Ok(eligible(home, standing, framework)?)
}

/// Where the home lies, seen from the authority.
fn area_of(tx: &mut Tx<'_>, authority: OrganisationId, home: &Home) -> Result<Area> {
    Ok(area_from(&gss_of(tx, authority)?, home))
}

/// Where the home lies, seen from the authority with this GSS code.
fn area_from(own: &str, home: &Home) -> Area {
    let its = home.location.authority.gss_code;
    Area::of(its, own, reference::adjoins(its, own))
}

fn gss_of(tx: &mut Tx<'_>, authority: OrganisationId) -> Result<String> {
    let authority = accounts::store::organisation(tx, authority)?.ok_or(Error::NotFound("authority"))?;
    Ok(authority.gss_code.unwrap_or_default())
}

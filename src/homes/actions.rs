//! What is done with homes: registered, changed, closed and opened again, inspected.

use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};

use super::rules::{
    Address, Home, HomeChanges, Inspection, InspectionSource, Location, NewHome, NewInspection, Sight, grade_after,
};
use super::store;
use crate::access::{Actor, OrganisationKind, Permission, Who};
use crate::audit::{Act, hashed};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{HomeId, InspectionId};
use crate::outbox::Event;
use crate::reference::locate;
use crate::values::Postcode;

/// What a home is to this person: 404 where it is not theirs to know of; the address where it is theirs to see.
pub fn seen_by(tx: &mut Tx<'_>, actor: &Actor, id: HomeId) -> Result<(Home, Option<Address>)> {
    actor.must(Permission::ReadHomes)?;
    let home = store::home(tx, id)?.ok_or(Error::NotFound("home"))?;
    let awarded = actor.organisation_kind == OrganisationKind::Authority
        && !store::disclosed(tx, actor.organisation_id, &[id])?.is_empty();
    let sight = home.sight_of(actor, awarded).ok_or(Error::NotFound("home"))?;
    let address = if sight == Sight::Address {
        Some(store::address(tx, id)?)
    } else {
        None
    };
    Ok((home, address))
}

/// The addresses of these homes that are this person's to see.
pub fn addresses_seen_by(tx: &mut Tx<'_>, actor: &Actor, homes: &[Home]) -> Result<HashMap<HomeId, Address>> {
    actor.must(Permission::ReadHomes)?;
    let ids: Vec<HomeId> = homes.iter().map(|home| home.id).collect();
    let disclosed = match actor.organisation_kind {
        OrganisationKind::Authority => store::disclosed(tx, actor.organisation_id, &ids)?,
        OrganisationKind::Provider | OrganisationKind::Cooperative => HashSet::new(),
    };
    let seen: Vec<HomeId> = homes
        .iter()
        .filter(|home| home.sight_of(actor, disclosed.contains(&home.id)) == Some(Sight::Address))
        .map(|home| home.id)
        .collect();
    store::addresses(tx, &seen)
}

/// The home, locked, if it is of the provider that acts; 404 otherwise.
pub fn own_locked(tx: &mut Tx<'_>, actor: &Actor, id: HomeId) -> Result<Home> {
    store::lock(tx, id)?
        .filter(|home| home.provider_id == actor.organisation_id)
        .ok_or(Error::NotFound("home"))
}

/// Registers a home for the provider that acts.
pub fn register(tx: &mut Tx<'_>, actor: &Actor, new: NewHome) -> Result<(Home, Address)> {
    actor.must(Permission::ManageHomes)?;
    let location = located(tx, &new.address.postcode)?;
    let (home, address) = new.registered(actor.organisation_id, location, tx.now);
    store::insert(tx, &home, &address)?;
    let act = Act::on("home", home.id)
        .did("home.register")
        .after(in_log(&home, Some(&address)));
    tx.record(Who::Person(actor), act);
    Ok((home, address))
}

/// Changes a home of the provider that acts.
pub fn change(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: HomeId,
    if_match: Option<i64>,
    mut changes: HomeChanges,
) -> Result<(Home, Address)> {
    actor.must(Permission::ManageHomes)?;
    let before = own_locked(tx, actor, id)?;
    must_match(&before, if_match)?;
    let new_address = changes.address.take();
    let mut after = before.clone().changed(changes)?;
    if let Some(address) = &new_address {
        after.location = located(tx, &address.postcode)?;
        store::set_address(tx, id, address)?;
    }
    let after = store::update(tx, after)?;
    let act = Act::on("home", id)
        .did("home.change")
        .before(in_log(&before, None))
        .after(in_log(&after, new_address.as_ref()));
    tx.record(Who::Person(actor), act);
    let address = new_address.map_or_else(|| store::address(tx, id), Ok)?;
    Ok((after, address))
}

/// Closes a home that [`own_locked`] has locked and whose vacancies are closed.
pub fn close(tx: &mut Tx<'_>, actor: &Actor, home: Home, if_match: Option<i64>) -> Result<Home> {
    actor.must(Permission::ManageHomes)?;
    must_match(&home, if_match)?;
    let home = store::update(tx, home.closed()?)?;
    tx.record(Who::Person(actor), Act::on("home", home.id).did("home.close"));
    tx.emit(Event::HomeClosed {
        home_id: home.id,
        by: actor.person_id,
    })?;
    Ok(home)
}

/// Opens a closed home again.
pub fn reopen(tx: &mut Tx<'_>, actor: &Actor, id: HomeId, if_match: Option<i64>) -> Result<Home> {
    actor.must(Permission::ManageHomes)?;
    let home = own_locked(tx, actor, id)?;
    must_match(&home, if_match)?;
    let home = store::update(tx, home.reopened()?)?;
    tx.record(Who::Person(actor), Act::on("home", id).did("home.reopen"));
    Ok(home)
}

/// Records an inspection that an operator read in Ofsted's report. The home's grade follows the newest.
pub fn record_inspection(tx: &mut Tx<'_>, actor: &Actor, home_id: HomeId, new: NewInspection) -> Result<Inspection> {
    actor.must(Permission::RecordInspections)?;
    let home = store::lock(tx, home_id)?.ok_or(Error::NotFound("home"))?;
    let inspection = new.recorded(home_id, InspectionSource::Entered, Some(actor.person_id), tx.now)?;
    store::insert_inspection(tx, &inspection)?;
    let grade = grade_after(&store::all_inspections(tx, home_id)?);
    if grade != home.grade {
        store::set_grade(tx, home_id, grade)?;
    }
    let act = Act::on("home", home_id)
        .did("home.record_inspection")
        .before(json!({"grade": home.grade}))
        .after(
            json!({"inspection_id": inspection.id, "event_number": inspection.event_number,
            "inspected_on": inspection.inspected_on, "inspection_grade": inspection.grade, "grade": grade}),
        );
    tx.record(Who::Person(actor), act);
    tx.emit(Event::InspectionRecorded {
        home_id,
        inspection_id: inspection.id,
    })?;
    Ok(inspection)
}

/// An inspection of a home that this person may know of.
pub fn inspection_seen_by(tx: &mut Tx<'_>, actor: &Actor, id: InspectionId) -> Result<Inspection> {
    let inspection = store::inspection(tx, id)?.ok_or(Error::NotFound("inspection"))?;
    seen_by(tx, actor, inspection.home_id).map_err(|_| Error::NotFound("inspection"))?;
    Ok(inspection)
}

fn must_match(home: &Home, if_match: Option<i64>) -> Result<()> {
    if if_match.is_none_or(|version| version == home.version) {
        Ok(())
    } else {
        Err(Error::Stale)
    }
}

fn located(tx: &mut Tx<'_>, postcode: &Postcode) -> Result<Location> {
    let located = locate(tx, postcode)?.ok_or_else(|| {
        Error::field(
            "address.postcode",
            "postcode.unknown",
            "must be a postcode in England that is known here",
        )
    })?;
    Ok(Location {
        district: postcode.district(),
        authority: located.place.authority,
        grid: located.place.grid,
        precision: located.precision,
    })
}

/// A home as the audit log has it: its address as a hash.
fn in_log(home: &Home, address: Option<&Address>) -> Value {
    let purpose = &home.purpose;
    let mut logged = json!({
        "name": home.name, "ofsted_urn": home.ofsted_urn, "provider_id": home.provider_id, "active": home.active,
        "postcode_district": home.location.district, "local_authority": home.location.authority.gss_code,
        "provision_type": purpose.provision_type, "placement_type": purpose.placement_type,
        "registered_places": purpose.registered_places, "age_min": purpose.age_min, "age_max": purpose.age_max,
        "sexes": purpose.sexes, "needs": purpose.needs, "risks_not_accepted": purpose.risks_not_accepted,
        "additional_support": purpose.additional_support, "solo_placements": purpose.solo_placements,
        "education_on_site": purpose.education_on_site, "step_free": purpose.step_free, "pets": purpose.pets,
        "deprivation_of_liberty": purpose.deprivation_of_liberty, "living_arrangement": purpose.living_arrangement,
        "staffing": purpose.staffing, "statement": hashed(&purpose.statement),
    });
    if let Some(Address {
        line1,
        line2,
        town,
        postcode,
    }) = address
    {
        let line2 = line2.as_deref().unwrap_or_default();
        logged["address"] = json!(hashed(&format!("{line1}\n{line2}\n{town}\n{postcode}")));
    }
    logged
}

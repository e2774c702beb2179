//! What is done with vacancies and prices: opened, confirmed, closed; places taken and given back; prices listed.

use serde_json::json;

use super::rules::{NewPrice, NewVacancy, Offer, PlacesWanted, Price, Vacancy, take};
use super::store;
use crate::access::{Actor, Origin, Permission, Who, may};
use crate::accounts;
use crate::accounts::LinkPurpose;
use crate::accounts::rules::{AccountRefused, PersonState};
use crate::audit::Act;
use crate::clock::Instant;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::frameworks;
use crate::frameworks::rules::FrameworkState;
use crate::homes;
use crate::homes::rules::Home;
use crate::ids::{HomeId, PriceId, VacancyId};
use crate::outbox::Event;

/// Opens a vacancy at a home of the provider that acts.
pub fn open(tx: &mut Tx<'_>, actor: &Actor, home_id: HomeId, new: NewVacancy) -> Result<Vacancy> {
    actor.must(Permission::ManageVacancies)?;
    let home = homes::actions::own_locked(tx, actor, home_id)?;
    let vacancy = new.opened(&home, actor.person_id, tx.now)?;
    store::insert(tx, &vacancy)?;
    homes::store::count_places(tx, home_id, vacancy.places, 0)?;
    let act = Act::on("vacancy", vacancy.id).did("vacancy.open").after(json!({
        "home_id": home_id, "places": vacancy.places, "available_from": vacancy.available_from,
        "age_min": vacancy.age_min, "age_max": vacancy.age_max, "sexes": vacancy.sexes,
    }));
    tx.record(Who::Person(actor), act);
    Ok(vacancy)
}

/// Says that an open vacancy of the provider that acts is right: it is fresh again.
pub fn confirm(tx: &mut Tx<'_>, actor: &Actor, id: VacancyId, if_match: Option<i64>) -> Result<Vacancy> {
    actor.must(Permission::ManageVacancies)?;
    let (vacancy, _) = own_locked(tx, actor, id)?;
    must_match(&vacancy, if_match)?;
    confirm_as(tx, Who::Person(actor), vacancy)
}

/// [`confirm`], for all that the provider has open. Answers how many.
pub fn confirm_all(tx: &mut Tx<'_>, actor: &Actor) -> Result<usize> {
    actor.must(Permission::ManageVacancies)?;
    homes::store::lock_all_of(tx, actor.organisation_id)?;
    let before = store::open_of_provider(tx, actor.organisation_id)?;
    let ids: Vec<VacancyId> = before.iter().map(|vacancy| vacancy.id).collect();
    for vacancy in before {
        let was = vacancy.confirmed_at;
        tx.record(Who::Person(actor), confirmation(&vacancy.confirmed(tx.now)?, was));
    }
    store::keep_confirmed(tx, &ids, tx.now)?;
    Ok(ids.len())
}

/// [`confirm`], by the one-time link in a reminder, for the person it was sent to: without signing in.
pub fn confirm_by_link(tx: &mut Tx<'_>, origin: &Origin, token: &str) -> Result<Vacancy> {
    let link = accounts::use_link(tx, token, LinkPurpose::ConfirmVacancy)?;
    let id: VacancyId = link
        .subject
        .and_then(|id| id.parse().ok())
        .ok_or(AccountRefused::LinkUnknown)?;
    let (vacancy, home) = locked(tx, id)?.ok_or(AccountRefused::LinkUnknown)?;
    // The link was good for whoever got it; they may have left since.
    accounts::store::person(tx, link.person_id)?
        .filter(|person| person.state == PersonState::Active && person.organisation_id == home.provider_id)
        .filter(|person| may(person.role, Permission::ManageVacancies))
        .ok_or(AccountRefused::LinkUnknown)?;
    confirm_as(tx, Who::Visitor(origin), vacancy)
}

fn confirm_as(tx: &mut Tx<'_>, who: Who<'_>, vacancy: Vacancy) -> Result<Vacancy> {
    let before = vacancy.confirmed_at;
    let vacancy = store::update(tx, vacancy.confirmed(tx.now)?)?;
    tx.record(who, confirmation(&vacancy, before));
    Ok(vacancy)
}

fn confirmation(after: &Vacancy, before: Instant) -> Act {
    Act::on("vacancy", after.id)
        .did("vacancy.confirm")
        .before(json!({"confirmed_at": before}))
        .after(json!({"confirmed_at": after.confirmed_at}))
}

/// Closes an open vacancy of the provider that acts.
pub fn close(tx: &mut Tx<'_>, actor: &Actor, id: VacancyId, if_match: Option<i64>) -> Result<Vacancy> {
    actor.must(Permission::ManageVacancies)?;
    let (vacancy, _) = own_locked(tx, actor, id)?;
    must_match(&vacancy, if_match)?;
    let vacancy = store::update(tx, vacancy.closed(tx.now)?)?;
    homes::store::count_places(tx, vacancy.home_id, -vacancy.places_left, 0)?;
    let act = Act::on("vacancy", id)
        .did("vacancy.close")
        .after(json!({"places_left": vacancy.places_left}));
    tx.record(Who::Person(actor), act);
    Ok(vacancy)
}

/// Closes a home of the provider that acts, and its open vacancies before.
pub fn close_home(tx: &mut Tx<'_>, actor: &Actor, id: HomeId, if_match: Option<i64>) -> Result<Home> {
    actor.must(Permission::ManageHomes)?;
    let home = homes::actions::own_locked(tx, actor, id)?;
    let (mut ids, mut places) = (Vec::new(), 0);
    for vacancy in store::open_of(tx, id)? {
        let vacancy = vacancy.closed(tx.now)?;
        ids.push(vacancy.id);
        places += vacancy.places_left;
    }
    store::keep_closed(tx, &ids, tx.now)?;
    homes::store::count_places(tx, id, -places, 0)?;
    homes::actions::close(tx, actor, Home { places_open: 0, ..home }, if_match)
}

/// Takes places of a home's open vacancies, or none at all where not enough of them suit. Whoever asks at the same time waits
/// for the home's row. Answers the vacancy that the places are to be given back to, should they be.
pub fn take_places(tx: &mut Tx<'_>, home_id: HomeId, wanted: &PlacesWanted) -> Result<Option<VacancyId>> {
    let home = homes::store::lock(tx, home_id)?.ok_or(Error::NotFound("home"))?;
    if !home.active {
        return Ok(None);
    }
    let vacancies = store::open_of(tx, home_id)?;
    let offers: Vec<Offer> = vacancies.iter().filter_map(Offer::of).collect();
    let Some(taken) = take(&offers, wanted) else {
        return Ok(None);
    };
    for (id, places) in &taken {
        for vacancy in vacancies.iter().filter(|vacancy| vacancy.id == *id) {
            store::update(tx, vacancy.taken(*places))?;
        }
    }
    homes::store::count_places(tx, home_id, -wanted.places, wanted.places)?;
    Ok(taken.first().map(|(id, _)| *id))
}

/// Gives back places that [`take_places`] took. With the vacancy they are offered again there (the award fell through), unless
/// the provider has closed it since; without they are only no longer taken (the placement ended: whether there is a place now
/// is the provider's to say).
pub fn release_places(tx: &mut Tx<'_>, home_id: HomeId, vacancy_id: Option<VacancyId>, places: i32) -> Result<()> {
    homes::store::lock(tx, home_id)?.ok_or(Error::NotFound("home"))?;
    let vacancy = vacancy_id.map(|id| store::vacancy(tx, id)).transpose()?.flatten();
    let mut offered = 0;
    if let Some(vacancy) = vacancy {
        let (vacancy, again) = vacancy.released(places);
        offered = again;
        store::update(tx, vacancy)?;
    }
    homes::store::count_places(tx, home_id, offered, -places)
}

/// Has the providers of open vacancies that went stale asked to confirm them, each once. Answers of how many, at most `most`
/// a call.
pub fn remind_of_stale(tx: &mut Tx<'_>, most: i64) -> Result<usize> {
    let stale = store::stale_without_reminder(tx, most)?;
    let ids: Vec<VacancyId> = stale.iter().map(|vacancy| vacancy.id).collect();
    let events: Vec<(Event, String)> = stale
        .iter()
        .map(|vacancy| {
            let key = format!("vacancy_stale {} {}", vacancy.id, vacancy.confirmed_at);
            (Event::VacancyStale { vacancy_id: vacancy.id }, key)
        })
        .collect();
    tx.emit_once(&events)?;
    store::mark_reminded(tx, &ids)?;
    Ok(ids.len())
}

/// Lists a price of a home of the provider that acts.
pub fn list_price(tx: &mut Tx<'_>, actor: &Actor, home_id: HomeId, new: NewPrice) -> Result<Price> {
    actor.must(Permission::ManagePrices)?;
    let home = homes::actions::own_locked(tx, actor, home_id)?;
    let unknown = || Error::field("lot_id", "unknown", "must be a lot of a framework that has opened");
    let lot = frameworks::store::lot(tx, new.lot_id)?.ok_or_else(unknown)?;
    let framework = frameworks::store::framework(tx, lot.framework_id)?
        .filter(|framework| framework.state != FrameworkState::Draft)
        .ok_or_else(unknown)?;
    let last = store::last_price_date(tx, home_id, lot.id)?;
    let price = new.listed(
        &home,
        &lot,
        last,
        framework.policy.blocks_over_ceiling(),
        actor.person_id,
        tx.now,
    )?;
    store::insert_price(tx, &price)?;
    let act = Act::on("price", price.id).did("price.list").after(json!({
        "home_id": home_id, "lot_id": price.lot_id, "effective_from": price.effective_from, "lines": price.lines,
        "over_ceiling": price.over_ceiling,
    }));
    tx.record(Who::Person(actor), act);
    Ok(price)
}

/// A vacancy of a home that this person may know of.
pub fn seen_by(tx: &mut Tx<'_>, actor: &Actor, id: VacancyId) -> Result<Vacancy> {
    actor.must(Permission::ReadVacancies)?;
    let vacancy = store::vacancy(tx, id)?.ok_or(Error::NotFound("vacancy"))?;
    homes::actions::seen_by(tx, actor, vacancy.home_id).map_err(|_| Error::NotFound("vacancy"))?;
    Ok(vacancy)
}

/// A price of a home that this person may know of.
pub fn price_seen_by(tx: &mut Tx<'_>, actor: &Actor, id: PriceId) -> Result<Price> {
    actor.must(Permission::ReadPrices)?;
    let price = store::price(tx, id)?.ok_or(Error::NotFound("price"))?;
    homes::actions::seen_by(tx, actor, price.home_id).map_err(|_| Error::NotFound("price"))?;
    Ok(price)
}

/// The vacancy and its home, the home's row locked before the vacancy is read for good.
fn locked(tx: &mut Tx<'_>, id: VacancyId) -> Result<Option<(Vacancy, Home)>> {
    let Some(home_id) = store::vacancy(tx, id)?.map(|vacancy| vacancy.home_id) else {
        return Ok(None);
    };
    let home = homes::store::lock(tx, home_id)?;
    Ok(store::vacancy(tx, id)?.zip(home))
}

fn own_locked(tx: &mut Tx<'_>, actor: &Actor, id: VacancyId) -> Result<(Vacancy, Home)> {
    locked(tx, id)?
        .filter(|(_, home)| home.provider_id == actor.organisation_id)
        .ok_or(Error::NotFound("vacancy"))
}

fn must_match(vacancy: &Vacancy, if_match: Option<i64>) -> Result<()> {
    if if_match.is_none_or(|version| version == vacancy.version) {
        Ok(())
    } else {
        Err(Error::Stale)
    }
}

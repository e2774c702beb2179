//! Rows of vacancies and prices.

mod prices;

use std::collections::HashMap;

use chrono::{Duration, NaiveDate};
use diesel::prelude::*;

pub(super) use prices::insert as insert_price;
pub use prices::{last_price_date, list_prices, price, price_on, prices_of, prices_on};

use super::rules::{Availability, FRESH_FOR_DAYS, Offer, Vacancy, VacancyState};
use crate::clock::Instant;
use crate::codes;
use crate::db::schema::{homes, vacancies};
use crate::db::{Tx, all_rows, ascending, one_row, text_column};
use crate::error::Result;
use crate::ids::{HomeId, OrganisationId, PersonId, VacancyId};
use crate::values::{CodeSet, Sex};
use crate::web::paging::{Items, Page, cursor};

text_column!(VacancyState);

/// Ids a statement: both engines bind more, none of them gladly.
const MANY: usize = 10_000;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = vacancies)]
struct Row {
    id: VacancyId,
    home_id: HomeId,
    places: i32,
    places_left: i32,
    available_from: NaiveDate,
    age_min: Option<i32>,
    age_max: Option<i32>,
    sexes_mask: Option<CodeSet<Sex>>,
    confirmed_at: Instant,
    reminded_at: Option<Instant>,
    state: VacancyState,
    closed_at: Option<Instant>,
    created_by: PersonId,
    created_at: Instant,
    version: i64,
}

impl From<Row> for Vacancy {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            home_id: row.home_id,
            places: row.places,
            places_left: row.places_left,
            available_from: row.available_from,
            age_min: row.age_min,
            age_max: row.age_max,
            sexes: row.sexes_mask,
            confirmed_at: row.confirmed_at,
            reminded_at: row.reminded_at,
            state: row.state,
            closed_at: row.closed_at,
            created_by: row.created_by,
            created_at: row.created_at,
            version: row.version,
        }
    }
}

/// The vacancy.
pub fn vacancy(tx: &mut Tx<'_>, id: VacancyId) -> Result<Option<Vacancy>> {
    let row: Option<Row> = vacancies::table
        .find(id)
        .select(Row::as_select())
        .first(tx.conn)
        .optional()?;
    Ok(row.map(Into::into))
}

/// A part of the list of a home's vacancies, in the order they were opened.
pub fn list(tx: &mut Tx<'_>, home_id: HomeId, page: &Page) -> Result<Vec<Vacancy>> {
    let mut query = vacancies::table
        .filter(vacancies::home_id.eq(home_id))
        .order(vacancies::id)
        .limit(page.fetch())
        .select(Row::as_select())
        .into_boxed();
    if let Some(after) = page.after::<VacancyId>()? {
        query = query.filter(vacancies::id.gt(after));
    }
    let rows: Vec<Row> = query.load(tx.conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The open vacancies of a home, those that are free first at the front.
pub fn open_of(tx: &mut Tx<'_>, home_id: HomeId) -> Result<Vec<Vacancy>> {
    let rows: Vec<Row> = vacancies::table
        .filter(vacancies::home_id.eq(home_id))
        .filter(vacancies::state.eq(VacancyState::Open))
        .order((vacancies::available_from, vacancies::id))
        .select(Row::as_select())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

codes! {
    /// The orders of a provider's list of its vacancies.
    pub enum VacancyOrder {
        Opened("opened", "First opened first"),
        Available("available", "Free from, soonest first"),
        Confirmed("confirmed", "Confirmed, longest ago first"),
        Home("home", "Home"),
    }
}

/// Which of its vacancies a provider wants listed, and in which order.
#[derive(Debug, Clone, Copy, Default)]
pub struct VacanciesWanted {
    /// Those that stand so.
    pub state: Option<VacancyState>,
    /// Those of this home.
    pub home: Option<HomeId>,
    /// Open ones: those whose confirmation is fresh, or those that are stale.
    pub fresh: Option<bool>,
    /// In this order; the first opened first where none is said.
    pub sort: Option<VacancyOrder>,
}

/// A part of the list of a provider's vacancies, each with its home's name.
pub fn of_provider(
    tx: &mut Tx<'_>,
    provider: OrganisationId,
    wanted: VacanciesWanted,
    page: &Page,
) -> Result<Items<(Vacancy, String)>> {
    let order = wanted.sort.unwrap_or(VacancyOrder::Opened);
    let mut query = vacancies::table
        .inner_join(homes::table)
        .filter(homes::provider_id.eq(provider))
        .limit(page.fetch())
        .select((Row::as_select(), homes::name))
        .into_boxed();
    if let Some(state) = wanted.state {
        query = query.filter(vacancies::state.eq(state));
    }
    if let Some(home) = wanted.home {
        query = query.filter(vacancies::home_id.eq(home));
    }
    if let Some(fresh) = wanted.fresh {
        let stale_since = tx.now.minus(Duration::days(FRESH_FOR_DAYS));
        query = query.filter(vacancies::state.eq(VacancyState::Open));
        query = if fresh {
            query.filter(vacancies::confirmed_at.gt(stale_since))
        } else {
            query.filter(vacancies::confirmed_at.le(stale_since))
        };
    }
    let query = match order {
        VacancyOrder::Opened => ascending!(query, page.after_in::<VacancyId>(order)?, vacancies::id),
        VacancyOrder::Available => {
            let after = page.after_in::<(NaiveDate, VacancyId)>(order)?;
            ascending!(query, after, vacancies::available_from, vacancies::id)
        }
        VacancyOrder::Confirmed => {
            let after = page.after_in::<(Instant, VacancyId)>(order)?;
            ascending!(query, after, vacancies::confirmed_at, vacancies::id)
        }
        VacancyOrder::Home => {
            let after = page.after_in::<(String, VacancyId)>(order)?;
            ascending!(query, after, any case homes::name, vacancies::id)
        }
    };
    let rows: Vec<(Row, String)> = query.load(tx.conn)?;
    let part = Items::of(rows, page, |(row, home)| match order {
        VacancyOrder::Opened => cursor(order, row.id),
        VacancyOrder::Available => cursor(order, (row.available_from, row.id)),
        VacancyOrder::Confirmed => cursor(order, (row.confirmed_at, row.id)),
        VacancyOrder::Home => cursor(order, (home, row.id)),
    });
    Ok(part.map(|(row, home)| (row.into(), home)))
}

/// A provider's open vacancies that are stale at this moment, each with its home's name, those that are stale longest at the front.
pub fn stale_before(tx: &mut Tx<'_>, provider: OrganisationId, moment: Instant) -> Result<Vec<(Vacancy, String)>> {
    let rows: Vec<(Row, String)> = vacancies::table
        .inner_join(homes::table)
        .filter(homes::provider_id.eq(provider))
        .filter(vacancies::state.eq(VacancyState::Open))
        .filter(vacancies::confirmed_at.le(moment.minus(Duration::days(FRESH_FOR_DAYS))))
        .order((vacancies::confirmed_at, vacancies::id))
        .select((Row::as_select(), homes::name))
        .load(tx.conn)?;
    Ok(rows.into_iter().map(|(row, home)| (row.into(), home)).collect())
}

/// The open vacancies of a provider, home by home.
pub fn open_of_provider(tx: &mut Tx<'_>, provider: OrganisationId) -> Result<Vec<Vacancy>> {
    let rows: Vec<Row> = vacancies::table
        .inner_join(homes::table)
        .filter(homes::provider_id.eq(provider))
        .filter(vacancies::state.eq(VacancyState::Open))
        .order((vacancies::home_id, vacancies::id))
        .select(Row::as_select())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// What these homes offer now; a home that offers nothing is not there. One statement for up to ten thousand homes.
pub fn availability(tx: &mut Tx<'_>, homes: &[HomeId]) -> Result<HashMap<HomeId, Availability>> {
    let mut found: HashMap<HomeId, Availability> = HashMap::new();
    for homes in homes.chunks(MANY) {
        let rows: Vec<Row> = vacancies::table
            .filter(vacancies::home_id.eq_any(homes))
            .filter(vacancies::state.eq(VacancyState::Open))
            .order((vacancies::available_from, vacancies::id))
            .select(Row::as_select())
            .load(tx.conn)?;
        for vacancy in rows.into_iter().map(Vacancy::from) {
            found
                .entry(vacancy.home_id)
                .or_default()
                .offers
                .extend(Offer::of(&vacancy));
        }
    }
    Ok(found)
}

/// Open vacancies that went stale without a reminder since, those that are stale longest at the front.
pub fn stale_without_reminder(tx: &mut Tx<'_>, most: i64) -> Result<Vec<Vacancy>> {
    let rows: Vec<Row> = vacancies::table
        .filter(vacancies::state.eq(VacancyState::Open))
        .filter(vacancies::reminded_at.is_null())
        .filter(vacancies::confirmed_at.le(tx.now.minus(Duration::days(FRESH_FOR_DAYS))))
        .order((vacancies::confirmed_at, vacancies::id))
        .limit(most)
        .select(Row::as_select())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Keeps a new vacancy.
pub(super) fn insert(tx: &mut Tx<'_>, vacancy: &Vacancy) -> Result<()> {
    let row = Row {
        id: vacancy.id,
        home_id: vacancy.home_id,
        places: vacancy.places,
        places_left: vacancy.places_left,
        available_from: vacancy.available_from,
        age_min: vacancy.age_min,
        age_max: vacancy.age_max,
        sexes_mask: vacancy.sexes,
        confirmed_at: vacancy.confirmed_at,
        reminded_at: vacancy.reminded_at,
        state: vacancy.state,
        closed_at: vacancy.closed_at,
        created_by: vacancy.created_by,
        created_at: vacancy.created_at,
        version: vacancy.version,
    };
    diesel::insert_into(vacancies::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// Keeps what may change of a vacancy, unless somebody changed it since it was read. Answers it with its new version.
pub(super) fn update(tx: &mut Tx<'_>, vacancy: Vacancy) -> Result<Vacancy> {
    let after = Vacancy {
        version: vacancy.version + 1,
        ..vacancy
    };
    let this = vacancies::table
        .find(after.id)
        .filter(vacancies::version.eq(after.version - 1));
    let updated = diesel::update(this).set((
        vacancies::places.eq(after.places),
        vacancies::places_left.eq(after.places_left),
        vacancies::confirmed_at.eq(after.confirmed_at),
        vacancies::reminded_at.eq(after.reminded_at),
        vacancies::state.eq(after.state),
        vacancies::closed_at.eq(after.closed_at),
        vacancies::version.eq(after.version),
    ));
    one_row(updated.execute(tx.conn)?)?;
    Ok(after)
}

/// Keeps open vacancies that were all confirmed at this moment; the caller holds the rows of their homes.
pub(super) fn keep_confirmed(tx: &mut Tx<'_>, ids: &[VacancyId], at: Instant) -> Result<()> {
    let open = vacancies::table
        .filter(vacancies::id.eq_any(ids))
        .filter(vacancies::state.eq(VacancyState::Open));
    let rows = diesel::update(open)
        .set((
            vacancies::confirmed_at.eq(at),
            vacancies::reminded_at.eq(None::<Instant>),
            vacancies::version.eq(vacancies::version + 1),
        ))
        .execute(tx.conn)?;
    all_rows(rows, ids.len())
}

/// Keeps open vacancies that were all closed at this moment; the caller holds the rows of their homes.
pub(super) fn keep_closed(tx: &mut Tx<'_>, ids: &[VacancyId], at: Instant) -> Result<()> {
    let open = vacancies::table
        .filter(vacancies::id.eq_any(ids))
        .filter(vacancies::state.eq(VacancyState::Open));
    let rows = diesel::update(open)
        .set((
            vacancies::state.eq(VacancyState::Closed),
            vacancies::closed_at.eq(at),
            vacancies::version.eq(vacancies::version + 1),
        ))
        .execute(tx.conn)?;
    all_rows(rows, ids.len())
}

/// Notes that their providers were asked now to confirm vacancies. Nobody's change of them is made stale by that.
pub(super) fn mark_reminded(tx: &mut Tx<'_>, ids: &[VacancyId]) -> Result<()> {
    diesel::update(vacancies::table.filter(vacancies::id.eq_any(ids)))
        .set(vacancies::reminded_at.eq(tx.now))
        .execute(tx.conn)?;
    Ok(())
}

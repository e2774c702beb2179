//! Listed prices.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::MANY;
use crate::clock::Instant;
use crate::db::schema::prices;
use crate::db::{Tx, unless_taken};
use crate::error::Result;
use crate::ids::{HomeId, LotId, PersonId, PriceId};
use crate::vacancies::rules::{Price, PriceRefused};
use crate::values::{Money, PriceLines};
use crate::web::paging::Page;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = prices)]
struct Row {
    id: PriceId,
    home_id: HomeId,
    lot_id: LotId,
    effective_from: NaiveDate,
    core: Money,
    additional_support: Money,
    education: Money,
    other: Money,
    over_ceiling: bool,
    created_by: PersonId,
    created_at: Instant,
}

impl From<Row> for Price {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            home_id: row.home_id,
            lot_id: row.lot_id,
            effective_from: row.effective_from,
            lines: PriceLines {
                core: row.core,
                additional_support: row.additional_support,
                education: row.education,
                other: row.other,
            },
            over_ceiling: row.over_ceiling,
            created_by: row.created_by,
            created_at: row.created_at,
        }
    }
}

/// A price.
pub fn price(tx: &mut Tx<'_>, id: PriceId) -> Result<Option<Price>> {
    let row: Option<Row> = prices::table
        .find(id)
        .select(Row::as_select())
        .first(tx.conn)
        .optional()?;
    Ok(row.map(Into::into))
}

/// A part of the list of a home's prices, of one lot or all, in the order they were listed.
pub fn list_prices(tx: &mut Tx<'_>, home_id: HomeId, lot_id: Option<LotId>, page: &Page) -> Result<Vec<Price>> {
    let mut query = prices::table
        .filter(prices::home_id.eq(home_id))
        .order(prices::id)
        .limit(page.fetch())
        .select(Row::as_select())
        .into_boxed();
    if let Some(after) = page.after::<PriceId>()? {
        query = query.filter(prices::id.gt(after));
    }
    if let Some(lot_id) = lot_id {
        query = query.filter(prices::lot_id.eq(lot_id));
    }
    let rows: Vec<Row> = query.load(tx.conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The price of a home in a lot on a day.
pub fn price_on(tx: &mut Tx<'_>, home_id: HomeId, lot_id: LotId, on: NaiveDate) -> Result<Option<Price>> {
    Ok(prices_on(tx, &[home_id], lot_id, on)?.remove(&home_id))
}

/// The prices of these homes in a lot on a day; a home without one is not there. One statement for up to ten thousand homes.
pub fn prices_on(tx: &mut Tx<'_>, homes: &[HomeId], lot_id: LotId, on: NaiveDate) -> Result<HashMap<HomeId, Price>> {
    let mut found = HashMap::new();
    for homes in homes.chunks(MANY) {
        let rows: Vec<Row> = prices::table
            .filter(prices::lot_id.eq(lot_id))
            .filter(prices::home_id.eq_any(homes))
            .filter(prices::effective_from.le(on))
            .order((prices::home_id, prices::effective_from))
            .select(Row::as_select())
            .load(tx.conn)?;
        // The last of a home is the one that counts.
        found.extend(rows.into_iter().map(|row| (row.home_id, Price::from(row))));
    }
    Ok(found)
}

/// All prices of these homes, in every lot, in the order of the days from which they count.
pub fn prices_of(tx: &mut Tx<'_>, homes: &[HomeId]) -> Result<Vec<Price>> {
    let mut found = Vec::new();
    for homes in homes.chunks(MANY) {
        let rows: Vec<Row> = prices::table
            .filter(prices::home_id.eq_any(homes))
            .order(prices::effective_from)
            .select(Row::as_select())
            .load(tx.conn)?;
        found.extend(rows.into_iter().map(Price::from));
    }
    Ok(found)
}

/// The day from which the last price of a home in a lot counts.
pub fn last_price_date(tx: &mut Tx<'_>, home_id: HomeId, lot_id: LotId) -> Result<Option<NaiveDate>> {
    let last = prices::table
        .filter(prices::home_id.eq(home_id))
        .filter(prices::lot_id.eq(lot_id))
        .order(prices::effective_from.desc())
        .select(prices::effective_from);
    Ok(last.first(tx.conn).optional()?)
}

/// Keeps a new price.
pub(in crate::vacancies) fn insert(tx: &mut Tx<'_>, price: &Price) -> Result<()> {
    let row = Row {
        id: price.id,
        home_id: price.home_id,
        lot_id: price.lot_id,
        effective_from: price.effective_from,
        core: price.lines.core,
        additional_support: price.lines.additional_support,
        education: price.lines.education,
        other: price.lines.other,
        over_ceiling: price.over_ceiling,
        created_by: price.created_by,
        created_at: price.created_at,
    };
    let inserted = diesel::insert_into(prices::table).values(row).execute(tx.conn);
    unless_taken(inserted, || {
        PriceRefused::DateNotLater {
            last: price.effective_from,
        }
        .into()
    })
    .map(|_| ())
}

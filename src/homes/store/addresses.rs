//! Addresses, and which authorities may know them.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use super::MANY;
use crate::db::schema::{home_addresses, home_disclosures};
use crate::db::{Both, Tx, one_row};
use crate::error::Result;
use crate::homes::rules::Address;
use crate::ids::{HomeId, OrganisationId};
use crate::values::Postcode;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = home_addresses)]
pub(super) struct AddressRow {
    home_id: HomeId,
    line1: String,
    line2: Option<String>,
    town: String,
    postcode: Postcode,
}

impl AddressRow {
    pub(super) fn of(home_id: HomeId, address: &Address) -> Self {
        Self {
            home_id,
            line1: address.line1.clone(),
            line2: address.line2.clone(),
            town: address.town.clone(),
            postcode: address.postcode.clone(),
        }
    }
}

impl From<AddressRow> for Address {
    fn from(row: AddressRow) -> Self {
        Self {
            line1: row.line1,
            line2: row.line2,
            town: row.town,
            postcode: row.postcode,
        }
    }
}

/// The address of a home: only for whom [`crate::homes::Home::sight_of`] lets see it.
pub fn address(tx: &mut Tx<'_>, id: HomeId) -> Result<Address> {
    let row: AddressRow = home_addresses::table
        .find(id)
        .select(AddressRow::as_select())
        .first(tx.conn)?;
    Ok(row.into())
}

/// The addresses of these homes: as with [`address`].
pub fn addresses(tx: &mut Tx<'_>, ids: &[HomeId]) -> Result<HashMap<HomeId, Address>> {
    let mut found = HashMap::with_capacity(ids.len());
    for ids in ids.chunks(MANY) {
        let rows: Vec<AddressRow> = home_addresses::table
            .filter(home_addresses::home_id.eq_any(ids))
            .select(AddressRow::as_select())
            .load(tx.conn)?;
        found.extend(rows.into_iter().map(|row| (row.home_id, row.into())));
    }
    Ok(found)
}

/// Keeps another address of a home.
pub(in crate::homes) fn set_address(tx: &mut Tx<'_>, id: HomeId, address: &Address) -> Result<()> {
    let row = AddressRow::of(id, address);
    let changed = diesel::update(home_addresses::table.find(id)).set((
        home_addresses::line1.eq(row.line1),
        home_addresses::line2.eq(row.line2),
        home_addresses::town.eq(row.town),
        home_addresses::postcode.eq(row.postcode),
    ));
    one_row(changed.execute(tx.conn)?)
}

/// Lets an authority that has awarded a place in a home know its address from now on. Once is enough.
pub fn disclose_address(tx: &mut Tx<'_>, home_id: HomeId, authority_id: OrganisationId) -> Result<()> {
    let statement = diesel::insert_into(home_disclosures::table)
        .values((
            home_disclosures::home_id.eq(home_id),
            home_disclosures::authority_id.eq(authority_id),
            home_disclosures::disclosed_at.eq(tx.now),
        ))
        .on_conflict((home_disclosures::home_id, home_disclosures::authority_id))
        .do_nothing();
    Both(statement).execute(tx.conn)?;
    Ok(())
}

/// Which of these homes' addresses the authority may know.
pub fn disclosed(tx: &mut Tx<'_>, authority_id: OrganisationId, homes: &[HomeId]) -> Result<HashSet<HomeId>> {
    let found: Vec<HomeId> = home_disclosures::table
        .filter(home_disclosures::authority_id.eq(authority_id))
        .filter(home_disclosures::home_id.eq_any(homes))
        .select(home_disclosures::home_id)
        .load(tx.conn)?;
    Ok(found.into_iter().collect())
}

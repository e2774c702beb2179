//! The imported postcode directory.

use diesel::prelude::*;

use super::authorities::authority;
use super::grid::Grid;
use super::sectors::Place;
use crate::clock::Instant;
use crate::db::schema::postcodes;
use crate::db::{Tx, text_column};
use crate::each;
use crate::error::{Error, Result};
use crate::values::Postcode;

text_column!(super::Precision);

/// A row of the directory.
#[derive(Debug, Clone, PartialEq, Eq, Insertable)]
#[diesel(table_name = postcodes)]
pub(super) struct Row {
    pub postcode: Postcode,
    pub easting: i32,
    pub northing: i32,
    pub local_authority_code: &'static str,
    pub imported_at: Instant,
}

/// Where the directory has the postcode; none where it was not imported, or does not have it.
pub(super) fn place(tx: &mut Tx<'_>, postcode: &Postcode) -> Result<Option<Place>> {
    let found: Option<(i32, i32, String)> = postcodes::table
        .find(postcode)
        .select((postcodes::easting, postcodes::northing, postcodes::local_authority_code))
        .first(tx.conn)
        .optional()?;
    found
        .map(|(easting, northing, code)| {
            let authority = authority(&code).ok_or_else(|| Error::CorruptRow {
                table: "postcodes",
                id: postcode.district().to_string(),
            })?;
            Ok(Place {
                grid: Grid { easting, northing },
                authority,
            })
        })
        .transpose()
}

/// Writes rows in place of those that are there. (SQLite's driver takes several rows at once only without `ON CONFLICT`.)
pub(super) fn put(tx: &mut Tx<'_>, rows: &[Row]) -> Result<()> {
    let names: Vec<&str> = rows.iter().map(|row| row.postcode.as_str()).collect();
    each!(tx.conn, c => {
        diesel::delete(postcodes::table.filter(postcodes::postcode.eq_any(names))).execute(c)?;
        diesel::insert_into(postcodes::table).values(rows).execute(c)?;
    });
    Ok(())
}

/// Takes away the rows that were written last before the instant. Answers how many.
pub(super) fn remove_older(tx: &mut Tx<'_>, than: Instant) -> Result<usize> {
    Ok(diesel::delete(postcodes::table.filter(postcodes::imported_at.lt(than))).execute(tx.conn)?)
}

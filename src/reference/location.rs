//! Where a postcode lies, as exactly as is known here.

use super::sectors::{Place, district, sector};
use super::store;
use crate::codes;
use crate::db::Tx;
use crate::error::Result;
use crate::values::{District, Postcode};

codes! {
    /// What a place was found by.
    pub enum Precision {
        Full("full", "The postcode itself"),
        Sector("sector", "The middle of the postcode's sector"),
        District("district", "The middle of the postcode district"),
    }
}

/// A place with what it was found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Located {
    /// The place.
    pub place: Place,
    /// What it was found by.
    pub precision: Precision,
}

/// Finds an English postcode: in the imported directory; else by its sector; else, where Royal Mail has made the sector
/// since, by its district. None elsewhere.
pub fn locate(tx: &mut Tx<'_>, postcode: &Postcode) -> Result<Option<Located>> {
    if let Some(place) = store::place(tx, postcode)? {
        return Ok(Some(Located {
            place,
            precision: Precision::Full,
        }));
    }
    Ok(sector(postcode)
        .map(|sector| Located {
            place: sector.place(),
            precision: Precision::Sector,
        })
        .or_else(|| locate_district(&postcode.district())))
}

/// Finds an English postcode district.
pub fn locate_district(name: &District) -> Option<Located> {
    district(name).map(|place| Located {
        place,
        precision: Precision::District,
    })
}

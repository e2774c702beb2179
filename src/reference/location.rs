//! Where a postcode lies: its authority as exactly as is known here, its point never more exactly than its sector.
//!
//! Distances are shown to people who may know only the district that they are measured from or to. An exact point does not stay
//! secret so: whoever may choose the other end, as an authority chooses the origin of a draft and a provider the address of a home,
//! finds it from three distances.

use super::sectors::{Place, district, sector};
use super::store;
use crate::codes;
use crate::db::Tx;
use crate::error::Result;
use crate::values::{District, Postcode};

codes! {
    /// What a place was found by. By the postcode itself its authority was; its point is the middle of the sector all the same.
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

/// Finds an English postcode by its sector; where Royal Mail has made the sector since, by its district. Its authority is that of
/// the imported directory, where that has it. None elsewhere.
pub fn locate(tx: &mut Tx<'_>, postcode: &Postcode) -> Result<Option<Located>> {
    let near = sector(postcode)
        .map(|sector| Located {
            place: sector.place(),
            precision: Precision::Sector,
        })
        .or_else(|| locate_district(&postcode.district()));
    let Some(exact) = store::place(tx, postcode)? else {
        return Ok(near);
    };
    let place = Place {
        // A district made since is the only thing that the carried table can't place.
        grid: near.map_or_else(|| exact.grid.coarse(), |near| near.place.grid),
        authority: exact.authority,
    };
    Ok(Some(Located {
        place,
        precision: Precision::Full,
    }))
}

/// Finds an English postcode district.
pub fn locate_district(name: &District) -> Option<Located> {
    district(name).map(|place| Located {
        place,
        precision: Precision::District,
    })
}

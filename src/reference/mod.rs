//! Facts about the country that the program carries as data: authorities, which of them adjoin, where postcodes lie, code lists.
//!
//! | file | what | source and terms |
//! |---|---|---|
//! | `local_authorities.csv` | the 153 English authorities with children's services | names and codes: mySociety `uk_local_authority_names_and_codes` (CC BY 4.0), from ONS under OGL; centres: median of the authority's postcodes |
//! | `adjoining_authorities.csv` | pairs of authorities that adjoin | derived from the postcode directory: nearest-postcode cells of 250 m that touch, within 2.5 km of a postcode; an approximation (estuaries count as touching where both banks are near) |
//! | `postcode_sectors.csv` | 10,060 English postcode sectors on the British National Grid | ONS Postcode Directory, November 2025, OGL v3. Contains OS data © Crown copyright and database right; contains Royal Mail data © Royal Mail copyright and database right |
//! | `code_lists.csv` | every code list of the field | as its source column says |
//!
//! A sector's centre is 0.39 miles off a postcode at the median and 4.92 at the 99th percentile, and 96.1 % of postcodes lie in
//! their sector's commonest authority (measured against the directory). So whatever was found by sector says so. Points stay those
//! of sectors when the directory is imported: what is shown of a distance must not tell an address.

mod authorities;
mod directory;
mod grid;
mod location;
mod sectors;
pub mod store;

#[cfg(test)]
mod code_lists;

pub use authorities::{Authority, adjoins, authorities, authority, authority_now_or_formerly};
pub use directory::{ImportReport, import_postcodes};
pub use grid::{Grid, distance_miles};
pub use location::{Located, Precision, locate, locate_district};
pub use sectors::{Place, Sector, district, district_centre, sector, sectors};

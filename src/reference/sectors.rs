//! Where English postcode sectors lie: the carried table, some 240 KB once read.

use std::sync::LazyLock;

use super::authorities::{self, Authority, authorities, rows};
use super::grid::Grid;
use crate::values::{District, Postcode};

/// Where something lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The point.
    pub grid: Grid,
    /// The authority in whose area it lies.
    pub authority: &'static Authority,
}

/// A postcode sector of the carried table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sector {
    /// The name, `RG1 1`.
    name: [u8; 6],
    grid: Grid,
    authority: u8,
}

impl Sector {
    /// The name, `RG1 1`.
    pub fn name(&self) -> &str {
        str::from_utf8(&self.name)
            .expect("only ASCII names are read")
            .trim_end()
    }

    /// The median of its postcodes and their commonest authority.
    pub fn place(&self) -> Place {
        Place {
            grid: self.grid,
            authority: &authorities()[usize::from(self.authority)],
        }
    }
}

static SECTORS: LazyLock<Vec<Sector>> = LazyLock::new(|| {
    let mut sectors: Vec<Sector> = rows(include_str!("postcode_sectors.csv"))
        .map(|row| read(row).expect("a test reads every row of the carried table"))
        .collect();
    sectors.sort_unstable_by_key(|sector| sector.name);
    sectors
});

fn read(row: &str) -> Option<Sector> {
    let mut fields = row.split(',');
    Some(Sector {
        name: key(fields.next()?)?,
        grid: Grid {
            easting: fields.next()?.parse().ok()?,
            northing: fields.next()?.parse().ok()?,
        },
        authority: u8::try_from(authorities::index(fields.nth(2)?)?).ok()?,
    })
}

/// The name padded to one width, so that names compare as bytes.
fn key(name: &str) -> Option<[u8; 6]> {
    let mut key = [b' '; 6];
    key.get_mut(..name.len())?.copy_from_slice(name.as_bytes());
    name.is_ascii().then_some(key)
}

/// Every sector, ordered by name.
pub fn sectors() -> &'static [Sector] {
    &SECTORS
}

/// The sector of a postcode; none outside England, or where Royal Mail has made it since.
pub fn sector(postcode: &Postcode) -> Option<&'static Sector> {
    let name = key(postcode.sector())?;
    SECTORS
        .binary_search_by_key(&name, |sector| sector.name)
        .ok()
        .map(|at| &SECTORS[at])
}

fn sectors_of(district: &District) -> &'static [Sector] {
    let prefix = format!("{district} ");
    let prefix = prefix.as_bytes();
    let start = SECTORS.partition_point(|sector| &sector.name[..prefix.len()] < prefix);
    let length = SECTORS[start..].partition_point(|sector| sector.name.starts_with(prefix));
    &SECTORS[start..start + length]
}

/// The middle of a district: the median of its sectors, east and north apart.
pub fn district_centre(district: &District) -> Option<Grid> {
    let sectors = sectors_of(district);
    let median = |of: fn(&Sector) -> i32| {
        let mut all: Vec<i32> = sectors.iter().map(of).collect();
        all.sort_unstable();
        all.get(all.len() / 2).copied()
    };
    Some(Grid {
        easting: median(|sector| sector.grid.easting)?,
        northing: median(|sector| sector.grid.northing)?,
    })
}

/// The middle of a district and the authority of most of its sectors.
pub fn district(district: &District) -> Option<Place> {
    let grid = district_centre(district)?;
    let sectors = sectors_of(district);
    let votes = |index: u8| sectors.iter().filter(|sector| sector.authority == index).count();
    let commonest = sectors
        .iter()
        .map(|sector| sector.authority)
        .max_by_key(|index| (votes(*index), *index))?;
    Some(Place {
        grid,
        authority: &authorities()[usize::from(commonest)],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn postcode(text: &str) -> Postcode {
        Postcode::parse(text).unwrap()
    }

    #[test]
    fn every_row_reads_and_is_found_again() {
        assert_eq!(sectors().len(), 10_060);
        for row in rows(include_str!("postcode_sectors.csv")) {
            let name = row.split(',').next().unwrap();
            let found = sector(&postcode(&format!("{name}AA"))).unwrap();
            assert_eq!((found.name(), *found), (name, read(row).unwrap()));
            assert!(district(&postcode(&format!("{name}AA")).district()).is_some());
        }
    }

    #[test]
    fn a_postcode_lies_in_its_authority() {
        for (text, gss_code) in [
            ("RG2 0AA", "E06000038"),
            ("PO30 1AA", "E06000046"),
            ("GU1 1AA", "E10000030"),
        ] {
            assert_eq!(
                sector(&postcode(text)).unwrap().place().authority.gss_code,
                gss_code,
                "{text}"
            );
        }
        assert_eq!(sector(&postcode("EH1 1AA")), None);
    }

    #[test]
    fn a_district_is_not_its_namesake_with_more_digits() {
        let rg1 = District::parse("RG1").unwrap();
        assert!(sectors_of(&rg1).iter().all(|sector| sector.name().starts_with("RG1 ")));
        assert_eq!(district(&rg1).unwrap().authority.name, "Reading");
        assert_eq!(district(&District::parse("ZZ9").unwrap()), None);
        let (centre, one) = (
            district_centre(&rg1).unwrap(),
            sector(&postcode("RG1 1AF")).unwrap().grid,
        );
        assert!(crate::reference::distance_miles(centre, one) < 2.0);
    }
}

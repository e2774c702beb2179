//! Importing the full postcode directory: the ONS Postcode Directory as published, or any CSV with a postcode, a point on the
//! grid and an authority.

use std::io::Read;

use csv::StringRecord;

use super::authorities::{Authority, authority_now_or_formerly};
use super::sectors::{district, sector};
use super::store::{self, Row};
use crate::access::Who;
use crate::audit::Act;
use crate::clock::Instant;
use crate::db::Database;
use crate::error::{Error, Result};
use crate::values::Postcode;

/// Rows a transaction: few enough that a running server waits for its turn at most some tens of milliseconds.
const BATCH: usize = 5_000;

/// What an import did, in rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ImportReport {
    /// Written.
    pub written: u64,
    /// Left out because they lie outside England, or have no point on the grid.
    pub elsewhere: u64,
    /// Left out because they can't be read.
    pub unreadable: u64,
    /// Taken away because the file no longer has them.
    pub removed: u64,
}

/// Where the columns stand in a row.
struct Columns {
    postcode: usize,
    easting: usize,
    northing: usize,
    authority: usize,
    /// The directory gives the district in county areas; the county, which has the children's services, in a column apart.
    county: Option<usize>,
}

impl Columns {
    fn of(header: &StringRecord) -> Result<Self> {
        let names: Vec<String> = header
            .iter()
            .map(|name| name.trim_start_matches('\u{feff}').trim().to_ascii_lowercase())
            .collect();
        // Since 2025 the columns of areas carry the year of their codes: lad25cd.
        let yearly = |name: &str, area: &str| {
            name.strip_prefix(area)
                .and_then(|rest| rest.strip_suffix("cd"))
                .is_some_and(|year| year.len() == 2 && year.bytes().all(|byte| byte.is_ascii_digit()))
        };
        let find = |known: &[&str], area: &str| {
            let by_name = known
                .iter()
                .find_map(|known| names.iter().position(|name| name == known));
            by_name.or_else(|| names.iter().position(|name| yearly(name, area)))
        };
        let must = |found: Option<usize>, expected: &str| {
            found.ok_or_else(|| Error::Malformed(format!("The file has no column for the {expected}.")))
        };
        Ok(Self {
            postcode: must(find(&["pcds", "postcode", "pcd8", "pcd"], ""), "postcode (pcds)")?,
            easting: must(find(&["oseast1m", "east1m", "easting"], ""), "easting (oseast1m)")?,
            northing: must(find(&["osnrth1m", "north1m", "northing"], ""), "northing (osnrth1m)")?,
            authority: must(
                find(&["oslaua", "laua", "local_authority"], "lad"),
                "local authority (oslaua)",
            )?,
            county: find(&["oscty", "cty", "county"], "cty"),
        })
    }

    /// The row; none where it lies elsewhere.
    fn read(&self, record: &StringRecord, imported_at: Instant) -> Result<Option<Row>, Unreadable> {
        let field = |at: usize| record.get(at).map(str::trim).ok_or(Unreadable);
        let postcode = Postcode::parse(field(self.postcode)?).map_err(|_| Unreadable)?;
        let (easting, northing) = (field(self.easting)?, field(self.northing)?);
        if easting.is_empty() || northing.is_empty() {
            return Ok(None);
        }
        let county = self.county.map(field).transpose()?;
        let Some(authority) = authority_of(&postcode, field(self.authority)?, county) else {
            return Ok(None);
        };
        Ok(Some(Row {
            postcode,
            easting: easting.parse().map_err(|_| Unreadable)?,
            northing: northing.parse().map_err(|_| Unreadable)?,
            local_authority_code: authority.gss_code,
            imported_at,
        }))
    }
}

struct Unreadable;

/// The authority with children's services: that of the row, or that of its county. Where the file has no counties, the carried
/// sectors know them.
fn authority_of(postcode: &Postcode, given: &str, county: Option<&str>) -> Option<&'static Authority> {
    let named = authority_now_or_formerly(given).or_else(|| authority_now_or_formerly(county?));
    let is_district = given.starts_with("E07");
    named
        .or_else(|| {
            sector(postcode)
                .filter(|_| is_district)
                .map(|sector| sector.place().authority)
        })
        .or_else(|| {
            district(&postcode.district())
                .filter(|_| is_district)
                .map(|place| place.authority)
        })
}

/// Reads the directory into the database, in batches, beside a running server. A finished import takes away the postcodes that
/// the file no longer has; one that breaks off has only added and corrected.
pub fn import_postcodes(database: &Database, file: impl Read) -> Result<ImportReport> {
    let started_at = database.clock().now();
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(file);
    let columns = Columns::of(
        reader
            .headers()
            .map_err(|cause| Error::Malformed(format!("The file is no CSV: {cause}.")))?,
    )?;
    let (mut report, mut batch, mut record) = (ImportReport::default(), Vec::with_capacity(BATCH), StringRecord::new());
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => match columns.read(&record, started_at) {
                Ok(Some(row)) => batch.push(row),
                Ok(None) => report.elsewhere += 1,
                Err(Unreadable) => report.unreadable += 1,
            },
            Err(cause) if cause.is_io_error() => return Err(Error::internal(cause)),
            Err(_) => report.unreadable += 1,
        }
        if batch.len() == BATCH {
            report.written += put(database, &mut batch)?;
        }
    }
    report.written += put(database, &mut batch)?;
    if report.written == 0 {
        return Err(Error::Malformed("The file has no English postcode.".to_owned()));
    }
    database.write_now(|tx| {
        report.removed = store::remove_older(tx, started_at)? as u64;
        let counts = serde_json::json!({"written": report.written, "elsewhere": report.elsewhere,
            "unreadable": report.unreadable, "removed": report.removed});
        tx.record(
            Who::System,
            Act::on("postcode_directory", started_at)
                .did("postcode_directory.import")
                .after(counts),
        );
        Ok(())
    })?;
    Ok(report)
}

fn put(database: &Database, batch: &mut Vec<Row>) -> Result<u64> {
    // One statement must not write a row twice: of two rows for a postcode the later counts.
    batch.reverse();
    batch.sort_by(|a, b| a.postcode.cmp(&b.postcode));
    batch.dedup_by(|a, b| a.postcode == b.postcode);
    if !batch.is_empty() {
        database.write_now(|tx| store::put(tx, batch))?;
    }
    let written = batch.len() as u64;
    batch.clear();
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-03-02T09:00:00Z";

    fn record(row: &str) -> StringRecord {
        StringRecord::from(row.split(',').collect::<Vec<_>>())
    }

    fn read(header: &str, row: &str) -> Option<(String, i32, i32, &'static str)> {
        let row = Columns::of(&record(header))
            .unwrap()
            .read(&record(row), NOW.parse().unwrap())
            .ok()??;
        Some((
            row.postcode.to_string(),
            row.easting,
            row.northing,
            row.local_authority_code,
        ))
    }

    #[test]
    fn the_directory_of_any_year_is_read_and_plain_files_too() {
        let reading = Some(("RG1 1AF".to_owned(), 471_650, 173_367, "E06000038"));
        for (header, row) in [
            (
                "pcd,pcds,oscty,oslaua,oseast1m,osnrth1m",
                "RG1 1AF,RG1 1AF,E99999999,E06000038,0471650,0173367",
            ),
            (
                "\u{feff}pcds,cty25cd,lad25cd,east1m,north1m",
                "RG1 1AF,E99999999,E06000038,471650,173367",
            ),
            (
                "Postcode,Easting,Northing,Local_Authority",
                "rg11af,471650,173367,E06000038",
            ),
        ] {
            assert_eq!(read(header, row), reading, "{header}");
        }
        for header in [
            "postcode,easting,northing",
            "pcds,lad25cd,north1m",
            "ladcd,pcds,east1m,north1m",
            "x",
        ] {
            assert!(Columns::of(&record(header)).is_err(), "{header}");
        }
    }

    #[test]
    fn in_county_areas_the_county_is_the_authority() {
        let surrey = |row: &str, header: &str| read(header, row).map(|row| row.3);
        let with_county = "pcds,oscty,oslaua,oseast1m,osnrth1m";
        assert_eq!(
            surrey("GU1 1AA,E10000030,E07000209,500000,150000", with_county),
            Some("E10000030")
        );
        assert_eq!(
            surrey("GU1 1AA,E07000209,500000,150000", "pcds,oslaua,oseast1m,osnrth1m"),
            Some("E10000030")
        );
        assert_eq!(
            surrey("GU1 9ZZ,E07000209,500000,150000", "pcds,oslaua,oseast1m,osnrth1m"),
            Some("E10000030")
        );
    }

    #[test]
    fn a_former_code_is_that_of_the_authority_now() {
        let header = "pcds,oslaua,oseast1m,osnrth1m";
        assert_eq!(
            read(header, "S1 1AA,E08000019,435000,387000").map(|row| row.3),
            Some("E08000039")
        );
    }

    #[test]
    fn what_lies_elsewhere_or_cannot_be_read_is_left_out() {
        let header = "pcds,oslaua,oseast1m,osnrth1m";
        for row in [
            "EH1 1AA,S12000036,325000,673000",
            "JE2 3AB,L99999999,,",
            "RG1 1AF,E06000038,,",
            "RG1 1AF,E06000038,x,1",
            "nonsense,E06000038,1,1",
            "RG1 1AF",
        ] {
            assert_eq!(read(header, row), None, "{row}");
        }
    }
}

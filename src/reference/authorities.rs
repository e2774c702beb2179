//! The English authorities with children's services, and which of them adjoin.

use std::sync::LazyLock;

/// An English local authority with children's services.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authority {
    /// The code of the Office for National Statistics, `E06000038`.
    pub gss_code: &'static str,
    /// The name, "Reading".
    pub name: &'static str,
    /// The three letters by which lists name it.
    pub short_code: &'static str,
    /// `unitary`, `county`, …
    pub kind: &'static str,
    /// The English region.
    pub region: &'static str,
    /// The regional care cooperative that it founds; none for most.
    pub cooperative: Option<&'static str>,
    /// The code that it had before its area was coded anew.
    pub former_gss_code: Option<&'static str>,
}

static AUTHORITIES: LazyLock<Vec<Authority>> = LazyLock::new(|| {
    let mut authorities: Vec<Authority> = rows(include_str!("local_authorities.csv")).map(read).collect();
    authorities.sort_unstable_by_key(|authority| authority.gss_code);
    authorities
});

static ADJOINING: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    let pairs = rows(include_str!("adjoining_authorities.csv"));
    let mut pairs: Vec<_> = pairs
        .map(|row| row.split_once(',').expect("a row is a pair of codes"))
        .collect();
    pairs.sort_unstable();
    pairs
});

/// The rows of a carried file after its header.
pub(super) fn rows(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().skip(1)
}

/// Takes the first field off a row, out of its quotation marks if it stands in them. No carried field has such a mark within:
/// a test compares with the `csv` crate.
fn field(row: &mut &'static str) -> &'static str {
    let (field, rest) = match row.strip_prefix('"') {
        Some(quoted) => quoted
            .split_once('"')
            .map_or((quoted, ""), |(field, rest)| (field, rest.trim_start_matches(','))),
        None => row.split_once(',').unwrap_or((row, "")),
    };
    *row = rest;
    field
}

fn read(mut row: &'static str) -> Authority {
    let mut next = || field(&mut row);
    Authority {
        gss_code: next(),
        name: next(),
        short_code: next(),
        kind: next(),
        region: next(),
        cooperative: Some(next()).filter(|name| !name.is_empty()),
        former_gss_code: {
            let (_latitude, _longitude) = (next(), next());
            Some(next()).filter(|code| !code.is_empty())
        },
    }
}

/// Every authority, ordered by code.
pub fn authorities() -> &'static [Authority] {
    &AUTHORITIES
}

/// The authority with this code.
pub fn authority(gss_code: &str) -> Option<&'static Authority> {
    index(gss_code).map(|at| &AUTHORITIES[at])
}

/// The authority that has this code, or had it.
pub fn authority_now_or_formerly(gss_code: &str) -> Option<&'static Authority> {
    authority(gss_code).or_else(|| {
        AUTHORITIES
            .iter()
            .find(|authority| authority.former_gss_code.is_some_and(|code| code == gss_code))
    })
}

pub(super) fn index(gss_code: &str) -> Option<usize> {
    AUTHORITIES
        .binary_search_by_key(&gss_code, |authority| authority.gss_code)
        .ok()
}

/// Whether two authorities share a border. No authority adjoins itself.
pub fn adjoins(a: &str, b: &str) -> bool {
    ADJOINING.binary_search(&(a.min(b), a.max(b))).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_reads() {
        assert_eq!(authorities().len(), 153);
        let reading = authority("E06000038").unwrap();
        assert_eq!((reading.name, reading.region), ("Reading", "South East"));
        assert_eq!(authority("E99999999"), None);
        assert!(authorities().iter().any(|authority| authority.cooperative.is_some()));
        let mut reader = csv::Reader::from_reader(include_str!("local_authorities.csv").as_bytes());
        for row in reader.records().map(Result::unwrap) {
            let read = authority(&row[0]).unwrap();
            assert_eq!(
                [
                    read.name,
                    read.short_code,
                    read.kind,
                    read.region,
                    read.cooperative.unwrap_or("")
                ],
                [1, 2, 3, 4, 5].map(|at| &row[at])
            );
        }
    }

    #[test]
    fn adjoining_goes_both_ways_and_knows_only_authorities() {
        let (reading, wokingham, surrey) = ("E06000038", "E06000041", "E10000030");
        assert!(adjoins(reading, wokingham) && adjoins(wokingham, reading));
        assert!(!adjoins(reading, surrey) && !adjoins(reading, reading));
        for (a, b) in ADJOINING.iter() {
            assert!(a < b && authority(a).is_some() && authority(b).is_some(), "{a} {b}");
        }
    }
}

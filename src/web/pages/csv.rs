//! Lists to take away.

use crate::clock::Instant;
use crate::error::{Error, Result};
use crate::web::Answer;

/// A list as CSV, to be opened in a spreadsheet: a text that a spreadsheet would run as a formula is made plain. Days stand as
/// `2026-03-04`, moments as `2026-03-04T17:00:00+00:00`: the time in the United Kingdom, with its zone.
pub fn csv(name: &str, head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<Answer> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(head).map_err(Error::internal)?;
    for row in rows {
        writer
            .write_record(row.into_iter().map(plain))
            .map_err(Error::internal)?;
    }
    let text = writer
        .into_inner()
        .map_err(|cause| Error::internal(cause.to_string()))?;
    Ok(Answer::bytes("text/csv; charset=utf-8", text)?.attachment(name))
}

fn plain(cell: String) -> String {
    if let Ok(at) = cell.parse::<Instant>() {
        at.with_zone_in_uk()
    } else if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_becomes_a_text() {
        assert_eq!(plain("=1+1".to_owned()), "'=1+1");
        assert_eq!(plain("Acorn House".to_owned()), "Acorn House");
    }

    #[test]
    fn a_moment_stands_in_uk_time_with_its_zone() {
        for (at, cell) in [
            ("2026-11-23T00:56:19.164642Z", "2026-11-23T00:56:19+00:00"),
            ("2026-07-01T09:30:00Z", "2026-07-01T10:30:00+01:00"),
            ("2026-07-01", "2026-07-01"),
        ] {
            assert_eq!(plain(at.to_owned()), cell);
        }
    }
}

//! Lists to take away.

use crate::error::{Error, Result};
use crate::web::Answer;

/// A list as CSV, to be opened in a spreadsheet: a text that a spreadsheet would run as a formula is made plain.
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
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
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
}

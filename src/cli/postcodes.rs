//! `hearth import-postcodes`.

use std::fs::File;
use std::path::Path;

use crate::config::Config;
use crate::reference::{ImportReport, import_postcodes};
use anyhow::Context as _;

pub(super) fn import(config: &Config, file: &Path) -> anyhow::Result<()> {
    let opened = File::open(file).with_context(|| format!("{} can't be read", file.display()))?;
    let (database, _) = super::open_current(config)?;
    let ImportReport {
        written,
        elsewhere,
        unreadable,
        removed,
    } = import_postcodes(&database, opened).with_context(|| format!("{} was not imported", file.display()))?;
    super::print(&format!(
        "{written} postcodes are known now. Left out: {elsewhere} outside England or without a place, {unreadable} that can't \
         be read. Taken away: {removed} that the file no longer has.\n"
    ))
}

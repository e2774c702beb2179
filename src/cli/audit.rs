//! `hearth audit verify`.

use crate::config::Config;
use anyhow::bail;

pub(super) fn verify(config: &Config) -> anyhow::Result<()> {
    let (database, _) = super::open_current(config)?;
    match crate::audit::verify(&database)? {
        Ok(entries) => super::print(&format!(
            "the audit log holds: {entries} entries, each as it was written\n"
        )),
        Err(broken) => bail!("the audit log does not hold: {broken}"),
    }
}

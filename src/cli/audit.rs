//! `hearth audit verify`.

use crate::audit::Mark;
use crate::config::Config;
use anyhow::bail;

pub(super) fn verify(config: &Config, noted: Option<&Mark>) -> anyhow::Result<()> {
    let (database, _) = super::open_current(config)?;
    match crate::audit::verify(&database, noted)? {
        Ok(end) => super::print(&format!(
            "the audit log holds: {} entries, each as it was written\nnote its end outside the database: {end}\n",
            end.entries()
        )),
        Err(broken) => bail!("the audit log does not hold: {broken}"),
    }
}

//! `hearth demo`.

use std::collections::HashMap;
use std::path::Path;

pub(super) fn run(_folder: &Path, _no_serve: bool, _settings: &HashMap<&'static str, String>) -> anyhow::Result<()> {
    anyhow::bail!("the demo is not built yet")
}

//! `hearth create-operator`.

use crate::accounts::{create_operator, passwords};
use crate::config::{self, Config};
use crate::error::Error;
use crate::values::{Email, PersonName};
use anyhow::{Context as _, anyhow, bail};

pub(super) fn create(config: &Config, cooperative: &str, name: &str, email: &str) -> anyhow::Result<()> {
    let cooperative = cooperative.trim();
    if cooperative.is_empty() {
        bail!("--cooperative needs a name");
    }
    let name = PersonName::parse(name).map_err(|cause| anyhow!("--name {}", cause.message))?;
    let email = Email::parse(email).map_err(|cause| anyhow!("--email {}", cause.message))?;
    let (database, _) = super::open_current(config)?;
    let password = match config::environment("HEARTH_NEW_PASSWORD") {
        Some(password) => password,
        None => rpassword::prompt_password("Password for the new operator: ")
            .context("set HEARTH_NEW_PASSWORD, or call from a terminal")?,
    };
    match passwords::check(&password, &[name.as_str(), email.as_str(), cooperative]) {
        Err(Error::Invalid(errors)) => bail!(
            "the password {}",
            errors.iter().map(|e| e.message.as_str()).collect::<Vec<_>>().join("; ")
        ),
        outcome => outcome?,
    }
    let hash = passwords::hash(&password)?;
    let person = database.write_now(|tx| create_operator(tx, cooperative, name, email, hash))?;
    super::print(&format!(
        "{} can sign in as {}, operator of {cooperative}.\n",
        person.name, person.email
    ))
}

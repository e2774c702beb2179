//! `hearth doctor`: what is set, what is missing, and what it means.

use crate::config::{self, Config, MailTransport, Tls};
use crate::db::migrations::{self, Standing};
use anyhow::bail;
use std::collections::HashMap;
use std::fmt::Write as _;

pub(super) fn examine(settings: &HashMap<&'static str, String>) -> anyhow::Result<()> {
    let mut report = String::from("Settings (a flag goes before the environment):\n");
    for variable in config::variables() {
        let given = settings
            .get(variable.name)
            .cloned()
            .or_else(|| config::environment(variable.name));
        let shown = given.map_or_else(
            || format!("not set; {}", variable.default),
            |value| variable.shown(&value),
        );
        writeln!(
            report,
            "  {:<28} {shown}\n  {:<28} {}",
            variable.name, "", variable.meaning
        )?;
    }
    let names = config::environment_names();
    for unknown in config::unknown_variables(names.iter().map(String::as_str)) {
        writeln!(report, "  {unknown}: no such setting. A typing error?")?;
    }
    super::print(&report)?;
    let config = Config::from_environment(settings)?;
    let (database, _) = super::open(&config)?;
    let tls = if cfg!(feature = "postgres-tls") {
        "built in"
    } else {
        "not built in (cargo feature `postgres-tls`)"
    };
    let standing = match migrations::standing(&database)? {
        Standing::Current => "current".to_owned(),
        Standing::Behind(pending) => format!("{} migrations to run: call `hearth migrate`", pending.len()),
        Standing::Newer(versions) => bail!(
            "the database is from a newer hearth (migrations {})",
            versions.join(", ")
        ),
    };
    super::print(&format!(
        "\nDatabase:            {}, {standing}\nTLS to PostgreSQL:   {tls}\nMails:               {}\n",
        config.database.url,
        way(&config.mail.transport),
    ))
}

/// How mail leaves, in words.
fn way(transport: &MailTransport) -> String {
    let relay = match transport {
        MailTransport::Files(folder) => return format!("into the folder {}", folder.display()),
        MailTransport::Smtp(relay) => relay,
    };
    let user = relay.credentials.as_ref().map(|(user, _)| format!(", as {user}"));
    let tls = match relay.tls {
        Tls::Required => "encrypted",
        Tls::None => "not encrypted",
    };
    format!(
        "to the relay {}:{}{}, {tls}",
        relay.host,
        relay.port,
        user.unwrap_or_default()
    )
}

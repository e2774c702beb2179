//! What the program is told from outside: one struct a concern, each with a table of its variables.
//!
//! Values come from a source (`name → value`): flags over the environment in the program, a table in tests. A reading
//! reports every problem at once, and no secret is ever printed: not by `Debug`, not by a problem, not by `hearth doctor`.

mod database;
pub mod logging;
mod mail;
pub mod metrics;
mod reader;
mod secret;
mod server;
mod sign_in;
mod variable;

use std::collections::HashMap;

pub use database::{DatabaseConfig, DatabaseUrl};
pub use logging::{LogFormat, LoggingConfig};
pub use mail::{MailConfig, MailTransport, Relay, Tls};
pub use reader::{Problem, Problems};
pub use secret::{SecretConfig, SecretKey, SecretKeyError};
pub use server::ServerConfig;
pub use sign_in::SignInConfig;
pub use variable::{Secrecy, Variable};

use reader::Reader;

/// Everything the program is told from outside, read and checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the data is.
    pub database: DatabaseConfig,
    /// Where the program listens, and how the world reaches it.
    pub server: ServerConfig,
    /// The key under which everything confidential is kept.
    pub secret: SecretConfig,
    /// How mail leaves.
    pub mail: MailConfig,
    /// How people sign in.
    pub sign_in: SignInConfig,
    /// What is written to the log, and in which form.
    pub logging: LoggingConfig,
}

impl Config {
    /// Reads all of it from a source. An empty value counts as absent.
    ///
    /// # Errors
    /// [`Problems`]: everything that is wrong, not only the first.
    pub fn read(source: &dyn Fn(&str) -> Option<String>) -> Result<Self, Problems> {
        let mut reader = Reader::new(source);
        let database = DatabaseConfig::read(&mut reader);
        let url = database.as_ref().map(|d| &d.url);
        let server = ServerConfig::read(&mut reader);
        let secret = SecretConfig::read(&mut reader, url);
        let mail = MailConfig::read(&mut reader, url);
        let sign_in = SignInConfig::read(&mut reader);
        let logging = LoggingConfig::read(&mut reader);
        match (database, server, secret, mail, sign_in, logging) {
            (Some(database), Some(server), Some(secret), Some(mail), Some(sign_in), Some(logging))
                if reader.problems().is_empty() =>
            {
                Ok(Self {
                    database,
                    server,
                    secret,
                    mail,
                    sign_in,
                    logging,
                })
            }
            _ => Err(reader.into_problems()),
        }
    }

    /// Reads all of it from flags (variable's name → value) over the environment.
    ///
    /// # Errors
    /// [`Problems`]: everything that is wrong, not only the first.
    pub fn from_environment(flags: &HashMap<&str, String>) -> Result<Self, Problems> {
        Self::read(&|name| flags.get(name).cloned().or_else(|| environment(name)))
    }
}

/// One variable of the environment: the only place that reads it.
#[expect(clippy::disallowed_methods, reason = "the one home of the environment")]
pub fn environment(name: &str) -> Option<String> {
    // Bytes that are not UTF-8 become a value that does not parse, so they are reported instead of passed over.
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

/// The names of all variables that are set, ours or not.
pub fn environment_names() -> Vec<String> {
    std::env::vars_os()
        .map(|(name, _)| name.to_string_lossy().into_owned())
        .collect()
}

/// Every variable, in the order in which the documentation tells of them.
pub fn variables() -> impl Iterator<Item = &'static Variable> {
    [
        database::VARIABLES,
        server::VARIABLES,
        secret::VARIABLES,
        mail::VARIABLES,
        sign_in::VARIABLES,
        logging::VARIABLES,
    ]
    .into_iter()
    .flatten()
}

/// Names that look like ours but are not (`HEARTH_SECERT_KEY`), so that a slip of the pen is said and not passed over.
pub fn unknown_variables<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    /// Read elsewhere: by `create-operator` and by the tests.
    const ELSEWHERE: [&str; 2] = ["HEARTH_NEW_PASSWORD", "HEARTH_TEST_POSTGRES"];
    names
        .filter(|name| {
            name.starts_with("HEARTH_") && !ELSEWHERE.contains(name) && variables().all(|known| known.name != *name)
        })
        .collect()
}

#[cfg(test)]
mod tests;

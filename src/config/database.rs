use std::fmt;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

use super::reader::Reader;
use super::variable::{Variable, without_password};

const URL: Variable = Variable::url(
    "HEARTH_DATABASE_URL",
    "sqlite://data/hearth.db",
    "Where the data is: `sqlite://PATH` for the embedded database, `postgres://USER:PASSWORD@HOST/NAME` for PostgreSQL.",
);
const CONNECTIONS: Variable = Variable::open(
    "HEARTH_DATABASE_CONNECTIONS",
    "8",
    "Most connections at once, 1 to 200: all of them with PostgreSQL, the readers beside the one writer when embedded.",
);
pub(super) const VARIABLES: &[Variable] = &[URL, CONNECTIONS];

/// Where the data is.
#[derive(Debug, Clone)]
pub struct DatabaseConfig {
    /// The engine and its place.
    pub url: DatabaseUrl,
    /// Most connections at once (readers, when embedded).
    pub connections: u32,
}

/// The engine and its place. `Debug` and `Display` show no password.
#[derive(Clone)]
pub enum DatabaseUrl {
    /// The embedded database: a file.
    Sqlite(PathBuf),
    /// PostgreSQL, by the URL of `libpq`.
    Postgres(SecretString),
}

impl DatabaseUrl {
    /// Reads `sqlite://PATH` or `postgres://…`.
    ///
    /// # Errors
    /// A sentence that says what is wrong, without the URL's password.
    pub fn parse(value: &str) -> Result<Self, String> {
        if let Some(path) = value.strip_prefix("sqlite://") {
            return match path {
                "" | ":memory:" => Err("a file is needed, as in `sqlite://data/hearth.db`".into()),
                path => Ok(Self::Sqlite(path.into())),
            };
        }
        if value.starts_with("postgres://") || value.starts_with("postgresql://") {
            return Ok(Self::Postgres(value.into()));
        }
        Err(format!(
            "`sqlite://PATH` or `postgres://…` is needed, not `{}`",
            without_password(value)
        ))
    }

    /// The folder of the embedded database, in which its key and its mails are kept too; none with PostgreSQL.
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(path) => Some(
                path.parent()
                    .filter(|parent| !parent.as_os_str().is_empty())
                    .unwrap_or(Path::new(".")),
            ),
            Self::Postgres(_) => None,
        }
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite://{}", path.display()),
            Self::Postgres(url) => f.write_str(&without_password(url.expose_secret())),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl DatabaseConfig {
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let url = reader.value(&URL, DatabaseUrl::Sqlite("data/hearth.db".into()), DatabaseUrl::parse);
        let connections = reader.number(&CONNECTIONS, 8, 1, 200);
        Some(Self {
            url: url?,
            connections: connections?,
        })
    }
}

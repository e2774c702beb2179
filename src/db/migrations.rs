//! The migrations, carried in the program: a portable set and one per engine for what differs, merged by version.

use super::{Database, Db, Engine};
use crate::db::connection::MultiBackend;
use crate::error::{Error, Result};
use diesel::migration::{Migration, MigrationSource, MigrationVersion};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use std::collections::BTreeSet;

const COMMON: EmbeddedMigrations = embed_migrations!("migrations/common");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// The migrations of one engine.
struct For(Engine);

impl MigrationSource<MultiBackend> for For {
    fn migrations(&self) -> diesel::migration::Result<Vec<Box<dyn Migration<MultiBackend>>>> {
        let own = match self.0 {
            Engine::Sqlite => &SQLITE,
            Engine::Postgres => &POSTGRES,
        };
        let mut all = MigrationSource::<MultiBackend>::migrations(&COMMON)?;
        all.extend(MigrationSource::<MultiBackend>::migrations(own)?);
        Ok(all)
    }
}

/// How the database stands to this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// All migrations are there and no other.
    Current,
    /// These are still to run.
    Behind(Vec<String>),
    /// The database knows migrations that this program does not: it is from a newer one.
    Newer(Vec<String>),
}

/// Runs what is still to run; names what ran.
pub fn run(database: &Database) -> Result<Vec<String>> {
    with_connection(database, |connection| {
        let ran = connection
            .run_pending_migrations(For(connection.engine()))
            .map_err(Error::Internal)?;
        Ok(ran.iter().map(ToString::to_string).collect())
    })
}

/// Undoes every migration, newest first.
pub fn revert_all(database: &Database) -> Result<()> {
    with_connection(database, |connection| {
        connection
            .revert_all_migrations(For(connection.engine()))
            .map(drop)
            .map_err(Error::Internal)
    })
}

/// Compares what the database has with what this program carries.
pub fn standing(database: &Database) -> Result<Standing> {
    with_connection(database, |connection| {
        let known: BTreeSet<String> = For(connection.engine())
            .migrations()
            .map_err(Error::Internal)?
            .iter()
            .map(|migration| migration.name().version().to_string())
            .collect();
        let applied: Vec<MigrationVersion<'_>> = connection.applied_migrations().map_err(Error::Internal)?;
        let applied: BTreeSet<String> = applied.iter().map(ToString::to_string).collect();
        let newer: Vec<String> = applied.difference(&known).cloned().collect();
        let pending: Vec<String> = known.difference(&applied).cloned().collect();
        Ok(match (newer.is_empty(), pending.is_empty()) {
            (false, _) => Standing::Newer(newer),
            (true, false) => Standing::Behind(pending),
            (true, true) => Standing::Current,
        })
    })
}

fn with_connection<T>(database: &Database, body: impl FnOnce(&mut Db) -> Result<T>) -> Result<T> {
    let mut connection = database.0.writers.get().map_err(|_| Error::Unavailable)?;
    body(&mut connection)
}

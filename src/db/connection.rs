//! One connection type over the two engines, and the two small means for what it can't express.

use super::queries::Counting;
use crate::config::DatabaseUrl;
use diesel::QueryResult;
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::r2d2::{ManageConnection, R2D2Connection};
use secrecy::ExposeSecret;

pub use multi::{Db, MultiBackend};

/// The derive writes public items without docs.
#[allow(missing_docs)]
mod multi {
    use diesel::{PgConnection, SqliteConnection};

    /// A connection to whichever engine the URL named.
    #[derive(diesel::MultiConnection)]
    pub enum Db {
        /// PostgreSQL.
        Pg(PgConnection),
        /// SQLite.
        Sqlite(SqliteConnection),
    }
}

/// How many rows one statement inserts: far below the number of values that either engine binds at once.
pub const ROWS_AT_ONCE: usize = 1_000;

/// Expands the body once per engine: for what both engines can do and the multi-connection can't pass on
/// (inserts of several rows), and for what only one of them has (`FOR UPDATE SKIP LOCKED`).
#[macro_export]
macro_rules! each {
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn {
            $crate::db::connection::Db::Pg($c) => $body,
            $crate::db::connection::Db::Sqlite($c) => $body,
        }
    };
}

/// Makes a statement that is valid on both engines valid on the multi-connection (`ON CONFLICT`, `UNION`, …).
#[derive(Debug, Clone, Copy)]
pub struct Both<T>(pub T);

impl<T> QueryId for Both<T> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl<T> QueryFragment<MultiBackend> for Both<T>
where
    T: QueryFragment<diesel::pg::Pg> + QueryFragment<diesel::sqlite::Sqlite>,
{
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        MultiBackend::walk_variant_ast(&self.0, pass)
    }
}
impl<T: Query> Query for Both<T> {
    type SqlType = T::SqlType;
}
impl<T, C> diesel::RunQueryDsl<C> for Both<T> {}

/// How a transaction is begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// One snapshot, no writing.
    Read,
    /// Writing; on SQLite it takes the writer's lock at once, since a transaction that reads first and writes later
    /// fails under other writers.
    Write,
}

impl Db {
    /// Begins a transaction.
    pub fn begin(&mut self, mode: Mode) -> QueryResult<()> {
        match (self, mode) {
            (Self::Pg(c), Mode::Read) => {
                AnsiTransactionManager::begin_transaction_sql(c, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            }
            (Self::Pg(c), Mode::Write) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN"),
            (Self::Sqlite(c), Mode::Read) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN"),
            (Self::Sqlite(c), Mode::Write) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE"),
        }
    }

    /// Ends the transaction: kept when `keep`, undone otherwise.
    pub fn end(&mut self, keep: bool) -> QueryResult<()> {
        type Manager = <Db as Connection>::TransactionManager;
        if keep {
            Manager::commit_transaction(self)
        } else {
            Manager::rollback_transaction(self)
        }
    }

    /// Which engine it is.
    pub fn engine(&self) -> Engine {
        match self {
            Self::Pg(_) => Engine::Postgres,
            Self::Sqlite(_) => Engine::Sqlite,
        }
    }
}

/// The two engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// SQLite, embedded.
    Sqlite,
    /// PostgreSQL, by URL.
    Postgres,
}

/// Opens connections for the pool.
#[derive(Debug, Clone)]
pub(super) struct Opener {
    pub url: DatabaseUrl,
    pub read_only: bool,
}

impl ManageConnection for Opener {
    type Connection = Db;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Db, Self::Error> {
        let refused = diesel::r2d2::Error::ConnectionError;
        let mut connection = match &self.url {
            DatabaseUrl::Postgres(url) => {
                let mut connection = PgConnection::establish(url.expose_secret()).map_err(refused)?;
                connection
                    .batch_execute("SET TIME ZONE 'UTC'; SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '60s'")
                    .map_err(diesel::r2d2::Error::QueryError)?;
                Db::Pg(connection)
            }
            DatabaseUrl::Sqlite(path) => {
                let mut connection = SqliteConnection::establish(&path.to_string_lossy()).map_err(refused)?;
                let pragmas = if self.read_only {
                    // The system's page cache is shared by all readers; each keeps half a megabyte of its own, and maps nothing.
                    "PRAGMA busy_timeout=5000; PRAGMA foreign_keys=ON; PRAGMA query_only=ON; PRAGMA cache_size=-500;"
                } else {
                    // The timeout comes first: switching to WAL may itself have to wait.
                    "PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                };
                connection
                    .batch_execute(pragmas)
                    .map_err(diesel::r2d2::Error::QueryError)?;
                Db::Sqlite(connection)
            }
        };
        connection.set_instrumentation(Counting);
        Ok(connection)
    }

    fn is_valid(&self, connection: &mut Db) -> Result<(), Self::Error> {
        connection.ping().map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, connection: &mut Db) -> bool {
        connection.is_broken()
    }
}

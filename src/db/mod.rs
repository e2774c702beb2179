//! The database: SQLite (bundled) or PostgreSQL, chosen by URL at run time; one schema, one set of queries.
//!
//! [`Database::read`] and [`Database::write`] are the only doors. Each is one hop to a blocking thread, one transaction and one
//! instant (`tx.now`). A write gathers what it did ([`Tx::record`], [`Tx::emit`]) and keeps it in the same transaction.

pub mod columns;
pub mod connection;
pub(crate) mod keyset;
pub mod migrations;
mod queries;
pub mod schema;
pub mod search;

pub(crate) use columns::{id_column, json_column, text_column};
pub use connection::{Both, Db, Engine, ROWS_AT_ONCE};
pub(crate) use keyset::{ascending, descending};
pub use queries::queries_of_call;

use crate::access::Who;
use crate::audit::{self, Act};
use crate::clock::{Clock, Instant};
use crate::config::DatabaseUrl;
use crate::error::{Error, Result};
use crate::outbox::{self, Event};
use connection::{Mode, Opener};
use diesel::r2d2::Pool;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, Semaphore};

/// How long a write waits, each time, before it is made again that the database undid for another's sake.
const PAUSES: [Duration; 3] = [
    Duration::from_millis(10),
    Duration::from_millis(50),
    Duration::from_millis(250),
];

/// What a transaction does. Boxed, so that the way to the database is compiled once for each result and not for each closure: there
/// are hundreds.
pub(crate) type Reading<T> = Box<dyn FnOnce(&mut Tx<'_>) -> Result<T> + Send>;
/// What a transaction does that is waited for where it is said.
type Here<'b, T> = Box<dyn FnOnce(&mut Tx<'_>) -> Result<T> + 'b>;
/// What is done with the database on a thread that may block.
type Blocking<T> = Box<dyn FnOnce(&Database) -> Result<T> + Send>;
/// What a transaction does, as often as it takes.
pub(crate) type Writing<T> = Box<dyn FnMut(&mut Tx<'_>) -> Result<T> + Send>;

/// A handle on the database; cheap to clone.
#[derive(Clone)]
pub struct Database(Arc<Inner>);

struct Inner {
    engine: Engine,
    clock: Arc<dyn Clock>,
    readers: Pool<Opener>,
    writers: Pool<Opener>,
    // Callers wait as tasks, not as threads: as wide as the pool behind it.
    read_gate: Arc<Semaphore>,
    write_gate: Arc<Semaphore>,
    something_emitted: Notify,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Database({:?})", self.0.engine)
    }
}

/// How many connections are in use and how many there are.
#[derive(Debug, Clone, Copy)]
pub struct PoolUse {
    /// Open connections.
    pub open: u32,
    /// Of these, how many are idle.
    pub idle: u32,
}

impl Database {
    /// Opens a database with at most `connections` connections. Does not migrate.
    pub fn open(url: &DatabaseUrl, connections: u32, clock: Arc<dyn Clock>) -> Result<Self> {
        let engine = match url {
            DatabaseUrl::Sqlite(_) => Engine::Sqlite,
            DatabaseUrl::Postgres(_) => Engine::Postgres,
        };
        let pool = |read_only: bool, size: u32| {
            Pool::builder()
                .max_size(size)
                .min_idle(Some(1))
                .test_on_check_out(false)
                .connection_timeout(Duration::from_secs(5))
                .build(Opener {
                    url: url.to_owned(),
                    read_only,
                })
                .map_err(Error::internal)
        };
        let connections = connections.max(2);
        // SQLite takes one writer at a time anyway; a queue in front of one connection waits better than several do on its lock.
        let gate = |width: u32| Arc::new(Semaphore::new(width as usize));
        let read_gate = gate(connections);
        let (writers, readers, write_gate) = match engine {
            Engine::Sqlite => {
                if let Some(folder) = url.folder() {
                    std::fs::create_dir_all(folder).map_err(Error::internal)?;
                }
                if let DatabaseUrl::Sqlite(file) = url {
                    make_private(file)?;
                }
                (pool(false, 1)?, pool(true, connections)?, gate(1))
            }
            Engine::Postgres => {
                let shared = pool(false, connections)?;
                (shared.clone(), shared, read_gate.clone())
            }
        };
        Ok(Self(Arc::new(Inner {
            engine,
            clock,
            readers,
            writers,
            read_gate,
            write_gate,
            something_emitted: Notify::new(),
        })))
    }

    /// Which engine it is.
    pub fn engine(&self) -> Engine {
        self.0.engine
    }

    /// The clock it works by.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.clock
    }

    /// The use of the pools, for the metrics.
    pub fn pool_use(&self) -> PoolUse {
        let state = self.0.readers.state();
        PoolUse {
            open: state.connections,
            idle: state.idle_connections,
        }
    }

    /// Waits until a write of this process has emitted an event.
    pub async fn emitted(&self) {
        self.0.something_emitted.notified().await;
    }

    /// Reads, from one snapshot. Writing in it is refused by the database.
    pub fn read<T, F>(&self, body: F) -> impl Future<Output = Result<T>> + Send
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        self.read_boxed(Box::new(body))
    }

    async fn read_boxed<T: Send + 'static>(&self, body: Reading<T>) -> Result<T> {
        let _place = self.0.read_gate.acquire().await.map_err(|_| Error::Unavailable)?;
        self.hop(Box::new(move |database| database.read_here(body))).await
    }

    /// Writes, all of it or nothing. What PostgreSQL undoes because two transactions got in each other's way is made again from
    /// its beginning, a few times: the body must do nothing but through its transaction.
    pub fn write<T, F>(&self, body: F) -> impl Future<Output = Result<T>> + Send
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Clone + Send + 'static,
    {
        self.write_boxed(Box::new(move |tx| body.clone()(tx)))
    }

    /// [`Self::write`] of what can be made again by itself.
    pub(crate) async fn write_boxed<T: Send + 'static>(&self, mut body: Writing<T>) -> Result<T> {
        let _place = self.0.write_gate.acquire().await.map_err(|_| Error::Unavailable)?;
        self.hop(Box::new(move |database| {
            for pause in PAUSES {
                match database.write_here(Box::new(&mut body)) {
                    Err(Error::Contended) => std::thread::sleep(pause),
                    outcome => return outcome,
                }
            }
            database.write_here(Box::new(&mut body)).map_err(|cause| match cause {
                Error::Contended => Error::Unavailable,
                cause => cause,
            })
        }))
        .await
    }

    async fn hop<T: Send + 'static>(&self, work: Blocking<T>) -> Result<T> {
        let database = self.clone();
        let (outcome, made) = tokio::task::spawn_blocking(move || queries::counted(|| work(&database)))
            .await
            .map_err(Error::internal)?;
        queries::add(made);
        outcome
    }

    /// [`Database::read`] for code that is on a blocking thread already: start-up, the command line.
    pub fn read_now<T>(&self, body: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        self.read_here(Box::new(body))
    }

    fn read_here<T>(&self, body: Here<'_, T>) -> Result<T> {
        let mut connection = self.0.readers.get().map_err(|_| Error::Unavailable)?;
        connection.begin(Mode::Read)?;
        let mut tx = Tx {
            now: self.0.clock.now(),
            conn: &mut connection,
            acts: Vec::new(),
            emitted: false,
        };
        let outcome = body(&mut tx);
        connection.end(false)?;
        outcome
    }

    /// [`Database::write`] for code that is on a blocking thread already; made once.
    pub fn write_now<T>(&self, body: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        self.write_here(Box::new(body))
    }

    fn write_here<T>(&self, body: Here<'_, T>) -> Result<T> {
        let mut connection = self.0.writers.get().map_err(|_| Error::Unavailable)?;
        connection.begin(Mode::Write)?;
        let now = match self.now(&mut connection) {
            Ok(now) => now,
            Err(cause) => {
                connection.end(false)?;
                return Err(cause);
            }
        };
        let mut tx = Tx {
            now,
            conn: &mut connection,
            acts: Vec::new(),
            emitted: false,
        };
        // The acts are written last: the chain's lock is then held for the shortest time.
        let outcome = body(&mut tx).and_then(|value| {
            let acts = std::mem::take(&mut tx.acts);
            audit::append(&mut tx, acts)?;
            Ok(value)
        });
        let emitted = tx.emitted;
        connection.end(outcome.is_ok())?;
        if outcome.is_ok() && emitted {
            self.0.something_emitted.notify_one();
        }
        outcome
    }

    /// One time for every server that shares a PostgreSQL database: the database's own.
    fn now(&self, connection: &mut Db) -> Result<Instant> {
        use diesel::RunQueryDsl;
        match connection {
            Db::Pg(c) if self.0.clock.defers_to_database() => {
                Ok(diesel::select(diesel::dsl::sql::<columns::NativeTs>("clock_timestamp()")).get_result(c)?)
            }
            _ => Ok(self.0.clock.now()),
        }
    }
}

/// A transaction under way.
pub struct Tx<'c> {
    /// The one instant of the transaction.
    pub now: Instant,
    /// The connection; only `store.rs` files use it.
    pub conn: &'c mut Db,
    acts: Vec<audit::Entry>,
    emitted: bool,
}

impl Tx<'_> {
    /// Notes in the audit log what was done; it is kept with the transaction.
    pub fn record(&mut self, who: Who<'_>, act: Act) {
        self.acts.push(audit::Entry::new(who, act));
    }

    /// Says that something happened; whoever must know is told after the transaction is kept.
    pub fn emit(&mut self, event: Event) -> Result<()> {
        self.emit_all(&[event])
    }

    /// [`Tx::emit`], of several things that happened at once.
    pub fn emit_all(&mut self, events: &[Event]) -> Result<()> {
        self.emitted |= !events.is_empty();
        outbox::store::insert(self, events)
    }

    /// [`Tx::emit_all`], each at most once for its key however often it is said. Answers of how many it was the first time.
    pub fn emit_once(&mut self, events: &[(Event, String)]) -> Result<usize> {
        let first = outbox::store::insert_once(self, events)?;
        self.emitted |= first > 0;
        Ok(first)
    }
}

impl std::fmt::Debug for Tx<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Tx at {}", self.now)
    }
}

/// Makes the file, where there is none, for its owner's eyes only: addresses of homes stand in it. SQLite gives the files beside it the
/// same rights.
fn make_private(file: &Path) -> Result<()> {
    let mut options = OpenOptions::new();
    let made = options.append(true).create(true).mode(0o600).open(file);
    made.map(drop).map_err(Error::internal)
}

impl From<DieselError> for Error {
    fn from(cause: DieselError) -> Self {
        let DieselError::DatabaseError(kind, said) = &cause else {
            return Self::internal(cause);
        };
        match (kind, said.message()) {
            // Diesel passes no SQLSTATE on: a deadlock (40P01) is known by its message.
            (DatabaseErrorKind::SerializationFailure, _) | (_, "deadlock detected") => Self::Contended,
            // It has waited for its turn as long as it may: PostgreSQL's `lock_timeout`, SQLite's `busy_timeout`.
            (DatabaseErrorKind::ClosedConnection, _)
            | (_, "canceling statement due to lock timeout" | "database is locked") => Self::Unavailable,
            _ => Self::internal(cause),
        }
    }
}

/// Turns a violated "at most one" into the refusal that the caller knows it to mean. (SQLite names no constraint, so the
/// call decides; make it the only unique index that the statement can run into.)
pub fn unless_taken<T>(outcome: diesel::QueryResult<T>, refusal: impl FnOnce() -> Error) -> Result<T> {
    outcome.map_err(|cause| match cause {
        DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => refusal(),
        cause => cause.into(),
    })
}

/// A guarded update that met no row: somebody else was there first.
pub fn one_row(rows: usize) -> Result<()> {
    all_rows(rows, 1)
}

/// A guarded update that met fewer rows than it was meant for: somebody else was there first.
pub fn all_rows(rows: usize, meant: usize) -> Result<()> {
    if rows == meant { Ok(()) } else { Err(Error::Stale) }
}

/// Refuses to change what is not the version that the caller names by `If-Match`; any will do where they name none.
pub fn unless_stale(version: i64, if_match: Option<i64>) -> Result<()> {
    if if_match.is_none_or(|expected| expected == version) {
        Ok(())
    } else {
        Err(Error::Stale)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_embedded_database_is_its_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::Sqlite(folder.path().join("data/hearth.db"));
        let database = Database::open(&url, 2, Arc::new(SystemClock)).unwrap();
        migrations::run(&database).unwrap();
        let files: Vec<_> = folder.path().join("data").read_dir().unwrap().collect();
        assert!(!files.is_empty());
        for file in files {
            let file = file.unwrap();
            let mode = file.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{}", file.path().display());
        }
    }
}

//! A fresh, migrated database a test: SQLite, or PostgreSQL where `HEARTH_TEST_POSTGRES` names a server.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, QueryResult, RunQueryDsl, sql_query};
use hearth::clock::Clock;
use hearth::config::DatabaseUrl;
use hearth::db::{Database, Db, migrations};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use url::Url;

use crate::architecture::source::{files_below, root};

/// The server to make databases on; without it the tests run on SQLite.
static SERVER: LazyLock<Option<Url>> = LazyLock::new(|| {
    #[expect(clippy::disallowed_methods, reason = "the one variable of the tests")]
    let named = std::env::var("HEARTH_TEST_POSTGRES").ok()?;
    Some(named.parse().expect("HEARTH_TEST_POSTGRES is a URL"))
});

/// A database of one test's own; gone when dropped.
pub struct FreshDatabase {
    url: String,
    // Dropped for its effect.
    _place: Place,
}

enum Place {
    Folder(#[expect(dead_code, reason = "held until the test ends")] TempDir),
    Server(String),
}

impl FreshDatabase {
    /// Migrated and empty.
    pub fn migrated() -> Self {
        match &*SERVER {
            None => Self::file(Some(&MIGRATED_FILE)),
            Some(server) => Self::on(server, Some(&MIGRATED_TEMPLATE)),
        }
    }

    /// As it is before the first migration.
    pub fn bare() -> Self {
        match &*SERVER {
            None => Self::file(None),
            Some(server) => Self::on(server, None),
        }
    }

    /// How the program is told of it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Opens it with a few connections.
    pub fn open(&self, clock: Arc<dyn Clock>) -> Database {
        opened(&self.url, 4, clock)
    }

    /// Does something to the database that the program has no call for.
    pub fn execute(database: &Database, statements: &str) {
        database
            .write_now(|tx| Ok(tx.conn.batch_execute(statements)?))
            .expect("the statements are done");
    }

    /// The one text that a query answers with, in a column named `text`.
    pub fn text(database: &Database, query: &str) -> String {
        #[derive(diesel::QueryableByName)]
        struct Row {
            #[diesel(sql_type = diesel::sql_types::Text)]
            text: String,
        }
        let row: Row = database
            .read_now(|tx| {
                Ok(match tx.conn {
                    Db::Sqlite(connection) => sql_query(query).get_result(connection)?,
                    Db::Pg(connection) => sql_query(query).get_result(connection)?,
                })
            })
            .expect("the query answers");
        row.text
    }

    fn file(bytes: Option<&[u8]>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file: PathBuf = folder.path().join("hearth.db");
        if let Some(bytes) = bytes {
            std::fs::write(&file, bytes).expect("a temporary file");
        }
        Self {
            url: format!("sqlite://{}", file.display()),
            _place: Place::Folder(folder),
        }
    }

    fn on(server: &Url, template: Option<&str>) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let name = format!(
            "hearth_test_{}_{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        let from = template.unwrap_or("template0");
        at_server(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).expect("an old database goes");
        at_server(&format!("CREATE DATABASE {name} TEMPLATE {from}")).expect("a fresh database");
        Self {
            url: named(server, &name),
            _place: Place::Server(name),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Self::Server(name) = self {
            // A test that fails must not fail twice; what is left behind goes with the server.
            drop(at_server(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")));
        }
    }
}

/// The file of a migrated SQLite database: made once, written out for each test.
static MIGRATED_FILE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let fresh = FreshDatabase::file(None);
    migrate(&fresh.url);
    std::fs::read(fresh.url.trim_start_matches("sqlite://")).expect("the migrated file")
});

/// The name of a migrated PostgreSQL database that others are copied from: made once for each state of the migrations,
/// by whichever process comes first.
static MIGRATED_TEMPLATE: LazyLock<String> = LazyLock::new(|| {
    let server = SERVER.as_ref().expect("a template is made on a server");
    let name = format!("hearth_template_{}", state_of_the_migrations());
    let mut connection = PgConnection::establish(server.as_str()).expect("HEARTH_TEST_POSTGRES answers");
    let mut say = |statement: String| sql_query(statement).execute(&mut connection).expect("a template");
    // Held until the connection goes.
    say("SELECT pg_advisory_lock(hashtext('hearth_template'))".into());
    if say(format!("SELECT 1 FROM pg_database WHERE datname = '{name}'")) == 0 {
        let making = format!("{name}_making");
        say(format!("DROP DATABASE IF EXISTS {making} WITH (FORCE)"));
        say(format!("CREATE DATABASE {making} TEMPLATE template0"));
        migrate(&named(server, &making));
        // Nobody may be connected to what is renamed and copied.
        say(format!("ALTER DATABASE {making} ALLOW_CONNECTIONS false"));
        say(format!(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{making}'"
        ));
        say(format!("ALTER DATABASE {making} RENAME TO {name}"));
    }
    name
});

fn state_of_the_migrations() -> String {
    let mut files = files_below(&root().join("migrations"), "sql");
    files.sort();
    let digest = files.iter().fold(Sha256::new(), |digest, file| {
        digest.chain_update(std::fs::read(file).expect("a migration"))
    });
    hex::encode(digest.finalize())[..16].to_string()
}

fn opened(url: &str, connections: u32, clock: Arc<dyn Clock>) -> Database {
    let url = DatabaseUrl::parse(url).expect("the address of a database");
    Database::open(&url, connections, clock).expect("a database that opens")
}

/// Migrates, and leaves no connection behind.
fn migrate(url: &str) {
    let clock = Arc::new(hearth::clock::SystemClock);
    let database = opened(url, 2, clock);
    migrations::run(&database).expect("the migrations run");
}

fn named(server: &Url, database: &str) -> String {
    let mut url = server.clone();
    url.set_path(database);
    url.into()
}

fn at_server(statement: &str) -> QueryResult<usize> {
    let server = SERVER.as_ref().expect("a server is named");
    let mut connection = PgConnection::establish(server.as_str()).expect("HEARTH_TEST_POSTGRES answers");
    sql_query(statement).execute(&mut connection)
}

//! Both databases after migration, compared with `src/db/schema.rs`: tables, columns, types, what may be NULL; and what
//! every table of the schema owes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Arc;

use diesel::{QueryResult, QueryableByName, RunQueryDsl, sql_query, sql_types::Text};
use hearth::access::Who;
use hearth::audit::Act;
use hearth::clock::SystemClock;
use hearth::db::migrations::{self, Standing};
use hearth::db::{Database, Db};

use crate::support::database::FreshDatabase;

/// Rows that nobody rewrites; the engine itself refuses it.
const NEVER_REWRITTEN: [&str; 11] = [
    "admission_history",
    "audit_events",
    "bid_versions",
    "contract_acceptances",
    "contract_versions",
    "deadline_extensions",
    "letters",
    "opened_bids",
    "placement_terms",
    "prices",
    "screening_confirmations",
];

/// Column by table and name: its type as diesel knows it, and whether it may be NULL.
type Columns = BTreeMap<(String, String), (String, bool)>;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    a: String,
    #[diesel(sql_type = Text)]
    b: String,
    #[diesel(sql_type = Text)]
    c: String,
    #[diesel(sql_type = Text)]
    d: String,
}

fn open(fresh: &FreshDatabase) -> Database {
    fresh.open(Arc::new(SystemClock))
}

/// Asks each engine in its own words; four texts a row.
fn ask(database: &Database, sqlite: &str, postgres: &str) -> Vec<Row> {
    database
        .read_now(|tx| {
            Ok(match tx.conn {
                Db::Sqlite(connection) => sql_query(sqlite).load(connection)?,
                Db::Pg(connection) => sql_query(postgres).load(connection)?,
            })
        })
        .expect("the catalogue answers")
}

fn columns_of(database: &Database) -> Columns {
    let rows = ask(
        database,
        "SELECT t.name AS a, c.name AS b, c.type AS c, CASE c.\"notnull\" WHEN 1 THEN 'NO' ELSE 'YES' END AS d
         FROM sqlite_schema t, pragma_table_info(t.name) c
         WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE '\\_\\_diesel%' ESCAPE '\\'",
        "SELECT table_name::text AS a, column_name::text AS b, data_type::text AS c, is_nullable::text AS d
         FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_diesel%'",
    );
    let as_diesel_knows_it = |declared: &str| match declared {
        "UUID" | "uuid" => "NativeId",
        "TIMESTAMPTZ" | "timestamp with time zone" => "NativeTs",
        "DATE" | "date" => "Date",
        "BIGINT" | "bigint" => "BigInt",
        "INTEGER" | "integer" => "Integer",
        "BOOLEAN" | "boolean" => "Bool",
        "TEXT" | "text" => "Text",
        "BYTEA" | "bytea" => "Binary",
        other => panic!("{other} is no type of the portable schema"),
    };
    rows.into_iter()
        .map(|row| ((row.a, row.b), (as_diesel_knows_it(&row.c).to_string(), row.d == "YES")))
        .collect()
}

/// What `schema.rs` says, read from its text: diesel keeps no list that a program could ask for.
fn columns_written() -> Columns {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/db/schema.rs")).expect("schema.rs");
    let (mut columns, mut table) = (Columns::new(), String::new());
    for line in text.lines().map(str::trim) {
        if let Some((name, _)) = line.strip_suffix(") {").and_then(|head| head.split_once(" (")) {
            table = name.to_string();
        } else if let Some((column, kind)) = line.strip_suffix(',').and_then(|line| line.split_once(" -> ")) {
            let inner = kind.strip_prefix("Nullable<").and_then(|kind| kind.strip_suffix('>'));
            columns.insert(
                (table.clone(), column.into()),
                (inner.unwrap_or(kind).into(), inner.is_some()),
            );
        }
    }
    columns
}

/// Every foreign key, as table, column and the table it names.
fn foreign_keys(database: &Database) -> BTreeMap<(String, String), String> {
    ask(
        database,
        "SELECT t.name AS a, f.\"from\" AS b, f.\"table\" AS c, '' AS d
         FROM sqlite_schema t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'",
        "SELECT con.conrelid::regclass::text AS a, att.attname::text AS b, con.confrelid::regclass::text AS c, '' AS d
         FROM pg_constraint con JOIN pg_attribute att ON att.attrelid = con.conrelid AND att.attnum = con.conkey[1]
         WHERE con.contype = 'f'",
    )
    .into_iter()
    .map(|row| ((row.a, row.b), row.c))
    .collect()
}

/// The first column of every index and key, by table.
fn leading_columns(database: &Database) -> BTreeSet<(String, String)> {
    ask(
        database,
        "SELECT t.name AS a, c.name AS b, '' AS c, '' AS d
         FROM sqlite_schema t, pragma_index_list(t.name) i, pragma_index_info(i.name) c
         WHERE t.type = 'table' AND c.seqno = 0 AND c.name IS NOT NULL",
        "SELECT i.indrelid::regclass::text AS a, att.attname::text AS b, '' AS c, '' AS d
         FROM pg_index i JOIN pg_attribute att ON att.attrelid = i.indrelid AND att.attnum = i.indkey[0]
         WHERE i.indrelid::regclass::text NOT LIKE 'pg\\_%'",
    )
    .into_iter()
    .map(|row| (row.a, row.b))
    .collect()
}

#[test]
fn the_database_is_what_diesel_was_told() {
    let (fresh, written) = (FreshDatabase::migrated(), columns_written());
    let found = columns_of(&open(&fresh));
    assert!(written.len() > 300, "schema.rs was read: {} columns", written.len());
    let missing: Vec<_> = written
        .iter()
        .filter(|(name, kind)| found.get(*name) != Some(*kind))
        .collect();
    let unknown: Vec<_> = found
        .iter()
        .filter(|(name, kind)| written.get(*name) != Some(*kind))
        .collect();
    assert!(
        missing.is_empty() && unknown.is_empty(),
        "schema.rs says {missing:#?}\nthe database says {unknown:#?}"
    );
}

#[test]
fn every_reference_is_a_foreign_key_with_an_index() {
    let fresh = FreshDatabase::migrated();
    let database = open(&fresh);
    let (keys, leading) = (foreign_keys(&database), leading_columns(&database));
    let loose: Vec<_> = columns_written()
        .into_iter()
        .filter(|((_, column), (kind, _))| kind == "NativeId" && column != "id")
        .map(|(name, _)| name)
        .filter(|name| !keys.contains_key(name))
        .collect();
    assert!(loose.is_empty(), "ids without a foreign key: {loose:#?}");
    // A child table is searched by its first reference; later columns of its own key come with an index of theirs.
    let unindexed: Vec<_> = keys.keys().filter(|key| !leading.contains(*key)).collect();
    assert!(unindexed.is_empty(), "foreign keys without an index: {unindexed:#?}");
}

#[test]
fn every_state_is_one_of_a_list() {
    let mut text = String::new();
    for file in
        crate::architecture::source::files_below(&crate::architecture::source::root().join("migrations/common"), "sql")
    {
        text.push_str(&fs::read_to_string(file).expect("a migration"));
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let stated = words
        .windows(2)
        .filter(|pair| pair[0] == "state" && pair[1] == "TEXT")
        .count();
    let checked = words
        .windows(8)
        .filter(|next| next[..2] == ["state", "TEXT"] && next.contains(&"CHECK"))
        .count();
    assert!(stated > 5);
    assert_eq!(stated, checked, "every state is TEXT with a CHECK");
}

#[test]
fn migrations_go_down_and_up_again() {
    let fresh = FreshDatabase::bare();
    let database = open(&fresh);
    assert!(matches!(migrations::standing(&database), Ok(Standing::Behind(all)) if all.len() > 10));
    migrations::run(&database).expect("up");
    assert!(matches!(migrations::standing(&database), Ok(Standing::Current)));
    let first = columns_of(&database);
    migrations::revert_all(&database).expect("down");
    assert_eq!(columns_of(&database), Columns::new(), "down leaves nothing");
    migrations::run(&database).expect("up again");
    assert_eq!(columns_of(&database), first);
}

#[test]
fn a_database_of_a_newer_program_is_told_apart() {
    let fresh = FreshDatabase::migrated();
    let database = open(&fresh);
    write(
        &database,
        "INSERT INTO __diesel_schema_migrations (version) VALUES ('99991231')",
    )
    .expect("a later version");
    assert!(matches!(migrations::standing(&database), Ok(Standing::Newer(which)) if which == ["99991231"]));
}

#[test]
fn what_is_never_rewritten_has_its_triggers() {
    let fresh = FreshDatabase::migrated();
    let guarded: BTreeSet<(String, String)> = ask(
        &open(&fresh),
        "SELECT tbl_name AS a, CASE WHEN sql LIKE '%BEFORE UPDATE%' THEN 'UPDATE'
             WHEN sql LIKE '%BEFORE DELETE%' THEN 'DELETE' ELSE 'INSERT' END AS b, '' AS c, '' AS d
         FROM sqlite_schema WHERE type = 'trigger'",
        "SELECT event_object_table::text AS a, event_manipulation::text AS b, '' AS c, '' AS d
         FROM information_schema.triggers WHERE action_timing = 'BEFORE'",
    )
    .into_iter()
    .map(|row| (row.a, row.b))
    .collect();
    for table in NEVER_REWRITTEN {
        for verb in ["UPDATE", "DELETE"] {
            assert!(
                guarded.contains(&(table.into(), verb.into())),
                "{verb} of {table} is not refused"
            );
        }
    }
}

#[test]
fn the_audit_log_refuses_to_be_changed() {
    let fresh = FreshDatabase::migrated();
    let database = open(&fresh);
    database
        .write_now(|tx| {
            tx.record(Who::System, Act::on("test", "one").did("person.join"));
            Ok(())
        })
        .expect("an act is recorded");
    let mut refused = vec![
        "UPDATE audit_events SET verb = 'nothing'",
        "UPDATE audit_events SET seq = seq + 1",
        "DELETE FROM audit_events",
    ];
    match database.engine() {
        hearth::db::Engine::Sqlite => refused.push(
            "INSERT OR REPLACE INTO audit_events (seq, id, at, verb, subject_kind, subject_id, previous_hash, hash)
             SELECT seq, id, at, 'nothing', subject_kind, subject_id, previous_hash, hash FROM audit_events",
        ),
        hearth::db::Engine::Postgres => refused.push("TRUNCATE audit_events"),
    }
    for statement in refused {
        let outcome = write(&database, statement);
        assert!(
            outcome
                .as_ref()
                .is_err_and(|cause| cause.to_string().contains("append-only")),
            "{statement}: {outcome:?}"
        );
    }
    let kept = ask(
        &database,
        "SELECT verb AS a, '' AS b, '' AS c, '' AS d FROM audit_events",
        "SELECT verb AS a, '' AS b, '' AS c, '' AS d FROM audit_events",
    );
    assert_eq!(
        kept.iter().map(|row| row.a.as_str()).collect::<Vec<_>>(),
        ["person.join"]
    );
}

/// Writes what no action would; answers the database's own words.
fn write(database: &Database, statement: &str) -> QueryResult<usize> {
    let mut answer = Ok(0);
    let undone = database.write_now(|tx| {
        answer = match tx.conn {
            Db::Sqlite(connection) => sql_query(statement).execute(connection),
            Db::Pg(connection) => sql_query(statement).execute(connection),
        };
        Ok(())
    });
    drop(undone);
    answer
}

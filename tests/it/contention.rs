//! What the database undoes because two were in each other's way: made again, or refused for now and nothing left of it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use futures_util::future;
use hearth::access::Who;
use hearth::audit::Act;
use hearth::db::{Engine, Tx};
use serde_json::{Value, json};

use crate::support::Program;
use crate::support::database::FreshDatabase;
use crate::support::region::{bid_body, id};

/// Where two wait for each other, though not for long: SQLite lets the second in only when the first is through.
#[derive(Default)]
struct Meeting {
    arrived: Mutex<usize>,
    changed: Condvar,
}

impl Meeting {
    fn wait(&self) {
        let mut arrived = self.arrived.lock().unwrap();
        *arrived += 1;
        self.changed.notify_all();
        let patience = Duration::from_millis(300);
        drop(
            self.changed
                .wait_timeout_while(arrived, patience, |arrived| *arrived < 2)
                .unwrap(),
        );
    }
}

fn count(tx: &mut Tx<'_>, name: &str) -> hearth::error::Result<()> {
    let statement = format!("UPDATE tallies SET count = count + 1 WHERE name = '{name}'");
    Ok(tx.conn.batch_execute(&statement)?)
}

#[test]
fn of_two_writes_that_wait_for_each_other_both_are_made_once() {
    let program = Program::start();
    FreshDatabase::execute(
        program.db(),
        "CREATE TABLE tallies (name TEXT PRIMARY KEY, count INTEGER NOT NULL);
         INSERT INTO tallies VALUES ('left', 0), ('right', 0);",
    );
    let (meeting, begun) = (Arc::new(Meeting::default()), Arc::new(AtomicUsize::new(0)));
    let write = |first: &'static str, then: &'static str| {
        let (meeting, begun) = (meeting.clone(), begun.clone());
        program.db().write(move |tx| {
            begun.fetch_add(1, Ordering::Relaxed);
            tx.record(Who::System, Act::on("tally", first).did("person.join"));
            count(tx, first)?;
            meeting.wait();
            count(tx, then)
        })
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let (one, other) = runtime.block_on(async { future::join(write("left", "right"), write("right", "left")).await });
    one.unwrap();
    other.unwrap();
    assert_eq!(program.count("tallies WHERE count = 2"), 2, "each tally counts both");
    assert_eq!(program.count("audit_events WHERE verb = 'person.join'"), 2);
    // PostgreSQL ends a deadlock by undoing one of the two; on SQLite writers stand in line.
    let undone = usize::from(program.db().engine() == Engine::Postgres);
    assert_eq!(begun.load(Ordering::Relaxed), 2 + undone);
}

/// Puts something in the way of whoever changes a bid; answers how to take it away again.
fn obstruct(program: &Program) -> Box<dyn FnOnce() + '_> {
    match program.db().engine() {
        // Another process that writes, and doesn't end.
        Engine::Sqlite => {
            let file = program.database_url().trim_start_matches("sqlite://");
            let mut other = SqliteConnection::establish(file).unwrap();
            other.batch_execute("BEGIN IMMEDIATE").unwrap();
            Box::new(move || other.batch_execute("ROLLBACK").unwrap())
        }
        // A serialization failure, however often it is tried. What a sequence counted is never undone.
        Engine::Postgres => {
            FreshDatabase::execute(
                program.db(),
                "CREATE SEQUENCE tries;
                 CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS
                 $$ BEGIN PERFORM nextval('tries'); RAISE EXCEPTION 'not now' USING ERRCODE = '40001'; END $$;
                 CREATE TRIGGER fail AFTER UPDATE ON bids FOR EACH ROW EXECUTE FUNCTION fail();",
            );
            Box::new(|| {
                assert_eq!(program.text("SELECT CAST(last_value AS TEXT) AS text FROM tries"), "4");
                FreshDatabase::execute(program.db(), "DROP TRIGGER fail ON bids");
            })
        }
    }
}

#[test]
fn who_does_not_get_a_turn_is_told_to_come_again_and_nothing_is_left_of_it() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    let home = region.home(&program, &acorn, "Acorn House", json!({}));
    let request = region.published(&program, json!({}));
    let body = bid_body(&program, &request, &home, "4800.00");
    let draft = acorn
        .admin
        .post(&format!("/placement-requests/{}/bids", id(&request)), body)
        .ok();
    let path = format!("/bids/{}", id(&draft));
    let submit = || {
        let key = [("idempotency-key", "one submission")];
        acorn.admin.call("POST", &format!("{path}/submit"), None, &key)
    };
    program.settle();

    let clear = obstruct(&program);
    let refused = submit();
    assert_eq!(refused.header("retry-after"), "2");
    refused.refused(503, "unavailable");
    clear();

    let traces = |submissions: i64| {
        for rows in [
            "bid_versions WHERE submitted_at IS NOT NULL",
            "audit_events WHERE verb = 'bid.submit'",
            "events WHERE kind = 'bid_submitted'",
        ] {
            assert_eq!(program.count(rows), submissions, "{rows}");
        }
    };
    traces(0);
    assert_eq!(acorn.admin.get(&path).ok(), draft);
    let sent = submit().ok();
    assert_eq!(
        (sent["status"].as_str(), sent["receipt"]["version"].as_i64()),
        (Some("submitted"), Some(1))
    );
    assert_ne!(sent["receipt"]["sha256"], Value::Null);
    traces(1);
}

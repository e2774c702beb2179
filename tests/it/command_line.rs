//! The program as the operator of a server meets it: its commands, how it starts, refuses to start, and stops.

use std::sync::Arc;

use diesel::{RunQueryDsl, sql_query};
use hearth::access::Who;
use hearth::audit::Act;
use hearth::clock::SystemClock;
use hearth::db::Db;
use serde_json::json;

use crate::support::client::PASSWORD;
use crate::support::process::Installation;

const OPERATOR: &[&str] = &[
    "create-operator",
    "--cooperative",
    "South East",
    "--name",
    "Op Erator",
    "--email",
    "operator@coop.example",
];

/// Changes the database behind the program's back.
fn meddle(installation: &Installation, statements: &[&str]) {
    let database = installation.database().open(Arc::new(SystemClock));
    database
        .write_now(|tx| {
            for statement in statements {
                match tx.conn {
                    Db::Sqlite(connection) => sql_query(*statement).execute(connection)?,
                    Db::Pg(connection) => sql_query(*statement).execute(connection)?,
                };
            }
            Ok(())
        })
        .expect("the statements run");
}

/// Drops what keeps the audit log from being changed: whoever owns the database could.
fn disarm(installation: &Installation) {
    match installation.database().open(Arc::new(SystemClock)).engine() {
        hearth::db::Engine::Sqlite => meddle(
            installation,
            &[
                "DROP TRIGGER audit_events_refuse_update",
                "DROP TRIGGER audit_events_refuse_delete",
            ],
        ),
        hearth::db::Engine::Postgres => meddle(
            installation,
            &["DROP TRIGGER audit_events_refuse_rewriting ON audit_events"],
        ),
    }
}

#[test]
fn an_empty_database_is_migrated_and_served() {
    let installation = Installation::bare();
    let refused = installation.fail(&["serve"]);
    assert!(refused.contains("migrate"), "{refused}");
    installation.succeed(&["migrate"]);
    installation.succeed(&["migrate"]);
    installation.succeed(OPERATOR);
    let serving = installation.serve();
    let body = json!({"email": "operator@coop.example", "password": PASSWORD});
    serving.visitor().post("/auth/sign-in", body).ok();
    assert!(serving.stop(), "a stop that was asked for is no failure");
}

#[test]
fn a_database_of_a_newer_program_is_not_served() {
    let installation = Installation::migrated();
    meddle(
        &installation,
        &["INSERT INTO __diesel_schema_migrations (version) VALUES ('99991231')"],
    );
    for command in [["serve"], ["worker"], ["migrate"]] {
        let refused = installation.fail(&command);
        assert!(refused.contains("newer"), "{command:?}: {refused}");
    }
}

#[test]
fn one_address_is_one_operator() {
    let installation = Installation::migrated();
    installation.succeed(OPERATOR);
    let refused = installation.fail(OPERATOR);
    assert!(!refused.contains("panicked"), "{refused}");
}

#[test]
fn settings_that_are_wrong_are_all_named() {
    let installation = Installation::migrated();
    let refused = installation.fail(&["serve", "--listen", "nowhere", "--public-url", "ftp://here"]);
    assert!(
        refused.contains("HEARTH_LISTEN") && refused.contains("HEARTH_PUBLIC_URL"),
        "{refused}"
    );
}

#[test]
fn the_audit_log_is_verified_beside_a_running_server() {
    let installation = Installation::migrated();
    installation.succeed(OPERATOR);
    let serving = installation.serve();
    for _ in 0..3 {
        serving
            .visitor()
            .post(
                "/auth/sign-in",
                json!({"email": "operator@coop.example", "password": PASSWORD}),
            )
            .ok();
    }
    let verified = installation.succeed(&["audit", "verify"]);
    assert!(verified.contains("holds"), "{verified}");
}

#[test]
fn whatever_is_done_to_the_audit_log_is_found() {
    for done in [
        "UPDATE audit_events SET verb = 'nothing' WHERE seq = 2",
        "UPDATE audit_events SET after = '{}' WHERE seq = 2",
        "UPDATE audit_events SET at = (SELECT at FROM audit_events WHERE seq = 1) WHERE seq = 3",
        "DELETE FROM audit_events WHERE seq = 2",
        "DELETE FROM audit_events WHERE seq = (SELECT max(seq) FROM audit_events)",
        "UPDATE audit_events SET seq = 99 WHERE seq = 2",
    ] {
        let installation = Installation::migrated();
        let database = installation.database().open(Arc::new(SystemClock));
        for subject in ["one", "two", "three"] {
            let recorded = database.write_now(|tx| {
                tx.record(Who::System, Act::on("test", subject).did("person.join"));
                Ok(())
            });
            recorded.expect("an act is recorded");
        }
        installation.succeed(&["audit", "verify"]);
        disarm(&installation);
        meddle(&installation, &[done]);
        let found = installation.fail(&["audit", "verify"]);
        assert!(found.contains("does not hold"), "{done}: {found}");
    }
}

#[test]
fn a_log_that_was_cut_with_its_head_lacks_what_was_noted() {
    let installation = Installation::migrated();
    let database = installation.database().open(Arc::new(SystemClock));
    for subject in ["one", "two", "three"] {
        let recorded = database.write_now(|tx| {
            tx.record(Who::System, Act::on("test", subject).did("person.join"));
            Ok(())
        });
        recorded.expect("an act is recorded");
    }
    let said = installation.succeed(&["audit", "verify"]);
    let end = said.split_whitespace().next_back().expect("its end");
    installation.succeed(&["audit", "verify", "--noted", end]);
    disarm(&installation);
    meddle(
        &installation,
        &[
            "DELETE FROM audit_events WHERE seq = (SELECT max(seq) FROM audit_events)",
            "UPDATE audit_head SET seq = (SELECT max(seq) FROM audit_events), \
             hash = (SELECT hash FROM audit_events ORDER BY seq DESC LIMIT 1)",
        ],
    );
    installation.succeed(&["audit", "verify"]);
    let found = installation.fail(&["audit", "verify", "--noted", end]);
    assert!(found.contains("not there as it was noted"), "{found}");
}

#[test]
fn the_printed_document_is_the_one_that_is_served() {
    let installation = Installation::migrated();
    let printed = installation.succeed(&["openapi"]);
    let served = installation.serve().visitor().get("/openapi.yaml");
    assert_eq!((served.status, served.bytes), (200, printed.into_bytes()));
}

//! Who may call what: every registered operation by every role, and by nobody. The printed matrix is kept beside
//! (`tests/it/permissions.txt`, and for the pages `page_permissions.txt`): a change of it is a change of policy.

mod pages;

use std::fs;

use hearth::access::Role;
use hearth::routes;
use hearth::web::{Access, Operation, Routes};
use serde_json::json;

use crate::support::client::Client;
use crate::support::{Program, id};

/// Nothing has this id.
const NOTHING: &str = "01890000-0000-7000-8000-000000000000";

/// Somebody of every role; of one that several kinds of organisation have, somebody of each.
fn everybody(program: &Program) -> Vec<(Role, Client)> {
    let region = program.region();
    let acorn = region.admitted(program, "Acorn");
    let cooperative = id(&region.operator.get("/me").ok()["organisation"]);
    vec![
        (
            Role::Auditor,
            program.person_of(&region.operator, &cooperative, "auditor@coop.example", "auditor"),
        ),
        (Role::Commissioner, region.commissioner.0.clone()),
        (Role::Approver, region.approver(program).0),
        (Role::Auditor, region.auditor(program).0),
        (Role::ProviderAdmin, acorn.admin.0.clone()),
        (Role::Bidder, acorn.bidder(program, "bidder@acorn.example").0),
        (Role::Operator, region.operator.0),
    ]
}

/// Calls an operation as it would be called, on nothing and with nothing in it.
fn call(client: &Client, operation: &Operation) -> (u16, serde_json::Value) {
    let path = operation.path.replace("{id}", NOTHING);
    let body = json!({}).to_string();
    let body = (operation.method != "GET").then_some(body.as_bytes());
    let answer = client.call(operation.method.as_str(), &path, body, &[]);
    (answer.status, answer.json())
}

/// Signing out, or changing one's password, would end the session that the next call needs.
fn ends_the_session(operation: &Operation) -> bool {
    operation.path.starts_with("/auth/") || operation.path.starts_with("/me/sessions")
}

#[test]
fn every_operation_is_for_those_whom_the_policy_names() {
    let program = Program::start();
    let (visitor, people) = (program.visitor(), everybody(&program));
    let mut wrong = Vec::new();
    let api = routes::api();
    assert!(api.operations.len() > 10, "operations are registered");
    for operation in &api.operations {
        let (status, problem) = call(&visitor, operation);
        let refused = status == 401 && problem["code"] == "auth.required";
        if refused == (operation.access == Access::Public) {
            wrong.push(format!("{operation:?} answers a visitor {status} {problem}"));
        }
        if ends_the_session(operation) {
            continue;
        }
        let mut admitted = Vec::new();
        for (role, person) in &people {
            let (status, problem) = call(person, operation);
            if status == 401 || status >= 500 {
                wrong.push(format!(
                    "{operation:?} answers {role} ({}) {status} {problem}",
                    person.email()
                ));
            }
            if status != 403 && !admitted.contains(role) {
                admitted.push(*role);
            }
        }
        // Auditors are of more than one kind of organisation: it is enough that one of them may.
        for role in Role::ALL {
            let may = match operation.access {
                Access::Public | Access::SignedIn => true,
                Access::May(permission) => permission.roles().contains(role),
            };
            if may != admitted.contains(role) {
                wrong.push(format!("{operation:?} is {}for {role}", if may { "not " } else { "" }));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} calls are not as the policy says:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Who may call each operation, a line each.
fn matrix(routes: &Routes) -> String {
    let mut lines: Vec<String> = routes
        .operations
        .iter()
        .map(|operation| {
            let who = match operation.access {
                Access::Public => "everybody".to_string(),
                Access::SignedIn => "signed in".to_string(),
                Access::May(permission) => permission
                    .roles()
                    .iter()
                    .map(|role| role.code())
                    .collect::<Vec<_>>()
                    .join(" "),
            };
            format!("{:<58} {:<6} {who}", operation.path, operation.method.as_str())
        })
        .collect();
    lines.sort();
    lines.join("\n") + "\n"
}

#[test]
fn the_matrix_is_the_one_that_was_agreed() {
    let printed = matrix(&routes::api());
    let kept = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/permissions.txt");
    if fs::read_to_string(kept).unwrap_or_default() != printed {
        let changed = concat!(env!("CARGO_TARGET_TMPDIR"), "/permissions.txt");
        fs::write(changed, &printed).unwrap();
        panic!("the matrix changed; if that is meant: cp {changed} {kept}");
    }
}

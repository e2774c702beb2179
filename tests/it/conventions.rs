//! What holds for every call: sign-in, problems, bodies, paths.

use serde_json::json;

use crate::support::Program;

#[test]
fn the_program_is_well_and_says_so() {
    let program = Program::start();
    let visitor = program.visitor();
    assert_eq!(visitor.get("//health/live").ok()["status"], "live");
    assert_eq!(visitor.get("//health/ready").ok()["migrations"], "current");
}

#[test]
fn a_call_without_sign_in_is_a_problem() {
    let program = Program::start();
    let answer = program.visitor().get("/me");
    assert!(!answer.header("x-request-id").is_empty());
    answer.refused(401, "auth.required");
}

#[test]
fn an_operator_signs_in_and_stays_so() {
    let program = Program::start();
    let operator = program.operator("South East", "operator@coop.example");
    assert_eq!(operator.get("/me").ok()["role"], "operator");
    program.wait(chrono::Duration::minutes(16));
    assert_eq!(operator.get("/me").ok()["person"]["email"], operator.email());
}

#[test]
fn a_person_joins_by_the_mailed_link() {
    let program = Program::start();
    let operator = program.operator("South East", "operator@coop.example");
    let authority = operator.post("/authorities", json!({"gss_code": "E06000038"})).ok();
    let person = json!({"organisation_id": authority["id"], "name": "Com Missioner", "email": "c@reading.example",
        "role": "commissioner"});
    operator.post("/people", person).ok();
    let commissioner = program.join("c@reading.example");
    assert_eq!(commissioner.get("/me").ok()["organisation"]["name"], "Reading");
}

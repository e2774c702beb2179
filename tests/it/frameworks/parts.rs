//! Lots, quality standards and contract versions.

use serde_json::{Value, json};

use super::{complete_draft, contract_body, draft, lot_body, operator, standard_body};
use crate::support::program::Program;
use crate::support::region::with;

#[test]
fn lots_belong_to_their_placement_type_and_keep_what_was_admitted_to() {
    let program = Program::start();
    let operator = operator(&program);
    let framework = complete_draft(&program, &operator);
    let lots = format!("/frameworks/{framework}/lots");
    operator.post(&lots, lot_body()).refused(409, "lot.code_taken");
    let body = with(
        lot_body(),
        json!({"code": "", "provision_types": ["IndependentFosteringAgency"], "weekly_ceiling": "100.00",
            "line_ceilings": {"core": "100.01", "fuel": "1.00"}}),
    );
    let wrong = operator.post(&lots, body).wrong_fields();
    let fields: Vec<_> = wrong.iter().map(|(field, _)| field.as_str()).collect();
    for field in ["code", "provision_types", "line_ceilings", "line_ceilings.fuel"] {
        assert!(fields.contains(&field), "{field} in {wrong:?}");
    }
    let none = operator.post(&lots, with(lot_body(), json!({"code": "R2", "provision_types": []})));
    assert_eq!(
        none.wrong_fields(),
        [("provision_types".to_owned(), "required".to_owned())]
    );

    let ceilings = json!({"core": "9000.00", "additional_support": null, "education": "0.00", "other": null});
    let second = json!({"code": "F1", "title": "Fostering", "placement_type": "Foster",
        "provision_types": ["IndependentFosteringAgency"], "line_ceilings": ceilings});
    let second = operator.post(&lots, second);
    let location = second.header("location").trim_start_matches("/api/v1").to_owned();
    let second = second.ok();
    assert_eq!(
        (&second["weekly_ceiling"], &second["line_ceilings"]),
        (&Value::Null, &ceilings)
    );
    assert_eq!(operator.get(&location).ok(), second);
    let listed = operator.get(&lots).ok();
    let codes: Vec<_> = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|lot| lot["code"].clone())
        .collect();
    assert_eq!((codes, &listed["next"]), (vec![json!("R1"), json!("F1")], &Value::Null));

    let changed = operator
        .patch(&location, json!({"code": "F2", "weekly_ceiling": "9500.00"}))
        .ok();
    assert_eq!((&changed["code"], &changed["version"]), (&json!("F2"), &json!(2)));
    operator
        .patch(&location, json!({"code": "R1"}))
        .refused(409, "lot.code_taken");
    operator.act(&format!("/frameworks/{framework}/open")).ok();
    operator
        .patch(&location, json!({"code": "F3"}))
        .refused(409, "framework.fixed_once_open");
    let changed = operator
        .patch(&location, json!({"title": "Foster care", "weekly_ceiling": null}))
        .ok();
    assert_eq!(
        (&changed["title"], &changed["weekly_ceiling"]),
        (&json!("Foster care"), &Value::Null)
    );
    operator.post(&lots, with(lot_body(), json!({"code": "R9"}))).ok();
}

#[test]
fn standards_are_offered_and_not_forced() {
    let program = Program::start();
    let operator = operator(&program);
    let offered = operator.get("/quality-standards").ok();
    assert_eq!(offered["items"].as_array().unwrap().len(), 13);
    assert_eq!(offered["items"][6]["code"], "QS7");
    let framework = complete_draft(&program, &operator);
    let standards = format!("/frameworks/{framework}/standards");
    assert_eq!(operator.get(&standards).ok()["items"], json!([]));
    let made = operator.post(&standards, standard_body());
    let location = made.header("location").trim_start_matches("/api/v1").to_owned();
    made.ok();
    operator
        .post(&standards, standard_body())
        .refused(409, "standard.code_taken");
    let wrong = operator
        .post(
            &standards,
            json!({"code": "A\nB", "mandatory": "yes", "evidence": "hearsay"}),
        )
        .wrong_fields();
    let mut fields: Vec<_> = wrong.iter().map(|(field, _)| field.as_str()).collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        ["applies_to", "code", "evidence", "mandatory", "requirement", "title"],
        "{wrong:?}"
    );
    let changed = operator
        .patch(&location, json!({"evidence": "document", "mandatory": false}))
        .ok();
    assert_eq!(
        (&changed["evidence"], &changed["mandatory"]),
        (&json!("document"), &json!(false))
    );
    operator.act(&format!("/frameworks/{framework}/open")).ok();
    operator
        .patch(&location, json!({"mandatory": true}))
        .refused(409, "framework.not_draft");
    operator
        .post(&standards, with(standard_body(), json!({"code": "QS8"})))
        .ok();
    assert_eq!(operator.get(&location).ok(), changed);
}

#[test]
fn a_contract_version_is_its_very_bytes_for_good() {
    let program = Program::start();
    let operator = operator(&program);
    let framework = draft(&program, &operator);
    let path = format!("/frameworks/{framework}/contract-versions");
    let text = "  Größe £5\r\n\tthe same\n";
    let first = operator.post(
        &path,
        json!({"title": "One", "text": text, "effective_on": "2020-01-01"}),
    );
    let location = first.header("location").trim_start_matches("/api/v1").to_owned();
    let first = first.ok();
    assert_eq!(first["sha256"], hearth::frameworks::rules::sha256_of(text));
    assert_eq!((&first["number"], &first["text"]), (&json!(1), &json!(text)));
    assert_eq!(operator.get(&location).ok(), first);
    let second = operator.post(&path, contract_body(&program)).ok();
    assert_eq!(second["number"], 2);
    let listed = operator.get(&path).ok();
    let numbers: Vec<_> = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["number"].clone())
        .collect();
    assert_eq!(numbers, [1, 2]);
    assert!(listed["items"][0].get("text").is_none(), "a list carries summaries");
    assert_eq!(operator.patch(&location, json!({"text": "Other"})).status, 405);
    let wrong = operator
        .post(&path, json!({"title": "", "text": "\n", "effective_on": "tomorrow"}))
        .wrong_fields();
    let fields: Vec<_> = wrong.iter().map(|(field, _)| field.as_str()).collect();
    for field in ["title", "text", "effective_on"] {
        assert!(fields.contains(&field), "{field} in {wrong:?}");
    }
    let control = operator.post(
        &path,
        json!({"title": "a\u{0}b", "text": "x", "effective_on": program.day(0)}),
    );
    assert_eq!(control.wrong_fields()[0].0, "title");
}

//! The API's document: it is the one that was agreed, and it says of every operation all that a caller must know.

use std::collections::BTreeSet;
use std::fs;

use hearth::{openapi, routes};
use serde_json::{Value, json};

use crate::support::Program;

/// Calls that need no sign-in, beside those of signing in itself.
const VISITORS: [&str; 2] = ["/provider-registrations", "/vacancy-confirmations"];

fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().expect("paths");
    paths
        .iter()
        .flat_map(|(path, verbs)| {
            let verbs = verbs.as_object().expect("verbs");
            verbs
                .iter()
                .map(move |(verb, operation)| (format!("{} {path}", verb.to_uppercase()), operation))
        })
        .collect()
}

#[test]
fn the_kept_document_is_that_of_the_routes() {
    let printed = openapi::yaml(&routes::api()).expect("the document is printed");
    let kept = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.yaml");
    if fs::read_to_string(kept).unwrap_or_default() != printed {
        let changed = concat!(env!("CARGO_TARGET_TMPDIR"), "/openapi.yaml");
        fs::write(changed, printed).unwrap();
        panic!("the routes changed; if that is meant: cp {changed} {kept}");
    }
}

#[test]
fn every_operation_says_what_a_caller_must_know() {
    let document = openapi::document(&routes::api());
    let mut missing = Vec::new();
    for (name, operation) in operations(&document) {
        let mut owes = |what: &str, is_there: bool| {
            if !is_there {
                missing.push(format!("{name}: {what}"));
            }
        };
        let responses = operation["responses"].as_object().expect("responses");
        let good: Vec<&String> = responses.keys().filter(|status| status.starts_with('2')).collect();
        owes(
            "a summary",
            operation["summary"].as_str().is_some_and(|summary| summary.len() >= 5),
        );
        owes(
            "one tag",
            operation["tags"].as_array().is_some_and(|tags| tags.len() == 1),
        );
        owes(
            "its security",
            operation["security"]
                .as_array()
                .is_some_and(|security| security.len() == 1),
        );
        owes("one good answer", good.len() == 1);
        owes("what happens on our mistake", responses.contains_key("500"));
        owes("a throttled answer", responses.contains_key("429"));
        if operation["security"][0].get("bearer").is_some() {
            owes("who is not signed in", responses.contains_key("401"));
        } else {
            let open = VISITORS.iter().any(|path| name.ends_with(path)) || name.contains("/auth/");
            owes("a sign-in", open);
        }
        if name.contains("{id}") {
            owes("what is not there", responses.contains_key("404"));
        }
        for (status, response) in responses {
            let content = response["content"].as_object().cloned().unwrap_or_default();
            if let Some(json) = content.get("application/json") {
                owes(&format!("an example of {status}"), !json["example"].is_null());
            }
        }
        if let Some(json) = operation["requestBody"]["content"].get("application/json") {
            owes("an example of its body", !json["example"].is_null());
            owes("which fields its body may have", is_closed(&document, &json["schema"]));
        }
    }
    assert!(
        missing.is_empty(),
        "{} things are not said:\n{}",
        missing.len(),
        missing.join("\n")
    );
}

#[test]
fn operations_have_names_of_their_own_and_tags_are_explained() {
    let document = openapi::document(&routes::api());
    let operations = operations(&document);
    let names: BTreeSet<&str> = operations
        .iter()
        .filter_map(|(_, operation)| operation["operationId"].as_str())
        .collect();
    assert_eq!(
        names.len(),
        operations.len(),
        "every operation has an id that no other has"
    );
    let explained: BTreeSet<&str> = document["tags"]
        .as_array()
        .expect("tags")
        .iter()
        .filter(|tag| tag["description"].as_str().is_some_and(|words| !words.is_empty()))
        .filter_map(|tag| tag["name"].as_str())
        .collect();
    let used: BTreeSet<&str> = operations
        .iter()
        .filter_map(|(_, operation)| operation["tags"][0].as_str())
        .collect();
    assert_eq!(used, explained);
}

#[test]
fn every_reference_leads_somewhere() {
    let document = openapi::document(&routes::api());
    let mut lost = BTreeSet::new();
    follow(&document, &mut |reference| {
        if document.pointer(reference.trim_start_matches('#')).is_none() {
            lost.insert(reference.to_string());
        }
    });
    assert!(lost.is_empty(), "nothing stands at {lost:?}");
}

fn page(program: &Program) -> String {
    let answer = program.visitor().get("//api/docs");
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    String::from_utf8(answer.bytes).expect("a page")
}

/// Whether there is such a place on the page.
fn has(page: &str, place: &str) -> bool {
    page.contains(&format!("id=\"{place}\""))
}

#[test]
fn the_page_has_every_operation_and_every_place_it_leads_to() {
    let page = page(&Program::start());
    let document = openapi::document(&routes::api());
    for (name, operation) in operations(&document) {
        let id = operation["operationId"].as_str().expect("an id");
        assert!(has(&page, &format!("operation.{id}")), "{name} is not on the page");
    }
    for link in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(has(&page, link), "nothing stands at #{link}");
    }
    for outside in ["<script", "<img", "<link", "src=", "url(", "@import"] {
        assert!(!page.contains(outside), "{outside} asks for something from elsewhere");
    }
}

#[test]
fn the_page_names_the_orders_of_a_list() {
    let page = page(&Program::start());
    assert!(page.contains("one of registered, newest, name, places"), "the homes’");
}

#[test]
fn the_type_of_a_problem_leads_to_its_place_on_the_page() {
    let program = Program::start();
    let page = page(&program);
    let visitor = program.visitor();
    let long = vec![b' '; 2 << 20];
    let json = [("content-type", "application/json")];
    for problem in [
        visitor.get("/me"),
        visitor.get("/nothing-here"),
        visitor.call("DELETE", "/me", None, &[]),
        visitor.call("POST", "/auth/sign-in", Some(b"{"), &json),
        visitor.call("POST", "/auth/sign-in", Some(b"{}"), &json),
        visitor.call("POST", "/auth/sign-in", Some(&long), &json),
        visitor.call("GET", "/me", None, &[("authorization", "Bearer x")]),
        visitor.post("/auth/refresh", json!({"refresh_token": "x"})),
        visitor.post("/auth/join", json!({"token": "x", "password": "three words by chance"})),
    ] {
        let kind = problem.json()["type"].as_str().unwrap_or_default().to_string();
        let place = kind.strip_prefix("/api/docs#").expect("a place on the page");
        assert!(
            has(&page, place),
            "{} leads to {kind}, where nothing stands",
            problem.call
        );
    }
}

/// Whether a body's schema names every field it takes.
fn is_closed(document: &Value, schema: &Value) -> bool {
    match schema["$ref"].as_str() {
        Some(reference) => document
            .pointer(reference.trim_start_matches('#'))
            .is_some_and(|schema| is_closed(document, schema)),
        None => schema["additionalProperties"] == Value::Bool(false) || schema["oneOf"].is_array(),
    }
}

fn follow(value: &Value, met: &mut impl FnMut(&str)) {
    match value {
        Value::Object(fields) => {
            if let Some(reference) = fields.get("$ref").and_then(Value::as_str) {
                met(reference);
            }
            fields.values().for_each(|value| follow(value, met));
        }
        Value::Array(items) => items.iter().for_each(|value| follow(value, met)),
        _ => {}
    }
}

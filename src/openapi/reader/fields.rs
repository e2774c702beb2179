//! What a schema says of its fields, in words.

use super::text;
use serde_json::Value;

/// A field of a body or an answer, or a parameter of a call.
pub(super) struct Field<'d> {
    pub name: &'d str,
    pub kind: Kind<'d>,
    pub required: bool,
    pub description: &'d str,
}

/// What a value is: some words, around the name of a schema that is described in full.
pub(super) struct Kind<'d> {
    pub before: String,
    pub schema: Option<&'d str>,
    pub after: String,
}

impl Kind<'_> {
    pub(super) fn words(words: &str) -> Self {
        Self {
            before: words.to_owned(),
            schema: None,
            after: String::new(),
        }
    }
}

fn resolved<'d>(document: &'d Value, reference: &str) -> &'d Value {
    document
        .pointer(reference.trim_start_matches('#'))
        .unwrap_or(&Value::Null)
}

/// Whether there is more to a schema than one word says.
pub(super) fn has_parts(schema: &Value) -> bool {
    ["properties", "allOf", "oneOf", "enum"]
        .iter()
        .any(|part| schema.get(part).is_some())
}

/// What a value of this schema is.
pub(super) fn kind<'d>(document: &'d Value, schema: &'d Value) -> Kind<'d> {
    if let Some(reference) = schema["$ref"].as_str() {
        let referred = resolved(document, reference);
        if !has_parts(referred) {
            return kind(document, referred);
        }
        return Kind {
            before: String::new(),
            schema: reference.rsplit('/').next(),
            after: String::new(),
        };
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let mut of = choices
            .iter()
            .find(|choice| choice["type"] != "null")
            .map_or_else(|| Kind::words("null"), |choice| kind(document, choice));
        if choices.iter().any(|choice| choice["type"] == "null") {
            of.after.push_str(" or null");
        }
        return of;
    }
    if let Some(items) = schema.pointer("/properties/items") {
        return kind(document, items);
    }
    if let Some(codes) = schema["enum"].as_array() {
        let codes: Vec<&str> = codes.iter().map(text).collect();
        return Kind::words(&format!("one of {}", codes.join(", ")));
    }
    let (name, or_null) = match &schema["type"] {
        Value::Array(several) => {
            let name = several.iter().find(|one| *one != "null").map_or("null", text);
            (name, several.iter().any(|one| one == "null"))
        }
        one => (text(one), false),
    };
    let mut of = match name {
        "array" => {
            let mut of = kind(document, &schema["items"]);
            of.before.insert_str(0, "list of ");
            of
        }
        "object" if schema["additionalProperties"].is_object() => {
            let mut of = kind(document, &schema["additionalProperties"]);
            of.before.insert_str(0, "object of ");
            of
        }
        _ => Kind::words(schema["format"].as_str().unwrap_or(name)),
    };
    if or_null {
        of.after.push_str(" or null");
    }
    of
}

/// The fields of a schema, those of its parts included.
pub(super) fn of<'d>(document: &'d Value, schema: &'d Value) -> Vec<Field<'d>> {
    if let Some(reference) = schema["$ref"].as_str() {
        return of(document, resolved(document, reference));
    }
    let parts = ["allOf", "oneOf"]
        .iter()
        .flat_map(|several| schema[several].as_array().into_iter().flatten());
    let mut fields: Vec<Field<'d>> = parts.flat_map(|part| of(document, part)).collect();
    let required = |name: &str| {
        let names = schema["required"].as_array();
        names.is_some_and(|names| names.iter().any(|one| one == name))
    };
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        fields.push(Field {
            name,
            kind: kind(document, property),
            required: required(name),
            description: description(property),
        });
    }
    fields
}

/// What is said of a field: beside a choice, or in it.
fn description(property: &Value) -> &str {
    let choices = property["oneOf"].as_array().into_iter().flatten();
    std::iter::once(property)
        .chain(choices)
        .map(|said| text(&said["description"]))
        .find(|said| !said.is_empty())
        .unwrap_or_default()
}

/// The parameters of a call.
pub(super) fn parameters<'d>(document: &'d Value, parameters: &'d Value) -> Vec<Field<'d>> {
    let parameters = parameters.as_array().into_iter().flatten();
    parameters
        .map(|parameter| Field {
            name: text(&parameter["name"]),
            kind: kind(document, &parameter["schema"]),
            required: parameter["required"] == true,
            description: text(&parameter["description"]),
        })
        .collect()
}

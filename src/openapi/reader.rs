//! The document as a page to read, without any script or outside asset.

mod fields;

use super::{CODES, PROBLEMS};
use crate::web::{Access, Routes};
use askama::Template;
use fields::{Field, Kind};
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Template)]
#[template(path = "openapi/page.html")]
struct Page<'d> {
    introduction: Vec<&'d str>,
    tags: Vec<Tag<'d>>,
    schemas: Vec<Schema<'d>>,
    statuses: &'static [(u16, &'static str, &'static str)],
    problems: Vec<Problem<'d>>,
}

struct Tag<'d> {
    name: &'d str,
    description: &'d str,
    operations: Vec<Operation<'d>>,
}

struct Operation<'d> {
    id: &'d str,
    method: &'d str,
    path: String,
    summary: &'d str,
    description: &'d str,
    who: String,
    parameters: Vec<Field<'d>>,
    body: Option<Content<'d>>,
    status: u16,
    answer: Option<Content<'d>>,
    refusals: &'d [&'static str],
}

/// What a body or an answer is made of.
struct Content<'d> {
    kind: Kind<'d>,
    example: String,
}

struct Schema<'d> {
    name: &'d str,
    description: &'d str,
    codes: Vec<&'d str>,
    fields: Vec<Field<'d>>,
}

/// A stable code, and where it comes from.
struct Problem<'d> {
    code: &'d str,
    meaning: &'d str,
    operations: Vec<(&'d str, String)>,
}

/// The page.
pub(super) fn page(document: &Value, routes: &Routes) -> String {
    let page = Page {
        introduction: text(&document["info"]["description"]).split("\n\n").collect(),
        tags: tags(document, routes),
        schemas: schemas(document),
        statuses: PROBLEMS,
        problems: problems(routes),
    };
    page.render().unwrap_or_else(|cause| cause.to_string())
}

/// A text in its parts, each with whether it is code: what stands between backticks is.
fn marked(text: &str) -> impl Iterator<Item = (bool, &str)> {
    text.split('`').enumerate().map(|(nth, part)| (nth % 2 == 1, part))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn tags<'d>(document: &'d Value, routes: &'d Routes) -> Vec<Tag<'d>> {
    let of_tag = |tag: &str| {
        let operations = routes.operations.iter().filter(|operation| operation.tag == tag);
        operations.map(|operation| described(document, operation)).collect()
    };
    let tags = routes.tags.iter();
    tags.map(|(name, description)| Tag {
        name,
        description,
        operations: of_tag(name),
    })
    .collect()
}

fn described<'d>(document: &'d Value, operation: &'d crate::web::Operation) -> Operation<'d> {
    let path = format!("{}{}", crate::routes::BASE, operation.path);
    let said = &document["paths"][&path][operation.method.as_str().to_lowercase()];
    let who = match operation.access {
        Access::Public => "anybody".to_owned(),
        Access::SignedIn => "anybody signed in".to_owned(),
        Access::May(permission) => {
            let roles: Vec<_> = permission.roles().iter().map(|role| role.label()).collect();
            roles.join(", ")
        }
    };
    Operation {
        id: &operation.id,
        method: operation.method.as_str(),
        path,
        summary: operation.summary,
        description: operation.description,
        who,
        parameters: fields::parameters(document, &said["parameters"]),
        body: content(document, &said["requestBody"]),
        status: operation.status,
        answer: content(document, &said["responses"][operation.status.to_string()]),
        refusals: &operation.refusals,
    }
}

fn content<'d>(document: &'d Value, holder: &'d Value) -> Option<Content<'d>> {
    let (media_type, content) = holder["content"].as_object()?.iter().next()?;
    if media_type != "application/json" || content["example"].is_null() {
        return Some(Content {
            kind: Kind::words(media_type),
            example: String::new(),
        });
    }
    Some(Content {
        kind: fields::kind(document, &content["schema"]),
        example: serde_json::to_string_pretty(&content["example"]).unwrap_or_default(),
    })
}

fn schemas(document: &Value) -> Vec<Schema<'_>> {
    let all = document["components"]["schemas"].as_object().into_iter().flatten();
    all.filter(|(_, schema)| fields::has_parts(schema))
        .map(|(name, schema)| Schema {
            name,
            description: text(&schema["description"]),
            codes: schema["enum"].as_array().into_iter().flatten().map(text).collect(),
            fields: fields::of(document, schema),
        })
        .collect()
}

/// Every code that a problem's `type` may lead to.
fn problems(routes: &Routes) -> Vec<Problem<'_>> {
    let mut from: BTreeMap<&str, Vec<(&str, String)>> = BTreeMap::new();
    for operation in &routes.operations {
        for code in &operation.refusals {
            let name = format!("{} {}{}", operation.method, crate::routes::BASE, operation.path);
            from.entry(code).or_default().push((&operation.id, name));
        }
    }
    let general = CODES.iter().map(|(code, meaning)| Problem {
        code,
        meaning,
        operations: Vec::new(),
    });
    let of_operations = from.into_iter().map(|(code, operations)| Problem {
        code,
        meaning: "",
        operations,
    });
    general.chain(of_operations).collect()
}

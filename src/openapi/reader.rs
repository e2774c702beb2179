//! The document as a page to read.

use crate::web::{Access, Answers, Operation, Routes};
use askama::Template;

#[derive(Template)]
#[template(path = "openapi/page.html")]
struct Page<'a> {
    tags: Vec<Tag<'a>>,
}

struct Tag<'a> {
    name: &'a str,
    description: &'a str,
    operations: Vec<Row<'a>>,
}

struct Row<'a> {
    operation: &'a Operation,
    roles: String,
    body: Option<String>,
    answer: String,
}

/// The page.
pub(super) fn page(routes: &Routes) -> String {
    let tags = routes.tags.iter().map(|(name, description)| Tag {
        name,
        description,
        operations: routes
            .operations
            .iter()
            .filter(|operation| operation.tag == *name)
            .map(row)
            .collect(),
    });
    Page { tags: tags.collect() }
        .render()
        .unwrap_or_else(|cause| cause.to_string())
}

fn row(operation: &Operation) -> Row<'_> {
    let roles = match operation.access {
        Access::Public => "anybody".to_owned(),
        Access::SignedIn => "anybody signed in".to_owned(),
        Access::May(permission) => permission
            .roles()
            .iter()
            .map(|role| role.label())
            .collect::<Vec<_>>()
            .join(", "),
    };
    let answer = match operation.answers {
        Answers::Nothing => "nothing".to_owned(),
        Answers::One(of) => (of.name)().into_owned(),
        Answers::Many(of) => format!("list of {}", (of.name)()),
        Answers::Bytes(content_type) => content_type.to_owned(),
    };
    Row {
        operation,
        roles,
        body: operation.body.map(|body| (body.name)().into_owned()),
        answer,
    }
}

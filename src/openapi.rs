//! The API's document (OpenAPI 3.1), made from the routes that serve. `openapi.yaml` is its printed form; a test compares.

use crate::web::{Access, Answers, Operation, Routes, SchemaOf};
use actix_web::web::Bytes;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use utoipa::openapi::{RefOr, Schema};

/// The document as JSON.
pub fn document(routes: &Routes) -> Value {
    let mut schemas = Schemas::default();
    for shared in SchemaOf::shared() {
        schemas.reference(shared);
    }
    let mut paths: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    for operation in &routes.operations {
        let verbs = paths
            .entry(format!("{}{}", crate::routes::BASE, operation.path))
            .or_default();
        verbs.insert(operation.method.as_str().to_lowercase(), schemas.operation(operation));
    }
    let tags: Vec<Value> = routes
        .tags
        .iter()
        .map(|(name, description)| json!({"name": name, "description": description}))
        .collect();
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Hearth",
            "version": env!("CARGO_PKG_VERSION"),
            "description": INTRODUCTION,
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
        },
        "servers": [{"url": "/"}],
        "tags": tags,
        "paths": paths,
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT",
                "description": "The access token of a sign-in: good for 15 minutes."}},
            "responses": PROBLEMS.iter().map(|(status, name, meaning)| ((*name).to_owned(), problem(*status, meaning))).collect::<Map<_, _>>(),
            "schemas": schemas.all,
        },
    });
    let examples = Examples {
        schemas: document["components"]["schemas"].clone(),
    };
    examples.fill(&mut document["paths"]);
    document
}

/// The document as YAML.
pub fn yaml(routes: &Routes) -> anyhow::Result<String> {
    Ok(serde_norway::to_string(&document(routes))?)
}

const INTRODUCTION: &str = "The open marketplace where local authorities find homes for children in care.\n\n\
Times are RFC 3339 in UTC; dates `YYYY-MM-DD`; money a decimal text in GBP with two places, a week, excluding VAT. Lists take `limit` \
(1 to 200) and `after`, many of them `sort`; `next` goes on in the order that it came from. Every `POST` honours `Idempotency-Key` for 24 hours; changes honour `If-Match`. Refusals are problems \
(RFC 9457) with a stable `code`.";

/// Refusals that more than one operation has.
const PROBLEMS: &[(u16, &str, &str)] = &[
    (400, "Malformed", "The request can't be read."),
    (401, "NotSignedIn", "Nobody is signed in, or the sign-in has ended."),
    (403, "NotAllowed", "The role does not allow it."),
    (404, "NotFound", "It is not there, or not yours to know of."),
    (409, "Refused", "The state of things refuses; `code` says why."),
    (
        412,
        "Stale",
        "It was changed meanwhile: `If-Match` names another version.",
    ),
    (413, "TooLarge", "The body is larger than is taken."),
    (
        422,
        "WrongFields",
        "Fields are not right: all of them are named in `errors`.",
    ),
    (429, "TooMany", "Too many calls: try again after `Retry-After` seconds."),
    (500, "Internal", "Something went wrong on our side; quote `request_id`."),
    (
        503,
        "Unavailable",
        "Not just now: try again after `Retry-After` seconds.",
    ),
];

/// Codes of problems that any operation may have.
const CODES: &[(&str, &str)] = &[
    (
        "malformed",
        "The body, a header or the address can't be read; `detail` says what.",
    ),
    (
        "invalid_fields",
        "Fields are not right; `errors` names all of them, each with a code of its own.",
    ),
    ("auth.required", "Nobody is signed in."),
    ("auth.scheme_unknown", "The `Authorization` is not a `Bearer` token."),
    ("auth.token_invalid", "The access token is not one of ours."),
    ("auth.expired", "The access token is too old: renew the session."),
    ("auth.session_ended", "The session has ended: sign in."),
    ("auth.organisation_inactive", "The organisation takes no part any more."),
    (
        "auth.credentials_wrong",
        "The email address or the password is not right.",
    ),
    ("auth.refresh_token_unknown", "The refresh token is not one of ours."),
    (
        "auth.refresh_token_reused",
        "The refresh token was used before, which ends its session.",
    ),
    ("forbidden", "The role does not allow it; `detail` says whose does."),
    ("not_found", "There is no such thing, or it is not yours to know of."),
    (
        "method_not_allowed",
        "This address does not know that verb; `Allow` names those it knows.",
    ),
    ("stale", "Somebody changed it meanwhile: read it again."),
    ("too_large", "The body is larger than is taken."),
    (
        "idempotency.key_reused",
        "The `Idempotency-Key` came with another request before.",
    ),
    (
        "too_many_requests",
        "Too many calls: wait as long as `Retry-After` says.",
    ),
    (
        "unavailable",
        "Not available just now: wait as long as `Retry-After` says.",
    ),
    ("internal", "A mistake on our side; quote `request_id`."),
];

fn problem(status: u16, meaning: &str) -> Value {
    let mut response = json!({
        "description": meaning,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    });
    if matches!(status, 429 | 503) {
        response["headers"] =
            json!({"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}});
    }
    response
}

#[derive(Default)]
struct Schemas {
    all: BTreeMap<String, Value>,
}

impl Schemas {
    /// A reference to a type's schema, which is among the components from now on.
    fn reference(&mut self, of: SchemaOf) -> Value {
        let mut others = Vec::new();
        (of.others)(&mut others);
        others.push(((of.name)().into_owned(), (of.schema)()));
        for (name, schema) in others {
            self.keep(name, &schema);
        }
        json!({"$ref": format!("#/components/schemas/{}", (of.name)())})
    }

    fn keep(&mut self, name: String, schema: &RefOr<Schema>) {
        self.all
            .entry(name)
            .or_insert_with(|| serde_json::to_value(schema).unwrap_or(Value::Null));
    }

    fn operation(&mut self, operation: &Operation) -> Value {
        let mut described = json!({
            "tags": [operation.tag],
            "operationId": operation.id,
            "summary": operation.summary,
            "responses": self.responses(operation),
            "security": match operation.access { Access::Public => json!([{}]), _ => json!([{"bearer": []}]) },
        });
        let description = description(operation);
        if !description.is_empty() {
            described["description"] = description.into();
        }
        let parameters = parameters(operation);
        if !parameters.is_empty() {
            described["parameters"] = parameters.into();
        }
        if let Some(body) = operation.body {
            described["requestBody"] = json!({
                "required": !operation.body_optional,
                "content": {"application/json": {"schema": self.reference(body)}},
            });
        }
        described
    }

    fn responses(&mut self, operation: &Operation) -> Value {
        let mut responses = Map::new();
        let good = match operation.answers {
            Answers::Nothing => json!({"description": "Done."}),
            Answers::One(of) => {
                let schema = self.reference(of);
                json!({"description": "The resource.", "content": {"application/json": {"schema": schema}}})
            }
            Answers::Many(of) => {
                let schema = self.reference(of);
                json!({"description": "A part of the list.", "content": {"application/json": {"schema": {
                    "type": "object", "required": ["items", "next"],
                    "properties": {"items": {"type": "array", "items": schema},
                        "next": {"type": ["string", "null"], "description": "The cursor for the next part; null at the end."}},
                }}}})
            }
            Answers::Bytes(content_type) => {
                json!({"description": "The bytes.", "content": {content_type: {"schema": {"type": "string"}}}})
            }
        };
        responses.insert(operation.status.to_string(), good);
        let signed_in = operation.access != Access::Public;
        let writes = operation.method != "GET";
        for (status, name, _) in PROBLEMS {
            let happens = match status {
                400 | 409 | 412 | 413 => writes,
                401 => signed_in || operation.id.starts_with("accounts.auth"),
                403 => matches!(operation.access, Access::May(_)),
                404 => operation.path.contains("{id}") || operation.body.is_some(),
                422 => writes || operation.query.is_some() || matches!(operation.answers, Answers::Many(_)),
                _ => true,
            };
            if happens {
                responses.insert(
                    status.to_string(),
                    json!({"$ref": format!("#/components/responses/{name}")}),
                );
            }
        }
        responses.into()
    }
}

/// What is said of an operation beyond its summary: who may, and how it refuses.
fn description(operation: &Operation) -> String {
    let mut parts = Vec::new();
    if !operation.description.is_empty() {
        parts.push(operation.description.to_owned());
    }
    if let Access::May(permission) = operation.access {
        let roles: Vec<&str> = permission.roles().iter().map(|role| role.code()).collect();
        parts.push(format!("Roles: {}.", roles.join(", ")));
    }
    if !operation.refusals.is_empty() {
        let codes: Vec<String> = operation.refusals.iter().map(|code| format!("`{code}`")).collect();
        parts.push(format!("Refusals: {}.", codes.join(", ")));
    }
    parts.join("\n\n")
}

/// What an operation takes besides its body.
fn parameters(operation: &Operation) -> Vec<Value> {
    let mut parameters = Vec::new();
    if operation.path.contains("{id}") {
        parameters.push(
            json!({"name": "id", "in": "path", "required": true, "schema": {"type": "string", "format": "uuid"}}),
        );
    }
    if let Some(query) = operation.query {
        parameters.extend(
            query()
                .iter()
                .filter_map(|parameter| serde_json::to_value(parameter).ok()),
        );
    }
    if matches!(operation.answers, Answers::Many(_)) {
        parameters.push(
            json!({"name": "limit", "in": "query", "required": false, "description": "How many, 1 to 200.",
            "schema": {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}}),
        );
        parameters.push(
            json!({"name": "after", "in": "query", "required": false, "description": "The `next` of the part before.",
            "schema": {"type": "string"}}),
        );
    }
    if operation.method == "POST" {
        parameters.push(json!({"name": "Idempotency-Key", "in": "header", "required": false,
            "description": "The same key and body get the first answer again, for 24 hours.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 200}}));
    }
    if operation.method != "GET" && operation.path.contains("{id}") {
        parameters.push(json!({"name": "If-Match", "in": "header", "required": false,
            "description": "The `ETag` of the version that is meant.", "schema": {"type": "string"}}));
    }
    parameters
}

/// Writes an example beside every schema of a body or answer, from the examples of its parts.
struct Examples {
    schemas: Value,
}

impl Examples {
    fn fill(&self, value: &mut Value) {
        match value {
            Value::Object(fields) => {
                if let Some(content) = fields.get_mut("application/json")
                    && let Some(schema) = content.get("schema").cloned()
                {
                    content["example"] = self.of(&schema, 0);
                }
                fields.values_mut().for_each(|field| self.fill(field));
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.fill(item)),
            _ => {}
        }
    }

    fn of(&self, schema: &Value, depth: usize) -> Value {
        const DEEPEST: usize = 12;
        if depth > DEEPEST {
            return Value::Null;
        }
        let given = schema
            .get("example")
            .or_else(|| schema.get("examples").and_then(|all| all.get(0)))
            .or_else(|| schema.get("default"));
        if let Some(example) = given {
            return example.clone();
        }
        if let Some(name) = schema
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|path| path.rsplit('/').next())
        {
            return self.of(&self.schemas[name], depth + 1);
        }
        if let Some(first) = schema.get("enum").and_then(|all| all.get(0)) {
            return first.clone();
        }
        for several in ["oneOf", "anyOf"] {
            if let Some(choices) = schema.get(several).and_then(Value::as_array) {
                let choice = choices.iter().find(|choice| choice.get("type") != Some(&json!("null")));
                return choice.map_or(Value::Null, |choice| self.of(choice, depth + 1));
            }
        }
        if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
            let mut whole = Map::new();
            for part in parts {
                if let Value::Object(fields) = self.of(part, depth + 1) {
                    whole.extend(fields);
                }
            }
            return whole.into();
        }
        let kind = match schema.get("type") {
            Some(Value::Array(kinds)) => kinds
                .iter()
                .find(|kind| **kind != json!("null"))
                .and_then(Value::as_str),
            Some(kind) => kind.as_str(),
            None => None,
        };
        match kind {
            Some("object") => self.object(schema, depth),
            Some("array") => schema
                .get("items")
                .map_or_else(|| json!([]), |items| json!([self.of(items, depth + 1)])),
            Some("integer") => schema.get("minimum").cloned().unwrap_or_else(|| json!(1)),
            Some("number") => json!(1.5),
            Some("boolean") => json!(true),
            Some("string") => json!(match schema.get("format").and_then(Value::as_str) {
                Some("uuid") => crate::ids::EXAMPLE,
                Some("date") => "2026-03-04",
                Some("date-time") => "2026-03-04T17:00:00Z",
                _ => "text",
            }),
            _ => Value::Null,
        }
    }

    fn object(&self, schema: &Value, depth: usize) -> Value {
        let properties = schema.get("properties").and_then(Value::as_object);
        properties
            .into_iter()
            .flatten()
            .map(|(name, property)| (name.clone(), self.of(property, depth + 1)))
            .collect::<Map<_, _>>()
            .into()
    }
}

/// The document as a page, without any outside asset or script.
pub async fn page() -> actix_web::HttpResponse {
    static PAGE: LazyLock<Bytes> = LazyLock::new(|| {
        let routes = crate::routes::api();
        reader::page(&document(&routes), &routes).into()
    });
    actix_web::HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((
            "content-security-policy",
            "default-src 'none'; style-src 'unsafe-inline'",
        ))
        .body(PAGE.clone())
}

mod reader;

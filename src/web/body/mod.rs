//! JSON bodies, read as far as they can be: every wrong field is named at once.
//!
//! A body is first read the quick way. When that fails, each refusal (unknown name, missing field, wrong type, a value that a
//! type of ours does not take) is noted under the field's own name and stood in for by a value that the field does take, so
//! that the rest can be read and checked too. What was stood in for is never acted on: noted errors end the call.

use super::Problem;
use crate::error::{Error, FieldErrors};
use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use serde_path_to_error::{Path, Segment};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::ops::Deref;
use typed::Typed;
use validator::{Validate, ValidationErrors, ValidationErrorsKind};
use words::sentence;

mod typed;
mod words;

pub(super) use words::{in_words, unknown_field};

/// What is said of a field that is not there.
pub(super) const MISSING: &str = "is required";

/// A body that was read and checked whole.
#[derive(Debug, Clone)]
pub struct Body<T>(pub T);

impl<T> Deref for Body<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

/// An action that needs no body: none and `{}` are the same.
#[derive(Debug, Clone, Copy)]
pub struct NoBody;

/// The digest of what was sent, for idempotency keys.
#[derive(Debug, Clone, Copy)]
pub(super) struct BodyDigest(pub [u8; 32]);

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let bytes = Bytes::from_request(&request, payload);
        Box::pin(async move { Ok(Body(read_fields(json(&request, bytes.await)?)?)) })
    }
}

impl FromRequest for NoBody {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let bytes = Bytes::from_request(&request, payload);
        Box::pin(async move {
            let mut errors = FieldErrors::new();
            if let Value::Object(fields) = json(&request, bytes.await)? {
                for name in fields.into_iter().map(|(name, _)| name) {
                    errors.add(name, "unknown_field", "is not known here: this action takes no fields");
                }
            }
            errors.into_result().map_err(Problem).map(|()| NoBody)
        })
    }
}

fn json(request: &HttpRequest, bytes: actix_web::Result<Bytes>) -> Result<Value, Problem> {
    let bytes = bytes.map_err(|cause| {
        let too_large = cause.as_response_error().status_code() == actix_web::http::StatusCode::PAYLOAD_TOO_LARGE;
        Problem(if too_large {
            Error::TooLarge
        } else {
            Error::Malformed("The body did not arrive whole.".to_owned())
        })
    })?;
    request
        .extensions_mut()
        .insert(BodyDigest(Sha256::digest(&bytes).into()));
    if bytes.is_empty() {
        return Ok(Value::Object(Map::new()));
    }
    let declared = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if !declared
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .eq_ignore_ascii_case("application/json")
    {
        return Err(Problem(Error::Malformed(
            "Send the body as application/json.".to_owned(),
        )));
    }
    let value: Value = serde_json::from_slice(&bytes).map_err(|cause| {
        Problem(Error::Malformed(format!(
            "The body is not JSON: it breaks off at line {}, column {}.",
            cause.line(),
            cause.column()
        )))
    })?;
    let mut errors = FieldErrors::new();
    refuse_nul(&value, &mut Vec::new(), &mut errors);
    errors.into_result().map_err(Problem)?;
    Ok(value)
}

/// PostgreSQL can't keep U+0000 in a text, and no text of a person holds one.
fn refuse_nul(value: &Value, at: &mut Vec<Step>, errors: &mut FieldErrors) {
    match value {
        Value::String(text) if text.contains('\0') && errors.iter().count() < MOST => {
            errors.add(name_of(at), "text.control_character", "must not contain U+0000");
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                at.push(Step::Index(index));
                refuse_nul(item, at, errors);
                at.pop();
            }
        }
        Value::Object(fields) => {
            for (key, field) in fields {
                at.push(Step::Key(key.clone()));
                refuse_nul(field, at, errors);
                at.pop();
            }
        }
        _ => {}
    }
}

/// How many wrong fields are named before reading is given up: more only costs time.
const MOST: usize = 100;

/// How the fields came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// As JSON, each value of its own type.
    Json,
    /// By a form, whose values are all texts.
    Form,
}

/// Reads fields into what is wanted, or names everything that is wrong with them.
pub fn read_fields<T: DeserializeOwned + Validate>(fields: Value) -> Result<T, Error> {
    read(fields, Manner::Json)
}

/// [`read_fields`] of a form, whose values are texts: each is taken for what the type wants.
pub(super) fn read_form_fields<T: DeserializeOwned + Validate>(fields: Value) -> Result<T, Error> {
    read(fields, Manner::Form)
}

fn read<T: DeserializeOwned + Validate>(fields: Value, manner: Manner) -> Result<T, Error> {
    if !fields.is_object() {
        return Err(Error::field("", "type", "the body must be a JSON object"));
    }
    let attempt = |fields: &Value| -> Result<(T, Option<ValidationErrors>), Refused> {
        let read: T = serde_path_to_error::deserialize(Typed { value: fields, manner })?;
        let found = read.validate().err();
        Ok((read, found))
    };
    match attempt(&fields) {
        Ok((read, None)) => Ok(read),
        _ => Err(Error::Invalid(all_errors(fields, &|fields| {
            attempt(fields).map(|(_, found)| found)
        }))),
    }
}

/// Why fields could not be read into what is wanted, and where.
type Refused = serde_path_to_error::Error<serde_json::Error>;

/// Everything that is wrong with the fields; `attempt` reads them, and answers what a check of the values finds.
fn all_errors(mut fields: Value, attempt: &dyn Fn(&Value) -> Result<Option<ValidationErrors>, Refused>) -> FieldErrors {
    let mut noted = FieldErrors::new();
    // Which stand-in was tried last, and where.
    let mut tried: (Vec<Step>, usize) = (Vec::new(), 0);
    while noted.iter().count() < MOST {
        let refused = match attempt(&fields) {
            Ok(found) => {
                let structural = noted.clone();
                if let Some(found) = found {
                    gather(&found, "", &structural, &mut noted);
                }
                break;
            }
            Err(refused) => refused,
        };
        let message = refused.inner().to_string();
        let mut at = steps(refused.path());
        if let Some(name) = unknown_field(&message) {
            if at.last() == Some(&Step::Key(name.clone())) {
                at.pop();
            }
            let parent = find(&mut fields, &at);
            if let Some(Value::Object(object)) = parent {
                object.remove(&name);
            } else {
                break;
            }
            at.push(Step::Key(name));
            note(&mut noted, &at, "unknown_field", "is not a field of this");
            continue;
        }
        if let Some(name) = message
            .strip_prefix("missing field `")
            .and_then(|rest| rest.split('`').next())
        {
            at.push(Step::Key(name.to_owned()));
            note(&mut noted, &at, "required", MISSING);
            tried = (at.clone(), 0);
            put(&mut fields, &at, stand_in(&message, 0).unwrap_or(Value::Null));
            continue;
        }
        let again = tried.0 == at;
        let turn = if again { tried.1 + 1 } else { 0 };
        if !again {
            let (code, words) = in_words(&message);
            note(&mut noted, &at, code, words);
        }
        let Some(value) = stand_in(&message, turn) else { break };
        put(&mut fields, &at, value);
        tried = (at, turn);
    }
    noted
}

/// One step of the way to a field.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
}

fn steps(path: &Path) -> Vec<Step> {
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(Step::Index(*index)),
            Segment::Map { key } => Some(Step::Key(key.clone())),
            Segment::Enum { variant } => Some(Step::Key(variant.clone())),
            Segment::Unknown => None,
        })
        .collect()
}

fn name_of(at: &[Step]) -> String {
    let mut name = String::new();
    for step in at {
        match step {
            Step::Key(key) if name.is_empty() => name.push_str(key),
            Step::Key(key) => {
                name.push('.');
                name.push_str(key);
            }
            Step::Index(index) => {
                name.push('[');
                name.push_str(&index.to_string());
                name.push(']');
            }
        }
    }
    name
}

/// Notes an error, unless its field lies in one that was noted: that one was stood in for.
fn note(noted: &mut FieldErrors, at: &[Step], code: impl Into<Cow<'static, str>>, message: impl Into<String>) {
    let name = name_of(at);
    if !covered(noted, &name) {
        noted.add(name, code, message);
    }
}

fn covered(noted: &FieldErrors, name: &str) -> bool {
    noted.iter().any(|error| {
        name.strip_prefix(error.field.as_ref())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    })
}

fn find<'v>(root: &'v mut Value, at: &[Step]) -> Option<&'v mut Value> {
    at.iter().try_fold(root, |value, step| match step {
        Step::Key(key) => value.get_mut(key),
        Step::Index(index) => value.get_mut(index),
    })
}

fn put(root: &mut Value, at: &[Step], value: Value) {
    let Some((last, before)) = at.split_last() else {
        *root = value;
        return;
    };
    match (find(root, before), last) {
        (Some(Value::Object(object)), Step::Key(key)) => {
            object.insert(key.clone(), value);
        }
        (Some(Value::Array(array)), Step::Index(index)) => {
            if let Some(place) = array.get_mut(*index) {
                *place = value;
            }
        }
        _ => {}
    }
}

/// A value that some field may take: first what the refusal itself names, then one of each kind.
fn stand_in(message: &str, turn: usize) -> Option<Value> {
    let plain = [
        Value::Null,
        Value::from(""),
        Value::from(0),
        Value::from(1),
        Value::from(false),
        Value::Array(Vec::new()),
        Value::Object(Map::new()),
        Value::from("2026-03-04"),
        Value::from("2026-03-04T17:00:00Z"),
        Value::from(crate::ids::EXAMPLE),
    ];
    if let Some(expected) = message
        .strip_prefix("unknown variant")
        .and_then(|rest| rest.split("expected").nth(1))
    {
        let first = expected.split('`').nth(1).unwrap_or_default();
        return (turn < MOST).then(|| Value::from(first));
    }
    plain.get(turn).cloned().or_else(|| {
        crate::values::EXAMPLES
            .get(turn - plain.len())
            .map(|example| Value::from(*example))
    })
}

/// The validator's findings under the fields' own names, but for fields that were noted before.
fn gather(found: &ValidationErrors, prefix: &str, before: &FieldErrors, into: &mut FieldErrors) {
    let mut kinds: Vec<_> = found.errors().iter().collect();
    kinds.sort_by(|a, b| a.0.cmp(b.0));
    for (name, kind) in kinds {
        // What a part's own check of several fields finds and says of none of them is the part's.
        let path = if name == "__all__" && !prefix.is_empty() {
            prefix.to_owned()
        } else if prefix.is_empty() {
            name.to_string()
        } else {
            format!("{prefix}.{name}")
        };
        match kind {
            ValidationErrorsKind::Struct(inner) => gather(inner, &path, before, into),
            ValidationErrorsKind::List(items) => {
                for (index, inner) in items {
                    gather(inner, &format!("{path}[{index}]"), before, into);
                }
            }
            ValidationErrorsKind::Field(errors) => {
                for error in errors {
                    // A check over several fields names the first of them as its own (`field` among its parameters).
                    let path = match error.params.get("field").and_then(Value::as_str) {
                        Some(field) if prefix.is_empty() => field.to_owned(),
                        Some(field) => format!("{prefix}.{field}"),
                        None => path.clone(),
                    };
                    // One finding a field is enough: an empty text is too short as well as blank.
                    if !covered(before, &path) && !into.names(&path) {
                        into.add(path, error.code.to_string(), sentence(error));
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;

//! What serde and the validator say, as codes and sentences for people.

use crate::values::ValueError;
use serde_json::Value;
use std::borrow::Cow;

/// The name in serde's words for an unknown field.
pub(in crate::web) fn unknown_field(message: &str) -> Option<String> {
    Some(message.strip_prefix("unknown field `")?.split('`').next()?.to_owned())
}

/// serde's refusal as a code and a sentence for people.
pub(in crate::web) fn in_words(message: &str) -> (Cow<'static, str>, String) {
    // A value type of ours carries its own code.
    if let Some((code, sentence)) = ValueError::read(message) {
        return (code.to_owned().into(), sentence.to_owned());
    }
    let (code, sentence) = in_words_of_serde(message);
    (code.into(), sentence)
}

fn in_words_of_serde(message: &str) -> (&'static str, String) {
    if let Some(rest) = message.strip_prefix("unknown variant") {
        let allowed = rest
            .split_once("expected")
            .map_or("", |(_, allowed)| allowed)
            .trim()
            .trim_start_matches("one of ");
        return ("code.unknown", format!("must be one of {}", allowed.replace('`', "")));
    }
    if let Some(expected) = message
        .strip_prefix("invalid type")
        .and_then(|rest| rest.split_once("expected "))
        .map(|(_, expected)| expected)
    {
        return ("type", format!("must be {}", plain_type(expected)));
    }
    if let Some(expected) = message
        .strip_prefix("invalid value")
        .and_then(|rest| rest.split_once("expected "))
        .map(|(_, expected)| expected)
    {
        return ("value", format!("must be {}", plain_type(expected)));
    }
    if CHRONO_SAYS.contains(&message) {
        return ("value", "must be a day, such as 2026-03-27".to_owned());
    }
    if message.starts_with("provided string was not") {
        return ("type", "must be true or false".to_owned());
    }
    ("value", message.to_owned())
}

/// What chrono says of a text that is no day.
const CHRONO_SAYS: [&str; 6] = [
    "input is out of range",
    "no possible date and time matching input",
    "input is not enough for unique date and time",
    "input contains invalid characters",
    "premature end of input",
    "trailing input",
];

fn plain_type(expected: &str) -> &str {
    match expected {
        "a string" | "a borrowed string" => "a text",
        "a boolean" => "true or false",
        "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number",
        "a sequence" => "a list",
        expected if expected.starts_with("struct ") => "an object",
        expected => expected,
    }
}

/// The validator's finding, in words.
pub(super) fn sentence(error: &validator::ValidationError) -> String {
    if let Some(message) = &error.message {
        return message.to_string();
    }
    let bound = |name: &str| {
        error
            .params
            .get(name)
            .map(|value| value.to_string().trim_end_matches(".0").to_owned())
    };
    let unit = match error.params.get("value") {
        Some(Value::Array(_)) => " entries",
        Some(Value::String(_)) => " characters",
        _ => "",
    };
    let verb = if error.code == "length" { "must have" } else { "must be" };
    let is_empty = |value: &Value| match value {
        Value::Array(items) => items.is_empty(),
        Value::String(text) => text.is_empty(),
        _ => false,
    };
    if error.code == "length" && error.params.get("value").is_some_and(is_empty) {
        return match error.params.get("value") {
            Some(Value::Array(_)) => "must name at least one".to_owned(),
            _ => super::MISSING.to_owned(),
        };
    }
    match (bound("min"), bound("max"), bound("equal")) {
        (_, _, Some(equal)) => format!("{verb} exactly {equal}{unit}"),
        (Some(min), Some(max), _) => format!("{verb} {min} to {max}{unit}"),
        (Some(min), None, _) => format!("{verb} at least {min}{unit}"),
        (None, Some(max), _) => format!("{verb} at most {max}{unit}"),
        _ => "is not right".to_owned(),
    }
}

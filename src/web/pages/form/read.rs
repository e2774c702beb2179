//! From what a form sent to the body that the action takes.

use super::field::{Field, Kind};
use super::{Form, Posted};
use crate::clock::Instant;
use crate::error::{Error, FieldError, FieldErrors, Result};
use crate::web::body::{MISSING, read_form_fields};
use chrono::{NaiveDate, NaiveTime};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::HashMap;
use validator::Validate;

impl Form {
    /// Reads what was sent into the body of the action: the same struct, with the same checks, as over the API. Only the form's own
    /// fields are read.
    pub fn read<T: DeserializeOwned + Validate>(&self, posted: &Posted) -> Result<T> {
        self.read_into(Value::Object(Map::new()), posted)
    }

    /// Reads what was sent over what there is: the form has some of the body's fields, the others stay as they are.
    pub fn read_over<T: Serialize + DeserializeOwned + Validate>(&self, posted: &Posted, before: &T) -> Result<T> {
        self.read_into(serde_json::to_value(before).map_err(Error::internal)?, posted)
    }

    /// What an action found wrong with the body that was read from this, by the names that the form has.
    #[must_use]
    pub fn as_typed(&self, posted: &Posted, error: Error) -> Error {
        let mut body = Value::Object(Map::new());
        self.fill_body(&mut body, posted);
        let kept = close_ranks(&mut body);
        match error {
            Error::Invalid(found) => Error::Invalid(as_sent(&found, &kept)),
            Error::Refused(mut refused) => {
                refused.errors = as_sent(&refused.errors, &kept);
                Error::Refused(refused)
            }
            other => other,
        }
    }

    fn read_into<T: DeserializeOwned + Validate>(&self, mut body: Value, posted: &Posted) -> Result<T> {
        let mut errors = self.fill_body(&mut body, posted);
        let kept = close_ranks(&mut body);
        match read_form_fields(body) {
            Ok(read) => errors.into_result().map(|()| read),
            Err(Error::Invalid(found)) => {
                self.ask_for(&as_sent(&found, &kept), &mut errors);
                Err(Error::Invalid(errors))
            }
            Err(other) => Err(other),
        }
    }

    /// Puts what was typed into the body; answers what can't be.
    fn fill_body(&self, body: &mut Value, posted: &Posted) -> FieldErrors {
        let mut errors = FieldErrors::new();
        for field in &self.fields {
            match field.value(posted) {
                Ok(Some(value)) => put(body, &field.name, value),
                Ok(None) if field.must_be_typed() => errors.add(field.name.clone(), "required", MISSING),
                Ok(None) => {}
                Err((code, message, stand_in)) => {
                    errors.add(field.name.clone(), code, message);
                    put(body, &field.name, Value::from(stand_in));
                }
            }
        }
        errors
    }

    /// Notes what was found wrong with the body at the fields that ask for it.
    fn ask_for(&self, found: &FieldErrors, errors: &mut FieldErrors) {
        for error in found.iter() {
            let asked = self.asked_within(&error.field);
            if asked.is_empty() && !errors.names(&error.field) {
                let message = self.in_words(error);
                errors.add(error.field.clone(), error.code.clone(), message);
            }
            // What is missing is asked for at each of them; a finding with words of its own is said once.
            let most = if error.message == MISSING { usize::MAX } else { 1 };
            for field in asked.into_iter().take(most) {
                if !errors.names(&field.name) {
                    errors.add(field.name.clone(), error.code.clone(), error.message.clone());
                }
            }
        }
    }

    /// What was found, in words for people: who chooses is never told codes.
    fn in_words(&self, error: &FieldError) -> String {
        let chooses = |field: &Field| field.owns(&error.field) && field.offers_choices();
        let is_no_choice = matches!(error.code.as_ref(), "code.unknown" | "type" | "value");
        if is_no_choice && self.fields.iter().any(chooses) {
            "must be one of the choices".to_owned()
        } else {
            error.message.clone()
        }
    }
}

impl Form {
    /// The fields that must be filled in of a part that is missing whole: `child` is missed where nothing of it was typed, `child.age`
    /// is what the form asks.
    fn asked_within(&self, part: &str) -> Vec<&Field> {
        if part.is_empty() || self.fields.iter().any(|field| field.owns(part)) {
            return Vec::new();
        }
        let inside = |field: &&Field| {
            let rest = field.name.strip_prefix(part);
            !field.optional && rest.is_some_and(|rest| rest.starts_with(['.', '[']))
        };
        self.fields.iter().filter(inside).collect()
    }
}

/// What is wrong with a field that can't be made a value at all, with a value that stands in for it.
type Unreadable = (&'static str, &'static str, &'static str);

impl Field {
    /// What was typed, as the body has it; nothing when the field was left empty.
    fn value(&self, posted: &Posted) -> Result<Option<Value>, Unreadable> {
        let text = posted.value(&self.name).unwrap_or_default();
        Ok(match &self.kind {
            Kind::Date => {
                let typed = self.day(posted);
                if typed.iter().all(String::is_empty) {
                    return Ok(self.nothing());
                }
                let day =
                    date(&typed).ok_or(("date.invalid", "must be a real day, such as 27 3 2026", "2026-03-04"))?;
                Some(Value::from(day.to_string()))
            }
            Kind::Moment => {
                let typed = self.day(posted);
                let time = posted.value(&format!("{}.time", self.name)).unwrap_or_default().trim();
                if typed.iter().all(String::is_empty) && time.is_empty() {
                    return Ok(self.nothing());
                }
                let moment = date(&typed)
                    .and_then(|day| Instant::of_uk(day, time_of_day(time)?))
                    .ok_or((
                        "time.invalid",
                        "must be a real day and time, such as 27 3 2026 and 17:00",
                        "2026-03-04T17:00:00Z",
                    ))?;
                Some(Value::from(moment.to_string()))
            }
            Kind::Checks(_) => {
                let ticked = posted.values(&self.name).filter(|value| !value.is_empty());
                Some(ticked.map(Value::from).collect())
            }
            Kind::Lines { .. } => {
                let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
                Some(lines.map(Value::from).collect())
            }
            Kind::Tick => Some(Value::from(text == "true")),
            Kind::Money => match text.trim() {
                "" => self.nothing(),
                typed => Some(Value::from(pounds_and_pence(typed))),
            },
            Kind::Password { .. } => (!text.is_empty()).then(|| Value::from(text)),
            _ => match text.trim() {
                "" if self.blank => Some(Value::from("")),
                "" => self.nothing(),
                typed => Some(Value::from(typed)),
            },
        })
    }

    /// Whether nothing stands for what is not typed: whoever empties the field wants it empty, which it can't be.
    fn must_be_typed(&self) -> bool {
        let is_typed = matches!(
            self.kind,
            Kind::Line | Kind::Email | Kind::Number | Kind::Money | Kind::Area { .. } | Kind::Date | Kind::Moment
        );
        is_typed && !self.optional
    }

    fn nothing(&self) -> Option<Value> {
        self.clearable.then_some(Value::Null)
    }

    fn day(&self, posted: &Posted) -> [String; 3] {
        super::field::PARTS.map(|(part, _)| {
            let typed = posted.value(&format!("{}.{part}", self.name));
            typed.unwrap_or_default().trim().to_owned()
        })
    }
}

fn date([day, month, year]: &[String; 3]) -> Option<NaiveDate> {
    let is_number = |part: &&String| part.bytes().all(|digit| digit.is_ascii_digit());
    let year = Some(year).filter(|year| year.len() == 4)?;
    if ![day, month, year].iter().all(is_number) {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// `17:00`, `5pm`, `5.30 pm`.
fn time_of_day(typed: &str) -> Option<NaiveTime> {
    let typed = typed.to_ascii_lowercase().replace(' ', "").replace('.', ":");
    let (digits, half) = match (typed.strip_suffix("am"), typed.strip_suffix("pm")) {
        (Some(digits), _) => (digits, Some(0)),
        (_, Some(digits)) => (digits, Some(12)),
        _ => (typed.as_str(), None),
    };
    let (hour, minute) = digits
        .split_once(':')
        .unwrap_or((digits, if half.is_some() { "0" } else { "" }));
    if ![hour, minute]
        .iter()
        .all(|part| part.bytes().all(|digit| digit.is_ascii_digit()))
    {
        return None;
    }
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    match half {
        Some(half) => (1..=12)
            .contains(&hour)
            .then(|| NaiveTime::from_hms_opt(hour % 12 + half, minute, 0))?,
        None => NaiveTime::from_hms_opt(hour, minute, 0),
    }
}

/// `£4,250` and `4250.5` as `4250.00` and `4250.50`; what is no sum stays as typed, to be refused as one. A comma or a space parts
/// thousands and nothing else: who types `42,50` means no sum of four thousand.
fn pounds_and_pence(typed: &str) -> String {
    let plain = typed.strip_prefix('£').unwrap_or(typed).trim_start();
    let (pounds, pence) = plain.split_once('.').unwrap_or((plain, ""));
    let mut groups = pounds.split([',', ' ']);
    let first = groups.next().unwrap_or_default();
    let is_number = |part: &str| part.bytes().all(|digit| digit.is_ascii_digit());
    let is_sum = !first.is_empty()
        && is_number(first)
        && (first.len() <= 3 || first.len() == pounds.len())
        && groups.all(|group| group.len() == 3 && is_number(group))
        && is_number(pence)
        && pence.len() <= 2;
    if is_sum {
        format!("{}.{pence:0<2}", pounds.replace([',', ' '], ""))
    } else {
        typed.to_owned()
    }
}

/// The most entries that a list of a form has.
const MOST: usize = 500;

/// Puts a value at its place: `price.core`, `answers[0].text`.
fn put(body: &mut Value, name: &str, value: Value) {
    let mut at = body;
    for step in name.split(['.', '[']) {
        let index = step.strip_suffix(']').and_then(|index| index.parse::<usize>().ok());
        at = if let Some(index) = index {
            if !at.is_array() {
                *at = Value::Array(Vec::new());
            }
            let Value::Array(items) = at else { return };
            if index >= MOST {
                return;
            }
            if items.len() <= index {
                items.resize(index + 1, Value::Null);
            }
            &mut items[index]
        } else {
            if !at.is_object() {
                *at = Value::Object(Map::new());
            }
            &mut at[step]
        };
    }
    *at = value;
}

/// Of a list of the body, by its name: where each of its entries stood in the form.
type Kept = HashMap<String, Vec<usize>>;

/// Takes out the entries of the body's lists that nothing was sent for; answers which stayed.
fn close_ranks(body: &mut Value) -> Kept {
    let mut kept = Kept::new();
    for (name, value) in body.as_object_mut().into_iter().flatten() {
        if let Value::Array(items) = value {
            let stay = |(at, item): (usize, &Value)| (!item.is_null()).then_some(at);
            kept.insert(name.clone(), items.iter().enumerate().filter_map(stay).collect());
            items.retain(|item| !item.is_null());
        }
    }
    kept
}

/// What was found, by the names that the form has for the fields.
fn as_sent(found: &FieldErrors, kept: &Kept) -> FieldErrors {
    let named = |field: &str| {
        let (list, rest) = field.split_once('[')?;
        let (at, rest) = rest.split_once(']')?;
        let sent_as = kept.get(list)?.get(at.parse::<usize>().ok()?)?;
        Some(format!("{list}[{sent_as}]{rest}"))
    };
    let mut sent = FieldErrors::new();
    for error in found.iter() {
        let field = named(&error.field).map_or_else(|| error.field.clone(), Cow::from);
        sent.add(field, error.code.clone(), error.message.clone());
    }
    sent
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn sums_are_taken_as_people_type_them() {
        for (typed, sum) in [
            ("4250", "4250.00"),
            ("£4,250", "4250.00"),
            ("£ 1 234,567.8", "1234567.80"),
            ("4,25", "4,25"),
            ("4250,50", "4250,50"),
            ("1,2,3", "1,2,3"),
            ("4£5", "4£5"),
            (",250", ",250"),
            ("4250.5", "4250.50"),
            (" 0.07 ", "0.07"),
            ("4250.505", "4250.505"),
            ("-5", "-5"),
            ("a lot", "a lot"),
        ] {
            assert_eq!(pounds_and_pence(typed.trim()), sum);
        }
    }

    #[test]
    fn times_are_taken_as_people_type_them() {
        for (typed, time) in [
            ("17:00", "17:00"),
            ("5pm", "17:00"),
            ("5.30 pm", "17:30"),
            ("12am", "00:00"),
            ("9:05", "09:05"),
        ] {
            assert_eq!(time_of_day(typed).unwrap().format("%H:%M").to_string(), time);
        }
        for typed in ["", "17", "25:00", "13pm", "noon", "0pm", "+5:00", ":", "5:"] {
            assert_eq!(time_of_day(typed), None, "{typed}");
        }
    }

    #[test]
    fn days_are_written_in_digits() {
        let day = |parts: [&str; 3]| date(&parts.map(str::to_owned)).map(|day| day.to_string());
        assert_eq!(day(["4", "03", "2026"]).as_deref(), Some("2026-03-04"));
        for parts in [
            ["31", "2", "2026"],
            ["4", "3", "26"],
            ["4", "3", "-100"],
            ["4", "3", "+999"],
            ["+4", "3", "2026"],
            ["4", "March", "2026"],
            ["", "3", "2026"],
        ] {
            assert_eq!(day(parts), None, "{parts:?}");
        }
    }

    #[test]
    fn names_say_where_a_value_belongs() {
        let mut body = json!({});
        put(&mut body, "price.core", json!("1.00"));
        put(&mut body, "answers[2].text", json!("b"));
        put(&mut body, "answers[0].text", json!("a"));
        let kept = close_ranks(&mut body);
        assert_eq!(
            body,
            json!({"price": {"core": "1.00"}, "answers": [{"text": "a"}, {"text": "b"}]})
        );
        let mut found = FieldErrors::new();
        found.add("answers[1].text", "required", "is required");
        found.add("price.core", "required", "is required");
        let sent = as_sent(&found, &kept);
        let names: Vec<_> = sent.iter().map(|error| error.field.as_ref()).collect();
        assert_eq!(names, ["answers[2].text", "price.core"]);
    }
}

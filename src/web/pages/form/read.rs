//! From what a form sent to the body that the action takes.

use super::field::{Field, Kind};
use super::{Form, Posted};
use crate::clock::Instant;
use crate::error::{Error, FieldErrors, Result};
use crate::web::body::read_form_fields;
use chrono::{NaiveDate, NaiveTime};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
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

    fn read_into<T: DeserializeOwned + Validate>(&self, mut body: Value, posted: &Posted) -> Result<T> {
        let (mut errors, closed) = self.fill_body(&mut body, posted);
        match read_form_fields(body) {
            Ok(read) => errors.into_result().map(|()| read),
            Err(Error::Invalid(found)) => {
                self.ask_for(&found, &closed, &mut errors);
                Err(Error::Invalid(errors))
            }
            Err(other) => Err(other),
        }
    }

    /// Puts what was typed into the body; answers what can't be, and the lists that were closed up.
    fn fill_body(&self, body: &mut Value, posted: &Posted) -> (FieldErrors, Vec<ClosedUp>) {
        let mut errors = FieldErrors::new();
        for field in &self.fields {
            match field.value(posted) {
                Ok(Some(value)) => put(body, &field.name, value),
                Ok(None) => {}
                Err((code, message, stand_in)) => {
                    errors.add(field.name.clone(), code, message);
                    put(body, &field.name, Value::from(stand_in));
                }
            }
        }
        let mut closed = Vec::new();
        close_ranks(body, &mut String::new(), &mut closed);
        (errors, closed)
    }

    /// Notes what was found wrong with the body at the fields that ask for it.
    fn ask_for(&self, found: &FieldErrors, closed: &[ClosedUp], errors: &mut FieldErrors) {
        for error in found.iter() {
            let name = closed
                .iter()
                .rev()
                .fold(error.field.clone().into_owned(), |name, list| list.as_typed(name));
            let asked = self.asked_within(&name);
            if asked.is_empty() && !errors.names(&name) {
                errors.add(name, error.code.clone(), error.message.clone());
                continue;
            }
            // What is missing is asked for at each of them; anything else is said once.
            let most = if error.code == "required" { usize::MAX } else { 1 };
            for field in asked.into_iter().take(most) {
                if !errors.names(&field.name) {
                    errors.add(field.name.clone(), error.code.clone(), error.message.clone());
                }
            }
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
    let year = (year.len() == 4).then_some(year)?;
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
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    match half {
        Some(half) => (1..=12)
            .contains(&hour)
            .then(|| NaiveTime::from_hms_opt(hour % 12 + half, minute, 0))?,
        None => NaiveTime::from_hms_opt(hour, minute, 0),
    }
}

/// `£4,250` and `4250.5` as `4250.00` and `4250.50`; what is no sum stays as typed, to be refused as one.
pub(super) fn pounds_and_pence(typed: &str) -> String {
    let plain: String = typed
        .chars()
        .filter(|letter| !matches!(letter, '£' | ',' | ' '))
        .collect();
    let (pounds, pence) = plain.split_once('.').unwrap_or((&plain, ""));
    if pounds.is_empty() || !(pounds.to_owned() + pence).bytes().all(|digit| digit.is_ascii_digit()) || pence.len() > 2
    {
        return typed.to_owned();
    }
    format!("{pounds}.{pence:0<2}")
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

/// A list of the body whose entries moved up, for nothing was typed in some of them.
struct ClosedUp {
    /// Where in the body it is.
    path: String,
    /// For each entry that is left, where the form has it.
    kept: Vec<usize>,
}

impl ClosedUp {
    /// The name of a field of the body as the form has it.
    fn as_typed(&self, name: String) -> String {
        let entry = name
            .strip_prefix(self.path.as_str())
            .and_then(|rest| rest.strip_prefix('['));
        let typed = entry.and_then(|rest| {
            let (index, rest) = rest.split_once(']')?;
            let place = self.kept.get(index.parse::<usize>().ok()?)?;
            Some(format!("{}[{place}]{rest}", self.path))
        });
        typed.unwrap_or(name)
    }
}

/// Takes out the entries of lists that nothing was sent for, and notes the lists in which it did.
fn close_ranks(value: &mut Value, path: &mut String, closed: &mut Vec<ClosedUp>) {
    let length = path.len();
    match value {
        Value::Array(items) => {
            let kept: Vec<usize> = (0..items.len()).filter(|place| !items[*place].is_null()).collect();
            if kept.len() < items.len() {
                items.retain(|item| !item.is_null());
                closed.push(ClosedUp {
                    path: path.clone(),
                    kept,
                });
            }
            for (index, item) in items.iter_mut().enumerate() {
                path.push_str(&format!("[{index}]"));
                close_ranks(item, path, closed);
                path.truncate(length);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                if length > 0 {
                    path.push('.');
                }
                path.push_str(name);
                close_ranks(field, path, closed);
                path.truncate(length);
            }
        }
        _ => {}
    }
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
        for typed in ["", "17", "25:00", "13pm", "noon", "0pm"] {
            assert_eq!(time_of_day(typed), None, "{typed}");
        }
    }

    #[test]
    fn names_say_where_a_value_belongs() {
        let mut body = json!({});
        put(&mut body, "price.core", json!("1.00"));
        put(&mut body, "answers[2].text", json!("b"));
        put(&mut body, "answers[0].text", json!("a"));
        let mut closed = Vec::new();
        close_ranks(&mut body, &mut String::new(), &mut closed);
        assert_eq!(
            body,
            json!({"price": {"core": "1.00"}, "answers": [{"text": "a"}, {"text": "b"}]})
        );
        let typed = |name: &str| closed[0].as_typed(name.to_owned());
        assert_eq!(closed.len(), 1);
        assert_eq!(typed("answers[1].text"), "answers[2].text", "as the form has it");
        assert_eq!(typed("answers[0].text"), "answers[0].text");
        assert_eq!(typed("price.core"), "price.core");
    }
}

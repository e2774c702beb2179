//! Forms: said once, as fields with their labels; shown, filled and read from that.
//!
//! ```text
//! fn price_form(desk: &Desk<ProviderUser>, home: HomeId) -> Form {
//!     desk.form(format!("/homes/{home}/prices"))
//!         .date("effective_from", "From which day")
//!         .money("core", "Core cost a week").hint("What every child needs")
//!         .button("Save price")
//! }
//! ```
//! The names of fields are those of the body that the action takes (`price.core`, `answers[0].text`), so [`Form::read`] reads the same
//! struct as the API and every error finds its field. In a template `{{ form }}` is the whole form; `{{ form.open() }}`,
//! `{{ form.field("core") }}` and `{{ form.close() }}` place its parts.

#![allow(
    clippy::needless_pass_by_value,
    reason = "a form reads best with its values in place"
)]

mod field;
mod read;
mod wrong;

pub use field::Choice;

use super::posted::Posted;
use crate::error::{Error, FieldErrors};
use askama::Template;
use field::{Field, Kind};
use serde::Serialize;
use serde_json::Value;
use std::collections::HashMap;
use std::fmt;

/// Said over a form that somebody else was quicker with.
const STALE: &str = "Somebody changed this meanwhile. Where it differs from what you wrote, what stands now is said beside it. Save again \
     to put yours in its place.";

/// A form: its fields, what stands in them, and what is wrong with them.
#[derive(Debug)]
pub struct Form {
    path: String,
    token: String,
    button: String,
    is_warning: bool,
    stands_back: bool,
    /// Other buttons: name, value, label.
    others: Vec<(&'static str, &'static str, &'static str)>,
    saves_itself: bool,
    version: Option<i64>,
    fields: Vec<Field>,
    /// What the body has and the form does not ask: its name, what people call it, and the field that stands nearest to it.
    sums: Vec<(&'static str, &'static str, &'static str)>,
    /// What was typed, when the form was sent and refused.
    typed: Option<HashMap<String, Vec<String>>>,
    /// What stands in it at first, by the names of the body.
    filled: HashMap<String, Vec<String>>,
    errors: FieldErrors,
    refusal: Option<String>,
    /// Refused because somebody changed the thing meanwhile: what stands now is said beside what was typed.
    stale: bool,
}

impl Form {
    pub(super) fn new(path: String, token: String, tried: Option<(&Posted, &Error)>) -> Self {
        let (mut errors, mut refusal, mut typed) = (FieldErrors::new(), None, None);
        let stale = matches!(tried, Some((_, Error::Stale)));
        if let Some((posted, error)) = tried {
            typed = Some(by_name(posted));
            match error {
                Error::Invalid(found) => errors = found.clone(),
                Error::Refused(refused) => {
                    errors = refused.errors.clone();
                    refusal = Some(refused.detail.clone());
                }
                Error::Stale => refusal = Some(STALE.to_owned()),
                other => refusal = Some(other.to_string()),
            }
        }
        Self {
            path,
            token,
            button: "Save and continue".to_owned(),
            is_warning: false,
            stands_back: false,
            others: Vec::new(),
            saves_itself: false,
            version: None,
            fields: Vec::new(),
            sums: Vec::new(),
            typed,
            filled: HashMap::new(),
            errors,
            refusal,
            stale,
        }
    }

    /// A form that only reads: fields are added to it as to any.
    pub fn reader() -> Self {
        Self::new(String::new(), String::new(), None)
    }

    fn with(mut self, name: impl Into<String>, label: impl Into<String>, kind: Kind) -> Self {
        self.fields.push(Field {
            name: name.into(),
            label: label.into(),
            hint: String::new(),
            kind,
            optional: false,
            clearable: false,
            short: false,
            blank: false,
        });
        self
    }

    fn last(mut self, change: impl FnOnce(&mut Field)) -> Self {
        if let Some(field) = self.fields.last_mut() {
            change(field);
        }
        self
    }

    /// A line of text.
    #[must_use]
    pub fn line(self, name: impl Into<String>, label: impl Into<String>) -> Self {
        self.with(name, label, Kind::Line)
    }

    /// An email address.
    #[must_use]
    pub fn email(self, name: impl Into<String>, label: impl Into<String>) -> Self {
        self.with(name, label, Kind::Email)
    }

    /// The password of an account; never filled in again.
    #[must_use]
    pub fn password(self, name: impl Into<String>, label: impl Into<String>) -> Self {
        self.with(name, label, Kind::Password { new: false })
    }

    /// A password that is chosen here; never filled in again.
    #[must_use]
    pub fn new_password(self, name: impl Into<String>, label: impl Into<String>) -> Self {
        self.with(name, label, Kind::Password { new: true })
    }

    /// A whole number.
    #[must_use]
    pub fn number(self, name: impl Into<String>, label: impl Into<String>) -> Self {
        self.with(name, label, Kind::Number)
    }

    /// Pounds and pence.
    #[must_use]
    pub fn money(self, name: impl Into<String>, label: impl Into<String>) -> Self {
        self.with(name, label, Kind::Money)
    }

    /// Text of several lines.
    #[must_use]
    pub fn area(self, name: impl Into<String>, label: impl Into<String>, rows: u8) -> Self {
        self.with(name, label, Kind::Area { rows })
    }

    /// A list of lines of text: an entry a line.
    #[must_use]
    pub fn lines(self, name: impl Into<String>, label: impl Into<String>, rows: u8) -> Self {
        self.with(name, label, Kind::Lines { rows })
    }

    /// A day.
    #[must_use]
    pub fn date(self, name: impl Into<String>, label: impl Into<String>) -> Self {
        self.with(name, label, Kind::Date)
    }

    /// A day and a time of day, in UK time.
    #[must_use]
    pub fn moment(self, name: impl Into<String>, label: impl Into<String>) -> Self {
        self.with(name, label, Kind::Moment)
    }

    /// One of a few.
    #[must_use]
    pub fn radios(self, name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        self.with(name, label, Kind::Radios(choices))
    }

    /// Yes or no.
    #[must_use]
    pub fn yes_no(self, name: impl Into<String>, label: impl Into<String>) -> Self {
        let choices = vec![Choice::new("true", "Yes"), Choice::new("false", "No")];
        self.with(name, label, Kind::Radios(choices))
            .last(|field| field.short = true)
    }

    /// One of many.
    #[must_use]
    pub fn select(self, name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        self.with(name, label, Kind::Select(choices))
    }

    /// Any of these.
    #[must_use]
    pub fn checks(self, name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        self.with(name, label, Kind::Checks(choices))
    }

    /// One box to tick.
    #[must_use]
    pub fn tick(self, name: impl Into<String>, label: impl Into<String>) -> Self {
        self.with(name, label, Kind::Tick)
    }

    /// What follows from several fields, so that something may be wrong with it: its name, what people call it, and the field that
    /// leads to it.
    #[must_use]
    pub fn sum(mut self, name: &'static str, label: &'static str, at: &'static str) -> Self {
        self.sums.push((name, label, at));
        self
    }

    /// A value that goes with the form unseen. The action must not trust it more than a typed one.
    #[must_use]
    pub fn hidden(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        let name = name.into();
        self.filled.insert(name.clone(), vec![value.to_string()]);
        self.with(name, "", Kind::Hidden)
    }

    /// More on the last field, under its label.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        self.last(|field| field.hint = hint.into())
    }

    /// The last field may be left empty.
    #[must_use]
    pub fn optional(self) -> Self {
        self.last(|field| field.optional = true)
    }

    /// The last field may be left empty, which takes away what stood there (`null` in the body).
    #[must_use]
    pub fn clearable(self) -> Self {
        self.last(|field| (field.optional, field.clearable) = (true, true))
    }

    /// The last field may be left empty, for now: it is an empty text in the body then.
    #[must_use]
    pub fn or_blank(self) -> Self {
        self.last(|field| field.blank = true)
    }

    /// The last field is short; of radios: they stand beside each other.
    #[must_use]
    pub fn short(self) -> Self {
        self.last(|field| field.short = true)
    }

    /// What its button says.
    #[must_use]
    pub fn button(mut self, label: impl Into<String>) -> Self {
        self.button = label.into();
        self
    }

    /// Another button beside it, which does the same and says so by this field.
    #[must_use]
    pub fn also(mut self, name: &'static str, value: &'static str, label: &'static str) -> Self {
        self.others.push((name, value, label));
        self
    }

    /// It is kept a moment after typing stops, where there is JavaScript. Its action answers with [`Go::kept`](super::Go::kept) then.
    #[must_use]
    pub fn saving_itself(mut self) -> Self {
        self.saves_itself = true;
        self
    }

    /// Its button warns: what it does can't be undone.
    #[must_use]
    pub fn warning(mut self) -> Self {
        self.is_warning = true;
        self
    }

    /// Its button stands back: it is one of many on the page, or not what the page is for.
    #[must_use]
    pub fn second(mut self) -> Self {
        self.stands_back = true;
        self
    }

    /// It changes this version of the thing and none after.
    #[must_use]
    pub fn version(mut self, version: i64) -> Self {
        self.version = Some(version);
        self
    }

    /// Fills in what there is, by the names of its serialised form.
    #[must_use]
    pub fn fill(mut self, thing: &impl Serialize) -> Self {
        // What serialises for the API serialises here; were it not so, the form would stand empty.
        let value = serde_json::to_value(thing).unwrap_or_default();
        flatten(&value, &mut String::new(), &mut self.filled);
        self
    }

    /// Fills in one field.
    #[must_use]
    pub fn set(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.filled.insert(name.into(), vec![value.to_string()]);
        self
    }

    /// Fills in what was sent before, to be looked at or changed once more.
    #[must_use]
    pub fn fill_from(mut self, posted: &Posted) -> Self {
        self.typed = Some(by_name(posted));
        self
    }

    /// The form as an empty one with a button only.
    pub fn is_bare(&self) -> bool {
        self.fields.iter().all(|field| matches!(field.kind, Kind::Hidden))
    }

    /// What is wrong, and the beginning of the form.
    pub fn open(&self) -> Markup {
        Markup::of(&Opening {
            form: self,
            summary: self.summary(),
        })
    }

    /// One field.
    pub fn field(&self, name: &str) -> Markup {
        match self.fields.iter().find(|field| field.name == name) {
            Some(field) => field.show(self),
            None => Markup(String::new()),
        }
    }

    /// The fields whose names begin so, in their order.
    pub fn fields(&self, prefix: &str) -> Markup {
        let shown = self.fields.iter().filter(|field| field.name.starts_with(prefix));
        Markup(shown.map(|field| field.show(self).0).collect())
    }

    /// The button, and the end of the form.
    pub fn close(&self) -> Markup {
        Markup::of(&Closing { form: self })
    }

    /// What a field was filled with.
    fn filled(&self, name: &str) -> &[String] {
        self.filled.get(name).map_or(&[], Vec::as_slice)
    }

    /// What stands in a field: what was typed, else what it was filled with.
    fn values(&self, name: &str) -> &[String] {
        let from = self.typed.as_ref().unwrap_or(&self.filled);
        from.get(name).map_or(&[], Vec::as_slice)
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", self.open().0, self.fields("").0, self.close().0)
    }
}

impl askama::filters::HtmlSafe for Form {}

/// HTML that is finished.
#[derive(Debug, Clone)]
pub struct Markup(String);

impl Markup {
    fn of(template: &impl Template) -> Self {
        // Rendering into a text can't fail: there is nothing that it writes to.
        Self(template.render().unwrap_or_default())
    }
}

impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Markup {}

#[derive(Template)]
#[template(path = "web/form_open.html")]
struct Opening<'a> {
    form: &'a Form,
    summary: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "web/form_close.html")]
struct Closing<'a> {
    form: &'a Form,
}

fn by_name(posted: &Posted) -> HashMap<String, Vec<String>> {
    let mut sent: HashMap<String, Vec<String>> = HashMap::new();
    for (name, value) in posted.fields() {
        sent.entry(name.to_owned()).or_default().push(value.to_owned());
    }
    sent
}

fn flatten(value: &Value, name: &mut String, into: &mut HashMap<String, Vec<String>>) {
    match value {
        // Asked for, and empty.
        Value::Null => {
            into.entry(name.clone()).or_default();
        }
        Value::Object(fields) => {
            for (key, field) in fields {
                let length = name.len();
                if !name.is_empty() {
                    name.push('.');
                }
                name.push_str(key);
                flatten(field, name, into);
                name.truncate(length);
            }
        }
        Value::Array(items) => {
            into.entry(name.clone()).or_default();
            for (index, item) in items.iter().enumerate() {
                if item.is_object() {
                    let length = name.len();
                    name.push('[');
                    name.push_str(&index.to_string());
                    name.push(']');
                    flatten(item, name, into);
                    name.truncate(length);
                } else {
                    into.entry(name.clone()).or_default().push(plain(item));
                }
            }
        }
        plain_value => {
            into.insert(name.clone(), vec![plain(plain_value)]);
        }
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests;

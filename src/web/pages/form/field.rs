//! One field of a form, and how it is shown.

use super::{Form, Markup};
use crate::clock::Instant;
use crate::values::Code;
use askama::Template;

/// One of several that can be chosen.
#[derive(Debug, Clone)]
pub struct Choice {
    pub(in crate::web::pages) value: String,
    pub(in crate::web::pages) label: String,
    pub(super) hint: String,
}

impl Choice {
    /// A value, and what people read.
    pub fn new(value: impl ToString, label: impl Into<String>) -> Self {
        Self {
            value: value.to_string(),
            label: label.into(),
            hint: String::new(),
        }
    }

    /// With more on it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Every entry of a code list.
    pub fn all<T: Code>() -> Vec<Self> {
        Self::of(T::ALL.iter().copied())
    }

    /// These entries of a code list.
    pub fn of<T: Code>(codes: impl IntoIterator<Item = T>) -> Vec<Self> {
        codes
            .into_iter()
            .map(|one| Self::new(one.code(), one.label()))
            .collect()
    }
}

/// What is typed or chosen.
#[derive(Debug)]
pub(super) enum Kind {
    Line,
    Email,
    Password {
        new: bool,
    },
    Number,
    Money,
    Area {
        rows: u8,
    },
    /// One entry of a list a line.
    Lines {
        rows: u8,
    },
    Date,
    Moment,
    Radios(Vec<Choice>),
    Select(Vec<Choice>),
    Checks(Vec<Choice>),
    Tick,
    Hidden,
}

#[derive(Debug)]
pub(super) struct Field {
    pub name: String,
    pub label: String,
    pub hint: String,
    pub kind: Kind,
    pub optional: bool,
    pub clearable: bool,
    pub short: bool,
    /// Left empty, it is an empty text in the body.
    pub blank: bool,
}

/// The parts of a day, and of a moment.
pub(super) const PARTS: [(&str, &str); 3] = [("day", "Day"), ("month", "Month"), ("year", "Year")];

impl Field {
    /// Whether an error of this name is about the field or something in it.
    pub fn owns(&self, name: &str) -> bool {
        !matches!(self.kind, Kind::Hidden)
            && name
                .strip_prefix(self.name.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    }

    pub fn id(&self) -> String {
        let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
        format!("f-{}", self.name.chars().map(plain).collect::<String>())
    }

    /// The id of what a link from the summary leads to.
    pub fn first_id(&self) -> String {
        match self.kind {
            Kind::Date | Kind::Moment => format!("{}-day", self.id()),
            Kind::Radios(_) | Kind::Checks(_) => format!("{}-0", self.id()),
            _ => self.id(),
        }
    }

    pub fn show(&self, form: &Form) -> Markup {
        let error = form.error_of(self);
        let mut described = Vec::new();
        if !self.hint.is_empty() {
            described.push(format!("{}-hint", self.id()));
        }
        if error.is_some() {
            described.push(format!("{}-error", self.id()));
        }
        Markup::of(&Shown {
            field: self,
            id: self.id(),
            error: error.as_deref().unwrap_or_default(),
            described: described.join(" "),
            values: match self.kind {
                // What goes unseen is the page's to say, not what came back.
                Kind::Hidden => form.filled(&self.name),
                _ => form.values(&self.name),
            },
            parts: self.parts(form),
        })
    }

    /// Day, month, year and time of day, as they stand.
    fn parts(&self, form: &Form) -> [String; 4] {
        let part = |name: &str| {
            let values = form.values(&format!("{}.{name}", self.name));
            values.first().cloned().unwrap_or_default()
        };
        if form.typed.is_some() {
            return ["day", "month", "year", "time"].map(part);
        }
        let kept = form.values(&self.name).first().map(String::as_str).unwrap_or_default();
        let local = match kept.parse::<Instant>() {
            Ok(at) => at.local_in_uk(),
            Err(_) => kept.to_owned(),
        };
        let (date, time) = local.split_once('T').unwrap_or((&local, ""));
        let mut numbers = date.split('-').map(|number| number.trim_start_matches('0').to_owned());
        let (year, month, day) = (numbers.next(), numbers.next(), numbers.next());
        [
            day.unwrap_or_default(),
            month.unwrap_or_default(),
            year.unwrap_or_default(),
            time.to_owned(),
        ]
    }
}

#[derive(Template)]
#[template(path = "web/field.html")]
struct Shown<'a> {
    field: &'a Field,
    id: String,
    error: &'a str,
    described: String,
    values: &'a [String],
    parts: [String; 4],
}

impl Shown<'_> {
    fn value(&self) -> &str {
        self.values.first().map(String::as_str).unwrap_or_default()
    }

    fn lines(&self) -> String {
        self.values.join("\n")
    }

    fn has(&self, choice: &Choice) -> bool {
        self.values.contains(&choice.value)
    }
}

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

    /// Whether the field asks a part of what has this name.
    pub fn lies_in(&self, name: &str) -> bool {
        !matches!(self.kind, Kind::Hidden)
            && !name.is_empty()
            && self
                .name
                .strip_prefix(name)
                .is_some_and(|rest| rest.starts_with(['.', '[']))
    }

    /// Whether it is answered by choosing.
    pub fn offers_choices(&self) -> bool {
        matches!(self.kind, Kind::Radios(_) | Kind::Select(_) | Kind::Checks(_))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::pages::assert_shows;

    fn field(kind: Kind) -> Field {
        Field {
            name: "price.core".to_owned(),
            label: "Core <cost>".to_owned(),
            hint: String::new(),
            kind,
            optional: false,
            clearable: false,
            short: false,
            blank: false,
        }
    }

    fn choices() -> Vec<Choice> {
        vec![
            Choice::new("a", "Day & night"),
            Choice::new("b", "Night").hint("Waking \"only\""),
        ]
    }

    /// A field as it is shown with these values in it.
    fn shown<'a>(field: &'a Field, values: &'a [String], error: &'a str) -> Shown<'a> {
        Shown {
            field,
            id: field.id(),
            error,
            described: if error.is_empty() {
                String::new()
            } else {
                "f-price-core-error".to_owned()
            },
            values,
            parts: ["4", "3", "2026", "17:00"].map(str::to_owned),
        }
    }

    #[test]
    fn every_kind_of_field_has_its_label_and_what_stands_in_it() {
        const LABEL: &str = "<label for=\"f-price-core\">Core &#60;cost&#62;</label>";
        const LEGEND: &str = "<legend>Core &#60;cost&#62;</legend>";
        const VALUE: &str = "value=\"a &#34;b&#34;\"";
        let typed = ["a \"b\"".to_owned()];
        for (kind, seen) in [
            (Kind::Line, [LABEL, "type=\"text\"", VALUE]),
            (Kind::Email, [LABEL, "type=\"email\"", VALUE]),
            (Kind::Number, [LABEL, "inputmode=\"numeric\"", VALUE]),
            (Kind::Money, [LABEL, "inputmode=\"decimal\"", VALUE]),
            (
                Kind::Area { rows: 6 },
                [LABEL, "rows=\"6\"", "> a &#34;b&#34;</textarea>"],
            ),
            (
                Kind::Lines { rows: 3 },
                [LABEL, "rows=\"3\"", "> a &#34;b&#34;</textarea>"],
            ),
            (
                Kind::Date,
                [
                    LEGEND,
                    "<label for=\"f-price-core-day\">Day</label><input id=\"f-price-core-day\" name=\"price.core.day\"",
                    "class=\"year\" value=\"2026\"",
                ],
            ),
            (
                Kind::Moment,
                [LEGEND, "<label for=\"f-price-core-time\">", "value=\"17:00\""],
            ),
        ] {
            assert_shows(
                &shown(&field(kind), &typed, ""),
                &seen,
                &["aria-invalid", "(optional)", "a \"b\""],
            );
        }
    }

    #[test]
    fn a_choice_is_marked_where_it_was_made_and_its_hint_belongs_to_it() {
        let made = ["b".to_owned()];
        let hint = "id=\"f-price-core-1-hint\">Waking &#34;only&#34;</p>";
        for kind in [Kind::Radios(choices()), Kind::Checks(choices())] {
            let field = field(kind);
            let seen = [
                "<legend>Core &#60;cost&#62;</legend>",
                "value=\"a\"><label for=\"f-price-core-0\">Day &#38; night</label>",
                "value=\"b\" checked aria-describedby=\"f-price-core-1-hint\"><label for=\"f-price-core-1\">Night</label>",
                hint,
            ];
            assert_shows(&shown(&field, &made, ""), &seen, &["value=\"a\" checked"]);
        }
        let select = field(Kind::Select(choices()));
        let seen = [
            "<option value=\"\"></option><option value=\"a\">Day &#38; night</option>",
            "<option value=\"b\" selected>Night</option>",
        ];
        assert_shows(&shown(&select, &made, ""), &seen, &[]);
        let tick = field(Kind::Tick);
        assert_shows(
            &shown(&tick, &["true".to_owned()], ""),
            &["value=\"true\" checked"],
            &[],
        );
        assert_shows(&shown(&tick, &[], ""), &["type=\"checkbox\""], &["checked"]);
    }

    #[test]
    fn a_password_is_never_shown_and_what_is_hidden_has_no_label() {
        let typed = ["three words".to_owned()];
        for (new, autocomplete) in [(true, "\"new-password\""), (false, "\"current-password\"")] {
            let password = field(Kind::Password { new });
            assert_shows(
                &shown(&password, &typed, ""),
                &["type=\"password\"", autocomplete],
                &["three words"],
            );
        }
        let hidden = field(Kind::Hidden);
        assert_shows(
            &shown(&hidden, &typed, ""),
            &["type=\"hidden\"", "value=\"three words\""],
            &["<label"],
        );
    }

    #[test]
    fn what_is_wrong_stands_beside_the_field_and_describes_it() {
        let wrong = "Core <cost> must be an amount";
        let described = "aria-describedby=\"f-price-core-error\" aria-invalid=\"true\"";
        let said =
            "id=\"f-price-core-error\"><span class=\"unseen\">Error: </span>Core &#60;cost&#62; must be an amount</p>";
        let kinds = [
            Kind::Line,
            Kind::Money,
            Kind::Area { rows: 2 },
            Kind::Date,
            Kind::Radios(choices()),
            Kind::Select(choices()),
            Kind::Tick,
        ];
        for kind in kinds {
            let field = field(kind);
            assert_shows(
                &shown(&field, &[], wrong),
                &["class=\"group is-wrong\"", described, said],
                &["<cost>"],
            );
        }
    }
}

//! The page before a step: what will happen, and the form that does it.

use super::filters;
use super::form::Form;
use super::frame::Html;
use super::tag::Tag;
use crate::clock::Instant;
use crate::error::Result;
use askama::Template;
use chrono::NaiveDate;

/// A page before a step that can't be taken back: what the step is about, what happens with it, and its form.
///
/// ```text
/// Step::new("Withdraw this award").over(reference).happens("Another bid can be chosen.").back("/awards/1", "Back to the award").page(form)
/// ```
#[derive(Debug)]
pub struct Step {
    heading: String,
    over: String,
    facts: Vec<(&'static str, Fact)>,
    happens: Vec<String>,
    careful: Option<String>,
    links: Vec<(String, &'static str)>,
    back: (String, &'static str),
}

impl Step {
    /// A step that is called so.
    pub fn new(heading: impl Into<String>) -> Self {
        Self {
            heading: heading.into(),
            over: String::new(),
            facts: Vec::new(),
            happens: Vec::new(),
            careful: None,
            links: Vec::new(),
            back: ("/".to_owned(), "Back to your home page"),
        }
    }

    /// What it is done to, over the heading.
    #[must_use]
    pub fn over(mut self, what: impl Into<String>) -> Self {
        self.over = what.into();
        self
    }

    /// A fact of what it is done to.
    #[must_use]
    pub fn fact(mut self, name: &'static str, value: impl Into<Fact>) -> Self {
        self.facts.push((name, value.into()));
        self
    }

    /// Something that happens with the step, in a whole sentence.
    #[must_use]
    pub fn happens(mut self, sentence: impl Into<String>) -> Self {
        self.happens.push(sentence.into());
        self
    }

    /// What to be careful of.
    #[must_use]
    pub fn careful(mut self, sentence: impl Into<String>) -> Self {
        self.careful = Some(sentence.into());
        self
    }

    /// Something to read or to do first.
    #[must_use]
    pub fn first(mut self, path: impl Into<String>, label: &'static str) -> Self {
        self.links.push((path.into(), label));
        self
    }

    /// Where the way back leads.
    #[must_use]
    pub fn back(mut self, path: impl Into<String>, label: &'static str) -> Self {
        self.back = (path.into(), label);
        self
    }

    /// The page, with the form that does it.
    pub fn page(self, form: Form) -> Result<Html> {
        Html::of(&self.heading, &Shown { step: &self, form })
    }
}

/// What a fact says.
#[derive(Debug)]
pub enum Fact {
    /// It, in words.
    Text(String),
    /// A day.
    Day(NaiveDate),
    /// The moment when something ends: a script says beside it how long is left.
    Until(Instant),
    /// How something stands.
    State(Tag),
}

impl From<String> for Fact {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Fact {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<NaiveDate> for Fact {
    fn from(day: NaiveDate) -> Self {
        Self::Day(day)
    }
}

impl From<Instant> for Fact {
    fn from(at: Instant) -> Self {
        Self::Until(at)
    }
}

impl From<Tag> for Fact {
    fn from(tag: Tag) -> Self {
        Self::State(tag)
    }
}

#[derive(Template)]
#[template(path = "web/step.html")]
struct Shown<'a> {
    step: &'a Step,
    form: Form,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_happens_before_the_button() {
        let step = Step::new("Close this home")
            .over("Birch House")
            .fact("Places", "3")
            .happens("Its vacancies are closed.")
            .careful("This can't be undone.")
            .first("/homes/1/letters", "Read the letters")
            .back("/homes/1", "Back to the home");
        let form = Form::reader().button("Close it");
        let shown = Shown { step: &step, form }.render().unwrap();
        let at = |what: &str| shown.find(what).unwrap_or_else(|| panic!("{what} in {shown}"));
        assert!(at("Birch House") < at("Close this home"));
        assert!(at("Its vacancies are closed.") < at("This can&#39;t be undone."));
        assert!(at("This can&#39;t be undone.") < at("Close it") && at("Close it") < at("Back to the home"));
    }

    #[test]
    fn facts_are_said_as_what_they_are() {
        let until: Instant = "2026-03-04T17:00:00Z".parse().unwrap();
        let step = Step::new("Put the deadline later")
            .fact("Home", "Birch & Oak".to_owned())
            .fact("Starts", NaiveDate::from_ymd_opt(2026, 3, 27).unwrap())
            .fact("Bids close", until)
            .fact("State", Tag::new("green", "open"));
        let form = Form::reader();
        let shown = Shown { step: &step, form }.render().unwrap();
        for said in [
            "<dt>Home</dt><dd>Birch &#38; Oak</dd>",
            "<dt>Starts</dt><dd>27 March 2026</dd>",
            "<time data-until datetime=\"2026-03-04T17:00:00Z\">4 March 2026, 17:00 GMT</time>",
            "<dd><span class=\"tag green\">Open</span></dd>",
        ] {
            assert!(shown.contains(said), "{said} in {shown}");
        }
    }
}

//! The page before a step: what will happen, and the form that does it.

use super::form::Form;
use super::frame::Html;
use crate::error::Result;
use askama::Template;

/// A page before a step that can't be taken back: what the step is about, what happens with it, and its form.
///
/// ```text
/// Step::new("Withdraw this award").over(reference).happens("Another bid can be chosen.").back("/awards/1", "Back to the award").page(form)
/// ```
#[derive(Debug)]
pub struct Step {
    heading: &'static str,
    over: String,
    facts: Vec<(&'static str, String)>,
    happens: Vec<String>,
    careful: Option<String>,
    links: Vec<(String, &'static str)>,
    back: (String, &'static str),
}

impl Step {
    /// A step that is called so.
    pub fn new(heading: &'static str) -> Self {
        Self {
            heading,
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
    pub fn fact(mut self, name: &'static str, value: impl Into<String>) -> Self {
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

    /// Something to read before.
    #[must_use]
    pub fn read_before(mut self, path: impl Into<String>, label: &'static str) -> Self {
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
        Html::of(self.heading, &Shown { step: &self, form })
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
            .read_before("/homes/1/letters", "Read the letters")
            .back("/homes/1", "Back to the home");
        let form = Form::reader().button("Close it");
        let shown = Shown { step: &step, form }.render().unwrap();
        let at = |what: &str| shown.find(what).unwrap_or_else(|| panic!("{what} in {shown}"));
        assert!(at("Birch House") < at("Close this home"));
        assert!(at("Its vacancies are closed.") < at("This can&#39;t be undone."));
        assert!(at("This can&#39;t be undone.") < at("Close it") && at("Close it") < at("Back to the home"));
    }
}

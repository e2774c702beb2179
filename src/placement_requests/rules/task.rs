//! The tasks that a draft is made of.

use crate::values::{CodeSet, codes};

codes! {
    /// One of the tasks that a draft is written by in the browser: a question, or a small group of them.
    pub enum Task {
        Home("home", "The lot, and how soon"),
        Child("child", "The child"),
        Origin("origin", "Where the child comes from"),
        Names("names", "Names that no text may have"),
        Support("support", "Care and support"),
        Living("living", "How the child should live"),
        Communication("communication", "Communication and culture"),
        Risks("risks", "Risks"),
        Suitability("suitability", "Which type of placement suits"),
        Brief("brief", "The brief"),
        Weights("weights", "Price and quality"),
        Deadlines("deadlines", "Deadlines"),
    }
}

impl Task {
    /// What is asked on the page that begins a draft.
    pub fn first_asked() -> CodeSet<Self> {
        CodeSet::from([Self::Home, Self::Child, Self::Origin])
    }
}

//! How a state is shown: in words, on a colour.

use std::fmt;

/// A state in words. The colour only underlines what the words say.
#[derive(Debug, Clone, Copy)]
pub struct Tag {
    colour: &'static str,
    label: &'static str,
}

impl Tag {
    /// The words of a code list on one of the stylesheet's colours: `green`, `yellow`, `red`, `grey`, `purple`, or none for blue.
    pub const fn new(colour: &'static str, label: &'static str) -> Self {
        Self { colour, label }
    }

    /// Its words alone.
    pub const fn label(self) -> &'static str {
        self.label
    }
}

/// A label at the beginning of a line: `A draft`.
pub fn capital(label: &str) -> String {
    let mut letters = label.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let class = if self.colour.is_empty() { "" } else { " " };
        let (colour, label) = (self.colour, capital(self.label));
        write!(f, "<span class=\"tag{class}{colour}\">{label}</span>")
    }
}

// Both texts are the program's own, and none has a sign that HTML reads.
impl askama::filters::HtmlSafe for Tag {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_begins_with_a_capital() {
        let tags = [Tag::new("green", "open"), Tag::new("", "a draft")];
        assert_eq!(
            tags.map(|tag| tag.to_string()),
            [
                "<span class=\"tag green\">Open</span>",
                "<span class=\"tag\">A draft</span>"
            ]
        );
    }
}

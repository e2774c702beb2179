//! The name of a person.

use super::ValueError;
use super::parsed::parsed;
use super::text::{breaks_a_line, holds_web_address};

parsed! {
    /// The name by which a person signs and is addressed: one line of 1 to 100 characters.
    pub struct PersonName by canonical, example "Jo Bloggs", at most 100 characters
}

/// Any script, at least a letter, one space between words; a character that breaks the line would break an email's header,
/// and a web address would be a stranger's link in a mail of ours.
fn canonical(text: &str) -> Result<String, ValueError> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if (1..=100).contains(&name.chars().count())
        && name.contains(char::is_alphabetic)
        && !name.contains(|char: char| breaks_a_line(char) || "<>".contains(char))
        && !holds_web_address(&name)
    {
        Ok(name)
    } else {
        Err(ValueError::new(
            "name.invalid",
            "must be a name on one line of 1 to 100 characters, without < and > and web addresses",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_of_words() {
        assert_eq!(PersonName::parse("  Siân\t O’Neil ").unwrap().as_str(), "Siân O’Neil");
        for bad in [
            "",
            "   ",
            "-",
            "a\u{0}b",
            "<b>",
            "a\u{202e}b",
            "http://evil.example",
            &"x".repeat(101),
        ] {
            assert!(PersonName::parse(bad).is_err(), "{bad:?}");
        }
    }
}

//! The name of a person.

use super::ValueError;
use super::parsed::parsed;

parsed! {
    /// The name by which a person signs and is addressed: one line of 1 to 100 characters.
    pub struct PersonName by canonical, example "Jo Bloggs", at most 100 characters
}

/// Any script, one space between words; control characters would break the line of an email's header.
fn canonical(text: &str) -> Result<String, ValueError> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if (1..=100).contains(&name.chars().count())
        && !name.contains(|char: char| char.is_control() || "<>".contains(char))
    {
        Ok(name)
    } else {
        Err(ValueError::new(
            "name.invalid",
            "must be a name on one line of 1 to 100 characters, without < and >",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_of_words() {
        assert_eq!(PersonName::parse("  Siân\t O’Neil ").unwrap().as_str(), "Siân O’Neil");
        for bad in ["", "   ", "a\u{0}b", "<b>", &"x".repeat(101)] {
            assert!(PersonName::parse(bad).is_err(), "{bad:?}");
        }
    }
}

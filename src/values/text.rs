//! What free text in a body must be: checks for the `custom` rule of the validator crate, beside its lengths.

use validator::ValidationError;

/// A line of text: at least a letter or a digit, and no line break or other character that breaks or hides what is read.
pub fn line(text: &str) -> Result<(), ValidationError> {
    if text.chars().any(breaks_a_line) {
        return Err(ValidationError::new("one_line").with_message("must be one line of plain text".into()));
    }
    written(text)
}

/// The name of an organisation or a home: a line without a web address. A registration has a mail sent that says the name, to
/// an address that anybody may have given; it must not carry a stranger's link.
pub fn name(text: &str) -> Result<(), ValidationError> {
    if holds_web_address(text) {
        return Err(ValidationError::new("name.web_address").with_message("must not hold a web address".into()));
    }
    line(text)
}

/// Whether a character is none that a line can hold: it breaks the line, turns the direction in which the rest of it is read,
/// can't be seen at all, or marks a letter that was lost on the way. (The joiners and direction marks that words of some scripts need
/// are none of these.)
pub(super) fn breaks_a_line(c: char) -> bool {
    c.is_control()
        || c == LOST
        || matches!(c, '\u{200b}' | '\u{2028}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Stands where bytes were sent that are no letter.
const LOST: char = '\u{fffd}';

/// Whether a character says something: a letter or a digit, and none of the letters that only keep a place and can't be seen.
fn says_something(c: char) -> bool {
    c.is_alphanumeric() && !matches!(c, '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}')
}

/// Whether a word is one that mail programs make a link to a page of.
pub(super) fn holds_web_address(text: &str) -> bool {
    text.split_whitespace().any(|word| {
        let word = word.to_ascii_lowercase();
        word.contains("://") || word.contains("www.") || (word.contains('.') && word.contains('/'))
    })
}

/// Text of any number of lines: at least a letter or a digit, no control character but tab and line break, and nothing that has it read
/// backwards. (Spaces that can't be seen come along when a text is copied, and may stay.)
pub fn prose(text: &str) -> Result<(), ValidationError> {
    let spoils =
        |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t') || matches!(c, '\u{202d}' | '\u{202e}' | LOST);
    if text.chars().any(spoils) {
        return Err(ValidationError::new("plain_text").with_message("must be plain text".into()));
    }
    written(text)
}

/// [`prose`], or nothing yet: of what a draft may leave for later.
pub fn prose_or_nothing(text: &str) -> Result<(), ValidationError> {
    if text.trim().is_empty() { Ok(()) } else { prose(text) }
}

fn written(text: &str) -> Result<(), ValidationError> {
    if text.trim().is_empty() {
        Err(ValidationError::new("required").with_message("must be filled in".into()))
    } else if text.chars().any(says_something) {
        Ok(())
    } else {
        Err(ValidationError::new("text.no_word").with_message("must have a letter or a digit".into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_written_and_one() {
        assert!(line("South East residential care – 2026").is_ok());
        for (bad, code) in [
            ("", "required"),
            (" \u{a0} ", "required"),
            ("a\nb", "one_line"),
            ("a\0", "one_line"),
            ("a\u{2028}b", "one_line"),
            ("a\u{202e}b", "one_line"),
            ("a\u{200b}b", "one_line"),
            ("a\u{fffd}b", "one_line"),
            ("-", "text.no_word"),
            ("...", "text.no_word"),
            ("\u{1f600}", "text.no_word"),
            ("\u{200d}", "text.no_word"),
            ("\u{3164}", "text.no_word"),
        ] {
            assert_eq!(line(bad).unwrap_err().code, code, "{bad:?}");
        }
    }

    #[test]
    fn a_name_leads_nowhere() {
        for good in [
            "Acorn Care Ltd",
            "St. Mary's (No. 2) & Co.",
            "Acorn t/a Birch",
            "نی\u{200c}لوفر",
        ] {
            assert!(name(good).is_ok(), "{good}");
        }
        for bad in [
            "Prize: http://evil.example",
            "WWW.evil.example",
            "see evil.example/prize",
        ] {
            assert_eq!(name(bad).unwrap_err().code, "name.web_address", "{bad}");
        }
    }

    #[test]
    fn a_draft_may_leave_prose_for_later_and_no_more() {
        assert!(prose_or_nothing(" \n").is_ok() && prose_or_nothing("A calm home.").is_ok());
        assert_eq!(prose_or_nothing("\u{1b}[31m").unwrap_err().code, "plain_text");
    }

    #[test]
    fn prose_has_lines() {
        assert!(prose("# Terms\r\n\n\tThe same for everybody.").is_ok());
        for (bad, code) in [
            ("\n\t", "required"),
            ("a\u{0}b", "plain_text"),
            ("\u{1b}[31m", "plain_text"),
            ("a\u{202e}b", "plain_text"),
            ("a\u{fffd}b", "plain_text"),
            ("?!", "text.no_word"),
        ] {
            assert_eq!(prose(bad).unwrap_err().code, code, "{bad:?}");
        }
    }
}

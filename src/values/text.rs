//! What free text in a body must be: checks for the `custom` rule of the validator crate, beside its lengths.

use validator::ValidationError;

/// A line of text: something other than white space, and no line break or other control character.
pub fn line(text: &str) -> Result<(), ValidationError> {
    if text.chars().any(char::is_control) {
        return Err(ValidationError::new("one_line").with_message("must be one line of plain text".into()));
    }
    written(text)
}

/// Text of any number of lines: something other than white space, and no control character but tab and line break.
pub fn prose(text: &str) -> Result<(), ValidationError> {
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(ValidationError::new("plain_text").with_message("must be plain text".into()));
    }
    written(text)
}

fn written(text: &str) -> Result<(), ValidationError> {
    if text.trim().is_empty() {
        Err(ValidationError::new("required").with_message("must be filled in".into()))
    } else {
        Ok(())
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
        ] {
            assert_eq!(line(bad).unwrap_err().code, code, "{bad:?}");
        }
    }

    #[test]
    fn prose_has_lines() {
        assert!(prose("# Terms\r\n\n\tThe same for everybody.").is_ok());
        for (bad, code) in [
            ("\n\t", "required"),
            ("a\u{0}b", "plain_text"),
            ("\u{1b}[31m", "plain_text"),
        ] {
            assert_eq!(prose(bad).unwrap_err().code, code, "{bad:?}");
        }
    }
}

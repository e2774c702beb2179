//! An email address.

use super::ValueError;
use super::parsed::parsed;

parsed! {
    /// An email address in lower case, as far as its form can say that mail may reach it.
    pub struct Email by canonical, example "bids@acorn.example", at most 254 characters, format "email"
}

const FORMAT: ValueError = ValueError::new(
    "email.invalid",
    "must be an email address, such as name@organisation.example",
);

/// The part before the @ as RFC 5321 allows it without quotes, and a domain of at least two labels; ASCII only, since not
/// every relay on the way would take anything else.
fn canonical(text: &str) -> Result<String, ValueError> {
    let (local, domain) = text.rsplit_once('@').ok_or(FORMAT)?;
    let local_is_good = (1..=64).contains(&local.len())
        && local.split('.').all(|atom| {
            !atom.is_empty()
                && atom
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte))
        });
    let labels_are_good = domain.contains('.')
        && domain.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        });
    let ends_in_letters = domain
        .rsplit('.')
        .next()
        .is_some_and(|last| !last.bytes().all(|byte| byte.is_ascii_digit()));
    if text.len() <= 254 && local_is_good && labels_are_good && ends_in_letters {
        Ok(text.to_ascii_lowercase())
    } else {
        Err(FORMAT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lower_case_and_trimmed() {
        assert_eq!(
            Email::parse(" Bids@Acorn.Example ").unwrap().as_str(),
            "bids@acorn.example"
        );
        assert!(Email::parse("o'neil+tag@a-b.co.uk").is_ok());
    }

    #[test]
    fn what_no_mail_can_reach_is_refused() {
        for bad in [
            "",
            "@",
            "a@b",
            "a@.example",
            "a@b..example",
            ".a@b.example",
            "a.@b.example",
            "a b@c.example",
            "a@b.example\nBcc: c@d.example",
            "a@-b.example",
            "a@127.0.0.1",
            "ä@b.example",
            "a@b@c.example",
            "<a@b.example>",
        ] {
            assert!(Email::parse(bad).is_err(), "{bad:?}");
        }
        assert!(Email::parse(&format!("{}@b.example", "a".repeat(65))).is_err());
    }
}

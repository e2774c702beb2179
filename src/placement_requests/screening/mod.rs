//! Screening: what in a free text can tell who the child is, and where.
//!
//! Whatever providers read before the award is screened: the brief, titles and guidance of criteria, questions and answers. It finds
//! what has a form (dates of birth, full postcodes, telephone and NHS numbers, email addresses) and the names that the authority
//! gave. It can't find everything that identifies a child, and finds things that don't; so a person removes a hit, or confirms it
//! with a reason.

mod confirming;
mod dates;
mod fold;
mod names;
mod numbers;

use std::ops::Range;
use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::Regex;

pub use confirming::{Confirmation, Identified};
pub use names::words_of_name;

use crate::values::codes;
use fold::Folded;

codes! {
    /// What a hit of the screening looks like.
    pub enum Identifier {
        Name("name", "a name that was given"),
        DateOfBirth("date_of_birth", "a date of birth"),
        Postcode("postcode", "a full postcode"),
        Phone("phone", "a telephone number"),
        Email("email", "an email address"),
        NhsNumber("nhs_number", "an NHS number"),
    }
}

/// Something in a text that can identify the child. Positions count characters (Unicode scalar values) from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// What it looks like.
    pub kind: Identifier,
    /// Its first character.
    pub start: usize,
    /// The character after its last.
    pub end: usize,
}

/// The postcode areas of the United Kingdom: the letters that a postcode begins with.
const AREAS: &str = "ab|al|b|ba|bb|bd|bf|bh|bl|bn|br|bs|bt|bx|ca|cb|cf|ch|cm|co|cr|ct|cv|cw|da|dd|de|dg|dh|dl|dn|dt|dy|e|ec|eh|en|ex|fk|fy|g|gl|gu|gy|ha|hd|hg|hp|hr|hs|hu|hx|ig|im|ip|iv|je|ka|kt|kw|ky|l|la|ld|le|ll|ln|ls|lu|m|me|mk|ml|n|ne|ng|nn|np|nr|nw|ol|ox|pa|pe|ph|pl|po|pr|rg|rh|rm|s|sa|se|sg|sk|sl|sm|sn|so|sp|sr|ss|st|sw|sy|ta|td|tf|tn|tq|tr|ts|tw|ub|w|wa|wc|wd|wf|wn|wr|ws|wv|yo|ze";

/// A full postcode: district, sector and unit, whose letters are never c, i, k, m, o or v.
static POSTCODE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(
        r"\b(?:{AREAS})[0-9][0-9a-z]?[ \-]{{0,2}}[0-9][abd-hjlnp-uw-z]{{2}}\b"
    ))
    .expect("the expression is well-formed")
});

static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[a-z0-9][a-z0-9._%+'\-]*\s?@\s?(?:[a-z0-9\-]+\.)+[a-z]{2,}").expect("the expression is well-formed")
});

/// Finds what can identify the child, in the order of the text; of finds that overlap the one that begins first.
///
/// `is_name` tells whether a plain word (see [`words_of_name`]) is of a name that was given.
pub fn screen(text: &str, today: NaiveDate, is_name: impl Fn(&str) -> bool) -> Vec<Hit> {
    let folded = Folded::of(text);
    let plain = folded.text.as_str();
    let by_pattern = |pattern: &Regex| pattern.find_iter(plain).map(|hit| hit.range()).collect::<Vec<_>>();
    let mut found: Vec<(Range<usize>, Identifier)> = [
        (Identifier::Email, by_pattern(&EMAIL)),
        (Identifier::NhsNumber, numbers::nhs_numbers(plain)),
        (Identifier::Phone, numbers::phones(plain)),
        (Identifier::Postcode, by_pattern(&POSTCODE)),
        (Identifier::DateOfBirth, dates::find(plain, today)),
        (Identifier::Name, names::find(&folded, is_name)),
    ]
    .into_iter()
    .flat_map(|(kind, ranges)| ranges.into_iter().map(move |range| (range, kind)))
    .collect();
    // Stable: where two begin and end alike, the kind listed first above stays.
    found.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    let mut covered = 0;
    found.retain(|(range, _)| {
        let new = range.start >= covered;
        if new {
            covered = range.end;
        }
        new
    });
    found
        .into_iter()
        .map(|(range, kind)| {
            let place = folded.place(&range);
            Hit {
                kind,
                start: place.start,
                end: place.end,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hits(text: &str) -> Vec<(Identifier, String)> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let names = words_of_name("Aïsha Khan");
        screen(text, today, |word| names.iter().any(|name| name == word))
            .into_iter()
            .map(|hit| {
                (
                    hit.kind,
                    text.chars().skip(hit.start).take(hit.end - hit.start).collect(),
                )
            })
            .collect()
    }

    #[test]
    fn each_kind_is_found_in_its_place() {
        use Identifier::{DateOfBirth, Email, Name, NhsNumber, Phone, Postcode};
        for (text, expected) in [
            (
                "Her number is 07700 900123 and she lives at RG1 1AF.",
                vec![(Phone, "07700 900123"), (Postcode, "RG1 1AF")],
            ),
            (
                "Ring Aïsha’s school — Khan, (DOB 12/03/2012)",
                vec![(Name, "Aïsha"), (Name, "Khan"), (DateOfBirth, "12/03/2012")],
            ),
            ("aisha.khan@school.example", vec![(Email, "aisha.khan@school.example")]),
            (
                "943 476 5919 at rg11af or RG1\u{A0}1AF",
                vec![
                    (NhsNumber, "943 476 5919"),
                    (Postcode, "rg11af"),
                    (Postcode, "RG1\u{A0}1AF"),
                ],
            ),
            (
                "EC1A 1BB, W1A 0AX, M1 1AE",
                vec![(Postcode, "EC1A 1BB"), (Postcode, "W1A 0AX"), (Postcode, "M1 1AE")],
            ),
            ("0\u{200B}7700 900123", vec![(Phone, "0\u{200B}7700 900123")]),
            (
                "Near RG1, KS3 2nd year, B12 5mg, room 101, 2:1 staffing, age 14",
                vec![],
            ),
            ("", vec![]),
        ] {
            let expected: Vec<_> = expected.into_iter().map(|(kind, hit)| (kind, hit.to_owned())).collect();
            assert_eq!(hits(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_can_be_screened_and_hits_stand_apart_inside_it(text in "\\PC{0,80}") {
            let found = hits_of(&text);
            let length = text.chars().count();
            for hit in &found {
                prop_assert!(hit.start < hit.end && hit.end <= length);
            }
            for pair in found.windows(2) {
                prop_assert!(pair[0].end <= pair[1].start);
            }
        }

        #[test]
        fn what_identifies_is_found_between_any_words(before in "[a-z ,.]{0,30}", after in "[a-z ,.]{0,30}") {
            for (identifier, kind) in [
                ("07700 900123", Identifier::Phone),
                ("RG1 1AF", Identifier::Postcode),
                ("12/03/2012", Identifier::DateOfBirth),
                ("943 476 5919", Identifier::NhsNumber),
                ("Aisha", Identifier::Name),
            ] {
                let found = hits_of(&format!("{before} {identifier} {after}"));
                prop_assert!(found.iter().any(|hit| hit.kind == kind), "{identifier}: {found:?}");
            }
        }
    }

    fn hits_of(text: &str) -> Vec<Hit> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        screen(text, today, |word| word == "aisha")
    }
}

//! Telephone and NHS numbers in a text.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// Digits with the signs that people put between and around those of a telephone number.
static DIGITS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\+?[0-9](?:[ ().\-]{0,3}[0-9])*").expect("the expression is well-formed"));

/// One unbroken group of digits.
struct Group<'a> {
    at: Range<usize>,
    digits: &'a str,
}

/// Every run of digit groups in the plain text, and whether a plus stands before it.
fn runs(text: &str) -> impl Iterator<Item = (Range<usize>, bool, Vec<Group<'_>>)> {
    DIGITS.find_iter(text).map(|run| {
        let bytes = text.as_bytes();
        let mut groups: Vec<Group> = Vec::new();
        let mut at = run.start();
        while at < run.end() {
            let length = bytes[at..run.end()]
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            if length > 0 {
                groups.push(Group {
                    at: at..at + length,
                    digits: &text[at..at + length],
                });
            }
            at += length.max(1);
        }
        (run.range(), run.as_str().starts_with('+'), groups)
    })
}

/// Telephone numbers of the United Kingdom: national (`01632 960001`, `(020) 7946 0018`), international (`+44 (0)20 …`, `0044 …`)
/// and mobile numbers whose leading 0 a spreadsheet took (`7700 900123`).
pub(super) fn phones(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (run, plus, groups) in runs(text) {
        let mut first = 0;
        while first < groups.len() {
            let plus = plus && first == 0;
            // The longest stretch of groups from here that reads as a number.
            let number = (first..groups.len().min(first + 8)).rev().find(|&last| {
                let digits: String = groups[first..=last].iter().map(|group| group.digits).collect();
                is_phone(&digits, plus, last + 1 == groups.len())
            });
            match number {
                Some(last) => {
                    let start = if plus { run.start } else { groups[first].at.start };
                    found.push(start..groups[last].at.end);
                    first = last + 1;
                }
                None => first += 1,
            }
        }
    }
    found
}

/// Whether digits read as a telephone number. Only at the end of a run may it have the nine digits of the oldest area codes:
/// otherwise the start of a longer number would do.
fn is_phone(digits: &str, plus: bool, ends_run: bool) -> bool {
    let significant = if plus {
        let Some(abroad) = digits.strip_prefix("44") else {
            // Another country's number: seven to fifteen digits by ITU-T E.164.
            return (9..=15).contains(&digits.len());
        };
        abroad.strip_prefix('0').unwrap_or(abroad)
    } else if let Some(abroad) = digits.strip_prefix("0044") {
        abroad.strip_prefix('0').unwrap_or(abroad)
    } else if let Some(national) = digits.strip_prefix('0') {
        national
    } else {
        return digits.len() == 10 && digits.starts_with('7') && !digits.starts_with("70");
    };
    let area = significant.starts_with(['1', '2', '3', '5', '7', '8', '9']);
    let short = ends_run && significant.starts_with(['1', '8']);
    area && (significant.len() == 10 || short && significant.len() == 9)
}

/// NHS numbers: ten digits, together or as 3-3-4, whose last is the check digit by modulus 11 (NHS Data Dictionary).
pub(super) fn nhs_numbers(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (_, _, groups) in runs(text) {
        let mut first = 0;
        while first < groups.len() {
            let length = match &groups[first..] {
                [one, ..] if one.digits.len() == 10 => 1,
                [a, b, c, ..] if (a.digits.len(), b.digits.len(), c.digits.len()) == (3, 3, 4) => 3,
                _ => 0,
            };
            let digits: String = groups[first..first + length].iter().map(|group| group.digits).collect();
            if length > 0 && has_nhs_check_digit(&digits) {
                found.push(groups[first].at.start..groups[first + length - 1].at.end);
                first += length;
            } else {
                first += 1;
            }
        }
    }
    found
}

/// The ten digits weighed by 10, 9 … 2 and 1 add to a multiple of 11; a check digit of 10 is never given out.
fn has_nhs_check_digit(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .zip(1..)
        .map(|(byte, weight)| u32::from(byte - b'0') * weight)
        .sum();
    sum.is_multiple_of(11) && digits.bytes().any(|byte| byte != digits.as_bytes()[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str, find: fn(&str) -> Vec<Range<usize>>) -> Vec<&str> {
        find(text).into_iter().map(|at| &text[at]).collect()
    }

    #[test]
    fn telephone_numbers() {
        for (text, expected) in [
            ("her number is 07700 900123 and", vec!["07700 900123"]),
            ("07700900123", vec!["07700900123"]),
            ("0770 090 0123.", vec!["0770 090 0123"]),
            ("+44 7700 900123", vec!["+44 7700 900123"]),
            ("+44 (0)20 7946 0018", vec!["+44 (0)20 7946 0018"]),
            ("0044 20 7946 0018", vec!["0044 20 7946 0018"]),
            ("(020) 7946 0018", vec!["020) 7946 0018"]),
            ("01632-960-001", vec!["01632-960-001"]),
            ("016977 2345", vec!["016977 2345"]),
            ("0800 1111111", vec!["0800 1111111"]),
            ("7700 900123", vec!["7700 900123"]),
            ("+33 6 12 34 56 78 90", vec!["+33 6 12 34 56 78 90"]),
            ("call 07700 900123 2 times", vec!["07700 900123"]),
            ("2 calls: 2 07700 900123", vec!["07700 900123"]),
            ("07700 900123, 07700 900124", vec!["07700 900123", "07700 900124"]),
            ("07700 900123 07700 900124", vec!["07700 900123", "07700 900124"]),
            ("aged 14, 3 siblings, 10 miles, 2024-25", vec![]),
            ("077009001234567", vec![]),
            ("0700", vec![]),
            ("1000000000", vec![]),
        ] {
            assert_eq!(texts(text, phones), expected, "{text}");
        }
    }

    #[test]
    fn nhs_numbers_by_their_check_digit() {
        for (text, expected) in [
            ("NHS 943 476 5919", vec!["943 476 5919"]),
            ("9434765919", vec!["9434765919"]),
            ("943-476-5919 today", vec!["943-476-5919"]),
            ("943 476 5918", vec![]),
            ("94347659190", vec![]),
            ("94 3476 5919", vec![]),
            ("0000000000", vec![]),
        ] {
            assert_eq!(texts(text, nhs_numbers), expected, "{text}");
        }
    }
}

//! Dates in a text that can be a date of birth, in the spellings of the United Kingdom.

use std::ops::Range;
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use regex::Regex;

/// Years back from today within which a date can be the birthday of a child, a sibling or a young parent.
const YEARS: i32 = 25;

/// How many bytes before a date a word such as "born" still speaks of it.
const REACH: usize = 30;

/// The spellings of a date. Each names its parts `d`, `m` (a number or a word) and `y` (`y4` after a comma); one that lacks a part is a date only where a
/// birth is spoken of.
static SPELLINGS: LazyLock<[Regex; 7]> = LazyLock::new(|| {
    let month = r"(?P<m>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?";
    let year = r"'?(?P<y>[0-9]{4}|[0-9]{2})\b";
    [
        // 12 March 2010, 12th of Mar '10, 12-Mar-10, 12 March
        format!(r"\b(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?[\s\-/.]{{0,2}}(?:of\s)?{month}(?:[\s\-/]{{0,2}}{year}|,\s?(?P<y4>[0-9]{{4}})\b)?"),
        // March 12, 2010, March 12th
        format!(r"\b{month}[\s\-/]{{0,2}}(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?\b(?:[\s\-/]{{1,2}}{year}|,\s?(?P<y4>[0-9]{{4}})\b)?"),
        // March 2010
        format!(r"\b{month}[\s,]{{0,2}}(?P<y>[0-9]{{4}})\b"),
        // 12/03/2010, 12.3.10, 12 - 3 - 10
        format!(r"\b(?P<d>[0-9]{{1,2}})\s?[/.\-]\s?(?P<m>[0-9]{{1,2}})\s?[/.\-]\s?{year}"),
        // 12 03 2010
        r"\b(?P<d>[0-9]{1,2}) (?P<m>[0-9]{1,2}) (?P<y>[0-9]{4})\b".to_owned(),
        // 2010-03-12
        r"\b(?P<y>[0-9]{4})\s?[/.\-]\s?(?P<m>[0-9]{1,2})\s?[/.\-]\s?(?P<d>[0-9]{1,2})\b".to_owned(),
        // 12032010, 120310, 12/03
        r"\b(?:[0-9]{8}|[0-9]{6}|(?P<d>[0-9]{1,2})[/.\-](?P<m>[0-9]{1,2}))\b".to_owned(),
    ]
    .map(|pattern| Regex::new(&pattern).expect("the expression is well-formed"))
});

/// A word that says that a birth is spoken of.
static BIRTH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:born|birth|birthday|birthdate|birthdays|d\.?\s?o\.?\s?b)\b")
        .expect("the expression is well-formed")
});

/// Where the text has a date that can be a date of birth: a full date of the last 25 years, or any date, even one without its year,
/// after a word such as "born", "birthday" or "DOB".
pub(super) fn find(text: &str, today: NaiveDate) -> Vec<Range<usize>> {
    let births: Vec<usize> = BIRTH.find_iter(text).map(|word| word.end()).collect();
    let of_birth = |start: usize| births.iter().any(|&end| end <= start && start - end <= REACH);
    let mut found = Vec::new();
    for spelling in SPELLINGS.iter() {
        for parts in spelling.captures_iter(text) {
            let at = parts.get_match().range();
            let part = |name| parts.name(name).map(|part| part.as_str());
            let date = || full_date(part("d")?, part("m")?, part("y").or(part("y4"))?, today);
            if of_birth(at.start) || date().is_some_and(|date| date <= today && today.year() - date.year() <= YEARS) {
                found.push(at);
            }
        }
    }
    found
}

/// The date of these parts, the day before the month as in the United Kingdom unless only the other order gives one.
fn full_date(day: &str, month: &str, year: &str, today: NaiveDate) -> Option<NaiveDate> {
    let (day, written) = (day.parse().ok()?, year.parse::<i32>().ok()?);
    let year = match written {
        0..=99 if 2000 + written <= today.year() => 2000 + written,
        0..=99 => 1900 + written,
        _ => written,
    };
    match month.parse::<u32>() {
        Ok(month) => NaiveDate::from_ymd_opt(year, month, day).or_else(|| NaiveDate::from_ymd_opt(year, day, month)),
        Err(_) => NaiveDate::from_ymd_opt(year, month_of_word(month)?, day),
    }
}

/// The month that a word begins: three letters tell.
fn month_of_word(word: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    (1..)
        .zip(MONTHS)
        .find(|(_, short)| word.starts_with(short))
        .map(|(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_that_can_be_of_birth() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        for (text, expected) in [
            ("12/03/2010", vec!["12/03/2010"]),
            ("on 12.3.10 she", vec!["12.3.10"]),
            ("12-03-2010", vec!["12-03-2010"]),
            ("12 / 03 / 2010", vec!["12 / 03 / 2010"]),
            ("12 03 2010", vec!["12 03 2010"]),
            ("3/25/2012", vec!["3/25/2012"]),
            ("2010-03-12", vec!["2010-03-12"]),
            ("12 march 2010", vec!["12 march 2010"]),
            ("the 12th of march, 2010", vec!["12th of march, 2010"]),
            ("12mar10", vec!["12mar10"]),
            ("1st sept '12", vec!["1st sept '12"]),
            ("12-mar-2010", vec!["12-mar-2010"]),
            ("march 12th, 2010", vec!["march 12th, 2010"]),
            ("march 12 2010", vec!["march 12 2010"]),
            ("dob 120310", vec!["120310"]),
            ("d.o.b.: 12032010", vec!["12032010"]),
            ("her birthday is 12/03", vec!["12/03"]),
            ("her birthday is on 12 march", vec!["12 march"]),
            ("born in march 2010", vec!["march 2010"]),
            ("date of birth 31/12/1961", vec!["31/12/1961"]),
            // Neither a birth nor near enough to be one.
            ("by 12/12/2026, from 1 january 2027", vec![]),
            ("since march 2024, on 12 march, 12/03", vec![]),
            ("31/12/1961", vec![]),
            ("45/45/2010, 31 february 2010", vec![]),
            ("24/7 care, 1:1 and 2:1, 16-17, 3.5 miles", vec![]),
            ("120310", vec![]),
            ("newborn 12/03", vec![]),
        ] {
            let mut found = find(text, today);
            found.sort_by_key(|at| (at.start, std::cmp::Reverse(at.end)));
            let longest = found.first().map(|at| vec![&text[at.clone()]]).unwrap_or_default();
            assert_eq!(longest, expected, "{text}");
        }
    }
}

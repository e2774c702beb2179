//! Working days in England and Wales: not a Saturday, a Sunday or a bank holiday.
//!
//! Bank holidays follow from the Banking and Financial Dealings Act 1971 and the yearly proclamations, computed by rule; what
//! was proclaimed once stands in [`MOVED`] and [`ONCE`]. Right from 2011 on; a holiday proclaimed in the future for one
//! occasion is added to [`ONCE`].

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeZone, Utc, Weekday};
use chrono_tz::Europe::London;

const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a date written here exists")
}

/// Holidays that were moved in one year: from the date of the rule to another.
const MOVED: [(NaiveDate, NaiveDate); 3] = [
    (day(2012, 5, 28), day(2012, 6, 4)), // the Diamond Jubilee
    (day(2020, 5, 4), day(2020, 5, 8)),  // 75 years after the end of the war in Europe
    (day(2022, 5, 30), day(2022, 6, 2)), // the Platinum Jubilee
];

/// Holidays of one occasion.
const ONCE: [NaiveDate; 5] = [
    day(2011, 4, 29), // a royal wedding
    day(2012, 6, 5),  // the Diamond Jubilee
    day(2022, 6, 3),  // the Platinum Jubilee
    day(2022, 9, 19), // the funeral of Queen Elizabeth II
    day(2023, 5, 8),  // the coronation of King Charles III
];

/// Easter Sunday of the Gregorian calendar (the anonymous algorithm, after Meeus, Jones and Butcher).
fn easter(year: i32) -> NaiveDate {
    let (golden, century, in_century) = (year % 19, year / 100, year % 100);
    let epact = (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (in_century / 4) - epact - in_century % 4) % 7;
    let correction = (golden + 11 * epact + 22 * weekday) / 451;
    let since_march = epact + weekday - 7 * correction + 114;
    NaiveDate::from_ymd_opt(
        year,
        (since_march / 31).unsigned_abs(),
        (since_march % 31 + 1).unsigned_abs(),
    )
    .expect("the algorithm answers a day of March or April")
}

fn shifted(date: NaiveDate, days: i64) -> NaiveDate {
    date.checked_add_signed(chrono::Duration::days(days))
        .expect("dates of this calendar are far from its ends")
}

/// The first Monday on or after the date.
fn monday_from(date: NaiveDate) -> NaiveDate {
    shifted(date, i64::from((7 - date.weekday().num_days_from_monday()) % 7))
}

/// The bank holidays of England and Wales in a year, in order.
pub fn bank_holidays(year: i32) -> Vec<NaiveDate> {
    let date = |month, day| NaiveDate::from_ymd_opt(year, month, day).expect("every year has these days");
    let easter = easter(year);
    // A holiday on a weekend is kept on the next weekday that is not one already; Christmas and Boxing Day go together.
    let new_year = match date(1, 1).weekday() {
        Weekday::Sat | Weekday::Sun => monday_from(date(1, 1)),
        _ => date(1, 1),
    };
    let (christmas, boxing) = match date(12, 25).weekday() {
        Weekday::Fri => (date(12, 25), date(12, 28)),
        Weekday::Sat => (date(12, 27), date(12, 28)),
        Weekday::Sun => (date(12, 27), date(12, 26)),
        _ => (date(12, 25), date(12, 26)),
    };
    let mut holidays = vec![
        new_year,
        shifted(easter, -2),
        shifted(easter, 1),
        monday_from(date(5, 1)),
        monday_from(date(5, 25)),
        monday_from(date(8, 25)),
        christmas,
        boxing,
    ];
    for holiday in &mut holidays {
        if let Some((_, to)) = MOVED.iter().find(|(from, _)| from == holiday) {
            *holiday = *to;
        }
    }
    holidays.extend(ONCE.iter().filter(|once| once.year() == year));
    holidays.sort_unstable();
    holidays
}

/// The `days`-th working day after the date, which itself does not count; the date itself for none.
pub fn add_working_days(date: NaiveDate, days: u32) -> NaiveDate {
    let mut holidays = (date.year(), bank_holidays(date.year()));
    let (mut at, mut left) = (date, days);
    while left > 0 {
        at = at + Days::new(1);
        if holidays.0 != at.year() {
            holidays = (at.year(), bank_holidays(at.year()));
        }
        if !matches!(at.weekday(), Weekday::Sat | Weekday::Sun) && !holidays.1.contains(&at) {
            left -= 1;
        }
    }
    at
}

/// The last second of the date as the clocks in the United Kingdom show it: when something due "by that day" is due.
pub fn end_of_day(date: NaiveDate) -> DateTime<Utc> {
    let last_second = NaiveTime::from_hms_opt(23, 59, 59).expect("23:59:59 is a time of day");
    in_uk(date, last_second)
}

/// Five in the afternoon of the date as the clocks in the United Kingdom show it: when a working day ends.
pub fn close_of_business(date: NaiveDate) -> DateTime<Utc> {
    in_uk(date, NaiveTime::from_hms_opt(17, 0, 0).expect("17:00 is a time of day"))
}

fn in_uk(date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    London
        .from_local_datetime(&date.and_time(time))
        .single()
        .expect("the clocks in the United Kingdom change at one in the morning, which is asked for by nobody here")
        .to_utc()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// As published on gov.uk/bank-holidays (to 2028) and, after that, as the rule of the Act gives with the dates of Easter
    /// from the tables of the Book of Common Prayer.
    const KNOWN: &[(i32, &str)] = &[
        (2011, "01-03 04-22 04-25 04-29 05-02 05-30 08-29 12-26 12-27"),
        (2012, "01-02 04-06 04-09 05-07 06-04 06-05 08-27 12-25 12-26"),
        (2019, "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26"),
        (2020, "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28"),
        (2021, "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28"),
        (2022, "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27"),
        (2023, "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26"),
        (2024, "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26"),
        (2025, "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26"),
        (2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28"),
        (2027, "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28"),
        (2028, "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26"),
        (2029, "01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26"),
        (2030, "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26"),
        (2031, "01-01 04-11 04-14 05-05 05-26 08-25 12-25 12-26"),
        (2032, "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28"),
        (2033, "01-03 04-15 04-18 05-02 05-30 08-29 12-26 12-27"),
        (2034, "01-02 04-07 04-10 05-01 05-29 08-28 12-25 12-26"),
        (2035, "01-01 03-23 03-26 05-07 05-28 08-27 12-25 12-26"),
    ];

    fn on(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn bank_holidays_are_the_known_ones() {
        for (year, known) in KNOWN {
            let known: Vec<NaiveDate> = known.split(' ').map(|date| on(&format!("{year}-{date}"))).collect();
            assert_eq!(bank_holidays(*year), known, "{year}");
        }
    }

    #[test]
    fn working_days_step_over_weekends_and_holidays() {
        for (from, days, to) in [
            ("2026-11-23", 0, "2026-11-23"),
            ("2026-11-23", 1, "2026-11-24"),
            ("2026-11-27", 1, "2026-11-30"), // Friday
            ("2026-11-28", 1, "2026-11-30"), // Saturday
            ("2026-04-02", 1, "2026-04-07"), // Easter
            ("2026-12-24", 1, "2026-12-29"), // Christmas on a Friday
            ("2026-12-23", 10, "2027-01-11"),
            ("2022-06-01", 1, "2022-06-06"), // the Platinum Jubilee
            ("2028-12-29", 1, "2029-01-02"),
        ] {
            assert_eq!(add_working_days(on(from), days), on(to), "{days} after {from}");
        }
    }

    #[test]
    fn the_day_ends_by_the_clocks_of_the_country() {
        assert_eq!(end_of_day(on("2026-01-15")).to_rfc3339(), "2026-01-15T23:59:59+00:00");
        assert_eq!(end_of_day(on("2026-07-15")).to_rfc3339(), "2026-07-15T22:59:59+00:00");
        for change in ["2026-03-29", "2026-10-25"] {
            assert_eq!(end_of_day(on(change)).with_timezone(&London).date_naive(), on(change));
        }
    }

    fn is_working_day(date: NaiveDate) -> bool {
        !matches!(date.weekday(), Weekday::Sat | Weekday::Sun) && !bank_holidays(date.year()).contains(&date)
    }

    proptest! {
        #[test]
        fn a_due_day_is_a_working_day_and_days_add_up(offset in 0u64..9000, first in 1u32..30, second in 1u32..30) {
            let from = on("2011-01-01") + Days::new(offset);
            let due = add_working_days(from, first);
            prop_assert!(is_working_day(due) && due > from);
            prop_assert_eq!(add_working_days(due, second), add_working_days(from, first + second));
        }
    }
}

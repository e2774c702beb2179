//! How rules about several fields of a body name the field that is wrong, within the `validator` crate and without it.

use std::borrow::Cow;

use chrono::{Datelike, NaiveDate};
use validator::ValidationError;

use super::{Money, PriceLines};
use crate::clock::Instant;
use crate::error::{FieldErrors, Result};

/// A field that is wrong by what another one says: the error carries its name.
pub fn wrong(field: &'static str, code: &'static str, message: impl Into<Cow<'static, str>>) -> ValidationError {
    let mut error = ValidationError::new(code).with_message(message.into());
    error.add_param(Cow::from("field"), &field);
    error
}

/// A day that somebody can mean: in this century.
pub fn day(day: &NaiveDate) -> Result<(), ValidationError> {
    if (2000..2100).contains(&day.year()) {
        Ok(())
    } else {
        Err(ValidationError::new("range").with_message("must be a day of this century".into()))
    }
}

/// A time that somebody can mean: in this century.
pub fn time(at: &Instant) -> Result<(), ValidationError> {
    day(&at.date_in_uk()).map_err(|error| error.with_message("must be a time of this century".into()))
}

/// The `price` of a body, if it is one: four lines of nothing are a slip.
pub fn costs_something(price: &PriceLines) -> Result<(), ValidationError> {
    if price.total() == Money::ZERO {
        Err(wrong(
            "price.core",
            "range",
            "must not be nothing, as the other lines are",
        ))
    } else {
        Ok(())
    }
}

/// A sum of at least a penny.
pub fn some_money(sum: &Money) -> Result<(), ValidationError> {
    if *sum == Money::ZERO {
        Err(ValidationError::new("range").with_message("must be more than nothing".into()))
    } else {
        Ok(())
    }
}

/// A check of what holds between the fields of something.
pub type Check<T> = fn(&T) -> Result<(), ValidationError>;

/// Runs such checks on what a change would lead to.
pub fn refuse_wrong<T>(after: &T, checks: &[Check<T>]) -> Result<()> {
    let mut errors = FieldErrors::new();
    for error in checks.iter().filter_map(|check| check(after).err()) {
        let field = error
            .params
            .get("field")
            .and_then(|field| field.as_str())
            .unwrap_or_default();
        errors.add(field.to_owned(), error.code, error.message.unwrap_or_default());
    }
    errors.into_result()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_or_time_is_of_this_century() {
        for (text, fine) in [
            ("2000-01-01", true),
            ("2099-12-31", true),
            ("1999-12-31", false),
            ("2100-01-01", false),
            ("0026-11-23", false),
            ("-0001-01-01", false),
            ("+12026-11-23", false),
        ] {
            assert_eq!(day(&text.parse().unwrap()).is_ok(), fine, "{text}");
        }
        assert!(time(&"2026-03-04T17:00:00Z".parse().unwrap()).is_ok());
        assert!(time(&"2999-03-04T17:00:00Z".parse().unwrap()).is_err());
    }

    #[test]
    fn nothing_is_no_price_and_no_sum() {
        let price = |other: &str| PriceLines {
            other: other.parse().unwrap(),
            ..PriceLines::default()
        };
        assert!(costs_something(&price("0.00")).is_err() && costs_something(&price("0.01")).is_ok());
        assert!(some_money(&Money::ZERO).is_err() && some_money(&price("0.01").other).is_ok());
    }
}

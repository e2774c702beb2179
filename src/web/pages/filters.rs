//! How templates say days and counts.

#![allow(
    missing_docs,
    clippy::inline_always,
    reason = "the macro writes types and functions beside those that stand here"
)]

use askama::Values;
use chrono::NaiveDate;
use std::fmt::Display;

/// A day, through however many references a template holds it.
pub trait Day {
    /// The day.
    fn day(&self) -> NaiveDate;
}

impl Day for NaiveDate {
    fn day(&self) -> NaiveDate {
        *self
    }
}

impl<T: Day> Day for &T {
    fn day(&self) -> NaiveDate {
        (*self).day()
    }
}

/// A day as people say it: `4 March 2026`.
#[askama::filter_fn]
pub fn day(day: impl Day, _: &dyn Values) -> askama::Result<String> {
    Ok(day.day().format("%-d %B %Y").to_string())
}

/// A count with its noun: `1 bid`, `3 bids`.
#[askama::filter_fn]
pub fn count(number: impl Display, _: &dyn Values, one: &str, many: &str) -> askama::Result<String> {
    let number = number.to_string();
    let noun = if number == "1" { one } else { many };
    Ok(format!("{number} {noun}"))
}

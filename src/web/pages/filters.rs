//! How templates say days and counts.

#![allow(missing_docs, reason = "the macro writes types beside the functions")]

use askama::Values;
use chrono::NaiveDate;
use std::borrow::Borrow;
use std::fmt::Display;

/// A day as people say it: `4 March 2026`.
#[askama::filter_fn]
pub fn day(day: impl Borrow<NaiveDate>, _: &dyn Values) -> askama::Result<String> {
    Ok(day.borrow().format("%-d %B %Y").to_string())
}

/// A count with its noun: `1 bid`, `3 bids`.
#[askama::filter_fn]
pub fn count(number: impl Display, _: &dyn Values, one: &str, many: &str) -> askama::Result<String> {
    let number = number.to_string();
    let noun = if number == "1" { one } else { many };
    Ok(format!("{number} {noun}"))
}

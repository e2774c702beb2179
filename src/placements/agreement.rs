//! The individual placement agreement, made from bid, contract version and request. It names the papers it stands on by their SHA-256 rather
//! than repeating them, and neither names the child nor says where the home is.

use super::rules::FundingSplit;
use crate::awards::{letters::cost_lines, rules::on_framework_terms};
use crate::error::{Error, Result};
use crate::values::{Money, PriceLines, ProcurementRoute, Urn};
use askama::Template;
use chrono::NaiveDate;
use sha2::{Digest, Sha256};

/// What an agreement says.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The request's reference.
    pub reference: String,
    /// The number of the terms, from 1.
    pub number: i32,
    /// The authority's name.
    pub authority: String,
    /// The provider's name.
    pub provider: String,
    /// The home's name.
    pub home: String,
    /// The home's registration number.
    pub ofsted_urn: Urn,
    /// The child's place and those of siblings.
    pub places: i32,
    /// The receipt of the bid; `None` for a direct award.
    pub bid_sha256: Option<String>,
    /// The procurement route.
    pub route: ProcurementRoute,
    /// The framework's reference and title.
    pub framework: String,
    /// The contract version that applies; `None` for a spot purchase, and where the framework has none in force.
    pub contract: Option<Contract>,
    /// The agreed first day.
    pub starts_on: NaiveDate,
    /// The first day of these terms.
    pub effective_on: NaiveDate,
    /// The weekly price.
    pub price: PriceLines,
    /// Who pays it.
    pub funding: FundingSplit,
    /// Why the terms were varied; `None` for the first.
    pub reason: Option<String>,
    /// The day on which the provider accepted.
    pub agreed_on: NaiveDate,
}

/// The contract version an agreement stands on.
#[derive(Debug, Clone)]
pub struct Contract {
    /// Its number within the framework.
    pub number: i32,
    /// Its title.
    pub title: String,
    /// The day from which it is in force.
    pub effective_on: NaiveDate,
    /// SHA-256 of its text, lower-case hex.
    pub sha256: String,
}

#[derive(Template)]
#[template(path = "placements/agreement.txt")]
struct Agreement<'a> {
    facts: &'a Facts,
}

fn in_words(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

impl Facts {
    fn on_framework_terms(&self) -> bool {
        on_framework_terms(self.route)
    }

    fn starts_on(&self) -> String {
        in_words(self.starts_on)
    }

    fn effective_on(&self) -> String {
        in_words(self.effective_on)
    }

    fn agreed_on(&self) -> String {
        in_words(self.agreed_on)
    }

    fn lines(&self) -> Vec<(&'static str, Money)> {
        cost_lines(self.price)
    }
}

impl Contract {
    fn effective_on(&self) -> String {
        in_words(self.effective_on)
    }
}

/// The text of an agreement, and its SHA-256 in lower-case hex.
pub fn agreement(facts: &Facts) -> Result<(String, String)> {
    let text = Agreement { facts }.render().map_err(Error::internal)?;
    let sha256 = hex::encode(Sha256::digest(text.as_bytes()));
    Ok((text, sha256))
}

#[cfg(test)]
mod tests;

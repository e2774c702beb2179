//! What people send.

use super::rules::FundingSplit;
use crate::values::{PlacementEndReason, PriceLines};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// That a placement has started.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Starting {
    /// The first day: the agreed one, or earlier, or later; today at the latest.
    #[validate(custom(function = "crate::values::checks::day"))]
    pub started_on: NaiveDate,
}

/// That a placement has ended.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Stopping {
    /// The last day; today at the latest.
    #[validate(custom(function = "crate::values::checks::day"))]
    pub ended_on: NaiveDate,
    /// Why.
    pub reason: PlacementEndReason,
}

/// New terms of a placement.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "something", skip_on_field_errors = false))]
pub struct NewTerms {
    /// The first day on which they hold.
    #[validate(custom(function = "crate::values::checks::day"))]
    pub effective_on: NaiveDate,
    /// The weekly price; the one that stands when absent.
    #[validate(custom(function = "crate::values::checks::costs_something"))]
    pub price: Option<PriceLines>,
    /// Who pays; as it stands when absent.
    #[validate(nested)]
    pub funding: Option<FundingSplit>,
    /// Why the terms change.
    #[validate(length(min = 1, max = 2000), custom(function = "crate::values::text::prose"))]
    #[schema(example = "A tutor for the mornings.")]
    pub reason: String,
}

fn something(terms: &NewTerms) -> Result<(), ValidationError> {
    if terms.price.is_some() || terms.funding.is_some() {
        Ok(())
    } else {
        Err(crate::values::checks::wrong(
            "price",
            "required",
            "must be given with the other cost lines, or a funding split, or both",
        ))
    }
}

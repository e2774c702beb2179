//! What is paid, by whom, from which day on.

use crate::ids::PersonId;
use crate::values::PriceLines;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// Who pays, in whole percent of the weekly total; together 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "whole", skip_on_field_errors = false))]
pub struct FundingSplit {
    /// The authority's social care.
    #[validate(range(min = 0, max = 100))]
    #[schema(example = 70)]
    pub social_care: i32,
    /// The authority's education.
    #[validate(range(min = 0, max = 100))]
    #[schema(example = 20)]
    pub education: i32,
    /// The health service.
    #[validate(range(min = 0, max = 100))]
    #[schema(example = 10)]
    pub health: i32,
}

impl Default for FundingSplit {
    /// Social care pays all.
    fn default() -> Self {
        Self {
            social_care: 100,
            education: 0,
            health: 0,
        }
    }
}

fn whole(split: &FundingSplit) -> Result<(), ValidationError> {
    let total = i64::from(split.social_care) + i64::from(split.education) + i64::from(split.health);
    if total == 100 {
        Ok(())
    } else {
        Err(ValidationError::new("funding.not_100")
            .with_message("must total 100: social care, education and health together".into()))
    }
}

/// The terms of a placement from a day on: number 1 as agreed, each later one a variation.
#[derive(Debug, Clone, PartialEq)]
pub struct Terms {
    /// Counts from 1.
    pub number: i32,
    /// The first day on which they hold.
    pub effective_on: NaiveDate,
    /// The weekly price.
    pub price: PriceLines,
    /// Who pays it.
    pub funding: FundingSplit,
    /// Why they were changed; `None` for the first.
    pub reason: Option<String>,
    /// SHA-256 of the agreement as it reads with them, lower-case hex.
    pub sha256: String,
    /// Who recorded them.
    pub recorded_by: PersonId,
}

/// The terms that hold on `day`: the last that had taken effect, or the first where none has yet. `terms` are in the order of their days.
pub fn in_force(terms: &[Terms], day: NaiveDate) -> Option<&Terms> {
    terms
        .iter()
        .rev()
        .find(|terms| terms.effective_on <= day)
        .or_else(|| terms.first())
}

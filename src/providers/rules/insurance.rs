//! A provider's insurance: told once, it counts for every admission.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::values::Money;

/// A liability insurance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Insurance {
    /// The insurer's number of the policy.
    #[validate(length(max = 100), custom(function = "crate::values::text::line"))]
    #[schema(min_length = 1, max_length = 100, example = "PL-2026-0417")]
    pub policy_number: String,
    /// The sum that it covers.
    #[validate(custom(function = "crate::values::checks::some_money"))]
    pub cover: Money,
    /// The last day on which it covers.
    #[validate(custom(function = "crate::values::checks::day"))]
    pub expires_on: NaiveDate,
}

/// How many days before insurance runs out the provider is reminded.
pub const REMINDER_DAYS: [i64; 4] = [90, 60, 30, 7];

/// Which reminder is due: the last of [`REMINDER_DAYS`] that has come. A late worker so sends one reminder, not all that it
/// missed. None before the first, and none once the insurance has expired.
pub fn reminder_due(expires_on: NaiveDate, today: NaiveDate) -> Option<i64> {
    let left = (expires_on - today).num_days();
    REMINDER_DAYS.into_iter().rev().find(|days| (0..=*days).contains(&left))
}

/// Whether insurance that covers up to and including `expires_on` has run out on this day.
pub fn expired_on(expires_on: NaiveDate, today: NaiveDate) -> bool {
    expires_on < today
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_reminder_that_has_come_is_due() {
        let today: NaiveDate = "2026-03-02".parse().unwrap();
        for (left, due) in [
            (91, None),
            (90, Some(90)),
            (61, Some(90)),
            (60, Some(60)),
            (31, Some(60)),
            (30, Some(30)),
            (8, Some(30)),
            (7, Some(7)),
            (0, Some(7)),
            (-1, None),
        ] {
            let expires_on = today + chrono::Duration::days(left);
            assert_eq!(reminder_due(expires_on, today), due, "{left} days left");
            assert_eq!(expired_on(expires_on, today), left < 0, "{left} days left");
        }
    }
}

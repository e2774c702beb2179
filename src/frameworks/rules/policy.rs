//! The rules that a framework sets for itself. The procurement route is data: nothing of this is fixed by it in code.

use chrono::Duration;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::clock::Instant;
use crate::values::checks::wrong;
use crate::values::working_days::{add_working_days, close_of_business};
use crate::values::{Money, NeededBy, OfstedGrade, ValueError, codes};

codes! {
    /// What a price above a ceiling of its lot means.
    pub enum CeilingRule {
        Warn("warn", "Allowed, with a warning"),
        Block("block", "Refused"),
    }

    /// Who is invited to a competition.
    pub enum InviteRule {
        AllAdmitted("all_admitted", "Every provider admitted to the lot"),
        MatchingFirst("matching_first", "Providers with a matching home"),
    }
}

/// The shortest time for bids, in minutes as the clock runs, by how soon a home is needed. Nought means no minimum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
#[schema(example = json!({"Today": 60, "WithinFiveDays": 1440, "MoreThanFiveDays": 7200}))]
pub struct BidWindowMinutes {
    /// Needed today.
    #[serde(deserialize_with = "minutes")]
    #[schema(minimum = 0, maximum = 527_040)]
    pub today: i32,
    /// Needed within five days.
    #[serde(deserialize_with = "minutes")]
    #[schema(minimum = 0, maximum = 527_040)]
    pub within_five_days: i32,
    /// Needed later.
    #[serde(deserialize_with = "minutes")]
    #[schema(minimum = 0, maximum = 527_040)]
    pub more_than_five_days: i32,
}

const MINUTES_IN_A_YEAR: i32 = 366 * 24 * 60;

/// Reads minutes and checks them on the way: the validator crate would name the field as the code does, not as the body does.
fn minutes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i32, D::Error> {
    let minutes = i32::deserialize(deserializer)?;
    if (0..=MINUTES_IN_A_YEAR).contains(&minutes) {
        Ok(minutes)
    } else {
        let wrong = ValueError::new("range", "must be 0 to 527040 minutes, a year");
        Err(serde::de::Error::custom(wrong))
    }
}

/// What a framework decides about its competitions and awards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "weights_in_order", skip_on_field_errors = false))]
pub struct Policy {
    /// The least weight that price may have in a competition, out of 100.
    #[validate(range(min = 0, max = 100))]
    #[schema(minimum = 0, maximum = 100, example = 20)]
    pub price_weight_min: i32,
    /// The greatest weight that price may have, out of 100.
    #[validate(range(min = 0, max = 100))]
    #[schema(minimum = 0, maximum = 100, example = 60)]
    pub price_weight_max: i32,
    /// The shortest time for bids.
    pub bid_window_minutes: BidWindowMinutes,
    /// The shortest time for bids where a home is needed in more than five days, in working days of England: bids don't close before
    /// 17:00 in the United Kingdom on the last of them. Left out or nought, there is none but the minutes; with both, the longer holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 0, max = 60))]
    #[schema(minimum = 0, maximum = 60, example = 5)]
    pub bid_window_working_days: Option<i32>,
    /// Working days between the award decision and its confirmation; nought means none.
    #[validate(range(min = 0, max = 60))]
    #[schema(minimum = 0, maximum = 60, example = 0)]
    pub standstill_working_days: i32,
    /// The gateway: a home with a worse grade may not bid. Not yet inspected stands between good and requires improvement.
    pub worst_grade: OfstedGrade,
    /// An award above this weekly total needs an approver; none where price alone never does.
    #[serde(default)]
    pub approval_weekly_price: Option<Money>,
    /// What a price above a ceiling means.
    pub price_ceiling_rule: CeilingRule,
    /// Who is invited to a competition.
    pub invite_rule: InviteRule,
}

fn weights_in_order(policy: &Policy) -> Result<(), ValidationError> {
    if policy.price_weight_min <= policy.price_weight_max {
        Ok(())
    } else {
        Err(wrong("price_weight_max", "range", "must not be below the least weight"))
    }
}

impl Policy {
    /// The earliest moment at which bids for a request that is published now may close.
    pub fn earliest_deadline(&self, needed_by: NeededBy, now: Instant) -> Instant {
        let by_the_clock = now.plus(self.bid_window(needed_by));
        match self.bid_window_days(needed_by) {
            0 => by_the_clock,
            days => by_the_clock.max(Instant::new(close_of_business(add_working_days(
                now.date_in_uk(),
                days,
            )))),
        }
    }

    /// The shortest time between publication and deadline in working days; nought for none.
    pub fn bid_window_days(&self, needed_by: NeededBy) -> u32 {
        match needed_by {
            NeededBy::Today | NeededBy::WithinFiveDays => 0,
            NeededBy::MoreThanFiveDays => self
                .bid_window_working_days
                .map_or(0, |days| u32::try_from(days).unwrap_or(0)),
        }
    }

    /// The shortest time between publication and deadline as the clock runs.
    pub fn bid_window(&self, needed_by: NeededBy) -> Duration {
        let windows = &self.bid_window_minutes;
        Duration::minutes(i64::from(match needed_by {
            NeededBy::Today => windows.today,
            NeededBy::WithinFiveDays => windows.within_five_days,
            NeededBy::MoreThanFiveDays => windows.more_than_five_days,
        }))
    }

    /// Whether price may have this weight.
    pub fn allows_price_weight(&self, weight: i32) -> bool {
        (self.price_weight_min..=self.price_weight_max).contains(&weight)
    }

    /// Whether a price above a ceiling is refused.
    pub fn blocks_over_ceiling(&self) -> bool {
        self.price_ceiling_rule == CeilingRule::Block
    }
}

#[cfg(test)]
pub(in crate::frameworks) fn sample() -> Policy {
    Policy {
        price_weight_min: 20,
        price_weight_max: 60,
        bid_window_minutes: BidWindowMinutes {
            today: 60,
            within_five_days: 24 * 60,
            more_than_five_days: 0,
        },
        bid_window_working_days: Some(5),
        standstill_working_days: 0,
        worst_grade: OfstedGrade::RequiresImprovement,
        approval_weekly_price: Some(Money::parse("9000.00").unwrap()),
        price_ceiling_rule: CeilingRule::Block,
        invite_rule: InviteRule::MatchingFirst,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_read_by_the_codes_of_urgency() {
        let json = r#"{"Today":0,"WithinFiveDays":5,"MoreThanFiveDays":7}"#;
        let windows: BidWindowMinutes = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&windows).unwrap(), json);
        let policy = Policy {
            bid_window_minutes: windows,
            ..sample()
        };
        let minutes = NeededBy::ALL.iter().map(|by| policy.bid_window(*by).num_minutes());
        assert_eq!(minutes.collect::<Vec<_>>(), [0, 5, 7]);
        for (minutes, fine) in [
            ("527040", true),
            ("-1", false),
            ("527041", false),
            ("0.5", false),
            ("\"0\"", false),
        ] {
            let json = json.replace('5', minutes);
            assert_eq!(serde_json::from_str::<BidWindowMinutes>(&json).is_ok(), fine, "{json}");
        }
    }

    #[test]
    fn working_days_count_to_five_in_the_afternoon_of_the_last() {
        let earliest = |policy: &Policy, by, now: &str| policy.earliest_deadline(by, now.parse().unwrap()).to_string();
        let later = NeededBy::MoreThanFiveDays;
        for (published, closes) in [
            // On a Monday, early and late.
            ("2026-11-23T01:03:00Z", "2026-11-30T17:00:00Z"),
            ("2026-11-23T23:59:00Z", "2026-11-30T17:00:00Z"),
            // Over a weekend.
            ("2026-11-28T12:00:00Z", "2026-12-04T17:00:00Z"),
            // Over Christmas, Boxing Day (kept on the Monday) and New Year's Day.
            ("2026-12-23T09:00:00Z", "2027-01-04T17:00:00Z"),
            // In summer time.
            ("2026-06-01T09:00:00Z", "2026-06-08T16:00:00Z"),
        ] {
            assert_eq!(earliest(&sample(), later, published), closes, "{published}");
        }
        // What is urgent runs by the clock.
        let monday = "2026-11-23T01:03:00Z";
        assert_eq!(earliest(&sample(), NeededBy::Today, monday), "2026-11-23T02:03:00Z");
        assert_eq!(
            earliest(&sample(), NeededBy::WithinFiveDays, monday),
            "2026-11-24T01:03:00Z"
        );

        let mut policy = sample();
        policy.bid_window_minutes.more_than_five_days = 10 * 24 * 60;
        assert_eq!(
            earliest(&policy, later, monday),
            "2026-12-03T01:03:00Z",
            "the longer holds"
        );
        for none in [None, Some(0)] {
            policy.bid_window_working_days = none;
            policy.bid_window_minutes.more_than_five_days = 0;
            assert_eq!(earliest(&policy, later, monday), monday, "{none:?}");
        }
    }

    #[test]
    fn a_policy_may_leave_the_working_days_out() {
        let mut stored = serde_json::to_value(sample()).unwrap();
        assert_eq!(stored["bid_window_working_days"], 5);
        stored.as_object_mut().unwrap().remove("bid_window_working_days");
        let read: Policy = serde_json::from_value(stored.clone()).unwrap();
        assert_eq!(read.bid_window_working_days, None);
        assert_eq!(serde_json::to_value(read).unwrap(), stored);
    }

    #[test]
    fn ranges() {
        assert!(sample().validate().is_ok());
        let wrong: [fn(&mut Policy); 7] = [
            |p| p.price_weight_min = -1,
            |p| p.price_weight_max = 101,
            |p| (p.price_weight_min, p.price_weight_max) = (61, 60),
            |p| p.standstill_working_days = -1,
            |p| p.standstill_working_days = 61,
            |p| p.bid_window_working_days = Some(-1),
            |p| p.bid_window_working_days = Some(61),
        ];
        for (case, make) in wrong.iter().enumerate() {
            let mut policy = sample();
            make(&mut policy);
            assert!(policy.validate().is_err(), "case {case}");
        }
        let mut edge = sample();
        (edge.price_weight_min, edge.price_weight_max) = (0, 100);
        assert!(edge.validate().is_ok());
        (edge.price_weight_min, edge.price_weight_max) = (40, 40);
        assert!(edge.validate().is_ok());
    }

    #[test]
    fn price_weight_within_the_range() {
        let policy = sample();
        for (weight, allowed) in [(19, false), (20, true), (60, true), (61, false)] {
            assert_eq!(policy.allows_price_weight(weight), allowed, "{weight}");
        }
    }
}

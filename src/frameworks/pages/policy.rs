//! A framework's own rules, as sentences.

use crate::frameworks::rules::Policy;
use crate::values::{NeededBy, OfstedGrade};

/// What the framework decides about its competitions and awards: each rule's name, and the rule.
pub fn policy_in_words(policy: &Policy) -> Vec<(&'static str, String)> {
    vec![
        ("Price", price(policy)),
        ("Time for bids", windows(policy)),
        ("Which homes may bid", gateway(policy.worst_grade)),
        ("Who is invited", policy.invite_rule.label().to_owned()),
        (
            "A price above a lot’s ceiling",
            policy.price_ceiling_rule.label().to_owned(),
        ),
        ("Approval", approval(policy)),
        ("Standstill", standstill(policy.standstill_working_days)),
    ]
}

fn price(policy: &Policy) -> String {
    let (min, max) = (policy.price_weight_min, policy.price_weight_max);
    if min == max {
        format!("Price counts for {min} points of 100, what the home offers for the rest.")
    } else {
        format!(
            "Price counts for {min} to {max} points of 100, as each request says; what the home offers counts for the rest."
        )
    }
}

fn windows(policy: &Policy) -> String {
    let at_least = |by| match (policy.bid_window_days(by), policy.bid_window(by).num_minutes()) {
        (0, 0) => "no minimum".to_owned(),
        (0, minutes) => format!("at least {}", time(minutes)),
        (days, 0) => format!("at least {}", working_days(days)),
        (days, minutes) => format!("at least {} and {}", working_days(days), time(minutes)),
    };
    format!(
        "Where a home is needed today, {}; within five days, {}; later, {}.",
        at_least(NeededBy::Today),
        at_least(NeededBy::WithinFiveDays),
        at_least(NeededBy::MoreThanFiveDays)
    )
}

/// Days as offices count them; the last ends at five in the afternoon.
fn working_days(days: u32) -> String {
    let plural = if days == 1 { "" } else { "s" };
    format!("{days} working day{plural} (to 17:00 on the last)")
}

/// Minutes as people say them: `1 hour`, `5 days`, `90 minutes`.
fn time(minutes: i64) -> String {
    let (number, unit) = match minutes {
        days if days % 1440 == 0 => (days / 1440, "day"),
        hours if hours % 60 == 0 => (hours / 60, "hour"),
        minutes => (minutes, "minute"),
    };
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {unit}{plural}")
}

fn gateway(worst: OfstedGrade) -> String {
    format!(
        "A home whose last inspection was worse than “{}” may not bid.",
        worst.label()
    )
}

fn approval(policy: &Policy) -> String {
    match policy.approval_weekly_price {
        Some(above) => format!("An award above {} a week needs an approver.", above.pounds()),
        None => "An award never needs an approver for its price alone.".to_owned(),
    }
}

fn standstill(days: i32) -> String {
    match days {
        0 => "An award is confirmed without a standstill.".to_owned(),
        1 => "One working day passes between the decision and its confirmation.".to_owned(),
        days => format!("{days} working days pass between the decision and its confirmation."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_in_their_largest_whole_unit() {
        for (minutes, words) in [
            (1, "1 minute"),
            (60, "1 hour"),
            (90, "90 minutes"),
            (1440, "1 day"),
            (7200, "5 days"),
        ] {
            assert_eq!(time(minutes), words);
        }
    }

    #[test]
    fn the_time_for_bids_is_said_in_working_days_in_minutes_or_both() {
        let mut policy = crate::frameworks::rules::sample_policy();
        let said = |policy: &Policy| windows(policy).rsplit_once("later, ").unwrap().1.to_owned();
        policy.bid_window_working_days = Some(1);
        policy.bid_window_minutes.more_than_five_days = 2_880;
        assert_eq!(
            said(&policy),
            "at least 1 working day (to 17:00 on the last) and 2 days."
        );
        policy.bid_window_working_days = None;
        assert_eq!(said(&policy), "at least 2 days.");
        policy.bid_window_minutes.more_than_five_days = 0;
        assert_eq!(said(&policy), "no minimum.");
    }

    #[test]
    fn every_rule_has_its_sentence() {
        let policy = crate::frameworks::rules::sample_policy();
        let rules: Vec<String> = policy_in_words(&policy).into_iter().map(|(_, rule)| rule).collect();
        assert_eq!(
            rules,
            [
                "Price counts for 20 to 60 points of 100, as each request says; what the home offers counts for the rest.",
                "Where a home is needed today, at least 1 hour; within five days, at least 1 day; later, at least 5 \
                 working days (to 17:00 on the last).",
                "A home whose last inspection was worse than “Requires improvement to be good” may not bid.",
                "Providers with a matching home",
                "Refused",
                "An award above £9,000.00 a week needs an approver.",
                "An award is confirmed without a standstill.",
            ]
        );
    }
}

//! What must be right before a request is published: all of it is said at once.

use chrono::{Days, NaiveDate};

use super::{Criterion, Identified, PlacementRequest, RequestRefused};
use crate::clock::Instant;
use crate::error::{Error, FieldErrors, Refused, Result};
use crate::frameworks::rules::{Lot, Policy};
use crate::values::{NeededBy, Suitability};

/// Refuses a request that can't be published now, naming everything that is wrong. The code is that of the first.
///
/// `unconfirmed` are the hits of the screening that nobody has answered for.
pub fn must_be_ready(
    request: &PlacementRequest,
    criteria: &[Criterion],
    lot: &Lot,
    policy: &Policy,
    unconfirmed: &[Identified],
    now: Instant,
) -> Result<()> {
    let mut wrong: Vec<(String, RequestRefused)> = Vec::new();
    let mut found = |field: &str, refused: RequestRefused| wrong.push((field.to_owned(), refused));

    let earliest = policy.earliest_deadline(request.needed_by, now);
    if request.bids_close_at < earliest || request.bids_close_at <= now {
        found(
            "bids_close_at",
            RequestRefused::WindowTooShort {
                earliest: earliest.in_uk(),
            },
        );
    }
    let total = request.price_weight + criteria.iter().map(|criterion| criterion.weight).sum::<i32>();
    if total != 100 {
        found("criteria", RequestRefused::WeightsNot100 { total });
    }
    if !policy.allows_price_weight(request.price_weight) {
        let (least, most) = (policy.price_weight_min, policy.price_weight_max);
        found("price_weight", RequestRefused::PriceWeightOutsidePolicy { least, most });
    }
    if let Some(refused) = start_against_urgency(request, now) {
        found("starts_on", refused);
    }
    if request.needs.suitability.of(lot.placement_type) == Suitability::Unsuitable {
        found(
            "needs.suitability",
            RequestRefused::LotUnsuitable {
                placement_type: lot.placement_type.label(),
            },
        );
    }
    let unstated = request.needs.risks_unstated();
    if !unstated.is_empty() {
        found(
            "needs.risks",
            RequestRefused::RisksUnstated {
                risks: unstated.labels(),
            },
        );
    }
    if request.brief.is_empty() {
        found("brief", RequestRefused::BriefMissing);
    }

    let mut errors = FieldErrors::new();
    for (field, refused) in &wrong {
        errors.add(field.clone(), refused.code(), refused.to_string());
    }
    Identified::name_all(unconfirmed, &mut errors);
    let screened = (!unconfirmed.is_empty()).then_some(RequestRefused::TextNamesChild {
        hits: unconfirmed.len(),
    });
    match wrong.into_iter().map(|(_, refused)| refused).chain(screened).next() {
        Some(first) => Err(Error::Refused(Refused::from(first).naming(errors))),
        None => Ok(()),
    }
}

/// The day of the start must suit the urgency: it sets how short the time for bids may be, so it is no mere word.
fn start_against_urgency(request: &PlacementRequest, now: Instant) -> Option<RequestRefused> {
    let today = now.date_in_uk();
    let in_days = |days| today.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX);
    let (first, last) = match request.needed_by {
        NeededBy::Today => (today, in_days(1)),
        NeededBy::WithinFiveDays => (today, in_days(5)),
        NeededBy::MoreThanFiveDays => (in_days(5), NaiveDate::MAX),
    };
    let first = first.max(request.bids_close_at.date_in_uk());
    if request.starts_on < first {
        Some(RequestRefused::StartsTooSoon { first })
    } else if request.starts_on > last {
        Some(RequestRefused::StartsTooLate {
            last,
            needed_by: request.needed_by.label(),
        })
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Hit, Identifier, samples};
    use super::*;
    use crate::frameworks::rules::{BidWindowMinutes, CeilingRule, InviteRule};
    use crate::values::{OfstedGrade, Risk};
    use chrono::Duration;

    fn policy() -> Policy {
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
            approval_weekly_price: None,
            price_ceiling_rule: CeilingRule::Block,
            invite_rule: InviteRule::MatchingFirst,
        }
    }

    /// Five in the afternoon of the fifth working day after the Sunday of [`samples::noon`].
    fn end_of_the_fifth() -> Instant {
        "2026-11-27T17:00:00Z".parse().unwrap()
    }

    type Change = fn(&mut PlacementRequest, &mut Vec<Criterion>, &mut Policy);

    fn codes(change: Change) -> Vec<(String, String)> {
        let ((mut request, mut criteria), mut policy) = (samples::draft(), policy());
        change(&mut request, &mut criteria, &mut policy);
        let lot = samples::lot(&request);
        match must_be_ready(&request, &criteria, &lot, &policy, &[], samples::noon()) {
            Ok(()) => Vec::new(),
            Err(Error::Refused(refused)) => {
                let named: Vec<_> = refused
                    .errors
                    .iter()
                    .map(|e| (e.field.to_string(), e.code.to_string()))
                    .collect();
                assert_eq!(refused.code, named[0].1);
                named
            }
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn what_publishing_asks() {
        let table: &[(Change, &[(&str, &str)])] = &[
            (|_, _, _| {}, &[]),
            (
                |r, _, _| r.bids_close_at = r.bids_close_at.minus(Duration::microseconds(1)),
                &[("bids_close_at", "request.window_too_short")],
            ),
            (
                |r, _, p| {
                    p.bid_window_minutes.within_five_days = 0;
                    r.bids_close_at = samples::noon();
                },
                &[("bids_close_at", "request.window_too_short")],
            ),
            (
                |r, _, p| {
                    p.bid_window_minutes.within_five_days = 0;
                    r.bids_close_at = samples::noon().plus(Duration::seconds(1));
                },
                &[],
            ),
            (
                |r, _, _| r.price_weight = 50,
                &[("criteria", "request.weights_not_100")],
            ),
            (|_, c, _| c.clear(), &[("criteria", "request.weights_not_100")]),
            (
                |_, _, p| p.price_weight_min = 41,
                &[("price_weight", "request.price_weight_outside_policy")],
            ),
            (
                |r, _, _| r.starts_on = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap(),
                &[("starts_on", "request.starts_too_soon")],
            ),
            (
                |r, _, _| r.starts_on = NaiveDate::from_ymd_opt(2026, 11, 28).unwrap(),
                &[("starts_on", "request.starts_too_late")],
            ),
            (
                |r, _, _| r.starts_on = NaiveDate::from_ymd_opt(2026, 11, 27).unwrap(),
                &[],
            ),
            (
                |r, _, _| r.needed_by = NeededBy::Today,
                &[("starts_on", "request.starts_too_late")],
            ),
            (
                |r, _, _| {
                    r.needed_by = NeededBy::Today;
                    r.starts_on = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
                },
                &[],
            ),
            (
                |r, _, _| r.needed_by = NeededBy::MoreThanFiveDays,
                &[
                    ("bids_close_at", "request.window_too_short"),
                    ("starts_on", "request.starts_too_soon"),
                ],
            ),
            (
                |r, _, _| {
                    r.needed_by = NeededBy::MoreThanFiveDays;
                    r.bids_close_at = end_of_the_fifth();
                    r.starts_on = NaiveDate::from_ymd_opt(2026, 12, 24).unwrap();
                },
                &[],
            ),
            (
                |r, _, _| {
                    r.needed_by = NeededBy::MoreThanFiveDays;
                    r.bids_close_at = end_of_the_fifth().minus(Duration::microseconds(1));
                    r.starts_on = NaiveDate::from_ymd_opt(2026, 12, 24).unwrap();
                },
                &[("bids_close_at", "request.window_too_short")],
            ),
            (
                |r, _, p| {
                    p.bid_window_working_days = None;
                    r.needed_by = NeededBy::MoreThanFiveDays;
                    r.bids_close_at = samples::noon().plus(Duration::hours(1));
                    r.starts_on = NaiveDate::from_ymd_opt(2026, 12, 24).unwrap();
                },
                &[],
            ),
            (
                |r, _, _| r.needs.suitability.residential = Suitability::Unsuitable,
                &[("needs.suitability", "request.lot_unsuitable")],
            ),
            (
                |r, _, _| {
                    r.needs.risks.remove(&Risk::Fire);
                },
                &[("needs.risks", "request.risks_unstated")],
            ),
            (|r, _, _| r.brief.clear(), &[("brief", "request.brief_missing")]),
        ];
        for (case, (change, expected)) in table.iter().enumerate() {
            let expected: Vec<_> = expected
                .iter()
                .map(|(f, c)| ((*f).to_owned(), (*c).to_owned()))
                .collect();
            assert_eq!(codes(*change), expected, "case {case}");
        }
    }

    #[test]
    fn a_text_that_names_the_child_is_refused_with_each_place() {
        let (request, criteria) = samples::draft();
        let hit = |start, end| Identified {
            field: "brief".to_owned(),
            hit: Hit {
                kind: Identifier::Phone,
                start,
                end,
            },
        };
        let refused = must_be_ready(
            &request,
            &criteria,
            &samples::lot(&request),
            &policy(),
            &[hit(14, 26), hit(30, 41)],
            samples::noon(),
        );
        let Err(Error::Refused(refused)) = refused else {
            panic!("must be refused")
        };
        assert_eq!(refused.code, "request.text_names_child");
        let messages: Vec<_> = refused.errors.iter().map(|e| e.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "must not have what reads as a telephone number (characters 14 to 26)",
                "must not have what reads as a telephone number (characters 30 to 41)"
            ]
        );
    }
}

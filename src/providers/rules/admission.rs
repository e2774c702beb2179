//! A provider's admission to a lot, its suspension and its end.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{AdmissionRefused, insurance};
use crate::clock::Instant;
use crate::error::{Error, Result};
use crate::ids::{AdmissionId, ApplicationId, FrameworkId, LotId, OrganisationId};
use crate::values::codes;

use chrono::NaiveDate;

codes! {
    /// Where an admission stands: `admitted ⇄ suspended`, ended as `left` or `removed`. As stored, a suspension may have run out
    /// by time: ask [`Admission::status`].
    pub enum AdmissionState {
        Admitted("admitted", "Admitted"),
        Suspended("suspended", "Suspended"),
        Left("left", "the provider left"),
        Removed("removed", "the provider was removed"),
    }

    /// Who or what suspends.
    pub enum SuspensionCause {
        Cooperative("cooperative", "Suspended by the cooperative"),
        InsuranceExpired("insurance_expired", "The insurance has expired"),
    }
}

/// A provider's admission to a lot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admission {
    /// Its id.
    pub id: AdmissionId,
    /// The provider.
    pub provider_id: OrganisationId,
    /// The lot's framework.
    pub framework_id: FrameworkId,
    /// The lot.
    pub lot_id: LotId,
    /// The application that led to it.
    pub application_id: ApplicationId,
    /// Where it stands, as stored.
    pub state: AdmissionState,
    /// Why it is suspended or was removed.
    pub reason: Option<String>,
    /// When a suspension ends by itself; none where it lasts until somebody reinstates.
    pub suspended_until: Option<Instant>,
    /// The last day on which the provider's insurance covers.
    pub insurance_expires_on: NaiveDate,
    /// Since when it is admitted.
    pub admitted_at: Instant,
    /// Counts its changes.
    pub version: i64,
}

/// An admission that is suspended, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Suspension {
    /// Who or what suspends.
    pub cause: SuspensionCause,
    /// The reason, in words.
    pub reason: Option<String>,
    /// When it ends by itself; none where it lasts until somebody does something.
    pub until: Option<Instant>,
}

/// Suspends an admission.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuspensionOrder {
    /// The reason, said to the provider.
    #[validate(length(max = 2000), custom(function = "crate::values::text::prose"))]
    #[schema(min_length = 1, max_length = 2000, example = "The home was found inadequate.")]
    pub reason: String,
    /// When it ends by itself; left out, it lasts until somebody reinstates.
    #[serde(default)]
    #[validate(custom(function = "crate::values::checks::time"))]
    pub until: Option<Instant>,
}

/// How a provider stands towards a lot: what matching and bids ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// Admitted to the lot, whether suspended or not.
    pub admitted: bool,
    /// Suspended now, by the cooperative or because insurance has run out.
    pub suspended: bool,
    /// The contract version in force is accepted.
    pub contract_accepted: bool,
}

impl Standing {
    /// Whether the provider may bid on the lot.
    pub fn may_bid(self) -> bool {
        self.admitted && !self.suspended && self.contract_accepted
    }
}

impl Admission {
    /// Whether it lasts, suspended or not.
    pub fn is_live(&self) -> bool {
        matches!(self.state, AdmissionState::Admitted | AdmissionState::Suspended)
    }

    /// What suspends it now: the cooperative, until the suspension's end; else insurance that has run out.
    pub fn suspension(&self, now: Instant) -> Option<Suspension> {
        if !self.is_live() {
            None
        } else if self.is_suspended_by_order(now) {
            let cause = SuspensionCause::Cooperative;
            Some(Suspension {
                cause,
                reason: self.reason.clone(),
                until: self.suspended_until,
            })
        } else if insurance::expired_on(self.insurance_expires_on, now.date_in_uk()) {
            let reason = Some(format!("The insurance expired on {}.", self.insurance_expires_on));
            Some(Suspension {
                cause: SuspensionCause::InsuranceExpired,
                reason,
                until: None,
            })
        } else {
            None
        }
    }

    fn is_suspended_by_order(&self, now: Instant) -> bool {
        self.state == AdmissionState::Suspended && self.suspended_until.is_none_or(|until| now < until)
    }

    /// Where it stands now.
    pub fn status(&self, now: Instant) -> AdmissionState {
        match self.state {
            ended @ (AdmissionState::Left | AdmissionState::Removed) => ended,
            _ if self.suspension(now).is_some() => AdmissionState::Suspended,
            _ => AdmissionState::Admitted,
        }
    }

    /// Whether it counts now: it lasts and nothing suspends it.
    pub fn in_force(&self, now: Instant) -> bool {
        self.status(now) == AdmissionState::Admitted
    }

    /// Suspends it, by the cooperative. What the insurance's end suspends may be suspended besides.
    pub fn suspend(self, order: SuspensionOrder, now: Instant) -> Result<Self> {
        self.must_be_live()?;
        if self.is_suspended_by_order(now) {
            return Err(AdmissionRefused::AlreadySuspended.into());
        }
        if order.until.is_some_and(|until| until <= now) {
            return Err(Error::field("until", "range", "must be in the future"));
        }
        Ok(Self {
            state: AdmissionState::Suspended,
            reason: Some(order.reason),
            suspended_until: order.until,
            ..self
        })
    }

    /// Ends the cooperative's suspension. Insurance that has run out goes on suspending until it is renewed.
    pub fn reinstate(self, now: Instant) -> Result<Self, AdmissionRefused> {
        self.must_be_live()?;
        if self.is_suspended_by_order(now) {
            Ok(Self {
                state: AdmissionState::Admitted,
                reason: None,
                suspended_until: None,
                ..self
            })
        } else if self.suspension(now).is_some() {
            Err(AdmissionRefused::InsuranceExpired)
        } else {
            Err(AdmissionRefused::NotSuspended)
        }
    }

    /// Ends it, by the provider.
    pub fn leave(self) -> Result<Self, AdmissionRefused> {
        self.must_be_live()?;
        Ok(Self {
            state: AdmissionState::Left,
            reason: None,
            suspended_until: None,
            ..self
        })
    }

    /// Ends it, by the cooperative.
    pub fn remove(self, reason: String) -> Result<Self, AdmissionRefused> {
        self.must_be_live()?;
        Ok(Self {
            state: AdmissionState::Removed,
            reason: Some(reason),
            suspended_until: None,
            ..self
        })
    }

    fn must_be_live(&self) -> Result<(), AdmissionRefused> {
        if self.is_live() {
            Ok(())
        } else {
            Err(AdmissionRefused::Ended {
                state: self.state.label(),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn now() -> Instant {
        at("2026-03-02T09:00:00Z")
    }

    fn in_state(state: AdmissionState) -> Admission {
        Admission {
            id: AdmissionId::new(now()),
            provider_id: OrganisationId::new(now()),
            framework_id: FrameworkId::new(now()),
            lot_id: LotId::new(now()),
            application_id: ApplicationId::new(now()),
            state,
            reason: None,
            suspended_until: None,
            insurance_expires_on: "2026-12-31".parse().unwrap(),
            admitted_at: now(),
            version: 1,
        }
    }

    fn order(until: Option<&str>) -> SuspensionOrder {
        SuspensionOrder {
            reason: "An inquiry".into(),
            until: until.map(at),
        }
    }

    fn uninsured(admission: Admission) -> Admission {
        Admission {
            insurance_expires_on: "2026-03-01".parse().unwrap(),
            ..admission
        }
    }

    /// A suspension that has run out by time, though nobody reinstated.
    fn run_out() -> Admission {
        Admission {
            suspended_until: Some(now()),
            ..in_state(AdmissionState::Suspended)
        }
    }

    /// Every state × verb, and the two that time makes: the state after it, or the code of the refusal.
    #[test]
    fn transitions() {
        use AdmissionState::{Admitted, Left, Removed, Suspended};
        type Verb = fn(Admission) -> Result<Admission>;
        let suspend: Verb = |a| a.suspend(order(None), now());
        let reinstate: Verb = |a| Ok(a.reinstate(now())?);
        let leave: Verb = |a| Ok(a.leave()?);
        let remove: Verb = |a| Ok(a.remove("Struck off".into())?);
        let ended = Err("admission.ended");
        let (not_suspended, uninsured_still) = (Err("admission.not_suspended"), Err("admission.insurance_expired"));
        let froms = [
            in_state(Admitted),
            in_state(Suspended),
            run_out(),
            uninsured(in_state(Admitted)),
            in_state(Left),
            in_state(Removed),
        ];
        let twice = Err("admission.already_suspended");
        for (name, verb, outcomes) in [
            (
                "suspend",
                suspend,
                [Ok(Suspended), twice, Ok(Suspended), Ok(Suspended), ended, ended],
            ),
            (
                "reinstate",
                reinstate,
                [
                    not_suspended,
                    Ok(Admitted),
                    not_suspended,
                    uninsured_still,
                    ended,
                    ended,
                ],
            ),
            ("leave", leave, [Ok(Left), Ok(Left), Ok(Left), Ok(Left), ended, ended]),
            (
                "remove",
                remove,
                [Ok(Removed), Ok(Removed), Ok(Removed), Ok(Removed), ended, ended],
            ),
        ] {
            for (from, expected) in froms.iter().zip(outcomes) {
                let outcome = verb(from.clone());
                let outcome = outcome.as_ref().map(|after| after.state).map_err(Error::code);
                assert_eq!(outcome, expected, "{name} {from:?}");
            }
        }
    }

    #[test]
    fn a_suspension_ends_by_itself_at_its_very_instant() {
        let until = "2026-03-09T00:00:00Z";
        let suspended = in_state(AdmissionState::Admitted)
            .suspend(order(Some(until)), now())
            .unwrap();
        for (when, in_force) in [("2026-03-08T23:59:59.999999Z", false), (until, true)] {
            assert_eq!(suspended.in_force(at(when)), in_force, "{when}");
        }
        let suspension = suspended.suspension(now()).unwrap();
        assert_eq!(
            (suspension.cause, suspension.until),
            (SuspensionCause::Cooperative, Some(at(until)))
        );
        for past in ["2026-03-02T09:00:00Z", "2020-01-01T00:00:00Z"] {
            let refused = in_state(AdmissionState::Admitted)
                .suspend(order(Some(past)), now())
                .unwrap_err();
            assert!(
                matches!(refused, Error::Invalid(errors) if errors.names("until")),
                "{past}"
            );
        }
    }

    #[test]
    fn insurance_suspends_from_the_day_after_its_last() {
        let admission = in_state(AdmissionState::Admitted);
        for (when, in_force) in [("2026-12-31T23:59:59Z", true), ("2027-01-01T00:00:00Z", false)] {
            assert_eq!(admission.in_force(at(when)), in_force, "{when}");
        }
        let suspension = admission.suspension(at("2027-01-01T00:00:00Z")).unwrap();
        assert_eq!(suspension.cause, SuspensionCause::InsuranceExpired);
        assert_eq!(uninsured(run_out()).status(now()), AdmissionState::Suspended);
        for ended in [AdmissionState::Left, AdmissionState::Removed] {
            assert_eq!(uninsured(in_state(ended)).status(now()), ended);
        }
    }

    #[test]
    fn all_three_are_needed_to_bid() {
        for case in 0..8 {
            let [admitted, suspended, contract_accepted] = [1, 2, 4].map(|bit| case & bit != 0);
            let standing = Standing {
                admitted,
                suspended,
                contract_accepted,
            };
            assert_eq!(standing.may_bid(), admitted && !suspended && contract_accepted);
        }
    }
}

//! The states of a framework and what each allows.

use chrono::NaiveDate;

use super::{AdmissionMode, ApplicationWindow, Framework, FrameworkRefused, FrameworkState};
use crate::clock::Instant;
use crate::error::{FieldErrors, Result};

impl Framework {
    /// Opens it to providers and members. It needs something to be admitted to and terms to accept, and a term that is not over.
    pub fn open(self, lots: usize, contract_versions: usize, now: Instant) -> Result<Self> {
        self.must_be_draft()?;
        let mut missing = FieldErrors::new();
        if lots == 0 {
            missing.add("lots", "framework.no_lot", "needs at least one lot");
        }
        if contract_versions == 0 {
            missing.add(
                "contract_versions",
                "framework.no_contract_version",
                "needs a contract version",
            );
        }
        if self.ends_on < now.date_in_uk() {
            missing.add("ends_on", "framework.out_of_term", "must not be in the past");
        }
        if !missing.is_empty() {
            return Err(FrameworkRefused::Incomplete.naming(missing));
        }
        Ok(Self {
            state: FrameworkState::Open,
            opened_at: Some(now),
            ..self
        })
    }

    /// Stops applications and call-offs until it is resumed.
    pub fn suspend(self, reason: String) -> Result<Self, FrameworkRefused> {
        match self.state {
            FrameworkState::Open => Ok(Self {
                state: FrameworkState::Suspended,
                suspended_reason: Some(reason),
                ..self
            }),
            FrameworkState::Closed => Err(FrameworkRefused::Closed),
            state => Err(FrameworkRefused::NotOpen { state: state.label() }),
        }
    }

    /// Goes on after a suspension.
    pub fn resume(self) -> Result<Self, FrameworkRefused> {
        match self.state {
            FrameworkState::Suspended => Ok(Self {
                state: FrameworkState::Open,
                suspended_reason: None,
                ..self
            }),
            FrameworkState::Closed => Err(FrameworkRefused::Closed),
            state => Err(FrameworkRefused::NotSuspended { state: state.label() }),
        }
    }

    /// Ends it for good. What runs under it (competitions that were published, placements) runs on.
    pub fn close(self, now: Instant) -> Result<Self, FrameworkRefused> {
        match self.state {
            FrameworkState::Open | FrameworkState::Suspended => Ok(Self {
                state: FrameworkState::Closed,
                suspended_reason: None,
                closed_at: Some(now),
                ..self
            }),
            FrameworkState::Closed => Err(FrameworkRefused::Closed),
            FrameworkState::Draft => Err(FrameworkRefused::NotOpen {
                state: self.state.label(),
            }),
        }
    }

    /// Refuses where nothing may be called off on this day: not open, or out of its term.
    pub fn may_call_off(&self, on: NaiveDate) -> Result<(), FrameworkRefused> {
        self.must_be_open()?;
        if (self.starts_on..=self.ends_on).contains(&on) {
            Ok(())
        } else {
            Err(FrameworkRefused::OutOfTerm {
                starts_on: self.starts_on,
                ends_on: self.ends_on,
            })
        }
    }

    /// Refuses where no application is taken on this day. The term need not have begun: providers are admitted before it.
    pub fn may_apply(&self, on: NaiveDate) -> Result<(), FrameworkRefused> {
        self.must_be_open()?;
        if self.ends_on < on {
            return Err(FrameworkRefused::OutOfTerm {
                starts_on: self.starts_on,
                ends_on: self.ends_on,
            });
        }
        let in_window = |window: ApplicationWindow| (window.opens_on..=window.closes_on).contains(&on);
        if self.admission == AdmissionMode::Continuous || self.application_window.is_some_and(in_window) {
            Ok(())
        } else {
            Err(FrameworkRefused::NotAdmitting)
        }
    }

    /// Refuses where it is not open.
    pub fn must_be_open(&self) -> Result<(), FrameworkRefused> {
        if self.state == FrameworkState::Open {
            Ok(())
        } else {
            Err(FrameworkRefused::NotOpen {
                state: self.state.label(),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::frameworks::rules::FrameworkChanges;
    use crate::frameworks::rules::framework::samples::{date, in_state, now};

    /// Every state × verb: the state after it, or the code of the refusal.
    #[test]
    fn transitions() {
        use FrameworkState::{Closed, Draft, Open, Suspended};
        type Verb = fn(Framework) -> Result<Framework>;
        let open: Verb = |f| f.open(1, 1, now());
        let suspend: Verb = |f| Ok(f.suspend("An inquiry".into())?);
        let resume: Verb = |f| Ok(f.resume()?);
        let close: Verb = |f| Ok(f.close(now())?);
        let change: Verb = |f| f.changed(FrameworkChanges::default());
        let (closed, not_open) = (Err("framework.closed"), Err("framework.not_open"));
        let (not_draft, not_suspended) = (Err("framework.not_draft"), Err("framework.not_suspended"));
        for (name, verb, outcomes) in [
            ("open", open, [Ok(Open), not_draft, not_draft, not_draft]),
            ("suspend", suspend, [not_open, Ok(Suspended), not_open, closed]),
            ("resume", resume, [not_suspended, not_suspended, Ok(Open), closed]),
            ("close", close, [not_open, Ok(Closed), Ok(Closed), closed]),
            ("change", change, [Ok(Draft), Ok(Open), Ok(Suspended), closed]),
        ] {
            for (from, expected) in [Draft, Open, Suspended, Closed].into_iter().zip(outcomes) {
                let outcome = verb(in_state(from));
                assert_eq!(
                    outcome.as_ref().map(|f| f.state).map_err(Error::code),
                    expected,
                    "{name} {from}"
                );
            }
        }
    }

    #[test]
    fn a_suspension_carries_its_reason_until_it_ends() {
        let suspended = in_state(FrameworkState::Open).suspend("An inquiry".into()).unwrap();
        assert_eq!(suspended.suspended_reason.as_deref(), Some("An inquiry"));
        assert_eq!(suspended.clone().resume().unwrap().suspended_reason, None);
        assert_eq!(suspended.close(now()).unwrap().suspended_reason, None);
    }

    #[test]
    fn all_that_is_missing_to_open_is_named_at_once() {
        let over = Framework {
            ends_on: date("2026-03-01"),
            ..in_state(FrameworkState::Draft)
        };
        let Err(Error::Refused(refused)) = over.open(0, 0, now()) else {
            panic!("opened")
        };
        assert_eq!(refused.code, "framework.incomplete");
        let codes: Vec<_> = refused.errors.iter().map(|error| error.code.as_ref()).collect();
        assert_eq!(
            codes,
            [
                "framework.no_lot",
                "framework.no_contract_version",
                "framework.out_of_term"
            ]
        );
        let last_day = Framework {
            ends_on: date("2026-03-02"),
            ..in_state(FrameworkState::Draft)
        };
        assert_eq!(last_day.open(1, 1, now()).unwrap().opened_at, Some(now()));
    }

    #[test]
    fn call_offs_in_the_term_and_applications_until_its_end() {
        let framework = in_state(FrameworkState::Open);
        for (on, call_off, apply) in [
            ("2026-02-28", Some("framework.out_of_term"), None),
            ("2026-03-01", None, None),
            ("2030-02-28", None, None),
            (
                "2030-03-01",
                Some("framework.out_of_term"),
                Some("framework.out_of_term"),
            ),
        ] {
            assert_eq!(
                framework.may_call_off(date(on)).err().map(|refused| refused.code()),
                call_off,
                "{on}"
            );
            assert_eq!(
                framework.may_apply(date(on)).err().map(|refused| refused.code()),
                apply,
                "{on}"
            );
        }
        for state in [FrameworkState::Draft, FrameworkState::Suspended, FrameworkState::Closed] {
            let on = date("2026-03-02");
            assert_eq!(
                in_state(state).may_call_off(on).unwrap_err().code(),
                "framework.not_open"
            );
            assert_eq!(in_state(state).may_apply(on).unwrap_err().code(), "framework.not_open");
        }
        let windowed = |application_window| Framework {
            admission: AdmissionMode::Windowed,
            application_window,
            ..in_state(FrameworkState::Open)
        };
        assert_eq!(
            windowed(None).may_apply(date("2026-03-02")).unwrap_err().code(),
            "framework.not_admitting"
        );
        let march = ApplicationWindow {
            opens_on: date("2026-03-01"),
            closes_on: date("2026-03-31"),
        };
        for (on, taken) in [
            ("2026-02-28", false),
            ("2026-03-01", true),
            ("2026-03-31", true),
            ("2026-04-01", false),
        ] {
            assert_eq!(windowed(Some(march)).may_apply(date(on)).is_ok(), taken, "{on}");
        }
    }
}

//! The framework itself: its term, its states, what may be changed when.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::{FrameworkRefused, Lot, LotChanges, Policy};
use crate::clock::Instant;
use crate::error::{FieldErrors, Result};
use crate::ids::{FrameworkId, OrganisationId};
use crate::values::checks::{day, refuse_wrong, wrong};
use crate::values::{ProcurementRoute, codes};

codes! {
    /// Where a framework stands: `draft → open → closed`, and `open ⇄ suspended`.
    pub enum FrameworkState {
        Draft("draft", "a draft"),
        Open("open", "open"),
        Suspended("suspended", "suspended"),
        Closed("closed", "closed"),
    }

    /// When providers may apply.
    pub enum AdmissionMode {
        Continuous("continuous", "At any time"),
        Windowed("windowed", "In a window of time"),
    }
}

/// The days on which a windowed framework takes applications, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplicationWindow {
    /// The first day.
    pub opens_on: NaiveDate,
    /// The last day.
    pub closes_on: NaiveDate,
}

/// A framework of a cooperative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Framework {
    /// Its id.
    pub id: FrameworkId,
    /// The cooperative that runs it.
    pub cooperative_id: OrganisationId,
    /// How its papers call it; unique in the cooperative.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// By which rules of procurement it was set up.
    pub procurement_route: ProcurementRoute,
    /// Where it stands.
    pub state: FrameworkState,
    /// Why it is suspended.
    pub suspended_reason: Option<String>,
    /// The first day of its term.
    pub starts_on: NaiveDate,
    /// The last day of its term.
    pub ends_on: NaiveDate,
    /// When providers may apply.
    pub admission: AdmissionMode,
    /// The window for applications, where they come in one and it is known.
    pub application_window: Option<ApplicationWindow>,
    /// Its own rules.
    pub policy: Policy,
    /// When it opened.
    pub opened_at: Option<Instant>,
    /// When it closed.
    pub closed_at: Option<Instant>,
    /// Counts its changes.
    pub version: i64,
}

/// A framework to be made, a draft at first. Dates may lie in the past.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::duplicated_attributes,
    reason = "each check of several fields says for itself that it runs beside the others"
)]
#[validate(schema(function = "term_in_order", skip_on_field_errors = false))]
#[validate(schema(function = "window_fits", skip_on_field_errors = false))]
pub struct NewFramework {
    /// How its papers call it; unique in the cooperative.
    #[validate(length(max = 40), custom(function = "crate::values::text::line"))]
    #[schema(min_length = 1, max_length = 40, example = "SE-RES-1")]
    pub reference: String,
    /// Its title.
    #[validate(length(max = 200), custom(function = "crate::values::text::line"))]
    #[schema(min_length = 1, max_length = 200, example = "South East residential care")]
    pub title: String,
    /// By which rules of procurement it is set up.
    pub procurement_route: ProcurementRoute,
    /// The first day of its term.
    #[validate(custom(function = "crate::values::checks::day"))]
    pub starts_on: NaiveDate,
    /// The last day of its term.
    #[validate(custom(function = "crate::values::checks::day"))]
    pub ends_on: NaiveDate,
    /// When providers may apply.
    pub admission: AdmissionMode,
    /// The window for applications, where they come in one; it may be set later.
    #[serde(default)]
    pub application_window: Option<ApplicationWindow>,
    /// Its own rules.
    #[validate(nested)]
    pub policy: Policy,
}

fn term_in_order(new: &NewFramework) -> Result<(), ValidationError> {
    if new.starts_on <= new.ends_on {
        Ok(())
    } else {
        Err(wrong(
            "ends_on",
            "range",
            "must not be before the first day of the term",
        ))
    }
}

fn window_fits(new: &NewFramework) -> Result<(), ValidationError> {
    match new.application_window {
        Some(_) if new.admission == AdmissionMode::Continuous => Err(wrong(
            "application_window",
            "not_windowed",
            "is for windowed admission only",
        )),
        Some(window) if window.closes_on < window.opens_on => Err(wrong(
            "application_window.closes_on",
            "range",
            "must not be before the first day for applications",
        )),
        Some(window) if day(&window.opens_on).and(day(&window.closes_on)).is_err() => {
            Err(wrong("application_window", "range", "must be of days of this century"))
        }
        _ => Ok(()),
    }
}

/// What may be changed of a framework: in a draft all of it; once it has opened the title, the end of the term, the window for
/// applications and the policy, for providers were admitted to the rest.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FrameworkChanges {
    /// How its papers call it.
    #[validate(length(max = 40), custom(function = "crate::values::text::line"))]
    #[schema(min_length = 1, max_length = 40)]
    pub reference: Option<String>,
    /// Its title.
    #[validate(length(max = 200), custom(function = "crate::values::text::line"))]
    #[schema(min_length = 1, max_length = 200)]
    pub title: Option<String>,
    /// By which rules of procurement it is set up.
    pub procurement_route: Option<ProcurementRoute>,
    /// The first day of its term.
    #[validate(custom(function = "crate::values::checks::day"))]
    pub starts_on: Option<NaiveDate>,
    /// The last day of its term.
    #[validate(custom(function = "crate::values::checks::day"))]
    pub ends_on: Option<NaiveDate>,
    /// When providers may apply.
    pub admission: Option<AdmissionMode>,
    /// The window for applications; null where none is known.
    #[serde(deserialize_with = "crate::values::given")]
    #[schema(value_type = Option<ApplicationWindow>)]
    pub application_window: Option<Option<ApplicationWindow>>,
    /// Its own rules, all of them anew.
    #[validate(nested)]
    pub policy: Option<Policy>,
}

impl NewFramework {
    /// The draft that it makes.
    pub fn draft(self, id: FrameworkId, cooperative_id: OrganisationId) -> Framework {
        Framework {
            id,
            cooperative_id,
            reference: self.reference,
            title: self.title,
            procurement_route: self.procurement_route,
            state: FrameworkState::Draft,
            suspended_reason: None,
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            admission: self.admission,
            application_window: self.application_window,
            policy: self.policy,
            opened_at: None,
            closed_at: None,
            version: 1,
        }
    }
}

impl Framework {
    /// Whether it is the cooperative's own affair still. From opening on, members and providers may read it.
    pub fn is_draft(&self) -> bool {
        self.state == FrameworkState::Draft
    }

    /// The framework with these changes.
    pub fn changed(self, changes: FrameworkChanges) -> Result<Self> {
        if self.state == FrameworkState::Closed {
            return Err(FrameworkRefused::Closed.into());
        }
        let admission = changes.admission.unwrap_or(self.admission);
        let kept_window = self.application_window.filter(|_| admission == AdmissionMode::Windowed);
        let after = NewFramework {
            reference: changes.reference.unwrap_or_else(|| self.reference.clone()),
            title: changes.title.unwrap_or_else(|| self.title.clone()),
            procurement_route: changes.procurement_route.unwrap_or(self.procurement_route),
            starts_on: changes.starts_on.unwrap_or(self.starts_on),
            ends_on: changes.ends_on.unwrap_or(self.ends_on),
            admission,
            application_window: changes.application_window.unwrap_or(kept_window),
            policy: changes.policy.unwrap_or(self.policy),
        };
        refuse_wrong(&after, &[term_in_order, window_fits])?;
        if !self.is_draft() {
            fixed_once_open(&[
                ("reference", after.reference != self.reference),
                ("procurement_route", after.procurement_route != self.procurement_route),
                ("starts_on", after.starts_on != self.starts_on),
                ("admission", after.admission != self.admission),
            ])?;
        }
        Ok(Self {
            reference: after.reference,
            title: after.title,
            procurement_route: after.procurement_route,
            starts_on: after.starts_on,
            ends_on: after.ends_on,
            admission: after.admission,
            application_window: after.application_window,
            policy: after.policy,
            ..self
        })
    }

    /// A lot of it with these changes.
    pub fn changed_lot(&self, lot: &Lot, changes: LotChanges) -> Result<Lot> {
        self.still_changes()?;
        let after = lot.clone().changed(changes)?;
        if !self.is_draft() {
            fixed_once_open(&[
                ("code", after.code != lot.code),
                ("placement_type", after.placement_type != lot.placement_type),
                ("provision_types", after.provision_types != lot.provision_types),
            ])?;
        }
        Ok(after)
    }

    /// Refuses where it is closed: lots, standards and contract versions are added until then.
    pub fn still_changes(&self) -> Result<(), FrameworkRefused> {
        if self.state == FrameworkState::Closed {
            Err(FrameworkRefused::Closed)
        } else {
            Ok(())
        }
    }

    /// Refuses where it is no draft any more.
    pub fn must_be_draft(&self) -> Result<(), FrameworkRefused> {
        if self.is_draft() {
            Ok(())
        } else {
            Err(FrameworkRefused::NotDraft {
                state: self.state.label(),
            })
        }
    }
}

/// Refuses the changes among these, each a field and whether it would change.
fn fixed_once_open(fields: &[(&'static str, bool)]) -> Result<()> {
    let mut fixed = FieldErrors::new();
    for (field, _) in fields.iter().filter(|(_, changes)| *changes) {
        fixed.add(
            *field,
            "framework.fixed_once_open",
            "is fixed once the framework has opened",
        );
    }
    if fixed.is_empty() {
        Ok(())
    } else {
        Err(FrameworkRefused::FixedOnceOpen.naming(fixed))
    }
}

#[cfg(test)]
pub(super) mod samples {
    //! Frameworks for the tests of the rules.

    use super::*;
    use crate::frameworks::rules::policy;

    pub fn now() -> Instant {
        "2026-03-02T09:00:00Z".parse().unwrap()
    }

    pub fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    pub fn new() -> NewFramework {
        NewFramework {
            reference: "SE-RES-1".into(),
            title: "South East residential care".into(),
            procurement_route: ProcurementRoute::Pa2023OpenFramework,
            starts_on: date("2026-03-01"),
            ends_on: date("2030-02-28"),
            admission: AdmissionMode::Continuous,
            application_window: None,
            policy: policy::sample(),
        }
    }

    pub fn in_state(state: FrameworkState) -> Framework {
        Framework {
            state,
            ..new().draft(FrameworkId::new(now()), OrganisationId::new(now()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::samples::{date, in_state, new, now};
    use super::*;
    use crate::error::Error;
    use crate::frameworks::rules::{LineCeilings, NewLot, policy};
    use crate::ids::LotId;
    use crate::values::{CodeSet, OfstedGrade, PlacementType, ProvisionType};

    #[test]
    fn what_providers_were_admitted_to_is_fixed_once_open() {
        let changes = || FrameworkChanges {
            reference: Some("SE-RES-2".into()),
            procurement_route: Some(ProcurementRoute::Pa2023DynamicMarket),
            starts_on: Some(date("2026-04-01")),
            admission: Some(AdmissionMode::Windowed),
            ..FrameworkChanges::default()
        };
        assert!(in_state(FrameworkState::Draft).changed(changes()).is_ok());
        for state in [FrameworkState::Open, FrameworkState::Suspended] {
            let Err(Error::Refused(refused)) = in_state(state).changed(changes()) else {
                panic!("changed")
            };
            assert_eq!(refused.code, "framework.fixed_once_open");
            assert_eq!(refused.errors.iter().count(), 4);
            let same = FrameworkChanges {
                reference: Some("SE-RES-1".into()),
                ..FrameworkChanges::default()
            };
            assert!(
                in_state(state).changed(same).is_ok(),
                "naming what stays as it is changes nothing"
            );
            let allowed = FrameworkChanges {
                title: Some("Homes".into()),
                ends_on: Some(date("2031-02-28")),
                policy: Some(Policy {
                    worst_grade: OfstedGrade::Good,
                    ..policy::sample()
                }),
                ..FrameworkChanges::default()
            };
            assert_eq!(in_state(state).changed(allowed).unwrap().title, "Homes");
        }
    }

    #[test]
    fn of_a_lot_only_title_and_ceilings_change_once_open() {
        let lot = NewLot {
            code: "R1".into(),
            title: "Children's homes".into(),
            placement_type: PlacementType::Residential,
            provision_types: CodeSet::from([ProvisionType::ChildrensHome]),
            weekly_ceiling: None,
            line_ceilings: LineCeilings::default(),
        }
        .lot(LotId::new(now()), FrameworkId::new(now()), 1);
        let title = || LotChanges {
            title: Some("Homes".into()),
            ..LotChanges::default()
        };
        let code = || LotChanges {
            code: Some("R2".into()),
            ..LotChanges::default()
        };
        for (state, of_title, of_code) in [
            (FrameworkState::Draft, None, None),
            (FrameworkState::Open, None, Some("framework.fixed_once_open")),
            (FrameworkState::Suspended, None, Some("framework.fixed_once_open")),
            (
                FrameworkState::Closed,
                Some("framework.closed"),
                Some("framework.closed"),
            ),
        ] {
            for (changes, expected) in [(title(), of_title), (code(), of_code)] {
                let outcome = in_state(state).changed_lot(&lot, changes);
                assert_eq!(outcome.err().map(|error| error.code()), expected, "{state}");
            }
        }
    }

    #[test]
    fn dates_are_in_order_and_a_window_is_for_windowed_admission() {
        let window = |opens_on, closes_on| {
            Some(ApplicationWindow {
                opens_on: date(opens_on),
                closes_on: date(closes_on),
            })
        };
        let windowed = NewFramework {
            admission: AdmissionMode::Windowed,
            ..new()
        };
        for (case, framework, fine) in [
            ("as it is", new(), true),
            (
                "one day",
                NewFramework {
                    ends_on: new().starts_on,
                    ..new()
                },
                true,
            ),
            (
                "backwards",
                NewFramework {
                    ends_on: date("2026-02-28"),
                    ..new()
                },
                false,
            ),
            (
                "no window",
                NewFramework {
                    application_window: window("2026-03-01", "2026-03-31"),
                    ..new()
                },
                false,
            ),
            (
                "window",
                NewFramework {
                    application_window: window("2026-03-01", "2026-03-01"),
                    ..windowed.clone()
                },
                true,
            ),
            (
                "late",
                NewFramework {
                    application_window: window("2026-03-02", "2026-03-01"),
                    ..windowed.clone()
                },
                false,
            ),
            ("unknown yet", windowed, true),
        ] {
            assert_eq!(framework.validate().is_ok(), fine, "{case}");
        }
    }
}

//! An application of a provider to lots of a framework.

use std::collections::HashSet;
use std::hash::Hash;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{ApplicationRefused, Finding, Insurance, finding};
use crate::clock::Instant;
use crate::error::{Error, FieldErrors, Result};
use crate::frameworks::{ContractVersion, Lot, Standard};
use crate::ids::{ApplicationId, ContractVersionId, FrameworkId, LotId, OrganisationId, PersonId, StandardId};
use crate::values::codes;
use crate::values::working_days::add_working_days;

codes! {
    /// Where an application stands: `draft → submitted → (returned → submitted) → decided`, or `withdrawn` before that.
    pub enum ApplicationState {
        Draft("draft", "a draft"),
        Submitted("submitted", "submitted"),
        Returned("returned", "returned"),
        Decided("decided", "decided"),
        Withdrawn("withdrawn", "withdrawn"),
    }

    /// What was decided on a lot.
    pub enum LotOutcome {
        Admitted("admitted", "Admitted"),
        Rejected("rejected", "Rejected"),
    }
}

/// Working days from submission within which an application is to be decided (bank holidays of England).
const DECISION_WORKING_DAYS: u32 = 10;

/// A lot that was applied for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AppliedLot {
    /// The lot.
    pub lot_id: LotId,
    /// What was decided on it.
    pub outcome: Option<LotOutcome>,
    /// Why it was rejected.
    pub reason: Option<String>,
}

/// The answer to a quality standard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The standard.
    pub standard_id: StandardId,
    /// How it is met; where a document is asked for, which one it is.
    #[validate(length(max = 10_000), custom(function = "crate::values::text::prose"))]
    #[schema(
        min_length = 1,
        max_length = 10_000,
        example = "Named safeguarding lead, weekly review."
    )]
    pub statement: String,
}

/// An application of a provider to a framework.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// Its id.
    pub id: ApplicationId,
    /// The framework.
    pub framework_id: FrameworkId,
    /// Who applies.
    pub provider_id: OrganisationId,
    /// Where it stands.
    pub state: ApplicationState,
    /// The lots that it is for, in the order of the framework's lots.
    pub lots: Vec<AppliedLot>,
    /// The answers to quality standards.
    pub answers: Vec<Answer>,
    /// What the cooperative found of the answers, in the order of the standards' ids.
    pub findings: Vec<Finding>,
    /// Whether it declares that no ground for exclusion applies to the provider.
    pub no_exclusion_grounds: bool,
    /// The provider's insurance.
    pub insurance: Option<Insurance>,
    /// The contract version that the provider accepts by submitting.
    pub accepted_contract_version_id: Option<ContractVersionId>,
    /// Who submitted it last, and with that accepted the contract version.
    pub submitted_by: Option<PersonId>,
    /// When it was submitted last.
    pub submitted_at: Option<Instant>,
    /// The day by which it is to be decided.
    pub decision_due_on: Option<NaiveDate>,
    /// Why it was returned last.
    pub returned_reason: Option<String>,
    /// When it was decided.
    pub decided_at: Option<Instant>,
    /// Counts its changes.
    pub version: i64,
}

/// An application to be begun.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewApplication {
    /// The lots that it is for.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_items = 1, max_items = 100)]
    pub lot_ids: Vec<LotId>,
}

/// All that an application says; what is left out is empty. It may be unfinished until it is submitted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplicationContent {
    /// The lots that it is for.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_items = 1, max_items = 100)]
    pub lot_ids: Vec<LotId>,
    /// The answers to quality standards, one each.
    #[serde(default)]
    #[validate(length(max = 200), nested)]
    #[schema(max_items = 200)]
    pub answers: Vec<Answer>,
    /// Declares that no ground for exclusion applies to the provider.
    #[serde(default)]
    pub no_exclusion_grounds: bool,
    /// The provider's insurance.
    #[serde(default)]
    #[validate(nested)]
    pub insurance: Option<Insurance>,
    /// The contract version that the provider accepts by submitting.
    #[serde(default)]
    pub accepted_contract_version_id: Option<ContractVersionId>,
}

/// What an application may name of its framework.
#[derive(Debug, Clone, Copy)]
pub struct Offered<'a> {
    /// The framework's lots.
    pub lots: &'a [Lot],
    /// Its quality standards.
    pub standards: &'a [Standard],
    /// Its contract versions.
    pub contract_versions: &'a [ContractVersion],
}

/// What the framework asks of an application.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The framework's quality standards.
    pub standards: &'a [Standard],
    /// The contract version to be accepted: the one in force, or before the first is, the newest.
    pub contract: Option<&'a ContractVersion>,
}

impl Application {
    /// Whether its content may still be changed, by its provider.
    pub fn is_editable(&self) -> bool {
        matches!(self.state, ApplicationState::Draft | ApplicationState::Returned)
    }

    /// The ids of the lots that it is for.
    pub fn lot_ids(&self) -> impl Iterator<Item = LotId> {
        self.lots.iter().map(|lot| lot.lot_id)
    }

    /// The application with this content in place of what it said before.
    pub fn rewritten(self, content: ApplicationContent, offered: Offered) -> Result<Self> {
        if !self.is_editable() {
            return Err(ApplicationRefused::NotEditable {
                state: self.state.label(),
            }
            .into());
        }
        let mut errors = lots_belong(&content.lot_ids, offered.lots);
        let known = offered.standards.iter().map(|standard| standard.id).collect();
        let given: Vec<_> = content.answers.iter().map(|answer| answer.standard_id).collect();
        each_once_and_known(
            &given,
            &known,
            |at| format!("answers[{at}].standard_id"),
            "standard",
            &mut errors,
        );
        let is_offered = |id| offered.contract_versions.iter().any(|version| version.id == id);
        if !content.accepted_contract_version_id.is_none_or(is_offered) {
            errors.add(
                "accepted_contract_version_id",
                "unknown",
                "must be a contract version of this framework",
            );
        }
        errors.into_result()?;
        Ok(Self {
            lots: applied(&content.lot_ids, offered.lots),
            findings: finding::kept(self.findings, &self.answers, &content.answers),
            answers: content.answers,
            no_exclusion_grounds: content.no_exclusion_grounds,
            insurance: content.insurance,
            accepted_contract_version_id: content.accepted_contract_version_id,
            ..self
        })
    }

    /// Submits it, if nothing is missing; else everything that is missing is named. The decision is due ten working days later.
    pub fn submit(self, asked: Asked, by: PersonId, now: Instant) -> Result<Self> {
        if !self.is_editable() {
            return Err(ApplicationRefused::NotEditable {
                state: self.state.label(),
            }
            .into());
        }
        let today = now.date_in_uk();
        self.must_be_complete(asked, today)?;
        Ok(Self {
            state: ApplicationState::Submitted,
            submitted_by: Some(by),
            submitted_at: Some(now),
            decision_due_on: Some(add_working_days(today, DECISION_WORKING_DAYS)),
            ..self
        })
    }

    fn must_be_complete(&self, asked: Asked, today: NaiveDate) -> Result<()> {
        let answered: HashSet<_> = self.answers.iter().map(|answer| answer.standard_id).collect();
        let unanswered = |standard: &&Standard| standard.mandatory && !answered.contains(&standard.id);
        let mut missing: Vec<(ApplicationRefused, &'static str, String)> = asked
            .standards
            .iter()
            .filter(unanswered)
            .map(|s| {
                (
                    ApplicationRefused::StandardUnanswered,
                    "answers",
                    format!("must answer {}, {}", s.code, s.title),
                )
            })
            .collect();
        let mut miss = |what: ApplicationRefused, field, words: &str| missing.push((what, field, words.to_owned()));
        if !self.no_exclusion_grounds {
            let words = "must declare that no exclusion grounds apply";
            miss(ApplicationRefused::ExclusionUndeclared, "no_exclusion_grounds", words);
        }
        match &self.insurance {
            None => miss(
                ApplicationRefused::InsuranceMissing,
                "insurance",
                "must name an insurance",
            ),
            Some(insurance) if insurance.expires_on <= today => {
                miss(
                    ApplicationRefused::InsuranceExpired,
                    "insurance.expires_on",
                    "must be after today",
                );
            }
            Some(_) => {}
        }
        let current = asked.contract.map(|version| version.id);
        if current.is_none() || self.accepted_contract_version_id != current {
            let words = asked.contract.map_or_else(
                || "must be a contract version of the framework".to_owned(),
                |version| format!("must be the current contract version, number {}", version.number),
            );
            miss(
                ApplicationRefused::ContractNotAccepted,
                "accepted_contract_version_id",
                &words,
            );
        }
        let Some((first, ..)) = missing.first() else {
            return Ok(());
        };
        let refusal = first.clone();
        let mut errors = FieldErrors::new();
        for (what, field, words) in missing {
            errors.add(field, what.code(), words);
        }
        Err(refusal.naming(errors))
    }

    /// Gives it back to the provider, to be changed and submitted again.
    pub fn give_back(self, reason: String) -> Result<Self, ApplicationRefused> {
        self.must_be_submitted()?;
        Ok(Self {
            state: ApplicationState::Returned,
            returned_reason: Some(reason),
            decision_due_on: None,
            ..self
        })
    }

    /// Takes it back, by the provider, before it is decided.
    pub fn withdraw(self) -> Result<Self, ApplicationRefused> {
        match self.state {
            ApplicationState::Decided | ApplicationState::Withdrawn => Err(ApplicationRefused::Over {
                state: self.state.label(),
            }),
            _ => Ok(Self {
                state: ApplicationState::Withdrawn,
                decision_due_on: None,
                ..self
            }),
        }
    }

    pub(super) fn must_be_submitted(&self) -> Result<(), ApplicationRefused> {
        if self.state == ApplicationState::Submitted {
            Ok(())
        } else {
            Err(ApplicationRefused::NotSubmitted {
                state: self.state.label(),
            })
        }
    }
}

impl NewApplication {
    /// The draft that it makes.
    pub fn draft(
        self,
        id: ApplicationId,
        framework_id: FrameworkId,
        provider_id: OrganisationId,
        lots: &[Lot],
    ) -> Result<Application> {
        lots_belong(&self.lot_ids, lots).into_result()?;
        Ok(Application {
            id,
            framework_id,
            provider_id,
            state: ApplicationState::Draft,
            lots: applied(&self.lot_ids, lots),
            answers: Vec::new(),
            findings: Vec::new(),
            no_exclusion_grounds: false,
            insurance: None,
            accepted_contract_version_id: None,
            submitted_by: None,
            submitted_at: None,
            decision_due_on: None,
            returned_reason: None,
            decided_at: None,
            version: 1,
        })
    }
}

/// Refuses lots that the provider is admitted to already, each by its field.
pub(in crate::providers) fn not_admitted_yet(wanted: &[LotId], admitted: &HashSet<LotId>) -> Result<(), Error> {
    let mut errors = FieldErrors::new();
    for (at, _) in wanted.iter().enumerate().filter(|(_, lot)| admitted.contains(lot)) {
        errors.add(
            format!("lot_ids[{at}]"),
            "application.already_admitted",
            "is a lot that you are admitted to",
        );
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(ApplicationRefused::AlreadyAdmitted.naming(errors))
    }
}

fn lots_belong(wanted: &[LotId], lots: &[Lot]) -> FieldErrors {
    let mut errors = FieldErrors::new();
    let known = lots.iter().map(|lot| lot.id).collect();
    each_once_and_known(wanted, &known, |at| format!("lot_ids[{at}]"), "lot", &mut errors);
    errors
}

/// The lots in the framework's order.
fn applied(wanted: &[LotId], lots: &[Lot]) -> Vec<AppliedLot> {
    lots.iter()
        .filter(|lot| wanted.contains(&lot.id))
        .map(|lot| AppliedLot {
            lot_id: lot.id,
            outcome: None,
            reason: None,
        })
        .collect()
}

/// Notes what is named twice, and what the framework does not have.
pub(super) fn each_once_and_known<T: Copy + Eq + Hash>(
    given: &[T],
    known: &HashSet<T>,
    field: impl Fn(usize) -> String,
    what: &str,
    errors: &mut FieldErrors,
) {
    let mut seen = HashSet::new();
    for (at, id) in given.iter().enumerate() {
        if !known.contains(id) {
            errors.add(field(at), "unknown", format!("must be a {what} of this"));
        } else if !seen.insert(*id) {
            errors.add(field(at), "repeated", format!("must name each {what} once"));
        }
    }
}

#[cfg(test)]
mod tests;

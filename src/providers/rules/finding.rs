//! What the cooperative finds of an application, standard by standard.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::application::each_once_and_known;
use super::{Answer, Application, ApplicationState};
use crate::clock::Instant;
use crate::error::{FieldErrors, Result};
use crate::frameworks::Standard;
use crate::ids::{PersonId, StandardId};
use crate::values::checks::wrong;
use crate::values::codes;

codes! {
    /// What was found of the answer to a standard.
    pub enum StandardOutcome {
        Met("met", "Met"),
        NotMet("not_met", "Not met"),
    }
}

/// What the cooperative finds of the answer to a standard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "not_met_says_why", skip_on_field_errors = false))]
pub struct NewFinding {
    /// The standard.
    pub standard_id: StandardId,
    /// Whether the answer meets it.
    pub outcome: StandardOutcome,
    /// A note to the provider: why it is not met.
    #[serde(default)]
    #[validate(length(max = 2000), custom(function = "crate::values::text::prose"))]
    #[schema(min_length = 1, max_length = 2000, example = "It does not say who leads.")]
    pub note: Option<String>,
}

fn not_met_says_why(finding: &NewFinding) -> Result<(), ValidationError> {
    if finding.outcome == StandardOutcome::NotMet && finding.note.is_none() {
        return Err(wrong("note", "required", "is required where the standard is not met"));
    }
    Ok(())
}

/// All that the cooperative finds of the answers as they stand; what is left out has no finding.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFindings {
    /// At most one of each answer.
    #[validate(length(max = 200), nested)]
    #[schema(max_items = 200)]
    pub findings: Vec<NewFinding>,
}

/// What was found of the answer to a standard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Finding {
    /// The standard.
    pub standard_id: StandardId,
    /// Whether the answer meets it.
    pub outcome: StandardOutcome,
    /// A note to the provider.
    pub note: Option<String>,
    /// Whether the answer has changed since: then nothing is found yet of the one that stands there now.
    pub of_earlier_answer: bool,
    /// Who found it.
    #[serde(skip)]
    pub found_by: PersonId,
    /// When it was found.
    pub found_at: Instant,
}

impl Finding {
    /// Whether the answer as it stands now was found not to meet the standard.
    pub fn stands_against(&self) -> bool {
        self.outcome == StandardOutcome::NotMet && !self.of_earlier_answer
    }
}

impl Application {
    /// The application with these findings in place of what was found of its answers before. What was found of an earlier
    /// answer stays until the new one is judged.
    pub fn found(self, new: NewFindings, by: PersonId, now: Instant) -> Result<Self> {
        self.must_be_submitted()?;
        let answered: HashSet<StandardId> = self.answers.iter().map(|answer| answer.standard_id).collect();
        let named: Vec<StandardId> = new.findings.iter().map(|finding| finding.standard_id).collect();
        let mut errors = FieldErrors::new();
        each_once_and_known(
            &named,
            &answered,
            |at| format!("findings[{at}].standard_id"),
            "standard with an answer",
            &mut errors,
        );
        errors.into_result()?;
        let mut findings = self.findings;
        findings.retain(|finding| finding.of_earlier_answer && !named.contains(&finding.standard_id));
        findings.extend(new.findings.into_iter().map(|finding| Finding {
            standard_id: finding.standard_id,
            outcome: finding.outcome,
            note: finding.note,
            of_earlier_answer: false,
            found_by: by,
            found_at: now,
        }));
        findings.sort_by_key(|finding| finding.standard_id);
        Ok(Self { findings, ..self })
    }

    /// What was found of a standard, be it of an earlier answer.
    pub fn finding(&self, standard: StandardId) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.standard_id == standard)
    }

    /// Those of these standards that must be met and were found not to be.
    pub fn unmet<'s>(&self, standards: &'s [Standard]) -> Vec<&'s Standard> {
        let stands_against = |standard: &&Standard| self.finding(standard.id).is_some_and(Finding::stands_against);
        let mandatory = standards.iter().filter(|standard| standard.mandatory);
        mandatory.filter(stands_against).collect()
    }

    /// Whether its provider is told what was found: not while the cooperative is still at it.
    pub fn tells_findings(&self) -> bool {
        matches!(self.state, ApplicationState::Returned | ApplicationState::Decided)
    }
}

/// What was found before, once these answers stand in place of those: of an answer that changed it is of an earlier one.
pub(super) fn kept(mut findings: Vec<Finding>, before: &[Answer], after: &[Answer]) -> Vec<Finding> {
    for finding in &mut findings {
        let of = |answers: &[Answer]| {
            let answer = answers.iter().find(|answer| answer.standard_id == finding.standard_id);
            answer.map(|answer| answer.statement.clone())
        };
        finding.of_earlier_answer |= of(before) != of(after);
    }
    findings
}

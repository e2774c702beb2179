//! The decision on an application, lot by lot.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::application::each_once_and_known;
use super::{Application, ApplicationRefused, ApplicationState, AppliedLot, LotOutcome};
use crate::clock::Instant;
use crate::error::{FieldErrors, Result};
use crate::frameworks::Standard;
use crate::ids::LotId;
use crate::values::checks::wrong;

/// The decision on one lot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "a_rejection_says_why", skip_on_field_errors = false))]
pub struct LotDecision {
    /// The lot.
    pub lot_id: LotId,
    /// Whether the provider is admitted to it.
    pub outcome: LotOutcome,
    /// Why it is rejected.
    #[serde(default)]
    #[validate(length(max = 2000), custom(function = "crate::values::text::prose"))]
    #[schema(min_length = 1, max_length = 2000)]
    pub reason: Option<String>,
}

fn a_rejection_says_why(decision: &LotDecision) -> Result<(), ValidationError> {
    if decision.outcome == LotOutcome::Rejected && decision.reason.is_none() {
        return Err(wrong("reason", "required", "is required for a rejection"));
    }
    Ok(())
}

/// The decision on an application: one on each lot that was applied for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Decisions {
    /// One on each lot.
    #[validate(length(min = 1, max = 100), nested)]
    #[schema(min_items = 1, max_items = 100)]
    pub decisions: Vec<LotDecision>,
}

impl Application {
    /// Decides it, every lot at once. Who was found not to meet a mandatory standard of the framework is admitted to no lot.
    pub fn decide(self, decisions: Decisions, standards: &[Standard], now: Instant) -> Result<Self> {
        self.must_be_submitted()?;
        let applied: HashSet<LotId> = self.lot_ids().collect();
        let decided: Vec<LotId> = decisions.decisions.iter().map(|decision| decision.lot_id).collect();
        let mut errors = FieldErrors::new();
        each_once_and_known(
            &decided,
            &applied,
            |at| format!("decisions[{at}].lot_id"),
            "lot",
            &mut errors,
        );
        errors.into_result()?;
        self.must_meet(standards, &decisions)?;
        let mut by_lot: HashMap<LotId, _> = decisions.decisions.into_iter().map(|d| (d.lot_id, d)).collect();
        let mut undecided = FieldErrors::new();
        let mut lots = Vec::with_capacity(self.lots.len());
        for AppliedLot { lot_id, .. } in self.lots {
            match by_lot.remove(&lot_id) {
                Some(decision) => {
                    lots.push(AppliedLot {
                        lot_id,
                        outcome: Some(decision.outcome),
                        reason: decision.reason,
                    });
                }
                None => undecided.add(
                    "decisions",
                    ApplicationRefused::LotUndecided.code(),
                    format!("must decide lot {lot_id}"),
                ),
            }
        }
        if !undecided.is_empty() {
            return Err(ApplicationRefused::LotUndecided.naming(undecided));
        }
        Ok(Self {
            state: ApplicationState::Decided,
            decided_at: Some(now),
            lots,
            ..self
        })
    }

    fn must_meet(&self, standards: &[Standard], decisions: &Decisions) -> Result<()> {
        let unmet: Vec<&str> = self.unmet(standards).iter().map(|unmet| unmet.code.as_str()).collect();
        let admits = |(_, decision): &(usize, &LotDecision)| decision.outcome == LotOutcome::Admitted;
        let admitted = decisions.decisions.iter().enumerate().filter(admits);
        let mut errors = FieldErrors::new();
        for (at, _) in admitted.filter(|_| !unmet.is_empty()) {
            errors.add(
                format!("decisions[{at}].outcome"),
                ApplicationRefused::StandardNotMet.code(),
                format!("must not be admitted while {} is not met", unmet.join(", ")),
            );
        }
        if errors.is_empty() {
            Ok(())
        } else {
            Err(ApplicationRefused::StandardNotMet.naming(errors))
        }
    }

    /// The lots that it was admitted to.
    pub fn admitted_lots(&self) -> impl Iterator<Item = LotId> {
        let admitted = |lot: &&AppliedLot| lot.outcome == Some(LotOutcome::Admitted);
        self.lots.iter().filter(admitted).map(|lot| lot.lot_id)
    }
}

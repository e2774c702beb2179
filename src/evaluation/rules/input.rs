//! Score sheets as they are sent, and what of them may be kept.

use super::{BEST, Criterion, EvaluationRefused, Score, Scores, to_moderate};
use crate::error::{FieldErrors, Result};
use crate::ids::{BidId, CriterionId, PersonId};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use utoipa::ToSchema;
use validator::Validate;

/// A score on one criterion, as it is sent.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewScore {
    /// The criterion.
    pub criterion_id: CriterionId,
    /// 0 (does not meet it) to 5 (could not be better).
    #[validate(range(min = 0, max = "BEST"))]
    #[schema(example = 4, minimum = 0, maximum = 5)]
    pub score: i32,
    /// Why, at most 4,000 characters. Bidders may read it in their letters.
    #[validate(length(min = 1, max = 4000), custom(function = "crate::values::text::prose"))]
    #[schema(example = "Names the staff and the hours; says little on school.")]
    pub reason: String,
}

/// What one evaluator gives a bid: all of it, in place of what they gave it before.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScoreSheet {
    /// The evaluator declares to have no conflict of interest with this bid. Without it nothing is scored.
    #[schema(example = true)]
    pub no_conflict_of_interest: bool,
    /// A score for each criterion; some may follow later.
    #[validate(length(min = 1, max = 50), nested)]
    pub scores: Vec<NewScore>,
}

/// The moderated scores of a bid: all of them, in place of those it had.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ModeratedSheet {
    /// Whoever moderates declares to have no conflict of interest with this bid, here or when they scored it.
    #[serde(default)]
    #[schema(example = true)]
    pub no_conflict_of_interest: bool,
    /// A score for each criterion that more than one person scored.
    #[validate(length(min = 1, max = 50), nested)]
    pub scores: Vec<NewScore>,
}

/// The reasons as they were sent, each with its field: bidders read them in their letters.
pub(in crate::evaluation) fn reasons(scores: &[NewScore]) -> Vec<(String, &str)> {
    let reasons = scores.iter().map(|score| score.reason.as_str()).enumerate();
    reasons
        .map(|(n, reason)| (format!("scores[{n}].reason"), reason))
        .collect()
}

/// The scores as they will be kept, each with its criterion; a criterion that is none of the request's, or that comes twice, is
/// a wrong field.
fn placed(
    scores: Vec<NewScore>,
    criteria: &[Criterion],
    bid_id: BidId,
    by: PersonId,
) -> Result<Vec<(&Criterion, Score)>, FieldErrors> {
    let (mut wrong, mut seen) = (FieldErrors::new(), HashSet::new());
    let mut placed = Vec::with_capacity(scores.len());
    for (
        n,
        NewScore {
            criterion_id,
            score,
            reason,
        },
    ) in scores.into_iter().enumerate()
    {
        let field = format!("scores[{n}].criterion_id");
        match criteria.iter().find(|criterion| criterion.id == criterion_id) {
            None => wrong.add(field, "unknown_criterion", "must be a criterion of this request"),
            Some(_) if !seen.insert(criterion_id) => wrong.add(field, "duplicate", "must be scored once"),
            Some(criterion) => placed.push((
                criterion,
                Score {
                    bid_id,
                    criterion_id,
                    by,
                    score,
                    reason,
                },
            )),
        }
    }
    if wrong.is_empty() { Ok(placed) } else { Err(wrong) }
}

impl ScoreSheet {
    /// What the evaluator gives, as it will be kept. Criteria that moderation has closed keep what the evaluator gave them:
    /// they may be left out or sent again as they were, not changed.
    pub fn given(self, criteria: &[Criterion], scores: &Scores, bid: BidId, by: PersonId) -> Result<Vec<Score>> {
        if !self.no_conflict_of_interest {
            return Err(EvaluationRefused::ConflictOfInterest.into());
        }
        let closed = |criterion: CriterionId| scores.moderated(bid, criterion).is_some();
        let before: Vec<&Score> = scores
            .given
            .iter()
            .filter(|score| score.bid_id == bid && score.by == by && closed(score.criterion_id))
            .collect();
        let mut given: Vec<Score> = before.iter().map(|score| (*score).clone()).collect();
        for (criterion, score) in placed(self.scores, criteria, bid, by)? {
            if !closed(criterion.id) {
                given.push(score);
            } else if !before.contains(&&score) {
                return Err(EvaluationRefused::Moderated {
                    title: criterion.title.clone(),
                }
                .into());
            }
        }
        Ok(given)
    }
}

impl ModeratedSheet {
    /// The moderated scores, as they will be kept. `declared` says whether the moderator has declared before to have no conflict of
    /// interest with the bid.
    pub fn moderated(
        self,
        criteria: &[Criterion],
        scores: &Scores,
        bid: BidId,
        by: PersonId,
        declared: bool,
    ) -> Result<Vec<Score>> {
        if !(self.no_conflict_of_interest || declared) {
            return Err(EvaluationRefused::ConflictOfInterest.into());
        }
        let open = to_moderate(scores, bid);
        let placed = placed(self.scores, criteria, bid, by)?;
        if let Some((criterion, _)) = placed.iter().find(|(criterion, _)| !open.contains(&criterion.id)) {
            return Err(EvaluationRefused::NothingToModerate {
                title: criterion.title.clone(),
            }
            .into());
        }
        Ok(placed.into_iter().map(|(_, score)| score).collect())
    }
}

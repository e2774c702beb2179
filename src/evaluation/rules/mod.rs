//! Scores, moderation and the ranking sheet: pure arithmetic in exact decimals.
//!
//! - **Quality** = Σ criterion weight × score ÷ 5. Scores are whole numbers from 0 to 5.
//! - **Price** = price weight × lowest weekly total ÷ this bid's weekly total. A bid that costs nothing has the full price
//!   points (it is the lowest); beside one, a bid that costs anything has none.
//! - Price points and quality points are each rounded once, to two places, half up; the total is their sum.
//! - Equal totals rank equal: 1, 1, 3.
//! - Only compliant bids take part, also in finding the lowest total.
//!
//! A criterion is settled when one person has scored it, or, when more than one has, by its moderated score. Ranks are given
//! when every criterion of every compliant bid is settled: an order that may still turn would mislead.

mod input;
#[cfg(test)]
mod tests;

pub(super) use input::reasons;
pub use input::{ModeratedSheet, NewScore, ScoreSheet};

use crate::bids::BidState;
use crate::error::refusals;
use crate::ids::{BidId, CriterionId, HomeId, OrganisationId, PersonId};
use crate::placement_requests::rules::Phase;
use crate::values::Money;
use rust_decimal::{Decimal, RoundingStrategy};
use std::collections::HashSet;

refusals! {
    /// Why something about scores was refused.
    pub enum EvaluationRefused {
        /// The bids are still sealed, or the competition is over.
        NotOpen => (conflict, "evaluation.not_open", "Bids are scored after they are opened and before the award is made."),
        /// The evaluator did not declare to have no conflict of interest.
        ConflictOfInterest => (unprocessable, "evaluation.conflict_of_interest", "Whoever has a conflict of interest, or has not declared to have none, can't score. Ask a colleague to."),
        /// The bid is out of the order.
        NotCompliant => (conflict, "evaluation.bid_not_compliant", "This bid was marked as not compliant and takes no part in the scoring."),
        /// Moderation has closed the criterion.
        Moderated { title: String } => (conflict, "evaluation.moderated", "The score for “{title}” is moderated, so single scores for it are closed."),
        /// At most one person has scored the criterion.
        NothingToModerate { title: String } => (conflict, "evaluation.nothing_to_moderate", "“{title}” was not scored by more than one person, so there is nothing to moderate."),
    }
}

/// The best score there is.
pub const BEST: i32 = 5;

/// One thing that quality is judged by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criterion {
    /// Its id.
    pub id: CriterionId,
    /// What it asks.
    pub title: String,
    /// What a good answer says, as bidders read it.
    pub guidance: Option<String>,
    /// Its share of the 100 points.
    pub weight: i32,
}

/// How a placement request said that bids would be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheme {
    /// The price's share of the 100 points.
    pub price_weight: i32,
    /// The criteria, in the request's order; their weights and the price weight make 100.
    pub criteria: Vec<Criterion>,
}

/// A compliant bid as the ranking reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contender {
    /// The bid.
    pub bid_id: BidId,
    /// The home it offers.
    pub home_id: HomeId,
    /// Whose home it is.
    pub provider_id: OrganisationId,
    /// The four cost lines together.
    pub weekly_total: Money,
}

/// What one evaluator, or the moderation, gave on one criterion of one bid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    /// The bid.
    pub bid_id: BidId,
    /// The criterion.
    pub criterion_id: CriterionId,
    /// Who gave it, or who recorded the moderated score.
    pub by: PersonId,
    /// 0 to [`BEST`].
    pub score: i32,
    /// Why.
    pub reason: String,
}

/// All scores of a placement request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scores {
    /// Each evaluator's own.
    pub given: Vec<Score>,
    /// The moderated ones, at most one for a bid and criterion.
    pub moderated: Vec<Score>,
}

/// One criterion on one row of the sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriterionRow {
    /// The criterion.
    pub criterion: Criterion,
    /// What each evaluator gave.
    pub given: Vec<Score>,
    /// What moderation made of it.
    pub moderated: Option<Score>,
    /// The score that counts; none while the criterion is not settled.
    pub counts: Option<i32>,
    /// Weight × score ÷ 5; none while the criterion is not settled.
    pub points: Option<Decimal>,
}

/// One row of the ranking sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RankedBid {
    /// The bid.
    pub bid_id: BidId,
    /// The home it offers.
    pub home_id: HomeId,
    /// Whose home it is.
    pub provider_id: OrganisationId,
    /// The four cost lines together.
    pub weekly_total: Money,
    /// Points for price, two places.
    pub price_points: Decimal,
    /// How they were reached, in numbers.
    pub price_working: String,
    /// Each criterion, in the request's order.
    pub criteria: Vec<CriterionRow>,
    /// Points for quality, two places; none while a criterion is not settled.
    pub quality_points: Option<Decimal>,
    /// How they were reached, in numbers.
    pub quality_working: Option<String>,
    /// Price points and quality points together.
    pub total_points: Option<Decimal>,
    /// 1 is best; none until every criterion of every compliant bid is settled.
    pub rank: Option<u32>,
}

/// The ranking sheet of a placement request: every number, and how it was reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// How the bids are judged.
    pub scheme: Scheme,
    /// The lowest weekly total among compliant bids.
    pub lowest_total: Option<Money>,
    /// Whether every criterion of every compliant bid is settled, so that ranks are given.
    pub complete: bool,
    /// The compliant bids: best first once complete, in the order of their ids before.
    pub rows: Vec<RankedBid>,
}

impl Sheet {
    /// The formula in words, with this request's weights.
    pub fn formula(&self) -> String {
        let weights: Vec<String> = self
            .scheme
            .criteria
            .iter()
            .map(|criterion| format!("{} {}", criterion.title, criterion.weight))
            .collect();
        format!(
            "Price points = price weight {} × lowest weekly total ÷ this bid's weekly total. \
             Quality points = the sum over the criteria of weight × score ÷ {BEST} (weights: {}). \
             Each is rounded to two places, half up, and total points = price points + quality points. \
             Equal totals rank equal. Bids marked as not compliant take no part.",
            self.scheme.price_weight,
            weights.join("; ")
        )
    }

    /// The row of this bid, when it is compliant.
    pub fn row(&self, bid: BidId) -> Option<&RankedBid> {
        self.rows.iter().find(|row| row.bid_id == bid)
    }

    /// The bids that share the first rank.
    pub fn first(&self) -> impl Iterator<Item = &RankedBid> {
        self.rows.iter().filter(|row| row.rank == Some(1))
    }
}

/// Two places, half up. Points are never negative, where half up and half away from zero are one.
fn rounded(points: Decimal) -> Decimal {
    let mut points = points.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    points.rescale(2);
    points
}

/// The price points of a bid, two places.
pub fn price_points(price_weight: i32, lowest: Money, total: Money) -> Decimal {
    if total == lowest {
        return rounded(Decimal::from(price_weight));
    }
    rounded(Decimal::from(price_weight) * lowest.decimal() / total.decimal())
}

/// The score that settles a criterion: the moderated one, or the only one given.
fn settled(given: &[Score], moderated: Option<&Score>) -> Option<i32> {
    match (moderated, given) {
        (Some(score), _) => Some(score.score),
        (None, [only]) => Some(only.score),
        _ => None,
    }
}

/// Each criterion of the scheme with what this bid was given on it.
pub fn criteria_of(scheme: &Scheme, bid: BidId, scores: &Scores) -> Vec<CriterionRow> {
    let row = |criterion: &Criterion| {
        let on_it = |score: &&Score| score.bid_id == bid && score.criterion_id == criterion.id;
        let mut given: Vec<Score> = scores.given.iter().filter(on_it).cloned().collect();
        given.sort_by_key(|score| score.by);
        let moderated = scores.moderated(bid, criterion.id).cloned();
        let counts = settled(&given, moderated.as_ref());
        let points = counts.map(|score| rounded(Decimal::from(criterion.weight * score) / Decimal::from(BEST)));
        CriterionRow {
            criterion: criterion.clone(),
            given,
            moderated,
            counts,
            points,
        }
    };
    scheme.criteria.iter().map(row).collect()
}

/// The criteria's points together, two places; none while one of them is not settled.
pub fn quality_points(criteria: &[CriterionRow]) -> Option<Decimal> {
    criteria
        .iter()
        .map(|row| row.points)
        .sum::<Option<Decimal>>()
        .map(rounded)
}

/// Makes the sheet.
///
/// Scores of bids that are no contenders (marked as not compliant) are left out of account.
pub fn rank(scheme: Scheme, contenders: &[Contender], scores: &Scores) -> Sheet {
    let lowest_total = contenders.iter().map(|contender| contender.weekly_total).min();
    let mut rows: Vec<RankedBid> = contenders
        .iter()
        .map(|contender| {
            let criteria = criteria_of(&scheme, contender.bid_id, scores);
            row(
                &scheme,
                contender,
                lowest_total.unwrap_or(contender.weekly_total),
                criteria,
            )
        })
        .collect();
    rows.sort_by(|a, b| b.total_points.cmp(&a.total_points).then(a.bid_id.cmp(&b.bid_id)));
    let complete = rows.iter().all(|row| row.total_points.is_some());
    if complete {
        let totals: Vec<_> = rows.iter().map(|row| row.total_points).collect();
        for row in &mut rows {
            let better = totals.iter().filter(|total| **total > row.total_points).count();
            row.rank = u32::try_from(better + 1).ok();
        }
    } else {
        rows.sort_by_key(|row| row.bid_id);
    }
    Sheet {
        scheme,
        lowest_total,
        complete,
        rows,
    }
}

fn row(scheme: &Scheme, contender: &Contender, lowest: Money, criteria: Vec<CriterionRow>) -> RankedBid {
    let price_points = price_points(scheme.price_weight, lowest, contender.weekly_total);
    let price_working = format!(
        "{} × {lowest} ÷ {} = {price_points}",
        scheme.price_weight, contender.weekly_total
    );
    let quality_points = quality_points(&criteria);
    let quality_working = quality_points.map(|points| {
        let terms: Vec<String> = criteria
            .iter()
            .filter_map(|row| {
                row.counts
                    .map(|score| format!("{} × {score} ÷ {BEST}", row.criterion.weight))
            })
            .collect();
        format!("{} = {points}", terms.join(" + "))
    });
    RankedBid {
        bid_id: contender.bid_id,
        home_id: contender.home_id,
        provider_id: contender.provider_id,
        weekly_total: contender.weekly_total,
        price_points,
        price_working,
        total_points: quality_points.map(|quality| price_points + quality),
        criteria,
        quality_points,
        quality_working,
        rank: None,
    }
}

/// Refuses while bids are sealed, once the award is made, and for a bid that takes no part.
pub fn may_score(phase: Phase, state: BidState) -> Result<(), EvaluationRefused> {
    if phase != Phase::Opened {
        return Err(EvaluationRefused::NotOpen);
    }
    if state.takes_part() {
        Ok(())
    } else {
        Err(EvaluationRefused::NotCompliant)
    }
}

impl Scores {
    /// The moderated score of a criterion.
    pub fn moderated(&self, bid: BidId, criterion: CriterionId) -> Option<&Score> {
        self.moderated
            .iter()
            .find(|score| score.bid_id == bid && score.criterion_id == criterion)
    }
}

/// Which of these criteria more than one person has scored for this bid: those that need a moderated score.
pub fn to_moderate(scores: &Scores, bid: BidId) -> HashSet<CriterionId> {
    let mut once = HashSet::new();
    let of_bid = scores.given.iter().filter(|score| score.bid_id == bid);
    of_bid
        .filter(|score| !once.insert(score.criterion_id))
        .map(|score| score.criterion_id)
        .collect()
}

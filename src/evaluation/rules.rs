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

use crate::error::refusals;
use crate::ids::{BidId, CriterionId, HomeId, OrganisationId, PersonId};
use crate::values::Money;
use rust_decimal::{Decimal, RoundingStrategy};
use std::collections::{HashMap, HashSet};

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
             Equal totals rank equal. Only compliant bids take part.",
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

/// Makes the sheet.
///
/// Scores of bids that are no contenders (withdrawn from the order as not compliant) are left out of account.
pub fn rank(scheme: Scheme, contenders: &[Contender], scores: &Scores) -> Sheet {
    let lowest_total = contenders.iter().map(|contender| contender.weekly_total).min();
    let mut given: HashMap<(BidId, CriterionId), Vec<Score>> = HashMap::new();
    for score in &scores.given {
        given
            .entry((score.bid_id, score.criterion_id))
            .or_default()
            .push(score.clone());
    }
    let moderated: HashMap<_, _> = scores
        .moderated
        .iter()
        .map(|score| ((score.bid_id, score.criterion_id), score))
        .collect();

    let mut rows: Vec<RankedBid> = contenders
        .iter()
        .map(|contender| {
            let criteria = scheme.criteria.iter().map(|criterion| {
                let key = (contender.bid_id, criterion.id);
                let mut given = given.remove(&key).unwrap_or_default();
                given.sort_by_key(|score| score.by);
                let moderated = moderated.get(&key).copied();
                let counts = settled(&given, moderated);
                let points = counts.map(|score| Decimal::from(criterion.weight * score) / Decimal::from(BEST));
                CriterionRow {
                    criterion: criterion.clone(),
                    given,
                    moderated: moderated.cloned(),
                    counts,
                    points,
                }
            });
            row(
                &scheme,
                contender,
                lowest_total.unwrap_or(contender.weekly_total),
                criteria.collect(),
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
    let quality_points = criteria
        .iter()
        .map(|row| row.points)
        .sum::<Option<Decimal>>()
        .map(rounded);
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

/// Which of these criteria more than one person has scored for this bid: those that need a moderated score.
pub fn to_moderate(scores: &Scores, bid: BidId) -> HashSet<CriterionId> {
    let mut once = HashSet::new();
    let of_bid = scores.given.iter().filter(|score| score.bid_id == bid);
    of_bid
        .filter(|score| !once.insert(score.criterion_id))
        .map(|score| score.criterion_id)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn bid(n: usize) -> BidId {
        Uuid::from_u128(n as u128 + 1).into()
    }

    fn criterion(n: usize) -> CriterionId {
        Uuid::from_u128(n as u128 + 1).into()
    }

    fn person(n: u128) -> PersonId {
        Uuid::from_u128(n).into()
    }

    fn money(text: &str) -> Money {
        text.parse().unwrap()
    }

    fn scheme(price_weight: i32, weights: &[i32]) -> Scheme {
        let criteria = weights
            .iter()
            .enumerate()
            .map(|(n, &weight)| Criterion {
                id: criterion(n),
                title: format!("Criterion {n}"),
                weight,
            })
            .collect();
        Scheme { price_weight, criteria }
    }

    fn contenders(totals: &[&str]) -> Vec<Contender> {
        totals
            .iter()
            .enumerate()
            .map(|(n, total)| Contender {
                bid_id: bid(n),
                home_id: Uuid::from_u128(n as u128).into(),
                provider_id: Uuid::from_u128(n as u128).into(),
                weekly_total: money(total),
            })
            .collect()
    }

    /// What person `by` gives: one row of scores a bid.
    fn given(by: u128, rows: &[&[i32]]) -> Vec<Score> {
        let mut scores = Vec::new();
        for (b, row) in rows.iter().enumerate() {
            for (c, &score) in row.iter().enumerate() {
                let reason = "As the answer shows.".to_owned();
                scores.push(Score {
                    bid_id: bid(b),
                    criterion_id: criterion(c),
                    by: person(by),
                    score,
                    reason,
                });
            }
        }
        scores
    }

    /// (price points, quality points, total points, rank), as the sheet shows them.
    fn shown(row: &RankedBid) -> (String, String, String, u32) {
        let (quality, total) = (row.quality_points.unwrap(), row.total_points.unwrap());
        (
            row.price_points.to_string(),
            quality.to_string(),
            total.to_string(),
            row.rank.unwrap(),
        )
    }

    fn as_shown(price: &str, quality: &str, total: &str, rank: u32) -> (String, String, String, u32) {
        (price.into(), quality.into(), total.into(), rank)
    }

    #[test]
    fn two_bids_by_hand() {
        let scores = Scores {
            given: given(1, &[&[3, 3], &[5, 4]]),
            ..Scores::default()
        };
        let sheet = rank(scheme(40, &[40, 20]), &contenders(&["5150.17", "5200.00"]), &scores);
        assert!(sheet.complete);
        assert_eq!(sheet.lowest_total, Some(money("5150.17")));
        assert_eq!(sheet.rows[0].bid_id, bid(1));
        assert_eq!(shown(&sheet.rows[0]), as_shown("39.62", "56.00", "95.62", 1));
        assert_eq!(shown(&sheet.rows[1]), as_shown("40.00", "36.00", "76.00", 2));
        assert_eq!(sheet.rows[0].price_working, "40 × 5150.17 ÷ 5200.00 = 39.62");
        assert_eq!(
            sheet.rows[0].quality_working.as_deref(),
            Some("40 × 5 ÷ 5 + 20 × 4 ÷ 5 = 56.00")
        );
        assert!(sheet.formula().contains("price weight 40 × lowest weekly total"));
        assert!(sheet.formula().contains("Criterion 0 40; Criterion 1 20"));
    }

    #[test]
    fn half_a_hundredth_goes_up() {
        // 1 × 0.01 ÷ 2.00 = 0.005, 1 × 0.01 ÷ 2.01 = 0.004975…
        assert_eq!(price_points(1, money("0.01"), money("2.00")).to_string(), "0.01");
        assert_eq!(price_points(1, money("0.01"), money("2.01")).to_string(), "0.00");
        // 50 × 1000 ÷ 1500 = 33.333…, 50 × 1000 ÷ 3000 = 16.666…
        assert_eq!(
            price_points(50, money("1000.00"), money("1500.00")).to_string(),
            "33.33"
        );
        assert_eq!(
            price_points(50, money("1000.00"), money("3000.00")).to_string(),
            "16.67"
        );
    }

    #[test]
    fn a_bid_that_costs_nothing_divides_nothing() {
        let scores = Scores {
            given: given(1, &[&[1], &[5], &[0]]),
            ..Scores::default()
        };
        let sheet = rank(scheme(50, &[50]), &contenders(&["0.00", "4000.00", "0.00"]), &scores);
        assert_eq!(
            shown(sheet.row(bid(0)).unwrap()),
            as_shown("50.00", "10.00", "60.00", 1)
        );
        assert_eq!(shown(sheet.row(bid(1)).unwrap()), as_shown("0.00", "50.00", "50.00", 2));
        assert_eq!(shown(sheet.row(bid(2)).unwrap()), as_shown("50.00", "0.00", "50.00", 2));
    }

    #[test]
    fn equal_totals_rank_equal_and_the_next_rank_is_left_out() {
        let scores = Scores {
            given: given(1, &[&[2], &[4], &[4]]),
            ..Scores::default()
        };
        let sheet = rank(
            scheme(50, &[50]),
            &contenders(&["1000.00", "1000.00", "1000.00"]),
            &scores,
        );
        let ranks: Vec<_> = sheet.rows.iter().map(|row| (row.bid_id, row.rank.unwrap())).collect();
        assert_eq!(ranks, [(bid(1), 1), (bid(2), 1), (bid(0), 3)]);
        assert_eq!(sheet.first().count(), 2);
    }

    #[test]
    fn no_rank_before_everything_is_settled() {
        let one_missing = Scores {
            given: given(1, &[&[3, 3], &[5]]),
            ..Scores::default()
        };
        let sheet = rank(
            scheme(40, &[40, 20]),
            &contenders(&["5150.17", "5200.00"]),
            &one_missing,
        );
        assert!(!sheet.complete);
        assert!(sheet.rows.iter().all(|row| row.rank.is_none()));
        assert_eq!(
            sheet.rows[0].total_points.unwrap().to_string(),
            "76.00",
            "what is settled is shown"
        );
        assert_eq!((sheet.rows[1].quality_points, sheet.rows[1].total_points), (None, None));
        assert_eq!(sheet.rows[1].price_points.to_string(), "39.62");
        assert_eq!(sheet.rows[1].criteria[0].points.unwrap().to_string(), "40");
    }

    #[test]
    fn two_evaluators_need_moderation_even_when_they_agree() {
        let mut scores = Scores {
            given: [given(1, &[&[3, 3]]), given(2, &[&[3]])].concat(),
            ..Scores::default()
        };
        assert_eq!(to_moderate(&scores, bid(0)), HashSet::from([criterion(0)]));
        let contenders = contenders(&["5000.00"]);
        assert!(!rank(scheme(40, &[40, 20]), &contenders, &scores).complete);
        scores.moderated = given(2, &[&[4]]);
        let sheet = rank(scheme(40, &[40, 20]), &contenders, &scores);
        assert_eq!(shown(&sheet.rows[0]), as_shown("40.00", "44.00", "84.00", 1));
        assert_eq!(sheet.rows[0].criteria[0].given.len(), 2, "nothing is hidden");
    }

    #[test]
    fn no_bids_make_an_empty_sheet() {
        let sheet = rank(scheme(40, &[60]), &[], &Scores::default());
        assert!(sheet.complete && sheet.rows.is_empty());
        assert_eq!(sheet.lowest_total, None);
    }

    /// Weekly totals in pence, and one score a bid and criterion.
    fn competition() -> impl Strategy<Value = (Scheme, Vec<Contender>, Scores)> {
        let bids = prop::collection::vec((0..2_000_000_i64, 0..=BEST, 0..=BEST), 1..9);
        (0..=100_i32, bids)
            .prop_flat_map(|(price_weight, bids)| (Just(price_weight), Just(bids), 0..=100 - price_weight))
            .prop_map(|(price_weight, bids, first)| {
                let totals: Vec<String> = bids
                    .iter()
                    .map(|(pence, ..)| format!("{}.{:02}", pence / 100, pence % 100))
                    .collect();
                let rows: Vec<[i32; 2]> = bids.iter().map(|&(_, a, b)| [a, b]).collect();
                let rows: Vec<&[i32]> = rows.iter().map(<[i32; 2]>::as_slice).collect();
                let totals: Vec<&str> = totals.iter().map(String::as_str).collect();
                let scores = Scores {
                    given: given(1, &rows),
                    ..Scores::default()
                };
                (
                    scheme(price_weight, &[first, 100 - price_weight - first]),
                    contenders(&totals),
                    scores,
                )
            })
    }

    proptest! {
        #[test]
        fn points_stay_within_their_weights((scheme, contenders, scores) in competition()) {
            for row in rank(scheme.clone(), &contenders, &scores).rows {
                let (price, quality, total) = (row.price_points, row.quality_points.unwrap(), row.total_points.unwrap());
                prop_assert!(price >= Decimal::ZERO && price <= Decimal::from(scheme.price_weight));
                prop_assert!(quality >= Decimal::ZERO && quality <= Decimal::from(100 - scheme.price_weight));
                prop_assert!(total <= Decimal::from(100));
                prop_assert!([price, quality, total].iter().all(|points| points.scale() == 2), "always two places");
            }
        }

        #[test]
        fn the_cheaper_never_gets_fewer_price_points((scheme, contenders, scores) in competition()) {
            let rows = rank(scheme.clone(), &contenders, &scores).rows;
            for a in &rows {
                for b in &rows {
                    prop_assert!(a.weekly_total > b.weekly_total || a.price_points >= b.price_points);
                }
            }
            let cheapest = rows.iter().min_by_key(|row| row.weekly_total).unwrap();
            prop_assert_eq!(cheapest.price_points, Decimal::from(scheme.price_weight));
        }

        #[test]
        fn the_order_in_which_bids_and_scores_come_changes_nothing(
            (scheme, contenders, scores) in competition(), turn in 0..8_usize
        ) {
            let sheet = rank(scheme.clone(), &contenders, &scores);
            let (mut turned, mut mixed) = (contenders.clone(), scores.clone());
            turned.rotate_left(turn % contenders.len());
            mixed.given.reverse();
            prop_assert_eq!(rank(scheme, &turned, &mixed), sheet);
        }

        #[test]
        fn price_points_are_those_of_whole_number_arithmetic(
            weight in 0..=100_i32, lowest in 0..5_000_000_i64, more in 0..5_000_000_i64
        ) {
            let as_money = |pence: i64| money(&format!("{}.{:02}", pence / 100, pence % 100));
            let points = price_points(weight, as_money(lowest), as_money(lowest + more));
            // Hundredths of a point, half up: ⌊(2 × 100 × weight × lowest + total) ÷ (2 × total)⌋.
            let (lowest, total) = (i128::from(lowest), i128::from(lowest + more));
            let hundredths = if total == 0 { i128::from(weight) * 100 } else { (200 * i128::from(weight) * lowest + total) / (2 * total) };
            prop_assert_eq!(points, Decimal::from_i128_with_scale(hundredths, 2));
        }

        #[test]
        fn ranks_count_who_is_better((scheme, contenders, scores) in competition()) {
            let rows = rank(scheme, &contenders, &scores).rows;
            for row in &rows {
                let better = rows.iter().filter(|other| other.total_points > row.total_points).count();
                prop_assert_eq!(row.rank.unwrap() as usize, better + 1);
            }
        }
    }
}

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
            guidance: None,
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
    assert_eq!(sheet.rows[1].criteria[0].points.unwrap().to_string(), "40.00");
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

fn sheet(no_conflict_of_interest: bool, scores: &[(usize, i32)]) -> ScoreSheet {
    let new = |&(n, score): &(usize, i32)| NewScore {
        criterion_id: criterion(n),
        score,
        reason: "As the answer shows.".to_owned(),
    };
    ScoreSheet {
        no_conflict_of_interest,
        scores: scores.iter().map(new).collect(),
    }
}

fn code<T: std::fmt::Debug>(outcome: crate::error::Result<T>) -> &'static str {
    outcome.unwrap_err().code()
}

#[test]
fn when_scores_are_taken() {
    for &phase in Phase::ALL {
        for &state in BidState::ALL {
            let refused = may_score(phase, state).err().map(|refused| refused.code());
            let expected = match (phase, state) {
                (
                    Phase::Opened,
                    BidState::Draft | BidState::Submitted | BidState::Withdrawn | BidState::NonCompliant,
                ) => Some("evaluation.bid_not_compliant"),
                (Phase::Opened, _) => None,
                _ => Some("evaluation.not_open"),
            };
            assert_eq!(refused, expected, "{phase} {state}");
        }
    }
}

#[test]
fn a_sheet_of_scores_is_checked_whole() {
    let criteria = scheme(40, &[40, 20]).criteria;
    let given = |sheet: ScoreSheet| sheet.given(&criteria, &Scores::default(), bid(0), person(1));
    assert_eq!(code(given(sheet(false, &[(0, 3)]))), "evaluation.conflict_of_interest");
    assert_eq!(
        given(sheet(true, &[(1, 3)])).unwrap().len(),
        1,
        "the others may follow later"
    );
    let Err(crate::error::Error::Invalid(wrong)) = given(sheet(true, &[(0, 3), (7, 3), (0, 4)])) else {
        panic!("must name the fields");
    };
    assert!(wrong.names("scores[1].criterion_id") && wrong.names("scores[2].criterion_id"));
}

#[test]
fn moderation_closes_a_criterion_for_single_scores() {
    let criteria = scheme(40, &[40, 20]).criteria;
    let given_by_two = [given(1, &[&[3, 3]]), given(2, &[&[5, 3]])].concat();
    let scores = Scores {
        moderated: given(2, &[&[4]]),
        given: given_by_two,
    };
    let again = |rows: &[(usize, i32)]| sheet(true, rows).given(&criteria, &scores, bid(0), person(1));
    assert_eq!(code(again(&[(0, 2), (1, 2)])), "evaluation.moderated");
    let kept = again(&[(0, 3), (1, 2)]).unwrap();
    assert_eq!(
        kept.iter().map(|score| score.score).collect::<Vec<_>>(),
        [3, 2],
        "as it was, it may be sent again"
    );
    assert_eq!(again(&[(1, 2)]).unwrap(), kept, "left out, it stays");
}

#[test]
fn only_what_two_people_scored_is_moderated() {
    let criteria = scheme(40, &[40, 20]).criteria;
    let scores = Scores {
        given: [given(1, &[&[3, 3]]), given(2, &[&[5]])].concat(),
        ..Scores::default()
    };
    let declaring = |here: bool, before: bool, rows: &[(usize, i32)]| {
        let ScoreSheet { scores: new, .. } = sheet(true, rows);
        let moderated = ModeratedSheet {
            no_conflict_of_interest: here,
            scores: new,
        };
        moderated.moderated(&criteria, &scores, bid(0), person(1), before)
    };
    assert_eq!(
        code(declaring(false, false, &[(0, 4)])),
        "evaluation.conflict_of_interest"
    );
    assert_eq!(declaring(true, false, &[(0, 4)]).unwrap().len(), 1);
    let moderate = |rows: &[(usize, i32)]| declaring(false, true, rows);
    assert_eq!(code(moderate(&[(0, 4), (1, 4)])), "evaluation.nothing_to_moderate");
    assert_eq!(moderate(&[(0, 4)]).unwrap().len(), 1);
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

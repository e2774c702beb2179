//! What each bidder reads, and what nobody does.

use super::*;
use crate::clock::Instant;

fn now() -> Instant {
    "2026-03-04T12:00:00Z".parse().unwrap()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn contender(provider: &str, home: &str, rank: i32, scores: [&str; 2], points: [&str; 5], weekly: &str) -> Contender {
    let [first, second, quality, price, total] = points.map(decimal);
    Contender {
        provider_id: OrganisationId::new(now()),
        bid_id: Some(BidId::new(now())),
        provider: provider.to_owned(),
        home: home.to_owned(),
        scores: Some(Scores {
            rank,
            criteria: [
                ("Meeting needs", 40, scores[0], first),
                ("Education", 20, scores[1], second),
            ]
            .map(|(title, weight, score, points)| ScoreLine {
                title: title.to_owned(),
                weight,
                score: score.parse().unwrap(),
                points,
                reasons: vec![format!("{home} shows {title}.")],
            })
            .into(),
            price_weight: 40,
            quality_points: quality,
            price_points: price,
            total_points: total,
            weekly_total: weekly.parse().unwrap(),
        }),
        non_compliance: None,
    }
}

fn decision() -> Decision {
    Decision {
        authority: "Reading".to_owned(),
        contact: ("Ada Grant".to_owned(), "ada@reading.example".to_owned()),
        reference: "PR-7K2M".to_owned(),
        lot: "RES, Residential".to_owned(),
        framework: "SE-RES-1, South East residential care".to_owned(),
        route: "Open framework",
        decided_on: "2026-03-04".parse().unwrap(),
        standstill_until: None,
        price: PriceLines {
            core: "5200.00".parse().unwrap(),
            ..PriceLines::default()
        },
        starts_on: "2026-03-08".parse().unwrap(),
        ranked: 2,
        grounds: Grounds::MostPoints,
        characteristics: None,
        winner: contender(
            "Birch",
            "Birch House",
            1,
            ["5", "4"],
            ["40.00", "16.00", "56.00", "39.62", "95.62"],
            "5200.00",
        ),
        others: vec![contender(
            "Acorn",
            "Near House",
            2,
            ["3", "4"],
            ["24.00", "16.00", "40.00", "40.00", "80.00"],
            "5150.17",
        )],
    }
}

fn two(decision: &Decision) -> (String, String) {
    let letters = letters(decision).unwrap();
    assert_eq!(
        letters.iter().map(|letter| letter.kind).collect::<Vec<_>>(),
        [LetterKind::Successful, LetterKind::Unsuccessful]
    );
    assert!(letters.iter().all(|letter| letter.subject.starts_with("PR-7K2M: ")));
    (letters[0].body.clone(), letters[1].body.clone())
}

#[test]
fn the_winner_reads_its_price_its_scores_and_what_follows() {
    let (winner, _) = two(&decision());
    for part in [
        "To Birch\n",
        "4 March 2026",
        "bid of Birch House",
        "Core: £5,200.00",
        "Total: £5,200.00",
        "Start: 8 March 2026",
        "rank 1 of 2",
        "95.62 points",
        "please accept it",
    ] {
        assert!(winner.contains(part), "{part} in:\n{winner}");
    }
    for part in ["Acorn", "Near House", "80.00", "stands still"] {
        assert!(!winner.contains(part), "{part} in:\n{winner}");
    }
}

#[test]
fn every_other_bidder_reads_its_own_scores_and_the_winners() {
    let (_, loser) = two(&decision());
    for part in [
        "To Acorn\n",
        "award the placement to Birch.",
        "Meeting needs (weight 40): score 3 of 5, 24.00 points\n    Near House shows Meeting needs.",
        "£5,150.17 a week, 40.00 points",
        "Total: 80.00 points",
        "The awarded bid: rank 1 of 2\n  Meeting needs (weight 40): score 5 of 5, 40.00 points",
        "Total: 95.62 points",
        "scored higher than yours in: Meeting needs.",
        "Both scored the same in: Education.",
        "Your price earned more points.",
    ] {
        assert!(loser.contains(part), "{part} in:\n{loser}");
    }
}

#[test]
fn both_read_whom_to_ask() {
    let (winner, loser) = two(&decision());
    assert!(
        winner.contains("Questions about this award: Ada Grant, ada@reading.example, for Reading."),
        "{winner}"
    );
    let raised =
        "Ask about this decision, or raise what you object to, with: Ada Grant, ada@reading.example, for Reading.";
    assert!(loser.contains(raised), "{loser}");
}

#[test]
fn no_loser_learns_the_winners_home_its_price_or_what_was_said_of_it() {
    let (_, loser) = two(&decision());
    for part in ["Birch House", "5,200.00", "5200"] {
        assert!(!loser.contains(part), "{part} in:\n{loser}");
    }
}

#[test]
fn the_grounds_are_told_as_they_are() {
    let told = |grounds: Grounds| two(&Decision { grounds, ..decision() }).1;
    assert!(
        told(Grounds::Tie("by the earlier start".to_owned())).contains("The tie was broken so: by the earlier start")
    );
    assert!(told(Grounds::NeedsFirst).contains("What this child needs comes before the score"));
    let words = Decision {
        characteristics: Some("A teacher on the staff.".to_owned()),
        ..decision()
    };
    assert!(
        two(&words)
            .1
            .contains("What the awarded bid offers: A teacher on the staff.")
    );
}

#[test]
fn a_standstill_is_told_to_both() {
    let standing = Decision {
        standstill_until: Some("17 March 2026, 00:00 GMT".to_owned()),
        ..decision()
    };
    let (winner, loser) = two(&standing);
    assert!(
        winner.contains("stands still until 17 March 2026, 00:00 GMT") && winner.contains("not binding before that"),
        "{winner}"
    );
    assert!(loser.contains("stands still until 17 March 2026, 00:00 GMT"), "{loser}");
}

#[test]
fn a_bid_that_was_not_compliant_reads_why_and_no_scores() {
    let mut decision = decision();
    decision.others[0].scores = None;
    decision.others[0].non_compliance = Some("The home isn't admitted to the lot.".to_owned());
    let (_, loser) = two(&decision);
    assert!(
        loser.contains("was not scored:\n  The home isn't admitted to the lot."),
        "{loser}"
    );
    assert!(!loser.contains("Your bid: rank"), "{loser}");
}

#[test]
fn a_direct_award_has_no_scores() {
    let mut decision = Decision {
        grounds: Grounds::Direct,
        route: "Direct award, urgency",
        others: vec![],
        ..decision()
    };
    decision.winner.scores = None;
    decision.winner.bid_id = None;
    let letters = letters(&decision).unwrap();
    assert_eq!(letters.len(), 1);
    assert!(
        letters[0].body.contains("without a competition") && letters[0].body.contains("Route: Direct award, urgency."),
        "{}",
        letters[0].body
    );
    assert!(!letters[0].body.contains("rank"), "{}", letters[0].body);
}

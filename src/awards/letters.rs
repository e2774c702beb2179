//! What the bidders are told of a decision: the winner's letter, and to every other bidder an assessment summary with the own scores,
//! the winner's scores and what tells the two apart (Procurement Act 2023, s. 50). Pure: the same facts give the same words, so what was
//! previewed is what is sent.
//!
//! A letter says nothing of the child, and of the winner neither the home nor the price lines: a children's home's place is
//! confidential, and its prices are the provider's own.

use super::rules::LetterKind;
use crate::error::{Error, Result};
use crate::ids::{BidId, OrganisationId};
use crate::values::{CostLine, Money, PriceLines};
use askama::Template;
use chrono::NaiveDate;
use rust_decimal::Decimal;

/// What a decision was, for those who are told.
#[derive(Debug, Clone)]
pub struct Decision {
    /// The authority's name.
    pub authority: String,
    /// Whom of it to ask: the name and the work address of whoever proposed the award.
    pub contact: (String, String),
    /// The request's reference.
    pub reference: String,
    /// The lot's code and title.
    pub lot: String,
    /// The framework's reference and title.
    pub framework: String,
    /// The procurement route, in words.
    pub route: &'static str,
    /// The day of the decision.
    pub decided_on: NaiveDate,
    /// Until when it stands still, in words.
    pub standstill_until: Option<String>,
    /// The awarded weekly price.
    pub price: PriceLines,
    /// The agreed start.
    pub starts_on: NaiveDate,
    /// How many bids were ranked.
    pub ranked: usize,
    /// How the choice came about.
    pub grounds: Grounds,
    /// What the chosen bid offers, in the authority's words.
    pub characteristics: Option<String>,
    /// Who is awarded.
    pub winner: Contender,
    /// Who else had bid.
    pub others: Vec<Contender>,
}

/// Why this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grounds {
    /// It has the most points of those that could be chosen.
    MostPoints,
    /// Others have as many points; how the tie was broken.
    Tie(String),
    /// Others have more points: the child's needs come before the score.
    NeedsFirst,
    /// No bid was chosen: a direct award.
    Direct,
}

/// One bidder with one home; for a direct award, the winner without a bid.
#[derive(Debug, Clone)]
pub struct Contender {
    /// The provider.
    pub provider_id: OrganisationId,
    /// Its bid.
    pub bid_id: Option<BidId>,
    /// The provider's name.
    pub provider: String,
    /// The home's name: told to its own provider only.
    pub home: String,
    /// Its row of the sheet; `None` where it wasn't scored.
    pub scores: Option<Scores>,
    /// Why the bid was not compliant, if it wasn't.
    pub non_compliance: Option<String>,
}

/// A row of the ranking sheet.
#[derive(Debug, Clone)]
pub struct Scores {
    /// Its rank.
    pub rank: i32,
    /// Each criterion.
    pub criteria: Vec<ScoreLine>,
    /// The weight of the price, 0–100.
    pub price_weight: i32,
    /// Points for quality.
    pub quality_points: Decimal,
    /// Points for price.
    pub price_points: Decimal,
    /// Both together.
    pub total_points: Decimal,
    /// The weekly price.
    pub weekly_total: Money,
}

/// One criterion's score.
#[derive(Debug, Clone)]
pub struct ScoreLine {
    /// The criterion.
    pub title: String,
    /// Its weight, 0–100.
    pub weight: i32,
    /// The score that counts, 0–5.
    pub score: i32,
    /// Weight × score / 5.
    pub points: Decimal,
    /// What was written down for it.
    pub reasons: Vec<String>,
}

/// A letter, ready to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// To whom.
    pub provider_id: OrganisationId,
    /// About which bid; `None` for a direct award's winner.
    pub bid_id: Option<BidId>,
    /// Which letter it is.
    pub kind: LetterKind,
    /// One line: the reference and what happened.
    pub subject: String,
    /// Plain text.
    pub body: String,
}

#[derive(Template)]
#[template(path = "awards/successful.txt")]
struct Successful<'a> {
    letter: Addressed<'a>,
    lines: Vec<(&'static str, Money)>,
    start: String,
}

#[derive(Template)]
#[template(path = "awards/unsuccessful.txt")]
struct Unsuccessful<'a> {
    letter: Addressed<'a>,
    winner: &'a Contender,
    why: Vec<String>,
}

/// A decision, told to one of the bidders.
struct Addressed<'a> {
    decision: &'a Decision,
    recipient: &'a Contender,
}

impl std::ops::Deref for Addressed<'_> {
    type Target = Decision;

    fn deref(&self) -> &Decision {
        self.decision
    }
}

impl Addressed<'_> {
    fn date(&self) -> String {
        in_words(self.decided_on)
    }
}

fn in_words(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

/// The letters of a decision: the winner's first, then one for every other bid.
pub fn letters(decision: &Decision) -> Result<Vec<Letter>> {
    let mut letters = Vec::with_capacity(1 + decision.others.len());
    let winner = &decision.winner;
    letters.push(Letter {
        provider_id: winner.provider_id,
        bid_id: winner.bid_id,
        kind: LetterKind::Successful,
        subject: format!("{}: you are awarded the placement", decision.reference),
        body: Successful {
            letter: Addressed {
                decision,
                recipient: winner,
            },
            lines: cost_lines(decision.price),
            start: in_words(decision.starts_on),
        }
        .render()
        .map_err(Error::internal)?,
    });
    for recipient in &decision.others {
        letters.push(Letter {
            provider_id: recipient.provider_id,
            bid_id: recipient.bid_id,
            kind: LetterKind::Unsuccessful,
            subject: format!("{}: your bid was unsuccessful", decision.reference),
            body: Unsuccessful {
                letter: Addressed { decision, recipient },
                winner,
                why: why(decision, recipient),
            }
            .render()
            .map_err(Error::internal)?,
        });
    }
    Ok(letters)
}

/// The four lines in few words, with their amounts.
pub fn cost_lines(price: PriceLines) -> Vec<(&'static str, Money)> {
    let word = |line: CostLine| match line {
        CostLine::Core => "Core",
        CostLine::AdditionalSupport => "Additional support",
        CostLine::Education => "Education",
        CostLine::Other => "Other",
    };
    CostLine::ALL
        .iter()
        .map(|line| (word(*line), price.line(*line)))
        .collect()
}

/// What tells the awarded bid from this one: how the choice came about, where the scores differ, and the authority's own words.
fn why(decision: &Decision, recipient: &Contender) -> Vec<String> {
    let mut sentences = vec![match &decision.grounds {
        Grounds::MostPoints => "The awarded bid has the most points of those that could be chosen.".to_owned(),
        Grounds::Tie(how) => format!("Several bids have the same total of points. The tie was broken so: {how}"),
        Grounds::NeedsFirst => {
            "The awarded bid does not have the most points. What this child needs comes before the score; the reason \
             is recorded, and a second person of the authority has approved it."
                .to_owned()
        }
        Grounds::Direct => format!(
            "No bid was chosen; the placement was awarded directly. Route: {}.",
            decision.route
        ),
    }];
    if let (Some(own), Some(winners)) = (&recipient.scores, &decision.winner.scores) {
        let pairs = || own.criteria.iter().zip(&winners.criteria);
        let titles = |differs: fn(i32, i32) -> bool| {
            let titles: Vec<_> = pairs()
                .filter(|(own, winner)| differs(own.score, winner.score))
                .map(|(own, _)| own.title.as_str())
                .collect();
            titles.join("; ")
        };
        for (what, titles) in [
            (
                "The awarded bid scored higher than yours in",
                titles(|own, winner| winner > own),
            ),
            ("Both scored the same in", titles(|own, winner| winner == own)),
            ("Yours scored higher in", titles(|own, winner| winner < own)),
        ] {
            if !titles.is_empty() {
                sentences.push(format!("{what}: {titles}."));
            }
        }
        sentences.push(match winners.price_points.cmp(&own.price_points) {
            std::cmp::Ordering::Greater => "Its price earned more points than yours.".to_owned(),
            std::cmp::Ordering::Equal => "Both prices earned the same points.".to_owned(),
            std::cmp::Ordering::Less => "Your price earned more points.".to_owned(),
        });
    }
    sentences.extend(
        decision
            .characteristics
            .iter()
            .map(|words| format!("What the awarded bid offers: {words}")),
    );
    sentences
}

#[cfg(test)]
mod tests;

//! An evaluation of two bids on the sample request, for the tests of pages.

use crate::bids::pages::samples as bids;
use crate::bids::store::Names;
use crate::bids::{Bid, content::Content};
use crate::evaluation::api::{LeftOut, RankedHome, RankedProvider, Ranking, ranking_row};
use crate::evaluation::rules::{Contender, Criterion, CriterionRow, Scheme, Score, Scores, Sheet, criteria_of, rank};
use crate::ids::PersonId;
use crate::placement_requests::PlacementRequest;
use crate::placement_requests::rules::{Criterion as Asked, samples};
use crate::values::Money;
use std::collections::HashMap;

/// Why a score was given, as a page must write it.
pub const REASON: &str = "Names the &#60;staff&#62; &#38; hours.";

/// Two bids, and what Ada Grant and Ben Hale gave them.
#[derive(Debug)]
pub struct Evaluation {
    /// What is bid on.
    pub request: PlacementRequest,
    /// What the request asks.
    pub asked: Vec<Asked>,
    /// How the bids are judged.
    pub scheme: Scheme,
    /// Birch's bid, for £5,200.00 and the better one; Acorn's, for £5,150.17.
    pub bids: [Bid; 2],
    /// What they were given.
    pub scores: Scores,
    /// Ada Grant, who scored both.
    pub ada: PersonId,
    /// Ben Hale, who has scored nothing yet.
    pub ben: PersonId,
}

/// Both bids, scored by Ada Grant alone: Birch's at 56.00 and 95.62 in all, Acorn's at 40.00 and 80.00.
pub fn evaluation() -> Evaluation {
    let (request, asked) = samples::opened();
    let (ada, ben) = (PersonId::new(samples::noon()), PersonId::new(samples::noon()));
    let bids = [bids::opened(&request), bids::opened(&request)];
    let criterion = |asked: &Asked| Criterion {
        id: asked.id,
        title: asked.title.clone(),
        guidance: asked.guidance.clone(),
        weight: asked.weight,
    };
    let scheme = Scheme {
        price_weight: request.price_weight,
        criteria: asked.iter().map(criterion).collect(),
    };
    let mut evaluation = Evaluation {
        request,
        asked,
        scheme,
        bids,
        scores: Scores::default(),
        ada,
        ben,
    };
    for (bid, criterion, score) in [(0, 0, 5), (0, 1, 4), (1, 0, 3), (1, 1, 4)] {
        let given = evaluation.score(bid, criterion, ada, score);
        evaluation.scores.given.push(given);
    }
    evaluation
}

/// The same, with the first criterion of Birch's bid scored by Ben Hale too.
pub fn contested() -> Evaluation {
    let mut evaluation = evaluation();
    let reason = "Says little on nights.".to_owned();
    let given = evaluation.score(0, 0, evaluation.ben, 3);
    evaluation.scores.given.push(Score { reason, ..given });
    evaluation
}

/// The same, with that criterion moderated to a four.
pub fn moderated() -> Evaluation {
    let mut evaluation = contested();
    let reason = "Agreed: <good>, not best.".to_owned();
    let moderated = evaluation.score(0, 0, evaluation.ada, 4);
    evaluation.scores.moderated.push(Score { reason, ..moderated });
    evaluation
}

impl Evaluation {
    /// A score for a bid on a criterion, both by their place.
    pub fn score(&self, bid: usize, criterion: usize, by: PersonId, score: i32) -> Score {
        Score {
            bid_id: self.bids[bid].id,
            criterion_id: self.scheme.criteria[criterion].id,
            by,
            score,
            reason: "Names the <staff> & hours.".to_owned(),
        }
    }

    /// The criteria of Birch's bid, with what it was given.
    pub fn rows(&self) -> Vec<CriterionRow> {
        criteria_of(&self.scheme, self.bids[0].id, &self.scores)
    }

    /// What Birch's bid says.
    pub fn content(&self) -> Content {
        bids::content(&self.bids[0], &self.asked)
    }

    /// Who scored.
    pub fn people(&self) -> HashMap<PersonId, String> {
        HashMap::from([(self.ada, "Ada Grant".to_owned()), (self.ben, "Ben Hale".to_owned())])
    }

    /// The ranking sheet.
    pub fn sheet(&self) -> Sheet {
        let contender = |(bid, total): (&Bid, &str)| Contender {
            bid_id: bid.id,
            home_id: bid.home_id,
            provider_id: bid.provider_id,
            weekly_total: total.parse().unwrap(),
        };
        let contenders: Vec<Contender> = self.bids.iter().zip(["5200.00", "5150.17"]).map(contender).collect();
        rank(self.scheme.clone(), &contenders, &self.scores)
    }

    /// The names of a bid.
    fn names(&self, bid: &Bid) -> Names {
        if bid.id == self.bids[0].id {
            birch()
        } else {
            bids::names()
        }
    }

    /// The ranking sheet as it is shown.
    pub(in crate::evaluation) fn ranking(&self) -> Ranking {
        let sheet = self.sheet();
        let people = self.people();
        let formula = sheet.formula();
        let row = |row: crate::evaluation::RankedBid| {
            let bid = self.bids.iter().find(|bid| bid.id == row.bid_id).unwrap();
            ranking_row(row, self.names(bid), &people)
        };
        Ranking {
            formula,
            price_weight: self.scheme.price_weight,
            lowest_total: sheet.lowest_total,
            complete: sheet.complete,
            items: sheet.rows.into_iter().map(row).collect(),
            left_out: Vec::new(),
        }
    }

    /// A bid of Elm's that takes no part.
    pub(in crate::evaluation) fn left_out(&self) -> LeftOut {
        let bid = bids::non_compliant(&self.request, "No answer to <part 2>.");
        LeftOut {
            bid_id: bid.id,
            home: RankedHome {
                id: bid.home_id,
                name: "Elm House".to_owned(),
            },
            provider: RankedProvider {
                id: bid.provider_id,
                name: "Elm".to_owned(),
            },
            weekly_total: Money::parse("4000.00").unwrap(),
            reason: bid.non_compliance,
        }
    }
}

/// What the ids of Birch's bid stand for.
pub fn birch() -> Names {
    Names {
        home: "Birch House".to_owned(),
        provider: "Birch".to_owned(),
        ..bids::names()
    }
}

//! What providers do about a request: ask, bid, decline.

use super::{Bidders, Competition, Place, Play, Step};
use crate::bids::actions as bids;
use crate::demo::{Stage, input, words};
use crate::error::{Error, Result};
use crate::ids::{CriterionId, HomeId, PlacementRequestId};
use crate::matching::actions as matching;
use crate::placement_requests::{actions as requests, store};
use crate::values::Money;
use serde_json::{Value, json};

impl Play<'_> {
    /// The homes that are offered for a request, of those that fit it: one a provider. And a few whose providers decline.
    pub(super) fn bidding(
        &self,
        stage: &mut Stage<'_>,
        competition: &Competition,
        fitting: Vec<HomeId>,
    ) -> (Vec<HomeId>, Vec<HomeId>) {
        let most = match competition.bidders {
            Bidders::AsItComes => usize::try_from(stage.number(0..=6)).unwrap_or(3),
            Bidders::Several | Bidders::FromOutside => 4,
            Bidders::One(_) => 1,
        };
        let few = usize::try_from(stage.number(0..=2)).unwrap_or(1);
        let (mut bidding, mut declining, mut seen) = (Vec::new(), Vec::new(), Vec::new());
        for home in fitting {
            let Some((_, provider, _)) = self.owners.get(&home).copied() else {
                continue;
            };
            let suits = match competition.bidders {
                Bidders::AsItComes | Bidders::Several => true,
                Bidders::FromOutside => self.lies_outside(home, competition.place),
                Bidders::One(only) => provider == only,
            };
            if seen.contains(&provider) {
                continue;
            }
            if suits && bidding.len() < most {
                bidding.push(home);
            } else if declining.len() < few {
                declining.push(home);
            } else {
                continue;
            }
            seen.push(provider);
        }
        (bidding, declining)
    }

    pub(super) fn ask(
        &mut self,
        stage: &mut Stage<'_>,
        place: Place,
        request: PlacementRequestId,
        home: HomeId,
        answered: bool,
    ) -> Result<()> {
        let Some((provider, _)) = self.owner(home) else {
            return Ok(());
        };
        let question = json!({"text": *stage.pick(words::QUESTIONS)});
        let question = stage.write(|tx| requests::ask(tx, &provider.admin, request, &input(question)?))?;
        if answered {
            let answer = Step::Answer {
                place,
                question: question.id,
            };
            self.after(stage, 10..=40, answer);
        }
        Ok(())
    }

    pub(super) fn bid(
        &mut self,
        stage: &mut Stage<'_>,
        request: PlacementRequestId,
        home: HomeId,
        sent: bool,
    ) -> Result<()> {
        let Some((provider, listed)) = self.owner(home) else {
            return Ok(());
        };
        // Near the listed price: a little under, mostly; a little over, sometimes.
        let percent = stage.number(95..=103);
        let core = Money::from_pence(listed.price.core.pence() * percent / 100).unwrap_or(listed.price.core);
        let answers: Vec<&str> = (0..3).map(|_| *stage.pick(words::ANSWERS)).collect();
        let statement = *stage.pick(words::MATCHING);
        let (admin, sealing) = (&provider.admin, &self.sealing);
        stage.write(|tx| {
            matching::look(tx, admin, request)?;
            let asked = store::request(tx, request)?.ok_or(Error::NotFound("placement request"))?;
            let criteria: Vec<CriterionId> = store::criteria(tx, request)?.iter().map(|criterion| criterion.id).collect();
            let answers: Vec<Value> = criteria.iter().zip(&answers).map(|(id, text)| json!({"criterion_id": id, "text": text})).collect();
            let body = json!({
                "home_id": home, "starts_on": asked.starts_on,
                "price": {"core": core, "additional_support": listed.price.additional_support, "education": "0.00", "other": "0.00"},
                "answers": answers, "matching_statement": statement,
            });
            let (bid, _) = bids::create(tx, admin, sealing, request, input(body)?)?;
            if sent {
                bids::submit(tx, admin, sealing, bid.id, None)?;
            }
            Ok(())
        })?;
        stage.made.bids += 1;
        Ok(())
    }
}

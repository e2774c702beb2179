//! What comes of the bids: opened, scored, awarded, placed.

use super::{Course, Place, Play, Run, Step};
use crate::awards::actions as awards;
use crate::bids::actions as bids;
use crate::demo::{Stage, input, words};
use crate::error::{Error, Result};
use crate::evaluation::actions as evaluation;
use crate::ids::{AwardId, BidId, CriterionId, HomeId, PlacementId};
use crate::placement_requests::{actions as requests, store};
use crate::placements::actions as placements;
use chrono::Duration;
use serde_json::{Value, json};

impl Play<'_> {
    pub(super) fn open(&mut self, stage: &mut Stage<'_>, run: Run) -> Result<()> {
        let (actor, request) = (self.commissioner(run.place), run.request);
        let (sealing, key) = (&self.sealing, &self.confidential);
        let bids = stage.write(|tx| {
            bids::open(tx, actor, sealing, request, None)?;
            crate::bids::store::opened(tx, request)
        })?;
        if bids.is_empty() {
            let ending = json!({"reason": "Nobody bid."});
            return stage.write(|tx| requests::mark_unfilled(tx, actor, key, request, input(ending)?, None).map(drop));
        }
        if run.course == Course::Opened {
            return Ok(());
        }
        let sheets: Vec<(BidId, Vec<(i64, &str)>)> = bids
            .iter()
            .filter(|opened| opened.bid.state.takes_part())
            .map(|opened| {
                let scores = (0..3).map(|_| (stage.number(2..=5), *stage.pick(words::REASONS)));
                (opened.bid.id, scores.collect())
            })
            .collect();
        stage.write(|tx| {
            let criteria: Vec<CriterionId> = store::criteria(tx, request)?.iter().map(|criterion| criterion.id).collect();
            for (bid, scores) in &sheets {
                let scores: Vec<Value> = criteria
                    .iter()
                    .zip(scores)
                    .map(|(criterion, (score, reason))| json!({"criterion_id": criterion, "score": score, "reason": reason}))
                    .collect();
                evaluation::score(tx, actor, key, *bid, input(json!({"no_conflict_of_interest": true, "scores": scores}))?)?;
            }
            Ok(())
        })?;
        if run.course != Course::Scored {
            self.after(stage, 30..=20 * 60, Step::Award(run));
        }
        Ok(())
    }

    pub(super) fn award(&mut self, stage: &mut Stage<'_>, run: Run) -> Result<()> {
        let (actor, key) = (self.commissioner(run.place), &self.confidential);
        let award = stage.write(|tx| {
            let asked = store::request(tx, run.request)?.ok_or(Error::NotFound("placement request"))?;
            let sheet = evaluation::sheet(tx, &asked)?;
            let last = sheet.rows.last().filter(|_| run.course == Course::Proposed);
            let Some(chosen) = last.or(sheet.first().next()) else {
                return Ok(None);
            };
            let reason = match (chosen.rank, sheet.first().count()) {
                (Some(1), 1) => "Ranked first: the best for the child at the price asked.",
                (Some(1), _) => "Ranked first with another bid of as many points; either meets what the child needs.",
                _ => "The young people who live there are the better match, and the way to school stays the same.",
            };
            let mut body = json!({"bid_id": chosen.bid_id, "reason": reason});
            if self.lies_outside(chosen.home_id, run.place) {
                body["out_of_area_reason"] = json!("Other");
            }
            awards::propose(tx, actor, key, run.request, input(body)?).map(Some)
        })?;
        if let Some(award) = award
            && run.course != Course::Proposed
        {
            self.after(stage, 20..=600, Step::Confirm { run, award: award.id });
        }
        Ok(())
    }

    pub(super) fn confirm(&mut self, stage: &mut Stage<'_>, run: Run, award: AwardId) -> Result<()> {
        let council = self.council(run.place);
        let confirmed = stage.write(|tx| {
            let proposed = crate::awards::store::award(tx, award)?.ok_or(Error::NotFound("award"))?;
            if proposed.approvals.iter().any(|approval| approval.decided.is_none()) {
                let yes = input(json!({"reason": "No closer home fits as well."}))?;
                awards::approve(tx, &council.approver, award, &yes, None)?;
            }
            if run.course == Course::Approved {
                return Ok(None);
            }
            awards::confirm(tx, &council.commissioner, award, None).map(Some)
        });
        let confirmed = match confirmed {
            Ok(Some(confirmed)) => confirmed,
            Ok(None) => return Ok(()),
            Err(Error::Refused(refused)) => {
                tracing::debug!(code = refused.code, "an award of the demo was overtaken");
                return self.give_up(stage, run, award);
            }
            Err(other) => return Err(other),
        };
        let place = run.place;
        if run.course != Course::Untold {
            self.after(stage, 30..=240, Step::Tell { place, award });
        }
        if run.course != Course::Confirmed {
            let home = confirmed.home_id;
            self.after(stage, 10..=300, Step::Accept { award, home, place });
        }
        Ok(())
    }

    /// The last place went to another child meanwhile: the request ends without a placement.
    fn give_up(&self, stage: &Stage<'_>, run: Run, award: AwardId) -> Result<()> {
        let (actor, key) = (self.commissioner(run.place), &self.confidential);
        let overtaken = || json!({"reason": "The home's last place was taken meanwhile."});
        stage.write(|tx| {
            awards::withdraw(tx, actor, award, &input(overtaken())?, None)?;
            requests::mark_unfilled(tx, actor, key, run.request, input(overtaken())?, None).map(drop)
        })
    }

    pub(super) fn accept(&mut self, stage: &mut Stage<'_>, award: AwardId, home: HomeId, place: Place) -> Result<()> {
        let Some((provider, _)) = self.owner(home) else {
            return Ok(());
        };
        let (_, placement) = stage.write(|tx| placements::accept(tx, &provider.admin, award, None))?;
        stage.made.placements += 1;
        let placement = placement.id;
        self.after(stage, 20 * 60..=90 * 60, Step::Start { place, placement });
        Ok(())
    }

    pub(super) fn start(&mut self, stage: &mut Stage<'_>, place: Place, placement: PlacementId) -> Result<()> {
        let (actor, today) = (self.commissioner(place), stage.now().date_in_uk());
        stage.write(|tx| {
            placements::start(tx, actor, placement, &input(json!({"started_on": today}))?, None).map(drop)
        })?;
        let day = 24 * 60;
        if stage.chance(25) {
            self.after(stage, 2 * day..=20 * day, Step::Vary { place, placement });
        }
        if stage.chance(30) {
            self.after(stage, 25 * day..=120 * day, Step::End { place, placement });
        }
        Ok(())
    }

    pub(super) fn tell(&self, stage: &Stage<'_>, place: Place, award: AwardId) -> Result<()> {
        let actor = self.commissioner(place);
        stage.write(|tx| {
            for item in crate::awards::store::due_items_of(tx, award)? {
                let how = input(json!({"note": "Told by secure email."}))?;
                awards::done(tx, actor, item.id, how, None)?;
            }
            Ok(())
        })
    }

    pub(super) fn vary(&self, stage: &Stage<'_>, place: Place, placement: PlacementId) -> Result<()> {
        let (actor, from) = (self.commissioner(place), stage.now().date_in_uk() + Duration::days(30));
        let terms = json!({
            "effective_on": from, "funding": {"social_care": 80, "education": 20, "health": 0},
            "reason": "The education plan was agreed.",
        });
        stage.write(|tx| placements::vary(tx, actor, placement, input(terms)?, None).map(drop))
    }

    pub(super) fn end(&self, stage: &mut Stage<'_>, place: Place, placement: PlacementId) -> Result<()> {
        let (actor, today) = (self.commissioner(place), stage.now().date_in_uk());
        let reason = *stage.pick(&["CARPL", "CARPL", "CHILD", "CREQO"]);
        let ending = json!({"ended_on": today, "reason": reason});
        stage.write(|tx| placements::end(tx, actor, placement, &input(ending)?, None).map(drop))
    }
}

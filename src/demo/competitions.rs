//! Half a year of competitions, played in the order of time: each step is due at a moment, and says what comes next.

mod bidding;
mod outcomes;

use super::asking;
use super::cast::{Council, Region};
use super::homes::{Listed, Provider};
use super::today::{self, Scene};
use super::{Stage, input, words};
use crate::access::Actor;
use crate::bids::actions as bids;
use crate::bids::seal::{PURPOSE, ServerKey};
use crate::clock::Instant;
use crate::error::{Error, Result};
use crate::ids::{AwardId, HomeId, PlacementId, PlacementRequestId, QuestionId, VacancyId};
use crate::matching::actions as matching;
use crate::placement_requests::{ConfidentialKey, actions as requests, store};
use crate::vacancies;
use crate::values::PlacementType;
use chrono::Duration;
use serde_json::json;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

/// Competitions that have ended, and those that are open at the end.
const PAST: i64 = 130;
const OPEN: i64 = 84;

/// The longest that a competition takes from the close of bids until its award is settled, in minutes.
const SETTLED_AFTER: i64 = 40 * 60;

/// Where a competition is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub region: usize,
    pub council: usize,
}

/// How far a competition is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Course {
    /// Nobody opens the bids.
    Sealed,
    /// They are opened, and nobody scores them.
    Opened,
    /// They are scored, and none is chosen.
    Scored,
    /// The last in the ranking is chosen, and waits for an approver.
    Proposed,
    /// An award is approved, and waits to be confirmed.
    Approved,
    /// An award is confirmed, and waits for the provider.
    Confirmed,
    /// To its end, but nobody tells the authority in whose area the home lies.
    Untold,
    /// To its end.
    Whole,
}

/// Who bids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Bidders {
    /// Up to six providers; now and then nobody.
    AsItComes,
    /// Several, soon, for a child whom many homes can take.
    Several,
    /// Several with homes outside the authority's area.
    FromOutside,
    /// This provider of the region.
    One(usize),
}

/// A competition as it is planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Competition {
    pub place: Place,
    /// How many minutes bids are taken.
    pub closes_in: i64,
    pub course: Course,
    pub bidders: Bidders,
}

/// A competition that bids were taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Run {
    place: Place,
    request: PlacementRequestId,
    course: Course,
}

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Publish(Competition),
    Ask {
        place: Place,
        request: PlacementRequestId,
        home: HomeId,
        answered: bool,
    },
    Answer {
        place: Place,
        question: QuestionId,
    },
    Bid {
        request: PlacementRequestId,
        home: HomeId,
        sent: bool,
    },
    Decline {
        request: PlacementRequestId,
        home: HomeId,
    },
    Open(Run),
    Award(Run),
    Confirm {
        run: Run,
        award: AwardId,
    },
    Tell {
        place: Place,
        award: AwardId,
    },
    Accept {
        award: AwardId,
        home: HomeId,
        place: Place,
    },
    Start {
        place: Place,
        placement: PlacementId,
    },
    Vary {
        place: Place,
        placement: PlacementId,
    },
    End {
        place: Place,
        placement: PlacementId,
    },
    Refresh {
        region: usize,
        provider: usize,
        vacancy: VacancyId,
    },
    Show(Scene),
}

pub(super) struct Play<'r> {
    pub regions: &'r [Region],
    owners: HashMap<HomeId, (usize, usize, usize)>,
    due: BinaryHeap<Reverse<(Instant, u64, Step)>>,
    steps: u64,
    sealing: ServerKey,
    pub confidential: ConfidentialKey,
    /// When all of it has been played.
    now: Instant,
}

pub(super) fn play(stage: &mut Stage<'_>, regions: &[Region], now: Instant) -> Result<()> {
    let mut owners = HashMap::new();
    for (r, region) in regions.iter().enumerate() {
        for (p, provider) in region.providers.iter().enumerate() {
            owners.extend(provider.homes.iter().enumerate().map(|(h, home)| (home.id, (r, p, h))));
        }
    }
    let mut play = Play {
        regions,
        owners,
        due: BinaryHeap::new(),
        steps: 0,
        sealing: ServerKey::new(stage.secret.derive(PURPOSE)),
        confidential: ConfidentialKey::of(stage.secret),
        now,
    };
    play.plan(stage);
    today::plan(&mut play, now);
    while let Some(Reverse((at, _, step))) = play.due.pop() {
        if at > now {
            continue;
        }
        stage.clock.set(at);
        match play.take(stage, step) {
            // The last place went to another request, a home fell out: that happens, and leaves things as they were.
            Ok(()) => {}
            Err(Error::Refused(refused)) => tracing::debug!(
                code = refused.code,
                detail = refused.detail,
                "a step of the demo was refused"
            ),
            Err(other) => return Err(other),
        }
    }
    Ok(())
}

impl Play<'_> {
    pub(super) fn later(&mut self, at: Instant, step: Step) {
        self.steps += 1;
        self.due.push(Reverse((at, self.steps, step)));
    }

    /// Some minutes from now, of this range.
    fn after(&mut self, stage: &mut Stage<'_>, minutes: std::ops::RangeInclusive<i64>, step: Step) {
        let at = stage.now().plus(Duration::minutes(stage.number(minutes)));
        self.later(at, step);
    }

    fn plan(&mut self, stage: &mut Stage<'_>) {
        let now = self.now;
        for _ in 0..PAST {
            let closes_in = Self::some_hours(stage) * 60;
            let ago = stage.number(closes_in + SETTLED_AFTER..=190 * 24 * 60);
            self.plan_one(stage, now.minus(Duration::minutes(ago)), closes_in, Course::Whole);
        }
        for nth in 0..OPEN {
            // A few are long, and a few are about to close.
            let (ago, left) = match nth {
                0..3 => (stage.number(60..=20 * 60), stage.number(20..=110)),
                3..15 => (stage.number(24 * 60..=5 * 24 * 60), stage.number(200 * 60..=220 * 60)),
                _ => (stage.number(60..=50 * 60), stage.number(4 * 60..=60 * 60)),
            };
            self.plan_one(stage, now.minus(Duration::minutes(ago)), ago + left, Course::Sealed);
        }
        for (r, region) in self.regions.iter().enumerate() {
            for (p, provider) in region.providers.iter().enumerate() {
                for vacancy in provider.homes.iter().filter_map(|home| home.vacancy) {
                    // Most were confirmed within the week, some a while ago, some never.
                    let days = *stage.pick(&[0, 1, 1, 2, 3, 4, 5, 6, 9, 20, 60, 199]);
                    let at = now.minus(Duration::minutes(days * 24 * 60 + stage.number(10..=600)));
                    self.later(
                        at,
                        Step::Refresh {
                            region: r,
                            provider: p,
                            vacancy,
                        },
                    );
                }
            }
        }
    }

    fn plan_one(&mut self, stage: &mut Stage<'_>, at: Instant, closes_in: i64, course: Course) {
        let competition = Competition {
            place: self.anywhere(stage),
            closes_in,
            course,
            bidders: Bidders::AsItComes,
        };
        self.later(at, Step::Publish(competition));
    }

    /// How many hours bids are taken: for a home today, within five days, or later.
    fn some_hours(stage: &mut Stage<'_>) -> i64 {
        match stage.number(0..=9) {
            0..=2 => stage.number(2..=10),
            3..=7 => stage.number(25..=80),
            _ => stage.number(230..=300),
        }
    }

    /// A member authority: the South East has more of them, and of the children; the authority shown has most.
    fn anywhere(&self, stage: &mut Stage<'_>) -> Place {
        let region = usize::from(stage.chance(30));
        if region == today::SHOWN.region && stage.chance(30) {
            return today::SHOWN;
        }
        let councils = i64::try_from(self.regions[region].authorities.len()).unwrap_or(1);
        Place {
            region,
            council: usize::try_from(stage.number(0..=councils - 1)).unwrap_or(0),
        }
    }

    fn council(&self, place: Place) -> &Council {
        &self.regions[place.region].authorities[place.council]
    }

    pub(super) fn commissioner(&self, place: Place) -> &Actor {
        &self.council(place).commissioner
    }

    fn owner(&self, home: HomeId) -> Option<(&Provider, &Listed)> {
        let (r, p, h) = *self.owners.get(&home)?;
        let provider = &self.regions[r].providers[p];
        Some((provider, &provider.homes[h]))
    }

    fn lies_outside(&self, home: HomeId, place: Place) -> bool {
        let own = self.council(place).authority.gss_code;
        self.owner(home).is_some_and(|(_, listed)| listed.gss_code != own)
    }

    fn take(&mut self, stage: &mut Stage<'_>, step: Step) -> Result<()> {
        match step {
            Step::Publish(competition) => self.publish(stage, competition),
            Step::Ask {
                place,
                request,
                home,
                answered,
            } => self.ask(stage, place, request, home, answered),
            Step::Answer { place, question } => {
                let (actor, key) = (self.commissioner(place), &self.confidential);
                let reply = json!({"text": *stage.pick(words::REPLIES)});
                stage.write(|tx| requests::answer(tx, actor, key, question, input(reply)?, None).map(drop))
            }
            Step::Bid { request, home, sent } => self.bid(stage, request, home, sent),
            Step::Decline { request, home } => {
                let Some((provider, _)) = self.owner(home) else {
                    return Ok(());
                };
                let reason = *stage.pick(&["need", "matching", "matching", "staffing", "no_vacancy"]);
                let decline = json!({"home_id": home, "reason": reason});
                stage.write(|tx| bids::decline(tx, &provider.admin, request, input(decline)?).map(drop))
            }
            Step::Open(run) => self.open(stage, run),
            Step::Award(run) => self.award(stage, run),
            Step::Confirm { run, award } => self.confirm(stage, run, award),
            Step::Tell { place, award } => self.tell(stage, place, award),
            Step::Accept { award, home, place } => self.accept(stage, award, home, place),
            Step::Start { place, placement } => self.start(stage, place, placement),
            Step::Vary { place, placement } => self.vary(stage, place, placement),
            Step::End { place, placement } => self.end(stage, place, placement),
            Step::Refresh {
                region,
                provider,
                vacancy,
            } => {
                let admin = &self.regions[region].providers[provider].admin;
                stage.write(|tx| vacancies::actions::confirm(tx, admin, vacancy, None).map(drop))
            }
            Step::Show(scene) => scene.play(stage, self),
        }
    }

    fn publish(&mut self, stage: &mut Stage<'_>, competition: Competition) -> Result<()> {
        let Competition {
            place,
            closes_in,
            course,
            bidders,
        } = competition;
        let region = &self.regions[place.region];
        let plain = match bidders {
            Bidders::AsItComes => None,
            Bidders::Several | Bidders::FromOutside => Some(PlacementType::Residential),
            Bidders::One(provider) => Some(region.providers[provider].kind),
        };
        let body = asking::request(stage, region, place.council, closes_in, plain)?;
        let (actor, key) = (self.commissioner(place), &self.confidential);
        let (request, fitting) = stage.write(|tx| {
            let request = requests::create(tx, actor, key, input(body)?)?;
            matching::publish(tx, actor, key, request.id, &input(json!({}))?, None)?;
            let request = store::request(tx, request.id)?.ok_or(Error::NotFound("placement request"))?;
            let matches = matching::matches(tx, &request)?;
            // The fitting ones come first.
            let fitting: Vec<HomeId> = (0..matches.fitting()).map(|at| matches.explained(at).0.id).collect();
            Ok((request, fitting))
        })?;
        let (id, open) = (request.id, request.bids_close_at > self.now);
        let (bidding, others) = self.bidding(stage, &competition, fitting);
        let soon = bidders != Bidders::AsItComes;
        let latest = if soon { 40 } else { 85 };
        if let Some(home) = bidding.first().copied()
            && (soon || stage.chance(40))
        {
            let at = stage.now().plus(Duration::minutes(closes_in * 8 / 100));
            let ask = Step::Ask {
                place,
                request: id,
                home,
                answered: !(soon && open),
            };
            self.later(at, ask);
        }
        for home in bidding {
            let at = stage
                .now()
                .plus(Duration::minutes(closes_in * stage.number(10..=latest) / 100));
            // Some stay drafts.
            let sent = stage.chance(94) || soon;
            self.later(
                at,
                Step::Bid {
                    request: id,
                    home,
                    sent,
                },
            );
        }
        for home in others {
            let at = stage
                .now()
                .plus(Duration::minutes(closes_in * stage.number(5..=60) / 100));
            self.later(at, Step::Decline { request: id, home });
        }
        if open {
            stage.made.open += 1;
        } else {
            stage.made.past += 1;
        }
        if course != Course::Sealed {
            let run = Run {
                place,
                request: id,
                course,
            };
            let at = request.bids_close_at.plus(Duration::minutes(stage.number(5..=240)));
            self.later(at, Step::Open(run));
        }
        Ok(())
    }
}

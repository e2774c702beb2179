//! Half a year of competitions, played in the order of time: each step is due at a moment, and says what comes next.

use super::cast::Region;
use super::homes::{Listed, Provider};
use super::{BID_WORKING_DAYS, Stage, input, words};
use crate::access::Actor;
use crate::awards::actions as awards;
use crate::bids::actions as bids;
use crate::bids::seal::{PURPOSE, ServerKey};
use crate::clock::Instant;
use crate::error::{Error, Result};
use crate::evaluation::actions as evaluation;
use crate::ids::{AwardId, CriterionId, HomeId, PlacementId, PlacementRequestId, VacancyId};
use crate::matching::actions as matching;
use crate::placement_requests::{ConfidentialKey, actions as requests, store};
use crate::placements::actions as placements;
use crate::vacancies;
use crate::values::working_days::{add_working_days, close_of_business};
use crate::values::{Money, PlacementType, Risk};
use chrono::Duration;
use serde_json::{Map, Value, json};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

/// Competitions that have ended, and those that are open at the end.
const PAST: i64 = 150;
const OPEN: i64 = 14;

/// Where a competition is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    region: usize,
    council: usize,
}

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Publish {
        place: Place,
        closes_in: i64,
        stays_open: bool,
    },
    Bid {
        request: PlacementRequestId,
        home: HomeId,
    },
    Open {
        place: Place,
        request: PlacementRequestId,
    },
    Award {
        place: Place,
        request: PlacementRequestId,
    },
    Confirm {
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
    Refresh {
        region: usize,
        provider: usize,
        vacancy: VacancyId,
    },
}

struct Play<'r> {
    regions: &'r [Region],
    owners: HashMap<HomeId, (usize, usize, usize)>,
    due: BinaryHeap<Reverse<(Instant, u64, Step)>>,
    steps: u64,
    sealing: ServerKey,
    confidential: ConfidentialKey,
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
    };
    play.plan(stage, now);
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
    fn later(&mut self, at: Instant, step: Step) {
        self.steps += 1;
        self.due.push(Reverse((at, self.steps, step)));
    }

    fn plan(&mut self, stage: &mut Stage<'_>, now: Instant) {
        for _ in 0..PAST {
            let at = now.minus(Duration::minutes(stage.number(9 * 24 * 60..=190 * 24 * 60)));
            let place = self.anywhere(stage);
            self.later(
                at,
                Step::Publish {
                    place,
                    closes_in: Self::some_hours(stage) * 60,
                    stays_open: false,
                },
            );
        }
        for nth in 0..OPEN {
            let at = now.minus(Duration::minutes(stage.number(60..=20 * 60)));
            // Some are about to close.
            let left = if nth < 3 {
                stage.number(20..=110)
            } else {
                stage.number(4 * 60..=60 * 60)
            };
            let place = self.anywhere(stage);
            let closes_in = now.since(at).num_minutes() + left;
            self.later(
                at,
                Step::Publish {
                    place,
                    closes_in,
                    stays_open: true,
                },
            );
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

    /// How many hours bids are taken: for a home today, within five days, or later.
    fn some_hours(stage: &mut Stage<'_>) -> i64 {
        match stage.number(0..=9) {
            0..=2 => stage.number(2..=10),
            3..=7 => stage.number(25..=80),
            _ => stage.number(121..=170),
        }
    }

    /// A member authority: the South East has more of them, and of the children.
    fn anywhere(&self, stage: &mut Stage<'_>) -> Place {
        let region = usize::from(stage.chance(30));
        let councils = i64::try_from(self.regions[region].authorities.len()).unwrap_or(1);
        Place {
            region,
            council: usize::try_from(stage.number(0..=councils - 1)).unwrap_or(0),
        }
    }

    fn commissioner(&self, place: Place) -> &Actor {
        &self.regions[place.region].authorities[place.council].commissioner
    }

    fn owner(&self, home: HomeId) -> Option<(&Provider, &Listed)> {
        let (r, p, h) = *self.owners.get(&home)?;
        let provider = &self.regions[r].providers[p];
        Some((provider, &provider.homes[h]))
    }

    fn take(&mut self, stage: &mut Stage<'_>, step: Step) -> Result<()> {
        match step {
            Step::Publish {
                place,
                closes_in,
                stays_open,
            } => self.publish(stage, place, closes_in, stays_open),
            Step::Bid { request, home } => self.bid(stage, request, home),
            Step::Open { place, request } => self.open(stage, place, request),
            Step::Award { place, request } => self.award(stage, place, request),
            Step::Confirm { place, award } => self.confirm(stage, place, award),
            Step::Accept { award, home, place } => self.accept(stage, award, home, place),
            Step::Start { place, placement } => {
                let actor = self.commissioner(place);
                let today = stage.now().date_in_uk();
                stage.write(|tx| {
                    placements::start(tx, actor, placement, &input(json!({"started_on": today}))?, None).map(drop)
                })
            }
            Step::Refresh {
                region,
                provider,
                vacancy,
            } => {
                let admin = &self.regions[region].providers[provider].admin;
                stage.write(|tx| vacancies::actions::confirm(tx, admin, vacancy, None).map(drop))
            }
        }
    }

    fn publish(&mut self, stage: &mut Stage<'_>, place: Place, closes_in: i64, stays_open: bool) -> Result<()> {
        let body = self.request(stage, place, closes_in)?;
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
        // Several providers bid for a request that fits their homes, each for one home; now and then nobody does.
        let mut bidders: HashMap<usize, HomeId> = HashMap::new();
        let most = usize::try_from(stage.number(0..=6)).unwrap_or(3);
        for home in fitting {
            if bidders.len() < most
                && let Some((_, provider, _)) = self.owners.get(&home)
            {
                bidders.entry(*provider).or_insert(home);
            }
        }
        let mut homes: Vec<HomeId> = bidders.into_values().collect();
        homes.sort_unstable();
        for home in homes {
            let after = closes_in * stage.number(10..=85) / 100;
            self.later(
                stage.now().plus(Duration::minutes(after)),
                Step::Bid {
                    request: request.id,
                    home,
                },
            );
        }
        if stays_open {
            stage.made.open += 1;
        } else {
            stage.made.past += 1;
            let at = request.bids_close_at.plus(Duration::minutes(stage.number(5..=240)));
            self.later(
                at,
                Step::Open {
                    place,
                    request: request.id,
                },
            );
        }
        Ok(())
    }

    /// The body of a request, as a commissioner might write it.
    fn request(&self, stage: &mut Stage<'_>, place: Place, closes_in: i64) -> Result<Value> {
        let region = &self.regions[place.region];
        let kind = *stage.pick(&[
            PlacementType::Residential,
            PlacementType::Residential,
            PlacementType::Residential,
            PlacementType::Foster,
            PlacementType::SupportedAccommodation,
        ]);
        let age = match kind {
            PlacementType::SupportedAccommodation => stage.number(16..=17),
            PlacementType::Foster => stage.number(2..=15),
            PlacementType::Residential => stage.number(10..=16),
        };
        let risks: Map<String, Value> = Risk::ALL
            .iter()
            .map(|risk| {
                (
                    risk.code().to_owned(),
                    json!(if stage.chance(8) { "RiskPresent" } else { "NoKnownRisk" }),
                )
            })
            .collect();
        let now = stage.now();
        let closes = now.plus(Duration::minutes(closes_in));
        let working_days_end = close_of_business(add_working_days(now.date_in_uk(), BID_WORKING_DAYS));
        // How urgent it is follows from how long bids are taken; the home is needed soon after.
        let (needed_by, after, closes) = match closes_in / 60 {
            0..24 => ("Today", 0, closes),
            24..120 => ("WithinFiveDays", 1, closes),
            _ => ("MoreThanFiveDays", 4, closes.max(Instant::new(working_days_end))),
        };
        let authority = region.authorities[place.council].authority;
        let origin = origin_in(stage, authority.gss_code)?;
        let preferred = |wanted: PlacementType| if wanted == kind { "Preferred" } else { "Unsuitable" };
        Ok(json!({
            "framework_id": region.framework, "lot_id": region.lot(kind), "needed_by": needed_by,
            "starts_on": closes.date_in_uk() + Duration::days(after), "bids_close_at": closes,
            "questions_close_at": now.plus(Duration::minutes(closes_in / 2)),
            "price_weight": 40,
            "criteria": [
                {"title": "How the home meets this child's needs", "weight": 30},
                {"title": "Matching with the children who live there", "weight": 20},
                {"title": "Education", "weight": 10},
            ],
            "child": {"age": age, "sex": *stage.pick(&["M", "F"]), "siblings_to_place_with": 0},
            "origin": {"postcode": origin}, "max_distance_miles": *stage.pick(&[20, 30, 40, 60]),
            "needs": {
                "living_companions": "NoPreference", "pets": "No", "communication_needs": "No", "specific_communication": ["None"],
                "cultural_needs": "NotRequired", "additional_support": ["AdditionalSupervision"], "home_adaptation_required": false,
                "deprivation_of_liberty": false, "solo_placement": false, "categories": ["EmotionalBehavioural"], "risks": risks,
                "suitability": {
                    "foster": preferred(PlacementType::Foster), "residential": preferred(PlacementType::Residential),
                    "supported_accommodation": preferred(PlacementType::SupportedAccommodation),
                },
            },
            "brief": *stage.pick(words::BRIEFS),
        }))
    }

    fn bid(&mut self, stage: &mut Stage<'_>, request: PlacementRequestId, home: HomeId) -> Result<()> {
        let Some((provider, listed)) = self.owner(home) else {
            return Ok(());
        };
        // Near the listed price: a little under, mostly; a little over, sometimes.
        let percent = stage.number(95..=103);
        let core = Money::from_pence(listed.price.core.pence() * percent / 100).unwrap_or(listed.price.core);
        let answers: Vec<&str> = (0..3).map(|_| *stage.pick(words::ANSWERS)).collect();
        let statement = *stage.pick(words::MATCHING);
        let sent = stage.chance(94);
        let (admin, sealing) = (&provider.admin, &self.sealing);
        stage.write(|tx| {
            let asked = store::request(tx, request)?.ok_or(Error::NotFound("placement request"))?;
            let criteria: Vec<CriterionId> = store::criteria(tx, request)?.iter().map(|criterion| criterion.id).collect();
            let answers: Vec<Value> = criteria.iter().zip(&answers).map(|(id, text)| json!({"criterion_id": id, "text": text})).collect();
            let body = json!({
                "home_id": home, "starts_on": asked.starts_on,
                "price": {"core": core, "additional_support": listed.price.additional_support, "education": "0.00", "other": "0.00"},
                "answers": answers, "matching_statement": statement,
            });
            matching::look(tx, admin, request)?;
            let (bid, _) = bids::create(tx, admin, sealing, request, input(body)?)?;
            // Some stay drafts.
            if sent {
                bids::submit(tx, admin, sealing, bid.id, None)?;
            }
            Ok(())
        })?;
        stage.made.bids += 1;
        Ok(())
    }

    fn open(&mut self, stage: &mut Stage<'_>, place: Place, request: PlacementRequestId) -> Result<()> {
        let actor = self.commissioner(place);
        let (sealing, key) = (&self.sealing, &self.confidential);
        let bids = stage.write(|tx| {
            bids::open(tx, actor, sealing, request, None)?;
            crate::bids::store::opened(tx, request)
        })?;
        if bids.is_empty() {
            let ending = json!({"reason": "Nobody bid."});
            return stage.write(|tx| requests::mark_unfilled(tx, actor, key, request, input(ending)?, None).map(drop));
        }
        let sheets: Vec<(crate::ids::BidId, Vec<(i64, &str)>)> = bids
            .iter()
            .filter(|opened| opened.bid.state.takes_part())
            .map(|opened| {
                (
                    opened.bid.id,
                    (0..3)
                        .map(|_| (stage.number(2..=5), *stage.pick(words::REASONS)))
                        .collect(),
                )
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
        let at = stage.now().plus(Duration::minutes(stage.number(30..=20 * 60)));
        self.later(at, Step::Award { place, request });
        Ok(())
    }

    fn award(&mut self, stage: &mut Stage<'_>, place: Place, request: PlacementRequestId) -> Result<()> {
        let (actor, key) = (self.commissioner(place), &self.confidential);
        let award = stage.write(|tx| {
            let asked = store::request(tx, request)?.ok_or(Error::NotFound("placement request"))?;
            let sheet = evaluation::sheet(tx, &asked)?;
            let Some(first) = sheet.first().next().map(|row| row.bid_id) else {
                return Ok(None);
            };
            let reason = match sheet.first().count() {
                1 => "Ranked first: the best for the child at the price asked.",
                _ => "Ranked first with another bid of as many points; either meets what the child needs.",
            };
            let body = json!({"bid_id": first, "reason": reason});
            awards::propose(tx, actor, key, request, input(body)?).map(Some)
        })?;
        if let Some(award) = award {
            let at = stage.now().plus(Duration::minutes(stage.number(20..=600)));
            self.later(at, Step::Confirm { place, award: award.id });
        }
        Ok(())
    }

    fn confirm(&mut self, stage: &mut Stage<'_>, place: Place, award: AwardId) -> Result<()> {
        let council = &self.regions[place.region].authorities[place.council];
        let confirmed = stage.write(|tx| {
            let proposed = crate::awards::store::award(tx, award)?.ok_or(Error::NotFound("award"))?;
            if proposed.approvals.iter().any(|approval| approval.decided.is_none()) {
                awards::approve(
                    tx,
                    &council.approver,
                    award,
                    &input(json!({"reason": "No closer home fits as well."}))?,
                    None,
                )?;
            }
            awards::confirm(tx, &council.commissioner, award, None)
        })?;
        let at = stage.now().plus(Duration::minutes(stage.number(10..=300)));
        self.later(
            at,
            Step::Accept {
                award,
                home: confirmed.home_id,
                place,
            },
        );
        Ok(())
    }

    fn accept(&mut self, stage: &mut Stage<'_>, award: AwardId, home: HomeId, place: Place) -> Result<()> {
        let Some((provider, _)) = self.owner(home) else {
            return Ok(());
        };
        let (_, placement) = stage.write(|tx| placements::accept(tx, &provider.admin, award, None))?;
        stage.made.placements += 1;
        let at = stage.now().plus(Duration::hours(stage.number(20..=90)));
        self.later(
            at,
            Step::Start {
                place,
                placement: placement.id,
            },
        );
        Ok(())
    }
}

/// A postcode somewhere in an authority.
fn origin_in(stage: &mut Stage<'_>, gss_code: &str) -> Result<String> {
    let sectors: Vec<&str> = crate::reference::sectors()
        .iter()
        .filter(|sector| sector.place().authority.gss_code == gss_code)
        .map(crate::reference::Sector::name)
        .collect();
    if sectors.is_empty() {
        return Err(Error::internal("an authority without postcodes"));
    }
    Ok(format!("{}AB", stage.pick(&sectors)))
}

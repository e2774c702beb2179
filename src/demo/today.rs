//! What is under way when the demo begins: at the authority and the provider whose sign-ins are printed, and before their cooperative.

use super::cast::an_email;
use super::competitions::{Bidders, Competition, Course, Place, Play, Step};
use super::{Stage, asking, homes, input};
use crate::clock::Instant;
use crate::error::{Error, Result};
use crate::mail::SendError;
use crate::notifications::actions as notifications;
use crate::outbox;
use crate::placement_requests::actions as requests;
use crate::providers;
use chrono::Duration;
use serde_json::json;

/// The authority whose people's sign-ins are printed.
pub(super) const SHOWN: Place = Place { region: 0, council: 0 };

/// A provider that the cooperative suspends.
const SUSPENDED: usize = 4;

/// More than can be waiting in one moment of the demo.
const MANY: i64 = 50;

/// Something that happens once, so that somebody's home page has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scene {
    /// A request is begun, and not yet published; all of it is written, or little.
    Draft { whole: bool },
    /// A provider that is new to the region applies.
    Newcomer,
    /// A provider of the other region applies.
    Neighbour,
    /// A provider is suspended from a lot, and the mail that says so comes back.
    Suspension,
}

/// Plans it.
pub(super) fn plan(play: &mut Play<'_>, now: Instant) {
    let ago = |hours: i64| now.minus(Duration::hours(hours));
    // When it is published, how many hours bids are taken, how far it goes. Each has all the time that its steps may take.
    for (published, closes_in, course, bidders) in [
        (24, 30, Course::Sealed, Bidders::Several),
        (31, 28, Course::Sealed, Bidders::Several),
        (72, 40, Course::Opened, Bidders::Several),
        (96, 50, Course::Scored, Bidders::Several),
        (120, 60, Course::Proposed, Bidders::Several),
        (130, 60, Course::Approved, Bidders::Several),
        // One that nobody told the area's authority of in time, and one that there is still time for.
        (16 * 24, 30, Course::Untold, Bidders::FromOutside),
        (60, 5, Course::Untold, Bidders::FromOutside),
    ] {
        let competition = Competition {
            place: SHOWN,
            closes_in: closes_in * 60,
            course,
            bidders,
        };
        play.later(ago(published), Step::Publish(competition));
    }
    let competition = Competition {
        place: home_of_the_provider(play),
        closes_in: 26 * 60,
        course: Course::Confirmed,
        bidders: Bidders::One(homes::SHOWN),
    };
    play.later(ago(70), Step::Publish(competition));
    for (hours, scene) in [
        (6 * 24, Scene::Neighbour),
        (52, Scene::Newcomer),
        (40, Scene::Suspension),
        (26, Scene::Draft { whole: true }),
        (3, Scene::Draft { whole: false }),
    ] {
        play.later(ago(hours), Step::Show(scene));
    }
}

/// The member in whose area a home with free places of the provider lies.
fn home_of_the_provider(play: &Play<'_>) -> Place {
    let region = &play.regions[SHOWN.region];
    let homes = &region.providers[homes::SHOWN].homes;
    let home = homes.iter().find(|home| home.vacancy.is_some());
    let council = home.and_then(|home| {
        let mut members = region.authorities.iter();
        members.position(|council| council.authority.gss_code == home.gss_code)
    });
    Place {
        council: council.unwrap_or(SHOWN.council),
        ..SHOWN
    }
}

impl Scene {
    /// Lets it happen.
    pub(super) fn play(self, stage: &mut Stage<'_>, play: &Play<'_>) -> Result<()> {
        match self {
            Self::Draft { whole } => draft(stage, play, whole),
            Self::Newcomer => {
                let email = an_email("bids@harbour-beginnings.example")?;
                let admin = homes::registered(stage, "Harbour Beginnings Ltd", &email)?;
                homes::apply(stage, &play.regions[SHOWN.region], &admin).map(drop)
            }
            Self::Neighbour => {
                let admin = &play.regions[1].providers[0].admin;
                homes::apply(stage, &play.regions[SHOWN.region], admin).map(drop)
            }
            Self::Suspension => suspension(stage, play),
        }
    }
}

fn draft(stage: &mut Stage<'_>, play: &Play<'_>, whole: bool) -> Result<()> {
    let region = &play.regions[SHOWN.region];
    let mut body = asking::request(stage, region, SHOWN.council, 100 * 60, None)?;
    if !whole {
        body["criteria"] = json!([]);
        body["brief"] = json!("");
    }
    let (actor, key) = (play.commissioner(SHOWN), &play.confidential);
    stage.write(|tx| requests::create(tx, actor, key, input(body)?).map(drop))
}

/// The first of the mails about it is refused by its relay for good, and given up; the others are sent.
fn suspension(stage: &Stage<'_>, play: &Play<'_>) -> Result<()> {
    let region = &play.regions[SHOWN.region];
    let provider = region.providers[SUSPENDED].admin.organisation_id;
    let (_, lot) = region.lots[0];
    // What happened before was told long ago.
    stage.write(|tx| outbox::store::settle_before(tx, tx.now))?;
    stage.write(|tx| {
        let admission = providers::store::admission(tx, provider, lot)?.ok_or(Error::NotFound("admission"))?;
        let order = input(json!({"reason": "The last inspection asks for a plan that we have not seen yet."}))?;
        providers::actions::suspend(tx, &region.operator, admission.id, order, None).map(drop)
    })?;
    stage.write(|tx| {
        for event in notifications::waiting(tx, MANY)?.events {
            notifications::tell(tx, stage.config, stage.secret, event)?;
        }
        for (nth, mail) in notifications::claim(tx, MANY)?.iter().enumerate() {
            let outcome = match nth {
                0 => Err(SendError::Permanent(
                    "550 5.1.1 There is no such mailbox here.".to_owned(),
                )),
                _ => Ok(()),
            };
            notifications::record(tx, mail, &outcome)?;
        }
        Ok(())
    })
}

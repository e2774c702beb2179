//! `hearth demo`: a realistic region on a fresh embedded database, made in seconds from a fixed seed.
//!
//! Nothing is written past the rules: organisations join by their links, providers apply and are admitted, homes are inspected, and
//! half a year of competitions runs through the same actions as real use, on a clock that is moved along.

mod cast;
mod competitions;
mod homes;
mod words;

use crate::access::Origin;
use crate::accounts::passwords;
use crate::clock::{Clock, FixedClock, Instant};
use crate::config::SecretKey;
use crate::db::{Database, Tx};
use crate::error::Result;
use crate::outbox;
use chrono::Duration;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::net::Ipv4Addr;
use validator::Validate;

/// The password of everybody in the demo.
pub const PASSWORD: &str = "lantern-orchard-harbour-26";

/// Always the same region.
const SEED: u64 = 20_26;

/// How many working days bids are taken at least where a home is needed in more than five days.
const BID_WORKING_DAYS: u32 = 5;

/// How far the demo's history goes back.
const HISTORY: Duration = Duration::days(200);

/// What was made.
#[derive(Debug, Default)]
pub struct Made {
    /// A sign-in for each role: role, address, whose.
    pub sign_ins: Vec<(&'static str, String, String)>,
    /// Providers admitted.
    pub providers: usize,
    /// Homes registered.
    pub homes: usize,
    /// Competitions that have ended.
    pub past: usize,
    /// Competitions that are open.
    pub open: usize,
    /// Bids sent.
    pub bids: usize,
    /// Placements agreed.
    pub placements: usize,
}

/// What every scene needs.
struct Stage<'a> {
    database: &'a Database,
    clock: &'a FixedClock,
    secret: &'a SecretKey,
    rng: StdRng,
    password_hash: String,
    made: Made,
}

/// Makes the region on a database that is migrated and empty, and whose clock this is. Leaves the clock at `now`.
pub fn make(database: &Database, clock: &FixedClock, secret: &SecretKey, now: Instant) -> Result<Made> {
    clock.set(now.minus(HISTORY));
    let mut stage = Stage {
        database,
        clock,
        secret,
        rng: StdRng::seed_from_u64(SEED),
        // One hash for all: hashing each would take longer than everything else.
        password_hash: passwords::hash(PASSWORD)?,
        made: Made::default(),
    };
    let mut regions = cast::regions(&mut stage)?;
    for region in &mut regions {
        homes::populate(&mut stage, region)?;
    }
    competitions::play(&mut stage, &regions, now)?;
    clock.set(now);
    // The history's mails were read long ago; those of the last day are still to come.
    database.write_now(|tx| outbox::store::settle_before(tx, now.minus(Duration::days(1))))?;
    Ok(stage.made)
}

impl Stage<'_> {
    /// One transaction of the demo, as of its clock.
    fn write<T>(&self, body: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        self.database.write_now(body)
    }

    fn now(&self) -> Instant {
        self.clock.now()
    }

    fn pick<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        &from[self.rng.random_range(0..from.len())]
    }

    /// Whether something of this chance (in a hundred) happens.
    fn chance(&mut self, percent: u32) -> bool {
        self.rng.random_range(0..100) < percent
    }

    /// A whole number of this range.
    fn number(&mut self, range: std::ops::RangeInclusive<i64>) -> i64 {
        self.rng.random_range(range)
    }

    fn origin() -> Origin {
        Origin {
            request_id: "demo".to_owned(),
            address: Ipv4Addr::LOCALHOST.into(),
        }
    }
}

/// An input as the API would read it.
fn input<T: DeserializeOwned + Validate>(body: Value) -> Result<T> {
    crate::web::read_fields(body)
}

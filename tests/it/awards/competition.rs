//! A competition up to the moment of choosing: bids submitted, opened and scored.

use chrono::Duration;
use serde_json::{Value, json};

use crate::support::client::{Answer, Commissioner};
use crate::support::program::Program;
use crate::support::region::{Provider, Region, id, with};

/// A bid that takes part: whose, for which home, the core price, the scores on both criteria.
pub struct Entry<'a> {
    pub provider: &'a Provider,
    pub home: &'a str,
    pub core: &'a str,
    pub scores: [i32; 2],
}

/// A request whose bids are opened and scored.
pub struct Competition {
    pub request: Value,
    pub bids: Vec<String>,
}

/// Holds a competition of the commissioner's. The scores are on 40 and 20 points, the price on 40.
pub fn hold(program: &Program, region: &Region, by: &Commissioner, changes: Value, entries: &[Entry]) -> Competition {
    let drafted = by
        .post("/placement-requests", with(region.request_body(program), changes))
        .ok();
    let published = by.act(&format!("/placement-requests/{}/publish", id(&drafted))).ok();
    let request = with(drafted, published);
    let bids: Vec<_> = entries
        .iter()
        .map(|entry| id(&entry.provider.submits(program, &request, entry.home, entry.core)))
        .collect();
    program.wait(Duration::minutes(181));
    by.act(&format!("/placement-requests/{}/open", id(&request))).ok();
    for (bid, entry) in bids.iter().zip(entries) {
        score(by, &request, bid, entry.scores);
    }
    Competition { request, bids }
}

/// Scores one bid.
pub fn score(by: &Commissioner, request: &Value, bid: &str, scores: [i32; 2]) {
    let criteria = request["criteria"].as_array().expect("criteria");
    let scores: Vec<Value> = criteria
        .iter()
        .zip(scores)
        .map(|(criterion, score)| json!({"criterion_id": criterion["id"], "score": score, "reason": "As the answer shows."}))
        .collect();
    by.put(
        &format!("/bids/{bid}/scores"),
        json!({"no_conflict_of_interest": true, "scores": scores}),
    )
    .ok();
}

impl Competition {
    pub fn id(&self) -> String {
        id(&self.request)
    }

    pub fn reference(&self) -> &str {
        self.request["reference"].as_str().expect("a reference")
    }

    /// Proposes the award to one of the bids.
    pub fn propose(&self, by: &Commissioner, bid: usize, more: Value) -> Answer {
        let body = with(json!({"bid_id": self.bids[bid]}), more);
        by.post(&format!("/placement-requests/{}/awards", self.id()), body)
    }

    /// The request's status.
    pub fn status(&self, by: &Commissioner) -> String {
        let request = by.get(&format!("/placement-requests/{}", self.id())).ok();
        request["status"].as_str().expect("a status").to_string()
    }
}

/// Two providers with a home each in Reading, and the competition between them: the second bid is first by 95.62 points to 76.00.
pub struct Duel {
    pub acorn: Provider,
    pub birch: Provider,
    pub homes: [String; 2],
    pub competition: Competition,
}

/// Where the two homes lie: the first postcode is the first home's.
pub fn duel(program: &Program, region: &Region, postcodes: [&str; 2], changes: Value) -> Duel {
    let acorn = region.admitted(program, "Acorn");
    let birch = region.admitted(program, "Birch");
    let at =
        |postcode: &str| json!({"address": {"line1": "1 Example Lane", "town": "Exampleton", "postcode": postcode}});
    let homes = [
        region.home(program, &acorn, "Near House", at(postcodes[0])),
        region.home(program, &birch, "Birch House", at(postcodes[1])),
    ];
    let entries = [
        Entry {
            provider: &acorn,
            home: &homes[0],
            core: "5150.17",
            scores: [3, 3],
        },
        Entry {
            provider: &birch,
            home: &homes[1],
            core: "5200.00",
            scores: [5, 4],
        },
    ];
    let competition = hold(program, region, &region.commissioner, changes, &entries);
    Duel {
        acorn,
        birch,
        homes,
        competition,
    }
}

/// Both homes in Reading itself.
pub const AT_HOME: [&str; 2] = ["RG2 0AA", "RG4 5AA"];

/// What one finds at a path below an award.
pub fn at(award: &Value, verb: &str) -> String {
    format!("/awards/{}/{verb}", id(award))
}

/// The kinds of approval that an award needs.
pub fn kinds(award: &Value) -> Vec<&str> {
    award["approvals_needed"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|needed| needed["kind"].as_str())
        .collect()
}

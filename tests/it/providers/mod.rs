//! Applications, admissions, acceptances and profiles over HTTP.

mod admissions;
mod applications;
mod profiles;
mod races;

use std::sync::Barrier;
use std::thread;

use chrono::Duration;
use hearth::frameworks::store::lot;
use hearth::providers::actions::{remind_of_expiry, standing, standings};
use hearth::providers::rules::Standing;
use serde_json::{Value, json};

use crate::support::client::{Answer, Bidder, Client};
use crate::support::program::Program;
use crate::support::region::{Provider, Region, id, with};

impl Region {
    fn content(&self, program: &Program) -> Value {
        json!({
            "lot_ids": [self.lot],
            "answers": [{"standard_id": self.standard, "statement": "Named safeguarding lead, weekly review."}],
            "no_exclusion_grounds": true,
            "insurance": {"policy_number": "P-1", "cover": "10000000.00", "expires_on": program.day(300)},
            "accepted_contract_version_id": self.contract,
        })
    }

    fn apply(&self, provider: &Provider, lots: &Value) -> Answer {
        let path = format!("/frameworks/{}/applications", self.framework);
        provider.admin.post(&path, json!({"lot_ids": lots}))
    }

    fn second_lot(&self) -> String {
        let lot = json!({"code": "R2", "title": "Solo homes", "placement_type": "Residential",
            "provision_types": ["ChildrensHome"]});
        id(&self
            .operator
            .post(&format!("/frameworks/{}/lots", self.framework), lot)
            .ok())
    }

    fn decide(&self, application: &str, decisions: Value) -> Answer {
        self.operator.post(
            &format!("/applications/{application}/decide"),
            json!({"decisions": decisions}),
        )
    }

    fn admitted_all(&self, application: &str) -> Answer {
        self.decide(application, json!([{"lot_id": self.lot, "outcome": "admitted"}]))
    }

    /// The admission of the only provider.
    fn admission(&self) -> Value {
        self.operator.get("/admissions").ok()["items"][0].clone()
    }

    fn standing(&self, program: &Program, provider: &Provider) -> Standing {
        let lot_id = self.lot.parse().unwrap();
        let provider_id = provider.organisation.parse().unwrap();
        program
            .db()
            .read_now(|tx| {
                let lot = lot(tx, lot_id)?.unwrap();
                let one = standing(tx, provider_id, &lot)?;
                let among_all = standings(tx, &lot)?.get(&provider_id).copied();
                assert_eq!(among_all.unwrap_or_default().may_bid(), one.may_bid());
                assert_eq!(among_all.is_some(), one.admitted);
                Ok(one)
            })
            .unwrap()
    }
}

fn submit(client: &Client, application: &str) -> Answer {
    client.act(&format!("/applications/{application}/submit"))
}

fn fields(problem: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (text(&e["field"]), text(&e["code"])))
        .collect()
}

fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(field, code)| ((*field).to_owned(), (*code).to_owned()))
        .collect()
}

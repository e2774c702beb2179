//! Sealed bids as people meet them: drafts, submission, revision, withdrawal, receipts, declines, the opening.

mod declines;
mod drafts;
mod opening;
mod secrecy;
mod standing;
mod submission;

use chrono::Duration;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::program::Program;
use crate::support::region::{Provider, Region, bid_body, id, with};

/// A region with one admitted provider that has one home that fits, and a published request.
struct Competition {
    program: Program,
    region: Region,
    acorn: Provider,
    home: String,
    request: Value,
}

impl Competition {
    fn published() -> Self {
        Self::under(json!({}))
    }

    /// With some points of the framework's policy changed.
    fn under(policy: Value) -> Self {
        let program = Program::start();
        let policy = with(program.framework_body()["policy"].clone(), policy);
        let region = program.region_with(json!({ "policy": policy }));
        let acorn = region.admitted(&program, "Acorn");
        let home = region.home(&program, &acorn, "Near House", json!({}));
        let request = region.published(&program, json!({}));
        Self {
            program,
            region,
            acorn,
            home,
            request,
        }
    }

    fn path(&self, below: &str) -> String {
        format!("/placement-requests/{}/{below}", id(&self.request))
    }

    fn body(&self, core: &str) -> Value {
        bid_body(&self.program, &self.request, &self.home, core)
    }

    fn drafted(&self, core: &str) -> String {
        id(&self.acorn.admin.post(&self.path("bids"), self.body(core)).ok())
    }

    fn submitted(&self, core: &str) -> Value {
        self.acorn.submits(&self.program, &self.request, &self.home, core)
    }

    /// Lets the deadline pass and opens the bids.
    fn opened(&self) -> Value {
        self.program.wait(Duration::minutes(180));
        self.region.commissioner.act(&self.path("open")).ok()
    }
}

fn bid_path(bid: &Value, below: &str) -> String {
    format!("/bids/{}{below}", id(bid))
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// What is saved over a bid: its body without the home.
fn terms(mut body: Value) -> Value {
    body.as_object_mut().unwrap().remove("home_id");
    body
}

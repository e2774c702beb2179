//! The real program, killed while bids stream in: whatever was answered is there when it comes back, as it was answered, and
//! what is then asked for again is done once.

use std::sync::mpsc;
use std::time::Duration;

use hearth::clock::{Clock, SystemClock};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::client::{Answer, Client};
use crate::support::process::Installation;
use crate::support::region::bid_body;
use crate::support::{Program, id};

/// How often the program is killed.
const KILLS: u64 = 4;
/// How many answers are waited for before each.
const ANSWERS: usize = 25;
/// How many requests every home bids on.
const REQUESTS: usize = 8;

/// What is asked about a bid, in order; the prices are those that its content then has.
#[derive(Clone, Copy)]
enum Call {
    Create,
    Save { core: &'static str },
    Submit,
}

const CALLS: [Call; 5] = [
    Call::Create,
    Call::Save { core: "4700.00" },
    Call::Submit,
    Call::Save { core: "4600.00" },
    Call::Submit,
];

/// A bid as an answer tells of it.
#[derive(Debug, Clone, PartialEq)]
struct Told {
    id: String,
    status: String,
    core: String,
    /// Null before the first submission.
    receipt: Value,
}

impl Told {
    fn by(bid: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        Self {
            id: id(bid),
            status: text(&bid["status"]),
            core: text(&bid["price"]["core"]),
            receipt: bid["receipt"].clone(),
        }
    }

    /// The version that was submitted last; 0 before the first submission.
    fn submitted(&self) -> i64 {
        self.receipt["version"].as_i64().unwrap_or_default()
    }
}

/// A bid of one home on one request, on its way through all the calls.
struct Errand {
    path: String,
    body: Value,
    /// How many calls were answered.
    done: usize,
    /// The last answer.
    told: Option<Told>,
    /// Whether the next call was made and no answer came.
    unanswered: bool,
}

impl Errand {
    fn is_done(&self) -> bool {
        self.done == CALLS.len()
    }

    /// Makes the next call. One that got no answer is made again as it was: a post under its first key.
    fn go_on(&mut self, client: &Client) -> Result<(), ureq::Error> {
        let bid = self.told.as_ref().map_or("", |told| &told.id);
        let key = format!("{}{} {}", self.path, self.body["home_id"], self.done);
        let key = [("idempotency-key", key.as_str())];
        let call = |method: &str, path: &str, body: Option<Value>, headers: &[(&str, &str)]| -> Result<Answer, _> {
            let body = body.map(|body| body.to_string());
            client.try_call(method, path, body.as_ref().map(String::as_bytes), headers)
        };
        self.unanswered = true;
        let answer = match CALLS[self.done] {
            Call::Create => call("POST", &self.path, Some(self.body.clone()), &key)?,
            Call::Save { core } => call("PUT", &format!("/bids/{bid}"), Some(saved(&self.body, core)), &[])?,
            Call::Submit => call("POST", &format!("/bids/{bid}/submit"), None, &key)?,
        };
        self.told = Some(Told::by(&answer.ok()));
        self.unanswered = false;
        self.done += 1;
        Ok(())
    }

    /// Whether what was answered is so, and only what was asked for beyond it can be so too.
    fn prove(&self, client: &Client) {
        let Some(told) = &self.told else { return };
        let found = Told::by(&client.get(&format!("/bids/{}", told.id)).ok());
        if found != *told {
            assert!(self.unanswered, "answered {told:?}, found {found:?}");
            let next = match CALLS[self.done] {
                Call::Create => unreachable!("it was answered"),
                Call::Save { core } => Told {
                    core: core.into(),
                    ..told.clone()
                },
                Call::Submit => Told {
                    status: "submitted".into(),
                    receipt: found.receipt.clone(),
                    ..told.clone()
                },
            };
            assert_eq!(found, next, "after {told:?}");
            assert!(found.submitted() - told.submitted() <= 1, "{found:?} after {told:?}");
        }
        let content = client.get(&format!("/bids/{}/sealed-content", told.id));
        if found.receipt.is_null() {
            content.refused(404, "not_found");
        } else {
            let sha256 = hex::encode(Sha256::digest(&content.bytes));
            assert_eq!(found.receipt["sha256"], sha256, "what is kept is whole");
        }
    }
}

/// What is saved over a bid: its body without the home, at another price.
fn saved(body: &Value, core: &str) -> Value {
    let mut body = body.clone();
    body["price"]["core"] = core.into();
    body.as_object_mut().unwrap().remove("home_id");
    body
}

/// The bids of one home, one after the other.
struct Stream {
    bidder: String,
    errands: Vec<Errand>,
}

/// Goes on with all streams at once until everything is done or, after so many answers, the program was killed.
fn stream(streams: &mut [Stream], visitor: &Client, mut kill: impl FnMut(usize)) {
    let (tell, told) = mpsc::channel();
    std::thread::scope(|scope| {
        for stream in streams {
            let (bidder, tell) = (visitor.signed_in(&stream.bidder), tell.clone());
            scope.spawn(move || {
                for errand in &mut stream.errands {
                    while !errand.is_done() {
                        if errand.go_on(&bidder).is_err() {
                            return;
                        }
                        tell.send(()).expect("the answers are counted to the end");
                    }
                }
            });
        }
        drop(tell);
        for (answers, ()) in (1..).zip(told) {
            kill(answers);
        }
    });
}

fn prove(streams: &[Stream], visitor: &Client) {
    for stream in streams {
        let bidder = visitor.signed_in(&stream.bidder);
        stream.errands.iter().for_each(|errand| errand.prove(&bidder));
    }
}

#[test]
fn what_was_answered_survives_every_kill_and_what_is_asked_again_is_done_once() {
    let installation = Installation::migrated();
    // Set up in this process, at the machine's own time: the real program knows no other.
    let program = Program::on(installation.database().clone(), SystemClock.now(), &[]);
    let region = program.region();
    let requests: Vec<Value> = {
        let providers = ["Acorn", "Birch"].map(|name| region.admitted(&program, name));
        for provider in &providers {
            for name in ["Near House", "Far House"] {
                region.home(&program, provider, name, json!({}));
            }
        }
        (0..REQUESTS).map(|_| region.published(&program, json!({}))).collect()
    };
    let visitor = program.visitor();
    let mut streams = Vec::new();
    for bidder in ["admin@acorn.example", "admin@birch.example"] {
        for home in visitor.signed_in(bidder).get("/homes").ok()["items"]
            .as_array()
            .unwrap()
        {
            let errand = |request: &Value| Errand {
                path: format!("/placement-requests/{}/bids", id(request)),
                body: bid_body(&program, request, &id(home), "4800.00"),
                done: 0,
                told: None,
                unanswered: false,
            };
            streams.push(Stream {
                bidder: bidder.into(),
                errands: requests.iter().map(errand).collect(),
            });
        }
    }
    let commissioner = region.commissioner.email().to_owned();
    drop(program);

    for round in 0..KILLS {
        let mut serving = Some(installation.serve());
        let visitor = serving.as_ref().unwrap().visitor();
        stream(&mut streams, &visitor, |answers| {
            if answers == ANSWERS {
                // In the middle of something, never of the same.
                std::thread::sleep(Duration::from_millis(7 * round));
                serving.take().unwrap().kill();
            }
        });
        assert!(serving.is_none(), "it was killed while bids streamed in");
        assert!(
            streams
                .iter()
                .any(|stream| stream.errands.iter().any(|errand| errand.unanswered))
        );
        installation.succeed(&["audit", "verify"]);
        let serving = installation.serve();
        prove(&streams, &serving.visitor());
        assert!(serving.stop());
    }

    let serving = installation.serve();
    stream(&mut streams, &serving.visitor(), |_| {});
    prove(&streams, &serving.visitor());
    let homes = streams.len();
    for stream in &streams {
        for errand in &stream.errands {
            let told = errand.told.as_ref().unwrap();
            assert_eq!(
                (told.submitted(), told.core.as_str()),
                (2, "4600.00"),
                "each submission once"
            );
        }
    }
    let commissioner = serving.visitor().signed_in(&commissioner);
    for request in &requests {
        let listed = commissioner
            .get(&format!("/placement-requests/{}/bids", id(request)))
            .ok();
        assert_eq!((&listed["sealed"], &listed["count"]), (&json!(true), &json!(homes)));
    }
    assert!(serving.stop());
    installation.succeed(&["audit", "verify"]);

    // What the killed workers left behind is told, and nothing twice: dropping the program asks for the one.
    installation.let_leases_end();
    let program = Program::on(installation.database().clone(), SystemClock.now(), &[]);
    program.settle();
    let bids = i64::try_from(homes * REQUESTS).unwrap();
    for (rows, count) in [
        ("bids", bids),
        ("bid_versions", 2 * bids),
        ("audit_events WHERE verb = 'bid.create'", bids),
        ("audit_events WHERE verb = 'bid.submit'", 2 * bids),
        ("events WHERE kind = 'bid_submitted'", 2 * bids),
        (
            "(SELECT 1 FROM mails GROUP BY event_id, person_id HAVING count(*) > 1) twice",
            0,
        ),
    ] {
        assert_eq!(program.count(rows), count, "{rows}");
    }
}

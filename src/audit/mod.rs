//! The audit log: who did what, on what, when and from where; append-only and hash-chained.
//!
//! Each entry's hash covers the entry and the hash before it, and the head of the chain is kept apart, so a changed, missing, added
//! or reordered row is found ([`verify`]). The databases refuse to update or delete entries besides.

pub mod store;
pub mod words;

use crate::access::{Role, Who};
use crate::clock::Instant;
use crate::db::{Database, Tx};
use crate::error::Result;
use crate::ids::{AuditEventId, OrganisationId, PersonId};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;

/// The hash that the first entry follows.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What was done.
#[derive(Debug, Clone)]
pub struct Act {
    verb: &'static str,
    subject_kind: &'static str,
    subject_id: String,
    before: Option<Value>,
    after: Option<Value>,
}

impl Act {
    /// Something done to this thing. Follow with [`Act::did`].
    #[allow(clippy::needless_pass_by_value, reason = "an id is given as it is")]
    pub fn on(kind: &'static str, id: impl ToString) -> Self {
        Self {
            verb: "",
            subject_kind: kind,
            subject_id: id.to_string(),
            before: None,
            after: None,
        }
    }

    /// The action's word, as in the API: `bid.submit`.
    #[must_use]
    pub fn did(mut self, verb: &'static str) -> Self {
        debug_assert!(words::of(verb).is_some(), "`{verb}` is not in audit/words.rs");
        self.verb = verb;
        self
    }

    /// How it was before; nothing confidential but by [`hashed`].
    #[must_use]
    pub fn before(mut self, state: Value) -> Self {
        self.before = Some(state);
        self
    }

    /// How it is now; nothing confidential but by [`hashed`].
    #[must_use]
    pub fn after(mut self, state: Value) -> Self {
        self.after = Some(state);
        self
    }
}

/// A confidential text as it may stand in the log: its SHA-256, which proves the text to whoever has it. Whoever can guess the text can
/// prove it too: the hash of something short is for readers who may know it, as [`AuditEvent::seen_by`] sees to.
pub fn hashed(text: &str) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(text.as_bytes())))
}

/// An act with who did it, not yet in the chain.
#[derive(Debug)]
pub(crate) struct Entry {
    person_id: Option<PersonId>,
    organisation_id: Option<OrganisationId>,
    role: Option<Role>,
    request_id: Option<String>,
    origin: Option<String>,
    act: Act,
}

impl Entry {
    pub(crate) fn new(who: Who<'_>, act: Act) -> Self {
        let origin = match who {
            Who::Person(actor) => Some(&actor.origin),
            Who::Visitor(origin) => Some(origin),
            Who::System => None,
        };
        let actor = if let Who::Person(actor) = who {
            Some(actor)
        } else {
            None
        };
        Self {
            person_id: actor.map(|actor| actor.person_id),
            organisation_id: actor.map(|actor| actor.organisation_id),
            role: actor.map(|actor| actor.role),
            request_id: origin.map(|origin| origin.request_id.clone()),
            origin: origin.map(|origin| origin.address.to_string()),
            act,
        }
    }
}

/// An entry of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    /// Its place, from 1 on without a gap.
    pub seq: i64,
    /// Its id.
    pub id: AuditEventId,
    /// When.
    pub at: Instant,
    /// Who; none for visitors and for the program itself.
    pub person_id: Option<PersonId>,
    /// Whose.
    pub organisation_id: Option<OrganisationId>,
    /// In which role.
    pub role: Option<Role>,
    /// The action's word.
    pub verb: String,
    /// The kind of thing it was done to.
    pub subject_kind: String,
    /// The thing.
    pub subject_id: String,
    /// The request it came by.
    pub request_id: Option<String>,
    /// The network address it came from.
    pub origin: Option<String>,
    /// How it was before, JSON.
    pub before: Option<String>,
    /// How it was after, JSON.
    pub after: Option<String>,
    /// The hash of the entry before.
    pub previous_hash: String,
    /// The hash of this entry.
    pub hash: String,
}

impl AuditEvent {
    /// The hash that an entry of this content has: SHA-256 over its fields, each with its length in front, so that no two
    /// different entries read alike.
    fn computed_hash(&self) -> String {
        let optional = |text: &Option<String>| text.as_ref().map_or_else(|| "-".to_owned(), |text| format!("+{text}"));
        let fields = [
            self.previous_hash.clone(),
            self.seq.to_string(),
            self.id.to_string(),
            self.at.to_string(),
            optional(&self.person_id.map(|id| id.to_string())),
            optional(&self.organisation_id.map(|id| id.to_string())),
            optional(&self.role.map(|role| role.to_string())),
            self.verb.clone(),
            self.subject_kind.clone(),
            self.subject_id.clone(),
            optional(&self.request_id),
            optional(&self.origin),
            optional(&self.before),
            optional(&self.after),
        ];
        let mut digest = Sha256::new();
        for field in fields {
            digest.update((field.len() as u64).to_be_bytes());
            digest.update(field.as_bytes());
        }
        hex::encode(digest.finalize())
    }
}

/// Appends a transaction's entries. Taking the head locks the chain until the transaction ends.
pub(crate) fn append(tx: &mut Tx<'_>, entries: Vec<Entry>) -> Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let (mut seq, mut previous_hash) = store::take_head(tx)?;
    let mut events = Vec::with_capacity(entries.len());
    for entry in entries {
        seq += 1;
        let mut event = AuditEvent {
            seq,
            id: AuditEventId::new(tx.now),
            at: tx.now,
            person_id: entry.person_id,
            organisation_id: entry.organisation_id,
            role: entry.role,
            verb: entry.act.verb.to_owned(),
            subject_kind: entry.act.subject_kind.to_owned(),
            subject_id: entry.act.subject_id,
            request_id: entry.request_id,
            origin: entry.origin,
            before: entry.act.before.map(|state| state.to_string()),
            after: entry.act.after.map(|state| state.to_string()),
            previous_hash: std::mem::take(&mut previous_hash),
            hash: String::new(),
        };
        event.hash = event.computed_hash();
        previous_hash.clone_from(&event.hash);
        events.push(event);
    }
    store::insert(tx, events)?;
    store::set_head(tx, seq, &previous_hash)
}

/// A place in the chain with its hash, as `SEQ:HASH`. Noted outside the database, it proves at any later time that the log still has
/// everything up to there: whoever owns the database could cut or rewrite the chain and its head alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    seq: i64,
    hash: String,
}

impl Mark {
    /// How many entries there are up to here.
    pub fn entries(&self) -> i64 {
        self.seq
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, self.hash)
    }
}

impl FromStr for Mark {
    type Err = &'static str;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        let (seq, hash) = text.split_once(':').ok_or("must be SEQ:HASH, as it was printed")?;
        Ok(Self {
            seq: seq.parse().map_err(|_| "must begin with a number")?,
            hash: hash.to_owned(),
        })
    }
}

/// What is wrong with the chain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// A row is not there, or stands elsewhere.
    #[error("entry {expected} is missing: after it comes {found}")]
    Missing {
        /// The place that should come.
        expected: i64,
        /// The place that came.
        found: i64,
    },
    /// A row does not follow the one before it.
    #[error("entry {0} does not follow the entry before it")]
    Unlinked(i64),
    /// A row is not what was written.
    #[error("entry {0} was changed")]
    Changed(i64),
    /// The last rows are not there, or rows were added behind the head.
    #[error("the log ends at entry {found}, its head says {head}")]
    Cut {
        /// What the head says.
        head: i64,
        /// The last entry there is.
        found: i64,
    },
    /// What was noted of the log is no longer so.
    #[error("entry {0} is not there as it was noted")]
    Forgotten(i64),
}

/// Follows the whole chain, in one snapshot, so it can run beside a serving program; with what was noted of it before, also whether it
/// has that still. Answers its end, or the first entry that does not hold.
pub fn verify(database: &Database, noted: Option<&Mark>) -> Result<std::result::Result<Mark, Broken>> {
    const STRETCH: i64 = 2_000;
    database.read_now(|tx| {
        let (head, head_hash) = store::head(tx)?;
        let (mut seq, mut hash) = (0_i64, GENESIS.to_owned());
        loop {
            let stretch = store::after(tx, seq, STRETCH)?;
            if stretch.is_empty() {
                break;
            }
            for event in stretch {
                if event.seq != seq + 1 {
                    return Ok(Err(Broken::Missing {
                        expected: seq + 1,
                        found: event.seq,
                    }));
                }
                if event.previous_hash != hash {
                    return Ok(Err(Broken::Unlinked(event.seq)));
                }
                if event.computed_hash() != event.hash {
                    return Ok(Err(Broken::Changed(event.seq)));
                }
                (seq, hash) = (event.seq, event.hash);
                if noted.is_some_and(|noted| noted.seq == seq && noted.hash != hash) {
                    return Ok(Err(Broken::Forgotten(seq)));
                }
            }
        }
        if let Some(noted) = noted.filter(|noted| noted.seq > seq) {
            return Ok(Err(Broken::Forgotten(noted.seq)));
        }
        Ok(if (seq, &hash) == (head, &head_hash) {
            Ok(Mark { seq, hash })
        } else {
            Err(Broken::Cut { head, found: seq })
        })
    })
}

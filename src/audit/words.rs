//! The log in words: what each action's word means, and where the things are that it was done to.

use super::AuditEvent;
use crate::access::{Permission, Role, may};
use crate::clock::Instant;
use chrono::NaiveDate;
use serde_json::Value;
use uuid::Uuid;

/// What an action's word means, as a sentence about whoever did it.
pub fn of(verb: &str) -> Option<&'static str> {
    let found = WORDS.binary_search_by_key(&verb, |(known, _)| known);
    found.ok().map(|at| WORDS[at].1)
}

/// Every action there is: its word, and what it means.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    WORDS.iter().copied()
}

/// Every action there is, by its word.
const WORDS: &[(&str, &str)] = &[
    ("admission.leave", "Left a lot"),
    ("admission.reinstate", "Reinstated an admission"),
    ("admission.remove", "Removed a provider from a lot"),
    ("admission.suspend", "Suspended an admission"),
    ("application.create", "Began an application"),
    ("application.decide", "Decided an application"),
    ("application.record_findings", "Judged an application by its standards"),
    ("application.return", "Returned an application"),
    ("application.rewrite", "Changed an application"),
    ("application.submit", "Submitted an application"),
    ("application.withdraw", "Withdrew an application"),
    ("authority.add", "Took an authority into the cooperative"),
    ("award.accept", "Accepted an award"),
    ("award.approve", "Approved an award"),
    ("award.confirm", "Confirmed an award"),
    ("award.decline", "Declined an award"),
    ("award.propose", "Proposed an award"),
    ("award.refuse", "Did not approve an award"),
    ("award.withdraw", "Withdrew an award"),
    ("bid.create", "Began a bid"),
    ("bid.mark_compliant", "Marked a bid compliant"),
    ("bid.mark_non_compliant", "Marked a bid not compliant"),
    ("bid.moderate", "Moderated the scores of a bid"),
    ("bid.revise", "Changed a bid"),
    ("bid.score", "Scored a bid"),
    ("bid.submit", "Submitted a bid"),
    ("bid.withdraw", "Withdrew a bid"),
    ("bids.open", "Opened the bids of a placement request"),
    ("contract_version.accept", "Accepted a contract version"),
    ("contract_version.publish", "Published a contract version"),
    ("due_item.done", "Noted that something due was done"),
    ("framework.change", "Changed a framework"),
    ("framework.close", "Closed a framework"),
    ("framework.create", "Made a framework"),
    ("framework.open", "Opened a framework"),
    ("framework.resume", "Resumed a framework"),
    ("framework.suspend", "Suspended a framework"),
    ("home.change", "Changed a home"),
    ("home.close", "Closed a home"),
    ("home.record_inspection", "Recorded an inspection of a home"),
    ("home.register", "Registered a home"),
    ("home.reopen", "Reopened a home"),
    ("lot.add", "Added a lot"),
    ("lot.change", "Changed a lot"),
    ("mail.resend", "Sent a mail again"),
    ("operator.create", "Made the account of an operator"),
    ("password.request_reset", "Asked for a new password"),
    ("password.reset", "Set a new password"),
    ("person.deactivate", "Ended a person’s access"),
    ("person.invite", "Invited a person"),
    ("person.invite_again", "Invited a person again"),
    ("person.join", "Joined"),
    ("person.prefer_alerts", "Chose how to be mailed market news"),
    ("person.reactivate", "Gave a person their access back"),
    ("placement.agree", "Agreed a placement"),
    ("placement.end", "Ended a placement"),
    ("placement.start", "Started a placement"),
    ("placement.vary", "Changed the terms of a placement"),
    ("postcode_directory.import", "Imported the postcode directory"),
    ("price.list", "Listed a price"),
    ("provider.change", "Changed a provider’s profile"),
    ("provider.insure", "Renewed a provider’s insurance"),
    ("provider.register", "Registered a provider"),
    ("question.answer", "Answered a question"),
    ("question.ask", "Asked a question"),
    ("request.create", "Began a placement request"),
    ("request.decline", "Declined a placement request"),
    ("request.extend", "Extended the deadline of a placement request"),
    ("request.first_look", "Looked at a placement request for the first time"),
    ("request.mark_unfilled", "Ended a placement request without an award"),
    ("request.publish", "Published a placement request"),
    ("request.revise", "Changed a placement request"),
    ("request.withdraw", "Withdrew a placement request"),
    ("session.begin", "Signed in"),
    ("session.end", "Signed out"),
    ("session.refuse", "Failed to sign in"),
    ("standard.add", "Added a quality standard"),
    ("standard.change", "Changed a quality standard"),
    ("vacancy.close", "Closed a vacancy"),
    ("vacancy.confirm", "Confirmed a vacancy"),
    ("vacancy.open", "Opened a vacancy"),
];

/// The kinds of things that something is done to, with what people call several of them.
pub const SUBJECT_KINDS: &[(&str, &str)] = &[
    ("admission", "Admissions"),
    ("application", "Applications"),
    ("award", "Awards"),
    ("bid", "Bids"),
    ("contract_version", "Contract versions"),
    ("due_item", "Things due"),
    ("framework", "Frameworks"),
    ("home", "Homes"),
    ("lot", "Lots"),
    ("mail", "Mails"),
    ("organisation", "Organisations"),
    ("person", "People"),
    ("placement", "Placements"),
    ("placement_request", "Placement requests"),
    ("price", "Prices"),
    ("provider", "Provider profiles"),
    ("question", "Questions"),
    ("session", "Sign-ins"),
    ("standard", "Quality standards"),
    ("vacancy", "Vacancies"),
];

impl AuditEvent {
    /// What was done, in words.
    pub fn in_words(&self) -> &str {
        of(&self.verb).unwrap_or(&self.verb)
    }

    /// The page of the thing, where it has one that people of this role may open. Whether the reader finds the thing there, the
    /// log does not know.
    pub fn path(&self, reader: Role) -> Option<String> {
        use Permission as P;
        let (place, permission) = match self.subject_kind.as_str() {
            "admission" => ("admissions", P::ReadAdmissions),
            "application" => ("applications", P::ReadApplications),
            "award" => ("awards", P::ReadAwards),
            "bid" => ("bids", P::ReadBids),
            "contract_version" => ("contract-versions", P::ReadFrameworks),
            "framework" => ("frameworks", P::ReadFrameworks),
            "home" => ("homes", P::ReadHomes),
            "lot" => ("lots", P::ReadFrameworks),
            "placement" => ("placements", P::ReadPlacements),
            "placement_request" => ("placement-requests", P::ReadRequests),
            "provider" => ("providers", P::ReadProviders),
            "standard" => ("standards", P::ReadFrameworks),
            _ => return None,
        };
        may(reader, permission).then(|| format!("/{place}/{}", self.subject_id))
    }

    /// What changed: the fields before and after, each with its name in words; those that stayed as they were are left out, and so
    /// are bare ids. Days and moments stand as people in the United Kingdom say them.
    pub fn changes(&self) -> Vec<Change> {
        let mut changes = Vec::new();
        let mut add = |state: &Option<String>, after: bool| {
            let state = state.as_deref().and_then(|state| serde_json::from_str(state).ok());
            let mut found = Vec::new();
            flatten(&state.unwrap_or(Value::Null), &mut String::new(), &mut found);
            for (name, value) in found {
                let at = changes.iter().position(|change: &Change| change.name == name);
                let at = at.unwrap_or_else(|| {
                    changes.push(Change {
                        name,
                        ..Change::default()
                    });
                    changes.len() - 1
                });
                let side = if after {
                    &mut changes[at].after
                } else {
                    &mut changes[at].before
                };
                // Of several things of a list each has its say.
                if !side.is_empty() {
                    side.push_str("; ");
                }
                side.push_str(&value);
            }
        };
        add(&self.before, false);
        add(&self.after, true);
        changes.retain(|change| change.before != change.after);
        changes
    }

    /// The entry as a role may read it: who may not read bids does not learn from the log what a bid cost or how it was scored, and who may
    /// not read addresses has no hash of one to try addresses against.
    #[must_use]
    pub fn seen_by(self, reader: Role) -> Self {
        let of_a_bid = matches!(self.subject_kind.as_str(), "bid" | "award");
        if of_a_bid && !may(reader, Permission::ReadBids) {
            Self {
                before: None,
                after: None,
                ..self
            }
        } else if self.subject_kind == "home" && reader != Role::Operator {
            Self {
                before: self.before.as_deref().and_then(without_address),
                after: self.after.as_deref().and_then(without_address),
                ..self
            }
        } else {
            self
        }
    }
}

fn without_address(state: &str) -> Option<String> {
    let mut fields: serde_json::Map<String, Value> = serde_json::from_str(state).ok()?;
    fields.remove("address");
    Some(Value::Object(fields).to_string())
}

/// One field that an act changed or set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// Its name in words.
    pub name: String,
    /// What stood there; empty where nothing did.
    pub before: String,
    /// What stands there now; empty where nothing does.
    pub after: String,
}

fn flatten(state: &Value, name: &mut String, into: &mut Vec<(String, String)>) {
    match state {
        Value::Null => {}
        Value::Object(fields) => {
            for (key, field) in fields {
                let length = name.len();
                if !name.is_empty() {
                    name.push_str(", ");
                }
                name.push_str(&key.replace('_', " "));
                flatten(field, name, into);
                name.truncate(length);
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            for item in items {
                flatten(item, name, into);
            }
        }
        Value::Array(items) => {
            let plain: Vec<String> = items.iter().filter_map(plain).collect();
            into.extend((!plain.is_empty()).then(|| (name.clone(), plain.join(", "))));
        }
        value => into.extend(plain(value).map(|value| (name.clone(), value))),
    }
}

/// A value as people read it; nothing for an id.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if Uuid::try_parse(text).is_ok() => None,
        Value::String(text) => Some(said(text)),
        Value::Bool(true) => Some("yes".to_owned()),
        Value::Bool(false) => Some("no".to_owned()),
        other => Some(other.to_string()),
    }
}

fn said(text: &str) -> String {
    let is_code = text.bytes().all(|letter| letter.is_ascii_lowercase() || letter == b'_');
    if let Ok(at) = text.parse::<Instant>() {
        at.in_uk()
    } else if let Ok(day) = text.parse::<NaiveDate>() {
        day.format("%-d %B %Y").to_string()
    } else if is_code {
        text.replace('_', " ")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::AuditEventId;

    fn event(kind: &str, before: Option<&str>, after: Option<&str>) -> AuditEvent {
        let at = "2026-03-04T12:00:00Z".parse().unwrap();
        AuditEvent {
            seq: 1,
            id: AuditEventId::new(at),
            at,
            person_id: None,
            organisation_id: None,
            role: None,
            verb: "bid.score".to_owned(),
            subject_kind: kind.to_owned(),
            subject_id: "1".to_owned(),
            request_id: None,
            origin: None,
            before: before.map(str::to_owned),
            after: after.map(str::to_owned),
            previous_hash: String::new(),
            hash: String::new(),
        }
    }

    #[test]
    fn words_stand_in_order_so_that_each_is_found() {
        assert!(WORDS.is_sorted_by_key(|(verb, _)| verb));
        assert_eq!(of("session.begin"), Some("Signed in"));
        assert_eq!(of("session.sing"), None);
    }

    #[test]
    fn what_changed_is_said_field_by_field() {
        let event = event(
            "person",
            Some(r#"{"state":"active","role":"bidder"}"#),
            Some(
                r#"{"state":"deactivated","role":"bidder","codes":["a","b"],"terms":{"is_first":true},"reason":"Too_Many moves",
                "lot_ids":["019d0000-0000-7000-8000-000000000000"],"home_id":"019d0000-0000-7000-8000-000000000000",
                "closes_at":"2026-07-01T09:30:00.272436Z","starts_on":"2026-07-04","outcome":"not_met",
                "lots":[{"outcome":"admitted"},{"outcome":"rejected"}]}"#,
            ),
        );
        let change = |name: &str, before: &str, after: &str| Change {
            name: name.to_owned(),
            before: before.to_owned(),
            after: after.to_owned(),
        };
        let mut changes = event.changes();
        changes.sort_by(|one, other| one.name.cmp(&other.name));
        assert_eq!(
            changes,
            [
                change("closes at", "", "1 July 2026, 10:30 BST"),
                change("codes", "", "a, b"),
                change("lots, outcome", "", "admitted; rejected"),
                change("outcome", "", "not met"),
                change("reason", "", "Too_Many moves"),
                change("starts on", "", "4 July 2026"),
                change("state", "active", "deactivated"),
                change("terms, is first", "", "yes"),
            ]
        );
    }

    #[test]
    fn an_operator_reads_that_a_bid_was_scored_and_not_how() {
        let scored = event("bid", None, Some(r#"{"score":5}"#));
        assert_eq!(scored.path(Role::Operator), None);
        assert!(scored.clone().seen_by(Role::Operator).changes().is_empty());
        assert_eq!(scored.path(Role::Auditor).as_deref(), Some("/bids/1"));
        assert_eq!(scored.seen_by(Role::Auditor).changes().len(), 1);
        let request = event("placement_request", None, Some(r#"{"reference":"R-1"}"#));
        assert_eq!(request.seen_by(Role::Operator).changes().len(), 1);
    }

    #[test]
    fn an_auditor_has_no_hash_of_an_address_to_guess_by() {
        let moved = event(
            "home",
            Some(r#"{"name":"Birch House"}"#),
            Some(r#"{"address":"sha256:00","name":"Oak House"}"#),
        );
        assert_eq!(moved.clone().seen_by(Role::Operator).changes().len(), 2);
        let seen = moved.seen_by(Role::Auditor);
        assert_eq!(seen.after.as_deref(), Some(r#"{"name":"Oak House"}"#));
        assert_eq!(seen.changes().len(), 1);
    }
}

//! What events are about, so that a person finds theirs again.

use crate::outbox::Event;
use crate::values::codes;

codes! {
    /// What a notification is about.
    pub enum Topic {
        Requests("requests", "Placement requests"),
        Bids("bids", "Bids"),
        Awards("awards", "Awards and what is due"),
        Placements("placements", "Placements"),
        Admissions("admissions", "Applications and admissions"),
        Frameworks("frameworks", "Frameworks and contracts"),
        Homes("homes", "Homes and free places"),
        Accounts("accounts", "Accounts"),
    }
}

impl Topic {
    /// What an event of this kind is about.
    fn of(kind: &str) -> Self {
        match kind.split('_').next().unwrap_or_default() {
            "request" | "bids" | "question" => Self::Requests,
            "bid" => Self::Bids,
            "award" | "approval" | "item" => Self::Awards,
            "placement" => Self::Placements,
            "application" | "admission" | "insurance" => Self::Admissions,
            "framework" | "contract" => Self::Frameworks,
            "home" | "inspection" | "vacancy" => Self::Homes,
            _ => Self::Accounts,
        }
    }

    /// The kinds of events that are about it.
    pub fn kinds(self) -> Vec<&'static str> {
        let kinds = Event::KINDS.iter().copied();
        kinds.filter(|kind| Self::of(kind) == self).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_is_about_one_thing() {
        let accounts = [
            "join_link_issued",
            "password_reset_requested",
            "password_changed",
            "session_revoked",
            "person_deactivated",
            "person_reactivated",
            "digest_due",
        ];
        assert_eq!(
            Topic::Accounts.kinds(),
            accounts,
            "a new kind of event is about something"
        );
        let all: usize = Topic::ALL.iter().map(|topic| topic.kinds().len()).sum();
        assert_eq!(all, Event::KINDS.len());
        assert!(Topic::Bids.kinds().contains(&"bid_submitted"));
        assert!(Topic::Requests.kinds().contains(&"bids_closed"));
        assert!(Topic::ALL.iter().all(|topic| !topic.kinds().is_empty()));
    }
}

//! A bid without its content, and its transitions: each consumes the bid and gives the changed one.

use super::{BidRefused, BidState, Verb};
use crate::clock::Instant;
use crate::ids::{BidId, HomeId, OrganisationId, PersonId, PlacementRequestId};
use serde::Serialize;
use utoipa::ToSchema;

/// What a provider holds in hand for a submitted bid: with the content it proves what was sent, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Receipt {
    /// When it was submitted, by the server's clock.
    pub submitted_at: Instant,
    /// Which version of the bid: 1, 2, …
    #[schema(example = 1)]
    pub version: i32,
    /// SHA-256 of the sealed content's canonical bytes, lower-case hex.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub sha256: String,
}

/// A bid, without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bid {
    /// Its id.
    pub id: BidId,
    /// What it answers.
    pub request_id: PlacementRequestId,
    /// The home it offers.
    pub home_id: HomeId,
    /// Whose home it is.
    pub provider_id: OrganisationId,
    /// Where it stands.
    pub state: BidState,
    /// The number of the version that was sealed last.
    pub sealed_version: i32,
    /// The receipt of the version that counts.
    pub receipt: Option<Receipt>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Instant>,
    /// When it was opened.
    pub opened_at: Option<Instant>,
    /// Why it is not compliant.
    pub non_compliance: Option<String>,
    /// Who began it.
    pub created_by: PersonId,
    /// When it was begun.
    pub created_at: Instant,
    /// The row's version, for lost updates; not the version of the content.
    pub version: i64,
}

impl Bid {
    /// A bid that nobody has saved a content for yet.
    pub fn begun(
        id: BidId,
        request_id: PlacementRequestId,
        home_id: HomeId,
        provider_id: OrganisationId,
        created_by: PersonId,
        created_at: Instant,
    ) -> Self {
        Self {
            id,
            request_id,
            home_id,
            provider_id,
            state: BidState::Draft,
            sealed_version: 1,
            receipt: None,
            withdrawn_at: None,
            opened_at: None,
            non_compliance: None,
            created_by,
            created_at,
            version: 1,
        }
    }

    /// Whether the version that was sealed last has not been submitted.
    pub fn has_unsent_version(&self) -> bool {
        self.state.is_sealed()
            && self
                .receipt
                .as_ref()
                .is_none_or(|receipt| receipt.version < self.sealed_version)
    }

    /// The version that is shown: while sealed the last one, which its provider sees and edits; then the one that was opened.
    pub fn shown_version(&self) -> i32 {
        match &self.receipt {
            Some(receipt) if !self.state.is_sealed() => receipt.version,
            _ => self.sealed_version,
        }
    }

    /// With a content saved: over the version that is not submitted yet, else as the next version.
    pub fn saved(self) -> Result<Self, BidRefused> {
        let state = self.state.after(Verb::Save)?;
        let sealed_version = if self.has_unsent_version() {
            self.sealed_version
        } else {
            self.sealed_version + 1
        };
        Ok(Self {
            state,
            sealed_version,
            ..self
        })
    }

    /// With its unsent version submitted: `sha256` is that of the canonical content.
    pub fn submitted(self, sha256: String, now: Instant) -> Result<Self, BidRefused> {
        let state = self.state.after(Verb::Submit)?;
        if !self.has_unsent_version() {
            return Err(BidRefused::NothingToSubmit);
        }
        let receipt = Receipt {
            submitted_at: now,
            version: self.sealed_version,
            sha256,
        };
        Ok(Self {
            state,
            receipt: Some(receipt),
            ..self
        })
    }

    /// Withdrawn: it never opens, and the home may bid again.
    pub fn withdrawn(self, now: Instant) -> Result<Self, BidRefused> {
        Ok(Self {
            state: self.state.after(Verb::Withdraw)?,
            withdrawn_at: Some(now),
            ..self
        })
    }

    /// Opened as it was submitted; a later version that was never submitted is left behind.
    pub fn opened(self, now: Instant) -> Result<Self, BidRefused> {
        Ok(Self {
            state: self.state.after(Verb::Open)?,
            opened_at: Some(now),
            ..self
        })
    }

    /// Found compliant, also after it was marked otherwise.
    pub fn marked_compliant(self) -> Result<Self, BidRefused> {
        Ok(Self {
            state: self.state.after(Verb::MarkCompliant)?,
            non_compliance: None,
            ..self
        })
    }

    /// Found not compliant: out of the scoring and the order.
    pub fn marked_non_compliant(self, reason: String) -> Result<Self, BidRefused> {
        Ok(Self {
            state: self.state.after(Verb::MarkNonCompliant)?,
            non_compliance: Some(reason),
            ..self
        })
    }

    /// With the outcome of the award.
    pub fn concluded(self, outcome: Outcome) -> Result<Self, BidRefused> {
        let verb = match outcome {
            Outcome::Successful => Verb::Succeed,
            Outcome::Unsuccessful => Verb::Fail,
        };
        Ok(Self {
            state: self.state.after(verb)?,
            ..self
        })
    }
}

/// What an award means for a bid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It won.
    Successful,
    /// Another won.
    Unsuccessful,
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn bid() -> Bid {
        let now = at("2026-03-02T10:00:00Z");
        let id = |n: u128| Uuid::from_u128(n);
        Bid::begun(
            id(1).into(),
            id(2).into(),
            id(3).into(),
            id(4).into(),
            id(5).into(),
            now,
        )
    }

    #[test]
    fn versions_count_up_with_each_submission() {
        let (first, second) = (at("2026-03-02T11:00:00Z"), at("2026-03-02T12:00:00Z"));
        let bid = bid().saved().unwrap();
        assert_eq!(bid.sealed_version, 1, "an unsent version is saved over");
        let bid = bid.submitted("aa".into(), first).unwrap();
        assert_eq!(
            bid.receipt,
            Some(Receipt {
                submitted_at: first,
                version: 1,
                sha256: "aa".into()
            })
        );
        assert_eq!(
            bid.clone().submitted("aa".into(), second),
            Err(BidRefused::NothingToSubmit)
        );
        let changed = bid.saved().unwrap();
        assert_eq!((changed.state, changed.shown_version()), (BidState::Submitted, 2));
        assert_eq!(
            changed.receipt.as_ref().unwrap().version,
            1,
            "what was sent counts until the change is sent"
        );
        let opened = changed.clone().opened(second).unwrap();
        assert_eq!(
            (opened.has_unsent_version(), opened.shown_version()),
            (false, 1),
            "an unsent change is left behind"
        );
        let resent = changed.saved().unwrap().submitted("bb".into(), second).unwrap();
        assert_eq!(
            resent.receipt,
            Some(Receipt {
                submitted_at: second,
                version: 2,
                sha256: "bb".into()
            })
        );
    }

    #[test]
    fn marks_can_be_changed_and_the_reason_goes_with_them() {
        let now = at("2026-03-03T10:00:00Z");
        let opened = bid().submitted("aa".into(), now).unwrap().opened(now).unwrap();
        let out = opened
            .marked_non_compliant("No answer to the second part.".into())
            .unwrap();
        assert_eq!(out.non_compliance.as_deref(), Some("No answer to the second part."));
        assert!(out.clone().concluded(Outcome::Successful).is_err());
        let back = out.marked_compliant().unwrap();
        assert_eq!((back.state, &back.non_compliance), (BidState::Compliant, &None));
        let won = back.concluded(Outcome::Successful).unwrap();
        let declined = won.concluded(Outcome::Unsuccessful).unwrap();
        assert_eq!(
            declined.concluded(Outcome::Successful).unwrap().state,
            BidState::Successful
        );
    }
}

//! The states of an award, and what time makes of them.

use crate::clock::Instant;
use crate::codes;

codes! {
    /// How far an award has come, as it is stored: `proposed` while an approval is missing, `approved` once none is (or none was
    /// needed), `confirmed` when the authority stands by it and the place is taken, `accepted` or `declined` by the provider.
    /// An approver's refusal and the authority's withdrawal end it too.
    pub enum AwardState {
        Proposed("proposed", "Proposed"),
        Approved("approved", "Approved"),
        Refused("refused", "Refused"),
        Withdrawn("withdrawn", "Withdrawn"),
        Confirmed("confirmed", "Confirmed"),
        Accepted("accepted", "Accepted"),
        Declined("declined", "Declined by the provider"),
    }

    /// How an award stands at a moment: its state, and what time makes of it. `standing_still` is an approved award against which
    /// the other bidders may still object; `approved` is one that can be confirmed.
    pub enum AwardStatus {
        ApprovalPending("approval_pending", "Waiting for approval"),
        StandingStill("standing_still", "Standing still"),
        Approved("approved", "Approved"),
        Refused("refused", "Refused"),
        Withdrawn("withdrawn", "Withdrawn"),
        Confirmed("confirmed", "Confirmed"),
        Accepted("accepted", "Accepted"),
        Declined("declined", "Declined by the provider"),
    }
}

impl AwardState {
    /// What it amounts to at this moment.
    pub fn at(self, standstill_ends_at: Option<Instant>, now: Instant) -> AwardStatus {
        match self {
            Self::Proposed => AwardStatus::ApprovalPending,
            Self::Approved if standstill_ends_at.is_some_and(|end| now < end) => AwardStatus::StandingStill,
            Self::Approved => AwardStatus::Approved,
            Self::Refused => AwardStatus::Refused,
            Self::Withdrawn => AwardStatus::Withdrawn,
            Self::Confirmed => AwardStatus::Confirmed,
            Self::Accepted => AwardStatus::Accepted,
            Self::Declined => AwardStatus::Declined,
        }
    }

    /// Whether it keeps its request from being awarded once more.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Proposed | Self::Approved | Self::Confirmed | Self::Accepted)
    }
}

impl AwardStatus {
    /// The state that is stored for it.
    pub fn state(self) -> AwardState {
        match self {
            Self::ApprovalPending => AwardState::Proposed,
            Self::StandingStill | Self::Approved => AwardState::Approved,
            Self::Refused => AwardState::Refused,
            Self::Withdrawn => AwardState::Withdrawn,
            Self::Confirmed => AwardState::Confirmed,
            Self::Accepted => AwardState::Accepted,
            Self::Declined => AwardState::Declined,
        }
    }
}

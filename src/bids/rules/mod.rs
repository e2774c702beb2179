//! The rules of bids: states, transitions, eligibility, refusals. Pure: no database, no clock, no web.

mod bid;
mod eligibility;
mod input;

pub use bid::{Bid, Outcome, Receipt};
pub use eligibility::{Eligibility, Remark, ceiling_remark, over_ceiling};
pub use input::{Answer, NewBid, NewDecline, NonCompliance, Terms, missing};

use crate::clock::Instant;
use crate::codes;
use crate::error::refusals;
use crate::ids::{DeclineId, HomeId, OrganisationId, PersonId, PlacementRequestId};
use crate::placement_requests::rules::{Phase, PlacementRequest};
use crate::values::DeclineReason;

codes! {
    /// Where a bid stands. The first three are sealed; the others come after the opening.
    pub enum BidState {
        Draft("draft", "Draft"),
        Submitted("submitted", "Submitted"),
        Withdrawn("withdrawn", "Withdrawn"),
        Opened("opened", "Opened"),
        Compliant("compliant", "Compliant"),
        NonCompliant("non_compliant", "Not compliant"),
        Successful("successful", "Successful"),
        Unsuccessful("unsuccessful", "Unsuccessful"),
    }

    /// What can be done to a bid.
    pub enum Verb {
        Save("save", "saved"),
        Submit("submit", "submitted"),
        Withdraw("withdraw", "withdrawn"),
        Open("open", "opened"),
        MarkCompliant("mark_compliant", "marked as compliant"),
        MarkNonCompliant("mark_non_compliant", "marked as not compliant"),
        Succeed("succeed", "chosen"),
        Fail("fail", "left unchosen"),
    }
}

refusals! {
    /// Why something about a bid was refused.
    pub enum BidRefused {
        /// By the server's clock, read in the transaction that would have taken the bid.
        DeadlinePassed { closed_at: Instant } => (conflict, "bid.deadline_passed", "Bids closed on {}.", closed_at.in_uk()),
        /// The request was withdrawn, or was never published.
        RequestNotOpen => (conflict, "bid.request_not_open", "This placement request takes no bids."),
        /// Not admitted to the lot, or suspended, or no longer admitted.
        NotAdmitted => (conflict, "bid.not_admitted", "You are not admitted to this lot at present, so you can't bid on it."),
        /// The version in force has not been accepted by the provider.
        ContractNotAccepted => (conflict, "bid.contract_not_accepted", "Accept the framework's current contract version first, then bid."),
        /// The framework blocks prices over the lot's ceiling.
        OverCeiling { line: &'static str, price: String, ceiling: String } => (unprocessable, "bid.over_ceiling", "{line}: {price} a week is over the lot's ceiling of {ceiling}."),
        /// The home has no place that is free on the day the placement starts.
        NoFreePlace => (conflict, "bid.no_free_place", "The home has no free place for this placement. Open a vacancy first, then bid."),
        /// One live bid a home and request.
        AlreadyExists => (conflict, "bid.already_exists", "There is already a bid for this home. Change or withdraw that one."),
        /// Every criterion needs an answer, and the bid a matching statement.
        AnswersMissing => (unprocessable, "bid.answers_missing", "Every criterion needs an answer, and the bid needs a price and a matching statement."),
        /// The invite rule is `matching_first`: only homes that fit may bid.
        HomeDoesNotFit { why: String } => (conflict, "bid.home_does_not_fit", "The home does not fit this request: {why}"),
        /// The home is closed, or not of the provider's active homes.
        HomeNotActive => (conflict, "bid.home_not_active", "The home is not active, so no bid can be made for it."),
        /// The home's grade is worse than the framework's gateway allows.
        OverGateway { why: String } => (conflict, "bid.over_gateway", "The home can't bid on this framework. {why}"),
        /// The state machine has no such way.
        WrongState { state: &'static str, verb: &'static str } => (conflict, "bid.wrong_state", "A bid in the state “{state}” can't be {verb}."),
        /// Nothing was saved since the last submission.
        NothingToSubmit => (conflict, "bid.nothing_to_submit", "This bid is submitted as it stands. Change it first to submit it again."),
        /// A home that bids is not declined for.
        DeclinedWithBid => (conflict, "decline.bid_exists", "There is a bid for this home. Withdraw it first to decline."),
        /// One decline a home and request.
        AlreadyDeclined => (conflict, "decline.already_declined", "You have already declined for this home."),
    }
}

refusals! {
    /// Why the bids were not opened.
    pub enum OpeningRefused {
        /// Before the deadline, by the server's clock.
        TooEarly { closes_at: Instant } => (conflict, "opening.too_early", "Bids can be opened from {}, when bidding closes.", closes_at.in_uk()),
        /// Opening happens once.
        AlreadyOpened => (conflict, "opening.already_opened", "The bids are already open."),
        /// The request is a draft, or was withdrawn.
        NotOpen => (conflict, "opening.request_not_open", "This placement request has no bids to open."),
    }
}

/// Refuses what only may be done while bidding is open, by the instant of the transaction.
pub fn while_open(request: &PlacementRequest, now: Instant) -> Result<(), BidRefused> {
    match request.phase(now) {
        Phase::Open => Ok(()),
        Phase::Draft | Phase::Withdrawn => Err(BidRefused::RequestNotOpen),
        Phase::Closed | Phase::Opened | Phase::Awarded | Phase::Completed | Phase::Unfilled => {
            Err(BidRefused::DeadlinePassed {
                closed_at: request.bids_close_at,
            })
        }
    }
}

/// Refuses to open bids before the deadline, twice, or of a request that ended without an opening.
pub fn may_open(request: &PlacementRequest, now: Instant) -> Result<(), OpeningRefused> {
    match request.phase(now) {
        Phase::Closed => Ok(()),
        Phase::Open => Err(OpeningRefused::TooEarly {
            closes_at: request.bids_close_at,
        }),
        _ if request.opened.is_some() => Err(OpeningRefused::AlreadyOpened),
        _ => Err(OpeningRefused::NotOpen),
    }
}

impl BidState {
    /// The state after a verb, or the refusal: the whole state machine.
    pub fn after(self, verb: Verb) -> Result<Self, BidRefused> {
        match (self, verb) {
            (Self::Draft, Verb::Save) => Ok(Self::Draft),
            // A submitted bid that is changed stays submitted, as it was sent, until it is submitted again.
            (Self::Submitted, Verb::Save) | (Self::Draft | Self::Submitted, Verb::Submit) => Ok(Self::Submitted),
            (Self::Draft | Self::Submitted, Verb::Withdraw) => Ok(Self::Withdrawn),
            // A draft is never opened.
            (Self::Submitted, Verb::Open) => Ok(Self::Opened),
            (Self::Opened | Self::Compliant | Self::NonCompliant, Verb::MarkCompliant) => Ok(Self::Compliant),
            (Self::Opened | Self::Compliant | Self::NonCompliant, Verb::MarkNonCompliant) => Ok(Self::NonCompliant),
            // When the winner declines the award, the next bid's turn comes.
            (Self::Opened | Self::Compliant | Self::Unsuccessful, Verb::Succeed) => Ok(Self::Successful),
            (Self::Opened | Self::Compliant | Self::Successful, Verb::Fail) => Ok(Self::Unsuccessful),
            _ => Err(BidRefused::WrongState {
                state: self.label(),
                verb: verb.label(),
            }),
        }
    }

    /// Whether the content is still sealed, to everybody but its provider.
    pub fn is_sealed(self) -> bool {
        matches!(self, Self::Draft | Self::Submitted | Self::Withdrawn)
    }

    /// Whether the bid takes part in scoring and ranking: opened, and not marked as not compliant.
    pub fn takes_part(self) -> bool {
        matches!(
            self,
            Self::Opened | Self::Compliant | Self::Successful | Self::Unsuccessful
        )
    }
}

/// A decline in place of a bid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decline {
    /// Its id.
    pub id: DeclineId,
    /// What was declined.
    pub request_id: PlacementRequestId,
    /// The home it was declined for.
    pub home_id: HomeId,
    /// Whose home it is.
    pub provider_id: OrganisationId,
    /// Why.
    pub reason: DeclineReason,
    /// In the provider's words.
    pub note: Option<String>,
    /// Who declined.
    pub declined_by: PersonId,
    /// When.
    pub declined_at: Instant,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_and_verb() {
        use BidState::{Compliant, Draft, NonCompliant, Opened, Submitted, Successful, Unsuccessful, Withdrawn};
        let no = None;
        // The columns: save, submit, withdraw, open, mark compliant, mark non-compliant, succeed, fail.
        let table = [
            (
                Draft,
                [Some(Draft), Some(Submitted), Some(Withdrawn), no, no, no, no, no],
            ),
            (
                Submitted,
                [
                    Some(Submitted),
                    Some(Submitted),
                    Some(Withdrawn),
                    Some(Opened),
                    no,
                    no,
                    no,
                    no,
                ],
            ),
            (Withdrawn, [no, no, no, no, no, no, no, no]),
            (
                Opened,
                [
                    no,
                    no,
                    no,
                    no,
                    Some(Compliant),
                    Some(NonCompliant),
                    Some(Successful),
                    Some(Unsuccessful),
                ],
            ),
            (
                Compliant,
                [
                    no,
                    no,
                    no,
                    no,
                    Some(Compliant),
                    Some(NonCompliant),
                    Some(Successful),
                    Some(Unsuccessful),
                ],
            ),
            (
                NonCompliant,
                [no, no, no, no, Some(Compliant), Some(NonCompliant), no, no],
            ),
            (Successful, [no, no, no, no, no, no, no, Some(Unsuccessful)]),
            (Unsuccessful, [no, no, no, no, no, no, Some(Successful), no]),
        ];
        assert_eq!(table.len(), BidState::ALL.len());
        for (state, row) in table {
            assert_eq!(row.len(), Verb::ALL.len());
            for (&verb, expected) in Verb::ALL.iter().zip(row) {
                match (state.after(verb), expected) {
                    (Ok(after), Some(expected)) => assert_eq!(after, expected, "{state} {verb}"),
                    (Err(refused), None) => assert_eq!(refused.code(), "bid.wrong_state", "{state} {verb}"),
                    (seen, _) => panic!("{state} {verb}: {seen:?}"),
                }
            }
        }
        let refused = Withdrawn.after(Verb::Submit).unwrap_err().to_string();
        assert_eq!(refused, "A bid in the state “Withdrawn” can't be submitted.");
    }

    #[test]
    fn sealed_and_taking_part() {
        for &state in BidState::ALL {
            assert!(!(state.is_sealed() && state.takes_part()), "{state}");
        }
        assert!(!BidState::NonCompliant.takes_part() && !BidState::NonCompliant.is_sealed());
    }
}

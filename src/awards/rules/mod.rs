//! What an award is, and what may become of it.

mod approvals;
mod choice;
mod due;
mod states;

pub use approvals::{Approval, ApprovalKind, ApprovalState, Area, approvals_needed};
pub use choice::{Choice, choose, eligible, may_answer};
pub use due::{DueItem, DueKind, notice_due, standstill_end};
pub use states::{AwardState, AwardStatus};

use crate::clock::Instant;
use crate::codes;
use crate::ids::{AwardId, BidId, HomeId, LotId, OrganisationId, PersonId, PlacementRequestId, VacancyId};
use crate::refusals;
use crate::values::{OutOfAreaReason, PriceLines, ProcurementRoute};
use chrono::NaiveDate;

refusals! {
    /// Why nothing became of an award, or of a step of it.
    pub enum AwardRefused {
        /// The bid is not the first, or shares the first rank, and nobody said why it is chosen.
        ReasonRequired => (unprocessable, "award.reason_required", "Say why this bid is chosen: it is not alone at the first rank."),
        /// Nobody has approved it yet, where somebody must.
        ApprovalMissing { missing: String } => (conflict, "award.approval_missing", "Not yet approved: {missing}."),
        /// This kind of approval isn't needed, or is given already.
        ApprovalNotNeeded { kind: ApprovalKind } => (conflict, "award.approval_not_needed", "No approval of the kind “{}” is waited for.", kind.label()),
        /// Who proposes doesn't approve.
        OwnProposal => (forbidden, "award.own_proposal", "Whoever proposed an award can't approve or refuse it."),
        /// The time in which the other bidders may object isn't over.
        StandingStill { until: String } => (conflict, "award.standing_still", "The award stands still until {until}."),
        /// The last place went to somebody else.
        NoFreePlace => (conflict, "award.no_free_place", "The home has no free place any more. Nothing is lost: the award can be withdrawn and another bid chosen."),
        /// The home or its provider no longer meets what the framework asks.
        NotEligible { why: String } => (conflict, "award.not_eligible", "The award can't stand: {why}."),
        /// The bid can't win.
        BidNotAwardable { status: &'static str } => (conflict, "award.bid_not_awardable", "A bid in the state “{status}” can't be awarded."),
        /// The bids aren't all scored, so nobody can know the ranks.
        NotEvaluated => (conflict, "award.not_evaluated", "Every compliant bid must be scored before one is chosen."),
        /// Somebody has scored, moderated or marked bids since, so that the chosen one ranks otherwise.
        SheetChanged => (conflict, "award.sheet_changed", "The ranking has changed since this award was proposed. Withdraw the award, and propose again from the sheet as it is now."),
        /// The request isn't where an award can be made.
        RequestNotReady { status: &'static str } => (conflict, "award.request_not_ready", "The request is {status}: it can't be awarded, or not in this way."),
        /// There is one already that is neither refused, withdrawn nor declined.
        AlreadyExists => (conflict, "award.already_exists", "The request has an award already."),
        /// The verb doesn't fit the state.
        WrongState { status: AwardStatus } => (conflict, "award.wrong_state", "That can't be done to an award in the state “{}”.", status.label()),
        /// A direct award on the framework's terms above a ceiling that blocks.
        OverCeiling { line: &'static str } => (unprocessable, "award.over_ceiling", "The price is over the lot's ceiling: {line}."),
    }
}

refusals! {
    /// Why a request was not ended.
    pub enum EndingRefused {
        /// An award of it stands, and would be left without its request.
        AwardStands => (conflict, "request.award_stands", "The request has an award that stands. Withdraw the award first; the request can end after that."),
    }
}

/// The decision to place with one home: out of a competition, or without one.
#[derive(Debug, Clone, PartialEq)]
pub struct Award {
    /// Its identifier.
    pub id: AwardId,
    /// What was asked for.
    pub placement_request_id: PlacementRequestId,
    /// The bid that is chosen; `None` for a direct award.
    pub bid_id: Option<BidId>,
    /// The lot.
    pub lot_id: LotId,
    /// The authority that awards.
    pub authority_id: OrganisationId,
    /// The provider that is awarded.
    pub provider_id: OrganisationId,
    /// The home in which the child would live.
    pub home_id: HomeId,
    /// By which procurement route.
    pub route: ProcurementRoute,
    /// The bid's rank on the sheet; `None` for a direct award.
    pub rank: Option<i32>,
    /// Whether other bids share that rank.
    pub tied: bool,
    /// Why this one: required when it isn't alone at the first rank, and for a direct award. In a tie it says how the tie was broken.
    pub reason: Option<String>,
    /// What the chosen bid offers, in words fit for the other bidders.
    pub characteristics: Option<String>,
    /// The weekly price, by line.
    pub price: PriceLines,
    /// The day on which the placement is to start.
    pub starts_on: NaiveDate,
    /// Places it takes: the child's and those of siblings placed with it.
    pub places: i32,
    /// Where the home lies, seen from the authority.
    pub area: Area,
    /// Why it is outside, where the authority said so by the standard's code.
    pub out_of_area_reason: Option<OutOfAreaReason>,
    /// Hundredths of a mile from where the child comes from, on the grid.
    pub distance: i32,
    /// What approvals it needs, and what has become of each.
    pub approvals: Vec<Approval>,
    /// How far it has come.
    pub state: AwardState,
    /// Until when it stands still, once it is approved; `None` when no standstill applies.
    pub standstill_ends_at: Option<Instant>,
    /// Who proposed it.
    pub proposed_by: PersonId,
    /// When.
    pub proposed_at: Instant,
    /// The place it has taken, from confirmation on.
    pub confirmed: Option<Confirmation>,
    /// How it ended: accepted, declined, refused or withdrawn.
    pub closed: Option<Closing>,
    /// Counts its changes.
    pub version: i64,
}

/// That the authority stands by the award, and the place it has taken for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confirmation {
    /// Who confirmed it.
    pub by: PersonId,
    /// When.
    pub at: Instant,
    /// The vacancy of which a place is taken.
    pub vacancy_id: VacancyId,
}

/// How an award came to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// Who ended it.
    pub by: PersonId,
    /// When.
    pub at: Instant,
    /// Why, where that is owed.
    pub reason: Option<String>,
}

impl Award {
    /// Whether it came about without a competition.
    pub fn is_direct(&self) -> bool {
        self.bid_id.is_none()
    }

    /// How it stands now, time considered.
    pub fn status(&self, now: Instant) -> AwardStatus {
        self.state.at(self.standstill_ends_at, now)
    }

    /// Whether the letters have gone out, and with them the secret: when it began to stand still, or without a standstill when it was
    /// confirmed.
    pub fn is_told(&self) -> bool {
        self.standstill_ends_at.is_some() || self.confirmed.is_some()
    }

    /// The kinds of approval that are still waited for.
    pub fn missing(&self) -> Vec<ApprovalKind> {
        self.approvals
            .iter()
            .filter(|approval| approval.is_pending())
            .map(|approval| approval.kind)
            .collect()
    }

    /// Gives one kind of approval, or with `None` all that are waited for. With the last one the award is approved, and begins to
    /// stand still until `standstill_ends_at`, if the framework has a standstill.
    pub fn approve(
        mut self,
        by: PersonId,
        kind: Option<ApprovalKind>,
        reason: Option<&str>,
        now: Instant,
        standstill_ends_at: Option<Instant>,
    ) -> Result<Self, AwardRefused> {
        self.decidable(by, kind, now)?;
        for approval in self
            .approvals
            .iter_mut()
            .filter(|approval| approval.is_pending() && kind.is_none_or(|kind| kind == approval.kind))
        {
            approval.decide(ApprovalState::Approved, by, now, reason);
        }
        if self.missing().is_empty() {
            self.state = AwardState::Approved;
            self.standstill_ends_at = standstill_ends_at;
        }
        Ok(self)
    }

    /// Refuses it: one refusal of one kind ends the award.
    pub fn refuse(
        mut self,
        by: PersonId,
        kind: Option<ApprovalKind>,
        reason: &str,
        now: Instant,
    ) -> Result<Self, AwardRefused> {
        self.decidable(by, kind, now)?;
        for approval in self
            .approvals
            .iter_mut()
            .filter(|approval| approval.is_pending() && kind.is_none_or(|kind| kind == approval.kind))
        {
            approval.decide(ApprovalState::Refused, by, now, Some(reason));
        }
        self.state = AwardState::Refused;
        self.closed = Some(Closing {
            by,
            at: now,
            reason: Some(reason.to_owned()),
        });
        Ok(self)
    }

    fn decidable(&self, by: PersonId, kind: Option<ApprovalKind>, now: Instant) -> Result<(), AwardRefused> {
        if self.state != AwardState::Proposed {
            return Err(AwardRefused::WrongState {
                status: self.status(now),
            });
        }
        if by == self.proposed_by {
            return Err(AwardRefused::OwnProposal);
        }
        match kind {
            Some(kind) if !self.missing().contains(&kind) => Err(AwardRefused::ApprovalNotNeeded { kind }),
            _ => Ok(()),
        }
    }

    /// Takes it back, before the provider has it: what was approved then no longer counts.
    pub fn withdraw(mut self, by: PersonId, reason: &str, now: Instant) -> Result<Self, AwardRefused> {
        if !matches!(self.state, AwardState::Proposed | AwardState::Approved) {
            return Err(AwardRefused::WrongState {
                status: self.status(now),
            });
        }
        self.state = AwardState::Withdrawn;
        self.closed = Some(Closing {
            by,
            at: now,
            reason: Some(reason.to_owned()),
        });
        Ok(self)
    }

    /// Whether it may be confirmed now: all approvals there, and the standstill over.
    pub fn confirmable(&self, now: Instant) -> Result<(), AwardRefused> {
        match self.status(now) {
            AwardStatus::Approved => Ok(()),
            AwardStatus::ApprovalPending => {
                let missing: Vec<_> = self.missing().iter().map(|kind| kind.label()).collect();
                Err(AwardRefused::ApprovalMissing {
                    missing: missing.join("; ").to_lowercase(),
                })
            }
            AwardStatus::StandingStill => Err(AwardRefused::StandingStill {
                until: self.standstill_ends_at.unwrap_or(now).in_uk(),
            }),
            status => Err(AwardRefused::WrongState { status }),
        }
    }

    /// The authority stands by it, and the place is taken.
    pub fn confirm(mut self, by: PersonId, vacancy_id: VacancyId, now: Instant) -> Result<Self, AwardRefused> {
        self.confirmable(now)?;
        self.state = AwardState::Confirmed;
        self.confirmed = Some(Confirmation {
            by,
            at: now,
            vacancy_id,
        });
        Ok(self)
    }

    /// The provider takes it.
    pub fn accept(self, by: PersonId, now: Instant) -> Result<Self, AwardRefused> {
        self.answer(AwardState::Accepted, by, None, now)
    }

    /// The provider doesn't take it; the place is free again, and the authority may choose the next bid.
    pub fn decline(self, by: PersonId, reason: &str, now: Instant) -> Result<Self, AwardRefused> {
        self.answer(AwardState::Declined, by, Some(reason), now)
    }

    fn answer(
        mut self,
        answer: AwardState,
        by: PersonId,
        reason: Option<&str>,
        now: Instant,
    ) -> Result<Self, AwardRefused> {
        if self.state != AwardState::Confirmed {
            return Err(AwardRefused::WrongState {
                status: self.status(now),
            });
        }
        self.state = answer;
        self.closed = Some(Closing {
            by,
            at: now,
            reason: reason.map(str::to_owned),
        });
        Ok(self)
    }
}

/// Above how many miles statistics count a placement as far from home. Shown; nothing depends on it.
pub const FAR_MILES: i32 = 20;

/// The routes by which a placement may be awarded without a competition.
pub const DIRECT_ROUTES: [ProcurementRoute; 4] = [
    ProcurementRoute::DirectAwardUserChoice,
    ProcurementRoute::DirectAwardUrgency,
    ProcurementRoute::DirectAwardOther,
    ProcurementRoute::Spot,
];

/// Whether the framework's terms apply: all but a spot purchase, which is made off the framework.
pub fn on_framework_terms(route: ProcurementRoute) -> bool {
    route != ProcurementRoute::Spot
}

codes! {
    /// Which letter a bidder gets.
    pub enum LetterKind {
        Successful("successful", "Successful"),
        Unsuccessful("unsuccessful", "Unsuccessful"),
    }
}

#[cfg(test)]
mod tests;

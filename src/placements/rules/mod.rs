//! A placement: agreed, started, ended, on terms that are changed by dated variations and never rewritten.

mod terms;
mod totals;

pub use terms::{FundingSplit, Terms, in_force};
pub use totals::{Running, Totals, totals};

use crate::codes;
use crate::error::Error;
use crate::ids::{
    AwardId, ContractVersionId, FrameworkId, HomeId, LotId, OrganisationId, PlacementId, PlacementRequestId, VacancyId,
};
use crate::refusals;
use crate::values::{Money, PlacementEndReason, PriceLines, Urn};
use chrono::NaiveDate;

refusals! {
    /// Why nothing became of a step of a placement.
    pub enum PlacementRefused {
        /// The verb doesn't fit the state.
        WrongState { status: PlacementState } => (conflict, "placement.wrong_state", "That can't be done to a placement in the state “{}”.", status.label()),
        /// What is recorded hasn't happened yet.
        NotYet { today: NaiveDate } => (unprocessable, "placement.not_yet", "That day lies ahead: what is recorded has happened, on {} at the latest.", today.format("%-d %B %Y")),
        /// It would end before it started.
        EndsBeforeStart { started_on: NaiveDate } => (unprocessable, "placement.ends_before_start", "The placement started on {}; it can't end before that.", started_on.format("%-d %B %Y")),
        /// The new terms wouldn't come after those they replace.
        NotAfterLastTerms { effective_on: NaiveDate } => (unprocessable, "placement.terms_not_later", "The terms of {} stand: new terms need a later day.", effective_on.format("%-d %B %Y")),
        /// The new terms are the old ones.
        NothingChanges => (unprocessable, "placement.nothing_changes", "These are the terms that stand already."),
        /// The new price takes an approver.
        ApprovalMissing { threshold: Money } => (conflict, "placement.approval_missing", "A weekly price that rises above {threshold} is varied by an approver."),
        /// The price is above a ceiling that blocks.
        OverCeiling { line: &'static str } => (unprocessable, "placement.over_ceiling", "The price is over the lot's ceiling: {line}."),
    }
}

codes! {
    /// How far a placement has come: `agreed` with the provider's acceptance, `started` when the child has moved in, `ended` with a
    /// coded reason. An agreed placement that never starts is ended too.
    pub enum PlacementState {
        Agreed("agreed", "Agreed"),
        Started("started", "Started"),
        Ended("ended", "Ended"),
    }
}

impl PlacementRefused {
    /// This refusal as the program's error: of a day at the field that said it.
    pub fn of_day(self, field: &'static str) -> Error {
        match self {
            Self::NotYet { .. } | Self::EndsBeforeStart { .. } | Self::NotAfterLastTerms { .. } => self.at(field),
            other => other.into(),
        }
    }
}

/// A child's place in a home: one agreement, tied to one registration number.
#[derive(Debug, Clone, PartialEq)]
pub struct Placement {
    /// Its identifier.
    pub id: PlacementId,
    /// The award it comes from.
    pub award_id: AwardId,
    /// What had been asked for.
    pub placement_request_id: PlacementRequestId,
    /// The framework.
    pub framework_id: FrameworkId,
    /// The lot.
    pub lot_id: LotId,
    /// The home.
    pub home_id: HomeId,
    /// The home's registration number, as agreed.
    pub ofsted_urn: Urn,
    /// The provider.
    pub provider_id: OrganisationId,
    /// The authority that places.
    pub authority_id: OrganisationId,
    /// The vacancy its places come from.
    pub vacancy_id: VacancyId,
    /// How many: the child's and those of siblings placed with it.
    pub places: i32,
    /// The contract version that applies; `None` for a spot purchase.
    pub contract_version_id: Option<ContractVersionId>,
    /// How far it has come.
    pub state: PlacementState,
    /// The agreed first day.
    pub starts_on: NaiveDate,
    /// The first day, as it was.
    pub started_on: Option<NaiveDate>,
    /// The last day, and why it was.
    pub ended: Option<(NaiveDate, PlacementEndReason)>,
    /// Counts its changes.
    pub version: i64,
}

impl Placement {
    /// The child has moved in, on a day up to today: the agreed one, or earlier, or later.
    pub fn start(mut self, started_on: NaiveDate, today: NaiveDate) -> Result<Self, PlacementRefused> {
        if self.state != PlacementState::Agreed {
            return Err(PlacementRefused::WrongState { status: self.state });
        }
        past(started_on, today)?;
        self.state = PlacementState::Started;
        self.started_on = Some(started_on);
        Ok(self)
    }

    /// It is over, or never began.
    pub fn end(
        mut self,
        ended_on: NaiveDate,
        reason: PlacementEndReason,
        today: NaiveDate,
    ) -> Result<Self, PlacementRefused> {
        if self.state == PlacementState::Ended {
            return Err(PlacementRefused::WrongState { status: self.state });
        }
        past(ended_on, today)?;
        if let Some(started_on) = self.started_on.filter(|started_on| ended_on < *started_on) {
            return Err(PlacementRefused::EndsBeforeStart { started_on });
        }
        self.state = PlacementState::Ended;
        self.ended = Some((ended_on, reason));
        Ok(self)
    }

    /// Whether it started before the agreed day.
    pub fn started_early(&self) -> bool {
        self.started_on.is_some_and(|started_on| started_on < self.starts_on)
    }

    /// Whether new terms may follow `last`: from a later day, with something changed, while the placement lasts.
    pub fn vary(
        &self,
        last: &Terms,
        effective_on: NaiveDate,
        price: PriceLines,
        funding: FundingSplit,
    ) -> Result<(), PlacementRefused> {
        if self.state == PlacementState::Ended {
            return Err(PlacementRefused::WrongState { status: self.state });
        }
        if effective_on <= last.effective_on {
            return Err(PlacementRefused::NotAfterLastTerms {
                effective_on: last.effective_on,
            });
        }
        if price == last.price && funding == last.funding {
            return Err(PlacementRefused::NothingChanges);
        }
        Ok(())
    }
}

fn past(day: NaiveDate, today: NaiveDate) -> Result<(), PlacementRefused> {
    if day <= today {
        Ok(())
    } else {
        Err(PlacementRefused::NotYet { today })
    }
}

/// Whether a price that becomes `new` takes an approver: it rises, and lies above the framework's threshold.
pub fn takes_approver(old: Money, new: Money, threshold: Option<Money>) -> Option<PlacementRefused> {
    threshold
        .filter(|threshold| new > old && new > *threshold)
        .map(|threshold| PlacementRefused::ApprovalMissing { threshold })
}

#[cfg(test)]
mod tests;

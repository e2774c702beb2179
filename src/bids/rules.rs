//! The rules of bids: states, transitions, eligibility, refusals. Pure: no database, no clock, no web.

use crate::clock::Instant;
use crate::codes;
use crate::error::{FieldErrors, refusals};
use crate::ids::{BidId, CriterionId, HomeId, OrganisationId, PersonId, PlacementRequestId};
use crate::values::{CostLine, DeclineReason, Money, PriceLines};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

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
        DeadlinePassed { closed_at: Instant } => (conflict, "bid.deadline_passed", "Bids closed at {closed_at}."),
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
        AnswersMissing => (unprocessable, "bid.answers_missing", "Every criterion needs an answer, and the bid needs a matching statement."),
        /// The invite rule is `matching_first`: only homes that fit may bid.
        HomeDoesNotFit { why: String } => (conflict, "bid.home_does_not_fit", "The home does not fit this request: {why}"),
        /// The home is closed, or not of the provider's active homes.
        HomeNotActive => (conflict, "bid.home_not_active", "The home is not active, so no bid can be made for it."),
        /// The home's grade is worse than the framework's gateway allows.
        OverGateway { grade: String } => (conflict, "bid.over_gateway", "The home's grade ({grade}) is below what this framework allows."),
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
        TooEarly { closes_at: Instant } => (conflict, "opening.too_early", "Bids can be opened from {closes_at}, when bidding closes."),
        /// Opening happens once.
        AlreadyOpened => (conflict, "opening.already_opened", "The bids are already open."),
        /// The request is a draft, or was withdrawn.
        NotOpen => (conflict, "opening.request_not_open", "This placement request has no bids to open."),
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

/// A decline in place of a bid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decline {
    /// Its id.
    pub id: crate::ids::DeclineId,
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

/// The longest answer to a criterion, in characters.
pub const ANSWER_MAX: u64 = 10_000;
/// The longest matching statement, in characters.
pub const STATEMENT_MAX: u64 = 20_000;

/// An answer to one criterion of the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The criterion.
    pub criterion_id: CriterionId,
    /// The answer, at most 10,000 characters.
    #[validate(length(max = "ANSWER_MAX"))]
    #[schema(example = "Two therapists work in the home; each child has a keyworker of its own.")]
    pub text: String,
}

/// A new bid. Everything but the home is sealed from the moment it is saved.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBid {
    /// The home it offers: one of the provider's own.
    pub home_id: HomeId,
    /// From when the child could live there.
    pub starts_on: NaiveDate,
    /// The weekly price in its four lines.
    pub price: PriceLines,
    /// An answer to each criterion; a draft may still lack some.
    #[serde(default)]
    #[validate(length(max = 50), nested)]
    pub answers: Vec<Answer>,
    /// How the home meets this child's needs, and what it means for the children living there; at most 20,000 characters.
    #[serde(default)]
    #[validate(length(max = "STATEMENT_MAX"))]
    #[schema(example = "The three young people living here have been asked and would welcome her.")]
    pub matching_statement: String,
}

impl NewBid {
    /// The home, and what is sealed.
    pub fn split(self) -> (HomeId, Terms) {
        let Self {
            home_id,
            starts_on,
            price,
            answers,
            matching_statement,
        } = self;
        (
            home_id,
            Terms {
                starts_on,
                price,
                answers,
                matching_statement,
            },
        )
    }
}

/// What a bid says: all of it is sealed until the opening.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// From when the child could live there.
    pub starts_on: NaiveDate,
    /// The weekly price in its four lines.
    pub price: PriceLines,
    /// An answer to each criterion; a draft may still lack some.
    #[serde(default)]
    #[validate(length(max = 50), nested)]
    pub answers: Vec<Answer>,
    /// How the home meets this child's needs, and what it means for the children living there; at most 20,000 characters.
    #[serde(default)]
    #[validate(length(max = "STATEMENT_MAX"))]
    #[schema(example = "The three young people living here have been asked and would welcome her.")]
    pub matching_statement: String,
}

/// A weekly total beyond what an amount can be is a wrong price.
pub fn total(price: &PriceLines) -> Result<Money, FieldErrors> {
    let total = price.total();
    if total <= Money::MAX {
        return Ok(total);
    }
    let mut wrong = FieldErrors::new();
    wrong.add(
        "price",
        "too_large",
        format!("must be at most {} a week in its four lines", Money::MAX.pounds()),
    );
    Err(wrong)
}

/// The answers in the order of the criteria. An answer to no criterion of the request, or a second one to the same, is a wrong
/// field.
pub fn in_order(answers: Vec<Answer>, criteria: &[CriterionId]) -> Result<Vec<Answer>, FieldErrors> {
    let mut wrong = FieldErrors::new();
    let mut places: Vec<Option<Answer>> = vec![None; criteria.len()];
    for (n, answer) in answers.into_iter().enumerate() {
        let field = format!("answers[{n}].criterion_id");
        match criteria
            .iter()
            .position(|&criterion| criterion == answer.criterion_id)
            .map(|at| &mut places[at])
        {
            None => wrong.add(field, "unknown_criterion", "must be a criterion of this request"),
            Some(Some(_)) => wrong.add(field, "duplicate", "must be answered once"),
            Some(place) => *place = Some(answer),
        }
    }
    if wrong.is_empty() {
        Ok(places.into_iter().flatten().collect())
    } else {
        Err(wrong)
    }
}

/// Names what a bid still lacks before it can be submitted: answers, and the matching statement.
pub fn missing(answers: &[Answer], matching_statement: &str, criteria: &[(CriterionId, &str)]) -> FieldErrors {
    let mut missing = FieldErrors::new();
    for (n, (criterion, title)) in criteria.iter().enumerate() {
        let answered = answers
            .iter()
            .any(|answer| answer.criterion_id == *criterion && !answer.text.trim().is_empty());
        if !answered {
            missing.add(
                format!("answers[{n}].text"),
                "required",
                format!("must answer “{title}”"),
            );
        }
    }
    if matching_statement.trim().is_empty() {
        missing.add(
            "matching_statement",
            "required",
            "must say how the home meets this child's needs",
        );
    }
    missing
}

/// What the authority should notice about a bid: recorded in its sealed content when it is submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Remark {
    /// What it is about, by code: `over_ceiling.core`, or a reason of the matching.
    #[schema(example = "over_ceiling.core")]
    pub code: String,
    /// In words.
    #[schema(example = "Core: £5,200.00 a week is over the lot's ceiling of £5,000.00.")]
    pub text: String,
}

/// A price, or one line of it, that is over the lot's ceiling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OverCeiling {
    /// The line; none for the four together.
    pub line: Option<CostLine>,
    /// What the bid asks a week.
    pub price: Money,
    /// What the lot allows a week.
    pub ceiling: Money,
}

impl OverCeiling {
    fn name(self) -> &'static str {
        match self.line {
            None => "The weekly total",
            Some(CostLine::Core) => "Core",
            Some(CostLine::AdditionalSupport) => "Additional support",
            Some(CostLine::Education) => "Education",
            Some(CostLine::Other) => "Other",
        }
    }

    /// The field of the body that it is about.
    pub fn field(self) -> String {
        self.line
            .map_or_else(|| "price".to_owned(), |line| format!("price.{line}"))
    }

    /// As the refusal of a framework that blocks.
    pub fn refusal(self) -> BidRefused {
        BidRefused::OverCeiling {
            line: self.name(),
            price: self.price.pounds(),
            ceiling: self.ceiling.pounds(),
        }
    }

    /// As the remark of a framework that warns.
    pub fn remark(self) -> Remark {
        let what = self.line.map_or("weekly_total", CostLine::code);
        Remark {
            code: format!("over_ceiling.{what}"),
            text: self.refusal().to_string(),
        }
    }
}

/// What is true of a provider and a home, at one moment, for a bid on a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Eligibility {
    /// The provider is admitted to the lot and not suspended.
    pub admitted: bool,
    /// The provider has accepted the contract version in force.
    pub contract_accepted: bool,
    /// The home is active.
    pub home_active: bool,
    /// The home's grade, in words, when it is worse than the gateway allows.
    pub below_gateway: Option<String>,
    /// The home has a free place for the placement.
    pub free_place: bool,
    /// Every other reason why the home does not fit.
    pub misfits: Vec<Remark>,
    /// Whether the framework lets homes bid that do not fit.
    pub misfits_may_bid: bool,
}

impl Eligibility {
    /// What bars the bid whoever asks and whenever: standing, gateway, the home itself.
    fn standing(&self) -> Result<(), BidRefused> {
        if !self.admitted {
            return Err(BidRefused::NotAdmitted);
        }
        if !self.contract_accepted {
            return Err(BidRefused::ContractNotAccepted);
        }
        if !self.home_active {
            return Err(BidRefused::HomeNotActive);
        }
        match &self.below_gateway {
            Some(grade) => Err(BidRefused::OverGateway { grade: grade.clone() }),
            None => Ok(()),
        }
    }

    /// May the bid be submitted? Answers what the authority should notice about the home.
    pub fn at_submission(&self) -> Result<Vec<Remark>, BidRefused> {
        self.standing()?;
        if !self.misfits_may_bid && !self.misfits.is_empty() {
            let why: Vec<&str> = self.misfits.iter().map(|misfit| misfit.text.as_str()).collect();
            return Err(BidRefused::HomeDoesNotFit { why: why.join(" ") });
        }
        if !self.free_place {
            return Err(BidRefused::NoFreePlace);
        }
        Ok(self.misfits.clone())
    }

    /// Is the bid compliant at the opening? The reason why not, in words, else nothing.
    ///
    /// A place that has gone meanwhile bars no bid here: it may be free again before the award, which looks once more.
    pub fn at_opening(&self) -> Option<String> {
        self.standing().err().map(|refused| match refused {
            BidRefused::NotAdmitted => "At the opening the provider was not admitted to the lot.".to_owned(),
            BidRefused::ContractNotAccepted => {
                "At the opening the provider had not accepted the contract version in force.".to_owned()
            }
            BidRefused::HomeNotActive => "At the opening the home was not active.".to_owned(),
            other => format!("At the opening: {other}"),
        })
    }
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

    fn criterion(n: u128) -> CriterionId {
        Uuid::from_u128(n).into()
    }

    fn answer(n: u128, text: &str) -> Answer {
        Answer {
            criterion_id: criterion(n),
            text: text.to_owned(),
        }
    }

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

    #[test]
    fn answers_come_in_the_order_of_the_criteria() {
        let criteria = [criterion(1), criterion(2), criterion(3)];
        let ordered = in_order(vec![answer(3, "c"), answer(1, "a")], &criteria).unwrap();
        assert_eq!(ordered, [answer(1, "a"), answer(3, "c")]);
        let wrong = in_order(vec![answer(1, "a"), answer(9, "x"), answer(1, "b")], &criteria).unwrap_err();
        assert!(wrong.names("answers[1].criterion_id") && wrong.names("answers[2].criterion_id"));
        assert_eq!(wrong.iter().count(), 2);
    }

    #[test]
    fn what_is_missing_is_named_all_at_once() {
        let criteria = [(criterion(1), "Needs"), (criterion(2), "Education")];
        assert!(missing(&[answer(1, "a"), answer(2, "b")], "It does.", &criteria).is_empty());
        let lacking = missing(&[answer(1, " \n")], "\t", &criteria);
        let fields: Vec<_> = lacking.iter().map(|error| error.field.as_ref()).collect();
        assert_eq!(fields, ["answers[0].text", "answers[1].text", "matching_statement"]);
    }

    #[test]
    fn four_lines_can_not_pass_what_an_amount_can_be() {
        let price = PriceLines {
            core: Money::MAX,
            ..PriceLines::default()
        };
        assert_eq!(total(&price), Ok(Money::MAX));
        assert!(
            total(&PriceLines {
                other: "0.01".parse().unwrap(),
                ..price
            })
            .unwrap_err()
            .names("price")
        );
    }

    #[test]
    fn a_price_over_the_ceiling_names_its_line() {
        let money = |text: &str| text.parse().unwrap();
        let line = OverCeiling {
            line: Some(CostLine::Core),
            price: money("5200.00"),
            ceiling: money("5000.00"),
        };
        assert_eq!(line.field(), "price.core");
        assert_eq!(line.remark().code, "over_ceiling.core");
        assert_eq!(
            line.remark().text,
            "Core: £5,200.00 a week is over the lot's ceiling of £5,000.00."
        );
        let whole = OverCeiling { line: None, ..line };
        assert_eq!(
            (whole.field().as_str(), whole.remark().code.as_str()),
            ("price", "over_ceiling.weekly_total")
        );
        assert_eq!(whole.refusal().code(), "bid.over_ceiling");
    }

    #[test]
    fn eligibility_at_submission_and_at_opening() {
        let misfit = Remark {
            code: "age.above".into(),
            text: "The child is 14, the home takes 5 to 9.".into(),
        };
        let fine = Eligibility {
            admitted: true,
            contract_accepted: true,
            home_active: true,
            below_gateway: None,
            free_place: true,
            misfits: vec![],
            misfits_may_bid: false,
        };
        let table = [
            (fine.clone(), None, true),
            (
                Eligibility {
                    admitted: false,
                    ..fine.clone()
                },
                Some("bid.not_admitted"),
                false,
            ),
            (
                Eligibility {
                    contract_accepted: false,
                    ..fine.clone()
                },
                Some("bid.contract_not_accepted"),
                false,
            ),
            (
                Eligibility {
                    home_active: false,
                    ..fine.clone()
                },
                Some("bid.home_not_active"),
                false,
            ),
            (
                Eligibility {
                    below_gateway: Some("Inadequate".into()),
                    ..fine.clone()
                },
                Some("bid.over_gateway"),
                false,
            ),
            (
                Eligibility {
                    free_place: false,
                    ..fine.clone()
                },
                Some("bid.no_free_place"),
                true,
            ),
            (
                Eligibility {
                    misfits: vec![misfit.clone()],
                    ..fine.clone()
                },
                Some("bid.home_does_not_fit"),
                true,
            ),
            (
                Eligibility {
                    misfits: vec![misfit.clone()],
                    misfits_may_bid: true,
                    ..fine.clone()
                },
                None,
                true,
            ),
        ];
        for (eligibility, refused, compliant) in table {
            let seen = eligibility.at_submission();
            assert_eq!(seen.as_ref().err().map(BidRefused::code), refused, "{eligibility:?}");
            assert_eq!(eligibility.at_opening().is_none(), compliant, "{eligibility:?}");
        }
        let told = Eligibility {
            misfits: vec![misfit.clone()],
            misfits_may_bid: true,
            ..fine
        };
        assert_eq!(
            told.at_submission(),
            Ok(vec![misfit]),
            "a home that does not fit says so to the authority"
        );
    }
}

//! The request's types, states, transitions and refusals: pure, without a clock.
//!
//! ```text
//! draft → published ── bids_close_at ──→ (closed) → opened → awarded → completed
//!           └ (open)                        │         │
//!   draft, published, opened → withdrawn    └─────────┴→ unfilled
//! ```
//! `open` and `closed` are never stored: bidding is closed when `bids_close_at <= now`.

mod body;
mod drafting;
mod needs;
mod publishing;
#[cfg(test)]
pub mod samples;
mod task;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use super::screening::{Confirmation, Hit, Identified, Identifier};
pub use body::{
    CRITERIA_MAX, Ending, NewAnswer, NewCriterion, NewDeadline, NewOrigin, NewPlacementRequest, NewQuestion, Publishing,
};
pub use needs::{Child, Needs, SuitabilityByType};
pub use publishing::must_be_ready;
pub use task::Task;

use crate::clock::Instant;
use crate::error::refusals;
use crate::ids::{CriterionId, FrameworkId, LotId, OrganisationId, PersonId, PlacementRequestId, QuestionId};
use crate::reference::{Grid, Precision};
use crate::values::{CodeSet, District, NeededBy, codes};

codes! {
    /// What is stored of where a request stands.
    pub enum RequestState {
        Draft("draft", "Draft"),
        Published("published", "Published"),
        Opened("opened", "Bids opened"),
        Awarded("awarded", "Awarded"),
        Completed("completed", "Completed"),
        Withdrawn("withdrawn", "Withdrawn"),
        Unfilled("unfilled", "Unfilled"),
    }

    /// Where a request stands at a moment, as everybody sees it.
    pub enum Phase {
        Draft("draft", "a draft"),
        Open("open", "open for bids"),
        Closed("closed", "closed for bids"),
        Opened("opened", "opened"),
        Awarded("awarded", "awarded"),
        Completed("completed", "completed"),
        Withdrawn("withdrawn", "withdrawn"),
        Unfilled("unfilled", "unfilled"),
    }
}

refusals! {
    /// Why something was not done to a request.
    pub enum RequestRefused {
        /// Only a draft can be written anew or published.
        NotDraft { phase: &'static str } => (conflict, "request.not_draft", "This request is {phase}; only a draft can be changed or published."),
        /// The act wants bidding to be open.
        NotOpen { phase: &'static str } => (conflict, "request.not_open", "This request is {phase}, not open for bids."),
        /// Questions are over.
        QuestionsClosed { closed_at: String } => (conflict, "request.questions_closed", "Questions could be asked until {closed_at}."),
        /// It has ended, or is past the point.
        NotInPhase { phase: &'static str } => (conflict, "request.wrong_phase", "This request is {phase}: that can't be done any more, or not yet."),
        /// A deadline may only be put later.
        DeadlineNotLater { closes_at: String } => (unprocessable, "request.deadline_not_later", "A deadline can only be put later than {closes_at}, never earlier."),
        /// The authority is no member of the framework's cooperative today.
        NotMember => (conflict, "request.authority_not_member", "The authority is not a member of the cooperative that runs this framework."),
        /// The time for bids is shorter than the framework allows for this urgency.
        WindowTooShort { earliest: String } => (unprocessable, "request.window_too_short", "Bids must not close before {earliest}."),
        /// The weights don't add up.
        WeightsNot100 { total: i32 } => (unprocessable, "request.weights_not_100", "The price weight and the weights of the criteria must total 100, not {total}."),
        /// The framework wants the price to weigh otherwise.
        PriceWeightOutsidePolicy { least: i32, most: i32 } => (unprocessable, "request.price_weight_outside_policy", "The framework wants a price weight of {least} to {most}."),
        /// The start is before the bids are in, or before the urgency says.
        StartsTooSoon { first: NaiveDate } => (unprocessable, "request.starts_too_soon", "With this urgency and deadline the placement can't start before {}.", first.format("%-d %B %Y")),
        /// The start is later than the urgency says.
        StartsTooLate { last: NaiveDate, needed_by: &'static str } => (unprocessable, "request.starts_too_late", "A home needed “{needed_by}” is needed by {}.", last.format("%-d %B %Y")),
        /// The needs say that the lot's type of placement does not suit the child.
        LotUnsuitable { placement_type: &'static str } => (unprocessable, "request.lot_unsuitable", "The needs call the lot's type of placement ({placement_type}) unsuitable."),
        /// A risk was passed over.
        RisksUnstated { risks: String } => (unprocessable, "request.risks_unstated", "Say of each risk whether it is known: {risks}."),
        /// Nothing is said in words.
        BriefMissing => (unprocessable, "request.brief_missing", "Say in words what providers should know."),
        /// A text can tell who the child is.
        TextNamesChild { hits: usize } => (unprocessable, "request.text_names_child", "Free text may identify the child in {hits} place(s). Remove each, or confirm it with a reason."),
        /// The question has its answer.
        AlreadyAnswered => (conflict, "question.already_answered", "This question has been answered."),
    }
}

impl RequestRefused {
    /// The codes that publishing may refuse with.
    pub const PUBLISHING: &'static [&'static str] = &[
        "request.not_draft",
        "request.authority_not_member",
        "request.window_too_short",
        "request.weights_not_100",
        "request.price_weight_outside_policy",
        "request.starts_too_soon",
        "request.starts_too_late",
        "request.lot_unsuitable",
        "request.risks_unstated",
        "request.brief_missing",
        "request.text_names_child",
    ];
}

/// A request for a home for one child: a mini-competition among the providers of a lot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacementRequest {
    /// Its id.
    pub id: PlacementRequestId,
    /// How people call it; tells nothing of the child, nor how many requests there are.
    pub reference: String,
    /// The framework called off.
    pub framework_id: FrameworkId,
    /// The lot of it.
    pub lot_id: LotId,
    /// The authority whose request it is.
    pub authority_id: OrganisationId,
    /// Who wrote it first.
    pub created_by: PersonId,
    /// What is stored of where it stands; see [`PlacementRequest::phase`].
    pub state: RequestState,
    /// How soon a home is needed.
    pub needed_by: NeededBy,
    /// The day on which the placement should start.
    pub starts_on: NaiveDate,
    /// When it was published.
    pub published_at: Option<Instant>,
    /// When bids close: at this very instant they are closed.
    pub bids_close_at: Instant,
    /// When questions close.
    pub questions_close_at: Instant,
    /// The weight of the price, in points of 100.
    pub price_weight: i32,
    /// The child, anonymous.
    pub child: Child,
    /// Where the child comes from.
    pub origin: Origin,
    /// How far the home may be, in miles; none for anywhere.
    pub max_distance_miles: Option<i32>,
    /// What the child needs.
    pub needs: Needs,
    /// What providers should know.
    pub brief: String,
    /// The tasks of the draft that somebody has answered: what was offered and nobody looked at is no answer yet.
    pub answered: CodeSet<Task>,
    /// When the bids were opened, and by whom.
    pub opened: Option<(Instant, PersonId)>,
    /// When and why it ended without a placement.
    pub ended: Option<(Instant, String)>,
    /// When it was first written.
    pub created_at: Instant,
    /// Counts its changes.
    pub version: i64,
}

/// Where the child comes from, without the full postcode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The postcode district: all that providers see.
    pub district: District,
    /// The point that distances are measured from: the middle of the postcode's sector. Confidential.
    pub grid: Grid,
    /// What the authority was found by.
    pub precision: Precision,
    /// The GSS code of the authority that it lies in.
    pub local_authority: String,
}

/// What quality is scored by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criterion {
    /// Its id.
    pub id: CriterionId,
    /// What is asked.
    pub title: String,
    /// What a good answer says.
    pub guidance: Option<String>,
    /// Its weight, in points of 100.
    pub weight: i32,
}

/// What of a request nobody but its authority may see; kept encrypted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confidential {
    /// The full postcode of the origin.
    pub postcode: Option<crate::values::Postcode>,
    /// Names that no text may have.
    pub names: Vec<String>,
}

/// A provider's question, and its answer to all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Its id.
    pub id: QuestionId,
    /// The request it is about.
    pub placement_request_id: PlacementRequestId,
    /// Who asked: never shown.
    pub provider_id: OrganisationId,
    /// The question as asked.
    pub text: String,
    /// The question in the words that everybody reads, where the authority had to change them.
    pub shown_as: Option<String>,
    /// When it was asked.
    pub asked_at: Instant,
    /// The answer and when it was given.
    pub answer: Option<(String, Instant)>,
    /// Counts its changes.
    pub version: i64,
}

impl Phase {
    /// Whether homes are judged as they stand today: before the request is published, and as long as they can bid. Later their places
    /// may have gone to other children, or to this very one: then only what stood at publication tells anything.
    pub const fn judges_homes(self) -> bool {
        matches!(self, Self::Draft | Self::Open)
    }
}

impl PlacementRequest {
    /// Where it stands at this moment.
    pub fn phase(&self, now: Instant) -> Phase {
        match self.state {
            RequestState::Draft => Phase::Draft,
            RequestState::Published if now < self.bids_close_at => Phase::Open,
            RequestState::Published => Phase::Closed,
            RequestState::Opened => Phase::Opened,
            RequestState::Awarded => Phase::Awarded,
            RequestState::Completed => Phase::Completed,
            RequestState::Withdrawn => Phase::Withdrawn,
            RequestState::Unfilled => Phase::Unfilled,
        }
    }

    /// Whether questions may be asked at this moment.
    pub fn takes_questions(&self, now: Instant) -> bool {
        self.phase(now) == Phase::Open && now < self.questions_close_at
    }

    /// Whether providers of the lot may know of it: it was published once.
    pub fn is_public(&self) -> bool {
        self.published_at.is_some()
    }

    /// Refuses all but a draft.
    pub fn must_be_draft(&self, now: Instant) -> Result<(), RequestRefused> {
        if self.state == RequestState::Draft {
            Ok(())
        } else {
            Err(RequestRefused::NotDraft {
                phase: self.phase(now).label(),
            })
        }
    }

    /// Refuses unless bidding is open.
    pub fn must_be_open(&self, now: Instant) -> Result<(), RequestRefused> {
        if self.phase(now) == Phase::Open {
            Ok(())
        } else {
            Err(RequestRefused::NotOpen {
                phase: self.phase(now).label(),
            })
        }
    }

    /// Refuses unless questions are taken.
    pub fn must_take_questions(&self, now: Instant) -> Result<(), RequestRefused> {
        self.must_be_open(now)?;
        if self.takes_questions(now) {
            Ok(())
        } else {
            Err(RequestRefused::QuestionsClosed {
                closed_at: self.questions_close_at.in_uk(),
            })
        }
    }

    /// The draft written anew, by somebody who answered these tasks of it. Its reference and authority stay.
    pub fn revised(
        self,
        new: NewPlacementRequest,
        origin: Origin,
        answering: CodeSet<Task>,
        now: Instant,
    ) -> Result<(Self, Vec<Criterion>), RequestRefused> {
        self.must_be_draft(now)?;
        let (fresh, criteria) = new.draft(self.id, self.authority_id, self.created_by, origin, now);
        Ok((
            Self {
                reference: self.reference,
                answered: self.answered.iter().chain(answering.iter()).collect(),
                created_at: self.created_at,
                version: self.version,
                ..fresh
            },
            criteria,
        ))
    }

    /// Published. What it must be like for that is [`must_be_ready`]'s to say.
    pub fn published(self, now: Instant) -> Result<Self, RequestRefused> {
        self.must_be_draft(now)?;
        Ok(Self {
            state: RequestState::Published,
            published_at: Some(now),
            ..self
        })
    }

    /// Whether questions are taken for as long as bids are.
    pub fn takes_questions_to_the_end(&self) -> bool {
        self.questions_close_at == self.bids_close_at
    }

    /// With later deadlines. Questions that were taken for as long as bids still are, unless another time is given.
    pub fn extended(self, deadline: &NewDeadline, now: Instant) -> Result<Self, RequestRefused> {
        self.must_be_open(now)?;
        let unsaid = if self.takes_questions_to_the_end() {
            deadline.bids_close_at
        } else {
            self.questions_close_at
        };
        let questions_close_at = deadline.questions_close_at.unwrap_or(unsaid);
        if deadline.bids_close_at <= self.bids_close_at {
            return Err(RequestRefused::DeadlineNotLater {
                closes_at: self.bids_close_at.in_uk(),
            });
        }
        if questions_close_at < self.questions_close_at {
            return Err(RequestRefused::DeadlineNotLater {
                closes_at: self.questions_close_at.in_uk(),
            });
        }
        let questions_close_at = questions_close_at.min(deadline.bids_close_at);
        Ok(Self {
            bids_close_at: deadline.bids_close_at,
            questions_close_at,
            ..self
        })
    }

    /// Withdrawn, as long as nothing is awarded.
    pub fn withdrawn(self, reason: String, now: Instant) -> Result<Self, RequestRefused> {
        match self.state {
            RequestState::Draft | RequestState::Published | RequestState::Opened => Ok(Self {
                state: RequestState::Withdrawn,
                ended: Some((now, reason)),
                ..self
            }),
            _ => Err(self.wrong_phase(now)),
        }
    }

    /// Ended without a home, after the deadline.
    pub fn unfilled(self, reason: String, now: Instant) -> Result<Self, RequestRefused> {
        match self.phase(now) {
            Phase::Closed | Phase::Opened => Ok(Self {
                state: RequestState::Unfilled,
                ended: Some((now, reason)),
                ..self
            }),
            _ => Err(self.wrong_phase(now)),
        }
    }

    /// With its bids opened, after the deadline.
    pub fn opened(self, by: PersonId, now: Instant) -> Result<Self, RequestRefused> {
        match self.phase(now) {
            Phase::Closed => Ok(Self {
                state: RequestState::Opened,
                opened: Some((now, by)),
                ..self
            }),
            _ => Err(self.wrong_phase(now)),
        }
    }

    /// Awarded: to a bid that was opened, or directly where there is no competition (any more).
    pub fn awarded(self, now: Instant) -> Result<Self, RequestRefused> {
        match self.state {
            RequestState::Draft | RequestState::Opened | RequestState::Unfilled => Ok(Self {
                state: RequestState::Awarded,
                ..self
            }),
            _ => Err(self.wrong_phase(now)),
        }
    }

    /// Back to where it stood before an award that fell through.
    pub fn without_award(self, now: Instant) -> Result<Self, RequestRefused> {
        if self.state != RequestState::Awarded {
            return Err(self.wrong_phase(now));
        }
        let state = if self.ended.is_some() {
            RequestState::Unfilled
        } else if self.opened.is_some() {
            RequestState::Opened
        } else {
            RequestState::Draft
        };
        Ok(Self { state, ..self })
    }

    /// Completed: the placement has started.
    pub fn completed(self, now: Instant) -> Result<Self, RequestRefused> {
        match self.state {
            RequestState::Awarded => Ok(Self {
                state: RequestState::Completed,
                ..self
            }),
            _ => Err(self.wrong_phase(now)),
        }
    }

    fn wrong_phase(&self, now: Instant) -> RequestRefused {
        RequestRefused::NotInPhase {
            phase: self.phase(now).label(),
        }
    }
}

impl Question {
    /// The question as everybody reads it.
    pub fn shown(&self) -> &str {
        self.shown_as.as_deref().unwrap_or(&self.text)
    }
}

#[cfg(test)]
mod tests;

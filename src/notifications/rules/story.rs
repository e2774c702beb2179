//! What a mail may say: references, lots, deadlines, receipts; names of frameworks and homes. There is no place in it for
//! anything that somebody wrote about a child, so no template can tell it.

use chrono::NaiveDate;

use super::notices::Page;
use crate::clock::Instant;
use crate::ids::{
    AdmissionId, ApplicationId, AwardId, BidId, FrameworkId, HomeId, LotId, OrganisationId, PersonId, PlacementId,
    PlacementRequestId,
};
use crate::values::{OfstedGrade, codes};

codes! {
    /// What was decided on an application.
    pub enum Outcome {
        Admitted("admitted", "admitted"),
        Rejected("rejected", "rejected"),
    }
}

/// A lot, and what was decided about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lot {
    /// Its code in the framework.
    pub code: String,
    /// Its title.
    pub title: String,
    /// The decision, in an application that is decided.
    pub outcome: Option<Outcome>,
}

/// What proves which bid was received, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// When it was received.
    pub submitted_at: Instant,
    /// The version received.
    pub version: i64,
    /// SHA-256 of its canonical content, in lower-case hex.
    pub sha256: String,
}

/// One piece of news in a digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What happened.
    pub subject: String,
    /// Where it leads, in full.
    pub link: String,
}

/// All that an event is about, as far as telling of it goes.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// The person it happened to.
    pub person: Option<PersonId>,
    /// Who did it, where they would be among those who are told: they know.
    pub by: Option<PersonId>,
    /// The cooperative whose framework it concerns.
    pub cooperative: Option<OrganisationId>,
    /// The authority whose request it concerns.
    pub authority: Option<OrganisationId>,
    /// The provider it is about: the applicant, the bidder, the winner, the home's.
    pub provider: Option<OrganisationId>,
    /// The name of that provider or of the person's organisation, where it is told.
    pub organisation: Option<String>,
    /// The framework: id, reference, title.
    pub framework: Option<(FrameworkId, String, String)>,
    /// The lots it concerns.
    pub lots: Vec<Lot>,
    /// The application, and when its decision is due.
    pub application: Option<(ApplicationId, Option<NaiveDate>)>,
    /// The admission, and the lot that it is to.
    pub admission: Option<(AdmissionId, LotId)>,
    /// The contract version: number, title, first day in force.
    pub contract: Option<(i32, String, NaiveDate)>,
    /// When the insurance ends.
    pub insurance_ends_on: Option<NaiveDate>,
    /// Whether the insurance had run out before it was renewed.
    pub lapsed: bool,
    /// The home: id and name.
    pub home: Option<(HomeId, String)>,
    /// The inspection: day and grade.
    pub inspection: Option<(NaiveDate, OfstedGrade)>,
    /// When the vacancy was last confirmed.
    pub confirmed_at: Option<Instant>,
    /// The request: id and reference.
    pub request: Option<(PlacementRequestId, String)>,
    /// When bids close, while that is ahead or just past.
    pub bids_close_at: Option<Instant>,
    /// The bid.
    pub bid: Option<BidId>,
    /// Its receipt.
    pub receipt: Option<Receipt>,
    /// The award.
    pub award: Option<AwardId>,
    /// Whether the award has a standstill.
    pub stands_still: bool,
    /// When its standstill ends, while that is ahead.
    pub standstill_ends_at: Option<Instant>,
    /// Whether its provider was told of it before.
    pub announced: bool,
    /// Whether an approval of it was waited for.
    pub waited_for_approval: bool,
    /// Whether the request's bids are opened and none is awarded.
    pub undecided: bool,
    /// When something is due.
    pub due_on: Option<NaiveDate>,
    /// The placement.
    pub placement: Option<PlacementId>,
    /// The day of a digest.
    pub day: Option<NaiveDate>,
    /// What a digest tells.
    pub items: Vec<Item>,
}

impl Facts {
    /// Where a page is, below the program's address. A one-time link ends in `token`.
    pub fn path(&self, page: Page, token: &str) -> String {
        match page {
            Page::Join => format!("join/{token}"),
            Page::Reset => format!("reset/{token}"),
            Page::Account => "me".to_owned(),
            Page::Privacy => "privacy".to_owned(),
            Page::Admissions => "admissions".to_owned(),
            Page::Notifications => "notifications".to_owned(),
            Page::Framework => place("frameworks", self.framework.as_ref().map(|(id, ..)| id)),
            Page::Application => place("applications", self.application.as_ref().map(|(id, _)| id)),
            Page::Admission => place("admissions", self.admission.as_ref().map(|(id, _)| id)),
            Page::Home => place("homes", self.home.as_ref().map(|(id, _)| id)),
            Page::Request => place("placement-requests", self.request.as_ref().map(|(id, _)| id)),
            Page::Bid => place("bids", self.bid.as_ref()),
            Page::Award => place("awards", self.award.as_ref()),
            Page::Letters => format!("{}/letters", place("awards", self.award.as_ref())),
            Page::Placement => place("placements", self.placement.as_ref()),
        }
    }
}

fn place(resource: &str, id: Option<&impl ToString>) -> String {
    id.map_or_else(|| resource.to_owned(), |id| format!("{resource}/{}", id.to_string()))
}

/// One fact as a mail lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it is.
    pub label: &'static str,
    /// What is so.
    pub value: String,
}

/// What the templates see of it all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// The name of the thing in one word: the request's reference, the framework's, the home's or provider's name.
    pub reference: String,
    /// The home's name, where it is not the reference: of a bid.
    pub home: Option<String>,
    /// What was decided, where something was.
    pub outcome: &'static str,
    /// The facts, in the order in which they are read.
    pub lines: Vec<Line>,
    /// The news of a digest.
    pub items: Vec<Item>,
}

/// Makes of the facts what the templates see.
pub fn story(facts: &Facts) -> Story {
    Story {
        reference: reference(facts),
        home: facts.bid.and(facts.home.as_ref()).map(|(_, name)| name.clone()),
        outcome: outcome(&facts.lots),
        lines: lines(facts),
        items: facts.items.clone(),
    }
}

fn reference(facts: &Facts) -> String {
    let request = facts.request.as_ref().map(|(_, reference)| reference.clone());
    let framework = || facts.framework.as_ref().map(|(_, reference, _)| reference.clone());
    let home = || facts.home.as_ref().map(|(_, name)| name.clone());
    let day = || facts.day.map(in_words);
    let named = request
        .or_else(framework)
        .or_else(home)
        .or_else(|| facts.organisation.clone())
        .or_else(day);
    named.unwrap_or_else(|| "Hearth".to_owned())
}

fn outcome(lots: &[Lot]) -> &'static str {
    let any = |outcome| lots.iter().any(|lot| lot.outcome == Some(outcome));
    match (any(Outcome::Admitted), any(Outcome::Rejected)) {
        (true, false) => "admitted",
        (false, true) => "rejected",
        (true, true) => "admitted to some lots, rejected for others",
        (false, false) => "not decided",
    }
}

fn lines(facts: &Facts) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut add = |label, value: Option<String>| lines.extend(value.map(|value| Line { label, value }));
    add(
        "Request",
        facts.request.as_ref().map(|(_, reference)| reference.clone()),
    );
    add("Organisation", facts.organisation.clone());
    add(
        "Framework",
        facts
            .framework
            .as_ref()
            .map(|(_, reference, title)| format!("{reference}, {title}")),
    );
    for lot in &facts.lots {
        let outcome = lot.outcome.map(|outcome| format!(": {outcome}")).unwrap_or_default();
        add("Lot", Some(format!("{}, {}{outcome}", lot.code, lot.title)));
    }
    add(
        "Decision due by",
        facts.application.as_ref().and_then(|(_, due)| due.map(in_words)),
    );
    if let Some((number, title, effective_on)) = &facts.contract {
        add("Contract version", Some(format!("{number}, {title}")));
        add("In force from", Some(in_words(*effective_on)));
    }
    add("Insurance ends on", facts.insurance_ends_on.map(in_words));
    add("Home", facts.home.as_ref().map(|(_, name)| name.clone()));
    if let Some((on, grade)) = facts.inspection {
        add("Inspected on", Some(in_words(on)));
        add("Grade", Some(grade.label().to_owned()));
    }
    add("Last confirmed", facts.confirmed_at.map(Instant::in_uk));
    add("Bids close", facts.bids_close_at.map(Instant::in_uk));
    if let Some(receipt) = &facts.receipt {
        add("Received at", Some(receipt.submitted_at.to_string()));
        add("Version", Some(receipt.version.to_string()));
        add("SHA-256", Some(receipt.sha256.clone()));
    }
    add("Standstill ends", facts.standstill_ends_at.map(Instant::in_uk));
    add("Due by", facts.due_on.map(in_words));
    lines
}

/// A day as people say it: `4 March 2026`.
fn in_words(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

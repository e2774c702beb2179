//! Placement requests, as their authority and the cooperative see them: the course of each competition, and what comes next.

use super::{Listed, RequestFilter, lot_choices};
use crate::access::{Actor, Permission, may};
use crate::accounts;
use crate::awards;
use crate::awards::rules::{AwardRefused, AwardStatus};
use crate::awards::store::AwardLine;
use crate::bids;
use crate::db::Tx;
use crate::error::Result;
use crate::evaluation;
use crate::evaluation::actions::Progress;
use crate::frameworks;
use crate::frameworks::store::FrameworkFilter;
use crate::ids::{FrameworkId, PlacementRequestId};
use crate::matching;
use crate::placement_requests::actions::{scope_of, seen_by};
use crate::placement_requests::api::{RequestSummary, RequestView};
use crate::placement_requests::rules::Phase;
use crate::placement_requests::store::{self, Narrowed, RequestOrder};
use crate::placement_requests::{ConfidentialKey, PlacementRequest};
use crate::placements::{self, Placement};
use crate::values::NeededBy;
use crate::web::pages::{Choice, Desk, Html, Narrowing, Tag, capital, csv, filters};
use crate::web::{Answer, Items, Page};
use askama::Template;
use std::collections::HashMap;

#[derive(Template)]
#[template(path = "dashboard/requests/authority_list.html")]
struct ListPage {
    may_write: bool,
    own: bool,
    all: bool,
    narrowing: Narrowing,
    requests: Vec<RequestSummary>,
    bids: HashMap<PlacementRequestId, usize>,
}

impl ListPage {
    fn bids(&self, request: &RequestSummary) -> usize {
        self.bids.get(&request.id).copied().unwrap_or_default()
    }

    fn tag(request: &RequestSummary) -> Tag {
        tag(request.status)
    }
}

/// How a phase is shown.
pub(in crate::dashboard) fn tag(phase: Phase) -> Tag {
    let colour = match phase {
        Phase::Draft | Phase::Withdrawn | Phase::Unfilled => "grey",
        Phase::Open => "",
        Phase::Closed => "yellow",
        Phase::Opened => "purple",
        Phase::Awarded | Phase::Completed => "green",
    };
    Tag::new(colour, phase.label())
}

fn narrowed(filter: &RequestFilter) -> Narrowed {
    Narrowed {
        phase: filter.status.and_then(Listed::phase),
        framework: None,
        lot: filter.lot_id,
        authority: filter.authority_id,
        reference: filter.reference.clone(),
        needed_by: filter.needed_by,
        with_bids: filter.bids,
        sort: filter.sort,
    }
}

/// The lots of the frameworks that the asker may know of.
fn lots(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<Choice>> {
    let scope = frameworks::store::Scope::of(tx, actor)?;
    let known = frameworks::store::frameworks_page(tx, &scope, &FrameworkFilter::default(), &Page::whole())?.items;
    let ids: Vec<FrameworkId> = known.iter().map(|framework| framework.id).collect();
    let lots = frameworks::store::lots_of(tx, &ids)?;
    lot_choices(tx, &lots)
}

fn found(tx: &mut Tx<'_>, actor: &Actor, filter: &RequestFilter, page: &Page) -> Result<Items<RequestSummary>> {
    let Items { items, next } = store::requests_page(tx, scope_of(actor), &narrowed(filter), page)?;
    let items = RequestSummary::all(tx, items)?;
    Ok(Items { items, next })
}

/// The list.
pub(super) fn list(tx: &mut Tx<'_>, desk: &Desk<Actor>, filter: &RequestFilter, page: &Page) -> Result<Html> {
    let Items { items, next } = found(tx, desk, filter, page)?;
    let ids: Vec<PlacementRequestId> = items.iter().map(|request| request.id).collect();
    let counts = bids::store::submitted_counts(tx, &ids)?;
    let phases = Phase::ALL
        .iter()
        .map(|phase| Choice::new(phase, capital(phase.label())));
    let everything = Narrowed {
        sort: filter.sort,
        ..Narrowed::default()
    };
    let urgencies = NeededBy::ALL.iter().map(|one| Choice::new(one, one.in_words()));
    let bids = vec![Choice::new("true", "With a bid"), Choice::new("false", "Without a bid")];
    let mut narrowing = desk
        .narrowing()
        .search("reference", "Reference")
        .select("status", "State", phases.collect())
        .otherwise("Anywhere");
    if let store::Scope::Cooperative(cooperative) = scope_of(desk) {
        let members = accounts::store::members_of(tx, cooperative, tx.now.date_in_uk())?;
        let choices = members.into_iter().map(|one| Choice::new(one.id, one.name));
        narrowing = narrowing.select("authority_id", "Authority", choices.collect());
    }
    let page = ListPage {
        may_write: may(desk.role, Permission::WriteRequests),
        own: matches!(scope_of(desk), store::Scope::Authority(_)),
        all: narrowed(filter) == everything && page.after.is_none(),
        narrowing: narrowing
            .select("lot_id", "Lot", lots(tx, desk)?)
            .select("needed_by", "Needed", urgencies.collect())
            .otherwise("Whenever")
            .select("bids", "Bids", bids)
            .otherwise("With or without")
            .sorted_by(RequestOrder::Newest)
            .next(next),
        bids: counts,
        requests: items,
    };
    Ok(Html::of("Placement requests", &page)?.wide())
}

/// The list, to take away.
pub(super) fn table(tx: &mut Tx<'_>, desk: &Desk<Actor>, filter: &RequestFilter) -> Result<Answer> {
    let all = Page::whole();
    let requests = found(tx, desk, filter, &all)?.items;
    let ids: Vec<PlacementRequestId> = requests.iter().map(|request| request.id).collect();
    let counts = bids::store::submitted_counts(tx, &ids)?;
    let rows = requests.into_iter().map(|request| {
        let bids = counts.get(&request.id).copied().unwrap_or_default();
        let limit = request.max_distance_miles;
        vec![
            request.reference,
            capital(request.status.label()),
            request.authority_name,
            request.framework_reference,
            request.lot_code,
            request.placement_type.label().to_owned(),
            request.needed_by.in_words().to_owned(),
            request.starts_on.to_string(),
            request.published_at.map(|at| at.to_string()).unwrap_or_default(),
            request.bids_close_at.to_string(),
            request.child.age.to_string(),
            request.child.sex.map_or("any", |sex| sex.label()).to_owned(),
            request.origin_district.to_string(),
            limit.map_or_else(|| "anywhere".to_owned(), |miles| miles.to_string()),
            bids.to_string(),
        ]
    });
    let head = [
        "Reference",
        "State",
        "Authority",
        "Framework",
        "Lot",
        "Placement type",
        "Needed",
        "Starts on",
        "Published at",
        "Bids close at",
        "Age",
        "Sex",
        "District",
        "Within miles",
        "Bids",
    ];
    csv("placement-requests.csv", &head, rows)
}

/// What a step asks for.
#[derive(Debug)]
struct Next {
    text: String,
    path: String,
    label: &'static str,
}

/// What its own authority sees beside the request.
#[derive(Debug, Default)]
struct Course {
    invited: usize,
    looked: usize,
    bids: i64,
    declines: usize,
    waiting: usize,
    evaluation: Progress,
    award: Option<(AwardLine, AwardStatus)>,
    /// Why the award could not be confirmed as things stand.
    hindrance: Option<AwardRefused>,
    placements: Vec<Placement>,
}

impl Course {
    /// The award that stands, if one does.
    fn live_award(&self) -> Option<&(AwardLine, AwardStatus)> {
        self.award.as_ref().filter(|(award, _)| award.state.is_live())
    }
}

#[derive(Template)]
#[template(path = "dashboard/requests/authority_request.html")]
struct RequestPage {
    request: RequestView,
    /// For the answers that are shown: nothing is changed from here.
    may_change: bool,
    may_write: bool,
    course: Option<Course>,
    next: Option<Next>,
}

impl RequestPage {
    fn tag(&self) -> Tag {
        tag(self.request.status)
    }

    /// Whether it may still be withdrawn, unless an award stands against it.
    fn can_be_withdrawn(&self) -> bool {
        matches!(
            self.request.status,
            Phase::Draft | Phase::Open | Phase::Closed | Phase::Opened
        )
    }
}

fn course(tx: &mut Tx<'_>, request: &PlacementRequest, view: &RequestView) -> Result<Course> {
    let all = Page::whole();
    let invitations = matching::store::invitations(tx, request.id)?;
    let mut evaluations = evaluation::actions::progress(tx, &[request])?;
    let now = tx.now;
    let scope = awards::store::Scope::Authority(request.authority_id);
    let narrowed = awards::store::Narrowed {
        request: Some(request.id),
        ..Default::default()
    };
    let awards = awards::store::list(tx, scope, &narrowed, &all)?;
    // The newest first: an earlier one has come to nothing.
    let award = awards.items.into_iter().next();
    let whole = award
        .as_ref()
        .map(|line| awards::store::award(tx, line.id))
        .transpose()?;
    let hindrance = whole.flatten().map(|award| awards::actions::hindrance(tx, &award));
    let hindrance = hindrance.transpose()?.flatten();
    Ok(Course {
        invited: invitations.len(),
        looked: invitations.iter().filter(|one| one.first_looked.is_some()).count(),
        bids: bids::store::submitted_count(tx, request.id)?,
        declines: bids::store::declines(tx, request.id, &all)?.len(),
        waiting: view
            .questions
            .iter()
            .filter(|question| question.answer.is_none())
            .count(),
        evaluation: evaluations.remove(&request.id).unwrap_or_default(),
        award: award.map(|line| {
            let status = line.state.at(line.standstill_ends_at, now);
            (line, status)
        }),
        hindrance,
        placements: placements::store::placements_of_request(tx, request.id)?,
    })
}

/// What is to be done next about a request of one's own.
fn next(request: &RequestView, course: &Course) -> Option<Next> {
    let below = |part: &str| format!("/placement-requests/{}/{part}", request.id);
    let next = |text: &str, path: String, label| {
        Some(Next {
            text: text.to_owned(),
            path,
            label,
        })
    };
    // A request stays where it was until its award is confirmed.
    if let Some((award, status)) = course.live_award()
        && request.status != Phase::Completed
    {
        let text = match status {
            AwardStatus::ApprovalPending | AwardStatus::StandingStill | AwardStatus::Approved
                if course.hindrance.is_some() =>
            {
                "As things stand the award can’t be confirmed. Read why, and what can be done."
            }
            AwardStatus::ApprovalPending => "The award waits for approval.",
            AwardStatus::StandingStill => "The award stands still, so that other bidders can object.",
            AwardStatus::Approved => "The award is approved. Confirm it, which takes the place.",
            AwardStatus::Confirmed => "The award is confirmed and waits for the provider.",
            _ => "See how the award stands.",
        };
        return next(text, format!("/awards/{}", award.id), "Go to the award");
    }
    match request.status {
        Phase::Draft => next(
            "Finish the tasks, check everything, and publish.",
            below("draft"),
            "Go on with the draft",
        ),
        Phase::Open if course.waiting > 0 => next(
            "Questions wait for an answer. Everybody invited reads it.",
            below("questions"),
            "Answer the questions",
        ),
        Phase::Open => next(
            "Bids are taken. They stay sealed until bidding has closed and you open them.",
            below("invitations"),
            "See who has looked",
        ),
        Phase::Closed => next(
            "Bidding is closed. Open the bids: all of them, in one act.",
            below("open"),
            "Open the bids",
        ),
        Phase::Opened if course.evaluation.bids == 0 => next(
            "No bid takes part. End the request without a home, extend your search with a new one, or award directly.",
            below("unfilled"),
            "End without a home",
        ),
        Phase::Opened if course.evaluation.waits_for_moderation() => next(
            "Every bid is scored, by more than one evaluator. Agree on the scores that count.",
            below("scores"),
            "Moderate the scores",
        ),
        Phase::Opened if course.evaluation.unsettled > 0 => next(
            "Score the bids: each criterion of each bid needs a score that counts.",
            below("scores"),
            "Score the bids",
        ),
        Phase::Opened => next(
            "Every bid is scored. Read the ranking sheet, then propose the award.",
            below("award"),
            "Propose the award",
        ),
        Phase::Unfilled => next(
            "It ended without a home. You can still award one directly, without competition.",
            format!("/direct-awards/new?placement_request_id={}", request.id),
            "Award directly",
        ),
        Phase::Awarded | Phase::Completed | Phase::Withdrawn => None,
    }
}

/// One request.
pub(super) fn show(tx: &mut Tx<'_>, desk: &Desk<Actor>, key: &ConfidentialKey, id: PlacementRequestId) -> Result<Html> {
    let request = seen_by(tx, desk, id)?;
    let view = RequestView::of(tx, desk, key, request.clone())?;
    let own = request.authority_id == desk.organisation_id;
    let course = if own { Some(course(tx, &request, &view)?) } else { None };
    let may_write = own && may(desk.role, Permission::WriteRequests);
    let next = course
        .as_ref()
        .filter(|_| may_write)
        .and_then(|course| next(&view, course));
    let page = RequestPage {
        request: view,
        may_change: false,
        may_write,
        course,
        next,
    };
    Html::of(page.request.reference.clone(), &page)
}

#[cfg(test)]
mod tests;

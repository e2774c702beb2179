//! What needs a commissioner today: the authority's competitions by stage, with what is due.

use crate::access::{Actor, Anyone};
use crate::awards::actions::hindrances;
use crate::awards::rules::{AwardRefused, AwardStatus};
use crate::awards::store::{self as awards, AwardLine, DueNarrowed};
use crate::awards::views::DueItemView;
use crate::bids;
use crate::db::Tx;
use crate::error::Result;
use crate::evaluation;
use crate::evaluation::actions::Progress;
use crate::ids::PlacementRequestId;
use crate::placement_requests::PlacementRequest;
use crate::placement_requests::rules::Phase;
use crate::placement_requests::store as requests;
use crate::web::Page;
use crate::web::pages::{Desk, Html, filters};
use askama::Template;
use std::collections::{HashMap, HashSet};

/// More competitions at once than any authority runs.
const MOST: i64 = 500;

/// A competition, with what its stage counts.
#[derive(Debug)]
struct Line {
    request: PlacementRequest,
    bids: usize,
    /// Questions that wait for an answer.
    waiting: usize,
    evaluation: Progress,
}

/// An award that has its approvals and is over its standstill.
#[derive(Debug)]
struct ToConfirm {
    award: AwardLine,
    /// Why it can't be confirmed as things stand.
    hindrance: Option<AwardRefused>,
}

#[derive(Template)]
#[template(path = "dashboard/commissioner.html")]
struct HomePage {
    drafts: Vec<Line>,
    open: Vec<Line>,
    to_open: Vec<Line>,
    to_score: Vec<Line>,
    to_award: Vec<Line>,
    to_confirm: Vec<ToConfirm>,
    waiting: Vec<(AwardLine, AwardStatus)>,
    due: Vec<DueItemView>,
}

impl HomePage {
    fn questions(&self) -> Vec<&Line> {
        self.open.iter().filter(|line| line.waiting > 0).collect()
    }

    fn nothing_waits(&self) -> bool {
        self.questions().is_empty()
            && self.to_open.is_empty()
            && self.to_score.is_empty()
            && self.to_award.is_empty()
            && self.to_confirm.is_empty()
            && self.due.is_empty()
    }
}

/// The home page of a commissioner.
pub(super) fn home(tx: &mut Tx<'_>, _: &Desk<Anyone>, actor: &Actor) -> Result<Html> {
    let all = Page {
        limit: MOST,
        after: None,
    };
    let (authority, now) = (actor.organisation_id, tx.now);
    let live = requests::live(tx, authority, MOST)?;
    let ids: Vec<PlacementRequestId> = live.iter().map(|request| request.id).collect();
    let bids = bids::store::submitted_counts(tx, &ids)?;
    let waiting = requests::unanswered(tx, &ids)?;
    let opened: Vec<&PlacementRequest> = live
        .iter()
        .filter(|request| request.phase(now) == Phase::Opened)
        .collect();
    let evaluations = evaluation::actions::progress(tx, &opened)?;

    let mut stages: HashMap<Phase, Vec<Line>> = HashMap::new();
    for request in live {
        let id = request.id;
        let line = Line {
            bids: bids.get(&id).copied().unwrap_or_default(),
            waiting: waiting.get(&id).copied().unwrap_or_default(),
            evaluation: evaluations.get(&id).copied().unwrap_or_default(),
            request,
        };
        stages.entry(line.request.phase(now)).or_default().push(line);
    }
    let mut stage = |phase| stages.remove(&phase).unwrap_or_default();
    let scope = awards::Scope::Authority(authority);
    let mut in_status = |status| {
        let narrowed = awards::Narrowed {
            status: Some(status),
            ..Default::default()
        };
        awards::list(tx, scope, &narrowed, &all).map(|part| part.items)
    };
    let approved = in_status(AwardStatus::Approved)?;
    let mut elsewhere = Vec::new();
    for status in [
        AwardStatus::ApprovalPending,
        AwardStatus::StandingStill,
        AwardStatus::Confirmed,
    ] {
        elsewhere.extend(in_status(status)?.into_iter().map(|line| (line, status)));
    }
    // A request stays opened until its award is confirmed.
    let under_way: HashSet<PlacementRequestId> = approved
        .iter()
        .chain(elsewhere.iter().map(|(line, _)| line))
        .map(|line| line.placement_request_id)
        .collect();
    let (to_score, to_award): (Vec<Line>, Vec<Line>) = stage(Phase::Opened)
        .into_iter()
        .filter(|line| !under_way.contains(&line.request.id))
        .partition(|line| line.evaluation.unsettled > 0);
    let approved_ids: Vec<_> = approved.iter().map(|line| line.id).collect();
    let with_approvals = awards::awards(tx, &approved_ids)?;
    let mut hindrances = hindrances(tx, &with_approvals)?;
    let to_confirm = approved.into_iter().map(|award| ToConfirm {
        hindrance: hindrances.remove(&award.id),
        award,
    });
    let not_done = DueNarrowed {
        done: Some(false),
        ..DueNarrowed::default()
    };
    let due = awards::due_items_of_authority(tx, authority, &not_done, &all)?;
    let today = now.date_in_uk();
    let page = HomePage {
        drafts: stage(Phase::Draft),
        open: stage(Phase::Open),
        to_open: stage(Phase::Closed),
        to_score,
        to_award,
        to_confirm: to_confirm.collect(),
        waiting: elsewhere,
        due: due
            .map(|(item, reference)| DueItemView::of(item, reference, today))
            .items,
    };
    Html::of("Home", &page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::awards::pages::samples;
    use crate::dashboard::pages::samples::CLOSES;
    use crate::evaluation::pages::samples::evaluation;
    use crate::placement_requests::rules::samples as requests;
    use crate::web::pages::assert_shows;

    fn nothing() -> HomePage {
        HomePage {
            drafts: Vec::new(),
            open: Vec::new(),
            to_open: Vec::new(),
            to_score: Vec::new(),
            to_award: Vec::new(),
            to_confirm: Vec::new(),
            waiting: Vec::new(),
            due: Vec::new(),
        }
    }

    fn line(request: PlacementRequest, bids: usize, waiting: usize, unsettled: usize) -> Line {
        Line {
            request,
            bids,
            waiting,
            evaluation: Progress {
                bids,
                unsettled,
                to_moderate: 0,
            },
        }
    }

    fn to_confirm(award: AwardLine, hindrance: Option<AwardRefused>) -> ToConfirm {
        ToConfirm { award, hindrance }
    }

    #[test]
    fn a_quiet_day_says_so() {
        let seen = [
            "Nothing waits for you now.",
            "No competition is open.",
            "New placement request",
        ];
        assert_shows(
            &nothing(),
            &seen,
            &[
                "<table",
                "class=\"tasks\"",
                "With others",
                "<h2>Drafts</h2>",
                "href=\"#",
            ],
        );
    }

    #[test]
    fn what_needs_somebody_stands_first_stage_by_stage() {
        let evaluation = evaluation();
        let award = samples::award(&evaluation, &[]);
        let due = samples::due_item(&award);
        let done = format!(
            "<a href=\"/due-items/{}/done\">Tell the authority of the area: Surrey, for PR-2026-7KQ4MX</a><span>\
             <span class=\"tag yellow\">Due</span> by 26 November 2026",
            due.id
        );
        let ((open, _), (closed, _)) = (requests::published(), requests::published());
        let (unscored, scored, empty) = (requests::opened().0, requests::opened().0, requests::opened().0);
        let task = |id: PlacementRequestId, part: &str, said: &str| {
            format!("<a href=\"/placement-requests/{id}/{part}\">{said}</a>")
        };
        let said = [
            task(open.id, "questions", &format!("Answer questions on {}", open.reference)),
            task(closed.id, "open", &format!("Open the bids on {}", closed.reference)),
            task(
                unscored.id,
                "scores",
                &format!("Score the bids on {}", unscored.reference),
            ),
            task(scored.id, "award", &format!("Award {}", scored.reference)),
            task(empty.id, "unfilled", &format!("Decide on {}", empty.reference)),
            format!(
                "<a href=\"/awards/{}\">Confirm the award of {} to Birch House</a>",
                award.id, evaluation.request.reference
            ),
        ];
        let page = HomePage {
            open: vec![line(open, 2, 1, 0)],
            to_open: vec![line(closed, 1, 0, 0)],
            to_score: vec![line(unscored, 2, 0, 3)],
            to_award: vec![line(scored, 2, 0, 0), line(empty, 0, 0, 0)],
            to_confirm: vec![to_confirm(samples::line(&evaluation, &award), None)],
            due: vec![samples::due(due.clone(), "2026-11-26")],
            ..nothing()
        };
        assert_shows(
            &page,
            &said.each_ref().map(String::as_str),
            &["Nothing waits for you now.", "£"],
        );
        let seen = [
            "<span class=\"tag yellow\">1 question</span>",
            "<span class=\"tag yellow\">1 bid</span> closed on 23 November 2026, 12:00 GMT",
            "<span class=\"tag purple\">3 criteria not settled</span>",
            "<span class=\"tag green\">Scored</span>",
            "<span class=\"tag green\">No bid</span>",
            "<span class=\"tag green\">Approved</span> starts on 26 November 2026",
            &done,
            "<a href=\"#to-score\">To score</a></h2><span class=\"figure\">1</span>",
            "<a href=\"#to-award\">To award</a></h2><span class=\"figure\">2</span>",
            "<a href=\"/awards?status=approved\">To confirm</a></h2><span class=\"figure\">1</span>",
            "<li id=\"to-score\">",
            "<li id=\"to-award\">",
            "<td class=\"number\">2</td><td class=\"number\">1</td></tr>",
            CLOSES,
        ];
        assert_shows(&page, &seen, &["Overdue"]);
        assert_eq!(page.to_string().matches("id=\"to-award\"").count(), 1);
        let late = HomePage {
            due: vec![samples::due(due, "2026-11-27")],
            ..page
        };
        assert_shows(
            &late,
            &["<span class=\"tag red\">Overdue</span> since 26 November 2026"],
            &[">Due<"],
        );
    }

    #[test]
    fn an_award_that_can_not_be_confirmed_says_why_and_asks_nobody_to() {
        let evaluation = evaluation();
        let line = samples::line(&evaluation, &samples::award(&evaluation, &[]));
        let look = format!(
            "<a href=\"/awards/{}\">The award of {} to Birch House can’t be confirmed</a><span><span class=\"tag red\">Not possible</span> \
             The home has no free place any more.",
            line.id, line.reference
        );
        let page = HomePage {
            to_confirm: vec![to_confirm(line, Some(AwardRefused::NoFreePlace))],
            ..nothing()
        };
        assert_shows(&page, &[&look], &["Confirm the award", "Nothing waits for you now."]);
    }

    #[test]
    fn where_evaluators_differ_the_scores_are_moderated() {
        let (request, _) = requests::opened();
        let task = |said: &str| format!("<a href=\"/placement-requests/{}/scores\">{said}</a>", request.id);
        let page = |to_moderate| {
            let mut line = line(request.clone(), 2, 0, 2);
            line.evaluation.to_moderate = to_moderate;
            HomePage {
                to_score: vec![line],
                ..nothing()
            }
        };
        let score = task(&format!("Score the bids on {}", request.reference));
        let moderate = task(&format!("Moderate the scores of {}", request.reference));
        assert_shows(&page(1), &[&score, "2 criteria not settled"], &[&moderate]);
        assert_shows(&page(2), &[&moderate, "2 criteria to moderate"], &[&score]);
    }

    #[test]
    fn what_is_with_others_and_what_is_begun_stands_after() {
        let evaluation = evaluation();
        let award = samples::confirmed(&evaluation);
        let line_of = || samples::line(&evaluation, &award);
        let (draft, _) = requests::draft();
        let begun = format!(
            "<a href=\"/placement-requests/{}/draft\">{}</a><span>Begun on 22 November 2026, 12:00 GMT</span>",
            draft.id, draft.reference
        );
        let page = HomePage {
            waiting: vec![
                (line_of(), AwardStatus::Confirmed),
                (line_of(), AwardStatus::StandingStill),
            ],
            drafts: vec![line(draft, 0, 0, 0)],
            ..nothing()
        };
        let seen = [
            "Birch House, Birch</a><span class=\"tag\">Waiting for the provider</span>",
            "<span class=\"tag\">Standing still</span>",
            &begun,
            "Nothing waits for you now.",
        ];
        assert_shows(&page, &seen, &[]);
    }
}

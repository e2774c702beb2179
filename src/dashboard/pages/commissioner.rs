//! What needs a commissioner today: the authority's competitions by stage, with what is due.

use crate::access::{Actor, Anyone};
use crate::awards::rules::{AwardStatus, DueItem};
use crate::awards::store::{self as awards, AwardLine, DueOrder};
use crate::bids;
use crate::db::Tx;
use crate::error::Result;
use crate::evaluation;
use crate::ids::PlacementRequestId;
use crate::placement_requests::PlacementRequest;
use crate::placement_requests::rules::Phase;
use crate::placement_requests::store as requests;
use crate::web::Page;
use crate::web::pages::{Desk, Html, filters};
use askama::Template;
use chrono::NaiveDate;
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
    /// Criteria that wait for a score.
    unsettled: usize,
}

#[derive(Template)]
#[template(path = "dashboard/commissioner.html")]
struct HomePage {
    today: NaiveDate,
    drafts: Vec<Line>,
    open: Vec<Line>,
    to_open: Vec<Line>,
    to_score: Vec<Line>,
    to_award: Vec<Line>,
    to_confirm: Vec<AwardLine>,
    waiting: Vec<(AwardLine, AwardStatus)>,
    due: Vec<(DueItem, String)>,
}

impl HomePage {
    fn questions(&self) -> Vec<&Line> {
        self.open.iter().filter(|line| line.waiting > 0).collect()
    }

    fn is_overdue(&self, item: &DueItem) -> bool {
        item.is_overdue(self.today)
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
            unsettled: evaluations.get(&id).map_or(0, |progress| progress.unsettled),
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
    let to_confirm = in_status(AwardStatus::Approved)?;
    let mut elsewhere = Vec::new();
    for status in [
        AwardStatus::ApprovalPending,
        AwardStatus::StandingStill,
        AwardStatus::Confirmed,
    ] {
        elsewhere.extend(in_status(status)?.into_iter().map(|line| (line, status)));
    }
    // A request stays opened until its award is confirmed.
    let under_way: HashSet<PlacementRequestId> = to_confirm
        .iter()
        .chain(elsewhere.iter().map(|(line, _)| line))
        .map(|line| line.placement_request_id)
        .collect();
    let (to_score, to_award): (Vec<Line>, Vec<Line>) = stage(Phase::Opened)
        .into_iter()
        .filter(|line| !under_way.contains(&line.request.id))
        .partition(|line| line.unsettled > 0);
    let page = HomePage {
        today: now.date_in_uk(),
        drafts: stage(Phase::Draft),
        open: stage(Phase::Open),
        to_open: stage(Phase::Closed),
        to_score,
        to_award,
        to_confirm,
        waiting: elsewhere,
        due: awards::due_items_of_authority(tx, authority, Some(false), DueOrder::Due, &all)?.items,
    };
    Html::of("Home", &page)
}

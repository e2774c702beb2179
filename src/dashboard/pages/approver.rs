//! What needs an approver today: the awards that wait, why, and what was turned down for them; and what is due.

use crate::access::{Actor, Anyone};
use crate::accounts;
use crate::awards::actions::{Alternative, alternatives};
use crate::awards::rules::{Approval, Award, AwardStatus, FAR_MILES};
use crate::awards::store::{self, AwardLine, DueOrder, Narrowed, Scope};
use crate::awards::views::DueItemView;
use crate::db::Tx;
use crate::error::Result;
use crate::web::Page;
use crate::web::pages::{Desk, Html, filters};
use askama::Template;
use std::collections::HashMap;

/// An award that waits for an approver.
struct Waiting {
    award: Award,
    line: AwardLine,
    proposed_by: String,
    bids: Vec<Alternative>,
}

impl Waiting {
    fn approvals(&self) -> Vec<&Approval> {
        self.award
            .approvals
            .iter()
            .filter(|approval| approval.is_pending())
            .collect()
    }

    fn miles(&self) -> String {
        format!("{:.1} miles", f64::from(self.award.distance) / 100.0)
    }

    fn is_far(&self) -> bool {
        self.award.distance > FAR_MILES * 100
    }
}

#[derive(Template)]
#[template(path = "dashboard/approver.html")]
struct HomePage {
    waiting: Vec<Waiting>,
    more: bool,
    due: Vec<DueItemView>,
}

/// How many of each the page shows.
const SHOWN: i64 = 10;

/// The home page of an approver.
pub(super) fn home(tx: &mut Tx<'_>, _: &Desk<Anyone>, actor: &Actor) -> Result<Html> {
    let page = Page {
        limit: SHOWN,
        after: None,
    };
    let narrowed = Narrowed {
        status: Some(AwardStatus::ApprovalPending),
        ..Narrowed::default()
    };
    let lines = store::list(tx, Scope::Authority(actor.organisation_id), &narrowed, &page)?;
    let ids: Vec<_> = lines.items.iter().map(|line| line.id).collect();
    let awards = store::awards(tx, &ids)?;
    let mut bids = alternatives(tx, &awards)?;
    let proposers: Vec<_> = awards.iter().map(|award| award.proposed_by).collect();
    let people: HashMap<_, _> = accounts::store::contacts(tx, &proposers)?
        .into_iter()
        .map(|contact| (contact.person_id, contact.name.to_string()))
        .collect();
    let mut lines_by_id: HashMap<_, _> = lines.items.into_iter().map(|line| (line.id, line)).collect();
    let waiting = awards.into_iter().filter_map(|award| {
        Some(Waiting {
            line: lines_by_id.remove(&award.id)?,
            proposed_by: people.get(&award.proposed_by).cloned().unwrap_or_default(),
            bids: bids.remove(&award.id).unwrap_or_default(),
            award,
        })
    });
    let today = tx.now.date_in_uk();
    let due = store::due_items_of_authority(tx, actor.organisation_id, Some(false), DueOrder::Due, &page)?
        .items
        .into_iter()
        .map(|(item, reference)| DueItemView::of(item, reference, today));
    let page = HomePage {
        waiting: waiting.collect(),
        more: lines.next.is_some(),
        due: due.collect(),
    };
    Ok(Html::of("Home", &page)?.wide())
}

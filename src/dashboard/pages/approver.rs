//! What needs an approver today: the awards that wait, why, and what was turned down for them; and what is due.

use crate::access::{Actor, Anyone};
use crate::accounts;
use crate::awards::actions::{Alternative, alternatives};
use crate::awards::rules::{Approval, Award, AwardStatus, FAR_MILES};
use crate::awards::store::{self, AwardLine, DueNarrowed, Narrowed, Scope};
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
    let not_done = DueNarrowed {
        done: Some(false),
        ..DueNarrowed::default()
    };
    let due = store::due_items_of_authority(tx, actor.organisation_id, &not_done, &page)?
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::awards::pages::samples;
    use crate::awards::rules::ApprovalKind;
    use crate::evaluation::pages::samples::evaluation;
    use crate::web::pages::assert_shows;

    #[test]
    fn an_award_that_waits_is_read_whole_beside_what_was_turned_down() {
        let evaluation = evaluation();
        let award = samples::award(&evaluation, &[ApprovalKind::AtADistance]);
        let steps = ["approve", "refuse", "letters"].map(|step| format!("href=\"/awards/{}/{step}\"", award.id));
        let due = samples::due_item(&award);
        let done = format!("href=\"/due-items/{}/done\"", due.id);
        let page = HomePage {
            waiting: vec![Waiting {
                line: samples::line(&evaluation, &award),
                proposed_by: "Ada & <Grant>".to_owned(),
                bids: samples::alternatives(&evaluation),
                award,
            }],
            more: true,
            due: vec![samples::due(due, "2026-11-27")],
        };
        let seen = [
            ": Birch House, Birch</h2>",
            "<li>the director of children&#39;s services, because: the home lies at a distance",
            "The &#60;calm&#62; of it &#38; the school.",
            "23.1 miles from where the child comes from, more than the 20 miles that statistics count. Reason: safeguarding concerns.",
            "<dd>£5,200.00 a week from 26 November 2026</dd>",
            "<dd>by Ada &#38; &#60;Grant&#62;, <time",
            "Acorn House</a>, Acorn &#38; &#60;Oak&#62;</th>",
            "<td>Turned down</td>",
            "/awards?status=approval_pending",
            "Tell the authority of the area: Surrey</a> for PR-2026-7KQ4MX, until 26 November 2026",
            "<span class=\"tag red\">Overdue</span>",
            &done,
        ];
        let unseen = [
            "<calm>",
            "<Grant>",
            "<Oak>",
            "No award waits",
            "Nothing is due.",
            "It is alone at the first rank",
        ];
        assert_shows(&page, &seen, &unseen);
        assert_shows(&page, &steps.each_ref().map(String::as_str), &[]);
    }

    #[test]
    fn a_direct_award_near_by_has_nothing_to_compare() {
        let evaluation = evaluation();
        let award = Award {
            bid_id: None,
            reason: None,
            out_of_area_reason: None,
            distance: 500,
            ..samples::award(&evaluation, &[ApprovalKind::DirectAward])
        };
        let page = HomePage {
            waiting: vec![Waiting {
                line: samples::line(&evaluation, &award),
                proposed_by: "Ada Grant".to_owned(),
                bids: Vec::new(),
                award,
            }],
            more: false,
            due: Vec::new(),
        };
        let seen = [
            "because: there was no competition",
            "5.0 miles from where the child comes from.</dd>",
            "Nothing is due.",
        ];
        let unseen = [
            "The bids beside each other",
            "statistics count",
            "Reason:",
            "approval_pending",
        ];
        assert_shows(&page, &seen, &unseen);
        let none = HomePage {
            waiting: Vec::new(),
            ..page
        };
        assert_shows(&none, &["No award waits for an approver."], &["/approve", "/refuse"]);
    }
}

//! One award: everything of it at its stage, for the authority and for the provider.

use super::due_items;
use crate::access::{Actor, Permission, may};
use crate::accounts;
use crate::awards::actions::{self, Alternative};
use crate::awards::letters::cost_lines;
use crate::awards::rules::{Approval, Award, AwardStatus, FAR_MILES};
use crate::awards::store::{self, AwardLine};
use crate::awards::views::DueItemView;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{AwardId, PersonId};
use crate::values::Money;
use crate::web::pages::{Html, PageDoor, filters};
use crate::web::{Id, Reply, Routes};
use askama::Template;
use std::collections::HashMap;

pub(super) fn routes(r: &mut Routes) {
    r.get("/awards/{id}", show).may(Permission::ReadAwards);
}

/// What of an award can be said in words, for either side.
pub(super) struct Told {
    pub(super) award: Award,
    pub(super) line: AwardLine,
    pub(super) status: AwardStatus,
    /// The names of the people who had to do with it.
    people: HashMap<PersonId, String>,
}

impl Told {
    pub(super) fn of(tx: &mut Tx<'_>, award: Award) -> Result<Self> {
        let mut ids = vec![award.proposed_by];
        ids.extend(award.approvals.iter().filter_map(|approval| Some(approval.decided?.0)));
        ids.extend(award.confirmed.map(|confirmed| confirmed.by));
        ids.extend(award.closed.as_ref().map(|closing| closing.by));
        let people = accounts::store::contacts(tx, &ids)?
            .into_iter()
            .map(|contact| (contact.person_id, contact.name.to_string()))
            .collect();
        Ok(Self {
            line: store::line(tx, award.id)?,
            status: award.status(tx.now),
            people,
            award,
        })
    }

    fn lines(&self) -> Vec<(&'static str, Money)> {
        cost_lines(self.award.price)
    }

    fn who(&self, person: &PersonId) -> &str {
        self.people.get(person).map_or("somebody", String::as_str)
    }

    fn miles(&self) -> String {
        format!("{:.1} miles", f64::from(self.award.distance) / 100.0)
    }

    fn is_far(&self) -> bool {
        self.award.distance > FAR_MILES * 100
    }

    /// Whether the authority can still take it back.
    pub(super) fn is_open(&self) -> bool {
        matches!(
            self.status,
            AwardStatus::ApprovalPending | AwardStatus::StandingStill | AwardStatus::Approved
        )
    }

    /// The approvals that are still waited for, each with who gives it.
    fn waits_for(&self) -> Vec<&Approval> {
        self.award
            .approvals
            .iter()
            .filter(|approval| approval.is_pending())
            .collect()
    }
}

#[derive(Template)]
#[template(path = "awards/award.html")]
struct ForAuthority {
    told: Told,
    bids: Vec<Alternative>,
    due: Vec<DueItemView>,
    may_propose: bool,
    may_approve: bool,
}

#[derive(Template)]
#[template(path = "awards/award_for_provider.html")]
struct ForProvider {
    told: Told,
    authority: String,
    may_answer: bool,
}

fn show_to(tx: &mut Tx<'_>, actor: &Actor, id: AwardId) -> Result<Html> {
    let award = actions::seen_by(tx, actor, id)?;
    if actor.organisation_id == award.authority_id {
        let bids = actions::alternatives(tx, std::slice::from_ref(&award))?
            .remove(&id)
            .unwrap_or_default();
        let told = Told::of(tx, award)?;
        let due = due_items::of_award(tx, id, &told.line.reference)?;
        let page = ForAuthority {
            told,
            bids,
            due,
            may_propose: may(actor.role, Permission::ProposeAwards),
            may_approve: may(actor.role, Permission::ApproveAwards),
        };
        return Ok(Html::of("Award", &page)?.wide());
    }
    let authority = accounts::store::organisation(tx, award.authority_id)?.ok_or(Error::NotFound("authority"))?;
    let page = ForProvider {
        told: Told::of(tx, award)?,
        authority: authority.name,
        may_answer: may(actor.role, Permission::AnswerAwards),
    };
    Html::of("Award", &page)
}

async fn show(visit: PageDoor<Actor>, id: Id<AwardId>) -> Reply {
    visit.read(move |tx, desk| show_to(tx, desk, *id)).await
}

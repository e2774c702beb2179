//! What is done to a request once it is written: its deadline put later, or its end without a home.

use super::super::actions::{self, seen_by};
use super::super::confidential::ConfidentialKey;
use super::super::rules::{Ending, NewDeadline, Phase, PlacementRequest};
use crate::access::{AuthorityUser, Permission};
use crate::codes;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::PlacementRequestId;
use crate::web::pages::{Desk, Form, Go, Html, PageDoor, Posted};
use crate::web::{Id, Reply, Routes};
use askama::Template;

pub(super) fn routes(r: &mut Routes) {
    r.get("/placement-requests/{id}/extend", show_extend)
        .may(Permission::WriteRequests);
    r.post("/placement-requests/{id}/extend", extend)
        .may(Permission::WriteRequests);
    r.get("/placement-requests/{id}/withdraw", show_withdraw)
        .may(Permission::WriteRequests);
    r.post("/placement-requests/{id}/withdraw", withdraw)
        .may(Permission::WriteRequests);
    r.get("/placement-requests/{id}/unfilled", show_unfilled)
        .may(Permission::WriteRequests);
    r.post("/placement-requests/{id}/unfilled", unfilled)
        .may(Permission::WriteRequests);
}

codes! {
    /// What is done.
    pub enum Step {
        Extend("extend", "Put the deadline later"),
        Withdraw("withdraw", "Withdraw the request"),
        Unfilled("unfilled", "End it without a home"),
    }
}

impl Step {
    fn fields(self, form: Form) -> Form {
        match self {
            Self::Extend => form
                .moment("bids_close_at", "When bids close from now on")
                .moment("questions_close_at", "Until when questions may be asked")
                .optional()
                .hint("Left empty: as before")
                .area("reason", "Why", 3)
                .hint("Everybody invited reads it.")
                .button("Put the deadline later"),
            Self::Withdraw => form
                .area("reason", "Why", 3)
                .hint("Everybody invited reads it, so it must not tell who the child is.")
                .button("Withdraw this request")
                .warning(),
            Self::Unfilled => form
                .area("reason", "Why", 3)
                .hint("Everybody invited reads it, so it must not tell who the child is.")
                .button("End without a home")
                .warning(),
        }
    }
}

#[derive(Template)]
#[template(path = "placement_requests/step.html")]
struct StepPage {
    step: Step,
    request: PlacementRequest,
    phase: Phase,
    form: Form,
}

fn page(tx: &mut Tx<'_>, desk: &Desk<AuthorityUser>, id: PlacementRequestId, step: Step) -> Result<Html> {
    let request = seen_by(tx, desk, id)?;
    let form = step
        .fields(desk.form(format!("/placement-requests/{id}/{step}")))
        .version(request.version);
    let page = StepPage {
        step,
        form,
        phase: request.phase(tx.now),
        request,
    };
    Html::of(format!("{} – {}", step.label(), page.request.reference), &page)
}

async fn show_extend(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id, Step::Extend)).await
}

async fn show_withdraw(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id, Step::Withdraw)).await
}

async fn show_unfilled(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id, Step::Unfilled)).await
}

async fn extend(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>, posted: Posted) -> Reply {
    let (key, id) = (ConfidentialKey::of(&visit.app.secret), *id);
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let deadline: NewDeadline = Step::Extend.fields(Form::reader()).read(posted)?;
                let request = actions::extend(tx, desk, &key, id, deadline, posted.version())?;
                let said = format!(
                    "Bids now close on {}. Everybody invited is told.",
                    request.bids_close_at.in_uk()
                );
                Ok(Go::to(format!("/placement-requests/{id}")).saying(said))
            },
            move |tx, desk| page(tx, desk, id, Step::Extend),
        )
        .await
}

async fn withdraw(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>, posted: Posted) -> Reply {
    let (key, id) = (ConfidentialKey::of(&visit.app.secret), *id);
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let ending: Ending = Step::Withdraw.fields(Form::reader()).read(posted)?;
                actions::withdraw(tx, desk, &key, id, ending, posted.version())?;
                Ok(Go::to(format!("/placement-requests/{id}")).saying("The request is withdrawn."))
            },
            move |tx, desk| page(tx, desk, id, Step::Withdraw),
        )
        .await
}

async fn unfilled(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>, posted: Posted) -> Reply {
    let (key, id) = (ConfidentialKey::of(&visit.app.secret), *id);
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let ending: Ending = Step::Unfilled.fields(Form::reader()).read(posted)?;
                actions::mark_unfilled(tx, desk, &key, id, ending, posted.version())?;
                Ok(Go::to(format!("/placement-requests/{id}")).saying("The request has ended without a home."))
            },
            move |tx, desk| page(tx, desk, id, Step::Unfilled),
        )
        .await
}

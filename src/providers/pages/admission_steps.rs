//! Suspending, reinstating and ending an admission, each after a page that says what will happen.

use super::admission_tag;
use super::admissions::summary;
use crate::access::{CooperativeUser, Permission, ProviderUser};
use crate::db::Tx;
use crate::error::Result;
use crate::ids::AdmissionId;
use crate::providers::actions;
use crate::providers::api::AdmissionSummary;
use crate::providers::rules::{Because, SuspensionOrder};
use crate::web::pages::{Desk, Form, Go, Html, PageDoor, Posted, Tag};
use crate::web::{Id, Reply, Routes};
use askama::Template;

pub(super) fn routes(r: &mut Routes) {
    r.get("/admissions/{id}/suspend", show_suspend)
        .may(Permission::ManageAdmissions);
    r.post("/admissions/{id}/suspend", suspend)
        .may(Permission::ManageAdmissions);
    r.get("/admissions/{id}/reinstate", show_reinstate)
        .may(Permission::ManageAdmissions);
    r.post("/admissions/{id}/reinstate", reinstate)
        .may(Permission::ManageAdmissions);
    r.get("/admissions/{id}/remove", show_remove)
        .may(Permission::ManageAdmissions);
    r.post("/admissions/{id}/remove", remove)
        .may(Permission::ManageAdmissions);
    r.get("/admissions/{id}/leave", show_leave).may(Permission::LeaveLots);
    r.post("/admissions/{id}/leave", leave).may(Permission::LeaveLots);
}

#[derive(Template)]
#[template(path = "providers/admission_step.html")]
struct StepPage {
    question: &'static str,
    consequences: &'static [&'static str],
    admission: AdmissionSummary,
    tag: Tag,
    form: Form,
}

impl StepPage {
    fn show(
        question: &'static str,
        consequences: &'static [&'static str],
        admission: AdmissionSummary,
        form: Form,
    ) -> Result<Html> {
        let page = Self {
            question,
            consequences,
            tag: admission_tag(&admission),
            form: form.version(admission.version),
            admission,
        };
        Html::of(question, &page)
    }
}

fn go(id: AdmissionId) -> Go {
    Go::to(format!("/admissions/{id}"))
}

fn suspend_form(desk: &Desk<CooperativeUser>, id: AdmissionId) -> Form {
    desk.form(format!("/admissions/{id}/suspend"))
        .area("reason", "Why", 4)
        .hint("The provider reads this")
        .moment("until", "Until when")
        .hint("In force again from then on, by itself. Leave it empty, and it lasts until you reinstate it")
        .optional()
        .button("Suspend this admission")
        .warning()
}

fn suspend_page(tx: &mut Tx<'_>, desk: &Desk<CooperativeUser>, id: AdmissionId) -> Result<Html> {
    let admission = summary(tx, desk, id)?;
    let consequences = &[
        "The provider is not invited and can’t submit bids on this lot until the suspension ends.",
        "Bids that were submitted and placements that were agreed are not touched by it.",
        "The provider is told, with your reason.",
    ];
    StepPage::show(
        "Suspend this admission?",
        consequences,
        admission,
        suspend_form(desk, id),
    )
}

async fn show_suspend(visit: PageDoor<CooperativeUser>, id: Id<AdmissionId>) -> Reply {
    visit.read(move |tx, desk| suspend_page(tx, desk, *id)).await
}

async fn suspend(visit: PageDoor<CooperativeUser>, id: Id<AdmissionId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let order: SuspensionOrder = suspend_form(desk, id).read(posted)?;
                actions::suspend(tx, desk, id, order, posted.version())?;
                Ok(go(id).saying("The admission is suspended."))
            },
            move |tx, desk| suspend_page(tx, desk, id),
        )
        .await
}

fn reinstate_page(tx: &mut Tx<'_>, desk: &Desk<CooperativeUser>, id: AdmissionId) -> Result<Html> {
    let admission = summary(tx, desk, id)?;
    let consequences = &[
        "The provider is invited and can bid on this lot again, as far as its insurance and the contract allow.",
        "The provider is told.",
    ];
    let form = desk
        .form(format!("/admissions/{id}/reinstate"))
        .button("Reinstate this admission");
    StepPage::show("Reinstate this admission?", consequences, admission, form)
}

async fn show_reinstate(visit: PageDoor<CooperativeUser>, id: Id<AdmissionId>) -> Reply {
    visit.read(move |tx, desk| reinstate_page(tx, desk, *id)).await
}

async fn reinstate(visit: PageDoor<CooperativeUser>, id: Id<AdmissionId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                actions::reinstate(tx, desk, id, posted.version())?;
                Ok(go(id).saying("The admission is in force again."))
            },
            move |tx, desk| reinstate_page(tx, desk, id),
        )
        .await
}

fn remove_form(desk: &Desk<CooperativeUser>, id: AdmissionId) -> Form {
    desk.form(format!("/admissions/{id}/remove"))
        .area("reason", "Why", 4)
        .hint("The provider reads this")
        .button("Remove the provider from this lot")
        .warning()
}

fn remove_page(tx: &mut Tx<'_>, desk: &Desk<CooperativeUser>, id: AdmissionId) -> Result<Html> {
    let admission = summary(tx, desk, id)?;
    let consequences = &[
        "The admission ends for good. To come back, the provider applies again.",
        "Placements that were agreed run on.",
        "The provider is told, with your reason.",
    ];
    StepPage::show(
        "Remove this provider from the lot?",
        consequences,
        admission,
        remove_form(desk, id),
    )
}

async fn show_remove(visit: PageDoor<CooperativeUser>, id: Id<AdmissionId>) -> Reply {
    visit.read(move |tx, desk| remove_page(tx, desk, *id)).await
}

async fn remove(visit: PageDoor<CooperativeUser>, id: Id<AdmissionId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let body: Because = remove_form(desk, id).read(posted)?;
                actions::remove(tx, desk, id, body.reason, posted.version())?;
                Ok(go(id).saying("The provider is removed from the lot."))
            },
            move |tx, desk| remove_page(tx, desk, id),
        )
        .await
}

fn leave_page(tx: &mut Tx<'_>, desk: &Desk<ProviderUser>, id: AdmissionId) -> Result<Html> {
    let admission = summary(tx, desk, id)?;
    let consequences = &[
        "You are not invited and can’t bid on this lot any more. To come back, you apply again.",
        "Placements that were agreed run on.",
        "The cooperative is told.",
    ];
    let form = desk
        .form(format!("/admissions/{id}/leave"))
        .button("Leave this lot")
        .warning();
    StepPage::show("Leave this lot?", consequences, admission, form)
}

async fn show_leave(visit: PageDoor<ProviderUser>, id: Id<AdmissionId>) -> Reply {
    visit.read(move |tx, desk| leave_page(tx, desk, *id)).await
}

async fn leave(visit: PageDoor<ProviderUser>, id: Id<AdmissionId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                actions::leave(tx, desk, id, posted.version())?;
                Ok(go(id).saying("You have left the lot."))
            },
            move |tx, desk| leave_page(tx, desk, id),
        )
        .await
}

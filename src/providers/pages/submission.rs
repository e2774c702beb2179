//! Submitting an application, after a look at all that it says; withdrawing it.

use super::applications::{Task, Whole};
use super::content::editable;
use crate::access::{Permission, ProviderUser};
use crate::db::Tx;
use crate::error::Result;
use crate::ids::ApplicationId;
use crate::providers::actions;
use crate::web::pages::{Desk, Form, Go, Html, PageDoor, Posted, Step, filters};
use crate::web::{Id, Reply, Routes};
use askama::Template;

pub(super) fn routes(r: &mut Routes) {
    r.get("/applications/{id}/check", show_check)
        .may(Permission::WriteApplications);
    r.post("/applications/{id}/submit", submit)
        .may(Permission::WriteApplications);
    r.get("/applications/{id}/submitted", show_submitted)
        .may(Permission::WriteApplications);
    r.get("/applications/{id}/withdraw", show_withdraw)
        .may(Permission::WriteApplications);
    r.post("/applications/{id}/withdraw", withdraw)
        .may(Permission::WriteApplications);
}

#[derive(Template)]
#[template(path = "providers/check.html")]
struct CheckPage {
    whole: Whole,
    missing: Vec<Task>,
    /// None while something is missing.
    form: Option<Form>,
}

fn check_page(tx: &mut Tx<'_>, desk: &Desk<ProviderUser>, id: ApplicationId) -> Result<Html> {
    editable(tx, desk, id)?;
    let whole = Whole::of(tx, desk, id)?;
    let missing = whole.missing();
    let form = missing.is_empty().then(|| {
        desk.form(format!("/applications/{id}/submit"))
            .version(whole.application.version)
            .button("Submit the application")
    });
    Html::of("Check your answers", &CheckPage { whole, missing, form })
}

async fn show_check(visit: PageDoor<ProviderUser>, id: Id<ApplicationId>) -> Reply {
    visit.read(move |tx, desk| check_page(tx, desk, *id)).await
}

async fn submit(visit: PageDoor<ProviderUser>, id: Id<ApplicationId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                actions::submit(tx, desk, id, posted.version())?;
                Ok(Go::to(format!("/applications/{id}/submitted")))
            },
            move |tx, desk| check_page(tx, desk, id),
        )
        .await
}

#[derive(Template)]
#[template(path = "providers/submitted.html")]
struct SubmittedPage {
    whole: Whole,
}

async fn show_submitted(visit: PageDoor<ProviderUser>, id: Id<ApplicationId>) -> Reply {
    visit
        .read(move |tx, desk| {
            let whole = Whole::of(tx, desk, *id)?;
            Html::of("Your application is submitted", &SubmittedPage { whole })
        })
        .await
}

fn withdraw_page(tx: &mut Tx<'_>, desk: &Desk<ProviderUser>, id: ApplicationId) -> Result<Html> {
    let whole = Whole::of(tx, desk, id)?;
    let mut step = Step::new("Withdraw this application?")
        .over(whole.framework_name())
        .happens("It is not decided, and can’t be submitted again.")
        .happens("You can apply anew while the framework takes applications.")
        .back(whole.own_path(), "No, go back to the application");
    if whole.application.submitted_at.is_some() {
        step = step.happens("The cooperative is told.");
    }
    step.page(
        desk.form(whole.path("withdraw"))
            .version(whole.application.version)
            .button("Withdraw this application")
            .warning(),
    )
}

async fn show_withdraw(visit: PageDoor<ProviderUser>, id: Id<ApplicationId>) -> Reply {
    visit.read(move |tx, desk| withdraw_page(tx, desk, *id)).await
}

async fn withdraw(visit: PageDoor<ProviderUser>, id: Id<ApplicationId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                actions::withdraw(tx, desk, id, posted.version())?;
                Ok(Go::to("/applications").saying("The application is withdrawn."))
            },
            move |tx, desk| withdraw_page(tx, desk, id),
        )
        .await
}

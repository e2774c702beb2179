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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::pages::samples::{ACORN, complete, draft, submitted};
    use crate::web::pages::assert_shows;

    #[test]
    fn what_is_missing_stands_over_the_answers_and_keeps_from_submitting() {
        let whole = draft();
        let lots = format!(
            "<a href=\"/applications/{}/lots\">Change the lots</a>",
            whole.application.id
        );
        let page = CheckPage {
            missing: whole.missing(),
            whole,
            form: None,
        };
        let seen = [
            "<h2>Before you can submit</h2>",
            "<p>This is still to be done:</p>",
            ">Answer QS7, Keeping children &#60;safe&#62;</a></li>",
            "Name your insurance</a></li>",
            "Declare that no ground for exclusion applies</a></li>",
            "Read and accept the contract</a></li>",
            "<p>Not answered, and it must be.</p>",
            "<p>Not answered.</p>",
            "<p>Not named.</p>",
            "Not declared",
            "Not accepted",
            &lots,
        ];
        assert_shows(
            &page,
            &seen,
            &["QS8, Leadership</a></li>", "<h2>Submit</h2>", "Choose the lots</a>"],
        );
    }

    #[test]
    fn what_is_complete_is_read_once_more_and_submitted() {
        let whole = complete();
        let page = CheckPage {
            missing: whole.missing(),
            whole,
            form: Some(Form::reader().button("Submit the application")),
        };
        let accepts = format!("you accept the contract for {ACORN}.");
        let seen = [
            "<pre class=\"letter\">Our lead reviews every week. &#60;b&#62;Always&#60;/b&#62;</pre>",
            "<dd>£5,000,000.00</dd>",
            "Declared: none applies",
            "The current version</a> to be accepted with your submission",
            &accepts,
            "<button>Submit the application</button>",
        ];
        assert_shows(&page, &seen, &["Before you can submit", "Run out", "<b>"]);
    }

    #[test]
    fn who_submitted_learns_by_when_it_is_decided() {
        let whole = submitted();
        assert_shows(
            &SubmittedPage { whole },
            &[
                "<h1>Application submitted</h1><p>SE-RES-1, Homes &#38; schools</p>",
                "by 16 March 2026 at the latest",
            ],
            &["It waits for no decision now."],
        );
        let whole = complete();
        assert_shows(
            &SubmittedPage { whole },
            &["It waits for no decision now."],
            &["at the latest"],
        );
    }
}

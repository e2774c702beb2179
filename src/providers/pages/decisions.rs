//! Deciding an application lot by lot, its answers beside the standards; returning it.

use super::applications::Whole;
use crate::access::{CooperativeUser, Permission};
use crate::db::Tx;
use crate::error::Result;
use crate::ids::ApplicationId;
use crate::providers::actions;
use crate::providers::rules::{Because, Decisions, LotOutcome};
use crate::web::pages::{Choice, Desk, Form, Go, Html, PageDoor, Posted, Step, filters};
use crate::web::{Id, Reply, Routes};
use askama::Template;

pub(super) fn routes(r: &mut Routes) {
    r.get("/applications/{id}/decide", show_decide)
        .may(Permission::DecideApplications);
    r.post("/applications/{id}/decide", decide)
        .may(Permission::DecideApplications);
    r.get("/applications/{id}/return", show_return)
        .may(Permission::DecideApplications);
    r.post("/applications/{id}/return", give_back)
        .may(Permission::DecideApplications);
}

#[derive(Template)]
#[template(path = "providers/decide.html")]
struct DecidePage {
    whole: Whole,
    form: Form,
}

fn decide_form(desk: &Desk<CooperativeUser>, whole: &Whole) -> Form {
    lots(
        desk.form(whole.path("decide")).version(whole.application.version),
        whole,
    )
}

/// Asks for a decision on each lot.
fn lots(form: Form, whole: &Whole) -> Form {
    let outcomes = || {
        vec![
            Choice::new(LotOutcome::Admitted, "Admit the provider"),
            Choice::new(LotOutcome::Rejected, "Reject"),
        ]
    };
    let applied = whole.view.summary.lots.iter().enumerate();
    let form = applied.fold(form, |form, (at, applied)| {
        let name = |field: &str| format!("decisions[{at}].{field}");
        let lot = &applied.lot;
        form.hidden(name("lot_id"), lot.id)
            .radios(name("outcome"), format!("Lot {}, {}", lot.code, lot.title), outcomes())
            .short()
            .area(name("reason"), format!("Why lot {} is rejected", lot.code), 3)
            .hint("Needed for a rejection. The provider reads it")
            .optional()
    });
    form.button("Decide this application").warning()
}

fn decide_page(tx: &mut Tx<'_>, desk: &Desk<CooperativeUser>, id: ApplicationId) -> Result<Html> {
    let whole = Whole::of(tx, desk, id)?;
    let title = format!("Decide the application of {}", whole.view.summary.provider.name);
    let form = decide_form(desk, &whole);
    Html::of(title, &DecidePage { whole, form })
}

async fn show_decide(visit: PageDoor<CooperativeUser>, id: Id<ApplicationId>) -> Reply {
    visit.read(move |tx, desk| decide_page(tx, desk, *id)).await
}

async fn decide(visit: PageDoor<CooperativeUser>, id: Id<ApplicationId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let whole = Whole::of(tx, desk, id)?;
                let decisions: Decisions = decide_form(desk, &whole).read(posted)?;
                actions::decide(tx, desk, id, decisions, posted.version())?;
                let said = format!("The application of {} is decided.", whole.view.summary.provider.name);
                Ok(Go::to(format!("/applications/{id}")).saying(said))
            },
            move |tx, desk| decide_page(tx, desk, id),
        )
        .await
}

fn return_form(desk: &Desk<CooperativeUser>, whole: &Whole) -> Form {
    desk.form(whole.path("return"))
        .version(whole.application.version)
        .area("reason", "What must be changed, and why", 6)
        .hint("The provider reads this")
        .button("Return it to the provider")
}

fn return_page(tx: &mut Tx<'_>, desk: &Desk<CooperativeUser>, id: ApplicationId) -> Result<Html> {
    let whole = Whole::of(tx, desk, id)?;
    let provider = &whole.view.summary.provider.name;
    Step::new(format!("Return the application of {provider}"))
        .over(whole.framework_name())
        .happens("The provider is told, and can change it and submit it again.")
        .happens("The ten working days for your decision begin anew when it does.")
        .back(whole.own_path(), "Go back without returning it")
        .page(return_form(desk, &whole))
}

async fn show_return(visit: PageDoor<CooperativeUser>, id: Id<ApplicationId>) -> Reply {
    visit.read(move |tx, desk| return_page(tx, desk, *id)).await
}

async fn give_back(visit: PageDoor<CooperativeUser>, id: Id<ApplicationId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let whole = Whole::of(tx, desk, id)?;
                let body: Because = return_form(desk, &whole).read(posted)?;
                actions::give_back(tx, desk, id, body.reason, posted.version())?;
                let said = format!("The application is returned to {}.", whole.view.summary.provider.name);
                Ok(Go::to("/applications").saying(said))
            },
            move |tx, desk| return_page(tx, desk, id),
        )
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::pages::samples::{ACORN, submitted};
    use crate::web::pages::assert_shows;

    #[test]
    fn a_decision_is_asked_for_each_lot_below_the_answers() {
        let whole = submitted();
        let lot = whole.view.summary.lots[1].lot.id;
        let page = DecidePage {
            form: lots(Form::reader(), &whole),
            whole,
        };
        let name = format!("Decide the application of {ACORN}</h1>");
        let second = format!("type=\"hidden\" name=\"decisions[1].lot_id\" value=\"{lot}\"");
        let seen = [
            name.as_str(),
            "&#60;b&#62;Always&#60;/b&#62;</pre>",
            "<legend>Lot R1, Children&#39;s homes</legend>",
            "<legend>Lot R2, Children&#39;s homes</legend>",
            &second,
            "name=\"decisions[1].outcome\" type=\"radio\" value=\"rejected\"",
            "Why lot R2 is rejected (optional)",
            "<p class=\"careful\">The provider is admitted at once to the lots that you choose",
            "<button class=\"warning\">Decide this application</button>",
            "Go back without deciding</a>",
        ];
        assert_shows(&page, &seen, &[" checked", "Change this answer", "decisions[2]"]);
    }
}

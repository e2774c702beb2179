//! What a framework is and its own rules: making one, changing one.

use crate::access::{CooperativeUser, Permission};
use crate::db::Tx;
use crate::error::Result;
use crate::frameworks::actions;
use crate::frameworks::rules::{
    AdmissionMode, BidWindowMinutes, CeilingRule, Framework, FrameworkChanges, InviteRule, NewFramework,
};
use crate::ids::FrameworkId;
use crate::values::{OfstedGrade, ProcurementRoute};
use crate::web::pages::{Choice, Desk, Form, Go, Html, PageDoor, Posted, filters};
use crate::web::{Id, Reply, Routes};
use askama::Template;
use serde_json::json;

pub(super) fn routes(r: &mut Routes) {
    r.get("/frameworks/new", show_new).may(Permission::ManageFrameworks);
    r.post("/frameworks/new", create).may(Permission::ManageFrameworks);
    r.get("/frameworks/{id}/edit", show_edit)
        .may(Permission::ManageFrameworks);
    r.post("/frameworks/{id}/edit", change)
        .may(Permission::ManageFrameworks);
}

#[derive(Template)]
#[template(path = "frameworks/terms.html")]
struct TermsPage {
    heading: String,
    /// What of it is fixed, where it has opened.
    fixed: Option<Framework>,
    form: Form,
}

/// What providers were admitted to, which changes in a draft only.
fn fixed_fields(form: Form) -> Form {
    form.line("reference", "Reference")
        .hint("How the framework’s papers call it, such as SE-RES-1")
        .short()
        .radios(
            "procurement_route",
            "Procurement route",
            Choice::all::<ProcurementRoute>(),
        )
        .date("starts_on", "First day of the term")
        .radios("admission", "When providers may apply", Choice::all::<AdmissionMode>())
}

/// The same, carried along unseen.
fn fixed_unseen(form: Form, framework: &Framework) -> Form {
    form.hidden("reference", &framework.reference)
        .hidden("procurement_route", framework.procurement_route.code())
        .hidden("starts_on", framework.starts_on)
        .hidden("admission", framework.admission.code())
}

fn fields(form: Form) -> Form {
    form.line("title", "Title")
        .date("ends_on", "Last day of the term")
        .date("application_window.opens_on", "First day for applications")
        .hint("Only where they come in a window of time; it may be set later")
        .optional()
        .date("application_window.closes_on", "Last day for applications")
        .optional()
        .number("policy.price_weight_min", "Least weight of price")
        .hint("Out of 100, in any competition")
        .number("policy.price_weight_max", "Greatest weight of price")
        .hint("Out of 100")
        .number(
            "policy.bid_window_minutes.Today",
            "Shortest time for bids where a home is needed today",
        )
        .hint("In minutes: 60 is an hour. 0 means no minimum")
        .number(
            "policy.bid_window_minutes.WithinFiveDays",
            "Shortest time for bids where a home is needed within five days",
        )
        .hint("In minutes: 1440 is a day")
        .number(
            "policy.bid_window_minutes.MoreThanFiveDays",
            "Shortest time for bids where a home is needed later",
        )
        .hint("In minutes, as the clock runs. 0 where only the working days below count")
        .number(
            "policy.bid_window_working_days",
            "Fewest working days for bids where a home is needed later",
        )
        .hint("Without weekends and the bank holidays of England; the last one ends at 17:00. Left empty: none")
        .optional()
        .radios(
            "policy.worst_grade",
            "Worst overall grade with which a home may bid",
            Choice::all::<OfstedGrade>(),
        )
        .radios(
            "policy.invite_rule",
            "Who is invited to a competition",
            Choice::all::<InviteRule>(),
        )
        .radios(
            "policy.price_ceiling_rule",
            "What becomes of a price above a lot’s ceiling",
            Choice::all::<CeilingRule>(),
        )
        .money(
            "policy.approval_weekly_price",
            "Weekly price above which an award needs an approver",
        )
        .hint("Leave it empty where price alone never needs one")
        .optional()
        .number("policy.standstill_working_days", "Standstill, in working days")
        .hint("Between the decision on an award and its confirmation. 0 means none")
}

/// What a new framework is offered as the shortest times for bids; the cooperative may change them.
fn offering_windows(form: Form) -> Form {
    form.fill(&json!({"policy": {
        "bid_window_minutes": BidWindowMinutes { today: 60, within_five_days: 24 * 60, more_than_five_days: 0 },
        "bid_window_working_days": 5,
    }}))
}

const NEW: &str = "/frameworks/new";

fn new_form(desk: &Desk<CooperativeUser>) -> Form {
    offering_windows(fields(fixed_fields(desk.form(NEW)))).button("Make a draft")
}

fn new_page(_: &mut Tx<'_>, desk: &Desk<CooperativeUser>) -> Result<Html> {
    let page = TermsPage {
        heading: "Make a framework".to_owned(),
        fixed: None,
        form: new_form(desk),
    };
    Html::of("Make a framework", &page)
}

async fn show_new(visit: PageDoor<CooperativeUser>) -> Reply {
    visit.read(new_page).await
}

async fn create(visit: PageDoor<CooperativeUser>, posted: Posted) -> Reply {
    visit
        .write(
            posted,
            |tx, desk, posted| {
                let new: NewFramework = new_form(desk).read(posted)?;
                let framework = actions::create(tx, desk, new)?;
                let said = "The draft is made. Add its lots, standards and contract, then open it.";
                Ok(Go::to(format!("/frameworks/{}", framework.id)).saying(said))
            },
            new_page,
        )
        .await
}

fn edit_form(desk: &Desk<CooperativeUser>, framework: &Framework) -> Form {
    let form = desk.form(format!("/frameworks/{}/edit", framework.id));
    let form = if framework.is_draft() {
        fixed_fields(form)
    } else {
        fixed_unseen(form, framework)
    };
    fields(form)
        .fill(&json!({
            "reference": framework.reference, "title": framework.title,
            "procurement_route": framework.procurement_route, "starts_on": framework.starts_on,
            "ends_on": framework.ends_on, "admission": framework.admission,
            "application_window": framework.application_window, "policy": framework.policy,
        }))
        .version(framework.version)
        .button("Save")
}

fn edit_page(tx: &mut Tx<'_>, desk: &Desk<CooperativeUser>, id: FrameworkId) -> Result<Html> {
    let framework = actions::framework_seen_by(tx, desk, id)?;
    let heading = format!("Change {}", framework.reference);
    let page = TermsPage {
        form: edit_form(desk, &framework),
        fixed: Some(framework).filter(|framework| !framework.is_draft()),
        heading: heading.clone(),
    };
    Html::of(heading, &page)
}

async fn show_edit(visit: PageDoor<CooperativeUser>, id: Id<FrameworkId>) -> Reply {
    visit.read(move |tx, desk| edit_page(tx, desk, *id)).await
}

/// The form says the whole of it, so the changes do.
fn changes(new: NewFramework) -> FrameworkChanges {
    FrameworkChanges {
        reference: Some(new.reference),
        title: Some(new.title),
        procurement_route: Some(new.procurement_route),
        starts_on: Some(new.starts_on),
        ends_on: Some(new.ends_on),
        admission: Some(new.admission),
        application_window: Some(new.application_window),
        policy: Some(new.policy),
    }
}

async fn change(visit: PageDoor<CooperativeUser>, id: Id<FrameworkId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let framework = actions::framework_seen_by(tx, desk, id)?;
                let new = edit_form(desk, &framework).read(posted)?;
                actions::change(tx, desk, id, changes(new), posted.version())?;
                Ok(Go::to(format!("/frameworks/{id}")).saying("The framework is saved."))
            },
            move |tx, desk| edit_page(tx, desk, id),
        )
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frameworks::pages::samples;
    use crate::frameworks::rules::FrameworkState;
    use crate::web::pages::assert_shows;

    const ALWAYS: [&str; 4] = [
        "<label for=\"f-title\">Title</label>",
        "<legend>First day for applications (optional)</legend>",
        "<label for=\"f-policy-standstill-working-days\">",
        "Weekly price above which an award needs an approver (optional)",
    ];

    #[test]
    fn all_of_a_draft_is_asked_for() {
        let page = TermsPage {
            heading: "Make a framework".to_owned(),
            fixed: None,
            form: offering_windows(fields(fixed_fields(Form::reader()))).button("Make a draft"),
        };
        assert_shows(&page, &ALWAYS, &["Providers were admitted to these"]);
        let seen = [
            "<h1>Make a framework</h1>",
            "<label for=\"f-reference\">Reference</label>",
            "<legend>When providers may apply</legend>",
            "<button>Make a draft</button>",
            "name=\"policy.bid_window_minutes.WithinFiveDays\" type=\"text\" inputmode=\"numeric\" class=\"short\" value=\"1440\"",
            "name=\"policy.bid_window_working_days\" type=\"text\" inputmode=\"numeric\" class=\"short\" value=\"5\"",
        ];
        assert_shows(&page, &seen, &["type=\"hidden\" name=\"reference\""]);
    }

    #[test]
    fn once_it_has_opened_what_is_fixed_is_said_and_not_asked_for() {
        let framework = samples::framework_that_is(FrameworkState::Open);
        let page = TermsPage {
            heading: "Change SE-RES-1 <b>".to_owned(),
            form: fields(fixed_unseen(Form::reader(), &framework)),
            fixed: Some(framework),
        };
        assert_shows(&page, &ALWAYS, &["<b>"]);
        let seen = [
            "Providers were admitted to these, so they stay as they are:",
            "<dd>SE-RES-1</dd>",
            "<dd>Open framework (PA 2023 s.49)</dd>",
            "<dd>1 March 2026</dd>",
            "<dd>At any time</dd>",
            "type=\"hidden\" name=\"reference\" value=\"SE-RES-1\"",
            "type=\"hidden\" name=\"starts_on\" value=\"2026-03-01\"",
        ];
        let unseen = [
            "<label for=\"f-reference\">",
            "<legend>When providers may apply</legend>",
        ];
        assert_shows(&page, &seen, &unseen);
    }
}

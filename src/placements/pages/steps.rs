//! The steps of a placement: start, end, and other terms.

use super::placement::seen_by;
use crate::access::{AuthorityUser, Permission};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::frameworks;
use crate::ids::PlacementId;
use crate::placements::actions;
use crate::placements::input::{NewTerms, Starting, Stopping};
use crate::placements::rules::{FundingSplit, PlacementRefused, PlacementState};
use crate::placements::store;
use crate::placements::views::PlacementView;
use crate::values::{PlacementEndReason, PriceLines};
use crate::web::pages::{Choice, Desk, Form, Go, Html, PageDoor, Posted, Step};
use crate::web::{Id, Reply, Routes};
use serde::Serialize;

pub(super) fn routes(r: &mut Routes) {
    r.get("/placements/{id}/start", show_start)
        .may(Permission::ManagePlacements);
    r.post("/placements/{id}/start", start)
        .may(Permission::ManagePlacements);
    r.get("/placements/{id}/end", show_end)
        .may(Permission::ManagePlacements);
    r.post("/placements/{id}/end", end).may(Permission::ManagePlacements);
    r.get("/placements/{id}/vary", show_vary)
        .may(Permission::VaryPlacements);
    r.post("/placements/{id}/vary", vary).may(Permission::VaryPlacements);
}

fn path(id: PlacementId, verb: &str) -> String {
    format!("/placements/{id}/{verb}")
}

/// The placement, as long as it stands so that the step fits.
fn at(
    tx: &mut Tx<'_>,
    desk: &Desk<AuthorityUser>,
    id: PlacementId,
    fits: fn(PlacementState) -> bool,
) -> Result<PlacementView> {
    let placement = seen_by(tx, desk, id)?;
    if fits(placement.status) {
        Ok(placement)
    } else {
        Err(PlacementRefused::WrongState {
            status: placement.status,
        }
        .into())
    }
}

fn step(heading: &'static str, placement: &PlacementView) -> Step {
    Step::new(heading)
        .over(placement.reference.clone().unwrap_or_default())
        .fact("Home", format!("{}, {}", placement.home.name, placement.provider.name))
        .fact("Agreed for", placement.starts_on)
        .fact("Weekly price", format!("{} a week", placement.weekly_total.pounds()))
        .back(format!("/placements/{}", placement.id), "Back to the placement")
}

fn start_form(form: Form) -> Form {
    form.date("started_on", "First day")
        .hint("The agreed day, or an earlier or later one; today at the latest.")
        .button("Note the start")
}

fn start_page(tx: &mut Tx<'_>, desk: &Desk<AuthorityUser>, id: PlacementId) -> Result<Html> {
    let placement = at(tx, desk, id, |state| state == PlacementState::Agreed)?;
    let day = placement.starts_on.min(tx.now.date_in_uk());
    let form = start_form(desk.form(path(id, "start")))
        .set("started_on", day)
        .version(placement.version);
    step("Note that the placement has started", &placement)
        .happens("The request is completed.")
        .happens("The provider is told.")
        .page(form)
}

async fn show_start(visit: PageDoor<AuthorityUser>, id: Id<PlacementId>) -> Reply {
    visit.read(move |tx, desk| start_page(tx, desk, *id)).await
}

async fn start(visit: PageDoor<AuthorityUser>, id: Id<PlacementId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let body: Starting = start_form(Form::reader()).read(posted)?;
                actions::start(tx, desk, id, &body, posted.version())?;
                Ok(Go::to(format!("/placements/{id}")).saying("The start is noted."))
            },
            move |tx, desk| start_page(tx, desk, id),
        )
        .await
}

fn end_form(form: Form) -> Form {
    form.date("ended_on", "Last day")
        .hint("Today at the latest.")
        .radios("reason", "Why", Choice::all::<PlacementEndReason>())
        .button("Note the end")
        .warning()
}

fn end_page(tx: &mut Tx<'_>, desk: &Desk<AuthorityUser>, id: PlacementId) -> Result<Html> {
    let placement = at(tx, desk, id, |state| state != PlacementState::Ended)?;
    let form = end_form(desk.form(path(id, "end"))).version(placement.version);
    let step = if placement.status == PlacementState::Agreed {
        step("Note that the placement never began", &placement)
            .happens("The request is completed: another home takes another request.")
            .happens("The place is offered again, unless the provider has closed it since.")
    } else {
        step("Note that the placement has ended", &placement).happens("The home may offer the place again.")
    };
    step.happens("Nothing is paid by this agreement after the last day.")
        .happens("The provider is told.")
        .careful("This can’t be taken back.")
        .page(form)
}

async fn show_end(visit: PageDoor<AuthorityUser>, id: Id<PlacementId>) -> Reply {
    visit.read(move |tx, desk| end_page(tx, desk, *id)).await
}

async fn end(visit: PageDoor<AuthorityUser>, id: Id<PlacementId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let body: Stopping = end_form(Form::reader()).read(posted)?;
                actions::end(tx, desk, id, &body, posted.version())?;
                Ok(Go::to(format!("/placements/{id}")).saying("The end is noted."))
            },
            move |tx, desk| end_page(tx, desk, id),
        )
        .await
}

/// What stands, to be changed.
#[derive(Serialize)]
struct Standing {
    price: PriceLines,
    funding: FundingSplit,
}

fn vary_form(form: Form) -> Form {
    form.date("effective_on", "From which day")
        .hint("Later than the terms before.")
        .money("price.core", "Core cost a week")
        .money("price.additional_support", "Additional support a week")
        .money("price.education", "Education a week")
        .money("price.other", "Other costs a week")
        .number("funding.social_care", "Social care pays, in percent")
        .number("funding.education", "Education pays, in percent")
        .number("funding.health", "Health pays, in percent")
        .hint("The three together are 100.")
        .area("reason", "Why the terms change", 4)
        .hint("It stands in the agreement, which the provider reads. Nothing that tells who the child is.")
        .button("Change the terms")
}

fn vary_page(tx: &mut Tx<'_>, desk: &Desk<AuthorityUser>, id: PlacementId) -> Result<Html> {
    let placement = at(tx, desk, id, |state| state != PlacementState::Ended)?;
    let framework_id = store::placement(tx, id)?
        .ok_or(Error::NotFound("placement"))?
        .framework_id;
    let framework = frameworks::store::framework(tx, framework_id)?.ok_or(Error::NotFound("framework"))?;
    let last = placement.terms.last().map_or(
        Standing {
            price: placement.price,
            funding: placement.funding,
        },
        |terms| Standing {
            price: terms.price,
            funding: terms.funding,
        },
    );
    let mut step = step("Change what is paid, or who pays", &placement)
        .happens("A new agreement is made with the new terms. The terms before keep standing for their time.")
        .happens("The provider is told, and so are your authority’s commissioners.");
    if let Some(threshold) = framework.policy.approval_weekly_price {
        step = step.happens(format!(
            "A weekly price that rises above {} takes an approver: it is an approver who sends this form then.",
            threshold.pounds()
        ));
    }
    step.page(
        vary_form(desk.form(path(id, "vary")))
            .fill(&last)
            .version(placement.version),
    )
}

async fn show_vary(visit: PageDoor<AuthorityUser>, id: Id<PlacementId>) -> Reply {
    visit.read(move |tx, desk| vary_page(tx, desk, *id)).await
}

async fn vary(visit: PageDoor<AuthorityUser>, id: Id<PlacementId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let body: NewTerms = vary_form(Form::reader()).read(posted)?;
                actions::vary(tx, desk, id, body, posted.version())?;
                Ok(Go::to(format!("/placements/{id}")).saying("The terms are changed."))
            },
            move |tx, desk| vary_page(tx, desk, id),
        )
        .await
}

//! Lots: one, adding one, changing one.

use super::PartPage;
use crate::access::{Actor, CooperativeUser, Permission, may};
use crate::db::Tx;
use crate::error::Result;
use crate::frameworks::actions;
use crate::frameworks::rules::{Framework, FrameworkState, Lot, LotChanges, NewLot};
use crate::ids::{FrameworkId, LotId};
use crate::values::{CostLine, Money, PlacementType, ProvisionType};
use crate::web::pages::{Choice, Desk, Form, Go, Html, PageDoor, Posted};
use crate::web::{Id, Reply, Routes};
use askama::Template;
use serde_json::json;

pub(super) fn routes(r: &mut Routes) {
    r.get("/frameworks/{id}/lots/new", show_new)
        .may(Permission::ManageFrameworks);
    r.post("/frameworks/{id}/lots/new", add)
        .may(Permission::ManageFrameworks);
    r.get("/lots/{id}", show).may(Permission::ReadFrameworks);
    r.get("/lots/{id}/edit", show_edit).may(Permission::ManageFrameworks);
    r.post("/lots/{id}/edit", change).may(Permission::ManageFrameworks);
}

#[derive(Template)]
#[template(path = "frameworks/lot.html")]
struct LotPage {
    lot: Lot,
    framework: Framework,
    ceilings: Vec<(&'static str, Option<Money>)>,
    may_change: bool,
}

fn page(tx: &mut Tx<'_>, desk: &Desk<Actor>, id: LotId) -> Result<Html> {
    let lot = actions::lot_seen_by(tx, desk, id)?;
    let framework = actions::framework_seen_by(tx, desk, lot.framework_id)?;
    let lines = CostLine::ALL.iter();
    let mut ceilings: Vec<_> = lines
        .map(|line| (line.label(), lot.line_ceilings.line(*line)))
        .collect();
    ceilings.push(("Together", lot.weekly_ceiling));
    let title = format!("Lot {}, {}", lot.code, lot.title);
    let may_change = may(desk.role, Permission::ManageFrameworks) && framework.state != FrameworkState::Closed;
    let page = LotPage {
        lot,
        framework,
        ceilings,
        may_change,
    };
    Html::of(title, &page)
}

async fn show(visit: PageDoor<Actor>, id: Id<LotId>) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id)).await
}

/// What providers are admitted to, which changes in a draft only.
fn fixed_fields(form: Form) -> Form {
    form.line("code", "Code")
        .hint("How the framework’s papers call it, such as R1")
        .short()
        .radios(
            "placement_type",
            "What it places children in",
            Choice::all::<PlacementType>(),
        )
        .checks(
            "provision_types",
            "Registrations that it takes",
            Choice::all::<ProvisionType>(),
        )
        .hint("They must belong to what it places children in")
}

/// The same, carried along unseen.
fn fixed_unseen(form: Form, lot: &Lot) -> Form {
    let form = form
        .hidden("code", &lot.code)
        .hidden("placement_type", lot.placement_type.code());
    let kinds = lot.provision_types.iter().enumerate();
    kinds.fold(form, |form, (at, kind)| {
        form.hidden(format!("provision_types[{at}]"), kind.code())
    })
}

fn fields(form: Form) -> Form {
    form.line("title", "Title")
        .money("weekly_ceiling", "Ceiling of the whole weekly price")
        .hint("The most that the four cost lines may be together. Leave it empty for none")
        .optional()
        .money("line_ceilings.core", "Ceiling of the core cost")
        .optional()
        .money("line_ceilings.additional_support", "Ceiling of additional support")
        .optional()
        .money("line_ceilings.education", "Ceiling of education")
        .optional()
        .money("line_ceilings.other", "Ceiling of anything else")
        .optional()
}

fn new_form(desk: &Desk<CooperativeUser>, id: FrameworkId) -> Form {
    fields(fixed_fields(desk.form(format!("/frameworks/{id}/lots/new")))).button("Add the lot")
}

fn new_page(tx: &mut Tx<'_>, desk: &Desk<CooperativeUser>, id: FrameworkId) -> Result<Html> {
    let framework = actions::framework_seen_by(tx, desk, id)?;
    let said = "A lot is what providers are admitted to and what authorities call off.";
    PartPage::show(framework, "Add a lot", said, new_form(desk, id))
}

async fn show_new(visit: PageDoor<CooperativeUser>, id: Id<FrameworkId>) -> Reply {
    visit.read(move |tx, desk| new_page(tx, desk, *id)).await
}

async fn add(visit: PageDoor<CooperativeUser>, id: Id<FrameworkId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let new: NewLot = new_form(desk, id).read(posted)?;
                let lot = actions::add_lot(tx, desk, id, new)?;
                let said = format!("Lot {} is added.", lot.code);
                Ok(Go::to(format!("/frameworks/{id}")).saying(said))
            },
            move |tx, desk| new_page(tx, desk, id),
        )
        .await
}

fn edit_form(desk: &Desk<CooperativeUser>, framework: &Framework, lot: &Lot) -> Form {
    let form = desk.form(format!("/lots/{}/edit", lot.id));
    let form = if framework.is_draft() {
        fixed_fields(form)
    } else {
        fixed_unseen(form, lot)
    };
    fields(form)
        .fill(&json!({
            "code": lot.code, "title": lot.title, "placement_type": lot.placement_type,
            "provision_types": lot.provision_types, "weekly_ceiling": lot.weekly_ceiling,
            "line_ceilings": lot.line_ceilings,
        }))
        .version(lot.version)
        .button("Save the lot")
}

fn edit_page(tx: &mut Tx<'_>, desk: &Desk<CooperativeUser>, id: LotId) -> Result<Html> {
    let lot = actions::lot_seen_by(tx, desk, id)?;
    let framework = actions::framework_seen_by(tx, desk, lot.framework_id)?;
    let said = if framework.is_draft() {
        "All of it may be changed while the framework is a draft."
    } else {
        "Once the framework has opened, the title and the ceilings may be changed. Providers were admitted to the rest."
    };
    let form = edit_form(desk, &framework, &lot);
    PartPage::show(framework, format!("Change lot {}", lot.code), said, form)
}

async fn show_edit(visit: PageDoor<CooperativeUser>, id: Id<LotId>) -> Reply {
    visit.read(move |tx, desk| edit_page(tx, desk, *id)).await
}

/// The form says the whole of it, so the changes do.
fn changes(new: NewLot) -> LotChanges {
    LotChanges {
        code: Some(new.code),
        title: Some(new.title),
        placement_type: Some(new.placement_type),
        provision_types: Some(new.provision_types),
        weekly_ceiling: Some(new.weekly_ceiling),
        line_ceilings: Some(new.line_ceilings),
    }
}

async fn change(visit: PageDoor<CooperativeUser>, id: Id<LotId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let lot = actions::lot_seen_by(tx, desk, id)?;
                let framework = actions::framework_seen_by(tx, desk, lot.framework_id)?;
                let new = edit_form(desk, &framework, &lot).read(posted)?;
                actions::change_lot(tx, desk, id, changes(new), posted.version())?;
                Ok(Go::to(format!("/lots/{id}")).saying("The lot is saved."))
            },
            move |tx, desk| edit_page(tx, desk, id),
        )
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frameworks::pages::samples;
    use crate::web::pages::assert_shows;

    #[test]
    fn a_lot_says_its_ceilings_and_may_be_changed_by_those_who_may() {
        let page = |may_change| LotPage {
            lot: samples::lot(),
            framework: samples::framework(),
            ceilings: vec![("Core", None), ("Together", samples::lot().weekly_ceiling)],
            may_change,
        };
        let seen = [
            "SE-RES-1, Homes &#38; schools</span> Lot R1, Children&#39;s homes</h1>",
            "<dd>Residential</dd>",
            "<dd>Children&#39;s home</dd>",
            "<tr><th scope=\"row\">Core</th><td class=\"number\">None</td></tr>",
            "<tr class=\"total\"><th scope=\"row\">Together</th><td class=\"number\">£6,000.00</td></tr>",
            "A price above one of them is refused.",
            "/edit",
        ];
        assert_shows(&page(true), &seen, &[]);
        assert_shows(&page(false), &seen[..6], &["/edit"]);
    }

    #[test]
    fn what_providers_were_admitted_to_is_carried_along_unseen() {
        let page = |form: Form| PartPage {
            framework: samples::framework(),
            heading: "Change lot R1".to_owned(),
            said: "The title and the ceilings may be changed.",
            form,
        };
        let seen = [
            "</span> Change lot R1</h1>",
            "<p>The title and the ceilings may be changed.</p>",
            "Ceiling of the whole weekly price (optional)",
        ];
        let draft = page(fields(fixed_fields(Form::reader())));
        assert_shows(&draft, &seen, &[]);
        assert_shows(
            &draft,
            &[
                "<label for=\"f-code\">Code</label>",
                "type=\"checkbox\" value=\"ChildrensHome\"",
            ],
            &[],
        );
        let opened = page(fields(fixed_unseen(Form::reader(), &samples::lot())));
        let unseen = [
            "type=\"hidden\" name=\"code\" value=\"R1\"",
            "type=\"hidden\" name=\"placement_type\" value=\"Residential\"",
            "type=\"hidden\" name=\"provision_types[0]\" value=\"ChildrensHome\"",
        ];
        assert_shows(&opened, &seen, &["type=\"checkbox\"", "type=\"radio\""]);
        assert_shows(&opened, &unseen, &["<label for=\"f-code\">"]);
    }
}

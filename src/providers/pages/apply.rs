//! Beginning an application: choosing lots.

use crate::access::{Permission, ProviderUser};
use crate::db::Tx;
use crate::error::Result;
use crate::frameworks::{self, Framework, Lot};
use crate::ids::FrameworkId;
use crate::providers::rules::NewApplication;
use crate::providers::{actions, store};
use crate::web::pages::{Choice, Desk, Form, Go, Html, PageDoor, Posted};
use crate::web::{Id, Reply, Routes};
use askama::Template;

pub(super) fn routes(r: &mut Routes) {
    r.get("/frameworks/{id}/apply", show).may(Permission::WriteApplications);
    r.post("/frameworks/{id}/apply", begin)
        .may(Permission::WriteApplications);
}

#[derive(Template)]
#[template(path = "providers/apply.html")]
struct ApplyPage {
    framework: Framework,
    form: Form,
}

/// The lots that can be applied for: those that the provider is not admitted to.
pub(super) fn open_lots(tx: &mut Tx<'_>, desk: &Desk<ProviderUser>, framework: FrameworkId) -> Result<Vec<Lot>> {
    let admitted = store::live_admissions(tx, framework, Some(desk.organisation_id))?;
    let mut lots = frameworks::store::lots(tx, framework)?;
    lots.retain(|lot| admitted.iter().all(|admission| admission.lot_id != lot.id));
    Ok(lots)
}

pub(super) fn lot_fields(form: Form, lots: &[Lot]) -> Form {
    let choices = lots.iter().map(|lot| {
        let hint = match lot.weekly_ceiling {
            Some(ceiling) => format!("{}. At most {} a week", lot.provision_types.labels(), ceiling.pounds()),
            None => lot.provision_types.labels(),
        };
        Choice::new(lot.id, format!("{}, {}", lot.code, lot.title)).hint(hint)
    });
    form.checks("lot_ids", "Which lots do you apply for?", choices.collect())
        .hint("Choose all that your homes are registered for")
}

fn form(desk: &Desk<ProviderUser>, id: FrameworkId, lots: &[Lot]) -> Form {
    lot_fields(desk.form(format!("/frameworks/{id}/apply")), lots).button("Begin the application")
}

fn page(tx: &mut Tx<'_>, desk: &Desk<ProviderUser>, id: FrameworkId) -> Result<Html> {
    let framework = frameworks::actions::framework_seen_by(tx, desk, id)?;
    let lots = open_lots(tx, desk, id)?;
    let title = format!("Apply to {}", framework.reference);
    let page = ApplyPage {
        form: form(desk, id, &lots),
        framework,
    };
    Html::of(title, &page)
}

async fn show(visit: PageDoor<ProviderUser>, id: Id<FrameworkId>) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id)).await
}

async fn begin(visit: PageDoor<ProviderUser>, id: Id<FrameworkId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let new: NewApplication = form(desk, id, &[]).read(posted)?;
                let application = actions::apply(tx, desk, id, new)?;
                Ok(Go::to(format!("/applications/{}", application.id)).saying("Your application is begun."))
            },
            move |tx, desk| page(tx, desk, id),
        )
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frameworks::pages::samples;
    use crate::web::pages::assert_shows;

    #[test]
    fn the_lots_that_can_be_applied_for_say_what_they_take() {
        let unlimited = Lot {
            code: "R2".to_owned(),
            title: "Homes <for one>".to_owned(),
            weekly_ceiling: None,
            ..samples::lot()
        };
        let framework = samples::framework();
        let back = format!("<a href=\"/frameworks/{}\">Back to the framework</a>", framework.id);
        let page = ApplyPage {
            framework,
            form: lot_fields(Form::reader(), &[samples::lot(), unlimited]).button("Begin the application"),
        };
        let seen = [
            "SE-RES-1, Homes &#38; schools</span> Apply to join</h1>",
            "<legend>Which lots do you apply for?</legend>",
            "<label for=\"f-lot-ids-0\">R1, Children&#39;s homes</label>",
            "Children&#39;s home. At most £6,000.00 a week</p>",
            "<label for=\"f-lot-ids-1\">R2, Homes &#60;for one&#62;</label>",
            "id=\"f-lot-ids-1-hint\">Children&#39;s home</p>",
            "<button>Begin the application</button>",
            &back,
        ];
        assert_shows(&page, &seen, &[" checked"]);
    }
}

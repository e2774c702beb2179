//! Admissions: the list, and one with its history.

use super::admission_tag;
use super::applications::{framework_choices, lot_choices};
use crate::access::{Actor, OrganisationKind, Permission, Role, may};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::AdmissionId;
use crate::providers::actions;
use crate::providers::api::{AdmissionChangeView, AdmissionSummary};
use crate::providers::rules::AdmissionState;
use crate::providers::store::{self, AdmissionFilter, AdmissionOrder, Scope};
use crate::web::pages::{Choice, Desk, Html, Narrowing, PageDoor, Tag, capital, csv, filters};
use crate::web::{Id, Items, Page, Query, Reply, Routes};
use askama::Template;

pub(super) fn routes(r: &mut Routes) {
    r.get("/admissions", list).may(Permission::ReadAdmissions);
    r.get("/admissions.csv", table).may(Permission::ReadAdmissions);
    r.get("/admissions/{id}", show).may(Permission::ReadAdmissions);
}

#[derive(Template)]
#[template(path = "providers/admissions.html")]
struct ListPage {
    admissions: Vec<(AdmissionSummary, Tag)>,
    narrowing: Narrowing,
    is_provider: bool,
}

fn found(tx: &mut Tx<'_>, actor: &Actor, filter: &AdmissionFilter, page: &Page) -> Result<Items<AdmissionSummary>> {
    let scope = Scope::of(tx, actor)?;
    let Items { items, next } = store::admissions_page(tx, &scope, filter, page)?;
    let items = AdmissionSummary::all(tx, items)?;
    Ok(Items { items, next })
}

async fn list(visit: PageDoor<Actor>, filter: Query<AdmissionFilter>, part: Page) -> Reply {
    visit
        .read(move |tx, desk| {
            let found = found(tx, desk, &filter, &part)?;
            let states = AdmissionState::ALL.iter();
            let states = states.map(|state| Choice::new(state.code(), capital(state.label())));
            let is_provider = desk.organisation_kind == OrganisationKind::Provider;
            let narrowing = desk.narrowing().select("status", "State", states.collect());
            let narrowing = if is_provider {
                narrowing
            } else {
                narrowing.search("provider", "Provider")
            };
            let narrowing = narrowing
                .select("framework_id", "Framework", framework_choices(tx, desk)?)
                .select("lot_id", "Lot", lot_choices(tx, desk)?)
                .sorted_by(AdmissionOrder::Admitted)
                .next(found.next);
            let admissions = found.items.into_iter().map(|admission| {
                let tag = admission_tag(&admission);
                (admission, tag)
            });
            let page = ListPage {
                admissions: admissions.collect(),
                narrowing,
                is_provider,
            };
            Ok(Html::of("Admissions", &page)?.wide())
        })
        .await
}

async fn table(visit: PageDoor<Actor>, filter: Query<AdmissionFilter>) -> Reply {
    visit
        .download(move |tx, desk| {
            let rows = found(tx, desk, &filter, &Page::whole())?
                .items
                .into_iter()
                .map(|admission| {
                    let suspension = admission.suspension.map(|suspension| suspension.cause.label());
                    vec![
                        admission.provider.name,
                        admission.framework.reference,
                        admission.lot.code,
                        admission.lot.title,
                        capital(admission.status.label()),
                        suspension.unwrap_or_default().to_owned(),
                        admission.admitted_at.to_string(),
                        admission.insurance_expires_on.to_string(),
                        if admission.contract_accepted { "yes" } else { "no" }.to_owned(),
                    ]
                });
            let head = [
                "Provider",
                "Framework",
                "Lot",
                "Title of the lot",
                "State",
                "Suspended by",
                "Admitted",
                "Insured until",
                "Contract accepted",
            ];
            csv("admissions.csv", &head, rows)
        })
        .await
}

#[derive(Template)]
#[template(path = "providers/admission.html")]
struct AdmissionPage {
    admission: AdmissionSummary,
    tag: Tag,
    history: Vec<AdmissionChangeView>,
    role: Role,
    is_provider: bool,
}

impl AdmissionPage {
    fn is_live(&self) -> bool {
        matches!(
            self.admission.status,
            AdmissionState::Admitted | AdmissionState::Suspended
        )
    }

    fn may_manage(&self) -> bool {
        self.is_live() && may(self.role, Permission::ManageAdmissions)
    }

    fn may_leave(&self) -> bool {
        self.is_live() && may(self.role, Permission::LeaveLots)
    }

    fn may_insure(&self) -> bool {
        may(self.role, Permission::ManageProvider)
    }

    /// Whether the cooperative suspends it, which it can end.
    fn is_suspended_by_order(&self) -> bool {
        let cause = self
            .admission
            .suspension
            .as_ref()
            .map(|suspension| suspension.cause.code());
        cause == Some("cooperative")
    }
}

/// An admission, as lists say it.
pub(super) fn summary(tx: &mut Tx<'_>, actor: &Actor, id: AdmissionId) -> Result<AdmissionSummary> {
    let admission = actions::admission_seen_by(tx, actor, id)?;
    let mut summaries = AdmissionSummary::all(tx, vec![admission])?;
    summaries.pop().ok_or(Error::NotFound("admission"))
}

fn page(tx: &mut Tx<'_>, desk: &Desk<Actor>, id: AdmissionId) -> Result<Html> {
    let admission = summary(tx, desk, id)?;
    let history = store::changes_of(tx, id)?.into_iter().map(AdmissionChangeView::from);
    let title = format!("{}, lot {}", admission.provider.name, admission.lot.code);
    let page = AdmissionPage {
        tag: admission_tag(&admission),
        history: history.collect(),
        role: desk.role,
        is_provider: desk.organisation_kind == OrganisationKind::Provider,
        admission,
    };
    Html::of(title, &page)
}

async fn show(visit: PageDoor<Actor>, id: Id<AdmissionId>) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id)).await
}

#[cfg(test)]
mod tests;

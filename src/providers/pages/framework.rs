//! A framework: what it is, its own rules, its parts; for a provider how to join and where it stands.

use super::admission_tag;
use crate::access::{Actor, OrganisationKind, Permission, may};
use crate::db::Tx;
use crate::error::Result;
use crate::frameworks::api::FrameworkSummary;
use crate::frameworks::pages::{policy_in_words, tag};
use crate::frameworks::rules::Framework;
use crate::frameworks::{self, ContractVersion, Lot, Standard};
use crate::ids::FrameworkId;
use crate::providers::api::AdmissionSummary;
use crate::providers::store::{self, ApplicationHead};
use crate::web::pages::{Desk, Html, PageDoor, Tag, filters};
use crate::web::{Id, Reply, Routes};
use askama::Template;

pub(super) fn routes(r: &mut Routes) {
    r.get("/frameworks/{id}", show).may(Permission::ReadFrameworks);
}

#[derive(Template)]
#[template(path = "providers/framework.html")]
struct FrameworkPage {
    framework: Framework,
    cooperative: String,
    tag: Tag,
    policy: Vec<(&'static str, String)>,
    lots: Vec<LotRow>,
    standards: Vec<Standard>,
    contract_versions: Vec<(ContractVersion, bool)>,
    joining: Option<Joining>,
    may_manage: bool,
    sees_admissions: bool,
}

struct LotRow {
    lot: Lot,
    /// Providers that are admitted to it.
    admitted: usize,
}

/// How a provider joins, and where it stands.
struct Joining {
    admissions: Vec<(AdmissionSummary, Tag)>,
    under_way: Option<ApplicationHead>,
    /// Why no application is taken now.
    closed: Option<String>,
    /// Whether a lot is left that it is not admitted to.
    is_open: bool,
    may_apply: bool,
}

impl FrameworkPage {
    fn is(&self, state: &str) -> bool {
        self.framework.state.code() == state
    }
}

fn joining(tx: &mut Tx<'_>, actor: &Actor, framework: &Framework, lots: &[Lot]) -> Result<Joining> {
    let own = store::live_admissions(tx, framework.id, Some(actor.organisation_id))?;
    let is_open = lots
        .iter()
        .any(|lot| own.iter().all(|admission| admission.lot_id != lot.id));
    let admissions = AdmissionSummary::all(tx, own)?.into_iter().map(|admission| {
        let tag = admission_tag(&admission);
        (admission, tag)
    });
    Ok(Joining {
        admissions: admissions.collect(),
        under_way: store::application_under_way(tx, actor.organisation_id, framework.id)?,
        closed: framework
            .may_apply(tx.now.date_in_uk())
            .err()
            .map(|refused| refused.to_string()),
        is_open,
        may_apply: may(actor.role, Permission::WriteApplications),
    })
}

fn page(tx: &mut Tx<'_>, desk: &Desk<Actor>, id: FrameworkId) -> Result<Html> {
    let framework = frameworks::actions::framework_seen_by(tx, desk, id)?;
    let lots = frameworks::store::lots(tx, id)?;
    let is_provider = desk.organisation_kind == OrganisationKind::Provider;
    let joining = if is_provider {
        Some(joining(tx, desk, &framework, &lots)?)
    } else {
        None
    };
    let admitted = if is_provider {
        Vec::new()
    } else {
        store::live_admissions(tx, id, None)?
    };
    let lots = lots.into_iter().map(|lot| LotRow {
        admitted: admitted.iter().filter(|admission| admission.lot_id == lot.id).count(),
        lot,
    });
    let in_force = frameworks::store::contract_in_force(tx, id, tx.now.date_in_uk())?;
    let contract_versions = frameworks::store::contract_versions(tx, id)?
        .into_iter()
        .map(|version| {
            let is_in_force = in_force.as_ref().is_some_and(|in_force| in_force.id == version.id);
            (version, is_in_force)
        });
    let mut named = FrameworkSummary::all(tx, vec![framework.clone()])?;
    let title = format!("{}, {}", framework.reference, framework.title);
    let page = FrameworkPage {
        cooperative: named.remove(0).cooperative.name,
        tag: tag(framework.state),
        policy: policy_in_words(&framework.policy),
        lots: lots.collect(),
        standards: frameworks::store::standards(tx, id)?,
        contract_versions: contract_versions.collect(),
        joining,
        may_manage: may(desk.role, Permission::ManageFrameworks),
        sees_admissions: !is_provider,
        framework,
    };
    Html::of(title, &page)
}

async fn show(visit: PageDoor<Actor>, id: Id<FrameworkId>) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id)).await
}

#[cfg(test)]
mod tests;

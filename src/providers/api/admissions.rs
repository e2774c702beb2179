//! Admissions.

use std::collections::HashSet;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{FrameworkName, LotName, Names, ProviderName, once_each};
use crate::access::{Actor, CooperativeUser, Permission, ProviderUser};
use crate::clock::Instant;
use crate::db::Tx;
use crate::error::Result;
use crate::frameworks::{self, ContractVersion};
use crate::ids::{AdmissionId, ApplicationId, ContractVersionId};
use crate::providers::rules::{Admission, AdmissionState, Because, Suspension, SuspensionOrder};
use crate::providers::store::{AdmissionChange, AdmissionFilter, Scope};
use crate::providers::{actions, store};
use crate::web::{Answer, Body, Door, Id, Items, NoBody, Page, Query, Reply, Routes};

pub(super) fn routes(r: &mut Routes) {
    r.get("/admissions", list)
        .summary("Admissions to lots")
        .description(
            "A provider's people see its own; a cooperative's people, and those of its member authorities, all to its \
             frameworks.",
        )
        .may(Permission::ReadAdmissions)
        .query::<AdmissionFilter>()
        .lists::<AdmissionSummary>();
    r.get("/admissions/{id}", show)
        .summary("An admission with its history")
        .may(Permission::ReadAdmissions)
        .answers::<AdmissionView>(200);
    r.post("/admissions/{id}/suspend", suspend)
        .summary("Suspend an admission")
        .description("With `until` it is in force again from that moment on, by itself.")
        .may(Permission::ManageAdmissions)
        .body::<SuspensionOrder>()
        .answers::<AdmissionView>(200)
        .refuses(&["admission.already_suspended", "admission.ended"]);
    r.post("/admissions/{id}/reinstate", reinstate)
        .summary("Reinstate a suspended admission")
        .description("What expired insurance suspends is in force again when the provider renews it.")
        .may(Permission::ManageAdmissions)
        .answers::<AdmissionView>(200)
        .refuses(&[
            "admission.not_suspended",
            "admission.insurance_expired",
            "admission.ended",
        ]);
    r.post("/admissions/{id}/remove", remove)
        .summary("Remove a provider from a lot")
        .may(Permission::ManageAdmissions)
        .body::<Because>()
        .answers::<AdmissionView>(200)
        .refuses(&["admission.ended"]);
    r.post("/admissions/{id}/leave", leave)
        .summary("Leave a lot")
        .may(Permission::LeaveLots)
        .answers::<AdmissionView>(200)
        .refuses(&["admission.ended"]);
}

/// An admission in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AdmissionSummary {
    /// Its id.
    pub id: AdmissionId,
    /// The provider.
    pub provider: ProviderName,
    /// The framework.
    pub framework: FrameworkName,
    /// The lot.
    pub lot: LotName,
    /// The application that led to it.
    pub application_id: ApplicationId,
    /// Where it stands now.
    pub status: AdmissionState,
    /// What suspends it now.
    pub suspension: Option<Suspension>,
    /// Since when it is admitted.
    pub admitted_at: Instant,
    /// The last day on which the provider's insurance covers.
    pub insurance_expires_on: NaiveDate,
    /// Whether the provider has accepted the contract version in force. Without it no bid is submitted.
    pub contract_accepted: bool,
    /// The contract version that the provider is asked to accept: the newest, unless it has.
    pub contract_version_to_accept: Option<AskedContractVersion>,
    /// Counts its changes.
    pub version: i64,
}

/// A contract version that a provider is asked to accept.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AskedContractVersion {
    /// Its id.
    pub id: ContractVersionId,
    /// Its number.
    #[schema(example = 2)]
    pub number: i32,
    /// From this day on no bid is submitted without it.
    pub effective_on: NaiveDate,
}

/// An admission.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AdmissionView {
    #[serde(flatten)]
    summary: AdmissionSummary,
    /// Its changes, from the first on.
    history: Vec<AdmissionChangeView>,
}

/// One change of an admission.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AdmissionChangeView {
    /// Where it stood from then on.
    pub status: AdmissionState,
    /// Why.
    pub reason: Option<String>,
    /// When the suspension was to end by itself.
    pub until: Option<Instant>,
    /// When it was done.
    pub at: Instant,
}

impl From<AdmissionChange> for AdmissionChangeView {
    fn from(change: AdmissionChange) -> Self {
        Self {
            status: change.state,
            reason: change.reason,
            until: change.suspended_until,
            at: change.at,
        }
    }
}

impl AdmissionSummary {
    /// Each of these, with the names of what it speaks of and what the provider has accepted.
    pub fn all(tx: &mut Tx<'_>, admissions: Vec<Admission>) -> Result<Vec<Self>> {
        let providers = once_each(admissions.iter().map(|admission| admission.provider_id));
        let frameworks = once_each(admissions.iter().map(|admission| admission.framework_id));
        let lots = admissions.iter().map(|admission| admission.lot_id);
        let names = Names::of(tx, providers.iter().copied(), frameworks.iter().copied(), lots)?;
        let contracts = frameworks::store::contract_versions_of(tx, &frameworks)?;
        let version_ids: Vec<_> = contracts.iter().map(|version| version.id).collect();
        let accepted = store::accepted_by(tx, &providers, &version_ids)?;
        let now = tx.now;
        let one = |admission: Admission| {
            let mut of_framework = contracts
                .iter()
                .filter(|version| version.framework_id == admission.framework_id);
            let accepted_of: HashSet<_> = accepted
                .iter()
                .filter(|(provider, _)| *provider == admission.provider_id)
                .map(|(_, id)| *id)
                .collect();
            let in_force = of_framework
                .clone()
                .rfind(|version| version.effective_on <= now.date_in_uk());
            let newest = of_framework
                .next_back()
                .filter(|version| !accepted_of.contains(&version.id));
            Self {
                id: admission.id,
                provider: names.provider(admission.provider_id),
                framework: names.framework(admission.framework_id),
                lot: names.lot(admission.lot_id),
                application_id: admission.application_id,
                status: admission.status(now),
                suspension: admission.suspension(now),
                admitted_at: admission.admitted_at,
                insurance_expires_on: admission.insurance_expires_on,
                contract_accepted: in_force.is_some_and(|version| accepted_of.contains(&version.id)),
                contract_version_to_accept: newest.filter(|_| admission.is_live()).map(AskedContractVersion::from),
                version: admission.version,
            }
        };
        Ok(admissions.into_iter().map(one).collect())
    }
}

impl From<&ContractVersion> for AskedContractVersion {
    fn from(version: &ContractVersion) -> Self {
        Self {
            id: version.id,
            number: version.number,
            effective_on: version.effective_on,
        }
    }
}

fn answer(tx: &mut Tx<'_>, admission: Admission) -> Result<Answer> {
    let version = admission.version;
    let history = store::changes_of(tx, admission.id)?
        .into_iter()
        .map(AdmissionChangeView::from)
        .collect();
    let summary = AdmissionSummary::all(tx, vec![admission])?.remove(0);
    Ok(Answer::ok(AdmissionView { summary, history })?.version(version))
}

async fn list(door: Door<Actor>, filter: Query<AdmissionFilter>, page: Page) -> Reply {
    door.read(move |tx, actor| {
        let scope = Scope::of(tx, actor)?;
        let Items { items, next } = store::admissions_page(tx, &scope, &filter, &page)?;
        let items = AdmissionSummary::all(tx, items)?;
        Answer::ok(Items { items, next })
    })
    .await
}

async fn show(door: Door<Actor>, id: Id<AdmissionId>) -> Reply {
    door.read(move |tx, actor| {
        let admission = actions::admission_seen_by(tx, actor, *id)?;
        answer(tx, admission)
    })
    .await
}

async fn suspend(door: Door<CooperativeUser>, id: Id<AdmissionId>, body: Body<SuspensionOrder>) -> Reply {
    let if_match = door.if_match()?;
    door.write(move |tx, actor| {
        let admission = actions::suspend(tx, actor, *id, body.0, if_match)?;
        answer(tx, admission)
    })
    .await
}

async fn reinstate(door: Door<CooperativeUser>, id: Id<AdmissionId>, _none: NoBody) -> Reply {
    let if_match = door.if_match()?;
    door.write(move |tx, actor| {
        let admission = actions::reinstate(tx, actor, *id, if_match)?;
        answer(tx, admission)
    })
    .await
}

async fn remove(door: Door<CooperativeUser>, id: Id<AdmissionId>, body: Body<Because>) -> Reply {
    let if_match = door.if_match()?;
    door.write(move |tx, actor| {
        let admission = actions::remove(tx, actor, *id, body.0.reason, if_match)?;
        answer(tx, admission)
    })
    .await
}

async fn leave(door: Door<ProviderUser>, id: Id<AdmissionId>, _none: NoBody) -> Reply {
    let if_match = door.if_match()?;
    door.write(move |tx, actor| {
        let admission = actions::leave(tx, actor, *id, if_match)?;
        answer(tx, admission)
    })
    .await
}

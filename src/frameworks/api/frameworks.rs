//! The frameworks themselves.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::contract_versions::ContractVersionSummary;
use super::lots::LotView;
use crate::access::{Actor, CooperativeUser, Permission};
use crate::accounts;
use crate::clock::Instant;
use crate::db::Tx;
use crate::error::Result;
use crate::frameworks::rules::{
    AdmissionMode, ApplicationWindow, Framework, FrameworkChanges, FrameworkState, NewFramework, Policy,
};
use crate::frameworks::store::{FrameworkFilter, Scope};
use crate::frameworks::{actions, store};
use crate::ids::{FrameworkId, OrganisationId};
use crate::values::ProcurementRoute;
use crate::web::{Answer, Body, Door, Id, Items, NoBody, Page, Query, Reply, Routes};

pub(super) fn routes(r: &mut Routes) {
    r.post("/frameworks", create)
        .summary("Make a draft of a framework")
        .may(Permission::ManageFrameworks)
        .body::<NewFramework>()
        .answers::<FrameworkView>(201)
        .refuses(&["framework.reference_taken"]);
    r.get("/frameworks", list)
        .summary("Frameworks")
        .description(
            "A cooperative's people see its own; a member authority's people and providers those that are drafts no more.",
        )
        .may(Permission::ReadFrameworks)
        .query::<FrameworkFilter>()
        .lists::<FrameworkSummary>();
    r.get("/frameworks/{id}", show)
        .summary("A framework with its lots")
        .may(Permission::ReadFrameworks)
        .answers::<FrameworkView>(200);
    r.patch("/frameworks/{id}", change)
        .summary("Change a framework")
        .description(
            "All of a draft; once it has opened the title, the end of the term, the window for applications and the policy.",
        )
        .may(Permission::ManageFrameworks)
        .body::<FrameworkChanges>()
        .answers::<FrameworkView>(200)
        .refuses(&["framework.closed", "framework.fixed_once_open", "framework.reference_taken"]);
    r.post("/frameworks/{id}/open", open)
        .summary("Open a framework")
        .description(
            "It needs a lot, a contract version, and a term that is not over; all that is missing is named at once. \
             Standards are not needed, nor need the contract version be in force yet.",
        )
        .may(Permission::ManageFrameworks)
        .answers::<FrameworkView>(200)
        .refuses(&["framework.not_draft", "framework.incomplete"]);
    r.post("/frameworks/{id}/suspend", suspend)
        .summary("Suspend a framework")
        .description("No application is taken and nothing new called off until it is resumed; what runs runs on.")
        .may(Permission::ManageFrameworks)
        .body::<SuspendFramework>()
        .answers::<FrameworkView>(200)
        .refuses(&["framework.not_open", "framework.closed"]);
    r.post("/frameworks/{id}/resume", resume)
        .summary("Resume a suspended framework")
        .may(Permission::ManageFrameworks)
        .answers::<FrameworkView>(200)
        .refuses(&["framework.not_suspended", "framework.closed"]);
    r.post("/frameworks/{id}/close", close)
        .summary("Close a framework for good")
        .description("Nothing more is applied for or called off under it. Placements made under it go on.")
        .may(Permission::ManageFrameworks)
        .answers::<FrameworkView>(200)
        .refuses(&["framework.not_open", "framework.closed"]);
}

/// Suspends a framework.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuspendFramework {
    /// The reason, said to members and providers.
    #[validate(length(max = 2000), custom(function = "crate::values::text::prose"))]
    #[schema(example = "The procurement is under challenge.")]
    pub reason: String,
}

/// The cooperative that runs a framework.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CooperativeView {
    /// Its id.
    pub id: OrganisationId,
    /// Its name.
    #[schema(example = "South East")]
    pub name: String,
}

/// A framework.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FrameworkView {
    #[serde(flatten)]
    summary: FrameworkSummary,
    /// Why it is suspended.
    suspended_reason: Option<String>,
    /// The window for applications, where they come in one and it is known.
    application_window: Option<ApplicationWindow>,
    /// Its own rules.
    policy: Policy,
    /// Its lots, in the order they were added.
    lots: Vec<LotView>,
    /// The contract version that applicants accept now: the one in force, or before the first is, the newest.
    contract_version: Option<ContractVersionSummary>,
    /// When it opened.
    opened_at: Option<Instant>,
    /// When it closed.
    closed_at: Option<Instant>,
}

/// A framework in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FrameworkSummary {
    /// Its id.
    pub id: FrameworkId,
    /// The cooperative that runs it.
    pub cooperative: CooperativeView,
    /// How its papers call it.
    #[schema(example = "SE-RES-1")]
    pub reference: String,
    /// Its title.
    #[schema(example = "South East residential care")]
    pub title: String,
    /// By which rules of procurement it was set up.
    pub procurement_route: ProcurementRoute,
    /// Where it stands.
    pub status: FrameworkState,
    /// The first day of its term.
    pub starts_on: NaiveDate,
    /// The last day of its term.
    pub ends_on: NaiveDate,
    /// When providers may apply.
    pub admission: AdmissionMode,
    /// Whether it takes applications now.
    pub takes_applications: bool,
    /// Counts its changes.
    pub version: i64,
}

impl FrameworkSummary {
    /// Each of these, with its cooperative's name.
    pub fn all(tx: &mut Tx<'_>, frameworks: Vec<Framework>) -> Result<Vec<Self>> {
        let today = tx.now.date_in_uk();
        let mut cooperatives: Vec<_> = frameworks.iter().map(|framework| framework.cooperative_id).collect();
        cooperatives.sort();
        cooperatives.dedup();
        let names: HashMap<_, _> = accounts::store::organisations(tx, &cooperatives)?
            .into_iter()
            .map(|known| (known.id, known.name))
            .collect();
        let summary = |framework: Framework| Self {
            id: framework.id,
            takes_applications: framework.may_apply(today).is_ok(),
            cooperative: CooperativeView {
                id: framework.cooperative_id,
                name: names.get(&framework.cooperative_id).cloned().unwrap_or_default(),
            },
            reference: framework.reference,
            title: framework.title,
            procurement_route: framework.procurement_route,
            status: framework.state,
            starts_on: framework.starts_on,
            ends_on: framework.ends_on,
            admission: framework.admission,
            version: framework.version,
        };
        Ok(frameworks.into_iter().map(summary).collect())
    }
}

fn view(tx: &mut Tx<'_>, framework: Framework) -> Result<FrameworkView> {
    let lots = store::lots(tx, framework.id)?.into_iter().map(LotView::from).collect();
    let today = tx.now.date_in_uk();
    let contract_version = store::contract_to_accept(tx, framework.id, today)?.map(ContractVersionSummary::from);
    let summary = FrameworkSummary::all(tx, vec![framework.clone()])?.remove(0);
    Ok(FrameworkView {
        summary,
        suspended_reason: framework.suspended_reason,
        application_window: framework.application_window,
        policy: framework.policy,
        lots,
        contract_version,
        opened_at: framework.opened_at,
        closed_at: framework.closed_at,
    })
}

fn answer(tx: &mut Tx<'_>, framework: Framework) -> Result<Answer> {
    let version = framework.version;
    Ok(Answer::ok(view(tx, framework)?)?.version(version))
}

async fn create(door: Door<CooperativeUser>, body: Body<NewFramework>) -> Reply {
    door.write(move |tx, actor| {
        let framework = actions::create(tx, actor, body.0)?;
        let (id, version) = (framework.id, framework.version);
        Ok(Answer::created(format!("/frameworks/{id}"), view(tx, framework)?)?.version(version))
    })
    .await
}

async fn list(door: Door<Actor>, filter: Query<FrameworkFilter>, page: Page) -> Reply {
    door.read(move |tx, actor| {
        let scope = Scope::of(tx, actor)?;
        let Items { items, next } = store::frameworks_page(tx, &scope, &filter, &page)?;
        let items = FrameworkSummary::all(tx, items)?;
        Answer::ok(Items { items, next })
    })
    .await
}

async fn show(door: Door<Actor>, id: Id<FrameworkId>) -> Reply {
    door.read(move |tx, actor| {
        let framework = actions::framework_seen_by(tx, actor, *id)?;
        answer(tx, framework)
    })
    .await
}

async fn change(door: Door<CooperativeUser>, id: Id<FrameworkId>, body: Body<FrameworkChanges>) -> Reply {
    let if_match = door.if_match()?;
    door.write(move |tx, actor| {
        let framework = actions::change(tx, actor, *id, body.0, if_match)?;
        answer(tx, framework)
    })
    .await
}

async fn open(door: Door<CooperativeUser>, id: Id<FrameworkId>, _none: NoBody) -> Reply {
    let if_match = door.if_match()?;
    door.write(move |tx, actor| {
        let framework = actions::open(tx, actor, *id, if_match)?;
        answer(tx, framework)
    })
    .await
}

async fn suspend(door: Door<CooperativeUser>, id: Id<FrameworkId>, body: Body<SuspendFramework>) -> Reply {
    let if_match = door.if_match()?;
    door.write(move |tx, actor| {
        let framework = actions::suspend(tx, actor, *id, body.0.reason, if_match)?;
        answer(tx, framework)
    })
    .await
}

async fn resume(door: Door<CooperativeUser>, id: Id<FrameworkId>, _none: NoBody) -> Reply {
    let if_match = door.if_match()?;
    door.write(move |tx, actor| {
        let framework = actions::resume(tx, actor, *id, if_match)?;
        answer(tx, framework)
    })
    .await
}

async fn close(door: Door<CooperativeUser>, id: Id<FrameworkId>, _none: NoBody) -> Reply {
    let if_match = door.if_match()?;
    door.write(move |tx, actor| {
        let framework = actions::close(tx, actor, *id, if_match)?;
        answer(tx, framework)
    })
    .await
}

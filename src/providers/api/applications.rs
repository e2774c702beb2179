//! Applications.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{FrameworkName, LotName, Names, ProviderName};
use crate::access::{Actor, CooperativeUser, OrganisationKind, Permission, ProviderUser};
use crate::clock::Instant;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::{ApplicationId, ContractVersionId, FrameworkId};
use crate::providers::rules::{
    Answer as StandardAnswer, Application, ApplicationContent, ApplicationState, AppliedLot, Because, Decisions,
    Finding, Insurance, LotOutcome, NewApplication, NewFindings,
};
use crate::providers::store::{ApplicationFilter, ApplicationHead, Scope};
use crate::providers::{actions, store};
use crate::web::{Answer, Body, Door, Id, Items, NoBody, Page, Query, Reply, Routes};

pub(super) fn routes(r: &mut Routes) {
    r.post("/frameworks/{id}/applications", apply)
        .summary("Begin an application to an open framework")
        .description("One at a time to a framework. There is no fee, ever.")
        .may(Permission::WriteApplications)
        .body::<NewApplication>()
        .answers::<ApplicationView>(201)
        .refuses(&[
            "framework.not_open",
            "framework.out_of_term",
            "framework.not_admitting",
            "application.already_exists",
            "application.already_admitted",
        ]);
    r.get("/applications", list)
        .summary("Applications")
        .description("A provider's people see its own; a cooperative's people those that were submitted to it.")
        .may(Permission::ReadApplications)
        .query::<ApplicationFilter>()
        .lists::<ApplicationSummary>();
    r.get("/applications/{id}", show)
        .summary("An application")
        .may(Permission::ReadApplications)
        .answers::<ApplicationView>(200);
    r.put("/applications/{id}", rewrite)
        .summary("Write an application")
        .description(
            "The whole of it: what is left out is empty. It may be unfinished until it is submitted. A draft or a returned \
             application can be written.",
        )
        .may(Permission::WriteApplications)
        .body::<ApplicationContent>()
        .answers::<ApplicationView>(200)
        .refuses(&["application.not_editable", "application.already_admitted"]);
    r.post("/applications/{id}/submit", submit)
        .summary("Submit an application")
        .description(
            "It needs an answer to every mandatory standard, the declaration on exclusion grounds, insurance that runs beyond \
             today, and the current contract version, which the person who submits accepts for the provider. Everything that \
             is missing is named at once. The decision is due ten working days later.",
        )
        .may(Permission::WriteApplications)
        .answers::<ApplicationView>(200)
        .refuses(&[
            "application.not_editable",
            "application.standard_unanswered",
            "application.exclusion_undeclared",
            "application.insurance_missing",
            "application.insurance_expired",
            "application.contract_not_accepted",
            "framework.not_open",
            "framework.out_of_term",
            "framework.not_admitting",
        ]);
    r.post("/applications/{id}/withdraw", withdraw)
        .summary("Withdraw an application")
        .may(Permission::WriteApplications)
        .answers::<ApplicationView>(200)
        .refuses(&["application.over"]);
    r.put("/applications/{id}/findings", record_findings)
        .summary("Say which standards an application meets, in place of what was said of its answers before")
        .description(
            "Standard by standard, with a note where one is not met. The provider reads it once the application is returned or \
             decided. When it changes an answer, what was found is of an earlier answer, and stays until the new one is judged.",
        )
        .may(Permission::DecideApplications)
        .body::<NewFindings>()
        .answers::<ApplicationView>(200)
        .refuses(&["application.not_submitted"]);
    r.post("/applications/{id}/return", give_back)
        .summary("Return an application to its provider")
        .may(Permission::DecideApplications)
        .body::<Because>()
        .answers::<ApplicationView>(200)
        .refuses(&["application.not_submitted"]);
    r.post("/applications/{id}/decide", decide)
        .summary("Decide an application, lot by lot")
        .description("No lot is admitted while the answer to a mandatory standard is found not to meet it.")
        .may(Permission::DecideApplications)
        .body::<Decisions>()
        .answers::<ApplicationView>(200)
        .refuses(&[
            "application.not_submitted",
            "application.lot_undecided",
            "application.standard_not_met",
            "framework.closed",
        ]);
}

/// An application in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApplicationSummary {
    /// Its id.
    pub id: ApplicationId,
    /// The framework.
    pub framework: FrameworkName,
    /// Who applies.
    pub provider: ProviderName,
    /// Where it stands.
    pub status: ApplicationState,
    /// The lots that it is for.
    pub lots: Vec<AppliedLotView>,
    /// When it was submitted last.
    pub submitted_at: Option<Instant>,
    /// The day by which it is to be decided.
    pub decision_due_on: Option<NaiveDate>,
    /// Whether that day has passed without a decision.
    pub overdue: bool,
    /// When it was decided.
    pub decided_at: Option<Instant>,
    /// Counts its changes.
    pub version: i64,
}

/// An application.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApplicationView {
    #[serde(flatten)]
    pub(in crate::providers) summary: ApplicationSummary,
    /// The answers to quality standards.
    pub answers: Vec<StandardAnswer>,
    /// What the cooperative found of the answers; told to the provider once the application is returned or decided.
    pub findings: Vec<Finding>,
    /// Whether it declares that no ground for exclusion applies to the provider.
    pub no_exclusion_grounds: bool,
    /// The provider's insurance.
    pub insurance: Option<Insurance>,
    /// The contract version that the provider accepts by submitting.
    pub accepted_contract_version_id: Option<ContractVersionId>,
    /// Why it was returned last.
    pub returned_reason: Option<String>,
}

/// A lot that was applied for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AppliedLotView {
    /// The lot.
    pub lot: LotName,
    /// What was decided on it.
    pub outcome: Option<LotOutcome>,
    /// Why it was rejected.
    pub reason: Option<String>,
}

fn summary(head: &ApplicationHead, lots: Vec<AppliedLot>, names: &Names, today: NaiveDate) -> ApplicationSummary {
    ApplicationSummary {
        id: head.id,
        framework: names.framework(head.framework_id),
        provider: names.provider(head.provider_id),
        status: head.state,
        lots: lots
            .into_iter()
            .map(|lot| AppliedLotView {
                lot: names.lot(lot.lot_id),
                outcome: lot.outcome,
                reason: lot.reason,
            })
            .collect(),
        submitted_at: head.submitted_at,
        decision_due_on: head.decision_due_on,
        overdue: head.state == ApplicationState::Submitted && head.decision_due_on.is_some_and(|due| due < today),
        decided_at: head.decided_at,
        version: head.version,
    }
}

impl ApplicationSummary {
    /// Each of these, with its lots and the names of what it speaks of.
    pub fn all(tx: &mut Tx<'_>, heads: &[ApplicationHead]) -> Result<Vec<Self>> {
        let ids: Vec<_> = heads.iter().map(|head| head.id).collect();
        let mut lots = store::lots_of_applications(tx, &ids)?;
        let lot_ids: Vec<_> = lots.values().flatten().map(|lot| lot.lot_id).collect();
        let (providers, frameworks) = (
            heads.iter().map(|head| head.provider_id),
            heads.iter().map(|head| head.framework_id),
        );
        let names = Names::of(tx, providers, frameworks, lot_ids.into_iter())?;
        let today = tx.now.date_in_uk();
        let one = |head: &ApplicationHead| summary(head, lots.remove(&head.id).unwrap_or_default(), &names, today);
        Ok(heads.iter().map(one).collect())
    }
}

impl ApplicationView {
    /// An application with the names of what it speaks of, as the reader may know it.
    pub fn of(tx: &mut Tx<'_>, reader: &Actor, application: Application) -> Result<Self> {
        let is_told = reader.organisation_kind == OrganisationKind::Cooperative || application.tells_findings();
        let (provider, framework) = (application.provider_id, application.framework_id);
        let lots: Vec<_> = application.lot_ids().collect();
        let names = Names::of(tx, [provider].into_iter(), [framework].into_iter(), lots.into_iter())?;
        let head = ApplicationHead {
            id: application.id,
            framework_id: framework,
            provider_id: provider,
            state: application.state,
            submitted_at: application.submitted_at,
            decision_due_on: application.decision_due_on,
            decided_at: application.decided_at,
            version: application.version,
        };
        Ok(Self {
            summary: summary(&head, application.lots, &names, tx.now.date_in_uk()),
            answers: application.answers,
            findings: if is_told { application.findings } else { Vec::new() },
            no_exclusion_grounds: application.no_exclusion_grounds,
            insurance: application.insurance,
            accepted_contract_version_id: application.accepted_contract_version_id,
            returned_reason: application.returned_reason,
        })
    }
}

fn answer(tx: &mut Tx<'_>, reader: &Actor, application: Application) -> Result<Answer> {
    let version = application.version;
    Ok(Answer::ok(ApplicationView::of(tx, reader, application)?)?.version(version))
}

async fn apply(door: Door<ProviderUser>, id: Id<FrameworkId>, body: Body<NewApplication>) -> Reply {
    door.write(move |tx, actor| {
        let application = actions::apply(tx, actor, *id, body.0)?;
        let (id, version) = (application.id, application.version);
        let view = ApplicationView::of(tx, actor, application)?;
        Ok(Answer::created(format!("/applications/{id}"), view)?.version(version))
    })
    .await
}

async fn list(door: Door<Actor>, filter: Query<ApplicationFilter>, page: Page) -> Reply {
    door.read(move |tx, actor| {
        let scope = Scope::of(tx, actor)?;
        let Items { items, next } = store::applications_page(tx, &scope, &filter, &page)?;
        let items = ApplicationSummary::all(tx, &items)?;
        Answer::ok(Items { items, next })
    })
    .await
}

async fn show(door: Door<Actor>, id: Id<ApplicationId>) -> Reply {
    door.read(move |tx, actor| {
        let application = actions::application_seen_by(tx, actor, *id)?;
        answer(tx, actor, application)
    })
    .await
}

async fn rewrite(door: Door<ProviderUser>, id: Id<ApplicationId>, body: Body<ApplicationContent>) -> Reply {
    let if_match = door.if_match()?;
    door.write(move |tx, actor| {
        let application = actions::rewrite(tx, actor, *id, body.0, if_match)?;
        answer(tx, actor, application)
    })
    .await
}

async fn submit(door: Door<ProviderUser>, id: Id<ApplicationId>, _none: NoBody) -> Reply {
    let if_match = door.if_match()?;
    door.write(move |tx, actor| {
        let application = actions::submit(tx, actor, *id, if_match)?;
        answer(tx, actor, application)
    })
    .await
}

async fn withdraw(door: Door<ProviderUser>, id: Id<ApplicationId>, _none: NoBody) -> Reply {
    let if_match = door.if_match()?;
    door.write(move |tx, actor| {
        let application = actions::withdraw(tx, actor, *id, if_match)?;
        answer(tx, actor, application)
    })
    .await
}

async fn record_findings(door: Door<CooperativeUser>, id: Id<ApplicationId>, body: Body<NewFindings>) -> Reply {
    let if_match = door.if_match()?;
    door.write(move |tx, actor| {
        let application = actions::record_findings(tx, actor, *id, body.0, if_match)?;
        answer(tx, actor, application)
    })
    .await
}

async fn give_back(door: Door<CooperativeUser>, id: Id<ApplicationId>, body: Body<Because>) -> Reply {
    let if_match = door.if_match()?;
    door.write(move |tx, actor| {
        let application = actions::give_back(tx, actor, *id, body.0.reason, if_match)?;
        answer(tx, actor, application)
    })
    .await
}

async fn decide(door: Door<CooperativeUser>, id: Id<ApplicationId>, body: Body<Decisions>) -> Reply {
    let if_match = door.if_match()?;
    door.write(move |tx, actor| {
        let application = actions::decide(tx, actor, *id, body.0, if_match)?;
        answer(tx, actor, application)
    })
    .await
}

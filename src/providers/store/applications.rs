//! Applications with their lots and answers, and what was found of these.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::Deserialize;
use utoipa::IntoParams;

use super::Scope;
use super::profiles::insured;
use crate::clock::Instant;
use crate::codes;
use crate::db::schema::{
    application_answers, application_findings, application_lots, applications, frameworks, organisations,
};
use crate::db::search::{containing, lower};
use crate::db::{Tx, ascending, descending, one_row, text_column, unless_taken};
use crate::each;
use crate::error::Result;
use crate::ids::{ApplicationId, ContractVersionId, FrameworkId, LotId, OrganisationId, PersonId, StandardId};
use crate::providers::rules::{
    Answer, Application, ApplicationRefused, ApplicationState, AppliedLot, Finding, LotOutcome, StandardOutcome,
};
use crate::values::Money;
use crate::web::paging::{Items, Page, cursor};

text_column!(ApplicationState, LotOutcome, StandardOutcome);

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = applications, treat_none_as_null = true)]
struct ApplicationRow {
    id: ApplicationId,
    framework_id: FrameworkId,
    provider_id: OrganisationId,
    state: ApplicationState,
    no_exclusion_grounds: bool,
    insurance_policy_number: Option<String>,
    insurance_cover: Option<Money>,
    insurance_expires_on: Option<NaiveDate>,
    accepted_contract_version_id: Option<ContractVersionId>,
    submitted_by: Option<PersonId>,
    submitted_at: Option<Instant>,
    decision_due_on: Option<NaiveDate>,
    returned_reason: Option<String>,
    decided_at: Option<Instant>,
    version: i64,
}

impl From<&Application> for ApplicationRow {
    fn from(application: &Application) -> Self {
        let insurance = application.insurance.clone();
        Self {
            id: application.id,
            framework_id: application.framework_id,
            provider_id: application.provider_id,
            state: application.state,
            no_exclusion_grounds: application.no_exclusion_grounds,
            insurance_cover: insurance.as_ref().map(|insurance| insurance.cover),
            insurance_expires_on: insurance.as_ref().map(|insurance| insurance.expires_on),
            insurance_policy_number: insurance.map(|insurance| insurance.policy_number),
            accepted_contract_version_id: application.accepted_contract_version_id,
            submitted_by: application.submitted_by,
            submitted_at: application.submitted_at,
            decision_due_on: application.decision_due_on,
            returned_reason: application.returned_reason.clone(),
            decided_at: application.decided_at,
            version: application.version,
        }
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = application_lots)]
struct LotRow {
    application_id: ApplicationId,
    lot_id: LotId,
    outcome: Option<LotOutcome>,
    reason: Option<String>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = application_answers)]
struct AnswerRow {
    application_id: ApplicationId,
    standard_id: StandardId,
    statement: String,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = application_findings)]
struct FindingRow {
    application_id: ApplicationId,
    standard_id: StandardId,
    outcome: StandardOutcome,
    note: Option<String>,
    of_earlier_answer: bool,
    found_by: PersonId,
    found_at: Instant,
}

/// An application in a list: all but its answers.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = applications)]
pub struct ApplicationHead {
    /// Its id.
    pub id: ApplicationId,
    /// The framework.
    pub framework_id: FrameworkId,
    /// Who applies.
    pub provider_id: OrganisationId,
    /// Where it stands.
    pub state: ApplicationState,
    /// When it was submitted last.
    pub submitted_at: Option<Instant>,
    /// The day by which it is to be decided.
    pub decision_due_on: Option<NaiveDate>,
    /// When it was decided.
    pub decided_at: Option<Instant>,
    /// Counts its changes.
    pub version: i64,
}

codes! {
    /// The orders of a list of applications.
    pub enum ApplicationOrder {
        Begun("begun", "First begun first"),
        Newest("newest", "Newest first"),
        Due("due", "Decision due, soonest first"),
    }
}

/// Which applications are listed, and in which order.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ApplicationFilter {
    /// Only those to this framework.
    pub framework_id: Option<FrameworkId>,
    /// Only this provider's.
    pub provider_id: Option<OrganisationId>,
    /// Only those of providers whose name contains this, whichever the case.
    pub provider: Option<String>,
    /// Where they stand.
    pub status: Option<ApplicationState>,
    /// Only those whose decision is due on this day or before it.
    pub due_by: Option<NaiveDate>,
    /// The order; `begun` when absent.
    #[param(inline)]
    pub sort: Option<ApplicationOrder>,
}

type Boxed<'a> = applications::BoxedQuery<'a, crate::db::connection::MultiBackend>;

/// A provider's own; a cooperative's those that were submitted to it at least once.
fn within(scope: &Scope) -> Boxed<'static> {
    let query = applications::table.into_boxed();
    match scope {
        Scope::Provider(provider) => query.filter(applications::provider_id.eq(*provider)),
        Scope::Cooperative(cooperative) => query.filter(applications::submitted_at.is_not_null()).filter(
            applications::framework_id.eq_any(
                frameworks::table
                    .filter(frameworks::cooperative_id.eq(*cooperative))
                    .select(frameworks::id),
            ),
        ),
        Scope::Members(_) => query.filter(applications::id.eq_any(Vec::<ApplicationId>::new())),
    }
}

/// An application within a scope.
pub fn seen_application(tx: &mut Tx<'_>, scope: &Scope, id: ApplicationId) -> Result<Option<Application>> {
    let row = within(scope)
        .filter(applications::id.eq(id))
        .select(ApplicationRow::as_select())
        .first(tx.conn)
        .optional()?;
    row.map(|row| whole(tx, row)).transpose()
}

fn whole(tx: &mut Tx<'_>, row: ApplicationRow) -> Result<Application> {
    let lots = lots_of_applications(tx, &[row.id])?.remove(&row.id).unwrap_or_default();
    let answers: Vec<AnswerRow> = application_answers::table
        .filter(application_answers::application_id.eq(row.id))
        .order(application_answers::standard_id)
        .select(AnswerRow::as_select())
        .load(tx.conn)?;
    let findings: Vec<FindingRow> = application_findings::table
        .filter(application_findings::application_id.eq(row.id))
        .order(application_findings::standard_id)
        .select(FindingRow::as_select())
        .load(tx.conn)?;
    Ok(Application {
        id: row.id,
        framework_id: row.framework_id,
        provider_id: row.provider_id,
        state: row.state,
        lots,
        answers: answers
            .into_iter()
            .map(|row| Answer {
                standard_id: row.standard_id,
                statement: row.statement,
            })
            .collect(),
        findings: findings
            .into_iter()
            .map(|row| Finding {
                standard_id: row.standard_id,
                outcome: row.outcome,
                note: row.note,
                of_earlier_answer: row.of_earlier_answer,
                found_by: row.found_by,
                found_at: row.found_at,
            })
            .collect(),
        no_exclusion_grounds: row.no_exclusion_grounds,
        insurance: insured(
            row.insurance_policy_number,
            row.insurance_cover,
            row.insurance_expires_on,
        ),
        accepted_contract_version_id: row.accepted_contract_version_id,
        submitted_by: row.submitted_by,
        submitted_at: row.submitted_at,
        decision_due_on: row.decision_due_on,
        returned_reason: row.returned_reason,
        decided_at: row.decided_at,
        version: row.version,
    })
}

/// The lots of each of these applications, in the order the framework's lots were added.
pub fn lots_of_applications(tx: &mut Tx<'_>, ids: &[ApplicationId]) -> Result<HashMap<ApplicationId, Vec<AppliedLot>>> {
    let rows: Vec<LotRow> = application_lots::table
        .filter(application_lots::application_id.eq_any(ids.to_vec()))
        .order(application_lots::lot_id)
        .select(LotRow::as_select())
        .load(tx.conn)?;
    let mut of: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows {
        of.entry(row.application_id).or_default().push(AppliedLot {
            lot_id: row.lot_id,
            outcome: row.outcome,
            reason: row.reason,
        });
    }
    Ok(of)
}

fn narrowed(scope: &Scope, filter: &ApplicationFilter) -> Boxed<'static> {
    let mut query = within(scope);
    if let Some(framework) = filter.framework_id {
        query = query.filter(applications::framework_id.eq(framework));
    }
    if let Some(provider) = filter.provider_id {
        query = query.filter(applications::provider_id.eq(provider));
    }
    if let Some(name) = &filter.provider {
        query = query.filter(
            applications::provider_id.eq_any(
                organisations::table
                    .filter(lower(organisations::name).like(containing(name)).escape('\\'))
                    .select(organisations::id),
            ),
        );
    }
    if let Some(state) = filter.status {
        query = query.filter(applications::state.eq(state));
    }
    if let Some(day) = filter.due_by {
        query = query
            .filter(applications::state.eq(ApplicationState::Submitted))
            .filter(applications::decision_due_on.le(day));
    }
    query
}

/// A part of the applications of a scope.
pub fn applications_page(
    tx: &mut Tx<'_>,
    scope: &Scope,
    filter: &ApplicationFilter,
    page: &Page,
) -> Result<Items<ApplicationHead>> {
    let query = narrowed(scope, filter);
    let order = filter.sort.unwrap_or(ApplicationOrder::Begun);
    let query = match order {
        ApplicationOrder::Begun => ascending!(query, page.after_in::<ApplicationId>(order)?, applications::id),
        ApplicationOrder::Newest => descending!(query, page.after_in::<ApplicationId>(order)?, applications::id),
        // Those without such a day come last.
        ApplicationOrder::Due => {
            let after = page.after_in::<(Option<NaiveDate>, ApplicationId)>(order)?;
            ascending!(query, after, nulls last applications::decision_due_on, applications::id)
        }
    };
    let found: Vec<ApplicationHead> = query
        .limit(page.fetch())
        .select(ApplicationHead::as_select())
        .load(tx.conn)?;
    Ok(Items::of(found, page, |one| match order {
        ApplicationOrder::Begun | ApplicationOrder::Newest => cursor(order, one.id),
        ApplicationOrder::Due => cursor(order, (one.decision_due_on, one.id)),
    }))
}

/// A provider's application to a framework that is under way.
pub fn application_under_way(
    tx: &mut Tx<'_>,
    provider: OrganisationId,
    framework: FrameworkId,
) -> Result<Option<ApplicationHead>> {
    Ok(pending(provider, framework)
        .select(ApplicationHead::as_select())
        .first(tx.conn)
        .optional()?)
}

fn pending(provider: OrganisationId, framework: FrameworkId) -> Boxed<'static> {
    let ended = [ApplicationState::Decided, ApplicationState::Withdrawn];
    applications::table
        .filter(applications::provider_id.eq(provider))
        .filter(applications::framework_id.eq(framework))
        .filter(applications::state.ne_all(ended))
        .into_boxed()
}

/// Whether a provider has an application to a framework under way.
pub fn under_way(tx: &mut Tx<'_>, provider: OrganisationId, framework: FrameworkId) -> Result<bool> {
    Ok(application_under_way(tx, provider, framework)?.is_some())
}

/// Takes an application within a scope for writing: what is done to it is done one after the other.
pub fn lock_application(tx: &mut Tx<'_>, scope: &Scope, id: ApplicationId) -> Result<Option<Application>> {
    diesel::update(applications::table.find(id))
        .set(applications::version.eq(applications::version))
        .execute(tx.conn)?;
    seen_application(tx, scope, id)
}

/// Keeps a new application, unless another one of the provider to the framework is under way.
pub fn insert_application(tx: &mut Tx<'_>, application: &Application, by: PersonId) -> Result<()> {
    let now = tx.now;
    let insert = diesel::insert_into(applications::table)
        .values((
            ApplicationRow::from(application),
            applications::created_by.eq(by),
            applications::created_at.eq(now),
        ))
        .execute(tx.conn);
    unless_taken(insert, || ApplicationRefused::AlreadyExists.into())?;
    insert_parts(tx, application)
}

/// Keeps a changed application as the version after the one that it was read as, and answers it so. `decided_by` names who
/// decided it, if somebody just did.
pub fn update_application(
    tx: &mut Tx<'_>,
    application: Application,
    decided_by: Option<PersonId>,
) -> Result<Application> {
    let after = Application {
        version: application.version + 1,
        ..application
    };
    let read = applications::table
        .find(after.id)
        .filter(applications::version.eq(application.version));
    let update = diesel::update(read)
        .set((ApplicationRow::from(&after), applications::decided_by.eq(decided_by)))
        .execute(tx.conn)?;
    one_row(update)?;
    diesel::delete(application_lots::table.filter(application_lots::application_id.eq(after.id))).execute(tx.conn)?;
    diesel::delete(application_answers::table.filter(application_answers::application_id.eq(after.id)))
        .execute(tx.conn)?;
    diesel::delete(application_findings::table.filter(application_findings::application_id.eq(after.id)))
        .execute(tx.conn)?;
    insert_parts(tx, &after)?;
    Ok(after)
}

fn insert_parts(tx: &mut Tx<'_>, application: &Application) -> Result<()> {
    let lots: Vec<LotRow> = application
        .lots
        .iter()
        .map(|lot| LotRow {
            application_id: application.id,
            lot_id: lot.lot_id,
            outcome: lot.outcome,
            reason: lot.reason.clone(),
        })
        .collect();
    let answers: Vec<AnswerRow> = application
        .answers
        .iter()
        .map(|answer| AnswerRow {
            application_id: application.id,
            standard_id: answer.standard_id,
            statement: answer.statement.clone(),
        })
        .collect();
    each!(tx.conn, c => diesel::insert_into(application_lots::table).values(&lots).execute(c))?;
    if !answers.is_empty() {
        each!(tx.conn, c => diesel::insert_into(application_answers::table).values(&answers).execute(c))?;
    }
    let findings: Vec<FindingRow> = application
        .findings
        .iter()
        .map(|finding| FindingRow {
            application_id: application.id,
            standard_id: finding.standard_id,
            outcome: finding.outcome,
            note: finding.note.clone(),
            of_earlier_answer: finding.of_earlier_answer,
            found_by: finding.found_by,
            found_at: finding.found_at,
        })
        .collect();
    if !findings.is_empty() {
        each!(tx.conn, c => diesel::insert_into(application_findings::table).values(&findings).execute(c))?;
    }
    Ok(())
}

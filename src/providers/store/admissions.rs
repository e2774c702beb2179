//! Admissions and their history.

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::Deserialize;
use utoipa::IntoParams;

use super::Scope;
use crate::clock::Instant;
use crate::codes;
use crate::db::schema::{admission_history, admissions, frameworks, organisations};
use crate::db::search::{containing, lower};
use crate::db::{ROWS_AT_ONCE, Tx, ascending, descending, one_row, text_column};
use crate::each;
use crate::error::Result;
use crate::ids::{AdmissionChangeId, AdmissionId, ApplicationId, FrameworkId, LotId, OrganisationId, PersonId};
use crate::providers::rules::{Admission, AdmissionState};
use crate::web::paging::{Items, Page, cursor};

text_column!(AdmissionState);

const LIVE: [AdmissionState; 2] = [AdmissionState::Admitted, AdmissionState::Suspended];

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = admissions, treat_none_as_null = true, treat_none_as_default_value = false)]
struct AdmissionRow {
    id: AdmissionId,
    provider_id: OrganisationId,
    framework_id: FrameworkId,
    lot_id: LotId,
    application_id: ApplicationId,
    state: AdmissionState,
    reason: Option<String>,
    suspended_until: Option<Instant>,
    insurance_expires_on: NaiveDate,
    admitted_at: Instant,
    version: i64,
}

impl From<AdmissionRow> for Admission {
    fn from(row: AdmissionRow) -> Self {
        Self {
            id: row.id,
            provider_id: row.provider_id,
            framework_id: row.framework_id,
            lot_id: row.lot_id,
            application_id: row.application_id,
            state: row.state,
            reason: row.reason,
            suspended_until: row.suspended_until,
            insurance_expires_on: row.insurance_expires_on,
            admitted_at: row.admitted_at,
            version: row.version,
        }
    }
}

impl From<&Admission> for AdmissionRow {
    fn from(admission: &Admission) -> Self {
        Self {
            id: admission.id,
            provider_id: admission.provider_id,
            framework_id: admission.framework_id,
            lot_id: admission.lot_id,
            application_id: admission.application_id,
            state: admission.state,
            reason: admission.reason.clone(),
            suspended_until: admission.suspended_until,
            insurance_expires_on: admission.insurance_expires_on,
            admitted_at: admission.admitted_at,
            version: admission.version,
        }
    }
}

/// One change of an admission, as its history keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = admission_history)]
pub struct AdmissionChange {
    /// Where it stood from then on.
    pub state: AdmissionState,
    /// Why.
    pub reason: Option<String>,
    /// When the suspension was to end by itself.
    pub suspended_until: Option<Instant>,
    /// When it was done.
    #[diesel(column_name = created_at)]
    pub at: Instant,
}

codes! {
    /// The orders of a list of admissions.
    pub enum AdmissionOrder {
        Admitted("admitted", "First admitted first"),
        Newest("newest", "Newest first"),
        Insurance("insurance", "Insurance, soonest to end first"),
    }
}

/// Which admissions are listed, and in which order.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AdmissionFilter {
    /// Only those to this framework.
    pub framework_id: Option<FrameworkId>,
    /// Only those to this lot.
    pub lot_id: Option<LotId>,
    /// Only this provider's.
    pub provider_id: Option<OrganisationId>,
    /// Only those of providers whose name contains this, whichever the case.
    pub provider: Option<String>,
    /// Where they stand now.
    pub status: Option<AdmissionState>,
    /// The order; `admitted` when absent.
    #[param(inline)]
    pub sort: Option<AdmissionOrder>,
}

type Boxed<'a> = admissions::BoxedQuery<'a, crate::db::connection::MultiBackend>;

pub(super) fn within(scope: &Scope) -> Boxed<'static> {
    let query = admissions::table.into_boxed();
    let of = |cooperatives: Vec<OrganisationId>| {
        admissions::framework_id.eq_any(
            frameworks::table
                .filter(frameworks::cooperative_id.eq_any(cooperatives))
                .select(frameworks::id),
        )
    };
    match scope {
        Scope::Cooperative(cooperative) => query.filter(of(vec![*cooperative])),
        Scope::Members(cooperatives) => query.filter(of(cooperatives.clone())),
        Scope::Provider(provider) => query.filter(admissions::provider_id.eq(*provider)),
    }
}

/// Narrows to where an admission stands now: what [`Admission::status`] says of one, said in SQL.
pub(super) fn standing_now(query: Boxed<'static>, status: AdmissionState, now: Instant) -> Boxed<'static> {
    let today = now.date_in_uk();
    match status {
        AdmissionState::Admitted => query
            .filter(admissions::state.eq_any(LIVE))
            .filter(
                admissions::state
                    .eq(AdmissionState::Admitted)
                    .or(admissions::suspended_until.le(now)),
            )
            .filter(admissions::insurance_expires_on.ge(today)),
        AdmissionState::Suspended => query.filter(admissions::state.eq_any(LIVE)).filter(
            admissions::insurance_expires_on
                .lt(today)
                .or(admissions::state.eq(AdmissionState::Suspended).and(
                    admissions::suspended_until
                        .is_null()
                        .or(admissions::suspended_until.gt(now)),
                )),
        ),
        ended => query.filter(admissions::state.eq(ended)),
    }
}

fn first(tx: &mut Tx<'_>, query: Boxed<'static>) -> Result<Option<Admission>> {
    let row: Option<AdmissionRow> = query.select(AdmissionRow::as_select()).first(tx.conn).optional()?;
    Ok(row.map(Into::into))
}

fn all(tx: &mut Tx<'_>, query: Boxed<'static>) -> Result<Vec<Admission>> {
    let rows: Vec<AdmissionRow> = query.select(AdmissionRow::as_select()).load(tx.conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// A provider's admission to a lot: the one that lasts, else the last there was.
pub fn admission(tx: &mut Tx<'_>, provider: OrganisationId, lot: LotId) -> Result<Option<Admission>> {
    let query = admissions::table
        .filter(admissions::provider_id.eq(provider))
        .filter(admissions::lot_id.eq(lot))
        .order(admissions::id.desc());
    first(tx, query.into_boxed())
}

/// The admissions to a lot that last, suspended or not.
pub fn admissions_of_lot(tx: &mut Tx<'_>, lot: LotId) -> Result<Vec<Admission>> {
    let query = admissions::table
        .filter(admissions::lot_id.eq(lot))
        .filter(admissions::state.eq_any(LIVE))
        .order(admissions::id);
    all(tx, query.into_boxed())
}

/// The admissions of these providers to these lots that last, suspended or not.
pub fn admissions_to(tx: &mut Tx<'_>, lots: &[LotId], providers: &[OrganisationId]) -> Result<Vec<Admission>> {
    let query = admissions::table
        .filter(admissions::lot_id.eq_any(lots.to_vec()))
        .filter(admissions::provider_id.eq_any(providers.to_vec()))
        .filter(admissions::state.eq_any(LIVE))
        .order(admissions::id);
    all(tx, query.into_boxed())
}

/// The admissions to a framework that last, of one provider or of all.
pub fn live_admissions(
    tx: &mut Tx<'_>,
    framework: FrameworkId,
    provider: Option<OrganisationId>,
) -> Result<Vec<Admission>> {
    let mut query = admissions::table
        .filter(admissions::framework_id.eq(framework))
        .filter(admissions::state.eq_any(LIVE))
        .into_boxed();
    if let Some(provider) = provider {
        query = query.filter(admissions::provider_id.eq(provider));
    }
    all(tx, query.order(admissions::id))
}

/// The admissions of these providers that last, within a scope.
pub fn live_admissions_of(tx: &mut Tx<'_>, scope: &Scope, providers: &[OrganisationId]) -> Result<Vec<Admission>> {
    let query = within(scope)
        .filter(admissions::provider_id.eq_any(providers.to_vec()))
        .filter(admissions::state.eq_any(LIVE));
    all(tx, query.order(admissions::id))
}

/// The admissions of a provider that last, to whatever framework.
pub fn live_admissions_anywhere(tx: &mut Tx<'_>, provider: OrganisationId) -> Result<Vec<Admission>> {
    let query = admissions::table
        .filter(admissions::provider_id.eq(provider))
        .filter(admissions::state.eq_any(LIVE))
        .order(admissions::id);
    all(tx, query.into_boxed())
}

/// An admission within a scope.
pub fn seen_admission(tx: &mut Tx<'_>, scope: &Scope, id: AdmissionId) -> Result<Option<Admission>> {
    first(tx, within(scope).filter(admissions::id.eq(id)))
}

/// A part of the admissions of a scope.
pub fn admissions_page(
    tx: &mut Tx<'_>,
    scope: &Scope,
    filter: &AdmissionFilter,
    page: &Page,
) -> Result<Items<Admission>> {
    let mut query = within(scope);
    if let Some(framework) = filter.framework_id {
        query = query.filter(admissions::framework_id.eq(framework));
    }
    if let Some(lot) = filter.lot_id {
        query = query.filter(admissions::lot_id.eq(lot));
    }
    if let Some(provider) = filter.provider_id {
        query = query.filter(admissions::provider_id.eq(provider));
    }
    if let Some(name) = &filter.provider {
        query = query.filter(
            admissions::provider_id.eq_any(
                organisations::table
                    .filter(lower(organisations::name).like(containing(name)).escape('\\'))
                    .select(organisations::id),
            ),
        );
    }
    if let Some(status) = filter.status {
        query = standing_now(query, status, tx.now);
    }
    let order = filter.sort.unwrap_or(AdmissionOrder::Admitted);
    let query = match order {
        AdmissionOrder::Admitted => ascending!(query, page.after_in::<AdmissionId>(order)?, admissions::id),
        AdmissionOrder::Newest => descending!(query, page.after_in::<AdmissionId>(order)?, admissions::id),
        AdmissionOrder::Insurance => {
            let after = page.after_in::<(NaiveDate, AdmissionId)>(order)?;
            ascending!(query, after, admissions::insurance_expires_on, admissions::id)
        }
    };
    let found = all(tx, query.limit(page.fetch()))?;
    Ok(Items::of(found, page, |one| match order {
        AdmissionOrder::Admitted | AdmissionOrder::Newest => cursor(order, one.id),
        AdmissionOrder::Insurance => cursor(order, (one.insurance_expires_on, one.id)),
    }))
}

/// Takes an admission within a scope for writing: what is done to it is done one after the other.
pub fn lock_admission(tx: &mut Tx<'_>, scope: &Scope, id: AdmissionId) -> Result<Option<Admission>> {
    diesel::update(admissions::table.find(id))
        .set(admissions::version.eq(admissions::version))
        .execute(tx.conn)?;
    seen_admission(tx, scope, id)
}

/// Keeps new admissions and begins their history.
pub fn insert_admissions(tx: &mut Tx<'_>, new: &[Admission], by: PersonId) -> Result<()> {
    let rows: Vec<AdmissionRow> = new.iter().map(AdmissionRow::from).collect();
    for rows in rows.chunks(ROWS_AT_ONCE) {
        each!(tx.conn, c => diesel::insert_into(admissions::table).values(rows).execute(c))?;
    }
    insert_changes(tx, new, by)
}

/// Keeps a changed admission as the version after the one that it was read as, with the change in its history, and answers it
/// so.
pub fn update_admission(tx: &mut Tx<'_>, admission: Admission, by: PersonId) -> Result<Admission> {
    let after = Admission {
        version: admission.version + 1,
        ..admission
    };
    let read = admissions::table
        .find(after.id)
        .filter(admissions::version.eq(admission.version));
    one_row(diesel::update(read).set(AdmissionRow::from(&after)).execute(tx.conn)?)?;
    insert_changes(tx, std::slice::from_ref(&after), by)?;
    Ok(after)
}

fn insert_changes(tx: &mut Tx<'_>, changed: &[Admission], by: PersonId) -> Result<()> {
    let now = tx.now;
    let rows: Vec<_> = changed
        .iter()
        .map(|admission| {
            (
                admission_history::id.eq(AdmissionChangeId::new(now)),
                admission_history::admission_id.eq(admission.id),
                admission_history::state.eq(admission.state),
                admission_history::reason.eq(admission.reason.clone()),
                admission_history::suspended_until.eq(admission.suspended_until),
                admission_history::changed_by.eq(Some(by)),
                admission_history::created_at.eq(now),
            )
        })
        .collect();
    for rows in rows.chunks(ROWS_AT_ONCE) {
        each!(tx.conn, c => diesel::insert_into(admission_history::table).values(rows).execute(c))?;
    }
    Ok(())
}

/// The history of an admission, from its beginning.
pub fn changes_of(tx: &mut Tx<'_>, id: AdmissionId) -> Result<Vec<AdmissionChange>> {
    Ok(admission_history::table
        .filter(admission_history::admission_id.eq(id))
        .order(admission_history::id)
        .select(AdmissionChange::as_select())
        .load(tx.conn)?)
}

/// Gives all admissions of a provider that last the last day of its insurance.
pub fn insure_admissions(tx: &mut Tx<'_>, provider: OrganisationId, expires_on: NaiveDate) -> Result<()> {
    let live = admissions::table
        .filter(admissions::provider_id.eq(provider))
        .filter(admissions::state.eq_any(LIVE));
    diesel::update(live)
        .set((
            admissions::insurance_expires_on.eq(expires_on),
            admissions::version.eq(admissions::version + 1),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// The providers with admissions that last whose insurance ends between these days, each with the day.
pub fn expiring(tx: &mut Tx<'_>, from: NaiveDate, to: NaiveDate) -> Result<Vec<(OrganisationId, NaiveDate)>> {
    Ok(admissions::table
        .filter(admissions::state.eq_any(LIVE))
        .filter(admissions::insurance_expires_on.between(from, to))
        .select((admissions::provider_id, admissions::insurance_expires_on))
        .distinct()
        .order((admissions::insurance_expires_on, admissions::provider_id))
        .load(tx.conn)?)
}

//! The frameworks themselves, and who may know of which.

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::access::{Actor, OrganisationKind};
use crate::accounts;
use crate::clock::Instant;
use crate::codes;
use crate::db::schema::frameworks;
use crate::db::{Tx, ascending, json_column, one_row, text_column, unless_taken};
use crate::error::Result;
use crate::frameworks::rules::{AdmissionMode, ApplicationWindow, Framework, FrameworkRefused, FrameworkState, Policy};
use crate::ids::{FrameworkId, OrganisationId};
use crate::values::ProcurementRoute;
use crate::web::paging::{Items, Page, cursor};

text_column!(AdmissionMode, FrameworkState);
json_column!(Policy);

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = frameworks, treat_none_as_null = true)]
struct FrameworkRow {
    id: FrameworkId,
    cooperative_id: OrganisationId,
    reference: String,
    title: String,
    procurement_route: ProcurementRoute,
    state: FrameworkState,
    suspended_reason: Option<String>,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    admission: AdmissionMode,
    applications_open_on: Option<NaiveDate>,
    applications_close_on: Option<NaiveDate>,
    policy: Policy,
    opened_at: Option<Instant>,
    closed_at: Option<Instant>,
    version: i64,
}

impl From<FrameworkRow> for Framework {
    fn from(row: FrameworkRow) -> Self {
        let application_window = row
            .applications_open_on
            .zip(row.applications_close_on)
            .map(|(opens_on, closes_on)| ApplicationWindow { opens_on, closes_on });
        Self {
            id: row.id,
            cooperative_id: row.cooperative_id,
            reference: row.reference,
            title: row.title,
            procurement_route: row.procurement_route,
            state: row.state,
            suspended_reason: row.suspended_reason,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            admission: row.admission,
            application_window,
            policy: row.policy,
            opened_at: row.opened_at,
            closed_at: row.closed_at,
            version: row.version,
        }
    }
}

impl From<&Framework> for FrameworkRow {
    fn from(framework: &Framework) -> Self {
        let framework = framework.clone();
        Self {
            id: framework.id,
            cooperative_id: framework.cooperative_id,
            reference: framework.reference,
            title: framework.title,
            procurement_route: framework.procurement_route,
            state: framework.state,
            suspended_reason: framework.suspended_reason,
            starts_on: framework.starts_on,
            ends_on: framework.ends_on,
            admission: framework.admission,
            applications_open_on: framework.application_window.map(|window| window.opens_on),
            applications_close_on: framework.application_window.map(|window| window.closes_on),
            policy: framework.policy,
            opened_at: framework.opened_at,
            closed_at: framework.closed_at,
            version: framework.version,
        }
    }
}

/// Which frameworks somebody may know of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// All of one cooperative, for its own people.
    Own(OrganisationId),
    /// Those of these cooperatives that are drafts no more, for a member authority's people.
    Members(Vec<OrganisationId>),
    /// All that are drafts no more, for providers.
    Published,
}

impl Scope {
    /// The scope of an asker.
    pub fn of(tx: &mut Tx<'_>, actor: &Actor) -> Result<Self> {
        let own = actor.organisation_id;
        Ok(match actor.organisation_kind {
            OrganisationKind::Cooperative => Self::Own(own),
            OrganisationKind::Authority => {
                Self::Members(accounts::store::cooperatives_of(tx, own, tx.now.date_in_uk())?)
            }
            OrganisationKind::Provider => Self::Published,
        })
    }
}

codes! {
    /// The orders of a list of frameworks.
    pub enum FrameworkOrder {
        Made("made", "First made first"),
        Reference("reference", "Reference"),
        Ends("ends", "Last day, soonest first"),
    }
}

/// Which frameworks are listed, and in which order.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FrameworkFilter {
    /// Where they stand.
    pub status: Option<FrameworkState>,
    /// The order; `made` when absent.
    #[param(inline)]
    pub sort: Option<FrameworkOrder>,
}

type Boxed<'a> = frameworks::BoxedQuery<'a, crate::db::connection::MultiBackend>;

fn within(scope: &Scope) -> Boxed<'static> {
    let query = frameworks::table.into_boxed();
    match scope {
        Scope::Own(cooperative) => query.filter(frameworks::cooperative_id.eq(*cooperative)),
        Scope::Members(cooperatives) => query
            .filter(frameworks::cooperative_id.eq_any(cooperatives.clone()))
            .filter(frameworks::state.ne(FrameworkState::Draft)),
        Scope::Published => query.filter(frameworks::state.ne(FrameworkState::Draft)),
    }
}

/// A framework, for whoever holds its id for a reason of their own.
pub fn framework(tx: &mut Tx<'_>, id: FrameworkId) -> Result<Option<Framework>> {
    let row: Option<FrameworkRow> = frameworks::table
        .find(id)
        .select(FrameworkRow::as_select())
        .first(tx.conn)
        .optional()?;
    Ok(row.map(Into::into))
}

/// Several frameworks at once, in no particular order.
pub fn frameworks(tx: &mut Tx<'_>, ids: &[FrameworkId]) -> Result<Vec<Framework>> {
    let rows: Vec<FrameworkRow> = frameworks::table
        .filter(frameworks::id.eq_any(ids.to_vec()))
        .select(FrameworkRow::as_select())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// A framework within a scope.
pub fn seen_framework(tx: &mut Tx<'_>, scope: &Scope, id: FrameworkId) -> Result<Option<Framework>> {
    let row: Option<FrameworkRow> = within(scope)
        .filter(frameworks::id.eq(id))
        .select(FrameworkRow::as_select())
        .first(tx.conn)
        .optional()?;
    Ok(row.map(Into::into))
}

/// A part of the frameworks of a scope.
pub fn frameworks_page(
    tx: &mut Tx<'_>,
    scope: &Scope,
    filter: &FrameworkFilter,
    page: &Page,
) -> Result<Items<Framework>> {
    let mut query = within(scope);
    if let Some(state) = filter.status {
        query = query.filter(frameworks::state.eq(state));
    }
    let order = filter.sort.unwrap_or(FrameworkOrder::Made);
    let query = match order {
        FrameworkOrder::Made => ascending!(query, page.after_in::<FrameworkId>(order)?, frameworks::id),
        // Two cooperatives may call theirs the same.
        FrameworkOrder::Reference => {
            let after = page.after_in::<(String, FrameworkId)>(order)?;
            ascending!(query, after, frameworks::reference, frameworks::id)
        }
        FrameworkOrder::Ends => {
            let after = page.after_in::<(NaiveDate, FrameworkId)>(order)?;
            ascending!(query, after, frameworks::ends_on, frameworks::id)
        }
    };
    let rows: Vec<FrameworkRow> = query
        .limit(page.fetch())
        .select(FrameworkRow::as_select())
        .load(tx.conn)?;
    let part = Items::of(rows, page, |row| match order {
        FrameworkOrder::Made => cursor(order, row.id),
        FrameworkOrder::Reference => cursor(order, (&row.reference, row.id)),
        FrameworkOrder::Ends => cursor(order, (row.ends_on, row.id)),
    });
    Ok(part.map(Framework::from))
}

/// Takes a cooperative's framework for writing: what is changed of it and below it is changed one after the other.
pub fn lock(tx: &mut Tx<'_>, cooperative: OrganisationId, id: FrameworkId) -> Result<Option<Framework>> {
    let own = frameworks::table
        .filter(frameworks::id.eq(id))
        .filter(frameworks::cooperative_id.eq(cooperative));
    diesel::update(own)
        .set(frameworks::version.eq(frameworks::version))
        .execute(tx.conn)?;
    seen_framework(tx, &Scope::Own(cooperative), id)
}

/// Keeps a new framework, unless its reference is taken.
pub fn insert(tx: &mut Tx<'_>, framework: &Framework) -> Result<()> {
    let now = tx.now;
    let insert = diesel::insert_into(frameworks::table)
        .values((FrameworkRow::from(framework), frameworks::created_at.eq(now)))
        .execute(tx.conn);
    unless_taken(insert, || FrameworkRefused::ReferenceTaken.at("reference")).map(drop)
}

/// Keeps a changed framework as the version after the one that it was read as, and answers it so.
pub fn update(tx: &mut Tx<'_>, framework: Framework) -> Result<Framework> {
    let after = Framework {
        version: framework.version + 1,
        ..framework
    };
    let read = frameworks::table
        .find(after.id)
        .filter(frameworks::version.eq(framework.version));
    let update = diesel::update(read).set(FrameworkRow::from(&after)).execute(tx.conn);
    one_row(unless_taken(update, || {
        FrameworkRefused::ReferenceTaken.at("reference")
    })?)?;
    Ok(after)
}

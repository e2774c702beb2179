//! Rows of organisations and memberships.

use crate::access::OrganisationKind;
use crate::accounts::rules::{Organisation, OrganisationState};
use crate::codes;
use crate::db::schema::{memberships, organisations};
use crate::db::{Tx, unless_taken};
use crate::error::{Error, Result};
use crate::ids::OrganisationId;
use crate::values::{CharityNumber, CompanyNumber};
use crate::web::paging::{Items, Page};
use chrono::NaiveDate;
use diesel::prelude::*;
use std::cmp::Reverse;
use std::collections::HashMap;

#[derive(Queryable, Selectable)]
#[diesel(table_name = organisations)]
struct OrganisationRow {
    id: OrganisationId,
    kind: OrganisationKind,
    name: String,
    gss_code: Option<String>,
    company_number: Option<CompanyNumber>,
    charity_number: Option<CharityNumber>,
    state: OrganisationState,
    version: i64,
}

impl From<OrganisationRow> for Organisation {
    fn from(row: OrganisationRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            name: row.name,
            gss_code: row.gss_code,
            company_number: row.company_number,
            charity_number: row.charity_number,
            state: row.state,
            version: row.version,
        }
    }
}

/// An organisation by its id.
pub fn organisation(tx: &mut Tx<'_>, id: OrganisationId) -> Result<Option<Organisation>> {
    let row: Option<OrganisationRow> = organisations::table
        .find(id)
        .select(OrganisationRow::as_select())
        .first(tx.conn)
        .optional()?;
    Ok(row.map(Into::into))
}

/// Several organisations at once, in no particular order.
pub fn organisations(tx: &mut Tx<'_>, ids: &[OrganisationId]) -> Result<Vec<Organisation>> {
    let rows: Vec<OrganisationRow> = organisations::table
        .filter(organisations::id.eq_any(ids.to_vec()))
        .select(OrganisationRow::as_select())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The cooperative of this name.
pub fn cooperative_named(tx: &mut Tx<'_>, name: &str) -> Result<Option<Organisation>> {
    let row: Option<OrganisationRow> = organisations::table
        .filter(
            organisations::kind
                .eq(OrganisationKind::Cooperative)
                .and(organisations::name.eq(name)),
        )
        .select(OrganisationRow::as_select())
        .first(tx.conn)
        .optional()?;
    Ok(row.map(Into::into))
}

/// The authority with this GSS code.
pub fn authority_with(tx: &mut Tx<'_>, gss_code: &str) -> Result<Option<Organisation>> {
    let row: Option<OrganisationRow> = organisations::table
        .filter(organisations::gss_code.eq(gss_code))
        .select(OrganisationRow::as_select())
        .first(tx.conn)
        .optional()?;
    Ok(row.map(Into::into))
}

/// Whether an active provider has one of these numbers.
pub fn number_is_taken(
    tx: &mut Tx<'_>,
    company: Option<&CompanyNumber>,
    charity: Option<&CharityNumber>,
) -> Result<bool> {
    let active = organisations::table
        .filter(organisations::state.eq(OrganisationState::Active))
        .select(organisations::id);
    let by_company = match company {
        Some(number) => active
            .filter(organisations::company_number.eq(number))
            .first::<OrganisationId>(tx.conn)
            .optional()?,
        None => None,
    };
    let by_charity = match charity {
        Some(number) => active
            .filter(organisations::charity_number.eq(number))
            .first::<OrganisationId>(tx.conn)
            .optional()?,
        None => None,
    };
    Ok(by_company.or(by_charity).is_some())
}

pub(in crate::accounts) fn insert_organisation(tx: &mut Tx<'_>, organisation: &Organisation) -> Result<()> {
    diesel::insert_into(organisations::table)
        .values((
            organisations::id.eq(organisation.id),
            organisations::kind.eq(organisation.kind),
            organisations::name.eq(&organisation.name),
            organisations::gss_code.eq(&organisation.gss_code),
            organisations::company_number.eq(&organisation.company_number),
            organisations::charity_number.eq(&organisation.charity_number),
            organisations::state.eq(organisation.state),
            organisations::created_at.eq(tx.now),
            organisations::version.eq(1),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Makes a pending organisation active; the taken number of another refuses.
pub(in crate::accounts) fn activate_organisation(
    tx: &mut Tx<'_>,
    id: OrganisationId,
    taken: impl FnOnce() -> Error,
) -> Result<()> {
    let pending = organisations::table.filter(
        organisations::id
            .eq(id)
            .and(organisations::state.eq(OrganisationState::Pending)),
    );
    let update = diesel::update(pending).set((
        organisations::state.eq(OrganisationState::Active),
        organisations::version.eq(organisations::version + 1),
    ));
    unless_taken(update.execute(tx.conn), taken).map(drop)
}

pub(in crate::accounts) fn insert_membership(
    tx: &mut Tx<'_>,
    cooperative: OrganisationId,
    authority: OrganisationId,
    from: NaiveDate,
    taken: impl FnOnce() -> Error,
) -> Result<()> {
    let insert = diesel::insert_into(memberships::table).values((
        memberships::id.eq(OrganisationId::new(tx.now)),
        memberships::cooperative_id.eq(cooperative),
        memberships::authority_id.eq(authority),
        memberships::from_date.eq(from),
        memberships::created_at.eq(tx.now),
        memberships::version.eq(1),
    ));
    unless_taken(insert.execute(tx.conn), taken).map(drop)
}

/// The authorities that are members of a cooperative on a day, by name.
pub fn members_of(tx: &mut Tx<'_>, cooperative: OrganisationId, on: NaiveDate) -> Result<Vec<Organisation>> {
    let rows: Vec<OrganisationRow> = organisations::table
        .inner_join(memberships::table.on(memberships::authority_id.eq(organisations::id)))
        .filter(memberships::cooperative_id.eq(cooperative))
        .filter(memberships::from_date.le(on))
        .filter(memberships::to_date.is_null().or(memberships::to_date.ge(on)))
        .order(organisations::name)
        .select(OrganisationRow::as_select())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The authorities that a cooperative looks after on a day, by name: whose people it invites and whose acts it sees. They are its
/// members, but for those that are also another's, which took them in before: taking in an authority that is there already gives no
/// say over it.
pub fn looked_after_by(tx: &mut Tx<'_>, cooperative: OrganisationId, on: NaiveDate) -> Result<Vec<Organisation>> {
    let mut members = members_of(tx, cooperative, on)?;
    let ids: Vec<OrganisationId> = members.iter().map(|member| member.id).collect();
    let latest_first: Vec<(OrganisationId, OrganisationId)> = memberships::table
        .filter(memberships::authority_id.eq_any(ids))
        .filter(memberships::from_date.le(on))
        .filter(memberships::to_date.is_null().or(memberships::to_date.ge(on)))
        .order((memberships::created_at.desc(), memberships::id.desc()))
        .select((memberships::authority_id, memberships::cooperative_id))
        .load(tx.conn)?;
    // Of several the last that comes is kept: the first that was made.
    let first: HashMap<_, _> = latest_first.into_iter().collect();
    members.retain(|member| first.get(&member.id) == Some(&cooperative));
    Ok(members)
}

codes! {
    /// The orders of a list of memberships.
    pub enum MembershipOrder {
        Name("name", "Name"),
        Newest("newest", "Newest members first"),
    }
}

/// The membership of an authority in a cooperative: its first day and its last.
pub type Membership = (Organisation, NaiveDate, Option<NaiveDate>);

/// Every membership that a cooperative ever had, by the authority's name.
pub fn memberships_of(tx: &mut Tx<'_>, cooperative: OrganisationId) -> Result<Vec<Membership>> {
    let rows: Vec<(OrganisationRow, NaiveDate, Option<NaiveDate>)> = organisations::table
        .inner_join(memberships::table.on(memberships::authority_id.eq(organisations::id)))
        .filter(memberships::cooperative_id.eq(cooperative))
        .order((organisations::name, memberships::from_date))
        .select((
            OrganisationRow::as_select(),
            memberships::from_date,
            memberships::to_date,
        ))
        .load(tx.conn)?;
    Ok(rows.into_iter().map(|(row, from, to)| (row.into(), from, to)).collect())
}

/// A part of these memberships. They are in memory whole, for they can't be many: the country has some hundred and fifty authorities
/// that look after children, and one seldom leaves.
pub fn part_of_memberships(all: Vec<Membership>, order: MembershipOrder, page: &Page) -> Result<Items<Membership>> {
    match order {
        MembershipOrder::Name => Items::cut(all, page, order, |(authority, from, _)| {
            (authority.name.to_lowercase(), authority.id, *from)
        }),
        MembershipOrder::Newest => Items::cut(all, page, order, |(authority, from, _)| {
            (Reverse(*from), authority.name.to_lowercase(), authority.id)
        }),
    }
}

/// The cooperatives that an authority is a member of on a day.
pub fn cooperatives_of(tx: &mut Tx<'_>, authority: OrganisationId, on: NaiveDate) -> Result<Vec<OrganisationId>> {
    Ok(memberships::table
        .filter(memberships::authority_id.eq(authority))
        .filter(memberships::from_date.le(on))
        .filter(memberships::to_date.is_null().or(memberships::to_date.ge(on)))
        .select(memberships::cooperative_id)
        .load(tx.conn)?)
}

/// Whether an authority is a member of a cooperative on a day.
pub fn is_member(
    tx: &mut Tx<'_>,
    cooperative: OrganisationId,
    authority: OrganisationId,
    on: NaiveDate,
) -> Result<bool> {
    Ok(cooperatives_of(tx, authority, on)?.contains(&cooperative))
}

/// All providers' ids: they belong to no cooperative.
pub fn providers(tx: &mut Tx<'_>) -> Result<Vec<OrganisationId>> {
    Ok(organisations::table
        .filter(organisations::kind.eq(OrganisationKind::Provider))
        .select(organisations::id)
        .load(tx.conn)?)
}

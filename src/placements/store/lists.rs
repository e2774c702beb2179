//! Placements in lists.

use crate::codes;
use crate::db::schema::{frameworks, homes, lots, organisations, placement_requests, placements};
use crate::db::search::{containing, lower};
use crate::db::{Tx, ascending, descending};
use crate::error::Result;
use crate::ids::{HomeId, OrganisationId, PlacementId};
use crate::placements::rules::PlacementState;
use crate::values::{Money, PlacementEndReason, PlacementType};
use crate::web::paging::{Items, Page, cursor};
use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date};

/// Whose placements are listed.
#[derive(Debug, Clone, Copy)]
pub enum Scope {
    /// An authority's own.
    Authority(OrganisationId),
    /// A provider's own.
    Provider(OrganisationId),
    /// Those of a cooperative's frameworks.
    Cooperative(OrganisationId),
}

/// A placement in a list, with the names that its row only refers to.
#[derive(Debug, Clone, Queryable)]
pub struct PlacementLine {
    /// Its identifier.
    pub id: PlacementId,
    /// The request's reference.
    pub reference: String,
    /// The authority.
    pub authority: (OrganisationId, String),
    /// The provider.
    pub provider: (OrganisationId, String),
    /// The home.
    pub home: (HomeId, String),
    /// The type of placement of its lot.
    pub placement_type: PlacementType,
    /// How far it has come.
    pub state: PlacementState,
    /// The agreed first day.
    pub starts_on: NaiveDate,
    /// The first day, as it was.
    pub started_on: Option<NaiveDate>,
    /// The last day.
    pub ended_on: Option<NaiveDate>,
    /// Counts its changes.
    pub version: i64,
    /// The weekly price on the terms of today.
    pub weekly_total: Money,
}

codes! {
    /// The orders of the register.
    pub enum PlacementOrder {
        Newest("newest", "Newest first"),
        Start("start", "First day, earliest first"),
        Home("home", "Home"),
        WeeklyTotal("weekly_total", "Weekly price, highest first"),
    }
}

/// The first day: as it was, else as agreed.
macro_rules! first_day {
    () => {
        sql::<Date>("coalesce(placements.started_on, placements.starts_on)")
    };
}

/// The weekly price on the terms that hold on a day: what [`super::in_force`] says of one placement, said in SQL. Terms that have taken
/// effect go before those that have not, of the former the last one first, of the latter the first one.
macro_rules! weekly_total {
    ($day:expr) => {
        sql::<BigInt>(
            "(SELECT t.weekly_total FROM placement_terms t WHERE t.placement_id = placements.id \
             ORDER BY CASE WHEN t.effective_on <= ",
        )
        .bind::<Date, _>($day)
        .sql(" THEN t.number ELSE -t.number END DESC LIMIT 1)")
    };
}

/// What a list of placements is narrowed to, and its order.
#[derive(Debug, Clone, Default)]
pub struct Narrowed {
    /// To this one.
    pub id: Option<PlacementId>,
    /// To those in this home.
    pub home: Option<HomeId>,
    /// To those in this state.
    pub state: Option<PlacementState>,
    /// To those of this type.
    pub placement_type: Option<PlacementType>,
    /// To that of the request that people call so.
    pub reference: Option<String>,
    /// To those whose home or whose other side (to a cooperative: either side) is called so in part.
    pub name: Option<String>,
    /// To those whose first day is this day or later.
    pub from: Option<NaiveDate>,
    /// To those whose first day is this day or before.
    pub to: Option<NaiveDate>,
    /// To those that ended for this reason.
    pub end_reason: Option<PlacementEndReason>,
    /// In this order; the newest first where none is said.
    pub sort: Option<PlacementOrder>,
}

/// One placement as a list has it, where the scope reaches it.
pub fn line(tx: &mut Tx<'_>, scope: Scope, id: PlacementId) -> Result<Option<PlacementLine>> {
    let narrowed = Narrowed {
        id: Some(id),
        ..Narrowed::default()
    };
    Ok(list(tx, scope, &narrowed, &Page::default())?.items.pop())
}

/// A part of the placements.
pub fn list(tx: &mut Tx<'_>, scope: Scope, narrowed: &Narrowed, page: &Page) -> Result<Items<PlacementLine>> {
    let today = tx.now.date_in_uk();
    let (authority, provider) = diesel::alias!(organisations as authority, organisations as provider);
    let mut query = placements::table
        .inner_join(placement_requests::table)
        .inner_join(homes::table)
        .inner_join(lots::table)
        .inner_join(authority.on(authority.field(organisations::id).eq(placements::authority_id)))
        .inner_join(provider.on(provider.field(organisations::id).eq(placements::provider_id)))
        .select((
            placements::id,
            placement_requests::reference,
            (placements::authority_id, authority.field(organisations::name)),
            (placements::provider_id, provider.field(organisations::name)),
            (placements::home_id, homes::name),
            lots::placement_type,
            placements::state,
            placements::starts_on,
            placements::started_on,
            placements::ended_on,
            placements::version,
            weekly_total!(today),
        ))
        .into_boxed();
    query = match scope {
        Scope::Authority(id) => query.filter(placements::authority_id.eq(id)),
        Scope::Provider(id) => query.filter(placements::provider_id.eq(id)),
        Scope::Cooperative(id) => {
            let its = frameworks::table
                .filter(frameworks::cooperative_id.eq(id))
                .select(frameworks::id);
            query.filter(placements::framework_id.eq_any(its))
        }
    };
    if let Some(id) = narrowed.id {
        query = query.filter(placements::id.eq(id));
    }
    if let Some(home) = narrowed.home {
        query = query.filter(placements::home_id.eq(home));
    }
    if let Some(state) = narrowed.state {
        query = query.filter(placements::state.eq(state));
    }
    if let Some(placement_type) = narrowed.placement_type {
        query = query.filter(lots::placement_type.eq(placement_type));
    }
    // The cooperative does not know requests by it.
    if let (Some(reference), Scope::Authority(_) | Scope::Provider(_)) = (&narrowed.reference, scope) {
        query = query.filter(placement_requests::reference.eq(reference));
    }
    if let Some(name) = &narrowed.name {
        let home = lower(homes::name).like(containing(name)).escape('\\');
        let its_authority = lower(authority.field(organisations::name))
            .like(containing(name))
            .escape('\\');
        let its_provider = lower(provider.field(organisations::name))
            .like(containing(name))
            .escape('\\');
        query = match scope {
            Scope::Authority(_) => query.filter(home.or(its_provider)),
            Scope::Provider(_) => query.filter(home.or(its_authority)),
            Scope::Cooperative(_) => query.filter(home.or(its_provider).or(its_authority)),
        };
    }
    if let Some(day) = narrowed.from {
        query = query.filter(first_day!().ge(day));
    }
    if let Some(day) = narrowed.to {
        query = query.filter(first_day!().le(day));
    }
    // Why a placement ended is between the parties.
    if let (Some(reason), Scope::Authority(_) | Scope::Provider(_)) = (narrowed.end_reason, scope) {
        query = query.filter(placements::end_reason.eq(reason));
    }
    let order = narrowed.sort.unwrap_or(PlacementOrder::Newest);
    let query = match order {
        PlacementOrder::Newest => descending!(query, page.after_in::<PlacementId>(order)?, placements::id),
        PlacementOrder::Start => {
            let after = page.after_in::<(NaiveDate, PlacementId)>(order)?;
            ascending!(query, after, first_day!(), placements::id)
        }
        PlacementOrder::Home => {
            let after = page.after_in::<(String, PlacementId)>(order)?;
            ascending!(query, after, any case homes::name, placements::id)
        }
        PlacementOrder::WeeklyTotal => {
            let after = page.after_in::<(Money, PlacementId)>(order)?;
            descending!(query, after, weekly_total!(today), placements::id)
        }
    };
    let found: Vec<PlacementLine> = query.limit(page.fetch()).load(tx.conn)?;
    Ok(Items::of(found, page, |line| match order {
        PlacementOrder::Newest => cursor(order, line.id),
        PlacementOrder::Start => cursor(order, (line.started_on.unwrap_or(line.starts_on), line.id)),
        PlacementOrder::Home => cursor(order, (&line.home.1, line.id)),
        PlacementOrder::WeeklyTotal => cursor(order, (line.weekly_total, line.id)),
    }))
}

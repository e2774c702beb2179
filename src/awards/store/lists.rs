//! Awards in lists.

use crate::awards::rules::{AwardState, AwardStatus};
use crate::clock::Instant;
use crate::codes;
use crate::db::schema::{awards, homes, organisations, placement_requests};
use crate::db::search::{containing, lower};
use crate::db::{Tx, ascending, descending};
use crate::error::Result;
use crate::ids::{AwardId, BidId, HomeId, OrganisationId, PlacementRequestId};
use crate::values::{Money, ProcurementRoute};
use crate::web::paging::{Items, Page, cursor};
use chrono::NaiveDate;
use diesel::prelude::*;

/// Whose awards are listed.
#[derive(Debug, Clone, Copy)]
pub enum Scope {
    /// All that an authority has proposed.
    Authority(OrganisationId),
    /// Those of a provider that it has been told of.
    Provider(OrganisationId),
}

/// An award in a list.
#[derive(Debug, Clone, Queryable)]
pub struct AwardLine {
    /// Its identifier.
    pub id: AwardId,
    /// The request.
    pub placement_request_id: PlacementRequestId,
    /// The request's reference.
    pub reference: String,
    /// The bid; `None` for a direct award.
    pub bid_id: Option<BidId>,
    /// The authority.
    pub authority_id: OrganisationId,
    /// The provider.
    pub provider_id: OrganisationId,
    /// The provider's name.
    pub provider: String,
    /// The home.
    pub home_id: HomeId,
    /// The home's name.
    pub home: String,
    /// The procurement route.
    pub route: ProcurementRoute,
    /// How far it has come.
    pub state: AwardState,
    /// Until when it stands still, once approved.
    pub standstill_ends_at: Option<Instant>,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The four lines of the weekly price.
    pub price: (Money, Money, Money, Money),
    /// When it was proposed.
    pub proposed_at: Instant,
    /// Counts its changes.
    pub version: i64,
}

macro_rules! lines {
    () => {
        awards::table
            .inner_join(placement_requests::table)
            .inner_join(homes::table)
            .inner_join(organisations::table.on(organisations::id.eq(awards::provider_id)))
            .select((
                awards::id,
                awards::placement_request_id,
                placement_requests::reference,
                awards::bid_id,
                awards::authority_id,
                awards::provider_id,
                organisations::name,
                awards::home_id,
                homes::name,
                awards::procurement_route,
                awards::state,
                awards::standstill_ends_at,
                awards::starts_on,
                (
                    awards::core,
                    awards::additional_support,
                    awards::education,
                    awards::other,
                ),
                awards::created_at,
                awards::version,
            ))
    };
}

/// One award as a list has it: with the names that its row only refers to.
pub fn line(tx: &mut Tx<'_>, id: AwardId) -> Result<AwardLine> {
    Ok(lines!().filter(awards::id.eq(id)).first(tx.conn)?)
}

codes! {
    /// The orders of a list of awards.
    pub enum AwardOrder {
        Newest("newest", "Newest first"),
        Start("start", "First day, earliest first"),
        Reference("reference", "Reference of the request"),
    }
}

/// What a list of awards is narrowed to, and its order.
#[derive(Debug, Clone, Default)]
pub struct Narrowed {
    /// To those of this request.
    pub request: Option<PlacementRequestId>,
    /// To those that stand so now.
    pub status: Option<AwardStatus>,
    /// To those of the request that people call so.
    pub reference: Option<String>,
    /// To those whose home or whose other side (the provider, to an authority; the authority, to a provider) is called so in part.
    pub name: Option<String>,
    /// To those that start on this day or later.
    pub starts_from: Option<NaiveDate>,
    /// To those that start on this day or before.
    pub starts_to: Option<NaiveDate>,
    /// In this order; the newest first where none is said.
    pub sort: Option<AwardOrder>,
}

/// A part of the awards.
pub fn list(tx: &mut Tx<'_>, scope: Scope, narrowed: &Narrowed, page: &Page) -> Result<Items<AwardLine>> {
    let mut query = lines!().into_boxed();
    query = match scope {
        Scope::Authority(authority) => query.filter(awards::authority_id.eq(authority)),
        Scope::Provider(provider) => query.filter(awards::provider_id.eq(provider)).filter(
            awards::standstill_ends_at
                .is_not_null()
                .or(awards::confirmed_at.is_not_null()),
        ),
    };
    if let Some(request) = narrowed.request {
        query = query.filter(awards::placement_request_id.eq(request));
    }
    if let Some(reference) = &narrowed.reference {
        query = query.filter(placement_requests::reference.eq(reference));
    }
    if let Some(name) = &narrowed.name {
        let home = lower(homes::name).like(containing(name)).escape('\\');
        let called = lower(organisations::name).like(containing(name)).escape('\\');
        query = match scope {
            Scope::Authority(_) => query.filter(home.or(called)),
            Scope::Provider(_) => {
                let authorities: Vec<OrganisationId> = organisations::table
                    .filter(called)
                    .select(organisations::id)
                    .load(tx.conn)?;
                query.filter(home.or(awards::authority_id.eq_any(authorities)))
            }
        };
    }
    if let Some(day) = narrowed.starts_from {
        query = query.filter(awards::starts_on.ge(day));
    }
    if let Some(day) = narrowed.starts_to {
        query = query.filter(awards::starts_on.le(day));
    }
    if let Some(status) = narrowed.status {
        query = query.filter(awards::state.eq(status.state()));
        // What is approved stands still until its time is over.
        query = match status {
            AwardStatus::StandingStill => query.filter(awards::standstill_ends_at.gt(tx.now)),
            AwardStatus::Approved => query.filter(
                awards::standstill_ends_at
                    .is_null()
                    .or(awards::standstill_ends_at.le(tx.now)),
            ),
            _ => query,
        };
    }
    let order = narrowed.sort.unwrap_or(AwardOrder::Newest);
    let query = match order {
        AwardOrder::Newest => descending!(query, page.after_in::<AwardId>(order)?, awards::id),
        AwardOrder::Start => {
            let after = page.after_in::<(NaiveDate, AwardId)>(order)?;
            ascending!(query, after, awards::starts_on, awards::id)
        }
        AwardOrder::Reference => {
            let after = page.after_in::<(String, AwardId)>(order)?;
            ascending!(query, after, placement_requests::reference, awards::id)
        }
    };
    let found: Vec<AwardLine> = query.limit(page.fetch()).load(tx.conn)?;
    Ok(Items::of(found, page, |line| match order {
        AwardOrder::Newest => cursor(order, line.id),
        AwardOrder::Start => cursor(order, (line.starts_on, line.id)),
        AwardOrder::Reference => cursor(order, (&line.reference, line.id)),
    }))
}

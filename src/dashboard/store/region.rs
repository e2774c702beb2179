use std::collections::HashMap;

use diesel::dsl::{count_star, min, sum};
use diesel::prelude::*;

use crate::bids::rules::BidState;
use crate::clock::Instant;
use crate::dashboard::rules::{FreePlaces, RequestFacts};
use crate::db::Tx;
use crate::db::schema::{admissions, bid_versions, bids, frameworks, homes, placement_requests, vacancies};
use crate::error::Result;
use crate::ids::{OrganisationId, PlacementRequestId};
use crate::placement_requests::rules::RequestState;
use crate::providers::rules::AdmissionState;
use crate::vacancies::rules::VacancyState;
use crate::values::PlacementType;

/// The requests under a cooperative's frameworks that are published still, or were published since a moment. Of their bids it tells
/// how many there are and when the first came, and nothing of what is in them.
pub fn requests(tx: &mut Tx<'_>, cooperative: OrganisationId, since: Instant) -> Result<Vec<RequestFacts>> {
    type Row = (PlacementRequestId, RequestState, Option<Instant>, Instant);
    let own = || frameworks::cooperative_id.eq(cooperative);
    let recent = || {
        placement_requests::published_at
            .ge(since)
            .or(placement_requests::state.eq(RequestState::Published))
    };
    let rows: Vec<Row> = placement_requests::table
        .inner_join(frameworks::table)
        .filter(own())
        .filter(recent())
        .order(placement_requests::id)
        .select((
            placement_requests::id,
            placement_requests::state,
            placement_requests::published_at,
            placement_requests::bids_close_at,
        ))
        .load(tx.conn)?;
    let counts: Vec<(PlacementRequestId, i64)> = bids::table
        .inner_join(placement_requests::table.inner_join(frameworks::table))
        .filter(own())
        .filter(recent())
        .filter(bids::state.ne_all([BidState::Draft, BidState::Withdrawn]))
        .group_by(bids::placement_request_id)
        .select((bids::placement_request_id, count_star()))
        .load(tx.conn)?;
    let first: Vec<(PlacementRequestId, Option<Instant>)> = bid_versions::table
        .inner_join(bids::table.inner_join(placement_requests::table.inner_join(frameworks::table)))
        .filter(own())
        .filter(recent())
        .filter(bid_versions::submitted_at.is_not_null())
        .group_by(bids::placement_request_id)
        .select((bids::placement_request_id, min(bid_versions::submitted_at)))
        .load(tx.conn)?;
    let counts: HashMap<_, _> = counts.into_iter().collect();
    let first: HashMap<_, _> = first.into_iter().collect();
    let facts = |(id, state, published_at, bids_close_at): Row| {
        Some(RequestFacts {
            state,
            published_at: published_at?,
            bids_close_at,
            bids: counts.get(&id).copied().unwrap_or(0),
            first_bid_at: first.get(&id).copied().flatten(),
        })
    };
    Ok(rows.into_iter().filter_map(facts).collect())
}

/// The free places in the homes of providers that are admitted to a cooperative's frameworks, by kind of placement and by the
/// authority in which the homes lie; those apart that were confirmed since a moment.
pub fn free_places(tx: &mut Tx<'_>, cooperative: OrganisationId, fresh_since: Instant) -> Result<Vec<FreePlaces>> {
    type Row = (PlacementType, String, Option<i64>);
    let free = || {
        let admitted = admissions::table
            .inner_join(frameworks::table)
            .filter(frameworks::cooperative_id.eq(cooperative))
            .filter(admissions::state.eq_any([AdmissionState::Admitted, AdmissionState::Suspended]))
            .select(admissions::provider_id);
        vacancies::table
            .inner_join(homes::table)
            .filter(vacancies::state.eq(VacancyState::Open))
            .filter(homes::active.eq(true))
            .filter(homes::provider_id.eq_any(admitted))
    };
    let all: Vec<Row> = free()
        .group_by((homes::placement_type, homes::local_authority_code))
        .select((
            homes::placement_type,
            homes::local_authority_code,
            sum(vacancies::places_left),
        ))
        .load(tx.conn)?;
    let fresh: Vec<Row> = free()
        .filter(vacancies::confirmed_at.gt(fresh_since))
        .group_by((homes::placement_type, homes::local_authority_code))
        .select((
            homes::placement_type,
            homes::local_authority_code,
            sum(vacancies::places_left),
        ))
        .load(tx.conn)?;
    let fresh: HashMap<(PlacementType, String), i64> = fresh
        .into_iter()
        .map(|(kind, area, places)| ((kind, area), places.unwrap_or(0)))
        .collect();
    let places = |(kind, area, places): Row| {
        let fresh = fresh.get(&(kind, area.clone())).copied().unwrap_or(0);
        FreePlaces {
            kind,
            area,
            fresh,
            stale: places.unwrap_or(0) - fresh,
        }
    };
    Ok(all.into_iter().map(places).collect())
}

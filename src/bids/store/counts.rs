//! What is known of the bids of many requests at once.

use crate::bids::BidState;
use crate::db::Tx;
use crate::db::schema::bids;
use crate::error::Result;
use crate::ids::{BidId, PlacementRequestId};
use diesel::prelude::*;
use std::collections::HashMap;

/// How many bids are submitted for each of these requests.
pub fn submitted_counts(
    tx: &mut Tx<'_>,
    requests: &[PlacementRequestId],
) -> Result<HashMap<PlacementRequestId, usize>> {
    let rows: Vec<PlacementRequestId> = bids::table
        .filter(bids::placement_request_id.eq_any(requests))
        .filter(bids::submitted_version.is_not_null())
        .filter(bids::state.ne(BidState::Withdrawn))
        .select(bids::placement_request_id)
        .load(tx.conn)?;
    let mut counts = HashMap::new();
    for request in rows {
        *counts.entry(request).or_default() += 1;
    }
    Ok(counts)
}

/// The opened bids of these requests with their states, each with its request.
pub fn opened_states(
    tx: &mut Tx<'_>,
    requests: &[PlacementRequestId],
) -> Result<Vec<(PlacementRequestId, BidId, BidState)>> {
    Ok(bids::table
        .filter(bids::placement_request_id.eq_any(requests))
        .filter(bids::opened_at.is_not_null())
        .order(bids::id)
        .select((bids::placement_request_id, bids::id, bids::state))
        .load(tx.conn)?)
}

//! Sealed versions of many bids at once.

use std::collections::HashMap;

use diesel::prelude::*;

use super::corrupt;
use crate::bids::Bid;
use crate::db::Tx;
use crate::db::schema::{bid_versions, sealing_keys};
use crate::error::Result;
use crate::ids::{BidId, PlacementRequestId};

/// The wrapped keys of these requests.
pub fn wrapped_keys(tx: &mut Tx<'_>, requests: &[PlacementRequestId]) -> Result<HashMap<PlacementRequestId, Vec<u8>>> {
    let rows: Vec<(PlacementRequestId, Vec<u8>)> = sealing_keys::table
        .filter(sealing_keys::placement_request_id.eq_any(requests))
        .select((sealing_keys::placement_request_id, sealing_keys::wrapped_key))
        .load(tx.conn)?;
    Ok(rows.into_iter().collect())
}

/// Of each of these bids the version that is shown, as sealed.
pub fn shown_versions(tx: &mut Tx<'_>, bids: &[Bid]) -> Result<HashMap<BidId, Vec<u8>>> {
    let ids: Vec<BidId> = bids.iter().map(|bid| bid.id).collect();
    let mut numbers: Vec<i32> = bids.iter().map(Bid::shown_version).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let rows: Vec<(BidId, i32, Vec<u8>)> = bid_versions::table
        .filter(bid_versions::bid_id.eq_any(ids))
        .filter(bid_versions::number.eq_any(numbers))
        .select((bid_versions::bid_id, bid_versions::number, bid_versions::sealed))
        .load(tx.conn)?;
    let mut sealed: HashMap<(BidId, i32), Vec<u8>> = rows
        .into_iter()
        .map(|(bid, number, sealed)| ((bid, number), sealed))
        .collect();
    bids.iter()
        .map(|bid| {
            let shown = sealed.remove(&(bid.id, bid.shown_version()));
            Ok((bid.id, shown.ok_or_else(|| corrupt("bid_versions", bid.id))?))
        })
        .collect()
}

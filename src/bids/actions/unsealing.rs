//! The keys of requests, and what their owners read with them.

use super::super::content::Content;
use super::super::rules::Bid;
use super::super::seal::{RequestKey, ServerKey};
use super::super::store;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{BidId, PlacementRequestId};
use std::collections::HashMap;
use zeroize::Zeroizing;

pub(super) fn key_of(tx: &mut Tx<'_>, server: &ServerKey, request: PlacementRequestId) -> Result<Option<RequestKey>> {
    store::wrapped_key(tx, request)?
        .map(|wrapped| RequestKey::unwrap(&wrapped, server, request))
        .transpose()
}

pub(super) fn key_or_new(tx: &mut Tx<'_>, server: &ServerKey, request: PlacementRequestId) -> Result<RequestKey> {
    if let Some(key) = key_of(tx, server, request)? {
        return Ok(key);
    }
    let key = RequestKey::generate()?;
    store::insert_key(tx, request, &key.wrap(server, request)?)?;
    Ok(key)
}

fn without_key(bid: &Bid) -> Error {
    Error::CorruptRow {
        table: "sealing_keys",
        id: bid.request_id.to_string(),
    }
}

pub(super) fn key_of_bid(tx: &mut Tx<'_>, server: &ServerKey, bid: &Bid) -> Result<RequestKey> {
    key_of(tx, server, bid.request_id)?.ok_or_else(|| without_key(bid))
}

/// The canonical bytes of a version of a bid, unsealed for its own provider.
pub fn unsealed(tx: &mut Tx<'_>, server: &ServerKey, bid: &Bid, version: i32) -> Result<Zeroizing<Vec<u8>>> {
    let key = key_of_bid(tx, server, bid)?;
    key.open(&store::sealed(tx, bid.id, version)?, bid.id, version)
}

/// What its own provider sees of a bid: the content that was saved last, after the opening the one that was opened.
pub fn content_of(tx: &mut Tx<'_>, server: &ServerKey, bid: &Bid) -> Result<Content> {
    Content::from_bytes(&unsealed(tx, server, bid, bid.shown_version())?)
}

/// [`content_of`] for many bids, by bid.
pub fn contents_of(tx: &mut Tx<'_>, server: &ServerKey, bids: &[Bid]) -> Result<HashMap<BidId, Content>> {
    let requests: Vec<PlacementRequestId> = bids.iter().map(|bid| bid.request_id).collect();
    let keys = store::wrapped_keys(tx, &requests)?;
    let sealed = store::shown_versions(tx, bids)?;
    let read = |bid: &Bid| {
        let wrapped = keys.get(&bid.request_id).ok_or_else(|| without_key(bid))?;
        let key = RequestKey::unwrap(wrapped, server, bid.request_id)?;
        let bytes = key.open(&sealed[&bid.id], bid.id, bid.shown_version())?;
        Ok((bid.id, Content::from_bytes(&bytes)?))
    };
    bids.iter().map(read).collect()
}

//! Declining: one click and a reason, in place of a bid.

use super::super::rules::{self, BidRefused, Decline, NewDecline};
use super::super::store;
use super::{hold, own_homes};
use crate::access::{Actor, Permission, Who};
use crate::audit::Act;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{DeclineId, HomeId, PlacementRequestId};
use crate::outbox::Event;
use crate::values::DeclineReason;
use serde_json::json;

/// Declines for a home, in place of a bid.
pub fn decline(tx: &mut Tx<'_>, actor: &Actor, request_id: PlacementRequestId, new: NewDecline) -> Result<Decline> {
    let NewDecline { home_id, reason, note } = new;
    let mut declines = decline_all(tx, actor, request_id, &[home_id], reason, note.as_deref())?;
    declines
        .pop()
        .ok_or_else(|| Error::internal("a home without its decline"))
}

/// [`decline`], for several homes alike. Answers the declines in the order of the homes.
pub fn decline_all(
    tx: &mut Tx<'_>,
    actor: &Actor,
    request_id: PlacementRequestId,
    home_ids: &[HomeId],
    reason: DeclineReason,
    note: Option<&str>,
) -> Result<Vec<Decline>> {
    actor.must(Permission::DeclineRequests)?;
    let request = hold(tx, actor, request_id)?;
    rules::while_open(&request, tx.now)?;
    own_homes(tx, actor, home_ids)?;
    let bids = store::live_bids_of_provider(tx, actor.organisation_id, &[request_id])?;
    if bids.iter().any(|bid| home_ids.contains(&bid.home_id)) {
        return Err(BidRefused::DeclinedWithBid.into());
    }
    let declines: Vec<Decline> = home_ids
        .iter()
        .map(|home_id| Decline {
            id: DeclineId::new(tx.now),
            request_id,
            home_id: *home_id,
            provider_id: actor.organisation_id,
            reason,
            note: note.map(str::to_owned),
            declined_by: actor.person_id,
            declined_at: tx.now,
        })
        .collect();
    store::insert_declines(tx, &declines)?;
    for decline in &declines {
        let act = Act::on("placement_request", request_id).did("request.decline");
        let after = json!({"home_id": decline.home_id, "reason": reason});
        tx.record(Who::Person(actor), act.after(after));
    }
    // One act, told once, for however many homes.
    let told = declines
        .first()
        .map(|decline| Event::RequestDeclined { decline_id: decline.id });
    tx.emit_all(told.as_slice())?;
    Ok(declines)
}

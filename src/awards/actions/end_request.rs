//! Ending a request without a placement: not as long as an award of it stands, for that would be left without its request.

use crate::access::{Actor, Permission};
use crate::awards::rules::EndingRefused;
use crate::awards::store;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::PlacementRequestId;
use crate::placement_requests::rules::{Ending, RequestState};
use crate::placement_requests::{self, ConfidentialKey, PlacementRequest};

/// Withdraws a request.
pub fn withdraw_request(
    tx: &mut Tx<'_>,
    actor: &Actor,
    key: &ConfidentialKey,
    id: PlacementRequestId,
    ending: Ending,
    expected: Option<i64>,
) -> Result<PlacementRequest> {
    actor.must(Permission::WriteRequests)?;
    must_be_free_to_end(tx, actor, id)?;
    placement_requests::actions::withdraw(tx, actor, key, id, ending, expected)
}

/// Ends a request without a home, after its deadline.
pub fn end_unfilled(
    tx: &mut Tx<'_>,
    actor: &Actor,
    key: &ConfidentialKey,
    id: PlacementRequestId,
    ending: Ending,
    expected: Option<i64>,
) -> Result<PlacementRequest> {
    actor.must(Permission::WriteRequests)?;
    must_be_free_to_end(tx, actor, id)?;
    placement_requests::actions::mark_unfilled(tx, actor, key, id, ending, expected)
}

/// Refuses as long as an award of the request stands that can still be taken back. Once it is confirmed the request is awarded, which
/// the request's own rule refuses to end.
pub fn may_end(tx: &mut Tx<'_>, request: &PlacementRequest) -> Result<()> {
    let is_awarded = matches!(request.state, RequestState::Awarded | RequestState::Completed);
    if !is_awarded && store::has_live(tx, request.id)? {
        return Err(EndingRefused::AwardStands.into());
    }
    Ok(())
}

/// [`may_end`], with the request's row held, as it is by whoever proposes an award.
fn must_be_free_to_end(tx: &mut Tx<'_>, actor: &Actor, id: PlacementRequestId) -> Result<()> {
    let request = placement_requests::actions::own(tx, actor, id)?;
    may_end(tx, &request)
}

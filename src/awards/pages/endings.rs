//! The ends of a request without a placement, which an award that stands refuses.

use crate::access::{AuthorityUser, Permission};
use crate::awards::actions;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::PlacementRequestId;
use crate::placement_requests::pages::endings::{self, Verb};
use crate::placement_requests::rules::Ending;
use crate::placement_requests::{self, ConfidentialKey};
use crate::web::pages::{Desk, Form, Go, Html, PageDoor, Posted};
use crate::web::{Id, Reply, Routes};

pub(super) fn routes(r: &mut Routes) {
    r.get("/placement-requests/{id}/withdraw", show_withdraw)
        .may(Permission::WriteRequests);
    r.post("/placement-requests/{id}/withdraw", withdraw)
        .may(Permission::WriteRequests);
    r.get("/placement-requests/{id}/unfilled", show_unfilled)
        .may(Permission::WriteRequests);
    r.post("/placement-requests/{id}/unfilled", end_unfilled)
        .may(Permission::WriteRequests);
}

/// The page before the request is ended, unless an award stands against it.
fn page(tx: &mut Tx<'_>, desk: &Desk<AuthorityUser>, id: PlacementRequestId, verb: Verb) -> Result<Html> {
    let request = placement_requests::actions::seen_by(tx, desk, id)?;
    actions::may_end(tx, &request)?;
    endings::page(tx, desk, id, verb)
}

async fn show_withdraw(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id, Verb::Withdraw)).await
}

async fn withdraw(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>, posted: Posted) -> Reply {
    let (key, id) = (ConfidentialKey::of(&visit.app.secret), *id);
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let ending: Ending = Verb::Withdraw.fields(Form::reader(), true).read(posted)?;
                actions::withdraw_request(tx, desk, &key, id, ending, posted.version())?;
                Ok(Go::to(format!("/placement-requests/{id}")).saying("The request is withdrawn."))
            },
            move |tx, desk| page(tx, desk, id, Verb::Withdraw),
        )
        .await
}

async fn show_unfilled(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id, Verb::Unfilled)).await
}

async fn end_unfilled(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>, posted: Posted) -> Reply {
    let (key, id) = (ConfidentialKey::of(&visit.app.secret), *id);
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let ending: Ending = Verb::Unfilled.fields(Form::reader(), true).read(posted)?;
                actions::end_unfilled(tx, desk, &key, id, ending, posted.version())?;
                Ok(Go::to(format!("/placement-requests/{id}")).saying("The request has ended without a home."))
            },
            move |tx, desk| page(tx, desk, id, Verb::Unfilled),
        )
        .await
}

//! The one act of opening: what it does is said before, and nothing of a bid is known until it is done.

use super::super::actions;
use super::super::api::server_key;
use super::super::{rules, store};
use crate::access::{AuthorityUser, Permission, may};
use crate::db::Tx;
use crate::error::Result;
use crate::ids::PlacementRequestId;
use crate::placement_requests::PlacementRequest;
use crate::placement_requests::actions::seen_by;
use crate::placement_requests::rules::Phase;
use crate::web::pages::{Desk, Form, Go, Html, PageDoor, Posted};
use crate::web::{Id, Reply, Routes};
use askama::Template;

pub(super) fn routes(r: &mut Routes) {
    r.get("/placement-requests/{id}/open", show)
        .may(Permission::ReadBidsOfRequests);
    r.post("/placement-requests/{id}/open", open).may(Permission::OpenBids);
}

#[derive(Template)]
#[template(path = "bids/opening.html")]
struct OpeningPage {
    request: PlacementRequest,
    phase: Phase,
    bids: i64,
    /// Why they can't be opened now.
    against: Option<String>,
    form: Option<Form>,
}

fn page(tx: &mut Tx<'_>, desk: &Desk<AuthorityUser>, id: PlacementRequestId) -> Result<Html> {
    let request = seen_by(tx, desk, id)?;
    let bids = store::submitted_count(tx, id)?;
    let against = rules::may_open(&request, tx.now)
        .err()
        .map(|refused| refused.to_string());
    let form = (against.is_none() && may(desk.role, Permission::OpenBids)).then(|| {
        let label = match bids {
            0 => "Close the bidding".to_owned(),
            1 => "Open the bid".to_owned(),
            bids => format!("Open all {bids} bids"),
        };
        desk.form(format!("/placement-requests/{id}/open"))
            .version(request.version)
            .button(label)
    });
    let page = OpeningPage {
        phase: request.phase(tx.now),
        bids,
        against,
        form,
        request,
    };
    Html::of(format!("Open the bids – {}", page.request.reference), &page)
}

async fn show(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id)).await
}

async fn open(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>, posted: Posted) -> Reply {
    let (key, id) = (server_key(&visit.app), *id);
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let (_, opened) = actions::open(tx, desk, &key, id, posted.version())?;
                let said = match opened.len() {
                    0 => "The bidding is over: there was no bid to open.".to_owned(),
                    1 => "The bid is open.".to_owned(),
                    bids => format!("{bids} bids are open."),
                };
                Ok(Go::to(format!("/placement-requests/{id}/bids")).saying(said))
            },
            move |tx, desk| page(tx, desk, id),
        )
        .await
}

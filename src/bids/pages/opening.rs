//! The one act of opening: what it does is said before, and nothing of a bid is known until it is done.

use super::super::actions;
use super::super::api::server_key;
use super::super::{rules, store};
use crate::access::{AuthorityUser, Permission, may};
use crate::clock::Instant;
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

/// Why the bids can't be opened at this moment, in words.
fn against(request: &PlacementRequest, now: Instant) -> Option<String> {
    rules::may_open(request, now).err().map(|refused| refused.to_string())
}

fn button(bids: i64) -> String {
    match bids {
        0 => "Close the bidding".to_owned(),
        1 => "Open the bid".to_owned(),
        bids => format!("Open all {bids} bids"),
    }
}

fn page(tx: &mut Tx<'_>, desk: &Desk<AuthorityUser>, id: PlacementRequestId) -> Result<Html> {
    let request = seen_by(tx, desk, id)?;
    let bids = store::submitted_count(tx, id)?;
    let against = against(&request, tx.now);
    let form = (against.is_none() && may(desk.role, Permission::OpenBids)).then(|| {
        desk.form(format!("/placement-requests/{id}/open"))
            .version(request.version)
            .button(button(bids))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placement_requests::rules::samples;
    use crate::web::pages::assert_shows;

    fn page(request: PlacementRequest, now: Instant, bids: i64) -> OpeningPage {
        let against = against(&request, now);
        OpeningPage {
            phase: request.phase(now),
            bids,
            form: against.is_none().then(|| Form::reader().button(button(bids))),
            against,
            request,
        }
    }

    #[test]
    fn before_the_deadline_only_the_number_of_bids_is_told_and_nothing_can_be_opened() {
        let (request, _) = samples::published();
        let seen = [
            ", open for bids</span>Open the bids</h1>",
            "Bids can be opened from 23 November 2026, 12:00 GMT, when bidding closes.",
            "<dt>Bids submitted</dt><dd><span class=\"figure\">3</span></dd>",
            "Until they are opened every bid lies encrypted.",
        ];
        let unseen = ["<form", "What happens", "See them side by side"];
        assert_shows(&page(request, samples::noon(), 3), &seen, &unseen);
        let (draft, _) = samples::draft();
        let seen = ["This placement request has no bids to open."];
        assert_shows(
            &page(draft, samples::noon(), 0),
            &seen,
            &["<form", "Bids submitted", "lies encrypted"],
        );
    }

    #[test]
    fn from_the_deadline_on_they_are_opened_in_one_act() {
        let (request, _) = samples::published();
        let closed = |bids| page(request.clone(), request.bids_close_at, bids);
        let seen = [
            ", closed for bids</span>",
            "All bids are opened in one act, at the same moment.",
            "Bids are opened once. They can’t be sealed again.",
            "<button>Open all 3 bids</button>",
        ];
        assert_shows(&closed(3), &seen, &["when bidding closes", "No bid was submitted"]);
        assert_shows(&closed(1), &["<button>Open the bid</button>"], &[]);
        let seen = [
            "No bid was submitted, so there is nothing to score.",
            "<button>Close the bidding</button>",
        ];
        assert_shows(&closed(0), &seen, &["All bids are opened in one act"]);
    }

    #[test]
    fn once_open_they_stay_open() {
        let (request, _) = samples::opened();
        let bids = format!(
            "<a href=\"/placement-requests/{}/bids\">See them side by side</a>",
            request.id
        );
        let unseen = ["<form", "Bids submitted", "lies encrypted", "already open"];
        assert_shows(
            &page(request, samples::noon(), 3),
            &["The bids were opened.", &bids],
            &unseen,
        );
    }
}

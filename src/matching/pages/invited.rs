//! Who was invited to bid, why, and when they first looked.

use super::super::api::{InvitationView, invited};
use crate::access::{AuthorityUser, Permission};
use crate::db::Tx;
use crate::error::Result;
use crate::ids::PlacementRequestId;
use crate::placement_requests::PlacementRequest;
use crate::placement_requests::actions::seen_by;
use crate::web::pages::{Desk, Html, Narrowing, PageDoor, csv};
use crate::web::{Id, Items, Page, Reply, Routes};
use askama::Template;

pub(super) fn routes(r: &mut Routes) {
    r.get("/placement-requests/{id}/invitations", show)
        .may(Permission::ReadMatches);
    r.get("/placement-requests/{id}/invitations.csv", table)
        .may(Permission::ReadMatches);
}

#[derive(Template)]
#[template(path = "matching/invited.html")]
struct InvitedPage {
    request: PlacementRequest,
    invitations: Vec<InvitationView>,
    narrowing: Narrowing,
}

fn page(tx: &mut Tx<'_>, desk: &Desk<AuthorityUser>, id: PlacementRequestId, page: &Page) -> Result<Html> {
    let request = seen_by(tx, desk, id)?;
    let Items { items, next } = invited(tx, id, page)?;
    let page = InvitedPage {
        request,
        invitations: items,
        narrowing: desk.narrowing().next(next),
    };
    Html::of(format!("Invitations – {}", page.request.reference), &page)
}

async fn show(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>, part: Page) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id, &part)).await
}

async fn table(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>) -> Reply {
    visit
        .download(move |tx, desk| {
            let request = seen_by(tx, desk, *id)?;
            let all = Page::whole();
            let rows = invited(tx, *id, &all)?.items.into_iter().map(|one| {
                let homes: Vec<String> = one.homes.into_iter().map(|home| home.name).collect();
                vec![
                    one.provider_name,
                    one.rank.map(|rank| rank.to_string()).unwrap_or_default(),
                    homes.join("; "),
                    one.invited_at.to_string(),
                    one.first_looked_at.map(|at| at.to_string()).unwrap_or_default(),
                ]
            });
            let head = [
                "Provider",
                "Rank of its best home",
                "Homes that fitted",
                "Invited at",
                "First looked at",
            ];
            csv(&format!("invitations-{}.csv", request.reference), &head, rows)
        })
        .await
}

//! Who was invited to bid, why, and when they first looked.

use super::super::api::{InvitationView, invited};
use crate::access::{AuthorityUser, Permission};
use crate::db::Tx;
use crate::error::Result;
use crate::ids::PlacementRequestId;
use crate::placement_requests::PlacementRequest;
use crate::placement_requests::actions::seen_by;
use crate::web::pages::{Choice, Desk, Html, Narrowing, PageDoor, csv};
use crate::web::{Id, Items, Page, Query, Reply, Routes};
use askama::Template;
use serde::Deserialize;

pub(super) fn routes(r: &mut Routes) {
    r.get("/placement-requests/{id}/invitations", show)
        .may(Permission::ReadMatches);
    r.get("/placement-requests/{id}/invitations.csv", table)
        .may(Permission::ReadMatches);
}

/// Which invitations are wanted.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// Only those that somebody has looked at, or only the others.
    looked: Option<bool>,
}

#[derive(Template)]
#[template(path = "matching/invited.html")]
struct InvitedPage {
    request: PlacementRequest,
    narrowed: bool,
    invitations: Vec<InvitationView>,
    narrowing: Narrowing,
}

fn page(
    tx: &mut Tx<'_>,
    desk: &Desk<AuthorityUser>,
    id: PlacementRequestId,
    wanted: Wanted,
    page: &Page,
) -> Result<Html> {
    let request = seen_by(tx, desk, id)?;
    let Items { items, next } = invited(tx, id, wanted.looked, page)?;
    let looked = vec![Choice::new("true", "Somebody has"), Choice::new("false", "Not yet")];
    let page = InvitedPage {
        request,
        narrowed: wanted.looked.is_some(),
        invitations: items,
        narrowing: desk.narrowing().select("looked", "Looked", looked).next(next),
    };
    Html::of(format!("Invitations – {}", page.request.reference), &page)
}

async fn show(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>, wanted: Query<Wanted>, part: Page) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id, wanted.0, &part)).await
}

async fn table(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>, wanted: Query<Wanted>) -> Reply {
    visit
        .download(move |tx, desk| {
            let request = seen_by(tx, desk, *id)?;
            let all = Page::whole();
            let rows = invited(tx, *id, wanted.looked, &all)?.items.into_iter().map(|one| {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{HomeId, InvitationId, OrganisationId};
    use crate::matching::api::InvitedHomeView;
    use crate::matching::pages::samples::{draft, noon, published, reason};
    use crate::web::pages::assert_shows;
    use chrono::Duration;

    fn invitation(homes: Vec<InvitedHomeView>) -> InvitationView {
        InvitationView {
            id: InvitationId::new(noon()),
            provider_id: OrganisationId::new(noon()),
            provider_name: "Acorn <Care>".to_owned(),
            rank: homes.first().map(|home| home.rank),
            first_looked_at: (!homes.is_empty()).then(|| noon().plus(Duration::hours(1))),
            homes,
            invited_at: noon(),
        }
    }

    fn page(request: PlacementRequest, invitations: Vec<InvitationView>) -> InvitedPage {
        InvitedPage {
            request,
            narrowed: false,
            invitations,
            narrowing: Narrowing::of("/placement-requests/1/invitations"),
        }
    }

    #[test]
    fn each_invitation_says_for_which_homes_and_when_it_was_looked_at() {
        let home = InvitedHomeView {
            id: HomeId::new(noon()),
            name: "Acorn & Oak".to_owned(),
            rank: 2,
            reasons: vec![reason("distance.near", "3.2 miles from <RG1>.", Some(141))],
        };
        let page = page(published(), vec![invitation(vec![home]), invitation(Vec::new())]);
        let seen = [
            "</span>Who was invited</h1>",
            "Acorn &#60;Care&#62;</a></th><td class=\"number\">2</td>",
            "<summary>2. Acorn &#38; Oak</summary><ul><li>3.2 miles from &#60;RG1&#62;.</li></ul>",
            "<td>22 November 2026, 12:00 GMT</td><td>22 November 2026, 13:00 GMT</td>",
            "<td class=\"number\">–</td> <td>None; invited because everybody admitted to the lot is</td>",
            "<span class=\"tag grey\">Not yet</span>",
            "href=\"/placement-requests/1/invitations.csv\"",
        ];
        assert_shows(&page, &seen, &["Nobody"]);
    }

    #[test]
    fn where_nobody_was_invited_it_says_why() {
        let before = page(draft(), Vec::new());
        assert_shows(
            &before,
            &["Nobody is invited before the request is published."],
            &["<table", "Nobody was"],
        );
        let none = page(published(), Vec::new());
        let seen = ["Nobody was invited: no provider was admitted to the lot when the request was published."];
        assert_shows(&none, &seen, &["<table"]);
        let narrowed = InvitedPage { narrowed: true, ..none };
        assert_shows(
            &narrowed,
            &["There is no such invitation."],
            &["<table", "Nobody was invited"],
        );
    }
}

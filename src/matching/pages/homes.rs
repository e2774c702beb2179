//! Which homes fit a request, and why, beside a map of how far they are.

use super::super::actions::{self, Reach};
use super::super::api::{MatchView, positions, views};
use super::map::Map;
use crate::access::{AuthorityUser, Permission};
use crate::codes;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::PlacementRequestId;
use crate::placement_requests::PlacementRequest;
use crate::placement_requests::actions::seen_by;
use crate::placement_requests::rules::Phase;
use crate::web::pages::{Choice, Desk, Html, Narrowing, PageDoor, csv, filters};
use crate::web::{Answer, Id, Items, Page, Query, Reply, Routes};
use askama::Template;
use serde::Deserialize;

pub(super) fn routes(r: &mut Routes) {
    r.get("/placement-requests/{id}/matches", show)
        .may(Permission::ReadMatches);
    r.get("/placement-requests/{id}/matches.csv", table)
        .may(Permission::ReadMatches);
}

codes! {
    /// Which homes are listed.
    pub enum Shown {
        Fitting("fitting", "Homes that fit"),
        Others("others", "Homes that don’t fit"),
        All("all", "All homes of the lot"),
    }
}

/// Which matches are wanted.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    show: Option<Shown>,
}

impl Wanted {
    fn shown(self) -> Shown {
        self.show.unwrap_or(Shown::Fitting)
    }

    fn fits(self) -> Option<bool> {
        match self.shown() {
            Shown::Fitting => Some(true),
            Shown::Others => Some(false),
            Shown::All => None,
        }
    }
}

#[derive(Template)]
#[template(path = "matching/homes.html")]
struct HomesPage {
    request: PlacementRequest,
    phase: Phase,
    reach: Reach,
    judged: usize,
    shown: Shown,
    matches: Vec<MatchView>,
    map: Map,
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
    let matches = actions::matches(tx, &request)?;
    let positions = positions(&matches, wanted.fits(), page)?;
    let Items { items, next } = Items::of(positions, page, |position| matches.explained(*position).0.id);
    let views = views(tx, &matches, &items)?;
    let page = HomesPage {
        phase: request.phase(tx.now),
        reach: matches.reach(request.max_distance_miles),
        judged: matches.len(),
        shown: wanted.shown(),
        map: Map::of(&request, &views),
        matches: views,
        narrowing: desk
            .narrowing()
            .select("show", "Show", Choice::of([Shown::Others, Shown::All]))
            .otherwise(Shown::Fitting.label())
            .next(next),
        request,
    };
    Ok(Html::of(format!("Matches – {}", page.request.reference), &page)?.wide())
}

async fn show(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>, wanted: Query<Wanted>, part: Page) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id, wanted.0, &part)).await
}

async fn table(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>, wanted: Query<Wanted>) -> Reply {
    visit
        .download(move |tx, desk| {
            let request = seen_by(tx, desk, *id)?;
            let matches = actions::matches(tx, &request)?;
            let all = Page::whole();
            let positions = positions(&matches, wanted.fits(), &all)?;
            let views = views(tx, &matches, &positions)?;
            rows(&request, views)
        })
        .await
}

fn rows(request: &PlacementRequest, views: Vec<MatchView>) -> Result<Answer> {
    let rows = views.into_iter().map(|view| {
        let reasons: Vec<String> = view.reasons.into_iter().map(|reason| reason.text).collect();
        vec![
            view.rank.map(|rank| rank.to_string()).unwrap_or_default(),
            view.home.name,
            view.home.provider_name,
            view.home.grade.label().to_owned(),
            format!("{:.1}", view.distance_miles),
            view.area.label().to_owned(),
            view.home.places.to_string(),
            view.weekly_price.map(|price| price.to_string()).unwrap_or_default(),
            view.points.map(|points| points.to_string()).unwrap_or_default(),
            reasons.join(" "),
        ]
    });
    let head = [
        "Rank",
        "Home",
        "Provider",
        "Ofsted grade",
        "Miles",
        "Area",
        "Places",
        "Listed price a week",
        "Points",
        "Why",
    ];
    csv(&format!("matches-{}.csv", request.reference), &head, rows)
}

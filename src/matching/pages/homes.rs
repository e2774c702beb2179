//! Which homes fit a request, and why, beside a map of how far they are.

use super::super::actions::{self, Reach};
use super::super::api::{MatchView, positions, views};
use super::map::Map;
use super::stood;
use crate::access::{AuthorityUser, Permission};
use crate::codes;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::PlacementRequestId;
use crate::placement_requests::PlacementRequest;
use crate::placement_requests::actions::seen_by;
use crate::placement_requests::rules::Phase;
use crate::values::OfstedGrade;
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
    grade: Option<OfstedGrade>,
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
    of_a_grade: bool,
    matches: Vec<MatchView>,
    map: Map,
    narrowing: Narrowing,
}

impl HomesPage {
    /// The order of the list, in words.
    fn order(&self) -> &'static str {
        match self.shown {
            Shown::Fitting => "the best first",
            Shown::Others => "with the fewest reasons against them first",
            Shown::All => "the best first, then those that don’t fit",
        }
    }

    /// Whether the homes that fit but were not confirmed in time begin with this one.
    fn stale_from(&self, one: &MatchView) -> bool {
        let first = self.matches.iter().find(|one| one.fits && !one.home.fresh);
        first.is_some_and(|first| first.home.id == one.home.id)
    }
}

fn page(
    tx: &mut Tx<'_>,
    desk: &Desk<AuthorityUser>,
    id: PlacementRequestId,
    wanted: Wanted,
    page: &Page,
) -> Result<Html> {
    let request = seen_by(tx, desk, id)?;
    if !request.phase(tx.now).judges_homes() {
        return stood::page(tx, request);
    }
    let matches = actions::matches(tx, &request)?;
    let positions = positions(&matches, wanted.fits(), wanted.grade, page)?;
    let Items { items, next } = Items::of(positions, page, |position| matches.explained(*position).0.id);
    let views = views(tx, &matches, &items)?;
    let page = HomesPage {
        phase: request.phase(tx.now),
        reach: matches.reach(request.max_distance_miles),
        judged: matches.len(),
        shown: wanted.shown(),
        of_a_grade: wanted.grade.is_some(),
        map: Map::of(&request, &views),
        matches: views,
        narrowing: desk
            .narrowing()
            .select("show", "Show", Choice::of([Shown::Others, Shown::All]))
            .otherwise(Shown::Fitting.label())
            .select("grade", "Ofsted grade", Choice::all::<OfstedGrade>())
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
            if !request.phase(tx.now).judges_homes() {
                return stood::table(tx, &request);
            }
            let matches = actions::matches(tx, &request)?;
            let all = Page::whole();
            let positions = positions(&matches, wanted.fits(), wanted.grade, &all)?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::pages::samples::{draft, fitting, misfit, noon, published};
    use crate::web::pages::assert_shows;

    fn page(request: PlacementRequest, shown: Shown, matches: Vec<MatchView>) -> HomesPage {
        HomesPage {
            phase: request.phase(noon()),
            reach: Reach {
                fit: matches.iter().filter(|one| one.fits).count(),
                wider: None,
            },
            judged: matches.len(),
            shown,
            of_a_grade: false,
            map: Map::of(&request, &matches),
            matches,
            narrowing: Narrowing::of("/placement-requests/1/matches"),
            request,
        }
    }

    #[test]
    fn homes_that_fit_say_why_and_what_they_cost() {
        let draft = draft();
        let (reference, back) = (
            draft.reference.clone(),
            format!("/placement-requests/{}/draft\">", draft.id),
        );
        let mut page = page(draft, Shown::Fitting, vec![fitting("GU1", 26.04)]);
        page.reach.wider = Some((2, 45));
        let over = format!("{reference}, a draft</span>1 home fits; 2 more within 45 miles</h1>");
        let seen = [
            over.as_str(),
            &back,
            "Of 1 home on the lot, within 40 miles of RG1. The order advises; a person decides.",
            "<caption>Homes that fit, the best first</caption>",
            "<tr><td>1</td> <th scope=\"row\">",
            "Acorn House</a>, Acorn &#60;Care&#62;</th>",
            "<summary>870 points of 1,000</summary><ul><li>3.2 miles from RG1 &#38; near school. (141)</li></ul>",
            "<td>Good</td><td class=\"number\">26.0</td><td class=\"number\">1</td><td class=\"number\">£4,250.00</td>",
            "<title>Acorn House, 26.0 miles</title>",
            "<text x=\"203\"",
            "class=\"axis limit\"",
            "Green: fits. Dashed: the limit.",
            "addresses stay confidential until the award.",
        ];
        // Nothing of where it lies but its distance and its district's direction.
        let unseen = [
            "GU1",
            "Who was invited",
            "Grey:",
            "farther out",
            "471500",
            "173500",
            "class=\"dot no\"",
        ];
        assert_shows(&page, &seen, &unseen);
    }

    #[test]
    fn homes_that_do_not_fit_say_every_reason_against_them() {
        let others = page(
            published(),
            Shown::Others,
            vec![misfit("RG1", 0.4), misfit("NE1", 250.0)],
        );
        let seen = [
            ", open for bids</span>0 homes fit</h1>",
            "Who was invited, and when they first looked</a>",
            "<th scope=\"col\">Fits</th>",
            "<td><span class=\"tag grey\">No</span></td>",
            "<summary>Why not</summary><ul><li>It takes ages 5 to 9.</li></ul>",
            "<td class=\"number\">250.0</td>",
            "<td class=\"number\">Not listed</td>",
            "class=\"dot no\"",
            "Grey: does not fit.",
            "1 home lies farther out than this shows.",
        ];
        assert_shows(&others, &seen, &["points of", "Green:", "/draft\""]);
        let all = page(published(), Shown::All, vec![fitting("RG1", 0.4), misfit("RG2", 3.0)]);
        let seen = [
            "<th scope=\"col\">Rank</th>",
            "Green: fits. Grey: does not fit.",
            "class=\"dot\"",
            "dot no",
        ];
        assert_shows(&all, &seen, &["farther out"]);
    }

    #[test]
    fn homes_that_were_not_confirmed_stand_apart_and_say_so() {
        const DIVIDED: &str = "</tbody><tbody> <tr><th scope=\"rowgroup\" colspan=\"7\">Behind all others";
        let stale = || {
            let mut one = fitting("RG2", 1.0);
            (one.home.name, one.home.fresh, one.rank) = ("Oak House".to_owned(), false, Some(2));
            one
        };
        let both = page(
            published(),
            Shown::All,
            vec![fitting("RG1", 0.4), stale(), stale(), misfit("RG3", 2.0)],
        );
        let seen = [
            "Acorn &#60;Care&#62;</th>",
            "Oak House</a>, Acorn &#60;Care&#62; <span class=\"tag yellow\">Not confirmed for 7 days</span></th>",
            DIVIDED,
            "<caption>All homes of the lot, the best first, then those that don’t fit</caption>",
        ];
        assert_shows(&both, &seen, &[]);
        assert_eq!(both.render().unwrap().matches("Behind all others").count(), 1);
        let fresh = page(published(), Shown::Fitting, vec![fitting("RG1", 0.4)]);
        assert_shows(&fresh, &[], &["Behind all others", "Not confirmed"]);
        let mut closed = misfit("RG3", 2.0);
        closed.home.fresh = false;
        let others = page(published(), Shown::Others, vec![closed]);
        let seen = ["<caption>Homes that don’t fit, with the fewest reasons against them first</caption>"];
        assert_shows(&others, &seen, &["Behind all others", "Not confirmed"]);
    }

    #[test]
    fn anywhere_is_no_limit() {
        let mut anywhere = published();
        anywhere.max_distance_miles = None;
        let page = page(anywhere, Shown::Fitting, vec![fitting("RG1", 0.4)]);
        assert_shows(&page, &["at any distance from RG1"], &["Dashed", "axis limit"]);
    }

    #[test]
    fn an_empty_list_says_what_there_is_none_of() {
        for (shown, said) in [
            (Shown::Fitting, "No home fits yet."),
            (Shown::Others, "Every home of the lot fits."),
            (Shown::All, "No home is on this lot yet."),
        ] {
            assert_shows(&page(draft(), shown, Vec::new()), &[said], &["<table", "<svg"]);
            let of_a_grade = HomesPage {
                of_a_grade: true,
                ..page(draft(), shown, Vec::new())
            };
            assert_shows(&of_a_grade, &["There is no such home of this grade."], &[said]);
        }
    }
}

//! The region at a glance, for whoever minds the whole market.

use super::bars::{Bar, Bars};
use crate::access::Actor;
use crate::dashboard::rules::{DAYS, Places, Region, in_words};
use crate::dashboard::store;
use crate::db::Tx;
use crate::error::Result;
use crate::vacancies::rules::FRESH_FOR_DAYS;
use crate::web::pages::filters;
use askama::Template;
use chrono::Duration;

/// The market's numbers and charts, to stand in a home page.
#[derive(Template)]
#[template(path = "dashboard/region.html")]
pub(super) struct RegionGlance {
    region: Region,
    time_to_first_bid: Option<String>,
    free: i64,
    charts: Vec<Bars>,
}

impl askama::filters::HtmlSafe for RegionGlance {}

impl RegionGlance {
    /// Of the cooperative of somebody who works there.
    pub fn of(tx: &mut Tx<'_>, actor: &Actor) -> Result<Self> {
        let now = tx.now;
        let requests = store::requests(tx, actor.organisation_id, now.minus(Duration::days(DAYS)))?;
        let fresh_since = now.minus(Duration::days(FRESH_FOR_DAYS));
        let places = store::free_places(tx, actor.organisation_id, fresh_since)?;
        Ok(Self::showing(Region::of(&requests, &places, now)))
    }

    pub(super) fn showing(region: Region) -> Self {
        let free = region.by_kind.iter().map(|places| places.fresh).sum();
        let first_bids = region.first_bids.iter().map(|(label, count)| Bar {
            label: (*label).to_owned(),
            value: *count,
            numbers: vec![*count],
        });
        let weeks = region.weeks.iter().map(|week| Bar {
            label: format!("From {}", week.monday.format("%-d %B")),
            value: week.published,
            numbers: vec![week.published, week.with_bids, week.published - week.with_bids],
        });
        let places = |places: &Places| Bar {
            label: places.label.clone(),
            value: places.fresh,
            numbers: vec![places.fresh, places.stale, places.fresh + places.stale],
        };
        let heads = |first| vec![first, "Confirmed in the last 7 days", "Longer ago", "All"];
        let charts = vec![
            Bars {
                id: "places-by-kind",
                title: "Free places confirmed in the last 7 days, by kind of placement",
                heads: heads("Kind of placement"),
                rows: region.by_kind.iter().map(places).collect(),
            },
            Bars {
                id: "places-by-area",
                title: "Free places confirmed in the last 7 days, by the authority they lie in",
                heads: heads("Authority"),
                rows: region.by_area.iter().map(places).collect(),
            },
            Bars {
                id: "first-bids",
                title: "Time to the first bid",
                heads: vec!["After publication", "Requests"],
                rows: first_bids.collect(),
            },
            Bars {
                id: "requests-by-week",
                title: "Requests published, by week",
                heads: vec!["Week", "Published", "With a bid", "Without"],
                rows: weeks.collect(),
            },
        ];
        Self {
            time_to_first_bid: region.time_to_first_bid.map(in_words),
            region,
            free,
            charts,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dashboard::rules::{FreePlaces, RequestFacts};
    use crate::placement_requests::rules::RequestState;
    use crate::values::PlacementType;
    use crate::web::pages::assert_shows;

    #[test]
    fn a_region_is_counted_with_every_number_behind_its_charts() {
        let now: crate::clock::Instant = "2026-03-04T12:00:00Z".parse().unwrap();
        let request = |state, closes: i64, bids, first_bid: Option<i64>| RequestFacts {
            state,
            published_at: now.minus(Duration::hours(48)),
            bids_close_at: now.plus(Duration::hours(closes)),
            bids,
            first_bid_at: first_bid.map(|hours| now.minus(Duration::hours(48 - hours))),
        };
        let requests = [
            request(RequestState::Published, 5, 0, None),
            request(RequestState::Published, 5, 1, Some(1)),
            request(RequestState::Published, -1, 1, Some(3)),
            request(RequestState::Unfilled, -1, 0, None),
        ];
        let places = [FreePlaces {
            kind: PlacementType::Residential,
            area: "E06000038".to_owned(),
            fresh: 2,
            stale: 3,
        }];
        let glance = RegionGlance::showing(Region::of(&requests, &places, now));
        let seen = [
            "in the last 90 days",
            "<span class=\"figure\">2</span> open for bids; <a href=\"/placement-requests?status=open&amp;bids=false\">1 of them without a bid so far</a></li>",
            "<span class=\"figure\">1</span> closed, and waiting for the authority to open the bids</li>",
            "<span class=\"figure\">3 hours</span> within which half of the requests that closed with a bid had their first</li>",
            "<span class=\"figure\">1</span> of 2 requests that closed <a href=\"/placement-requests?bids=false\">got no bid</a></li>",
            "<h3 id=\"places-by-area\">Free places confirmed in the last 7 days, by the authority they lie in</h3>",
            "<span class=\"figure\">2</span> free places, confirmed in the last 7 days</li>",
            "<th scope=\"row\">Residential</th><td class=\"number\">2</td><td class=\"number\">3</td><td class=\"number\">5</td>",
            "<th scope=\"row\">Reading</th>",
            "<th scope=\"row\">1 to 4 hours</th><td class=\"number\">1</td>",
            "<th scope=\"row\">From 2 March</th><td class=\"number\">4</td><td class=\"number\">2</td><td class=\"number\">2</td>",
        ];
        assert_shows(&glance, &seen, &["There is nothing to count yet.", "no bid yet"]);
    }

    #[test]
    fn an_empty_region_is_said_in_words() {
        let now = "2026-03-04T12:00:00Z".parse().unwrap();
        let html = RegionGlance::showing(Region::of(&[], &[], now)).render().unwrap();
        assert!(
            html.contains("There is nothing to count yet.") && !html.contains("<svg"),
            "{html}"
        );
        assert!(html.contains("no bid yet"));
    }
}

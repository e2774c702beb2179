//! The region at a glance, for whoever minds the whole market.

use super::bars::{Bar, Bars};
use crate::access::Actor;
use crate::dashboard::rules::{DAYS, Places, Region, in_words};
use crate::dashboard::store;
use crate::db::Tx;
use crate::error::Result;
use crate::vacancies::rules::FRESH_FOR_DAYS;
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

    fn showing(region: Region) -> Self {
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
                title: "Free places by kind of placement",
                heads: heads("Kind of placement"),
                rows: region.by_kind.iter().map(places).collect(),
            },
            Bars {
                id: "places-by-area",
                title: "Free places by the authority they lie in",
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

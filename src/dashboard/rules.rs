//! The region at a glance: what is counted of its market, and how. Pure.

use std::collections::BTreeMap;

use chrono::{Days, Duration, NaiveDate};

use crate::clock::Instant;
use crate::placement_requests::rules::RequestState;
use crate::reference;
use crate::values::PlacementType;

/// A request that was published, as far as the market's numbers go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestFacts {
    /// Where it stands, as stored.
    pub state: RequestState,
    /// When it was published.
    pub published_at: Instant,
    /// When bids close, or closed.
    pub bids_close_at: Instant,
    /// How many bids it has.
    pub bids: i64,
    /// When the first bid was submitted.
    pub first_bid_at: Option<Instant>,
}

/// Free places of one kind in one area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreePlaces {
    /// The kind of placement.
    pub kind: PlacementType,
    /// The GSS code of the authority in which the homes lie.
    pub area: String,
    /// Those confirmed in the last days.
    pub fresh: i64,
    /// Those not confirmed for longer.
    pub stale: i64,
}

/// How far back the market is looked at, in days.
pub const DAYS: i64 = 90;

/// How many weeks are told apart.
const WEEKS: u64 = 12;

/// How soon a first bid came.
const SOON: [(i64, &str); 6] = [
    (1, "Within an hour"),
    (4, "1 to 4 hours"),
    (12, "4 to 12 hours"),
    (24, "12 to 24 hours"),
    (72, "1 to 3 days"),
    (i64::MAX, "Later"),
];

/// The requests of one week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Week {
    /// Its Monday.
    pub monday: NaiveDate,
    /// How many requests were published.
    pub published: i64,
    /// Of these, how many have a bid.
    pub with_bids: i64,
}

/// A sum of places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// What they have in common, in words.
    pub label: String,
    /// Those confirmed in the last days.
    pub fresh: i64,
    /// Those not confirmed for longer.
    pub stale: i64,
}

/// The market of a region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Requests that are open for bids.
    pub open: i64,
    /// Of these, those without a bid so far.
    pub open_without_bids: i64,
    /// Requests closed for bids whose bids nobody has opened yet.
    pub to_open: i64,
    /// Requests of the time looked at whose bidding is over, but for those withdrawn.
    pub closed: i64,
    /// Of these, those that got no bid.
    pub closed_without_bids: i64,
    /// How long half of these waited at most for their first bid, of those that got one.
    pub time_to_first_bid: Option<Duration>,
    /// The same, told apart: how soon, and how many.
    pub first_bids: Vec<(&'static str, i64)>,
    /// The requests by week, oldest first.
    pub weeks: Vec<Week>,
    /// Free places by kind of placement.
    pub by_kind: Vec<Places>,
    /// Free places by the authority in which they are, most first.
    pub by_area: Vec<Places>,
}

impl Region {
    /// Adds up what was found.
    pub fn of(requests: &[RequestFacts], places: &[FreePlaces], now: Instant) -> Self {
        let count = |wanted: &dyn Fn(&RequestFacts) -> bool| {
            i64::try_from(requests.iter().filter(|request| wanted(request)).count()).unwrap_or(i64::MAX)
        };
        let is_published = |request: &RequestFacts| request.state == RequestState::Published;
        let is_open = |request: &RequestFacts| is_published(request) && request.bids_close_at > now;
        let since = now.minus(Duration::days(DAYS));
        let is_closed = |request: &RequestFacts| {
            request.bids_close_at <= now && request.published_at >= since && request.state != RequestState::Withdrawn
        };
        // Of an open request it stays unsaid when its bids came.
        let mut waits: Vec<Duration> = requests
            .iter()
            .filter(|request| is_closed(request))
            .filter_map(|request| Some(request.first_bid_at?.since(request.published_at)))
            .collect();
        waits.sort_unstable();
        Self {
            open: count(&is_open),
            open_without_bids: count(&|request| is_open(request) && request.bids == 0),
            to_open: count(&|request| is_published(request) && request.bids_close_at <= now),
            closed: count(&is_closed),
            closed_without_bids: count(&|request| is_closed(request) && request.bids == 0),
            time_to_first_bid: waits.get(waits.len().saturating_sub(1) / 2).copied(),
            first_bids: by_wait(&waits),
            weeks: by_week(requests, now),
            by_kind: summed(places, |place| place.kind.label().to_owned()),
            by_area: {
                let name = |code: &str| {
                    reference::authority(code)
                        .map_or(code, |authority| authority.name)
                        .to_owned()
                };
                let mut areas = summed(places, |place| name(&place.area));
                areas.sort_by_key(|area| (-area.fresh, -area.stale));
                areas
            },
        }
    }
}

fn by_wait(waits: &[Duration]) -> Vec<(&'static str, i64)> {
    let mut counts = SOON.map(|(_, label)| (label, 0));
    for wait in waits {
        let at = SOON
            .iter()
            .position(|(hours, _)| wait.num_minutes() < hours.saturating_mul(60));
        counts[at.unwrap_or(SOON.len() - 1)].1 += 1;
    }
    counts.to_vec()
}

fn by_week(requests: &[RequestFacts], now: Instant) -> Vec<Week> {
    let monday = |day: NaiveDate| day.week(chrono::Weekday::Mon).first_day();
    let this = monday(now.date_in_uk());
    let mut weeks: BTreeMap<NaiveDate, Week> = (0..WEEKS)
        .map(|ago| this - Days::new(7 * ago))
        .map(|monday| {
            let empty = Week {
                monday,
                published: 0,
                with_bids: 0,
            };
            (monday, empty)
        })
        .collect();
    for request in requests {
        if let Some(week) = weeks.get_mut(&monday(request.published_at.date_in_uk())) {
            week.published += 1;
            week.with_bids += i64::from(request.bids > 0);
        }
    }
    weeks.into_values().collect()
}

fn summed(places: &[FreePlaces], label: impl Fn(&FreePlaces) -> String) -> Vec<Places> {
    let mut sums: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for place in places {
        let sum = sums.entry(label(place)).or_default();
        sum.0 += place.fresh;
        sum.1 += place.stale;
    }
    let sum = |(label, (fresh, stale))| Places { label, fresh, stale };
    sums.into_iter().map(sum).collect()
}

/// A length of time as people say it, in its two largest parts: `2 days 3 hours`, `45 minutes`.
pub fn in_words(time: Duration) -> String {
    let part = |count: i64, one: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        many => Some(format!("{many} {one}s")),
    };
    let (days, hours, minutes) = (time.num_days(), time.num_hours() % 24, time.num_minutes() % 60);
    let parts = [
        part(days, "day"),
        part(hours, "hour"),
        part(if days > 0 { 0 } else { minutes }, "minute"),
    ];
    let said: Vec<String> = parts.into_iter().flatten().collect();
    if said.is_empty() {
        "less than a minute".to_owned()
    } else {
        said.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> Instant {
        let noon: Instant = "2026-03-04T12:00:00Z".parse().unwrap();
        noon.plus(Duration::hours(hours))
    }

    fn request(state: RequestState, closes: i64, bids: i64, first: Option<i64>) -> RequestFacts {
        RequestFacts {
            state,
            published_at: at(-48),
            bids_close_at: at(closes),
            bids,
            first_bid_at: first.map(|hours| at(-48 + hours)),
        }
    }

    #[test]
    fn requests_are_counted_by_what_time_and_people_made_of_them() {
        let requests = [
            request(RequestState::Published, 5, 0, None),
            request(RequestState::Published, 5, 2, Some(1)),
            request(RequestState::Published, 0, 0, None),
            request(RequestState::Opened, -1, 3, Some(2)),
            request(RequestState::Completed, -1, 1, Some(30)),
            request(RequestState::Unfilled, -1, 0, None),
            request(RequestState::Withdrawn, -1, 0, None),
        ];
        let region = Region::of(&requests, &[], at(0));
        assert_eq!((region.open, region.open_without_bids, region.to_open), (2, 1, 1));
        assert_eq!((region.closed, region.closed_without_bids), (4, 2));
        assert_eq!(region.time_to_first_bid, Some(Duration::hours(2)));
        let came: Vec<_> = region.first_bids.iter().filter(|(_, count)| *count > 0).collect();
        assert_eq!(
            came,
            [&("1 to 4 hours", 1), &("1 to 3 days", 1)],
            "an open request's bids are not told"
        );
        assert_eq!(region.weeks.len(), 12);
        let last = region.weeks.last().unwrap();
        assert_eq!((last.published, last.with_bids), (7, 3));
    }

    #[test]
    fn places_are_summed_by_kind_and_by_area() {
        let free = |kind, area: &str, fresh, stale| FreePlaces {
            kind,
            area: area.to_owned(),
            fresh,
            stale,
        };
        let places = [
            free(PlacementType::Residential, "E06000038", 1, 0),
            free(PlacementType::Residential, "E10000030", 2, 3),
            free(PlacementType::Foster, "E10000030", 0, 1),
        ];
        let region = Region::of(&[], &places, at(0));
        let sums = |places: &[Places]| -> Vec<(String, i64, i64)> {
            places
                .iter()
                .map(|one| (one.label.clone(), one.fresh, one.stale))
                .collect()
        };
        assert_eq!(
            sums(&region.by_area),
            [("Surrey".into(), 2, 4), ("Reading".into(), 1, 0)]
        );
        assert_eq!(region.by_kind.len(), 2);
        assert_eq!(region.time_to_first_bid, None);
    }

    #[test]
    fn a_length_of_time_is_said_in_its_largest_parts() {
        for (minutes, words) in [
            (0, "less than a minute"),
            (1, "1 minute"),
            (61, "1 hour 1 minute"),
            (120, "2 hours"),
            (24 * 60 + 5, "1 day"),
            (51 * 60, "2 days 3 hours"),
        ] {
            assert_eq!(in_words(Duration::minutes(minutes)), words);
        }
    }
}

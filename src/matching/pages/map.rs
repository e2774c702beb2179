//! A map without a map: how far each home is, on rings of miles around where the child comes from.
//!
//! A home's address is confidential, and a point with its distance would give it away. So a home is drawn at its distance in the
//! direction of its postcode district's middle.

use super::super::api::MatchView;
use crate::placement_requests::PlacementRequest;
use crate::reference::{Grid, district_centre};

/// Half of the picture's side.
const CENTRE: f64 = 200.0;
/// The outermost ring, in the picture.
const EDGE: f64 = 180.0;
/// The radius, in miles, where neither a limit nor a home gives one.
const NARROWEST: f64 = 10.0;

/// The picture.
#[derive(Debug)]
pub(super) struct Map {
    /// The rings, from within: radius in the picture, and miles.
    pub rings: Vec<(i32, String)>,
    /// The limit of the request, as a radius in the picture.
    pub limit: Option<i32>,
    /// The homes.
    pub homes: Vec<Dot>,
    /// How many homes lie beyond its edge.
    pub beyond: usize,
}

/// A home in the picture.
#[derive(Debug)]
pub(super) struct Dot {
    pub x: i32,
    pub y: i32,
    pub fits: bool,
    pub what: String,
}

impl Map {
    /// The homes of a request around where the child comes from.
    pub fn of(request: &PlacementRequest, matches: &[MatchView]) -> Self {
        let farthest_that_fits = matches
            .iter()
            .filter(|one| one.fits)
            .map(|one| one.distance_miles)
            .fold(NARROWEST, f64::max);
        let radius = match request.max_distance_miles {
            Some(limit) => f64::from(limit) * 1.25,
            None => farthest_that_fits,
        };
        // Four rings of whole miles.
        let step = (radius / 4.0).ceil().max(1.0);
        let scale = EDGE / (step * 4.0);
        let rings = (1..=4)
            .map(|n| {
                (
                    whole(step * f64::from(n) * scale),
                    format!("{:.0}", step * f64::from(n)),
                )
            })
            .collect();
        let (near, far): (Vec<&MatchView>, Vec<_>) = matches.iter().partition(|one| one.distance_miles <= step * 4.0);
        let homes = near.into_iter().map(|one| {
            let (east, north) = direction(request.origin.grid, one);
            let away = one.distance_miles * scale;
            Dot {
                x: whole(CENTRE + east * away),
                y: whole(CENTRE - north * away),
                fits: one.fits,
                what: format!("{}, {:.1} miles", one.home.name, one.distance_miles),
            }
        });
        Self {
            homes: homes.collect(),
            rings,
            limit: request.max_distance_miles.map(|limit| whole(f64::from(limit) * scale)),
            beyond: far.len(),
        }
    }
}

/// Which way a home's postcode district lies: east and north, together of length one. The district that the child comes from is
/// drawn to the north.
fn direction(origin: Grid, one: &MatchView) -> (f64, f64) {
    let centre = district_centre(&one.home.postcode_district).unwrap_or(origin);
    let (east, north) = (
        f64::from(centre.easting) - f64::from(origin.easting),
        f64::from(centre.northing) - f64::from(origin.northing),
    );
    let length = east.hypot(north);
    if length < 1.0 {
        (0.0, 1.0)
    } else {
        (east / length, north / length)
    }
}

/// To the whole unit of the picture, which is at most some hundreds.
#[expect(clippy::cast_possible_truncation, reason = "the picture is 400 units wide")]
fn whole(length: f64) -> i32 {
    length.round() as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::pages::samples::{draft, fitting};

    #[test]
    fn homes_stand_at_their_distance_in_the_direction_of_their_district() {
        // From Reading, with a limit of 40 miles: the rings are 13 miles apart.
        let matches = [fitting("GU1", 26.0), fitting("RG1", 0.4), fitting("NE1", 250.0)];
        let map = Map::of(&draft(), &matches);
        let rings: Vec<&str> = map.rings.iter().map(|(_, miles)| miles.as_str()).collect();
        assert_eq!(rings, ["13", "26", "39", "52"]);
        assert_eq!((map.rings[3].0, map.limit, map.beyond), (180, Some(138), 1));
        let guildford = &map.homes[0];
        assert!(
            guildford.x > 200 && guildford.y > 200,
            "to the south-east: {guildford:?}"
        );
        let away = f64::from(guildford.x - 200).hypot(f64::from(guildford.y - 200));
        assert!((away - 90.0).abs() < 1.5, "{away}");
        assert_eq!(guildford.what, "Acorn House, 26.0 miles");
        assert_eq!(map.homes.len(), 2);
    }
}

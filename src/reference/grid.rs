//! Points on the British National Grid and the distance between them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const METRES_A_MILE: f64 = 1609.344;

/// A point on the British National Grid (EPSG:27700), in metres.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct Grid {
    /// Metres to the east.
    pub easting: i32,
    /// Metres to the north.
    pub northing: i32,
}

impl Grid {
    /// The middle of its square of five kilometres: as little exact as a rural sector.
    pub(super) fn coarse(self) -> Self {
        const SIDE: i32 = 5_000;
        let middle = |metres: i32| metres - metres.rem_euclid(SIDE) + SIDE / 2;
        Self {
            easting: middle(self.easting),
            northing: middle(self.northing),
        }
    }
}

/// The miles between two points in a straight line on the grid; over England at most 0.041 % off the geodesic.
pub fn distance_miles(a: Grid, b: Grid) -> f64 {
    let (east, north) = (
        f64::from(a.easting) - f64::from(b.easting),
        f64::from(a.northing) - f64::from(b.northing),
    );
    east.hypot(north) / METRES_A_MILE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coarse_point_is_the_same_all_over_its_square() {
        let coarse = |easting, northing| Grid { easting, northing }.coarse();
        assert_eq!(coarse(470_000, 174_999), coarse(474_999, 170_000));
        assert_ne!(coarse(470_000, 174_999), coarse(470_000, 175_000));
        assert_eq!(
            coarse(472_345, 171_234),
            Grid {
                easting: 472_500,
                northing: 172_500
            }
        );
    }

    #[test]
    fn a_mile_is_a_mile() {
        let origin = Grid {
            easting: 400_000,
            northing: 300_000,
        };
        assert!(distance_miles(origin, origin).abs() < f64::EPSILON);
        let ten = Grid {
            easting: 400_000 + 16_093,
            northing: 300_000,
        };
        assert!((distance_miles(origin, ten) - 10.0).abs() < 0.001);
    }
}

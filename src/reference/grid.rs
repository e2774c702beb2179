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

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

/// A square on the grid, its edges within: what an index can narrow by before distances are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BoundingBox {
    /// The south-western corner.
    pub from: Grid,
    /// The north-eastern corner.
    pub to: Grid,
}

impl BoundingBox {
    /// The smallest square with every point within the miles of the centre.
    pub fn around(centre: Grid, miles: u32) -> Self {
        // A mile is rounded up to 1,610 metres, so that the square is never too small.
        let reach = i32::try_from(u64::from(miles) * 1610).unwrap_or(i32::MAX);
        Self {
            from: Grid {
                easting: centre.easting.saturating_sub(reach),
                northing: centre.northing.saturating_sub(reach),
            },
            to: Grid {
                easting: centre.easting.saturating_add(reach),
                northing: centre.northing.saturating_add(reach),
            },
        }
    }

    /// Whether the point lies in the square.
    pub fn contains(&self, point: Grid) -> bool {
        (self.from.easting..=self.to.easting).contains(&point.easting)
            && (self.from.northing..=self.to.northing).contains(&point.northing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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

    proptest! {
        #[test]
        fn the_square_leaves_nobody_out(e in 0..700_000i32, n in 0..700_000i32, de in -80_000..80_000i32, dn in -80_000..80_000i32, miles in 1u32..60) {
            let (centre, point) = (Grid { easting: e, northing: n }, Grid { easting: e + de, northing: n + dn });
            if distance_miles(centre, point) <= f64::from(miles) {
                prop_assert!(BoundingBox::around(centre, miles).contains(point));
            }
        }
    }
}

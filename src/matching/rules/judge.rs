//! The first pass: fits or not, points, order. No words yet.

use std::cmp::Reverse;

use super::{Area, Asked, Candidate, Misfit, Points, Standing};
use crate::reference::Grid;
use crate::values::{CodeSet, Money, OfstedGrade, Pets};

/// Where the points for distance end when the request sets no limit, in miles.
const NO_LIMIT_MILES: i64 = 100;

/// A mile in millimetres.
const MILE_MM: i64 = 1_609_344;

/// What was found of one home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judged {
    /// Its position among the candidates.
    pub position: usize,
    /// Every hard reason against it; none when it fits.
    pub misfits: CodeSet<Misfit>,
    /// Its points, when it fits.
    pub points: Points,
    /// The square of its distance from the origin, in square metres.
    pub distance_squared: i64,
    /// From 1, when it fits.
    pub rank: Option<i32>,
}

impl Judged {
    /// Whether the home fits.
    pub fn fits(&self) -> bool {
        self.misfits.is_empty()
    }

    /// The distance in tenths of a mile, rounded half up.
    pub fn tenths_of_miles(&self) -> i64 {
        (hundredths_of_miles(self.distance_squared) + 5) / 10
    }

    /// The distance in miles, to one place, as it is shown.
    pub fn miles(&self) -> f64 {
        // Tenths of miles on the grid are far below what an f64 holds exactly.
        #[allow(clippy::cast_precision_loss)]
        let tenths = self.tenths_of_miles() as f64;
        tenths / 10.0
    }
}

fn distance_squared(a: Grid, b: Grid) -> i64 {
    let (east, north) = (
        i64::from(a.easting) - i64::from(b.easting),
        i64::from(a.northing) - i64::from(b.northing),
    );
    east * east + north * north
}

/// Hundredths of a mile, rounded down.
fn hundredths_of_miles(distance_squared: i64) -> i64 {
    let centimetres = (distance_squared * 10_000).isqrt();
    centimetres * 1_000 / MILE_MM
}

/// Whether a distance is within a limit: exact, for both sides are whole square millimetres.
fn within(distance_squared: i64, miles: i32) -> bool {
    let limit = i128::from(miles) * i128::from(MILE_MM);
    i128::from(distance_squared) * 1_000_000 <= limit * limit
}

/// Judges one home. Its points for the price are given by [`rank`], which knows the lowest.
pub fn judge(asked: &Asked, home: &Candidate, position: usize) -> Judged {
    let distance_squared = distance_squared(asked.origin, home.grid);
    let mut misfits = CodeSet::EMPTY;
    let mut unless = |fine: bool, misfit: Misfit| {
        if !fine {
            misfits.insert(misfit);
        }
    };
    let age_taken = (home.age_min..=home.age_max).contains(&asked.age);
    let sex_taken = asked.sex.is_none_or(|sex| home.sexes.contains(sex));
    let vacancy = &home.vacancy;
    let enough = |places: i32| places >= asked.places;
    unless(home.standing != Standing::NotAdmitted, Misfit::NotAdmitted);
    unless(home.standing != Standing::Suspended, Misfit::Suspended);
    unless(home.active, Misfit::Inactive);
    unless(home.grade.passes(asked.worst_grade), Misfit::Grade);
    unless(
        asked.provision_types.contains(home.provision_type),
        Misfit::ProvisionType,
    );
    unless(asked.placement_type == home.placement_type, Misfit::PlacementType);
    unless(age_taken, Misfit::Age);
    unless(sex_taken, Misfit::Sex);
    // What the children living there now require counts where the home itself would take the child and has the places.
    unless(
        !age_taken || !enough(vacancy.places) || enough(vacancy.places_for_age),
        Misfit::AgeNow,
    );
    unless(
        !sex_taken || !enough(vacancy.places) || enough(vacancy.places_for_sex),
        Misfit::SexNow,
    );
    unless(
        asked.risks.intersection(home.risks_not_accepted).is_empty(),
        Misfit::Risk,
    );
    unless(home.step_free || !asked.step_free, Misfit::Adaptations);
    unless(home.solo || !asked.solo, Misfit::Solo);
    unless(
        home.deprivation_of_liberty || !asked.deprivation_of_liberty,
        Misfit::DeprivationOfLiberty,
    );
    unless(home.pets || asked.pets != Pets::YesMust, Misfit::Pets);
    // Places enough for the age and for the sex may still be different places.
    let narrowed =
        enough(vacancy.places_for_age) && enough(vacancy.places_for_sex) && !enough(vacancy.places_for_child);
    unless(enough(vacancy.places) && !narrowed, Misfit::Places);
    unless(
        asked.limit_miles.is_none_or(|miles| within(distance_squared, miles)),
        Misfit::Distance,
    );

    let points = if misfits.is_empty() {
        points(asked, home, distance_squared)
    } else {
        Points::default()
    };
    Judged {
        position,
        misfits,
        points,
        distance_squared,
        rank: None,
    }
}

fn points(asked: &Asked, home: &Candidate, distance_squared: i64) -> Points {
    let (wanted, met) = wishes(asked, home);
    Points {
        needs: share(300, asked.needs.intersection(home.needs).len(), asked.needs.len()),
        support: share(150, met, wanted),
        area: match home.area {
            Area::Own => 100,
            Area::Adjoining => 50,
            Area::Distant => 0,
        },
        distance: {
            let limit = 100 * asked.limit_miles.map_or(NO_LIMIT_MILES, i64::from);
            let left = limit - hundredths_of_miles(distance_squared).min(limit);
            // Below 150, for what is left is at most the limit.
            i32::try_from(150 * left / limit).unwrap_or(0)
        },
        grade: match home.grade {
            OfstedGrade::Outstanding => 150,
            OfstedGrade::Good => 120,
            OfstedGrade::NotYetInspected => 60,
            OfstedGrade::RequiresImprovement => 40,
            OfstedGrade::Inadequate => 0,
        },
        price: 0,
    }
}

/// How many kinds of support and wishes there are, and how many of them the home meets.
pub(super) fn wishes(asked: &Asked, home: &Candidate) -> (usize, usize) {
    let solo = usize::from(asked.solo_recommended);
    let pets = usize::from(asked.pets == Pets::YesCan);
    let met_solo = if home.solo { solo } else { 0 };
    let met_pets = if home.pets { pets } else { 0 };
    let support = asked.support.intersection(home.additional_support).len();
    (asked.support.len() + solo + pets, support + met_solo + met_pets)
}

/// The share of the points, rounded down; all of them where nothing is asked.
fn share(points: i32, met: usize, asked: usize) -> i32 {
    if asked == 0 {
        return points;
    }
    // Both are lengths of code lists.
    let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    points * count(met) / count(asked)
}

/// Puts the judged homes in order: those that fit by rank, then the others, those with the fewest reasons against them and the
/// nearest first.
pub fn rank(judged: &mut [Judged], homes: &[Candidate]) {
    let price = |judged: &Judged| homes[judged.position].price;
    let lowest = judged.iter().filter(|judged| judged.fits()).filter_map(price).min();
    for one in judged.iter_mut().filter(|judged| judged.fits()) {
        one.points.price = price_points(lowest, homes[one.position].price);
    }
    judged.sort_unstable_by_key(|one| {
        let home = &homes[one.position];
        (
            one.misfits.len(),
            one.fits() && !home.vacancy.fresh,
            Reverse(one.points.total()),
            one.distance_squared,
            home.price.is_none(),
            home.price,
            home.home_id,
        )
    });
    for (rank, one) in (1..).zip(judged.iter_mut().take_while(|judged| judged.fits())) {
        one.rank = Some(rank);
    }
}

fn price_points(lowest: Option<Money>, price: Option<Money>) -> i32 {
    match (lowest, price) {
        (Some(_), Some(price)) if price == Money::ZERO => 150,
        (Some(lowest), Some(price)) => {
            // At most 150, for no price is below the lowest.
            i32::try_from(i128::from(lowest.pence()) * 150 / i128::from(price.pence())).unwrap_or(0)
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::distance_miles;
    use proptest::prelude::*;

    #[test]
    fn a_limit_is_exact_to_the_metre() {
        // 40 miles are 64,373.76 metres.
        assert!(within(64_373 * 64_373, 40));
        assert!(!within(64_374 * 64_374, 40));
        assert!(within(0, 1));
    }

    proptest! {
        #[test]
        fn whole_numbers_say_the_same_as_floats(east in -700_000..700_000i32, north in -1_300_000..1_300_000i32) {
            let (a, b) = (Grid { easting: 0, northing: 0 }, Grid { easting: east, northing: north });
            let squared = distance_squared(a, b);
            let exact = distance_miles(a, b);
            #[allow(clippy::cast_precision_loss)]
            let hundredths = hundredths_of_miles(squared) as f64;
            prop_assert!((hundredths / 100.0 - exact).abs() < 0.011, "{hundredths} {exact}");
            for miles in [1, 20, 40, 500] {
                if (exact - f64::from(miles)).abs() > 0.001 {
                    prop_assert_eq!(within(squared, miles), exact < f64::from(miles));
                }
            }
        }
    }
}

//! What holds for any homes.

use proptest::prelude::*;

use super::super::*;
use super::{asked, home, ranked};
use crate::placement_requests::rules::samples;
use crate::values::RiskLevel;

/// Any home, mostly near to fitting.
fn any_home() -> impl Strategy<Value = Candidate> {
    let places = (0..3i32, 0..3i32, 0..3i32, 0..3i32, any::<bool>());
    let ground = (-100_000..100_000i32, -100_000..100_000i32, 0..3usize, 0..5usize);
    let taken = (0..18i32, 0..18i32, 0..4i32, 0..128i32, 0..2048i32, 0..64i32);
    (
        places,
        ground,
        taken,
        any::<[bool; 5]>(),
        proptest::option::of(0..1_000_000i64),
    )
        .prop_map(
            |(
                (all, age, sex, child, fresh),
                (east, north, area, grade),
                (from, to, sexes, needs, risks, support),
                flags,
                price,
            )| {
                let near = home();
                Candidate {
                    home_id: HomeId::new(samples::noon()),
                    active: flags[0] || flags[1],
                    solo: flags[2],
                    step_free: flags[3],
                    pets: flags[4],
                    age_min: from.min(14),
                    age_max: to.max(14 - i32::from(flags[0])),
                    sexes: CodeSet::from_mask(sexes).unwrap(),
                    needs: CodeSet::from_mask(needs).unwrap(),
                    risks_not_accepted: CodeSet::from_mask(risks).unwrap(),
                    additional_support: CodeSet::from_mask(support).unwrap(),
                    grid: Grid {
                        easting: near.grid.easting + east,
                        northing: near.grid.northing + north,
                    },
                    area: Area::ALL[area],
                    grade: OfstedGrade::ALL[grade],
                    vacancy: Vacancy {
                        places: all,
                        places_for_age: age.min(all),
                        places_for_sex: sex.min(all),
                        places_for_child: child.min(age).min(sex).min(all),
                        fresh,
                    },
                    price: price.and_then(Money::from_pence),
                    ..near
                }
            },
        )
}

proptest! {
    #[test]
    fn the_order_does_not_hang_on_the_order_of_asking(homes in proptest::collection::vec(any_home(), 0..30), turn in 0..30usize) {
        let asked = asked(|_| {});
        let order = |homes: &[Candidate]| ranked(&asked, homes).iter().map(|one| homes[one.position].home_id).collect::<Vec<_>>();
        let first = order(&homes);
        let mut turned = homes.clone();
        turned.rotate_left(turn % homes.len().max(1));
        turned.reverse();
        prop_assert_eq!(order(&turned), first);
    }

    #[test]
    fn ranks_count_from_one_and_reasons_match_the_verdict(homes in proptest::collection::vec(any_home(), 0..30)) {
        let asked = asked(|r| r.needs.risks.values_mut().for_each(|level| *level = RiskLevel::NoKnownRisk));
        let judged = ranked(&asked, &homes);
        let fitting = judged.iter().filter(|one| one.fits()).count();
        for (position, one) in judged.iter().enumerate() {
            let rank = (position < fitting).then(|| i32::try_from(position).unwrap() + 1);
            prop_assert_eq!(one.rank, rank);
            prop_assert!((0..=1000).contains(&one.points.total()));
            let reasons = asked.reasons(&homes[one.position], one);
            prop_assert!(!reasons.is_empty() && reasons.iter().all(|reason| !reason.text.is_empty()));
            prop_assert_eq!(reasons.iter().all(|reason| Misfit::CODES.contains(&reason.code.as_str())), !one.fits());
        }
    }

    #[test]
    fn asking_for_less_brings_no_reason_to_light(home in any_home()) {
        let strict = asked(|r| r.needs.home_adaptation_required = true);
        let lenient = asked(|r| {
            r.max_distance_miles = None;
            r.needs.risks.values_mut().for_each(|level| *level = RiskLevel::NoKnownRisk);
        });
        prop_assert!(judge(&lenient, &home, 0).misfits.is_subset(judge(&strict, &home, 0).misfits));
    }
}

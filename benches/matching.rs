//! How long judging takes: `cargo bench --bench matching`. Prints the best and the median of many runs.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use std::time::{Duration, Instant};

use hearth::clock;
use hearth::frameworks::rules::{LineCeilings, Lot};
use hearth::ids::{FrameworkId, HomeId, LotId, OrganisationId, PersonId, PlacementRequestId};
use hearth::matching::rules::{Area, Asked, Candidate, Standing, Vacancy, judge, rank};
use hearth::placement_requests::rules::{NewPlacementRequest, Origin, PlacementRequest};
use hearth::reference::{Grid, Precision};
use hearth::values::{
    AdditionalSupport, CodeSet, Money, NeedCategory, OfstedGrade, PlacementType, ProvisionType, Risk, Sex,
};
use serde_json::json;

const RUNS: usize = 500;

fn main() {
    let now: clock::Instant = "2026-03-04T10:00:00Z".parse().expect("a moment");
    for count in [300, 5_000, 50_000] {
        let (asked, homes) = (asked(now), homes(now, count));
        let mut took: Vec<Duration> = (0..RUNS).map(|_| run(&asked, &homes)).collect();
        took.sort_unstable();
        println!(
            "{count} homes judged and ranked: best {:?}, median {:?}",
            took[0],
            took[RUNS / 2]
        );
    }
}

fn run(asked: &Asked, homes: &[Candidate]) -> Duration {
    let began = Instant::now();
    let mut judged: Vec<_> = homes
        .iter()
        .enumerate()
        .map(|(n, home)| judge(asked, home, n))
        .collect();
    rank(&mut judged, homes);
    std::hint::black_box(&judged);
    began.elapsed()
}

fn asked(now: clock::Instant) -> Asked {
    let body = json!({
        "framework_id": FrameworkId::new(now), "lot_id": LotId::new(now), "needed_by": "WithinFiveDays",
        "starts_on": "2026-03-08", "bids_close_at": "2026-03-06T10:00:00Z", "price_weight": 40, "criteria": [],
        "child": {"age": 14, "sex": "F", "siblings_to_place_with": 0}, "origin": {"district": "RG1"}, "max_distance_miles": 40,
        "needs": {"living_companions": "NoPreference", "pets": "YesCan", "communication_needs": "No",
            "cultural_needs": "NotRequired", "additional_support": ["TherapeuticSupport", "TaxisToSchool"],
            "home_adaptation_required": false, "deprivation_of_liberty": false, "solo_placement": false,
            "categories": ["EmotionalBehavioural", "Drugs"], "risks": {"Missing": "RiskPresent"},
            "suitability": {"foster": "NotSpecified", "residential": "Preferred", "supported_accommodation": "NotSpecified"}},
        "brief": "A calm home near school.",
    });
    let new: NewPlacementRequest = serde_json::from_value(body).expect("a request");
    let origin = Origin {
        district: "RG1".parse().expect("a district"),
        grid: Grid {
            easting: 471_500,
            northing: 173_500,
        },
        precision: Precision::District,
        local_authority: "E06000038".to_owned(),
    };
    let (authority, person) = (OrganisationId::new(now), PersonId::new(now));
    let (request, _) = new.draft(PlacementRequestId::new(now), authority, person, origin, now);
    Asked::of(&request, &lot(&request), OfstedGrade::RequiresImprovement)
}

fn lot(request: &PlacementRequest) -> Lot {
    Lot {
        id: request.lot_id,
        framework_id: request.framework_id,
        code: "R1".to_owned(),
        title: "Children's homes".to_owned(),
        placement_type: PlacementType::Residential,
        provision_types: CodeSet::from([ProvisionType::ChildrensHome]),
        weekly_ceiling: None,
        line_ceilings: LineCeilings::default(),
        version: 1,
    }
}

/// Homes spread over 240 by 240 kilometres, of every kind: about a third of those within reach fit.
fn homes(now: clock::Instant, count: i32) -> Vec<Candidate> {
    (0..count)
        .map(|n| {
            let free = i32::from(n % 5 != 0);
            Candidate {
                home_id: HomeId::new(now),
                provider_id: OrganisationId::new(now),
                standing: if n % 40 == 0 {
                    Standing::Suspended
                } else {
                    Standing::Admitted
                },
                active: true,
                provision_type: ProvisionType::ChildrensHome,
                placement_type: PlacementType::Residential,
                age_min: n % 13,
                age_max: 17,
                sexes: if n % 7 == 0 {
                    CodeSet::from([Sex::M])
                } else {
                    CodeSet::all()
                },
                needs: if n % 3 == 0 {
                    CodeSet::all()
                } else {
                    CodeSet::from([NeedCategory::EmotionalBehavioural])
                },
                risks_not_accepted: if n % 6 == 0 {
                    CodeSet::from([Risk::Missing])
                } else {
                    CodeSet::EMPTY
                },
                additional_support: CodeSet::from([AdditionalSupport::TherapeuticSupport]),
                solo: n % 4 == 0,
                step_free: n % 2 == 0,
                pets: n % 3 == 0,
                deprivation_of_liberty: false,
                grade: OfstedGrade::ALL[usize::try_from(n % 4).unwrap_or(0)],
                grid: Grid {
                    easting: 351_500 + n * 7_919 % 240_000,
                    northing: 53_500 + n * 6_101 % 240_000,
                },
                area: Area::Distant,
                vacancy: Vacancy {
                    places: free,
                    places_for_age: free,
                    places_for_sex: free,
                    places_for_child: free,
                    fresh: n % 3 != 0,
                },
                price: Money::from_pence(i64::from(450_000 + n * 31 % 450_000)),
            }
        })
        .collect()
}

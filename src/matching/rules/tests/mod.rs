mod properties;

use chrono::Duration;

use super::*;
use crate::frameworks::rules::{LineCeilings, Lot};
use crate::placement_requests::rules::samples;
use crate::values::{Code, Pets};

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

fn asked(change: impl FnOnce(&mut PlacementRequest)) -> Asked {
    let (mut request, _) = samples::draft();
    change(&mut request);
    Asked::of(&request, &lot(&request), OfstedGrade::RequiresImprovement)
}

/// A home that fits the sample request, ten kilometres away.
fn home() -> Candidate {
    let (request, _) = samples::draft();
    let origin = request.origin.grid;
    Candidate {
        home_id: HomeId::new(samples::noon()),
        provider_id: OrganisationId::new(samples::noon()),
        standing: Standing::Admitted,
        active: true,
        provision_type: ProvisionType::ChildrensHome,
        placement_type: PlacementType::Residential,
        age_min: 10,
        age_max: 17,
        sexes: CodeSet::all(),
        needs: CodeSet::from([NeedCategory::EmotionalBehavioural]),
        risks_not_accepted: CodeSet::from([Risk::Fire]),
        additional_support: CodeSet::from([AdditionalSupport::TherapeuticSupport]),
        solo: false,
        step_free: true,
        pets: false,
        deprivation_of_liberty: false,
        grade: OfstedGrade::Good,
        grid: Grid {
            easting: origin.easting + 10_000,
            northing: origin.northing,
        },
        area: Area::Own,
        vacancy: vacancy(1),
        price: Some(Money::parse("5000.00").unwrap()),
    }
}

fn vacancy(places: i32) -> Vacancy {
    Vacancy {
        places,
        places_for_age: places,
        places_for_sex: places,
        places_for_child: places,
        fresh: true,
    }
}

fn misfits(asked: &Asked, home: &Candidate) -> Vec<&'static str> {
    judge(asked, home, 0).misfits.iter().map(Code::code).collect()
}

#[test]
fn each_hard_rule_at_its_edge() {
    type Case = (
        &'static str,
        fn(&mut PlacementRequest),
        fn(&mut Candidate),
        &'static [&'static str],
    );
    let nothing: fn(&mut PlacementRequest) = |_| {};
    let table: &[Case] = &[
        ("the sample", nothing, |_| {}, &[]),
        (
            "not admitted",
            nothing,
            |h| h.standing = Standing::NotAdmitted,
            &["provider.not_admitted"],
        ),
        (
            "suspended",
            nothing,
            |h| h.standing = Standing::Suspended,
            &["provider.suspended"],
        ),
        ("inactive", nothing, |h| h.active = false, &["home.inactive"]),
        (
            "at the gateway",
            nothing,
            |h| h.grade = OfstedGrade::RequiresImprovement,
            &[],
        ),
        (
            "below the gateway",
            nothing,
            |h| h.grade = OfstedGrade::Inadequate,
            &["grade.below_gateway"],
        ),
        (
            "not yet inspected",
            nothing,
            |h| h.grade = OfstedGrade::NotYetInspected,
            &[],
        ),
        (
            "other provision",
            nothing,
            |h| h.provision_type = ProvisionType::SecureChildrensHome,
            &["provision_type.not_of_lot"],
        ),
        (
            "other placement",
            nothing,
            |h| h.placement_type = PlacementType::Foster,
            &["placement_type.not_of_lot"],
        ),
        ("youngest", nothing, |h| h.age_min = 14, &[]),
        ("too young", nothing, |h| h.age_min = 15, &["age.outside_range"]),
        ("oldest", nothing, |h| h.age_max = 14, &[]),
        ("too old", nothing, |h| h.age_max = 13, &["age.outside_range"]),
        ("girls only", nothing, |h| h.sexes = CodeSet::from([Sex::F]), &[]),
        (
            "boys only",
            nothing,
            |h| h.sexes = CodeSet::from([Sex::M]),
            &["sex.not_accepted"],
        ),
        (
            "boys only, sex of no matter",
            |r| r.child.sex = None,
            |h| h.sexes = CodeSet::from([Sex::M]),
            &[],
        ),
        (
            "risk that is present",
            nothing,
            |h| h.risks_not_accepted = [Risk::Missing, Risk::Fire].into(),
            &["risk.not_accepted"],
        ),
        (
            "risk that is not",
            nothing,
            |h| h.risks_not_accepted = CodeSet::all().without([Risk::Missing].into()),
            &[],
        ),
        ("steps", nothing, |h| h.step_free = false, &[]),
        (
            "steps, adapted home wanted",
            |r| r.needs.home_adaptation_required = true,
            |h| h.step_free = false,
            &["adaptations.not_step_free"],
        ),
        (
            "solo wanted",
            |r| r.needs.solo_placement = true,
            |_| {},
            &["solo.not_offered"],
        ),
        (
            "solo wanted and offered",
            |r| r.needs.solo_placement = true,
            |h| h.solo = true,
            &[],
        ),
        (
            "deprivation of liberty",
            |r| r.needs.deprivation_of_liberty = true,
            |_| {},
            &["deprivation_of_liberty.not_able"],
        ),
        (
            "deprivation of liberty, able",
            |r| r.needs.deprivation_of_liberty = true,
            |h| h.deprivation_of_liberty = true,
            &[],
        ),
        ("pets a must", |r| r.needs.pets = Pets::YesMust, |_| {}, &["pets.none"]),
        (
            "pets a must and there",
            |r| r.needs.pets = Pets::YesMust,
            |h| h.pets = true,
            &[],
        ),
        ("pets welcome", |r| r.needs.pets = Pets::YesCan, |_| {}, &[]),
        ("no place", nothing, |h| h.vacancy = vacancy(0), &["places.too_few"]),
        (
            "a sibling, one place",
            |r| r.child.siblings_to_place_with = 1,
            |_| {},
            &["places.too_few"],
        ),
        (
            "a sibling, two places",
            |r| r.child.siblings_to_place_with = 1,
            |h| h.vacancy = vacancy(2),
            &[],
        ),
        (
            "a place for the younger",
            nothing,
            |h| (h.vacancy.places_for_age, h.vacancy.places_for_child) = (0, 0),
            &["age.outside_vacancy"],
        ),
        (
            "a place for boys",
            nothing,
            |h| (h.vacancy.places_for_sex, h.vacancy.places_for_child) = (0, 0),
            &["sex.outside_vacancy"],
        ),
        (
            "one place for older girls, one for younger boys",
            nothing,
            |h| {
                h.vacancy = Vacancy {
                    places: 2,
                    places_for_age: 1,
                    places_for_sex: 1,
                    places_for_child: 0,
                    fresh: true,
                }
            },
            &["places.too_few"],
        ),
        ("at the limit", |r| r.max_distance_miles = Some(7), |_| {}, &[]),
        (
            "beyond the limit",
            |r| r.max_distance_miles = Some(6),
            |_| {},
            &["distance.too_far"],
        ),
        (
            "no limit",
            |r| r.max_distance_miles = None,
            |h| h.grid.northing += 500_000,
            &[],
        ),
        (
            "everything at once",
            |r| r.max_distance_miles = Some(6),
            |h| {
                h.age_max = 13;
                h.sexes = CodeSet::from([Sex::M]);
                h.vacancy = vacancy(0);
                h.risks_not_accepted = CodeSet::all();
            },
            &[
                "age.outside_range",
                "sex.not_accepted",
                "risk.not_accepted",
                "places.too_few",
                "distance.too_far",
            ],
        ),
    ];
    for (name, change_request, change_home, expected) in table {
        let (asked, mut home) = (asked(change_request), home());
        change_home(&mut home);
        assert_eq!(misfits(&asked, &home), *expected, "{name}");
    }
}

fn ranked(asked: &Asked, homes: &[Candidate]) -> Vec<Judged> {
    let mut judged: Vec<_> = homes
        .iter()
        .enumerate()
        .map(|(position, home)| judge(asked, home, position))
        .collect();
    rank(&mut judged, homes);
    judged
}

#[test]
fn points_follow_the_table() {
    let asked = asked(|r| {
        r.needs.categories = [
            NeedCategory::EmotionalBehavioural,
            NeedCategory::Drugs,
            NeedCategory::Alcohol,
        ]
        .into();
    });
    let cheaper = Candidate {
        price: Some(Money::parse("4000.00").unwrap()),
        ..home()
    };
    let judged = ranked(&asked, &[home(), cheaper]);
    let of = |position| judged.iter().find(|one| one.position == position).unwrap().points;
    // 10 km are 6.21 of 40 miles: 150 × 3379 / 4000. The price: 150 × 4000 / 5000.
    let expected = Points {
        needs: 100,
        support: 150,
        area: 100,
        distance: 126,
        grade: 120,
        price: 120,
    };
    assert_eq!(of(0), expected);
    assert_eq!(of(1), Points { price: 150, ..expected });
    assert_eq!(expected.total(), 716);
}

type Worsen = (&'static str, fn(&mut Candidate));

#[test]
fn what_is_better_comes_first() {
    let asked = asked(|r| r.needs.pets = Pets::YesCan);
    let better: &[Worsen] = &[
        ("more needs covered", |h| h.needs = CodeSet::EMPTY),
        ("more support", |h| h.additional_support = CodeSet::EMPTY),
        ("pets as wished", |h| h.pets = false),
        ("own area", |h| h.area = Area::Adjoining),
        ("nearer", |h| h.grid.easting += 1_000),
        ("better grade", |h| h.grade = OfstedGrade::RequiresImprovement),
        ("cheaper", |h| h.price = Some(Money::parse("6000.00").unwrap())),
        ("with a price", |h| h.price = None),
        ("fresh", |h| h.vacancy.fresh = false),
    ];
    let good = Candidate { pets: true, ..home() };
    for (what, worsen) in better {
        let mut worse = Candidate {
            home_id: HomeId::new(samples::noon()),
            ..good
        };
        worsen(&mut worse);
        for homes in [[good, worse], [worse, good]] {
            let judged = ranked(&asked, &homes);
            assert_eq!(homes[judged[0].position].home_id, good.home_id, "{what}");
            assert_eq!(
                judged.iter().map(|one| one.rank).collect::<Vec<_>>(),
                [Some(1), Some(2)]
            );
        }
    }
    // A stale home is last however good it is.
    let stale = Candidate {
        vacancy: Vacancy {
            fresh: false,
            ..vacancy(1)
        },
        ..good
    };
    let poor = Candidate {
        grade: OfstedGrade::RequiresImprovement,
        needs: CodeSet::EMPTY,
        price: None,
        area: Area::Distant,
        ..good
    };
    assert_eq!(ranked(&asked, &[stale, poor])[0].position, 1);
}

#[test]
fn a_home_that_fits_says_what_ranks_it_and_the_points_add_up() {
    let asked = asked(|_| {});
    let homes = [home()];
    let judged = ranked(&asked, &homes);
    let reasons = asked.reasons(&homes[0], &judged[0]);
    let total: i32 = reasons.iter().filter_map(|reason| reason.points).sum();
    assert_eq!(total, judged[0].points.total());
    let words: Vec<_> = reasons
        .iter()
        .map(|reason| (reason.code.as_str(), reason.text.as_str()))
        .collect();
    assert_eq!(
        words,
        [
            (
                "needs.covered",
                "Registered for: Emotional and behavioural difficulties."
            ),
            ("support.covered", "Offers all the support that is wanted."),
            ("area.own", "In the authority's own area."),
            ("distance.within", "6.2 miles from RG1."),
            ("grade.good", "Ofsted: Good."),
            ("price.listed", "£5,000.00 a week, as listed."),
            ("vacancy.fresh", "The vacancy was confirmed within seven days."),
        ]
    );
}

#[test]
fn a_home_that_does_not_fit_says_every_reason_in_words() {
    let asked = asked(|r| {
        r.max_distance_miles = Some(6);
        r.child.siblings_to_place_with = 1;
    });
    let home = Candidate {
        age_max: 13,
        sexes: CodeSet::from([Sex::M]),
        risks_not_accepted: CodeSet::all(),
        ..home()
    };
    let judged = judge(&asked, &home, 0);
    let words: Vec<_> = asked
        .reasons(&home, &judged)
        .into_iter()
        .map(|reason| reason.text)
        .collect();
    assert_eq!(
        words,
        [
            "It takes children of 10 to 13; this child is 14.",
            "It takes male only.",
            "It does not accept: Going missing.",
            "1 place free by 26 November 2026; 2 places wanted.",
            "It is 6.2 miles from RG1; the limit is 6.",
        ]
    );
}

#[test]
fn five_thousand_homes_are_judged_in_a_moment() {
    let asked = asked(|_| {});
    let homes: Vec<_> = (0..5_000)
        .map(|n| {
            let mut home = home();
            home.grid.easting += n * 17 % 120_000;
            home.age_min = n % 16;
            home.price = Money::from_pence(i64::from(400_000 + n * 31 % 300_000));
            home
        })
        .collect();
    let began = std::time::Instant::now();
    let judged = ranked(&asked, &homes);
    let took = began.elapsed();
    assert_eq!(judged.len(), 5_000);
    // Unoptimised and on a loaded machine; `benches/matching.rs` measures it as shipped.
    assert!(took < Duration::seconds(1).to_std().unwrap(), "{took:?}");
}

//! Matches in the browser: the tasks of a draft with what fits so far, the check before publishing, the homes that fit and who was
//! invited.

mod draft;
mod homes;
mod invited;
mod map;
mod stood;

use crate::web::Routes;

/// The slice's pages.
pub fn routes(r: &mut Routes) {
    draft::routes(r);
    homes::routes(r);
    invited::routes(r);
}

#[cfg(test)]
mod samples {
    //! What the tests of pages show.

    use crate::homes::api::LocalAuthority;
    use crate::ids::{HomeId, OrganisationId};
    use crate::matching::api::{MatchView, MatchedHome};
    use crate::matching::rules::{Area, Reason};
    use crate::placement_requests::PlacementRequest;
    use crate::placement_requests::rules::samples;
    use crate::values::{District, Money, OfstedGrade, ProvisionType};

    pub use crate::placement_requests::rules::samples::noon;

    pub fn draft() -> PlacementRequest {
        samples::draft().0
    }

    pub fn published() -> PlacementRequest {
        draft().published(noon()).unwrap()
    }

    pub fn reason(code: &str, text: &str, points: Option<i32>) -> Reason {
        Reason {
            code: code.to_owned(),
            text: text.to_owned(),
            points,
        }
    }

    /// A home that fits, the best of all, so many miles away.
    pub fn fitting(district: &str, distance_miles: f64) -> MatchView {
        MatchView {
            home: MatchedHome {
                id: HomeId::new(noon()),
                name: "Acorn House".to_owned(),
                provider_id: OrganisationId::new(noon()),
                provider_name: "Acorn <Care>".to_owned(),
                provision_type: ProvisionType::ChildrensHome,
                grade: OfstedGrade::Good,
                postcode_district: District::parse(district).unwrap(),
                local_authority: LocalAuthority {
                    gss_code: "E06000038",
                    name: "Reading",
                },
                places: 1,
                fresh: true,
            },
            fits: true,
            rank: Some(1),
            points: Some(870),
            points_by_rule: None,
            reasons: vec![reason("distance.near", "3.2 miles from RG1 & near school.", Some(141))],
            distance_miles,
            area: Area::Own,
            weekly_price: Money::parse("4250.00").ok(),
        }
    }

    /// A home that does not fit, and has no listed price.
    pub fn misfit(district: &str, distance_miles: f64) -> MatchView {
        let mut one = fitting(district, distance_miles);
        one.home.name = "Birch House".to_owned();
        MatchView {
            fits: false,
            rank: None,
            points: None,
            reasons: vec![reason("age.outside_range", "It takes ages 5 to 9.", None)],
            weekly_price: None,
            ..one
        }
    }
}

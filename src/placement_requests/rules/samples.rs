//! A request as the tests of the rules use it.

use chrono::{NaiveDate, TimeZone, Utc};

use super::*;
use crate::ids::{FrameworkId, LotId, OrganisationId, PersonId, PlacementRequestId};
use crate::reference::Grid;
use crate::values::{
    AdditionalSupport, CodeSet, CommunicationNeeds, CulturalNeeds, District, LivingCompanions, NeedCategory, NeededBy,
    Pets, Postcode, Risk, RiskLevel, Sex, SpecificCommunication, Suitability,
};

/// Sunday 22 November 2026, noon.
pub fn noon() -> Instant {
    Instant::new(Utc.with_ymd_and_hms(2026, 11, 22, 12, 0, 0).unwrap())
}

/// Needs that ask for little, with every risk stated.
pub fn needs() -> Needs {
    let level = |risk| {
        if risk == Risk::Missing {
            RiskLevel::RiskPresent
        } else {
            RiskLevel::NoKnownRisk
        }
    };
    Needs {
        living_companions: LivingCompanions::NoPreference,
        pets: Pets::No,
        communication_needs: CommunicationNeeds::No,
        specific_communication: CodeSet::from([SpecificCommunication::None]),
        cultural_needs: CulturalNeeds::NotRequired,
        additional_support: CodeSet::from([AdditionalSupport::TherapeuticSupport]),
        home_adaptation_required: false,
        deprivation_of_liberty: false,
        solo_placement: false,
        categories: CodeSet::from([NeedCategory::EmotionalBehavioural]),
        risks: Risk::ALL.iter().map(|risk| (*risk, level(*risk))).collect(),
        suitability: SuitabilityByType {
            foster: Suitability::SuitableButNotPreferred,
            residential: Suitability::Preferred,
            supported_accommodation: Suitability::Unsuitable,
        },
    }
}

/// A body that can be published at [`noon`] by a framework that asks for up to a day.
pub fn body() -> NewPlacementRequest {
    NewPlacementRequest {
        framework_id: FrameworkId::new(noon()),
        lot_id: LotId::new(noon()),
        needed_by: NeededBy::WithinFiveDays,
        starts_on: NaiveDate::from_ymd_opt(2026, 11, 26).unwrap(),
        bids_close_at: noon().plus(chrono::Duration::hours(24)),
        questions_close_at: None,
        price_weight: 40,
        criteria: vec![
            NewCriterion {
                title: "How the home meets this child's needs".to_owned(),
                guidance: None,
                weight: 40,
            },
            NewCriterion {
                title: "Education".to_owned(),
                guidance: Some("Say how school goes on.".to_owned()),
                weight: 20,
            },
        ],
        child: Child {
            age: 14,
            sex: Some(Sex::F),
            siblings_to_place_with: 0,
        },
        origin: NewOrigin {
            postcode: Some(Postcode::parse("RG1 1AF").unwrap()),
            district: None,
        },
        max_distance_miles: Some(40),
        needs: needs(),
        brief: "A calm home near school.".to_owned(),
        names_to_screen: None,
    }
}

/// A draft made of [`body`].
pub fn draft() -> (PlacementRequest, Vec<Criterion>) {
    let origin = Origin {
        district: District::parse("RG1").unwrap(),
        grid: Grid {
            easting: 471_500,
            northing: 173_500,
        },
        precision: crate::reference::Precision::Sector,
        local_authority: "E06000038".to_owned(),
    };
    body().draft(
        PlacementRequestId::new(noon()),
        OrganisationId::new(noon()),
        PersonId::new(noon()),
        origin,
        noon(),
    )
}

//! A request, and what it calls off, as the tests of rules and pages use them.

use chrono::{NaiveDate, TimeZone, Utc};

use super::*;
use crate::frameworks::rules::{
    AdmissionMode, BidWindowMinutes, CeilingRule, Framework, FrameworkState, InviteRule, LineCeilings, Lot,
    NewFramework, Policy,
};
use crate::ids::{FrameworkId, LotId, OrganisationId, PersonId, PlacementRequestId};
use crate::reference::Grid;
use crate::values::{
    AdditionalSupport, CodeSet, CommunicationNeeds, CulturalNeeds, District, LivingCompanions, Money, NeedCategory,
    NeededBy, OfstedGrade, Pets, PlacementType, Postcode, ProcurementRoute, ProvisionType, Risk, RiskLevel, Sex,
    SpecificCommunication, Suitability,
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

/// The lot that a request calls off.
pub fn lot(request: &PlacementRequest) -> Lot {
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

/// The framework that a request calls off, open.
pub fn framework(request: &PlacementRequest) -> Framework {
    let new = NewFramework {
        reference: "SE-RES-1".to_owned(),
        title: "South East residential care".to_owned(),
        procurement_route: ProcurementRoute::Pa2023OpenFramework,
        starts_on: NaiveDate::from_ymd_opt(2026, 3, 1).unwrap(),
        ends_on: NaiveDate::from_ymd_opt(2030, 2, 28).unwrap(),
        admission: AdmissionMode::Continuous,
        application_window: None,
        policy: Policy {
            price_weight_min: 20,
            price_weight_max: 60,
            bid_window_minutes: BidWindowMinutes {
                today: 60,
                within_five_days: 1_440,
                more_than_five_days: 7_200,
            },
            bid_window_working_days: None,
            standstill_working_days: 2,
            worst_grade: OfstedGrade::RequiresImprovement,
            approval_weekly_price: Some(Money::parse("6000.00").unwrap()),
            price_ceiling_rule: CeilingRule::Block,
            invite_rule: InviteRule::MatchingFirst,
        },
    };
    Framework {
        state: FrameworkState::Open,
        ..new.draft(request.framework_id, OrganisationId::new(noon()))
    }
}

/// A request that is published at [`noon`] and takes bids for a day.
pub fn published() -> (PlacementRequest, Vec<Criterion>) {
    let (draft, criteria) = draft();
    (draft.published(noon()).unwrap(), criteria)
}

/// A request whose bids were opened an hour after they had closed.
pub fn opened() -> (PlacementRequest, Vec<Criterion>) {
    let (published, criteria) = published();
    let opened_at = published.bids_close_at.plus(chrono::Duration::hours(1));
    (published.opened(PersonId::new(noon()), opened_at).unwrap(), criteria)
}

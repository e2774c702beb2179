//! Who the child is, as far as stage 1 tells, and what the child needs: the fields of the Children's Social Care Placements Standard.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::values::{
    AdditionalSupport, CodeSet, CommunicationNeeds, CulturalNeeds, LivingCompanions, NeedCategory, Pets, PlacementType,
    Risk, RiskLevel, Sex, SpecificCommunication, Suitability,
};

/// The child, anonymous: an age, never a date of birth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Child {
    /// Years, on the day of the request.
    #[validate(range(min = 0, max = 17))]
    #[schema(example = 14)]
    pub age: i32,
    /// The child's sex; null where it does not matter.
    #[serde(default)]
    pub sex: Option<Sex>,
    /// How many brothers and sisters must live in the same home.
    #[serde(default)]
    #[validate(range(min = 0, max = 12))]
    #[schema(example = 0)]
    pub siblings_to_place_with: i32,
}

impl Child {
    /// The places that the child takes together with its siblings.
    pub const fn places(&self) -> i32 {
        1 + self.siblings_to_place_with
    }
}

/// What the child needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Needs {
    /// With whom the child should live: a recommendation, which ranks homes.
    pub living_companions: LivingCompanions,
    /// Whether there must, can or must not be pets.
    pub pets: Pets,
    /// Whether the child has communication needs.
    pub communication_needs: CommunicationNeeds,
    /// Which ones.
    #[serde(default)]
    pub specific_communication: CodeSet<SpecificCommunication>,
    /// Whether cultural needs must be met.
    pub cultural_needs: CulturalNeeds,
    /// Support beside the everyday care.
    #[serde(default)]
    pub additional_support: CodeSet<AdditionalSupport>,
    /// Whether the home must be adapted: step-free.
    pub home_adaptation_required: bool,
    /// Whether a court allows to deprive the child of liberty, and the home must be able to.
    pub deprivation_of_liberty: bool,
    /// Whether the child must live with no other child.
    pub solo_placement: bool,
    /// The categories of need that the home should be registered for.
    #[serde(default)]
    pub categories: CodeSet<NeedCategory>,
    /// Each risk, known or not. Publishing wants every one of the list to be stated.
    #[serde(default)]
    #[schema(example = json!({"Missing": "RiskPresent", "Fire": "NoKnownRisk"}))]
    pub risks: BTreeMap<Risk, RiskLevel>,
    /// How suitable each type of placement is.
    pub suitability: SuitabilityByType,
}

impl Needs {
    /// The risks that are present.
    pub fn risks_present(&self) -> CodeSet<Risk> {
        self.risks
            .iter()
            .filter(|(_, level)| **level == RiskLevel::RiskPresent)
            .map(|(risk, _)| *risk)
            .collect()
    }

    /// The risks of which nothing is said.
    pub fn risks_unstated(&self) -> CodeSet<Risk> {
        CodeSet::all().without(self.risks.keys().copied().collect())
    }

    /// The kinds of support that a home can have on offer: `NotApplicable` asks for none.
    pub fn support_wanted(&self) -> CodeSet<AdditionalSupport> {
        self.additional_support
            .without(CodeSet::from([AdditionalSupport::NotApplicable]))
    }
}

/// How suitable each type of placement is for the child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuitabilityByType {
    /// Of foster care.
    pub foster: Suitability,
    /// Of residential care.
    pub residential: Suitability,
    /// Of supported accommodation.
    pub supported_accommodation: Suitability,
}

impl SuitabilityByType {
    /// Of a type of placement.
    pub const fn of(&self, placement_type: PlacementType) -> Suitability {
        match placement_type {
            PlacementType::Foster => self.foster,
            PlacementType::Residential => self.residential,
            PlacementType::SupportedAccommodation => self.supported_accommodation,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    #[test]
    fn risks_are_present_absent_or_unstated() {
        let mut needs = samples::needs();
        assert_eq!(needs.risks_present(), CodeSet::from([Risk::Missing]));
        assert!(needs.risks_unstated().is_empty());
        needs.risks.remove(&Risk::Fire);
        assert_eq!(needs.risks_unstated(), CodeSet::from([Risk::Fire]));
    }

    #[test]
    fn support_that_is_not_applicable_is_not_wanted() {
        let mut needs = samples::needs();
        needs.additional_support = [AdditionalSupport::NotApplicable, AdditionalSupport::TaxisToSchool].into();
        assert_eq!(
            needs.support_wanted(),
            CodeSet::from([AdditionalSupport::TaxisToSchool])
        );
    }
}

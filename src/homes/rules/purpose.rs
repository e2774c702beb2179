//! The structured Statement of Purpose: what a home offers and to whom, as matching reads it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::values::checks::{Check, wrong};
use crate::values::{AdditionalSupport, CodeSet, NeedCategory, PlacementType, ProvisionType, Risk, Sex, codes};

codes! {
    /// How children live in a home.
    pub enum LivingArrangement {
        Alone("alone", "One child lives there alone"),
        Group("group", "Children live together"),
        Family("family", "In a family"),
        SelfContained("self_contained", "Each in a flat or room of their own"),
    }
}

/// The staffing of a home, as far as the provider says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Staffing {
    /// Staff on a usual waking shift, …
    #[validate(range(min = 1, max = 50))]
    #[schema(minimum = 1, maximum = 50)]
    #[schema(example = 2)]
    pub staff: i32,
    /// … for this many children: together the ratio.
    #[validate(range(min = 1, max = 50))]
    #[schema(minimum = 1, maximum = 50)]
    #[schema(example = 3)]
    pub children: i32,
    /// How many in a hundred have the level 3 diploma or its like (regulation 32 of SI 2015/541).
    #[validate(range(min = 0, max = 100))]
    #[schema(minimum = 0, maximum = 100)]
    #[serde(default)]
    #[schema(example = 80)]
    pub qualified_percent: Option<i32>,
    /// How many posts in a hundred are vacant.
    #[validate(range(min = 0, max = 100))]
    #[schema(minimum = 0, maximum = 100)]
    #[serde(default)]
    #[schema(example = 10)]
    pub vacancy_percent: Option<i32>,
}

/// What a home offers and to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Purpose {
    /// What it is registered as.
    pub provision_type: ProvisionType,
    /// What placing a child there is called.
    pub placement_type: PlacementType,
    /// The places it is registered for.
    pub registered_places: i32,
    /// The youngest age that it takes, in years.
    pub age_min: i32,
    /// The oldest age that it takes, in years.
    pub age_max: i32,
    /// The sexes that it takes.
    pub sexes: CodeSet<Sex>,
    /// The categories of need that it is registered for.
    pub needs: CodeSet<NeedCategory>,
    /// The risks that it can't take; it takes all others.
    pub risks_not_accepted: CodeSet<Risk>,
    /// The support that it offers beside the everyday care.
    pub additional_support: CodeSet<AdditionalSupport>,
    /// Whether it can look after one child alone.
    pub solo_placements: bool,
    /// Whether children are taught there.
    pub education_on_site: bool,
    /// Whether it can be used without steps, or is adapted so.
    pub step_free: bool,
    /// Whether there are pets.
    pub pets: bool,
    /// Whether it can look after a child under a deprivation of liberty order.
    pub deprivation_of_liberty: bool,
    /// How children live there; null where the provider has not said.
    pub living_arrangement: Option<LivingArrangement>,
    /// The staffing; null where the provider has not said.
    pub staffing: Option<Staffing>,
    /// The Statement of Purpose in words.
    pub statement: String,
}

impl Purpose {
    /// What must hold between the fields.
    pub(super) const CHECKS: [Check<Self>; 4] = [types_agree, ages_in_order, old_enough, takes_somebody];
}

fn types_agree(purpose: &Purpose) -> Result<(), ValidationError> {
    let expected = placement_type_of(purpose.provision_type);
    if purpose.placement_type == expected {
        Ok(())
    } else {
        let message = format!(
            "must be {expected}, as the provision type is {}",
            purpose.provision_type
        );
        Err(wrong("placement_type", "wrong_provision_type", message))
    }
}

fn ages_in_order(purpose: &Purpose) -> Result<(), ValidationError> {
    if purpose.age_min <= purpose.age_max {
        Ok(())
    } else {
        Err(wrong("age_max", "range", "must not be below the youngest age"))
    }
}

/// Children under 16 may not be placed in supported accommodation (regulation 27A of SI 2010/959, SI 2023/416).
fn old_enough(purpose: &Purpose) -> Result<(), ValidationError> {
    if purpose.provision_type != ProvisionType::SupportedAccommodation || purpose.age_min >= 16 {
        Ok(())
    } else {
        Err(wrong(
            "age_min",
            "range",
            "must be at least 16 in supported accommodation",
        ))
    }
}

fn takes_somebody(purpose: &Purpose) -> Result<(), ValidationError> {
    if purpose.sexes.is_empty() {
        Err(wrong("sexes", "required", "must name at least one"))
    } else {
        Ok(())
    }
}

/// The placement type of a registration.
pub(super) fn placement_type_of(provision_type: ProvisionType) -> PlacementType {
    match provision_type {
        ProvisionType::IndependentFosteringAgency => PlacementType::Foster,
        ProvisionType::SupportedAccommodation => PlacementType::SupportedAccommodation,
        ProvisionType::ChildrensHome
        | ProvisionType::ResidentialSpecialSchool
        | ProvisionType::ResidentialFamilyCentre
        | ProvisionType::SecureChildrensHome => PlacementType::Residential,
    }
}

#[cfg(test)]
pub(super) fn sample() -> Purpose {
    Purpose {
        provision_type: ProvisionType::ChildrensHome,
        placement_type: PlacementType::Residential,
        registered_places: 3,
        age_min: 10,
        age_max: 17,
        sexes: CodeSet::all(),
        needs: CodeSet::from([NeedCategory::EmotionalBehavioural]),
        risks_not_accepted: CodeSet::from([Risk::Fire]),
        additional_support: CodeSet::from([AdditionalSupport::TherapeuticSupport]),
        solo_placements: false,
        education_on_site: false,
        step_free: true,
        pets: false,
        deprivation_of_liberty: false,
        living_arrangement: Some(LivingArrangement::Group),
        staffing: None,
        statement: "A small home for older children.".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::checks::refuse_wrong;

    #[test]
    fn fields_must_agree_and_every_disagreement_is_named() {
        let fields = |change: fn(&mut Purpose)| {
            let mut purpose = sample();
            change(&mut purpose);
            match refuse_wrong(&purpose, &Purpose::CHECKS) {
                Ok(()) => Vec::new(),
                Err(crate::error::Error::Invalid(errors)) => {
                    errors.iter().map(|error| error.field.to_string()).collect()
                }
                Err(other) => panic!("{other}"),
            }
        };
        let none: [&str; 0] = [];
        assert_eq!(fields(|_| ()), none);
        assert_eq!(fields(|home| (home.age_min, home.age_max) = (18, 3)), ["age_max"]);
        assert_eq!(fields(|home| home.age_min = home.age_max), none);
        assert_eq!(
            fields(|home| home.placement_type = PlacementType::Foster),
            ["placement_type"]
        );
        assert_eq!(
            fields(|home| home.provision_type = ProvisionType::SupportedAccommodation),
            ["placement_type", "age_min"]
        );
        assert_eq!(fields(|home| home.sexes = CodeSet::EMPTY), ["sexes"]);
        assert_eq!(
            fields(|home| {
                home.provision_type = ProvisionType::SupportedAccommodation;
                home.placement_type = PlacementType::SupportedAccommodation;
                home.age_min = 16;
            }),
            none
        );
    }
}

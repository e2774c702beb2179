//! The home itself: what a provider says of it, where it lies, what may be changed when.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::purpose::{LivingArrangement, Purpose, Staffing, placement_type_of};
use super::{HomeRefused, Sight};
use crate::access::{Actor, OrganisationKind, Role};
use crate::clock::Instant;
use crate::error::Result;
use crate::ids::{HomeId, OrganisationId};
use crate::reference::{Authority, Grid, Precision};
use crate::values::checks::refuse_wrong;
use crate::values::{
    AdditionalSupport, CodeSet, District, NeedCategory, OfstedGrade, PlacementType, Postcode, ProvisionType, Risk, Sex,
    Urn,
};

/// The address of a home: confidential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// The first line.
    #[validate(length(min = 1, max = 100), custom(function = "crate::values::text::line"))]
    #[schema(min_length = 1, max_length = 100)]
    #[schema(example = "1 Example Lane")]
    pub line1: String,
    /// The second line, where there is one.
    #[validate(length(min = 1, max = 100), custom(function = "crate::values::text::line"))]
    #[schema(min_length = 1, max_length = 100)]
    #[serde(default)]
    pub line2: Option<String>,
    /// The post town.
    #[validate(length(min = 1, max = 60), custom(function = "crate::values::text::line"))]
    #[schema(min_length = 1, max_length = 60)]
    #[schema(example = "Reading")]
    pub town: String,
    /// The postcode.
    pub postcode: Postcode,
}

impl Address {
    /// As people write it in one line.
    pub fn in_one_line(&self) -> String {
        let postcode = self.postcode.to_string();
        let parts = [
            Some(self.line1.as_str()),
            self.line2.as_deref(),
            Some(self.town.as_str()),
            Some(postcode.as_str()),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// Where a home lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The postcode district: what everybody may know.
    pub district: District,
    /// The authority in whose area it lies.
    pub authority: &'static Authority,
    /// The point on the grid that distances are measured from: never the address itself.
    pub grid: Grid,
    /// What the authority was found by.
    pub precision: Precision,
}

/// A home: a registered service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// Its id.
    pub id: HomeId,
    /// The provider that runs it.
    pub provider_id: OrganisationId,
    /// Its name.
    pub name: String,
    /// Its number at Ofsted, unique.
    pub ofsted_urn: Urn,
    /// What it offers and to whom.
    pub purpose: Purpose,
    /// Where it lies.
    pub location: Location,
    /// The places of its open vacancies.
    pub places_open: i32,
    /// The places taken by confirmed awards and running placements.
    pub places_taken: i32,
    /// The grade of its newest inspection.
    pub grade: OfstedGrade,
    /// Whether it is open as a service.
    pub active: bool,
    /// When it was registered here.
    pub created_at: Instant,
    /// Counts its changes.
    pub version: i64,
}

/// A home to be registered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(
    clippy::duplicated_attributes,
    reason = "each check says for itself that it runs beside wrong fields"
)]
#[validate(schema(function = "types_agree", skip_on_field_errors = false))]
#[validate(schema(function = "ages_in_order", skip_on_field_errors = false))]
#[validate(schema(function = "old_enough", skip_on_field_errors = false))]
#[validate(schema(function = "takes_somebody", skip_on_field_errors = false))]
pub struct NewHome {
    /// Its name.
    #[validate(length(min = 1, max = 120), custom(function = "crate::values::text::name"))]
    #[schema(min_length = 1, max_length = 120)]
    #[schema(example = "Willow House")]
    pub name: String,
    /// Its number at Ofsted.
    pub ofsted_urn: Urn,
    /// What it is registered as.
    pub provision_type: ProvisionType,
    /// What placing a child there is called: it follows from the provision type, and need not be said.
    #[serde(default)]
    pub placement_type: Option<PlacementType>,
    /// Its address: confidential.
    #[validate(nested)]
    pub address: Address,
    /// The places it is registered for.
    #[validate(range(min = 1, max = 2000))]
    #[schema(minimum = 1, maximum = 2000)]
    #[schema(example = 3)]
    pub registered_places: i32,
    /// The youngest age that it takes, in years.
    #[validate(range(min = 0, max = 25))]
    #[schema(minimum = 0, maximum = 25)]
    #[schema(example = 10)]
    pub age_min: i32,
    /// The oldest age that it takes, in years.
    #[validate(range(min = 0, max = 25))]
    #[schema(minimum = 0, maximum = 25)]
    #[schema(example = 17)]
    pub age_max: i32,
    /// The sexes that it takes, at least one.
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
    /// How children live there.
    #[serde(default)]
    pub living_arrangement: Option<LivingArrangement>,
    /// The staffing.
    #[validate(nested)]
    #[serde(default)]
    pub staffing: Option<Staffing>,
    /// The Statement of Purpose in words, without anything that tells the address.
    #[validate(length(min = 1, max = 20_000), custom(function = "crate::values::text::prose"))]
    #[schema(min_length = 1, max_length = 20_000)]
    #[schema(example = "A small home for older children.")]
    pub statement: String,
}

impl NewHome {
    /// What placing a child there is called: as said, else as it follows from the registration.
    pub fn placement_type(&self) -> PlacementType {
        self.placement_type
            .unwrap_or_else(|| placement_type_of(self.provision_type))
    }

    fn purpose(&self) -> Purpose {
        Purpose {
            provision_type: self.provision_type,
            placement_type: self.placement_type(),
            registered_places: self.registered_places,
            age_min: self.age_min,
            age_max: self.age_max,
            sexes: self.sexes,
            needs: self.needs,
            risks_not_accepted: self.risks_not_accepted,
            additional_support: self.additional_support,
            solo_placements: self.solo_placements,
            education_on_site: self.education_on_site,
            step_free: self.step_free,
            pets: self.pets,
            deprivation_of_liberty: self.deprivation_of_liberty,
            living_arrangement: self.living_arrangement,
            staffing: self.staffing,
            statement: self.statement.trim().to_owned(),
        }
    }

    /// The home, registered now, and its address.
    pub fn registered(self, provider_id: OrganisationId, location: Location, now: Instant) -> (Home, Address) {
        let purpose = self.purpose();
        let home = Home {
            id: HomeId::new(now),
            provider_id,
            name: self.name.trim().to_owned(),
            ofsted_urn: self.ofsted_urn,
            purpose,
            location,
            places_open: 0,
            places_taken: 0,
            grade: OfstedGrade::NotYetInspected,
            active: true,
            created_at: now,
            version: 1,
        };
        (home, self.address)
    }
}

// The validator takes functions by name; the checks are those of the purpose.
fn types_agree(new: &NewHome) -> Result<(), ValidationError> {
    Purpose::CHECKS[0](&new.purpose())
}
fn ages_in_order(new: &NewHome) -> Result<(), ValidationError> {
    Purpose::CHECKS[1](&new.purpose())
}
fn old_enough(new: &NewHome) -> Result<(), ValidationError> {
    Purpose::CHECKS[2](&new.purpose())
}
fn takes_somebody(new: &NewHome) -> Result<(), ValidationError> {
    Purpose::CHECKS[3](&new.purpose())
}

/// What changes of a home; what is not given stays.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HomeChanges {
    /// Its name.
    #[validate(length(min = 1, max = 120), custom(function = "crate::values::text::name"))]
    #[schema(min_length = 1, max_length = 120)]
    pub name: Option<String>,
    /// Its number at Ofsted: only until an inspection or a placement is recorded under it.
    pub ofsted_urn: Option<Urn>,
    /// What it is registered as.
    pub provision_type: Option<ProvisionType>,
    /// What placing a child there is called.
    pub placement_type: Option<PlacementType>,
    /// Its address, the whole of it.
    #[validate(nested)]
    pub address: Option<Address>,
    /// The places it is registered for: not fewer than are open and taken.
    #[validate(range(min = 1, max = 2000))]
    #[schema(minimum = 1, maximum = 2000)]
    pub registered_places: Option<i32>,
    /// The youngest age that it takes, in years.
    #[validate(range(min = 0, max = 25))]
    #[schema(minimum = 0, maximum = 25)]
    pub age_min: Option<i32>,
    /// The oldest age that it takes, in years.
    #[validate(range(min = 0, max = 25))]
    #[schema(minimum = 0, maximum = 25)]
    pub age_max: Option<i32>,
    /// The sexes that it takes, at least one.
    pub sexes: Option<CodeSet<Sex>>,
    /// The categories of need that it is registered for.
    pub needs: Option<CodeSet<NeedCategory>>,
    /// The risks that it can't take.
    pub risks_not_accepted: Option<CodeSet<Risk>>,
    /// The support that it offers beside the everyday care.
    pub additional_support: Option<CodeSet<AdditionalSupport>>,
    /// Whether it can look after one child alone.
    pub solo_placements: Option<bool>,
    /// Whether children are taught there.
    pub education_on_site: Option<bool>,
    /// Whether it can be used without steps, or is adapted so.
    pub step_free: Option<bool>,
    /// Whether there are pets.
    pub pets: Option<bool>,
    /// Whether it can look after a child under a deprivation of liberty order.
    pub deprivation_of_liberty: Option<bool>,
    /// How children live there; null takes it away.
    #[serde(deserialize_with = "crate::values::given")]
    #[schema(value_type = Option<LivingArrangement>)]
    pub living_arrangement: Option<Option<LivingArrangement>>,
    /// The staffing, the whole of it; null takes it away.
    #[validate(nested)]
    #[serde(deserialize_with = "crate::values::given")]
    #[schema(value_type = Option<Staffing>)]
    pub staffing: Option<Option<Staffing>>,
    /// The Statement of Purpose in words.
    #[validate(length(min = 1, max = 20_000), custom(function = "crate::values::text::prose"))]
    #[schema(min_length = 1, max_length = 20_000)]
    pub statement: Option<String>,
}

impl Home {
    /// How much of the home this person sees; none when they may not know of it. `awarded` says whether their organisation has
    /// awarded a place in it.
    pub fn sight_of(&self, actor: &Actor, awarded: bool) -> Option<Sight> {
        match actor.organisation_kind {
            OrganisationKind::Provider => (actor.organisation_id == self.provider_id).then_some(Sight::Address),
            OrganisationKind::Cooperative if actor.role == Role::Operator => Some(Sight::Address),
            OrganisationKind::Authority if awarded => Some(Sight::Address),
            OrganisationKind::Cooperative | OrganisationKind::Authority => Some(Sight::Area),
        }
    }

    /// Refuses for a closed home.
    pub fn must_be_active(&self) -> Result<(), HomeRefused> {
        if self.active { Ok(()) } else { Err(HomeRefused::Closed) }
    }

    /// The home with these changes, but for its address and what follows from it.
    pub fn changed(self, changes: HomeChanges) -> Result<Self> {
        if changes.ofsted_urn.as_ref().is_some_and(|urn| *urn != self.ofsted_urn)
            && (self.grade != OfstedGrade::NotYetInspected || self.places_taken > 0)
        {
            return Err(HomeRefused::UrnFixed.at("ofsted_urn"));
        }
        let before = self.purpose;
        let purpose = Purpose {
            provision_type: changes.provision_type.unwrap_or(before.provision_type),
            placement_type: changes.placement_type.unwrap_or(before.placement_type),
            registered_places: changes.registered_places.unwrap_or(before.registered_places),
            age_min: changes.age_min.unwrap_or(before.age_min),
            age_max: changes.age_max.unwrap_or(before.age_max),
            sexes: changes.sexes.unwrap_or(before.sexes),
            needs: changes.needs.unwrap_or(before.needs),
            risks_not_accepted: changes.risks_not_accepted.unwrap_or(before.risks_not_accepted),
            additional_support: changes.additional_support.unwrap_or(before.additional_support),
            solo_placements: changes.solo_placements.unwrap_or(before.solo_placements),
            education_on_site: changes.education_on_site.unwrap_or(before.education_on_site),
            step_free: changes.step_free.unwrap_or(before.step_free),
            pets: changes.pets.unwrap_or(before.pets),
            deprivation_of_liberty: changes.deprivation_of_liberty.unwrap_or(before.deprivation_of_liberty),
            living_arrangement: changes.living_arrangement.unwrap_or(before.living_arrangement),
            staffing: changes.staffing.unwrap_or(before.staffing),
            statement: changes
                .statement
                .map_or(before.statement, |statement| statement.trim().to_owned()),
        };
        refuse_wrong(&purpose, &Purpose::CHECKS)?;
        if purpose.registered_places < self.places_open + self.places_taken {
            return Err(HomeRefused::PlacesInUse {
                open: self.places_open,
                taken: self.places_taken,
            }
            .at("registered_places"));
        }
        Ok(Self {
            name: changes.name.map_or(self.name, |name| name.trim().to_owned()),
            ofsted_urn: changes.ofsted_urn.unwrap_or(self.ofsted_urn),
            purpose,
            ..self
        })
    }

    /// The home, closed as a service. Its vacancies are closed before.
    pub fn closed(self) -> Result<Self, HomeRefused> {
        self.must_be_active()?;
        if self.places_taken > 0 {
            return Err(HomeRefused::HasPlacements {
                taken: self.places_taken,
            });
        }
        Ok(Self { active: false, ..self })
    }

    /// The home, open as a service again.
    pub fn reopened(self) -> Result<Self, HomeRefused> {
        if self.active {
            Err(HomeRefused::NotClosed)
        } else {
            Ok(Self { active: true, ..self })
        }
    }
}

/// A home for tests.
#[cfg(test)]
pub fn sample_home(now: Instant) -> Home {
    let postcode = Postcode::parse("RG2 0AA").unwrap();
    let place = crate::reference::sector(&postcode).unwrap().place();
    Home {
        id: HomeId::new(now),
        provider_id: OrganisationId::new(now),
        name: "Willow House".into(),
        ofsted_urn: Urn::parse("SC123001").unwrap(),
        purpose: super::purpose::sample(),
        location: Location {
            district: postcode.district(),
            authority: place.authority,
            grid: place.grid,
            precision: Precision::Sector,
        },
        places_open: 0,
        places_taken: 0,
        grade: OfstedGrade::NotYetInspected,
        active: true,
        created_at: now,
        version: 1,
    }
}

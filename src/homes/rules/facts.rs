//! How much of a home somebody sees: a person by their organisation, matching by what it judges.

use super::Home;
use crate::ids::{HomeId, OrganisationId};
use crate::reference::Grid;
use crate::values::{
    AdditionalSupport, CodeSet, District, NeedCategory, OfstedGrade, PlacementType, ProvisionType, Risk, Sex,
};

/// How much of a home's whereabouts somebody sees. The public register redacts the address of children's homes, so only its
/// provider, the cooperative's operators and an authority that has awarded a place there see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// The address.
    Address,
    /// The postcode district and the local authority.
    Area,
}

/// All that matching reads of a home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HomeFacts {
    /// The home.
    pub id: HomeId,
    /// Its provider.
    pub provider_id: OrganisationId,
    /// Its name.
    pub name: String,
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
    /// The risks that it can't take.
    pub risks_not_accepted: CodeSet<Risk>,
    /// The support that it offers beside the everyday care.
    pub additional_support: CodeSet<AdditionalSupport>,
    /// Whether it can look after one child alone.
    pub solo_placements: bool,
    /// Whether children are taught there.
    pub education_on_site: bool,
    /// Whether it can be used without steps.
    pub step_free: bool,
    /// Whether there are pets.
    pub pets: bool,
    /// Whether it can look after a child under a deprivation of liberty order.
    pub deprivation_of_liberty: bool,
    /// The grade of its newest inspection.
    pub grade: OfstedGrade,
    /// Whether it is open as a service.
    pub active: bool,
    /// Where it lies.
    pub grid: Grid,
    /// The code of the authority in whose area it lies.
    pub local_authority: &'static str,
    /// Its postcode district.
    pub district: District,
}

impl From<&Home> for HomeFacts {
    fn from(home: &Home) -> Self {
        let purpose = &home.purpose;
        Self {
            id: home.id,
            provider_id: home.provider_id,
            name: home.name.clone(),
            provision_type: purpose.provision_type,
            placement_type: purpose.placement_type,
            registered_places: purpose.registered_places,
            age_min: purpose.age_min,
            age_max: purpose.age_max,
            sexes: purpose.sexes,
            needs: purpose.needs,
            risks_not_accepted: purpose.risks_not_accepted,
            additional_support: purpose.additional_support,
            solo_placements: purpose.solo_placements,
            education_on_site: purpose.education_on_site,
            step_free: purpose.step_free,
            pets: purpose.pets,
            deprivation_of_liberty: purpose.deprivation_of_liberty,
            grade: home.grade,
            active: home.active,
            grid: home.location.grid,
            local_authority: home.location.authority.gss_code,
            district: home.location.district.clone(),
        }
    }
}

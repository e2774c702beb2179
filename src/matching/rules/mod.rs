//! Judges homes for a request: pure, in whole numbers, so that the same facts always give the same order.
//!
//! A home either `fits` or it doesn't, and then every hard reason is known. Among the homes that fit the order is:
//!
//! 1. homes whose vacancy was confirmed within seven days before those that are stale;
//! 2. the more points of 1,000 first ([`Points`]);
//! 3. the nearer first; the cheaper first, one without a listed price last; at last the older id, so that no two are equal.
//!
//! | for | points | how |
//! |---|---|---|
//! | needs | 300 | share of the child's categories of need that the home is registered for |
//! | support | 150 | share of the support and wishes (solo recommended, pets welcome) that the home offers |
//! | area | 100 | in the authority's own area 100, in an adjoining one 50 (Children Act 1989 s.22C(7)–(9), s.22G) |
//! | distance | 150 | falls evenly from 150 at no distance to 0 at the limit, or at 100 miles where there is none |
//! | grade | 150 | Outstanding 150, Good 120, Not yet inspected 60, Requires improvement 40, Inadequate 0 |
//! | price | 150 | 150 × lowest listed price of the homes that fit ÷ this one's; without a listed price 0 |
//!
//! Shares are rounded down. The match advises; a person decides (UK GDPR article 22).
//!
//! Judging reads sets as bit masks and makes nothing on the heap; words are made only of the matches that are shown.

mod explain;
mod inviting;
mod judge;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use inviting::Invited;
pub use judge::{Judged, judge, rank};

use crate::homes::HomeFacts;
use crate::ids::{HomeId, OrganisationId};
use crate::placement_requests::rules::PlacementRequest;
use crate::reference::Grid;
use crate::values::{
    AdditionalSupport, CodeSet, LivingCompanions, Money, NeedCategory, OfstedGrade, Pets, PlacementType, ProvisionType,
    Risk, Sex, codes,
};

codes! {
    /// Why a home does not fit.
    pub enum Misfit {
        NotAdmitted("provider.not_admitted", "Its provider is not admitted to the lot"),
        Suspended("provider.suspended", "Its provider's admission is suspended"),
        Inactive("home.inactive", "The home is not active"),
        Grade("grade.below_gateway", "Its Ofsted grade is below the framework's gateway"),
        ProvisionType("provision_type.not_of_lot", "The lot does not buy this kind of provision"),
        PlacementType("placement_type.not_of_lot", "The lot buys another type of placement"),
        Age("age.outside_range", "The child's age is outside the home's range"),
        AgeNow("age.outside_vacancy", "The child's age does not suit the children living there now"),
        Sex("sex.not_accepted", "The home does not take children of this sex"),
        SexNow("sex.outside_vacancy", "A child of this sex does not suit the children living there now"),
        Risk("risk.not_accepted", "The home does not accept a risk that is present"),
        Adaptations("adaptations.not_step_free", "The home is not step-free"),
        Solo("solo.not_offered", "The home offers no solo placements"),
        DeprivationOfLiberty("deprivation_of_liberty.not_able", "The home can't care for a child deprived of liberty"),
        Pets("pets.none", "The home has no pets"),
        Places("places.too_few", "Too few places by the day of the start"),
        Distance("distance.too_far", "The home is too far away"),
    }

    /// Where a home lies, as seen from the authority.
    pub enum Area {
        Own("own", "In the authority's own area"),
        Adjoining("adjoining", "In an adjoining authority's area"),
        Distant("distant", "Outside the authority's area and not adjoining"),
    }

    /// How a provider stands to the lot.
    pub enum Standing {
        Admitted("admitted", "Admitted"),
        Suspended("suspended", "Suspended"),
        NotAdmitted("not_admitted", "Not admitted"),
    }
}

/// What a request asks of a home, made ready for judging many.
#[derive(Debug, Clone)]
pub struct Asked {
    age: i32,
    sex: Option<Sex>,
    places: i32,
    starts_on: NaiveDate,
    origin: Grid,
    origin_name: String,
    limit_miles: Option<i32>,
    placement_type: PlacementType,
    provision_types: CodeSet<ProvisionType>,
    worst_grade: OfstedGrade,
    risks: CodeSet<Risk>,
    needs: CodeSet<NeedCategory>,
    support: CodeSet<AdditionalSupport>,
    step_free: bool,
    solo: bool,
    solo_recommended: bool,
    deprivation_of_liberty: bool,
    pets: Pets,
}

impl Asked {
    /// What this request asks, on this lot, behind a gateway of this grade.
    pub fn of(request: &PlacementRequest, lot: &crate::frameworks::rules::Lot, worst_grade: OfstedGrade) -> Self {
        let needs = &request.needs;
        Self {
            age: request.child.age,
            sex: request.child.sex,
            places: request.child.places(),
            starts_on: request.starts_on,
            origin: request.origin.grid,
            origin_name: request.origin.district.to_string(),
            limit_miles: request.max_distance_miles,
            placement_type: lot.placement_type,
            provision_types: lot.provision_types,
            worst_grade,
            risks: needs.risks_present(),
            needs: needs.categories,
            support: needs.support_wanted(),
            step_free: needs.home_adaptation_required,
            solo: needs.solo_placement,
            solo_recommended: needs.living_companions == LivingCompanions::SoloPlacement,
            deprivation_of_liberty: needs.deprivation_of_liberty,
            pets: needs.pets,
        }
    }
}

/// All that judging reads of a home: flat and copied cheaply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// The home.
    pub home_id: HomeId,
    /// Its provider.
    pub provider_id: OrganisationId,
    /// How the provider stands to the lot.
    pub standing: Standing,
    /// Whether the home is active.
    pub active: bool,
    /// What it is registered as.
    pub provision_type: ProvisionType,
    /// The type of placement that it offers.
    pub placement_type: PlacementType,
    /// The youngest age that it takes.
    pub age_min: i32,
    /// The oldest age that it takes.
    pub age_max: i32,
    /// The sexes that it takes.
    pub sexes: CodeSet<Sex>,
    /// The categories of need that it is registered for.
    pub needs: CodeSet<NeedCategory>,
    /// The risks that it won't take.
    pub risks_not_accepted: CodeSet<Risk>,
    /// The support that it has on offer.
    pub additional_support: CodeSet<AdditionalSupport>,
    /// Whether it offers solo placements.
    pub solo: bool,
    /// Whether it is step-free.
    pub step_free: bool,
    /// Whether it has pets.
    pub pets: bool,
    /// Whether it can care for a child deprived of liberty.
    pub deprivation_of_liberty: bool,
    /// Its grade.
    pub grade: OfstedGrade,
    /// Where it stands.
    pub grid: Grid,
    /// Where that is, as seen from the authority.
    pub area: Area,
    /// The places that are free by the day of the start.
    pub vacancy: Vacancy,
    /// Its listed weekly price on the lot, on the day of the start.
    pub price: Option<Money>,
}

/// The free places of a home by the day of the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vacancy {
    /// All of them.
    pub places: i32,
    /// Those that a child of this age may take.
    pub places_for_age: i32,
    /// Those that a child of this sex may take.
    pub places_for_sex: i32,
    /// Those that this child may take.
    pub places_for_child: i32,
    /// Whether they were confirmed within seven days.
    pub fresh: bool,
}

impl Vacancy {
    /// No free place at all.
    pub const NONE: Self = Self {
        places: 0,
        places_for_age: 0,
        places_for_sex: 0,
        places_for_child: 0,
        fresh: false,
    };
}

impl Candidate {
    /// A home with what else judging reads: how its provider stands to the lot, where it lies for the authority, its free places and
    /// its listed price.
    pub fn of(home: &HomeFacts, standing: Standing, area: Area, vacancy: Vacancy, price: Option<Money>) -> Self {
        Self {
            home_id: home.id,
            provider_id: home.provider_id,
            standing,
            active: home.active,
            provision_type: home.provision_type,
            placement_type: home.placement_type,
            age_min: home.age_min,
            age_max: home.age_max,
            sexes: home.sexes,
            needs: home.needs,
            risks_not_accepted: home.risks_not_accepted,
            additional_support: home.additional_support,
            solo: home.solo_placements,
            step_free: home.step_free,
            pets: home.pets,
            deprivation_of_liberty: home.deprivation_of_liberty,
            grade: home.grade,
            grid: home.grid,
            area,
            vacancy,
            price,
        }
    }
}

/// The points of a home that fits; see the table above.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Points {
    /// For needs covered, of 300.
    pub needs: i32,
    /// For support and wishes covered, of 150.
    pub support: i32,
    /// For the area, of 100.
    pub area: i32,
    /// For the distance, of 150.
    pub distance: i32,
    /// For the grade, of 150.
    pub grade: i32,
    /// For the price, of 150.
    pub price: i32,
}

impl Points {
    /// All together, of 1,000.
    pub const fn total(&self) -> i32 {
        self.needs + self.support + self.area + self.distance + self.grade + self.price
    }
}

/// One reason of a match, by code and in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reason {
    /// Its stable code; its first part says what it is about: `age`, `distance`, `risk` …
    #[schema(example = "distance.near")]
    pub code: String,
    /// In words.
    #[schema(example = "3.2 miles from RG1.")]
    pub text: String,
    /// The points that it gave, for a home that fits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<i32>,
}

/// A home's match with a request, in words.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// The home.
    pub home_id: HomeId,
    /// Its provider.
    pub provider_id: OrganisationId,
    /// Every hard reason against it; none when it fits.
    pub misfits: CodeSet<Misfit>,
    /// Its rank among all homes of the lot, when it fits and all were judged.
    pub rank: Option<i32>,
    /// Its points, when it fits.
    pub points: Points,
    /// Every hard reason against it, or what ranks it.
    pub reasons: Vec<Reason>,
    /// The miles from where the child comes from, to one place.
    pub miles: f64,
}

impl Match {
    /// What was found of a home, put in words.
    pub fn of(asked: &Asked, home: &Candidate, judged: &Judged) -> Self {
        Self {
            home_id: home.home_id,
            provider_id: home.provider_id,
            misfits: judged.misfits,
            rank: judged.rank,
            points: judged.points,
            reasons: asked.reasons(home, judged),
            miles: judged.miles(),
        }
    }

    /// Whether the home fits.
    pub fn fits(&self) -> bool {
        self.misfits.is_empty()
    }
}

impl Asked {
    /// The reasons of a match in words: of a home that doesn't fit every hard reason, of one that does what ranks it.
    pub fn reasons(&self, candidate: &Candidate, judged: &Judged) -> Vec<Reason> {
        if judged.fits() {
            explain::merits(self, candidate, judged)
        } else {
            explain::misfits(self, candidate, judged)
        }
    }
}

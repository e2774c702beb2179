//! Homes over JSON.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::rules::{
    Address, Home, HomeChanges, HomeRefused, Inspection, InspectionSource, Judgements, NewHome, NewInspection, Purpose,
};
use super::{actions, store};
use crate::access::{Actor, CooperativeUser, OrganisationKind, Permission, ProviderUser};
use crate::clock::Instant;
use crate::codes;
use crate::ids::{HomeId, InspectionId, OrganisationId};
use crate::reference::{Authority, Precision};
use crate::values::{District, OfstedGrade, PlacementType, ProvisionType, Urn};
use crate::web::{Answer, Body, Door, Id, Items, NoBody, Page, Query, Reply, Routes};
use chrono::NaiveDate;

codes! {
    /// Where a home stands.
    pub enum HomeStatus {
        Active("active", "Open as a service"),
        Closed("closed", "Closed"),
    }
}

/// A local authority.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LocalAuthority {
    /// Its code at the Office for National Statistics.
    #[schema(example = "E06000038")]
    pub gss_code: &'static str,
    /// Its name.
    #[schema(example = "Reading")]
    pub name: &'static str,
}

impl From<&'static Authority> for LocalAuthority {
    fn from(authority: &'static Authority) -> Self {
        Self {
            gss_code: authority.gss_code,
            name: authority.name,
        }
    }
}

/// A home.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HomeView {
    /// Its id.
    pub id: HomeId,
    /// The provider that runs it.
    pub provider_id: OrganisationId,
    /// Its name.
    pub name: String,
    /// Its number at Ofsted.
    pub ofsted_urn: Urn,
    /// Where it stands.
    pub status: HomeStatus,
    /// What it offers and to whom.
    #[serde(flatten)]
    pub purpose: Purpose,
    /// The places of its open vacancies.
    pub places_open: i32,
    /// The places taken by confirmed awards and running placements.
    pub places_taken: i32,
    /// The authority in whose area it lies.
    pub local_authority: LocalAuthority,
    /// Its postcode district.
    pub postcode_district: District,
    /// What its authority was found by. Distances are measured from the middle of its postcode's sector, whatever it was.
    pub location_precision: Precision,
    /// Its address: only for the provider, operators, and authorities that have awarded a place there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub address: Option<Address>,
    /// The grade of its newest inspection.
    pub grade: OfstedGrade,
    /// When it was registered here.
    pub created_at: Instant,
    /// Counts its changes.
    pub version: i64,
}

impl HomeView {
    /// The home as somebody sees it, with its address if they may see that.
    pub fn of(home: Home, address: Option<Address>) -> Self {
        Self {
            id: home.id,
            provider_id: home.provider_id,
            name: home.name,
            ofsted_urn: home.ofsted_urn,
            status: HomeStatus::of(home.active),
            purpose: home.purpose,
            places_open: home.places_open,
            places_taken: home.places_taken,
            local_authority: home.location.authority.into(),
            postcode_district: home.location.district,
            location_precision: home.location.precision,
            address,
            grade: home.grade,
            created_at: home.created_at,
            version: home.version,
        }
    }
}

impl HomeStatus {
    /// Of a home that is open as a service, or isn't.
    pub const fn of(active: bool) -> Self {
        if active { Self::Active } else { Self::Closed }
    }
}

/// A home in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HomeSummary {
    /// Its id.
    pub id: HomeId,
    /// The provider that runs it.
    pub provider_id: OrganisationId,
    /// Its name.
    pub name: String,
    /// Its number at Ofsted.
    pub ofsted_urn: Urn,
    /// Where it stands.
    pub status: HomeStatus,
    /// What it is registered as.
    pub provision_type: ProvisionType,
    /// What placing a child there is called.
    pub placement_type: PlacementType,
    /// The places it is registered for.
    pub registered_places: i32,
    /// The places of its open vacancies.
    pub places_open: i32,
    /// The authority in whose area it lies.
    pub local_authority: LocalAuthority,
    /// Its postcode district.
    pub postcode_district: District,
    /// The grade of its newest inspection.
    pub grade: OfstedGrade,
    /// Counts its changes.
    pub version: i64,
}

impl From<Home> for HomeSummary {
    fn from(home: Home) -> Self {
        Self {
            id: home.id,
            provider_id: home.provider_id,
            name: home.name,
            ofsted_urn: home.ofsted_urn,
            status: HomeStatus::of(home.active),
            provision_type: home.purpose.provision_type,
            placement_type: home.purpose.placement_type,
            registered_places: home.purpose.registered_places,
            places_open: home.places_open,
            local_authority: home.location.authority.into(),
            postcode_district: home.location.district,
            grade: home.grade,
            version: home.version,
        }
    }
}

/// An inspection.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InspectionView {
    /// Its id.
    pub id: InspectionId,
    /// The home.
    pub home_id: HomeId,
    /// The number that Ofsted gave the event.
    pub event_number: String,
    /// The day of the inspection.
    pub inspected_on: NaiveDate,
    /// The overall grade.
    pub grade: OfstedGrade,
    /// The three judgements.
    pub judgements: Judgements,
    /// How it came to be recorded.
    pub source: InspectionSource,
    /// When it was recorded.
    pub created_at: Instant,
    /// Always 1: an inspection is never changed.
    pub version: i64,
}

impl From<Inspection> for InspectionView {
    fn from(inspection: Inspection) -> Self {
        Self {
            id: inspection.id,
            home_id: inspection.home_id,
            event_number: inspection.event_number,
            inspected_on: inspection.inspected_on,
            grade: inspection.grade,
            judgements: inspection.judgements,
            source: inspection.source,
            created_at: inspection.created_at,
            version: 1,
        }
    }
}

/// Which homes a list has. A provider's list has its own homes only.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct HomeFilter {
    /// Of this provider.
    pub provider_id: Option<OrganisationId>,
    /// Of this placement type.
    pub placement_type: Option<PlacementType>,
    /// Of this provision type.
    pub provision_type: Option<ProvisionType>,
    /// In the area of the authority with this GSS code.
    pub local_authority: Option<String>,
    /// Open as a service, or closed.
    pub status: Option<HomeStatus>,
    /// Whose name has this in it.
    pub name: Option<String>,
    /// Of this grade.
    pub grade: Option<OfstedGrade>,
    /// With free places, or without.
    pub free_places: Option<bool>,
    /// The order; `registered` when absent.
    #[param(inline)]
    pub sort: Option<store::HomeOrder>,
}

impl HomeFilter {
    /// What this person's list has by it: a provider's its own homes only. Nothing where they ask for another's.
    pub fn wanted(self, actor: &Actor) -> Option<store::Wanted> {
        let own = (actor.organisation_kind == OrganisationKind::Provider).then_some(actor.organisation_id);
        if own.is_some() && self.provider_id.is_some_and(|wanted| own != Some(wanted)) {
            return None;
        }
        Some(store::Wanted {
            provider_id: own.or(self.provider_id),
            placement_type: self.placement_type,
            provision_type: self.provision_type,
            local_authority: self.local_authority,
            active: self.status.map(|status| status == HomeStatus::Active),
            name: self.name,
            grade: self.grade,
            free_places: self.free_places,
            sort: self.sort,
        })
    }
}

async fn register(door: Door<ProviderUser>, new: Body<NewHome>) -> Reply {
    door.write(move |tx, actor| {
        let (home, address) = actions::register(tx, actor, new.0)?;
        let (path, version) = (format!("/homes/{}", home.id), home.version);
        Ok(Answer::created(path, HomeView::of(home, Some(address)))?.version(version))
    })
    .await
}

async fn list(door: Door<Actor>, filter: Query<HomeFilter>, page: Page) -> Reply {
    door.read(move |tx, actor| {
        let Some(wanted) = filter.0.wanted(actor) else {
            return Answer::ok(Items::<HomeSummary>::all(Vec::new()));
        };
        Answer::ok(store::list(tx, &wanted, &page)?.map(HomeSummary::from))
    })
    .await
}

async fn show(door: Door<Actor>, id: Id<HomeId>) -> Reply {
    door.read(move |tx, actor| {
        let (home, address) = actions::seen_by(tx, actor, *id)?;
        let version = home.version;
        Ok(Answer::ok(HomeView::of(home, address))?.version(version))
    })
    .await
}

async fn change(door: Door<ProviderUser>, id: Id<HomeId>, changes: Body<HomeChanges>) -> Reply {
    let if_match = door.if_match()?;
    door.write(move |tx, actor| {
        let (home, address) = actions::change(tx, actor, *id, if_match, changes.0)?;
        let version = home.version;
        Ok(Answer::ok(HomeView::of(home, Some(address)))?.version(version))
    })
    .await
}

async fn reopen(door: Door<ProviderUser>, id: Id<HomeId>, _none: NoBody) -> Reply {
    let if_match = door.if_match()?;
    door.write(move |tx, actor| {
        let home = actions::reopen(tx, actor, *id, if_match)?;
        let address = store::address(tx, *id)?;
        let version = home.version;
        Ok(Answer::ok(HomeView::of(home, Some(address)))?.version(version))
    })
    .await
}

async fn record_inspection(door: Door<CooperativeUser>, id: Id<HomeId>, new: Body<NewInspection>) -> Reply {
    door.write(move |tx, actor| {
        let inspection = actions::record_inspection(tx, actor, *id, new.0)?;
        Answer::created(
            format!("/inspections/{}", inspection.id),
            InspectionView::from(inspection),
        )
    })
    .await
}

async fn list_inspections(door: Door<Actor>, id: Id<HomeId>, page: Page) -> Reply {
    door.read(move |tx, actor| {
        actions::seen_by(tx, actor, *id)?;
        let inspections = store::inspections(tx, *id, &page)?;
        Answer::ok(Items::of(inspections, &page, |inspection| inspection.id).map(InspectionView::from))
    })
    .await
}

async fn show_inspection(door: Door<Actor>, id: Id<InspectionId>) -> Reply {
    door.read(move |tx, actor| Answer::ok(InspectionView::from(actions::inspection_seen_by(tx, actor, *id)?)))
        .await
}

/// Registers the operations of this slice.
pub fn routes(r: &mut Routes) {
    use Permission::{ManageHomes, ReadHomes, RecordInspections};

    r.tag(
        "homes",
        "Homes: registered services, their Statement of Purpose and their inspections.",
    );
    r.post("/homes", register)
        .summary("Register a home")
        .description(
            "The address is confidential: it is shown to the provider, to operators and to authorities that have awarded a \
             place in the home. Everybody else sees the postcode district and the local authority.",
        )
        .may(ManageHomes)
        .body::<NewHome>()
        .answers::<HomeView>(201)
        .refuses(&["home.urn_taken"]);
    r.get("/homes", list)
        .summary("List homes: a provider its own, everybody else all")
        .may(ReadHomes)
        .query::<HomeFilter>()
        .lists::<HomeSummary>();
    r.get("/homes/{id}", show)
        .summary("Show a home")
        .may(ReadHomes)
        .answers::<HomeView>(200);
    r.patch("/homes/{id}", change)
        .summary("Change a home")
        .may(ManageHomes)
        .body::<HomeChanges>()
        .answers::<HomeView>(200)
        .refuses(&["home.urn_taken", "home.urn_fixed", "home.places_in_use"]);
    r.post("/homes/{id}/reopen", reopen)
        .summary("Open a closed home again")
        .may(ManageHomes)
        .answers::<HomeView>(200)
        .refuses(&[HomeRefused::NotClosed.code()]);
    r.post("/homes/{id}/inspections", record_inspection)
        .summary("Record an inspection of a home")
        .description("The newest inspection gives the home its grade.")
        .may(RecordInspections)
        .body::<NewInspection>()
        .answers::<InspectionView>(201)
        .refuses(&["inspection.event_taken"]);
    r.get("/homes/{id}/inspections", list_inspections)
        .summary("List the inspections of a home")
        .may(ReadHomes)
        .lists::<InspectionView>();
    r.get("/inspections/{id}", show_inspection)
        .summary("Show an inspection")
        .may(ReadHomes)
        .answers::<InspectionView>(200);
}

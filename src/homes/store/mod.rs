//! Rows of homes, their addresses, who may know them, and their inspections.

mod addresses;
mod facts;
mod inspections;

use diesel::prelude::*;

pub(super) use addresses::set_address;
pub use addresses::{address, addresses, disclose_address, disclosed};
pub use facts::{facts, facts_of_providers};
pub(super) use inspections::{all_inspections, insert_inspection};
pub use inspections::{inspection, inspections, newest_inspections};

use super::rules::{Address, Home, HomeRefused, LivingArrangement, Location, Purpose, Staffing};
use crate::clock::Instant;
use crate::codes;
use crate::db::schema::{home_addresses, homes};
use crate::db::search::{containing, lower};
use crate::db::{Db, Tx, ascending, descending, json_column, one_row, text_column, unless_taken};
use crate::error::{Error, Result};
use crate::ids::{HomeId, OrganisationId};
use crate::reference::{Authority, Grid, Precision, authority};
use crate::values::{
    AdditionalSupport, CodeSet, District, NeedCategory, OfstedGrade, PlacementType, ProvisionType, Risk, Sex, Urn,
};
use crate::web::paging::{Items, Page, cursor};
use addresses::AddressRow;

text_column!(LivingArrangement);
json_column!(Staffing);

/// Ids a statement: both engines bind more, none of them gladly.
const MANY: usize = 10_000;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = homes)]
struct Row {
    id: HomeId,
    provider_id: OrganisationId,
    name: String,
    ofsted_urn: Urn,
    provision_type: ProvisionType,
    placement_type: PlacementType,
    postcode_district: District,
    local_authority_code: String,
    easting: i32,
    northing: i32,
    location_precision: Precision,
    registered_places: i32,
    places_open: i32,
    places_taken: i32,
    age_min: i32,
    age_max: i32,
    sexes_mask: CodeSet<Sex>,
    needs_mask: CodeSet<NeedCategory>,
    risks_not_accepted_mask: CodeSet<Risk>,
    additional_support_mask: CodeSet<AdditionalSupport>,
    solo_placements: bool,
    education_on_site: bool,
    step_free: bool,
    pets: bool,
    deprivation_of_liberty: bool,
    living_arrangement: Option<LivingArrangement>,
    statement: String,
    staffing: Option<Staffing>,
    grade: OfstedGrade,
    active: bool,
    created_at: Instant,
    version: i64,
}

impl From<&Home> for Row {
    fn from(home: &Home) -> Self {
        let (purpose, location) = (&home.purpose, &home.location);
        Self {
            id: home.id,
            provider_id: home.provider_id,
            name: home.name.clone(),
            ofsted_urn: home.ofsted_urn.clone(),
            provision_type: purpose.provision_type,
            placement_type: purpose.placement_type,
            postcode_district: location.district.clone(),
            local_authority_code: location.authority.gss_code.to_owned(),
            easting: location.grid.easting,
            northing: location.grid.northing,
            location_precision: location.precision,
            registered_places: purpose.registered_places,
            places_open: home.places_open,
            places_taken: home.places_taken,
            age_min: purpose.age_min,
            age_max: purpose.age_max,
            sexes_mask: purpose.sexes,
            needs_mask: purpose.needs,
            risks_not_accepted_mask: purpose.risks_not_accepted,
            additional_support_mask: purpose.additional_support,
            solo_placements: purpose.solo_placements,
            education_on_site: purpose.education_on_site,
            step_free: purpose.step_free,
            pets: purpose.pets,
            deprivation_of_liberty: purpose.deprivation_of_liberty,
            living_arrangement: purpose.living_arrangement,
            statement: purpose.statement.clone(),
            staffing: purpose.staffing,
            grade: home.grade,
            active: home.active,
            created_at: home.created_at,
            version: home.version,
        }
    }
}

fn authority_of(id: HomeId, code: &str) -> Result<&'static Authority> {
    authority(code).ok_or_else(|| Error::CorruptRow {
        table: "homes",
        id: id.to_string(),
    })
}

impl TryFrom<Row> for Home {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id,
            provider_id: row.provider_id,
            name: row.name,
            ofsted_urn: row.ofsted_urn,
            purpose: Purpose {
                provision_type: row.provision_type,
                placement_type: row.placement_type,
                registered_places: row.registered_places,
                age_min: row.age_min,
                age_max: row.age_max,
                sexes: row.sexes_mask,
                needs: row.needs_mask,
                risks_not_accepted: row.risks_not_accepted_mask,
                additional_support: row.additional_support_mask,
                solo_placements: row.solo_placements,
                education_on_site: row.education_on_site,
                step_free: row.step_free,
                pets: row.pets,
                deprivation_of_liberty: row.deprivation_of_liberty,
                living_arrangement: row.living_arrangement,
                staffing: row.staffing,
                statement: row.statement,
            },
            location: Location {
                district: row.postcode_district,
                authority: authority_of(row.id, &row.local_authority_code)?,
                grid: Grid {
                    easting: row.easting,
                    northing: row.northing,
                },
                precision: row.location_precision,
            },
            places_open: row.places_open,
            places_taken: row.places_taken,
            grade: row.grade,
            active: row.active,
            created_at: row.created_at,
            version: row.version,
        })
    }
}

/// The home.
pub fn home(tx: &mut Tx<'_>, id: HomeId) -> Result<Option<Home>> {
    let row: Option<Row> = homes::table
        .find(id)
        .select(Row::as_select())
        .first(tx.conn)
        .optional()?;
    row.map(TryInto::try_into).transpose()
}

/// The home, its row locked until the transaction ends: what counts its places or relies on them begins with this.
pub fn lock(tx: &mut Tx<'_>, id: HomeId) -> Result<Option<Home>> {
    // An update that changes nothing takes the row's lock on either engine.
    diesel::update(homes::table.find(id))
        .set(homes::active.eq(homes::active))
        .execute(tx.conn)?;
    home(tx, id)
}

/// All homes of a provider, their rows locked as [`lock`] locks one: in the order of their ids, so that two who do so wait for each
/// other and never both.
pub(crate) fn lock_all_of(tx: &mut Tx<'_>, provider: OrganisationId) -> Result<()> {
    let own = homes::table
        .filter(homes::provider_id.eq(provider))
        .order(homes::id)
        .select(homes::id);
    match tx.conn {
        Db::Pg(c) => own.for_no_key_update().load::<HomeId>(c).map(drop)?,
        // Whoever writes has the whole database.
        Db::Sqlite(_) => {}
    }
    Ok(())
}

/// The homes that are there, by id.
pub fn homes(tx: &mut Tx<'_>, ids: &[HomeId]) -> Result<Vec<Home>> {
    let mut found = Vec::with_capacity(ids.len());
    for ids in ids.chunks(MANY) {
        let rows: Vec<Row> = homes::table
            .filter(homes::id.eq_any(ids))
            .select(Row::as_select())
            .load(tx.conn)?;
        for row in rows {
            found.push(row.try_into()?);
        }
    }
    Ok(found)
}

codes! {
    /// The orders of the list of homes. (Authorities are known by code here: their names, by which people would look for a home, stand
    /// in the reference data. A list is narrowed to one of them instead.)
    pub enum HomeOrder {
        Registered("registered", "First registered first"),
        Newest("newest", "Newest first"),
        Name("name", "Name"),
        Places("places", "Most places open first"),
    }
}

/// Which homes a list has, and in which order.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Of this provider.
    pub provider_id: Option<OrganisationId>,
    /// Of this placement type.
    pub placement_type: Option<PlacementType>,
    /// Of this provision type.
    pub provision_type: Option<ProvisionType>,
    /// In the area of this authority.
    pub local_authority: Option<String>,
    /// Open as a service, or closed.
    pub active: Option<bool>,
    /// Whose name has this in it.
    pub name: Option<String>,
    /// Of this grade.
    pub grade: Option<OfstedGrade>,
    /// With free places, or without.
    pub free_places: Option<bool>,
    /// In this order; in that of their registration here where none is said.
    pub sort: Option<HomeOrder>,
}

/// A part of the list of homes.
pub fn list(tx: &mut Tx<'_>, wanted: &Wanted, page: &Page) -> Result<Items<Home>> {
    let mut query = homes::table.select(Row::as_select()).limit(page.fetch()).into_boxed();
    if let Some(provider_id) = wanted.provider_id {
        query = query.filter(homes::provider_id.eq(provider_id));
    }
    if let Some(placement_type) = wanted.placement_type {
        query = query.filter(homes::placement_type.eq(placement_type));
    }
    if let Some(provision_type) = wanted.provision_type {
        query = query.filter(homes::provision_type.eq(provision_type));
    }
    if let Some(local_authority) = &wanted.local_authority {
        query = query.filter(homes::local_authority_code.eq(local_authority));
    }
    if let Some(active) = wanted.active {
        query = query.filter(homes::active.eq(active));
    }
    if let Some(name) = &wanted.name {
        query = query.filter(lower(homes::name).like(containing(name)).escape('\\'));
    }
    if let Some(grade) = wanted.grade {
        query = query.filter(homes::grade.eq(grade));
    }
    query = match wanted.free_places {
        Some(true) => query.filter(homes::places_open.gt(0)),
        Some(false) => query.filter(homes::places_open.eq(0)),
        None => query,
    };
    let order = wanted.sort.unwrap_or(HomeOrder::Registered);
    let query = match order {
        HomeOrder::Registered => ascending!(query, page.after_in::<HomeId>(order)?, homes::id),
        HomeOrder::Newest => descending!(query, page.after_in::<HomeId>(order)?, homes::id),
        HomeOrder::Name => {
            ascending!(query, page.after_in::<(String, HomeId)>(order)?, any case homes::name, homes::id)
        }
        HomeOrder::Places => {
            descending!(
                query,
                page.after_in::<(i32, HomeId)>(order)?,
                homes::places_open,
                homes::id
            )
        }
    };
    let rows: Vec<Row> = query.load(tx.conn)?;
    let found: Vec<Home> = rows.into_iter().map(TryInto::try_into).collect::<Result<_>>()?;
    Ok(Items::of(found, page, |home| match order {
        HomeOrder::Registered | HomeOrder::Newest => cursor(order, home.id),
        HomeOrder::Name => cursor(order, (&home.name, home.id)),
        HomeOrder::Places => cursor(order, (home.places_open, home.id)),
    }))
}

/// The codes of the authorities in whose areas there are homes: of this provider, or of all.
pub fn local_authorities(tx: &mut Tx<'_>, provider: Option<OrganisationId>) -> Result<Vec<String>> {
    let mut query = homes::table.select(homes::local_authority_code).distinct().into_boxed();
    if let Some(provider) = provider {
        query = query.filter(homes::provider_id.eq(provider));
    }
    Ok(query.load(tx.conn)?)
}

/// The active homes of a placement type that are called so in part, or have this registration number, by name.
pub fn search(tx: &mut Tx<'_>, placement_type: PlacementType, wanted: &str, most: usize) -> Result<Vec<Home>> {
    let mut query = homes::table
        .select(Row::as_select())
        .filter(homes::placement_type.eq(placement_type))
        .filter(homes::active.eq(true))
        .order((homes::name, homes::id))
        .limit(i64::try_from(most).unwrap_or(i64::MAX))
        .into_boxed();
    query = match Urn::parse(wanted.trim()) {
        Ok(urn) => query.filter(homes::ofsted_urn.eq(urn)),
        Err(_) => query.filter(lower(homes::name).like(containing(wanted)).escape('\\')),
    };
    let rows: Vec<Row> = query.load(tx.conn)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Keeps a new home and its address.
pub(super) fn insert(tx: &mut Tx<'_>, home: &Home, address: &Address) -> Result<()> {
    let inserted = diesel::insert_into(homes::table)
        .values(Row::from(home))
        .execute(tx.conn);
    unless_taken(inserted, || {
        HomeRefused::UrnTaken {
            urn: home.ofsted_urn.clone(),
        }
        .at("ofsted_urn")
    })?;
    diesel::insert_into(home_addresses::table)
        .values(AddressRow::of(home.id, address))
        .execute(tx.conn)?;
    Ok(())
}

#[derive(AsChangeset)]
#[diesel(table_name = homes, treat_none_as_null = true)]
struct Changes {
    name: String,
    ofsted_urn: Urn,
    provision_type: ProvisionType,
    placement_type: PlacementType,
    postcode_district: District,
    local_authority_code: String,
    easting: i32,
    northing: i32,
    location_precision: Precision,
    registered_places: i32,
    age_min: i32,
    age_max: i32,
    sexes_mask: CodeSet<Sex>,
    needs_mask: CodeSet<NeedCategory>,
    risks_not_accepted_mask: CodeSet<Risk>,
    additional_support_mask: CodeSet<AdditionalSupport>,
    solo_placements: bool,
    education_on_site: bool,
    step_free: bool,
    pets: bool,
    deprivation_of_liberty: bool,
    living_arrangement: Option<LivingArrangement>,
    statement: String,
    staffing: Option<Staffing>,
    active: bool,
    version: i64,
}

/// Keeps a changed home, unless somebody changed it since it was read; its places and its grade have functions of their own.
/// Answers the home with its new version.
pub(super) fn update(tx: &mut Tx<'_>, home: Home) -> Result<Home> {
    let after = Home {
        version: home.version + 1,
        ..home
    };
    let row = Row::from(&after);
    let changes = Changes {
        name: row.name,
        ofsted_urn: row.ofsted_urn,
        provision_type: row.provision_type,
        placement_type: row.placement_type,
        postcode_district: row.postcode_district,
        local_authority_code: row.local_authority_code,
        easting: row.easting,
        northing: row.northing,
        location_precision: row.location_precision,
        registered_places: row.registered_places,
        age_min: row.age_min,
        age_max: row.age_max,
        sexes_mask: row.sexes_mask,
        needs_mask: row.needs_mask,
        risks_not_accepted_mask: row.risks_not_accepted_mask,
        additional_support_mask: row.additional_support_mask,
        solo_placements: row.solo_placements,
        education_on_site: row.education_on_site,
        step_free: row.step_free,
        pets: row.pets,
        deprivation_of_liberty: row.deprivation_of_liberty,
        living_arrangement: row.living_arrangement,
        statement: row.statement,
        staffing: row.staffing,
        active: row.active,
        version: row.version,
    };
    let this = homes::table.find(after.id).filter(homes::version.eq(after.version - 1));
    let updated = diesel::update(this).set(changes).execute(tx.conn);
    one_row(unless_taken(updated, || {
        HomeRefused::UrnTaken {
            urn: after.ofsted_urn.clone(),
        }
        .at("ofsted_urn")
    })?)?;
    Ok(after)
}

/// Sets the grade of a home.
pub(super) fn set_grade(tx: &mut Tx<'_>, id: HomeId, grade: OfstedGrade) -> Result<()> {
    diesel::update(homes::table.find(id))
        .set((homes::grade.eq(grade), homes::version.eq(homes::version + 1)))
        .execute(tx.conn)?;
    Ok(())
}

/// Counts places of a home that [`lock`] has locked: so many more open, so many more taken (fewer, where negative).
pub(crate) fn count_places(tx: &mut Tx<'_>, id: HomeId, open: i32, taken: i32) -> Result<()> {
    let counted = diesel::update(homes::table.find(id)).set((
        homes::places_open.eq(homes::places_open + open),
        homes::places_taken.eq(homes::places_taken + taken),
    ));
    one_row(counted.execute(tx.conn)?)
}

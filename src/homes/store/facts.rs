//! What matching reads of homes: no statement, no address.

use diesel::prelude::*;

use super::{MANY, authority_of};
use crate::db::Tx;
use crate::db::schema::homes;
use crate::error::{Error, Result};
use crate::homes::rules::HomeFacts;
use crate::ids::{HomeId, OrganisationId};
use crate::reference::Grid;
use crate::values::{
    AdditionalSupport, CodeSet, District, NeedCategory, OfstedGrade, PlacementType, ProvisionType, Risk, Sex,
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = homes)]
struct FactsRow {
    id: HomeId,
    provider_id: OrganisationId,
    name: String,
    provision_type: ProvisionType,
    placement_type: PlacementType,
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
    grade: OfstedGrade,
    active: bool,
    easting: i32,
    northing: i32,
    local_authority_code: String,
    postcode_district: District,
}

impl TryFrom<FactsRow> for HomeFacts {
    type Error = Error;

    fn try_from(row: FactsRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            provider_id: row.provider_id,
            name: row.name,
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
            grade: row.grade,
            active: row.active,
            grid: Grid {
                easting: row.easting,
                northing: row.northing,
            },
            local_authority: authority_of(row.id, &row.local_authority_code)?.gss_code,
            district: row.postcode_district,
        })
    }
}

/// What matching reads of these homes.
pub fn facts(tx: &mut Tx<'_>, ids: &[HomeId]) -> Result<Vec<HomeFacts>> {
    let mut found = Vec::with_capacity(ids.len());
    for ids in ids.chunks(MANY) {
        let rows: Vec<FactsRow> = homes::table
            .filter(homes::id.eq_any(ids))
            .order(homes::id)
            .select(FactsRow::as_select())
            .load(tx.conn)?;
        for row in rows {
            found.push(row.try_into()?);
        }
    }
    Ok(found)
}

/// What matching reads of all homes of these providers and this placement type. One statement for up to ten thousand providers.
pub fn facts_of_providers(
    tx: &mut Tx<'_>,
    providers: &[OrganisationId],
    placement_type: PlacementType,
) -> Result<Vec<HomeFacts>> {
    let mut found = Vec::new();
    for providers in providers.chunks(MANY) {
        let rows: Vec<FactsRow> = homes::table
            .filter(homes::placement_type.eq(placement_type))
            .filter(homes::provider_id.eq_any(providers))
            .order(homes::id)
            .select(FactsRow::as_select())
            .load(tx.conn)?;
        for row in rows {
            found.push(row.try_into()?);
        }
    }
    Ok(found)
}

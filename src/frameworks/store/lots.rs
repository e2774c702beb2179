//! Lots.

use diesel::prelude::*;

use crate::db::schema::{frameworks, lots};
use crate::db::{Tx, one_row, unless_taken};
use crate::error::Result;
use crate::frameworks::rules::{FrameworkRefused, FrameworkState, LineCeilings, Lot};
use crate::ids::{FrameworkId, LotId};
use crate::values::{CodeSet, Money, PlacementType, ProvisionType};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = lots, treat_none_as_null = true)]
struct LotRow {
    id: LotId,
    framework_id: FrameworkId,
    code: String,
    title: String,
    placement_type: PlacementType,
    provision_types: CodeSet<ProvisionType>,
    weekly_ceiling: Option<Money>,
    core_ceiling: Option<Money>,
    additional_support_ceiling: Option<Money>,
    education_ceiling: Option<Money>,
    other_ceiling: Option<Money>,
    version: i64,
}

impl From<LotRow> for Lot {
    fn from(row: LotRow) -> Self {
        Self {
            id: row.id,
            framework_id: row.framework_id,
            code: row.code,
            title: row.title,
            placement_type: row.placement_type,
            provision_types: row.provision_types,
            weekly_ceiling: row.weekly_ceiling,
            line_ceilings: LineCeilings {
                core: row.core_ceiling,
                additional_support: row.additional_support_ceiling,
                education: row.education_ceiling,
                other: row.other_ceiling,
            },
            version: row.version,
        }
    }
}

impl From<&Lot> for LotRow {
    fn from(lot: &Lot) -> Self {
        Self {
            id: lot.id,
            framework_id: lot.framework_id,
            code: lot.code.clone(),
            title: lot.title.clone(),
            placement_type: lot.placement_type,
            provision_types: lot.provision_types,
            weekly_ceiling: lot.weekly_ceiling,
            core_ceiling: lot.line_ceilings.core,
            additional_support_ceiling: lot.line_ceilings.additional_support,
            education_ceiling: lot.line_ceilings.education,
            other_ceiling: lot.line_ceilings.other,
            version: lot.version,
        }
    }
}

/// A lot.
pub fn lot(tx: &mut Tx<'_>, id: LotId) -> Result<Option<Lot>> {
    let row: Option<LotRow> = lots::table
        .find(id)
        .select(LotRow::as_select())
        .first(tx.conn)
        .optional()?;
    Ok(row.map(Into::into))
}

/// Several lots at once, in no particular order.
pub fn lots_by_id(tx: &mut Tx<'_>, ids: &[LotId]) -> Result<Vec<Lot>> {
    let rows: Vec<LotRow> = lots::table
        .filter(lots::id.eq_any(ids.to_vec()))
        .select(LotRow::as_select())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The lots of a framework, in the order they were added.
pub fn lots(tx: &mut Tx<'_>, framework: FrameworkId) -> Result<Vec<Lot>> {
    let rows: Vec<LotRow> = lots::table
        .filter(lots::framework_id.eq(framework))
        .order(lots::id)
        .select(LotRow::as_select())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The lots of a placement type whose frameworks have opened, in the order of their codes.
pub fn lots_that_opened(tx: &mut Tx<'_>, placement_type: PlacementType) -> Result<Vec<Lot>> {
    let rows: Vec<LotRow> = lots::table
        .inner_join(frameworks::table)
        .filter(lots::placement_type.eq(placement_type))
        .filter(frameworks::state.ne(FrameworkState::Draft))
        .order((lots::code, lots::id))
        .select(LotRow::as_select())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The lots of several frameworks, in the order they were added.
pub fn lots_of(tx: &mut Tx<'_>, frameworks: &[FrameworkId]) -> Result<Vec<Lot>> {
    let rows: Vec<LotRow> = lots::table
        .filter(lots::framework_id.eq_any(frameworks.to_vec()))
        .order(lots::id)
        .select(LotRow::as_select())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Keeps a new lot, unless its code is taken.
pub fn insert_lot(tx: &mut Tx<'_>, lot: &Lot) -> Result<()> {
    let now = tx.now;
    let insert = diesel::insert_into(lots::table)
        .values((LotRow::from(lot), lots::created_at.eq(now)))
        .execute(tx.conn);
    unless_taken(insert, || FrameworkRefused::LotCodeTaken.at("code")).map(drop)
}

/// Keeps a changed lot as the version after the one that it was read as, and answers it so.
pub fn update_lot(tx: &mut Tx<'_>, lot: Lot) -> Result<Lot> {
    let after = Lot {
        version: lot.version + 1,
        ..lot
    };
    let read = lots::table.find(after.id).filter(lots::version.eq(lot.version));
    let update = diesel::update(read).set(LotRow::from(&after)).execute(tx.conn);
    one_row(unless_taken(update, || FrameworkRefused::LotCodeTaken.at("code"))?)?;
    Ok(after)
}

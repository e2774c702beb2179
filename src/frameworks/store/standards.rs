//! Quality standards.

use diesel::prelude::*;

use crate::db::schema::quality_standards;
use crate::db::{Tx, one_row, text_column, unless_taken};
use crate::error::Result;
use crate::frameworks::rules::{Evidence, FrameworkRefused, Standard, StandardScope};
use crate::ids::{FrameworkId, StandardId};

text_column!(Evidence, StandardScope);

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = quality_standards)]
struct StandardRow {
    id: StandardId,
    framework_id: FrameworkId,
    code: String,
    title: String,
    requirement: String,
    applies_to: StandardScope,
    evidence: Evidence,
    mandatory: bool,
    version: i64,
}

impl From<StandardRow> for Standard {
    fn from(row: StandardRow) -> Self {
        Self {
            id: row.id,
            framework_id: row.framework_id,
            code: row.code,
            title: row.title,
            requirement: row.requirement,
            applies_to: row.applies_to,
            evidence: row.evidence,
            mandatory: row.mandatory,
            version: row.version,
        }
    }
}

impl From<&Standard> for StandardRow {
    fn from(standard: &Standard) -> Self {
        Self {
            id: standard.id,
            framework_id: standard.framework_id,
            code: standard.code.clone(),
            title: standard.title.clone(),
            requirement: standard.requirement.clone(),
            applies_to: standard.applies_to,
            evidence: standard.evidence,
            mandatory: standard.mandatory,
            version: standard.version,
        }
    }
}

/// A quality standard.
pub fn standard(tx: &mut Tx<'_>, id: StandardId) -> Result<Option<Standard>> {
    let row: Option<StandardRow> = quality_standards::table
        .find(id)
        .select(StandardRow::as_select())
        .first(tx.conn)
        .optional()?;
    Ok(row.map(Into::into))
}

/// The quality standards of a framework, in the order they were added.
pub fn standards(tx: &mut Tx<'_>, framework: FrameworkId) -> Result<Vec<Standard>> {
    let rows: Vec<StandardRow> = quality_standards::table
        .filter(quality_standards::framework_id.eq(framework))
        .order(quality_standards::id)
        .select(StandardRow::as_select())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Keeps a new standard, unless its code is taken.
pub fn insert_standard(tx: &mut Tx<'_>, standard: &Standard) -> Result<()> {
    let now = tx.now;
    let insert = diesel::insert_into(quality_standards::table)
        .values((StandardRow::from(standard), quality_standards::created_at.eq(now)))
        .execute(tx.conn);
    unless_taken(insert, || FrameworkRefused::StandardCodeTaken.at("code")).map(drop)
}

/// Keeps a changed standard as the version after the one that it was read as, and answers it so.
pub fn update_standard(tx: &mut Tx<'_>, standard: Standard) -> Result<Standard> {
    let after = Standard {
        version: standard.version + 1,
        ..standard
    };
    let read = quality_standards::table
        .find(after.id)
        .filter(quality_standards::version.eq(standard.version));
    let update = diesel::update(read).set(StandardRow::from(&after)).execute(tx.conn);
    one_row(unless_taken(update, || FrameworkRefused::StandardCodeTaken.at("code"))?)?;
    Ok(after)
}

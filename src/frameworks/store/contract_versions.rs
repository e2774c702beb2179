//! Contract versions, whose texts are read apart.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::clock::Instant;
use crate::db::Tx;
use crate::db::schema::contract_versions;
use crate::error::Result;
use crate::frameworks::rules::ContractVersion;
use crate::ids::{ContractVersionId, FrameworkId, PersonId};

#[derive(Queryable, Selectable)]
#[diesel(table_name = contract_versions)]
struct ContractVersionRow {
    id: ContractVersionId,
    framework_id: FrameworkId,
    number: i32,
    title: String,
    sha256: String,
    effective_on: NaiveDate,
    published_by: PersonId,
    created_at: Instant,
}

impl From<ContractVersionRow> for ContractVersion {
    fn from(row: ContractVersionRow) -> Self {
        Self {
            id: row.id,
            framework_id: row.framework_id,
            number: row.number,
            title: row.title,
            sha256: row.sha256,
            effective_on: row.effective_on,
            published_by: row.published_by,
            published_at: row.created_at,
        }
    }
}

/// A contract version.
pub fn contract_version(tx: &mut Tx<'_>, id: ContractVersionId) -> Result<Option<ContractVersion>> {
    let row: Option<ContractVersionRow> = contract_versions::table
        .find(id)
        .select(ContractVersionRow::as_select())
        .first(tx.conn)
        .optional()?;
    Ok(row.map(Into::into))
}

/// The text of a contract version, byte for byte as it was published.
pub fn contract_text(tx: &mut Tx<'_>, id: ContractVersionId) -> Result<Option<String>> {
    Ok(contract_versions::table
        .find(id)
        .select(contract_versions::text)
        .first(tx.conn)
        .optional()?)
}

/// The contract versions of a framework, by number.
pub fn contract_versions(tx: &mut Tx<'_>, framework: FrameworkId) -> Result<Vec<ContractVersion>> {
    let rows: Vec<ContractVersionRow> = of(framework)
        .order(contract_versions::number)
        .select(ContractVersionRow::as_select())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The contract versions of several frameworks, by number.
pub fn contract_versions_of(tx: &mut Tx<'_>, frameworks: &[FrameworkId]) -> Result<Vec<ContractVersion>> {
    let rows: Vec<ContractVersionRow> = contract_versions::table
        .filter(contract_versions::framework_id.eq_any(frameworks.to_vec()))
        .order(contract_versions::number)
        .select(ContractVersionRow::as_select())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The contract version in force on a day: the last published of those whose day has come. One that is published later
/// replaces an earlier one even where the earlier one's day is the later.
pub fn contract_in_force(tx: &mut Tx<'_>, framework: FrameworkId, on: NaiveDate) -> Result<Option<ContractVersion>> {
    last(tx, of(framework).filter(contract_versions::effective_on.le(on)))
}

/// The contract version in force on a day of each of these frameworks that has one, as [`contract_in_force`] finds it.
pub fn contracts_in_force(
    tx: &mut Tx<'_>,
    frameworks: &[FrameworkId],
    on: NaiveDate,
) -> Result<HashMap<FrameworkId, ContractVersion>> {
    let begun = contract_versions_of(tx, frameworks)?
        .into_iter()
        .filter(|version| version.effective_on <= on);
    // They come by number: of each framework the last stays.
    Ok(begun.map(|version| (version.framework_id, version)).collect())
}

/// The contract version that an applicant is to accept on a day: the one in force, or before the first is, the newest.
pub fn contract_to_accept(tx: &mut Tx<'_>, framework: FrameworkId, on: NaiveDate) -> Result<Option<ContractVersion>> {
    match contract_in_force(tx, framework, on)? {
        None => last(tx, of(framework)),
        in_force => Ok(in_force),
    }
}

/// The number of a framework's next contract version. Ask under [`super::lock`].
pub fn next_contract_number(tx: &mut Tx<'_>, framework: FrameworkId) -> Result<i32> {
    Ok(last(tx, of(framework))?.map_or(0, |version| version.number) + 1)
}

type Boxed<'a> = contract_versions::BoxedQuery<'a, crate::db::connection::MultiBackend>;

fn of(framework: FrameworkId) -> Boxed<'static> {
    contract_versions::table
        .filter(contract_versions::framework_id.eq(framework))
        .into_boxed()
}

fn last(tx: &mut Tx<'_>, query: Boxed<'static>) -> Result<Option<ContractVersion>> {
    let row: Option<ContractVersionRow> = query
        .order(contract_versions::number.desc())
        .select(ContractVersionRow::as_select())
        .first(tx.conn)
        .optional()?;
    Ok(row.map(Into::into))
}

/// Keeps a published contract version and its text for good.
pub fn insert_contract_version(tx: &mut Tx<'_>, version: &ContractVersion, text: &str) -> Result<()> {
    diesel::insert_into(contract_versions::table)
        .values((
            contract_versions::id.eq(version.id),
            contract_versions::framework_id.eq(version.framework_id),
            contract_versions::number.eq(version.number),
            contract_versions::title.eq(&version.title),
            contract_versions::text.eq(text),
            contract_versions::sha256.eq(&version.sha256),
            contract_versions::effective_on.eq(version.effective_on),
            contract_versions::published_by.eq(version.published_by),
            contract_versions::created_at.eq(version.published_at),
        ))
        .execute(tx.conn)?;
    Ok(())
}

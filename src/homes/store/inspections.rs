//! Inspections.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::clock::Instant;
use crate::db::schema::inspections;
use crate::db::{Tx, text_column, unless_taken};
use crate::error::Result;
use crate::homes::rules::{HomeRefused, Inspection, InspectionSource, Judgements};
use crate::ids::{HomeId, InspectionId, PersonId};
use crate::values::OfstedGrade;
use crate::web::paging::Page;

text_column!(InspectionSource);

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = inspections)]
struct InspectionRow {
    id: InspectionId,
    home_id: HomeId,
    event_number: String,
    inspected_on: NaiveDate,
    grade: OfstedGrade,
    overall: Option<OfstedGrade>,
    protection: Option<OfstedGrade>,
    leadership: Option<OfstedGrade>,
    source: InspectionSource,
    recorded_by: Option<PersonId>,
    created_at: Instant,
}

impl From<InspectionRow> for Inspection {
    fn from(row: InspectionRow) -> Self {
        let judgements = Judgements {
            overall: row.overall,
            protection: row.protection,
            leadership: row.leadership,
        };
        Self {
            id: row.id,
            home_id: row.home_id,
            event_number: row.event_number,
            inspected_on: row.inspected_on,
            grade: row.grade,
            judgements,
            source: row.source,
            recorded_by: row.recorded_by,
            created_at: row.created_at,
        }
    }
}

/// Keeps an inspection.
pub(in crate::homes) fn insert_inspection(tx: &mut Tx<'_>, inspection: &Inspection) -> Result<()> {
    let judgements = inspection.judgements;
    let row = InspectionRow {
        id: inspection.id,
        home_id: inspection.home_id,
        event_number: inspection.event_number.clone(),
        inspected_on: inspection.inspected_on,
        grade: inspection.grade,
        overall: judgements.overall,
        protection: judgements.protection,
        leadership: judgements.leadership,
        source: inspection.source,
        recorded_by: inspection.recorded_by,
        created_at: inspection.created_at,
    };
    let inserted = diesel::insert_into(inspections::table).values(row).execute(tx.conn);
    let taken = || {
        HomeRefused::EventTaken {
            event_number: inspection.event_number.clone(),
        }
        .at("event_number")
    };
    unless_taken(inserted, taken).map(|_| ())
}

/// An inspection.
pub fn inspection(tx: &mut Tx<'_>, id: InspectionId) -> Result<Option<Inspection>> {
    let row = inspections::table
        .find(id)
        .select(InspectionRow::as_select())
        .first(tx.conn)
        .optional()?;
    Ok(row.map(Into::into))
}

/// A part of the list of a home's inspections, in the order they were recorded.
pub fn inspections(tx: &mut Tx<'_>, home_id: HomeId, page: &Page) -> Result<Vec<Inspection>> {
    let mut query = inspections::table
        .filter(inspections::home_id.eq(home_id))
        .order(inspections::id)
        .limit(page.fetch())
        .select(InspectionRow::as_select())
        .into_boxed();
    if let Some(after) = page.after::<InspectionId>()? {
        query = query.filter(inspections::id.gt(after));
    }
    let rows: Vec<InspectionRow> = query.load(tx.conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// So many inspections of a home, the newest first: its first gives the home its grade.
pub fn newest_inspections(tx: &mut Tx<'_>, home_id: HomeId, most: i64) -> Result<Vec<Inspection>> {
    let rows: Vec<InspectionRow> = inspections::table
        .filter(inspections::home_id.eq(home_id))
        .order((inspections::inspected_on.desc(), inspections::id.desc()))
        .limit(most)
        .select(InspectionRow::as_select())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// All inspections of a home.
pub(in crate::homes) fn all_inspections(tx: &mut Tx<'_>, home_id: HomeId) -> Result<Vec<Inspection>> {
    let rows: Vec<InspectionRow> = inspections::table
        .filter(inspections::home_id.eq(home_id))
        .select(InspectionRow::as_select())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

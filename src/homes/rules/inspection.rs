//! Inspections by Ofsted. The newest gives the home its grade.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::clock::Instant;
use crate::error::{Error, Result};
use crate::ids::{HomeId, InspectionId, PersonId};
use crate::values::checks::wrong;
use crate::values::{OfstedGrade, codes};

codes! {
    /// How an inspection came to be recorded.
    pub enum InspectionSource {
        Entered("entered", "Entered by an operator"),
        Imported("imported", "Imported from Ofsted's published data"),
    }
}

/// The three judgements of an inspection; null where the report gives none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[validate(schema(function = "judged", skip_on_field_errors = false))]
pub struct Judgements {
    /// Overall experiences and progress of children and young people.
    pub overall: Option<OfstedGrade>,
    /// How well children and young people are helped and protected.
    pub protection: Option<OfstedGrade>,
    /// The effectiveness of leaders and managers.
    pub leadership: Option<OfstedGrade>,
}

const NOT_A_GRADE: &str = "must be a grade that an inspection gives";

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "the validator crate passes what it checks by reference"
)]
fn judged(judgements: &Judgements) -> Result<(), ValidationError> {
    let lines = [
        ("overall", judgements.overall),
        ("protection", judgements.protection),
        ("leadership", judgements.leadership),
    ];
    match lines
        .iter()
        .find(|(_, grade)| *grade == Some(OfstedGrade::NotYetInspected))
    {
        Some((field, _)) => Err(wrong(field, "not_a_grade", NOT_A_GRADE)),
        None => Ok(()),
    }
}

/// An inspection to be recorded.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "graded", skip_on_field_errors = false))]
pub struct NewInspection {
    /// The number that Ofsted gives the event; unique for the home.
    #[validate(length(min = 1, max = 40), custom(function = "crate::values::text::line"))]
    #[schema(min_length = 1, max_length = 40)]
    #[schema(example = "10298765")]
    pub event_number: String,
    /// The day of the inspection.
    #[validate(custom(function = "crate::values::checks::day"))]
    pub inspected_on: NaiveDate,
    /// The overall grade.
    pub grade: OfstedGrade,
    /// The three judgements.
    #[validate(nested)]
    #[serde(default)]
    pub judgements: Judgements,
}

fn graded(new: &NewInspection) -> Result<(), ValidationError> {
    if new.grade == OfstedGrade::NotYetInspected {
        Err(wrong("grade", "not_a_grade", NOT_A_GRADE))
    } else {
        Ok(())
    }
}

/// A recorded inspection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
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
    /// Who recorded it; none for an import.
    pub recorded_by: Option<PersonId>,
    /// When it was recorded.
    pub created_at: Instant,
}

impl NewInspection {
    /// The inspection, recorded now; one that lies in the future is refused.
    pub fn recorded(
        self,
        home_id: HomeId,
        source: InspectionSource,
        recorded_by: Option<PersonId>,
        now: Instant,
    ) -> Result<Inspection> {
        if self.inspected_on > now.date_in_uk() {
            return Err(Error::field("inspected_on", "in_future", "must not lie in the future"));
        }
        Ok(Inspection {
            id: InspectionId::new(now),
            home_id,
            event_number: self.event_number.trim().to_owned(),
            inspected_on: self.inspected_on,
            grade: self.grade,
            judgements: self.judgements,
            source,
            recorded_by,
            created_at: now,
        })
    }
}

/// The grade of a home with these inspections: that of the newest, of two on one day that recorded later.
pub fn grade_after<'a>(inspections: impl IntoIterator<Item = &'a Inspection>) -> OfstedGrade {
    let newest = inspections
        .into_iter()
        .max_by_key(|inspection| (inspection.inspected_on, inspection.id));
    newest.map_or(OfstedGrade::NotYetInspected, |inspection| inspection.grade)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Duration;

    fn now() -> Instant {
        "2026-03-02T09:00:00Z".parse().unwrap()
    }

    fn new(on: &str, grade: OfstedGrade) -> NewInspection {
        NewInspection {
            event_number: format!("E{on}"),
            inspected_on: on.parse().unwrap(),
            grade,
            judgements: Judgements::default(),
        }
    }

    fn recorded(on: &str, grade: OfstedGrade, minute: i64) -> Inspection {
        let now = now().plus(Duration::minutes(minute));
        new(on, grade)
            .recorded(HomeId::new(now), InspectionSource::Entered, None, now)
            .unwrap()
    }

    #[test]
    fn the_newest_inspection_counts_however_late_it_is_recorded() {
        use OfstedGrade::{Good, Inadequate, NotYetInspected, Outstanding};
        assert_eq!(grade_after([]), NotYetInspected);
        let (old, newer) = (recorded("2025-01-10", Good, 0), recorded("2026-01-10", Inadequate, 1));
        let recorded_late = recorded("2024-01-10", Outstanding, 2);
        assert_eq!(grade_after([&newer, &old, &recorded_late]), Inadequate);
        let same_day = recorded("2026-01-10", Good, 3);
        assert_eq!(grade_after([&same_day, &newer]), Good);
    }

    #[test]
    fn today_is_no_future() {
        for (on, fine) in [("2026-03-01", true), ("2026-03-02", true), ("2026-03-03", false)] {
            let outcome =
                new(on, OfstedGrade::Good).recorded(HomeId::new(now()), InspectionSource::Imported, None, now());
            assert_eq!(outcome.is_ok(), fine, "{on}");
        }
    }

    #[test]
    fn an_inspection_gives_grades() {
        assert!(new("2026-01-01", OfstedGrade::Good).validate().is_ok());
        assert!(new("2026-01-01", OfstedGrade::NotYetInspected).validate().is_err());
        let mut half = new("2026-01-01", OfstedGrade::Good);
        half.judgements.leadership = Some(OfstedGrade::NotYetInspected);
        assert!(half.validate().is_err());
    }
}

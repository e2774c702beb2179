//! What is due because of an award, and by when.

use crate::clock::Instant;
use crate::codes;
use crate::ids::{AwardId, DueItemId, OrganisationId, PersonId};
use crate::values::NeededBy;
use crate::values::working_days::{add_working_days, end_of_day};
use chrono::NaiveDate;

codes! {
    /// What is due: the notice to the authority in whose area the home lies.
    pub enum DueKind {
        AreaAuthorityNotice("area_authority_notice", "Tell the authority of the area"),
    }
}

/// Something that an authority owes because of an award. It locks nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct DueItem {
    /// Its identifier.
    pub id: DueItemId,
    /// The award.
    pub award_id: AwardId,
    /// Who owes it.
    pub authority_id: OrganisationId,
    /// What is due.
    pub kind: DueKind,
    /// Whom it concerns: the area's authority, by its GSS code.
    pub area_gss_code: String,
    /// The last day on which it is in time.
    pub due_on: NaiveDate,
    /// What was noted when it was done.
    pub note: Option<String>,
    /// Who did it, and when.
    pub done: Option<(PersonId, Instant)>,
    /// Counts its changes.
    pub version: i64,
}

impl DueItem {
    /// Whether its time is over and it isn't done.
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.done.is_none() && today > self.due_on
    }
}

/// The last day on which the area's authority is told in time: before the placement, or in an emergency within five working days of
/// it (Care Planning Regulations 2010, reg 13).
pub fn notice_due(needed_by: NeededBy, starts_on: NaiveDate) -> NaiveDate {
    match needed_by {
        NeededBy::Today => add_working_days(starts_on, 5),
        NeededBy::WithinFiveDays | NeededBy::MoreThanFiveDays => starts_on,
    }
}

/// Until when an award stands still that is approved at `approved_at`: to the end of the last of so many working days after that day, by
/// the clocks of the United Kingdom; `None` for none.
pub fn standstill_end(approved_at: Instant, working_days: u32) -> Option<Instant> {
    (working_days > 0).then(|| Instant::new(end_of_day(add_working_days(approved_at.date_in_uk(), working_days))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_area_authority_is_told_before_or_in_an_emergency_within_five_working_days() {
        // Good Friday and Easter Monday 2026 are 3 and 6 April.
        let start = day("2026-04-01");
        assert_eq!(notice_due(NeededBy::Today, start), day("2026-04-10"));
        assert_eq!(notice_due(NeededBy::WithinFiveDays, start), start);
        assert_eq!(notice_due(NeededBy::MoreThanFiveDays, start), start);
    }

    #[test]
    fn a_standstill_ends_with_the_uk_day() {
        let end = |at: &str, days| standstill_end(at.parse().unwrap(), days).map(|end| end.to_string());
        assert_eq!(end("2026-03-04T12:00:00Z", 0), None);
        // Wednesday: two working days on is Friday; three is Monday.
        assert_eq!(end("2026-03-04T12:00:00Z", 2).as_deref(), Some("2026-03-06T23:59:59Z"));
        assert_eq!(end("2026-03-04T12:00:00Z", 3).as_deref(), Some("2026-03-09T23:59:59Z"));
        // Late on 29 March in UTC is 30 March in the UK, where summer time has begun.
        assert_eq!(end("2026-03-29T23:30:00Z", 1).as_deref(), Some("2026-03-31T22:59:59Z"));
    }
}

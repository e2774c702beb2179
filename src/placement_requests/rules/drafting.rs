//! From a body to a draft.

use super::{Criterion, NewCriterion, NewPlacementRequest, Origin, PlacementRequest, RequestState};
use crate::clock::Instant;
use crate::ids::{CriterionId, OrganisationId, PersonId, PlacementRequestId};
use crate::values::CodeSet;

impl NewPlacementRequest {
    /// The draft that it makes. A body answers every task.
    pub fn draft(
        self,
        id: PlacementRequestId,
        authority_id: OrganisationId,
        created_by: PersonId,
        origin: Origin,
        now: Instant,
    ) -> (PlacementRequest, Vec<Criterion>) {
        let request = PlacementRequest {
            id,
            reference: reference_of(id, now),
            framework_id: self.framework_id,
            lot_id: self.lot_id,
            authority_id,
            created_by,
            state: RequestState::Draft,
            needed_by: self.needed_by,
            starts_on: self.starts_on,
            published_at: None,
            bids_close_at: self.bids_close_at,
            questions_close_at: self.questions_close_at(),
            price_weight: self.price_weight,
            child: self.child,
            origin,
            max_distance_miles: self.max_distance_miles,
            needs: self.needs,
            brief: self.brief,
            answered: CodeSet::all(),
            opened: None,
            ended: None,
            created_at: now,
            version: 1,
        };
        let criteria = self.criteria.into_iter().map(|new| new.criterion(now)).collect();
        (request, criteria)
    }
}

impl NewCriterion {
    fn criterion(self, now: Instant) -> Criterion {
        Criterion {
            id: CriterionId::new(now),
            title: self.title,
            guidance: self.guidance,
            weight: self.weight,
        }
    }
}

/// `PR-2026-7KQ4MX`: the year and six signs made of the random half of the id, without vowels and look-alikes.
///
/// A running number would be easier on the ear and would tell every provider how many requests there are, and of whom.
pub(super) fn reference_of(id: PlacementRequestId, now: Instant) -> String {
    use chrono::Datelike;
    const SIGNS: &[u8] = b"23456789BCDFGHJKLMNPQRSTVWXZ";
    let (_, mut random) = id.uuid().as_u64_pair();
    let mut signs = String::with_capacity(6);
    for _ in 0..6 {
        let count = SIGNS.len() as u64;
        // Below the number of signs, so it is a position.
        #[allow(clippy::cast_possible_truncation)]
        let position = (random % count) as usize;
        signs.push(char::from(SIGNS[position]));
        random /= count;
    }
    format!("PR-{}-{signs}", now.date_in_uk().year())
}

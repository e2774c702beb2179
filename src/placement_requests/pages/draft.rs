//! A draft with what its tasks are judged by: how far each is, and what stands against publishing.

use super::super::actions::{self, details, seen_by};
use super::super::confidential::ConfidentialKey;
use super::super::rules::{
    Confidential, Criterion, Identified, NewCriterion, NewOrigin, NewPlacementRequest, PlacementRequest, Task,
};
use super::super::{rules, store};
use super::marked::Marked;
use crate::access::Actor;
use crate::db::Tx;
use crate::error::{Error, FieldError, FieldErrors, Result};
use crate::frameworks::rules::{Lot, Policy};
use crate::frameworks::store as frameworks;
use crate::ids::PlacementRequestId;
use crate::values::{CommunicationNeeds, LivingCompanions, Pets, Suitability};

/// How far a task is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// Nothing was said yet.
    NotStarted,
    /// All is said.
    Done,
    /// Something stands against publishing.
    Wrong(Vec<String>),
}

/// A task of the list.
#[derive(Debug)]
pub struct TaskLine {
    /// The task.
    pub task: Task,
    /// How far it is.
    pub progress: Progress,
}

/// A draft with what its tasks are judged by.
#[derive(Debug)]
pub struct Draft {
    /// The request.
    pub request: PlacementRequest,
    /// Its criteria.
    pub criteria: Vec<Criterion>,
    /// What only its authority knows.
    pub details: Confidential,
    /// The lot.
    pub lot: Lot,
    /// The framework's policy.
    pub policy: Policy,
    /// What in its texts can identify the child.
    pub found: Vec<Identified>,
}

impl Draft {
    /// The draft, for somebody of its authority.
    pub fn read(tx: &mut Tx<'_>, actor: &Actor, key: &ConfidentialKey, id: PlacementRequestId) -> Result<Self> {
        let request = seen_by(tx, actor, id)?;
        request.must_be_draft(tx.now)?;
        let criteria = store::criteria(tx, id)?;
        let details = details(tx, key, id)?;
        let lot = frameworks::lot(tx, request.lot_id)?.ok_or(Error::NotFound("lot"))?;
        let framework = frameworks::framework(tx, request.framework_id)?.ok_or(Error::NotFound("framework"))?;
        let found = actions::screen_request(&request, &criteria, &details, tx.now);
        Ok(Self {
            request,
            criteria,
            details,
            lot,
            policy: framework.policy,
            found,
        })
    }

    /// What stands against publishing it now, but for what the screening found.
    pub fn problems(&self, tx: &Tx<'_>) -> FieldErrors {
        match rules::must_be_ready(&self.request, &self.criteria, &self.lot, &self.policy, &[], tx.now) {
            Err(Error::Refused(refused)) => refused.errors,
            _ => FieldErrors::new(),
        }
    }

    /// Its tasks, in order.
    pub fn tasks(&self, tx: &Tx<'_>) -> Vec<TaskLine> {
        let problems = self.problems(tx);
        let line = |task: &Task| TaskLine {
            task: *task,
            progress: self.progress(*task, &problems),
        };
        Task::ALL.iter().map(line).collect()
    }

    fn progress(&self, task: Task, problems: &FieldErrors) -> Progress {
        let needs = &self.request.needs;
        let against: Vec<&FieldError> = problems.iter().filter(|problem| task.owns(&problem.field)).collect();
        // Saved as it was offered is answered, too.
        let started = self.request.answered.contains(task)
            || match task {
                Task::Names => !self.details.names.is_empty(),
                Task::Support => !(needs.additional_support.is_empty() && needs.categories.is_empty()),
                Task::Living => {
                    needs.pets != Pets::NotKnown || needs.living_companions != LivingCompanions::NoPreference
                }
                Task::Communication => needs.communication_needs != CommunicationNeeds::NotSpecified,
                Task::Risks => !needs.risks.is_empty(),
                Task::Suitability => needs.suitability.of(self.lot.placement_type) != Suitability::NotSpecified,
                Task::Brief => !self.request.brief.is_empty(),
                Task::Weights => !self.criteria.is_empty(),
                Task::Home | Task::Child | Task::Origin => true,
                Task::Deadlines => !against.is_empty(),
            };
        if !started {
            return Progress::NotStarted;
        }
        let mut wrong: Vec<String> = against.iter().map(|problem| problem.message.clone()).collect();
        let hits = self.found.iter().filter(|found| task.owns(&found.field)).count();
        if hits > 0 {
            let places = if hits == 1 { "place" } else { "places" };
            wrong.push(format!("The text may identify the child in {hits} {places}."));
        }
        if wrong.is_empty() {
            Progress::Done
        } else {
            Progress::Wrong(wrong)
        }
    }

    /// The text of a field that is screened.
    pub fn text(&self, field: &str) -> &str {
        let of_criterion = || {
            let (number, part) = field.strip_prefix("criteria[")?.split_once("].")?;
            let criterion = self.criteria.get(number.parse::<usize>().ok()?)?;
            match part {
                "title" => Some(criterion.title.as_str()),
                _ => criterion.guidance.as_deref(),
            }
        };
        if field == "brief" {
            &self.request.brief
        } else {
            of_criterion().unwrap_or_default()
        }
    }

    /// Each text in which something was found, marked.
    pub fn marked(&self) -> Vec<Marked> {
        let mut fields: Vec<&str> = self.found.iter().map(|found| found.field.as_str()).collect();
        fields.dedup();
        fields
            .into_iter()
            .map(|field| Marked::of(field, &label(field), self.text(field), &self.found))
            .collect()
    }

    /// The body that would write it as it is.
    pub(super) fn body(&self) -> NewPlacementRequest {
        let request = self.request.clone();
        let postcode = self.details.postcode.clone();
        NewPlacementRequest {
            framework_id: request.framework_id,
            lot_id: request.lot_id,
            needed_by: request.needed_by,
            starts_on: request.starts_on,
            bids_close_at: request.bids_close_at,
            questions_close_at: Some(request.questions_close_at).filter(|at| *at != request.bids_close_at),
            price_weight: request.price_weight,
            criteria: self
                .criteria
                .iter()
                .map(|criterion| NewCriterion {
                    title: criterion.title.clone(),
                    guidance: criterion.guidance.clone(),
                    weight: criterion.weight,
                })
                .collect(),
            child: request.child,
            origin: NewOrigin {
                district: postcode.is_none().then_some(request.origin.district),
                postcode,
            },
            max_distance_miles: request.max_distance_miles,
            needs: request.needs,
            brief: request.brief,
            names_to_screen: None,
        }
    }

    /// The price weight and the weights of the criteria together.
    pub(super) fn weights_total(&self) -> i32 {
        self.request.price_weight + self.criteria.iter().map(|criterion| criterion.weight).sum::<i32>()
    }
}

/// What people call a field that is screened.
fn label(field: &str) -> String {
    let of_criterion = || {
        let (number, part) = field.strip_prefix("criteria[")?.split_once("].")?;
        let number = number.parse::<usize>().ok()? + 1;
        Some(match part {
            "title" => format!("Criterion {number}"),
            _ => format!("What a good answer to criterion {number} says"),
        })
    };
    of_criterion().unwrap_or_else(|| "The brief".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placement_requests::rules::samples;
    use crate::values::{CodeSet, CulturalNeeds};

    /// A draft in which only what was asked first is answered, and everything else stands as it is offered.
    fn begun() -> Draft {
        let (mut request, _) = samples::draft();
        request.answered = Task::first_asked();
        request.brief = String::new();
        let needs = &mut request.needs;
        (needs.categories, needs.additional_support) = (CodeSet::EMPTY, CodeSet::EMPTY);
        (needs.living_companions, needs.pets) = (LivingCompanions::NoPreference, Pets::NotKnown);
        (needs.communication_needs, needs.cultural_needs) = (CommunicationNeeds::NotSpecified, CulturalNeeds::NotKnown);
        needs.risks.clear();
        needs.suitability.residential = Suitability::NotSpecified;
        Draft {
            lot: samples::lot(&request),
            policy: samples::framework(&request).policy,
            found: Vec::new(),
            criteria: Vec::new(),
            details: Confidential::default(),
            request,
        }
    }

    #[test]
    fn a_task_is_done_once_it_is_saved_be_it_with_the_answers_that_were_offered() {
        let (mut draft, nothing) = (begun(), FieldErrors::new());
        for task in Task::ALL {
            let first = Task::first_asked().contains(*task);
            let expected = if first { Progress::Done } else { Progress::NotStarted };
            assert_eq!(draft.progress(*task, &nothing), expected, "{task}");
            draft.request.answered.insert(*task);
            assert_eq!(draft.progress(*task, &nothing), Progress::Done, "{task}");
        }
    }

    #[test]
    fn a_deadline_that_stands_against_publishing_is_told_before_anybody_looked_at_it() {
        let mut problems = FieldErrors::new();
        problems.add("bids_close_at", "request.window_too_short", "Bids must not close yet.");
        let progress = begun().progress(Task::Deadlines, &problems);
        assert_eq!(progress, Progress::Wrong(vec!["Bids must not close yet.".to_owned()]));
        assert_eq!(begun().progress(Task::Risks, &problems), Progress::NotStarted);
    }
}

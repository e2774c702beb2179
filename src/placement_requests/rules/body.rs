//! What a commissioner writes: the request as a body of the API and of the pages.

use chrono::{Duration, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::{Child, Confirmation, Needs};
use crate::clock::Instant;
use crate::error::{Error, Result};
use crate::ids::{FrameworkId, LotId};
use crate::values::checks::wrong;
use crate::values::{District, NeededBy, Postcode};

/// The most criteria that a request has.
pub const CRITERIA_MAX: u64 = 20;

/// A placement request as written: of a new draft, or anew of one that there is.
///
/// A draft may be unfinished: its brief, weights, window and dates are judged when it is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "questions_close_no_later", skip_on_field_errors = false))]
pub struct NewPlacementRequest {
    /// The framework that is called off.
    pub framework_id: FrameworkId,
    /// The lot of it.
    pub lot_id: LotId,
    /// How soon a home is needed: it sets the shortest time for bids, by the framework's policy.
    pub needed_by: NeededBy,
    /// The day on which the placement should start.
    #[validate(custom(function = "crate::values::checks::day"))]
    pub starts_on: NaiveDate,
    /// When bids close.
    #[validate(custom(function = "crate::values::checks::time"))]
    pub bids_close_at: Instant,
    /// Until when questions may be asked; left out, as long as bids are taken.
    #[serde(default)]
    #[validate(custom(function = "crate::values::checks::time"))]
    pub questions_close_at: Option<Instant>,
    /// The weight of the price, in points of 100.
    #[validate(range(min = 0, max = 100))]
    #[schema(example = 40)]
    pub price_weight: i32,
    /// What quality is scored by. Together with the price weight the weights total 100.
    #[validate(length(max = "CRITERIA_MAX"), nested)]
    pub criteria: Vec<NewCriterion>,
    /// The child, anonymous.
    #[validate(nested)]
    pub child: Child,
    /// Where the child comes from.
    #[validate(nested)]
    pub origin: NewOrigin,
    /// How far from there the home may be, in miles; left out, anywhere.
    #[serde(default)]
    #[validate(range(min = 1, max = 500))]
    #[schema(example = 40)]
    pub max_distance_miles: Option<i32>,
    /// What the child needs.
    #[validate(nested)]
    pub needs: Needs,
    /// What providers should know, in words that don't tell who the child is. A draft may leave it for later.
    #[serde(default)]
    #[validate(length(max = 10_000), custom(function = "crate::values::text::prose_or_nothing"))]
    #[schema(example = "A calm home near school, with staff who know how to keep a young person safe.")]
    pub brief: String,
    /// Names that no text of this request may have: the child's, the family's, the school's. Kept encrypted, shown to nobody.
    /// Left out when writing anew, those given before stay.
    #[serde(default)]
    #[validate(length(max = 30), custom(function = "names_are_lines"))]
    #[schema(example = json!(["Sam Example"]))]
    pub names_to_screen: Option<Vec<String>>,
}

/// A criterion of quality.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCriterion {
    /// What is asked.
    #[validate(length(min = 1, max = 200), custom(function = "crate::values::text::line"))]
    #[schema(example = "How the home meets this child's needs")]
    pub title: String,
    /// What a good answer says.
    #[serde(default)]
    #[validate(length(max = 2_000), custom(function = "crate::values::text::prose"))]
    pub guidance: Option<String>,
    /// Its weight, in points of 100.
    #[validate(range(min = 1, max = 100))]
    #[schema(example = 60)]
    pub weight: i32,
}

/// Where the child comes from: a full postcode, which stays confidential, or a postcode district.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "one_place", skip_on_field_errors = false))]
#[schema(example = json!({"postcode": "RG1 1AF"}))]
pub struct NewOrigin {
    /// The full postcode. Distances are measured from the middle of its sector; providers see its district only.
    #[serde(default)]
    pub postcode: Option<Postcode>,
    /// The postcode district, where the full postcode is not to be given.
    #[serde(default)]
    pub district: Option<District>,
}

impl NewPlacementRequest {
    /// Until when questions may be asked.
    pub fn questions_close_at(&self) -> Instant {
        self.questions_close_at.unwrap_or(self.bids_close_at)
    }
}

fn questions_close_no_later(request: &NewPlacementRequest) -> Result<(), ValidationError> {
    if request.questions_close_at() <= request.bids_close_at {
        Ok(())
    } else {
        Err(wrong("questions_close_at", "range", "must not be after bids close"))
    }
}

fn one_place(origin: &NewOrigin) -> Result<(), ValidationError> {
    match (&origin.postcode, &origin.district) {
        (Some(_), None) | (None, Some(_)) => Ok(()),
        (None, None) => Err(wrong("postcode", "required", "must be given, or a district")),
        (Some(_), Some(_)) => Err(wrong(
            "district",
            "not_both",
            "must be left out where the postcode is given",
        )),
    }
}

fn names_are_lines(names: &[String]) -> Result<(), ValidationError> {
    names.iter().try_for_each(|name| {
        crate::values::text::line(name)?;
        if name.chars().count() <= 100 {
            Ok(())
        } else {
            Err(ValidationError::new("length").with_message("must be names of at most 100 characters".into()))
        }
    })
}

/// A deadline put later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "questions_close_in_time", skip_on_field_errors = false))]
pub struct NewDeadline {
    /// When bids close from now on.
    #[validate(custom(function = "crate::values::checks::time"))]
    pub bids_close_at: Instant,
    /// Until when questions may be asked from now on; left out, as before: until the same moment, or for as long as bids are taken where
    /// that was so.
    #[serde(default)]
    #[validate(custom(function = "crate::values::checks::time"))]
    pub questions_close_at: Option<Instant>,
    /// Why. Everybody invited reads it.
    #[validate(length(min = 1, max = 1_000), custom(function = "crate::values::text::prose"))]
    #[schema(example = "The school's report is late.")]
    pub reason: String,
}

/// The furthest ahead that a deadline is put, in days.
const DAYS_AHEAD: i64 = 366;

impl NewDeadline {
    /// Refuses a slip of the year: a deadline that was put later is never put earlier again.
    pub fn must_be_near(&self, now: Instant) -> Result<()> {
        if self.bids_close_at <= now.plus(Duration::days(DAYS_AHEAD)) {
            Ok(())
        } else {
            Err(Error::field("bids_close_at", "range", "must be at most a year ahead"))
        }
    }
}

fn questions_close_in_time(deadline: &NewDeadline) -> Result<(), ValidationError> {
    match deadline.questions_close_at {
        Some(at) if at > deadline.bids_close_at => {
            Err(wrong("questions_close_at", "range", "must not be after bids close"))
        }
        _ => Ok(()),
    }
}

/// Why a request ends without a placement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Ending {
    /// Why. Everybody invited reads it.
    #[validate(length(min = 1, max = 1_000), custom(function = "crate::values::text::prose"))]
    #[schema(example = "The child stays with family.")]
    pub reason: String,
}

/// A question to the authority. Everybody invited reads it together with the answer; nobody reads who asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewQuestion {
    /// The question, in words that don't tell who the child is.
    #[validate(length(min = 1, max = 2_000), custom(function = "crate::values::text::prose"))]
    #[schema(example = "Does the child attend a mainstream school?")]
    pub text: String,
    /// What the screening takes for something that identifies the child and may stand.
    #[serde(default)]
    #[validate(length(max = 50), nested)]
    pub confirmations: Vec<Confirmation>,
}

/// The answer to a question. Everybody invited reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAnswer {
    /// The answer, in words that don't tell who the child is.
    #[validate(length(min = 1, max = 4_000), custom(function = "crate::values::text::prose"))]
    #[schema(example = "Yes, and it should go on.")]
    pub text: String,
    /// The question in the words that everybody is to read, where those it was asked in must not be shown.
    #[serde(default)]
    #[validate(length(max = 2_000), custom(function = "crate::values::text::prose"))]
    pub question: Option<String>,
    /// What the screening takes for something that identifies the child and may stand; `question` and `text` are the fields.
    #[serde(default)]
    #[validate(length(max = 50), nested)]
    pub confirmations: Vec<Confirmation>,
}

/// What comes with publishing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Publishing {
    /// What the screening takes for something that identifies the child and may stand.
    #[serde(default)]
    #[validate(length(max = 100), nested)]
    pub confirmations: Vec<Confirmation>,
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    type Change = fn(&mut NewPlacementRequest);

    fn is_right(change: Change) -> bool {
        let mut body = samples::body();
        change(&mut body);
        body.validate().is_ok()
    }

    #[test]
    fn a_deadline_is_put_a_year_ahead_at_most_and_questions_close_by_it() {
        let to = |days, questions_days: i64| NewDeadline {
            bids_close_at: samples::noon().plus(Duration::days(days)),
            questions_close_at: Some(samples::noon().plus(Duration::days(questions_days))),
            reason: "The report is late.".to_owned(),
        };
        assert!(to(366, 366).must_be_near(samples::noon()).is_ok());
        assert!(to(367, 1).must_be_near(samples::noon()).is_err());
        assert!(to(2, 2).validate().is_ok());
        assert!(to(2, 3).validate().is_err());
    }

    #[test]
    fn the_shape_of_a_body() {
        let right: [Change; 6] = [
            |_| {},
            |b| b.brief.clear(),
            |b| b.questions_close_at = Some(b.bids_close_at),
            |b| {
                b.origin = NewOrigin {
                    postcode: None,
                    district: Some(District::parse("RG1").unwrap()),
                }
            },
            |b| b.criteria.clear(),
            |b| b.max_distance_miles = None,
        ];
        for (case, change) in right.into_iter().enumerate() {
            assert!(is_right(change), "right {case}");
        }
        let wrong: [Change; 13] = [
            |b| b.questions_close_at = Some(b.bids_close_at.plus(Duration::seconds(1))),
            |b| b.origin.district = Some(District::parse("RG1").unwrap()),
            |b| b.origin.postcode = None,
            |b| b.child.age = 18,
            |b| b.child.siblings_to_place_with = -1,
            |b| b.price_weight = 101,
            |b| b.criteria[0].weight = 0,
            |b| b.criteria[0].title = "two\nlines".to_owned(),
            |b| b.criteria[0].guidance = Some(" ".to_owned()),
            |b| b.brief = "\u{0}".to_owned(),
            |b| b.max_distance_miles = Some(0),
            |b| b.starts_on = NaiveDate::from_ymd_opt(1999, 1, 1).unwrap(),
            |b| b.names_to_screen = Some(vec!["x".repeat(101)]),
        ];
        for (case, change) in wrong.into_iter().enumerate() {
            assert!(!is_right(change), "wrong {case}");
        }
    }
}

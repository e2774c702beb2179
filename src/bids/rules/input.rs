//! What is sent: bids, declines, marks; and what of a bid is missing or can't be.

use crate::error::FieldErrors;
use crate::ids::{CriterionId, HomeId};
use crate::values::{DeclineReason, Money, PriceLines};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A home is not offered this time.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDecline {
    /// The home: one of the provider's own.
    pub home_id: HomeId,
    /// Why.
    pub reason: DeclineReason,
    /// In the provider's own words, at most 1,000 characters; nothing that identifies the child.
    #[serde(default)]
    #[validate(length(min = 1, max = 1000), custom(function = "crate::values::text::prose"))]
    #[schema(example = "The home has just taken a new child.")]
    pub note: Option<String>,
}

/// Why a bid is marked, in the authority's words.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NonCompliance {
    /// Why the bid is not compliant, at most 2,000 characters. The provider reads it.
    #[validate(length(min = 1, max = 2000), custom(function = "crate::values::text::prose"))]
    #[schema(example = "The answer on education is to another request.")]
    pub reason: String,
}

/// The longest answer to a criterion, in characters.
pub const ANSWER_MAX: u64 = 10_000;
/// The longest matching statement, in characters.
pub const STATEMENT_MAX: u64 = 20_000;

/// An answer to one criterion of the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CriterionAnswer)]
pub struct Answer {
    /// The criterion.
    pub criterion_id: CriterionId,
    /// The answer, at most 10,000 characters.
    #[validate(
        length(max = "ANSWER_MAX"),
        custom(function = "crate::values::text::prose_or_nothing")
    )]
    #[schema(example = "Two therapists work in the home; each child has a keyworker of its own.")]
    pub text: String,
}

/// A new bid. Everything but the home is sealed from the moment it is saved.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBid {
    /// The home it offers: one of the provider's own.
    pub home_id: HomeId,
    /// From when the child could live there.
    #[validate(custom(function = "crate::values::checks::day"))]
    pub starts_on: NaiveDate,
    /// The weekly price in its four lines.
    pub price: PriceLines,
    /// An answer to each criterion; a draft may still lack some.
    #[serde(default)]
    #[validate(length(max = 50), nested)]
    pub answers: Vec<Answer>,
    /// How the home meets this child's needs, and what it means for the children living there; at most 20,000 characters.
    #[serde(default)]
    #[validate(
        length(max = "STATEMENT_MAX"),
        custom(function = "crate::values::text::prose_or_nothing")
    )]
    #[schema(example = "The three young people living here have been asked and would welcome her.")]
    pub matching_statement: String,
}

impl NewBid {
    /// The home, and what is sealed.
    pub fn split(self) -> (HomeId, Terms) {
        let Self {
            home_id,
            starts_on,
            price,
            answers,
            matching_statement,
        } = self;
        (
            home_id,
            Terms {
                starts_on,
                price,
                answers,
                matching_statement,
            },
        )
    }
}

/// What a bid says: all of it is sealed until the opening.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// From when the child could live there.
    #[validate(custom(function = "crate::values::checks::day"))]
    pub starts_on: NaiveDate,
    /// The weekly price in its four lines.
    pub price: PriceLines,
    /// An answer to each criterion; a draft may still lack some.
    #[serde(default)]
    #[validate(length(max = 50), nested)]
    pub answers: Vec<Answer>,
    /// How the home meets this child's needs, and what it means for the children living there; at most 20,000 characters.
    #[serde(default)]
    #[validate(
        length(max = "STATEMENT_MAX"),
        custom(function = "crate::values::text::prose_or_nothing")
    )]
    #[schema(example = "The three young people living here have been asked and would welcome her.")]
    pub matching_statement: String,
}

impl Terms {
    /// The terms with their answers in the order of the criteria. What can't be is named, all at once: an answer to no criterion
    /// of the request, a second answer to the same one, four lines that are together more than an amount can be.
    pub fn arranged(self, criteria: &[(CriterionId, String)]) -> Result<Self, FieldErrors> {
        let mut wrong = FieldErrors::new();
        if self.price.total() > Money::MAX {
            wrong.add(
                "price",
                "too_large",
                format!("must be at most {} a week in its four lines", Money::MAX.pounds()),
            );
        }
        let mut places: Vec<Option<Answer>> = vec![None; criteria.len()];
        for (n, answer) in self.answers.into_iter().enumerate() {
            let field = format!("answers[{n}].criterion_id");
            match criteria
                .iter()
                .position(|(criterion, _)| *criterion == answer.criterion_id)
            {
                None => wrong.add(field, "unknown_criterion", "must be a criterion of this request"),
                Some(at) if places[at].is_some() => wrong.add(field, "duplicate", "must be answered once"),
                Some(at) => places[at] = Some(answer),
            }
        }
        if wrong.is_empty() {
            Ok(Self {
                answers: places.into_iter().flatten().collect(),
                ..self
            })
        } else {
            Err(wrong)
        }
    }
}

/// Names what a bid still lacks before it can be submitted: a price, answers, and the matching statement.
pub fn missing(
    price: &PriceLines,
    answers: &[Answer],
    matching_statement: &str,
    criteria: &[(CriterionId, String)],
) -> FieldErrors {
    let mut missing = FieldErrors::new();
    if price.total() == Money::ZERO {
        missing.add("price", "required", "must have a price: its four lines are nothing");
    }
    for (n, (criterion, title)) in criteria.iter().enumerate() {
        let answered = answers
            .iter()
            .any(|answer| answer.criterion_id == *criterion && !answer.text.trim().is_empty());
        if !answered {
            missing.add(
                format!("answers[{n}].text"),
                "required",
                format!("must answer “{title}”"),
            );
        }
    }
    if matching_statement.trim().is_empty() {
        missing.add(
            "matching_statement",
            "required",
            "must say how the home meets this child's needs",
        );
    }
    missing
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn criterion(n: u128) -> CriterionId {
        Uuid::from_u128(n).into()
    }

    fn answer(n: u128, text: &str) -> Answer {
        Answer {
            criterion_id: criterion(n),
            text: text.to_owned(),
        }
    }

    fn criteria(titles: &[&str]) -> Vec<(CriterionId, String)> {
        (1..)
            .zip(titles)
            .map(|(n, title)| (criterion(n), (*title).to_owned()))
            .collect()
    }

    fn terms(price: PriceLines, answers: Vec<Answer>) -> Terms {
        let starts_on = "2026-03-09".parse().unwrap();
        Terms {
            starts_on,
            price,
            answers,
            matching_statement: String::new(),
        }
    }

    #[test]
    fn answers_come_in_the_order_of_the_criteria() {
        let terms = terms(PriceLines::default(), vec![answer(3, "c"), answer(1, "a")]);
        let arranged = terms.arranged(&criteria(&["A", "B", "C"])).unwrap();
        assert_eq!(arranged.answers, [answer(1, "a"), answer(3, "c")]);
    }

    #[test]
    fn what_can_not_be_is_named_all_at_once() {
        let price = PriceLines {
            core: Money::MAX,
            ..PriceLines::default()
        };
        assert!(terms(price, vec![]).arranged(&[]).is_ok());
        let price = PriceLines {
            other: "0.01".parse().unwrap(),
            ..price
        };
        let answers = vec![answer(1, "a"), answer(9, "x"), answer(1, "b")];
        let wrong = terms(price, answers).arranged(&criteria(&["A", "B"])).unwrap_err();
        let fields: Vec<_> = wrong.iter().map(|error| error.field.as_ref()).collect();
        assert_eq!(fields, ["price", "answers[1].criterion_id", "answers[2].criterion_id"]);
    }

    #[test]
    fn what_is_missing_is_named_all_at_once() {
        let criteria = criteria(&["Needs", "Education"]);
        let price = PriceLines {
            other: "0.01".parse().unwrap(),
            ..PriceLines::default()
        };
        assert!(missing(&price, &[answer(1, "a"), answer(2, "b")], "It does.", &criteria).is_empty());
        let lacking = missing(&PriceLines::default(), &[answer(1, " \n")], "\t", &criteria);
        let fields: Vec<_> = lacking.iter().map(|error| error.field.as_ref()).collect();
        assert_eq!(
            fields,
            ["price", "answers[0].text", "answers[1].text", "matching_statement"]
        );
    }
}

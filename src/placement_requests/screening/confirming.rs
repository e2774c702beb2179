//! Answering for hits: each stands in a field of something, and a person may let it stand with a reason.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{Hit, Identifier};
use crate::error::FieldErrors;

/// A hit in a named field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identified {
    /// The field, as in the body: `brief`, `criteria[0].guidance`.
    pub field: String,
    /// What was found, and where in it.
    pub hit: Hit,
}

/// A hit that a person lets stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    /// The field that the hit is in.
    #[schema(example = "brief")]
    pub field: String,
    /// What it was taken for.
    pub kind: Identifier,
    /// Its first character, counted from 0.
    #[schema(example = 14)]
    pub start: usize,
    /// The character after its last.
    #[schema(example = 26)]
    pub end: usize,
    /// Why it may stand.
    #[validate(length(min = 1, max = 500), custom(function = "crate::values::text::line"))]
    #[schema(example = "The number of the authority's duty desk.")]
    pub reason: String,
}

impl Confirmation {
    fn answers(&self, found: &Identified) -> bool {
        self.field == found.field
            && self.kind == found.hit.kind
            && (self.start, self.end) == (found.hit.start, found.hit.end)
    }
}

impl Identified {
    /// Names each in a problem: its field, its kind as the code, its place in words.
    pub fn name_all(found: &[Self], errors: &mut FieldErrors) {
        for Self { field, hit } in found {
            let message = format!(
                "must not have what reads as {} (characters {} to {})",
                hit.kind.label(),
                hit.start,
                hit.end
            );
            errors.add(field.clone(), hit.kind.code(), message);
        }
    }

    /// Those that nobody answers for.
    ///
    /// # Errors
    /// A confirmation of something that isn't there: the text has changed since it was read.
    pub fn unanswered(found: Vec<Self>, confirmations: &[Confirmation]) -> Result<Vec<Self>, FieldErrors> {
        let mut errors = FieldErrors::new();
        for (position, confirmation) in confirmations.iter().enumerate() {
            if !found.iter().any(|found| confirmation.answers(found)) {
                errors.add(
                    format!("confirmations[{position}]"),
                    "screening.no_such_hit",
                    "confirms what is not in the text",
                );
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(found
            .into_iter()
            .filter(|found| !confirmations.iter().any(|confirmation| confirmation.answers(found)))
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hit_is_answered_for_where_it_stands() {
        let found = |start| Identified {
            field: "brief".to_owned(),
            hit: Hit {
                kind: Identifier::Phone,
                start,
                end: start + 12,
            },
        };
        let confirm = |start, kind| Confirmation {
            field: "brief".to_owned(),
            kind,
            start,
            end: start + 12,
            reason: "Duty desk".to_owned(),
        };
        let both = || vec![found(0), found(20)];
        assert_eq!(Identified::unanswered(both(), &[]), Ok(both()));
        assert_eq!(
            Identified::unanswered(both(), &[confirm(20, Identifier::Phone)]),
            Ok(vec![found(0)])
        );
        for wrong in [confirm(1, Identifier::Phone), confirm(0, Identifier::Name)] {
            let errors = Identified::unanswered(both(), &[confirm(0, Identifier::Phone), wrong]).unwrap_err();
            assert!(errors.names("confirmations[1]"));
        }
    }
}

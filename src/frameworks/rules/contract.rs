//! Contract versions: the terms of every placement under a framework, never edited once published.

use chrono::NaiveDate;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use validator::Validate;

use crate::clock::Instant;
use crate::ids::{ContractVersionId, FrameworkId, PersonId};

/// A published version of a framework's contract. Its text, which may be long, is read apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractVersion {
    /// Its id.
    pub id: ContractVersionId,
    /// The framework whose contract it is.
    pub framework_id: FrameworkId,
    /// Counts up from 1 within the framework.
    pub number: i32,
    /// Its title.
    pub title: String,
    /// The SHA-256 of the bytes of the text, in lower-case hex.
    pub sha256: String,
    /// The first day on which it is in force.
    pub effective_on: NaiveDate,
    /// Who published it.
    pub published_by: PersonId,
    /// When it was published.
    pub published_at: Instant,
}

/// A contract version to be published.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContractVersion {
    /// Its title.
    #[validate(length(max = 200), custom(function = "crate::values::text::line"))]
    #[schema(min_length = 1, max_length = 200, example = "Regional contract")]
    pub title: String,
    /// The terms, kept byte for byte.
    #[validate(length(max = 200_000), custom(function = "crate::values::text::prose"))]
    #[schema(min_length = 1, max_length = 200_000, example = "# Terms\n\nThe same for everybody.")]
    pub text: String,
    /// The first day on which it is in force; it may lie in the past.
    #[validate(custom(function = "crate::values::checks::day"))]
    pub effective_on: NaiveDate,
}

/// The SHA-256 of a text's bytes, in lower-case hex.
pub fn sha256_of(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_that_of_the_very_bytes() {
        assert_eq!(
            sha256_of(""),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert_ne!(sha256_of("a\n"), sha256_of("a\r\n"));
    }
}

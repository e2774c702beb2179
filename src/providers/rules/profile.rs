//! What a provider says of itself, once for every cooperative.

use serde::Deserialize;
use url::Url;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::Insurance;
use crate::ids::OrganisationId;
use crate::values::{CharityNumber, CompanyNumber};

/// A provider as every cooperative sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderProfile {
    /// The provider.
    pub provider_id: OrganisationId,
    /// Its name, as it registered.
    pub name: String,
    /// Its number at Companies House.
    pub company_number: Option<CompanyNumber>,
    /// Its number at the Charity Commission.
    pub charity_number: Option<CharityNumber>,
    /// What it says of itself.
    pub about: Option<String>,
    /// Where it shows itself.
    pub website: Option<String>,
    /// Where it answers calls.
    pub telephone: Option<String>,
    /// Its insurance, as told last.
    pub insurance: Option<Insurance>,
    /// Counts its changes.
    pub version: i64,
}

/// What a provider may change of its profile; null takes a field away.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProfileChanges {
    /// What it says of itself.
    #[serde(deserialize_with = "crate::values::given")]
    #[validate(length(max = 5000), custom(function = "crate::values::text::prose"))]
    #[schema(min_length = 1, max_length = 5000, value_type = Option<String>)]
    pub about: Option<Option<String>>,
    /// Where it shows itself.
    #[serde(deserialize_with = "crate::values::given")]
    #[validate(length(min = 1, max = 200), custom(function = "web_address"))]
    #[schema(min_length = 1, max_length = 200, value_type = Option<String>, example = "https://acorn.example")]
    pub website: Option<Option<String>>,
    /// Where it answers calls.
    #[serde(deserialize_with = "crate::values::given")]
    #[validate(length(min = 5, max = 30), custom(function = "telephone_number"))]
    #[schema(min_length = 5, max_length = 30, value_type = Option<String>, example = "01632 960123")]
    pub telephone: Option<Option<String>>,
}

fn web_address(text: &str) -> Result<(), ValidationError> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "https" | "http") && url.has_host() => Ok(()),
        _ => Err(ValidationError::new("website.invalid").with_message("must look like https://acorn.example".into())),
    }
}

fn telephone_number(text: &str) -> Result<(), ValidationError> {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if (5..=15).contains(&digits) && text.chars().all(|c| c.is_ascii_digit() || " +()-".contains(c)) {
        Ok(())
    } else {
        Err(ValidationError::new("telephone.invalid").with_message("must be a telephone number".into()))
    }
}

impl ProviderProfile {
    /// The profile with these changes.
    #[must_use]
    pub fn changed(self, changes: ProfileChanges) -> Self {
        Self {
            about: changes.about.unwrap_or(self.about),
            website: changes.website.unwrap_or(self.website),
            telephone: changes.telephone.unwrap_or(self.telephone),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn websites_and_telephones() {
        for (text, fine) in [
            ("https://acorn.example/homes", true),
            ("acorn.example", false),
            ("javascript:alert(1)", false),
            ("ftp://acorn.example", false),
        ] {
            assert_eq!(web_address(text).is_ok(), fine, "{text}");
        }
        for (text, fine) in [("+44 (0)1632 960-123", true), ("999", false), ("call us", false)] {
            assert_eq!(telephone_number(text).is_ok(), fine, "{text}");
        }
    }

    #[test]
    fn a_field_is_left_set_or_taken_away() {
        let changes: ProfileChanges = serde_json::from_str(r#"{"about":null,"telephone":"01632 960123"}"#).unwrap();
        assert!(changes.validate().is_ok());
        assert_eq!(changes.about, Some(None));
        assert_eq!(changes.website, None);
        assert_eq!(changes.telephone, Some(Some("01632 960123".into())));
        let wrong: ProfileChanges = serde_json::from_str(r#"{"website":"acorn"}"#).unwrap();
        assert!(wrong.validate().is_err());
    }
}

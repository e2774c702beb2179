//! Quality standards: what an applicant must show.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::ids::{FrameworkId, StandardId};
use crate::values::{Code, PlacementType, QualityStandard, SupportedAccommodationStandard, codes};

codes! {
    /// Of whom a standard asks.
    pub enum StandardScope {
        Provider("provider", "The provider"),
        Home("home", "Each home"),
    }

    /// How it is shown that a standard is met.
    pub enum Evidence {
        Statement("statement", "A statement"),
        Document("document", "A document, named in the statement"),
    }
}

/// A quality standard of a framework.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standard {
    /// Its id.
    pub id: StandardId,
    /// The framework that asks it.
    pub framework_id: FrameworkId,
    /// Its code, unique in the framework.
    pub code: String,
    /// Its title.
    pub title: String,
    /// What must be shown.
    pub requirement: String,
    /// Of whom it asks.
    pub applies_to: StandardScope,
    /// How it is shown.
    pub evidence: Evidence,
    /// Whether an application without an answer to it is refused.
    pub mandatory: bool,
    /// Counts its changes.
    pub version: i64,
}

/// A quality standard to be added.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStandard {
    /// Its code, unique in the framework.
    #[validate(length(max = 20), custom(function = "crate::values::text::line"))]
    #[schema(min_length = 1, max_length = 20, example = "QS7")]
    pub code: String,
    /// Its title.
    #[validate(length(max = 200), custom(function = "crate::values::text::line"))]
    #[schema(min_length = 1, max_length = 200, example = "The protection of children")]
    pub title: String,
    /// What must be shown.
    #[validate(length(max = 5000), custom(function = "crate::values::text::prose"))]
    #[schema(min_length = 1, max_length = 5000, example = "Say how children are kept safe.")]
    pub requirement: String,
    /// Of whom it asks.
    pub applies_to: StandardScope,
    /// How it is shown.
    pub evidence: Evidence,
    /// Whether an application without an answer to it is refused.
    pub mandatory: bool,
}

/// What may be changed of a standard, while the framework is a draft.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StandardChanges {
    /// Its code.
    #[validate(length(max = 20), custom(function = "crate::values::text::line"))]
    #[schema(min_length = 1, max_length = 20)]
    pub code: Option<String>,
    /// Its title.
    #[validate(length(max = 200), custom(function = "crate::values::text::line"))]
    #[schema(min_length = 1, max_length = 200)]
    pub title: Option<String>,
    /// What must be shown.
    #[validate(length(max = 5000), custom(function = "crate::values::text::prose"))]
    #[schema(min_length = 1, max_length = 5000)]
    pub requirement: Option<String>,
    /// Of whom it asks.
    pub applies_to: Option<StandardScope>,
    /// How it is shown.
    pub evidence: Option<Evidence>,
    /// Whether an application without an answer to it is refused.
    pub mandatory: Option<bool>,
}

impl NewStandard {
    /// The standard that it makes.
    pub fn standard(self, id: StandardId, framework_id: FrameworkId) -> Standard {
        Standard {
            id,
            framework_id,
            code: self.code,
            title: self.title,
            requirement: self.requirement,
            applies_to: self.applies_to,
            evidence: self.evidence,
            mandatory: self.mandatory,
            version: 1,
        }
    }
}

impl Standard {
    /// The standard with these changes.
    #[must_use]
    pub fn changed(self, changes: StandardChanges) -> Self {
        Self {
            code: changes.code.unwrap_or(self.code),
            title: changes.title.unwrap_or(self.title),
            requirement: changes.requirement.unwrap_or(self.requirement),
            applies_to: changes.applies_to.unwrap_or(self.applies_to),
            evidence: changes.evidence.unwrap_or(self.evidence),
            mandatory: changes.mandatory.unwrap_or(self.mandatory),
            ..self
        }
    }
}

/// A standard of the regulations, which a framework may take over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct OfferedStandard {
    /// Its code.
    #[schema(example = "QS7")]
    pub code: &'static str,
    /// Its title.
    #[schema(example = "The protection of children standard (reg 12)")]
    pub title: &'static str,
    /// The placement type whose frameworks start from it.
    pub placement_type: PlacementType,
    /// Where it comes from.
    #[schema(example = "Children's Homes (England) Regulations 2015, SI 2015/541")]
    pub source: &'static str,
}

/// The standards of the regulations: nine of children's homes, four of supported accommodation. None is forced on a framework.
pub fn offered_standards() -> Vec<OfferedStandard> {
    fn of<T: Code>(placement_type: PlacementType, source: &'static str) -> impl Iterator<Item = OfferedStandard> {
        T::ALL.iter().map(move |standard| OfferedStandard {
            code: standard.code(),
            title: standard.label(),
            placement_type,
            source,
        })
    }
    of::<QualityStandard>(
        PlacementType::Residential,
        "Children's Homes (England) Regulations 2015, SI 2015/541",
    )
    .chain(of::<SupportedAccommodationStandard>(
        PlacementType::SupportedAccommodation,
        "Supported Accommodation (England) Regulations 2023, SI 2023/416",
    ))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirteen_standards_are_offered() {
        let codes: Vec<_> = offered_standards().iter().map(|standard| standard.code).collect();
        assert_eq!(codes.join(" "), "QS1 QS2 QS3 QS4 QS5 QS6 QS7 QS8 QS9 SA1 SA2 SA3 SA4");
    }
}

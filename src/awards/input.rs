//! What people send.

use super::rules::{ApprovalKind, DIRECT_ROUTES};
use crate::ids::{BidId, HomeId, PlacementRequestId};
use crate::values::{OutOfAreaReason, PriceLines, ProcurementRoute};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// The bid that is chosen.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAward {
    /// A compliant bid of the request.
    pub bid_id: BidId,
    /// Why this one; required when it isn't alone at the first rank. In a tie it says how the tie was broken, and is told to the bidders.
    #[validate(length(min = 1, max = 2000), custom(function = "crate::values::text::prose"))]
    #[schema(example = "The only home near her school.")]
    pub reason: Option<String>,
    /// What the chosen bid offers, told to the other bidders: nothing about the child.
    #[validate(length(min = 1, max = 2000), custom(function = "crate::values::text::prose"))]
    #[schema(example = "A teacher on the staff, and therapy in the house.")]
    pub characteristics: Option<String>,
    /// Why the child should live outside the authority's area, where the home lies outside.
    pub out_of_area_reason: Option<OutOfAreaReason>,
}

/// An award without a competition.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDirectAward {
    /// The request it answers: a draft, or one whose competition brought nothing.
    pub placement_request_id: PlacementRequestId,
    /// The home.
    pub home_id: HomeId,
    /// The route that allows it: a direct award's, or `spot`.
    #[validate(custom(function = "direct"))]
    pub procurement_route: ProcurementRoute,
    /// The ground of the route, and why this home.
    #[validate(length(min = 1, max = 2000), custom(function = "crate::values::text::prose"))]
    #[schema(example = "Needed tonight; the only home with a place.")]
    pub reason: String,
    /// The weekly price agreed with the provider.
    #[validate(custom(function = "crate::values::checks::costs_something"))]
    pub price: PriceLines,
    /// The first day; the request's when absent.
    #[validate(custom(function = "crate::values::checks::day"))]
    pub starts_on: Option<NaiveDate>,
    /// Why the child should live outside the authority's area, where the home lies outside.
    pub out_of_area_reason: Option<OutOfAreaReason>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the validator passes every field so")]
fn direct(route: &ProcurementRoute) -> Result<(), ValidationError> {
    if DIRECT_ROUTES.contains(route) {
        Ok(())
    } else {
        Err(ValidationError::new("award.route_not_direct")
            .with_message("must be a direct award's route, or spot".into()))
    }
}

/// An approver's yes.
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Approving {
    /// The kind of approval that is given; all that are waited for when absent.
    pub kind: Option<ApprovalKind>,
    /// Why.
    #[validate(length(min = 1, max = 2000), custom(function = "crate::values::text::prose"))]
    #[schema(example = "No closer home fits.")]
    pub reason: Option<String>,
}

/// An approver's no.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refusing {
    /// The kind of approval that is denied; all that are waited for when absent.
    pub kind: Option<ApprovalKind>,
    /// Why.
    #[validate(length(min = 1, max = 2000), custom(function = "crate::values::text::prose"))]
    #[schema(example = "A closer home fits as well.")]
    pub reason: String,
}

/// Why an award is withdrawn or declined.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Ending {
    /// Why.
    #[validate(length(min = 1, max = 2000), custom(function = "crate::values::text::prose"))]
    #[schema(example = "The place was needed for a child already known to the home.")]
    pub reason: String,
}

/// That something due is done.
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Doing {
    /// How, to whom.
    #[validate(length(min = 1, max = 2000), custom(function = "crate::values::text::prose"))]
    #[schema(example = "Told by secure email.")]
    pub note: Option<String>,
}

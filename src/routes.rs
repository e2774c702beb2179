//! Every route of the program. Each slice registers its own; the document comes from the same registration.

use crate::web::{Access, Routes};
use std::collections::HashMap;

/// All operations of the API, slice by slice.
pub fn api() -> Routes {
    let mut r = Routes::default();
    crate::accounts::routes(&mut r);
    // Frameworks, lots, standards, contract versions.
    crate::frameworks::routes(&mut r);
    // Applications and admissions.
    crate::providers::routes(&mut r);
    // Homes and inspections.
    crate::homes::routes(&mut r);
    // Places and prices.
    crate::vacancies::routes(&mut r);
    // Requests, questions.
    crate::placement_requests::routes(&mut r);
    // Matches, publishing, invitations.
    crate::matching::routes(&mut r);
    // Sealed bids, declines, opening.
    crate::bids::routes(&mut r);
    // Scores and ranking.
    crate::evaluation::routes(&mut r);
    // Awards, approvals, letters.
    crate::awards::routes(&mut r);
    // Agreements, starts, ends.
    crate::placements::routes(&mut r);
    // Notifications and mails.
    crate::notifications::routes(&mut r);
    r
}

/// What each operation asks of its caller, by verb and full path pattern.
pub fn access(routes: &Routes) -> HashMap<(String, String), Access> {
    routes
        .operations
        .iter()
        .map(|operation| {
            (
                (operation.method.to_string(), format!("{BASE}{}", operation.path)),
                operation.access,
            )
        })
        .collect()
}

/// Where the API stands.
pub const BASE: &str = "/api/v1";

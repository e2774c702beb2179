//! Every route of the program. Each slice registers its own; the document comes from the same registration.

use crate::access::{Actor, Role};
use crate::web::pages::NavLink;
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

/// All pages, slice by slice.
pub fn pages() -> Routes {
    let mut r = Routes::default();
    crate::accounts::pages(&mut r);
    // Frameworks, lots, standards, contract versions.
    crate::frameworks::pages(&mut r);
    // Providers, applications, admissions; a framework as a provider stands towards it.
    crate::providers::pages(&mut r);
    // Homes and inspections.
    crate::homes::pages(&mut r);
    // A home with its places and prices.
    crate::vacancies::pages(&mut r);
    // A draft task by task, deadlines, questions.
    crate::placement_requests::pages(&mut r);
    // Publishing, the homes that fit, who was invited.
    crate::matching::pages(&mut r);
    // The opening, bids side by side.
    crate::bids::pages(&mut r);
    // Scores, moderation, the ranking sheet.
    crate::evaluation::pages(&mut r);
    // Choosing, approvals, letters, what is due.
    crate::awards::pages(&mut r);
    // The register, the agreement, starts, ends, variations.
    crate::placements::pages(&mut r);
    // Notifications, alerts and mails.
    crate::notifications::pages(&mut r);
    // Last, as it has `{id}` where slices have names: home pages, requests from both sides, and what is for everybody.
    crate::dashboard::pages(&mut r);
    r
}

/// What each operation and page asks of its caller, by verb and full path pattern.
pub fn access() -> HashMap<(String, String), Access> {
    let (api, pages) = (api(), pages());
    let both = [(BASE, &api), ("", &pages)].into_iter();
    both.flat_map(|(base, routes)| routes.operations.iter().map(move |operation| (base, operation)))
        .map(|(base, operation)| {
            let path = format!("{base}{}", operation.path);
            ((operation.method.to_string(), path), operation.access)
        })
        .collect()
}

/// The links at the head of a person's pages: what their role works with.
pub fn navigation(actor: &Actor) -> &'static [NavLink] {
    macro_rules! links {
        ($($path:literal: $label:literal),* $(,)?) => { &[$(NavLink { path: $path, label: $label }),*] };
    }
    match actor.role {
        Role::ProviderAdmin | Role::Bidder => links! {
            "/": "Home", "/placement-requests": "Requests", "/bids": "Bids", "/awards": "Awards", "/placements": "Placements",
            "/homes": "Homes", "/applications": "Applications", "/frameworks": "Frameworks", "/notifications": "Notifications", "/people": "People",
        },
        Role::Commissioner => links! {
            "/": "Home", "/placement-requests": "Requests", "/awards": "Awards", "/due-items": "Things due", "/placements": "Placements",
            "/homes": "Homes", "/providers": "Providers", "/frameworks": "Frameworks", "/notifications": "Notifications", "/people": "People",
        },
        Role::Approver => links! {
            "/": "Home", "/awards": "Awards", "/due-items": "Things due", "/placement-requests": "Requests", "/placements": "Placements",
            "/providers": "Providers", "/frameworks": "Frameworks", "/notifications": "Notifications", "/people": "People",
        },
        Role::Operator => links! {
            "/": "Home", "/applications": "Applications", "/admissions": "Admissions", "/placement-requests": "Requests",
            "/frameworks": "Frameworks", "/providers": "Providers", "/homes": "Homes", "/authorities": "Authorities", "/mails": "Mails", "/audit": "Audit", "/people": "People", "/notifications": "Notifications",
        },
        Role::Auditor => links! {
            "/": "Home", "/frameworks": "Frameworks", "/providers": "Providers", "/homes": "Homes", "/placements": "Placements",
            "/audit": "Audit", "/notifications": "Notifications",
        },
    }
}

/// Where the API stands.
pub const BASE: &str = "/api/v1";

//! Accounts over HTTP.

mod audit_events;
pub(super) mod auth;
pub(super) mod credentials;
mod organisations;
mod people;

use crate::web::Routes;

/// The slice's operations.
pub fn routes(r: &mut Routes) {
    r.tag("accounts", "Organisations, people, and how they sign in.");
    auth::routes(r);
    people::routes(r);
    organisations::routes(r);
    r.tag("audit", "Who did what, on what, when and from where.");
    audit_events::routes(r);
}

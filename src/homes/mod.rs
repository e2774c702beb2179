//! Homes: registered services with their Statement of Purpose, their confidential address and their inspections.
//!
//! A home is `active ⇄ closed`. Its grade is that of its newest inspection.
//!
//! # Invariants
//! - A URN is registered once.
//! - The address is shown to the provider, the operators and the authorities that have awarded a place there; everybody else
//!   sees the postcode district and the local authority ([`rules::Home::sight_of`]).
//! - Open and taken places together never pass the registered ones. Both are counted on the home's row, which whoever changes
//!   them locks ([`store::lock`]); a CHECK of the database says so too.

pub mod actions;
pub mod api;
mod pages;
pub mod rules;
pub mod store;

pub use api::routes;
pub(crate) use pages::grade_tag;
pub use pages::routes as pages;
pub use rules::{Home, HomeFacts};

//! Matching: which homes fit a placement request and why; publishing, which invites by it.
//!
//! # Invariants
//! - A home that doesn't fit says every hard reason; one that fits says what ranks it, and the points add up.
//! - The order is total and depends on the facts alone; see [`rules`] for its formula.
//! - Who was invited, why and by which rank is kept as it stood at publication; so is who of it first looked, and when.
//! - Matching advises. It never keeps a provider that is admitted from seeing a request.

pub mod actions;
pub mod api;
pub mod pages;
pub mod rules;
pub mod store;

pub use api::routes;
pub use pages::routes as pages;

//! Vacancies and prices: the places that a home has free, and what it costs in a lot.
//!
//! A vacancy is `open ⇄ filled`, and `open → closed`. A confirmation is fresh for seven days; then the vacancy is stale: derived
//! from the instant of the last confirmation, never stored.
//!
//! # Invariants
//! - Places open across a home's vacancies never exceed its registered places less those taken.
//! - A place is taken once, whoever asks at the same time: whoever takes, gives back, opens or closes has locked the home's row.
//! - Prices are never rewritten. A later price has a later date.

pub mod actions;
pub mod api;
mod pages;
pub mod rules;
pub mod store;

pub use api::routes;
pub use pages::routes as pages;
pub use rules::{Availability, PlacesWanted, Price, Vacancy};

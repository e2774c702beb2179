//! The placement: the agreement made when a provider accepts an award, its start and its end, and the terms it runs on.
//!
//! ```text
//!  (award accepted) ──▶ agreed ──start──▶ started ──end──▶ ended
//!                         └─────────────end (never began)──▶
//! ```
//!
//! Invariants:
//! - A placement comes from one accepted award, and is tied to one registration number.
//! - Its terms are never rewritten: a variation is a new set of terms with a later day and a reason.
//! - Its places are taken from the award's confirmation until it ends.

pub mod actions;
pub mod agreement;
pub mod api;
pub mod input;
pub mod pages;
pub mod rules;
pub mod store;
pub mod views;

pub use api::routes;
pub use pages::routes as pages;
pub use rules::{Placement, PlacementRefused, PlacementState};

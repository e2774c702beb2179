//! Frameworks: what a cooperative sets up for its members to buy from. Lots, quality standards, contract versions, policy.
//!
//! ```text
//! draft --open--> open --close--> closed
//!                 |  ^               ^
//!           suspend  resume          |
//!                 v  |               |
//!               suspended ---close---+
//! ```
//!
//! # Invariants
//! - A draft is its cooperative's own affair; from opening on the cooperative's members and every provider may read it.
//! - What providers were admitted to (reference, route, start of the term, kinds of homes of a lot) is fixed once the framework
//!   has opened; a standard may still be added then, for applications submitted from then on, but not changed.
//! - A contract version is never edited; its SHA-256 is that of the very bytes of its text.

pub mod actions;
pub mod api;
pub mod pages;
pub mod rules;
pub mod store;

pub use api::routes;
pub use pages::routes as pages;
pub use rules::{ContractVersion, Framework, FrameworkRefused, FrameworkState, Lot, Policy, Standard};

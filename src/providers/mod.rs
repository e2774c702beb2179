//! Providers: their profiles, told once for every cooperative, their applications to frameworks, their admissions to lots.
//!
//! ```text
//! application:  draft --submit--> submitted --decide--> decided       each lot: admitted | rejected
//!                  \                 |   ^
//!                withdraw       return   submit
//!                     \              v   |
//!                      withdrawn <-- returned
//!
//! admission:    admitted <--suspend / reinstate--> suspended          leave, remove: over
//! ```
//!
//! # Invariants
//! - A provider has one application under way to a framework, and one live admission to a lot.
//! - Nobody is admitted whose answer to a mandatory standard is found not to meet it; a changed answer is judged anew.
//! - Submitting needs everything that the framework asks, and names everything that is missing at once.
//! - A suspension's end and the expiry of insurance count by time alone; no job has to run.

pub mod actions;
pub mod api;
pub mod pages;
pub mod rules;
pub mod store;

pub use api::routes;
pub use pages::routes as pages;
pub use rules::{Admission, Application, ApplicationRefused, Standing};

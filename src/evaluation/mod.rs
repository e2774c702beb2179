//! Scores, moderation and ranking of opened bids.
//!
//! Each evaluator declares to have no conflict of interest and scores 0 to 5 on each criterion, with a reason. A criterion that
//! more than one person scored is settled by a moderated score. From that the ranking sheet follows by pure arithmetic
//! ([`rules`]): nothing of it is stored, so it can't disagree with the scores.

pub mod actions;
pub mod api;
pub mod pages;
pub mod rules;
pub mod store;

pub use api::routes;
pub use pages::routes as pages;
pub use rules::{EvaluationRefused, RankedBid, Sheet};

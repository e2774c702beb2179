//! The award: the decision to place with one home, who must approve it, the time it stands still, and the letters.
//!
//! ```text
//!  proposed ──approve──▶ approved ──(stands still)──▶ confirm ──▶ confirmed ──accept──▶ accepted (a placement)
//!     │  │                  │                                        └──────decline──▶ declined (the next may be chosen)
//!     │  └─refuse─▶ refused └──withdraw──▶ withdrawn
//!     └────withdraw──▶ withdrawn
//! ```
//!
//! Invariants:
//! - A request has one award at most that is neither refused, withdrawn nor declined.
//! - A request doesn't end as long as an award of it stands.
//! - Nothing is confirmed without every approval it needs, nor before its standstill is over.
//! - Confirming takes the place in the same transaction: of two who confirm the last place at once, one succeeds.
//! - Whoever proposes an award doesn't approve it.
//! - A letter is kept as it was sent.

pub mod actions;
pub mod api;
pub mod input;
pub mod letters;
pub mod pages;
pub mod rules;
pub mod store;
pub mod telling;
pub mod views;

pub use api::routes;
pub use pages::routes as pages;
pub use rules::{Award, AwardRefused, AwardState, AwardStatus};

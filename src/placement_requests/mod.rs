//! Placement requests: the mini-competition that an authority runs to find a home for one child.
//!
//! ```text
//! draft --publish--> open --bids_close_at--> closed --open bids--> opened --award--> awarded --start--> completed
//!   |                 |                        |                     |
//!   +----withdraw-----+----------withdraw------+------withdraw-------+        closed, opened --mark unfilled--> unfilled
//! ```
//!
//! # Invariants
//! - Open and closed are never stored: bidding is closed when `bids_close_at <= now`, whatever a job did or didn't do.
//! - A draft is its authority's own affair. Once published the providers admitted to the lot read stage 1: never the full postcode,
//!   the point that distances are measured from, or the names that the screening looks for; those lie encrypted.
//! - A deadline is put later, never earlier. Nothing else of a published request changes.
//! - What providers read was screened for what identifies the child; what was let stand has a name and a reason.
//! - Who asked a question is shown to nobody.

pub mod actions;
pub mod api;
pub mod confidential;
pub mod pages;
pub mod rules;
pub mod screening;
pub mod store;

pub use api::routes;
pub use confidential::ConfidentialKey;
pub use pages::routes as pages;
pub use rules::{Phase, PlacementRequest, RequestRefused, RequestState};

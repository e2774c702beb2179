//! Sealed bids, their receipts, declines, and the one act of opening.
//!
//! ```text
//! draft ──submit──▶ submitted ──open──▶ opened ──▶ compliant ──▶ successful | unsuccessful
//!   │                │  ▲ │                └─────▶ non_compliant(reason)
//!   └──withdraw──▶ withdrawn
//!                       └─┘ saved again: a new sealed version, which counts once it is submitted
//! ```
//!
//! # Invariants
//! 1. From the first saved draft to the opening a bid's content is ciphertext at rest ([`seal`]): no column, audit entry,
//!    event, log line or stored answer holds a price, an answer or a statement in plain.
//! 2. A version that was submitted is never changed. A submitted bid that is edited gets a new version, and counts as it was
//!    submitted until that version is submitted in its turn.
//! 3. Whether a bid comes in time is decided by the transaction's instant while it holds the row of its placement request,
//!    which the opening holds too.
//! 4. The receipt's SHA-256 is that of the very bytes that are opened and scored ([`content`]).
//! 5. One live bid a request and home. Drafts are never opened.
//! 6. A bid takes a decline for its home back at the opening, not before: until then nobody sees from the declines who bids.

pub mod actions;
pub mod api;
pub mod content;
pub mod pages;
pub mod rules;
pub mod seal;
pub mod store;

pub use api::routes;
pub use pages::routes as pages;
pub use rules::{Bid, BidRefused, BidState, OpeningRefused};

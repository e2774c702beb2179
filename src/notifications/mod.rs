//! What happened → who must know → in the product and by email.
//!
//! ```text
//! event (written with the change) → [one transaction] → a notification and a mail for each person
//! mail: queued → sending → sent          held → digested (told in a daily digest)
//!          ↑         ↓ failed            given_up → queued (an operator sends it again)
//!          └──── waits ──→ given_up
//! ```
//!
//! # Invariants
//! 1. A person is told of an event once: notifications and mails are unique by event and person, and are written in the
//!    transaction that marks the event as told.
//! 2. A mail says where and when, never what somebody wrote: [`rules::Story`] has no place for free text.
//! 3. No transaction is open while a mail is on its way.
//! 4. Who did something is not told of it, but for what proves it: receipts, and the agreement of a placement.

pub mod actions;
mod api;
mod pages;
pub mod rules;
pub mod store;
pub mod templates;

pub use api::routes;
pub use pages::routes as pages;

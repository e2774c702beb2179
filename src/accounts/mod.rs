//! Organisations, people, and how they sign in.
//!
//! ```text
//! person:  invited ──join by mailed link──▶ active ⇄ deactivated
//! session: live ──sign out, password change, token reused, deactivated──▶ ended
//! ```
//!
//! # Invariants
//! - A password is kept as an argon2id hash, a link or refresh token as its SHA-256; the token of a link is mailed, and until then lies
//!   encrypted in the event that asks for the mail.
//! - A refresh token is good once. Used again it ends its whole session: one of the two users is not who they say.
//! - Failed sign-ins slow down the address they come from for that account, never the account for everybody.

pub(crate) mod actions;
mod api;
mod keeper;
mod pages;
pub mod passwords;
pub mod rules;
pub mod store;
pub mod tokens;

pub use actions::{create_operator, issue_link, purge, seal_token, unseal_token, use_link};
pub use api::routes;
pub use keeper::Keeper;
pub use pages::routes as pages;
pub use rules::{Contact, LinkPurpose, Organisation, Person};

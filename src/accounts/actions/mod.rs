//! What is done with accounts.

mod links;
mod organisations;
mod people;
mod signing_in;

pub use links::{issue_link, seal_token, unseal_token, use_link};
pub use organisations::create_operator;
pub(crate) use organisations::{add_authority, register_provider};
pub(crate) use people::{deactivate, invite, invite_again, reactivate};
pub(crate) use signing_in::{
    SignedIn, TOKEN_REUSED, candidate, count_failure, end_own_session, end_reused, join, link_owner, refresh,
    renewable, request_reset, reset_password, sign_in, sign_out,
};

use super::store;
use crate::clock::Instant;
use crate::db::Tx;
use crate::error::Result;
use chrono::Duration;

/// Forgets attempts and links that no longer matter.
pub fn purge(tx: &mut Tx<'_>) -> Result<()> {
    let moment: Instant = tx.now.minus(Duration::days(30));
    store::forget_before(tx, moment)
}

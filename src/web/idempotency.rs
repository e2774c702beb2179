//! `Idempotency-Key`: the first answer again, for 24 hours.
//!
//! The key is taken and the answer kept in the transaction of the change itself. So two posts at once wait for each other, a
//! crash leaves either both or neither, and a refused call leaves the key free. Answers are kept encrypted: some carry tokens,
//! some a bid that is still sealed.

use super::{Answer, store};
use crate::access::envelope;
use crate::config::SecretKey;
use crate::db::Tx;
use crate::error::{Error, Result, refusals};
use chrono::Duration;

refusals! {
    /// Why an idempotency key was refused.
    pub enum KeyRefused {
        /// The key came with something else before.
        Reused => (unprocessable, "idempotency.key_reused", "This Idempotency-Key came with another request before. Use a new key for a new request."),
    }
}

/// A key with what it came with.
#[derive(Debug, Clone)]
pub(super) struct Key {
    /// Whose key it is: keys of different people never meet.
    pub scope: String,
    pub text: String,
    /// Over method, path and body.
    pub digest: [u8; 32],
}

/// Does the work, unless the key has its answer already.
pub(super) fn once(
    tx: &mut Tx<'_>,
    secret: &SecretKey,
    key: Option<&Key>,
    work: &mut dyn FnMut(&mut Tx<'_>) -> Result<Answer>,
) -> Result<Answer> {
    let Some(key) = key else { return work(tx) };
    let sealing = secret.derive("idempotency-answers");
    let context = format!("{}\n{}", key.scope, key.text);
    if store::take_key(tx, &key.scope, &key.text, &key.digest)? {
        let answer = work(tx)?;
        let plain = serde_json::to_vec(&answer).map_err(Error::internal)?;
        store::keep(
            tx,
            &key.scope,
            &key.text,
            &envelope::seal(&sealing, context.as_bytes(), &plain)?,
        )?;
        return Ok(answer);
    }
    let (digest, sealed) = store::kept(tx, &key.scope, &key.text)?;
    if digest != key.digest {
        return Err(KeyRefused::Reused.into());
    }
    serde_json::from_slice(&envelope::open(&sealing, context.as_bytes(), &sealed)?).map_err(Error::internal)
}

/// Forgets answers older than 24 hours.
pub fn purge(tx: &mut Tx<'_>) -> Result<usize> {
    store::forget_before(tx, tx.now.minus(Duration::hours(24)))
}

//! Authenticated encryption of what must not lie readable in the database (XChaCha20-Poly1305, RustCrypto).
//!
//! A box is `nonce (24 bytes) ‖ ciphertext and tag`. The context (what it is, whose it is) is authenticated with it, so a box can't be
//! moved to another row.

use crate::error::{Error, Result};
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};

const NONCE: usize = 24;

/// Closes `plain` under `key`, bound to `context`.
pub fn seal(key: &[u8; 32], context: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
    let mut nonce = [0_u8; NONCE];
    getrandom::fill(&mut nonce).map_err(Error::internal)?;
    let sealed = XChaCha20Poly1305::new(key.into())
        .encrypt(
            XNonce::from_slice(&nonce),
            Payload {
                msg: plain,
                aad: context,
            },
        )
        .map_err(|_| Error::internal("a box could not be sealed"))?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// Opens a box that [`seal`] made with the same key and context. Any other box is an error, never a wrong answer.
pub fn open(key: &[u8; 32], context: &[u8], sealed: &[u8]) -> Result<Vec<u8>> {
    let (nonce, rest) = sealed
        .split_at_checked(NONCE)
        .ok_or_else(|| Error::internal("a sealed box is cut short"))?;
    XChaCha20Poly1305::new(key.into())
        .decrypt(
            XNonce::from_slice(nonce),
            Payload {
                msg: rest,
                aad: context,
            },
        )
        .map_err(|_| Error::internal("a sealed box does not open: another key, another place, or it was changed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_opens_only_with_its_key_and_in_its_place() {
        let sealed = seal(&[7; 32], b"here", b"secret").unwrap();
        assert_eq!(open(&[7; 32], b"here", &sealed).unwrap(), b"secret");
        assert!(open(&[8; 32], b"here", &sealed).is_err());
        assert!(open(&[7; 32], b"there", &sealed).is_err());
        assert!(open(&[7; 32], b"here", &sealed[..10]).is_err());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(open(&[7; 32], b"here", &changed).is_err(), "byte {at}");
        }
    }
}

//! The seal on a bid: authenticated encryption from its first saved draft until the opening.
//!
//! - Every placement request has one random 256-bit key. It is kept only wrapped, that is encrypted under a key derived
//!   from the server's secret for this purpose alone, with the request's id as associated data: a wrapped key copied to
//!   another request does not unwrap.
//! - Every saved version of a bid is encrypted under its request's key with a fresh random nonce and with the bid's id
//!   and the version's number as associated data: a content moved to another bid or version does not open.
//! - The content is filled up to a multiple of [`BLOCK`] before it is encrypted, so that the length of the ciphertext
//!   does not tell how many digits the price has.
//!
//! The cipher is XChaCha20-Poly1305 (the `chacha20poly1305` crate of `RustCrypto`); its 192-bit nonce may be drawn at
//! random for as many versions as there will ever be. What does not hold answers [`SealError`], loudly, and never
//! panics. Keys and opened contents are wiped from memory when they are dropped.
//!
//! Sealed bytes: one byte for the format (1), 24 bytes of nonce, then the ciphertext with its 16-byte tag.

use crate::error::Error;
use crate::ids::{BidId, PlacementRequestId};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use std::fmt;
use zeroize::Zeroizing;

/// The purpose for which the server's secret is derived into a [`ServerKey`].
pub const PURPOSE: &str = "bid-seal";
/// Contents are filled up to a multiple of this many bytes.
pub const BLOCK: usize = 1024;

/// The first byte of everything sealed; a later form gets another.
const FORMAT: u8 = 1;
const NONCE: usize = 24;
/// What ends the content and begins the filling (ISO/IEC 7816-4): one such byte, then zeros.
const FILL: u8 = 0x80;

/// Why a seal does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The bytes have no form that this program knows.
    #[error("the sealed bytes are in no known form")]
    Form,
    /// The cipher's tag does not fit.
    #[error("the seal does not hold: the key is another, or the bytes were changed or belong elsewhere")]
    Broken,
    /// The machine gave no random bytes.
    #[error("the machine has no random bytes to give")]
    NoRandomness,
}

impl From<SealError> for Error {
    fn from(cause: SealError) -> Self {
        Self::internal(cause)
    }
}

/// Random bytes from the operating system.
pub fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>, SealError> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(bytes.as_mut_slice()).map_err(|_| SealError::NoRandomness)?;
    Ok(bytes)
}

/// The key under which the server keeps the keys of its placement requests.
#[derive(Clone)]
pub struct ServerKey(Zeroizing<[u8; 32]>);

impl ServerKey {
    /// The key, from the server's secret derived for [`PURPOSE`].
    pub fn new(derived: [u8; 32]) -> Self {
        Self(Zeroizing::new(derived))
    }
}

impl fmt::Debug for ServerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServerKey(…)")
    }
}

/// The key of one placement request.
pub struct RequestKey(Zeroizing<[u8; 32]>);

impl fmt::Debug for RequestKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RequestKey(…)")
    }
}

impl RequestKey {
    /// A fresh random key.
    pub fn generate() -> Result<Self, SealError> {
        random().map(Self)
    }

    /// The key as it may be stored.
    pub fn wrap(&self, server: &ServerKey, request: PlacementRequestId) -> Result<Vec<u8>, SealError> {
        encrypt(&server.0, self.0.as_slice(), &of_request(request))
    }

    /// The key back from what was stored.
    pub fn unwrap(wrapped: &[u8], server: &ServerKey, request: PlacementRequestId) -> Result<Self, SealError> {
        let bytes = decrypt(&server.0, wrapped, &of_request(request))?;
        let key: [u8; 32] = bytes.as_slice().try_into().map_err(|_| SealError::Form)?;
        Ok(Self(Zeroizing::new(key)))
    }

    /// Seals a content as this version of this bid.
    pub fn seal(&self, content: &[u8], bid: BidId, version: i32) -> Result<Vec<u8>, SealError> {
        let mut filled = Zeroizing::new(vec![0; (content.len() + 1).next_multiple_of(BLOCK)]);
        filled[..content.len()].copy_from_slice(content);
        filled[content.len()] = FILL;
        encrypt(&self.0, &filled, &of_version(bid, version))
    }

    /// Opens what was sealed as this version of this bid.
    pub fn open(&self, sealed: &[u8], bid: BidId, version: i32) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let mut content = decrypt(&self.0, sealed, &of_version(bid, version))?;
        let end = content.iter().rposition(|&byte| byte != 0).ok_or(SealError::Form)?;
        if content[end] != FILL {
            return Err(SealError::Form);
        }
        content.truncate(end);
        Ok(content)
    }
}

/// What a wrapped key is bound to.
fn of_request(request: PlacementRequestId) -> Vec<u8> {
    [b"hearth request key\0".as_slice(), &[FORMAT], request.uuid().as_bytes()].concat()
}

/// What a sealed content is bound to.
fn of_version(bid: BidId, version: i32) -> Vec<u8> {
    [
        b"hearth bid\0".as_slice(),
        &[FORMAT],
        bid.uuid().as_bytes(),
        &version.to_be_bytes(),
    ]
    .concat()
}

fn encrypt(key: &[u8; 32], content: &[u8], bound_to: &[u8]) -> Result<Vec<u8>, SealError> {
    let nonce = random::<NONCE>()?;
    let payload = Payload {
        msg: content,
        aad: bound_to,
    };
    let ciphertext = XChaCha20Poly1305::new(key.into())
        .encrypt(XNonce::from_slice(nonce.as_slice()), payload)
        .map_err(|_| SealError::Form)?;
    Ok([&[FORMAT], nonce.as_slice(), &ciphertext].concat())
}

fn decrypt(key: &[u8; 32], sealed: &[u8], bound_to: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let (&format, rest) = sealed.split_first().ok_or(SealError::Form)?;
    let (nonce, ciphertext) = rest.split_at_checked(NONCE).ok_or(SealError::Form)?;
    if format != FORMAT {
        return Err(SealError::Form);
    }
    XChaCha20Poly1305::new(key.into())
        .decrypt(
            XNonce::from_slice(nonce),
            Payload {
                msg: ciphertext,
                aad: bound_to,
            },
        )
        .map(Zeroizing::new)
        .map_err(|_| SealError::Broken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn bid(n: u128) -> BidId {
        Uuid::from_u128(n).into()
    }

    fn request(n: u128) -> PlacementRequestId {
        Uuid::from_u128(n).into()
    }

    #[test]
    fn neither_key_shows_itself() {
        let shown = format!(
            "{:?} {:?}",
            ServerKey::new([7; 32]),
            RequestKey(Zeroizing::new([7; 32]))
        );
        assert_eq!(shown, "ServerKey(…) RequestKey(…)");
    }

    #[test]
    fn what_is_no_sealed_form_is_refused() {
        let key = RequestKey::generate().unwrap();
        let mut sealed = key.seal(b"content", bid(1), 1).unwrap();
        for length in 0..NONCE + 1 {
            assert_eq!(
                key.open(&sealed[..length], bid(1), 1).unwrap_err(),
                SealError::Form,
                "{length} bytes"
            );
        }
        assert_eq!(
            key.open(&sealed[..NONCE + 5], bid(1), 1).unwrap_err(),
            SealError::Broken
        );
        sealed[0] = 2;
        assert_eq!(key.open(&sealed, bid(1), 1).unwrap_err(), SealError::Form);
    }

    #[test]
    fn the_length_does_not_tell_the_digits_of_a_price() {
        let key = RequestKey::generate().unwrap();
        let lengths: Vec<usize> = ["999.00", "9999.00", "99999.00"]
            .map(|price| key.seal(price.as_bytes(), bid(1), 1).unwrap().len())
            .into();
        assert_eq!(lengths, [1 + NONCE + BLOCK + 16; 3]);
        assert_eq!(
            key.seal(&[1; BLOCK], bid(1), 1).unwrap().len(),
            1 + NONCE + 2 * BLOCK + 16
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn round_trip(content: Vec<u8>, id: u128, version in 1..i32::MAX) {
            let key = RequestKey::generate().unwrap();
            let sealed = key.seal(&content, bid(id), version).unwrap();
            prop_assert_eq!(&*key.open(&sealed, bid(id), version).unwrap(), &content);
            prop_assert_ne!(key.seal(&content, bid(id), version).unwrap(), sealed, "a fresh nonce each time");
        }

        #[test]
        fn any_flipped_bit_is_refused(content: Vec<u8>, at: prop::sample::Index, bit in 0..8u8) {
            let key = RequestKey::generate().unwrap();
            let mut sealed = key.seal(&content, bid(1), 1).unwrap();
            let at = at.index(sealed.len());
            sealed[at] ^= 1 << bit;
            prop_assert!(key.open(&sealed, bid(1), 1).is_err());
        }

        #[test]
        fn the_content_of_another_bid_version_or_request_is_refused(id: u128, other: u128, version in 1..100, next in 1..100) {
            prop_assume!(id != other && version != next);
            let (key, another_requests) = (RequestKey::generate().unwrap(), RequestKey::generate().unwrap());
            let sealed = key.seal(b"content", bid(id), version).unwrap();
            prop_assert_eq!(key.open(&sealed, bid(other), version).unwrap_err(), SealError::Broken);
            prop_assert_eq!(key.open(&sealed, bid(id), next).unwrap_err(), SealError::Broken);
            prop_assert_eq!(another_requests.open(&sealed, bid(id), version).unwrap_err(), SealError::Broken);
        }

        #[test]
        fn a_wrapped_key_unwraps_for_its_request_and_server_only(
            id: u128, other: u128, secret: [u8; 32], another: [u8; 32], at: prop::sample::Index, bit in 0..8u8
        ) {
            prop_assume!(id != other && secret != another);
            let (server, key) = (ServerKey::new(secret), RequestKey::generate().unwrap());
            let mut wrapped = key.wrap(&server, request(id)).unwrap();
            prop_assert_eq!(&RequestKey::unwrap(&wrapped, &server, request(id)).unwrap().0, &key.0);
            prop_assert!(RequestKey::unwrap(&wrapped, &server, request(other)).is_err());
            prop_assert!(RequestKey::unwrap(&wrapped, &ServerKey::new(another), request(id)).is_err());
            let at = at.index(wrapped.len());
            wrapped[at] ^= 1 << bit;
            prop_assert!(RequestKey::unwrap(&wrapped, &server, request(id)).is_err());
        }

        #[test]
        fn no_bytes_panic(sealed: Vec<u8>) {
            let key = RequestKey::generate().unwrap();
            prop_assert!(key.open(&sealed, bid(1), 1).is_err());
            prop_assert!(RequestKey::unwrap(&sealed, &ServerKey::new([1; 32]), request(1)).is_err());
        }
    }
}

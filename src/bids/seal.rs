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
//! The cipher is that of [`envelope`], XChaCha20-Poly1305; its 192-bit nonce may be drawn at random for as many versions
//! as there will ever be. What does not hold is an [`Error::Internal`], loudly, and never a panic or a wrong content.
//! Keys and opened contents are wiped from memory when they are dropped.

use crate::access::envelope;
use crate::error::{Error, Result};
use crate::ids::{BidId, PlacementRequestId};
use std::fmt;
use zeroize::Zeroizing;

/// The purpose for which the server's secret is derived into a [`ServerKey`].
pub const PURPOSE: &str = "bid-seal";
/// Contents are filled up to a multiple of this many bytes.
pub const BLOCK: usize = 1024;

/// What ends the content and begins the filling (ISO/IEC 7816-4): one such byte, then zeros.
const FILL: u8 = 0x80;

/// Random bytes from the operating system.
pub fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(bytes.as_mut_slice()).map_err(Error::internal)?;
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
    pub fn generate() -> Result<Self> {
        random().map(Self)
    }

    /// The key as it may be stored.
    pub fn wrap(&self, server: &ServerKey, request: PlacementRequestId) -> Result<Vec<u8>> {
        envelope::seal(&server.0, &of_request(request), self.0.as_slice())
    }

    /// The key back from what was stored.
    pub fn unwrap(wrapped: &[u8], server: &ServerKey, request: PlacementRequestId) -> Result<Self> {
        let bytes = Zeroizing::new(envelope::open(&server.0, &of_request(request), wrapped)?);
        let key: [u8; 32] = bytes.as_slice().try_into().map_err(Error::internal)?;
        Ok(Self(Zeroizing::new(key)))
    }

    /// Seals a content as this version of this bid.
    pub fn seal(&self, content: &[u8], bid: BidId, version: i32) -> Result<Vec<u8>> {
        let mut filled = Zeroizing::new(vec![0; (content.len() + 1).next_multiple_of(BLOCK)]);
        filled[..content.len()].copy_from_slice(content);
        filled[content.len()] = FILL;
        envelope::seal(&self.0, &of_version(bid, version), &filled)
    }

    /// Opens what was sealed as this version of this bid.
    pub fn open(&self, sealed: &[u8], bid: BidId, version: i32) -> Result<Zeroizing<Vec<u8>>> {
        let mut content = Zeroizing::new(envelope::open(&self.0, &of_version(bid, version), sealed)?);
        let end = content
            .iter()
            .rposition(|&byte| byte != 0)
            .filter(|&end| content[end] == FILL);
        content.truncate(end.ok_or_else(|| Error::internal("a sealed content has no end"))?);
        Ok(content)
    }
}

/// What a wrapped key is bound to.
fn of_request(request: PlacementRequestId) -> Vec<u8> {
    [b"hearth request key 1\0".as_slice(), request.uuid().as_bytes()].concat()
}

/// What a sealed content is bound to.
fn of_version(bid: BidId, version: i32) -> Vec<u8> {
    [
        b"hearth bid 1\0".as_slice(),
        bid.uuid().as_bytes(),
        &version.to_be_bytes(),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    const NONCE: usize = 24;
    const TAG: usize = 16;

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
    fn the_length_does_not_tell_the_digits_of_a_price() {
        let key = RequestKey::generate().unwrap();
        let lengths: Vec<usize> = ["999.00", "9999.00", "99999.00"]
            .map(|price| key.seal(price.as_bytes(), bid(1), 1).unwrap().len())
            .into();
        assert_eq!(lengths, [NONCE + BLOCK + TAG; 3]);
        assert_eq!(key.seal(&[1; BLOCK], bid(1), 1).unwrap().len(), NONCE + 2 * BLOCK + TAG);
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
            prop_assert!(key.open(&sealed, bid(other), version).is_err());
            prop_assert!(key.open(&sealed, bid(id), next).is_err());
            prop_assert!(another_requests.open(&sealed, bid(id), version).is_err());
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

//! What of a request nobody but its authority may see lies encrypted: under a key of the server, bound to its request.

use super::rules::Confidential;
use crate::access::envelope;
use crate::config::SecretKey;
use crate::error::{Error, Result};
use crate::ids::PlacementRequestId;

/// The key of the confidential details.
#[derive(Clone)]
pub struct ConfidentialKey([u8; 32]);

impl std::fmt::Debug for ConfidentialKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ConfidentialKey")
    }
}

impl ConfidentialKey {
    /// The key as derived from the server's.
    pub fn of(secret: &SecretKey) -> Self {
        Self(secret.derive("confidential details of placement requests"))
    }

    /// Encrypts the details of a request.
    pub fn seal(&self, request: PlacementRequestId, details: &Confidential) -> Result<Vec<u8>> {
        let plain = serde_json::to_vec(details).map_err(Error::internal)?;
        envelope::seal(&self.0, request.uuid().as_bytes(), &plain)
    }

    /// Decrypts the details of a request.
    pub fn open(&self, request: PlacementRequestId, sealed: &[u8]) -> Result<Confidential> {
        let plain = envelope::open(&self.0, request.uuid().as_bytes(), sealed)?;
        serde_json::from_slice(&plain).map_err(Error::internal)
    }
}

#[cfg(test)]
mod tests {
    use super::super::rules::samples::noon;
    use super::*;
    use crate::values::Postcode;

    #[test]
    fn details_open_for_their_own_request_only() {
        let key = ConfidentialKey([7; 32]);
        let (one, other) = (PlacementRequestId::new(noon()), PlacementRequestId::new(noon()));
        let details = Confidential {
            postcode: Some(Postcode::parse("RG1 1AF").unwrap()),
            names: vec!["Sam Example".to_owned()],
        };
        let sealed = key.seal(one, &details).unwrap();
        assert!(!sealed.windows(3).any(|bytes| bytes == b"Sam" || bytes == b"RG1"));
        assert_eq!(key.open(one, &sealed).unwrap(), details);
        assert!(key.open(other, &sealed).is_err());
        assert!(ConfidentialKey([8; 32]).open(one, &sealed).is_err());
    }
}

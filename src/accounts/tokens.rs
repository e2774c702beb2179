//! Tokens: the access token (a JWT), and the random tokens of refreshes and links.

use super::rules::{ACCESS_LIFETIME, PAGES_LIFETIME};
use crate::access::{Actor, OrganisationKind, Origin, Role};
use crate::clock::Instant;
use crate::config::SecretKey;
use crate::error::{Error, Result};
use crate::ids::{OrganisationId, PersonId, SessionId};
use crate::web::Remembered;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What an access token says.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    sub: PersonId,
    org: OrganisationId,
    kind: OrganisationKind,
    role: Role,
    sid: SessionId,
    iat: i64,
    exp: i64,
}

/// Signs and reads access tokens. The key comes from the server's key, so tokens survive a restart.
#[derive(Clone)]
pub struct AccessTokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    lifetime: Duration,
}

impl std::fmt::Debug for AccessTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AccessTokens")
    }
}

impl AccessTokens {
    /// Those of the API, under the server's key.
    pub fn new(secret: &SecretKey) -> Self {
        Self::under(&secret.derive("access-tokens"), ACCESS_LIFETIME)
    }

    /// Those that the pages' cookie carries: another key, so that neither is good for the other, and another lifetime.
    pub fn for_pages(secret: &SecretKey) -> Self {
        Self::under(&secret.derive("page-sessions"), PAGES_LIFETIME)
    }

    fn under(key: &[u8; 32], lifetime: Duration) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        // Time is judged by our own clock, below.
        validation.validate_exp = false;
        validation.required_spec_claims.clear();
        Self {
            encoding: EncodingKey::from_secret(key),
            decoding: DecodingKey::from_secret(key),
            validation,
            lifetime,
        }
    }

    /// A token for a person in a session.
    pub fn sign(&self, actor: &Actor, now: Instant) -> Result<String> {
        let claims = Claims {
            sub: actor.person_id,
            org: actor.organisation_id,
            kind: actor.organisation_kind,
            role: actor.role,
            sid: actor.session_id,
            iat: now.inner().timestamp(),
            exp: now.plus(self.lifetime).inner().timestamp(),
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding).map_err(Error::internal)
    }

    /// Whom a token names, if it is ours and still good.
    pub fn read(&self, token: &str, now: Instant, origin: Origin) -> Result<Actor> {
        let remembered = self.remember(token, now, origin)?;
        if remembered.ended {
            return Err(Error::Unauthenticated("auth.expired"));
        }
        Ok(remembered.actor)
    }

    /// Whom a token of ours names, and whether its time is over.
    pub fn remember(&self, token: &str, now: Instant, origin: Origin) -> Result<Remembered> {
        let claims = jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation)
            .map_err(|_| Error::Unauthenticated("auth.token_invalid"))?
            .claims;
        Ok(Remembered {
            ended: claims.exp <= now.inner().timestamp(),
            actor: Actor {
                person_id: claims.sub,
                organisation_id: claims.org,
                organisation_kind: claims.kind,
                role: claims.role,
                session_id: claims.sid,
                origin,
            },
        })
    }
}

/// A random token of 256 bits, as it is sent.
pub fn random() -> Result<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// A random token as it is kept. (256 random bits need no slow hash.)
pub fn digest(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(now: Instant) -> Actor {
        Actor {
            person_id: PersonId::new(now),
            organisation_id: OrganisationId::new(now),
            organisation_kind: OrganisationKind::Provider,
            role: Role::Bidder,
            session_id: SessionId::new(now),
            origin: Origin {
                request_id: String::new(),
                address: [127, 0, 0, 1].into(),
            },
        }
    }

    #[test]
    fn a_token_names_its_person_for_a_quarter_of_an_hour() {
        let now: Instant = "2026-03-04T12:00:00Z".parse().unwrap();
        let tokens = AccessTokens::new(&SecretKey::new(vec![7; 32]).unwrap());
        let actor = actor(now);
        let token = tokens.sign(&actor, now).unwrap();
        assert_eq!(
            tokens
                .read(&token, now.plus(Duration::minutes(14)), actor.origin.clone())
                .unwrap(),
            actor
        );
        let late = tokens.read(&token, now.plus(Duration::minutes(15)), actor.origin.clone());
        assert_eq!(late.unwrap_err().code(), "auth.expired");
        assert!(
            AccessTokens::for_pages(&SecretKey::new(vec![7; 32]).unwrap())
                .read(&token, now, actor.origin.clone())
                .is_err()
        );
        let foreign = AccessTokens::new(&SecretKey::new(vec![8; 32]).unwrap()).read(&token, now, actor.origin.clone());
        assert_eq!(foreign.unwrap_err().code(), "auth.token_invalid");
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
        let payload = token.split('.').nth(1).unwrap();
        let unsigned = tokens.read(&format!("{header}.{payload}."), now, actor.origin);
        assert_eq!(unsigned.unwrap_err().code(), "auth.token_invalid");
    }
}

//! Who is signed in, for the web's door.

use super::store;
use super::tokens::AccessTokens;
use crate::access::{Actor, Origin};
use crate::clock::Clock;
use crate::config::SecretKey;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::web::pages::Introduction;
use crate::web::{Doorkeeper, Remembered};
use std::sync::Arc;

/// Reads access tokens, and asks the database whether their session goes on.
#[derive(Debug)]
pub struct Keeper {
    tokens: AccessTokens,
    cookies: AccessTokens,
    clock: Arc<dyn Clock>,
}

impl Keeper {
    /// Under the server's key.
    pub fn new(secret: &SecretKey, clock: Arc<dyn Clock>) -> Self {
        Self {
            tokens: AccessTokens::new(secret),
            cookies: AccessTokens::for_pages(secret),
            clock,
        }
    }
}

impl Doorkeeper for Keeper {
    fn recognise(&self, token: &str, origin: Origin) -> Result<Actor> {
        self.tokens.read(token, self.clock.now(), origin)
    }

    fn recognise_cookie(&self, token: &str, origin: Origin) -> Result<Remembered> {
        self.cookies.remember(token, self.clock.now(), origin)
    }

    fn introduce(&self, tx: &mut Tx<'_>, actor: &Actor) -> Result<Introduction> {
        let (person, organisation) = store::introduction(tx, actor)?;
        Ok(Introduction {
            person,
            organisation,
            role: actor.role.label(),
        })
    }

    // A token is good for a quarter of an hour; a sign-out, a new role or a deactivation count at once.
    fn confirm(&self, tx: &mut Tx<'_>, actor: &Actor) -> Result<()> {
        if store::is_live(tx, actor)? {
            Ok(())
        } else {
            Err(Error::Unauthenticated("auth.session_ended"))
        }
    }
}

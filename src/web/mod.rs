//! HTTP, for every slice: the door that a call comes through, bodies read whole, answers, problems, lists, and the one
//! registration from which both the routes and their document come.

mod answer;
mod body;
mod door;
mod idempotency;
mod limits;
mod observe;
pub mod pages;
pub mod paging;
pub mod problem;
mod query;
mod routes;
mod store;

pub use answer::{Answer, Reply};
pub use body::{Body, NoBody, read_fields};
pub use door::{Asker, Door, Id};
pub use idempotency::purge as purge_idempotency_answers;
pub use limits::{CallLimit, forget_idle_addresses, limit_calls};
pub use observe::{observe, origin_of};
pub use paging::{ByAge, Items, Page, cursor};
pub use problem::Problem;
pub use query::Query;
pub use routes::{Access, Answers, Operation, Parameter, Routes, SchemaOf};

use crate::access::{Actor, Origin, Permission};
use crate::config::{Config, SecretKey};
use crate::db::{Database, Tx};
use crate::error::{Error, Result};
use actix_web::HttpRequest;
use actix_web::web::Data;
use std::collections::HashMap;
use std::sync::Arc;

/// What every call can reach.
#[derive(Clone)]
pub struct AppState {
    /// The database.
    pub db: Database,
    /// The configuration.
    pub config: Arc<Config>,
    /// The server's key, from which every other is derived.
    pub secret: SecretKey,
    /// Who knows the signed-in.
    pub doorkeeper: Arc<dyn Doorkeeper>,
    /// How many sign-ins, registrations and forgotten passwords an address may try.
    pub sign_ins: CallLimit,
    /// What each registered operation asks of the caller, by method and path pattern.
    pub access: Arc<HashMap<(String, String), Access>>,
    /// The links at the head of a person's pages.
    pub navigation: fn(&Actor) -> &'static [pages::NavLink],
    /// How much a person was told and has not read yet, which stands beside the link to it.
    pub unread: fn(&mut Tx<'_>, &Actor) -> Result<i64>,
}

impl AppState {
    /// That of the program which this call has reached.
    pub(crate) fn of(request: &HttpRequest) -> Result<&Self> {
        let state = request.app_data::<Data<Self>>().map(Data::get_ref);
        state.ok_or_else(|| Error::internal("no application state"))
    }

    /// What the route of this call asks of its caller.
    fn access_of(&self, request: &HttpRequest) -> Result<Access> {
        let pattern = request.match_pattern().unwrap_or_default();
        self.access
            .get(&(request.method().to_string(), pattern))
            .copied()
            .ok_or_else(|| Error::internal("a route that is not registered"))
    }
}

impl std::fmt::Debug for AppState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AppState({:?})", self.db)
    }
}

/// Whom a browser's cookie names.
#[derive(Debug, Clone)]
pub struct Remembered {
    /// The person.
    pub actor: Actor,
    /// Whether the cookie's time is over.
    pub ended: bool,
}

/// Knows who is signed in. (The accounts slice does; the kernel only asks.)
pub trait Doorkeeper: std::fmt::Debug + Send + Sync {
    /// Reads an access token, without the database.
    fn recognise(&self, token: &str, origin: Origin) -> Result<Actor>;

    /// Reads the token of the pages' cookie, without the database; also one whose time is over.
    fn recognise_cookie(&self, token: &str, origin: Origin) -> Result<Remembered>;

    /// Who somebody is, for the head of their pages.
    fn introduce(&self, tx: &mut Tx<'_>, actor: &Actor) -> Result<pages::Introduction>;

    /// Refuses when the session has ended or the person is no longer what the token says.
    fn confirm(&self, tx: &mut Tx<'_>, actor: &Actor) -> Result<()>;
}

/// What a route asks of its caller.
pub(crate) fn check_access(access: Access, actor: Option<&Actor>) -> Result<()> {
    match (access, actor) {
        (Access::Public, _) | (Access::SignedIn, Some(_)) => Ok(()),
        (Access::May(permission), Some(actor)) => must(actor, permission),
        (_, None) => Err(Error::Unauthenticated("auth.required")),
    }
}

fn must(actor: &Actor, permission: Permission) -> Result<()> {
    actor.must(permission)
}

//! The door that a call comes through: who asks, what the route asks of them, and the one transaction that it gets.

use super::body::BodyDigest;
use super::idempotency::{self, Key};
use super::{Answer, AppState, Problem, Reply, check_access};
use crate::access::{Actor, Anyone, AuthorityUser, CooperativeUser, Origin, ProviderUser, Visitor};
use crate::db::Tx;
use crate::error::{Error, Result};
use actix_web::dev::Payload;
use actix_web::http::{Method, header};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use sha2::{Digest, Sha256};
use std::future::{Ready, ready};
use std::ops::Deref;
use std::str::FromStr;

/// Who can stand at a door.
pub trait Asker: Clone + Send + 'static {
    /// Makes them of what the call carries.
    fn admit(actor: Option<Actor>, origin: Origin) -> Result<Self>;

    /// The signed-in person, if there is one.
    fn actor(&self) -> Option<&Actor>;
}

impl Asker for Visitor {
    fn admit(_: Option<Actor>, origin: Origin) -> Result<Self> {
        Ok(Self(origin))
    }
    fn actor(&self) -> Option<&Actor> {
        None
    }
}

impl Asker for Anyone {
    fn admit(actor: Option<Actor>, origin: Origin) -> Result<Self> {
        Ok(Self { actor, origin })
    }
    fn actor(&self) -> Option<&Actor> {
        self.actor.as_ref()
    }
}

impl Asker for Actor {
    fn admit(actor: Option<Actor>, _: Origin) -> Result<Self> {
        actor.ok_or(Error::Unauthenticated("auth.required"))
    }
    fn actor(&self) -> Option<&Actor> {
        Some(self)
    }
}

macro_rules! askers {
    ($($user:ty),*) => {$(
        impl Asker for $user {
            fn admit(actor: Option<Actor>, origin: Origin) -> Result<Self> {
                Actor::admit(actor, origin)?.try_into()
            }
            fn actor(&self) -> Option<&Actor> {
                Some(self)
            }
        }
    )*};
}
askers!(ProviderUser, AuthorityUser, CooperativeUser);

/// What a call reads. Boxed, as in [`crate::db`].
type Reading<A> = Box<dyn FnOnce(&mut Tx<'_>, &A) -> Result<Answer> + Send>;
/// What a call writes.
type Writing<A> = Box<dyn FnMut(&mut Tx<'_>, &A) -> Result<Answer> + Send>;

/// A call with its asker.
#[derive(Debug)]
pub struct Door<A> {
    /// What every call can reach.
    pub app: AppState,
    /// Who asks.
    pub asker: A,
    request: HttpRequest,
}

impl<A: Asker> FromRequest for Door<A> {
    type Error = Problem;
    type Future = Ready<std::result::Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::enter(request).map_err(Problem))
    }
}

impl<A: Asker> Door<A> {
    fn enter(request: &HttpRequest) -> Result<Self> {
        let app = AppState::of(request)?.clone();
        let origin = super::origin_of(request);
        let token = match request
            .headers()
            .get(header::AUTHORIZATION)
            .map(header::HeaderValue::to_str)
        {
            None => None,
            Some(Ok(value)) => Some(
                value
                    .split_once(' ')
                    .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
                    .map(|(_, token)| token.trim())
                    .ok_or(Error::Unauthenticated("auth.scheme_unknown"))?,
            ),
            Some(Err(_)) => return Err(Error::Unauthenticated("auth.token_invalid")),
        };
        let actor = token
            .map(|token| app.doorkeeper.recognise(token, origin.clone()))
            .transpose()?;
        let access = app.access_of(request)?;
        check_access(access, actor.as_ref())?;
        Ok(Self {
            app,
            asker: A::admit(actor, origin)?,
            request: request.clone(),
        })
    }

    /// The version that the caller means to change, from `If-Match`; none when any will do.
    pub fn if_match(&self) -> Result<Option<i64>> {
        let Some(value) = self.request.headers().get(header::IF_MATCH) else {
            return Ok(None);
        };
        let value = value.to_str().unwrap_or_default().trim();
        if value == "*" {
            return Ok(None);
        }
        let version = value.trim_start_matches("W/").trim_matches('"').parse();
        version
            .map(Some)
            .map_err(|_| Error::Malformed("If-Match must be the ETag of the resource, such as \"3\".".to_owned()))
    }

    /// Reads for the asker, from one snapshot.
    pub fn read<F>(self, body: F) -> impl Future<Output = Reply>
    where
        F: FnOnce(&mut Tx<'_>, &A) -> Result<Answer> + Send + 'static,
    {
        self.read_boxed(Box::new(body))
    }

    async fn read_boxed(self, body: Reading<A>) -> Reply {
        let Self { app, asker, .. } = self;
        let doorkeeper = app.doorkeeper;
        let answer = app.db.read(move |tx| {
            if let Some(actor) = asker.actor() {
                doorkeeper.confirm(tx, actor)?;
            }
            body(tx, &asker)
        });
        answer.await.map_err(Problem)
    }

    /// Writes for the asker: all of it or nothing, and once for an idempotency key.
    pub fn write<F>(self, body: F) -> impl Future<Output = Reply>
    where
        F: FnOnce(&mut Tx<'_>, &A) -> Result<Answer> + Clone + Send + 'static,
    {
        self.write_boxed(Box::new(move |tx, asker| body.clone()(tx, asker)))
    }

    async fn write_boxed(self, mut body: Writing<A>) -> Reply {
        let key = self.idempotency_key()?;
        let Self { app, asker, .. } = self;
        let AppState { doorkeeper, secret, .. } = app;
        let answer = app.db.write_boxed(Box::new(move |tx| {
            if let Some(actor) = asker.actor() {
                doorkeeper.confirm(tx, actor)?;
            }
            idempotency::once(tx, &secret, key.as_ref(), &mut |tx| body(tx, &asker))
        }));
        answer.await.map_err(Problem)
    }

    fn idempotency_key(&self) -> Result<Option<Key>> {
        let Some(value) = self
            .request
            .headers()
            .get("idempotency-key")
            .filter(|_| self.request.method() == Method::POST)
        else {
            return Ok(None);
        };
        let key = value
            .to_str()
            .ok()
            .filter(|key| (1..=200).contains(&key.len()))
            .ok_or_else(|| Error::Malformed("Idempotency-Key must have 1 to 200 plain characters.".to_owned()))?;
        let body = self
            .request
            .extensions()
            .get::<BodyDigest>()
            .map_or([0; 32], |digest| digest.0);
        // Keyed, so that the kept digest tells nobody which body it was by trying some out.
        let mut digest = Sha256::new();
        digest.update(self.app.secret.derive("idempotency-digest"));
        digest.update(self.request.uri().path().as_bytes());
        digest.update([0]);
        digest.update(body);
        let scope = match self.asker.actor() {
            Some(actor) => actor.person_id.to_string(),
            None => format!("visitor {}", super::origin_of(&self.request).address),
        };
        Ok(Some(Key {
            scope,
            text: key.to_owned(),
            digest: digest.finalize().into(),
        }))
    }
}

/// An identifier of the path. Whatever is none names nothing.
#[derive(Debug, Clone, Copy)]
pub struct Id<T>(pub T);

impl<T> Deref for Id<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: FromStr + 'static> FromRequest for Id<T> {
    type Error = Problem;
    type Future = Ready<std::result::Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = request.match_info().get("id").and_then(|text| text.parse().ok());
        ready(id.map(Id).ok_or(Problem(Error::NotFound("thing"))))
    }
}

//! Signing in, joining, passwords, sessions.

use super::credentials;
use crate::access::{Actor, OrganisationKind, Role, Visitor};
use crate::accounts::actions::{self, SignedIn, TOKEN_REUSED};
use crate::accounts::rules::{ACCESS_LIFETIME, AccountRefused, LinkPurpose};
use crate::accounts::store;
use crate::accounts::tokens::AccessTokens;
use crate::clock::Instant;
use crate::error::{Error, Result};
use crate::ids::{OrganisationId, PersonId, SessionId};
use crate::values::Email;
use crate::web::{Answer, AppState, Body, Door, Id, Items, NoBody, Problem, Reply, Routes};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

pub(super) fn routes(r: &mut Routes) {
    r.post("/auth/sign-in", sign_in)
        .summary("Sign in")
        .description("After failed sign-ins an address has to wait before it tries the same account again.")
        .public()
        .body::<SignIn>()
        .answers::<TokensView>(200);
    r.post("/auth/refresh", refresh)
        .summary("Renew a session")
        .description("A refresh token is good once. Used again it ends its session.")
        .public()
        .body::<RefreshToken>()
        .answers::<TokensView>(200);
    r.post("/auth/sign-out", sign_out)
        .summary("Sign out")
        .public()
        .body::<RefreshToken>()
        .answers_nothing(204);
    r.post("/auth/join", join)
        .summary("Join by the mailed link")
        .public()
        .body::<TokenAndPassword>()
        .answers::<TokensView>(200)
        .refuses(AccountRefused::CODES);
    r.post("/auth/password-reset-requests", request_reset)
        .summary("Ask for a link to set a new password")
        .description("The answer is the same whether there is such an account or not.")
        .public()
        .body::<ResetRequest>()
        .answers_nothing(202);
    r.post("/auth/password-resets", reset_password)
        .summary("Set a new password by the mailed link")
        .public()
        .body::<TokenAndPassword>()
        .answers_nothing(204)
        .refuses(AccountRefused::CODES);
    r.get("/me", me).summary("Who I am").answers::<MeView>(200);
    r.get("/me/sessions", sessions)
        .summary("My sessions")
        .lists::<SessionView>();
    r.post("/sessions/{id}/end", end_session)
        .summary("End one of my sessions")
        .answers_nothing(204);
}

/// Who wants to sign in.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The account's address.
    pub email: Email,
    /// Its password.
    #[validate(length(min = 1, max = 200))]
    #[schema(example = "three words by chance", min_length = 1, max_length = 200)]
    pub password: String,
    /// The second factor's code, where one is set up.
    #[validate(length(min = 6, max = 10))]
    #[schema(example = "123456", min_length = 6, max_length = 10)]
    pub code: Option<String>,
}

/// A refresh token.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshToken {
    /// The refresh token of the last sign-in or renewal.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    pub refresh_token: String,
}

/// A mailed link's token, and the password chosen.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenAndPassword {
    /// The last part of the link.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    pub token: String,
    /// At least 12 characters, and not easily guessed.
    #[validate(length(max = 1000))]
    #[schema(example = "three words by chance", min_length = 12, max_length = 200)]
    pub password: String,
}

/// Whose password is forgotten.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetRequest {
    /// The account's address.
    pub email: Email,
}

/// The tokens of a session.
#[derive(Serialize, ToSchema)]
pub struct TokensView {
    /// Sent as `Authorization: Bearer …`.
    pub access_token: String,
    /// Good once, for the next pair.
    pub refresh_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    pub token_type: &'static str,
    /// Seconds until the access token ends.
    #[schema(example = 900)]
    pub expires_in: i64,
}

fn tokens_view(app: &AppState, signed_in: SignedIn, now: Instant) -> Result<Answer> {
    let tokens = AccessTokens::new(&app.secret);
    Answer::ok(TokensView {
        access_token: tokens.sign(&signed_in.actor, now)?,
        refresh_token: signed_in.refresh_token,
        token_type: "Bearer",
        expires_in: ACCESS_LIFETIME.num_seconds(),
    })
}

async fn sign_in(door: Door<Visitor>, body: Body<SignIn>) -> Reply {
    let app = door.app.clone();
    let person = credentials::proven(&app, &door.asker.0, body.0).await?;
    door.write(move |tx, visitor| {
        let actor = actions::sign_in(tx, &visitor.0, &person)?;
        tokens_view(&app, actions::renewable(tx, actor)?, tx.now)
    })
    .await
}

async fn refresh(door: Door<Visitor>, body: Body<RefreshToken>) -> Reply {
    let token = body.0.refresh_token;
    let (app, origin, again) = (door.app.clone(), door.asker.0.clone(), token.clone());
    let state = app.clone();
    let reply = door.write(move |tx, visitor| {
        let signed_in = actions::refresh(tx, &visitor.0, &token)?;
        tokens_view(&state, signed_in, tx.now)
    });
    match reply.await {
        // The refused call was undone; the end of the session must not be.
        Err(Problem(Error::Unauthenticated(TOKEN_REUSED))) => {
            app.db.write(move |tx| actions::end_reused(tx, &origin, &again)).await?;
            Err(Problem(Error::Unauthenticated(TOKEN_REUSED)))
        }
        reply => reply,
    }
}

async fn sign_out(door: Door<Visitor>, body: Body<RefreshToken>) -> Reply {
    door.write(move |tx, visitor| {
        actions::sign_out(tx, &visitor.0, &body.refresh_token)?;
        Answer::none()
    })
    .await
}

async fn join(door: Door<Visitor>, body: Body<TokenAndPassword>) -> Reply {
    let hash = credentials::chosen(&door.app, &body.token, &body.password, LinkPurpose::Join).await?;
    let app = door.app.clone();
    door.write(move |tx, visitor| {
        let actor = actions::join(tx, &visitor.0, &body.token, &hash)?;
        tokens_view(&app, actions::renewable(tx, actor)?, tx.now)
    })
    .await
}

async fn request_reset(door: Door<Visitor>, body: Body<ResetRequest>) -> Reply {
    door.app.sign_ins.check(door.asker.0.address)?;
    let secret = door.app.secret.clone();
    door.write(move |tx, visitor| {
        actions::request_reset(tx, &visitor.0, &secret, &body.email)?;
        Answer::accepted()
    })
    .await
}

async fn reset_password(door: Door<Visitor>, body: Body<TokenAndPassword>) -> Reply {
    let hash = credentials::chosen(&door.app, &body.token, &body.password, LinkPurpose::Reset).await?;
    door.write(move |tx, visitor| {
        actions::reset_password(tx, &visitor.0, &body.token, &hash)?;
        Answer::none()
    })
    .await
}

/// Who I am.
#[derive(Serialize, ToSchema)]
pub struct MeView {
    /// Myself.
    pub person: MePerson,
    /// Where I work.
    pub organisation: MeOrganisation,
    /// What I may do.
    pub role: Role,
}

/// Myself.
#[derive(Serialize, ToSchema)]
pub struct MePerson {
    /// My id.
    pub id: PersonId,
    /// My name.
    pub name: String,
    /// My address.
    pub email: Email,
}

/// Where I work.
#[derive(Serialize, ToSchema)]
pub struct MeOrganisation {
    /// Its id.
    pub id: OrganisationId,
    /// What it is.
    pub kind: OrganisationKind,
    /// Its name.
    pub name: String,
}

async fn me(door: Door<Actor>) -> Reply {
    door.read(|tx, actor| {
        let person = store::person(tx, actor.person_id)?.ok_or(Error::NotFound("person"))?;
        let organisation = store::organisation(tx, actor.organisation_id)?.ok_or(Error::NotFound("organisation"))?;
        Answer::ok(MeView {
            person: MePerson {
                id: person.id,
                name: person.name.to_string(),
                email: person.email,
            },
            organisation: MeOrganisation {
                id: organisation.id,
                kind: organisation.kind,
                name: organisation.name,
            },
            role: actor.role,
        })
    })
    .await
}

/// A session that goes on.
#[derive(Serialize, ToSchema)]
pub struct SessionView {
    /// Its id.
    pub id: SessionId,
    /// When it began.
    pub created_at: Instant,
    /// When it was last renewed.
    pub last_used_at: Instant,
    /// Whether it is the one that asks.
    pub current: bool,
}

async fn sessions(door: Door<Actor>) -> Reply {
    door.read(|tx, actor| {
        let sessions = store::sessions_of(tx, actor.person_id)?;
        let views = sessions.into_iter().map(|session| SessionView {
            id: session.id,
            created_at: session.created_at,
            last_used_at: session.last_used_at,
            current: session.id == actor.session_id,
        });
        Answer::ok(Items::all(views.collect()))
    })
    .await
}

async fn end_session(door: Door<Actor>, id: Id<SessionId>, _: NoBody) -> Reply {
    door.write(move |tx, actor| {
        actions::end_own_session(tx, actor, *id)?;
        Answer::none()
    })
    .await
}

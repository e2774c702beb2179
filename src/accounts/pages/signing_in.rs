//! Signing in and out, joining, a new password.

use crate::access::{Actor, Anyone};
use crate::accounts::actions;
use crate::accounts::api::auth::{ResetRequest, SignIn};
use crate::accounts::api::credentials;
use crate::accounts::rules::LinkPurpose;
use crate::accounts::tokens::AccessTokens;
use crate::clock::Instant;
use crate::db::Tx;
use crate::error::Result;
use crate::web::pages::{Desk, Form, Go, Html, PageDoor, Posted, kept_form, session_cookie};
use crate::web::{AppState, Query, Reply, Routes};
use actix_web::web::Path;
use askama::Template;
use serde::Deserialize;
use validator::Validate;

pub(super) fn routes(r: &mut Routes) {
    r.get("/sign-in", show_sign_in).public();
    r.post("/sign-in", sign_in).public();
    r.post("/sign-out", sign_out).public();
    r.get("/join/{token}", show_join).public();
    r.post("/join/{token}", join).public();
    r.get("/reset", show_ask_reset).public();
    r.post("/reset", ask_reset).public();
    r.get("/reset/{token}", show_reset).public();
    r.post("/reset/{token}", reset).public();
}

#[derive(Template)]
#[template(path = "accounts/sign_in.html")]
struct SignInPage {
    form: Form,
}

/// Where to go on to after the sign-in.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Onward {
    next: Option<String>,
}

impl Onward {
    /// The path, if it is one of ours: `//host` and `/\\host` lead elsewhere.
    fn path(self) -> String {
        let ours = |path: &String| {
            path.starts_with('/')
                && !path.starts_with("//")
                && !path.contains('\\')
                && !path.chars().any(char::is_control)
        };
        self.next.filter(ours).unwrap_or_else(|| "/".to_owned())
    }
}

fn sign_in_fields(form: Form) -> Form {
    form.email("email", "Email address")
        .password("password", "Password")
        .button("Sign in")
}

fn sign_in_page(_: &mut Tx<'_>, desk: &Desk<Anyone>, next: &str) -> Result<Html> {
    let mut form = sign_in_fields(desk.form("/sign-in")).hidden("next", next);
    if let Some(kept) = desk.typed().and_then(|typed| typed.value("kept")) {
        form = form.hidden("kept", kept);
    }
    Html::of("Sign in", &SignInPage { form })
}

async fn show_sign_in(visit: PageDoor<Anyone>, query: Query<Onward>) -> Reply {
    let next = query.0.path();
    visit.read(move |tx, desk| sign_in_page(tx, desk, &next)).await
}

async fn sign_in(visit: PageDoor<Anyone>, posted: Posted) -> Reply {
    let next = Onward {
        next: posted.value("next").map(str::to_owned),
    }
    .path();
    let again = next.clone();
    let page = move |tx: &mut Tx<'_>, desk: &Desk<Anyone>| sign_in_page(tx, desk, &again);
    let app = visit.app.clone();
    let proven = match sign_in_fields(Form::reader()).read::<SignIn>(&posted) {
        Ok(body) => credentials::proven(&app, &visit.origin, body).await,
        Err(wrong) => Err(wrong),
    };
    let person = match proven {
        Ok(person) => person,
        Err(refused) => return visit.refuse(posted, refused, page).await,
    };
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let actor = actions::sign_in(tx, &desk.origin, &person)?;
                let go = match posted.value("kept") {
                    None => Go::to(next),
                    Some(kept) => kept_form(&app, kept, &actor).map_or_else(
                        || Go::to(next).saying("What was kept is not yours: it was written by somebody else."),
                        Go::nowhere,
                    ),
                };
                Ok(go.with_cookie(cookie(&app, &actor, tx.now)?))
            },
            page,
        )
        .await
}

fn cookie(app: &AppState, actor: &Actor, now: Instant) -> Result<String> {
    let token = AccessTokens::for_pages(&app.secret).sign(actor, now)?;
    Ok(session_cookie(Some(&token), app.config.server.is_https()))
}

async fn sign_out(visit: PageDoor<Anyone>, posted: Posted) -> Reply {
    visit
        .write(
            posted,
            |tx, desk, _| {
                if let Some(actor) = &desk.actor {
                    actions::end_own_session(tx, actor, actor.session_id)?;
                }
                let ended = session_cookie(None, desk.secure());
                Ok(Go::to("/sign-in").saying("You are signed out.").with_cookie(ended))
            },
            |tx, desk| sign_in_page(tx, desk, "/"),
        )
        .await
}

#[derive(Template)]
#[template(path = "accounts/choose_password.html")]
struct ChoosePasswordPage {
    heading: &'static str,
    form: Form,
}

/// The password that is chosen; the link's token is in the path.
#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
struct Chosen {
    password: String,
}

fn password_fields(form: Form) -> Form {
    form.new_password("password", "Password").hint(
        "At least 12 characters. Three words that do not belong together are good; what is easily guessed is refused.",
    )
}

fn link_page(desk: &Desk<Anyone>, purpose: LinkPurpose, token: &str) -> Result<Html> {
    let (heading, button) = if purpose == LinkPurpose::Join {
        ("Choose your password", "Join")
    } else {
        ("Choose a new password", "Set the password")
    };
    let form = password_fields(desk.form(format!("/{purpose}/{token}"))).button(button);
    Html::of(heading, &ChoosePasswordPage { heading, form })
}

async fn show_link(visit: PageDoor<Anyone>, purpose: LinkPurpose, token: Path<String>) -> Reply {
    visit
        .read(move |tx, desk| {
            actions::link_owner(tx, &token, purpose)?;
            link_page(desk, purpose, &token)
        })
        .await
}

/// Does what a link was mailed for, with its token and the hash of the password that its owner chose.
async fn follow_link<W>(
    visit: PageDoor<Anyone>,
    purpose: LinkPurpose,
    token: Path<String>,
    posted: Posted,
    work: W,
) -> Reply
where
    W: FnOnce(&mut Tx<'_>, &Desk<Anyone>, &str, &str) -> Result<Go> + Clone + Send + 'static,
{
    let token = token.into_inner();
    let again = token.clone();
    let page = move |_: &mut Tx<'_>, desk: &Desk<Anyone>| link_page(desk, purpose, &again);
    let hash = match password_fields(Form::reader()).read(&posted) {
        Ok(Chosen { password }) => credentials::chosen(&visit.app, &token, &password, purpose).await,
        Err(wrong) => Err(wrong),
    };
    match hash {
        Ok(hash) => {
            visit
                .write(posted, move |tx, desk, _| work(tx, desk, &token, &hash), page)
                .await
        }
        Err(refused) => visit.refuse(posted, refused, page).await,
    }
}

async fn show_join(visit: PageDoor<Anyone>, token: Path<String>) -> Reply {
    show_link(visit, LinkPurpose::Join, token).await
}

async fn join(visit: PageDoor<Anyone>, token: Path<String>, posted: Posted) -> Reply {
    let app = visit.app.clone();
    follow_link(visit, LinkPurpose::Join, token, posted, move |tx, desk, token, hash| {
        let actor = actions::join(tx, &desk.origin, token, hash)?;
        Ok(Go::to("/")
            .saying("Welcome: you have joined.")
            .with_cookie(cookie(&app, &actor, tx.now)?))
    })
    .await
}

async fn show_reset(visit: PageDoor<Anyone>, token: Path<String>) -> Reply {
    show_link(visit, LinkPurpose::Reset, token).await
}

async fn reset(visit: PageDoor<Anyone>, token: Path<String>, posted: Posted) -> Reply {
    follow_link(visit, LinkPurpose::Reset, token, posted, |tx, desk, token, hash| {
        actions::reset_password(tx, &desk.origin, token, hash)?;
        Ok(Go::to("/sign-in").saying("Your password is set. Sign in with it."))
    })
    .await
}

#[derive(Template)]
#[template(path = "accounts/ask_reset.html")]
struct AskResetPage {
    form: Form,
}

fn ask_reset_fields(form: Form) -> Form {
    form.email("email", "Email address").button("Send me a link")
}

fn ask_reset_page(_: &mut Tx<'_>, desk: &Desk<Anyone>) -> Result<Html> {
    let form = ask_reset_fields(desk.form("/reset"));
    Html::of("Forgotten password", &AskResetPage { form })
}

async fn show_ask_reset(visit: PageDoor<Anyone>) -> Reply {
    visit.read(ask_reset_page).await
}

async fn ask_reset(visit: PageDoor<Anyone>, posted: Posted) -> Reply {
    let (secret, sign_ins) = (visit.app.secret.clone(), visit.app.sign_ins.clone());
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let body: ResetRequest = ask_reset_fields(Form::reader()).read(posted)?;
                sign_ins.check(desk.origin.address)?;
                actions::request_reset(tx, &desk.origin, &secret, &body.email)?;
                Ok(Go::to("/sign-in").saying(
                    "If there is an account with that address, a link to choose a new password is on its way there.",
                ))
            },
            ask_reset_page,
        )
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::pages::assert_shows;

    #[test]
    fn signing_in_goes_on_to_where_one_wanted() {
        let form = sign_in_fields(Form::reader()).hidden("next", "/homes?name=\"Birch\"");
        let seen = [
            "<h1>Sign in</h1>",
            "name=\"email\" type=\"email\" autocomplete=\"username\"",
            "name=\"password\" type=\"password\" autocomplete=\"current-password\"",
            "name=\"next\" value=\"/homes?name=&#34;Birch&#34;\"",
            "<a href=\"/reset\">I have forgotten my password</a>",
        ];
        assert_shows(&SignInPage { form }, &seen, &["new-password"]);
    }

    #[test]
    fn a_new_password_is_asked_for_under_its_link() {
        let page = ChoosePasswordPage {
            heading: "Choose a new password",
            form: password_fields(Form::reader()).button("Set the password"),
        };
        let seen = [
            "<h1>Choose a new password</h1>",
            "At least 12 characters.",
            "autocomplete=\"new-password\"",
            "<button>Set the password</button>",
        ];
        assert_shows(&page, &seen, &["current-password"]);
        let form = ask_reset_fields(Form::reader());
        let seen = [
            "<h1>Forgotten password</h1>",
            "good for a short time, and once",
            "name=\"email\"",
        ];
        assert_shows(&AskResetPage { form }, &seen, &["type=\"password\""]);
    }
}

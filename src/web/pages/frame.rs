//! The frame around every page: its head, the navigation, what was said, and the pages that say what went wrong.

use super::door::Kept;
use super::{assets, session};
use crate::access::{Actor, envelope};
use crate::error::{Error, Result};
use crate::web::{Answer, AppState, problem};
use actix_web::http::Method;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// A page's own content, to be framed.
#[derive(Debug)]
pub struct Html {
    title: String,
    content: String,
    wide: bool,
}

impl Html {
    /// A page of this title. (The title stands in the browser's tab; the page has its own heading.)
    pub fn of(title: impl Into<String>, page: &impl Template) -> Result<Self> {
        Ok(Self {
            title: title.into(),
            content: page.render().map_err(Error::internal)?,
            wide: false,
        })
    }

    /// Over the whole width of the window: for tables with many columns.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }
}

/// A link of the navigation.
#[derive(Debug, Clone, Copy)]
pub struct NavLink {
    /// The path.
    pub path: &'static str,
    /// What it is called.
    pub label: &'static str,
}

/// The links at the head of a page, with how much a person has not read.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Menu<'a> {
    pub links: &'a [NavLink],
    pub unread: i64,
}

/// Who is signed in, as the frame says it.
#[derive(Debug, Clone)]
pub struct Introduction {
    /// The person's name.
    pub person: String,
    /// The organisation's name.
    pub organisation: String,
    /// The role, in words.
    pub role: &'static str,
}

/// What the frame takes from the call.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    /// The path and query of the call.
    pub here: String,
    pub secure: bool,
    pub said: Option<String>,
    /// Whether the page's script sends a form, to keep what was typed by now.
    pub saves_itself: bool,
    pub cookies: Vec<String>,
}

impl Frame {
    pub fn new(request: &HttpRequest, secure: bool) -> Self {
        let said = (request.method() == Method::GET)
            .then(|| session::said(request))
            .flatten();
        let cookies = said.iter().map(|_| session::said_cookie(None, secure)).collect();
        let here = request.uri().path_and_query().map_or("/", |here| here.as_str());
        Self {
            here: here.to_owned(),
            secure,
            said,
            saves_itself: request.headers().contains_key("x-autosave"),
            cookies,
        }
    }

    pub fn path(&self) -> &str {
        self.here.split('?').next().unwrap_or_default()
    }

    pub fn around(
        self,
        html: &Html,
        who: Option<&Introduction>,
        menu: Menu<'_>,
        token: &str,
        is_wrong: bool,
        unsaid: Option<&str>,
    ) -> Result<Answer> {
        let layout = Layout {
            title: &html.title,
            is_wrong,
            wide: html.wide,
            content: &html.content,
            path: self.path(),
            menu,
            who,
            token,
            said: self.said.as_deref(),
            unsaid,
            css: assets::css(),
            js: assets::js(),
        };
        let text = layout.render().map_err(Error::internal)?;
        Ok(Answer::html(text).with_cookies(self.cookies))
    }
}

#[derive(Template)]
#[template(path = "web/layout.html")]
struct Layout<'a> {
    title: &'a str,
    is_wrong: bool,
    wide: bool,
    content: &'a str,
    path: &'a str,
    menu: Menu<'a>,
    who: Option<&'a Introduction>,
    token: &'a str,
    said: Option<&'a str>,
    unsaid: Option<&'a str>,
    css: &'a str,
    js: &'a str,
}

impl Layout<'_> {
    fn is_here(&self, link: &NavLink) -> bool {
        match link.path {
            "/" => self.path == "/",
            path => self
                .path
                .strip_prefix(path)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
        }
    }
}

/// What a page may load and do: its own files only.
pub(in crate::web) fn content_security_policy() -> &'static str {
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'"
}

#[derive(Template)]
#[template(path = "web/refused.html")]
struct RefusedPage<'a> {
    status: u16,
    /// Whether another role might do it.
    takes_role: bool,
    title: &'a str,
    detail: &'a str,
    errors: Vec<String>,
    request_id: &'a str,
}

impl<'a> RefusedPage<'a> {
    fn of(body: &'a problem::ProblemBody) -> Self {
        let errors = body.errors.iter();
        Self {
            status: body.status,
            takes_role: body.code == "forbidden",
            title: title(body.status),
            detail: &body.detail,
            errors: errors
                .map(|error| format!("{} {}", error.field, error.message))
                .collect(),
            request_id: &body.request_id,
        }
    }
}

#[derive(Template)]
#[template(path = "web/sign_in_again.html")]
struct SignInAgain<'a> {
    kept: &'a str,
    token: &'a str,
}

/// The page for an error; for somebody who is not signed in, the way to the sign-in.
pub(in crate::web) fn refused(request: &HttpRequest, error: &Error, request_id: &str) -> HttpResponse {
    if let Error::Unauthenticated(_) = error {
        if let Some(answer) = sign_in_again(request) {
            return answer;
        }
        let here = request.uri().path_and_query().map_or("/", |here| here.as_str());
        let next: String = url::form_urlencoded::byte_serialize(here.as_bytes()).collect();
        return Answer::see_other(format!("/sign-in?next={next}")).response();
    }
    let body = problem::ProblemBody::of(error, request_id);
    let page = RefusedPage::of(&body);
    plain(page.title, &page, problem::status(error))
}

/// A page without anybody's navigation.
fn framed(title: &str, page: &impl Template) -> askama::Result<String> {
    let content = page.render()?;
    let layout = Layout {
        title,
        is_wrong: false,
        wide: false,
        content: &content,
        path: "",
        menu: Menu::default(),
        who: None,
        token: "",
        said: None,
        unsaid: None,
        css: assets::css(),
        js: assets::js(),
    };
    layout.render()
}

fn plain(title: &str, page: &impl Template, status: actix_web::http::StatusCode) -> HttpResponse {
    match framed(title, page) {
        Ok(text) => Answer::html(text).with_status(status).response(),
        Err(_) => HttpResponse::build(status).finish(),
    }
}

/// What was typed when the session had ended, sealed into a form that signs in: nothing typed is lost. It opens for whoever typed it,
/// and not for the next person at the same screen.
fn sign_in_again(request: &HttpRequest) -> Option<HttpResponse> {
    let app = AppState::of(request).ok()?;
    let kept = request.extensions().get::<Kept>().cloned()?;
    let (holder, cookie) = if let Some(holder) = super::door::holder(request, app) {
        (holder, None)
    } else {
        let (holder, cookie) = session::new_visitor(app.config.server.is_https()).ok()?;
        (holder, Some(cookie))
    };
    let plain_text = serde_json::to_vec(&kept).ok()?;
    let sealed = envelope::seal(&app.secret.derive("kept-forms"), b"kept form", &plain_text).ok()?;
    let page = SignInAgain {
        kept: &URL_SAFE_NO_PAD.encode(sealed),
        token: &session::form_token(&app.secret, &holder).ok()?,
    };
    let answer = Answer::html(framed("Sign in again", &page).ok()?)
        .with_status(actix_web::http::StatusCode::UNAUTHORIZED)
        .with_cookies(cookie.into_iter().collect());
    Some(answer.response())
}

/// The form that was kept while somebody signed in again, ready to be sent by the new session; nothing when it is none of ours, or
/// somebody else had written it.
pub fn kept_form(app: &AppState, sealed: &str, actor: &Actor) -> Option<Answer> {
    let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
    let plain_text = envelope::open(&app.secret.derive("kept-forms"), b"kept form", &sealed).ok()?;
    let kept: Kept = serde_json::from_slice(&plain_text).ok()?;
    if kept.person != actor.person_id {
        return None;
    }
    let page = KeptForm {
        kept: &kept,
        token: &session::form_token(&app.secret, &session::holder_of_session(actor)).ok()?,
    };
    Some(Answer::html(framed("Send what you wrote", &page).ok()?))
}

#[derive(Template)]
#[template(path = "web/kept_form.html")]
struct KeptForm<'a> {
    kept: &'a Kept,
    token: &'a str,
}

fn title(status: u16) -> &'static str {
    match status {
        403 => "You may not do this",
        404 => "Page not found",
        405 => "This can't be done here",
        409 => "This can't be done now",
        412 => "Somebody changed this meanwhile",
        413 => "That is too large",
        400 | 422 => "Something you sent is not right",
        429 => "Too many requests",
        503 => "Sorry, Hearth is not available just now",
        _ => "Sorry, something went wrong",
    }
}

#[cfg(test)]
mod tests;

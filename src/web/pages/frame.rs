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
        links: &[NavLink],
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
            links,
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
    links: &'a [NavLink],
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
        links: &[],
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
    let who = super::door::remembered(request, app)?.actor;
    let plain_text = serde_json::to_vec(&kept).ok()?;
    let sealed = envelope::seal(&app.secret.derive("kept-forms"), &kept_by(&who), &plain_text).ok()?;
    let page = SignInAgain {
        kept: &URL_SAFE_NO_PAD.encode(sealed),
        token: &session::form_token(&app.secret, &who.session_id.to_string()).ok()?,
    };
    Some(plain("Sign in again", &page, actix_web::http::StatusCode::UNAUTHORIZED))
}

/// What a kept form is bound to.
fn kept_by(who: &Actor) -> Vec<u8> {
    [b"kept form ".as_slice(), who.person_id.uuid().as_bytes()].concat()
}

/// The form that was kept while somebody signed in again, ready to be sent by the new session; nothing when it is none of theirs.
pub fn kept_form(app: &AppState, sealed: &str, who: &Actor) -> Option<Answer> {
    let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
    let plain_text = envelope::open(&app.secret.derive("kept-forms"), &kept_by(who), &sealed).ok()?;
    let kept: Kept = serde_json::from_slice(&plain_text).ok()?;
    let page = KeptForm {
        kept: &kept,
        token: &session::form_token(&app.secret, &who.session_id.to_string()).ok()?,
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
mod tests {
    use super::*;
    use crate::error::{FieldErrors, RefusalKind, Refused};
    use crate::web::pages::assert_shows;
    use crate::web::problem::ProblemBody;

    const LINKS: [NavLink; 2] = [
        NavLink {
            path: "/",
            label: "Home",
        },
        NavLink {
            path: "/homes",
            label: "Homes",
        },
    ];

    fn visited(path: &str) -> Layout<'_> {
        Layout {
            title: "Homes & schools",
            is_wrong: false,
            wide: false,
            content: "<h1>Homes</h1>",
            path,
            links: &[],
            who: None,
            token: "t.oken",
            said: None,
            unsaid: None,
            css: "/assets/hearth.css",
            js: "/assets/hearth.js",
        }
    }

    #[test]
    fn a_visitor_can_sign_in_and_has_no_navigation() {
        let seen = [
            "<title>Homes &#38; schools – Hearth</title>",
            "<a class=\"skip\" href=\"#main\">",
            "<a href=\"/sign-in\">Sign in</a>",
            "<main id=\"main\" class=\"width\" tabindex=\"-1\"> <h1>Homes</h1> </main>",
            "href=\"/assets/hearth.css\"",
            "src=\"/assets/hearth.js\" defer",
            "<a href=\"/help\">Help</a>",
        ];
        assert_shows(
            &visited("/homes"),
            &seen,
            &["<nav", "Sign out", "role=\"alert\"", "role=\"status\""],
        );
    }

    #[test]
    fn who_is_signed_in_sees_their_name_their_links_and_where_they_are() {
        let who = Introduction {
            person: "Jo O'Neil".to_owned(),
            organisation: "Acorn <Care>".to_owned(),
            role: "Bidder",
        };
        let page = |path: &'static str| Layout {
            links: &LINKS,
            who: Some(&who),
            wide: true,
            ..visited(path)
        };
        let seen = [
            "Jo O&#39;Neil, Bidder, Acorn &#60;Care&#62;",
            "<a href=\"/me\">Your account</a>",
            "action=\"/sign-out\"><input type=\"hidden\" name=\"_token\" value=\"t.oken\"><button class=\"plain\">Sign out</button>",
            "<a href=\"/\">Home</a>",
            "<a href=\"/homes\" aria-current=\"page\">Homes</a>",
            "class=\"width wide\"",
        ];
        let nobody = "<a href=\"/sign-in\">";
        assert_shows(&page("/homes/1"), &seen, &[nobody]);
        let elsewhere = "<a href=\"/homes\">Homes</a>";
        assert_shows(&page("/homeseekers"), &[elsewhere], &["aria-current"]);
        assert_shows(
            &page("/"),
            &[elsewhere, "<a href=\"/\" aria-current=\"page\">Home</a>"],
            &[],
        );
    }

    #[test]
    fn what_was_done_and_what_was_refused_is_said_over_the_page() {
        let done = Layout {
            said: Some("Birch <House> is saved."),
            ..visited("/")
        };
        let saved = "role=\"status\"><p>Birch &#60;House&#62; is saved.</p>";
        assert_shows(&done, &[saved], &["There is a problem", "<title>Error"]);
        let refused = Layout {
            is_wrong: true,
            unsaid: Some("The home is \"closed\"."),
            ..visited("/")
        };
        let seen = [
            "<title>Error: Homes &#38; schools – Hearth</title>",
            "role=\"alert\" tabindex=\"-1\" autofocus><h2>There is a problem</h2><p>The home is &#34;closed&#34;.</p>",
        ];
        assert_shows(&refused, &seen, &["role=\"status\""]);
    }

    /// The page for an error says this and not that, and always has the way home and the reference.
    fn assert_refusal_says(error: &Error, seen: &[&str], unseen: &[&str]) {
        let body = ProblemBody::of(error, "req-17");
        let page = RefusedPage::of(&body);
        assert_shows(&page, seen, unseen);
        assert_shows(
            &page,
            &["<code>req-17</code>", "<a href=\"/\">Go to your home page</a>"],
            &[],
        );
    }

    #[test]
    fn each_refusal_says_what_to_do_next() {
        for (error, title, next) in [
            (Error::NotFound("home"), "Page not found", "another organisation’s"),
            (
                Error::Forbidden("an operator"),
                "You may not do this",
                "for the role that it takes",
            ),
            (
                Error::Unavailable,
                "Sorry, Hearth is not available just now",
                "Nothing you had saved is lost",
            ),
            (Error::TooMany { retry_after: 9 }, "Too many requests", "Wait a little"),
            (
                Error::internal("disk full"),
                "Sorry, something went wrong",
                "Nothing was half done",
            ),
        ] {
            let title = format!("<h1>{title}</h1>");
            assert_refusal_says(&error, &[title.as_str(), next], &["<li>", "disk full"]);
        }
    }

    #[test]
    fn a_refusal_names_every_field_and_is_no_markup() {
        let mut errors = FieldErrors::new();
        errors.add("places", "range", "must be at least 1");
        errors.add("name", "required", "must be filled in, <b>say</b>");
        let refused = Error::Refused(Refused {
            kind: RefusalKind::Unprocessable,
            code: "home.wrong",
            detail: "The home \"Birch\" can't be registered.".to_owned(),
            errors,
        });
        let seen = [
            "<h1>Something you sent is not right</h1>",
            "<p>The home &#34;Birch&#34; can&#39;t be registered.</p>",
            "<ul><li>places must be at least 1</li><li>name must be filled in, &#60;b&#62;say&#60;/b&#62;</li></ul>",
        ];
        assert_refusal_says(&refused, &seen, &["<b>"]);
        assert_refusal_says(&Error::Stale, &["Somebody changed this meanwhile"], &["<ul>"]);
    }

    #[test]
    fn a_refusal_that_the_request_has_no_id_for_asks_for_none() {
        let body = ProblemBody::of(&Error::NotFound("home"), "");
        assert_shows(
            &RefusedPage::of(&body),
            &["There is no such home."],
            &["Reference for asking us"],
        );
    }

    #[test]
    fn what_was_typed_goes_sealed_through_the_sign_in() {
        let page = SignInAgain {
            kept: "c2VhbGVk",
            token: "t.oken",
        };
        let seen = [
            "<h1>Sign in again to continue</h1>",
            "What you wrote is kept in this page",
            "<form method=\"post\" action=\"/sign-in\"",
            "name=\"_token\" value=\"t.oken\"",
            "name=\"kept\" value=\"c2VhbGVk\"",
            "<label for=\"f-email\">",
            "autocomplete=\"current-password\"",
        ];
        assert_shows(&page, &seen, &[]);
    }

    #[test]
    fn what_was_kept_is_ready_to_be_sent_and_is_no_markup() {
        let kept = Kept {
            path: "/homes/1/edit".to_owned(),
            fields: vec![
                ("name".to_owned(), "Birch \"<b>House\"".to_owned()),
                ("sexes".to_owned(), "F".to_owned()),
            ],
        };
        let page = KeptForm {
            kept: &kept,
            token: "t.oken",
        };
        let seen = [
            "<h1>You are signed in again</h1>",
            "<form method=\"post\" action=\"/homes/1/edit\">",
            "name=\"_token\" value=\"t.oken\"",
            "name=\"name\" value=\"Birch &#34;&#60;b&#62;House&#34;\"",
            "name=\"sexes\" value=\"F\"",
            "<button>Send what you wrote</button>",
        ];
        assert_shows(&page, &seen, &["<b>"]);
    }
}

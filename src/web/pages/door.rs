//! The door that a browser comes through.

use super::form::Form;
use super::frame::{self, Frame, Html};
use super::narrowing::Narrowing;
use super::posted::Posted;
use super::session;
use crate::access::{Actor, Origin};
use crate::config::SecretKey;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::web::idempotency::{self, Key};
use crate::web::{Answer, AppState, Asker, Problem, Remembered, Reply, check_access, problem};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use std::cell::Cell;
use std::future::{Ready, ready};
use std::ops::Deref;
use std::sync::Arc;

/// What a page or a file is made by. Boxed, as in [`crate::db`].
type Making<A, T> = Box<dyn FnOnce(&mut Tx<'_>, &Desk<A>) -> Result<T> + Send>;
/// What a form does.
type Working<A> = Box<dyn FnMut(&mut Tx<'_>, &Desk<A>, &Posted) -> Result<Go> + Send>;

/// A call by a browser, with its asker.
#[derive(Debug)]
pub struct PageDoor<A> {
    /// What every call can reach.
    pub app: AppState,
    /// Where the call came from.
    pub origin: Origin,
    asker: Result<A>,
    holder: String,
    frame: Frame,
}

/// What a form had sent before it was found that nobody is signed in any more.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub(in crate::web) struct Kept {
    pub path: String,
    pub fields: Vec<(String, String)>,
}

/// Whom the session's cookie names, where it is one of ours.
pub(super) fn remembered(request: &HttpRequest, app: &AppState) -> Option<Remembered> {
    let token = session::session_token(request)?;
    let origin = crate::web::origin_of(request);
    app.doorkeeper.recognise_cookie(&token, origin).ok()
}

/// Who holds the forms of this browser: the session that its cookie names, ended or not, or the visitor.
pub(super) fn holder(request: &HttpRequest, app: &AppState) -> Option<String> {
    holder_of(request, remembered(request, app).as_ref())
}

fn holder_of(request: &HttpRequest, remembered: Option<&Remembered>) -> Option<String> {
    remembered
        .map(|remembered| remembered.actor.session_id.to_string())
        .or_else(|| session::visitor(request))
}

impl<A: Asker> FromRequest for PageDoor<A> {
    type Error = Problem;
    type Future = Ready<std::result::Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::enter(request).map_err(Problem))
    }
}

impl<A: Asker> PageDoor<A> {
    fn enter(request: &HttpRequest) -> Result<Self> {
        let app = AppState::of(request)?.clone();
        let origin = crate::web::origin_of(request);
        let access = app.access_of(request)?;
        let remembered = remembered(request, &app);
        let secure = app.config.server.is_https();
        let mut frame = Frame::new(request, secure);
        let holder = if let Some(holder) = holder_of(request, remembered.as_ref()) {
            holder
        } else {
            let visitor = session::random()?;
            frame.cookies.push(session::visitor_cookie(&visitor, secure));
            visitor
        };
        let actor = remembered
            .filter(|remembered| !remembered.ended)
            .map(|remembered| remembered.actor);
        let asker = match check_access(access, actor.as_ref()).and_then(|()| A::admit(actor, origin.clone())) {
            // Said only when the form has been read: what was typed is kept for after the sign-in.
            Err(Error::Unauthenticated(code)) => Err(Error::Unauthenticated(code)),
            other => Ok(other?),
        };
        Ok(Self {
            app,
            origin,
            asker,
            holder,
            frame,
        })
    }

    /// Reads for the asker, from one snapshot.
    pub fn read<F>(self, page: F) -> impl Future<Output = Reply>
    where
        F: FnOnce(&mut Tx<'_>, &Desk<A>) -> Result<Html> + Send + 'static,
    {
        self.read_boxed(Box::new(page))
    }

    async fn read_boxed(self, page: Making<A, Html>) -> Reply {
        let (db, desk) = self.desk()?;
        db.read(move |tx| show(tx, desk, page)).await.map_err(Problem)
    }

    /// Reads for the asker what is taken away as a file.
    pub fn download<F>(self, file: F) -> impl Future<Output = Reply>
    where
        F: FnOnce(&mut Tx<'_>, &Desk<A>) -> Result<Answer> + Send + 'static,
    {
        self.download_boxed(Box::new(file))
    }

    async fn download_boxed(self, file: Making<A, Answer>) -> Reply {
        let (db, mut desk) = self.desk()?;
        let answer = db.read(move |tx| {
            desk.confirm(tx)?;
            file(tx, &desk)
        });
        answer.await.map_err(Problem)
    }

    /// Writes for the asker, all of it or nothing, and once however often the form is sent. When it is refused, `page` shows the
    /// form again: [`Desk::form`] fills it with what was typed.
    pub fn write<W, P>(self, posted: Posted, work: W, page: P) -> impl Future<Output = Reply>
    where
        W: FnOnce(&mut Tx<'_>, &Desk<A>, &Posted) -> Result<Go> + Clone + Send + 'static,
        P: FnOnce(&mut Tx<'_>, &Desk<A>) -> Result<Html> + Send + 'static,
    {
        let work = move |tx: &mut Tx<'_>, desk: &Desk<A>, posted: &Posted| work.clone()(tx, desk, posted);
        self.write_boxed(posted, Box::new(work), Box::new(page))
    }

    async fn write_boxed(self, posted: Posted, mut work: Working<A>, page: Making<A, Html>) -> Reply {
        let (db, desk) = self.desk()?;
        let key = Key {
            scope: format!("form {}", desk.holder),
            text: format!("{} {}", posted.nonce, hex::encode(&posted.digest[..8])),
            digest: posted.digest,
        };
        let sent = posted.clone();
        let mut writing = desk.clone();
        let done = db.write_boxed(Box::new(move |tx| {
            writing.confirm(tx)?;
            idempotency::once(tx, &writing.secret, Some(&key), &mut |tx| {
                let go = work(tx, &writing, &sent)?;
                Ok(go.answer(writing.frame.secure))
            })
        }));
        let refused = match done.await {
            Ok(answer) => return Ok(answer),
            Err(refused) => refused,
        };
        desk.refuse(&db, posted, refused, page).await
    }

    /// Shows what would come of a form, so that it is checked before it is done; nothing is written. When it is refused, `page` shows
    /// the form again, as [`Self::write`] does.
    pub async fn check<C, P>(self, posted: Posted, check: C, page: P) -> Reply
    where
        C: FnOnce(&mut Tx<'_>, &Desk<A>, &Posted) -> Result<Html> + Send + 'static,
        P: FnOnce(&mut Tx<'_>, &Desk<A>) -> Result<Html> + Send + 'static,
    {
        let (db, desk) = self.desk()?;
        let (checking, sent) = (desk.clone(), posted.clone());
        let check = Box::new(move |tx: &mut Tx<'_>, desk: &Desk<A>| check(tx, desk, &sent));
        let checked = db.read(move |tx| show(tx, checking, check));
        match checked.await {
            Ok(answer) => Ok(answer),
            Err(refused) => desk.refuse(&db, posted, refused, Box::new(page)).await,
        }
    }

    /// Who asks, so far as the cookie says: for choosing which page is shown. Reading and writing make sure of it.
    pub fn asker(&self) -> Option<&A> {
        self.asker.as_ref().ok()
    }

    /// Shows a form again that was refused before anything could be written.
    pub async fn refuse<P>(self, posted: Posted, refused: Error, page: P) -> Reply
    where
        P: FnOnce(&mut Tx<'_>, &Desk<A>) -> Result<Html> + Send + 'static,
    {
        let (db, desk) = self.desk()?;
        desk.refuse(&db, posted, refused, Box::new(page)).await
    }

    fn desk(self) -> std::result::Result<(crate::db::Database, Desk<A>), Problem> {
        let Self {
            app,
            asker,
            origin,
            holder,
            frame,
        } = self;
        let desk = Desk {
            asker: asker.map_err(Problem)?,
            doorkeeper: app.doorkeeper,
            navigation: app.navigation,
            secret: app.secret,
            origin,
            holder,
            frame,
            tried: None,
            said: Cell::new(false),
        };
        Ok((app.db, desk))
    }
}

/// A form that was refused.
#[derive(Debug)]
pub(super) struct Tried {
    pub path: String,
    pub posted: Posted,
    pub error: Error,
}

/// Where a page is made: who asks, and what forms need.
#[derive(Debug)]
pub struct Desk<A> {
    asker: A,
    doorkeeper: Arc<dyn crate::web::Doorkeeper>,
    navigation: fn(&Actor) -> &'static [frame::NavLink],
    secret: SecretKey,
    origin: Origin,
    holder: String,
    frame: Frame,
    tried: Option<Tried>,
    /// Whether a form of the page says why it was refused.
    said: Cell<bool>,
}

impl<A> Deref for Desk<A> {
    type Target = A;
    fn deref(&self) -> &A {
        &self.asker
    }
}

/// The same desk, on which nothing was tried yet.
impl<A: Asker> Clone for Desk<A> {
    fn clone(&self) -> Self {
        Self {
            asker: self.asker.clone(),
            doorkeeper: self.doorkeeper.clone(),
            navigation: self.navigation,
            secret: self.secret.clone(),
            origin: self.origin.clone(),
            holder: self.holder.clone(),
            frame: self.frame.clone(),
            tried: None,
            said: Cell::new(false),
        }
    }
}

impl<A: Asker> Desk<A> {
    /// Makes sure that the session goes on. On a page for everybody whoever's has ended is a visitor again.
    fn confirm(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        let Some(actor) = self.asker.actor() else {
            return Ok(());
        };
        match self.doorkeeper.confirm(tx, actor) {
            Err(ended @ Error::Unauthenticated(_)) => {
                self.asker = A::admit(None, self.origin.clone()).map_err(|_| ended)?;
                Ok(())
            }
            other => other,
        }
    }

    /// A form that is sent to this path. If it was sent just now and refused, it comes filled in and says why.
    pub fn form(&self, path: impl Into<String>) -> Form {
        let path = path.into();
        let tried = self.tried.as_ref().filter(|tried| tried.path == path);
        if tried.is_some() {
            self.said.set(true);
        }
        // Only the system's random numbers can fail; a form without a token is refused when it comes back.
        let token = session::form_token(&self.secret, &self.holder).unwrap_or_default();
        Form::new(path, token, tried.map(|tried| (&tried.posted, &tried.error)))
    }

    /// What narrows the list that this page shows.
    pub fn narrowing(&self) -> Narrowing {
        Narrowing::of(&self.frame.here)
    }

    /// Whether cookies must only travel over TLS.
    pub fn secure(&self) -> bool {
        self.frame.secure
    }

    /// Whether the page's script sends a form, to keep what was typed by now: answered with [`Go::kept`].
    pub fn saves_itself(&self) -> bool {
        self.frame.saves_itself
    }

    /// What was typed into the form that was refused just now, whichever it was.
    pub fn typed(&self) -> Option<&Posted> {
        self.tried.as_ref().map(|tried| &tried.posted)
    }

    async fn refuse(mut self, db: &crate::db::Database, posted: Posted, error: Error, page: Making<A, Html>) -> Reply {
        let again = matches!(
            error,
            Error::Invalid(_) | Error::Refused(_) | Error::Stale | Error::TooMany { .. }
        ) || matches!(
            error,
            Error::Unauthenticated("auth.credentials_wrong" | "auth.code_wrong")
        );
        if !again {
            return Err(Problem(error));
        }
        let status = problem::status(&error);
        self.tried = Some(Tried {
            path: self.frame.path().to_owned(),
            posted,
            error,
        });
        let answer = db.read(move |tx| show(tx, self, page)).await.map_err(Problem)?;
        Ok(answer.with_status(status))
    }
}

/// Makes the page, and the frame around it.
fn show<A: Asker>(tx: &mut Tx<'_>, mut desk: Desk<A>, page: Making<A, Html>) -> Result<Answer> {
    desk.confirm(tx)?;
    let content = page(tx, &desk)?;
    let who = desk
        .asker
        .actor()
        .map(|actor| desk.doorkeeper.introduce(tx, actor))
        .transpose()?;
    let links = desk.asker.actor().map_or(&[][..], |actor| (desk.navigation)(actor));
    let token = session::form_token(&desk.secret, &desk.holder)?;
    let unsaid = desk
        .tried
        .as_ref()
        .filter(|_| !desk.said.get())
        .map(|tried| tried.error.to_string());
    let is_wrong = desk.tried.is_some();
    desk.frame
        .around(&content, who.as_ref(), links, &token, is_wrong, unsaid.as_deref())
}

/// Where the browser goes on after something was done.
#[derive(Debug)]
pub struct Go {
    target: Target,
    said: Option<String>,
    cookies: Vec<String>,
}

#[derive(Debug)]
enum Target {
    Path(String),
    Here(Answer),
}

impl Go {
    /// To this page.
    pub fn to(path: impl Into<String>) -> Self {
        Self {
            target: Target::Path(path.into()),
            said: None,
            cookies: Vec::new(),
        }
    }

    /// Nowhere: this is the answer itself. (For a page that must not have an address, and for what a script asked.)
    pub fn nowhere(answer: Answer) -> Self {
        Self {
            target: Target::Here(answer),
            said: None,
            cookies: Vec::new(),
        }
    }

    /// Nowhere: what a form that [saves itself](Form::saving_itself) goes on with.
    pub fn kept<A>(desk: &Desk<A>, version: i64) -> Result<Self> {
        let token = session::form_token(&desk.secret, &desk.holder)?;
        Ok(Self::nowhere(Answer::ok(
            serde_json::json!({"token": token, "version": version}),
        )?))
    }

    /// Which says what was done.
    #[must_use]
    pub fn saying(mut self, text: impl Into<String>) -> Self {
        self.said = Some(text.into());
        self
    }

    /// With a cookie, as [`session_cookie`](super::session_cookie) makes them.
    #[must_use]
    pub fn with_cookie(mut self, cookie: String) -> Self {
        self.cookies.push(cookie);
        self
    }

    fn answer(self, secure: bool) -> Answer {
        let mut cookies = self.cookies;
        if let Some(text) = &self.said {
            cookies.push(session::said_cookie(Some(text), secure));
        }
        let answer = match self.target {
            Target::Path(path) => Answer::see_other(path),
            Target::Here(answer) => answer,
        };
        answer.with_cookies(cookies)
    }
}

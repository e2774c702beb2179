//! The program of one test: the real server on a port of its own, a fresh database, a clock that stands still, mail that
//! stays here. Dropped, it fails the test when something that it should have done was left undone.

use std::net::TcpListener;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, mpsc};
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use chrono::Duration;
use hearth::accounts::{create_operator, passwords};
use hearth::clock::{Clock, FixedClock, Instant};
use hearth::config::{Config, SecretKey};
use hearth::db::Database;
use hearth::mail::{Mailer, Memory, Message};
use hearth::server;
use hearth::web::AppState;
use hearth::worker;

use super::browser::Browser;
use super::client::{Client, Operator, PASSWORD};
use super::database::FreshDatabase;

/// When every test begins: a Wednesday morning, in winter time.
const BEGINNING: &str = "2026-03-04T10:00:00Z";

/// Hashing takes a while: the first operators of all tests share the hash of their password.
static PASSWORD_HASH: LazyLock<String> = LazyLock::new(|| passwords::hash(PASSWORD).expect("a password is hashed"));

/// A running program of one test's own.
pub struct Program {
    pub clock: FixedClock,
    /// What the relay was given, and how it may be told to fail.
    pub mails: Memory,
    /// What calls can reach; for what can't be seen from outside.
    pub app: AppState,
    base: String,
    mailer: Mailer,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
    runtime: tokio::runtime::Runtime,
    failures_expected: AtomicBool,
    // The last to go.
    database: Arc<FreshDatabase>,
}

impl Program {
    /// On a migrated, empty database.
    pub fn start() -> Self {
        Self::with(&[])
    }

    /// [`Program::start`], told other things from outside than tests usually tell it.
    pub fn with(variables: &[(&str, &str)]) -> Self {
        Self::on(
            Arc::new(FreshDatabase::migrated()),
            BEGINNING.parse().expect("a moment"),
            variables,
        )
    }

    /// On a database that is shared with others, at this moment.
    pub fn on(database: Arc<FreshDatabase>, now: Instant, variables: &[(&str, &str)]) -> Self {
        let clock = FixedClock::at(now);
        let config = Arc::new(config(database.url(), variables));
        let secret = SecretKey::new(vec![7; 32]).expect("32 bytes are a key");
        let app = server::state(database.open(Arc::new(clock.clone())), config, secret);
        let mails = Memory::new();
        let from = "Hearth <no-reply@hearth.example>".parse().expect("a mailbox");
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let (handle, thread) = serve(app.clone(), listener);
        Self {
            clock,
            mailer: Mailer::in_memory(from, mails.clone()),
            mails,
            app,
            base,
            handle,
            thread: Some(thread),
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime"),
            failures_expected: AtomicBool::new(false),
            database,
        }
    }

    /// Where it listens, with the scheme.
    pub fn address(&self) -> &str {
        &self.base
    }

    /// The URL of its database.
    pub fn database_url(&self) -> &str {
        self.database.url()
    }

    pub fn db(&self) -> &Database {
        &self.app.db
    }

    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// The moment so many minutes from now, as the API takes it.
    pub fn in_minutes(&self, minutes: i64) -> String {
        self.now().plus(Duration::minutes(minutes)).to_string()
    }

    /// Moves the clock on, and does what is then due.
    pub fn wait(&self, time: Duration) {
        self.clock.advance(time);
        self.settle();
    }

    /// Lets the worker do everything that is due now.
    pub fn settle(&self) {
        self.runtime
            .block_on(worker::drain(&self.app, &self.mailer))
            .expect("the worker works");
    }

    /// From now on events and mails may fail without failing the test.
    pub fn expect_failures(&self) {
        self.failures_expected.store(true, Ordering::Relaxed);
    }

    /// A browser in which nobody has signed in.
    pub fn browser(&self) -> Browser {
        Browser::new(self.address())
    }

    /// The browser of a person who has joined, signed in.
    pub fn browser_of(&self, person: &Client) -> Browser {
        self.browser().sign_in(person.email())
    }

    /// Somebody who has not signed in.
    pub fn visitor(&self) -> Client {
        Client::visitor(&self.base)
    }

    /// The first operator of a cooperative, made as the command line makes them.
    pub fn operator(&self, cooperative: &str, email: &str) -> Operator {
        self.db()
            .write_now(|tx| {
                let (name, email) = ("Op Erator".parse().expect("a name"), email.parse().expect("an address"));
                create_operator(tx, cooperative, name, email, PASSWORD_HASH.clone())
            })
            .expect("an operator is made");
        Operator(self.visitor().signed_in(email))
    }

    /// Follows the link of the newest join mail to an address.
    pub fn join(&self, email: &str) -> Client {
        let token = self.link(email, "join");
        let answer = self
            .visitor()
            .post("/auth/join", serde_json::json!({"token": token, "password": PASSWORD}))
            .ok();
        self.visitor()
            .as_person(email, answer["access_token"].as_str().expect("an access token").into())
    }

    /// The token of the newest mailed link of that kind to an address: `…/KIND/TOKEN`.
    pub fn link(&self, email: &str, kind: &str) -> String {
        let start = format!("/{kind}/");
        let mails = self.mails_to(email);
        let found = mails.iter().rev().find_map(|mail| mail.text.split_once(&start));
        let (_, rest) = found.unwrap_or_else(|| panic!("no {kind} link was mailed to {email}"));
        rest.chars()
            .take_while(|one| one.is_ascii_alphanumeric() || "-_".contains(*one))
            .collect()
    }

    /// Every mail sent to an address by now, in order.
    pub fn mails_to(&self, email: &str) -> Vec<Message> {
        self.settle();
        self.mails.to(email)
    }

    /// The mails sent to an address while something was done.
    pub fn mails_during(&self, email: &str, done: impl FnOnce()) -> Vec<Message> {
        let before = self.mails_to(email).len();
        done();
        self.mails_to(email).split_off(before)
    }

    /// Counts rows, for what can't be seen from outside: `bids WHERE state = 'draft'`.
    pub fn count(&self, rows: &str) -> i64 {
        self.text(&format!("SELECT CAST(count(*) AS TEXT) AS text FROM {rows}"))
            .parse()
            .expect("a number")
    }

    /// The one text that a query answers with, in a column named `text`.
    pub fn text(&self, query: &str) -> String {
        FreshDatabase::text(self.db(), query)
    }

    /// What the worker, given the time, would still have to do or could not do.
    fn left_behind(&self) -> Vec<String> {
        self.settle();
        let events = self.count("events WHERE state <> 'done'");
        let mails = self.count("mails WHERE state IN ('queued', 'sending', 'given_up')");
        let say = |count: i64, what: &str| (count > 0).then(|| format!("{count} {what}"));
        [say(events, "events not told"), say(mails, "mails not sent")]
            .into_iter()
            .flatten()
            .collect()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let unasked = std::thread::panicking() || self.failures_expected.load(Ordering::Relaxed);
        let left = if unasked { Vec::new() } else { self.left_behind() };
        self.runtime.block_on(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
        assert!(left.is_empty(), "left behind: {}", left.join(", "));
    }
}

fn serve(app: AppState, listener: TcpListener) -> (ServerHandle, JoinHandle<()>) {
    let (tell, told) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let server = server::serve(app, listener, 1).expect("the server starts");
            tell.send(server.handle()).expect("the test waits");
            server.await.expect("the server ends well");
        });
    });
    (told.recv().expect("the server started"), thread)
}

fn config(database: &str, variables: &[(&str, &str)]) -> Config {
    let usual = [
        ("HEARTH_DATABASE_URL", database),
        ("HEARTH_PUBLIC_URL", "https://hearth.example"),
        ("HEARTH_SECRET_KEY", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc="),
        // Never used: mails stay in memory.
        ("HEARTH_MAIL", "smtp://127.0.0.1:9?tls=none"),
        ("HEARTH_MAIL_FROM", "Hearth <no-reply@hearth.example>"),
        ("HEARTH_SECOND_FACTOR", "optional"),
        ("HEARTH_SIGN_INS_PER_MINUTE", "0"),
        ("HEARTH_CALLS_PER_MINUTE", "0"),
    ];
    let value = |name: &str| {
        let told = variables.iter().chain(&usual).find(|(variable, _)| *variable == name);
        told.map(|(_, value)| (*value).to_string())
    };
    Config::read(&value).unwrap_or_else(|problems| panic!("{problems:?}"))
}

//! The worker: tells what happened to whoever must know, sends what is to be sent, and minds what time brings about.
//!
//! Several workers, in one process or many, share the queues: a claim is a row lock or a lease. Killed anywhere, nothing is
//! lost and nothing is told twice; only a mail that the relay took just before may arrive again, under its one Message-ID.

use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::watch;

use crate::clock::Instant;
use crate::config::metrics::{self, MailOutcome};
use crate::error::{Error, Result};
use crate::ids::EventId;
use crate::mail::{Mailer, SendError};
use crate::notifications::actions::{self, Attempted};
use crate::notifications::store::Outgoing;
use crate::web::{self, AppState};
use crate::{accounts, providers, vacancies};

/// Events told between two looks at the mails, and at whether to stop.
const EVENTS_AT_ONCE: i64 = 20;

/// Mails on their way at the same time.
const MAILS_AT_ONCE: i64 = 4;

/// Longest rest of an idle worker: another process may have written something.
const POLL: Duration = Duration::from_secs(1);

/// Longest rest after an error of the database.
const LONGEST_REST: Duration = Duration::from_secs(30);

/// Between two looks at what time alone brings about.
const REMIND_EVERY: chrono::Duration = chrono::Duration::seconds(15);

/// Between two rounds of tidying.
const TIDY_EVERY: chrono::Duration = chrono::Duration::hours(1);

/// Most stale vacancies asked about in one round of tidying.
const STALE_AT_ONCE: i64 = 500;

/// How often the record of a mail that was sent is tried before it is left to its lease.
const RECORD_ATTEMPTS: u32 = 5;

/// Works until told to stop; what is under way is finished first.
pub async fn run(app: AppState, mailer: Mailer, mut stop: watch::Receiver<bool>) {
    let mut worker = Worker::new(app, mailer);
    let mut rest = POLL;
    while !*stop.borrow() {
        match worker.step().await {
            Ok(true) => {
                rest = POLL;
                continue;
            }
            Ok(false) => rest = POLL,
            Err(cause) => {
                tracing::error!(%cause, rest_seconds = rest.as_secs(), "the worker could not go on");
                rest = (rest * 2).min(LONGEST_REST);
            }
        }
        tokio::select! {
            // An error means that whoever could tell us to stop is gone.
            told = stop.changed() => if told.is_err() { break },
            () = worker.app.db.emitted() => {}
            () = tokio::time::sleep(rest) => {}
        }
    }
}

/// Does everything that is due now, then returns: for tests, which move the clock themselves.
///
/// # Errors
/// Those of the database. An event that cannot be told, or a mail that cannot be sent, is put off and is no error here.
pub async fn drain(app: &AppState, mailer: &Mailer) -> Result<()> {
    let mut worker = Worker::new(app.clone(), mailer.clone());
    while worker.step().await? {}
    Ok(())
}

struct Worker {
    app: AppState,
    mailer: Mailer,
    remind_at: Instant,
    tidy_at: Instant,
}

impl Worker {
    fn new(app: AppState, mailer: Mailer) -> Self {
        let now = app.db.clock().now();
        Self {
            app,
            mailer,
            remind_at: now,
            tidy_at: now,
        }
    }

    /// A bounded piece of work. Answers whether there may be more.
    async fn step(&mut self) -> Result<bool> {
        let now = self.app.db.clock().now();
        if self.tidy_at <= now {
            self.tidy_at = now.plus(TIDY_EVERY);
            self.tidy().await?;
        }
        if self.remind_at <= now {
            self.remind_at = now.plus(REMIND_EVERY);
            self.remind().await?;
        }
        let waiting = self.app.db.read(|tx| actions::waiting(tx, EVENTS_AT_ONCE)).await?;
        let mut done = false;
        for event in waiting.events {
            done |= self.tell(event).await?;
        }
        if waiting.mails {
            done |= self.send().await?;
        }
        Ok(done)
    }

    /// What time alone brings about. A read tells whether there is anything to write.
    async fn remind(&self) -> Result<()> {
        let due = self.app.db.read(actions::due_reminders).await?;
        if !due.is_empty() {
            self.app.db.write(move |tx| actions::emit_reminders(tx, &due)).await?;
        }
        Ok(())
    }

    /// What the slices look after once an hour: reminders of their own, and rows that nobody needs any more.
    async fn tidy(&self) -> Result<()> {
        self.app
            .db
            .write(|tx| {
                providers::actions::remind_of_expiry(tx)?;
                vacancies::actions::remind_of_stale(tx, STALE_AT_ONCE).map(drop)
            })
            .await?;
        self.app.db.write(accounts::purge).await?;
        self.app.db.write(web::purge_idempotency_answers).await?;
        Ok(())
    }

    /// Tells of one event. Answers whether this worker did.
    async fn tell(&self, event: EventId) -> Result<bool> {
        let (config, secret) = (self.app.config.clone(), self.app.secret.clone());
        match self
            .app
            .db
            .write(move |tx| actions::tell(tx, &config, &secret, event))
            .await
        {
            Ok(told) => Ok(told.is_some()),
            // The database is away or busy: nothing is wrong with the event.
            Err(Error::Unavailable) => Err(Error::Unavailable),
            Err(cause) => {
                tracing::error!(%event, %cause, "an event could not be told");
                let cause = cause.to_string();
                let aside = self.app.db.write(move |tx| actions::put_off(tx, event, &cause)).await?;
                if aside {
                    tracing::error!(%event, "an event was put aside");
                }
                Ok(true)
            }
        }
    }

    async fn send(&self) -> Result<bool> {
        let mails = self.app.db.write(|tx| actions::claim(tx, MAILS_AT_ONCE)).await?;
        let any = !mails.is_empty();
        // No transaction is open while they are on their way.
        join_all(mails.into_iter().map(|mail| self.send_one(mail))).await;
        Ok(any)
    }

    async fn send_one(&self, mail: Outgoing) {
        let outcome = match actions::message(&self.app.secret, &mail) {
            Ok(message) => self.mailer.send(&message, self.app.db.clock().now()).await,
            Err(cause) => Err(cause),
        };
        // The relay's words may repeat the address: they stand in the row, for operators, and not in the log.
        let id = mail.id;
        match self.record(mail, outcome).await {
            Ok(Attempted::Sent) => metrics::mail(MailOutcome::Sent),
            Ok(Attempted::SentTooLate) => {
                metrics::mail(MailOutcome::Sent);
                tracing::warn!(mail = %id, "a mail was sent after its lease had ended; it may arrive twice");
            }
            Ok(Attempted::Retried) => {
                metrics::mail(MailOutcome::Retried);
                tracing::warn!(mail = %id, "a mail could not be sent yet");
            }
            Ok(Attempted::GivenUp) => {
                metrics::mail(MailOutcome::GivenUp);
                tracing::error!(mail = %id, "a mail was given up");
            }
            Err(cause) => tracing::error!(mail = %id, %cause, "what came of a mail could not be recorded"),
        }
    }

    /// Records what came of an attempt; tried several times, since a mail that was sent and not recorded is sent again.
    async fn record(&self, mail: Outgoing, outcome: std::result::Result<(), SendError>) -> Result<Attempted> {
        let mut wait = Duration::from_millis(100);
        for _ in 1..RECORD_ATTEMPTS {
            let (row, result) = (mail.clone(), outcome.clone());
            match self.app.db.write(move |tx| actions::record(tx, &row, &result)).await {
                Err(Error::Unavailable) => {
                    tokio::time::sleep(wait).await;
                    wait *= 2;
                }
                recorded => return recorded,
            }
        }
        self.app.db.write(move |tx| actions::record(tx, &mail, &outcome)).await
    }
}

//! What happened, written in the transaction that made it happen. The worker turns each event into notifications and mails
//! after the transaction is kept; nothing that was undone is ever told.

mod event;
pub mod store;

pub use event::Event;

use crate::config::metrics::{self, Queue};
use crate::db::Database;
use crate::error::Result;
use std::time::Duration;

/// What waits to be told and sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueState {
    /// Events that nobody was told of yet, and for how many seconds the oldest has been due.
    pub events: (i64, i64),
    /// Mails not sent yet, and for how many seconds the oldest has been due.
    pub mails: (i64, i64),
    /// Mails given up on.
    pub given_up: i64,
}

impl QueueState {
    /// Shows the state among the metrics.
    pub fn count(&self) {
        let age = |seconds: i64| Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
        let depth = |count: i64| u64::try_from(count).unwrap_or(0);
        metrics::queue(Queue::Events, depth(self.events.0), age(self.events.1));
        metrics::queue(Queue::Mails, depth(self.mails.0), age(self.mails.1));
        metrics::mails_given_up(depth(self.given_up));
    }
}

/// What waits just now.
pub async fn queue_state(database: &Database) -> Result<QueueState> {
    database.read(store::queue_state).await
}

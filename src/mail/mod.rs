//! Mail: what a message is and the ways it leaves. Knows nothing of what is told to whom, nor of the queue.
//!
//! A transport says of a failure whether it may be tried again ([`SendError`]); whoever calls decides when. The same message
//! has the same Message-ID at every attempt, so a relay (or a reader) that was given it twice can tell.

mod files;
mod memory;
mod message;
mod smtp;

pub use memory::Memory;
pub use message::Message;

use std::time::Duration;

use lettre::message::Mailbox;

use crate::clock::Instant;
use crate::config::{MailConfig, MailTransport};

/// Longest that one attempt may take, from connecting to the relay's last word.
pub const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(20);

/// Why a message did not leave.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Another attempt may succeed: the relay is away, busy, or set up wrongly.
    #[error("{0}")]
    Transient(String),
    /// No attempt will: the relay refuses this recipient or this message.
    #[error("{0}")]
    Permanent(String),
}

/// Sends messages. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Mailer {
    from: Mailbox,
    transport: Transport,
}

#[derive(Debug, Clone)]
enum Transport {
    Smtp(smtp::Smtp),
    Files(files::Files),
    Memory(Memory),
}

impl Mailer {
    /// The mailer that the configuration asks for.
    ///
    /// # Errors
    /// A sentence, when the relay's name cannot be used for TLS or the folder cannot be made.
    pub fn new(config: &MailConfig) -> Result<Self, String> {
        let transport = match &config.transport {
            MailTransport::Smtp(relay) => Transport::Smtp(smtp::Smtp::new(relay)?),
            MailTransport::Files(folder) => Transport::Files(files::Files::new(folder)?),
        };
        Ok(Self {
            from: config.from.clone(),
            transport,
        })
    }

    /// A mailer that keeps messages in memory.
    pub fn in_memory(from: Mailbox, memory: Memory) -> Self {
        Self {
            from,
            transport: Transport::Memory(memory),
        }
    }

    /// Sends one message, dated `now`. When this answers `Ok`, the transport has taken it for good.
    ///
    /// # Errors
    /// [`SendError`].
    pub async fn send(&self, message: &Message, now: Instant) -> Result<(), SendError> {
        let built = message.build(&self.from, now)?;
        let attempt = async {
            match &self.transport {
                Transport::Smtp(smtp) => smtp.send(built).await,
                Transport::Files(files) => files.send(&message.message_id, built.formatted()).await,
                Transport::Memory(memory) => memory.send(message),
            }
        };
        tokio::time::timeout(ATTEMPT_TIMEOUT, attempt)
            .await
            .unwrap_or_else(|_| {
                Err(SendError::Transient(format!(
                    "the relay did not answer within {} s",
                    ATTEMPT_TIMEOUT.as_secs()
                )))
            })
    }
}

#[cfg(test)]
mod tests;

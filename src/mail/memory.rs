use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Message, SendError};

/// Mails kept in memory, to be looked at; and a relay that can be told to fail.
#[derive(Debug, Clone, Default)]
pub struct Memory(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    taken: Vec<Message>,
    tried: usize,
    failure: Option<SendError>,
}

impl Memory {
    /// An empty one that takes everything.
    pub fn new() -> Self {
        Self::default()
    }

    /// Every message taken, in order.
    pub fn messages(&self) -> Vec<Message> {
        self.state().taken.clone()
    }

    /// The messages taken for one address, in order.
    pub fn to(&self, address: &str) -> Vec<Message> {
        let state = self.state();
        state
            .taken
            .iter()
            .filter(|message| message.to.email.to_string() == address)
            .cloned()
            .collect()
    }

    /// How often it was given a message, taken or not.
    pub fn tried(&self) -> usize {
        self.state().tried
    }

    /// From now on every message fails like this; with `None`, all is well again.
    pub fn fail_with(&self, failure: Option<SendError>) {
        self.state().failure = failure;
    }

    pub(super) fn send(&self, message: &Message) -> Result<(), SendError> {
        let mut state = self.state();
        state.tried += 1;
        if let Some(failure) = &state.failure {
            return Err(failure.clone());
        }
        state.taken.push(message.clone());
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

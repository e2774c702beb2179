//! What happened, written in the transaction that made it happen. The worker turns each event into notifications and mails
//! after the transaction is kept; nothing that was undone is ever told.

mod event;
pub mod store;

pub use event::Event;

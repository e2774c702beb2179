//! Who must know of what, when it is told, and what a mail may say. Pure.

mod delivery;
mod notices;
mod story;
mod topic;

pub use delivery::{
    AlertPreference, Delivery, Importance, MailState, delivery, digest_day, digest_moment, event_retry, mail_retry,
};
pub use notices::{Audience, Condition, Notice, Page, Template, notices};
pub use story::{Facts, Item, Line, Lot, Outcome, Receipt, Story, story};
pub use topic::Topic;

use crate::error::refusals;

refusals! {
    /// Why a mail is not sent again.
    pub enum MailRefused {
        /// It was never given up.
        NotGivenUp => (conflict, "mail.not_given_up", "Only a mail that was given up can be sent again; this one goes its way, or has arrived."),
    }
}

#[cfg(test)]
mod tests;

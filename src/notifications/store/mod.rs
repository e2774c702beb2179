//! Rows: what an event is about, whom that concerns, and the notifications and mails made of it.

mod audience;
mod events;
mod facts;
mod mails;
mod notices;
mod reminders;

pub use audience::{Recipient, recipients};
pub use events::{due, mark_told, put_off, take};
pub use facts::facts;
pub use mails::{
    MailRow, Mailing, MailsWanted, NewMail, Outgoing, claim, counts, digested, given_up, held_items, insert_mails,
    mail, mails, mails_are_due, mark_failed, mark_sent, people_with_held, resend,
};
pub use notices::{
    NewNotification, NotificationRow, insert_notifications, mark_all_read, mark_read, notifications, preference,
    set_preference, unread,
};
pub use reminders::{Closing, awards_standing_free, items_overdue, known_keys, requests_closed, requests_closing};

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::sql_types::Bool;

use crate::db::text_column;
use crate::notifications::rules::{AlertPreference, MailState, Template};

/// A condition as it stands in a partial index. Said by a parameter, neither engine would see that the index serves.
fn literal(condition: &'static str) -> SqlLiteral<Bool> {
    sql(condition)
}

text_column!(AlertPreference, MailState, Template);

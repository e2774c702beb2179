//! What is done with events, mails and notifications: one function a verb, in one transaction.

mod remind;
mod send;
mod tell;

pub use remind::{due_reminders, emit_reminders};
pub use send::{Attempted, claim, message, record};
pub use tell::{Waiting, put_off, tell, waiting};

use serde_json::json;

use super::rules::{AlertPreference, MailRefused};
use super::store::{self, MailRow, Mailing, NotificationRow};
use crate::access::{Actor, Permission, Who};
use crate::audit::Act;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{MailId, NotificationId};

/// Notes that the actor has read one of their notifications.
pub fn read(tx: &mut Tx<'_>, actor: &Actor, id: NotificationId) -> Result<NotificationRow> {
    actor.must(Permission::OwnNotifications)?;
    store::mark_read(tx, actor.person_id, id)?.ok_or(Error::NotFound("notification"))
}

/// Notes that the actor has read all of their notifications.
pub fn read_all(tx: &mut Tx<'_>, actor: &Actor) -> Result<()> {
    actor.must(Permission::OwnNotifications)?;
    store::mark_all_read(tx, actor.person_id)
}

/// Sets how the actor wants market news by email. Answers the version of their account.
pub fn prefer(tx: &mut Tx<'_>, actor: &Actor, preference: AlertPreference, if_match: Option<i64>) -> Result<i64> {
    actor.must(Permission::OwnNotifications)?;
    let (before, version) = store::preference(tx, actor.person_id)?;
    if if_match.is_some_and(|expected| expected != version) {
        return Err(Error::Stale);
    }
    if before == preference {
        return Ok(version);
    }
    store::set_preference(tx, actor.person_id, preference, version)?;
    let act = Act::on("person", actor.person_id).did("person.prefer_alerts");
    tx.record(Who::Person(actor), act.before(json!(before)).after(json!(preference)));
    Ok(version + 1)
}

/// Queues a mail again that was given up, for an operator.
pub fn resend(tx: &mut Tx<'_>, actor: &Actor, id: MailId) -> Result<MailRow> {
    actor.must(Permission::ManageMails)?;
    resend_of(tx, Who::Person(actor), Mailing::Of(actor.organisation_id), id)
}

/// Queues a mail again that was given up, for the machine's owner.
pub fn resend_any(tx: &mut Tx<'_>, id: MailId) -> Result<MailRow> {
    resend_of(tx, Who::System, Mailing::All, id)
}

fn resend_of(tx: &mut Tx<'_>, who: Who<'_>, which: Mailing, id: MailId) -> Result<MailRow> {
    store::mail(tx, which, id)?.ok_or(Error::NotFound("mail"))?;
    if !store::resend(tx, id)? {
        return Err(MailRefused::NotGivenUp.into());
    }
    tx.record(who, Act::on("mail", id).did("mail.resend"));
    store::mail(tx, which, id)?.ok_or(Error::NotFound("mail"))
}

use chrono::Duration;
use lettre::message::Mailbox;

use super::tell::{PLACE_OF_TOKEN, TOKENS};
use crate::access::envelope;
use crate::config::SecretKey;
use crate::db::Tx;
use crate::error::Result;
use crate::mail::{ATTEMPT_TIMEOUT, Message, SendError};
use crate::notifications::rules;
use crate::notifications::store::{self, Outgoing};

/// How long a worker has the mails that it claimed: past it, it is taken to be dead and they are anybody's. Three times what
/// an attempt may take.
fn lease() -> Duration {
    Duration::from_std(ATTEMPT_TIMEOUT * 3).expect("a minute is no overflow")
}

/// Claims the oldest mails that are due, at most so many.
pub fn claim(tx: &mut Tx<'_>, most: i64) -> Result<Vec<Outgoing>> {
    let until = tx.now.plus(lease());
    store::claim(tx, most, until)
}

/// The message of a mail, its one-time token in place.
///
/// # Errors
/// [`SendError::Permanent`]: no attempt will send what cannot be addressed, or whose token was sealed under another key.
pub fn message(secret: &SecretKey, mail: &Outgoing) -> std::result::Result<Message, SendError> {
    let never = |cause: &dyn std::fmt::Display| SendError::Permanent(cause.to_string());
    let address = mail
        .to_address
        .parse()
        .map_err(|cause: lettre::address::AddressError| never(&cause))?;
    let (mut text, mut html) = (mail.text_body.clone(), mail.html_body.clone());
    if let Some(sealed) = &mail.sealed_token {
        let token = envelope::open(&secret.derive(TOKENS), mail.message_id.as_bytes(), sealed);
        let token = token.map_err(|cause| never(&cause))?;
        let token = String::from_utf8(token).map_err(|cause| never(&cause))?;
        text = text.replace(PLACE_OF_TOKEN, &token);
        html = html.replace(PLACE_OF_TOKEN, &token);
    }
    Ok(Message {
        message_id: mail.message_id.clone(),
        to: Mailbox::new(Some(mail.to_name.clone()), address),
        subject: mail.subject.clone(),
        text,
        html,
    })
}

/// What came of an attempt, as recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempted {
    /// The relay took it.
    Sent,
    /// The relay took it, but another worker had claimed the mail meanwhile: it may arrive twice, under one Message-ID.
    SentTooLate,
    /// It will be tried again.
    Retried,
    /// It waits for an operator.
    GivenUp,
}

/// Records what came of an attempt.
pub fn record(tx: &mut Tx<'_>, mail: &Outgoing, outcome: &std::result::Result<(), SendError>) -> Result<Attempted> {
    let (cause, next) = match outcome {
        Ok(()) => {
            let mine = store::mark_sent(tx, mail.id, mail.attempts)?;
            return Ok(if mine { Attempted::Sent } else { Attempted::SentTooLate });
        }
        Err(SendError::Transient(cause)) => (cause, rules::mail_retry(mail.attempts).map(|wait| tx.now.plus(wait))),
        Err(SendError::Permanent(cause)) => (cause, None),
    };
    store::mark_failed(tx, mail.id, mail.attempts, cause, next)?;
    Ok(if next.is_some() {
        Attempted::Retried
    } else {
        Attempted::GivenUp
    })
}

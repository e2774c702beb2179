//! One-time links, and the events that have them mailed.

use crate::access::envelope;
use crate::accounts::rules::{AccountRefused, Link, LinkPurpose, Person, PersonState};
use crate::accounts::{store, tokens};
use crate::config::SecretKey;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{LinkId, PersonId};
use crate::outbox::Event;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use chrono::Duration;

/// Makes a one-time link. Answers its token, which is kept nowhere.
pub fn issue_link(
    tx: &mut Tx<'_>,
    person: PersonId,
    purpose: LinkPurpose,
    subject: Option<String>,
) -> Result<(LinkId, String)> {
    let token = tokens::random()?;
    let link = Link {
        id: LinkId::new(tx.now),
        person_id: person,
        purpose,
        subject,
        expires_at: tx.now.plus(purpose.lifetime()),
        used_at: None,
    };
    store::insert_link(tx, &link, &tokens::digest(&token))?;
    Ok((link.id, token))
}

/// Uses a one-time link: once, in time, for its purpose.
pub fn use_link(tx: &mut Tx<'_>, token: &str, purpose: LinkPurpose) -> Result<Link> {
    let link = store::link(tx, &tokens::digest(token))?.ok_or(AccountRefused::LinkUnknown)?;
    link.check(purpose, tx.now)?;
    if store::spend_link(tx, link.id)? {
        Ok(link)
    } else {
        Err(AccountRefused::LinkSpent.into())
    }
}

/// The token of an issued link, for the mail that carries it.
pub fn unseal_token(secret: &SecretKey, link: LinkId, sealed: &str) -> Result<String> {
    let sealed = BASE64.decode(sealed).map_err(Error::internal)?;
    let token = envelope::open(&secret.derive("one-time-links"), link.uuid().as_bytes(), &sealed)?;
    String::from_utf8(token).map_err(Error::internal)
}

/// The token of a link as an event may carry it: encrypted for the mailer alone.
pub fn seal_token(secret: &SecretKey, link: LinkId, token: &str) -> Result<String> {
    let sealed = envelope::seal(
        &secret.derive("one-time-links"),
        link.uuid().as_bytes(),
        token.as_bytes(),
    )?;
    Ok(BASE64.encode(sealed))
}

/// Most links of a kind that a person is mailed within [`ASKED_WITHIN`] because somebody who is not signed in asks for them.
const MOST_ASKED: i64 = 5;

/// How long links count that were asked for.
const ASKED_WITHIN: Duration = Duration::hours(1);

/// Has a person mailed what lets them in: a link to join, or for a new password. Anybody can ask for it, so it is not done again
/// and again: the newest link works on.
pub(super) fn mail_link_asked_for(tx: &mut Tx<'_>, secret: &SecretKey, person: &Person) -> Result<()> {
    let purpose = match person.state {
        PersonState::Invited => LinkPurpose::Join,
        PersonState::Active => LinkPurpose::Reset,
        PersonState::Deactivated => return Ok(()),
    };
    if store::links_since(tx, person.id, purpose, tx.now.minus(ASKED_WITHIN))? >= MOST_ASKED {
        return Ok(());
    }
    if purpose == LinkPurpose::Join {
        mail_join_link(tx, secret, person.id)
    } else {
        mail_reset_link(tx, secret, person.id)
    }
}

/// Has a link to join mailed; the links sent before stop working.
pub(super) fn mail_join_link(tx: &mut Tx<'_>, secret: &SecretKey, person_id: PersonId) -> Result<()> {
    store::spend_links_of(tx, person_id, LinkPurpose::Join)?;
    let (link_id, token) = issue_link(tx, person_id, LinkPurpose::Join, None)?;
    let sealed_token = seal_token(secret, link_id, &token)?;
    tx.emit(Event::JoinLinkIssued {
        person_id,
        link_id,
        sealed_token,
    })
}

/// Has a link for a new password mailed; the links sent before stop working.
fn mail_reset_link(tx: &mut Tx<'_>, secret: &SecretKey, person_id: PersonId) -> Result<()> {
    store::spend_links_of(tx, person_id, LinkPurpose::Reset)?;
    let (link_id, token) = issue_link(tx, person_id, LinkPurpose::Reset, None)?;
    let sealed_token = seal_token(secret, link_id, &token)?;
    tx.emit(Event::PasswordResetRequested {
        person_id,
        link_id,
        sealed_token,
    })
}

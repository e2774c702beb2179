//! Joining, passwords and sessions.

use super::links::{mail_link_asked_for, use_link};
use crate::access::{Actor, Origin, Who};
use crate::accounts::rules::{
    AccountRefused, LinkPurpose, OrganisationState, Person, PersonState, REFRESH_LIFETIME, wait_after,
};
use crate::accounts::{store, tokens};
use crate::audit::{Act, hashed};
use crate::config::SecretKey;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{RefreshTokenId, SessionId};
use crate::outbox::Event;
use crate::values::Email;
use chrono::Duration;
use serde_json::json;
use sha2::{Digest, Sha256};

/// A session just begun or renewed.
#[derive(Debug)]
pub(crate) struct SignedIn {
    pub actor: Actor,
    pub refresh_token: String,
}

/// Who follows a link, for checking the password that they chose before it is hashed.
pub(crate) fn link_owner(tx: &mut Tx<'_>, token: &str, purpose: LinkPurpose) -> Result<Person> {
    let link = store::link(tx, &tokens::digest(token))?.ok_or(AccountRefused::LinkUnknown)?;
    link.check(purpose, tx.now)?;
    store::person(tx, link.person_id)?.ok_or(Error::CorruptRow {
        table: "one_time_links",
        id: link.id.to_string(),
    })
}

/// Joins by the mailed link; the person is signed in.
pub(crate) fn join(tx: &mut Tx<'_>, origin: &Origin, token: &str, password_hash: &str) -> Result<Actor> {
    let link = use_link(tx, token, LinkPurpose::Join)?;
    store::set_password(tx, link.person_id, password_hash)?;
    let person = store::person(tx, link.person_id)?.ok_or(Error::NotFound("person"))?;
    store::activate_organisation(tx, person.organisation_id, || AccountRefused::ProviderRegistered.into())?;
    let actor = begin_session(tx, origin, &person)?;
    tx.record(Who::Person(&actor), Act::on("person", person.id).did("person.join"));
    Ok(actor)
}

/// Has a link for a new password mailed, if there is such an account.
pub(crate) fn request_reset(tx: &mut Tx<'_>, origin: &Origin, secret: &SecretKey, email: &Email) -> Result<()> {
    let Some(person) = store::person_with(tx, email)? else {
        return Ok(());
    };
    tx.record(
        Who::Visitor(origin),
        Act::on("person", person.id).did("password.request_reset"),
    );
    mail_link_asked_for(tx, secret, &person)
}

/// Sets a new password by the mailed link; every session ends.
pub(crate) fn reset_password(tx: &mut Tx<'_>, origin: &Origin, token: &str, password_hash: &str) -> Result<()> {
    let link = use_link(tx, token, LinkPurpose::Reset)?;
    let person = store::person(tx, link.person_id)?.ok_or(Error::NotFound("person"))?;
    if person.state != PersonState::Active {
        return Err(AccountRefused::StateUnfit { state: person.state }.into());
    }
    store::set_password(tx, person.id, password_hash)?;
    store::end_sessions_of(tx, person.id, "password_changed")?;
    tx.record(Who::Visitor(origin), Act::on("person", person.id).did("password.reset"));
    tx.emit(Event::PasswordChanged { person_id: person.id })
}

/// How long a key's failures count.
const ATTEMPTS_WINDOW: Duration = Duration::minutes(15);

/// Failures of one address over all accounts, before it has to wait.
const ADDRESS_FAILURES: i32 = 60;

fn account_key(email: &Email, origin: &Origin) -> Vec<u8> {
    Sha256::digest(format!("account\n{email}\n{}", origin.network())).to_vec()
}

fn address_key(origin: &Origin) -> Vec<u8> {
    Sha256::digest(format!("address\n{}", origin.network())).to_vec()
}

/// The person who wants to sign in, unless this address has to wait. Their password is checked outside the transaction.
pub(crate) fn candidate(tx: &mut Tx<'_>, origin: &Origin, email: &Email) -> Result<Option<Person>> {
    for key in [account_key(email, origin), address_key(origin)] {
        if let Some((_, _, Some(until))) = store::attempts(tx, &key)?
            && until > tx.now
        {
            let seconds = u32::try_from(until.since(tx.now).num_seconds() + 1).unwrap_or(1);
            return Err(Error::TooMany { retry_after: seconds });
        }
    }
    Ok(store::person_with(tx, email)?.filter(|person| person.state == PersonState::Active))
}

/// Counts a failed sign-in.
pub(crate) fn count_failure(tx: &mut Tx<'_>, origin: &Origin, email: &Email) -> Result<()> {
    for (key, free) in [(account_key(email, origin), 0), (address_key(origin), ADDRESS_FAILURES)] {
        let (failures, since) = match store::attempts(tx, &key)? {
            Some((failures, since, _)) if tx.now.since(since) < ATTEMPTS_WINDOW => (failures + 1, since),
            _ => (1, tx.now),
        };
        let blocked_until = wait_after(failures - free).map(|wait| tx.now.plus(wait));
        store::keep_attempts(tx, &key, failures, since, blocked_until)?;
    }
    tx.record(
        Who::Visitor(origin),
        Act::on("sign_in", hashed(email.as_str())).did("session.refuse"),
    );
    Ok(())
}

/// Begins a session for a person whose password was right. Checking it took its time: it must be theirs still.
pub(crate) fn sign_in(tx: &mut Tx<'_>, origin: &Origin, person: &Person) -> Result<Actor> {
    store::person(tx, person.id)?
        .filter(|now| now.state == PersonState::Active && now.password_hash == person.password_hash)
        .ok_or(Error::Unauthenticated("auth.credentials_wrong"))?;
    store::forget_attempts(tx, &account_key(&person.email, origin))?;
    let actor = begin_session(tx, origin, person)?;
    let act = Act::on("session", actor.session_id).did("session.begin");
    tx.record(Who::Person(&actor), act);
    Ok(actor)
}

fn begin_session(tx: &mut Tx<'_>, origin: &Origin, person: &Person) -> Result<Actor> {
    let session_id = SessionId::new(tx.now);
    store::insert_session(tx, session_id, person.id)?;
    actor(tx, person, session_id, origin)
}

/// Has a session that just began go on as long as it is renewed, as those of the API do. One of the pages ends with its cookie.
pub(crate) fn renewable(tx: &mut Tx<'_>, actor: Actor) -> Result<SignedIn> {
    let refresh_token = next_refresh_token(tx, actor.session_id, None)?;
    Ok(SignedIn { actor, refresh_token })
}

fn next_refresh_token(tx: &mut Tx<'_>, session: SessionId, replaces: Option<RefreshTokenId>) -> Result<String> {
    let token = tokens::random()?;
    store::insert_refresh_token(
        tx,
        session,
        &tokens::digest(&token),
        tx.now.plus(REFRESH_LIFETIME),
        replaces,
    )?;
    Ok(token)
}

fn actor(tx: &mut Tx<'_>, person: &Person, session_id: SessionId, origin: &Origin) -> Result<Actor> {
    let organisation = store::organisation(tx, person.organisation_id)?
        .filter(|organisation| organisation.state == OrganisationState::Active)
        .ok_or(Error::Unauthenticated("auth.organisation_inactive"))?;
    Ok(Actor {
        person_id: person.id,
        organisation_id: organisation.id,
        organisation_kind: organisation.kind,
        role: person.role,
        session_id,
        origin: origin.clone(),
    })
}

/// A refresh token that was used before: told apart, since its session has to end although the call is refused.
pub(crate) const TOKEN_REUSED: &str = "auth.refresh_token_reused";

/// Renews a session.
pub(crate) fn refresh(tx: &mut Tx<'_>, origin: &Origin, token: &str) -> Result<SignedIn> {
    let kept = store::refresh_token(tx, &tokens::digest(token))?
        .ok_or(Error::Unauthenticated("auth.refresh_token_unknown"))?;
    if kept.session_ended.is_some() || kept.expires_at <= tx.now {
        return Err(Error::Unauthenticated("auth.session_ended"));
    }
    if kept.spent_at.is_some() || !store::spend_refresh_token(tx, kept.id)? {
        return Err(Error::Unauthenticated(TOKEN_REUSED));
    }
    let person = store::person(tx, kept.person_id)?
        .filter(|person| person.state == PersonState::Active)
        .ok_or(Error::Unauthenticated("auth.session_ended"))?;
    store::touch_session(tx, kept.session_id)?;
    let refresh_token = next_refresh_token(tx, kept.session_id, Some(kept.id))?;
    Ok(SignedIn {
        actor: actor(tx, &person, kept.session_id, origin)?,
        refresh_token,
    })
}

/// Ends the session of a refresh token that was used twice.
pub(crate) fn end_reused(tx: &mut Tx<'_>, origin: &Origin, token: &str) -> Result<()> {
    let Some(kept) = store::refresh_token(tx, &tokens::digest(token))? else {
        return Ok(());
    };
    if store::end_session(tx, kept.person_id, kept.session_id, "token_reused")? {
        tx.record(
            Who::Visitor(origin),
            Act::on("session", kept.session_id)
                .did("session.end")
                .after(json!({"reason": "token_reused"})),
        );
        tx.emit(Event::SessionRevoked {
            person_id: kept.person_id,
        })?;
    }
    Ok(())
}

/// Signs out by a refresh token. A token that is none of ours changes nothing, and says nothing.
pub(crate) fn sign_out(tx: &mut Tx<'_>, origin: &Origin, token: &str) -> Result<()> {
    let Some(kept) = store::refresh_token(tx, &tokens::digest(token))? else {
        return Ok(());
    };
    if store::end_session(tx, kept.person_id, kept.session_id, "signed_out")? {
        tx.record(
            Who::Visitor(origin),
            Act::on("session", kept.session_id)
                .did("session.end")
                .after(json!({"reason": "signed_out"})),
        );
    }
    Ok(())
}

/// Ends one of the actor's own sessions.
pub(crate) fn end_own_session(tx: &mut Tx<'_>, actor: &Actor, session: SessionId) -> Result<()> {
    if !store::end_session(tx, actor.person_id, session, "signed_out")? {
        return Err(Error::NotFound("session"));
    }
    tx.record(
        Who::Person(actor),
        Act::on("session", session)
            .did("session.end")
            .after(json!({"reason": "signed_out"})),
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::create_operator;
    use crate::clock::FixedClock;
    use crate::config::DatabaseUrl;
    use crate::db::{Database, migrations};
    use crate::values::PersonName;

    fn origin(address: &str) -> Origin {
        Origin {
            request_id: String::new(),
            address: address.parse().unwrap(),
        }
    }

    #[test]
    fn a_password_that_was_right_a_moment_ago_begins_no_session() {
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::Sqlite(folder.path().join("hearth.db"));
        let clock = FixedClock::at("2026-03-04T10:00:00Z".parse().unwrap());
        let database = Database::open(&url, 2, std::sync::Arc::new(clock)).unwrap();
        migrations::run(&database).unwrap();
        let proven = database
            .write_now(|tx| {
                let name = PersonName::parse("Per Son").unwrap();
                let email = Email::parse("per.son@coop.example").unwrap();
                create_operator(tx, "Coop", name, email, "the old hash".to_owned())
            })
            .unwrap();
        let signs_in = || database.write_now(|tx| sign_in(tx, &origin("192.0.2.1"), &proven));
        assert!(signs_in().is_ok());
        let set = |hash: &'static str| {
            database
                .write_now(|tx| store::set_password(tx, proven.id, hash))
                .unwrap();
        };
        set("the new hash");
        assert_eq!(signs_in().unwrap_err().code(), "auth.credentials_wrong");
        set("the old hash");
        let deactivated = database.write_now(|tx| {
            let person = store::person(tx, proven.id)?.ok_or(Error::NotFound("person"))?;
            store::set_person_state(tx, &person, PersonState::Deactivated)
        });
        assert!(deactivated.is_ok());
        assert_eq!(signs_in().unwrap_err().code(), "auth.credentials_wrong");
    }

    #[test]
    fn failures_count_for_the_whole_network_of_one_customer() {
        let email = Email::parse("ann@acorn.example").unwrap();
        let key = |address: &str| account_key(&email, &origin(address));
        assert_eq!(key("2001:db8:1:2::7"), key("2001:db8:1:2:ffff::8"));
        assert_ne!(key("2001:db8:1:2::7"), key("2001:db8:1:3::7"));
        assert_ne!(key("192.0.2.1"), key("192.0.2.2"));
        assert_eq!(address_key(&origin("2001:db8::1")), address_key(&origin("2001:db8::2")));
    }
}

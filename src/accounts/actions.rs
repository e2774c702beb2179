//! What is done with accounts.

use super::rules::{
    AccountRefused, Link, LinkPurpose, NewAuthority, NewPerson, NewProvider, Organisation, OrganisationState, Person,
    PersonState, REFRESH_LIFETIME, may_invite_into, wait_after,
};
use super::{store, tokens};
use crate::access::{Actor, OrganisationKind, Origin, Permission, Role, Who, envelope};
use crate::audit::{Act, hashed};
use crate::clock::Instant;
use crate::config::SecretKey;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{LinkId, OrganisationId, PersonId, RefreshTokenId, SessionId};
use crate::outbox::Event;
use crate::reference;
use crate::values::{Email, PersonName};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use chrono::Duration;
use serde_json::json;
use sha2::{Digest, Sha256};

/// A session just begun or renewed.
#[derive(Debug)]
pub(super) struct SignedIn {
    pub actor: Actor,
    pub refresh_token: String,
}

// --- inviting -----------------------------------------------------------------------------------------------------------------

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

fn seal_token(secret: &SecretKey, link: LinkId, token: &str) -> Result<String> {
    let sealed = envelope::seal(
        &secret.derive("one-time-links"),
        link.uuid().as_bytes(),
        token.as_bytes(),
    )?;
    Ok(BASE64.encode(sealed))
}

/// Has a link to join mailed; the links sent before stop working.
fn mail_join_link(tx: &mut Tx<'_>, secret: &SecretKey, person_id: PersonId) -> Result<()> {
    store::spend_links_of(tx, person_id, LinkPurpose::Join)?;
    let (link_id, token) = issue_link(tx, person_id, LinkPurpose::Join, None)?;
    let sealed_token = seal_token(secret, link_id, &token)?;
    tx.emit(Event::JoinLinkIssued {
        person_id,
        link_id,
        sealed_token,
    })
}

/// Invites a person.
pub(super) fn invite(tx: &mut Tx<'_>, actor: &Actor, secret: &SecretKey, new: NewPerson) -> Result<Person> {
    actor.must(Permission::ManagePeople)?;
    let organisation = reachable(tx, actor, new.organisation_id)?;
    if !organisation.kind.roles().contains(&new.role) {
        return Err(AccountRefused::RoleUnfit {
            role: new.role,
            kind: organisation.kind,
        }
        .into());
    }
    let person = new_person(tx, organisation.id, new.name, new.email, new.role);
    store::insert_person(tx, &person, || AccountRefused::EmailTaken.into())?;
    mail_join_link(tx, secret, person.id)?;
    let act = Act::on("person", person.id).did("person.invite").after(
        json!({"organisation_id": organisation.id, "role": person.role, "email": hashed(person.email.as_str())}),
    );
    tx.record(Who::Person(actor), act);
    Ok(person)
}

fn new_person(tx: &Tx<'_>, organisation_id: OrganisationId, name: PersonName, email: Email, role: Role) -> Person {
    Person {
        id: PersonId::new(tx.now),
        organisation_id,
        name,
        email,
        role,
        password_hash: None,
        state: PersonState::Invited,
        totp_secret: None,
        version: 1,
    }
}

/// The organisation, if the actor may invite into it.
fn reachable(tx: &mut Tx<'_>, actor: &Actor, id: OrganisationId) -> Result<Organisation> {
    let organisation = store::organisation(tx, id)?.ok_or(Error::NotFound("organisation"))?;
    let member = actor.role == Role::Operator && store::is_member(tx, actor.organisation_id, id, tx.now.date_in_uk())?;
    may_invite_into(actor, &organisation, member)?;
    Ok(organisation)
}

fn reachable_person(tx: &mut Tx<'_>, actor: &Actor, id: PersonId) -> Result<Person> {
    let person = store::person(tx, id)?.ok_or(Error::NotFound("person"))?;
    reachable(tx, actor, person.organisation_id).map_err(|_| Error::NotFound("person"))?;
    Ok(person)
}

/// Mails the link to join again.
pub(super) fn invite_again(tx: &mut Tx<'_>, actor: &Actor, secret: &SecretKey, id: PersonId) -> Result<Person> {
    actor.must(Permission::ManagePeople)?;
    let person = reachable_person(tx, actor, id)?;
    if person.state != PersonState::Invited {
        return Err(AccountRefused::StateUnfit { state: person.state }.into());
    }
    mail_join_link(tx, secret, id)?;
    tx.record(Who::Person(actor), Act::on("person", id).did("person.invite_again"));
    Ok(person)
}

/// Ends a person's access, at once.
pub(super) fn deactivate(tx: &mut Tx<'_>, actor: &Actor, id: PersonId) -> Result<Person> {
    if id == actor.person_id {
        return Err(AccountRefused::Oneself.into());
    }
    let person = change_state(tx, actor, id, PersonState::Deactivated, "person.deactivate")?;
    store::end_sessions_of(tx, id, "deactivated")?;
    Ok(person)
}

/// Gives a person their access back.
pub(super) fn reactivate(tx: &mut Tx<'_>, actor: &Actor, id: PersonId) -> Result<Person> {
    change_state(tx, actor, id, PersonState::Active, "person.reactivate")
}

fn change_state(tx: &mut Tx<'_>, actor: &Actor, id: PersonId, to: PersonState, verb: &'static str) -> Result<Person> {
    actor.must(Permission::ManagePeople)?;
    let person = reachable_person(tx, actor, id)?;
    let fits = match to {
        PersonState::Deactivated => person.state != PersonState::Deactivated,
        _ => person.state == PersonState::Deactivated && person.password_hash.is_some(),
    };
    if !fits {
        return Err(AccountRefused::StateUnfit { state: person.state }.into());
    }
    store::set_person_state(tx, &person, to)?;
    tx.record(
        Who::Person(actor),
        Act::on("person", id)
            .did(verb)
            .before(json!({"state": person.state}))
            .after(json!({"state": to})),
    );
    Ok(Person {
        state: to,
        version: person.version + 1,
        ..person
    })
}

/// Takes an authority into the operator's cooperative.
pub(super) fn add_authority(tx: &mut Tx<'_>, actor: &Actor, new: &NewAuthority) -> Result<Organisation> {
    actor.must(Permission::ManageAuthorities)?;
    let known = reference::authority(&new.gss_code).ok_or(AccountRefused::AuthorityUnknown)?;
    let authority = if let Some(there) = store::authority_with(tx, known.gss_code)? {
        there
    } else {
        let organisation = Organisation {
            id: OrganisationId::new(tx.now),
            kind: OrganisationKind::Authority,
            name: known.name.to_owned(),
            gss_code: Some(known.gss_code.to_owned()),
            company_number: None,
            charity_number: None,
            state: OrganisationState::Active,
            version: 1,
        };
        store::insert_organisation(tx, &organisation)?;
        organisation
    };
    let from = new.member_from.unwrap_or_else(|| tx.now.date_in_uk());
    store::insert_membership(tx, actor.organisation_id, authority.id, from, || {
        AccountRefused::AlreadyMember.into()
    })?;
    let act = Act::on("organisation", authority.id)
        .did("authority.add")
        .after(json!({"gss_code": known.gss_code, "member_from": from}));
    tx.record(Who::Person(actor), act);
    Ok(authority)
}

/// Registers a provider: its first person is mailed a link, and by following it makes it active. Whether an address has an account
/// already is told to its owner only.
pub(super) fn register_provider(tx: &mut Tx<'_>, origin: &Origin, secret: &SecretKey, new: NewProvider) -> Result<()> {
    if store::number_is_taken(tx, new.company_number.as_ref(), new.charity_number.as_ref())? {
        return Err(AccountRefused::ProviderRegistered.into());
    }
    match store::person_with(tx, &new.person.email)? {
        Some(person) if person.state == PersonState::Invited => mail_join_link(tx, secret, person.id),
        Some(person) => mail_reset_link(tx, secret, person.id),
        None => {
            let organisation = Organisation {
                id: OrganisationId::new(tx.now),
                kind: OrganisationKind::Provider,
                name: new.name.trim().to_owned(),
                gss_code: None,
                company_number: new.company_number,
                charity_number: new.charity_number,
                state: OrganisationState::Pending,
                version: 1,
            };
            store::insert_organisation(tx, &organisation)?;
            let person = new_person(
                tx,
                organisation.id,
                new.person.name,
                new.person.email,
                Role::ProviderAdmin,
            );
            store::insert_person(tx, &person, || AccountRefused::EmailTaken.into())?;
            let act = Act::on("organisation", organisation.id).did("provider.register").after(json!({
                "name": organisation.name, "company_number": organisation.company_number, "charity_number": organisation.charity_number,
            }));
            tx.record(Who::Visitor(origin), act);
            mail_join_link(tx, secret, person.id)
        }
    }
}

/// Makes a cooperative's operator, with a password already: the first person of a deployment.
pub fn create_operator(
    tx: &mut Tx<'_>,
    cooperative: &str,
    name: PersonName,
    email: Email,
    password_hash: String,
) -> Result<Person> {
    let organisation = if let Some(there) = store::cooperative_named(tx, cooperative)? {
        there
    } else {
        let organisation = Organisation {
            id: OrganisationId::new(tx.now),
            kind: OrganisationKind::Cooperative,
            name: cooperative.to_owned(),
            gss_code: None,
            company_number: None,
            charity_number: None,
            state: OrganisationState::Active,
            version: 1,
        };
        store::insert_organisation(tx, &organisation)?;
        organisation
    };
    let mut person = new_person(tx, organisation.id, name, email, Role::Operator);
    (person.password_hash, person.state) = (Some(password_hash), PersonState::Active);
    store::insert_person(tx, &person, || AccountRefused::EmailTaken.into())?;
    let act = Act::on("person", person.id)
        .did("operator.create")
        .after(json!({"organisation_id": organisation.id, "email": hashed(person.email.as_str())}));
    tx.record(Who::System, act);
    Ok(person)
}

// --- joining and passwords ----------------------------------------------------------------------------------------------------

/// Who follows a link, for checking the password that they chose before it is hashed.
pub(super) fn link_owner(tx: &mut Tx<'_>, token: &str, purpose: LinkPurpose) -> Result<Person> {
    let link = store::link(tx, &tokens::digest(token))?.ok_or(AccountRefused::LinkUnknown)?;
    link.check(purpose, tx.now)?;
    store::person(tx, link.person_id)?.ok_or(Error::CorruptRow {
        table: "one_time_links",
        id: link.id.to_string(),
    })
}

/// Joins by the mailed link; the person is signed in.
pub(super) fn join(tx: &mut Tx<'_>, origin: &Origin, token: &str, password_hash: &str) -> Result<SignedIn> {
    let link = use_link(tx, token, LinkPurpose::Join)?;
    store::set_password(tx, link.person_id, password_hash)?;
    let person = store::person(tx, link.person_id)?.ok_or(Error::NotFound("person"))?;
    store::activate_organisation(tx, person.organisation_id, || AccountRefused::ProviderRegistered.into())?;
    let signed_in = begin_session(tx, origin, &person)?;
    tx.record(
        Who::Person(&signed_in.actor),
        Act::on("person", person.id).did("person.join"),
    );
    Ok(signed_in)
}

/// Has a link for a new password mailed, if there is such an account.
pub(super) fn request_reset(tx: &mut Tx<'_>, origin: &Origin, secret: &SecretKey, email: &Email) -> Result<()> {
    let Some(person) = store::person_with(tx, email)? else {
        return Ok(());
    };
    tx.record(
        Who::Visitor(origin),
        Act::on("person", person.id).did("password.request_reset"),
    );
    match person.state {
        PersonState::Active => mail_reset_link(tx, secret, person.id),
        PersonState::Invited => mail_join_link(tx, secret, person.id),
        PersonState::Deactivated => Ok(()),
    }
}

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

/// Sets a new password by the mailed link; every session ends.
pub(super) fn reset_password(tx: &mut Tx<'_>, origin: &Origin, token: &str, password_hash: &str) -> Result<()> {
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

// --- sign-in ------------------------------------------------------------------------------------------------------------------

/// How long a key's failures count.
const ATTEMPTS_WINDOW: Duration = Duration::minutes(15);

/// Failures of one address over all accounts, before it has to wait.
const ADDRESS_FAILURES: i32 = 60;

fn account_key(email: &Email, origin: &Origin) -> Vec<u8> {
    Sha256::digest(format!("account\n{email}\n{}", origin.address)).to_vec()
}

fn address_key(origin: &Origin) -> Vec<u8> {
    Sha256::digest(format!("address\n{}", origin.address)).to_vec()
}

/// The person who wants to sign in, unless this address has to wait. Their password is checked outside the transaction.
pub(super) fn candidate(tx: &mut Tx<'_>, origin: &Origin, email: &Email) -> Result<Option<Person>> {
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
pub(super) fn count_failure(tx: &mut Tx<'_>, origin: &Origin, email: &Email) -> Result<()> {
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

/// Begins a session for a person whose password was right.
pub(super) fn sign_in(tx: &mut Tx<'_>, origin: &Origin, person: &Person) -> Result<SignedIn> {
    store::forget_attempts(tx, &account_key(&person.email, origin))?;
    let signed_in = begin_session(tx, origin, person)?;
    tx.record(
        Who::Person(&signed_in.actor),
        Act::on("session", signed_in.actor.session_id).did("session.begin"),
    );
    Ok(signed_in)
}

fn begin_session(tx: &mut Tx<'_>, origin: &Origin, person: &Person) -> Result<SignedIn> {
    let session_id = SessionId::new(tx.now);
    store::insert_session(tx, session_id, person.id)?;
    let refresh_token = next_refresh_token(tx, session_id, None)?;
    Ok(SignedIn {
        actor: actor(tx, person, session_id, origin)?,
        refresh_token,
    })
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
pub(super) const TOKEN_REUSED: &str = "auth.refresh_token_reused";

/// Renews a session.
pub(super) fn refresh(tx: &mut Tx<'_>, origin: &Origin, token: &str) -> Result<SignedIn> {
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
pub(super) fn end_reused(tx: &mut Tx<'_>, origin: &Origin, token: &str) -> Result<()> {
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
pub(super) fn sign_out(tx: &mut Tx<'_>, origin: &Origin, token: &str) -> Result<()> {
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
pub(super) fn end_own_session(tx: &mut Tx<'_>, actor: &Actor, session: SessionId) -> Result<()> {
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

/// Forgets attempts and links that no longer matter.
pub fn purge(tx: &mut Tx<'_>) -> Result<()> {
    let moment: Instant = tx.now.minus(Duration::days(30));
    store::forget_before(tx, moment)
}

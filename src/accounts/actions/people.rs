//! Inviting people, and ending their access.

use super::links::mail_join_link;
use crate::access::{Actor, Permission, Role, Who};
use crate::accounts::rules::{
    AccountRefused, LinkPurpose, NewPerson, Organisation, Person, PersonState, may_invite_into,
};
use crate::accounts::store;
use crate::audit::{Act, hashed};
use crate::config::SecretKey;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{OrganisationId, PersonId};
use crate::outbox::Event;
use crate::values::{Email, PersonName};
use serde_json::json;

/// Invites a person.
pub(crate) fn invite(tx: &mut Tx<'_>, actor: &Actor, secret: &SecretKey, new: NewPerson) -> Result<Person> {
    actor.must(Permission::ManagePeople)?;
    let organisation = reachable(tx, actor, new.organisation_id)?;
    if !organisation.kind.roles().contains(&new.role) {
        return Err(AccountRefused::RoleUnfit {
            role: new.role.label(),
            kind: organisation.kind.label(),
        }
        .into());
    }
    let person = new_person(tx, organisation.id, new.name, new.email, new.role);
    store::insert_person(tx, &person, || AccountRefused::EmailTaken.at("email"))?;
    mail_join_link(tx, secret, person.id)?;
    let act = Act::on("person", person.id).did("person.invite").after(
        json!({"organisation_id": organisation.id, "role": person.role, "email": hashed(person.email.as_str())}),
    );
    tx.record(Who::Person(actor), act);
    Ok(person)
}

/// A person who has not joined yet.
pub(super) fn new_person(
    tx: &Tx<'_>,
    organisation_id: OrganisationId,
    name: PersonName,
    email: Email,
    role: Role,
) -> Person {
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
    let is_looked_after = actor.role == Role::Operator
        && store::looked_after_by(tx, actor.organisation_id, tx.now.date_in_uk())?
            .iter()
            .any(|authority| authority.id == id);
    may_invite_into(actor, &organisation, is_looked_after)?;
    Ok(organisation)
}

fn reachable_person(tx: &mut Tx<'_>, actor: &Actor, id: PersonId) -> Result<Person> {
    let person = store::person(tx, id)?.ok_or(Error::NotFound("person"))?;
    reachable(tx, actor, person.organisation_id).map_err(|_| Error::NotFound("person"))?;
    Ok(person)
}

/// Mails the link to join again.
pub(crate) fn invite_again(tx: &mut Tx<'_>, actor: &Actor, secret: &SecretKey, id: PersonId) -> Result<Person> {
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
pub(crate) fn deactivate(tx: &mut Tx<'_>, actor: &Actor, id: PersonId) -> Result<Person> {
    if id == actor.person_id {
        return Err(AccountRefused::Oneself.into());
    }
    let person = change_state(tx, actor, id, PersonState::Deactivated, "person.deactivate")?;
    store::end_sessions_of(tx, id, "deactivated")?;
    // A link that was mailed before must not bring them back.
    store::spend_links_of(tx, id, LinkPurpose::Join)?;
    store::spend_links_of(tx, id, LinkPurpose::Reset)?;
    Ok(person)
}

/// Gives a person their access back.
pub(crate) fn reactivate(tx: &mut Tx<'_>, actor: &Actor, id: PersonId) -> Result<Person> {
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
    tx.emit(match to {
        PersonState::Deactivated => Event::PersonDeactivated { person_id: id },
        _ => Event::PersonReactivated { person_id: id },
    })?;
    Ok(Person {
        state: to,
        version: person.version + 1,
        ..person
    })
}

//! Taking authorities in, registering providers, and the first operator.

use super::links::{mail_join_link, mail_link_asked_for};
use super::people::new_person;
use crate::access::{Actor, OrganisationKind, Origin, Permission, Role, Who};
use crate::accounts::rules::{
    AccountRefused, NewAuthority, NewProvider, Organisation, OrganisationState, Person, PersonState,
};
use crate::accounts::store;
use crate::audit::{Act, hashed};
use crate::config::SecretKey;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::OrganisationId;
use crate::reference;
use crate::values::{Email, PersonName};
use serde_json::json;

/// Takes an authority into the operator's cooperative.
pub(crate) fn add_authority(tx: &mut Tx<'_>, actor: &Actor, new: &NewAuthority) -> Result<Organisation> {
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
        AccountRefused::AlreadyMember.at("gss_code")
    })?;
    let act = Act::on("organisation", authority.id)
        .did("authority.add")
        .after(json!({"gss_code": known.gss_code, "member_from": from}));
    tx.record(Who::Person(actor), act);
    Ok(authority)
}

/// Registers a provider: its first person is mailed a link, and by following it makes it active. Whether an address has an account
/// already is told to its owner only.
pub(crate) fn register_provider(tx: &mut Tx<'_>, origin: &Origin, secret: &SecretKey, new: NewProvider) -> Result<()> {
    if store::number_is_taken(tx, new.company_number.as_ref(), new.charity_number.as_ref())? {
        return Err(AccountRefused::ProviderRegistered.into());
    }
    if let Some(person) = store::person_with(tx, &new.person.email)? {
        return mail_link_asked_for(tx, secret, &person);
    }
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

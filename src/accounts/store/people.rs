//! Rows of people.

use crate::access::Role;
use crate::accounts::rules::{Contact, Person, PersonState};
use crate::db::schema::people;
use crate::db::{Tx, one_row, unless_taken};
use crate::error::{Error, Result};
use crate::ids::{OrganisationId, PersonId};
use crate::values::{Email, PersonName};
use crate::web::Page;
use diesel::prelude::*;

#[derive(Queryable, Selectable)]
#[diesel(table_name = people)]
struct PersonRow {
    id: PersonId,
    organisation_id: OrganisationId,
    name: PersonName,
    email: Email,
    role: Role,
    password_hash: Option<String>,
    state: PersonState,
    totp_secret: Option<Vec<u8>>,
    version: i64,
}

impl From<PersonRow> for Person {
    fn from(row: PersonRow) -> Self {
        Self {
            id: row.id,
            organisation_id: row.organisation_id,
            name: row.name,
            email: row.email,
            role: row.role,
            password_hash: row.password_hash,
            state: row.state,
            totp_secret: row.totp_secret,
            version: row.version,
        }
    }
}

/// A person by their id.
pub fn person(tx: &mut Tx<'_>, id: PersonId) -> Result<Option<Person>> {
    let row: Option<PersonRow> = people::table
        .find(id)
        .select(PersonRow::as_select())
        .first(tx.conn)
        .optional()?;
    Ok(row.map(Into::into))
}

/// A person by their address.
pub fn person_with(tx: &mut Tx<'_>, email: &Email) -> Result<Option<Person>> {
    let row: Option<PersonRow> = people::table
        .filter(people::email.eq(email))
        .select(PersonRow::as_select())
        .first(tx.conn)
        .optional()?;
    Ok(row.map(Into::into))
}

/// A part of the people of some organisations.
pub fn people_page(tx: &mut Tx<'_>, organisations: &[OrganisationId], page: &Page) -> Result<Vec<Person>> {
    let mut query = people::table
        .filter(people::organisation_id.eq_any(organisations.to_vec()))
        .order(people::id)
        .limit(page.fetch())
        .select(PersonRow::as_select())
        .into_boxed();
    if let Some(after) = page.after::<PersonId>()? {
        query = query.filter(people::id.gt(after));
    }
    let rows: Vec<PersonRow> = query.load(tx.conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The active people of some organisations who have one of these roles.
pub fn people_of(tx: &mut Tx<'_>, organisations: &[OrganisationId], roles: &[Role]) -> Result<Vec<Contact>> {
    let rows: Vec<PersonRow> = people::table
        .filter(people::organisation_id.eq_any(organisations.to_vec()))
        .filter(people::role.eq_any(roles.to_vec()))
        .filter(people::state.eq(PersonState::Active))
        .order(people::id)
        .select(PersonRow::as_select())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(contact).collect())
}

/// Whom to write to for these people, whatever their state.
pub fn contacts(tx: &mut Tx<'_>, ids: &[PersonId]) -> Result<Vec<Contact>> {
    let rows: Vec<PersonRow> = people::table
        .filter(people::id.eq_any(ids.to_vec()))
        .select(PersonRow::as_select())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(contact).collect())
}

fn contact(row: PersonRow) -> Contact {
    Contact {
        person_id: row.id,
        organisation_id: row.organisation_id,
        name: row.name,
        email: row.email,
        role: row.role,
    }
}

pub(in crate::accounts) fn insert_person(
    tx: &mut Tx<'_>,
    person: &Person,
    taken: impl FnOnce() -> Error,
) -> Result<()> {
    let insert = diesel::insert_into(people::table).values((
        people::id.eq(person.id),
        people::organisation_id.eq(person.organisation_id),
        people::name.eq(&person.name),
        people::email.eq(&person.email),
        people::role.eq(person.role),
        people::password_hash.eq(&person.password_hash),
        people::state.eq(person.state),
        people::alert_preference.eq("immediate"),
        people::created_at.eq(tx.now),
        people::version.eq(1),
    ));
    unless_taken(insert.execute(tx.conn), taken).map(drop)
}

pub(in crate::accounts) fn set_password(tx: &mut Tx<'_>, id: PersonId, hash: &str) -> Result<()> {
    let update = diesel::update(people::table.find(id)).set((
        people::password_hash.eq(hash),
        people::state.eq(PersonState::Active),
        people::version.eq(people::version + 1),
    ));
    one_row(update.execute(tx.conn)?)
}

pub(in crate::accounts) fn set_person_state(tx: &mut Tx<'_>, person: &Person, state: PersonState) -> Result<()> {
    let update = diesel::update(people::table.filter(people::id.eq(person.id).and(people::version.eq(person.version))))
        .set((people::state.eq(state), people::version.eq(people::version + 1)));
    one_row(update.execute(tx.conn)?)
}

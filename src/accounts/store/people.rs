//! Rows of people.

use crate::access::Role;
use crate::accounts::rules::{Contact, Person, PersonState};
use crate::codes;
use crate::db::schema::{organisations, people};
use crate::db::search::{containing, lower};
use crate::db::{Tx, ascending, one_row, unless_taken};
use crate::error::{Error, Result};
use crate::ids::{OrganisationId, PersonId};
use crate::values::{Email, PersonName};
use crate::web::paging::{Items, Page, cursor};
use diesel::dsl::count_star;
use diesel::prelude::*;
use std::collections::HashMap;

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

codes! {
    /// The orders of a list of people.
    pub enum PersonOrder {
        Invited("invited", "First invited first"),
        Name("name", "Name"),
        Role("role", "Role, then name"),
    }
}

/// Which people are listed, and in which order.
#[derive(Debug, Clone, Default)]
pub struct PeopleWanted {
    /// Those of these organisations.
    pub organisations: Vec<OrganisationId>,
    /// Only those with this role.
    pub role: Option<Role>,
    /// Only those who stand so.
    pub state: Option<PersonState>,
    /// Only those whose name or address contains this, whichever the case.
    pub search: Option<String>,
    /// In this order; in that in which they were invited where none is said.
    pub sort: Option<PersonOrder>,
}

/// A part of the people of some organisations.
pub fn people_page(tx: &mut Tx<'_>, wanted: &PeopleWanted, page: &Page) -> Result<Items<Person>> {
    let mut query = people::table
        .filter(people::organisation_id.eq_any(wanted.organisations.clone()))
        .limit(page.fetch())
        .select(PersonRow::as_select())
        .into_boxed();
    if let Some(role) = wanted.role {
        query = query.filter(people::role.eq(role));
    }
    if let Some(state) = wanted.state {
        query = query.filter(people::state.eq(state));
    }
    if let Some(search) = &wanted.search {
        let pattern = containing(search);
        query = query.filter(
            lower(people::name)
                .like(pattern.clone())
                .escape('\\')
                .or(people::email.like(pattern).escape('\\')),
        );
    }
    let order = wanted.sort.unwrap_or(PersonOrder::Invited);
    let query = match order {
        PersonOrder::Invited => ascending!(query, page.after_in::<PersonId>(order)?, people::id),
        PersonOrder::Name => {
            let after = page.after_in::<(String, PersonId)>(order)?;
            ascending!(query, after, any case people::name, people::id)
        }
        PersonOrder::Role => {
            if let Some((role, name, id)) = page.after_in::<(Role, String, PersonId)>(order)? {
                let same_name = lower(people::name).eq(lower(name.clone())).and(people::id.gt(id));
                let same_role = people::role
                    .eq(role)
                    .and(lower(people::name).gt(lower(name)).or(same_name));
                query = query.filter(people::role.gt(role).or(same_role));
            }
            query.order((people::role, lower(people::name), people::id))
        }
    };
    let rows: Vec<PersonRow> = query.load(tx.conn)?;
    let part = Items::of(rows, page, |row| match order {
        PersonOrder::Invited => cursor(order, row.id),
        PersonOrder::Name => cursor(order, (&row.name, row.id)),
        PersonOrder::Role => cursor(order, (row.role, &row.name, row.id)),
    });
    Ok(part.map(Person::from))
}

/// The people of some organisations whose name, or whose organisation's name, contains this.
pub fn people_named(tx: &mut Tx<'_>, within: &[OrganisationId], search: &str) -> Result<Vec<PersonId>> {
    let pattern = containing(search);
    Ok(people::table
        .inner_join(organisations::table)
        .filter(people::organisation_id.eq_any(within.to_vec()))
        .filter(
            lower(people::name)
                .like(pattern.clone())
                .escape('\\')
                .or(lower(organisations::name).like(pattern).escape('\\')),
        )
        .select(people::id)
        .load(tx.conn)?)
}

/// How many active people of each role some organisations have.
pub fn head_counts(tx: &mut Tx<'_>, organisations: &[OrganisationId]) -> Result<HashMap<(OrganisationId, Role), i64>> {
    let counts: Vec<(OrganisationId, Role, i64)> = people::table
        .filter(people::organisation_id.eq_any(organisations.to_vec()))
        .filter(people::state.eq(PersonState::Active))
        .group_by((people::organisation_id, people::role))
        .select((people::organisation_id, people::role, count_star()))
        .load(tx.conn)?;
    Ok(counts
        .into_iter()
        .map(|(whose, role, count)| ((whose, role), count))
        .collect())
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

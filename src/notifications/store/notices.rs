use diesel::prelude::*;

use super::super::rules::{AlertPreference, Topic};
use crate::clock::Instant;
use crate::db::schema::{notifications, people};
use crate::db::{ROWS_AT_ONCE, Tx, ascending, descending, one_row};
use crate::each;
use crate::error::Result;
use crate::ids::{EventId, NotificationId, PersonId};
use crate::web::paging::{ByAge, Items, Page, cursor};

/// A notification as it is written.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = notifications)]
pub struct NewNotification {
    /// Its id.
    pub id: NotificationId,
    /// Whom it tells.
    pub person_id: PersonId,
    /// Of what.
    pub event_id: EventId,
    /// The kind of event.
    pub kind: &'static str,
    /// What happened, in a line.
    pub subject: String,
    /// Where it leads: a path.
    pub link: String,
    /// When it was written.
    pub created_at: Instant,
}

/// Writes notifications.
pub fn insert_notifications(tx: &mut Tx<'_>, rows: &[NewNotification]) -> Result<()> {
    for rows in rows.chunks(ROWS_AT_ONCE) {
        each!(tx.conn, c => diesel::insert_into(notifications::table).values(rows).execute(c))?;
    }
    Ok(())
}

/// A notification as its person sees it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = notifications)]
pub struct NotificationRow {
    /// Its id.
    pub id: NotificationId,
    /// The kind of event.
    pub kind: String,
    /// What happened, in a line.
    pub subject: String,
    /// Where it leads: a path.
    pub link: String,
    /// When it was written.
    pub created_at: Instant,
    /// When it was read.
    pub read_at: Option<Instant>,
}

/// A part of a person's notifications: all of them, or those not read yet or read; about everything, or about one thing.
pub fn notifications(
    tx: &mut Tx<'_>,
    person: PersonId,
    unread: Option<bool>,
    about: Option<Topic>,
    order: ByAge,
    page: &Page,
) -> Result<Items<NotificationRow>> {
    let mut query = notifications::table
        .filter(notifications::person_id.eq(person))
        .limit(page.fetch())
        .select(NotificationRow::as_select())
        .into_boxed();
    match unread {
        Some(true) => query = query.filter(notifications::read_at.is_null()),
        Some(false) => query = query.filter(notifications::read_at.is_not_null()),
        None => {}
    }
    if let Some(topic) = about {
        query = query.filter(notifications::kind.eq_any(topic.kinds()));
    }
    let after = page.after_in::<NotificationId>(order)?;
    let query = match order {
        ByAge::Newest => descending!(query, after, notifications::id),
        ByAge::Oldest => ascending!(query, after, notifications::id),
    };
    let found: Vec<NotificationRow> = query.load(tx.conn)?;
    Ok(Items::of(found, page, |row| cursor(order, row.id)))
}

/// How many of their notifications a person has not read yet.
pub fn unread(tx: &mut Tx<'_>, person: PersonId) -> Result<i64> {
    Ok(notifications::table
        .filter(notifications::person_id.eq(person))
        .filter(notifications::read_at.is_null())
        .count()
        .get_result(tx.conn)?)
}

/// Notes that a person has read one of their notifications; the first time counts. Nothing when it is not theirs.
pub fn mark_read(tx: &mut Tx<'_>, person: PersonId, id: NotificationId) -> Result<Option<NotificationRow>> {
    let theirs = notifications::table
        .find(id)
        .filter(notifications::person_id.eq(person));
    diesel::update(theirs.filter(notifications::read_at.is_null()))
        .set(notifications::read_at.eq(tx.now))
        .execute(tx.conn)?;
    Ok(theirs.select(NotificationRow::as_select()).first(tx.conn).optional()?)
}

/// Notes that a person has read all of their notifications.
pub fn mark_all_read(tx: &mut Tx<'_>, person: PersonId) -> Result<()> {
    let unread = notifications::table
        .filter(notifications::person_id.eq(person))
        .filter(notifications::read_at.is_null());
    diesel::update(unread)
        .set(notifications::read_at.eq(tx.now))
        .execute(tx.conn)?;
    Ok(())
}

/// How a person wants market news, and the version of their account.
pub fn preference(tx: &mut Tx<'_>, person: PersonId) -> Result<(AlertPreference, i64)> {
    Ok(people::table
        .find(person)
        .select((people::alert_preference, people::version))
        .first(tx.conn)?)
}

/// Sets how a person wants market news.
pub fn set_preference(tx: &mut Tx<'_>, person: PersonId, preference: AlertPreference, version: i64) -> Result<()> {
    let rows = diesel::update(people::table.find(person).filter(people::version.eq(version)))
        .set((
            people::alert_preference.eq(preference),
            people::version.eq(people::version + 1),
        ))
        .execute(tx.conn)?;
    one_row(rows)
}

use std::collections::HashMap;

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::super::rules::{Item, MailState, Template};
use super::literal;
use crate::access::OrganisationKind;
use crate::accounts::rules::PersonState;
use crate::clock::Instant;
use crate::db::connection::{Db, MultiBackend};
use crate::db::schema::{mails, memberships, organisations, people};
use crate::db::search::{containing, lower};
use crate::db::{ROWS_AT_ONCE, Tx, ascending, descending};
use crate::each;
use crate::error::Result;
use crate::ids::{EventId, MailId, OrganisationId, PersonId};
use crate::web::paging::{ByAge, Items, Page, cursor};

/// A mail as it is written to the queue.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = mails, treat_none_as_default_value = false)]
pub struct NewMail {
    /// Its id.
    pub id: MailId,
    /// Whom it tells.
    pub person_id: PersonId,
    /// Of what.
    pub event_id: EventId,
    /// Whose framework it concerns.
    pub cooperative_id: Option<OrganisationId>,
    /// The recipient's name.
    pub to_name: String,
    /// The recipient's address.
    pub to_address: String,
    /// By which text.
    pub template: Template,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text_body: String,
    /// The same as HTML.
    pub html_body: String,
    /// Where it leads.
    pub link: String,
    /// The token of a one-time link, encrypted.
    pub sealed_token: Option<Vec<u8>>,
    /// Its Message-ID.
    pub message_id: String,
    /// Where it stands.
    pub state: MailState,
    /// When it is due.
    pub next_attempt_at: Instant,
    /// When it was written.
    pub created_at: Instant,
}

/// Writes mails to the queue.
pub fn insert_mails(tx: &mut Tx<'_>, rows: &[NewMail]) -> Result<()> {
    for rows in rows.chunks(ROWS_AT_ONCE) {
        each!(tx.conn, c => diesel::insert_into(mails::table).values(rows).execute(c))?;
    }
    Ok(())
}

/// A mail that this worker has for a while.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = mails)]
pub struct Outgoing {
    /// Its id.
    pub id: MailId,
    /// Which attempt this is.
    pub attempts: i32,
    /// Its Message-ID.
    pub message_id: String,
    /// The recipient's name.
    pub to_name: String,
    /// The recipient's address.
    pub to_address: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text_body: String,
    /// The same as HTML.
    pub html_body: String,
    /// The token of a one-time link, encrypted.
    pub sealed_token: Option<Vec<u8>>,
}

/// Whether a mail is due.
pub fn mails_are_due(tx: &mut Tx<'_>) -> Result<bool> {
    let due = mails::table
        .filter(literal("mails.state IN ('queued', 'sending')"))
        .filter(mails::next_attempt_at.le(tx.now));
    Ok(diesel::select(diesel::dsl::exists(due)).get_result(tx.conn)?)
}

/// Takes the oldest mails that are due, at most so many, until a moment: past it they are taken to be nobody's again.
pub fn claim(tx: &mut Tx<'_>, most: i64, until: Instant) -> Result<Vec<Outgoing>> {
    let due = mails::table
        .filter(literal("mails.state IN ('queued', 'sending')"))
        .filter(mails::next_attempt_at.le(tx.now))
        .order((mails::next_attempt_at, mails::id))
        .limit(most)
        .select(mails::id);
    let ids: Vec<MailId> = match tx.conn {
        Db::Pg(c) => due.for_update().skip_locked().load(c)?,
        // There is one writer, and this transaction is it.
        Db::Sqlite(c) => due.load(c)?,
    };
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mine = || mails::table.filter(mails::id.eq_any(&ids));
    diesel::update(mine())
        .set((
            mails::state.eq(MailState::Sending),
            mails::attempts.eq(mails::attempts + 1),
            mails::next_attempt_at.eq(until),
        ))
        .execute(tx.conn)?;
    Ok(mine().order(mails::id).select(Outgoing::as_select()).load(tx.conn)?)
}

/// Notes that the relay took a mail at this attempt. Answers whether the mail was still this worker's.
pub fn mark_sent(tx: &mut Tx<'_>, id: MailId, attempt: i32) -> Result<bool> {
    let mine = mails::table
        .find(id)
        .filter(mails::state.eq(MailState::Sending))
        .filter(mails::attempts.eq(attempt));
    let rows = diesel::update(mine)
        .set((
            mails::state.eq(MailState::Sent),
            mails::sent_at.eq(tx.now),
            mails::sealed_token.eq(None::<Vec<u8>>),
            mails::last_error.eq(None::<String>),
            mails::version.eq(mails::version + 1),
        ))
        .execute(tx.conn)?;
    Ok(rows == 1)
}

/// Notes that this attempt failed: the mail is due again at `next`, or given up without.
pub fn mark_failed(tx: &mut Tx<'_>, id: MailId, attempt: i32, cause: &str, next: Option<Instant>) -> Result<()> {
    let mine = mails::table
        .find(id)
        .filter(mails::state.eq(MailState::Sending))
        .filter(mails::attempts.eq(attempt));
    let state = if next.is_some() {
        MailState::Queued
    } else {
        MailState::GivenUp
    };
    diesel::update(mine)
        .set((
            mails::state.eq(state),
            mails::next_attempt_at.eq(next.unwrap_or(tx.now)),
            mails::last_error.eq(cause),
            mails::version.eq(mails::version + 1),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Queues a mail again that was given up. Answers whether it was.
pub fn resend(tx: &mut Tx<'_>, id: MailId) -> Result<bool> {
    let rows = diesel::update(mails::table.find(id).filter(mails::state.eq(MailState::GivenUp)))
        .set((
            mails::state.eq(MailState::Queued),
            mails::attempts.eq(0),
            mails::next_attempt_at.eq(tx.now),
            mails::version.eq(mails::version + 1),
        ))
        .execute(tx.conn)?;
    Ok(rows == 1)
}

/// The people for whom mails were held before a moment, as far as they still have an account.
pub fn people_with_held(tx: &mut Tx<'_>, before: Instant) -> Result<Vec<PersonId>> {
    let people = mails::table
        .inner_join(people::table)
        .filter(literal("mails.state = 'held'"))
        .filter(mails::created_at.lt(before))
        .filter(people::state.eq(PersonState::Active))
        .select(mails::person_id)
        .distinct();
    Ok(people.load(tx.conn)?)
}

/// What the mails that were held for a person before a moment tell, oldest first.
pub fn held_items(tx: &mut Tx<'_>, person: PersonId, before: Instant) -> Result<Vec<Item>> {
    let held: Vec<(String, String)> = mails::table
        .filter(mails::state.eq(MailState::Held))
        .filter(mails::person_id.eq(person))
        .filter(mails::created_at.lt(before))
        .order(mails::id)
        .select((mails::subject, mails::link))
        .load(tx.conn)?;
    Ok(held.into_iter().map(|(subject, link)| Item { subject, link }).collect())
}

/// Notes that a digest told of the mails that were held for a person before a moment.
pub fn digested(tx: &mut Tx<'_>, person: PersonId, before: Instant, digest: MailId) -> Result<()> {
    let held = mails::table
        .filter(mails::state.eq(MailState::Held))
        .filter(mails::person_id.eq(person))
        .filter(mails::created_at.lt(before));
    diesel::update(held)
        .set((
            mails::state.eq(MailState::Digested),
            mails::digest_mail_id.eq(digest),
            mails::sealed_token.eq(None::<Vec<u8>>),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// A mail as an operator sees it: where it stands, not what it says.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = mails)]
pub struct MailRow {
    /// Its id.
    pub id: MailId,
    /// Whom it tells.
    pub person_id: PersonId,
    /// The recipient's address.
    pub to_address: String,
    /// By which text.
    pub template: Template,
    /// Its subject.
    pub subject: String,
    /// Its Message-ID.
    pub message_id: String,
    /// Where it stands.
    pub state: MailState,
    /// How often it was tried.
    pub attempts: i32,
    /// When it is due again, while it waits.
    pub next_attempt_at: Instant,
    /// What the last attempt that failed met with.
    pub last_error: Option<String>,
    /// When it was written.
    pub created_at: Instant,
    /// When the relay took it.
    pub sent_at: Option<Instant>,
    /// Its version.
    pub version: i64,
}

/// Which mails somebody may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mailing {
    /// Those of a cooperative: about its frameworks, but for what goes to those who take part in a competition; and those about the
    /// accounts of its own people, its members' and providers'.
    Of(OrganisationId),
    /// All: the machine's owner, on the command line.
    All,
}

/// What goes to the providers that take part in a competition, and so would tell who they are. It is between them and the authority: no
/// cooperative sees these mails, neither before the opening nor after.
const TO_BIDDERS: [Template; 10] = [
    Template::RequestExtended,
    Template::RequestWithdrawn,
    Template::RequestUnfilled,
    Template::BidsClosingSoon,
    Template::QuestionAnswered,
    Template::BidSubmitted,
    Template::BidWithdrawn,
    Template::BidsOpened,
    Template::BidNonCompliant,
    Template::BidCompliant,
];

/// Of a query over mails, those that somebody may see. (Grouped or not, which are two types.)
macro_rules! seen {
    ($mails:expr, $which:expr) => {{
        let mails = $mails.into_boxed::<MultiBackend>();
        match $which {
            Mailing::All => mails,
            Mailing::Of(cooperative) => {
                let members = memberships::table
                    .filter(memberships::cooperative_id.eq(cooperative))
                    .select(memberships::authority_id);
                let near = people::table
                    .inner_join(organisations::table)
                    .filter(
                        organisations::id
                            .eq(cooperative)
                            .or(organisations::kind.eq(OrganisationKind::Provider))
                            .or(organisations::id.eq_any(members)),
                    )
                    .select(people::id);
                let about_an_account = mails::cooperative_id.is_null().and(mails::person_id.eq_any(near));
                mails
                    .filter(mails::cooperative_id.eq(cooperative).or(about_an_account))
                    .filter(mails::template.ne_all(TO_BIDDERS))
            }
        }
    }};
}

/// Which of the mails are listed, and in which order.
#[derive(Debug, Clone, Default)]
pub struct MailsWanted {
    /// Only those in this state.
    pub state: Option<MailState>,
    /// Only those to somebody whose name or address contains this, whichever the case.
    pub to: Option<String>,
    /// In this order; the newest first where none is said.
    pub sort: Option<ByAge>,
}

/// A part of the mails.
pub fn mails(tx: &mut Tx<'_>, which: Mailing, wanted: &MailsWanted, page: &Page) -> Result<Items<MailRow>> {
    let mut query = visible(which).limit(page.fetch());
    if let Some(state) = wanted.state {
        query = query.filter(mails::state.eq(state));
    }
    if let Some(to) = &wanted.to {
        let pattern = containing(to);
        query = query.filter(
            lower(mails::to_name)
                .like(pattern.clone())
                .escape('\\')
                .or(lower(mails::to_address).like(pattern).escape('\\')),
        );
    }
    let order = wanted.sort.unwrap_or(ByAge::Newest);
    let after = page.after_in::<MailId>(order)?;
    let query = match order {
        ByAge::Newest => descending!(query, after, mails::id),
        ByAge::Oldest => ascending!(query, after, mails::id),
    };
    let found: Vec<MailRow> = query.select(MailRow::as_select()).load(tx.conn)?;
    Ok(Items::of(found, page, |row| cursor(order, row.id)))
}

/// One of them.
pub fn mail(tx: &mut Tx<'_>, which: Mailing, id: MailId) -> Result<Option<MailRow>> {
    let mail = visible(which).filter(mails::id.eq(id)).select(MailRow::as_select());
    Ok(mail.first(tx.conn).optional()?)
}

/// How many of them are in each state.
pub fn counts(tx: &mut Tx<'_>, which: Mailing) -> Result<HashMap<MailState, i64>> {
    let by_state = mails::table.group_by(mails::state).select((mails::state, count_star()));
    let counted: Vec<(MailState, i64)> = seen!(by_state, which).load(tx.conn)?;
    let mut counts: HashMap<MailState, i64> = MailState::ALL.iter().map(|state| (*state, 0)).collect();
    counts.extend(counted);
    Ok(counts)
}

/// How many of them were given up.
pub fn given_up(tx: &mut Tx<'_>, which: Mailing) -> Result<i64> {
    let given_up = visible(which).filter(mails::state.eq(MailState::GivenUp));
    Ok(given_up.count().get_result(tx.conn)?)
}

fn visible(which: Mailing) -> mails::BoxedQuery<'static, MultiBackend> {
    seen!(mails::table, which)
}

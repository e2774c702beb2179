use chrono::Duration;

use crate::db::Tx;
use crate::error::Result;
use crate::notifications::{rules, store};
use crate::outbox::Event;

/// How long before bids close the silent are reminded; a request published later than that needs no reminder.
const REMIND_BEFORE: Duration = Duration::hours(24);

/// What time alone has brought about and nobody was told of yet: events, each with the key under which it happens once.
/// Reads only, so it can be asked often.
pub fn due_reminders(tx: &mut Tx<'_>) -> Result<Vec<(Event, String)>> {
    let mut due = Vec::new();
    for closing in store::requests_closing(tx, REMIND_BEFORE)? {
        let remind_at = closing.bids_close_at.minus(REMIND_BEFORE);
        if closing.published_at.is_some_and(|published| published <= remind_at) {
            let key = format!("bids_closing_soon/{}/{}", closing.request_id, closing.bids_close_at);
            due.push((
                Event::BidsClosingSoon {
                    request_id: closing.request_id,
                },
                key,
            ));
        }
    }
    for closed in store::requests_closed(tx)? {
        // An extension makes a deadline of its own.
        let key = format!("bids_closed/{}/{}", closed.request_id, closed.bids_close_at);
        due.push((
            Event::BidsClosed {
                request_id: closed.request_id,
            },
            key,
        ));
    }
    for award_id in store::awards_standing_free(tx)? {
        due.push((
            Event::AwardStandstillEnded { award_id },
            format!("award_standstill_ended/{award_id}"),
        ));
    }
    for (due_item_id, due_on) in store::items_overdue(tx)? {
        // The start of the placement may move the day.
        due.push((
            Event::ItemOverdue { due_item_id },
            format!("item_overdue/{due_item_id}/{due_on}"),
        ));
    }
    let day = rules::digest_day(tx.now);
    for person_id in store::people_with_held(tx, rules::digest_moment(day))? {
        due.push((
            Event::DigestDue { person_id, on: day },
            format!("digest_due/{person_id}/{day}"),
        ));
    }
    let keys: Vec<String> = due.iter().map(|(_, key)| key.clone()).collect();
    let known = store::known_keys(tx, &keys)?;
    due.retain(|(_, key)| !known.contains(key));
    Ok(due)
}

/// Emits them, each once, however many workers found it due.
pub fn emit_reminders(tx: &mut Tx<'_>, due: &[(Event, String)]) -> Result<usize> {
    tx.emit_once(due)
}

//! What is due because of an award.

use crate::access::{Actor, Permission, Who};
use crate::audit::Act;
use crate::awards::input::Doing;
use crate::awards::rules::{DueItem, notice_due};
use crate::awards::store;
use crate::db::{Tx, unless_stale};
use crate::error::{Error, Result};
use crate::ids::{AwardId, DueItemId};
use crate::values::NeededBy;
use chrono::NaiveDate;
use serde_json::json;

/// Notes that something due is done; done twice, it stays as it was noted first.
pub fn done(tx: &mut Tx<'_>, actor: &Actor, id: DueItemId, doing: Doing, expected: Option<i64>) -> Result<DueItem> {
    actor.must(Permission::ManageDueItems)?;
    let item = store::due_item(tx, id)?
        .filter(|item| item.authority_id == actor.organisation_id)
        .ok_or(Error::NotFound("due item"))?;
    unless_stale(item.version, expected)?;
    if item.done.is_some() {
        return Ok(item);
    }
    let item = DueItem {
        note: doing.note,
        done: Some((actor.person_id, tx.now)),
        ..item
    };
    let item = store::update_due_item(tx, item)?;
    let act = Act::on("due_item", item.id)
        .did("due_item.done")
        .after(json!({ "kind": item.kind, "award_id": item.award_id }));
    tx.record(Who::Person(actor), act);
    Ok(item)
}

/// The placement of an award has started on this day: what is due is counted from it.
pub fn placement_started(tx: &mut Tx<'_>, award: AwardId, needed_by: NeededBy, started_on: NaiveDate) -> Result<()> {
    let due_on = notice_due(needed_by, started_on);
    for item in store::due_items_of(tx, award)? {
        if item.done.is_none() && item.due_on != due_on {
            store::update_due_item(tx, DueItem { due_on, ..item })?;
        }
    }
    Ok(())
}

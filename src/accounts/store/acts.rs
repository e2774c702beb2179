//! The audit log within a reader's reach, with the names of who did what to whom.

use super::things::Things;
use super::{contacts, looked_after_by, organisations, providers};
use crate::access::{Actor, OrganisationKind};
use crate::audit::AuditEvent;
use crate::audit::store::{self as log, Reach, Wanted};
use crate::db::Tx;
use crate::error::Result;
use crate::ids::{OrganisationId, PersonId};
use std::collections::{BTreeSet, HashMap};

/// What of a provider's is there for every cooperative.
const OPEN_KINDS: [&str; 4] = ["provider", "home", "vacancy", "price"];

/// Whose acts somebody may read: those of their own organisation; for a cooperative's people those of the authorities that it looks
/// after too, and what providers do to what is open to every cooperative.
pub fn reach(tx: &mut Tx<'_>, reader: &Actor) -> Result<Reach> {
    let mut reach = Reach {
        whole: vec![reader.organisation_id],
        ..Reach::default()
    };
    if reader.organisation_kind == OrganisationKind::Cooperative {
        let authorities = looked_after_by(tx, reader.organisation_id, tx.now.date_in_uk())?;
        reach.whole.extend(authorities.iter().map(|authority| authority.id));
        reach.in_part = providers(tx)?;
        reach.kinds = &OPEN_KINDS;
    }
    Ok(reach)
}

/// An entry of the log, with names.
#[derive(Debug, Clone)]
pub struct NamedAct {
    /// The entry, as its reader may see it.
    pub event: AuditEvent,
    /// Who did it.
    pub person: Option<String>,
    /// Where they work.
    pub organisation: Option<String>,
    /// To whom or what it was done, where that has a name: a person or an organisation, a home, the request that it belongs to.
    pub subject: Option<String>,
    /// The page of the thing, where it has one that the reader finds.
    pub path: Option<String>,
}

/// The entries wanted, as this reader may see them.
pub fn named_acts(tx: &mut Tx<'_>, reader: &Actor, wanted: &Wanted) -> Result<Vec<NamedAct>> {
    let events = log::list(tx, wanted)?;
    let mut people = BTreeSet::new();
    let mut employers = BTreeSet::new();
    for event in &events {
        people.extend(event.person_id);
        employers.extend(event.organisation_id);
        match event.subject_kind.as_str() {
            "person" => people.extend(event.subject_id.parse::<PersonId>().ok()),
            "organisation" | "provider" => employers.extend(event.subject_id.parse::<OrganisationId>().ok()),
            _ => {}
        }
    }
    let people = contacts(tx, &people.into_iter().collect::<Vec<_>>())?;
    let people: HashMap<_, _> = people
        .into_iter()
        .map(|contact| (contact.person_id, contact.name.to_string()))
        .collect();
    let employers = organisations(tx, &employers.into_iter().collect::<Vec<_>>())?;
    let employers: HashMap<_, _> = employers.into_iter().map(|one| (one.id, one.name)).collect();
    let things = Things::of(tx, reader, &events)?;
    let named = |event: AuditEvent| NamedAct {
        person: event.person_id.and_then(|id| people.get(&id).cloned()),
        organisation: event.organisation_id.and_then(|id| employers.get(&id).cloned()),
        subject: match event.subject_kind.as_str() {
            "person" => event.subject_id.parse().ok().and_then(|id| people.get(&id).cloned()),
            "organisation" | "provider" => event.subject_id.parse().ok().and_then(|id| employers.get(&id).cloned()),
            _ => things.name(&event),
        },
        path: event.path(reader.role).filter(|_| things.is_open_to_reader(&event)),
        event: event.seen_by(reader.role),
    };
    Ok(events.into_iter().map(named).collect())
}

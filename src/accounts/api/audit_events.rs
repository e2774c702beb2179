//! The audit log, within the reader's reach: an operator sees the acts of the cooperative and the authorities that it looks after, and what
//! providers do to what every cooperative may see of them; an auditor those of their own organisation, and in a cooperative the
//! same as its operators. What providers do in competitions and applications is no part of it: until the opening nobody may
//! know who bids, and what is done under one cooperative's frameworks is nothing to another. Who may not read bids is not told what was
//! recorded about them and their awards.

use crate::access::{Actor, Permission, Role};
use crate::accounts::store;
use crate::audit::AuditEvent;
use crate::audit::store::Wanted;
use crate::clock::Instant;
use crate::ids::{AuditEventId, OrganisationId, PersonId};
use crate::web::{Answer, ByAge, Door, Items, Page, Query, Reply, Routes, cursor};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

pub(super) fn routes(r: &mut Routes) {
    r.get("/audit-events", list)
        .summary("The audit log")
        .may(Permission::ReadAudit)
        .query::<AuditFilter>()
        .lists::<AuditEventView>();
}

/// Which entries.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditFilter {
    /// Only acts on the thing with this id.
    pub subject: Option<String>,
    /// Only acts by this person.
    pub actor: Option<PersonId>,
    /// Not before this time.
    pub from: Option<Instant>,
    /// Before this time.
    pub to: Option<Instant>,
    /// The order; `newest` when absent.
    #[param(inline)]
    pub sort: Option<ByAge>,
}

/// An entry of the log.
#[derive(Serialize, ToSchema)]
pub struct AuditEventView {
    /// Its place in the log.
    pub seq: i64,
    /// Its id.
    pub id: AuditEventId,
    /// When.
    pub at: Instant,
    /// Who; null for visitors and for the program itself.
    pub person_id: Option<PersonId>,
    /// Whose.
    pub organisation_id: Option<OrganisationId>,
    /// In which role.
    pub role: Option<Role>,
    /// The action.
    #[schema(example = "bid.submit")]
    pub verb: String,
    /// The kind of thing.
    #[schema(example = "bid")]
    pub subject_kind: String,
    /// The thing.
    pub subject_id: String,
    /// The call.
    pub request_id: Option<String>,
    /// The network address.
    #[schema(example = "192.0.2.7")]
    pub origin: Option<String>,
    /// How it was before; null where the reader may not know it.
    #[schema(value_type = Option<Object>)]
    pub before: Option<Value>,
    /// How it was after; null where the reader may not know it.
    #[schema(value_type = Option<Object>)]
    pub after: Option<Value>,
    /// The entry's hash, which covers the hash of the entry before.
    pub hash: String,
}

impl From<AuditEvent> for AuditEventView {
    fn from(event: AuditEvent) -> Self {
        let parsed = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
        Self {
            seq: event.seq,
            id: event.id,
            at: event.at,
            person_id: event.person_id,
            organisation_id: event.organisation_id,
            role: event.role,
            verb: event.verb,
            subject_kind: event.subject_kind,
            subject_id: event.subject_id,
            request_id: event.request_id,
            origin: event.origin,
            before: parsed(event.before),
            after: parsed(event.after),
            hash: event.hash,
        }
    }
}

async fn list(door: Door<Actor>, page: Page, filter: Query<AuditFilter>) -> Reply {
    door.read(move |tx, actor| {
        actor.must(Permission::ReadAudit)?;
        let Query(AuditFilter {
            subject,
            actor: person,
            from,
            to,
            sort,
        }) = filter;
        let order = sort.unwrap_or(ByAge::Newest);
        let wanted = Wanted {
            subject_id: subject,
            people: person.map(|person| vec![person]),
            from,
            to,
            reach: store::reach(tx, actor)?,
            sort: Some(order),
            after_seq: page.after_in(order)?,
            most: page.fetch(),
            ..Wanted::default()
        };
        let events = crate::audit::store::list(tx, &wanted)?;
        let seen = |event: AuditEvent| AuditEventView::from(event.seen_by(actor.role));
        Answer::ok(Items::of(events, &page, |event| cursor(order, event.seq)).map(seen))
    })
    .await
}

//! Requests: drafts, deadlines, lists, and what the screening finds.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::actions::{self, scope_of};
use super::super::confidential::ConfidentialKey;
use super::super::rules::{Identified, Identifier, NewDeadline, NewPlacementRequest, Phase, PlacementRequest};
use super::super::store::{self, Narrowed, RequestOrder};
use super::views::{RequestSummary, RequestView};
use crate::access::{Actor, AuthorityUser, Permission};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{FrameworkId, LotId, PlacementRequestId};
use crate::web::{Answer, Body, Door, Id, Items, Page, Query, Reply, Routes};

pub(super) fn routes(r: &mut Routes) {
    r.post("/placement-requests", create)
        .summary("Write a draft of a placement request")
        .description(
            "A draft may be unfinished: its brief, its weights, its window and its dates are judged when it is published.",
        )
        .may(Permission::WriteRequests)
        .body::<NewPlacementRequest>()
        .answers::<RequestView>(201);
    r.get("/placement-requests", list)
        .summary("Placement requests")
        .description("An authority's own; the published ones on the lots that a provider is admitted to, or on a cooperative's frameworks.")
        .may(Permission::ReadRequests)
        .query::<RequestFilter>()
        .lists::<RequestSummary>();
    r.put("/placement-requests/{id}", revise)
        .summary("Write a draft anew")
        .may(Permission::WriteRequests)
        .body::<NewPlacementRequest>()
        .answers::<RequestView>(200)
        .refuses(&["request.not_draft"]);
    r.get("/placement-requests/{id}/screening", screening)
        .summary("What in the texts of a request can identify the child")
        .description("Remove each hit from the text, or confirm it with a reason when publishing.")
        .may(Permission::WriteRequests)
        .lists::<HitView>();
    r.post("/placement-requests/{id}/extend", extend)
        .summary("Extend the deadline")
        .description(
            "Only while bids are open, never earlier. Everybody invited is told, and so is whoever else has begun a bid or asked \
             a question; they read the reason with the request.",
        )
        .may(Permission::WriteRequests)
        .body::<NewDeadline>()
        .answers::<RequestView>(200)
        .refuses(&[
            "request.not_open",
            "request.deadline_not_later",
            "request.text_names_child",
        ]);
}

/// Which requests.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RequestFilter {
    /// Only those that stand there now.
    pub status: Option<Phase>,
    /// Only those of this framework.
    pub framework_id: Option<FrameworkId>,
    /// Only those of this lot.
    pub lot_id: Option<LotId>,
    /// The order; `newest` when absent.
    #[param(inline)]
    pub sort: Option<RequestOrder>,
}

/// Something in a text that can identify the child.
#[derive(Debug, Serialize, ToSchema)]
pub struct HitView {
    /// The field that it stands in.
    #[schema(example = "brief")]
    pub field: String,
    /// What it looks like.
    pub kind: Identifier,
    /// Its first character, counted from 0.
    #[schema(example = 14)]
    pub start: usize,
    /// The character after its last.
    #[schema(example = 26)]
    pub end: usize,
}

impl From<Identified> for HitView {
    fn from(found: Identified) -> Self {
        Self {
            field: found.field,
            kind: found.hit.kind,
            start: found.hit.start,
            end: found.hit.end,
        }
    }
}

/// The answer of an action on a request: the request as it now is for this person.
pub fn answer(tx: &mut Tx<'_>, actor: &Actor, key: &ConfidentialKey, request: PlacementRequest) -> Result<Answer> {
    let version = request.version;
    Ok(Answer::ok(RequestView::of(tx, actor, key, request)?)?.version(version))
}

async fn create(door: Door<AuthorityUser>, body: Body<NewPlacementRequest>) -> Reply {
    let key = ConfidentialKey::of(&door.app.secret);
    door.write(move |tx, actor| {
        let request = actions::create(tx, actor, &key, body.0)?;
        let (path, version) = (format!("/placement-requests/{}", request.id), request.version);
        Ok(Answer::created(path, RequestView::of(tx, actor, &key, request)?)?.version(version))
    })
    .await
}

async fn list(door: Door<Actor>, page: Page, filter: Query<RequestFilter>) -> Reply {
    door.read(move |tx, actor| {
        let narrowed = Narrowed {
            phase: filter.status,
            framework: filter.framework_id,
            lot: filter.lot_id,
            sort: filter.sort,
            ..Narrowed::default()
        };
        let Items { items, next } = store::requests_page(tx, scope_of(actor), &narrowed, &page)?;
        Answer::ok(Items {
            items: RequestSummary::all(tx, items)?,
            next,
        })
    })
    .await
}

async fn revise(door: Door<AuthorityUser>, id: Id<PlacementRequestId>, body: Body<NewPlacementRequest>) -> Reply {
    let (key, if_match) = (ConfidentialKey::of(&door.app.secret), door.if_match()?);
    door.write(move |tx, actor| {
        let request = actions::revise(tx, actor, &key, *id, body.0, if_match)?;
        answer(tx, actor, &key, request)
    })
    .await
}

async fn screening(door: Door<AuthorityUser>, id: Id<PlacementRequestId>) -> Reply {
    let key = ConfidentialKey::of(&door.app.secret);
    door.read(move |tx, actor| {
        let request = store::seen_request(tx, scope_of(actor), *id)?.ok_or(Error::NotFound("placement request"))?;
        let criteria = store::criteria(tx, request.id)?;
        let details = actions::details(tx, &key, request.id)?;
        let found = actions::screen_request(&request, &criteria, &details, tx.now);
        Answer::ok(Items::all(found.into_iter().map(HitView::from).collect()))
    })
    .await
}

async fn extend(door: Door<AuthorityUser>, id: Id<PlacementRequestId>, body: Body<NewDeadline>) -> Reply {
    let (key, if_match) = (ConfidentialKey::of(&door.app.secret), door.if_match()?);
    door.write(move |tx, actor| {
        let request = actions::extend(tx, actor, &key, *id, body.0, if_match)?;
        answer(tx, actor, &key, request)
    })
    .await
}

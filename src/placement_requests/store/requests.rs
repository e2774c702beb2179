//! Rows of the requests themselves.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::super::rules::{Child, Needs, Origin, Phase, PlacementRequest, RequestState, Task};
use crate::clock::Instant;
use crate::codes;
use crate::db::schema::{admissions, bids, frameworks, placement_requests};
use crate::db::search::{containing, lower};
use crate::db::{Db, Tx, ascending, descending, json_column, one_row, unless_taken};
use crate::error::{Error, Result};
use crate::ids::{FrameworkId, LotId, OrganisationId, PersonId, PlacementRequestId};
use crate::reference::{Grid, Precision};
use crate::values::{CodeSet, District, NeededBy, Sex};
use crate::web::paging::{Items, Page, cursor};

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = placement_requests, treat_none_as_null = true)]
struct RequestRow {
    id: PlacementRequestId,
    reference: String,
    framework_id: FrameworkId,
    lot_id: LotId,
    authority_id: OrganisationId,
    created_by: PersonId,
    state: RequestState,
    needed_by: NeededBy,
    starts_on: NaiveDate,
    published_at: Option<Instant>,
    bids_close_at: Instant,
    questions_close_at: Instant,
    price_weight: i32,
    child_age: i32,
    child_sex: Option<Sex>,
    siblings_to_place_with: i32,
    origin_district: District,
    origin_easting: i32,
    origin_northing: i32,
    origin_precision: Precision,
    origin_local_authority_code: String,
    max_distance_miles: Option<i32>,
    needs: Needs,
    brief: String,
    opened_at: Option<Instant>,
    opened_by: Option<PersonId>,
    ended_at: Option<Instant>,
    ended_reason: Option<String>,
    created_at: Instant,
    version: i64,
    answered: Answered,
}

/// The tasks of a draft that somebody has answered, as a list of their codes.
#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
struct Answered(CodeSet<Task>);

json_column!(Answered);

impl From<RequestRow> for PlacementRequest {
    fn from(row: RequestRow) -> Self {
        Self {
            id: row.id,
            reference: row.reference,
            framework_id: row.framework_id,
            lot_id: row.lot_id,
            authority_id: row.authority_id,
            created_by: row.created_by,
            state: row.state,
            needed_by: row.needed_by,
            starts_on: row.starts_on,
            published_at: row.published_at,
            bids_close_at: row.bids_close_at,
            questions_close_at: row.questions_close_at,
            price_weight: row.price_weight,
            child: Child {
                age: row.child_age,
                sex: row.child_sex,
                siblings_to_place_with: row.siblings_to_place_with,
            },
            origin: Origin {
                district: row.origin_district,
                grid: Grid {
                    easting: row.origin_easting,
                    northing: row.origin_northing,
                },
                precision: row.origin_precision,
                local_authority: row.origin_local_authority_code,
            },
            max_distance_miles: row.max_distance_miles,
            needs: row.needs,
            brief: row.brief,
            answered: row.answered.0,
            opened: row.opened_at.zip(row.opened_by),
            ended: row.ended_at.map(|at| (at, row.ended_reason.unwrap_or_default())),
            created_at: row.created_at,
            version: row.version,
        }
    }
}

impl From<PlacementRequest> for RequestRow {
    fn from(request: PlacementRequest) -> Self {
        let (ended_at, ended_reason) = request.ended.unzip();
        let (opened_at, opened_by) = request.opened.unzip();
        Self {
            id: request.id,
            reference: request.reference,
            framework_id: request.framework_id,
            lot_id: request.lot_id,
            authority_id: request.authority_id,
            created_by: request.created_by,
            state: request.state,
            needed_by: request.needed_by,
            starts_on: request.starts_on,
            published_at: request.published_at,
            bids_close_at: request.bids_close_at,
            questions_close_at: request.questions_close_at,
            price_weight: request.price_weight,
            child_age: request.child.age,
            child_sex: request.child.sex,
            siblings_to_place_with: request.child.siblings_to_place_with,
            origin_district: request.origin.district,
            origin_easting: request.origin.grid.easting,
            origin_northing: request.origin.grid.northing,
            origin_precision: request.origin.precision,
            origin_local_authority_code: request.origin.local_authority,
            max_distance_miles: request.max_distance_miles,
            needs: request.needs,
            brief: request.brief,
            opened_at,
            opened_by,
            ended_at,
            ended_reason,
            created_at: request.created_at,
            version: request.version,
            answered: Answered(request.answered),
        }
    }
}

/// Whose eyes a request is looked for with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// An authority sees its own, drafts too.
    Authority(OrganisationId),
    /// A provider sees those published on lots that it is admitted to, or suspended from for a time.
    Provider(OrganisationId),
    /// A cooperative sees those published on its frameworks.
    Cooperative(OrganisationId),
}

type Boxed<'a> = placement_requests::BoxedQuery<'a, crate::db::connection::MultiBackend>;

fn within<'a>(scope: Scope) -> Boxed<'a> {
    use placement_requests as r;
    let all = r::table.into_boxed();
    match scope {
        Scope::Authority(authority) => all.filter(r::authority_id.eq(authority)),
        Scope::Provider(provider) => all.filter(r::published_at.is_not_null()).filter(
            r::lot_id.eq_any(
                admissions::table
                    .filter(admissions::provider_id.eq(provider))
                    .filter(admissions::state.eq_any(["admitted", "suspended"]))
                    .select(admissions::lot_id),
            ),
        ),
        Scope::Cooperative(cooperative) => all.filter(r::published_at.is_not_null()).filter(
            r::framework_id.eq_any(
                frameworks::table
                    .filter(frameworks::cooperative_id.eq(cooperative))
                    .select(frameworks::id),
            ),
        ),
    }
}

/// The request with this id, whoever asks: for the program itself and for actions that check the scope on their own.
pub fn request(tx: &mut Tx<'_>, id: PlacementRequestId) -> Result<Option<PlacementRequest>> {
    let row: Option<RequestRow> = placement_requests::table.find(id).first(tx.conn).optional()?;
    Ok(row.map(PlacementRequest::from))
}

/// The requests with these ids.
pub fn requests(tx: &mut Tx<'_>, ids: &[PlacementRequestId]) -> Result<Vec<PlacementRequest>> {
    let rows: Vec<RequestRow> = placement_requests::table
        .filter(placement_requests::id.eq_any(ids))
        .load(tx.conn)?;
    Ok(rows.into_iter().map(PlacementRequest::from).collect())
}

/// The request with this id, if it is there for these eyes.
pub fn seen_request(tx: &mut Tx<'_>, scope: Scope, id: PlacementRequestId) -> Result<Option<PlacementRequest>> {
    let row: Option<RequestRow> = within(scope)
        .filter(placement_requests::id.eq(id))
        .first(tx.conn)
        .optional()?;
    Ok(row.map(PlacementRequest::from))
}

codes! {
    /// The orders of a list of requests.
    pub enum RequestOrder {
        Newest("newest", "Newest first"),
        Deadline("deadline", "Deadline, soonest first"),
        LatestDeadline("latest_deadline", "Deadline, latest first"),
        Reference("reference", "Reference"),
    }
}

/// What a list of requests is narrowed to, and its order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrowed {
    /// To those in this phase.
    pub phase: Option<Phase>,
    /// To those of this framework.
    pub framework: Option<FrameworkId>,
    /// To those of this lot.
    pub lot: Option<LotId>,
    /// To those of this authority.
    pub authority: Option<OrganisationId>,
    /// To those whose reference has this in it.
    pub reference: Option<String>,
    /// To those as urgent.
    pub needed_by: Option<NeededBy>,
    /// To those that were published and have a bid that was submitted and stands; or none.
    pub with_bids: Option<bool>,
    /// In this order; the newest first where none is said.
    pub sort: Option<RequestOrder>,
}

/// A page of the requests that are there for these eyes.
pub fn requests_page(
    tx: &mut Tx<'_>,
    scope: Scope,
    narrowed: &Narrowed,
    page: &Page,
) -> Result<Items<PlacementRequest>> {
    use placement_requests as r;
    let mut query = within(scope);
    if let Some(phase) = narrowed.phase {
        query = query.filter(r::state.eq(stored(phase)));
        // What time decides is asked of the deadline.
        query = match phase {
            Phase::Open => query.filter(r::bids_close_at.gt(tx.now)),
            Phase::Closed => query.filter(r::bids_close_at.le(tx.now)),
            _ => query,
        };
    }
    if let Some(framework) = narrowed.framework {
        query = query.filter(r::framework_id.eq(framework));
    }
    if let Some(lot) = narrowed.lot {
        query = query.filter(r::lot_id.eq(lot));
    }
    if let Some(authority) = narrowed.authority {
        query = query.filter(r::authority_id.eq(authority));
    }
    if let Some(reference) = &narrowed.reference {
        query = query.filter(lower(r::reference).like(containing(reference)).escape('\\'));
    }
    if let Some(needed_by) = narrowed.needed_by {
        query = query.filter(r::needed_by.eq(needed_by));
    }
    if let Some(with_bids) = narrowed.with_bids {
        // Bids are a later slice's; all that is asked of them is that there are any.
        let submitted = bids::table
            .filter(bids::submitted_version.is_not_null())
            .filter(bids::state.ne("withdrawn"))
            .select(bids::placement_request_id);
        query = query.filter(r::published_at.is_not_null());
        query = if with_bids {
            query.filter(r::id.eq_any(submitted))
        } else {
            query.filter(r::id.ne_all(submitted))
        };
    }
    let order = narrowed.sort.unwrap_or(RequestOrder::Newest);
    let query = match order {
        RequestOrder::Newest => descending!(query, page.after_in::<PlacementRequestId>(order)?, r::id),
        RequestOrder::Deadline => {
            ascending!(
                query,
                page.after_in::<(Instant, PlacementRequestId)>(order)?,
                r::bids_close_at,
                r::id
            )
        }
        RequestOrder::LatestDeadline => {
            descending!(
                query,
                page.after_in::<(Instant, PlacementRequestId)>(order)?,
                r::bids_close_at,
                r::id
            )
        }
        // No two are called the same.
        RequestOrder::Reference => ascending!(query, page.after_in::<String>(order)?, r::reference),
    };
    let rows: Vec<RequestRow> = query.limit(page.fetch()).load(tx.conn)?;
    let part = Items::of(rows, page, |row| match order {
        RequestOrder::Newest => cursor(order, row.id),
        RequestOrder::Deadline | RequestOrder::LatestDeadline => cursor(order, (row.bids_close_at, row.id)),
        RequestOrder::Reference => cursor(order, &row.reference),
    });
    Ok(part.map(PlacementRequest::from))
}

/// An authority's requests that are not over, by their deadline; at most so many.
pub fn live(tx: &mut Tx<'_>, authority: OrganisationId, most: i64) -> Result<Vec<PlacementRequest>> {
    use placement_requests as r;
    const LIVE: [RequestState; 4] = [
        RequestState::Draft,
        RequestState::Published,
        RequestState::Opened,
        RequestState::Awarded,
    ];
    let rows: Vec<RequestRow> = r::table
        .filter(r::authority_id.eq(authority))
        .filter(r::state.eq_any(LIVE))
        .order((r::bids_close_at, r::id))
        .limit(most)
        .load(tx.conn)?;
    Ok(rows.into_iter().map(PlacementRequest::from).collect())
}

fn stored(phase: Phase) -> RequestState {
    match phase {
        Phase::Draft => RequestState::Draft,
        Phase::Open | Phase::Closed => RequestState::Published,
        Phase::Opened => RequestState::Opened,
        Phase::Awarded => RequestState::Awarded,
        Phase::Completed => RequestState::Completed,
        Phase::Withdrawn => RequestState::Withdrawn,
        Phase::Unfilled => RequestState::Unfilled,
    }
}

/// Takes the request's row for this transaction and reads it: whoever else wants it waits until this transaction ends. Bids,
/// the opening and whatever moves the deadline take it first.
pub fn lock(tx: &mut Tx<'_>, id: PlacementRequestId) -> Result<PlacementRequest> {
    // SQLite's write transactions run one after the other anyway. The lock lets foreign keys to the row through.
    if let Db::Pg(conn) = tx.conn {
        placement_requests::table
            .find(id)
            .select(placement_requests::id)
            .for_no_key_update()
            .execute(conn)?;
    }
    request(tx, id)?.ok_or(Error::NotFound("placement request"))
}

/// Keeps a new draft.
pub fn insert(tx: &mut Tx<'_>, request: PlacementRequest) -> Result<()> {
    let row = RequestRow::from(request);
    let inserted = diesel::insert_into(placement_requests::table)
        .values(&row)
        .execute(tx.conn);
    // References meet once in hundreds of millions; the caller may simply ask again.
    unless_taken(inserted, || Error::Unavailable)?;
    Ok(())
}

/// Keeps the changed request, unless somebody has changed it since it was read. Answers it with its new version.
pub fn update(tx: &mut Tx<'_>, mut request: PlacementRequest) -> Result<PlacementRequest> {
    use placement_requests as r;
    let read = request.version;
    request.version += 1;
    let row = RequestRow::from(request.clone());
    let changed = diesel::update(r::table.filter(r::id.eq(request.id)).filter(r::version.eq(read)))
        .set(&row)
        .execute(tx.conn)?;
    one_row(changed)?;
    Ok(request)
}

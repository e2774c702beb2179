//! Rows of awards, their approvals, letters, and what is due.

use super::letters::Letter;
use super::rules::AwardRefused;
use super::rules::{
    Approval, ApprovalKind, ApprovalState, Area, Award, AwardState, Closing, Confirmation, DueItem, DueKind, LetterKind,
};
use crate::clock::Instant;
use crate::db::schema::{approvals, awards, due_items, homes, letters, organisations, placement_requests};
use crate::db::{Tx, one_row, text_column, unless_taken};
use crate::each;
use crate::error::{Error, Result};
use crate::ids::{
    ApprovalId, AwardId, BidId, DueItemId, HomeId, LetterId, LotId, OrganisationId, PersonId, PlacementRequestId,
    VacancyId,
};
use crate::values::{Money, OutOfAreaReason, PriceLines, ProcurementRoute};
use crate::web::Page;
use chrono::NaiveDate;
use diesel::prelude::*;

text_column!(AwardState, Area, ApprovalKind, ApprovalState, LetterKind, DueKind);

#[derive(Queryable)]
struct AwardRow {
    id: AwardId,
    placement_request_id: PlacementRequestId,
    bid_id: Option<BidId>,
    lot_id: LotId,
    home_id: HomeId,
    provider_id: OrganisationId,
    authority_id: OrganisationId,
    procurement_route: ProcurementRoute,
    state: AwardState,
    rank: Option<i32>,
    tied: bool,
    reason: Option<String>,
    characteristics: Option<String>,
    starts_on: NaiveDate,
    places: i32,
    core: Money,
    additional_support: Money,
    education: Money,
    other: Money,
    area: Area,
    out_of_area_reason: Option<OutOfAreaReason>,
    distance: i32,
    standstill_ends_at: Option<Instant>,
    proposed_by: PersonId,
    confirmed_by: Option<PersonId>,
    confirmed_at: Option<Instant>,
    vacancy_id: Option<VacancyId>,
    closed_by: Option<PersonId>,
    closed_at: Option<Instant>,
    closed_reason: Option<String>,
    created_at: Instant,
    version: i64,
}

impl AwardRow {
    fn with(self, approvals: Vec<Approval>) -> Result<Award> {
        let corrupt = || Error::CorruptRow {
            table: "awards",
            id: self.id.to_string(),
        };
        let confirmed = match (self.confirmed_by, self.confirmed_at, self.vacancy_id) {
            (Some(by), Some(at), Some(vacancy_id)) => Some(Confirmation { by, at, vacancy_id }),
            (None, None, None) => None,
            _ => return Err(corrupt()),
        };
        let closed = match (self.closed_by, self.closed_at) {
            (Some(by), Some(at)) => Some(Closing {
                by,
                at,
                reason: self.closed_reason,
            }),
            (None, None) => None,
            _ => return Err(corrupt()),
        };
        Ok(Award {
            id: self.id,
            placement_request_id: self.placement_request_id,
            bid_id: self.bid_id,
            lot_id: self.lot_id,
            home_id: self.home_id,
            provider_id: self.provider_id,
            authority_id: self.authority_id,
            route: self.procurement_route,
            state: self.state,
            rank: self.rank,
            tied: self.tied,
            reason: self.reason,
            characteristics: self.characteristics,
            starts_on: self.starts_on,
            places: self.places,
            price: PriceLines {
                core: self.core,
                additional_support: self.additional_support,
                education: self.education,
                other: self.other,
            },
            area: self.area,
            out_of_area_reason: self.out_of_area_reason,
            distance: self.distance,
            approvals,
            standstill_ends_at: self.standstill_ends_at,
            proposed_by: self.proposed_by,
            proposed_at: self.created_at,
            confirmed,
            closed,
            version: self.version,
        })
    }
}

#[derive(Queryable)]
struct ApprovalRow {
    id: ApprovalId,
    _award_id: AwardId,
    kind: ApprovalKind,
    state: ApprovalState,
    reason: Option<String>,
    decided_by: Option<PersonId>,
    decided_at: Option<Instant>,
}

impl From<ApprovalRow> for Approval {
    fn from(row: ApprovalRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            state: row.state,
            decided: row.decided_by.zip(row.decided_at),
            reason: row.reason,
        }
    }
}

/// One award with its approvals.
pub fn award(tx: &mut Tx<'_>, id: AwardId) -> Result<Option<Award>> {
    let Some(row) = awards::table.find(id).first::<AwardRow>(tx.conn).optional()? else {
        return Ok(None);
    };
    let approvals = approvals::table
        .filter(approvals::award_id.eq(id))
        .order(approvals::id)
        .load::<ApprovalRow>(tx.conn)?;
    row.with(approvals.into_iter().map(Approval::from).collect()).map(Some)
}

/// Holds the award's row until the transaction ends: of two who act on it at once, the second reads what the first has done.
pub fn lock(tx: &mut Tx<'_>, id: AwardId) -> Result<()> {
    diesel::update(awards::table.find(id))
        .set(awards::version.eq(awards::version))
        .execute(tx.conn)?;
    Ok(())
}

/// The bids of a request that were awarded and then declined by their provider.
pub fn declined_bids(tx: &mut Tx<'_>, request: PlacementRequestId) -> Result<Vec<BidId>> {
    let declined = awards::table
        .filter(awards::placement_request_id.eq(request))
        .filter(awards::state.eq(AwardState::Declined))
        .filter(awards::bid_id.is_not_null());
    Ok(declined.select(awards::bid_id.assume_not_null()).load(tx.conn)?)
}

/// Keeps a new award with the approvals it needs; the unique index on live awards decides between two at once.
pub fn insert(tx: &mut Tx<'_>, award: &Award) -> Result<()> {
    let inserted = diesel::insert_into(awards::table)
        .values((
            (
                awards::id.eq(award.id),
                awards::placement_request_id.eq(award.placement_request_id),
                awards::bid_id.eq(award.bid_id),
                awards::lot_id.eq(award.lot_id),
                awards::home_id.eq(award.home_id),
                awards::provider_id.eq(award.provider_id),
                awards::authority_id.eq(award.authority_id),
                awards::procurement_route.eq(award.route),
                awards::state.eq(award.state),
                awards::rank.eq(award.rank),
                awards::tied.eq(award.tied),
                awards::reason.eq(award.reason.as_deref()),
                awards::characteristics.eq(award.characteristics.as_deref()),
            ),
            (
                awards::starts_on.eq(award.starts_on),
                awards::places.eq(award.places),
                awards::core.eq(award.price.core),
                awards::additional_support.eq(award.price.additional_support),
                awards::education.eq(award.price.education),
                awards::other.eq(award.price.other),
                awards::area.eq(award.area),
                awards::out_of_area_reason.eq(award.out_of_area_reason),
                awards::distance.eq(award.distance),
                awards::standstill_ends_at.eq(award.standstill_ends_at),
                awards::proposed_by.eq(award.proposed_by),
                awards::created_at.eq(award.proposed_at),
                awards::version.eq(award.version),
            ),
        ))
        .execute(tx.conn);
    unless_taken(inserted, || AwardRefused::AlreadyExists.into())?;
    let rows: Vec<_> = award
        .approvals
        .iter()
        .map(|approval| {
            (
                approvals::id.eq(approval.id),
                approvals::award_id.eq(award.id),
                approvals::kind.eq(approval.kind),
                approvals::state.eq(approval.state),
            )
        })
        .collect();
    each!(tx.conn, c => diesel::insert_into(approvals::table).values(&rows).execute(c))?;
    Ok(())
}

/// Keeps how far an award has come, unless somebody changed it meanwhile. Answers it with its new version.
pub fn update(tx: &mut Tx<'_>, award: Award) -> Result<Award> {
    let rows = diesel::update(awards::table.find(award.id).filter(awards::version.eq(award.version)))
        .set((
            awards::state.eq(award.state),
            awards::standstill_ends_at.eq(award.standstill_ends_at),
            awards::confirmed_by.eq(award.confirmed.map(|confirmed| confirmed.by)),
            awards::confirmed_at.eq(award.confirmed.map(|confirmed| confirmed.at)),
            awards::vacancy_id.eq(award.confirmed.map(|confirmed| confirmed.vacancy_id)),
            awards::closed_by.eq(award.closed.as_ref().map(|closing| closing.by)),
            awards::closed_at.eq(award.closed.as_ref().map(|closing| closing.at)),
            awards::closed_reason.eq(award.closed.as_ref().and_then(|closing| closing.reason.as_deref())),
            awards::version.eq(award.version + 1),
        ))
        .execute(tx.conn)?;
    one_row(rows)?;
    Ok(Award {
        version: award.version + 1,
        ..award
    })
}

/// Keeps what was decided on approvals that were waited for.
pub fn decide(tx: &mut Tx<'_>, decided: &[&Approval]) -> Result<()> {
    for approval in decided {
        let pending = approvals::table
            .find(approval.id)
            .filter(approvals::state.eq(ApprovalState::Pending));
        let rows = diesel::update(pending)
            .set((
                approvals::state.eq(approval.state),
                approvals::reason.eq(approval.reason.as_deref()),
                approvals::decided_by.eq(approval.decided.map(|(by, _)| by)),
                approvals::decided_at.eq(approval.decided.map(|(_, at)| at)),
            ))
            .execute(tx.conn)?;
        one_row(rows)?;
    }
    Ok(())
}

/// A letter as it was sent.
#[derive(Debug, Clone, Queryable)]
pub struct SentLetter {
    /// Its identifier.
    pub id: LetterId,
    /// To whom.
    pub recipient_id: OrganisationId,
    /// About which bid.
    pub bid_id: Option<BidId>,
    /// Which letter.
    pub kind: LetterKind,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub body: String,
    /// When.
    pub sent_at: Instant,
}

/// Keeps letters as sent now.
pub fn insert_letters(tx: &mut Tx<'_>, award: AwardId, sent: &[Letter]) -> Result<()> {
    let now = tx.now;
    let rows: Vec<_> = sent
        .iter()
        .map(|letter| {
            (
                letters::id.eq(LetterId::new(now)),
                letters::award_id.eq(award),
                letters::recipient_id.eq(letter.provider_id),
                letters::bid_id.eq(letter.bid_id),
                letters::kind.eq(letter.kind),
                letters::subject.eq(letter.subject.as_str()),
                letters::body.eq(letter.body.as_str()),
                letters::sent_at.eq(now),
            )
        })
        .collect();
    each!(tx.conn, c => diesel::insert_into(letters::table).values(&rows).execute(c))?;
    Ok(())
}

/// The letters of an award, the winner's first; those to one recipient, or all.
pub fn sent_letters(tx: &mut Tx<'_>, award: AwardId, recipient: Option<OrganisationId>) -> Result<Vec<SentLetter>> {
    let mut query = letters::table.filter(letters::award_id.eq(award)).into_boxed();
    if let Some(recipient) = recipient {
        query = query.filter(letters::recipient_id.eq(recipient));
    }
    let columns = (
        letters::id,
        letters::recipient_id,
        letters::bid_id,
        letters::kind,
        letters::subject,
        letters::body,
        letters::sent_at,
    );
    Ok(query
        .select(columns)
        .order((letters::kind, letters::id))
        .load(tx.conn)?)
}

/// Whether the letters of an award have gone out.
pub fn letters_sent(tx: &mut Tx<'_>, award: AwardId) -> Result<bool> {
    Ok(diesel::select(diesel::dsl::exists(letters::table.filter(letters::award_id.eq(award)))).get_result(tx.conn)?)
}

/// Whose awards are listed.
#[derive(Debug, Clone, Copy)]
pub enum Scope {
    /// All that an authority has proposed.
    Authority(OrganisationId),
    /// Those of a provider that it has been told of.
    Provider(OrganisationId),
}

/// An award in a list.
#[derive(Debug, Clone, Queryable)]
pub struct AwardLine {
    /// Its identifier.
    pub id: AwardId,
    /// The request.
    pub placement_request_id: PlacementRequestId,
    /// The request's reference.
    pub reference: String,
    /// The bid; `None` for a direct award.
    pub bid_id: Option<BidId>,
    /// The authority.
    pub authority_id: OrganisationId,
    /// The provider.
    pub provider_id: OrganisationId,
    /// The provider's name.
    pub provider: String,
    /// The home.
    pub home_id: HomeId,
    /// The home's name.
    pub home: String,
    /// The procurement route.
    pub route: ProcurementRoute,
    /// How far it has come.
    pub state: AwardState,
    /// Until when it stands still, once approved.
    pub standstill_ends_at: Option<Instant>,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The four lines of the weekly price.
    pub price: (Money, Money, Money, Money),
    /// When it was proposed.
    pub proposed_at: Instant,
    /// Counts its changes.
    pub version: i64,
}

/// Awards from a cursor on, the newest first.
pub fn list(
    tx: &mut Tx<'_>,
    scope: Scope,
    request: Option<PlacementRequestId>,
    state: Option<AwardState>,
    page: &Page,
) -> Result<Vec<AwardLine>> {
    let mut query = awards::table
        .inner_join(placement_requests::table)
        .inner_join(homes::table)
        .inner_join(organisations::table.on(organisations::id.eq(awards::provider_id)))
        .select((
            awards::id,
            awards::placement_request_id,
            placement_requests::reference,
            awards::bid_id,
            awards::authority_id,
            awards::provider_id,
            organisations::name,
            awards::home_id,
            homes::name,
            awards::procurement_route,
            awards::state,
            awards::standstill_ends_at,
            awards::starts_on,
            (
                awards::core,
                awards::additional_support,
                awards::education,
                awards::other,
            ),
            awards::created_at,
            awards::version,
        ))
        .into_boxed();
    query = match scope {
        Scope::Authority(authority) => query.filter(awards::authority_id.eq(authority)),
        Scope::Provider(provider) => query.filter(awards::provider_id.eq(provider)).filter(
            awards::standstill_ends_at
                .is_not_null()
                .or(awards::confirmed_at.is_not_null()),
        ),
    };
    if let Some(request) = request {
        query = query.filter(awards::placement_request_id.eq(request));
    }
    if let Some(state) = state {
        query = query.filter(awards::state.eq(state));
    }
    if let Some(after) = page.after::<AwardId>()? {
        query = query.filter(awards::id.lt(after));
    }
    Ok(query.order(awards::id.desc()).limit(page.fetch()).load(tx.conn)?)
}

#[derive(Queryable)]
struct DueItemRow {
    id: DueItemId,
    award_id: AwardId,
    authority_id: OrganisationId,
    kind: DueKind,
    area_gss_code: String,
    due_on: NaiveDate,
    note: Option<String>,
    done_by: Option<PersonId>,
    done_at: Option<Instant>,
    _created_at: Instant,
    version: i64,
}

impl From<DueItemRow> for DueItem {
    fn from(row: DueItemRow) -> Self {
        Self {
            id: row.id,
            award_id: row.award_id,
            authority_id: row.authority_id,
            kind: row.kind,
            area_gss_code: row.area_gss_code,
            due_on: row.due_on,
            note: row.note,
            done: row.done_by.zip(row.done_at),
            version: row.version,
        }
    }
}

/// One due item.
pub fn due_item(tx: &mut Tx<'_>, id: DueItemId) -> Result<Option<DueItem>> {
    Ok(due_items::table
        .find(id)
        .first::<DueItemRow>(tx.conn)
        .optional()?
        .map(DueItem::from))
}

/// What is due because of an award.
pub fn due_items_of(tx: &mut Tx<'_>, award: AwardId) -> Result<Vec<DueItem>> {
    let rows = due_items::table
        .filter(due_items::award_id.eq(award))
        .order(due_items::id)
        .load::<DueItemRow>(tx.conn)?;
    Ok(rows.into_iter().map(DueItem::from).collect())
}

/// What an authority owes, from a cursor on, the oldest first, each with the reference of its request; with `done` only what is done, or
/// only what is not.
pub fn due_items_of_authority(
    tx: &mut Tx<'_>,
    authority: OrganisationId,
    done: Option<bool>,
    page: &Page,
) -> Result<Vec<(DueItem, String)>> {
    let mut query = due_items::table
        .inner_join(awards::table.inner_join(placement_requests::table))
        .filter(due_items::authority_id.eq(authority))
        .select((due_items::all_columns, placement_requests::reference))
        .into_boxed();
    query = match done {
        Some(true) => query.filter(due_items::done_at.is_not_null()),
        Some(false) => query.filter(due_items::done_at.is_null()),
        None => query,
    };
    if let Some(after) = page.after::<DueItemId>()? {
        query = query.filter(due_items::id.gt(after));
    }
    let rows = query
        .order(due_items::id)
        .limit(page.fetch())
        .load::<(DueItemRow, String)>(tx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(row, reference)| (row.into(), reference))
        .collect())
}

/// Keeps a new due item.
pub fn insert_due_item(tx: &mut Tx<'_>, item: &DueItem) -> Result<()> {
    diesel::insert_into(due_items::table)
        .values((
            due_items::id.eq(item.id),
            due_items::award_id.eq(item.award_id),
            due_items::authority_id.eq(item.authority_id),
            due_items::kind.eq(item.kind),
            due_items::area_gss_code.eq(item.area_gss_code.as_str()),
            due_items::due_on.eq(item.due_on),
            due_items::created_at.eq(tx.now),
            due_items::version.eq(item.version),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Keeps a changed due item, unless somebody changed it meanwhile. Answers it with its new version.
pub fn update_due_item(tx: &mut Tx<'_>, item: DueItem) -> Result<DueItem> {
    let rows = diesel::update(
        due_items::table
            .find(item.id)
            .filter(due_items::version.eq(item.version)),
    )
    .set((
        due_items::due_on.eq(item.due_on),
        due_items::note.eq(item.note.as_deref()),
        due_items::done_by.eq(item.done.map(|(by, _)| by)),
        due_items::done_at.eq(item.done.map(|(_, at)| at)),
        due_items::version.eq(item.version + 1),
    ))
    .execute(tx.conn)?;
    one_row(rows)?;
    Ok(DueItem {
        version: item.version + 1,
        ..item
    })
}

/// Drops what is due because of an award and not done: the award came to nothing.
pub fn drop_due_items(tx: &mut Tx<'_>, award: AwardId) -> Result<()> {
    let open = due_items::table
        .filter(due_items::award_id.eq(award))
        .filter(due_items::done_at.is_null());
    diesel::delete(open).execute(tx.conn)?;
    Ok(())
}

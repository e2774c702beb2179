//! Rows of awards and their approvals, letters, and what is due.

mod due;
mod letters;
mod lists;

pub use due::{DueNarrowed, DueOrder, areas_owed, due_item, due_items_of, due_items_of_authority, due_items_of_awards};
pub(super) use due::{drop_due_items, insert_due_item, update_due_item};
pub(super) use letters::insert_letters;
pub use letters::{Bidder, SentLetter, awards_told_of, bidders, bidders_of, letters_sent, sent_letters};
pub use lists::{AwardLine, AwardOrder, Narrowed, Scope, line, list};

use super::rules::{
    Approval, ApprovalKind, ApprovalState, Area, Award, AwardRefused, AwardState, Closing, Confirmation, DueKind,
    LetterKind,
};
use crate::clock::Instant;
use crate::db::schema::{approvals, awards};
use crate::db::{Tx, one_row, text_column, unless_taken};
use crate::each;
use crate::error::{Error, Result};
use crate::ids::{ApprovalId, AwardId, BidId, HomeId, LotId, OrganisationId, PersonId, PlacementRequestId, VacancyId};
use crate::values::{Money, OutOfAreaReason, PriceLines, ProcurementRoute};
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::{HashMap, HashSet};

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
    award_id: AwardId,
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
    Ok(awards(tx, &[id])?.pop())
}

/// The awards with these ids, with their approvals.
pub fn awards(tx: &mut Tx<'_>, ids: &[AwardId]) -> Result<Vec<Award>> {
    let rows = awards::table
        .filter(awards::id.eq_any(ids.to_vec()))
        .order(awards::id)
        .load::<AwardRow>(tx.conn)?;
    with_approvals(tx, rows)
}

/// The awards of a request, with their approvals, the oldest first.
pub fn awards_of_request(tx: &mut Tx<'_>, request: PlacementRequestId) -> Result<Vec<Award>> {
    let rows = awards::table
        .filter(awards::placement_request_id.eq(request))
        .order(awards::id)
        .load::<AwardRow>(tx.conn)?;
    with_approvals(tx, rows)
}

fn with_approvals(tx: &mut Tx<'_>, rows: Vec<AwardRow>) -> Result<Vec<Award>> {
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let approvals = approvals::table
        .filter(approvals::award_id.eq_any(ids))
        .order(approvals::id)
        .load::<ApprovalRow>(tx.conn)?;
    let mut of_award: HashMap<AwardId, Vec<Approval>> = HashMap::new();
    for row in approvals {
        of_award.entry(row.award_id).or_default().push(row.into());
    }
    rows.into_iter()
        .map(|row| {
            let approvals = of_award.remove(&row.id).unwrap_or_default();
            row.with(approvals)
        })
        .collect()
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
    declined_bids_of(tx, &[request])
}

/// The bids of these requests that were awarded and then declined by their provider.
pub fn declined_bids_of(tx: &mut Tx<'_>, requests: &[PlacementRequestId]) -> Result<Vec<BidId>> {
    let declined = awards::table
        .filter(awards::placement_request_id.eq_any(requests.to_vec()))
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
    if award.approvals.is_empty() {
        return Ok(());
    }
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

/// Those of these requests that have an award that is neither refused, withdrawn nor declined.
pub fn with_live(tx: &mut Tx<'_>, requests: &[PlacementRequestId]) -> Result<HashSet<PlacementRequestId>> {
    let ended = [AwardState::Refused, AwardState::Withdrawn, AwardState::Declined];
    let live = awards::table
        .filter(awards::placement_request_id.eq_any(requests.to_vec()))
        .filter(awards::state.ne_all(ended))
        .select(awards::placement_request_id);
    Ok(live.load(tx.conn)?.into_iter().collect())
}

/// Whether a request has an award that is neither refused, withdrawn nor declined.
pub fn has_live(tx: &mut Tx<'_>, request: PlacementRequestId) -> Result<bool> {
    let ended = [AwardState::Refused, AwardState::Withdrawn, AwardState::Declined];
    let live = awards::table
        .filter(awards::placement_request_id.eq(request))
        .filter(awards::state.ne_all(ended));
    Ok(diesel::select(diesel::dsl::exists(live)).get_result(tx.conn)?)
}

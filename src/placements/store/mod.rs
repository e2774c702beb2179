//! Rows of placements and their terms.

mod lists;

pub use lists::{Narrowed, PlacementLine, PlacementOrder, Scope, line, list};

use super::rules::{FundingSplit, Placement, PlacementState, Running, Terms, in_force};
use crate::clock::Instant;
use crate::db::schema::{frameworks, lots, placement_terms, placements};
use crate::db::{Tx, one_row, text_column};
use crate::error::{Error, Result};
use crate::ids::{
    AwardId, ContractVersionId, FrameworkId, HomeId, LotId, OrganisationId, PersonId, PlacementId, PlacementRequestId,
    VacancyId, VariationId,
};
use crate::values::{Money, PlacementEndReason, PlacementType, PriceLines, Urn};
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::HashMap;

text_column!(PlacementState);

#[derive(Queryable)]
struct PlacementRow {
    id: PlacementId,
    award_id: AwardId,
    placement_request_id: PlacementRequestId,
    framework_id: FrameworkId,
    lot_id: LotId,
    home_id: HomeId,
    ofsted_urn: Urn,
    provider_id: OrganisationId,
    authority_id: OrganisationId,
    vacancy_id: VacancyId,
    places: i32,
    contract_version_id: Option<ContractVersionId>,
    state: PlacementState,
    starts_on: NaiveDate,
    started_on: Option<NaiveDate>,
    ended_on: Option<NaiveDate>,
    end_reason: Option<PlacementEndReason>,
    _created_at: Instant,
    version: i64,
}

impl TryFrom<PlacementRow> for Placement {
    type Error = Error;

    fn try_from(row: PlacementRow) -> Result<Self> {
        let ended = match (row.ended_on, row.end_reason) {
            (Some(on), Some(reason)) => Some((on, reason)),
            (None, None) => None,
            _ => {
                return Err(Error::CorruptRow {
                    table: "placements",
                    id: row.id.to_string(),
                });
            }
        };
        Ok(Self {
            id: row.id,
            award_id: row.award_id,
            placement_request_id: row.placement_request_id,
            framework_id: row.framework_id,
            lot_id: row.lot_id,
            home_id: row.home_id,
            ofsted_urn: row.ofsted_urn,
            provider_id: row.provider_id,
            authority_id: row.authority_id,
            vacancy_id: row.vacancy_id,
            places: row.places,
            contract_version_id: row.contract_version_id,
            state: row.state,
            starts_on: row.starts_on,
            started_on: row.started_on,
            ended,
            version: row.version,
        })
    }
}

/// One placement.
pub fn placement(tx: &mut Tx<'_>, id: PlacementId) -> Result<Option<Placement>> {
    placements::table
        .find(id)
        .first::<PlacementRow>(tx.conn)
        .optional()?
        .map(Placement::try_from)
        .transpose()
}

/// The placements that a request has led to, the oldest first.
pub fn placements_of_request(tx: &mut Tx<'_>, request: PlacementRequestId) -> Result<Vec<Placement>> {
    let rows: Vec<PlacementRow> = placements::table
        .filter(placements::placement_request_id.eq(request))
        .order(placements::id)
        .load(tx.conn)?;
    rows.into_iter().map(Placement::try_from).collect()
}

/// The placement that an award has become.
pub fn placement_of_award(tx: &mut Tx<'_>, award: AwardId) -> Result<Option<PlacementId>> {
    Ok(placements::table
        .filter(placements::award_id.eq(award))
        .select(placements::id)
        .first(tx.conn)
        .optional()?)
}

/// Holds the placement's row until the transaction ends.
pub fn lock(tx: &mut Tx<'_>, id: PlacementId) -> Result<()> {
    diesel::update(placements::table.find(id))
        .set(placements::version.eq(placements::version))
        .execute(tx.conn)?;
    Ok(())
}

/// Keeps a new placement.
pub fn insert(tx: &mut Tx<'_>, placement: &Placement) -> Result<()> {
    diesel::insert_into(placements::table)
        .values((
            placements::id.eq(placement.id),
            placements::award_id.eq(placement.award_id),
            placements::placement_request_id.eq(placement.placement_request_id),
            placements::framework_id.eq(placement.framework_id),
            placements::lot_id.eq(placement.lot_id),
            placements::home_id.eq(placement.home_id),
            placements::ofsted_urn.eq(&placement.ofsted_urn),
            placements::provider_id.eq(placement.provider_id),
            placements::authority_id.eq(placement.authority_id),
            placements::vacancy_id.eq(placement.vacancy_id),
            placements::places.eq(placement.places),
            placements::contract_version_id.eq(placement.contract_version_id),
            placements::state.eq(placement.state),
            placements::starts_on.eq(placement.starts_on),
            placements::created_at.eq(tx.now),
            placements::version.eq(placement.version),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Keeps how far a placement has come, unless somebody changed it meanwhile. Answers it with its new version.
pub fn update(tx: &mut Tx<'_>, placement: Placement) -> Result<Placement> {
    let rows = diesel::update(
        placements::table
            .find(placement.id)
            .filter(placements::version.eq(placement.version)),
    )
    .set((
        placements::state.eq(placement.state),
        placements::started_on.eq(placement.started_on),
        placements::ended_on.eq(placement.ended.map(|(on, _)| on)),
        placements::end_reason.eq(placement.ended.map(|(_, reason)| reason)),
        placements::version.eq(placement.version + 1),
    ))
    .execute(tx.conn)?;
    one_row(rows)?;
    Ok(Placement {
        version: placement.version + 1,
        ..placement
    })
}

#[derive(Clone, Queryable)]
struct TermsRow {
    placement_id: PlacementId,
    number: i32,
    effective_on: NaiveDate,
    price: (Money, Money, Money, Money),
    funding: (i32, i32, i32),
    reason: Option<String>,
    sha256: String,
    recorded_by: PersonId,
}

impl From<TermsRow> for Terms {
    fn from(row: TermsRow) -> Self {
        let (core, additional_support, education, other) = row.price;
        let (social_care, education_share, health) = row.funding;
        Self {
            number: row.number,
            effective_on: row.effective_on,
            price: PriceLines {
                core,
                additional_support,
                education,
                other,
            },
            funding: FundingSplit {
                social_care,
                education: education_share,
                health,
            },
            reason: row.reason,
            sha256: row.sha256,
            recorded_by: row.recorded_by,
        }
    }
}

macro_rules! terms {
    () => {
        (
            placement_terms::placement_id,
            placement_terms::number,
            placement_terms::effective_on,
            (
                placement_terms::core,
                placement_terms::additional_support,
                placement_terms::education,
                placement_terms::other,
            ),
            (
                placement_terms::funding_social_care,
                placement_terms::funding_education,
                placement_terms::funding_health,
            ),
            placement_terms::reason,
            placement_terms::sha256,
            placement_terms::recorded_by,
        )
    };
}

/// The terms of these placements, each placement's in the order of their numbers.
pub fn terms_of(tx: &mut Tx<'_>, ids: &[PlacementId]) -> Result<HashMap<PlacementId, Vec<Terms>>> {
    let rows: Vec<TermsRow> = placement_terms::table
        .filter(placement_terms::placement_id.eq_any(ids.to_vec()))
        .order((placement_terms::placement_id, placement_terms::number))
        .select(terms!())
        .load(tx.conn)?;
    let mut terms: HashMap<PlacementId, Vec<Terms>> = HashMap::new();
    for row in rows {
        terms.entry(row.placement_id).or_default().push(row.into());
    }
    Ok(terms)
}

/// The placements that are agreed or have started, on the terms of today.
pub fn running(tx: &mut Tx<'_>, scope: Scope) -> Result<Vec<Running>> {
    let mut query = placement_terms::table
        .inner_join(placements::table.inner_join(lots::table))
        .filter(placements::state.ne(PlacementState::Ended))
        .order((placement_terms::placement_id, placement_terms::number))
        .select((placements::state, lots::placement_type, terms!()))
        .into_boxed();
    query = match scope {
        Scope::Authority(id) => query.filter(placements::authority_id.eq(id)),
        Scope::Provider(id) => query.filter(placements::provider_id.eq(id)),
        Scope::Cooperative(id) => {
            let its = frameworks::table
                .filter(frameworks::cooperative_id.eq(id))
                .select(frameworks::id);
            query.filter(placements::framework_id.eq_any(its))
        }
    };
    let rows: Vec<(PlacementState, PlacementType, TermsRow)> = query.load(tx.conn)?;
    let today = tx.now.date_in_uk();
    let mut running = Vec::new();
    for of_one in rows.chunk_by(|one, next| one.2.placement_id == next.2.placement_id) {
        let (state, placement_type) = (of_one[0].0, of_one[0].1);
        let terms: Vec<Terms> = of_one.iter().map(|(_, _, row)| Terms::from(row.clone())).collect();
        running.extend(in_force(&terms, today).map(|terms| Running {
            state,
            placement_type,
            price: terms.price,
            funding: terms.funding,
        }));
    }
    Ok(running)
}

/// The text of the agreement with the terms of this number, or with the last ones: their number, the text and its SHA-256.
pub fn agreement(tx: &mut Tx<'_>, id: PlacementId, number: Option<i32>) -> Result<Option<(i32, String, String)>> {
    let mut query = placement_terms::table
        .filter(placement_terms::placement_id.eq(id))
        .into_boxed();
    if let Some(number) = number {
        query = query.filter(placement_terms::number.eq(number));
    }
    let columns = (
        placement_terms::number,
        placement_terms::agreement,
        placement_terms::sha256,
    );
    Ok(query
        .order(placement_terms::number.desc())
        .select(columns)
        .first(tx.conn)
        .optional()?)
}

/// Keeps new terms with the agreement as it reads with them. The caller holds the placement's row.
pub fn insert_terms(tx: &mut Tx<'_>, id: PlacementId, terms: &Terms, agreement: &str) -> Result<()> {
    diesel::insert_into(placement_terms::table)
        .values((
            placement_terms::id.eq(VariationId::new(tx.now)),
            placement_terms::placement_id.eq(id),
            placement_terms::number.eq(terms.number),
            placement_terms::effective_on.eq(terms.effective_on),
            placement_terms::core.eq(terms.price.core),
            placement_terms::additional_support.eq(terms.price.additional_support),
            placement_terms::education.eq(terms.price.education),
            placement_terms::other.eq(terms.price.other),
            placement_terms::weekly_total.eq(terms.price.total()),
            placement_terms::funding_social_care.eq(terms.funding.social_care),
            placement_terms::funding_education.eq(terms.funding.education),
            placement_terms::funding_health.eq(terms.funding.health),
            placement_terms::reason.eq(terms.reason.as_deref()),
            placement_terms::agreement.eq(agreement),
            placement_terms::sha256.eq(terms.sha256.as_str()),
            placement_terms::recorded_by.eq(terms.recorded_by),
            placement_terms::created_at.eq(tx.now),
        ))
        .execute(tx.conn)?;
    Ok(())
}

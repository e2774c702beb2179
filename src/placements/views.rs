//! What is shown of placements. The cooperative sees the market: nothing that leads to the child.

use super::rules::{FundingSplit, Placement, PlacementState, Terms, in_force};
use super::store::PlacementLine;
use crate::awards::views::{Named, NamedHome};
use crate::ids::{AwardId, ContractVersionId, PlacementId, PlacementRequestId};
use crate::values::{Money, PlacementEndReason, PriceLines, Urn};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

/// A placement in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PlacementSummary {
    /// Its id.
    pub id: PlacementId,
    /// The request's reference; null for the cooperative.
    #[schema(example = "PR-2026-7K2MXQ")]
    pub reference: Option<String>,
    /// The authority that places.
    pub authority: Named,
    /// The provider.
    pub provider: Named,
    /// The home.
    pub home: NamedHome,
    /// How far it has come.
    pub status: PlacementState,
    /// The agreed first day.
    pub starts_on: NaiveDate,
    /// The first day, as it was.
    pub started_on: Option<NaiveDate>,
    /// The last day.
    pub ended_on: Option<NaiveDate>,
    /// The weekly price on the terms of today.
    pub weekly_total: Money,
    /// Counts its changes.
    #[schema(example = 1)]
    pub version: i64,
}

impl PlacementSummary {
    /// The summary as it reads today, for the parties or for the cooperative.
    pub fn of(line: PlacementLine, for_parties: bool) -> Self {
        Self {
            id: line.id,
            reference: Some(line.reference).filter(|_| for_parties),
            authority: Named {
                id: line.authority.0,
                name: line.authority.1,
            },
            provider: Named {
                id: line.provider.0,
                name: line.provider.1,
            },
            home: NamedHome {
                id: line.home.0,
                name: line.home.1,
            },
            status: line.state,
            starts_on: line.starts_on,
            started_on: line.started_on,
            ended_on: line.ended_on,
            weekly_total: line.weekly_total,
            version: line.version,
        }
    }
}

/// Terms of a placement.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PlacementTerms)]
pub struct TermsView {
    /// 1 as agreed; each later one a variation.
    #[schema(example = 1)]
    pub number: i32,
    /// The first day on which they hold.
    pub effective_on: NaiveDate,
    /// The weekly price by line.
    pub price: PriceLines,
    /// The weekly price.
    pub weekly_total: Money,
    /// Who pays.
    pub funding: FundingSplit,
    /// Why they were changed; null for the first, and for the cooperative.
    pub reason: Option<String>,
    /// SHA-256 of the agreement's text with them, lower-case hex.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub agreement_sha256: String,
}

/// A placement.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Placement)]
pub struct PlacementView {
    /// Its id.
    pub id: PlacementId,
    /// The award it comes from; null for the cooperative.
    pub award_id: Option<AwardId>,
    /// The request; null for the cooperative.
    pub placement_request_id: Option<PlacementRequestId>,
    /// The request's reference; null for the cooperative.
    #[schema(example = "PR-2026-7K2MXQ")]
    pub reference: Option<String>,
    /// The authority that places.
    pub authority: Named,
    /// The provider.
    pub provider: Named,
    /// The home.
    pub home: NamedHome,
    /// The home's registration number, as agreed.
    pub ofsted_urn: Urn,
    /// Places it takes.
    #[schema(example = 1)]
    pub places: i32,
    /// The contract version that applies; null for a spot purchase.
    pub contract_version_id: Option<ContractVersionId>,
    /// How far it has come.
    pub status: PlacementState,
    /// The agreed first day.
    pub starts_on: NaiveDate,
    /// The first day, as it was.
    pub started_on: Option<NaiveDate>,
    /// Whether it started earlier than agreed.
    pub started_early: bool,
    /// The last day.
    pub ended_on: Option<NaiveDate>,
    /// Why it ended; null for the cooperative.
    pub end_reason: Option<PlacementEndReason>,
    /// The weekly price by line, on the terms of today.
    pub price: PriceLines,
    /// The weekly price, on the terms of today.
    pub weekly_total: Money,
    /// Who pays it, on the terms of today.
    pub funding: FundingSplit,
    /// All terms, the first as agreed.
    pub terms: Vec<TermsView>,
    /// Counts its changes.
    #[schema(example = 1)]
    pub version: i64,
}

impl PlacementView {
    /// The placement as it reads today, for the parties or for the cooperative.
    pub fn of(
        placement: Placement,
        line: PlacementLine,
        terms: Vec<Terms>,
        for_parties: bool,
        today: NaiveDate,
    ) -> Self {
        let now = in_force(&terms, today);
        let (price, funding) = now.map_or_else(Default::default, |terms| (terms.price, terms.funding));
        let started_early = placement.started_early();
        let terms = terms.into_iter().map(|terms| TermsView {
            number: terms.number,
            effective_on: terms.effective_on,
            price: terms.price,
            weekly_total: terms.price.total(),
            funding: terms.funding,
            reason: terms.reason.filter(|_| for_parties),
            agreement_sha256: terms.sha256,
        });
        Self {
            id: placement.id,
            award_id: Some(placement.award_id).filter(|_| for_parties),
            placement_request_id: Some(placement.placement_request_id).filter(|_| for_parties),
            reference: Some(line.reference).filter(|_| for_parties),
            authority: Named {
                id: line.authority.0,
                name: line.authority.1,
            },
            provider: Named {
                id: line.provider.0,
                name: line.provider.1,
            },
            home: NamedHome {
                id: line.home.0,
                name: line.home.1,
            },
            ofsted_urn: placement.ofsted_urn,
            places: placement.places,
            contract_version_id: placement.contract_version_id,
            status: placement.state,
            starts_on: placement.starts_on,
            started_on: placement.started_on,
            started_early,
            ended_on: placement.ended.map(|(on, _)| on),
            end_reason: placement.ended.map(|(_, reason)| reason).filter(|_| for_parties),
            price,
            weekly_total: price.total(),
            funding,
            terms: terms.collect(),
            version: placement.version,
        }
    }
}

/// An agreement's text.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Agreement)]
pub struct AgreementView {
    /// The number of the terms that it has.
    #[schema(example = 1)]
    pub number: i32,
    /// Plain text.
    pub text: String,
    /// SHA-256 of the text, lower-case hex.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub sha256: String,
}

//! What is shown of awards.

use super::letters::Letter;
use super::rules::{
    Approval, ApprovalKind, ApprovalState, Area, Award, AwardStatus, DueItem, DueKind, FAR_MILES, LetterKind,
};
use super::store::{AwardLine, SentLetter};
use crate::clock::Instant;
use crate::ids::{AwardId, BidId, DueItemId, HomeId, OrganisationId, PlacementRequestId};
use crate::reference;
use crate::values::{Money, OutOfAreaReason, PriceLines, ProcurementRoute};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

/// An organisation by its name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Named {
    /// Its id.
    pub id: OrganisationId,
    /// Its name.
    #[schema(example = "Birch Homes")]
    pub name: String,
}

/// A home by its name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NamedHome {
    /// Its id.
    pub id: HomeId,
    /// Its name.
    #[schema(example = "Birch House")]
    pub name: String,
}

/// An approval that an award needs.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApprovalView {
    /// Why it is needed.
    pub kind: ApprovalKind,
    /// The same in words.
    #[schema(example = "The home lies outside the authority's area")]
    pub text: &'static str,
    /// The role that approves it.
    #[schema(example = "approver")]
    pub role: &'static str,
    /// Who approves it in the authority. Where that is an office, approving declares to hold it or to act for its holder; nobody checks
    /// it.
    #[schema(example = "nominated officer")]
    pub officer: &'static str,
    /// What has become of it.
    pub status: ApprovalState,
    /// When it was decided.
    pub decided_at: Option<Instant>,
    /// What was said.
    pub reason: Option<String>,
}

impl From<&Approval> for ApprovalView {
    fn from(approval: &Approval) -> Self {
        Self {
            kind: approval.kind,
            text: approval.kind.label(),
            role: "approver",
            officer: approval.kind.officer(),
            status: approval.state,
            decided_at: approval.decided.map(|(_, at)| at),
            reason: approval.reason.clone(),
        }
    }
}

/// An award. A provider sees what concerns it: not the authority's reasons, nor its approvals.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Award)]
pub struct AwardView {
    /// Its id.
    pub id: AwardId,
    /// The request.
    pub placement_request_id: PlacementRequestId,
    /// The request's reference.
    #[schema(example = "PR-2026-7K2MXQ")]
    pub reference: String,
    /// The chosen bid; null for a direct award.
    pub bid_id: Option<BidId>,
    /// The authority that awards.
    pub authority_id: OrganisationId,
    /// The provider that is awarded.
    pub provider: Named,
    /// The home.
    pub home: NamedHome,
    /// The procurement route.
    pub procurement_route: ProcurementRoute,
    /// How it stands now.
    pub status: AwardStatus,
    /// The bid's rank on the sheet; null for a direct award.
    #[schema(example = 1)]
    pub rank: Option<i32>,
    /// Whether other bids share that rank.
    pub tied: bool,
    /// Why this one.
    pub reason: Option<String>,
    /// What the chosen bid offers, as the other bidders are told.
    pub characteristics: Option<String>,
    /// The weekly price by line.
    pub price: PriceLines,
    /// The weekly price.
    pub weekly_total: Money,
    /// The first day.
    pub starts_on: NaiveDate,
    /// Places it takes.
    #[schema(example = 1)]
    pub places: i32,
    /// Where the home lies, seen from the authority.
    pub area: Area,
    /// Why outside, by the standard's code.
    pub out_of_area_reason: Option<OutOfAreaReason>,
    /// Miles between where the child comes from and the home, on the grid; null for the provider, to whom it would tell where.
    #[schema(example = 23.1)]
    pub distance_miles: Option<f64>,
    /// Whether that is more than the 20 miles that statistics count. Nothing depends on it.
    pub over_20_miles: bool,
    /// The approvals that it needs, given or not.
    pub approvals_needed: Vec<ApprovalView>,
    /// Until when it stands still; null before it is approved, and where there is no standstill.
    pub standstill_ends_at: Option<Instant>,
    /// When it was proposed.
    pub proposed_at: Instant,
    /// When the authority confirmed it, which took the place.
    pub confirmed_at: Option<Instant>,
    /// When it was accepted, declined, refused or withdrawn.
    pub closed_at: Option<Instant>,
    /// Why it was declined, refused or withdrawn.
    pub closed_reason: Option<String>,
    /// Counts its changes.
    #[schema(example = 1)]
    pub version: i64,
}

impl AwardView {
    /// The view for the authority, or for the provider.
    pub fn of(award: Award, line: AwardLine, for_authority: bool, now: Instant) -> Self {
        let status = award.status(now);
        let approvals_needed = if for_authority {
            award.approvals.iter().map(ApprovalView::from).collect()
        } else {
            Vec::new()
        };
        let (closed_at, closed_reason) = award
            .closed
            .map_or((None, None), |closing| (Some(closing.at), closing.reason));
        Self {
            id: award.id,
            placement_request_id: award.placement_request_id,
            reference: line.reference,
            bid_id: award.bid_id,
            authority_id: award.authority_id,
            provider: Named {
                id: line.provider_id,
                name: line.provider,
            },
            home: NamedHome {
                id: line.home_id,
                name: line.home,
            },
            procurement_route: award.route,
            status,
            rank: award.rank,
            tied: award.tied,
            reason: award.reason.filter(|_| for_authority),
            characteristics: award.characteristics.filter(|_| for_authority),
            price: award.price,
            weekly_total: award.price.total(),
            starts_on: award.starts_on,
            places: award.places,
            area: award.area,
            out_of_area_reason: award.out_of_area_reason,
            distance_miles: for_authority.then(|| f64::from(award.distance) / 100.0),
            over_20_miles: award.distance > FAR_MILES * 100,
            approvals_needed,
            standstill_ends_at: award.standstill_ends_at,
            proposed_at: award.proposed_at,
            confirmed_at: award.confirmed.map(|confirmed| confirmed.at),
            closed_at,
            closed_reason,
            version: award.version,
        }
    }
}

/// An award in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AwardSummary {
    /// Its id.
    pub id: AwardId,
    /// The request.
    pub placement_request_id: PlacementRequestId,
    /// The request's reference.
    #[schema(example = "PR-2026-7K2MXQ")]
    pub reference: String,
    /// The chosen bid; null for a direct award.
    pub bid_id: Option<BidId>,
    /// The authority that awards.
    pub authority_id: OrganisationId,
    /// The provider that is awarded.
    pub provider: Named,
    /// The home.
    pub home: NamedHome,
    /// The procurement route.
    pub procurement_route: ProcurementRoute,
    /// How it stands now.
    pub status: AwardStatus,
    /// The weekly price.
    pub weekly_total: Money,
    /// The first day.
    pub starts_on: NaiveDate,
    /// When it was proposed.
    pub proposed_at: Instant,
    /// Counts its changes.
    #[schema(example = 1)]
    pub version: i64,
}

impl AwardSummary {
    /// The summary as it reads now.
    pub fn of(line: AwardLine, now: Instant) -> Self {
        let (core, additional_support, education, other) = line.price;
        Self {
            id: line.id,
            placement_request_id: line.placement_request_id,
            reference: line.reference,
            bid_id: line.bid_id,
            authority_id: line.authority_id,
            provider: Named {
                id: line.provider_id,
                name: line.provider,
            },
            home: NamedHome {
                id: line.home_id,
                name: line.home,
            },
            procurement_route: line.route,
            status: line.state.at(line.standstill_ends_at, now),
            weekly_total: PriceLines {
                core,
                additional_support,
                education,
                other,
            }
            .total(),
            starts_on: line.starts_on,
            proposed_at: line.proposed_at,
            version: line.version,
        }
    }
}

/// A letter to a bidder.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Letter)]
pub struct LetterView {
    /// The provider it goes to.
    pub recipient_id: OrganisationId,
    /// That provider's name.
    #[schema(example = "Acorn Care")]
    pub recipient: String,
    /// The bid it is about; null for the winner of a direct award.
    pub bid_id: Option<BidId>,
    /// Which letter it is.
    pub kind: LetterKind,
    /// One line.
    #[schema(example = "PR-2026-7K2MXQ: your bid was unsuccessful")]
    pub subject: String,
    /// Plain text.
    pub body: String,
    /// When it was sent; null for a preview.
    pub sent_at: Option<Instant>,
}

impl LetterView {
    /// A letter as it would be sent now.
    pub fn preview(letter: Letter, recipient: String) -> Self {
        Self {
            recipient_id: letter.provider_id,
            recipient,
            bid_id: letter.bid_id,
            kind: letter.kind,
            subject: letter.subject,
            body: letter.body,
            sent_at: None,
        }
    }

    /// A letter as it was sent.
    pub fn sent(letter: SentLetter, recipient: String) -> Self {
        Self {
            recipient_id: letter.recipient_id,
            recipient,
            bid_id: letter.bid_id,
            kind: letter.kind,
            subject: letter.subject,
            body: letter.body,
            sent_at: Some(letter.sent_at),
        }
    }
}

/// An authority by its code.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AreaAuthority {
    /// Its GSS code.
    #[schema(example = "E10000030")]
    pub gss_code: String,
    /// Its name.
    #[schema(example = "Surrey")]
    pub name: &'static str,
}

/// Something that an authority owes because of an award.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = DueItem)]
pub struct DueItemView {
    /// Its id.
    pub id: DueItemId,
    /// The award.
    pub award_id: AwardId,
    /// The request's reference.
    #[schema(example = "PR-2026-7K2MXQ")]
    pub reference: String,
    /// What is due.
    pub kind: DueKind,
    /// The same in words.
    #[schema(example = "Tell the authority of the area")]
    pub text: &'static str,
    /// The authority that must be told.
    pub area_authority: AreaAuthority,
    /// The last day on which it is in time.
    pub due_on: NaiveDate,
    /// Whether that day is over and it isn't done.
    pub overdue: bool,
    /// When it was done.
    pub done_at: Option<Instant>,
    /// What was noted.
    pub note: Option<String>,
    /// Counts its changes.
    #[schema(example = 1)]
    pub version: i64,
}

impl DueItemView {
    /// The item as it reads today.
    pub fn of(item: DueItem, reference: String, today: NaiveDate) -> Self {
        Self {
            id: item.id,
            award_id: item.award_id,
            reference,
            kind: item.kind,
            text: item.kind.label(),
            overdue: item.is_overdue(today),
            area_authority: AreaAuthority {
                name: reference::authority(&item.area_gss_code).map_or("", |authority| authority.name),
                gss_code: item.area_gss_code,
            },
            due_on: item.due_on,
            done_at: item.done.map(|(_, at)| at),
            note: item.note,
            version: item.version,
        }
    }
}

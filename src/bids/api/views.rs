//! What the operations answer.

use crate::bids::content::Content;
use crate::bids::rules::{Answer, Bid, BidState, Decline, Receipt, Remark};
use crate::bids::store::Names;
use crate::clock::Instant;
use crate::ids::{BidId, DeclineId, HomeId, OrganisationId, PlacementRequestId};
use crate::values::{DeclineReason, Money, PriceLines};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

/// A home by name.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::bids) struct HomeName {
    pub id: HomeId,
    pub name: String,
}

/// A provider by name.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::bids) struct ProviderName {
    pub id: OrganisationId,
    pub name: String,
}

/// A bid with its content, for those who may read it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BidView {
    pub id: BidId,
    pub placement_request_id: PlacementRequestId,
    pub request_reference: String,
    pub home: HomeName,
    pub provider: ProviderName,
    pub status: BidState,
    /// From when the child could live there.
    pub starts_on: NaiveDate,
    pub price: PriceLines,
    pub weekly_total: Money,
    /// In the order of the criteria.
    pub answers: Vec<Answer>,
    pub matching_statement: String,
    /// What the authority should notice; noted when the bid is submitted.
    pub remarks: Vec<Remark>,
    /// Whether the content shown is not submitted: what counts is then the version that the receipt names, if there is one.
    pub has_unsent_version: bool,
    pub receipt: Option<Receipt>,
    pub withdrawn_at: Option<Instant>,
    pub opened_at: Option<Instant>,
    /// Why the bid is marked as not compliant.
    pub non_compliance_reason: Option<String>,
    pub created_at: Instant,
    pub version: i64,
}

impl BidView {
    pub fn of(bid: Bid, content: Content, names: Names) -> Self {
        Self {
            id: bid.id,
            placement_request_id: bid.request_id,
            request_reference: names.request_reference,
            home: HomeName {
                id: bid.home_id,
                name: names.home,
            },
            provider: ProviderName {
                id: bid.provider_id,
                name: names.provider,
            },
            status: bid.state,
            starts_on: content.starts_on,
            price: content.price,
            weekly_total: content.weekly_total,
            answers: content.answers,
            matching_statement: content.matching_statement,
            remarks: content.remarks,
            has_unsent_version: bid.has_unsent_version(),
            receipt: bid.receipt,
            withdrawn_at: bid.withdrawn_at,
            opened_at: bid.opened_at,
            non_compliance_reason: bid.non_compliance,
            created_at: bid.created_at,
            version: bid.version,
        }
    }
}

/// A bid in a list of one's own: without its content.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BidSummary {
    pub id: BidId,
    pub placement_request_id: PlacementRequestId,
    pub request_reference: String,
    pub home: HomeName,
    pub status: BidState,
    pub has_unsent_version: bool,
    pub receipt: Option<Receipt>,
    pub created_at: Instant,
    pub version: i64,
}

/// An opened bid in the list of its request: without its texts.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OpenedSummary {
    pub id: BidId,
    pub home: HomeName,
    pub provider: ProviderName,
    pub status: BidState,
    pub starts_on: NaiveDate,
    pub price: PriceLines,
    pub weekly_total: Money,
    /// What the authority should notice.
    pub remarks: Vec<Remark>,
    pub receipt: Option<Receipt>,
    /// Why the bid is marked as not compliant.
    pub non_compliance_reason: Option<String>,
    pub version: i64,
}

/// The bids of a request.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BidsOfRequest {
    /// Whether they are still sealed: then only their number is known.
    pub sealed: bool,
    /// How many bids are submitted.
    pub count: i64,
    /// The bids, once they are opened.
    pub items: Vec<OpenedSummary>,
}

/// What the opening showed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Opening {
    pub opened_at: Instant,
    /// The bids, in the order they were begun.
    pub items: Vec<OpenedSummary>,
}

/// The receipt of a submitted bid, with what is needed to check it.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::bids) struct ReceiptView {
    pub bid_id: BidId,
    pub request_reference: String,
    pub home: HomeName,
    #[serde(flatten)]
    pub receipt: Receipt,
    /// How anybody can check it, in words.
    pub how_to_check: &'static str,
}

/// A decline.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::bids) struct DeclineView {
    pub id: DeclineId,
    pub home: HomeName,
    pub provider: ProviderName,
    pub reason: DeclineReason,
    pub note: Option<String>,
    pub declined_at: Instant,
}

impl DeclineView {
    pub fn of((decline, home, provider): (Decline, String, String)) -> Self {
        Self {
            id: decline.id,
            home: HomeName {
                id: decline.home_id,
                name: home,
            },
            provider: ProviderName {
                id: decline.provider_id,
                name: provider,
            },
            reason: decline.reason,
            note: decline.note,
            declined_at: decline.declined_at,
        }
    }
}

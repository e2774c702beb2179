//! Requests as they are shown, for the tests of pages.

use super::views::{CriterionView, ExtensionView, OriginView, QuestionView, RequestSummary, RequestView};
use crate::clock::Instant;
use crate::ids::QuestionId;
use crate::placement_requests::rules::{Criterion, PlacementRequest, samples};
use chrono::Duration;

/// A request of Reading as somebody of Reading sees it, or as anybody else does.
pub fn view(request: PlacementRequest, criteria: Vec<Criterion>, own: bool, now: Instant) -> RequestView {
    let (framework, lot) = (samples::framework(&request), samples::lot(&request));
    let (ended_at, ended_reason) = request.ended.clone().unzip();
    RequestView {
        id: request.id,
        status: request.phase(now),
        framework_id: framework.id,
        framework_reference: framework.reference,
        lot_id: lot.id,
        lot_code: lot.code,
        lot_title: lot.title,
        placement_type: lot.placement_type,
        authority_id: request.authority_id,
        authority_name: "Reading".to_owned(),
        needed_by: request.needed_by,
        starts_on: request.starts_on,
        published_at: request.published_at,
        bids_close_at: request.bids_close_at,
        questions_close_at: request.questions_close_at,
        price_weight: request.price_weight,
        criteria: criteria.into_iter().map(CriterionView::from).collect(),
        child: request.child,
        origin: OriginView {
            district: request.origin.district,
            postcode: samples::body().origin.postcode.filter(|_| own),
            precision: own.then_some(request.origin.precision),
        },
        max_distance_miles: request.max_distance_miles,
        needs: request.needs,
        brief: request.brief,
        questions: Vec::new(),
        extensions: Vec::new(),
        opened_at: request.opened.map(|(at, _)| at),
        ended_at,
        ended_reason,
        names_to_screen: own.then_some(2),
        created_at: own.then_some(request.created_at),
        version: request.version,
        reference: request.reference,
    }
}

/// The same in a list.
pub fn summary(request: PlacementRequest, now: Instant) -> RequestSummary {
    let view = view(request, Vec::new(), false, now);
    RequestSummary {
        id: view.id,
        reference: view.reference,
        status: view.status,
        framework_id: view.framework_id,
        framework_reference: view.framework_reference,
        lot_id: view.lot_id,
        lot_code: view.lot_code,
        placement_type: view.placement_type,
        authority_id: view.authority_id,
        authority_name: view.authority_name,
        needed_by: view.needed_by,
        starts_on: view.starts_on,
        published_at: view.published_at,
        bids_close_at: view.bids_close_at,
        child: view.child,
        origin_district: view.origin.district,
        max_distance_miles: view.max_distance_miles,
        version: view.version,
    }
}

/// A question that waits for its answer, or has it.
pub fn question(text: &str, answer: Option<&str>) -> QuestionView {
    let asked_at = samples::noon().plus(Duration::hours(1));
    QuestionView {
        id: QuestionId::new(asked_at),
        text: text.to_owned(),
        asked_at,
        answer: answer.map(str::to_owned),
        answered_at: answer.map(|_| asked_at.plus(Duration::hours(1))),
        own: false,
        version: 1,
    }
}

/// The deadline, put a day later.
pub fn extension(reason: &str) -> ExtensionView {
    let previously_closing_at = samples::noon().plus(Duration::hours(24));
    ExtensionView {
        previously_closing_at,
        bids_close_at: previously_closing_at.plus(Duration::hours(24)),
        reason: reason.to_owned(),
        extended_at: samples::noon().plus(Duration::hours(3)),
    }
}

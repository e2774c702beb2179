//! Awards of Reading's out of the sample evaluation, for the tests of pages.

use crate::awards::actions::Alternative;
use crate::awards::rules::{
    Approval, ApprovalKind, Area, Award, AwardState, DueItem, DueKind, LetterKind, standstill_end,
};
use crate::awards::store::AwardLine;
use crate::awards::views::{DueItemView, LetterView};
use crate::bids::Bid;
use crate::bids::pages::samples as bids;
use crate::bids::store::Names;
use crate::clock::Instant;
use crate::evaluation::pages::samples::{Evaluation, birch};
use crate::ids::{ApprovalId, AwardId, DueItemId, OrganisationId, PersonId, VacancyId};
use crate::placement_requests::rules::samples;
use crate::values::{OfstedGrade, OutOfAreaReason, PriceLines, ProcurementRoute};
use chrono::{Duration, NaiveDate};

/// When awards are proposed: 23 November 2026, 14:00.
pub fn proposed_at() -> Instant {
    samples::noon().plus(Duration::hours(26))
}

/// The end of a standstill of two working days from then on: 25 November 2026, 23:59.
pub fn standstill() -> Option<Instant> {
    standstill_end(proposed_at(), 2)
}

/// The award to Birch's bid, 23.1 miles away, which takes these approvals.
pub fn award(evaluation: &Evaluation, approvals: &[ApprovalKind]) -> Award {
    let (now, request, bid) = (proposed_at(), &evaluation.request, &evaluation.bids[0]);
    let needed = |kind: &ApprovalKind| Approval::needed(ApprovalId::new(now), *kind);
    let state = if approvals.is_empty() {
        AwardState::Approved
    } else {
        AwardState::Proposed
    };
    Award {
        id: AwardId::new(now),
        placement_request_id: request.id,
        bid_id: Some(bid.id),
        lot_id: request.lot_id,
        authority_id: request.authority_id,
        provider_id: bid.provider_id,
        home_id: bid.home_id,
        route: ProcurementRoute::Pa2023OpenFramework,
        rank: Some(1),
        tied: false,
        reason: Some("The <calm> of it & the school.".to_owned()),
        characteristics: Some("Two <therapists> & waking nights.".to_owned()),
        price: PriceLines {
            core: "4800.00".parse().unwrap(),
            additional_support: "400.00".parse().unwrap(),
            ..PriceLines::default()
        },
        starts_on: request.starts_on,
        places: 1,
        area: Area::AtADistance,
        out_of_area_reason: Some(OutOfAreaReason::SafeguardingConcerns),
        distance: 2310,
        approvals: approvals.iter().map(needed).collect(),
        state,
        standstill_ends_at: None,
        proposed_by: evaluation.ada,
        proposed_at: now,
        confirmed: None,
        closed: None,
        version: 1,
    }
}

/// The same, confirmed after its standstill.
pub fn confirmed(evaluation: &Evaluation) -> Award {
    let award = Award {
        standstill_ends_at: standstill(),
        ..award(evaluation, &[])
    };
    let later = proposed_at().plus(Duration::days(3));
    award.confirm(evaluation.ada, VacancyId::new(later), later).unwrap()
}

/// The award as a list has it.
pub fn line(evaluation: &Evaluation, award: &Award) -> AwardLine {
    let (price, names) = (award.price, birch());
    AwardLine {
        id: award.id,
        placement_request_id: award.placement_request_id,
        reference: evaluation.request.reference.clone(),
        bid_id: award.bid_id,
        authority_id: award.authority_id,
        provider_id: award.provider_id,
        provider: names.provider,
        home_id: award.home_id,
        home: names.home,
        route: award.route,
        state: award.state,
        standstill_ends_at: award.standstill_ends_at,
        starts_on: award.starts_on,
        price: (price.core, price.additional_support, price.education, price.other),
        proposed_at: award.proposed_at,
        version: award.version,
    }
}

/// The bids beside each other: Birch's at the first rank, in the area; Acorn's at the second, at a distance.
pub fn alternatives(evaluation: &Evaluation) -> Vec<Alternative> {
    let sheet = evaluation.sheet();
    let [first, second] = &evaluation.bids;
    let alternative = |bid: &Bid, names: Names, area, miles| Alternative {
        bid_id: bid.id,
        provider: names.provider,
        home: names.home,
        grade: OfstedGrade::Good,
        area,
        miles,
        row: sheet.row(bid.id).cloned(),
        non_compliance: None,
        declined: false,
    };
    vec![
        alternative(first, birch(), Area::InArea, 12.34),
        alternative(second, bids::names(), Area::AtADistance, 45.67),
    ]
}

/// That Surrey must be told by 26 November 2026.
pub fn due_item(award: &Award) -> DueItem {
    DueItem {
        id: DueItemId::new(proposed_at()),
        award_id: award.id,
        authority_id: award.authority_id,
        kind: DueKind::AreaAuthorityNotice,
        area_gss_code: "E10000030".to_owned(),
        due_on: "2026-11-26".parse().unwrap(),
        note: None,
        done: None,
        version: 1,
    }
}

/// The same, noted as done.
pub fn done(award: &Award, note: Option<&str>) -> DueItem {
    DueItem {
        note: note.map(str::to_owned),
        done: Some((PersonId::new(proposed_at()), proposed_at())),
        ..due_item(award)
    }
}

/// The item as it is shown on a day.
pub fn due(item: DueItem, today: &str) -> DueItemView {
    let today: NaiveDate = today.parse().unwrap();
    DueItemView::of(item, "PR-2026-7KQ4MX".to_owned(), today)
}

/// A letter, sent or previewed.
pub fn letter(recipient: &str, kind: LetterKind, sent_at: Option<Instant>) -> LetterView {
    LetterView {
        recipient_id: OrganisationId::new(proposed_at()),
        recipient: recipient.to_owned(),
        bid_id: None,
        kind,
        subject: format!("PR-2026-7KQ4MX: {kind} & <done>"),
        body: format!("To {recipient}\n\nYour bid was {kind}."),
        sent_at,
    }
}

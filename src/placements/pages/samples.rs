//! A placement of Reading's in Birch House, as the tests of pages show it.

use crate::clock::Instant;
use crate::ids::{
    AwardId, ContractVersionId, FrameworkId, HomeId, LotId, OrganisationId, PersonId, PlacementId, PlacementRequestId,
    VacancyId,
};
use crate::placements::rules::{FundingSplit, Placement, PlacementState, Terms};
use crate::placements::store::PlacementLine;
use crate::placements::views::PlacementView;
use crate::values::{PlacementEndReason, PlacementType, PriceLines, Urn};
use chrono::NaiveDate;

/// The reference of its request: the cooperative never reads it.
pub const REFERENCE: &str = "PR-2026-7KQ4MX";

fn now() -> Instant {
    "2026-11-26T12:00:00Z".parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Agreed for 26 November 2026; started a day before; ended in February, as the child asked.
pub fn placement(state: PlacementState) -> Placement {
    let now = now();
    Placement {
        id: PlacementId::new(now),
        award_id: AwardId::new(now),
        placement_request_id: PlacementRequestId::new(now),
        framework_id: FrameworkId::new(now),
        lot_id: LotId::new(now),
        home_id: HomeId::new(now),
        ofsted_urn: Urn::parse("SC123001").unwrap(),
        provider_id: OrganisationId::new(now),
        authority_id: OrganisationId::new(now),
        vacancy_id: VacancyId::new(now),
        places: 1,
        contract_version_id: Some(ContractVersionId::new(now)),
        state,
        starts_on: day("2026-11-26"),
        started_on: (state != PlacementState::Agreed).then(|| day("2026-11-25")),
        ended: (state == PlacementState::Ended).then(|| (day("2027-02-01"), PlacementEndReason::ChildRequest)),
        version: 1,
    }
}

/// The placement as it reads on a day, to the parties or to the cooperative.
pub fn view(placement: Placement, for_parties: bool, today: &str) -> PlacementView {
    let line = line(&placement);
    PlacementView::of(placement, line, terms(), for_parties, day(today))
}

fn line(placement: &Placement) -> PlacementLine {
    PlacementLine {
        id: placement.id,
        reference: REFERENCE.to_owned(),
        authority: (placement.authority_id, "Reading & <Sons>".to_owned()),
        provider: (placement.provider_id, "Birch & <Co>".to_owned()),
        home: (placement.home_id, "Birch <House>".to_owned()),
        placement_type: PlacementType::Residential,
        state: placement.state,
        starts_on: placement.starts_on,
        started_on: placement.started_on,
        ended_on: placement.ended.map(|(on, _)| on),
        version: placement.version,
        weekly_total: "4250.00".parse().unwrap(),
    }
}

/// £5,200.00 a week at first, £5,500.00 and shared from January 2027 on.
fn terms() -> Vec<Terms> {
    let price = |core: &str, additional_support: &str| PriceLines {
        core: core.parse().unwrap(),
        additional_support: additional_support.parse().unwrap(),
        ..PriceLines::default()
    };
    let first = Terms {
        number: 1,
        effective_on: day("2026-11-26"),
        price: price("4800.00", "400.00"),
        funding: FundingSplit::default(),
        reason: None,
        sha256: "9f86d0".to_owned(),
        recorded_by: PersonId::new(now()),
    };
    let second = Terms {
        number: 2,
        effective_on: day("2027-01-01"),
        price: price("4800.00", "700.00"),
        funding: FundingSplit {
            social_care: 70,
            education: 20,
            health: 10,
        },
        reason: Some("Waking <nights> & school.".to_owned()),
        ..first.clone()
    };
    vec![first, second]
}

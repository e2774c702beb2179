//! What requests ask for.

use super::cast::Region;
use super::{BID_WORKING_DAYS, Stage, words};
use crate::clock::Instant;
use crate::error::{Error, Result};
use crate::values::working_days::{add_working_days, close_of_business};
use crate::values::{PlacementType, Risk};
use chrono::Duration;
use serde_json::{Map, Value, json};

/// The body of a request, as a commissioner of this member might write it. With a placement type, for a child whom most homes of
/// that type can take.
pub(super) fn request(
    stage: &mut Stage<'_>,
    region: &Region,
    council: usize,
    closes_in: i64,
    plain: Option<PlacementType>,
) -> Result<Value> {
    let kind = plain.unwrap_or_else(|| {
        *stage.pick(&[
            PlacementType::Residential,
            PlacementType::Residential,
            PlacementType::Residential,
            PlacementType::Foster,
            PlacementType::SupportedAccommodation,
        ])
    });
    let age = match kind {
        PlacementType::SupportedAccommodation => stage.number(16..=17),
        PlacementType::Foster => stage.number(2..=15),
        PlacementType::Residential if plain.is_some() => stage.number(12..=13),
        PlacementType::Residential => stage.number(10..=16),
    };
    let risky = if plain.is_some() { 0 } else { 8 };
    let risks: Map<String, Value> = Risk::ALL
        .iter()
        .map(|risk| {
            let present = stage.chance(risky);
            let known = if present { "RiskPresent" } else { "NoKnownRisk" };
            (risk.code().to_owned(), json!(known))
        })
        .collect();
    let miles = if plain.is_some() {
        60
    } else {
        *stage.pick(&[20, 30, 40, 60])
    };
    let now = stage.now();
    let closes = now.plus(Duration::minutes(closes_in));
    let working_days_end = close_of_business(add_working_days(now.date_in_uk(), BID_WORKING_DAYS));
    // How urgent it is follows from how long bids are taken; the home is needed soon after.
    let (needed_by, after, closes) = match closes_in / 60 {
        0..24 => ("Today", 0, closes),
        24..120 => ("WithinFiveDays", 2, closes),
        _ => ("MoreThanFiveDays", 4, closes.max(Instant::new(working_days_end))),
    };
    let origin = origin_in(stage, region.authorities[council].authority.gss_code)?;
    let preferred = |wanted: PlacementType| if wanted == kind { "Preferred" } else { "Unsuitable" };
    Ok(json!({
        "framework_id": region.framework, "lot_id": region.lot(kind), "needed_by": needed_by,
        "starts_on": closes.date_in_uk() + Duration::days(after), "bids_close_at": closes,
        "questions_close_at": now.plus(Duration::minutes(closes_in / 2)),
        "price_weight": 40,
        "criteria": [
            {"title": "How the home meets this child's needs", "weight": 30},
            {"title": "Matching with the children who live there", "weight": 20},
            {"title": "Education", "weight": 10},
        ],
        "child": {"age": age, "sex": *stage.pick(&["M", "F"]), "siblings_to_place_with": 0},
        "origin": {"postcode": origin}, "max_distance_miles": miles,
        "needs": {
            "living_companions": "NoPreference", "pets": "No", "communication_needs": "No", "specific_communication": ["None"],
            "cultural_needs": "NotRequired", "additional_support": ["AdditionalSupervision"], "home_adaptation_required": false,
            "deprivation_of_liberty": false, "solo_placement": false, "categories": ["EmotionalBehavioural"], "risks": risks,
            "suitability": {
                "foster": preferred(PlacementType::Foster), "residential": preferred(PlacementType::Residential),
                "supported_accommodation": preferred(PlacementType::SupportedAccommodation),
            },
        },
        "brief": *stage.pick(words::BRIEFS),
    }))
}

/// A postcode somewhere in an authority.
fn origin_in(stage: &mut Stage<'_>, gss_code: &str) -> Result<String> {
    let sectors: Vec<&str> = crate::reference::sectors()
        .iter()
        .filter(|sector| sector.place().authority.gss_code == gss_code)
        .map(crate::reference::Sector::name)
        .collect();
    if sectors.is_empty() {
        return Err(Error::internal("an authority without postcodes"));
    }
    Ok(format!("{}AB", stage.pick(&sectors)))
}

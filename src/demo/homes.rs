//! Providers and their homes, spread and sized as the South East's are.

use super::cast::{Region, a_name, an_email, invite, join};
use super::{Stage, input, words};
use crate::access::{Actor, Role};
use crate::accounts::actions::register_provider;
use crate::error::{Error, Result};
use crate::ids::{HomeId, VacancyId};
use crate::reference::{Sector, sectors};
use crate::values::{NeedCategory, OfstedGrade, PlacementType, PriceLines, Risk};
use crate::{homes, providers, vacancies};
use chrono::Duration;
use serde_json::{Value, json};

/// A provider with its homes.
pub(super) struct Provider {
    pub admin: Actor,
    pub homes: Vec<Listed>,
}

/// A home with its vacancy and its listed price.
pub(super) struct Listed {
    pub id: HomeId,
    pub price: PriceLines,
    pub vacancy: Option<VacancyId>,
}

/// How many homes each provider of a region has: half of them one, the others four or five and some.
fn sizes(stage: &mut Stage<'_>, providers: usize) -> Vec<usize> {
    (0..providers)
        .map(|at| {
            if at % 2 == 0 {
                1
            } else {
                usize::try_from(stage.number(3..=6)).unwrap_or(4)
            }
        })
        .collect()
}

pub(super) fn populate(stage: &mut Stage<'_>, region: &mut Region) -> Result<()> {
    let count = if region.code == "south-east" { 80 } else { 32 };
    let near: Vec<&'static Sector> = sectors()
        .iter()
        .filter(|sector| {
            region
                .authorities
                .iter()
                .any(|council| council.authority.gss_code == sector.place().authority.gss_code)
        })
        .collect();
    for (at, size) in sizes(stage, count).into_iter().enumerate() {
        let provider = provider(stage, region, at, size, &near)?;
        region.providers.push(provider);
    }
    Ok(())
}

fn provider(
    stage: &mut Stage<'_>,
    region: &Region,
    at: usize,
    size: usize,
    near: &[&'static Sector],
) -> Result<Provider> {
    let tree = words::TREES[at % words::TREES.len()];
    let firm = words::FIRMS[(at + at / words::TREES.len()) % words::FIRMS.len()];
    let short = if region.code == "south-east" { "" } else { "-gm" };
    let slug: String = format!("{tree}-{firm}")
        .to_lowercase()
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .collect();
    let email = an_email(&format!("bids@{slug}{short}.example"))?;
    let number = 10_000_000 + stage.made.providers;
    let new = input(json!({
        "name": format!("{tree} {firm} Ltd"), "company_number": number.to_string(),
        "person": {"name": a_name(stage)?, "email": email},
    }))?;
    let admin = stage.write(|tx| {
        register_provider(tx, &Stage::origin(), stage.secret, new)?;
        join(tx, &email, &stage.password_hash)
    })?;
    if stage.made.providers == 1 {
        let bidder = format!("bidder@{slug}{short}.example");
        invite(stage, &admin, admin.organisation_id, Role::Bidder, &bidder)?;
        let firm = format!("{tree} {firm} Ltd");
        let sign_ins = [
            ("provider_admin", email.to_string(), firm.clone()),
            ("bidder", bidder, firm),
        ];
        stage.made.sign_ins.extend(sign_ins);
    }
    stage.made.providers += 1;
    admit(stage, region, &admin)?;
    let kind = match stage.number(0..=99) {
        0..=69 => PlacementType::Residential,
        70..=81 => PlacementType::Foster,
        _ => PlacementType::SupportedAccommodation,
    };
    // A provider's homes stand near each other.
    let centre = usize::try_from(stage.number(0..=i64::try_from(near.len()).unwrap_or(1) - 1)).unwrap_or(0);
    let mut listed = Vec::with_capacity(size);
    for nth in 0..size {
        let sector = near[(centre + nth * 3) % near.len()];
        listed.push(home(stage, region, &admin, kind, sector)?);
    }
    Ok(Provider { admin, homes: listed })
}

/// The way into the lots: applied for, answered, insured, decided.
fn admit(stage: &mut Stage<'_>, region: &Region, admin: &Actor) -> Result<()> {
    let lots: Vec<_> = region.lots.iter().map(|(_, lot)| *lot).collect();
    let answers: Vec<Value> = region
        .standards
        .iter()
        .map(|standard| json!({"standard_id": standard, "statement": "A named lead, a yearly plan, and a review every quarter with the young people."}))
        .collect();
    let expires_on = stage.now().date_in_uk() + Duration::days(stage.number(230..=560));
    stage.write(|tx| {
        let application = providers::actions::apply(tx, admin, region.framework, input(json!({"lot_ids": lots}))?)?;
        let content = json!({
            "lot_ids": lots, "answers": answers, "no_exclusion_grounds": true,
            "insurance": {"policy_number": "DEMO-1", "cover": "10000000.00", "expires_on": expires_on},
            "accepted_contract_version_id": region.contract,
        });
        providers::actions::rewrite(tx, admin, application.id, input(content)?, None)?;
        providers::actions::submit(tx, admin, application.id, None)?;
        let findings: Vec<Value> = region
            .standards
            .iter()
            .map(|standard| json!({"standard_id": standard, "outcome": "met"}))
            .collect();
        providers::actions::record_findings(
            tx,
            &region.operator,
            application.id,
            input(json!({"findings": findings}))?,
            None,
        )?;
        let decisions: Vec<Value> = lots
            .iter()
            .map(|lot| json!({"lot_id": lot, "outcome": "admitted"}))
            .collect();
        providers::actions::decide(
            tx,
            &region.operator,
            application.id,
            input(json!({"decisions": decisions}))?,
            None,
        )?;
        Ok(())
    })
}

/// Codes of a list, each with this chance.
fn some<T: crate::values::Code>(stage: &mut Stage<'_>, all: &[T], percent: u32) -> Vec<&'static str> {
    all.iter()
        .filter(|_| stage.chance(percent))
        .map(|code| code.code())
        .collect()
}

/// Pounds of a range, in whole fives.
fn pounds(stage: &mut Stage<'_>, range: std::ops::RangeInclusive<i64>) -> String {
    format!("{}.00", stage.number(range) / 5 * 5)
}

fn home(stage: &mut Stage<'_>, region: &Region, admin: &Actor, kind: PlacementType, sector: &Sector) -> Result<Listed> {
    let name = format!("{} {}", stage.pick(words::TREES), stage.pick(words::HOUSES));
    let urn = format!("SC{:06}", 400_000 + stage.made.homes);
    stage.made.homes += 1;
    let (provision, places, ages) = match kind {
        PlacementType::Residential => (
            "ChildrensHome",
            *stage.pick(&[2, 3, 3, 4, 4, 5]),
            *stage.pick(&[(7, 13), (8, 17), (10, 17), (11, 17), (12, 17)]),
        ),
        PlacementType::Foster => ("IndependentFosteringAgency", 12, (0, 17)),
        PlacementType::SupportedAccommodation => ("SupportedAccommodation", *stage.pick(&[3, 4, 5, 6]), (16, 17)),
    };
    let sexes: Vec<&str> = match stage.number(0..=3) {
        0 => vec!["M"],
        1 => vec!["F"],
        _ => vec!["M", "F"],
    };
    let mut needs = some(stage, NeedCategory::ALL, 25);
    if !needs.contains(&"EmotionalBehavioural") {
        needs.push("EmotionalBehavioural");
    }
    let new = json!({
        "name": name, "ofsted_urn": urn, "provision_type": provision, "placement_type": kind,
        "address": {"line1": format!("{} Demo Lane", stage.number(1..=90)), "town": "Demoford", "postcode": format!("{}AA", sector.name())},
        "registered_places": places, "age_min": ages.0, "age_max": ages.1, "sexes": sexes, "needs": needs,
        "risks_not_accepted": some(stage, Risk::ALL, 9),
        "additional_support": if stage.chance(60) { vec!["TherapeuticSupport", "AdditionalSupervision"] } else { vec!["AdditionalSupervision"] },
        "solo_placements": stage.chance(15), "education_on_site": stage.chance(15), "step_free": stage.chance(35), "pets": stage.chance(25),
        "deprivation_of_liberty": stage.chance(10), "statement": *stage.pick(words::STATEMENTS),
    });
    let grade = match stage.number(0..=99) {
        0..=69 => OfstedGrade::Good,
        70..=87 => OfstedGrade::RequiresImprovement,
        88..=97 => OfstedGrade::Outstanding,
        _ => OfstedGrade::Inadequate,
    };
    let inspected_on = stage.now().date_in_uk() - Duration::days(stage.number(20..=500));
    let (core, support) = match kind {
        PlacementType::Residential => (pounds(stage, 4_200..=8_000), pounds(stage, 200..=900)),
        PlacementType::Foster => (pounds(stage, 620..=1_200), pounds(stage, 30..=200)),
        PlacementType::SupportedAccommodation => (pounds(stage, 550..=1_700), pounds(stage, 50..=300)),
    };
    let open = match kind {
        _ if stage.chance(12) => 0,
        PlacementType::Foster => stage.number(4..=10),
        _ => stage.number(1..=i64::from(places).min(3)),
    };
    let today = stage.now().date_in_uk();
    let lot = region.lot(kind);
    stage.write(|tx| {
        let (home, _) = homes::actions::register(tx, admin, input(new)?)?;
        let inspection = json!({"event_number": format!("E{urn}"), "inspected_on": inspected_on, "grade": grade});
        homes::actions::record_inspection(tx, &region.operator, home.id, input(inspection)?)?;
        let price = json!({"lot_id": lot, "effective_from": today, "core": core, "additional_support": support, "education": "0.00", "other": "0.00"});
        let price = vacancies::actions::list_price(tx, admin, home.id, input(price)?)?;
        let vacancy = if open > 0 {
            Some(vacancies::actions::open(tx, admin, home.id, input(json!({"places": open, "available_from": today}))?)?.id)
        } else {
            None
        };
        Ok::<_, Error>(Listed { id: home.id, price: price.lines, vacancy })
    })
}

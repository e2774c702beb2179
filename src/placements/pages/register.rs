//! The register of placements, with what they amount to.

use super::is_party;
use crate::access::{Actor, OrganisationKind, Permission};
use crate::db::Tx;
use crate::error::Result;
use crate::ids::HomeId;
use crate::placements::actions::scope_of;
use crate::placements::rules::{PlacementState, Totals, totals};
use crate::placements::store::{self, Narrowed, PlacementOrder};
use crate::placements::views::PlacementSummary;
use crate::values::PlacementType;
use crate::web::pages::{Choice, Html, Narrowing, PageDoor, csv, filters};
use crate::web::{Items, Page, Query, Reply, Routes};
use askama::Template;
use serde::Deserialize;

pub(super) fn routes(r: &mut Routes) {
    r.get("/placements", show).may(Permission::ReadPlacements);
    r.get("/placements.csv", download).may(Permission::ReadPlacements);
}

/// Which placements.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlacementFilter {
    home_id: Option<HomeId>,
    status: Option<PlacementState>,
    placement_type: Option<PlacementType>,
    reference: Option<String>,
    sort: Option<PlacementOrder>,
}

/// A placement as the register shows it.
#[derive(Debug)]
struct Line {
    placement: PlacementSummary,
    placement_type: PlacementType,
}

#[derive(Template)]
#[template(path = "placements/register.html")]
struct RegisterPage {
    totals: Totals,
    lines: Vec<Line>,
    is_party: bool,
    shows_authority: bool,
    shows_provider: bool,
    narrowing: Narrowing,
}

fn lines(tx: &mut Tx<'_>, actor: &Actor, filter: PlacementFilter, page: &Page) -> Result<Items<Line>> {
    let reference = filter.reference.map(|text| text.trim().to_uppercase());
    let narrowed = Narrowed {
        id: None,
        home: filter.home_id,
        state: filter.status,
        placement_type: filter.placement_type,
        reference: reference.filter(|text| !text.is_empty()),
        sort: filter.sort,
    };
    let found = store::list(tx, scope_of(actor), &narrowed, page)?;
    let line = |line: store::PlacementLine| Line {
        placement_type: line.placement_type,
        placement: PlacementSummary::of(line, is_party(actor)),
    };
    Ok(found.map(line))
}

async fn show(visit: PageDoor<Actor>, filter: Query<PlacementFilter>, page: Page) -> Reply {
    visit
        .read(move |tx, desk| {
            let totals = totals(&store::running(tx, scope_of(desk))?);
            let found = lines(tx, desk, filter.0, &page)?;
            let mut narrowing = desk
                .narrowing()
                .select("status", "State", Choice::all::<PlacementState>())
                .select("placement_type", "Type", Choice::all::<PlacementType>());
            if is_party(desk) {
                narrowing = narrowing.search("reference", "Reference of the request");
            }
            let page = RegisterPage {
                totals,
                lines: found.items,
                is_party: is_party(desk),
                shows_authority: desk.organisation_kind != OrganisationKind::Authority,
                shows_provider: desk.organisation_kind != OrganisationKind::Provider,
                narrowing: narrowing.sorted_by(PlacementOrder::Newest).next(found.next),
            };
            Html::of("Placements", &page)
        })
        .await
}

async fn download(visit: PageDoor<Actor>, filter: Query<PlacementFilter>) -> Reply {
    visit
        .download(move |tx, desk| {
            let found = lines(tx, desk, filter.0, &Page::whole())?;
            let head = [
                "Reference",
                "State",
                "Type",
                "Authority",
                "Provider",
                "Home",
                "Agreed for",
                "Started on",
                "Ended on",
                "Weekly price",
            ];
            let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
            let rows = found.items.into_iter().map(|line| {
                let placement = line.placement;
                vec![
                    placement.reference.unwrap_or_default(),
                    placement.status.label().to_owned(),
                    line.placement_type.label().to_owned(),
                    placement.authority.name,
                    placement.provider.name,
                    placement.home.name,
                    placement.starts_on.to_string(),
                    day(placement.started_on),
                    day(placement.ended_on),
                    placement.weekly_total.to_string(),
                ]
            });
            csv("placements.csv", &head, rows)
        })
        .await
}

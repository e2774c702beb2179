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
use crate::values::{PlacementEndReason, PlacementType};
use crate::web::pages::{Choice, Html, Narrowing, PageDoor, capital, csv, filters};
use crate::web::{Items, Page, Query, Reply, Routes};
use askama::Template;
use chrono::NaiveDate;
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
    /// A part of the name of the home, the provider or the authority.
    name: Option<String>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    end_reason: Option<PlacementEndReason>,
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
        name: filter.name,
        from: filter.from,
        to: filter.to,
        end_reason: filter.end_reason,
        sort: filter.sort,
    };
    let found = store::list(tx, scope_of(actor), &narrowed, page)?;
    let line = |line: store::PlacementLine| Line {
        placement_type: line.placement_type,
        placement: PlacementSummary::of(line, is_party(actor)),
    };
    Ok(found.map(line))
}

/// Whose name a placement is found by.
fn called(actor: &Actor) -> &'static str {
    match actor.organisation_kind {
        OrganisationKind::Authority => "Home or provider",
        OrganisationKind::Provider => "Home or authority",
        OrganisationKind::Cooperative => "Home, provider or authority",
    }
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
                narrowing = narrowing
                    .select("end_reason", "Why it ended", Choice::all::<PlacementEndReason>())
                    .search("reference", "Reference of the request");
            }
            let narrowing = narrowing
                .search("name", called(desk))
                .day("from", "First day, on or after")
                .day("to", "First day, on or before");
            let page = RegisterPage {
                totals,
                lines: found.items,
                is_party: is_party(desk),
                shows_authority: desk.organisation_kind != OrganisationKind::Authority,
                shows_provider: desk.organisation_kind != OrganisationKind::Provider,
                narrowing: narrowing.sorted_by(PlacementOrder::Newest).next(found.next),
            };
            Ok(Html::of("Placements", &page)?.wide())
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
                    capital(placement.status.label()),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placements::pages::samples;
    use crate::placements::rules::Running;
    use crate::web::pages::assert_shows;

    fn page(for_parties: bool, lines: Vec<Line>) -> RegisterPage {
        RegisterPage {
            totals: totals(&[]),
            lines,
            is_party: for_parties,
            shows_authority: true,
            shows_provider: true,
            narrowing: Narrowing::of("/placements"),
        }
    }

    fn line(state: PlacementState, for_parties: bool) -> Line {
        let view = samples::view(samples::placement(state), for_parties, "2026-12-01");
        Line {
            placement_type: PlacementType::Residential,
            placement: PlacementSummary {
                id: view.id,
                reference: view.reference,
                authority: view.authority,
                provider: view.provider,
                home: view.home,
                status: view.status,
                starts_on: view.starts_on,
                started_on: view.started_on,
                ended_on: view.ended_on,
                weekly_total: view.weekly_total,
                version: view.version,
            },
        }
    }

    #[test]
    fn what_runs_is_summed_by_type_and_by_who_pays() {
        let changed = samples::view(samples::placement(PlacementState::Started), true, "2027-01-01");
        let running = |state, placement_type| Running {
            state,
            placement_type,
            price: changed.price,
            funding: changed.funding,
        };
        let running = [
            running(PlacementState::Started, PlacementType::Residential),
            running(PlacementState::Started, PlacementType::Foster),
            running(PlacementState::Agreed, PlacementType::Foster),
        ];
        let page = RegisterPage {
            totals: totals(&running),
            ..page(true, Vec::new())
        };
        let seen = [
            "<span class=\"figure\">2</span>started and running",
            "<span class=\"figure\">£11,000.00</span>a week for those",
            "<span class=\"figure\">1</span>agreed and not started yet",
            "<th scope=\"row\">Foster</th><td class=\"number\">1</td><td class=\"number\">£5,500.00</td>",
            "</tbody> <tfoot><tr><th scope=\"row\">Together</th><td class=\"number\">2</td><td class=\"number\">£11,000.00</td></tr></tfoot>",
            "Social care</th><td class=\"number\">£7,700.00</td>",
            "Education</th><td class=\"number\">£2,200.00</td>",
            "Health</th><td class=\"number\">£1,100.00</td></tr> </tbody> <tfoot><tr><th scope=\"row\">Together</th>\
             <td class=\"number\">£11,000.00</td></tr></tfoot>",
            "There is no placement to show.",
        ];
        assert_shows(&page, &seen, &["aria-label=\"Placements\""]);
        let nothing = RegisterPage {
            totals: totals(&[]),
            ..page
        };
        assert_shows(
            &nothing,
            &["<span class=\"figure\">£0.00</span>"],
            &["Together", "Paid by"],
        );
    }

    #[test]
    fn the_parties_find_a_placement_by_its_reference_and_the_cooperative_by_its_home() {
        let ended = page(
            true,
            vec![line(PlacementState::Ended, true), line(PlacementState::Agreed, true)],
        );
        let seen = [
            ">PR-2026-7KQ4MX</a></th><td><span class=\"tag grey\">Ended</span></td><td>Birch &#60;House&#62;</td>\
             <td>Birch &#38; &#60;Co&#62;</td><td>Reading &#38; &#60;Sons&#62;</td><td>Residential</td><td>25 November 2026</td>\
             <td>1 February 2027</td><td class=\"number\">£5,200.00</td></tr>",
            "<td>26 November 2026 (agreed)</td><td>–</td>",
            "href=\"/placements.csv\"",
        ];
        assert_shows(
            &ended,
            &seen,
            &["<House>", "<Co>", "<Sons>", "There is no placement to show."],
        );
        let market = page(false, vec![line(PlacementState::Started, false)]);
        let seen = [">Birch &#60;House&#62;</a></th><td><span class=\"tag green\">Started</span></td><td>Birch &#38;"];
        assert_shows(&market, &seen, &[samples::REFERENCE, "<th scope=\"col\">Request</th>"]);
        let own = RegisterPage {
            shows_authority: false,
            shows_provider: false,
            ..page(true, vec![line(PlacementState::Started, true)])
        };
        assert_shows(&own, &[samples::REFERENCE], &["Birch &#38;", "Reading &#38;"]);
    }
}

//! Awards in a list.

use crate::access::{Actor, OrganisationKind, Permission};
use crate::accounts;
use crate::awards::actions;
use crate::awards::rules::AwardStatus;
use crate::awards::store::{self, AwardOrder, Narrowed};
use crate::awards::views::AwardSummary;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::{OrganisationId, PlacementRequestId};
use crate::web::pages::{Choice, Html, Narrowing, PageDoor, capital, csv, filters};
use crate::web::{Answer, Items, Page, Query, Reply, Routes};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;
use std::collections::HashMap;

pub(super) fn routes(r: &mut Routes) {
    r.get("/awards", show).may(Permission::ReadAwards);
    r.get("/awards.csv", download).may(Permission::ReadAwards);
}

/// Which awards.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct AwardFilter {
    placement_request_id: Option<PlacementRequestId>,
    status: Option<AwardStatus>,
    reference: Option<String>,
    /// A part of the name of the home, the provider or the authority.
    name: Option<String>,
    starts_from: Option<NaiveDate>,
    starts_to: Option<NaiveDate>,
    sort: Option<AwardOrder>,
}

/// An award as the list shows it.
#[derive(Debug)]
struct Line {
    award: AwardSummary,
    /// The provider, for an authority; the authority, for a provider.
    other: String,
}

#[derive(Template)]
#[template(path = "awards/list.html")]
struct ListPage {
    other: &'static str,
    lines: Vec<Line>,
    narrowing: Narrowing,
}

fn lines(tx: &mut Tx<'_>, actor: &Actor, filter: AwardFilter, page: &Page) -> Result<Items<Line>> {
    let Some(scope) = actions::scope_of(actor) else {
        return Ok(Items::all(Vec::new()));
    };
    let reference = filter.reference.map(|text| text.trim().to_uppercase());
    let narrowed = Narrowed {
        request: filter.placement_request_id,
        status: filter.status,
        reference: reference.filter(|text| !text.is_empty()),
        name: filter.name,
        starts_from: filter.starts_from,
        starts_to: filter.starts_to,
        sort: filter.sort,
    };
    let found = store::list(tx, scope, &narrowed, page)?;
    let authorities: Vec<OrganisationId> = match actor.organisation_kind {
        OrganisationKind::Provider => found.items.iter().map(|line| line.authority_id).collect(),
        _ => Vec::new(),
    };
    let names: HashMap<_, _> = accounts::store::organisations(tx, &authorities)?
        .into_iter()
        .map(|organisation| (organisation.id, organisation.name))
        .collect();
    let now = tx.now;
    let line = |line: store::AwardLine| {
        let other = names.get(&line.authority_id).unwrap_or(&line.provider).clone();
        let award = AwardSummary::of(line, now);
        Line { award, other }
    };
    Ok(found.map(line))
}

fn other(actor: &Actor) -> &'static str {
    match actor.organisation_kind {
        OrganisationKind::Provider => "Authority",
        _ => "Provider",
    }
}

fn home_or_other(actor: &Actor) -> &'static str {
    match actor.organisation_kind {
        OrganisationKind::Provider => "Home or authority",
        _ => "Home or provider",
    }
}

async fn show(visit: PageDoor<Actor>, filter: Query<AwardFilter>, page: Page) -> Reply {
    visit
        .read(move |tx, desk| {
            let found = lines(tx, desk, filter.0, &page)?;
            let narrowing = desk
                .narrowing()
                .select("status", "State", Choice::all::<AwardStatus>())
                .search("reference", "Reference of the request")
                .search("name", home_or_other(desk))
                .day("starts_from", "Starts on or after")
                .day("starts_to", "Starts on or before")
                .sorted_by(AwardOrder::Newest)
                .next(found.next);
            let page = ListPage {
                other: other(desk),
                lines: found.items,
                narrowing,
            };
            Ok(Html::of("Awards", &page)?.wide())
        })
        .await
}

async fn download(visit: PageDoor<Actor>, filter: Query<AwardFilter>) -> Reply {
    visit
        .download(move |tx, desk| -> Result<Answer> {
            let found = lines(tx, desk, filter.0, &Page::whole())?;
            let head = [
                "Reference",
                "State",
                other(desk),
                "Home",
                "Route",
                "Weekly price",
                "Starts on",
                "Proposed at",
            ];
            let rows = found.items.into_iter().map(|line| {
                vec![
                    line.award.reference,
                    capital(line.award.status.label()),
                    line.other,
                    line.award.home.name,
                    line.award.procurement_route.label().to_owned(),
                    line.award.weekly_total.to_string(),
                    line.award.starts_on.to_string(),
                    line.award.proposed_at.to_string(),
                ]
            });
            csv("awards.csv", &head, rows)
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::awards::pages::samples;
    use crate::evaluation::pages::samples::evaluation;
    use crate::web::pages::assert_shows;

    fn page(other: &'static str, lines: Vec<Line>) -> ListPage {
        ListPage {
            other,
            lines,
            narrowing: Narrowing::of("/awards"),
        }
    }

    #[test]
    fn an_award_stands_in_a_row_with_how_it_stands_now() {
        let evaluation = evaluation();
        let award = samples::confirmed(&evaluation);
        let line = Line {
            award: AwardSummary::of(samples::line(&evaluation, &award), samples::proposed_at()),
            other: "Reading & <Sons>".to_owned(),
        };
        let row = format!(
            "<tr><th scope=\"row\"><a href=\"/awards/{}\">{}</a></th><td><span class=\"tag\">Confirmed</span></td>\
             <td>Birch House</td><td>Reading &#38; &#60;Sons&#62;</td><td class=\"number\">£5,200.00</td><td>26 November 2026</td></tr>",
            award.id, evaluation.request.reference
        );
        let seen = [row.as_str(), "<th scope=\"col\">Authority</th>", "href=\"/awards.csv\""];
        assert_shows(
            &page("Authority", vec![line]),
            &seen,
            &["<Sons>", "There is no award to show"],
        );
    }

    #[test]
    fn a_provider_is_told_why_it_sees_none() {
        let told = "You see an award here once the authority has told you of it.";
        assert_shows(
            &page("Authority", Vec::new()),
            &["There is no award to show.", told],
            &["<table"],
        );
        assert_shows(
            &page("Provider", Vec::new()),
            &["There is no award to show."],
            &["<table", told],
        );
    }
}

//! The frameworks that somebody may know of.

use super::tag;
use crate::access::{Actor, Permission, may};
use crate::db::Tx;
use crate::error::Result;
use crate::frameworks::api::FrameworkSummary;
use crate::frameworks::rules::FrameworkState;
use crate::frameworks::store::{self, FrameworkFilter, FrameworkOrder, Scope};
use crate::web::pages::{Choice, Desk, Html, Narrowing, PageDoor, Tag, capital, csv, filters};
use crate::web::{Answer, Items, Page, Query, Reply, Routes};
use askama::Template;

pub(super) fn routes(r: &mut Routes) {
    r.get("/frameworks", list).may(Permission::ReadFrameworks);
    r.get("/frameworks.csv", table).may(Permission::ReadFrameworks);
}

#[derive(Template)]
#[template(path = "frameworks/list.html")]
struct ListPage {
    frameworks: Vec<(FrameworkSummary, Tag)>,
    narrowing: Narrowing,
    may_make: bool,
}

fn found(tx: &mut Tx<'_>, actor: &Actor, filter: &FrameworkFilter, page: &Page) -> Result<Items<FrameworkSummary>> {
    let scope = Scope::of(tx, actor)?;
    let Items { items, next } = store::frameworks_page(tx, &scope, filter, page)?;
    let items = FrameworkSummary::all(tx, items)?;
    Ok(Items { items, next })
}

fn page(tx: &mut Tx<'_>, desk: &Desk<Actor>, filter: &FrameworkFilter, page: &Page) -> Result<Html> {
    let found = found(tx, desk, filter, page)?;
    let may_make = may(desk.role, Permission::ManageFrameworks);
    // A draft is known to its cooperative's people alone.
    let states = FrameworkState::ALL
        .iter()
        .filter(|state| may_make || **state != FrameworkState::Draft)
        .map(|state| Choice::new(state.code(), capital(state.label())));
    let narrowing = desk
        .narrowing()
        .select("status", "State", states.collect())
        .sorted_by(FrameworkOrder::Made);
    let frameworks = found.items.into_iter().map(|framework| {
        let tag = tag(framework.status);
        (framework, tag)
    });
    Html::of(
        "Frameworks",
        &ListPage {
            frameworks: frameworks.collect(),
            narrowing: narrowing.next(found.next),
            may_make,
        },
    )
}

async fn list(visit: PageDoor<Actor>, filter: Query<FrameworkFilter>, part: Page) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, &filter, &part)).await
}

async fn table(visit: PageDoor<Actor>, filter: Query<FrameworkFilter>) -> Reply {
    visit
        .download(move |tx, desk| written(found(tx, desk, &filter, &Page::whole())?.items))
        .await
}

fn written(frameworks: Vec<FrameworkSummary>) -> Result<Answer> {
    let rows = frameworks.into_iter().map(|framework| {
        vec![
            framework.reference,
            framework.title,
            framework.cooperative.name,
            capital(framework.status.label()),
            framework.procurement_route.label().to_owned(),
            framework.starts_on.to_string(),
            framework.ends_on.to_string(),
            if framework.takes_applications { "yes" } else { "no" }.to_owned(),
        ]
    });
    let head = [
        "Reference",
        "Title",
        "Cooperative",
        "State",
        "Procurement route",
        "First day",
        "Last day",
        "Takes applications",
    ];
    csv("frameworks.csv", &head, rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frameworks::api::CooperativeView;
    use crate::frameworks::pages::samples;
    use crate::web::pages::assert_shows;

    fn summary(state: FrameworkState) -> (FrameworkSummary, Tag) {
        let framework = samples::framework_that_is(state);
        let summary = FrameworkSummary {
            id: framework.id,
            cooperative: CooperativeView {
                id: framework.cooperative_id,
                name: "South <East>".to_owned(),
            },
            reference: framework.reference,
            title: framework.title,
            procurement_route: framework.procurement_route,
            status: state,
            starts_on: framework.starts_on,
            ends_on: framework.ends_on,
            admission: framework.admission,
            takes_applications: state == FrameworkState::Open,
            version: 1,
        };
        (summary, tag(state))
    }

    fn page(states: &[FrameworkState], may_make: bool) -> ListPage {
        ListPage {
            frameworks: states.iter().map(|state| summary(*state)).collect(),
            narrowing: Narrowing::of("/frameworks"),
            may_make,
        }
    }

    #[test]
    fn each_framework_says_how_it_stands_and_whether_it_takes_applications() {
        let open = page(&[FrameworkState::Open], false);
        let link = format!(
            "<a href=\"/frameworks/{}\">SE-RES-1, Homes &#38; schools</a>",
            open.frameworks[0].0.id
        );
        let seen = [
            link.as_str(),
            "<td>South &#60;East&#62;</td><td><span class=\"tag green\">Open</span></td>",
            "1 March 2026 to 28 February 2030",
            "<td>Taken now</td>",
            "href=\"/frameworks.csv\"",
        ];
        assert_shows(
            &open,
            &seen,
            &["Not taken now", "/frameworks/new", "There is no framework here."],
        );
        let states = [FrameworkState::Draft, FrameworkState::Suspended, FrameworkState::Closed];
        let seen = [
            "<a class=\"button\" href=\"/frameworks/new\">",
            "<span class=\"tag\">A draft</span>",
            "<span class=\"tag yellow\">Suspended</span>",
            "<span class=\"tag grey\">Closed</span>",
            "<td>Not taken now</td>",
        ];
        assert_shows(&page(&states, true), &seen, &["<td>Taken now</td>"]);
    }

    #[test]
    fn an_empty_list_says_so() {
        assert_shows(
            &page(&[], false),
            &["There is no framework here."],
            &["<table", "/frameworks/new"],
        );
    }
}

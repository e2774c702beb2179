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
            framework.status.label().to_owned(),
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

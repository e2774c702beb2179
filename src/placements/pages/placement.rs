//! One placement, and its agreement.

use super::is_party;
use crate::access::{Actor, Permission, may};
use crate::awards::letters::cost_lines;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::PlacementId;
use crate::placements::actions::scope_of;
use crate::placements::rules::PlacementState;
use crate::placements::store;
use crate::placements::views::PlacementView;
use crate::values::{Money, PriceLines};
use crate::web::pages::{Html, PageDoor, filters};
use crate::web::{Answer, Id, Query, Reply, Routes};
use askama::Template;
use serde::Deserialize;

pub(super) fn routes(r: &mut Routes) {
    r.get("/placements/{id}", show).may(Permission::ReadPlacements);
    r.get("/placements/{id}/agreement", show_agreement)
        .may(Permission::ReadPlacements);
    r.get("/placements/{id}/agreement.txt", download_agreement)
        .may(Permission::ReadPlacements);
}

/// Which agreement.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    /// The number of the terms; the last when absent.
    number: Option<i32>,
}

#[derive(Template)]
#[template(path = "placements/placement.html")]
struct PlacementPage {
    placement: PlacementView,
    is_party: bool,
    may_manage: bool,
    may_vary: bool,
}

fn lines(price: PriceLines) -> Vec<(&'static str, Money)> {
    cost_lines(price)
}

/// The placement as this person may know it.
pub(super) fn seen_by(tx: &mut Tx<'_>, actor: &Actor, id: PlacementId) -> Result<PlacementView> {
    let line = store::line(tx, scope_of(actor), id)?.ok_or(Error::NotFound("placement"))?;
    let placement = store::placement(tx, id)?.ok_or(Error::NotFound("placement"))?;
    let terms = store::terms_of(tx, &[id])?.remove(&id).unwrap_or_default();
    Ok(PlacementView::of(
        placement,
        line,
        terms,
        is_party(actor),
        tx.now.date_in_uk(),
    ))
}

async fn show(visit: PageDoor<Actor>, id: Id<PlacementId>) -> Reply {
    visit
        .read(move |tx, desk| {
            let placement = seen_by(tx, desk, *id)?;
            let page = PlacementPage {
                placement,
                is_party: is_party(desk),
                may_manage: may(desk.role, Permission::ManagePlacements),
                may_vary: may(desk.role, Permission::VaryPlacements),
            };
            Html::of("Placement", &page)
        })
        .await
}

#[derive(Template)]
#[template(path = "placements/agreement.html")]
struct AgreementPage {
    id: PlacementId,
    number: i32,
    text: String,
    sha256: String,
}

fn agreement(tx: &mut Tx<'_>, actor: &Actor, id: PlacementId, which: Which) -> Result<AgreementPage> {
    store::line(tx, scope_of(actor), id)?.ok_or(Error::NotFound("placement"))?;
    if !is_party(actor) {
        return Err(Error::Forbidden("one of the parties to the agreement"));
    }
    let (number, text, sha256) = store::agreement(tx, id, which.number)?.ok_or(Error::NotFound("agreement"))?;
    Ok(AgreementPage {
        id,
        number,
        text,
        sha256,
    })
}

async fn show_agreement(visit: PageDoor<Actor>, id: Id<PlacementId>, which: Query<Which>) -> Reply {
    visit
        .read(move |tx, desk| {
            let page = agreement(tx, desk, *id, *which)?;
            Html::of("Placement agreement", &page)
        })
        .await
}

async fn download_agreement(visit: PageDoor<Actor>, id: Id<PlacementId>, which: Query<Which>) -> Reply {
    visit
        .download(move |tx, desk| {
            let page = agreement(tx, desk, *id, *which)?;
            let name = format!("placement-agreement-{}.txt", page.number);
            Ok(Answer::bytes("text/plain; charset=utf-8", page.text.into_bytes())?.attachment(&name))
        })
        .await
}

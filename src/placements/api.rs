//! Placements over HTTP.

use super::actions::{self, scope_of};
use super::input::{NewTerms, Starting, Stopping};
use super::rules::{Placement, PlacementRefused, PlacementState};
use super::store::{self, Narrowed};
use super::views::{AgreementView, PlacementSummary, PlacementView};
use crate::access::{Actor, AuthorityUser, OrganisationKind, Permission, ProviderUser};
use crate::awards::store as awards_store;
use crate::awards::views::AwardView;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{AwardId, HomeId, PlacementId};
use crate::web::{Answer, Body, Door, Id, NoBody, Page, Query, Reply, Routes};
use serde::Deserialize;
use utoipa::IntoParams;

/// Registers the calls of this slice.
pub fn routes(r: &mut Routes) {
    r.tag(
        "placements",
        "Placements: the agreement made when an award is accepted, its start, its terms and its end.",
    );
    r.post("/awards/{id}/accept", accept)
        .summary("Accept an award for the provider")
        .description("Makes the placement: agreed at the bid's price, on the contract version in force, tied to the home's registration.")
        .may(Permission::AnswerAwards)
        .answers::<AwardView>(200)
        .refuses(&["award.wrong_state"]);
    r.get("/placements", list)
        .summary("List placements")
        .description(
            "An authority and a provider see their own, a cooperative those of its frameworks without what leads to the child.",
        )
        .may(Permission::ReadPlacements)
        .query::<PlacementFilter>()
        .lists::<PlacementSummary>();
    r.get("/placements/{id}", show)
        .summary("Read a placement")
        .may(Permission::ReadPlacements)
        .answers::<PlacementView>(200);
    r.get("/placements/{id}/agreement", agreement)
        .summary("Read the individual placement agreement")
        .description("With the last terms, or with those of a number. The parties read it, nobody else.")
        .may(Permission::ReadPlacements)
        .query::<AgreementFilter>()
        .answers::<AgreementView>(200);
    r.post("/placements/{id}/start", start)
        .summary("Note that a placement has started")
        .description("On the agreed day, or earlier, or later; not in the future.")
        .may(Permission::ManagePlacements)
        .body::<Starting>()
        .answers::<PlacementView>(200)
        .refuses(&["placement.wrong_state", "placement.not_yet"]);
    r.post("/placements/{id}/end", end)
        .summary("Note that a placement has ended")
        .description("Also one that was agreed and never began. Its places are free for the home to offer again.")
        .may(Permission::ManagePlacements)
        .body::<Stopping>()
        .answers::<PlacementView>(200)
        .refuses(&[
            "placement.wrong_state",
            "placement.not_yet",
            "placement.ends_before_start",
        ]);
    r.post("/placements/{id}/variations", vary)
        .summary("Vary the terms of a placement")
        .description("The price, the funding split or both, from a later day on, with a reason. A price that rises above the framework's approval threshold takes an approver.")
        .may(Permission::VaryPlacements)
        .body::<NewTerms>()
        .answers::<PlacementView>(201)
        .refuses(PlacementRefused::CODES);
}

/// Which placements.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PlacementFilter {
    /// Those in one home.
    home_id: Option<HomeId>,
    /// Those in one state.
    status: Option<PlacementState>,
    /// The order; `newest` when absent.
    #[param(inline)]
    sort: Option<store::PlacementOrder>,
}

/// Which agreement.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AgreementFilter {
    /// The number of the terms; the last when absent.
    number: Option<i32>,
}

fn for_parties(actor: &Actor) -> bool {
    actor.organisation_kind != OrganisationKind::Cooperative
}

fn view(tx: &mut Tx<'_>, actor: &Actor, placement: Placement) -> Result<PlacementView> {
    let line = store::line(tx, scope_of(actor), placement.id)?.ok_or(Error::NotFound("placement"))?;
    let terms = store::terms_of(tx, &[placement.id])?
        .remove(&placement.id)
        .unwrap_or_default();
    Ok(PlacementView::of(
        placement,
        line,
        terms,
        for_parties(actor),
        tx.now.date_in_uk(),
    ))
}

fn answer(tx: &mut Tx<'_>, actor: &Actor, placement: Placement) -> Result<Answer> {
    let version = placement.version;
    Ok(Answer::ok(view(tx, actor, placement)?)?.version(version))
}

async fn accept(door: Door<ProviderUser>, id: Id<AwardId>, _none: NoBody) -> Reply {
    let expected = door.if_match()?;
    door.write(move |tx, actor| {
        let (award, _) = actions::accept(tx, actor, *id, expected)?;
        let line = awards_store::line(tx, award.id)?;
        let version = award.version;
        Ok(Answer::ok(AwardView::of(award, line, false, tx.now))?.version(version))
    })
    .await
}

async fn list(door: Door<Actor>, filter: Query<PlacementFilter>, page: Page) -> Reply {
    door.read(move |tx, actor| {
        let narrowed = Narrowed {
            home: filter.home_id,
            state: filter.status,
            sort: filter.sort,
            ..Narrowed::default()
        };
        let lines = store::list(tx, scope_of(actor), &narrowed, &page)?;
        Answer::ok(lines.map(|line| PlacementSummary::of(line, for_parties(actor))))
    })
    .await
}

async fn show(door: Door<Actor>, id: Id<PlacementId>) -> Reply {
    door.read(move |tx, actor| {
        let placement = store::placement(tx, *id)?.ok_or(Error::NotFound("placement"))?;
        answer(tx, actor, placement)
    })
    .await
}

async fn agreement(door: Door<Actor>, id: Id<PlacementId>, filter: Query<AgreementFilter>) -> Reply {
    door.read(move |tx, actor| {
        store::line(tx, scope_of(actor), *id)?.ok_or(Error::NotFound("placement"))?;
        if !for_parties(actor) {
            return Err(Error::Forbidden("one of the parties to the agreement"));
        }
        let (number, text, sha256) = store::agreement(tx, *id, filter.number)?.ok_or(Error::NotFound("agreement"))?;
        Answer::ok(AgreementView { number, text, sha256 })
    })
    .await
}

async fn start(door: Door<AuthorityUser>, id: Id<PlacementId>, body: Body<Starting>) -> Reply {
    let expected = door.if_match()?;
    door.write(move |tx, actor| {
        let placement = actions::start(tx, actor, *id, &body, expected)?;
        answer(tx, actor, placement)
    })
    .await
}

async fn end(door: Door<AuthorityUser>, id: Id<PlacementId>, body: Body<Stopping>) -> Reply {
    let expected = door.if_match()?;
    door.write(move |tx, actor| {
        let placement = actions::end(tx, actor, *id, &body, expected)?;
        answer(tx, actor, placement)
    })
    .await
}

async fn vary(door: Door<AuthorityUser>, id: Id<PlacementId>, body: Body<NewTerms>) -> Reply {
    let expected = door.if_match()?;
    door.write(move |tx, actor| {
        let placement = actions::vary(tx, actor, *id, body.0, expected)?;
        let version = placement.version;
        Ok(Answer::created(format!("/placements/{}", placement.id), view(tx, actor, placement)?)?.version(version))
    })
    .await
}

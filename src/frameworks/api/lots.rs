//! Lots.

use serde::Serialize;
use utoipa::ToSchema;

use crate::access::{Actor, CooperativeUser, Permission};
use crate::frameworks::rules::{LineCeilings, Lot, LotChanges, NewLot};
use crate::frameworks::{actions, store};
use crate::ids::{FrameworkId, LotId};
use crate::values::{CodeSet, Money, PlacementType, ProvisionType};
use crate::web::{Answer, Body, Door, Id, Items, Reply, Routes};

pub(super) fn routes(r: &mut Routes) {
    r.post("/frameworks/{id}/lots", add_lot)
        .summary("Add a lot")
        .may(Permission::ManageFrameworks)
        .body::<NewLot>()
        .answers::<LotView>(201)
        .refuses(&["framework.closed", "lot.code_taken"]);
    r.get("/frameworks/{id}/lots", lots)
        .summary("The lots of a framework")
        .may(Permission::ReadFrameworks)
        .lists::<LotView>();
    r.get("/lots/{id}", lot)
        .summary("A lot")
        .may(Permission::ReadFrameworks)
        .answers::<LotView>(200);
    r.patch("/lots/{id}", change_lot)
        .summary("Change a lot")
        .description("All of it while the framework is a draft; then its title and its ceilings.")
        .may(Permission::ManageFrameworks)
        .body::<LotChanges>()
        .answers::<LotView>(200)
        .refuses(&["framework.closed", "framework.fixed_once_open", "lot.code_taken"]);
}

/// A lot.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LotView {
    /// Its id.
    id: LotId,
    /// The framework it belongs to.
    framework_id: FrameworkId,
    /// How the framework's papers call it.
    #[schema(example = "R1")]
    code: String,
    /// Its title.
    #[schema(example = "Children's homes")]
    title: String,
    /// What it places children in.
    placement_type: PlacementType,
    /// The registrations that it takes.
    provision_types: CodeSet<ProvisionType>,
    /// The most that the four lines may be together, a week.
    weekly_ceiling: Option<Money>,
    /// The most that single lines may be.
    line_ceilings: LineCeilings,
    /// Counts its changes.
    version: i64,
}

impl From<Lot> for LotView {
    fn from(lot: Lot) -> Self {
        Self {
            id: lot.id,
            framework_id: lot.framework_id,
            code: lot.code,
            title: lot.title,
            placement_type: lot.placement_type,
            provision_types: lot.provision_types,
            weekly_ceiling: lot.weekly_ceiling,
            line_ceilings: lot.line_ceilings,
            version: lot.version,
        }
    }
}

async fn add_lot(door: Door<CooperativeUser>, id: Id<FrameworkId>, body: Body<NewLot>) -> Reply {
    door.write(move |tx, actor| {
        let lot = actions::add_lot(tx, actor, *id, body.0)?;
        let (id, version) = (lot.id, lot.version);
        Ok(Answer::created(format!("/lots/{id}"), LotView::from(lot))?.version(version))
    })
    .await
}

async fn lots(door: Door<Actor>, id: Id<FrameworkId>) -> Reply {
    door.read(move |tx, actor| {
        let framework = actions::framework_seen_by(tx, actor, *id)?;
        let lots = store::lots(tx, framework.id)?;
        Answer::ok(Items::all(lots.into_iter().map(LotView::from).collect()))
    })
    .await
}

async fn lot(door: Door<Actor>, id: Id<LotId>) -> Reply {
    door.read(move |tx, actor| {
        let lot = actions::lot_seen_by(tx, actor, *id)?;
        let version = lot.version;
        Ok(Answer::ok(LotView::from(lot))?.version(version))
    })
    .await
}

async fn change_lot(door: Door<CooperativeUser>, id: Id<LotId>, body: Body<LotChanges>) -> Reply {
    let if_match = door.if_match()?;
    door.write(move |tx, actor| {
        let lot = actions::change_lot(tx, actor, *id, body.0, if_match)?;
        let version = lot.version;
        Ok(Answer::ok(LotView::from(lot))?.version(version))
    })
    .await
}

//! Quality standards.

use serde::Serialize;
use utoipa::ToSchema;

use crate::access::{Actor, CooperativeUser, Permission};
use crate::frameworks::rules::{
    Evidence, NewStandard, OfferedStandard, Standard, StandardChanges, StandardScope, offered_standards,
};
use crate::frameworks::{actions, store};
use crate::ids::{FrameworkId, StandardId};
use crate::web::{Answer, Body, Door, Id, Items, Reply, Routes};

pub(super) fn routes(r: &mut Routes) {
    r.post("/frameworks/{id}/standards", add_standard)
        .summary("Add a quality standard")
        .description("Once the framework has opened, it is asked of applications submitted from then on.")
        .may(Permission::ManageFrameworks)
        .body::<NewStandard>()
        .answers::<StandardView>(201)
        .refuses(&["framework.closed", "standard.code_taken"]);
    r.get("/frameworks/{id}/standards", standards)
        .summary("The quality standards of a framework")
        .may(Permission::ReadFrameworks)
        .lists::<StandardView>();
    r.get("/standards/{id}", standard)
        .summary("A quality standard")
        .may(Permission::ReadFrameworks)
        .answers::<StandardView>(200);
    r.patch("/standards/{id}", change_standard)
        .summary("Change a quality standard of a draft")
        .may(Permission::ManageFrameworks)
        .body::<StandardChanges>()
        .answers::<StandardView>(200)
        .refuses(&["framework.not_draft", "standard.code_taken"]);
    r.get("/quality-standards", offered)
        .summary("The quality standards that regulations offer")
        .description("None is forced on a framework: add those that it asks for.")
        .may(Permission::ReadFrameworks)
        .lists::<OfferedStandard>();
}

/// A quality standard of a framework.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StandardView {
    /// Its id.
    id: StandardId,
    /// The framework that asks it.
    framework_id: FrameworkId,
    /// Its code.
    #[schema(example = "QS7")]
    code: String,
    /// Its title.
    #[schema(example = "The protection of children")]
    title: String,
    /// What must be shown.
    #[schema(example = "Say how children are kept safe.")]
    requirement: String,
    /// Of whom it asks.
    applies_to: StandardScope,
    /// How it is shown.
    evidence: Evidence,
    /// Whether an application without an answer to it is refused.
    mandatory: bool,
    /// Counts its changes.
    version: i64,
}

impl From<Standard> for StandardView {
    fn from(standard: Standard) -> Self {
        Self {
            id: standard.id,
            framework_id: standard.framework_id,
            code: standard.code,
            title: standard.title,
            requirement: standard.requirement,
            applies_to: standard.applies_to,
            evidence: standard.evidence,
            mandatory: standard.mandatory,
            version: standard.version,
        }
    }
}

async fn add_standard(door: Door<CooperativeUser>, id: Id<FrameworkId>, body: Body<NewStandard>) -> Reply {
    door.write(move |tx, actor| {
        let standard = actions::add_standard(tx, actor, *id, body.0)?;
        let (id, version) = (standard.id, standard.version);
        Ok(Answer::created(format!("/standards/{id}"), StandardView::from(standard))?.version(version))
    })
    .await
}

async fn standards(door: Door<Actor>, id: Id<FrameworkId>) -> Reply {
    door.read(move |tx, actor| {
        let framework = actions::framework_seen_by(tx, actor, *id)?;
        let standards = store::standards(tx, framework.id)?;
        Answer::ok(Items::all(standards.into_iter().map(StandardView::from).collect()))
    })
    .await
}

async fn standard(door: Door<Actor>, id: Id<StandardId>) -> Reply {
    door.read(move |tx, actor| {
        let standard = actions::standard_seen_by(tx, actor, *id)?;
        let version = standard.version;
        Ok(Answer::ok(StandardView::from(standard))?.version(version))
    })
    .await
}

async fn change_standard(door: Door<CooperativeUser>, id: Id<StandardId>, body: Body<StandardChanges>) -> Reply {
    let if_match = door.if_match()?;
    door.write(move |tx, actor| {
        let standard = actions::change_standard(tx, actor, *id, body.0, if_match)?;
        let version = standard.version;
        Ok(Answer::ok(StandardView::from(standard))?.version(version))
    })
    .await
}

async fn offered(door: Door<Actor>) -> Reply {
    door.read(|_, _| Answer::ok(Items::all(offered_standards()))).await
}

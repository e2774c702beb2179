//! Contract versions.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::{Actor, CooperativeUser, Permission};
use crate::clock::Instant;
use crate::error::Error;
use crate::frameworks::rules::{ContractVersion, NewContractVersion};
use crate::frameworks::{actions, store};
use crate::ids::{ContractVersionId, FrameworkId};
use crate::web::{Answer, Body, Door, Id, Items, Reply, Routes};

pub(super) fn routes(r: &mut Routes) {
    r.post("/frameworks/{id}/contract-versions", publish)
        .summary("Publish a contract version")
        .description(
            "It is never edited. Every admitted provider is asked to accept it, and can't submit bids from its first day on \
             until they have. The SHA-256 is that of the text's bytes in UTF-8.",
        )
        .may(Permission::ManageFrameworks)
        .body::<NewContractVersion>()
        .answers::<ContractVersionView>(201)
        .refuses(&["framework.closed"]);
    r.get("/frameworks/{id}/contract-versions", contract_versions)
        .summary("The contract versions of a framework")
        .may(Permission::ReadFrameworks)
        .lists::<ContractVersionSummary>();
    r.get("/contract-versions/{id}", contract_version)
        .summary("A contract version with its text")
        .may(Permission::ReadFrameworks)
        .answers::<ContractVersionView>(200);
}

/// A contract version without its text.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContractVersionSummary {
    /// Its id.
    id: ContractVersionId,
    /// The framework whose contract it is.
    framework_id: FrameworkId,
    /// Counts up from 1 within the framework.
    #[schema(example = 1)]
    number: i32,
    /// Its title.
    #[schema(example = "Regional contract")]
    title: String,
    /// The SHA-256 of the bytes of the text, in lower-case hex.
    #[schema(example = "a8cfd9bb8da1f6d60d6fb1a4d3ba2a7e2c4a1d8e5a4f9c1d6b1f0d7a3c2e9b54")]
    sha256: String,
    /// The first day on which it is in force.
    effective_on: NaiveDate,
    /// When it was published.
    published_at: Instant,
    /// Always 1: a contract version is never edited.
    version: i64,
}

/// A contract version.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContractVersionView {
    #[serde(flatten)]
    summary: ContractVersionSummary,
    /// The terms, byte for byte as they were published.
    #[schema(example = "# Terms\n\nThe same for everybody.")]
    text: String,
}

impl From<ContractVersion> for ContractVersionSummary {
    fn from(version: ContractVersion) -> Self {
        Self {
            id: version.id,
            framework_id: version.framework_id,
            number: version.number,
            title: version.title,
            sha256: version.sha256,
            effective_on: version.effective_on,
            published_at: version.published_at,
            version: 1,
        }
    }
}

async fn publish(door: Door<CooperativeUser>, id: Id<FrameworkId>, body: Body<NewContractVersion>) -> Reply {
    door.write(move |tx, actor| {
        let text = body.text.clone();
        let version = actions::publish_contract_version(tx, actor, *id, body.0)?;
        let path = format!("/contract-versions/{}", version.id);
        Ok(Answer::created(
            path,
            ContractVersionView {
                summary: version.into(),
                text,
            },
        )?
        .version(1))
    })
    .await
}

async fn contract_versions(door: Door<Actor>, id: Id<FrameworkId>) -> Reply {
    door.read(move |tx, actor| {
        let framework = actions::framework_seen_by(tx, actor, *id)?;
        let versions = store::contract_versions(tx, framework.id)?;
        Answer::ok(Items::all(
            versions.into_iter().map(ContractVersionSummary::from).collect(),
        ))
    })
    .await
}

async fn contract_version(door: Door<Actor>, id: Id<ContractVersionId>) -> Reply {
    door.read(move |tx, actor| {
        let version = actions::contract_version_seen_by(tx, actor, *id)?;
        let text = store::contract_text(tx, version.id)?.ok_or(Error::NotFound("contract version"))?;
        Ok(Answer::ok(ContractVersionView {
            summary: version.into(),
            text,
        })?
        .version(1))
    })
    .await
}

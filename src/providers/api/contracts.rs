//! Who accepts contract versions.

use std::cmp::Reverse;
use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{ProviderName, once_each};
use crate::access::{Actor, OrganisationKind, Permission, ProviderUser};
use crate::clock::Instant;
use crate::codes;
use crate::db::Tx;
use crate::error::Result;
use crate::frameworks::{self, ContractVersion};
use crate::ids::{ContractVersionId, PersonId};
use crate::providers::{actions, store};
use crate::web::{Answer, Door, Id, Items, NoBody, Page, Query, Reply, Routes};

pub(super) fn routes(r: &mut Routes) {
    r.post("/contract-versions/{id}/accept", accept)
        .summary("Accept a contract version for one's provider")
        .description("For who applies to its framework or is admitted under it. Accepting twice changes nothing.")
        .may(Permission::AcceptContracts)
        .answers::<AcceptedView>(200)
        .refuses(&["contract.not_party", "contract.superseded"]);
    r.get("/contract-versions/{id}/acceptances", acceptances)
        .summary("Which admitted providers have accepted a contract version")
        .description("A provider's people see their own alone.")
        .may(Permission::ReadApplications)
        .query::<AcceptanceFilter>()
        .lists::<AcceptanceView>();
}

/// A contract version that one's provider has accepted.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AcceptedView {
    /// The contract version.
    contract_version_id: ContractVersionId,
    /// Its number.
    #[schema(example = 2)]
    number: i32,
    /// The SHA-256 of its text, in lower-case hex.
    sha256: String,
    /// Always true.
    accepted: bool,
}

codes! {
    /// The orders of the list of who has accepted a contract version.
    pub enum AcceptanceOrder {
        Provider("provider", "Provider"),
        Latest("latest", "Accepted last first"),
    }
}

/// Which admitted providers are listed, and in which order.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AcceptanceFilter {
    /// Only those who have accepted it, or only those who have not.
    pub accepted: Option<bool>,
    /// The order; `provider` when absent. Those who have not accepted it come last by `latest`.
    #[param(inline)]
    pub sort: Option<AcceptanceOrder>,
}

/// An admitted provider, and whether it has accepted the contract version.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AcceptanceView {
    /// The provider.
    pub provider: ProviderName,
    /// Who accepted for it.
    pub accepted_by: Option<PersonId>,
    /// When; null while nobody has.
    pub accepted_at: Option<Instant>,
}

async fn accept(door: Door<ProviderUser>, id: Id<ContractVersionId>, _none: NoBody) -> Reply {
    door.write(move |tx, actor| {
        let version = actions::accept_contract(tx, actor, *id)?;
        Answer::ok(AcceptedView {
            contract_version_id: version.id,
            number: version.number,
            sha256: version.sha256,
            accepted: true,
        })
    })
    .await
}

impl AcceptanceView {
    /// A part of those of the admitted providers; for a provider's people their own alone. They are in memory whole: that one has
    /// not accepted is a row nowhere, and a framework has some hundreds of providers at most.
    pub fn part(
        tx: &mut Tx<'_>,
        actor: &Actor,
        version: &ContractVersion,
        filter: AcceptanceFilter,
        page: &Page,
    ) -> Result<Items<Self>> {
        let mut all = Self::all(tx, actor, version)?;
        if let Some(accepted) = filter.accepted {
            all.retain(|one| one.accepted_at.is_some() == accepted);
        }
        let name = |one: &Self| (one.provider.name.to_lowercase(), one.provider.id);
        let order = filter.sort.unwrap_or(AcceptanceOrder::Provider);
        match order {
            AcceptanceOrder::Provider => Items::cut(all, page, order, name),
            AcceptanceOrder::Latest => Items::cut(all, page, order, |one| {
                (one.accepted_at.is_none(), Reverse(one.accepted_at), name(one))
            }),
        }
    }

    fn all(tx: &mut Tx<'_>, actor: &Actor, version: &ContractVersion) -> Result<Vec<Self>> {
        let own = (actor.organisation_kind == OrganisationKind::Provider).then_some(actor.organisation_id);
        let admitted = store::live_admissions(tx, version.framework_id, own)?;
        let providers = once_each(admitted.into_iter().map(|admission| admission.provider_id));
        let names = store::names(tx, &providers)?;
        let accepted: HashMap<_, _> = store::acceptances_of(tx, version.id)?
            .into_iter()
            .map(|(provider, person, at)| (provider, (person, at)))
            .collect();
        let one = |id| Self {
            provider: ProviderName {
                id,
                name: names.get(&id).cloned().unwrap_or_default(),
            },
            accepted_by: accepted.get(&id).map(|(person, _)| *person),
            accepted_at: accepted.get(&id).map(|(_, at)| *at),
        };
        Ok(providers.into_iter().map(one).collect())
    }
}

async fn acceptances(
    door: Door<Actor>,
    id: Id<ContractVersionId>,
    filter: Query<AcceptanceFilter>,
    page: Page,
) -> Reply {
    door.read(move |tx, actor| {
        let version = frameworks::actions::contract_version_seen_by(tx, actor, *id)?;
        Answer::ok(AcceptanceView::part(tx, actor, &version, *filter, &page)?)
    })
    .await
}

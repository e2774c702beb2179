//! Providers over HTTP.

mod admissions;
mod applications;
mod contracts;
mod profiles;

pub use admissions::{AdmissionChangeView, AdmissionSummary, AskedContractVersion};
pub use applications::{ApplicationSummary, ApplicationView, AppliedLotView};
pub use contracts::{AcceptanceFilter, AcceptanceOrder, AcceptanceView};

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::store;
use crate::db::Tx;
use crate::error::Result;
use crate::frameworks::{self, Framework, Lot};
use crate::ids::{FrameworkId, LotId, OrganisationId};
use crate::web::Routes;

/// The slice's operations.
pub fn routes(r: &mut Routes) {
    r.tag(
        "providers",
        "Providers, their applications to frameworks, their admissions to lots.",
    );
    profiles::routes(r);
    applications::routes(r);
    admissions::routes(r);
    contracts::routes(r);
}

/// A provider, by name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProviderName {
    /// Its id.
    pub id: OrganisationId,
    /// Its name.
    #[schema(example = "Acorn Care Ltd")]
    pub name: String,
}

/// A framework, by name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FrameworkName {
    /// Its id.
    pub id: FrameworkId,
    /// How its papers call it.
    #[schema(example = "SE-RES-1")]
    pub reference: String,
    /// Its title.
    #[schema(example = "South East residential care")]
    pub title: String,
}

/// A lot, by name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LotName {
    /// Its id.
    pub id: LotId,
    /// How the framework's papers call it.
    #[schema(example = "R1")]
    pub code: String,
    /// Its title.
    #[schema(example = "Children's homes")]
    pub title: String,
}

/// The names of what a list speaks of, read at once.
struct Names {
    providers: HashMap<OrganisationId, String>,
    frameworks: HashMap<FrameworkId, Framework>,
    lots: HashMap<LotId, Lot>,
}

impl Names {
    fn of(
        tx: &mut Tx<'_>,
        providers: impl Iterator<Item = OrganisationId>,
        frameworks: impl Iterator<Item = FrameworkId>,
        lots: impl Iterator<Item = LotId>,
    ) -> Result<Self> {
        let found = frameworks::store::frameworks(tx, &once_each(frameworks))?;
        let found_lots = frameworks::store::lots_by_id(tx, &once_each(lots))?;
        Ok(Self {
            providers: store::names(tx, &once_each(providers))?,
            frameworks: found.into_iter().map(|framework| (framework.id, framework)).collect(),
            lots: found_lots.into_iter().map(|lot| (lot.id, lot)).collect(),
        })
    }

    fn provider(&self, id: OrganisationId) -> ProviderName {
        ProviderName {
            id,
            name: self.providers.get(&id).cloned().unwrap_or_default(),
        }
    }

    fn framework(&self, id: FrameworkId) -> FrameworkName {
        let (reference, title) = self
            .frameworks
            .get(&id)
            .map(|known| (known.reference.clone(), known.title.clone()))
            .unwrap_or_default();
        FrameworkName { id, reference, title }
    }

    fn lot(&self, id: LotId) -> LotName {
        let (code, title) = self
            .lots
            .get(&id)
            .map(|known| (known.code.clone(), known.title.clone()))
            .unwrap_or_default();
        LotName { id, code, title }
    }
}

fn once_each<T: Ord>(ids: impl Iterator<Item = T>) -> Vec<T> {
    let mut ids: Vec<T> = ids.collect();
    ids.sort();
    ids.dedup();
    ids
}

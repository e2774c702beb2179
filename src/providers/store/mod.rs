//! Rows of providers' profiles, applications, admissions and acceptances.

mod acceptances;
mod admissions;
mod applications;
mod profiles;

pub use acceptances::{accept, acceptances_of, accepted_by, has_accepted};
pub use admissions::{
    AdmissionChange, AdmissionFilter, AdmissionOrder, admission, admissions_of_lot, admissions_page, admissions_to,
    changes_of, expiring, insert_admissions, insure_admissions, live_admissions, live_admissions_anywhere,
    live_admissions_of, lock_admission, seen_admission, update_admission,
};
pub use applications::{
    ApplicationFilter, ApplicationHead, ApplicationOrder, application_under_way, applications_page, insert_application,
    lock_application, lots_of_applications, seen_application, under_way, update_application,
};
pub use profiles::{
    ProviderOrder, ProviderStanding, ProvidersWanted, insurance, lock_insurance, names, profile, profiles_page,
    update_profile,
};

use crate::access::{Actor, OrganisationKind};
use crate::accounts;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::OrganisationId;

/// Whose applications and admissions somebody may know of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Those to one cooperative's frameworks.
    Cooperative(OrganisationId),
    /// Those to these cooperatives' frameworks, for a member authority: admissions only.
    Members(Vec<OrganisationId>),
    /// One provider's own.
    Provider(OrganisationId),
}

impl Scope {
    /// The scope of an asker.
    pub fn of(tx: &mut Tx<'_>, actor: &Actor) -> Result<Self> {
        let own = actor.organisation_id;
        Ok(match actor.organisation_kind {
            OrganisationKind::Cooperative => Self::Cooperative(own),
            OrganisationKind::Authority => {
                Self::Members(accounts::store::cooperatives_of(tx, own, tx.now.date_in_uk())?)
            }
            OrganisationKind::Provider => Self::Provider(own),
        })
    }
}

//! What providers say of themselves.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::access::{Actor, Permission, ProviderUser};
use crate::ids::OrganisationId;
use crate::providers::rules::{Insurance, ProfileChanges, ProviderProfile};
use crate::providers::store::{ProviderOrder, ProvidersWanted};
use crate::providers::{actions, store};
use crate::values::{CharityNumber, CompanyNumber};
use crate::web::{Answer, Body, Door, Id, Page, Query, Reply, Routes};

pub(super) fn routes(r: &mut Routes) {
    r.get("/providers", list)
        .summary("Providers")
        .description("A provider's people see their own alone.")
        .may(Permission::ReadProviders)
        .query::<ProviderFilter>()
        .lists::<ProviderSummary>();
    r.get("/providers/{id}", show)
        .summary("A provider's profile")
        .may(Permission::ReadProviders)
        .answers::<ProviderView>(200);
    r.patch("/providers/{id}", change)
        .summary("Change one's own profile")
        .description("Told once, it serves every cooperative. Null takes a field away.")
        .may(Permission::ManageProvider)
        .body::<ProfileChanges>()
        .answers::<ProviderView>(200);
    r.put("/providers/{id}/insurance", insure)
        .summary("Renew one's own insurance")
        .description(
            "It counts for every admission: those that were suspended because insurance had run out are in force again.",
        )
        .may(Permission::ManageProvider)
        .body::<Insurance>()
        .answers::<ProviderView>(200);
}

/// Which providers are listed.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ProviderFilter {
    /// Only the provider with this company number.
    company_number: Option<CompanyNumber>,
    /// Only the provider with this charity number.
    charity_number: Option<CharityNumber>,
    /// The order; `registered` when absent.
    #[param(inline)]
    sort: Option<ProviderOrder>,
}

/// A provider in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProviderSummary {
    /// Its id.
    id: OrganisationId,
    /// Its name.
    #[schema(example = "Acorn Care Ltd")]
    name: String,
    /// Its number at Companies House.
    company_number: Option<CompanyNumber>,
    /// Its number at the Charity Commission.
    charity_number: Option<CharityNumber>,
    /// Counts the changes of its profile; 0 before the first.
    version: i64,
}

/// A provider's profile.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProviderView {
    #[serde(flatten)]
    summary: ProviderSummary,
    /// What it says of itself.
    about: Option<String>,
    /// Where it shows itself.
    #[schema(example = "https://acorn.example")]
    website: Option<String>,
    /// Where it answers calls.
    #[schema(example = "01632 960123")]
    telephone: Option<String>,
    /// Its insurance, as told last.
    insurance: Option<Insurance>,
}

fn summary(profile: &ProviderProfile) -> ProviderSummary {
    ProviderSummary {
        id: profile.provider_id,
        name: profile.name.clone(),
        company_number: profile.company_number.clone(),
        charity_number: profile.charity_number.clone(),
        version: profile.version,
    }
}

fn answer(profile: ProviderProfile) -> crate::error::Result<Answer> {
    let version = profile.version;
    let view = ProviderView {
        summary: summary(&profile),
        about: profile.about,
        website: profile.website,
        telephone: profile.telephone,
        insurance: profile.insurance,
    };
    Ok(Answer::ok(view)?.version(version))
}

async fn list(door: Door<Actor>, filter: Query<ProviderFilter>, page: Page) -> Reply {
    door.read(move |tx, actor| {
        let wanted = ProvidersWanted {
            company_number: filter.0.company_number,
            charity_number: filter.0.charity_number,
            sort: filter.0.sort,
            ..ProvidersWanted::seen_by(actor)
        };
        let found = store::profiles_page(tx, &wanted, &page)?;
        Answer::ok(found.map(|profile| summary(&profile)))
    })
    .await
}

async fn show(door: Door<Actor>, id: Id<OrganisationId>) -> Reply {
    door.read(move |tx, actor| answer(actions::profile_seen_by(tx, actor, *id)?))
        .await
}

async fn change(door: Door<ProviderUser>, id: Id<OrganisationId>, body: Body<ProfileChanges>) -> Reply {
    let if_match = door.if_match()?;
    door.write(move |tx, actor| answer(actions::change_profile(tx, actor, *id, body.0, if_match)?))
        .await
}

async fn insure(door: Door<ProviderUser>, id: Id<OrganisationId>, body: Body<Insurance>) -> Reply {
    let if_match = door.if_match()?;
    door.write(move |tx, actor| answer(actions::insure(tx, actor, *id, body.0, if_match)?))
        .await
}

//! What providers say of themselves, beside their name and numbers, which stand with the organisation.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::Scope;
use super::admissions::{standing_now, within};
use crate::access::{Actor, OrganisationKind};
use crate::accounts::rules::OrganisationState;
use crate::codes;
use crate::db::schema::{admissions, organisations, provider_profiles};
use crate::db::search::{containing, lower};
use crate::db::{Tx, ascending, descending, one_row, unless_taken};
use crate::error::{Error, Result};
use crate::ids::OrganisationId;
use crate::providers::rules::{AdmissionState, Insurance, ProviderProfile};
use crate::values::{CharityNumber, CompanyNumber, Money};
use crate::web::paging::{Items, Page, cursor};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = provider_profiles, primary_key(provider_id), treat_none_as_null = true)]
struct ProfileRow {
    provider_id: OrganisationId,
    about: Option<String>,
    website: Option<String>,
    telephone: Option<String>,
    insurance_policy_number: Option<String>,
    insurance_cover: Option<Money>,
    insurance_expires_on: Option<NaiveDate>,
    version: i64,
}

type Named = (
    OrganisationId,
    String,
    Option<CompanyNumber>,
    Option<CharityNumber>,
    Option<ProfileRow>,
);

fn read((provider_id, name, company_number, charity_number, row): Named) -> ProviderProfile {
    let (about, website, telephone, insurance, version) = match row {
        None => (None, None, None, None, 0),
        Some(row) => {
            let insurance = insured(
                row.insurance_policy_number,
                row.insurance_cover,
                row.insurance_expires_on,
            );
            (row.about, row.website, row.telephone, insurance, row.version)
        }
    };
    ProviderProfile {
        provider_id,
        name,
        company_number,
        charity_number,
        about,
        website,
        telephone,
        insurance,
        version,
    }
}

/// The three columns of an insurance, which are all filled or none.
pub(super) fn insured(
    policy_number: Option<String>,
    cover: Option<Money>,
    expires_on: Option<NaiveDate>,
) -> Option<Insurance> {
    Some(Insurance {
        policy_number: policy_number?,
        cover: cover?,
        expires_on: expires_on?,
    })
}

codes! {
    /// The orders of the list of providers.
    pub enum ProviderOrder {
        Registered("registered", "First registered first"),
        Newest("newest", "Newest first"),
        Name("name", "Name"),
        Insurance("insurance", "Insurance, soonest to end first"),
    }

    /// How a provider stands towards the lots that somebody may know of.
    pub enum ProviderStanding {
        Admitted("admitted", "Admitted to a lot"),
        Suspended("suspended", "Suspended from a lot"),
    }
}

impl ProviderStanding {
    /// How an admission stands by which a provider stands so.
    fn of_an_admission(self) -> AdmissionState {
        match self {
            Self::Admitted => AdmissionState::Admitted,
            Self::Suspended => AdmissionState::Suspended,
        }
    }
}

/// Which providers are listed, and in which order.
#[derive(Debug, Clone, Default)]
pub struct ProvidersWanted {
    /// This one alone.
    pub only: Option<OrganisationId>,
    /// Only the one with this company number.
    pub company_number: Option<CompanyNumber>,
    /// Only the one with this charity number.
    pub charity_number: Option<CharityNumber>,
    /// Only those whose name contains this, whichever the case.
    pub name: Option<String>,
    /// Only those that stand so towards a lot within this scope.
    pub standing: Option<(Scope, ProviderStanding)>,
    /// Only those whose insurance ends before this day.
    pub insured_before: Option<NaiveDate>,
    /// In this order; in that in which they registered where none is said. Those who have not told of their insurance come
    /// last by it.
    pub sort: Option<ProviderOrder>,
}

impl ProvidersWanted {
    /// Those that somebody may read of: a provider's people their own alone, everybody else all.
    pub fn seen_by(actor: &Actor) -> Self {
        Self {
            only: (actor.organisation_kind == OrganisationKind::Provider).then_some(actor.organisation_id),
            ..Self::default()
        }
    }
}

/// The profile of an active provider. It has version 0 until the provider says something of itself.
pub fn profile(tx: &mut Tx<'_>, id: OrganisationId) -> Result<Option<ProviderProfile>> {
    let named: Option<Named> = organisations::table
        .left_join(provider_profiles::table)
        .filter(organisations::id.eq(id))
        .filter(organisations::kind.eq(OrganisationKind::Provider))
        .filter(organisations::state.eq(OrganisationState::Active))
        .select((
            organisations::id,
            organisations::name,
            organisations::company_number,
            organisations::charity_number,
            Option::<ProfileRow>::as_select(),
        ))
        .first(tx.conn)
        .optional()?;
    Ok(named.map(read))
}

/// A part of the active providers.
pub fn profiles_page(tx: &mut Tx<'_>, wanted: &ProvidersWanted, page: &Page) -> Result<Items<ProviderProfile>> {
    let mut query = organisations::table
        .left_join(provider_profiles::table)
        .filter(organisations::kind.eq(OrganisationKind::Provider))
        .filter(organisations::state.eq(OrganisationState::Active))
        .into_boxed();
    if let Some(only) = wanted.only {
        query = query.filter(organisations::id.eq(only));
    }
    if let Some(number) = &wanted.company_number {
        query = query.filter(organisations::company_number.eq(number.clone()));
    }
    if let Some(number) = &wanted.charity_number {
        query = query.filter(organisations::charity_number.eq(number.clone()));
    }
    if let Some(name) = &wanted.name {
        query = query.filter(lower(organisations::name).like(containing(name)).escape('\\'));
    }
    if let Some((scope, standing)) = &wanted.standing {
        let so = standing_now(within(scope), standing.of_an_admission(), tx.now);
        let ids: Vec<OrganisationId> = so.select(admissions::provider_id).load(tx.conn)?;
        query = query.filter(organisations::id.eq_any(ids));
    }
    if let Some(day) = wanted.insured_before {
        query = query.filter(provider_profiles::insurance_expires_on.lt(day));
    }
    let order = wanted.sort.unwrap_or(ProviderOrder::Registered);
    let query = match order {
        ProviderOrder::Registered => ascending!(query, page.after_in::<OrganisationId>(order)?, organisations::id),
        ProviderOrder::Newest => descending!(query, page.after_in::<OrganisationId>(order)?, organisations::id),
        ProviderOrder::Name => {
            let after = page.after_in::<(String, OrganisationId)>(order)?;
            ascending!(query, after, any case organisations::name, organisations::id)
        }
        ProviderOrder::Insurance => {
            let after = page.after_in::<(Option<NaiveDate>, OrganisationId)>(order)?;
            ascending!(query, after, nulls last provider_profiles::insurance_expires_on, organisations::id)
        }
    };
    let named: Vec<Named> = query
        .limit(page.fetch())
        .select((
            organisations::id,
            organisations::name,
            organisations::company_number,
            organisations::charity_number,
            Option::<ProfileRow>::as_select(),
        ))
        .load(tx.conn)?;
    let found: Vec<ProviderProfile> = named.into_iter().map(read).collect();
    Ok(Items::of(found, page, |profile| {
        let id = profile.provider_id;
        match order {
            ProviderOrder::Registered | ProviderOrder::Newest => cursor(order, id),
            ProviderOrder::Name => cursor(order, (&profile.name, id)),
            ProviderOrder::Insurance => {
                let expires_on = profile.insurance.as_ref().map(|insurance| insurance.expires_on);
                cursor(order, (expires_on, id))
            }
        }
    }))
}

/// The names of providers.
pub fn names(tx: &mut Tx<'_>, ids: &[OrganisationId]) -> Result<HashMap<OrganisationId, String>> {
    let named: Vec<(OrganisationId, String)> = organisations::table
        .filter(organisations::id.eq_any(ids.to_vec()))
        .select((organisations::id, organisations::name))
        .load(tx.conn)?;
    Ok(named.into_iter().collect())
}

/// A provider's insurance, as told last.
pub fn insurance(tx: &mut Tx<'_>, provider: OrganisationId) -> Result<Option<Insurance>> {
    let row: Option<ProfileRow> = provider_profiles::table
        .find(provider)
        .select(ProfileRow::as_select())
        .first(tx.conn)
        .optional()?;
    Ok(row.and_then(|row| {
        insured(
            row.insurance_policy_number,
            row.insurance_cover,
            row.insurance_expires_on,
        )
    }))
}

/// [`insurance`], taken for writing: it is not told anew before the caller is done.
pub fn lock_insurance(tx: &mut Tx<'_>, provider: OrganisationId) -> Result<Option<Insurance>> {
    diesel::update(provider_profiles::table.find(provider))
        .set(provider_profiles::version.eq(provider_profiles::version))
        .execute(tx.conn)?;
    insurance(tx, provider)
}

/// Keeps a changed profile as the version after the one that it was read as, and answers it so.
pub fn update_profile(tx: &mut Tx<'_>, profile: ProviderProfile) -> Result<ProviderProfile> {
    let read = profile.version;
    let after = ProviderProfile {
        version: read + 1,
        ..profile
    };
    let insurance = after.insurance.clone();
    let row = ProfileRow {
        provider_id: after.provider_id,
        about: after.about.clone(),
        website: after.website.clone(),
        telephone: after.telephone.clone(),
        insurance_cover: insurance.as_ref().map(|insurance| insurance.cover),
        insurance_expires_on: insurance.as_ref().map(|insurance| insurance.expires_on),
        insurance_policy_number: insurance.map(|insurance| insurance.policy_number),
        version: after.version,
    };
    if read == 0 {
        let insert = diesel::insert_into(provider_profiles::table)
            .values(row)
            .execute(tx.conn);
        unless_taken(insert, || Error::Stale)?;
    } else {
        let of = provider_profiles::table
            .find(after.provider_id)
            .filter(provider_profiles::version.eq(read));
        one_row(diesel::update(of).set(row).execute(tx.conn)?)?;
    }
    Ok(after)
}

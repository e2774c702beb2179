//! What providers say of themselves, beside their name and numbers, which stand with the organisation.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::access::OrganisationKind;
use crate::accounts::rules::OrganisationState;
use crate::db::schema::{organisations, provider_profiles};
use crate::db::{Tx, one_row, unless_taken};
use crate::error::{Error, Result};
use crate::ids::OrganisationId;
use crate::providers::rules::{Insurance, ProviderProfile};
use crate::values::{CharityNumber, CompanyNumber, Money};
use crate::web::Page;

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

/// Which providers are listed.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProviderFilter {
    /// Only the provider with this company number.
    pub company_number: Option<CompanyNumber>,
    /// Only the provider with this charity number.
    pub charity_number: Option<CharityNumber>,
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

/// Active providers in the order they registered; of `only` alone where it is given.
pub fn profiles_page(
    tx: &mut Tx<'_>,
    only: Option<OrganisationId>,
    filter: &ProviderFilter,
    page: &Page,
) -> Result<Vec<ProviderProfile>> {
    let mut query = organisations::table
        .left_join(provider_profiles::table)
        .filter(organisations::kind.eq(OrganisationKind::Provider))
        .filter(organisations::state.eq(OrganisationState::Active))
        .into_boxed();
    if let Some(only) = only {
        query = query.filter(organisations::id.eq(only));
    }
    if let Some(number) = &filter.company_number {
        query = query.filter(organisations::company_number.eq(number.clone()));
    }
    if let Some(number) = &filter.charity_number {
        query = query.filter(organisations::charity_number.eq(number.clone()));
    }
    if let Some(after) = page.after::<OrganisationId>()? {
        query = query.filter(organisations::id.gt(after));
    }
    let named: Vec<Named> = query
        .order(organisations::id)
        .limit(page.fetch())
        .select((
            organisations::id,
            organisations::name,
            organisations::company_number,
            organisations::charity_number,
            Option::<ProfileRow>::as_select(),
        ))
        .load(tx.conn)?;
    Ok(named.into_iter().map(read).collect())
}

diesel::define_sql_function! {
    /// In small letters.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

/// Active providers by name, those alone whose name has this in it; `only` where it is given.
pub fn profiles_by_name(
    tx: &mut Tx<'_>,
    only: Option<OrganisationId>,
    name: Option<&str>,
    page: &Page,
) -> Result<Vec<ProviderProfile>> {
    let mut query = organisations::table
        .left_join(provider_profiles::table)
        .filter(organisations::kind.eq(OrganisationKind::Provider))
        .filter(organisations::state.eq(OrganisationState::Active))
        .into_boxed();
    if let Some(only) = only {
        query = query.filter(organisations::id.eq(only));
    }
    if let Some(name) = name {
        let plain = name
            .to_lowercase()
            .replace('\\', "\\\\")
            .replace('%', "\\%")
            .replace('_', "\\_");
        query = query.filter(lower(organisations::name).like(format!("%{plain}%")).escape('\\'));
    }
    if let Some(after) = page.after::<OrganisationId>()? {
        let last = names(tx, &[after])?.remove(&after).unwrap_or_default();
        query = query.filter(
            organisations::name
                .gt(last.clone())
                .or(organisations::name.eq(last).and(organisations::id.gt(after))),
        );
    }
    let named: Vec<Named> = query
        .order((organisations::name, organisations::id))
        .limit(page.fetch())
        .select((
            organisations::id,
            organisations::name,
            organisations::company_number,
            organisations::charity_number,
            Option::<ProfileRow>::as_select(),
        ))
        .load(tx.conn)?;
    Ok(named.into_iter().map(read).collect())
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

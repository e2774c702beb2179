//! Who has accepted which contract version.

use std::collections::HashSet;

use diesel::prelude::*;

use crate::clock::Instant;
use crate::db::schema::contract_acceptances;
use crate::db::{Both, Tx};
use crate::error::Result;
use crate::ids::{AcceptanceId, ContractVersionId, OrganisationId, PersonId};

/// Notes that a person accepted a contract version for their provider; answers whether nobody had before.
pub fn accept(tx: &mut Tx<'_>, provider: OrganisationId, version: ContractVersionId, person: PersonId) -> Result<bool> {
    let statement = diesel::insert_into(contract_acceptances::table)
        .values((
            contract_acceptances::id.eq(AcceptanceId::new(tx.now)),
            contract_acceptances::provider_id.eq(provider),
            contract_acceptances::contract_version_id.eq(version),
            contract_acceptances::accepted_by.eq(person),
            contract_acceptances::accepted_at.eq(tx.now),
        ))
        .on_conflict((
            contract_acceptances::provider_id,
            contract_acceptances::contract_version_id,
        ))
        .do_nothing();
    Ok(Both(statement).execute(tx.conn)? == 1)
}

/// Whether a provider has accepted a contract version.
pub fn has_accepted(tx: &mut Tx<'_>, provider: OrganisationId, version: ContractVersionId) -> Result<bool> {
    let found = contract_acceptances::table
        .filter(contract_acceptances::provider_id.eq(provider))
        .filter(contract_acceptances::contract_version_id.eq(version));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(tx.conn)?)
}

/// The providers that have accepted a contract version, each with who did and when.
pub fn acceptances_of(tx: &mut Tx<'_>, version: ContractVersionId) -> Result<Vec<(OrganisationId, PersonId, Instant)>> {
    Ok(contract_acceptances::table
        .filter(contract_acceptances::contract_version_id.eq(version))
        .select((
            contract_acceptances::provider_id,
            contract_acceptances::accepted_by,
            contract_acceptances::accepted_at,
        ))
        .load(tx.conn)?)
}

/// Which of these contract versions which of these providers have accepted.
pub fn accepted_by(
    tx: &mut Tx<'_>,
    providers: &[OrganisationId],
    versions: &[ContractVersionId],
) -> Result<HashSet<(OrganisationId, ContractVersionId)>> {
    let pairs: Vec<_> = contract_acceptances::table
        .filter(contract_acceptances::provider_id.eq_any(providers.to_vec()))
        .filter(contract_acceptances::contract_version_id.eq_any(versions.to_vec()))
        .select((
            contract_acceptances::provider_id,
            contract_acceptances::contract_version_id,
        ))
        .load(tx.conn)?;
    Ok(pairs.into_iter().collect())
}

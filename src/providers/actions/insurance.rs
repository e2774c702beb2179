//! Telling insurance, and reminding of its end.

use chrono::Duration;
use serde_json::json;

use crate::access::{Actor, Permission, Who};
use crate::audit::Act;
use crate::db::{Tx, unless_stale};
use crate::error::{Error, Result};
use crate::ids::OrganisationId;
use crate::outbox::Event;
use crate::providers::rules::{Insurance, ProviderProfile, REMINDER_DAYS, expired_on, reminder_due};
use crate::providers::store;

/// Tells a provider's insurance anew. Admissions that were suspended because it had run out are in force again.
pub fn insure(
    tx: &mut Tx<'_>,
    actor: &Actor,
    provider: OrganisationId,
    insurance: Insurance,
    if_match: Option<i64>,
) -> Result<ProviderProfile> {
    actor.must(Permission::ManageProvider)?;
    let before = super::profiles::own(tx, actor, provider)?;
    unless_stale(before.version, if_match)?;
    let today = tx.now.date_in_uk();
    if insurance.expires_on <= today {
        return Err(Error::field("expires_on", "range", "must be after today"));
    }
    let lapsed = before
        .insurance
        .as_ref()
        .is_some_and(|insurance| expired_on(insurance.expires_on, today));
    let after = tell(tx, provider, insurance)?;
    let act = Act::on("provider", provider).did("provider.insure");
    let act = act
        .before(json!({"insurance": before.insurance}))
        .after(json!({"insurance": after.insurance}));
    tx.record(Who::Person(actor), act);
    tx.emit(Event::InsuranceRenewed {
        provider_id: provider,
        by: actor.person_id,
        lapsed,
    })?;
    Ok(after)
}

/// Keeps what was told last of a provider's insurance, for its profile and every admission of it.
pub(super) fn tell(tx: &mut Tx<'_>, provider: OrganisationId, insurance: Insurance) -> Result<ProviderProfile> {
    let profile = store::profile(tx, provider)?.ok_or(Error::NotFound("provider"))?;
    let expires_on = insurance.expires_on;
    // The profile first: whoever is admitting the provider just now holds it, and their admissions are seen once they let go.
    let told = ProviderProfile {
        insurance: Some(insurance),
        ..profile
    };
    let told = store::update_profile(tx, told)?;
    store::insure_admissions(tx, provider, expires_on)?;
    Ok(told)
}

/// How long after insurance has run out a worker that was away still tells it.
const DAYS_TOLD_AFTER: i64 = 30;

/// Reminds providers whose insurance is about to run out, and tells that it has. Each reminder is told once however often
/// this is called; nothing hangs on it, for the suspension counts by date alone.
pub fn remind_of_expiry(tx: &mut Tx<'_>) -> Result<()> {
    let today = tx.now.date_in_uk();
    let first_reminder = Duration::days(REMINDER_DAYS[0]);
    let mut due = Vec::new();
    for (provider_id, expires_on) in
        store::expiring(tx, today - Duration::days(DAYS_TOLD_AFTER), today + first_reminder)?
    {
        if expired_on(expires_on, today) {
            let key = format!("insurance-expired:{provider_id}:{expires_on}");
            due.push((Event::InsuranceExpired { provider_id }, key));
        } else if let Some(reminder) = reminder_due(expires_on, today) {
            let key = format!("insurance-expiring:{provider_id}:{expires_on}:{reminder}");
            let days = (expires_on - today).num_days();
            due.push((Event::InsuranceExpiring { provider_id, days }, key));
        }
    }
    tx.emit_once(&due).map(drop)
}

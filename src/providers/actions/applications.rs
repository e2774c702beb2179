//! Writing, submitting, judging, returning, deciding and withdrawing applications.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::access::{Actor, Permission, Who};
use crate::audit::{self, Act};
use crate::db::{Tx, unless_stale};
use crate::error::{Error, Result};
use crate::frameworks::{self, Standard};
use crate::ids::{AdmissionId, ApplicationId, FrameworkId, LotId, OrganisationId};
use crate::outbox::Event;
use crate::providers::rules::{
    Admission, AdmissionState, Application, ApplicationContent, ApplicationState, Asked, Decisions, NewApplication,
    NewFindings, Offered, not_admitted_yet,
};
use crate::providers::store::{self, Scope};

/// An application, for whoever may know of it: its provider, and once submitted the framework's cooperative.
pub fn application_seen_by(tx: &mut Tx<'_>, actor: &Actor, id: ApplicationId) -> Result<Application> {
    actor.must(Permission::ReadApplications)?;
    let scope = Scope::of(tx, actor)?;
    store::seen_application(tx, &scope, id)?.ok_or(Error::NotFound("application"))
}

/// The application, within the actor's scope, taken for writing.
fn taken(tx: &mut Tx<'_>, actor: &Actor, id: ApplicationId, if_match: Option<i64>) -> Result<Application> {
    let scope = Scope::of(tx, actor)?;
    let application = store::lock_application(tx, &scope, id)?.ok_or(Error::NotFound("application"))?;
    unless_stale(application.version, if_match)?;
    Ok(application)
}

/// Begins an application to an open framework.
pub fn apply(tx: &mut Tx<'_>, actor: &Actor, framework_id: FrameworkId, new: NewApplication) -> Result<Application> {
    actor.must(Permission::WriteApplications)?;
    let framework = frameworks::actions::framework_seen_by(tx, actor, framework_id)?;
    framework.may_apply(tx.now.date_in_uk())?;
    let lots = frameworks::store::lots(tx, framework_id)?;
    let wanted = new.lot_ids.clone();
    let application = new.draft(ApplicationId::new(tx.now), framework_id, actor.organisation_id, &lots)?;
    not_admitted_yet(&wanted, &admitted_lots(tx, actor.organisation_id, framework_id)?)?;
    store::insert_application(tx, &application, actor.person_id)?;
    let act = Act::on("application", application.id)
        .did("application.create")
        .after(told(&application));
    tx.record(Who::Person(actor), act);
    Ok(application)
}

fn admitted_lots(tx: &mut Tx<'_>, provider: OrganisationId, framework: FrameworkId) -> Result<HashSet<LotId>> {
    let live = store::live_admissions(tx, framework, Some(provider))?;
    Ok(live.into_iter().map(|admission| admission.lot_id).collect())
}

/// Replaces the content of a draft, or of an application that was returned.
pub fn rewrite(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: ApplicationId,
    content: ApplicationContent,
    if_match: Option<i64>,
) -> Result<Application> {
    actor.must(Permission::WriteApplications)?;
    let before = taken(tx, actor, id, if_match)?;
    let lots = frameworks::store::lots(tx, before.framework_id)?;
    let standards = frameworks::store::standards(tx, before.framework_id)?;
    let contract_versions = frameworks::store::contract_versions(tx, before.framework_id)?;
    let offered = Offered {
        lots: &lots,
        standards: &standards,
        contract_versions: &contract_versions,
    };
    let wanted = content.lot_ids.clone();
    let after = before.clone().rewritten(content, offered)?;
    not_admitted_yet(&wanted, &admitted_lots(tx, before.provider_id, before.framework_id)?)?;
    let after = store::update_application(tx, after, None)?;
    let act = Act::on("application", id)
        .did("application.rewrite")
        .before(told(&before))
        .after(told(&after));
    tx.record(Who::Person(actor), act);
    Ok(after)
}

/// Submits an application, which accepts the contract version and tells the insurance for every admission of the provider.
/// What was returned may come back after the window for applications has closed, as long as the framework is open.
pub fn submit(tx: &mut Tx<'_>, actor: &Actor, id: ApplicationId, if_match: Option<i64>) -> Result<Application> {
    actor.must(Permission::WriteApplications)?;
    let before = taken(tx, actor, id, if_match)?;
    let today = tx.now.date_in_uk();
    if before.is_editable() {
        let framework = frameworks::store::framework(tx, before.framework_id)?.ok_or(Error::NotFound("framework"))?;
        match before.state {
            ApplicationState::Returned => framework.must_be_open()?,
            _ => framework.may_apply(today)?,
        }
    }
    let standards = frameworks::store::standards(tx, before.framework_id)?;
    let contract = frameworks::store::contract_to_accept(tx, before.framework_id, today)?;
    let asked = Asked {
        standards: &standards,
        contract: contract.as_ref(),
    };
    let after = before.submit(asked, actor.person_id, tx.now)?;
    let after = store::update_application(tx, after, None)?;
    if let Some(version) = after.accepted_contract_version_id {
        store::accept(tx, after.provider_id, version, actor.person_id)?;
    }
    if let Some(insurance) = after.insurance.clone() {
        super::insurance::tell(tx, after.provider_id, insurance)?;
    }
    tx.record(
        Who::Person(actor),
        Act::on("application", id).did("application.submit").after(told(&after)),
    );
    tx.emit(Event::ApplicationSubmitted { application_id: id })?;
    Ok(after)
}

/// Gives a submitted application back to its provider, for a reason.
pub fn give_back(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: ApplicationId,
    reason: String,
    if_match: Option<i64>,
) -> Result<Application> {
    actor.must(Permission::DecideApplications)?;
    let after = taken(tx, actor, id, if_match)?.give_back(reason)?;
    let after = store::update_application(tx, after, None)?;
    let said = json!({"state": after.state, "reason": after.returned_reason});
    tx.record(
        Who::Person(actor),
        Act::on("application", id).did("application.return").after(said),
    );
    tx.emit(Event::ApplicationReturned { application_id: id })?;
    Ok(after)
}

/// Notes what the cooperative finds of a submitted application, standard by standard.
pub fn record_findings(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: ApplicationId,
    findings: NewFindings,
    if_match: Option<i64>,
) -> Result<Application> {
    actor.must(Permission::DecideApplications)?;
    let before = taken(tx, actor, id, if_match)?;
    let standards = frameworks::store::standards(tx, before.framework_id)?;
    let after = before.clone().found(findings, actor.person_id, tx.now)?;
    let after = store::update_application(tx, after, None)?;
    let act = Act::on("application", id)
        .did("application.record_findings")
        .before(found(&before, &standards))
        .after(found(&after, &standards));
    tx.record(Who::Person(actor), act);
    Ok(after)
}

/// What was found of each standard, by its code.
fn found(application: &Application, standards: &[Standard]) -> Value {
    let of = |standard: &Standard| {
        let finding = application.finding(standard.id)?;
        let said = json!({"outcome": finding.outcome, "note": finding.note});
        Some((standard.code.clone(), said))
    };
    json!({"standards": standards.iter().filter_map(of).collect::<Map<_, _>>()})
}

/// Decides a submitted application, every lot at once. The provider is admitted to the lots that say so, under a framework
/// that is not closed.
pub fn decide(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: ApplicationId,
    decisions: Decisions,
    if_match: Option<i64>,
) -> Result<Application> {
    actor.must(Permission::DecideApplications)?;
    let before = taken(tx, actor, id, if_match)?;
    let (provider_id, framework_id) = (before.provider_id, before.framework_id);
    let standards = frameworks::store::standards(tx, framework_id)?;
    let after = before.decide(decisions, &standards, tx.now)?;
    let admitted: Vec<LotId> = after.admitted_lots().collect();
    if !admitted.is_empty() {
        let framework = frameworks::store::framework(tx, framework_id)?.ok_or(Error::NotFound("framework"))?;
        framework.still_changes()?;
    }
    let after = store::update_application(tx, after, Some(actor.person_id))?;
    let insurance_expires_on = store::lock_insurance(tx, provider_id)?
        .ok_or_else(|| Error::internal("who submits an application tells of insurance"))?
        .expires_on;
    let admissions: Vec<Admission> = admitted
        .into_iter()
        .map(|lot_id| Admission {
            id: AdmissionId::new(tx.now),
            provider_id,
            framework_id,
            lot_id,
            application_id: id,
            state: AdmissionState::Admitted,
            reason: None,
            suspended_until: None,
            insurance_expires_on,
            admitted_at: tx.now,
            version: 1,
        })
        .collect();
    store::insert_admissions(tx, &admissions, actor.person_id)?;
    let said = json!({"provider_id": provider_id, "framework_id": framework_id, "lots": after.lots});
    tx.record(
        Who::Person(actor),
        Act::on("application", id).did("application.decide").after(said),
    );
    tx.emit(Event::ApplicationDecided { application_id: id })?;
    Ok(after)
}

/// Takes an application back before it is decided. The cooperative is told where it had it before it.
pub fn withdraw(tx: &mut Tx<'_>, actor: &Actor, id: ApplicationId, if_match: Option<i64>) -> Result<Application> {
    actor.must(Permission::WriteApplications)?;
    let before = taken(tx, actor, id, if_match)?;
    let after = store::update_application(tx, before.clone().withdraw()?, None)?;
    let act = Act::on("application", id).did("application.withdraw");
    tx.record(
        Who::Person(actor),
        act.before(json!({"state": before.state}))
            .after(json!({"state": after.state})),
    );
    if after.submitted_at.is_some() {
        tx.emit(Event::ApplicationWithdrawn { application_id: id })?;
    }
    Ok(after)
}

/// What the audit log keeps of an application: its statements as hashes.
fn told(application: &Application) -> Value {
    let answers = application
        .answers
        .iter()
        .map(|answer| json!({"standard_id": answer.standard_id, "statement": audit::hashed(&answer.statement)}));
    json!({
        "framework_id": application.framework_id, "state": application.state,
        "lot_ids": application.lot_ids().collect::<Vec<_>>(), "answers": answers.collect::<Vec<_>>(),
        "no_exclusion_grounds": application.no_exclusion_grounds, "insurance": application.insurance,
        "accepted_contract_version_id": application.accepted_contract_version_id,
        "decision_due_on": application.decision_due_on,
    })
}

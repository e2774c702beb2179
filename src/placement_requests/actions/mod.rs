//! What is done to placement requests: one function a verb, each checked, recorded and told. Publishing needs the matches and so
//! stands in [`crate::matching::actions`].

mod questions;
mod screened;

use serde_json::json;

pub use questions::{answer, ask};
pub use screened::{Fields, keep_request_confirmations, let_stand, must_not_identify, screen_request, screen_texts};

use super::confidential::ConfidentialKey;
use super::rules::{
    Confidential, Criterion, Ending, NewDeadline, NewOrigin, NewPlacementRequest, Origin, PlacementRequest,
    RequestRefused, RequestState, Task,
};
use super::store::{self, Extension, Scope};
use crate::access::{Actor, OrganisationKind, Permission, Who};
use crate::accounts;
use crate::audit::Act;
use crate::db::{Tx, unless_stale};
use crate::error::{Error, Result};
use crate::frameworks::{self, Framework, Lot};
use crate::ids::{FrameworkId, LotId, PersonId, PlacementRequestId};
use crate::outbox::Event;
use crate::reference;
use crate::values::CodeSet;

/// What a person's organisation may see of requests.
pub fn scope_of(actor: &Actor) -> Scope {
    match actor.organisation_kind {
        OrganisationKind::Authority => Scope::Authority(actor.organisation_id),
        OrganisationKind::Provider => Scope::Provider(actor.organisation_id),
        OrganisationKind::Cooperative => Scope::Cooperative(actor.organisation_id),
    }
}

/// A request, for whoever may know of it: its authority always; once published, the providers admitted to its lot and the
/// framework's cooperative.
pub fn seen_by(tx: &mut Tx<'_>, actor: &Actor, id: PlacementRequestId) -> Result<PlacementRequest> {
    actor.must(Permission::ReadRequests)?;
    store::seen_request(tx, scope_of(actor), id)?.ok_or(Error::NotFound("placement request"))
}

/// The actor's own authority's request, taken for writing.
pub fn own(tx: &mut Tx<'_>, actor: &Actor, id: PlacementRequestId) -> Result<PlacementRequest> {
    let request = store::lock(tx, id)?;
    if request.authority_id == actor.organisation_id {
        Ok(request)
    } else {
        Err(Error::NotFound("placement request"))
    }
}

/// The framework that an authority may call off on this day, and why not: closed, out of its term, or run by a cooperative that
/// the authority is no member of.
pub fn call_off(tx: &mut Tx<'_>, request: &PlacementRequest) -> Result<(Framework, Lot)> {
    let today = tx.now.date_in_uk();
    let framework = frameworks::store::framework(tx, request.framework_id)?.ok_or(Error::NotFound("framework"))?;
    let lot = frameworks::store::lot(tx, request.lot_id)?.ok_or(Error::NotFound("lot"))?;
    framework.may_call_off(today)?;
    if !accounts::store::is_member(tx, framework.cooperative_id, request.authority_id, today)? {
        return Err(RequestRefused::NotMember.into());
    }
    Ok((framework, lot))
}

/// Writes a new draft, of which everything is said.
pub fn create(
    tx: &mut Tx<'_>,
    actor: &Actor,
    key: &ConfidentialKey,
    new: NewPlacementRequest,
) -> Result<PlacementRequest> {
    begin(tx, actor, key, new, CodeSet::all())
}

/// Writes a new draft of which these tasks are answered by now.
pub fn begin(
    tx: &mut Tx<'_>,
    actor: &Actor,
    key: &ConfidentialKey,
    new: NewPlacementRequest,
    answered: CodeSet<Task>,
) -> Result<PlacementRequest> {
    actor.must(Permission::WriteRequests)?;
    let id = PlacementRequestId::new(tx.now);
    must_be_callable(tx, actor, new.framework_id, new.lot_id)?;
    let origin = locate(tx, &new.origin)?;
    let details = Confidential {
        postcode: new.origin.postcode.clone(),
        names: new.names_to_screen.clone().unwrap_or_default(),
    };
    let (request, criteria) = new.draft(id, actor.organisation_id, actor.person_id, origin, tx.now);
    let request = PlacementRequest { answered, ..request };
    store::insert(tx, request.clone())?;
    keep_details(tx, key, &request, &criteria, &details)?;
    let act = Act::on("placement_request", id).did("request.create").after(
        json!({ "reference": request.reference, "framework_id": request.framework_id, "lot_id": request.lot_id }),
    );
    tx.record(Who::Person(actor), act);
    Ok(request)
}

/// Writes a draft anew, whole.
pub fn revise(
    tx: &mut Tx<'_>,
    actor: &Actor,
    key: &ConfidentialKey,
    id: PlacementRequestId,
    new: NewPlacementRequest,
    if_match: Option<i64>,
) -> Result<PlacementRequest> {
    rewrite(tx, actor, key, id, None, new, if_match)
}

/// Writes a draft anew with one of its tasks answered.
pub fn answer_task(
    tx: &mut Tx<'_>,
    actor: &Actor,
    key: &ConfidentialKey,
    id: PlacementRequestId,
    task: Task,
    new: NewPlacementRequest,
    if_match: Option<i64>,
) -> Result<PlacementRequest> {
    rewrite(tx, actor, key, id, Some(task), new, if_match)
}

/// Writes a draft anew: one task of it, or all.
fn rewrite(
    tx: &mut Tx<'_>,
    actor: &Actor,
    key: &ConfidentialKey,
    id: PlacementRequestId,
    task: Option<Task>,
    new: NewPlacementRequest,
    if_match: Option<i64>,
) -> Result<PlacementRequest> {
    actor.must(Permission::WriteRequests)?;
    let before = own(tx, actor, id)?;
    unless_stale(before.version, if_match)?;
    before.must_be_draft(tx.now)?;
    must_be_callable(tx, actor, new.framework_id, new.lot_id)?;
    let origin = locate(tx, &new.origin)?;
    let names = match new.names_to_screen.clone() {
        Some(names) => names,
        None => details(tx, key, id)?.names,
    };
    let details = Confidential {
        postcode: new.origin.postcode.clone(),
        names,
    };
    let answering = task.map_or_else(CodeSet::all, |task| CodeSet::from([task]));
    let (request, criteria) = before.revised(new, origin, answering, tx.now)?;
    let request = store::update(tx, request)?;
    keep_details(tx, key, &request, &criteria, &details)?;
    let act = Act::on("placement_request", id)
        .did("request.revise")
        .after(json!({ "framework_id": request.framework_id, "lot_id": request.lot_id, "version": request.version, "task": task }));
    tx.record(Who::Person(actor), act);
    Ok(request)
}

/// Puts the deadline later.
pub fn extend(
    tx: &mut Tx<'_>,
    actor: &Actor,
    key: &ConfidentialKey,
    id: PlacementRequestId,
    deadline: NewDeadline,
    if_match: Option<i64>,
) -> Result<PlacementRequest> {
    actor.must(Permission::WriteRequests)?;
    let before = own(tx, actor, id)?;
    unless_stale(before.version, if_match)?;
    deadline.must_be_near(tx.now)?;
    must_not_identify(tx, key, id, &[("reason", &deadline.reason)])?;
    let previously_closing_at = before.bids_close_at;
    let request = store::update(tx, before.extended(&deadline, tx.now)?)?;
    let extension = Extension {
        previously_closing_at,
        bids_close_at: request.bids_close_at,
        reason: deadline.reason,
        extended_at: tx.now,
    };
    store::insert_extension(tx, id, actor.person_id, &extension)?;
    tx.emit(Event::RequestExtended { request_id: id })?;
    let act = Act::on("placement_request", id)
        .did("request.extend")
        .before(json!({ "bids_close_at": previously_closing_at }))
        .after(json!({ "bids_close_at": request.bids_close_at, "questions_close_at": request.questions_close_at, "reason": extension.reason }));
    tx.record(Who::Person(actor), act);
    Ok(request)
}

/// Withdraws a request. A step of [`crate::awards::actions::withdraw_request`], which asks whether an award stands against it.
pub fn withdraw(
    tx: &mut Tx<'_>,
    actor: &Actor,
    key: &ConfidentialKey,
    id: PlacementRequestId,
    ending: Ending,
    if_match: Option<i64>,
) -> Result<PlacementRequest> {
    actor.must(Permission::WriteRequests)?;
    let before = own(tx, actor, id)?;
    unless_stale(before.version, if_match)?;
    must_not_identify(tx, key, id, &[("reason", &ending.reason)])?;
    let (was, reason) = (before.state, ending.reason.clone());
    let request = store::update(tx, before.withdrawn(ending.reason, tx.now)?)?;
    if request.is_public() {
        tx.emit(Event::RequestWithdrawn { request_id: id })?;
    }
    let act = Act::on("placement_request", id)
        .did("request.withdraw")
        .before(json!({ "state": was }))
        .after(json!({ "state": request.state, "reason": reason }));
    tx.record(Who::Person(actor), act);
    Ok(request)
}

/// Ends a request without a home, after its deadline. A step of [`crate::awards::actions::end_unfilled`], which asks whether an award
/// stands against it.
pub fn mark_unfilled(
    tx: &mut Tx<'_>,
    actor: &Actor,
    key: &ConfidentialKey,
    id: PlacementRequestId,
    ending: Ending,
    if_match: Option<i64>,
) -> Result<PlacementRequest> {
    actor.must(Permission::WriteRequests)?;
    let before = own(tx, actor, id)?;
    unless_stale(before.version, if_match)?;
    must_not_identify(tx, key, id, &[("reason", &ending.reason)])?;
    let (was, reason) = (before.state, ending.reason.clone());
    let request = store::update(tx, before.unfilled(ending.reason, tx.now)?)?;
    tx.emit(Event::RequestUnfilled { request_id: id })?;
    let act = Act::on("placement_request", id)
        .did("request.mark_unfilled")
        .before(json!({ "state": was }))
        .after(json!({ "state": request.state, "reason": reason }));
    tx.record(Who::Person(actor), act);
    Ok(request)
}

/// Notes that the bids were opened. A step of the opening, which records and tells it.
pub fn mark_opened(tx: &mut Tx<'_>, id: PlacementRequestId, by: PersonId) -> Result<PlacementRequest> {
    let opened = store::lock(tx, id)?.opened(by, tx.now)?;
    store::update(tx, opened)
}

/// Notes that the request is awarded. A step of the award, which records and tells it.
pub fn mark_awarded(tx: &mut Tx<'_>, id: PlacementRequestId) -> Result<PlacementRequest> {
    let awarded = store::lock(tx, id)?.awarded(tx.now)?;
    store::update(tx, awarded)
}

/// Puts the request back to where it stood before an award that fell through. A step of that.
pub fn award_fell_through(tx: &mut Tx<'_>, id: PlacementRequestId) -> Result<PlacementRequest> {
    let again = store::lock(tx, id)?.without_award(tx.now)?;
    store::update(tx, again)
}

/// Notes that the request is answered for good, if it isn't noted already. A step of the placement's start, or of its end before
/// that.
pub fn mark_completed(tx: &mut Tx<'_>, id: PlacementRequestId) -> Result<PlacementRequest> {
    let request = store::lock(tx, id)?;
    if request.state == RequestState::Completed {
        return Ok(request);
    }
    let completed = request.completed(tx.now)?;
    store::update(tx, completed)
}

/// The confidential details of a request. Whoever calls answers for whom they are shown to.
pub fn details(tx: &mut Tx<'_>, key: &ConfidentialKey, id: PlacementRequestId) -> Result<Confidential> {
    match store::confidential(tx, id)? {
        Some(sealed) => key.open(id, &sealed),
        None => Ok(Confidential::default()),
    }
}

fn keep_details(
    tx: &mut Tx<'_>,
    key: &ConfidentialKey,
    request: &PlacementRequest,
    criteria: &[Criterion],
    details: &Confidential,
) -> Result<()> {
    store::replace_criteria(tx, request.id, criteria)?;
    store::set_confidential(tx, request.id, &key.seal(request.id, details)?)
}

/// A draft must name a framework of a cooperative that the authority is a member of, and a lot of it. Whether the framework is open
/// is asked on publishing.
fn must_be_callable(tx: &mut Tx<'_>, actor: &Actor, framework_id: FrameworkId, lot_id: LotId) -> Result<()> {
    let today = tx.now.date_in_uk();
    let framework = match frameworks::store::framework(tx, framework_id)?.filter(|framework| !framework.is_draft()) {
        Some(framework) if accounts::store::is_member(tx, framework.cooperative_id, actor.organisation_id, today)? => {
            framework
        }
        _ => {
            return Err(Error::field(
                "framework_id",
                "framework.unknown",
                "must be a framework that the authority may call off",
            ));
        }
    };
    match frameworks::store::lot(tx, lot_id)? {
        Some(lot) if lot.framework_id == framework.id => Ok(()),
        _ => Err(Error::field("lot_id", "lot.unknown", "must be a lot of the framework")),
    }
}

fn locate(tx: &mut Tx<'_>, origin: &NewOrigin) -> Result<Origin> {
    let (district, located) = match (&origin.postcode, &origin.district) {
        (Some(postcode), _) => (postcode.district(), reference::locate(tx, postcode)?),
        (None, Some(district)) => (district.clone(), reference::locate_district(district)),
        (None, None) => {
            return Err(Error::field(
                "origin.postcode",
                "required",
                "must be given, or a district",
            ));
        }
    };
    let located = located.ok_or_else(|| {
        let field = if origin.postcode.is_some() {
            "origin.postcode"
        } else {
            "origin.district"
        };
        Error::field(field, "postcode.unknown", "must lie in England")
    })?;
    Ok(Origin {
        district,
        grid: located.place.grid,
        precision: located.precision,
        local_authority: located.place.authority.gss_code.to_owned(),
    })
}

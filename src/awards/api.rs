//! Awards over HTTP.

use super::actions;
use super::input::{Approving, Doing, Ending, NewAward, NewDirectAward, Refusing};
use super::rules::{Award, AwardRefused, AwardStatus, EndingRefused};
use super::store::{self, DueNarrowed, DueOrder, Narrowed};
use super::telling;
use super::views::{AwardSummary, AwardView, DueItemView, LetterView};
use crate::access::{Actor, AuthorityUser, Permission, ProviderUser};
use crate::db::Tx;
use crate::error::Result;
use crate::ids::{AwardId, DueItemId, PlacementRequestId};
use crate::placement_requests::ConfidentialKey;
use crate::placement_requests::api::{RequestView, TAG, answer as request_answer};
use crate::placement_requests::rules::Ending as RequestEnding;
use crate::web::{Answer, Body, Door, Id, Items, NoBody, Page, Query, Reply, Routes};
use serde::Deserialize;
use utoipa::IntoParams;

/// Registers the calls of this slice.
pub fn routes(r: &mut Routes) {
    request_ends(r);
    r.tag(
        "awards",
        "Awards: the decision, its approvals, the standstill, the letters, and what is due because of it.",
    );
    r.post("/placement-requests/{id}/awards", propose)
        .summary("Propose the award to a bid")
        .description(
            "The bid must be compliant and every compliant bid scored. A bid that is not alone at the first rank needs a reason. \
             The answer names the approvals that the award needs; with none it is approved at once.",
        )
        .may(Permission::ProposeAwards)
        .body::<NewAward>()
        .answers::<AwardView>(201)
        .refuses(AwardRefused::CODES);
    r.post("/direct-awards", propose_direct)
        .summary("Propose a direct award, without a competition")
        .description(
            "For a request that is a draft, or whose competition brought nothing. A spot purchase is made off the framework: \
             neither admission, contract nor ceiling of the lot bind it. A direct award always needs an approver.",
        )
        .may(Permission::ProposeAwards)
        .body::<NewDirectAward>()
        .answers::<AwardView>(201)
        .refuses(AwardRefused::CODES);
    r.get("/awards", list)
        .summary("List awards")
        .description("An authority sees its own, a provider those of which it was told.")
        .may(Permission::ReadAwards)
        .query::<AwardFilter>()
        .lists::<AwardSummary>();
    r.get("/awards/{id}", show)
        .summary("Read an award")
        .may(Permission::ReadAwards)
        .answers::<AwardView>(200);
    r.post("/awards/{id}/approve", approve)
        .summary("Approve an award")
        .description("Gives one kind of approval, or all that are waited for. The last one approves the award and begins its standstill. Where an approval takes the nominated officer or the director of children's services, approving declares to act as such; that is recorded and not checked.")
        .may(Permission::ApproveAwards)
        .optional_body::<Approving>()
        .answers::<AwardView>(200)
        .refuses(&[
            "award.wrong_state",
            "award.own_proposal",
            "award.approval_not_needed",
            "award.sheet_changed",
        ]);
    r.post("/awards/{id}/refuse", refuse)
        .summary("Refuse an award")
        .may(Permission::ApproveAwards)
        .body::<Refusing>()
        .answers::<AwardView>(200)
        .refuses(&["award.wrong_state", "award.own_proposal", "award.approval_not_needed"]);
    r.post("/awards/{id}/withdraw", withdraw)
        .summary("Withdraw an award that is not confirmed")
        .may(Permission::ProposeAwards)
        .body::<Ending>()
        .answers::<AwardView>(200)
        .refuses(&["award.wrong_state"]);
    r.post("/awards/{id}/confirm", confirm)
        .summary("Confirm an award, which takes the place")
        .description("All approvals must be there and the standstill over. Eligibility is checked again. The letters go out, unless they did when it began to stand still.")
        .may(Permission::ProposeAwards)
        .answers::<AwardView>(200)
        .refuses(&[
            "award.approval_missing",
            "award.standing_still",
            "award.sheet_changed",
            "award.not_eligible",
            "award.no_free_place",
            "award.request_not_ready",
            "award.wrong_state",
        ]);
    r.post("/awards/{id}/decline", decline)
        .summary("Decline an award for the provider")
        .description("The place is free again, and the authority may choose the next bid.")
        .may(Permission::AnswerAwards)
        .body::<Ending>()
        .answers::<AwardView>(200)
        .refuses(&["award.wrong_state"]);
    r.get("/awards/{id}/letters", letters)
        .summary("Read the letters of an award")
        .description("The authority reads them all: as a preview until they are sent, then as they were sent. A provider reads its own.")
        .may(Permission::ReadAwards)
        .lists::<LetterView>();
    r.get("/due-items", due_items)
        .summary("List what is due because of awards")
        .description("The notice to the authority of the area in which a child comes to live. Nothing is locked by it.")
        .may(Permission::ManageDueItems)
        .query::<DueFilter>()
        .lists::<DueItemView>();
    r.post("/due-items/{id}/done", due_item_done)
        .summary("Note that something due is done")
        .may(Permission::ManageDueItems)
        .optional_body::<Doing>()
        .answers::<DueItemView>(200);
}

/// The ends of a request, which an award may stand against.
fn request_ends(r: &mut Routes) {
    r.tag(TAG.0, TAG.1);
    r.post("/placement-requests/{id}/withdraw", withdraw_request)
        .summary("Withdraw a request")
        .description("Not as long as an award of it stands: withdraw the award first.")
        .may(Permission::WriteRequests)
        .body::<RequestEnding>()
        .answers::<RequestView>(200)
        .refuses(&["request.wrong_phase", "request.text_names_child"])
        .refuses(EndingRefused::CODES);
    r.post("/placement-requests/{id}/mark-unfilled", end_unfilled)
        .summary("End a request without a home, after its deadline")
        .description("Not as long as an award of it stands: withdraw the award first.")
        .may(Permission::WriteRequests)
        .body::<RequestEnding>()
        .answers::<RequestView>(200)
        .refuses(&["request.wrong_phase", "request.text_names_child"])
        .refuses(EndingRefused::CODES);
}

/// Which awards.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AwardFilter {
    /// Those of one request.
    placement_request_id: Option<PlacementRequestId>,
    /// Those that stand so now.
    status: Option<AwardStatus>,
    /// The order; `newest` when absent.
    #[param(inline)]
    sort: Option<store::AwardOrder>,
}

/// Which due items.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DueFilter {
    /// Only what is done, or only what is not.
    done: Option<bool>,
    /// The order; `due` when absent.
    #[param(inline)]
    sort: Option<DueOrder>,
}

fn view(tx: &mut Tx<'_>, actor: &Actor, award: Award) -> Result<AwardView> {
    let line = store::line(tx, award.id)?;
    let for_authority = actor.organisation_id == award.authority_id;
    Ok(AwardView::of(award, line, for_authority, tx.now))
}

fn answer(tx: &mut Tx<'_>, actor: &Actor, award: Award) -> Result<Answer> {
    let version = award.version;
    Ok(Answer::ok(view(tx, actor, award)?)?.version(version))
}

fn created(tx: &mut Tx<'_>, actor: &Actor, award: Award) -> Result<Answer> {
    let (id, version) = (award.id, award.version);
    Ok(Answer::created(format!("/awards/{id}"), view(tx, actor, award)?)?.version(version))
}

async fn withdraw_request(door: Door<AuthorityUser>, id: Id<PlacementRequestId>, body: Body<RequestEnding>) -> Reply {
    let (key, expected) = (ConfidentialKey::of(&door.app.secret), door.if_match()?);
    door.write(move |tx, actor| {
        let request = actions::withdraw_request(tx, actor, &key, *id, body.0, expected)?;
        request_answer(tx, actor, &key, request)
    })
    .await
}

async fn end_unfilled(door: Door<AuthorityUser>, id: Id<PlacementRequestId>, body: Body<RequestEnding>) -> Reply {
    let (key, expected) = (ConfidentialKey::of(&door.app.secret), door.if_match()?);
    door.write(move |tx, actor| {
        let request = actions::end_unfilled(tx, actor, &key, *id, body.0, expected)?;
        request_answer(tx, actor, &key, request)
    })
    .await
}

async fn propose(door: Door<AuthorityUser>, id: Id<PlacementRequestId>, body: Body<NewAward>) -> Reply {
    let key = ConfidentialKey::of(&door.app.secret);
    door.write(move |tx, actor| {
        let award = actions::propose(tx, actor, &key, *id, body.0)?;
        created(tx, actor, award)
    })
    .await
}

async fn propose_direct(door: Door<AuthorityUser>, body: Body<NewDirectAward>) -> Reply {
    door.write(move |tx, actor| {
        let award = actions::propose_direct(tx, actor, body.0)?;
        created(tx, actor, award)
    })
    .await
}

async fn list(door: Door<Actor>, filter: Query<AwardFilter>, page: Page) -> Reply {
    door.read(move |tx, actor| {
        let Some(scope) = actions::scope_of(actor) else {
            return Answer::ok(Items::<AwardSummary>::all(Vec::new()));
        };
        let narrowed = Narrowed {
            request: filter.placement_request_id,
            status: filter.status,
            sort: filter.sort,
            ..Narrowed::default()
        };
        let lines = store::list(tx, scope, &narrowed, &page)?;
        let now = tx.now;
        Answer::ok(lines.map(|line| AwardSummary::of(line, now)))
    })
    .await
}

async fn show(door: Door<Actor>, id: Id<AwardId>) -> Reply {
    door.read(move |tx, actor| {
        let award = actions::seen_by(tx, actor, *id)?;
        answer(tx, actor, award)
    })
    .await
}

async fn approve(door: Door<AuthorityUser>, id: Id<AwardId>, body: Body<Approving>) -> Reply {
    let expected = door.if_match()?;
    door.write(move |tx, actor| {
        let award = actions::approve(tx, actor, *id, &body, expected)?;
        answer(tx, actor, award)
    })
    .await
}

async fn refuse(door: Door<AuthorityUser>, id: Id<AwardId>, body: Body<Refusing>) -> Reply {
    let expected = door.if_match()?;
    door.write(move |tx, actor| {
        let award = actions::refuse(tx, actor, *id, &body, expected)?;
        answer(tx, actor, award)
    })
    .await
}

async fn withdraw(door: Door<AuthorityUser>, id: Id<AwardId>, body: Body<Ending>) -> Reply {
    let expected = door.if_match()?;
    door.write(move |tx, actor| {
        let award = actions::withdraw(tx, actor, *id, &body, expected)?;
        answer(tx, actor, award)
    })
    .await
}

async fn confirm(door: Door<AuthorityUser>, id: Id<AwardId>, _none: NoBody) -> Reply {
    let expected = door.if_match()?;
    door.write(move |tx, actor| {
        let award = actions::confirm(tx, actor, *id, expected)?;
        answer(tx, actor, award)
    })
    .await
}

async fn decline(door: Door<ProviderUser>, id: Id<AwardId>, body: Body<Ending>) -> Reply {
    let expected = door.if_match()?;
    door.write(move |tx, actor| {
        let award = actions::decline(tx, actor, *id, &body, expected)?;
        answer(tx, actor, award)
    })
    .await
}

async fn letters(door: Door<Actor>, id: Id<AwardId>) -> Reply {
    door.read(move |tx, actor| Answer::ok(Items::all(telling::letters_seen_by(tx, actor, *id)?)))
        .await
}

async fn due_items(door: Door<AuthorityUser>, filter: Query<DueFilter>, page: Page) -> Reply {
    door.read(move |tx, actor| {
        let narrowed = DueNarrowed {
            done: filter.done,
            sort: filter.sort,
            ..DueNarrowed::default()
        };
        let items = store::due_items_of_authority(tx, actor.organisation_id, &narrowed, &page)?;
        let today = tx.now.date_in_uk();
        Answer::ok(items.map(|(item, reference)| DueItemView::of(item, reference, today)))
    })
    .await
}

async fn due_item_done(door: Door<AuthorityUser>, id: Id<DueItemId>, body: Body<Doing>) -> Reply {
    let expected = door.if_match()?;
    door.write(move |tx, actor| {
        let item = actions::done(tx, actor, *id, body.0, expected)?;
        let line = store::line(tx, item.award_id)?;
        let version = item.version;
        Ok(Answer::ok(DueItemView::of(item, line.reference, tx.now.date_in_uk()))?.version(version))
    })
    .await
}

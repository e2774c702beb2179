//! The steps of an award: each with a page that says what happens with it.

use super::award::Told;
use crate::access::{Actor, AuthorityUser, Permission, ProviderUser};
use crate::awards::actions;
use crate::awards::input::{Approving, Ending, Refusing};
use crate::awards::rules::{ApprovalKind, Award, AwardRefused, AwardState, AwardStatus};
use crate::db::Tx;
use crate::error::Result;
use crate::ids::AwardId;
use crate::web::pages::{Choice, Desk, Form, Go, Html, PageDoor, Posted, Step};
use crate::web::{Id, Reply, Routes};

pub(super) fn routes(r: &mut Routes) {
    r.get("/awards/{id}/approve", show_approve)
        .may(Permission::ApproveAwards);
    r.post("/awards/{id}/approve", approve).may(Permission::ApproveAwards);
    r.get("/awards/{id}/refuse", show_refuse).may(Permission::ApproveAwards);
    r.post("/awards/{id}/refuse", refuse).may(Permission::ApproveAwards);
    r.get("/awards/{id}/confirm", show_confirm)
        .may(Permission::ProposeAwards);
    r.post("/awards/{id}/confirm", confirm).may(Permission::ProposeAwards);
    r.get("/awards/{id}/withdraw", show_withdraw)
        .may(Permission::ProposeAwards);
    r.post("/awards/{id}/withdraw", withdraw).may(Permission::ProposeAwards);
    r.get("/awards/{id}/decline", show_decline)
        .may(Permission::AnswerAwards);
    r.post("/awards/{id}/decline", decline).may(Permission::AnswerAwards);
}

fn path(id: AwardId, verb: &str) -> String {
    format!("/awards/{id}/{verb}")
}

/// The award, as long as it stands so that the step fits.
fn told(tx: &mut Tx<'_>, actor: &Actor, id: AwardId, fits: fn(AwardStatus) -> bool) -> Result<Told> {
    let award = actions::seen_by(tx, actor, id)?;
    let told = Told::of(tx, award)?;
    if fits(told.status) {
        Ok(told)
    } else {
        Err(AwardRefused::WrongState { status: told.status }.into())
    }
}

/// A step on an award, with what the award is.
fn step(heading: &'static str, told: &Told) -> Step {
    Step::new(heading)
        .over(told.line.reference.clone())
        .fact("Home", format!("{}, {}", told.line.home, told.line.provider))
        .fact("Weekly price", format!("{} a week", told.award.price.total().pounds()))
        .fact("Starts", told.award.starts_on)
        .back(format!("/awards/{}", told.award.id), "Back to the award")
}

fn which(form: Form, missing: &[ApprovalKind], all: &str) -> Form {
    if missing.len() < 2 {
        return form;
    }
    let mut choices = vec![Choice::new("", all)];
    choices.extend(
        missing
            .iter()
            .map(|kind| Choice::new(kind.code(), kind.label()).hint(format!("As {}", kind.officer()))),
    );
    form.radios("kind", "Which approval", choices).set("kind", "")
}

fn approve_form(form: Form, missing: &[ApprovalKind]) -> Form {
    which(form, missing, "All that are waited for")
        .area("reason", "Why", 5)
        .hint("Kept with the award. It is not part of any letter.")
        .optional()
        .button("Approve")
}

/// What approving these declares, where one of them takes an office.
fn declared(missing: &[ApprovalKind]) -> Option<String> {
    let offices: Vec<_> = missing.iter().filter_map(|kind| kind.office()).collect();
    (!offices.is_empty()).then(|| {
        format!(
            "You sign as {}. Approving declares that you hold that office, or act for whoever does: Hearth knows your role, and does not \
             check who holds which office. The award and the audit log keep what you declare.",
            offices.join(" and as ")
        )
    })
}

fn approve_page(tx: &mut Tx<'_>, desk: &Desk<AuthorityUser>, id: AwardId) -> Result<Html> {
    let told = told(tx, desk, id, |status| status == AwardStatus::ApprovalPending)?;
    let missing = told.award.missing();
    let mut step = step("Approve this award", &told);
    for kind in &missing {
        step = step.fact(
            "Needs the",
            format!("{}, because: {}", kind.officer(), kind.label().to_lowercase()),
        );
    }
    if let Some(reason) = &told.award.reason {
        step = step.fact("Why this one", reason.clone());
    }
    if let Some(declared) = declared(&missing) {
        step = step.happens(declared);
    }
    step = step.happens("With the last approval the award is approved.");
    step = match actions::standstill_after(tx, &told.award)? {
        Some(end) => step
            .happens("The letters go to every bidder at once, and can't be taken back.")
            .happens(format!("The award then stands still until {}.", end.in_uk())),
        None => step.happens("It can then be confirmed, which sends the letters and takes the place."),
    };
    let form = approve_form(desk.form(path(id, "approve")), &missing).version(told.award.version);
    step.first(path(id, "letters"), "Preview the letters").page(form)
}

async fn show_approve(visit: PageDoor<AuthorityUser>, id: Id<AwardId>) -> Reply {
    visit.read(move |tx, desk| approve_page(tx, desk, *id)).await
}

async fn approve(visit: PageDoor<AuthorityUser>, id: Id<AwardId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let body: Approving = approve_form(Form::reader(), &both()).read(posted)?;
                let award = actions::approve(tx, desk, id, &body, posted.version())?;
                Ok(Go::to(format!("/awards/{id}")).saying(approved(&award)))
            },
            move |tx, desk| approve_page(tx, desk, id),
        )
        .await
}

/// Enough kinds for the form to have the field that asks which.
fn both() -> [ApprovalKind; 2] {
    [ApprovalKind::NotFirstRank, ApprovalKind::Price]
}

fn approved(award: &Award) -> &'static str {
    match (award.state, award.standstill_ends_at) {
        (AwardState::Approved, Some(_)) => "Approved. The letters are on their way, and the award stands still.",
        (AwardState::Approved, None) => "Approved. The award can now be confirmed.",
        _ => "Your approval is kept. Another is still waited for.",
    }
}

fn refuse_form(form: Form, missing: &[ApprovalKind]) -> Form {
    which(form, missing, "The award as a whole")
        .area("reason", "Why", 5)
        .hint("Whoever proposed the award reads it.")
        .button("Refuse")
        .warning()
}

fn refuse_page(tx: &mut Tx<'_>, desk: &Desk<AuthorityUser>, id: AwardId) -> Result<Html> {
    let told = told(tx, desk, id, |status| status == AwardStatus::ApprovalPending)?;
    let missing = told.award.missing();
    let form = refuse_form(desk.form(path(id, "refuse")), &missing).version(told.award.version);
    step("Refuse this award", &told)
        .happens("The award ends, whichever approval is refused.")
        .happens("Nothing is sent to the bidders. The commissioner is told, and may propose another award.")
        .page(form)
}

async fn show_refuse(visit: PageDoor<AuthorityUser>, id: Id<AwardId>) -> Reply {
    visit.read(move |tx, desk| refuse_page(tx, desk, *id)).await
}

async fn refuse(visit: PageDoor<AuthorityUser>, id: Id<AwardId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let body: Refusing = refuse_form(Form::reader(), &both()).read(posted)?;
                actions::refuse(tx, desk, id, &body, posted.version())?;
                Ok(Go::to(format!("/awards/{id}")).saying("The award is refused."))
            },
            move |tx, desk| refuse_page(tx, desk, id),
        )
        .await
}

fn confirm_page(tx: &mut Tx<'_>, desk: &Desk<AuthorityUser>, id: AwardId) -> Result<Html> {
    let award = actions::seen_by(tx, desk, id)?;
    award.confirmable(tx.now)?;
    if let Some(refused) = actions::hindrance(tx, &award)? {
        return Err(refused.into());
    }
    let told = Told::of(tx, award)?;
    let mut step = step("Confirm this award", &told).happens(match told.award.places {
        1 => "A place of the home is taken.".to_owned(),
        places => format!("{places} places of the home are taken."),
    });
    if !told.award.is_told() {
        step = step
            .happens(if told.award.is_direct() {
                "The letter goes to the provider, and one to everybody who had bid."
            } else {
                "The letters go to every bidder."
            })
            .first(path(id, "letters"), "Preview the letters");
    }
    if told.award.area.is_outside() {
        step = step.happens("It is noted as due that the authority of the area is told.");
    }
    step.happens("The provider is asked to accept, and sees that you stand by the award.")
        .careful("This can't be undone by you: the provider accepts or declines.")
        .page(
            desk.form(path(id, "confirm"))
                .version(told.award.version)
                .button("Confirm the award"),
        )
}

async fn show_confirm(visit: PageDoor<AuthorityUser>, id: Id<AwardId>) -> Reply {
    visit.read(move |tx, desk| confirm_page(tx, desk, *id)).await
}

async fn confirm(visit: PageDoor<AuthorityUser>, id: Id<AwardId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                actions::confirm(tx, desk, id, posted.version())?;
                Ok(Go::to(format!("/awards/{id}"))
                    .saying("Confirmed: the place is taken, and the provider is asked to accept."))
            },
            move |tx, desk| confirm_page(tx, desk, id),
        )
        .await
}

fn withdraw_form(form: Form) -> Form {
    form.area("reason", "Why", 5)
        .hint("The provider reads it where it has its letter. Say nothing that tells who the child is.")
        .button("Withdraw the award")
        .warning()
}

fn withdraw_page(tx: &mut Tx<'_>, desk: &Desk<AuthorityUser>, id: AwardId) -> Result<Html> {
    let told = told(tx, desk, id, |status| {
        matches!(
            status,
            AwardStatus::ApprovalPending | AwardStatus::StandingStill | AwardStatus::Approved
        )
    })?;
    let mut step = step("Withdraw this award", &told).happens("The award ends, and another may be proposed.");
    if told.award.is_told() {
        step = step.happens("The provider has its letter, and is told.").happens(
            "The other bidders have theirs too, and are told that the decision is open again, but not why. With the next \
             award they are written to again.",
        );
    } else {
        step = step.happens("No letter is out, so no bidder is told.");
    }
    if !told.award.missing().is_empty() {
        step = step.happens("The approvers have been asked, and are told that their approval isn’t needed any more.");
    }
    step.page(withdraw_form(desk.form(path(id, "withdraw"))).version(told.award.version))
}

async fn show_withdraw(visit: PageDoor<AuthorityUser>, id: Id<AwardId>) -> Reply {
    visit.read(move |tx, desk| withdraw_page(tx, desk, *id)).await
}

async fn withdraw(visit: PageDoor<AuthorityUser>, id: Id<AwardId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let body: Ending = withdraw_form(Form::reader()).read(posted)?;
                actions::withdraw(tx, desk, id, &body, posted.version())?;
                Ok(Go::to(format!("/awards/{id}")).saying("The award is withdrawn."))
            },
            move |tx, desk| withdraw_page(tx, desk, id),
        )
        .await
}

fn decline_form(form: Form) -> Form {
    form.area("reason", "Why", 5)
        .hint("The authority reads it.")
        .button("Decline the award")
        .warning()
}

fn decline_page(tx: &mut Tx<'_>, desk: &Desk<ProviderUser>, id: AwardId) -> Result<Html> {
    let told = told(tx, desk, id, |status| status == AwardStatus::Confirmed)?;
    let mut step = step("Decline this award", &told)
        .happens("The place that was kept is free again, and offered as before unless you have closed it since.")
        .happens("The authority is told, and may choose another home. Your colleagues are told too.");
    if !told.award.is_direct() {
        step = step
            .happens("Your bid can't be chosen again.")
            .happens("Whoever else has bid is told that the decision is open again, but not why.");
    }
    step.page(decline_form(desk.form(path(id, "decline"))).version(told.award.version))
}

async fn show_decline(visit: PageDoor<ProviderUser>, id: Id<AwardId>) -> Reply {
    visit.read(move |tx, desk| decline_page(tx, desk, *id)).await
}

async fn decline(visit: PageDoor<ProviderUser>, id: Id<AwardId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let body: Ending = decline_form(Form::reader()).read(posted)?;
                actions::decline(tx, desk, id, &body, posted.version())?;
                Ok(Go::to(format!("/awards/{id}")).saying("The award is declined."))
            },
            move |tx, desk| decline_page(tx, desk, id),
        )
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_approves_for_an_office_is_told_what_that_declares() {
        use ApprovalKind::{AtADistance, DirectAward, NotFirstRank, OutOfArea, Price};
        for (missing, office) in [
            (
                &[NotFirstRank, AtADistance][..],
                "You sign as director of children's services.",
            ),
            (&[OutOfArea, Price][..], "You sign as nominated officer."),
        ] {
            let declared = declared(missing).unwrap();
            assert!(
                declared.starts_with(office) && declared.contains("does not check who holds which office"),
                "{declared}"
            );
        }
        assert_eq!(declared(&[NotFirstRank, Price, DirectAward]), None);
    }
}

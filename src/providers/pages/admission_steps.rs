//! Suspending, reinstating and ending an admission, each after a page that says what happens then.

use super::admission_tag;
use super::admissions::summary;
use crate::access::{Actor, CooperativeUser, Permission, ProviderUser};
use crate::codes;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::AdmissionId;
use crate::providers::actions;
use crate::providers::rules::{Because, SuspensionOrder};
use crate::web::pages::{Desk, Form, Go, Html, PageDoor, Posted, Step};
use crate::web::{Asker, Id, Reply, Routes};
use std::ops::Deref;

pub(super) fn routes(r: &mut Routes) {
    for (path, verb) in [
        ("/admissions/{id}/suspend", Verb::Suspend),
        ("/admissions/{id}/reinstate", Verb::Reinstate),
        ("/admissions/{id}/remove", Verb::Remove),
    ] {
        r.get(path, move |visit: PageDoor<CooperativeUser>, id| show(visit, id, verb))
            .may(Permission::ManageAdmissions);
        r.post(path, move |visit: PageDoor<CooperativeUser>, id, posted| {
            act(visit, id, posted, verb)
        })
        .may(Permission::ManageAdmissions);
    }
    r.get("/admissions/{id}/leave", |visit: PageDoor<ProviderUser>, id| {
        show(visit, id, Verb::Leave)
    })
    .may(Permission::LeaveLots);
    r.post("/admissions/{id}/leave", |visit: PageDoor<ProviderUser>, id, posted| {
        act(visit, id, posted, Verb::Leave)
    })
    .may(Permission::LeaveLots);
}

const RELYING: &str = "So are the authorities that have a placement or an award under way with it on this lot.";

codes! {
    /// What is done to an admission.
    pub enum Verb {
        Suspend("suspend", "Suspend this admission"),
        Reinstate("reinstate", "Reinstate this admission"),
        Remove("remove", "Remove the provider from this lot"),
        Leave("leave", "Leave this lot"),
    }
}

impl Verb {
    fn fields(self, form: Form) -> Form {
        let form = form.button(self.label());
        let why = "The provider and the cooperative’s members read this";
        match self {
            Self::Suspend => form
                .area("reason", "Why", 4)
                .hint(why)
                .moment("until", "Until when")
                .hint("In force again from then on, by itself. Leave it empty, and it lasts until you reinstate it")
                .optional()
                .warning(),
            Self::Reinstate => form,
            Self::Remove => form.area("reason", "Why", 4).hint(why).warning(),
            Self::Leave => form.warning(),
        }
    }

    fn happens(self, step: Step) -> Step {
        match self {
            Self::Suspend => step
                .happens("The provider is not invited and can’t submit bids on this lot until the suspension ends.")
                .happens(
                    "Bids of the provider that are opened while it lasts are marked as not compliant. The authority can \
                     mark them otherwise, but no award under the framework is made or confirmed to the provider before \
                     it ends.",
                )
                .happens("Placements that were agreed run on.")
                .happens("The provider is told, and can read your reason.")
                .happens(RELYING),
            Self::Reinstate => step
                .happens(
                    "The provider is invited and can bid on this lot again, as far as its insurance and the contract \
                     allow.",
                )
                .happens("A bid that was marked as not compliant stays so until the authority marks it otherwise.")
                .happens("The provider is told.")
                .happens(RELYING),
            Self::Remove => step
                .happens("The admission ends for good. To come back, the provider applies again.")
                .happens(
                    "Bids that it has submitted on this lot are marked as not compliant when they are opened, and an award \
                     under the framework that is not confirmed yet can’t be confirmed.",
                )
                .happens("Placements that were agreed run on.")
                .happens("The provider is told, and can read your reason.")
                .happens(RELYING),
            Self::Leave => step
                .happens("You are not invited and can’t bid on this lot any more. To come back, you apply again.")
                .happens(
                    "Bids that you have submitted on it are marked as not compliant when they are opened, and an award \
                     under the framework that is not confirmed yet can’t be confirmed.",
                )
                .happens("Placements that were agreed run on.")
                .happens(
                    "The cooperative and your colleagues are told, and so are the authorities that have a placement or an award \
                     under way with you on this lot.",
                ),
        }
    }

    /// Does it, and says what was done.
    fn act(self, tx: &mut Tx<'_>, actor: &Actor, id: AdmissionId, posted: &Posted) -> Result<&'static str> {
        let (form, version) = (self.fields(Form::reader()), posted.version());
        Ok(match self {
            Self::Suspend => {
                let order: SuspensionOrder = form.read(posted)?;
                actions::suspend(tx, actor, id, order, version)?;
                "The admission is suspended."
            }
            Self::Reinstate => {
                actions::reinstate(tx, actor, id, version)?;
                "The admission is in force again."
            }
            Self::Remove => {
                let because: Because = form.read(posted)?;
                actions::remove(tx, actor, id, because.reason, version)?;
                "The provider is removed from the lot."
            }
            Self::Leave => {
                actions::leave(tx, actor, id, version)?;
                "You have left the lot."
            }
        })
    }
}

fn page(tx: &mut Tx<'_>, desk: &Desk<impl Asker>, actor: &Actor, id: AdmissionId, verb: Verb) -> Result<Html> {
    let admission = summary(tx, actor, id)?;
    let step = Step::new(format!("{}?", verb.label()))
        .over(format!(
            "{}, {}",
            admission.provider.name, admission.framework.reference
        ))
        .fact("Lot", format!("{}, {}", admission.lot.code, admission.lot.title))
        .fact("State", admission_tag(&admission))
        .back(format!("/admissions/{id}"), "No, go back to the admission");
    let form = verb.fields(desk.form(format!("/admissions/{id}/{verb}")));
    verb.happens(step).page(form.version(admission.version))
}

async fn show<A>(visit: PageDoor<A>, id: Id<AdmissionId>, verb: Verb) -> Reply
where
    A: Asker + Deref<Target = Actor>,
{
    visit.read(move |tx, desk| page(tx, desk, desk, *id, verb)).await
}

async fn act<A>(visit: PageDoor<A>, id: Id<AdmissionId>, posted: Posted, verb: Verb) -> Reply
where
    A: Asker + Deref<Target = Actor>,
{
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let said = verb.act(tx, desk, id, posted)?;
                Ok(Go::to(format!("/admissions/{id}")).saying(said))
            },
            move |tx, desk| page(tx, desk, desk, id, verb),
        )
        .await
}

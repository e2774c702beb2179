//! Accepting an award, which makes the placement.

use crate::access::{Permission, ProviderUser};
use crate::awards::{self, AwardRefused, AwardStatus, rules::on_framework_terms};
use crate::db::Tx;
use crate::error::Result;
use crate::ids::AwardId;
use crate::placements::actions;
use crate::web::pages::{Desk, Go, Html, PageDoor, Posted, Step};
use crate::web::{Id, Reply, Routes};

pub(super) fn routes(r: &mut Routes) {
    r.get("/awards/{id}/accept", show).may(Permission::AnswerAwards);
    r.post("/awards/{id}/accept", accept).may(Permission::AnswerAwards);
}

fn page(tx: &mut Tx<'_>, desk: &Desk<ProviderUser>, id: AwardId) -> Result<Html> {
    let award = awards::actions::seen_by(tx, desk, id)?;
    let status = award.status(tx.now);
    if status != AwardStatus::Confirmed {
        return Err(AwardRefused::WrongState { status }.into());
    }
    let line = awards::store::line(tx, id)?;
    let mut step = Step::new("Accept this award")
        .over(line.reference)
        .fact("Home", line.home)
        .fact("Weekly price", format!("{} a week", award.price.total().pounds()))
        .fact("First day", award.starts_on)
        .happens(
            "The placement is agreed: its agreement is made of your price, the request and, where it applies, the contract \
             in force.",
        )
        .happens("The agreement is tied to this home’s registration alone.")
        .happens("The authority is told, and so are you and your colleagues.");
    if !on_framework_terms(award.route) {
        step = step.happens("It is a spot purchase off the framework: the agreement stands on its own.");
    }
    step.first(format!("/awards/{id}/letters"), "Read your letter")
        .back(format!("/awards/{id}"), "Back to the award")
        .page(
            desk.form(format!("/awards/{id}/accept"))
                .version(award.version)
                .button("Accept the award"),
        )
}

async fn show(visit: PageDoor<ProviderUser>, id: Id<AwardId>) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id)).await
}

async fn accept(visit: PageDoor<ProviderUser>, id: Id<AwardId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let (_, placement) = actions::accept(tx, desk, id, posted.version())?;
                Ok(Go::to(format!("/placements/{}", placement.id)).saying("Accepted: the placement is agreed."))
            },
            move |tx, desk| page(tx, desk, id),
        )
        .await
}

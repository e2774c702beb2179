//! Taking a bid back before the deadline.

use crate::access::{Permission, ProviderUser};
use crate::bids::rules::Verb;
use crate::bids::{actions, store};
use crate::db::Tx;
use crate::error::Result;
use crate::ids::BidId;
use crate::web::pages::{Desk, Go, Html, PageDoor, Posted, Step};
use crate::web::{Id, Reply, Routes};

pub(super) fn routes(r: &mut Routes) {
    r.get("/bids/{id}/withdraw", show).may(Permission::SubmitBids);
    r.post("/bids/{id}/withdraw", withdraw).may(Permission::SubmitBids);
}

fn page(tx: &mut Tx<'_>, desk: &Desk<ProviderUser>, id: BidId) -> Result<Html> {
    let bid = actions::own(tx, desk, id)?;
    bid.state.after(Verb::Withdraw)?;
    let names = store::names_of(tx, id)?;
    Step::new(format!("Withdraw the bid with {}?", names.home))
        .over(names.request_reference)
        .happens("It will never be opened, and nobody but you will read it.")
        .happens("If it was submitted, you and your colleagues are told; the authority is not.")
        .happens(
            "While bids on this request are open, the home may bid again; the withdrawn bid itself does not come back.",
        )
        .back(format!("/bids/{id}"), "Keep the bid")
        .page(
            desk.form(format!("/bids/{id}/withdraw"))
                .version(bid.version)
                .button("Withdraw the bid")
                .warning(),
        )
}

async fn show(visit: PageDoor<ProviderUser>, id: Id<BidId>) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id)).await
}

async fn withdraw(visit: PageDoor<ProviderUser>, id: Id<BidId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                actions::withdraw(tx, desk, id, posted.version())?;
                Ok(Go::to(format!("/bids/{id}")).saying("The bid is withdrawn. It will not be opened."))
            },
            move |tx, desk| page(tx, desk, id),
        )
        .await
}

//! Taking a bid back before the deadline.

use askama::Template;

use crate::access::{Permission, ProviderUser};
use crate::bids::rules::{Bid, Verb};
use crate::bids::store::Names;
use crate::bids::{actions, store};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::BidId;
use crate::web::pages::{Desk, Form, Go, Html, PageDoor, Posted};
use crate::web::{Id, Reply, Routes};

pub(super) fn routes(r: &mut Routes) {
    r.get("/bids/{id}/withdraw", show).may(Permission::SubmitBids);
    r.post("/bids/{id}/withdraw", withdraw).may(Permission::SubmitBids);
}

#[derive(Template)]
#[template(path = "bids/withdraw.html")]
struct WithdrawPage {
    bid: Bid,
    names: Names,
    form: Form,
}

fn page(tx: &mut Tx<'_>, desk: &Desk<ProviderUser>, id: BidId) -> Result<Html> {
    let bid = actions::own(tx, desk, id)?;
    bid.state.after(Verb::Withdraw)?;
    let names = store::names(tx, &[id])?.remove(&id).ok_or(Error::NotFound("bid"))?;
    let form = desk
        .form(format!("/bids/{id}/withdraw"))
        .version(bid.version)
        .button("Withdraw the bid")
        .warning();
    Html::of("Withdraw a bid", &WithdrawPage { bid, names, form })
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

//! Home pages and what is for everybody, in the browser.

mod approver;
mod auditor;
mod bars;
mod bids;
mod commissioner;
mod everybody;
mod operator;
mod provider;
mod region;
mod requests;
#[cfg(test)]
mod samples;
mod story;

use crate::access::{Anyone, Role};
use crate::web::pages::PageDoor;
use crate::web::{Reply, Routes};

/// The slice's pages.
pub fn routes(r: &mut Routes) {
    r.get("/", home).public();
    everybody::routes(r);
    requests::routes(r);
    story::routes(r);
    bids::routes(r);
}

async fn home(visit: PageDoor<Anyone>) -> Reply {
    visit
        .read(|tx, desk| match &desk.actor {
            None => everybody::welcome(tx),
            Some(actor) => match actor.role {
                Role::ProviderAdmin | Role::Bidder => provider::home(tx, desk, actor),
                Role::Commissioner => commissioner::home(tx, desk, actor),
                Role::Approver => approver::home(tx, desk, actor),
                Role::Operator => operator::home(tx, desk, actor),
                Role::Auditor => auditor::home(tx, desk, actor),
            },
        })
        .await
}

//! Home pages and what is for everybody, in the browser.

mod everybody;

use crate::access::Anyone;
use crate::web::pages::PageDoor;
use crate::web::{Reply, Routes};

/// The slice's pages.
pub fn routes(r: &mut Routes) {
    r.get("/", home).public();
}

async fn home(visit: PageDoor<Anyone>) -> Reply {
    visit
        .read(|tx, desk| match &desk.actor {
            None => everybody::welcome(tx),
            Some(_) => everybody::welcome(tx),
        })
        .await
}

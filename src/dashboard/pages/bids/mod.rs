//! A provider's bids with their outcome, and the page of one bid; after the opening its authority reads it there too.

mod bid;
mod list;

use crate::web::Routes;

pub(super) fn routes(r: &mut Routes) {
    list::routes(r);
    bid::routes(r);
}

//! Bids in the browser. A provider begins one, writes it, sends it and keeps its receipt, takes it back, or declines; the authority
//! opens them, sees them side by side and says which are compliant. The list of a provider's bids and the page of one show letters
//! too and stand in [`crate::dashboard`].

mod compliance;
mod declining;
mod opening;
#[cfg(test)]
pub mod samples;
mod sending;
mod side_by_side;
mod starting;
mod withdrawing;
mod writing;

use crate::web::Routes;

/// The slice's pages.
pub fn routes(r: &mut Routes) {
    opening::routes(r);
    side_by_side::routes(r);
    compliance::routes(r);
    starting::routes(r);
    declining::routes(r);
    writing::routes(r);
    sending::routes(r);
    withdrawing::routes(r);
}

//! Accounts in the browser.

mod audit;
mod authorities;
mod me;
mod people;
mod registering;
mod signing_in;

use crate::web::Routes;

/// The slice's pages.
pub fn routes(r: &mut Routes) {
    signing_in::routes(r);
    registering::routes(r);
    me::routes(r);
    people::routes(r);
    authorities::routes(r);
    audit::routes(r);
}

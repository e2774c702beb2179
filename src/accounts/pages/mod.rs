//! Accounts in the browser.

mod me;
mod signing_in;

use crate::web::Routes;

/// The slice's pages.
pub fn routes(r: &mut Routes) {
    signing_in::routes(r);
    me::routes(r);
}

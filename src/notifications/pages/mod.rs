//! One's own notifications and alerts, and for operators the mails, in the browser.

mod alerts;
mod mails;
mod notices;

use crate::web::Routes;

/// The slice's pages.
pub fn routes(r: &mut Routes) {
    notices::routes(r);
    alerts::routes(r);
    mails::routes(r);
}

//! Scoring, moderation and the ranking sheet in the browser.

mod moderating;
mod ranking;
#[cfg(test)]
pub mod samples;
mod scoring;
mod sheets;

use crate::web::Routes;

/// The slice's pages.
pub fn routes(r: &mut Routes) {
    scoring::routes(r);
    moderating::routes(r);
    ranking::routes(r);
}

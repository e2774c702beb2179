//! Placement requests over HTTP. Publishing, the matches and the single request, whose first look is noted, stand in
//! [`crate::matching::api`]; their ends, which an award may stand against, in [`crate::awards::api`].

mod questions;
mod requests;
#[cfg(test)]
pub mod samples;
mod views;

use crate::web::Routes;

pub use requests::answer;
pub use views::{OriginView, QuestionView, RequestSummary, RequestView, reader_of};

/// The slice's operations.
pub fn routes(r: &mut Routes) {
    r.tag(TAG.0, TAG.1);
    requests::routes(r);
    questions::routes(r);
}

/// The tag of whatever is done to a placement request.
pub const TAG: (&str, &str) = (
    "placement-requests",
    "Mini-competitions: requests, their deadlines, questions and answers.",
);

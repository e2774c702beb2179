//! Placement requests in the browser: a draft task by task, its deadline, its ends, questions and answers. The list of tasks and the
//! check before publishing show matches and stand in [`crate::matching`]; what ends a request, which an award may stand against, in
//! [`crate::awards`]; lists and the single request in [`crate::dashboard`].

mod criteria;
pub mod draft;
pub mod endings;
pub mod marked;
mod needed;
mod questions;
mod start;
pub mod tasks;

pub use needed::Needed;

use crate::web::Routes;

/// The slice's pages.
pub fn routes(r: &mut Routes) {
    start::routes(r);
    criteria::routes(r);
    tasks::routes(r);
    endings::routes(r);
    questions::routes(r);
}

//! Homes in the browser: the list, what is written of a home, and its inspections. The page of one home stands with its vacancies
//! and prices.

mod inspections;
mod list;
mod writing;

pub(crate) use list::grade_tag;

use crate::web::Routes;

/// The slice's pages.
pub fn routes(r: &mut Routes) {
    list::routes(r);
    writing::routes(r);
    inspections::routes(r);
}

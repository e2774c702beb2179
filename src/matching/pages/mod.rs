//! Matches in the browser: the tasks of a draft with what fits so far, the check before publishing, the homes that fit and who was
//! invited.

mod draft;
mod homes;
mod invited;
mod map;

use crate::web::Routes;

/// The slice's pages.
pub fn routes(r: &mut Routes) {
    draft::routes(r);
    homes::routes(r);
    invited::routes(r);
}

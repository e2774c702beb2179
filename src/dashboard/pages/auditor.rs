//! What needs an auditor today.

use crate::access::{Actor, Anyone};
use crate::db::Tx;
use crate::error::Result;
use crate::web::pages::{Desk, Html};
use askama::Template;

#[derive(Template)]
#[template(path = "dashboard/auditor.html")]
struct HomePage;

/// The home page of an auditor.
pub(super) fn home(_: &mut Tx<'_>, _: &Desk<Anyone>, _: &Actor) -> Result<Html> {
    Html::of("Home", &HomePage)
}

//! What needs an approver today.

use crate::access::{Actor, Anyone};
use crate::db::Tx;
use crate::error::Result;
use crate::web::pages::{Desk, Html};
use askama::Template;

#[derive(Template)]
#[template(path = "dashboard/approver.html")]
struct HomePage;

/// The home page of an approver.
pub(super) fn home(_: &mut Tx<'_>, _: &Desk<Anyone>, _: &Actor) -> Result<Html> {
    Html::of("Home", &HomePage)
}

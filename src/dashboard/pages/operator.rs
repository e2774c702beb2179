//! What needs an operator today.

use crate::access::{Actor, Anyone};
use crate::db::Tx;
use crate::error::Result;
use crate::web::pages::{Desk, Html};
use askama::Template;

#[derive(Template)]
#[template(path = "dashboard/operator.html")]
struct HomePage;

/// The home page of an operator.
pub(super) fn home(_: &mut Tx<'_>, _: &Desk<Anyone>, _: &Actor) -> Result<Html> {
    Html::of("Home", &HomePage)
}

//! What is for everybody.

use crate::db::Tx;
use crate::error::Result;
use crate::web::pages::Html;
use askama::Template;

#[derive(Template)]
#[template(path = "dashboard/welcome.html")]
struct WelcomePage;

/// What this is, for somebody who has not signed in.
pub(super) fn welcome(_: &mut Tx<'_>) -> Result<Html> {
    Html::of("Homes for children in care", &WelcomePage)
}

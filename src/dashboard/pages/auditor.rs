//! What an auditor reads: what was done, and how things stand.

use super::region::RegionGlance;
use crate::access::{Actor, Anyone, OrganisationKind, Role};
use crate::accounts::store::{NamedAct, named_acts, reach};
use crate::audit::store::Wanted;
use crate::db::Tx;
use crate::error::Result;
use crate::web::pages::{Desk, Html};
use askama::Template;

/// The most acts on the page; the log has them all.
const MOST: i64 = 10;

#[derive(Template)]
#[template(path = "dashboard/auditor.html")]
struct HomePage {
    reader: Role,
    acts: Vec<NamedAct>,
    /// For the auditor of a cooperative; an authority's reads what is the authority's.
    region: Option<RegionGlance>,
}

/// The home page of an auditor.
pub(super) fn home(tx: &mut Tx<'_>, _: &Desk<Anyone>, actor: &Actor) -> Result<Html> {
    let wanted = Wanted {
        reach: reach(tx, actor)?,
        most: MOST,
        ..Wanted::default()
    };
    let is_of_cooperative = actor.organisation_kind == OrganisationKind::Cooperative;
    let page = HomePage {
        reader: actor.role,
        acts: named_acts(tx, actor, &wanted)?,
        region: is_of_cooperative.then(|| RegionGlance::of(tx, actor)).transpose()?,
    };
    Html::of("Home", &page)
}

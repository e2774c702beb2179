//! Placements in the browser.

mod accepting;
mod placement;
mod register;
#[cfg(test)]
mod samples;
mod steps;

use super::rules::PlacementState;
use crate::access::{Actor, OrganisationKind};
use crate::web::Routes;
use crate::web::pages::Tag;

/// The slice's pages.
pub fn routes(r: &mut Routes) {
    accepting::routes(r);
    register::routes(r);
    placement::routes(r);
    steps::routes(r);
}

fn state_tag(state: PlacementState) -> Tag {
    let colour = match state {
        PlacementState::Agreed => "",
        PlacementState::Started => "green",
        PlacementState::Ended => "grey",
    };
    Tag::new(colour, state.label())
}

/// The parties know the request and the agreement; the cooperative sees the market.
fn is_party(actor: &Actor) -> bool {
    actor.organisation_kind != OrganisationKind::Cooperative
}

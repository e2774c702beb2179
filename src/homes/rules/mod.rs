//! Homes, their statements of purpose and their inspections: types, states, refusals.

mod facts;
mod home;
mod inspection;
mod purpose;
#[cfg(test)]
mod tests;

pub use facts::{HomeFacts, Sight};
#[cfg(test)]
pub use home::sample_home;
pub use home::{Address, Home, HomeChanges, Location, NewHome};
pub use inspection::{Inspection, InspectionSource, Judgements, NewInspection, grade_after};
pub use purpose::{LivingArrangement, Purpose, Staffing};

use crate::refusals;
use crate::values::Urn;

refusals! {
    /// Why something was not done to a home.
    pub enum HomeRefused {
        /// A registered service is registered here once.
        UrnTaken { urn: Urn } => (conflict, "home.urn_taken", "A home with the URN {urn} is registered already."),
        /// What was recorded under a URN belongs to it.
        UrnFixed => (conflict, "home.urn_fixed",
            "The URN is fixed once an inspection or a placement is recorded under it."),
        /// The home is closed.
        Closed => (conflict, "home.closed", "The home is closed."),
        /// The home is not closed.
        NotClosed => (conflict, "home.not_closed", "The home is not closed."),
        /// Fewer places than are open and taken.
        PlacesInUse { open: i32, taken: i32 } => (conflict, "home.places_in_use",
            "The home can't have fewer registered places than are in use: {open} open, {taken} taken."),
        /// Children live there.
        HasPlacements { taken: i32 } => (conflict, "home.has_placements",
            "The home can't be closed while places are taken: {taken}."),
        /// Ofsted gives each inspection of a home its own number.
        EventTaken { event_number: String } => (conflict, "inspection.event_taken",
            "The inspection {event_number} of this home is recorded already."),
    }
}

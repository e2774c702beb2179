//! What the home pages read over several slices at once, added up by the database. Reads only.

mod frameworks;
mod queue;
mod region;

pub use frameworks::{OpenFramework, open_frameworks};
pub use queue::{DueApplication, applications_due, applications_overdue};
pub use region::{free_places, requests};

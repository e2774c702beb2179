//! Rows of organisations, people, links, sessions.

mod acts;
mod links;
mod organisations;
mod people;
mod sessions;

pub use acts::{NamedAct, named_acts, reach};
pub(super) use links::*;
pub use organisations::*;
pub use people::*;
pub use sessions::sessions_of;
pub(super) use sessions::*;

use super::rules::{LinkPurpose, OrganisationState, PersonState};
use crate::db::text_column;

text_column!(PersonState, OrganisationState, LinkPurpose);

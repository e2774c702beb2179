//! Rows of organisations, people, links, sessions.

mod acts;
mod links;
mod organisations;
mod people;
mod sessions;
mod things;

pub use acts::{NamedAct, named_acts, reach};
pub(super) use links::*;
pub use organisations::*;
pub use people::*;
pub use sessions::sessions_of;
pub(super) use sessions::*;
pub use things::things_of_request;

use super::rules::{LinkPurpose, OrganisationState, PersonState};
use crate::db::text_column;

text_column!(PersonState, OrganisationState, LinkPurpose);

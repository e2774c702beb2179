//! What providers and cooperatives do about applications and admissions: one function a verb, each checked, recorded and told.

mod admissions;
mod applications;
mod contracts;
mod insurance;
mod profiles;

pub use admissions::{admission_seen_by, leave, reinstate, remove, standing, standings, standings_of, suspend};
pub use applications::{application_seen_by, apply, decide, give_back, record_findings, rewrite, submit, withdraw};
pub use contracts::accept_contract;
pub use insurance::{insure, remind_of_expiry};
pub use profiles::{change_profile, profile_seen_by};

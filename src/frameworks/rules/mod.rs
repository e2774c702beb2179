//! Frameworks, their policy, lots, quality standards and contract versions: types, states, transitions, refusals.

mod contract;
mod framework;
mod lifecycle;
mod lot;
mod policy;
mod standard;

pub use contract::{ContractVersion, NewContractVersion, sha256_of};
pub use framework::{AdmissionMode, ApplicationWindow, Framework, FrameworkChanges, FrameworkState, NewFramework};
pub use lot::{CeilingBreach, LineCeilings, Lot, LotChanges, NewLot, provision_types_of};
#[cfg(test)]
pub(super) use policy::sample as sample_policy;
pub use policy::{BidWindowMinutes, CeilingRule, InviteRule, Policy};
pub use standard::{
    Evidence, NewStandard, OfferedStandard, Standard, StandardChanges, StandardScope, offered_standards,
};

use chrono::NaiveDate;

use crate::refusals;

refusals! {
    /// Why something was not done to a framework, or not under it.
    pub enum FrameworkRefused {
        /// Only an open framework is applied to and called off.
        NotOpen { state: &'static str } => (conflict, "framework.not_open", "The framework is {state}, not open."),
        /// Its term has not begun, or is over.
        OutOfTerm { starts_on: NaiveDate, ends_on: NaiveDate } =>
            (conflict, "framework.out_of_term", "The framework's term is from {starts_on} to {ends_on}."),
        /// A windowed framework takes applications in its window only.
        NotAdmitting => (conflict, "framework.not_admitting", "The framework takes no applications now."),
        /// It may be done to a draft only.
        NotDraft { state: &'static str } =>
            (conflict, "framework.not_draft", "The framework is {state}: this may be done to a draft only."),
        /// Only a suspended framework is resumed.
        NotSuspended { state: &'static str } =>
            (conflict, "framework.not_suspended", "The framework is {state}, not suspended."),
        /// A closed framework is never changed.
        Closed => (conflict, "framework.closed", "The framework is closed and changes no more."),
        /// Something is missing before it may open.
        Incomplete => (conflict, "framework.incomplete", "The framework is not ready to open."),
        /// What providers rely on stays as it was when the framework opened.
        FixedOnceOpen => (conflict, "framework.fixed_once_open", "This is fixed once the framework has opened."),
        /// The cooperative has another framework with this reference.
        ReferenceTaken => (conflict, "framework.reference_taken", "Another framework of yours has this reference."),
        /// Another lot of the framework has this code.
        LotCodeTaken => (conflict, "lot.code_taken", "Another lot of the framework has this code."),
        /// Another standard of the framework has this code.
        StandardCodeTaken => (conflict, "standard.code_taken", "Another standard of the framework has this code."),
        /// A later version is in force already.
        ContractSuperseded => (conflict, "contract.superseded", "A later version of this contract is in force already."),
    }
}

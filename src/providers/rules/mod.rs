//! Providers, their applications to frameworks and their admissions to lots: types, states, transitions, refusals.

mod admission;
mod application;
mod decision;
mod finding;
mod insurance;
mod profile;

pub use admission::{Admission, AdmissionState, Standing, Suspension, SuspensionCause, SuspensionOrder};
pub(super) use application::not_admitted_yet;
pub use application::{
    Answer, Application, ApplicationContent, ApplicationState, AppliedLot, Asked, LotOutcome, NewApplication, Offered,
};
pub use decision::{Decisions, LotDecision};
pub use finding::{Finding, NewFinding, NewFindings, StandardOutcome};
pub use insurance::{Insurance, REMINDER_DAYS, expired_on, reminder_due};
pub use profile::{ProfileChanges, ProviderProfile};

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::refusals;

/// Why something is done, said to whom it is done.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Because {
    /// The reason.
    #[validate(length(max = 2000), custom(function = "crate::values::text::prose"))]
    #[schema(
        min_length = 1,
        max_length = 2000,
        example = "The statement on safeguarding does not say who leads."
    )]
    pub reason: String,
}

refusals! {
    /// Why something was not done to an application.
    pub enum ApplicationRefused {
        /// Another one of the same provider to the same framework is under way.
        AlreadyExists => (conflict, "application.already_exists", "You have an application to this framework under way."),
        /// Nobody applies for what they have.
        AlreadyAdmitted => (conflict, "application.already_admitted", "You are admitted to a lot that you apply for."),
        /// Once submitted it stays as it is, unless the cooperative returns it.
        NotEditable { state: &'static str } =>
            (conflict, "application.not_editable", "The application is {state} and can't be changed."),
        /// Only a submitted one is returned or decided.
        NotSubmitted { state: &'static str } =>
            (conflict, "application.not_submitted", "The application is {state}, not submitted."),
        /// It is decided or withdrawn.
        Over { state: &'static str } => (conflict, "application.over", "The application is {state} already."),
        /// A mandatory standard has no answer.
        StandardUnanswered => (unprocessable, "application.standard_unanswered", "A mandatory standard is not answered."),
        /// The declaration on exclusion grounds is missing.
        ExclusionUndeclared =>
            (unprocessable, "application.exclusion_undeclared", "Declare that no exclusion grounds apply."),
        /// Insurance is missing.
        InsuranceMissing => (unprocessable, "application.insurance_missing", "Name your insurance."),
        /// The insurance has run out, or does so today.
        InsuranceExpired => (unprocessable, "application.insurance_expired", "The insurance must run beyond today."),
        /// The contract version that counts today was not accepted.
        ContractNotAccepted =>
            (unprocessable, "application.contract_not_accepted", "Accept the current contract version."),
        /// A lot that was applied for has no decision.
        LotUndecided => (unprocessable, "application.lot_undecided", "Decide every lot that was applied for."),
        /// The answer to a mandatory standard was found not to meet it.
        StandardNotMet =>
            (unprocessable, "application.standard_not_met", "A mandatory standard is not met: no lot can be admitted."),
        /// Neither an application nor an admission makes the provider a party to the framework.
        NotParty => (conflict, "contract.not_party", "Only who applies or is admitted accepts the framework's contract."),
    }
}

refusals! {
    /// Why something was not done to an admission.
    pub enum AdmissionRefused {
        /// The provider left or was removed.
        Ended { state: &'static str } => (conflict, "admission.ended", "The admission is over: {state}."),
        /// It is suspended already.
        AlreadySuspended => (conflict, "admission.already_suspended", "The admission is suspended already."),
        /// Nothing to reinstate.
        NotSuspended => (conflict, "admission.not_suspended", "The admission is not suspended."),
        /// Suspended by rule: only insurance in force ends that.
        InsuranceExpired =>
            (conflict, "admission.insurance_expired", "The admission is suspended until the provider renews its insurance."),
    }
}

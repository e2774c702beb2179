//! The events of the domain. They carry ids only: what is told is read when it is told, under the reader's eyes.

use crate::ids::{
    AdmissionId, ApplicationId, AwardId, BidId, ContractVersionId, DeclineId, DueItemId, FrameworkId, HomeId,
    InspectionId, LinkId, OrganisationId, PersonId, PlacementId, PlacementRequestId, QuestionId, VacancyId,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

macro_rules! events {
    ($($(#[$doc:meta])* $name:ident $code:literal { $($field:ident: $type:ty),* $(,)? })*) => {
        /// Something that happened.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "event")]
        #[allow(missing_docs)]
        pub enum Event {
            $($(#[$doc])* #[serde(rename = $code)] $name { $($field: $type),* }),*
        }

        impl Event {
            /// Every kind of event.
            pub const KINDS: &'static [&'static str] = &[$($code),*];

            /// The stable word for its kind.
            pub fn kind(&self) -> &'static str {
                match self { $(Self::$name { .. } => $code),* }
            }
        }
    };
}

events! {
    /// A person was invited to join. `sealed_token` is the link's token, encrypted for the mailer alone.
    JoinLinkIssued "join_link_issued" { person_id: PersonId, link_id: LinkId, sealed_token: String }
    /// A person asked to set a new password.
    PasswordResetRequested "password_reset_requested" { person_id: PersonId, link_id: LinkId, sealed_token: String }
    /// A password was set anew.
    PasswordChanged "password_changed" { person_id: PersonId }
    /// A spent refresh token was used again: the session it belongs to was ended.
    SessionRevoked "session_revoked" { person_id: PersonId }
    /// A person's access was ended.
    PersonDeactivated "person_deactivated" { person_id: PersonId }
    /// A person was given their access back.
    PersonReactivated "person_reactivated" { person_id: PersonId }

    FrameworkOpened "framework_opened" { framework_id: FrameworkId }
    FrameworkSuspended "framework_suspended" { framework_id: FrameworkId }
    FrameworkResumed "framework_resumed" { framework_id: FrameworkId }
    FrameworkClosed "framework_closed" { framework_id: FrameworkId }
    ContractVersionPublished "contract_version_published" { contract_version_id: ContractVersionId }

    ApplicationSubmitted "application_submitted" { application_id: ApplicationId }
    ApplicationWithdrawn "application_withdrawn" { application_id: ApplicationId }
    ApplicationReturned "application_returned" { application_id: ApplicationId }
    ApplicationDecided "application_decided" { application_id: ApplicationId }
    AdmissionSuspended "admission_suspended" { admission_id: AdmissionId }
    AdmissionReinstated "admission_reinstated" { admission_id: AdmissionId }
    AdmissionRemoved "admission_removed" { admission_id: AdmissionId }
    AdmissionLeft "admission_left" { admission_id: AdmissionId }
    /// The provider's insurance runs out in so many days.
    InsuranceExpiring "insurance_expiring" { provider_id: OrganisationId, days: i64 }
    /// The provider's insurance has run out: its admissions are suspended by rule until it renews.
    InsuranceExpired "insurance_expired" { provider_id: OrganisationId }
    /// The provider told its insurance anew. `lapsed`: it had run out, so that its admissions go on again.
    InsuranceRenewed "insurance_renewed" { provider_id: OrganisationId, by: PersonId, lapsed: bool }

    /// A home was closed as a service.
    HomeClosed "home_closed" { home_id: HomeId, by: PersonId }
    InspectionRecorded "inspection_recorded" { home_id: HomeId, inspection_id: InspectionId }
    /// A vacancy was not confirmed for seven days.
    VacancyStale "vacancy_stale" { vacancy_id: VacancyId }

    RequestPublished "request_published" { request_id: PlacementRequestId }
    RequestExtended "request_extended" { request_id: PlacementRequestId }
    RequestWithdrawn "request_withdrawn" { request_id: PlacementRequestId }
    RequestUnfilled "request_unfilled" { request_id: PlacementRequestId }
    /// Bids close within 24 hours.
    BidsClosingSoon "bids_closing_soon" { request_id: PlacementRequestId }
    /// The moment to open the bids has come.
    BidsClosed "bids_closed" { request_id: PlacementRequestId }
    QuestionAsked "question_asked" { question_id: QuestionId }
    QuestionAnswered "question_answered" { question_id: QuestionId }

    BidSubmitted "bid_submitted" { bid_id: BidId, version: i64 }
    BidWithdrawn "bid_withdrawn" { bid_id: BidId }
    RequestDeclined "request_declined" { decline_id: DeclineId }
    BidsOpened "bids_opened" { request_id: PlacementRequestId }
    BidNonCompliant "bid_non_compliant" { bid_id: BidId }
    /// A bid that was marked non-compliant is compliant after all.
    BidCompliant "bid_compliant" { bid_id: BidId }

    AwardProposed "award_proposed" { award_id: AwardId }
    /// Somebody of the authority must approve it, for one reason or several.
    ApprovalNeeded "approval_needed" { award_id: AwardId }
    AwardApproved "award_approved" { award_id: AwardId }
    AwardRefused "award_refused" { award_id: AwardId }
    AwardWithdrawn "award_withdrawn" { award_id: AwardId }
    /// It is approved, and its letters are out: the other bidders may object until it ends.
    AwardStandstillBegan "award_standstill_began" { award_id: AwardId }
    /// Nobody objected in time: the award may be confirmed.
    AwardStandstillEnded "award_standstill_ended" { award_id: AwardId }
    AwardConfirmed "award_confirmed" { award_id: AwardId }
    AwardAccepted "award_accepted" { award_id: AwardId }
    AwardDeclined "award_declined" { award_id: AwardId }
    /// Something is due by law or rule.
    ItemDue "item_due" { due_item_id: DueItemId }
    /// The last day on which it would have been in time is over, and it isn't done.
    ItemOverdue "item_overdue" { due_item_id: DueItemId }

    PlacementAgreed "placement_agreed" { placement_id: PlacementId }
    PlacementStarted "placement_started" { placement_id: PlacementId }
    PlacementVaried "placement_varied" { placement_id: PlacementId }
    PlacementEnded "placement_ended" { placement_id: PlacementId }

    /// It is time for a person's daily digest of market news.
    DigestDue "digest_due" { person_id: PersonId, on: NaiveDate }
}

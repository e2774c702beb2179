//! The mails' texts: for each template a subject, a text and an HTML page in `templates/emails/`, checked when compiled.

use askama::Template as _;

use super::rules::{Story, Template};

/// What a template sees.
#[derive(Debug, Clone)]
pub struct Letter<'a> {
    /// The recipient's name.
    pub name: &'a str,
    /// What happened.
    pub story: &'a Story,
    /// Where it leads, in full.
    pub link: String,
    /// The one-click link that confirms a vacancy; empty elsewhere.
    pub confirm: String,
    /// The program's address, ending in `/`.
    pub site: &'a str,
    /// Whether it is news that the person can have otherwise.
    pub is_news: bool,
    /// The subject, once it is written: it heads the page too.
    pub subject: String,
}

/// A mail as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// One line.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}

macro_rules! templates {
    ($($name:ident $subject:tt $text:tt $html:tt;)*) => {
        // Some subjects are the same for everybody.
        #[allow(dead_code)]
        mod subject {
            $(#[derive(askama::Template)] #[template(path = $subject)] pub(super) struct $name<'a> { pub letter: &'a super::Letter<'a> })*
        }
        mod text {
            $(#[derive(askama::Template)] #[template(path = $text)] pub(super) struct $name<'a> { pub letter: &'a super::Letter<'a> })*
        }
        mod html {
            $(#[derive(askama::Template)] #[template(path = $html)] pub(super) struct $name<'a> { pub letter: &'a super::Letter<'a> })*
        }

        /// Writes a mail.
        ///
        /// # Errors
        /// None that the templates in the tree can cause; askama's signature has one.
        pub fn write(template: Template, mut letter: Letter<'_>) -> askama::Result<Written> {
            match template {
                $(Template::$name => {
                    letter.subject = subject::$name { letter: &letter }.render()?.trim().to_owned();
                    let text = text::$name { letter: &letter }.render()?;
                    let html = html::$name { letter: &letter }.render()?;
                    Ok(Written { subject: letter.subject, text, html })
                })*
            }
        }
    };
}

templates! {
    JoinLinkIssued "emails/join_link_issued.subject.txt" "emails/join_link_issued.txt" "emails/join_link_issued.html";
    PasswordResetRequested "emails/password_reset_requested.subject.txt" "emails/password_reset_requested.txt" "emails/password_reset_requested.html";
    PasswordChanged "emails/password_changed.subject.txt" "emails/password_changed.txt" "emails/password_changed.html";
    SessionRevoked "emails/session_revoked.subject.txt" "emails/session_revoked.txt" "emails/session_revoked.html";
    PersonDeactivated "emails/person_deactivated.subject.txt" "emails/person_deactivated.txt" "emails/person_deactivated.html";
    PersonReactivated "emails/person_reactivated.subject.txt" "emails/person_reactivated.txt" "emails/person_reactivated.html";
    FrameworkOpened "emails/framework_opened.subject.txt" "emails/framework_opened.txt" "emails/framework_opened.html";
    FrameworkSuspended "emails/framework_suspended.subject.txt" "emails/framework_suspended.txt" "emails/framework_suspended.html";
    FrameworkResumed "emails/framework_resumed.subject.txt" "emails/framework_resumed.txt" "emails/framework_resumed.html";
    FrameworkClosed "emails/framework_closed.subject.txt" "emails/framework_closed.txt" "emails/framework_closed.html";
    ContractVersionPublished "emails/contract_version_published.subject.txt" "emails/contract_version_published.txt" "emails/contract_version_published.html";
    ApplicationSubmitted "emails/application_submitted.subject.txt" "emails/application_submitted.txt" "emails/application_submitted.html";
    ApplicationReceived "emails/application_received.subject.txt" "emails/application_received.txt" "emails/application_received.html";
    ApplicationWithdrawn "emails/application_withdrawn.subject.txt" "emails/application_withdrawn.txt" "emails/application_withdrawn.html";
    ApplicationReturned "emails/application_returned.subject.txt" "emails/application_returned.txt" "emails/application_returned.html";
    ApplicationDecided "emails/application_decided.subject.txt" "emails/application_decided.txt" "emails/application_decided.html";
    AdmissionSuspended "emails/admission_suspended.subject.txt" "emails/admission_suspended.txt" "emails/admission_suspended.html";
    AdmissionReinstated "emails/admission_reinstated.subject.txt" "emails/admission_reinstated.txt" "emails/admission_reinstated.html";
    AdmissionRemoved "emails/admission_removed.subject.txt" "emails/admission_removed.txt" "emails/admission_removed.html";
    AdmissionLeft "emails/admission_left.subject.txt" "emails/admission_left.txt" "emails/admission_left.html";
    LotLeft "emails/lot_left.subject.txt" "emails/lot_left.txt" "emails/lot_left.html";
    ProviderSuspended "emails/provider_suspended.subject.txt" "emails/provider_suspended.txt" "emails/provider_suspended.html";
    ProviderReinstated "emails/provider_reinstated.subject.txt" "emails/provider_reinstated.txt" "emails/provider_reinstated.html";
    ProviderGone "emails/provider_gone.subject.txt" "emails/provider_gone.txt" "emails/provider_gone.html";
    InsuranceExpiring "emails/insurance_expiring.subject.txt" "emails/insurance_expiring.txt" "emails/insurance_expiring.html";
    InsuranceExpired "emails/insurance_expired.subject.txt" "emails/insurance_expired.txt" "emails/insurance_expired.html";
    InsuranceRenewed "emails/insurance_renewed.subject.txt" "emails/insurance_renewed.txt" "emails/insurance_renewed.html";
    HomeClosed "emails/home_closed.subject.txt" "emails/home_closed.txt" "emails/home_closed.html";
    InspectionRecorded "emails/inspection_recorded.subject.txt" "emails/inspection_recorded.txt" "emails/inspection_recorded.html";
    HomeInspected "emails/home_inspected.subject.txt" "emails/home_inspected.txt" "emails/home_inspected.html";
    VacancyStale "emails/vacancy_stale.subject.txt" "emails/vacancy_stale.txt" "emails/vacancy_stale.html";
    RequestPublished "emails/request_published.subject.txt" "emails/request_published.txt" "emails/request_published.html";
    RequestExtended "emails/request_extended.subject.txt" "emails/request_extended.txt" "emails/request_extended.html";
    RequestWithdrawn "emails/request_withdrawn.subject.txt" "emails/request_withdrawn.txt" "emails/request_withdrawn.html";
    RequestUnfilled "emails/request_unfilled.subject.txt" "emails/request_unfilled.txt" "emails/request_unfilled.html";
    BidsClosingSoon "emails/bids_closing_soon.subject.txt" "emails/bids_closing_soon.txt" "emails/bids_closing_soon.html";
    BidsClosed "emails/bids_closed.subject.txt" "emails/bids_closed.txt" "emails/bids_closed.html";
    QuestionAsked "emails/question_asked.subject.txt" "emails/question_asked.txt" "emails/question_asked.html";
    QuestionAnswered "emails/question_answered.subject.txt" "emails/question_answered.txt" "emails/question_answered.html";
    BidSubmitted "emails/bid_submitted.subject.txt" "emails/bid_submitted.txt" "emails/bid_submitted.html";
    BidWithdrawn "emails/bid_withdrawn.subject.txt" "emails/bid_withdrawn.txt" "emails/bid_withdrawn.html";
    RequestDeclined "emails/request_declined.subject.txt" "emails/request_declined.txt" "emails/request_declined.html";
    BidsOpened "emails/bids_opened.subject.txt" "emails/bids_opened.txt" "emails/bids_opened.html";
    BidNonCompliant "emails/bid_non_compliant.subject.txt" "emails/bid_non_compliant.txt" "emails/bid_non_compliant.html";
    BidCompliant "emails/bid_compliant.subject.txt" "emails/bid_compliant.txt" "emails/bid_compliant.html";
    AwardProposed "emails/award_proposed.subject.txt" "emails/award_proposed.txt" "emails/award_proposed.html";
    ApprovalNeeded "emails/approval_needed.subject.txt" "emails/approval_needed.txt" "emails/approval_needed.html";
    ApprovalNotNeeded "emails/approval_not_needed.subject.txt" "emails/approval_not_needed.txt" "emails/approval_not_needed.html";
    AwardApproved "emails/award_approved.subject.txt" "emails/award_approved.txt" "emails/award_approved.html";
    AwardRefused "emails/award_refused.subject.txt" "emails/award_refused.txt" "emails/award_refused.html";
    AwardIntended "emails/award_intended.subject.txt" "emails/award_intended.txt" "emails/award_intended.html";
    AwardUnsuccessful "emails/award_unsuccessful.subject.txt" "emails/award_unsuccessful.txt" "emails/award_unsuccessful.html";
    AwardStandstillEnded "emails/award_standstill_ended.subject.txt" "emails/award_standstill_ended.txt" "emails/award_standstill_ended.html";
    AwardConfirmed "emails/award_confirmed.subject.txt" "emails/award_confirmed.txt" "emails/award_confirmed.html";
    AwardWithdrawn "emails/award_withdrawn.subject.txt" "emails/award_withdrawn.txt" "emails/award_withdrawn.html";
    AwardAccepted "emails/award_accepted.subject.txt" "emails/award_accepted.txt" "emails/award_accepted.html";
    AwardDeclined "emails/award_declined.subject.txt" "emails/award_declined.txt" "emails/award_declined.html";
    AwardTurnedDown "emails/award_turned_down.subject.txt" "emails/award_turned_down.txt" "emails/award_turned_down.html";
    AwardReopened "emails/award_reopened.subject.txt" "emails/award_reopened.txt" "emails/award_reopened.html";
    ItemDue "emails/item_due.subject.txt" "emails/item_due.txt" "emails/item_due.html";
    ItemOverdue "emails/item_overdue.subject.txt" "emails/item_overdue.txt" "emails/item_overdue.html";
    PlacementAgreed "emails/placement_agreed.subject.txt" "emails/placement_agreed.txt" "emails/placement_agreed.html";
    PlacementStarted "emails/placement_started.subject.txt" "emails/placement_started.txt" "emails/placement_started.html";
    PlacementVaried "emails/placement_varied.subject.txt" "emails/placement_varied.txt" "emails/placement_varied.html";
    PlacementEnded "emails/placement_ended.subject.txt" "emails/placement_ended.txt" "emails/placement_ended.html";
    DigestDue "emails/digest_due.subject.txt" "emails/digest_due.txt" "emails/digest_due.html";
}

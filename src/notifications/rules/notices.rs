//! The table: what happened → who must know → how they are told.

use super::delivery::Importance::{self, News, Own};
use super::story::Facts;
use crate::access::Role;
use crate::outbox::Event;
use crate::values::codes;

codes! {
    /// A mail's text, by what happened; where two sides are told differently, by what happened to each.
    pub enum Template {
        JoinLinkIssued("join_link_issued", "Invitation to join"),
        PasswordResetRequested("password_reset_requested", "Link to set a new password"),
        PasswordChanged("password_changed", "Password changed"),
        SessionRevoked("session_revoked", "Signed out for safety"),
        PersonDeactivated("person_deactivated", "Access ended"),
        PersonReactivated("person_reactivated", "Access given back"),
        FrameworkOpened("framework_opened", "Framework opened"),
        FrameworkSuspended("framework_suspended", "Framework suspended"),
        FrameworkResumed("framework_resumed", "Framework resumed"),
        FrameworkClosed("framework_closed", "Framework closed"),
        ContractVersionPublished("contract_version_published", "Contract version published"),
        ApplicationSubmitted("application_submitted", "Application to decide"),
        ApplicationReceived("application_received", "Application received"),
        ApplicationWithdrawn("application_withdrawn", "Application withdrawn"),
        ApplicationReturned("application_returned", "Application returned"),
        ApplicationDecided("application_decided", "Application decided"),
        AdmissionSuspended("admission_suspended", "Admission suspended"),
        AdmissionReinstated("admission_reinstated", "Admission reinstated"),
        AdmissionRemoved("admission_removed", "Admission removed"),
        AdmissionLeft("admission_left", "Provider left"),
        LotLeft("lot_left", "Lot left"),
        ProviderSuspended("provider_suspended", "Provider suspended"),
        ProviderReinstated("provider_reinstated", "Provider reinstated"),
        ProviderGone("provider_gone", "Provider not admitted any more"),
        InsuranceExpiring("insurance_expiring", "Insurance about to end"),
        InsuranceExpired("insurance_expired", "Insurance ended"),
        InsuranceRenewed("insurance_renewed", "Insurance renewed"),
        HomeClosed("home_closed", "Home closed"),
        InspectionRecorded("inspection_recorded", "Inspection recorded"),
        HomeInspected("home_inspected", "Home inspected"),
        VacancyStale("vacancy_stale", "Vacancy to confirm"),
        RequestPublished("request_published", "Invitation to bid"),
        RequestExtended("request_extended", "Deadline extended"),
        RequestWithdrawn("request_withdrawn", "Request withdrawn"),
        RequestUnfilled("request_unfilled", "Ended without an award"),
        BidsClosingSoon("bids_closing_soon", "Bids close soon"),
        BidsClosed("bids_closed", "Bids to open"),
        QuestionAsked("question_asked", "Question to answer"),
        QuestionAnswered("question_answered", "Question answered"),
        BidSubmitted("bid_submitted", "Receipt for a bid"),
        BidWithdrawn("bid_withdrawn", "Bid withdrawn"),
        RequestDeclined("request_declined", "Request declined"),
        BidsOpened("bids_opened", "Bids opened"),
        BidNonCompliant("bid_non_compliant", "Bid not compliant"),
        BidCompliant("bid_compliant", "Bid compliant"),
        AwardProposed("award_proposed", "Award proposed"),
        ApprovalNeeded("approval_needed", "Approval needed"),
        ApprovalNotNeeded("approval_not_needed", "Approval not needed any more"),
        AwardApproved("award_approved", "Award approved"),
        AwardRefused("award_refused", "Award not approved"),
        AwardIntended("award_intended", "Award intended"),
        AwardUnsuccessful("award_unsuccessful", "Bid unsuccessful"),
        AwardStandstillEnded("award_standstill_ended", "Standstill ended"),
        AwardConfirmed("award_confirmed", "Awarded"),
        AwardWithdrawn("award_withdrawn", "Award withdrawn"),
        AwardAccepted("award_accepted", "Award accepted"),
        AwardDeclined("award_declined", "Award declined"),
        AwardTurnedDown("award_turned_down", "Award turned down"),
        AwardReopened("award_reopened", "Decision open again"),
        ItemDue("item_due", "Something is due"),
        ItemOverdue("item_overdue", "Something is overdue"),
        PlacementAgreed("placement_agreed", "Placement agreed"),
        PlacementStarted("placement_started", "Placement started"),
        PlacementVaried("placement_varied", "Placement varied"),
        PlacementEnded("placement_ended", "Placement ended"),
        DigestDue("digest_due", "Daily digest"),
    }
}

/// Whom a notice is for, seen from what happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The person it happened to.
    Person,
    /// The person it happened to, who has no access any more.
    Leaver,
    /// The operators of the cooperative; where the event is of no framework, of every cooperative that admitted the provider.
    Operators,
    /// The commissioners of the cooperative's member authorities.
    Members,
    /// The administrators of every provider there is.
    EveryProvider,
    /// The administrators of the providers admitted to the framework.
    Admitted,
    /// The administrators of the providers with an application to the framework under way.
    Applicants,
    /// The administrators of the provider it is about.
    ProviderAdmins,
    /// Everybody of the provider it is about: whoever bids must know.
    Provider,
    /// Everybody of the providers invited to the request.
    Invited,
    /// Of these, the providers that have neither bid nor declined.
    InvitedSilent,
    /// Of these, the providers that have not bid.
    InvitedNotBidding,
    /// Everybody of the providers that have begun a bid or asked a question, invited or not: whoever is admitted to the lot may.
    TakingPart,
    /// Everybody of the providers with a bid that was submitted and not withdrawn.
    Bidders,
    /// Everybody of the providers whose bids were unsuccessful, and who have a letter about it.
    OtherBidders,
    /// The commissioners of the request's authority.
    Commissioners,
    /// The approvers of the request's authority.
    Approvers,
    /// The commissioners of the authorities that rely on the provider, at the home or on the lot where the event is of one: with a
    /// placement there, or an award that is not answered yet.
    Relying,
}

impl Audience {
    /// The roles of the people it means, in the organisations it means.
    pub fn roles(self) -> &'static [Role] {
        match self {
            Self::Person | Self::Leaver => Role::ALL,
            Self::Operators => &[Role::Operator],
            Self::Members | Self::Commissioners | Self::Relying => &[Role::Commissioner],
            Self::Approvers => &[Role::Approver],
            Self::EveryProvider | Self::Admitted | Self::Applicants | Self::ProviderAdmins => &[Role::ProviderAdmin],
            Self::Provider
            | Self::Invited
            | Self::InvitedSilent
            | Self::InvitedNotBidding
            | Self::TakingPart
            | Self::Bidders
            | Self::OtherBidders => &[Role::ProviderAdmin, Role::Bidder],
        }
    }
}

/// The page that a notice leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// Where an invited person chooses a password; the one-time link itself.
    Join,
    /// Where a new password is set; the one-time link itself.
    Reset,
    /// The person's own page.
    Account,
    /// What is kept about people, for everybody to read.
    Privacy,
    /// The framework.
    Framework,
    /// The application.
    Application,
    /// The provider's admissions.
    Admissions,
    /// One admission.
    Admission,
    /// The home.
    Home,
    /// The request.
    Request,
    /// The bid.
    Bid,
    /// The award.
    Award,
    /// The letters of the award.
    Letters,
    /// The placement.
    Placement,
    /// All of the person's notifications.
    Notifications,
}

impl Page {
    /// Whether it is told by mail alone: who follows a one-time link is not signed in, who has left can't be, and a digest
    /// repeats what stands in the product already.
    pub fn is_by_mail_alone(self) -> bool {
        matches!(self, Self::Join | Self::Reset | Self::Privacy | Self::Notifications)
    }
}

/// When a notice is given at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// The award has no standstill: what it would have announced is said now.
    NoStandstill,
    /// The award was announced to its provider before.
    Announced,
    /// The award waited for an approval.
    WaitedForApproval,
    /// The bids are opened, and none is awarded: the competition goes on.
    Undecided,
    /// The insurance had run out.
    Lapsed,
}

impl Condition {
    /// Whether it holds.
    pub fn holds(self, facts: &Facts) -> bool {
        match self {
            Self::NoStandstill => !facts.stands_still,
            Self::Announced => facts.announced,
            Self::WaitedForApproval => facts.waited_for_approval,
            Self::Undecided => facts.undecided,
            Self::Lapsed => facts.lapsed,
        }
    }
}

/// One line of the table: somebody must know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notice {
    /// Who.
    pub audience: Audience,
    /// By which text.
    pub template: Template,
    /// How much it matters.
    pub importance: Importance,
    /// Where it leads.
    pub page: Page,
    /// Only when this holds.
    pub only: Option<Condition>,
}

const fn notice(audience: Audience, template: Template, importance: Importance, page: Page) -> Notice {
    Notice {
        audience,
        template,
        importance,
        page,
        only: None,
    }
}

impl Notice {
    const fn only(self, condition: Condition) -> Self {
        Self {
            only: Some(condition),
            ..self
        }
    }
}

/// Who must know of an event. A person in two audiences is told by the first; who did it themselves ([`Facts::by`]) by none.
pub fn notices(event: &Event) -> &'static [Notice] {
    use Audience::{
        Admitted, Applicants, Approvers, Bidders, Commissioners, EveryProvider, Invited, InvitedNotBidding,
        InvitedSilent, Leaver, Members, Operators, OtherBidders, Person, Provider, ProviderAdmins, Relying, TakingPart,
    };
    use Template as T;
    match event {
        Event::JoinLinkIssued { .. } => const { &[notice(Person, T::JoinLinkIssued, Own, Page::Join)] },
        Event::PasswordResetRequested { .. } => {
            const { &[notice(Person, T::PasswordResetRequested, Own, Page::Reset)] }
        }
        Event::PasswordChanged { .. } => const { &[notice(Person, T::PasswordChanged, Own, Page::Account)] },
        Event::SessionRevoked { .. } => const { &[notice(Person, T::SessionRevoked, Own, Page::Account)] },
        Event::PersonDeactivated { .. } => const { &[notice(Leaver, T::PersonDeactivated, Own, Page::Privacy)] },
        Event::PersonReactivated { .. } => const { &[notice(Person, T::PersonReactivated, Own, Page::Account)] },

        Event::FrameworkOpened { .. } => {
            const {
                &[
                    notice(EveryProvider, T::FrameworkOpened, News, Page::Framework),
                    notice(Members, T::FrameworkOpened, News, Page::Framework),
                ]
            }
        }
        Event::FrameworkSuspended { .. } => const { &framework(T::FrameworkSuspended) },
        Event::FrameworkResumed { .. } => const { &framework(T::FrameworkResumed) },
        Event::FrameworkClosed { .. } => const { &framework(T::FrameworkClosed) },
        Event::ContractVersionPublished { .. } => {
            const {
                &[
                    notice(Admitted, T::ContractVersionPublished, Own, Page::Framework),
                    notice(Applicants, T::ContractVersionPublished, Own, Page::Framework),
                ]
            }
        }

        Event::ApplicationSubmitted { .. } => {
            const {
                &[
                    notice(ProviderAdmins, T::ApplicationReceived, Own, Page::Application),
                    notice(Operators, T::ApplicationSubmitted, Own, Page::Application),
                ]
            }
        }
        Event::ApplicationWithdrawn { .. } => {
            const { &[notice(Operators, T::ApplicationWithdrawn, News, Page::Application)] }
        }
        Event::ApplicationReturned { .. } => {
            const { &[notice(ProviderAdmins, T::ApplicationReturned, Own, Page::Application)] }
        }
        Event::ApplicationDecided { .. } => {
            const { &[notice(ProviderAdmins, T::ApplicationDecided, Own, Page::Application)] }
        }
        Event::AdmissionSuspended { .. } => {
            const {
                &[
                    notice(Provider, T::AdmissionSuspended, Own, Page::Admission),
                    notice(Relying, T::ProviderSuspended, Own, Page::Admission),
                ]
            }
        }
        Event::AdmissionReinstated { .. } => {
            const {
                &[
                    notice(Provider, T::AdmissionReinstated, Own, Page::Admission),
                    notice(Relying, T::ProviderReinstated, Own, Page::Admission),
                ]
            }
        }
        Event::AdmissionRemoved { .. } => {
            const {
                &[
                    notice(Provider, T::AdmissionRemoved, Own, Page::Admission),
                    notice(Relying, T::ProviderGone, Own, Page::Admission),
                ]
            }
        }
        Event::AdmissionLeft { .. } => {
            const {
                &[
                    notice(Operators, T::AdmissionLeft, News, Page::Admission),
                    notice(Provider, T::LotLeft, Own, Page::Admission),
                    notice(Relying, T::ProviderGone, Own, Page::Admission),
                ]
            }
        }
        Event::InsuranceExpiring { .. } => {
            const { &[notice(ProviderAdmins, T::InsuranceExpiring, Own, Page::Admissions)] }
        }
        Event::InsuranceExpired { .. } => {
            const {
                &[
                    notice(Provider, T::InsuranceExpired, Own, Page::Admissions),
                    notice(Relying, T::InsuranceExpired, Own, Page::Admissions),
                    notice(Operators, T::InsuranceExpired, News, Page::Admissions),
                ]
            }
        }
        Event::InsuranceRenewed { .. } => {
            const {
                &[
                    notice(Provider, T::InsuranceRenewed, Own, Page::Admissions).only(Condition::Lapsed),
                    notice(Relying, T::InsuranceRenewed, Own, Page::Admissions).only(Condition::Lapsed),
                    notice(Operators, T::InsuranceRenewed, News, Page::Admissions),
                ]
            }
        }

        Event::HomeClosed { .. } => {
            const {
                &[
                    notice(Provider, T::HomeClosed, News, Page::Home),
                    notice(Relying, T::HomeClosed, Own, Page::Home),
                ]
            }
        }
        Event::InspectionRecorded { .. } => {
            const {
                &[
                    notice(ProviderAdmins, T::InspectionRecorded, News, Page::Home),
                    notice(Relying, T::HomeInspected, News, Page::Home),
                ]
            }
        }
        Event::VacancyStale { .. } => const { &[notice(Provider, T::VacancyStale, News, Page::Home)] },

        Event::RequestPublished { .. } => const { &[notice(Invited, T::RequestPublished, News, Page::Request)] },
        Event::RequestExtended { .. } => {
            const {
                &[
                    notice(Invited, T::RequestExtended, Own, Page::Request),
                    notice(TakingPart, T::RequestExtended, Own, Page::Request),
                ]
            }
        }
        Event::RequestWithdrawn { .. } => {
            const {
                &[
                    notice(TakingPart, T::RequestWithdrawn, Own, Page::Request),
                    notice(InvitedNotBidding, T::RequestWithdrawn, News, Page::Request),
                ]
            }
        }
        Event::RequestUnfilled { .. } => {
            const {
                &[
                    notice(Bidders, T::RequestUnfilled, Own, Page::Request),
                    notice(InvitedSilent, T::RequestUnfilled, News, Page::Request),
                ]
            }
        }
        Event::BidsClosingSoon { .. } => const { &[notice(InvitedSilent, T::BidsClosingSoon, News, Page::Request)] },
        Event::BidsClosed { .. } => const { &[notice(Commissioners, T::BidsClosed, Own, Page::Request)] },
        Event::QuestionAsked { .. } => const { &[notice(Commissioners, T::QuestionAsked, Own, Page::Request)] },
        Event::QuestionAnswered { .. } => {
            const {
                &[
                    notice(TakingPart, T::QuestionAnswered, Own, Page::Request),
                    notice(Invited, T::QuestionAnswered, News, Page::Request),
                ]
            }
        }

        Event::BidSubmitted { .. } => const { &[notice(Provider, T::BidSubmitted, Own, Page::Bid)] },
        Event::BidWithdrawn { .. } => const { &[notice(Provider, T::BidWithdrawn, Own, Page::Bid)] },
        Event::RequestDeclined { .. } => const { &[notice(Commissioners, T::RequestDeclined, News, Page::Request)] },
        Event::BidsOpened { .. } => const { &[notice(Bidders, T::BidsOpened, Own, Page::Request)] },
        Event::BidNonCompliant { .. } => const { &[notice(Provider, T::BidNonCompliant, Own, Page::Bid)] },
        Event::BidCompliant { .. } => const { &[notice(Provider, T::BidCompliant, Own, Page::Bid)] },

        Event::AwardProposed { .. } => const { &[notice(Commissioners, T::AwardProposed, News, Page::Award)] },
        Event::ApprovalNeeded { .. } => const { &[notice(Approvers, T::ApprovalNeeded, Own, Page::Award)] },
        Event::AwardApproved { .. } => const { &[notice(Commissioners, T::AwardApproved, Own, Page::Award)] },
        Event::AwardRefused { .. } => const { &[notice(Commissioners, T::AwardRefused, Own, Page::Award)] },
        Event::AwardStandstillBegan { .. } => {
            const {
                &[
                    notice(Provider, T::AwardIntended, Own, Page::Letters),
                    notice(OtherBidders, T::AwardUnsuccessful, Own, Page::Letters),
                ]
            }
        }
        Event::AwardStandstillEnded { .. } => {
            const { &[notice(Commissioners, T::AwardStandstillEnded, Own, Page::Award)] }
        }
        Event::AwardConfirmed { .. } => {
            const {
                &[
                    notice(Provider, T::AwardConfirmed, Own, Page::Award),
                    notice(OtherBidders, T::AwardUnsuccessful, Own, Page::Letters).only(Condition::NoStandstill),
                ]
            }
        }
        Event::AwardWithdrawn { .. } => {
            const {
                &[
                    notice(Commissioners, T::AwardWithdrawn, News, Page::Award),
                    notice(Approvers, T::ApprovalNotNeeded, Own, Page::Award).only(Condition::WaitedForApproval),
                    notice(Provider, T::AwardWithdrawn, Own, Page::Award).only(Condition::Announced),
                    notice(OtherBidders, T::AwardReopened, Own, Page::Letters).only(Condition::Undecided),
                ]
            }
        }
        Event::AwardAccepted { .. } => const { &[notice(Commissioners, T::AwardAccepted, Own, Page::Award)] },
        Event::AwardDeclined { .. } => {
            const {
                &[
                    notice(Commissioners, T::AwardDeclined, Own, Page::Award),
                    notice(Provider, T::AwardTurnedDown, Own, Page::Award),
                    notice(OtherBidders, T::AwardReopened, Own, Page::Letters).only(Condition::Undecided),
                ]
            }
        }
        Event::ItemDue { .. } => const { &[notice(Commissioners, T::ItemDue, Own, Page::Award)] },
        Event::ItemOverdue { .. } => const { &[notice(Commissioners, T::ItemOverdue, Own, Page::Award)] },

        // The authority is told that its award is accepted, which is the same.
        Event::PlacementAgreed { .. } => const { &[notice(Provider, T::PlacementAgreed, Own, Page::Placement)] },
        Event::PlacementStarted { .. } => const { &[notice(Provider, T::PlacementStarted, Own, Page::Placement)] },
        Event::PlacementVaried { .. } => {
            const {
                &[
                    notice(Provider, T::PlacementVaried, Own, Page::Placement),
                    notice(Commissioners, T::PlacementVaried, News, Page::Placement),
                ]
            }
        }
        Event::PlacementEnded { .. } => const { &[notice(Provider, T::PlacementEnded, Own, Page::Placement)] },

        Event::DigestDue { .. } => const { &[notice(Person, T::DigestDue, Own, Page::Notifications)] },
    }
}

/// A framework that is suspended, resumed or closed: whoever is admitted or applies is concerned, the members hear the news.
const fn framework(template: Template) -> [Notice; 3] {
    [
        notice(Audience::Admitted, template, Own, Page::Framework),
        notice(Audience::Applicants, template, Own, Page::Framework),
        notice(Audience::Members, template, News, Page::Framework),
    ]
}

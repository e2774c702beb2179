//! Who may do what: one pure table. The roles are those of the domain's page; scope (whose thing it is) is checked by the queries.

use super::Role::{self, Approver, Auditor, Bidder, Commissioner, Operator, ProviderAdmin};

macro_rules! policy {
    ($($(#[$doc:meta])* $permission:ident: [$($role:ident),+], $who:literal;)*) => {
        /// Something that a role may do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Permission { $($(#[$doc])* $permission),* }

        impl Permission {
            /// Every permission.
            pub const ALL: &'static [Permission] = &[$(Permission::$permission),*];

            /// The roles that have it.
            pub fn roles(self) -> &'static [Role] {
                match self { $(Self::$permission => &[$($role),+]),* }
            }

            /// Who has it, in words.
            pub fn who(self) -> &'static str {
                match self { $(Self::$permission => $who),* }
            }
        }
    };
}

policy! {
    /// Read frameworks, lots, standards and contract versions.
    ReadFrameworks: [Operator, Commissioner, Approver, ProviderAdmin, Bidder, Auditor], "somebody who is signed in";
    /// Write frameworks, lots, standards and contract versions; open, suspend and close.
    ManageFrameworks: [Operator], "an operator of the cooperative";
    /// Take an authority into the cooperative.
    ManageAuthorities: [Operator], "an operator of the cooperative";
    /// Invite people and change their roles, within one's reach.
    ManagePeople: [Operator, ProviderAdmin], "an operator or a provider administrator";
    /// See the people of one's organisation.
    ReadPeople: [Operator, Commissioner, Approver, ProviderAdmin, Bidder, Auditor], "somebody who is signed in";
    /// Read provider profiles.
    ReadProviders: [Operator, Commissioner, Approver, ProviderAdmin, Bidder, Auditor], "somebody who is signed in";
    /// Keep the provider's profile.
    ManageProvider: [ProviderAdmin], "a provider administrator";
    /// Read applications to frameworks.
    ReadApplications: [Operator, ProviderAdmin, Bidder, Auditor], "an operator, an auditor or the provider";
    /// Write and submit applications.
    WriteApplications: [ProviderAdmin], "a provider administrator";
    /// Return and decide applications.
    DecideApplications: [Operator], "an operator of the cooperative";
    /// Read admissions.
    ReadAdmissions: [Operator, Commissioner, Approver, ProviderAdmin, Bidder, Auditor], "somebody who is signed in";
    /// Suspend, reinstate and remove admissions.
    ManageAdmissions: [Operator], "an operator of the cooperative";
    /// Leave a lot.
    LeaveLots: [ProviderAdmin], "a provider administrator";
    /// Accept a contract version for the provider.
    AcceptContracts: [ProviderAdmin], "a provider administrator";
    /// Read homes.
    ReadHomes: [Operator, Commissioner, Approver, ProviderAdmin, Bidder, Auditor], "somebody who is signed in";
    /// Register and keep homes.
    ManageHomes: [ProviderAdmin, Bidder], "somebody of the provider";
    /// Record inspections.
    RecordInspections: [Operator], "an operator of the cooperative";
    /// Read vacancies.
    ReadVacancies: [Operator, Commissioner, Approver, ProviderAdmin, Bidder, Auditor], "somebody who is signed in";
    /// Keep vacancies.
    ManageVacancies: [ProviderAdmin, Bidder], "somebody of the provider";
    /// Read prices of homes.
    ReadPrices: [Operator, Commissioner, Approver, ProviderAdmin, Bidder, Auditor], "somebody who is signed in";
    /// Keep prices.
    ManagePrices: [ProviderAdmin, Bidder], "somebody of the provider";
    /// Read placement requests, at one's stage of disclosure.
    ReadRequests: [Operator, Commissioner, Approver, ProviderAdmin, Bidder, Auditor], "somebody who is signed in";
    /// Write, publish, extend and withdraw placement requests.
    WriteRequests: [Commissioner], "a commissioner of the authority";
    /// See which homes fit a request, and who was invited.
    ReadMatches: [Commissioner, Approver, Auditor], "somebody of the authority";
    /// Ask a question about a request.
    AskQuestions: [ProviderAdmin, Bidder], "somebody of a provider";
    /// Answer questions.
    AnswerQuestions: [Commissioner], "a commissioner of the authority";
    /// Decline a request for a home.
    DeclineRequests: [ProviderAdmin, Bidder], "somebody of a provider";
    /// Read the declines of one's request.
    ReadDeclines: [Commissioner, Approver, Auditor], "somebody of the authority";
    /// Write, submit, revise and withdraw bids.
    SubmitBids: [ProviderAdmin, Bidder], "somebody of a provider";
    /// Read bids: one's own always, those of one's request after the opening.
    ReadBids: [Commissioner, Approver, ProviderAdmin, Bidder, Auditor], "the bidder, or after the opening the authority";
    /// Read how many bids a request has, and after the opening which.
    ReadBidsOfRequests: [Commissioner, Approver, Auditor], "somebody of the authority";
    /// Open the bids of a request, and mark bids non-compliant.
    OpenBids: [Commissioner], "a commissioner of the authority";
    /// Score bids and moderate scores.
    ScoreBids: [Commissioner], "a commissioner of the authority";
    /// Read scores and the ranking.
    ReadRanking: [Commissioner, Approver, Auditor], "somebody of the authority";
    /// Propose and confirm awards, direct ones too.
    ProposeAwards: [Commissioner], "a commissioner of the authority";
    /// Approve or refuse awards that need it.
    ApproveAwards: [Approver], "an approver of the authority";
    /// Accept or decline an award for the provider.
    AnswerAwards: [ProviderAdmin, Bidder], "somebody of the provider";
    /// Read awards and their letters.
    ReadAwards: [Commissioner, Approver, ProviderAdmin, Bidder, Auditor], "the authority or the provider";
    /// Read placements.
    ReadPlacements: [Operator, Commissioner, Approver, ProviderAdmin, Bidder, Auditor], "somebody who is signed in";
    /// Start and end placements.
    ManagePlacements: [Commissioner], "a commissioner of the authority";
    /// Vary the terms of placements; a price above the framework's approval threshold takes an approver.
    VaryPlacements: [Commissioner, Approver], "a commissioner or an approver of the authority";
    /// See and settle what is due by law or rule.
    ManageDueItems: [Commissioner, Approver], "somebody of the authority";
    /// Read and set one's own notifications and alert preferences.
    OwnNotifications: [Operator, Commissioner, Approver, ProviderAdmin, Bidder, Auditor], "somebody who is signed in";
    /// See mails that were given up, and send them again.
    ManageMails: [Operator], "an operator of the cooperative";
    /// Read the audit log, within one's reach.
    ReadAudit: [Operator, Auditor], "an operator or an auditor";
}

/// Whether a role has a permission.
pub fn may(role: Role, permission: Permission) -> bool {
    permission.roles().contains(&role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_auditor_changes_nothing() {
        for permission in Permission::ALL.iter().filter(|p| may(Auditor, **p)) {
            let name = format!("{permission:?}");
            assert!(name.starts_with("Read") || name == "OwnNotifications", "{name}");
        }
    }

    #[test]
    fn an_operator_never_reads_a_bid_or_a_ranking() {
        use Permission::{OpenBids, ReadBids, ReadRanking, ScoreBids, SubmitBids};
        assert!(
            [ReadBids, ReadRanking, OpenBids, ScoreBids, SubmitBids]
                .iter()
                .all(|p| !may(Operator, *p))
        );
    }

    #[test]
    fn who_proposes_an_award_does_not_approve_it() {
        assert!(
            Role::ALL
                .iter()
                .all(|role| !(may(*role, Permission::ProposeAwards) && may(*role, Permission::ApproveAwards)))
        );
    }
}

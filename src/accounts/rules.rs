//! What accounts are and what refuses them.

use crate::access::{Actor, OrganisationKind, Role};
use crate::clock::Instant;
use crate::error::{Error, Result, refusals};
use crate::ids::{LinkId, OrganisationId, PersonId, SessionId};
use crate::values::{CharityNumber, CompanyNumber, Email, PersonName, codes};
use chrono::{Duration, NaiveDate};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

codes! {
    /// Where a person stands.
    pub enum PersonState {
        Invited("invited", "Invited"),
        Active("active", "Active"),
        Deactivated("deactivated", "Deactivated"),
    }
}

codes! {
    /// Where an organisation stands. `pending` until somebody has joined by the mailed link.
    pub enum OrganisationState {
        Pending("pending", "Pending"),
        Active("active", "Active"),
        Deactivated("deactivated", "Deactivated"),
    }
}

codes! {
    /// What a mailed one-time link is for.
    pub enum LinkPurpose {
        Join("join", "Join"),
        Reset("reset", "Set a new password"),
        ConfirmVacancy("confirm_vacancy", "Confirm a vacancy"),
    }
}

impl LinkPurpose {
    /// How long such a link is good.
    pub fn lifetime(self) -> Duration {
        match self {
            Self::Join => Duration::days(7),
            Self::Reset => Duration::hours(1),
            Self::ConfirmVacancy => Duration::days(14),
        }
    }
}

/// How long a refresh token is good.
pub const REFRESH_LIFETIME: Duration = Duration::days(14);

/// How long a sign-in to the pages lasts: a working day.
pub const PAGES_LIFETIME: Duration = Duration::hours(12);

/// How long an access token is good.
pub const ACCESS_LIFETIME: Duration = Duration::minutes(15);

/// A cooperative, an authority or a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Its id.
    pub id: OrganisationId,
    /// What it is.
    pub kind: OrganisationKind,
    /// Its name.
    pub name: String,
    /// An authority's GSS code.
    pub gss_code: Option<String>,
    /// A provider's company number.
    pub company_number: Option<CompanyNumber>,
    /// A provider's charity number.
    pub charity_number: Option<CharityNumber>,
    /// Where it stands.
    pub state: OrganisationState,
    /// Its version.
    pub version: i64,
}

/// A person with an account.
#[derive(Debug, Clone)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// Their organisation.
    pub organisation_id: OrganisationId,
    /// Their name.
    pub name: PersonName,
    /// Their email address, lower case.
    pub email: Email,
    /// Their role.
    pub role: Role,
    /// The argon2id hash of their password, once they joined.
    pub password_hash: Option<String>,
    /// Where they stand.
    pub state: PersonState,
    /// The second factor's secret, encrypted; the seam where it will be asked for.
    pub totp_secret: Option<Vec<u8>>,
    /// The version.
    pub version: i64,
}

/// Whom to write to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The person.
    pub person_id: PersonId,
    /// Their organisation.
    pub organisation_id: OrganisationId,
    /// Their name.
    pub name: PersonName,
    /// Their address.
    pub email: Email,
    /// Their role.
    pub role: Role,
}

/// A one-time link as it is kept.
#[derive(Debug, Clone)]
pub struct Link {
    /// Its id.
    pub id: LinkId,
    /// Whose it is.
    pub person_id: PersonId,
    /// What it is for.
    pub purpose: LinkPurpose,
    /// What it is about besides, such as a vacancy.
    pub subject: Option<String>,
    /// Good until.
    pub expires_at: Instant,
    /// When it was used.
    pub used_at: Option<Instant>,
}

impl Link {
    /// Refuses unless the link is good now for this.
    pub fn check(&self, purpose: LinkPurpose, now: Instant) -> Result<(), AccountRefused> {
        match self {
            link if link.purpose != purpose => Err(AccountRefused::LinkUnknown),
            link if link.used_at.is_some() => Err(AccountRefused::LinkSpent),
            link if link.expires_at <= now => Err(AccountRefused::LinkExpired),
            _ => Ok(()),
        }
    }
}

/// A live session, for its owner's eyes.
#[derive(Debug, Clone)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// When it began.
    pub created_at: Instant,
    /// When it was last renewed.
    pub last_used_at: Instant,
}

refusals! {
    /// Why something about accounts was refused.
    pub enum AccountRefused {
        /// No such link was ever sent.
        LinkUnknown => (unprocessable, "link.unknown", "This link is not one of ours. Open the newest mail and use its link whole."),
        /// The link was used.
        LinkSpent => (conflict, "link.spent", "This link has been used. Sign in, or ask for a new link."),
        /// The link is too old.
        LinkExpired => (conflict, "link.expired", "This link is too old. Ask for a new one."),
        /// Another account has the address.
        EmailTaken => (conflict, "person.email_taken", "There is an account with this email address already."),
        /// The role is not one of that kind of organisation.
        RoleUnfit { role: &'static str, kind: &'static str } => (unprocessable, "person.role_unfit", "“{role}” is no role in this organisation ({kind})."),
        /// Somebody would shut themselves out.
        Oneself => (conflict, "person.oneself", "You can't deactivate your own account. Ask a colleague."),
        /// It is so already.
        StateUnfit { state: PersonState } => (conflict, "person.state_unfit", "That can't be done with an account in the state “{}”.", state.label()),
        /// The authority is in the cooperative.
        AlreadyMember => (conflict, "authority.already_member", "This authority is a member of the cooperative already."),
        /// No authority has the code.
        AuthorityUnknown => (unprocessable, "authority.unknown", "No English authority with children's services has this GSS code."),
        /// The provider is registered.
        ProviderRegistered => (conflict, "provider.already_registered", "A provider with this number is registered. Ask your colleagues there to invite you."),
    }
}

/// Somebody to invite.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPerson {
    /// Where they work.
    pub organisation_id: OrganisationId,
    /// Their name.
    pub name: PersonName,
    /// Where the link to join is mailed.
    pub email: Email,
    /// What they may do.
    pub role: Role,
}

/// A provider that wants to be known: told once, for every cooperative.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "a_number", skip_on_field_errors = false))]
pub struct NewProvider {
    /// Its name, as registered.
    #[validate(length(min = 1, max = 200), custom(function = "crate::values::text::name"))]
    #[schema(example = "Acorn Care Ltd", min_length = 1, max_length = 200)]
    pub name: String,
    /// Its number at Companies House.
    pub company_number: Option<CompanyNumber>,
    /// Its number at the Charity Commission.
    pub charity_number: Option<CharityNumber>,
    /// Who will look after its account.
    #[validate(nested)]
    pub person: NewProviderPerson,
}

/// Who will look after a provider's account.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProviderPerson {
    /// Their name.
    pub name: PersonName,
    /// Where the link to join is mailed.
    pub email: Email,
}

fn a_number(provider: &NewProvider) -> Result<(), ValidationError> {
    if provider.company_number.is_some() || provider.charity_number.is_some() {
        return Ok(());
    }
    let mut error =
        ValidationError::new("provider.number_missing").with_message("is needed, or else the charity number".into());
    error.add_param("field".into(), &"company_number");
    Err(error)
}

/// An authority to take into the cooperative.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAuthority {
    /// Its GSS code.
    #[validate(length(equal = 9, message = "must be a GSS code, such as E06000038"))]
    #[schema(example = "E06000038")]
    pub gss_code: String,
    /// First day of its membership; today when absent.
    #[validate(custom(function = "crate::values::checks::day"))]
    pub member_from: Option<NaiveDate>,
}

/// Which organisations a person may invite into: an operator into the cooperative and the authorities that it looks after, a provider
/// administrator into their own.
pub fn may_invite_into(actor: &Actor, organisation: &Organisation, is_looked_after: bool) -> Result<()> {
    let reaches = organisation.id == actor.organisation_id
        || (actor.role == Role::Operator && organisation.kind == OrganisationKind::Authority && is_looked_after);
    if reaches {
        Ok(())
    } else {
        Err(Error::NotFound("organisation"))
    }
}

/// How many sign-ins may fail for one account from one address before it has to wait.
const FREE_FAILURES: i32 = 5;

/// How long after so many failures in a row: a minute, doubling, at most a quarter of an hour.
pub fn wait_after(failures: i32) -> Option<Duration> {
    let over = failures - FREE_FAILURES;
    (over >= 0).then(|| Duration::minutes(2_i64.pow(over.clamp(0, 4).unsigned_abs()).min(15)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_grows_and_ends() {
        let minutes: Vec<Option<i64>> = (3..12).map(|n| wait_after(n).map(|wait| wait.num_minutes())).collect();
        assert_eq!(
            minutes,
            [
                None,
                None,
                Some(1),
                Some(2),
                Some(4),
                Some(8),
                Some(15),
                Some(15),
                Some(15)
            ]
        );
    }

    #[test]
    fn a_link_is_good_once_in_time_and_for_its_purpose() {
        let now: Instant = "2026-03-04T12:00:00Z".parse().unwrap();
        let link = Link {
            id: LinkId::new(now),
            person_id: PersonId::new(now),
            purpose: LinkPurpose::Join,
            subject: None,
            expires_at: now.plus(Duration::days(7)),
            used_at: None,
        };
        assert_eq!(link.check(LinkPurpose::Join, now), Ok(()));
        assert_eq!(link.check(LinkPurpose::Reset, now), Err(AccountRefused::LinkUnknown));
        assert_eq!(
            link.check(LinkPurpose::Join, now.plus(Duration::days(7))),
            Err(AccountRefused::LinkExpired)
        );
        let used = Link {
            used_at: Some(now),
            ..link
        };
        assert_eq!(used.check(LinkPurpose::Join, now), Err(AccountRefused::LinkSpent));
    }
}

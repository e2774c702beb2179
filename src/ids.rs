//! One newtype an identifier, so that a home's id can't be given where a bid's is wanted. Each is a UUID of version 7:
//! it sorts by the moment it was made, which is what the keyset lists rely on.

use crate::clock::Instant;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;
use std::sync::Mutex;
use uuid::{ContextV7, Timestamp, Uuid};

/// Keeps identifiers of the same millisecond in the order they were made.
static CONTEXT: Mutex<ContextV7> = Mutex::new(ContextV7::new());

/// A fresh identifier for something that comes to be at `now`.
fn mint(now: Instant) -> Uuid {
    let micros = now.unix_micros();
    let seconds = u64::try_from(micros.div_euclid(1_000_000)).unwrap_or(0);
    let nanos = u32::try_from(micros.rem_euclid(1_000_000) * 1_000).unwrap_or(0);
    let context = CONTEXT.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    Uuid::new_v7(Timestamp::from_unix(&*context, seconds, nanos))
}

/// An id for a call, as logs and problems show it.
pub fn request_id(now: Instant) -> String {
    mint(now).simple().to_string()
}

/// The text is not an identifier.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("must be an id, such as 0198b0a4-5c2e-7c3a-9d2f-0123456789ab")]
pub struct NotAnId;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// A fresh identifier for something that comes to be at `now`.
            pub fn new(now: Instant) -> Self {
                Self(mint(now))
            }
            /// The identifier as a UUID.
            pub fn uuid(self) -> Uuid {
                self.0
            }
        }
        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }
        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                text.parse().map(Self).map_err(|_| NotAnId)
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&self.0)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)))
                    .examples([serde_json::Value::from(EXAMPLE)])
                    .into()
            }
        }
        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
        }
        $crate::db::id_column!($name);
    )*};
}

/// An identifier as it looks.
pub const EXAMPLE: &str = "0198b0a4-5c2e-7c3a-9d2f-0123456789ab";

ids! {
    /// A person who signs in.
    PersonId
    /// A cooperative, an authority or a provider.
    OrganisationId
    /// A signed-in session.
    SessionId
    /// One refresh token of a session.
    RefreshTokenId
    /// A mailed one-time link.
    LinkId
    /// A framework.
    FrameworkId
    /// A lot of a framework.
    LotId
    /// A quality standard of a framework.
    StandardId
    /// A published contract version of a framework.
    ContractVersionId
    /// A provider's acceptance of a contract version.
    AcceptanceId
    /// An application to lots of a framework.
    ApplicationId
    /// A provider's admission to a lot.
    AdmissionId
    /// One change of an admission.
    AdmissionChangeId
    /// A home.
    HomeId
    /// An inspection of a home.
    InspectionId
    /// A vacancy.
    VacancyId
    /// A price of a home on a lot.
    PriceId
    /// A placement request.
    PlacementRequestId
    /// A criterion of a placement request.
    CriterionId
    /// A question about a placement request.
    QuestionId
    /// A recorded extension of a deadline.
    ExtensionId
    /// A recorded confirmation of what the screening found.
    ConfirmationId
    /// An invitation to bid.
    InvitationId
    /// A decline in place of a bid.
    DeclineId
    /// A bid.
    BidId
    /// A score.
    ScoreId
    /// An evaluator's declaration on conflicts of interest.
    DeclarationId
    /// An award.
    AwardId
    /// An approval that an award needs.
    ApprovalId
    /// A letter of an award.
    LetterId
    /// Something that is due by law or rule.
    DueItemId
    /// A placement.
    PlacementId
    /// A version of a placement's terms.
    VariationId
    /// Something that happened.
    EventId
    /// A notification to a person.
    NotificationId
    /// A mail to a person.
    MailId
    /// An entry of the audit log.
    AuditEventId
}

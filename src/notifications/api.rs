//! One's own notifications and alert preferences; for operators, the mails.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::actions;
use super::rules::{AlertPreference, MailRefused, MailState, Template};
use super::store::{self, MailRow, Mailing, MailsWanted, NotificationRow};
use crate::access::{Actor, CooperativeUser, Permission};
use crate::clock::Instant;
use crate::ids::{MailId, NotificationId, PersonId};
use crate::web::{Answer, Body, ByAge, Door, Id, NoBody, Page, Query, Reply, Routes};

/// Registers the slice's operations.
pub fn routes(r: &mut Routes) {
    r.tag(
        "notifications",
        "What happened and concerns you; for operators, the mails that tell it.",
    );
    r.get("/notifications", list)
        .summary("My notifications")
        .may(Permission::OwnNotifications)
        .query::<NotificationFilter>()
        .lists::<NotificationView>();
    r.post("/notifications/{id}/read", read)
        .summary("Note that I have read one")
        .may(Permission::OwnNotifications)
        .answers::<NotificationView>(200);
    r.post("/notifications/read-all", read_all)
        .summary("Note that I have read them all")
        .may(Permission::OwnNotifications)
        .answers_nothing(204);
    r.get("/me/alert-preferences", preferences)
        .summary("How I want market news by email")
        .may(Permission::OwnNotifications)
        .answers::<AlertPreferences>(200);
    r.put("/me/alert-preferences", prefer)
        .summary("Choose how I want market news by email")
        .description(
            "At once, in a daily digest at 7 in the morning, or not by email. What concerns one's own bid, application, \
             award or account is always mailed at once.",
        )
        .may(Permission::OwnNotifications)
        .body::<NewAlertPreferences>()
        .answers::<AlertPreferences>(200);
    r.get("/mails", mails)
        .summary("Mails and where they stand")
        .description("Those about the cooperative's frameworks, and those about the accounts of its people, members and providers.")
        .may(Permission::ManageMails)
        .query::<MailFilter>()
        .lists::<MailView>();
    r.get("/mails/counts", counts)
        .summary("How many mails are in each state")
        .may(Permission::ManageMails)
        .answers::<MailCounts>(200);
    r.post("/mails/{id}/resend", resend)
        .summary("Send a mail again that was given up")
        .may(Permission::ManageMails)
        .answers::<MailView>(200)
        .refuses(MailRefused::CODES);
}

/// Which notifications are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct NotificationFilter {
    /// Only those not read yet, or only those read.
    unread: Option<bool>,
    /// The order; `newest` when absent.
    #[param(inline)]
    sort: Option<ByAge>,
}

/// Something that happened and concerns a person.
#[derive(Debug, Serialize, ToSchema)]
pub struct NotificationView {
    /// Its id.
    pub id: NotificationId,
    /// The kind of event.
    #[schema(example = "request_published")]
    pub event: String,
    /// What happened, in a line.
    #[schema(example = "Invitation to bid: R-7F3K")]
    pub subject: String,
    /// Where it leads: a path of the pages.
    #[schema(example = "/placement-requests/0198b0a4-5c2e-7c3a-9d2f-0123456789ab")]
    pub link: String,
    /// When it happened.
    pub created_at: Instant,
    /// When it was read.
    pub read_at: Option<Instant>,
}

impl From<NotificationRow> for NotificationView {
    fn from(row: NotificationRow) -> Self {
        Self {
            id: row.id,
            event: row.kind,
            subject: row.subject,
            link: row.link,
            created_at: row.created_at,
            read_at: row.read_at,
        }
    }
}

async fn list(door: Door<Actor>, page: Page, filter: Query<NotificationFilter>) -> Reply {
    door.read(move |tx, actor| {
        let order = filter.sort.unwrap_or(ByAge::Newest);
        let part = store::notifications(tx, actor.person_id, filter.unread, order, &page)?;
        Answer::ok(part.map(NotificationView::from))
    })
    .await
}

async fn read(door: Door<Actor>, id: Id<NotificationId>, _none: NoBody) -> Reply {
    door.write(move |tx, actor| Answer::ok(NotificationView::from(actions::read(tx, actor, *id)?)))
        .await
}

async fn read_all(door: Door<Actor>, _none: NoBody) -> Reply {
    door.write(move |tx, actor| {
        actions::read_all(tx, actor)?;
        Answer::none()
    })
    .await
}

/// How market news is wanted.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAlertPreferences {
    /// News of the market: invitations, frameworks, reminders.
    pub market_news: AlertPreference,
}

/// How a person wants market news.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlertPreferences {
    /// News of the market: invitations, frameworks, reminders.
    pub market_news: AlertPreference,
    /// The version of the person's account.
    pub version: i64,
}

async fn preferences(door: Door<Actor>) -> Reply {
    door.read(move |tx, actor| {
        let (market_news, version) = store::preference(tx, actor.person_id)?;
        Ok(Answer::ok(AlertPreferences { market_news, version })?.version(version))
    })
    .await
}

async fn prefer(door: Door<Actor>, body: Body<NewAlertPreferences>) -> Reply {
    let if_match = door.if_match()?;
    let market_news = body.market_news;
    door.write(move |tx, actor| {
        let version = actions::prefer(tx, actor, market_news, if_match)?;
        Ok(Answer::ok(AlertPreferences { market_news, version })?.version(version))
    })
    .await
}

/// Which mails are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MailFilter {
    /// Only those that stand so; `given_up` are those that wait for an operator.
    state: Option<MailState>,
    /// The order; `newest` when absent.
    #[param(inline)]
    sort: Option<ByAge>,
}

/// A mail, and where it stands; not what it says.
#[derive(Debug, Serialize, ToSchema)]
pub struct MailView {
    /// Its id.
    pub id: MailId,
    /// Whom it tells.
    pub person_id: PersonId,
    /// The recipient's address.
    #[schema(example = "bids@provider.example")]
    pub to: String,
    /// By which text.
    pub template: Template,
    /// Its subject.
    #[schema(example = "Invitation to bid: R-7F3K")]
    pub subject: String,
    /// Its Message-ID: the same at every attempt.
    pub message_id: String,
    /// Where it stands.
    pub state: MailState,
    /// How often it was tried.
    pub attempts: i32,
    /// When it is tried again; null when it is not.
    pub next_attempt_at: Option<Instant>,
    /// What the last attempt that failed met with.
    pub last_error: Option<String>,
    /// When it was written.
    pub created_at: Instant,
    /// When the relay took it.
    pub sent_at: Option<Instant>,
    /// Its version.
    pub version: i64,
}

impl From<MailRow> for MailView {
    fn from(row: MailRow) -> Self {
        Self {
            id: row.id,
            person_id: row.person_id,
            to: row.to_address,
            template: row.template,
            subject: row.subject,
            message_id: row.message_id,
            state: row.state,
            attempts: row.attempts,
            next_attempt_at: matches!(row.state, MailState::Queued | MailState::Sending).then_some(row.next_attempt_at),
            last_error: row.last_error,
            created_at: row.created_at,
            sent_at: row.sent_at,
            version: row.version,
        }
    }
}

async fn mails(door: Door<CooperativeUser>, page: Page, filter: Query<MailFilter>) -> Reply {
    door.read(move |tx, actor| {
        let wanted = MailsWanted {
            state: filter.state,
            sort: filter.sort,
            ..MailsWanted::default()
        };
        let part = store::mails(tx, Mailing::Of(actor.organisation_id), &wanted, &page)?;
        Answer::ok(part.map(MailView::from))
    })
    .await
}

/// How many mails are in each state.
#[derive(Debug, Serialize, ToSchema)]
pub struct MailCounts {
    /// Waiting for their turn, the first or another.
    pub queued: i64,
    /// On their way.
    pub sending: i64,
    /// Taken by the relay.
    pub sent: i64,
    /// Given up: they wait for an operator.
    pub given_up: i64,
    /// Waiting for a daily digest.
    pub held: i64,
    /// Told in a digest.
    pub digested: i64,
}

async fn counts(door: Door<CooperativeUser>) -> Reply {
    door.read(move |tx, actor| {
        let counts = store::counts(tx, Mailing::Of(actor.organisation_id))?;
        let of = |state| counts.get(&state).copied().unwrap_or(0);
        Answer::ok(MailCounts {
            queued: of(MailState::Queued),
            sending: of(MailState::Sending),
            sent: of(MailState::Sent),
            given_up: of(MailState::GivenUp),
            held: of(MailState::Held),
            digested: of(MailState::Digested),
        })
    })
    .await
}

async fn resend(door: Door<CooperativeUser>, id: Id<MailId>, _none: NoBody) -> Reply {
    door.write(move |tx, actor| {
        let mail = MailView::from(actions::resend(tx, actor, *id)?);
        let version = mail.version;
        Ok(Answer::ok(mail)?.version(version))
    })
    .await
}

use std::collections::HashSet;

use crate::access::envelope;
use crate::accounts::{self, LinkPurpose};
use crate::config::{Config, SecretKey};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{EventId, MailId, NotificationId, PersonId};
use crate::notifications::rules::{self, Delivery, Facts, Importance, MailState, Notice, Page, Story};
use crate::notifications::store::{self, NewMail, NewNotification, Recipient};
use crate::notifications::templates::{self, Letter, Written};
use crate::outbox::Event;

/// What stands in a kept mail where its one-time token will stand.
pub(super) const PLACE_OF_TOKEN: &str = "%TOKEN%";

/// What the tokens that wait in mails are encrypted under.
pub(super) const TOKENS: &str = "tokens-in-mails";

/// What waits for a worker.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// The events that are due, oldest first.
    pub events: Vec<EventId>,
    /// Whether a mail is due.
    pub mails: bool,
}

/// What waits just now; of the events, at most so many. Reads only: an idle worker disturbs nobody.
pub fn waiting(tx: &mut Tx<'_>, most: i64) -> Result<Waiting> {
    Ok(Waiting {
        events: store::due(tx, most)?,
        mails: store::mails_are_due(tx)?,
    })
}

/// Tells of an event: a notification and a mail for everybody who must know, and the event marked as told, all of it or
/// nothing. Answers how many people were told; nothing when another worker has the event, or told it before.
pub fn tell(tx: &mut Tx<'_>, config: &Config, secret: &SecretKey, id: EventId) -> Result<Option<usize>> {
    let Some(event) = store::take(tx, id)? else {
        return Ok(None);
    };
    let told = match store::facts(tx, &event)? {
        Some(facts) => Telling::of(config, secret, id, event, facts).run(tx)?,
        None => 0,
    };
    store::mark_told(tx, id)?;
    Ok(Some(told))
}

/// Puts an event off that could not be told, or aside after many attempts. Answers whether it was put aside.
pub fn put_off(tx: &mut Tx<'_>, id: EventId, cause: &str) -> Result<bool> {
    let now = tx.now;
    let attempts = store::put_off(tx, id, cause, |attempts| {
        rules::event_retry(attempts).map(|wait| now.plus(wait))
    })?;
    Ok(attempts.is_some_and(|attempts| rules::event_retry(attempts).is_none()))
}

/// An event under way to those who must know.
struct Telling<'a> {
    config: &'a Config,
    secret: &'a SecretKey,
    id: EventId,
    event: Event,
    facts: Facts,
    notifications: Vec<NewNotification>,
    mails: Vec<NewMail>,
}

impl<'a> Telling<'a> {
    fn of(config: &'a Config, secret: &'a SecretKey, id: EventId, event: Event, facts: Facts) -> Self {
        Self {
            config,
            secret,
            id,
            event,
            facts,
            notifications: Vec::new(),
            mails: Vec::new(),
        }
    }

    /// Answers how many people were told.
    fn run(mut self, tx: &mut Tx<'_>) -> Result<usize> {
        if let Event::DigestDue { person_id, on } = self.event {
            self.facts.items = store::held_items(tx, person_id, rules::digest_moment(on))?;
            if self.facts.items.is_empty() {
                return Ok(0);
            }
        }
        let story = rules::story(&self.facts);
        let doer = self.facts.by;
        let mut told = HashSet::new();
        for notice in rules::notices(&self.event) {
            if notice.only.is_some_and(|condition| !condition.holds(&self.facts)) {
                continue;
            }
            for recipient in store::recipients(tx, notice.audience, &self.facts)? {
                if Some(recipient.person_id) != doer && told.insert(recipient.person_id) {
                    self.one(tx, *notice, &story, recipient)?;
                }
            }
        }
        store::insert_notifications(tx, &self.notifications)?;
        store::insert_mails(tx, &self.mails)?;
        if let (Event::DigestDue { person_id, on }, Some(digest)) = (&self.event, self.mails.first()) {
            store::digested(tx, *person_id, rules::digest_moment(*on), digest.id)?;
        }
        Ok(told.len())
    }

    fn one(&mut self, tx: &mut Tx<'_>, notice: Notice, story: &Story, recipient: Recipient) -> Result<()> {
        let written = self.write(notice, story, &recipient)?;
        if !notice.page.is_by_mail_alone() {
            self.notifications.push(NewNotification {
                id: NotificationId::new(tx.now),
                person_id: recipient.person_id,
                event_id: self.id,
                kind: self.event.kind(),
                subject: written.subject.clone(),
                link: format!("/{}", self.facts.path(notice.page, "")),
                created_at: tx.now,
            });
        }
        let state = match rules::delivery(notice.importance, recipient.preference) {
            Delivery::Now => MailState::Queued,
            Delivery::InDigest => MailState::Held,
            Delivery::None => return Ok(()),
        };
        let message_id = format!(
            "{}.{}@{}",
            self.id,
            recipient.person_id,
            self.config.mail.from.email.domain()
        );
        // A digest leads to the page instead, so it needs no link of its own.
        let token = match state {
            MailState::Queued => self.token(tx, recipient.person_id)?,
            _ => None,
        };
        let key = self.secret.derive(TOKENS);
        let seal = |token: String| envelope::seal(&key, message_id.as_bytes(), token.as_bytes());
        self.mails.push(NewMail {
            id: MailId::new(tx.now),
            person_id: recipient.person_id,
            event_id: self.id,
            cooperative_id: self.facts.cooperative,
            to_name: recipient.name,
            to_address: recipient.address,
            template: notice.template,
            subject: written.subject,
            text_body: written.text,
            html_body: written.html,
            link: self.link(notice.page),
            sealed_token: token.map(seal).transpose()?,
            message_id,
            state,
            next_attempt_at: tx.now,
            created_at: tx.now,
        });
        Ok(())
    }

    fn write(&self, notice: Notice, story: &Story, recipient: &Recipient) -> Result<Written> {
        let letter = Letter {
            name: &recipient.name,
            story,
            link: self.link(notice.page),
            confirm: self.config.server.link(&format!("vacancies/confirm/{PLACE_OF_TOKEN}")),
            site: self.config.server.public_url.as_str(),
            is_news: notice.importance == Importance::News,
            subject: String::new(),
        };
        templates::write(notice.template, letter).map_err(Error::internal)
    }

    fn link(&self, page: Page) -> String {
        self.config.server.link(&self.facts.path(page, PLACE_OF_TOKEN))
    }

    /// The token of the one-time link that this person's mail carries, where it carries one.
    fn token(&self, tx: &mut Tx<'_>, person: PersonId) -> Result<Option<String>> {
        match &self.event {
            Event::JoinLinkIssued {
                link_id, sealed_token, ..
            }
            | Event::PasswordResetRequested {
                link_id, sealed_token, ..
            } => accounts::unseal_token(self.secret, *link_id, sealed_token).map(Some),
            Event::VacancyStale { vacancy_id } => {
                let vacancy = Some(vacancy_id.to_string());
                let (_, token) = accounts::issue_link(tx, person, LinkPurpose::ConfirmVacancy, vacancy)?;
                Ok(Some(token))
            }
            _ => Ok(None),
        }
    }
}

//! The mails, for operators: where they stand, and sending again what was given up.

use crate::access::{CooperativeUser, Permission};
use crate::db::Tx;
use crate::error::Result;
use crate::ids::MailId;
use crate::notifications::actions;
use crate::notifications::rules::MailState;
use crate::notifications::store::{self, MailRow, Mailing, MailsWanted};
use crate::web::pages::{Choice, Desk, Form, Go, Html, Narrowing, PageDoor, Posted, capital, csv, filters};
use crate::web::{ByAge, Id, Page, Query, Reply, Routes};
use askama::Template;
use serde::Deserialize;

pub(super) fn routes(r: &mut Routes) {
    r.get("/mails", list).may(Permission::ManageMails);
    r.get("/mails.csv", download).may(Permission::ManageMails);
    r.post("/mails/{id}/resend", resend).may(Permission::ManageMails);
}

/// The most mails in a file.
const MOST_IN_A_FILE: i64 = 10_000;

/// Which mails are wanted.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct MailFilter {
    state: Option<MailState>,
    /// Only those to somebody whose name or address has this in it.
    to: Option<String>,
    sort: Option<ByAge>,
}

impl MailFilter {
    fn wanted(&self) -> MailsWanted {
        MailsWanted {
            state: self.state,
            to: self.to.clone(),
            sort: self.sort,
        }
    }

    fn is_set(&self) -> bool {
        self.state.is_some() || self.to.is_some()
    }
}

/// A mail, with the form that sends it again.
struct Mail {
    row: MailRow,
    resend: Option<Form>,
}

#[derive(Template)]
#[template(path = "notifications/mails.html")]
struct MailsPage {
    filter: MailFilter,
    counts: Vec<(MailState, i64)>,
    given_up: i64,
    mails: Vec<Mail>,
    narrowing: Narrowing,
}

fn mails_page(tx: &mut Tx<'_>, desk: &Desk<CooperativeUser>, filter: MailFilter, page: &Page) -> Result<Html> {
    let mailing = Mailing::Of(desk.organisation_id);
    let counts = store::counts(tx, mailing)?;
    let of = |state: MailState| counts.get(&state).copied().unwrap_or(0);
    let rows = store::mails(tx, mailing, &filter.wanted(), page)?;
    let mail = |row: MailRow| Mail {
        resend: (row.state == MailState::GivenUp)
            .then(|| desk.form(format!("/mails/{}/resend", row.id)).button("Send again")),
        row,
    };
    let page = MailsPage {
        filter,
        counts: MailState::ALL.iter().map(|state| (*state, of(*state))).collect(),
        given_up: of(MailState::GivenUp),
        mails: rows.items.into_iter().map(mail).collect(),
        narrowing: desk
            .narrowing()
            .select("state", "State", Choice::all::<MailState>())
            .search("to", "To")
            .sorted_by(ByAge::Newest)
            .next(rows.next),
    };
    Html::of("Mails", &page)
}

async fn list(visit: PageDoor<CooperativeUser>, filter: Query<MailFilter>, page: Page) -> Reply {
    visit.read(move |tx, desk| mails_page(tx, desk, filter.0, &page)).await
}

async fn download(visit: PageDoor<CooperativeUser>, filter: Query<MailFilter>) -> Reply {
    visit
        .download(move |tx, desk| {
            let all = Page {
                limit: MOST_IN_A_FILE,
                after: None,
            };
            let rows = store::mails(tx, Mailing::Of(desk.organisation_id), &filter.wanted(), &all)?.items;
            let row = |row: MailRow| {
                vec![
                    row.created_at.to_string(),
                    row.to_address,
                    row.template.label().to_owned(),
                    row.subject,
                    capital(row.state.label()),
                    row.attempts.to_string(),
                    row.last_error.unwrap_or_default(),
                    row.sent_at.map(|at| at.to_string()).unwrap_or_default(),
                ]
            };
            csv(
                "mails.csv",
                &[
                    "Written",
                    "To",
                    "About",
                    "Subject",
                    "State",
                    "Attempts",
                    "Last error",
                    "Sent",
                ],
                rows.into_iter().map(row),
            )
        })
        .await
}

async fn resend(visit: PageDoor<CooperativeUser>, id: Id<MailId>, posted: Posted) -> Reply {
    visit
        .write(
            posted,
            move |tx, desk, _| {
                let mail = actions::resend(tx, desk, *id)?;
                let given_up = format!("/mails?state={}", MailState::GivenUp);
                Ok(Go::to(given_up).saying(format!("The mail to {} is on its way again.", mail.to_address)))
            },
            |tx, desk| mails_page(tx, desk, MailFilter::default(), &Page::default()),
        )
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Instant;
    use crate::ids::PersonId;
    use crate::notifications::rules::Template as Text;
    use crate::web::pages::assert_shows;

    fn now() -> Instant {
        "2026-03-02T09:00:00Z".parse().unwrap()
    }

    fn mail(state: MailState, attempts: i32, last_error: Option<&str>) -> Mail {
        let row = MailRow {
            id: MailId::new(now()),
            person_id: PersonId::new(now()),
            to_address: "o'neil@acorn.example".to_owned(),
            template: Text::RequestPublished,
            subject: "You are invited to bid: lot <R1>".to_owned(),
            message_id: "<1@hearth.example>".to_owned(),
            state,
            attempts,
            next_attempt_at: now(),
            last_error: last_error.map(str::to_owned),
            created_at: now(),
            sent_at: None,
            version: 1,
        };
        Mail {
            row,
            resend: (state == MailState::GivenUp).then(|| Form::reader().button("Send again")),
        }
    }

    fn page(filter: MailFilter, given_up: i64, mails: Vec<Mail>) -> MailsPage {
        MailsPage {
            filter,
            counts: vec![(MailState::Sent, 40), (MailState::GivenUp, given_up)],
            given_up,
            mails,
            narrowing: Narrowing::of("/mails"),
        }
    }

    #[test]
    fn what_was_given_up_says_why_and_can_be_sent_again() {
        let given_up = mail(MailState::GivenUp, 32, Some("550 no such <user>"));
        let waits = mail(MailState::Queued, 1, Some("451 later"));
        let all = page(MailFilter::default(), 1, vec![given_up, waits]);
        let seen = [
            "1 mail was given up. See what the last attempt met with, and send it again when that is mended.",
            "<a href=\"/mails?state=given_up\">Show what was given up</a>",
            "<a href=\"/mails?state=sent\">Sent</a></th><td class=\"number\">40</td>",
            "<td>o&#39;neil@acorn.example</td><td>You are invited to bid: lot &#60;R1&#62;</td>",
            "<span class=\"tag red\">Given up</span> <p class=\"hint\">32 attempts: 550 no such &#60;user&#62;</p>",
            "<button>Send again</button>",
            "<span class=\"tag yellow\">Queued</span> <p class=\"hint\">1 attempt: 451 later</p>",
            "href=\"/mails.csv\"",
        ];
        assert_shows(&all, &seen, &["No mail was given up"]);
        assert_eq!(all.render().unwrap().matches("Send again").count(), 1);
        let many = page(MailFilter::default(), 3, Vec::new());
        assert_shows(&many, &["3 mails were given up.", "and send them again"], &[]);
    }

    #[test]
    fn every_state_has_its_colour_and_nothing_to_do_where_all_is_well() {
        let mails = MailState::ALL.iter().filter(|state| **state != MailState::GivenUp);
        let page = page(
            MailFilter::default(),
            0,
            mails.map(|state| mail(*state, 0, None)).collect(),
        );
        let seen = [
            "No mail was given up, of those that a cooperative sees.",
            "<span class=\"tag green\">Sent</span>",
            "<span class=\"tag yellow\">Being sent</span>",
            "<span class=\"tag grey\">Waiting for the daily digest</span>",
            "<span class=\"tag grey\">Told in a daily digest</span>",
        ];
        assert_shows(&page, &seen, &["Send again", "tag red", "attempt"]);
    }

    #[test]
    fn an_empty_list_says_whether_the_filter_empties_it() {
        let none = page(MailFilter::default(), 0, Vec::new());
        assert_shows(&none, &["No mail was written yet."], &["<caption>Mails</caption>"]);
        let held = MailFilter {
            state: Some(MailState::Held),
            ..MailFilter::default()
        };
        let filtered = page(held, 0, Vec::new());
        assert_shows(
            &filtered,
            &["No mail fits this filter. <a href=\"/mails\">Show all mails</a>"],
            &["was written yet"],
        );
    }
}

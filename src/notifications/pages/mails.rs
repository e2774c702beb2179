//! The mails, for operators: where they stand, and sending again what was given up.

use crate::access::{CooperativeUser, Permission};
use crate::db::Tx;
use crate::error::Result;
use crate::ids::MailId;
use crate::notifications::actions;
use crate::notifications::rules::MailState;
use crate::notifications::store::{self, MailRow, Mailing};
use crate::web::pages::{Choice, Desk, Form, Go, Html, Narrowing, PageDoor, Posted, csv, filters};
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
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct MailFilter {
    state: Option<MailState>,
    sort: Option<ByAge>,
}

impl MailFilter {
    fn order(self) -> ByAge {
        self.sort.unwrap_or(ByAge::Newest)
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
    let rows = store::mails(tx, mailing, filter.state, filter.order(), page)?;
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
            let rows = store::mails(
                tx,
                Mailing::Of(desk.organisation_id),
                filter.state,
                filter.order(),
                &all,
            )?
            .items;
            let row = |row: MailRow| {
                vec![
                    row.created_at.to_string(),
                    row.to_address,
                    row.template.label().to_owned(),
                    row.subject,
                    row.state.label().to_owned(),
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

//! What happened and concerns a person.

use crate::access::{Actor, Permission};
use crate::db::Tx;
use crate::error::Result;
use crate::ids::NotificationId;
use crate::notifications::actions;
use crate::notifications::store::{self, NotificationRow};
use crate::web::pages::{Choice, Desk, Form, Go, Html, Narrowing, PageDoor, Posted, csv, filters};
use crate::web::{ByAge, Id, Page, Query, Reply, Routes};
use askama::Template;
use serde::Deserialize;

pub(super) fn routes(r: &mut Routes) {
    r.get("/notifications", list).may(Permission::OwnNotifications);
    r.get("/notifications.csv", download).may(Permission::OwnNotifications);
    r.post("/notifications/read-all", read_all)
        .may(Permission::OwnNotifications);
    r.post("/notifications/{id}/read", read)
        .may(Permission::OwnNotifications);
}

/// The most notifications in a file.
const MOST_IN_A_FILE: i64 = 10_000;

/// Which notifications are wanted: those not read yet, unless others are asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Show {
    #[default]
    Unread,
    Read,
    All,
}

impl Show {
    fn unread(self) -> Option<bool> {
        match self {
            Self::Unread => Some(true),
            Self::Read => Some(false),
            Self::All => None,
        }
    }
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct NoticeFilter {
    #[serde(default)]
    show: Show,
    sort: Option<ByAge>,
}

impl NoticeFilter {
    fn order(self) -> ByAge {
        self.sort.unwrap_or(ByAge::Newest)
    }
}

/// A notification, with the form that notes that it was read.
struct Notice {
    row: NotificationRow,
    read: Option<Form>,
}

#[derive(Template)]
#[template(path = "notifications/notices.html")]
struct NoticesPage {
    show: Show,
    unread: i64,
    read_all: Form,
    notices: Vec<Notice>,
    narrowing: Narrowing,
}

fn notices_page(tx: &mut Tx<'_>, desk: &Desk<Actor>, filter: NoticeFilter, page: &Page) -> Result<Html> {
    let show = filter.show;
    let rows = store::notifications(tx, desk.person_id, show.unread(), filter.order(), page)?;
    let notice = |row: NotificationRow| Notice {
        read: row
            .read_at
            .is_none()
            .then(|| desk.form(format!("/notifications/{}/read", row.id))),
        row,
    };
    let page = NoticesPage {
        show,
        unread: store::unread(tx, desk.person_id)?,
        read_all: desk.form("/notifications/read-all").button("Mark all as read"),
        notices: rows.items.into_iter().map(notice).collect(),
        narrowing: desk
            .narrowing()
            .select(
                "show",
                "Show",
                vec![Choice::new("read", "Read"), Choice::new("all", "All")],
            )
            .otherwise("Not read yet")
            .sorted_by(ByAge::Newest)
            .next(rows.next),
    };
    Html::of("Notifications", &page)
}

async fn list(visit: PageDoor<Actor>, filter: Query<NoticeFilter>, page: Page) -> Reply {
    visit.read(move |tx, desk| notices_page(tx, desk, *filter, &page)).await
}

async fn download(visit: PageDoor<Actor>, filter: Query<NoticeFilter>) -> Reply {
    visit
        .download(move |tx, desk| {
            let all = Page {
                limit: MOST_IN_A_FILE,
                after: None,
            };
            let rows = store::notifications(tx, desk.person_id, filter.show.unread(), filter.order(), &all)?.items;
            let row = |row: NotificationRow| {
                let read = row.read_at.map(|at| at.to_string()).unwrap_or_default();
                vec![row.created_at.to_string(), row.subject, row.link, read]
            };
            csv(
                "notifications.csv",
                &["At", "What", "Where", "Read"],
                rows.into_iter().map(row),
            )
        })
        .await
}

/// Notes that one was read; whoever pressed its subject goes on to the thing.
async fn read(visit: PageDoor<Actor>, id: Id<NotificationId>, posted: Posted) -> Reply {
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let row = actions::read(tx, desk, *id)?;
                Ok(match posted.value("then") {
                    Some("open") => Go::to(row.link),
                    _ => Go::to("/notifications").saying("Marked as read."),
                })
            },
            |tx, desk| notices_page(tx, desk, NoticeFilter::default(), &Page::default()),
        )
        .await
}

async fn read_all(visit: PageDoor<Actor>, posted: Posted) -> Reply {
    visit
        .write(
            posted,
            |tx, desk, _| {
                actions::read_all(tx, desk)?;
                Ok(Go::to("/notifications").saying("All marked as read."))
            },
            |tx, desk| notices_page(tx, desk, NoticeFilter::default(), &Page::default()),
        )
        .await
}

//! What happened and concerns a person.

use crate::access::{Actor, Permission};
use crate::db::Tx;
use crate::error::Result;
use crate::ids::NotificationId;
use crate::notifications::actions;
use crate::notifications::rules::Topic;
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
    about: Option<Topic>,
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
    about: Option<Topic>,
    unread: i64,
    read_all: Form,
    notices: Vec<Notice>,
    narrowing: Narrowing,
}

fn notices_page(tx: &mut Tx<'_>, desk: &Desk<Actor>, filter: NoticeFilter, page: &Page) -> Result<Html> {
    let show = filter.show;
    let rows = store::notifications(tx, desk.person_id, show.unread(), filter.about, filter.order(), page)?;
    let notice = |row: NotificationRow| Notice {
        read: row
            .read_at
            .is_none()
            .then(|| desk.form(format!("/notifications/{}/read", row.id))),
        row,
    };
    let page = NoticesPage {
        show,
        about: filter.about,
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
            .select("about", "About", Choice::all::<Topic>())
            .otherwise("Everything")
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
            let rows = store::notifications(
                tx,
                desk.person_id,
                filter.show.unread(),
                filter.about,
                filter.order(),
                &all,
            )?
            .items;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Instant;
    use crate::web::pages::assert_shows;
    use chrono::Duration;

    fn now() -> Instant {
        "2026-03-02T09:00:00Z".parse().unwrap()
    }

    fn notice(is_read: bool) -> Notice {
        Notice {
            row: NotificationRow {
                id: NotificationId::new(now()),
                kind: "request_published".to_owned(),
                subject: "You are invited to bid: PR-2026-7KQ4MX, lot <R1>".to_owned(),
                link: "/placement-requests/1?a=1&b=2".to_owned(),
                created_at: now(),
                read_at: is_read.then(|| now().plus(Duration::hours(1))),
            },
            read: (!is_read).then(Form::reader),
        }
    }

    fn page(show: Show, unread: i64, notices: Vec<Notice>) -> NoticesPage {
        NoticesPage {
            show,
            about: None,
            unread,
            read_all: Form::reader().button("Mark all as read"),
            notices,
            narrowing: Narrowing::of("/notifications"),
        }
    }

    const SUBJECT: &str = "You are invited to bid: PR-2026-7KQ4MX, lot &#60;R1&#62;";

    #[test]
    fn what_is_new_is_opened_or_marked_as_read() {
        let open = format!("<button class=\"plain\" name=\"then\" value=\"open\">{SUBJECT}</button></form>");
        let mark = format!("Mark as read<span class=\"unseen\">: {SUBJECT}</span></button></form>");
        let seen = [
            "1 notification is not read yet.",
            "<button>Mark all as read</button>",
            &open,
            "<span class=\"tag yellow\">New</span>",
            &mark,
            "2 March 2026, 09:00 GMT",
            "href=\"/notifications.csv\"",
        ];
        let unseen = ["<a href=\"/placement-requests", "tag grey", "There is nothing new."];
        assert_shows(&page(Show::Unread, 1, vec![notice(false)]), &seen, &unseen);
    }

    #[test]
    fn what_was_read_is_a_link() {
        let link = format!("<a href=\"/placement-requests/1?a=1&#38;b=2\">{SUBJECT}</a>");
        let seen = [
            "You have read everything.",
            &link,
            "<span class=\"tag grey\">Read</span>",
        ];
        assert_shows(
            &page(Show::Read, 0, vec![notice(true)]),
            &seen,
            &["<button class=\"plain\"", "Mark all as read"],
        );
        let both = page(Show::All, 2, vec![notice(false), notice(true)]);
        assert_shows(
            &both,
            &["2 notifications are not read yet.", "tag yellow", "tag grey"],
            &[],
        );
    }

    #[test]
    fn an_empty_list_says_what_there_is_none_of() {
        for (show, said) in [
            (
                Show::Unread,
                "There is nothing new. <a href=\"/notifications?show=all\">",
            ),
            (Show::Read, "You have not read any yet."),
            (Show::All, "Nothing has happened yet that concerns you."),
        ] {
            assert_shows(&page(show, 0, Vec::new()), &[said], &["<li>", "Mark all as read"]);
        }
        let narrowed = NoticesPage {
            about: Some(Topic::Bids),
            ..page(Show::Unread, 3, Vec::new())
        };
        let said = "There is nothing new about this. <a href=\"/notifications?show=all&#38;about=bids\">";
        assert_shows(&narrowed, &[said], &["<li>"]);
    }
}

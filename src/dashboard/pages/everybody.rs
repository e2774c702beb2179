//! What is for everybody: what this is, help, accessibility, privacy.

use crate::access::{Anyone, Role, may};
use crate::dashboard::store::{self, OpenFramework};
use crate::db::Tx;
use crate::error::Result;
use crate::frameworks::rules::{AdmissionMode, ApplicationWindow};
use crate::web::pages::{Html, PageDoor, filters};
use crate::web::{Access, Reply, Routes};
use askama::Template;
use chrono::NaiveDate;
use std::collections::HashMap;
use std::sync::Arc;

pub(super) fn routes(r: &mut Routes) {
    r.get("/help", help).public();
    r.get("/accessibility", accessibility).public();
    r.get("/privacy", privacy).public();
}

/// When providers may join a framework.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joining {
    AtAnyTime,
    Until(NaiveDate),
    From(ApplicationWindow),
    NotNow,
}

impl Joining {
    fn of(open: &OpenFramework, today: NaiveDate) -> Self {
        let framework = &open.framework;
        match framework.application_window {
            _ if framework.ends_on < today => Self::NotNow,
            _ if framework.admission == AdmissionMode::Continuous => Self::AtAnyTime,
            Some(window) if window.opens_on > today => Self::From(window),
            Some(window) if window.closes_on >= today => Self::Until(window.closes_on),
            _ => Self::NotNow,
        }
    }
}

#[derive(Template)]
#[template(path = "dashboard/welcome.html")]
struct WelcomePage {
    frameworks: Vec<(OpenFramework, Joining)>,
}

/// What this is, for somebody who has not signed in.
pub(super) fn welcome(tx: &mut Tx<'_>) -> Result<Html> {
    let today = tx.now.date_in_uk();
    let open = store::open_frameworks(tx)?.into_iter();
    let frameworks = open
        .filter(|open| open.framework.ends_on >= today)
        .map(|open| {
            let joining = Joining::of(&open, today);
            (open, joining)
        })
        .collect();
    Html::of("Homes for children in care", &WelcomePage { frameworks })
}

/// Whom a chapter of the help is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Chapter {
    Provider,
    Commissioner,
    Approver,
    Operator,
    Auditor,
}

impl Chapter {
    const ALL: [Self; 5] = [
        Self::Provider,
        Self::Commissioner,
        Self::Approver,
        Self::Operator,
        Self::Auditor,
    ];

    fn of(role: Role) -> Self {
        match role {
            Role::ProviderAdmin | Role::Bidder => Self::Provider,
            Role::Commissioner => Self::Commissioner,
            Role::Approver => Self::Approver,
            Role::Operator => Self::Operator,
            Role::Auditor => Self::Auditor,
        }
    }

    fn id(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::Commissioner => "commissioner",
            Self::Approver => "approver",
            Self::Operator => "operator",
            Self::Auditor => "auditor",
        }
    }

    fn heading(self) -> &'static str {
        match self {
            Self::Provider => "For providers: administrators and bidders",
            Self::Commissioner => "For commissioners of local authorities",
            Self::Approver => "For approvers of local authorities",
            Self::Operator => "For operators of a cooperative",
            Self::Auditor => "For auditors",
        }
    }
}

#[derive(Template)]
#[template(path = "dashboard/help.html")]
struct HelpPage {
    role: Option<Role>,
    chapters: Vec<Chapter>,
    access: Arc<HashMap<(String, String), Access>>,
}

impl HelpPage {
    /// The reader's own chapter comes first.
    fn for_role(role: Option<Role>, access: Arc<HashMap<(String, String), Access>>) -> Self {
        let mut chapters = Chapter::ALL.to_vec();
        if let Some(own) = role.map(Chapter::of) {
            chapters.sort_by_key(|chapter| *chapter != own);
        }
        Self { role, chapters, access }
    }

    /// These words, a link for readers who may open the page that it leads to.
    fn to(&self, path: &str, words: &str) -> String {
        let page = ("GET".to_owned(), path.to_owned());
        let opens = match (self.access.get(&page), self.role) {
            (Some(Access::Public), _) | (Some(Access::SignedIn), Some(_)) => true,
            (Some(Access::May(permission)), Some(role)) => may(role, *permission),
            _ => false,
        };
        if opens {
            format!("<a href=\"{path}\">{words}</a>")
        } else {
            words.to_owned()
        }
    }
}

async fn help(visit: PageDoor<Anyone>) -> Reply {
    let access = visit.app.access.clone();
    visit
        .read(move |_, desk| {
            let role = desk.actor.as_ref().map(|actor| actor.role);
            Html::of("Help", &HelpPage::for_role(role, access))
        })
        .await
}

#[derive(Template)]
#[template(path = "dashboard/accessibility.html")]
struct AccessibilityPage;

async fn accessibility(visit: PageDoor<Anyone>) -> Reply {
    visit
        .read(|_, _| Html::of("Accessibility statement", &AccessibilityPage))
        .await
}

#[derive(Template)]
#[template(path = "dashboard/privacy.html")]
struct PrivacyPage {
    session_hours: i64,
}

async fn privacy(visit: PageDoor<Anyone>) -> Reply {
    visit
        .read(|_, _| {
            let session_hours = crate::accounts::rules::PAGES_LIFETIME.num_hours();
            Html::of("Privacy notice", &PrivacyPage { session_hours })
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Permission;
    use crate::frameworks::rules::Framework;
    use crate::placement_requests::rules::samples;
    use crate::web::pages::assert_shows;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn open(window: Option<(&str, &str)>) -> OpenFramework {
        let framework = samples::framework(&samples::draft().0);
        OpenFramework {
            framework: Framework {
                title: "Homes & <schools>".to_owned(),
                admission: window.map_or(AdmissionMode::Continuous, |_| AdmissionMode::Windowed),
                application_window: window.map(|(opens_on, closes_on)| ApplicationWindow {
                    opens_on: day(opens_on),
                    closes_on: day(closes_on),
                }),
                ..framework
            },
            cooperative: "South East <Care>".to_owned(),
            lots: vec![("R1".to_owned(), "Children's homes".to_owned())],
        }
    }

    #[test]
    fn whoever_comes_by_reads_which_frameworks_can_be_joined_and_when() {
        let window = Some(("2026-11-22", "2026-12-31"));
        for (window, today, said) in [
            (None, "2026-11-22", "green\">Open to join at any time</span>"),
            (
                window,
                "2026-11-22",
                "green\">Open to join until 31 December 2026</span>",
            ),
            (
                window,
                "2026-12-31",
                "green\">Open to join until 31 December 2026</span>",
            ),
            (
                window,
                "2026-11-21",
                "yellow\">Open to join from 22 November 2026 to 31 December 2026</span>",
            ),
            (window, "2027-01-01", "grey\">Not open to join now</span>"),
            (None, "2030-03-01", "grey\">Not open to join now</span>"),
        ] {
            let open = open(window);
            let joining = Joining::of(&open, day(today));
            let page = WelcomePage {
                frameworks: vec![(open, joining)],
            };
            let seen = [
                said,
                "<h3>Homes &#38; &#60;schools&#62;</h3>",
                "SE-RES-1, South East &#60;Care&#62;<br>1 March 2026 to 28 February 2030</p>",
                "<li>R1: Children&#39;s homes</li>",
                "<a class=\"button\" href=\"/sign-in\">",
            ];
            assert_shows(&page, &seen, &["<schools>", "<Care>", "No framework is open just now."]);
        }
        let none = WelcomePage { frameworks: Vec::new() };
        assert_shows(
            &none,
            &["No framework is open just now.", "href=\"/register\""],
            &["<h3>", "SE-RES-1"],
        );
    }

    #[test]
    fn what_the_law_asks_to_be_said_is_said() {
        let seen = [
            "level AA of the Web Content Accessibility Guidelines 2.2",
            "Tell the regional care cooperative",
            "Equality Advisory and Support Service",
        ];
        assert_shows(&AccessibilityPage, &seen, &[]);
        let seen = [
            "<code>hearth_session</code></th><td>Keeps you signed in</td><td>Until you sign out or close the browser, at most 12 hours</td>",
            "UK GDPR, article 6(1)(e)",
            "Information Commissioner’s Office",
        ];
        assert_shows(&PrivacyPage { session_hours: 12 }, &seen, &[]);
    }

    fn help(role: Option<Role>) -> HelpPage {
        let pages = [
            ("/reset", Access::Public),
            ("/", Access::Public),
            ("/me/alerts", Access::SignedIn),
            ("/mails", Access::May(Permission::ManageMails)),
            ("/placement-requests/new", Access::May(Permission::WriteRequests)),
        ];
        let access = pages.map(|(path, access)| (("GET".to_owned(), path.to_owned()), access));
        HelpPage::for_role(role, Arc::new(access.into()))
    }

    #[test]
    fn ones_own_help_comes_first_and_every_chapter_is_there() {
        let html = help(Some(Role::Bidder)).render().unwrap();
        assert_eq!(html.matches("<h2").count(), Chapter::ALL.len() + 1);
        let first = |html: &str| html.find("id=\"provider\"") < html.find("id=\"commissioner\"");
        assert!(first(&html));
        assert!(html.contains("<div id=\"your-role\"><h2 id=\"provider\">"));
        assert_eq!(html.matches("id=\"your-role\"").count(), 1);
        let theirs = help(Some(Role::Commissioner)).render().unwrap();
        assert!(!first(&theirs));
        assert!(theirs.contains("<div id=\"your-role\"><h2 id=\"commissioner\">"));
        assert!(!help(None).render().unwrap().contains("your-role"));
    }

    #[test]
    fn help_links_only_to_where_its_reader_may_go() {
        let [alerts, request, mails] = [
            "<a href=\"/me/alerts\">",
            "<a href=\"/placement-requests/new\">",
            "<a href=\"/mails\">",
        ];
        let reset = "<a href=\"/reset\">";
        assert_shows(&help(Some(Role::Commissioner)), &[reset, alerts, request], &[mails]);
        assert_shows(&help(Some(Role::Operator)), &[reset, alerts, mails], &[request]);
        assert_shows(&help(None), &[reset, "A new request asks"], &[alerts, request, mails]);
    }
}

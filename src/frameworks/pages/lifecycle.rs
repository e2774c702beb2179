//! Opening, suspending, resuming and closing a framework, each after a page that says what will happen.

use super::tag;
use crate::access::{CooperativeUser, Permission};
use crate::db::Tx;
use crate::error::Result;
use crate::frameworks::api::SuspendFramework;
use crate::frameworks::rules::Framework;
use crate::frameworks::{actions, store};
use crate::ids::FrameworkId;
use crate::web::pages::{Desk, Form, Go, Html, PageDoor, Posted, Tag};
use crate::web::{Id, Reply, Routes};
use askama::Template;

pub(super) fn routes(r: &mut Routes) {
    r.get("/frameworks/{id}/open", show_open)
        .may(Permission::ManageFrameworks);
    r.post("/frameworks/{id}/open", open).may(Permission::ManageFrameworks);
    r.get("/frameworks/{id}/suspend", show_suspend)
        .may(Permission::ManageFrameworks);
    r.post("/frameworks/{id}/suspend", suspend)
        .may(Permission::ManageFrameworks);
    r.get("/frameworks/{id}/resume", show_resume)
        .may(Permission::ManageFrameworks);
    r.post("/frameworks/{id}/resume", resume)
        .may(Permission::ManageFrameworks);
    r.get("/frameworks/{id}/close", show_close)
        .may(Permission::ManageFrameworks);
    r.post("/frameworks/{id}/close", close)
        .may(Permission::ManageFrameworks);
}

/// A step in the life of a framework.
#[derive(Debug, Clone, Copy)]
enum Step {
    Open,
    Suspend,
    Resume,
    Close,
}

impl Step {
    fn path(self, id: FrameworkId) -> String {
        let verb = match self {
            Self::Open => "open",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Close => "close",
        };
        format!("/frameworks/{id}/{verb}")
    }

    fn question(self, reference: &str) -> String {
        match self {
            Self::Open => format!("Open {reference}?"),
            Self::Suspend => format!("Suspend {reference}?"),
            Self::Resume => format!("Resume {reference}?"),
            Self::Close => format!("Close {reference} for good?"),
        }
    }

    /// What will happen.
    fn consequences(self) -> &'static [&'static str] {
        match self {
            Self::Open => &[
                "Every member authority and every provider can read it from now on, and they are told.",
                "Its reference, procurement route, first day and way of admission are fixed, and so are its standards and what each lot buys. Standards may still be added, for applications submitted from then on.",
                "It can’t become a draft again.",
            ],
            Self::Suspend => &[
                "No application is taken and nothing new is called off until you resume it.",
                "Competitions that were published and placements that were agreed run on.",
                "Members and providers are told, with your reason.",
            ],
            Self::Resume => &[
                "Applications are taken and homes called off again, as its term and its window allow.",
                "Members and providers are told.",
            ],
            Self::Close => &[
                "Nothing more is applied for or called off under it. This can’t be undone.",
                "Competitions that were published and placements that were agreed run on.",
                "Members and providers are told.",
            ],
        }
    }

    fn form(self, desk: &Desk<CooperativeUser>, framework: &Framework) -> Form {
        let form = desk.form(self.path(framework.id)).version(framework.version);
        match self {
            Self::Open => form.button("Open this framework"),
            Self::Suspend => form
                .area("reason", "Why", 4)
                .hint("Members and providers read this")
                .button("Suspend this framework")
                .warning(),
            Self::Resume => form.button("Resume this framework"),
            Self::Close => form.button("Close this framework for good").warning(),
        }
    }
}

#[derive(Template)]
#[template(path = "frameworks/step.html")]
struct StepPage {
    question: String,
    framework: Framework,
    tag: Tag,
    consequences: &'static [&'static str],
    /// Where it is a draft: its lots, standards and contract versions.
    parts: Option<(usize, usize, usize)>,
    form: Form,
}

fn page(tx: &mut Tx<'_>, desk: &Desk<CooperativeUser>, id: FrameworkId, step: Step) -> Result<Html> {
    let framework = actions::framework_seen_by(tx, desk, id)?;
    let parts = match step {
        Step::Open => Some((
            store::lots(tx, id)?.len(),
            store::standards(tx, id)?.len(),
            store::contract_versions(tx, id)?.len(),
        )),
        _ => None,
    };
    let question = step.question(&framework.reference);
    let page = StepPage {
        form: step.form(desk, &framework),
        tag: tag(framework.state),
        consequences: step.consequences(),
        parts,
        question: question.clone(),
        framework,
    };
    Html::of(question, &page)
}

async fn show_open(visit: PageDoor<CooperativeUser>, id: Id<FrameworkId>) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id, Step::Open)).await
}

async fn open(visit: PageDoor<CooperativeUser>, id: Id<FrameworkId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                actions::open(tx, desk, id, posted.version())?;
                Ok(Go::to(format!("/frameworks/{id}")).saying("The framework is open."))
            },
            move |tx, desk| page(tx, desk, id, Step::Open),
        )
        .await
}

async fn show_suspend(visit: PageDoor<CooperativeUser>, id: Id<FrameworkId>) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id, Step::Suspend)).await
}

async fn suspend(visit: PageDoor<CooperativeUser>, id: Id<FrameworkId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let framework = actions::framework_seen_by(tx, desk, id)?;
                let body: SuspendFramework = Step::Suspend.form(desk, &framework).read(posted)?;
                actions::suspend(tx, desk, id, body.reason, posted.version())?;
                Ok(Go::to(format!("/frameworks/{id}")).saying("The framework is suspended."))
            },
            move |tx, desk| page(tx, desk, id, Step::Suspend),
        )
        .await
}

async fn show_resume(visit: PageDoor<CooperativeUser>, id: Id<FrameworkId>) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id, Step::Resume)).await
}

async fn resume(visit: PageDoor<CooperativeUser>, id: Id<FrameworkId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                actions::resume(tx, desk, id, posted.version())?;
                Ok(Go::to(format!("/frameworks/{id}")).saying("The framework is open again."))
            },
            move |tx, desk| page(tx, desk, id, Step::Resume),
        )
        .await
}

async fn show_close(visit: PageDoor<CooperativeUser>, id: Id<FrameworkId>) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id, Step::Close)).await
}

async fn close(visit: PageDoor<CooperativeUser>, id: Id<FrameworkId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                actions::close(tx, desk, id, posted.version())?;
                Ok(Go::to(format!("/frameworks/{id}")).saying("The framework is closed."))
            },
            move |tx, desk| page(tx, desk, id, Step::Close),
        )
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frameworks::pages::samples;

    #[test]
    fn every_step_says_what_will_happen_and_what_is_missing() {
        for step in [Step::Open, Step::Suspend, Step::Resume, Step::Close] {
            let framework = samples::framework();
            let page = StepPage {
                question: step.question(&framework.reference),
                tag: tag(framework.state),
                consequences: step.consequences(),
                parts: matches!(step, Step::Open).then_some((0, 3, 1)),
                form: Form::reader(),
                framework,
            };
            let shown = page.render().unwrap();
            assert!(shown.contains("SE-RES-1") && shown.contains("<li>"), "{shown}");
            assert_eq!(shown.contains("Add a lot"), matches!(step, Step::Open));
            assert!(!shown.contains("Publish a contract version"), "{shown}");
        }
    }
}

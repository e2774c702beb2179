//! Opening, suspending, resuming and closing a framework, each after a page that says what happens then.

use super::tag;
use crate::access::{CooperativeUser, Permission};
use crate::codes;
use crate::db::Tx;
use crate::error::Result;
use crate::frameworks::api::SuspendFramework;
use crate::frameworks::{actions, store};
use crate::ids::FrameworkId;
use crate::web::pages::{Desk, Form, Go, Html, PageDoor, Posted, Step};
use crate::web::{Id, Reply, Routes};

pub(super) fn routes(r: &mut Routes) {
    for (path, verb) in [
        ("/frameworks/{id}/open", Verb::Open),
        ("/frameworks/{id}/suspend", Verb::Suspend),
        ("/frameworks/{id}/resume", Verb::Resume),
        ("/frameworks/{id}/close", Verb::Close),
    ] {
        r.get(path, move |visit, id| show(visit, id, verb))
            .may(Permission::ManageFrameworks);
        r.post(path, move |visit, id, posted| act(visit, id, posted, verb))
            .may(Permission::ManageFrameworks);
    }
}

codes! {
    /// What is done to a framework, once in its life or time and again.
    pub enum Verb {
        Open("open", "Open this framework"),
        Suspend("suspend", "Suspend this framework"),
        Resume("resume", "Resume this framework"),
        Close("close", "Close this framework for good"),
    }
}

impl Verb {
    fn fields(self, form: Form) -> Form {
        let form = form.button(self.label());
        match self {
            Self::Open | Self::Resume => form,
            Self::Suspend => form
                .area("reason", "Why", 4)
                .hint("Members and providers read this")
                .warning(),
            Self::Close => form.warning(),
        }
    }

    fn happens(self, step: Step) -> Step {
        match self {
            Self::Open => step
                .happens("Every member authority and every provider can read it from now on, and they are told.")
                .happens(
                    "Its reference, procurement route, first day and way of admission are fixed, and so are its standards \
                     and what each lot buys. Standards may still be added, for applications submitted from then on.",
                )
                .careful("It can’t become a draft again."),
            Self::Suspend => step
                .happens("No application is taken and nothing new is called off until you resume it.")
                .happens("Competitions that were published and placements that were agreed run on.")
                .happens("Members, admitted providers and applicants are told, and can read your reason."),
            Self::Resume => step
                .happens("Applications are taken and homes called off again, as its term and its window allow.")
                .happens("Members, admitted providers and applicants are told."),
            Self::Close => step
                .happens("Nothing more is applied for or called off under it, and nobody more is admitted.")
                .happens("Competitions that were published and placements that were agreed run on.")
                .happens("Members, admitted providers and applicants are told.")
                .careful("This can’t be undone."),
        }
    }
}

/// What a framework has of what it takes to open, and where the rest is added.
fn with_parts(tx: &mut Tx<'_>, step: Step, id: FrameworkId) -> Result<Step> {
    let needed = "at least one is needed";
    let not_needed = "none is needed, but applicants then have nothing to answer";
    let lots = store::lots(tx, id)?.len();
    let standards = store::standards(tx, id)?.len();
    let contract_versions = store::contract_versions(tx, id)?.len();
    let parts = [
        ("Lots", lots, needed, "lots", "Add a lot"),
        (
            "Quality standards",
            standards,
            not_needed,
            "standards",
            "Add a standard",
        ),
        (
            "Contract versions",
            contract_versions,
            needed,
            "contract-versions",
            "Publish a contract version",
        ),
    ];
    Ok(parts
        .into_iter()
        .fold(step, |step, (name, count, without, part, add)| match count {
            0 => step
                .fact(name, format!("0: {without}"))
                .first(format!("/frameworks/{id}/{part}/new"), add),
            count => step.fact(name, count.to_string()),
        }))
}

fn page(tx: &mut Tx<'_>, desk: &Desk<CooperativeUser>, id: FrameworkId, verb: Verb) -> Result<Html> {
    let framework = actions::framework_seen_by(tx, desk, id)?;
    let mut step = Step::new(format!("{}?", verb.label()))
        .over(format!("{}, {}", framework.reference, framework.title))
        .fact("State", tag(framework.state))
        .back(format!("/frameworks/{id}"), "No, go back to the framework");
    if verb == Verb::Open {
        step = with_parts(tx, step, id)?;
    }
    let form = verb.fields(desk.form(format!("/frameworks/{id}/{verb}")));
    verb.happens(step).page(form.version(framework.version))
}

async fn show(visit: PageDoor<CooperativeUser>, id: Id<FrameworkId>, verb: Verb) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id, verb)).await
}

async fn act(visit: PageDoor<CooperativeUser>, id: Id<FrameworkId>, posted: Posted, verb: Verb) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let version = posted.version();
                let said = match verb {
                    Verb::Open => {
                        actions::open(tx, desk, id, version)?;
                        "The framework is open."
                    }
                    Verb::Suspend => {
                        let body: SuspendFramework = verb.fields(Form::reader()).read(posted)?;
                        actions::suspend(tx, desk, id, body.reason, version)?;
                        "The framework is suspended."
                    }
                    Verb::Resume => {
                        actions::resume(tx, desk, id, version)?;
                        "The framework is open again."
                    }
                    Verb::Close => {
                        actions::close(tx, desk, id, version)?;
                        "The framework is closed."
                    }
                };
                Ok(Go::to(format!("/frameworks/{id}")).saying(said))
            },
            move |tx, desk| page(tx, desk, id, verb),
        )
        .await
}

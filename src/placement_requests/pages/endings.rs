//! What is done to a request once it is written: its deadline put later, or its end without a home. An award may stand against its
//! end, so that is done in [`crate::awards`], with these pages.

use super::super::actions::{self, seen_by};
use super::super::confidential::ConfidentialKey;
use super::super::rules::{NewDeadline, PlacementRequest};
use crate::access::{AuthorityUser, Permission};
use crate::codes;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::PlacementRequestId;
use crate::web::pages::{Desk, Form, Go, Html, PageDoor, Posted, Step};
use crate::web::{Id, Reply, Routes};

pub(super) fn routes(r: &mut Routes) {
    r.get("/placement-requests/{id}/extend", show_extend)
        .may(Permission::WriteRequests);
    r.post("/placement-requests/{id}/extend", extend)
        .may(Permission::WriteRequests);
}

const TOLD: &str =
    "Everybody invited is told, and so is whoever else has begun a bid or asked a question. They can read your reason.";

codes! {
    /// What is done.
    pub enum Verb {
        Extend("extend", "Extend the deadline"),
        Withdraw("withdraw", "Withdraw the request"),
        Unfilled("unfilled", "End it without a home"),
    }
}

impl Verb {
    /// What is asked; of a draft, which nobody outside the authority knows, with other words about who reads it.
    pub fn fields(self, form: Form, is_public: bool) -> Form {
        let read_by = if is_public {
            "Whoever was invited can read it, so it must not tell who the child is."
        } else {
            "Your authority can read it later. It must not tell who the child is."
        };
        match self {
            Self::Extend => form
                .moment("bids_close_at", "When bids close from now on")
                .moment("questions_close_at", "Until when questions may be asked")
                .optional()
                .hint("Left empty: as before. Where they were taken for as long as bids, they still are")
                .area("reason", "Why", 3)
                .hint(read_by)
                .button("Extend the deadline"),
            Self::Withdraw => form
                .area("reason", "Why", 3)
                .hint(read_by)
                .button("Withdraw this request")
                .warning(),
            Self::Unfilled => form
                .area("reason", "Why", 3)
                .hint(read_by)
                .button("End without a home")
                .warning(),
        }
    }

    /// The form of a request, filled in with how it stands.
    fn form(self, form: Form, request: &PlacementRequest) -> Form {
        let form = self.fields(form, request.is_public()).version(request.version);
        match self {
            Self::Extend => {
                let form = form.set("bids_close_at", request.bids_close_at);
                if request.takes_questions_to_the_end() {
                    form
                } else {
                    form.set("questions_close_at", request.questions_close_at)
                }
            }
            Self::Withdraw | Self::Unfilled => form,
        }
    }

    fn happens(self, step: Step, request: &PlacementRequest) -> Step {
        match self {
            Self::Extend => step
                .fact("Bids close", request.bids_close_at)
                .fact("Questions close", request.questions_close_at)
                .happens("Bids are taken for longer. A deadline can be put later, never earlier.")
                .happens(TOLD),
            Self::Withdraw if request.is_public() => step
                .happens(match request.opened {
                    Some(_) => "The competition ends: no bid is scored any more, and none can be awarded.",
                    None => "Bidding ends, and no bid is ever opened.",
                })
                .happens(TOLD)
                .careful("This can’t be undone."),
            Self::Withdraw => step
                .happens("The draft is closed. Nobody outside your authority knew of it, and nobody is told.")
                .careful("This can’t be undone."),
            Self::Unfilled => step
                .happens("The competition ends without a placement.")
                .happens(
                    "Every provider that has bid is told, and so is whoever was invited and has neither bid nor declined. They \
                     can read your reason.",
                )
                .happens("You can still award a home directly, without competition.")
                .careful("This can’t be undone."),
        }
    }
}

/// The page before it is done: what happens, and the form.
pub fn page(tx: &mut Tx<'_>, desk: &Desk<AuthorityUser>, id: PlacementRequestId, verb: Verb) -> Result<Html> {
    let request = seen_by(tx, desk, id)?;
    let step = Step::new(verb.label())
        .over(format!("{}, {}", request.reference, request.phase(tx.now).label()))
        .back(format!("/placement-requests/{id}"), "Back to the request");
    let form = verb.form(desk.form(format!("/placement-requests/{id}/{verb}")), &request);
    verb.happens(step, &request).page(form)
}

async fn show_extend(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id, Verb::Extend)).await
}

async fn extend(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>, posted: Posted) -> Reply {
    let (key, id) = (ConfidentialKey::of(&visit.app.secret), *id);
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let deadline: NewDeadline = Verb::Extend.fields(Form::reader(), true).read(posted)?;
                let request = actions::extend(tx, desk, &key, id, deadline, posted.version())?;
                let closes_at = request.bids_close_at.in_uk();
                Ok(Go::to(format!("/placement-requests/{id}")).saying(format!(
                    "Bids now close on {closes_at}, and whoever takes part is told."
                )))
            },
            move |tx, desk| page(tx, desk, id, Verb::Extend),
        )
        .await
}

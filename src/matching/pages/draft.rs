//! A draft as a list of tasks, with how many homes fit so far; the check before it is published.

use super::super::actions::{self, Reach};
use crate::access::{AuthorityUser, Permission};
use crate::db::Tx;
use crate::error::Result;
use crate::ids::PlacementRequestId;
use crate::placement_requests::ConfidentialKey;
use crate::placement_requests::api::RequestView;
use crate::placement_requests::pages::draft::{Draft, Progress, TaskLine};
use crate::placement_requests::pages::marked::{Marked, confirmations, confirming};
use crate::placement_requests::rules::Publishing;
use crate::web::pages::{Desk, Form, Go, Html, PageDoor, Posted, filters};
use crate::web::{Id, Reply, Routes};
use askama::Template;

pub(super) fn routes(r: &mut Routes) {
    r.get("/placement-requests/{id}/draft", show_tasks)
        .may(Permission::WriteRequests);
    r.get("/placement-requests/{id}/publish", show_check)
        .may(Permission::WriteRequests);
    r.post("/placement-requests/{id}/publish", publish)
        .may(Permission::WriteRequests);
}

#[derive(Template)]
#[template(path = "matching/tasks.html")]
struct TasksPage {
    id: PlacementRequestId,
    reference: String,
    lot: String,
    tasks: Vec<TaskLine>,
    done: usize,
    ready: bool,
    reach: Reach,
}

#[derive(Template)]
#[template(path = "matching/check.html")]
struct CheckPage {
    request: RequestView,
    may_change: bool,
    problems: Vec<String>,
    marked: Vec<Marked>,
    reach: Reach,
    invited: usize,
    everybody: bool,
    form: Form,
}

fn tasks_page(
    tx: &mut Tx<'_>,
    desk: &Desk<AuthorityUser>,
    key: &ConfidentialKey,
    id: PlacementRequestId,
) -> Result<Html> {
    let draft = Draft::read(tx, desk, key, id)?;
    let tasks = draft.tasks(tx);
    let done = tasks.iter().filter(|line| line.progress == Progress::Done).count();
    let ready = draft.problems(tx).is_empty();
    let reach = actions::matches(tx, &draft.request)?.reach(draft.request.max_distance_miles);
    let page = TasksPage {
        id,
        lot: format!("{}: {}", draft.lot.code, draft.lot.title),
        reference: draft.request.reference,
        tasks,
        done,
        ready,
        reach,
    };
    Html::of(format!("Draft – {}", page.reference), &page)
}

async fn show_tasks(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>) -> Reply {
    let key = ConfidentialKey::of(&visit.app.secret);
    visit.read(move |tx, desk| tasks_page(tx, desk, &key, *id)).await
}

fn check_page(
    tx: &mut Tx<'_>,
    desk: &Desk<AuthorityUser>,
    key: &ConfidentialKey,
    id: PlacementRequestId,
) -> Result<Html> {
    let draft = Draft::read(tx, desk, key, id)?;
    let problems = draft
        .problems(tx)
        .iter()
        .map(|problem| problem.message.clone())
        .collect();
    let matches = actions::matches(tx, &draft.request)?;
    let reach = matches.reach(draft.request.max_distance_miles);
    let invited = matches.invited(draft.policy.invite_rule);
    let providers = match invited.providers.len() {
        1 => "1 provider".to_owned(),
        several => format!("{several} providers"),
    };
    let form = desk
        .form(format!("/placement-requests/{id}/publish"))
        .version(draft.request.version)
        .button(format!("Publish and invite {providers}"));
    let form = confirming(form, &draft.found, |field| draft.text(field));
    let marked = draft.marked();
    let request = RequestView::of(tx, desk, key, draft.request)?;
    let page = CheckPage {
        request,
        may_change: true,
        problems,
        marked,
        reach,
        invited: invited.providers.len(),
        everybody: invited.everybody,
        form,
    };
    Html::of(format!("Check and publish – {}", page.request.reference), &page)
}

async fn show_check(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>) -> Reply {
    let key = ConfidentialKey::of(&visit.app.secret);
    visit.read(move |tx, desk| check_page(tx, desk, &key, *id)).await
}

async fn publish(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>, posted: Posted) -> Reply {
    let (key, id) = (ConfidentialKey::of(&visit.app.secret), *id);
    let shown_with = key.clone();
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let publishing: Publishing = confirmations(Form::reader(), posted).read(posted)?;
                let request = actions::publish(tx, desk, &key, id, &publishing, posted.version())?;
                let said = format!("Published. Bids close on {}.", request.bids_close_at.in_uk());
                Ok(Go::to(format!("/placement-requests/{id}")).saying(said))
            },
            move |tx, desk| check_page(tx, desk, &shown_with, id),
        )
        .await
}

#[cfg(test)]
mod tests;

//! The criteria of a draft, one a page.

use super::super::actions;
use super::super::confidential::ConfidentialKey;
use super::super::rules::{CRITERIA_MAX, NewCriterion, NewPlacementRequest, Task};
use super::draft::Draft;
use super::tasks;
use crate::access::{AuthorityUser, Permission};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::PlacementRequestId;
use crate::web::pages::{Desk, Form, Go, Html, PageDoor, Posted, filters};
use crate::web::{Id, Reply, Routes};
use actix_web::web::Path;
use askama::Template;

pub(super) fn routes(r: &mut Routes) {
    r.get("/placement-requests/{id}/criteria/new", show_new)
        .may(Permission::WriteRequests);
    r.post("/placement-requests/{id}/criteria/new", add)
        .may(Permission::WriteRequests);
    r.get("/placement-requests/{id}/criteria/{number}", show)
        .may(Permission::WriteRequests);
    r.post("/placement-requests/{id}/criteria/{number}", change)
        .may(Permission::WriteRequests);
    r.post("/placement-requests/{id}/criteria/{number}/remove", remove)
        .may(Permission::WriteRequests);
}

#[derive(Template)]
#[template(path = "placement_requests/criterion.html")]
struct CriterionPage {
    id: PlacementRequestId,
    reference: String,
    number: Option<usize>,
    left: i32,
    form: Form,
}

fn fields(form: Form) -> Form {
    form.line("title", "What is asked")
        .area("guidance", "What a good answer says", 4)
        .clearable()
        .number("weight", "Weight")
        .hint("In points of 100")
        .button("Save criterion")
}

/// The position that a number of the page stands for.
fn position(path: &Path<(String, String)>) -> Result<usize> {
    let number = path.1.parse::<usize>().ok().filter(|number| *number > 0);
    number.map(|number| number - 1).ok_or(Error::NotFound("criterion"))
}

fn page(
    tx: &mut Tx<'_>,
    desk: &Desk<AuthorityUser>,
    key: &ConfidentialKey,
    id: PlacementRequestId,
    position: Option<usize>,
) -> Result<Html> {
    let draft = Draft::read(tx, desk, key, id)?;
    let left = 100 - draft.weights_total();
    let (number, last) = match position {
        Some(position) => (Some(position + 1), (position + 1).to_string()),
        None => (None, "new".to_owned()),
    };
    let mut form =
        fields(desk.form(format!("/placement-requests/{id}/criteria/{last}"))).version(draft.request.version);
    if let Some(position) = position {
        let body = draft.body();
        let criterion = body.criteria.get(position).ok_or(Error::NotFound("criterion"))?;
        form = form.fill(criterion);
    }
    let reference = draft.request.reference;
    let page = CriterionPage {
        id,
        reference,
        number,
        left,
        form,
    };
    Html::of(format!("Criterion – {}", page.reference), &page)
}

async fn show_new(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>) -> Reply {
    let key = ConfidentialKey::of(&visit.app.secret);
    visit.read(move |tx, desk| page(tx, desk, &key, *id, None)).await
}

async fn show(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>, number: Path<(String, String)>) -> Reply {
    let key = ConfidentialKey::of(&visit.app.secret);
    let position = position(&number)?;
    visit
        .read(move |tx, desk| page(tx, desk, &key, *id, Some(position)))
        .await
}

/// Writes the draft anew with its criteria changed.
async fn rewrite<C>(
    visit: PageDoor<AuthorityUser>,
    id: PlacementRequestId,
    position: Option<usize>,
    posted: Posted,
    said: &'static str,
    change: C,
) -> Reply
where
    C: FnOnce(&mut NewPlacementRequest, &Posted) -> Result<()> + Clone + Send + 'static,
{
    let key = ConfidentialKey::of(&visit.app.secret);
    let shown_with = key.clone();
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let mut body = Draft::read(tx, desk, &key, id)?.body();
                change(&mut body, posted)?;
                actions::answer_task(tx, desk, &key, id, Task::Weights, body, posted.version())?;
                Ok(Go::to(format!("/placement-requests/{id}/draft/weights")).saying(said))
            },
            move |tx, desk| {
                if position.is_none() && desk.typed().is_some_and(|typed| typed.value("title").is_none()) {
                    return tasks::page(tx, desk, &shown_with, id, Task::Weights);
                }
                page(tx, desk, &shown_with, id, position)
            },
        )
        .await
}

async fn add(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>, posted: Posted) -> Reply {
    rewrite(visit, *id, None, posted, "The criterion is added.", |body, posted| {
        let criterion: NewCriterion = fields(Form::reader()).read(posted)?;
        if body.criteria.len() as u64 >= CRITERIA_MAX {
            let message = format!("can't be added: {CRITERIA_MAX} criteria are the most");
            return Err(Error::field("title", "length", message));
        }
        body.criteria.push(criterion);
        Ok(())
    })
    .await
}

async fn change(
    visit: PageDoor<AuthorityUser>,
    id: Id<PlacementRequestId>,
    number: Path<(String, String)>,
    posted: Posted,
) -> Reply {
    let position = position(&number)?;
    rewrite(
        visit,
        *id,
        Some(position),
        posted,
        "The criterion is saved.",
        move |body, posted| {
            let criterion: NewCriterion = fields(Form::reader()).read(posted)?;
            *body.criteria.get_mut(position).ok_or(Error::NotFound("criterion"))? = criterion;
            Ok(())
        },
    )
    .await
}

async fn remove(
    visit: PageDoor<AuthorityUser>,
    id: Id<PlacementRequestId>,
    number: Path<(String, String)>,
    posted: Posted,
) -> Reply {
    let position = position(&number)?;
    rewrite(visit, *id, None, posted, "The criterion is removed.", move |body, _| {
        if position >= body.criteria.len() {
            return Err(Error::NotFound("criterion"));
        }
        body.criteria.remove(position);
        Ok(())
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placement_requests::rules::samples;
    use crate::web::pages::assert_shows;

    #[test]
    fn a_criterion_says_how_many_points_are_left_to_give() {
        let (request, _) = samples::draft();
        let criterion = NewCriterion {
            title: "School & <b>friends</b>".to_owned(),
            guidance: None,
            weight: 20,
        };
        let page = |number, left| CriterionPage {
            id: request.id,
            reference: request.reference.clone(),
            number,
            left,
            form: fields(Form::reader()).fill(&criterion),
        };
        let seen = [
            "</span>Criterion 2</h1>",
            "Still to be given: 40 points of 100.",
            "value=\"School &#38; &#60;b&#62;friends&#60;/b&#62;\"",
            "value=\"20\"",
        ];
        assert_shows(&page(Some(2), 40), &seen, &["A new criterion", "<b>"]);
        assert_shows(&page(None, 1), &["</span>A new criterion</h1>", "1 point of 100."], &[]);
        for left in [0, -5] {
            assert_shows(&page(Some(1), left), &["Save criterion"], &["to be given"]);
        }
    }
}

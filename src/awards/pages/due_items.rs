//! What an authority owes because of awards.

use crate::access::{AuthorityUser, Permission};
use crate::awards::actions;
use crate::awards::input::Doing;
use crate::awards::store::{self, DueNarrowed, DueOrder};
use crate::awards::views::DueItemView;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{AwardId, DueItemId};
use crate::reference;
use crate::web::pages::{Choice, Desk, Form, Go, Html, Narrowing, PageDoor, Posted, Step, Tag, capital, csv, filters};
use crate::web::{Id, Items, Page, Query, Reply, Routes};
use askama::Template;
use serde::Deserialize;

pub(super) fn routes(r: &mut Routes) {
    r.get("/due-items", show).may(Permission::ManageDueItems);
    r.get("/due-items.csv", download).may(Permission::ManageDueItems);
    r.get("/due-items/{id}/done", show_done).may(Permission::ManageDueItems);
    r.post("/due-items/{id}/done", done).may(Permission::ManageDueItems);
}

/// Which due items.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct DueFilter {
    done: Option<bool>,
    /// The GSS code of the authority that is owed.
    area: Option<String>,
    reference: Option<String>,
    sort: Option<DueOrder>,
}

#[derive(Template)]
#[template(path = "awards/due_items.html")]
struct DueItemsPage {
    items: Vec<DueItemView>,
    narrowing: Narrowing,
}

/// How a due item stands, in words.
pub(super) fn due_tag(item: &DueItemView) -> Tag {
    match item.done_at {
        Some(_) => Tag::new("green", "Done"),
        None if item.overdue => Tag::new("red", "Overdue"),
        None => Tag::new("yellow", "To do"),
    }
}

fn items(tx: &mut Tx<'_>, desk: &AuthorityUser, filter: &DueFilter, page: &Page) -> Result<Items<DueItemView>> {
    let reference = filter.reference.as_ref().map(|text| text.trim().to_uppercase());
    let narrowed = DueNarrowed {
        done: filter.done,
        area: filter.area.clone(),
        reference: reference.filter(|text| !text.is_empty()),
        sort: filter.sort,
    };
    let found = store::due_items_of_authority(tx, desk.organisation_id, &narrowed, page)?;
    let today = tx.now.date_in_uk();
    Ok(found.map(|(item, reference)| DueItemView::of(item, reference, today)))
}

/// The authorities that are owed anything, by name.
fn areas(tx: &mut Tx<'_>, desk: &AuthorityUser) -> Result<Vec<Choice>> {
    let codes = store::areas_owed(tx, desk.organisation_id)?.into_iter();
    let mut named: Vec<(&str, String)> = codes
        .map(|code| {
            let name = reference::authority(&code).map_or("", |authority| authority.name);
            (name, code)
        })
        .collect();
    named.sort_unstable();
    Ok(named.into_iter().map(|(name, code)| Choice::new(code, name)).collect())
}

async fn show(visit: PageDoor<AuthorityUser>, filter: Query<DueFilter>, page: Page) -> Reply {
    visit
        .read(move |tx, desk| {
            let found = items(tx, desk, &filter, &page)?;
            let done = vec![Choice::new("false", "To do"), Choice::new("true", "Done")];
            let narrowing = desk
                .narrowing()
                .select("done", "State", done)
                .select("area", "Authority of the area", areas(tx, desk)?)
                .search("reference", "Reference of the request")
                .sorted_by(DueOrder::Due)
                .next(found.next);
            let page = DueItemsPage {
                items: found.items,
                narrowing,
            };
            Html::of("Things due", &page)
        })
        .await
}

async fn download(visit: PageDoor<AuthorityUser>, filter: Query<DueFilter>) -> Reply {
    visit
        .download(move |tx, desk| {
            let found = items(tx, desk, &filter, &Page::whole())?;
            let head = [
                "Reference",
                "What",
                "Authority of the area",
                "Due on",
                "State",
                "Done at",
                "Note",
            ];
            let rows = found.items.into_iter().map(|item| {
                let state = due_tag(&item).label();
                vec![
                    item.reference,
                    item.text.to_owned(),
                    item.area_authority.name.to_owned(),
                    item.due_on.to_string(),
                    capital(state),
                    item.done_at.map(|at| at.to_string()).unwrap_or_default(),
                    item.note.unwrap_or_default(),
                ]
            });
            csv("due-items.csv", &head, rows)
        })
        .await
}

fn done_form(form: Form) -> Form {
    form.area("note", "How, and to whom", 4)
        .hint("For example: by secure email to the duty team.")
        .optional()
        .button("Mark as done")
}

fn done_page(tx: &mut Tx<'_>, desk: &Desk<AuthorityUser>, id: DueItemId) -> Result<Html> {
    let item = store::due_item(tx, id)?
        .filter(|item| item.authority_id == desk.organisation_id)
        .ok_or(Error::NotFound("due item"))?;
    let line = store::line(tx, item.award_id)?;
    let version = item.version;
    let view = DueItemView::of(item, line.reference, tx.now.date_in_uk());
    let mut step = Step::new("Mark as done")
        .over(view.reference)
        .fact("What is due", view.text)
        .fact("Authority of the area", view.area_authority.name)
        .fact("In time until", view.due_on)
        .back("/due-items", "Back to what is due");
    if let Some(at) = view.done_at {
        step = step.careful(format!("It is done already, since {}; that stays.", at.in_uk()));
    }
    step.page(done_form(desk.form(format!("/due-items/{id}/done"))).version(version))
}

async fn show_done(visit: PageDoor<AuthorityUser>, id: Id<DueItemId>) -> Reply {
    visit.read(move |tx, desk| done_page(tx, desk, *id)).await
}

async fn done(visit: PageDoor<AuthorityUser>, id: Id<DueItemId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let body: Doing = done_form(Form::reader()).read(posted)?;
                actions::done(tx, desk, id, body, posted.version())?;
                Ok(Go::to("/due-items").saying("It is marked as done."))
            },
            move |tx, desk| done_page(tx, desk, id),
        )
        .await
}

/// What is due because of one award.
pub(super) fn of_award(tx: &mut Tx<'_>, award: AwardId, reference: &str) -> Result<Vec<DueItemView>> {
    let today = tx.now.date_in_uk();
    let items = store::due_items_of(tx, award)?.into_iter();
    Ok(items
        .map(|item| DueItemView::of(item, reference.to_owned(), today))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::awards::pages::samples;
    use crate::evaluation::pages::samples::evaluation;
    use crate::web::pages::assert_shows;

    #[test]
    fn what_is_due_can_be_marked_once_and_says_when_it_is_late() {
        let award = samples::award(&evaluation(), &[]);
        let (due, done) = (
            samples::due_item(&award),
            samples::done(&award, Some("By <secure> mail.")),
        );
        let (mark, again) = (
            format!("/due-items/{}/done", due.id),
            format!("/due-items/{}/done", done.id),
        );
        let page = |items| DueItemsPage {
            items,
            narrowing: Narrowing::of("/due-items"),
        };
        let row = format!(
            "<tr><th scope=\"row\"><a href=\"/awards/{}\">PR-2026-7KQ4MX</a></th><td>Tell the authority of the area: Surrey</td>\
             <td>26 November 2026</td><td><span class=\"tag yellow\">To do</span></td><td><a href=\"{mark}\">Mark as done",
            award.id
        );
        let both = page(vec![
            samples::due(due.clone(), "2026-11-26"),
            samples::due(done, "2026-11-27"),
        ]);
        let seen = [
            row.as_str(),
            "<span class=\"tag green\">Done</span></td><td><time datetime=\"2026-11-23T14:00:00Z\">23 November 2026, 14:00 GMT</time>\
             : By &#60;secure&#62; mail.</td>",
            "href=\"/due-items.csv\"",
        ];
        assert_shows(&both, &seen, &[&again, "<secure>", "Overdue", "Nothing is due."]);
        let late = page(vec![samples::due(due, "2026-11-27")]);
        assert_shows(&late, &["<span class=\"tag red\">Overdue</span>", &mark], &["To do"]);
        assert_shows(&page(Vec::new()), &["Nothing is due."], &["<table"]);
    }
}

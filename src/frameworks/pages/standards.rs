//! Quality standards: one, adding one, changing one.

use super::PartPage;
use crate::access::{Actor, CooperativeUser, Permission, may};
use crate::db::Tx;
use crate::error::Result;
use crate::frameworks::rules::{
    Evidence, Framework, FrameworkState, NewStandard, OfferedStandard, Standard, StandardChanges, StandardScope,
    offered_standards,
};
use crate::frameworks::{actions, store};
use crate::ids::{FrameworkId, StandardId};
use crate::web::pages::{Choice, Desk, Form, Go, Html, PageDoor, Posted};
use crate::web::{Id, Query, Reply, Routes};
use askama::Template;
use serde::Deserialize;
use serde_json::json;

pub(super) fn routes(r: &mut Routes) {
    r.get("/frameworks/{id}/standards/new", show_new)
        .may(Permission::ManageFrameworks);
    r.post("/frameworks/{id}/standards/new", add)
        .may(Permission::ManageFrameworks);
    r.get("/standards/{id}", show).may(Permission::ReadFrameworks);
    r.get("/standards/{id}/edit", show_edit)
        .may(Permission::ManageFrameworks);
    r.post("/standards/{id}/edit", change).may(Permission::ManageFrameworks);
}

#[derive(Template)]
#[template(path = "frameworks/standard.html")]
struct StandardPage {
    standard: Standard,
    framework: Framework,
    may_change: bool,
}

fn page(tx: &mut Tx<'_>, desk: &Desk<Actor>, id: StandardId) -> Result<Html> {
    let standard = actions::standard_seen_by(tx, desk, id)?;
    let framework = actions::framework_seen_by(tx, desk, standard.framework_id)?;
    let title = format!("{}, {}", standard.code, standard.title);
    let may_change = may(desk.role, Permission::ManageFrameworks) && framework.state == FrameworkState::Draft;
    let page = StandardPage {
        standard,
        framework,
        may_change,
    };
    Html::of(title, &page)
}

async fn show(visit: PageDoor<Actor>, id: Id<StandardId>) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id)).await
}

#[derive(Template)]
#[template(path = "frameworks/new_standard.html")]
struct NewPage {
    framework: Framework,
    /// Standards of the regulations that the framework does not have yet.
    offered: Vec<OfferedStandard>,
    form: Form,
}

fn fields(form: Form) -> Form {
    form.line("code", "Code")
        .short()
        .line("title", "Title")
        .area("requirement", "What must be shown", 6)
        .hint("Applicants read this above the box that they answer in")
        .radios("applies_to", "Of whom it asks", Choice::all::<StandardScope>())
        .radios("evidence", "How it is shown", Choice::all::<Evidence>())
        .yes_no("mandatory", "Must every applicant answer it?")
}

/// Which standard of the regulations the form begins with.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Beginning {
    code: Option<String>,
}

fn new_form(desk: &Desk<CooperativeUser>, id: FrameworkId) -> Form {
    fields(desk.form(format!("/frameworks/{id}/standards/new"))).button("Add the standard")
}

fn new_page(tx: &mut Tx<'_>, desk: &Desk<CooperativeUser>, id: FrameworkId, beginning: &Beginning) -> Result<Html> {
    let framework = actions::framework_seen_by(tx, desk, id)?;
    let known = store::standards(tx, id)?;
    let mut offered = offered_standards();
    offered.retain(|offered| known.iter().all(|standard| standard.code != offered.code));
    let mut form = new_form(desk, id);
    let chosen = beginning.code.as_deref();
    if let Some(chosen) = offered.iter().find(|offered| chosen == Some(offered.code)) {
        form = form.fill(
            &json!({"code": chosen.code, "title": chosen.title, "applies_to": "provider",
            "evidence": "statement", "mandatory": true}),
        );
    }
    let page = NewPage {
        framework,
        offered,
        form,
    };
    Html::of("Add a quality standard", &page)
}

async fn show_new(visit: PageDoor<CooperativeUser>, id: Id<FrameworkId>, beginning: Query<Beginning>) -> Reply {
    visit.read(move |tx, desk| new_page(tx, desk, *id, &beginning)).await
}

async fn add(visit: PageDoor<CooperativeUser>, id: Id<FrameworkId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let new: NewStandard = new_form(desk, id).read(posted)?;
                let standard = actions::add_standard(tx, desk, id, new)?;
                let said = format!("Standard {} is added.", standard.code);
                Ok(Go::to(format!("/frameworks/{id}")).saying(said))
            },
            move |tx, desk| new_page(tx, desk, id, &Beginning::default()),
        )
        .await
}

fn edit_form(desk: &Desk<CooperativeUser>, standard: &Standard) -> Form {
    fields(desk.form(format!("/standards/{}/edit", standard.id)))
        .fill(&json!({
            "code": standard.code, "title": standard.title, "requirement": standard.requirement,
            "applies_to": standard.applies_to, "evidence": standard.evidence, "mandatory": standard.mandatory,
        }))
        .version(standard.version)
        .button("Save the standard")
}

fn edit_page(tx: &mut Tx<'_>, desk: &Desk<CooperativeUser>, id: StandardId) -> Result<Html> {
    let standard = actions::standard_seen_by(tx, desk, id)?;
    let framework = actions::framework_seen_by(tx, desk, standard.framework_id)?;
    PartPage::show(
        framework,
        format!("Change standard {}", standard.code),
        "It may be changed while the framework is a draft.",
        edit_form(desk, &standard),
    )
}

async fn show_edit(visit: PageDoor<CooperativeUser>, id: Id<StandardId>) -> Reply {
    visit.read(move |tx, desk| edit_page(tx, desk, *id)).await
}

/// The form says the whole of it, so the changes do.
fn changes(new: NewStandard) -> StandardChanges {
    StandardChanges {
        code: Some(new.code),
        title: Some(new.title),
        requirement: Some(new.requirement),
        applies_to: Some(new.applies_to),
        evidence: Some(new.evidence),
        mandatory: Some(new.mandatory),
    }
}

async fn change(visit: PageDoor<CooperativeUser>, id: Id<StandardId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let standard = actions::standard_seen_by(tx, desk, id)?;
                let new = edit_form(desk, &standard).read(posted)?;
                actions::change_standard(tx, desk, id, changes(new), posted.version())?;
                Ok(Go::to(format!("/standards/{id}")).saying("The standard is saved."))
            },
            move |tx, desk| edit_page(tx, desk, id),
        )
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frameworks::pages::samples;
    use crate::web::pages::assert_shows;

    #[test]
    fn a_standard_says_what_it_asks_of_whom() {
        let page = |standard: Standard, may_change| StandardPage {
            standard,
            framework: samples::framework(),
            may_change,
        };
        let seen = [
            "SE-RES-1, Homes &#38; schools</span> QS7, Keeping children &#60;safe&#62;</h1>",
            "<pre class=\"letter\">Say who leads, &#38; how.</pre>",
            "<dd>The provider</dd>",
            "<dd>A statement</dd>",
            "<dd>Yes, by every applicant</dd>",
            "Change this standard",
        ];
        assert_shows(&page(samples::standard(), true), &seen, &["<safe>"]);
        let seen = [
            "<dd>Each home</dd>",
            "<dd>A document, named in the statement</dd>",
            "<dd>No</dd>",
        ];
        assert_shows(
            &page(samples::voluntary_standard(), false),
            &seen,
            &["/edit", "every applicant"],
        );
    }

    #[test]
    fn a_new_standard_may_begin_with_one_of_the_regulations() {
        let framework = samples::framework();
        let begin = format!("<a href=\"/frameworks/{}/standards/new?code=QS1\">QS1, ", framework.id);
        let page = NewPage {
            framework,
            offered: offered_standards(),
            form: fields(Form::reader()).button("Add the standard"),
        };
        let seen = [
            "</span> Add a quality standard</h1>",
            &begin,
            "The children&#39;s views, wishes and feelings standard (reg 7)",
            "<span class=\"hint\">Supported Accommodation (England) Regulations 2023, SI 2023/416</span>",
            "<legend>Must every applicant answer it?</legend>",
            "<button>Add the standard</button>",
        ];
        assert_shows(&page, &seen, &[]);
        let changing = PartPage {
            framework: samples::framework(),
            heading: "Change standard QS7".to_owned(),
            said: "It can’t be changed once the framework has opened.",
            form: fields(Form::reader()).fill(&json!({"title": "A \"safe\" home", "mandatory": false})),
        };
        let seen = [
            "Change standard QS7</h1>",
            "<p>It can’t be changed once the framework has opened.</p>",
            "value=\"A &#34;safe&#34; home\"",
            "value=\"false\" checked",
        ];
        assert_shows(
            &changing,
            &seen,
            &["Begin with a standard of the regulations", "value=\"true\" checked"],
        );
    }
}

//! Publishing contract versions. (Reading one stands with the providers, who accept it.)

use super::PartPage;
use crate::access::{CooperativeUser, Permission};
use crate::db::Tx;
use crate::error::Result;
use crate::frameworks::rules::NewContractVersion;
use crate::frameworks::{actions, store};
use crate::ids::FrameworkId;
use crate::web::pages::{Desk, Form, Go, Html, PageDoor, Posted};
use crate::web::{Id, Reply, Routes};

pub(super) fn routes(r: &mut Routes) {
    r.get("/frameworks/{id}/contract-versions/new", show_new)
        .may(Permission::ManageFrameworks);
    r.post("/frameworks/{id}/contract-versions/new", publish)
        .may(Permission::ManageFrameworks);
}

fn form(desk: &Desk<CooperativeUser>, id: FrameworkId) -> Form {
    fields(desk.form(format!("/frameworks/{id}/contract-versions/new")))
}

fn fields(form: Form) -> Form {
    form.line("title", "Title")
        .date("effective_on", "First day on which it is in force")
        .area("text", "Terms", 20)
        .hint("Kept as you write them")
        .button("Publish this version for good")
        .warning()
}

fn page(tx: &mut Tx<'_>, desk: &Desk<CooperativeUser>, id: FrameworkId) -> Result<Html> {
    let framework = actions::framework_seen_by(tx, desk, id)?;
    let number = store::contract_versions(tx, id)?.len() + 1;
    let said = "A published version is never edited. Every provider that is admitted or applies is asked to accept it, and \
                can’t submit bids from its first day on until they have.";
    PartPage::show(
        framework,
        format!("Publish contract version {number}"),
        said,
        form(desk, id),
    )
}

async fn show_new(visit: PageDoor<CooperativeUser>, id: Id<FrameworkId>) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id)).await
}

async fn publish(visit: PageDoor<CooperativeUser>, id: Id<FrameworkId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let new: NewContractVersion = form(desk, id).read(posted)?;
                let version = actions::publish_contract_version(tx, desk, id, new)?;
                let said = format!("Contract version {} is published.", version.number);
                Ok(Go::to(format!("/contract-versions/{}", version.id)).saying(said))
            },
            move |tx, desk| page(tx, desk, id),
        )
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frameworks::pages::samples;
    use crate::web::pages::assert_shows;

    #[test]
    fn publishing_a_contract_warns_that_it_is_for_good() {
        let framework = samples::framework();
        let back = format!("<a href=\"/frameworks/{}\">Back to the framework</a>", framework.id);
        let page = PartPage {
            framework,
            heading: "Publish contract version 2".to_owned(),
            said: "A published version is never edited.",
            form: fields(Form::reader()),
        };
        let seen = [
            "<h1><span class=\"over\">SE-RES-1, Homes &#38; schools</span> Publish contract version 2</h1>",
            "<p>A published version is never edited.</p>",
            "<textarea id=\"f-text\" name=\"text\" rows=\"20\"",
            "name=\"effective_on.day\"",
            "<button class=\"warning\">Publish this version for good</button>",
            &back,
        ];
        assert_shows(&page, &seen, &["(optional)"]);
    }
}

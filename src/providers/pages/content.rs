//! Writing an application, a page for each task, saved as it goes.

use super::FormPage;
use super::applications::Whole;
use super::apply::{lot_fields, open_lots};
use super::profiles::insurance_fields;
use crate::access::{Permission, ProviderUser};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::frameworks::{self, Lot, Standard};
use crate::ids::{ApplicationId, StandardId};
use crate::providers::rules::{
    Answer, Application, ApplicationContent, ApplicationRefused, Finding, Insurance, NewApplication,
};
use crate::providers::{actions, store};
use crate::web::pages::{Desk, Form, Go, Html, PageDoor, Posted, filters};
use crate::web::{Id, Reply, Routes};
use actix_web::web::Path;
use askama::Template;
use serde::Deserialize;
use serde_json::json;
use validator::Validate;

pub(super) fn routes(r: &mut Routes) {
    r.get("/applications/{id}/lots", show_lots)
        .may(Permission::WriteApplications);
    r.post("/applications/{id}/lots", save_lots)
        .may(Permission::WriteApplications);
    r.get("/applications/{id}/standards/{standard}", show_standard)
        .may(Permission::WriteApplications);
    r.post("/applications/{id}/standards/{standard}", save_standard)
        .may(Permission::WriteApplications);
    r.get("/applications/{id}/insurance", show_insurance)
        .may(Permission::WriteApplications);
    r.post("/applications/{id}/insurance", save_insurance)
        .may(Permission::WriteApplications);
    r.get("/applications/{id}/declaration", show_declaration)
        .may(Permission::WriteApplications);
    r.post("/applications/{id}/declaration", save_declaration)
        .may(Permission::WriteApplications);
    r.get("/applications/{id}/contract", show_contract)
        .may(Permission::WriteApplications);
    r.post("/applications/{id}/contract", save_contract)
        .may(Permission::WriteApplications);
}

/// The application, while its provider may still change it.
pub(super) fn editable(tx: &mut Tx<'_>, desk: &Desk<ProviderUser>, id: ApplicationId) -> Result<Application> {
    let application = actions::application_seen_by(tx, desk, id)?;
    if application.is_editable() {
        Ok(application)
    } else {
        let state = application.state.label();
        Err(ApplicationRefused::NotEditable { state }.into())
    }
}

/// Keeps one part of an application and leaves the others as they are, whichever page they were saved on meanwhile.
fn saved(
    tx: &mut Tx<'_>,
    desk: &Desk<ProviderUser>,
    id: ApplicationId,
    change: impl FnOnce(&mut ApplicationContent),
) -> Result<Go> {
    let before = editable(tx, desk, id)?;
    let mut content = ApplicationContent {
        lot_ids: before.lot_ids().collect(),
        answers: before.answers,
        no_exclusion_grounds: before.no_exclusion_grounds,
        insurance: before.insurance,
        accepted_contract_version_id: before.accepted_contract_version_id,
    };
    change(&mut content);
    actions::rewrite(tx, desk, id, content, Some(before.version))?;
    Ok(Go::to(format!("/applications/{id}")).saying("Saved."))
}

/// A task of the application, with a sentence on it.
fn task_page(heading: &'static str, said: &'static str, id: ApplicationId, form: Form) -> Result<Html> {
    FormPage::show(heading, said, form, format!("/applications/{id}"))
}

fn lots_form(desk: &Desk<ProviderUser>, id: ApplicationId, lots: &[Lot]) -> Form {
    lot_fields(desk.form(format!("/applications/{id}/lots")), lots).button("Save the lots")
}

fn lots_page(tx: &mut Tx<'_>, desk: &Desk<ProviderUser>, id: ApplicationId) -> Result<Html> {
    let application = editable(tx, desk, id)?;
    let lots = open_lots(tx, desk, application.framework_id)?;
    let chosen: Vec<_> = application.lot_ids().collect();
    let form = lots_form(desk, id, &lots).fill(&json!({"lot_ids": chosen}));
    task_page(
        "Choose the lots",
        "You can be admitted to some and not to others.",
        id,
        form,
    )
}

async fn show_lots(visit: PageDoor<ProviderUser>, id: Id<ApplicationId>) -> Reply {
    visit.read(move |tx, desk| lots_page(tx, desk, *id)).await
}

async fn save_lots(visit: PageDoor<ProviderUser>, id: Id<ApplicationId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let chosen: NewApplication = lots_form(desk, id, &[]).read(posted)?;
                saved(tx, desk, id, |content| content.lot_ids = chosen.lot_ids)
            },
            move |tx, desk| lots_page(tx, desk, id),
        )
        .await
}

#[derive(Template)]
#[template(path = "providers/answer.html")]
struct AnswerPage {
    standard: Standard,
    /// What was found of the answer.
    finding: Option<Finding>,
    form: Form,
    back: String,
}

/// The standard of a path, of the application's framework.
fn standard_of(tx: &mut Tx<'_>, application: &Application, named: &str) -> Result<Standard> {
    let id: StandardId = named.parse().map_err(|_| Error::NotFound("standard"))?;
    let standard = frameworks::store::standard(tx, id)?;
    standard
        .filter(|standard| standard.framework_id == application.framework_id)
        .ok_or(Error::NotFound("standard"))
}

fn answer_form(desk: &Desk<ProviderUser>, application: &Application, standard: &Standard) -> Form {
    let path = format!("/applications/{}/standards/{}", application.id, standard.id);
    let form = desk
        .form(path)
        .hidden("standard_id", standard.id)
        .area("statement", "Your answer", 14)
        .hint("Say nothing by which a child could be known")
        .button("Save your answer");
    let form = if standard.mandatory { form } else { form.optional() };
    let mut answers = application.answers.iter();
    match answers.find(|answer| answer.standard_id == standard.id) {
        Some(answer) => form.set("statement", &answer.statement),
        None => form,
    }
}

fn answer_page(tx: &mut Tx<'_>, desk: &Desk<ProviderUser>, id: ApplicationId, named: &str) -> Result<Html> {
    let application = editable(tx, desk, id)?;
    let standard = standard_of(tx, &application, named)?;
    let title = format!("{}, {}", standard.code, standard.title);
    let page = AnswerPage {
        form: answer_form(desk, &application, &standard),
        finding: application
            .finding(standard.id)
            .filter(|_| application.tells_findings())
            .cloned(),
        standard,
        back: format!("/applications/{id}"),
    };
    Html::of(title, &page)
}

/// The ids of a path: the application's and the standard's.
type Two = Path<(String, String)>;

async fn show_standard(visit: PageDoor<ProviderUser>, id: Id<ApplicationId>, path: Two) -> Reply {
    let (_, named) = path.into_inner();
    visit.read(move |tx, desk| answer_page(tx, desk, *id, &named)).await
}

async fn save_standard(visit: PageDoor<ProviderUser>, id: Id<ApplicationId>, path: Two, posted: Posted) -> Reply {
    let id = *id;
    let (_, named) = path.into_inner();
    let again = named.clone();
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let application = editable(tx, desk, id)?;
                let standard = standard_of(tx, &application, &named)?;
                let is_empty = posted.value("statement").is_none_or(|text| text.trim().is_empty());
                // What need not be answered may be left, also after it was.
                let answer = if is_empty && !standard.mandatory {
                    None
                } else {
                    let read: Answer = answer_form(desk, &application, &standard).read(posted)?;
                    Some(Answer {
                        standard_id: standard.id,
                        ..read
                    })
                };
                saved(tx, desk, id, |content| {
                    content.answers.retain(|known| known.standard_id != standard.id);
                    content.answers.extend(answer);
                })
            },
            move |tx, desk| answer_page(tx, desk, id, &again),
        )
        .await
}

fn insurance_form(desk: &Desk<ProviderUser>, id: ApplicationId) -> Form {
    insurance_fields(desk.form(format!("/applications/{id}/insurance"))).button("Save the insurance")
}

fn insurance_page(tx: &mut Tx<'_>, desk: &Desk<ProviderUser>, id: ApplicationId) -> Result<Html> {
    let application = editable(tx, desk, id)?;
    // What the provider told last is offered where the application names none yet.
    let known = match application.insurance {
        None => store::insurance(tx, application.provider_id)?,
        named => named,
    };
    let mut form = insurance_form(desk, id);
    if let Some(known) = known {
        form = form.fill(&known);
    }
    let said =
        "It must run beyond the day on which you submit, and counts from then on for every admission that you have.";
    task_page("Name your insurance", said, id, form)
}

async fn show_insurance(visit: PageDoor<ProviderUser>, id: Id<ApplicationId>) -> Reply {
    visit.read(move |tx, desk| insurance_page(tx, desk, *id)).await
}

async fn save_insurance(visit: PageDoor<ProviderUser>, id: Id<ApplicationId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let insurance: Insurance = insurance_form(desk, id).read(posted)?;
                saved(tx, desk, id, |content| content.insurance = Some(insurance))
            },
            move |tx, desk| insurance_page(tx, desk, id),
        )
        .await
}

#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
struct Declaration {
    no_exclusion_grounds: bool,
}

fn declaration_form(desk: &Desk<ProviderUser>, id: ApplicationId) -> Form {
    desk.form(format!("/applications/{id}/declaration"))
        .tick(
            "no_exclusion_grounds",
            "I declare that no ground for exclusion applies to us",
        )
        .button("Save the declaration")
}

fn declaration_page(tx: &mut Tx<'_>, desk: &Desk<ProviderUser>, id: ApplicationId) -> Result<Html> {
    let application = editable(tx, desk, id)?;
    let declared = json!({"no_exclusion_grounds": application.no_exclusion_grounds});
    let form = declaration_form(desk, id).fill(&declared);
    let said = "Procurement law names grounds on which a supplier must or may be excluded, such as convictions, unpaid \
                tax, insolvency and poor performance under an earlier contract. They are looked at for your organisation \
                and for those who control it. You can’t submit without this declaration.";
    task_page("Declare that no ground for exclusion applies", said, id, form)
}

async fn show_declaration(visit: PageDoor<ProviderUser>, id: Id<ApplicationId>) -> Reply {
    visit.read(move |tx, desk| declaration_page(tx, desk, *id)).await
}

async fn save_declaration(visit: PageDoor<ProviderUser>, id: Id<ApplicationId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let body: Declaration = declaration_form(desk, id).read(posted)?;
                let go = saved(tx, desk, id, |content| {
                    content.no_exclusion_grounds = body.no_exclusion_grounds;
                })?;
                Ok(if body.no_exclusion_grounds {
                    go
                } else {
                    go.saying("Not declared: without the declaration you can’t submit.")
                })
            },
            move |tx, desk| declaration_page(tx, desk, id),
        )
        .await
}

#[derive(Template)]
#[template(path = "providers/contract_task.html")]
struct ContractPage {
    whole: Whole,
    text: String,
    form: Option<Form>,
}

#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
struct Acceptance {
    accepted: bool,
}

fn contract_form(desk: &Desk<ProviderUser>, id: ApplicationId) -> Form {
    desk.form(format!("/applications/{id}/contract"))
        .tick(
            "accepted",
            "We accept this version of the contract when we submit the application",
        )
        .button("Save")
}

fn contract_page(tx: &mut Tx<'_>, desk: &Desk<ProviderUser>, id: ApplicationId) -> Result<Html> {
    editable(tx, desk, id)?;
    let whole = Whole::of(tx, desk, id)?;
    let (text, form) = match &whole.contract {
        Some(version) => {
            let text = frameworks::store::contract_text(tx, version.id)?;
            let accepted = json!({"accepted": whole.accepts_contract()});
            (text.unwrap_or_default(), Some(contract_form(desk, id).fill(&accepted)))
        }
        None => (String::new(), None),
    };
    Html::of("Read and accept the contract", &ContractPage { whole, text, form })
}

async fn show_contract(visit: PageDoor<ProviderUser>, id: Id<ApplicationId>) -> Reply {
    visit.read(move |tx, desk| contract_page(tx, desk, *id)).await
}

async fn save_contract(visit: PageDoor<ProviderUser>, id: Id<ApplicationId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let body: Acceptance = contract_form(desk, id).read(posted)?;
                let whole = Whole::of(tx, desk, id)?;
                let current = whole.contract.map(|version| version.id);
                let go = saved(tx, desk, id, |content| {
                    content.accepted_contract_version_id = current.filter(|_| body.accepted);
                })?;
                Ok(if body.accepted {
                    go
                } else {
                    go.saying("Not accepted: without the contract you can’t submit.")
                })
            },
            move |tx, desk| contract_page(tx, desk, id),
        )
        .await
}

#[cfg(test)]
mod tests;

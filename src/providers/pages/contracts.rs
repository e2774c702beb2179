//! Contract versions: reading one, accepting it for one's provider, and who has.

use crate::access::{Actor, OrganisationKind, Permission, ProviderUser, may};
use crate::accounts;
use crate::clock::Instant;
use crate::codes;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::frameworks::{self, ContractVersion, Framework};
use crate::ids::{ContractVersionId, PersonId};
use crate::providers::api::{AcceptanceFilter, AcceptanceOrder, AcceptanceView};
use crate::providers::{actions, store};
use crate::web::pages::{Choice, Desk, Form, Go, Html, Narrowing, PageDoor, Posted, csv, filters};
use crate::web::{Answer, Id, Items, Page, Query, Reply, Routes};
use askama::Template;
use serde::Deserialize;
use std::collections::HashMap;

pub(super) fn routes(r: &mut Routes) {
    r.get("/contract-versions/{id}", show).may(Permission::ReadFrameworks);
    r.get("/contract-versions/{id}/text", text)
        .may(Permission::ReadFrameworks);
    r.get("/contract-versions/{id}/accept", show_accept)
        .may(Permission::AcceptContracts);
    r.post("/contract-versions/{id}/accept", accept)
        .may(Permission::AcceptContracts);
    r.get("/contract-versions/{id}/acceptances", acceptances)
        .may(Permission::ReadApplications);
    r.get("/contract-versions/{id}/acceptances.csv", acceptances_table)
        .may(Permission::ReadApplications);
}

/// A contract version with its text.
struct Read {
    version: ContractVersion,
    framework: Framework,
    text: String,
}

fn read(tx: &mut Tx<'_>, actor: &Actor, id: ContractVersionId) -> Result<Read> {
    let version = frameworks::actions::contract_version_seen_by(tx, actor, id)?;
    let framework = frameworks::actions::framework_seen_by(tx, actor, version.framework_id)?;
    let text = frameworks::store::contract_text(tx, id)?.ok_or(Error::NotFound("contract version"))?;
    Ok(Read {
        version,
        framework,
        text,
    })
}

/// Who accepted for a provider, and when.
type Accepted = Option<(String, Instant)>;

fn accepted_for(tx: &mut Tx<'_>, actor: &Actor, id: ContractVersionId) -> Result<Accepted> {
    let found = store::acceptances_of(tx, id)?
        .into_iter()
        .find(|(provider, ..)| *provider == actor.organisation_id);
    let Some((_, person, at)) = found else {
        return Ok(None);
    };
    let mut names = names_of(tx, &[person])?;
    Ok(Some((names.remove(&person).unwrap_or_default(), at)))
}

fn names_of(tx: &mut Tx<'_>, people: &[PersonId]) -> Result<HashMap<PersonId, String>> {
    let contacts = accounts::store::contacts(tx, people)?;
    Ok(contacts
        .into_iter()
        .map(|contact| (contact.person_id, contact.name.to_string()))
        .collect())
}

#[derive(Template)]
#[template(path = "providers/contract.html")]
struct ContractPage {
    read: Read,
    is_provider: bool,
    accepted: Accepted,
    may_accept: bool,
    sees_acceptances: bool,
}

fn page(tx: &mut Tx<'_>, desk: &Desk<Actor>, id: ContractVersionId) -> Result<Html> {
    let read = read(tx, desk, id)?;
    let is_provider = desk.organisation_kind == OrganisationKind::Provider;
    let accepted = if is_provider { accepted_for(tx, desk, id)? } else { None };
    let title = format!("Contract version {}", read.version.number);
    let page = ContractPage {
        may_accept: accepted.is_none() && may(desk.role, Permission::AcceptContracts),
        sees_acceptances: desk.organisation_kind == OrganisationKind::Cooperative,
        is_provider,
        accepted,
        read,
    };
    Html::of(title, &page)
}

async fn show(visit: PageDoor<Actor>, id: Id<ContractVersionId>) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id)).await
}

/// The very bytes over which the SHA-256 is.
async fn text(visit: PageDoor<Actor>, id: Id<ContractVersionId>) -> Reply {
    visit
        .download(move |tx, desk| {
            let read = read(tx, desk, *id)?;
            let name = format!("contract-version-{}.txt", read.version.number);
            let answer = Answer::bytes("text/plain; charset=utf-8", read.text.into_bytes())?;
            Ok(answer.attachment(&name))
        })
        .await
}

#[derive(Template)]
#[template(path = "providers/accept.html")]
struct AcceptPage {
    read: Read,
    person: String,
    provider: String,
    accepted: Accepted,
    form: Option<Form>,
}

fn accept_page(tx: &mut Tx<'_>, desk: &Desk<ProviderUser>, id: ContractVersionId) -> Result<Html> {
    let read = read(tx, desk, id)?;
    let accepted = accepted_for(tx, desk, id)?;
    let provider = store::names(tx, &[desk.organisation_id])?.remove(&desk.organisation_id);
    let person = names_of(tx, &[desk.person_id])?
        .remove(&desk.person_id)
        .unwrap_or_default();
    let form = accepted.is_none().then(|| {
        desk.form(format!("/contract-versions/{id}/accept"))
            .button("Accept this contract version")
    });
    let title = format!("Accept contract version {}", read.version.number);
    let page = AcceptPage {
        read,
        person,
        provider: provider.unwrap_or_default(),
        accepted,
        form,
    };
    Html::of(title, &page)
}

async fn show_accept(visit: PageDoor<ProviderUser>, id: Id<ContractVersionId>) -> Reply {
    visit.read(move |tx, desk| accept_page(tx, desk, *id)).await
}

async fn accept(visit: PageDoor<ProviderUser>, id: Id<ContractVersionId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, _| {
                let version = actions::accept_contract(tx, desk, id)?;
                let said = format!("Contract version {} is accepted.", version.number);
                Ok(Go::to(format!("/contract-versions/{id}")).saying(said))
            },
            move |tx, desk| accept_page(tx, desk, id),
        )
        .await
}

codes! {
    /// Which admitted providers are listed.
    pub enum HasAccepted {
        Yes("yes", "Accepted"),
        No("no", "Not accepted yet"),
    }
}

/// Which admitted providers are listed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ListFilter {
    accepted: Option<HasAccepted>,
    sort: Option<AcceptanceOrder>,
}

struct Row {
    acceptance: AcceptanceView,
    /// Who accepted for it.
    person: String,
}

#[derive(Template)]
#[template(path = "providers/acceptances.html")]
struct AcceptancesPage {
    version: ContractVersion,
    rows: Vec<Row>,
    narrowing: Narrowing,
}

fn rows(
    tx: &mut Tx<'_>,
    actor: &Actor,
    version: &ContractVersion,
    filter: &ListFilter,
    page: &Page,
) -> Result<Items<Row>> {
    let filter = AcceptanceFilter {
        accepted: filter.accepted.map(|accepted| accepted == HasAccepted::Yes),
        sort: filter.sort,
    };
    let part = AcceptanceView::part(tx, actor, version, filter, page)?;
    let people: Vec<_> = part.items.iter().filter_map(|one| one.accepted_by).collect();
    let names = names_of(tx, &people)?;
    let row = |acceptance: AcceptanceView| {
        let person = acceptance.accepted_by.and_then(|person| names.get(&person).cloned());
        Row {
            acceptance,
            person: person.unwrap_or_default(),
        }
    };
    Ok(part.map(row))
}

async fn acceptances(
    visit: PageDoor<Actor>,
    id: Id<ContractVersionId>,
    filter: Query<ListFilter>,
    part: Page,
) -> Reply {
    visit
        .read(move |tx, desk| {
            let version = frameworks::actions::contract_version_seen_by(tx, desk, *id)?;
            let Items { items: rows, next } = rows(tx, desk, &version, &filter, &part)?;
            let narrowing = desk
                .narrowing()
                .select("accepted", "Providers", Choice::all::<HasAccepted>())
                .sorted_by(AcceptanceOrder::Provider)
                .next(next);
            let title = format!("Who has accepted contract version {}", version.number);
            let page = AcceptancesPage {
                version,
                rows,
                narrowing,
            };
            Html::of(title, &page)
        })
        .await
}

async fn acceptances_table(visit: PageDoor<Actor>, id: Id<ContractVersionId>, filter: Query<ListFilter>) -> Reply {
    visit
        .download(move |tx, desk| {
            let version = frameworks::actions::contract_version_seen_by(tx, desk, *id)?;
            let found = rows(tx, desk, &version, &filter, &Page::whole())?;
            let rows = found.items.into_iter().map(|row| {
                let at = row.acceptance.accepted_at.map(|at| at.to_string());
                vec![row.acceptance.provider.name, row.person, at.unwrap_or_default()]
            });
            csv("acceptances.csv", &["Provider", "Accepted by", "Accepted"], rows)
        })
        .await
}

#[cfg(test)]
mod tests;

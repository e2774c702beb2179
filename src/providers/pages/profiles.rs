//! Providers: the list, a profile, and what a provider changes of its own.

use super::{FormPage, admission_tag};
use crate::access::{Actor, Permission, ProviderUser, may};
use crate::db::Tx;
use crate::error::Result;
use crate::ids::OrganisationId;
use crate::providers::actions;
use crate::providers::api::AdmissionSummary;
use crate::providers::rules::{Insurance, ProfileChanges, ProviderProfile};
use crate::providers::store::{self, ProviderOrder, ProviderStanding, ProvidersWanted, Scope};
use crate::web::pages::{Choice, Desk, Form, Go, Html, Narrowing, PageDoor, Posted, Tag, csv, filters};
use crate::web::{Id, Items, Page, Query, Reply, Routes};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::json;
use std::collections::HashMap;

pub(super) fn routes(r: &mut Routes) {
    r.get("/providers", list).may(Permission::ReadProviders);
    r.get("/providers.csv", table).may(Permission::ReadProviders);
    r.get("/providers/{id}", show).may(Permission::ReadProviders);
    r.get("/providers/{id}/edit", show_edit).may(Permission::ManageProvider);
    r.post("/providers/{id}/edit", change).may(Permission::ManageProvider);
    r.get("/providers/{id}/insurance", show_insurance)
        .may(Permission::ManageProvider);
    r.post("/providers/{id}/insurance", insure)
        .may(Permission::ManageProvider);
}

/// Which providers are listed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProviderFilter {
    /// Only those whose name has this in it.
    name: Option<String>,
    /// Only those that stand so towards a lot that the asker may know of.
    standing: Option<ProviderStanding>,
    /// Only those whose insurance ends before this day.
    insured_before: Option<NaiveDate>,
    /// In this order; by name where none is said.
    sort: Option<ProviderOrder>,
}

struct Row {
    profile: ProviderProfile,
    /// How many lots it is admitted to, of those that the asker may know of.
    lots: usize,
}

#[derive(Template)]
#[template(path = "providers/list.html")]
struct ListPage {
    providers: Vec<Row>,
    narrowing: Narrowing,
    today: NaiveDate,
}

impl ListPage {
    fn has_run_out(&self, insurance: &Insurance) -> bool {
        insurance.expires_on < self.today
    }
}

fn found(tx: &mut Tx<'_>, actor: &Actor, filter: &ProviderFilter, page: &Page) -> Result<Items<Row>> {
    let scope = Scope::of(tx, actor)?;
    let wanted = ProvidersWanted {
        name: filter.name.clone(),
        standing: filter.standing.map(|standing| (scope.clone(), standing)),
        insured_before: filter.insured_before,
        sort: Some(filter.sort.unwrap_or(ProviderOrder::Name)),
        ..ProvidersWanted::seen_by(actor)
    };
    let part = store::profiles_page(tx, &wanted, page)?;
    let ids: Vec<_> = part.items.iter().map(|profile| profile.provider_id).collect();
    let mut lots: HashMap<OrganisationId, usize> = HashMap::new();
    for admission in store::live_admissions_of(tx, &scope, &ids)? {
        *lots.entry(admission.provider_id).or_default() += 1;
    }
    Ok(part.map(|profile| Row {
        lots: lots.get(&profile.provider_id).copied().unwrap_or_default(),
        profile,
    }))
}

async fn list(visit: PageDoor<Actor>, filter: Query<ProviderFilter>, part: Page) -> Reply {
    visit
        .read(move |tx, desk| {
            let found = found(tx, desk, &filter, &part)?;
            let page = ListPage {
                providers: found.items,
                narrowing: desk
                    .narrowing()
                    .search("name", "Name")
                    .select("standing", "Standing", Choice::all::<ProviderStanding>())
                    .day("insured_before", "Insurance ends before")
                    .sorted_by(ProviderOrder::Name)
                    .next(found.next),
                today: tx.now.date_in_uk(),
            };
            Html::of("Providers", &page)
        })
        .await
}

async fn table(visit: PageDoor<Actor>, filter: Query<ProviderFilter>) -> Reply {
    visit
        .download(move |tx, desk| {
            let rows = found(tx, desk, &filter, &Page::whole())?.items.into_iter().map(|row| {
                let insurance = row.profile.insurance.map(|insurance| insurance.expires_on.to_string());
                vec![
                    row.profile.name,
                    row.profile
                        .company_number
                        .map(|number| number.to_string())
                        .unwrap_or_default(),
                    row.profile
                        .charity_number
                        .map(|number| number.to_string())
                        .unwrap_or_default(),
                    row.profile.website.unwrap_or_default(),
                    row.profile.telephone.unwrap_or_default(),
                    insurance.unwrap_or_default(),
                    row.lots.to_string(),
                ]
            });
            let head = [
                "Name",
                "Company number",
                "Charity number",
                "Website",
                "Telephone",
                "Insured until",
                "Lots",
            ];
            csv("providers.csv", &head, rows)
        })
        .await
}

#[derive(Template)]
#[template(path = "providers/provider.html")]
struct ProviderPage {
    profile: ProviderProfile,
    admissions: Vec<(AdmissionSummary, Tag)>,
    may_change: bool,
    today: NaiveDate,
}

impl ProviderPage {
    fn has_run_out(&self, insurance: &Insurance) -> bool {
        insurance.expires_on < self.today
    }
}

fn page(tx: &mut Tx<'_>, desk: &Desk<Actor>, id: OrganisationId) -> Result<Html> {
    let profile = actions::profile_seen_by(tx, desk, id)?;
    let scope = Scope::of(tx, desk)?;
    let live = store::live_admissions_of(tx, &scope, &[id])?;
    let admissions = AdmissionSummary::all(tx, live)?.into_iter().map(|admission| {
        let tag = admission_tag(&admission);
        (admission, tag)
    });
    let title = profile.name.clone();
    let page = ProviderPage {
        profile,
        admissions: admissions.collect(),
        may_change: desk.organisation_id == id && may(desk.role, Permission::ManageProvider),
        today: tx.now.date_in_uk(),
    };
    Html::of(title, &page)
}

async fn show(visit: PageDoor<Actor>, id: Id<OrganisationId>) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id)).await
}

fn edit_form(desk: &Desk<ProviderUser>, profile: &ProviderProfile) -> Form {
    desk.form(format!("/providers/{}/edit", profile.provider_id))
        .area("about", "About you", 8)
        .hint("What commissioners should know of your organisation. Say nothing of a child")
        .clearable()
        .line("website", "Website")
        .hint("Such as https://acorn.example")
        .clearable()
        .line("telephone", "Telephone")
        .clearable()
        .fill(&json!({"about": profile.about, "website": profile.website, "telephone": profile.telephone}))
        .version(profile.version)
        .button("Save")
}

fn edit_page(tx: &mut Tx<'_>, desk: &Desk<ProviderUser>, id: OrganisationId) -> Result<Html> {
    let profile = actions::profile_seen_by(tx, desk, id)?;
    FormPage::show(
        "Change what you say of yourselves",
        "Told once, it serves every cooperative.",
        edit_form(desk, &profile),
        format!("/providers/{id}"),
    )
}

async fn show_edit(visit: PageDoor<ProviderUser>, id: Id<OrganisationId>) -> Reply {
    visit.read(move |tx, desk| edit_page(tx, desk, *id)).await
}

async fn change(visit: PageDoor<ProviderUser>, id: Id<OrganisationId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let profile = actions::profile_seen_by(tx, desk, id)?;
                let changes: ProfileChanges = edit_form(desk, &profile).read(posted)?;
                actions::change_profile(tx, desk, id, changes, posted.version())?;
                Ok(Go::to(format!("/providers/{id}")).saying("Your profile is saved."))
            },
            move |tx, desk| edit_page(tx, desk, id),
        )
        .await
}

/// The fields of an insurance.
pub(super) fn insurance_fields(form: Form) -> Form {
    form.line("policy_number", "Number of the policy")
        .short()
        .money("cover", "Sum that it covers")
        .date("expires_on", "Last day on which it covers")
}

fn insurance_form(desk: &Desk<ProviderUser>, profile: &ProviderProfile) -> Form {
    let form = insurance_fields(desk.form(format!("/providers/{}/insurance", profile.provider_id)));
    let form = match &profile.insurance {
        Some(insurance) => form.fill(insurance),
        None => form,
    };
    form.version(profile.version).button("Save your insurance")
}

fn insurance_page(tx: &mut Tx<'_>, desk: &Desk<ProviderUser>, id: OrganisationId) -> Result<Html> {
    let profile = actions::profile_seen_by(tx, desk, id)?;
    let said = "It counts for every admission. Those that are suspended because insurance had run out are in force \
                again at once.";
    let form = insurance_form(desk, &profile);
    FormPage::show("Renew your insurance", said, form, format!("/providers/{id}"))
}

async fn show_insurance(visit: PageDoor<ProviderUser>, id: Id<OrganisationId>) -> Reply {
    visit.read(move |tx, desk| insurance_page(tx, desk, *id)).await
}

async fn insure(visit: PageDoor<ProviderUser>, id: Id<OrganisationId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let profile = actions::profile_seen_by(tx, desk, id)?;
                let insurance: Insurance = insurance_form(desk, &profile).read(posted)?;
                actions::insure(tx, desk, id, insurance, posted.version())?;
                Ok(Go::to(format!("/providers/{id}")).saying("Your insurance is saved."))
            },
            move |tx, desk| insurance_page(tx, desk, id),
        )
        .await
}

#[cfg(test)]
mod tests;

//! Applications: the list, and one: to its provider a task list while it is written, to everybody else all that it says.

use super::application_tag;
use crate::access::{Actor, OrganisationKind, Permission, may};
use crate::codes;
use crate::db::Tx;
use crate::error::Result;
use crate::frameworks::store::{FrameworkFilter, FrameworkOrder, Scope as FrameworkScope};
use crate::frameworks::{self, ContractVersion, Framework, Lot, Standard};
use crate::ids::{ApplicationId, FrameworkId};
use crate::providers::actions;
use crate::providers::api::{ApplicationSummary, ApplicationView};
use crate::providers::rules::{Application, ApplicationState, Finding, Insurance, expired_on};
use crate::providers::store::{self, ApplicationFilter, ApplicationOrder, Scope};
use crate::web::pages::{Choice, Desk, Html, Narrowing, PageDoor, Tag, capital, csv, filters};
use crate::web::{Id, Items, Page, Query, Reply, Routes};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

pub(super) fn routes(r: &mut Routes) {
    r.get("/applications", list).may(Permission::ReadApplications);
    r.get("/applications.csv", table).may(Permission::ReadApplications);
    r.get("/applications/{id}", show).may(Permission::ReadApplications);
}

codes! {
    /// Which applications are listed, by where they stand.
    pub enum Listed {
        Draft("draft", "A draft"),
        Submitted("submitted", "Submitted"),
        Returned("returned", "Returned"),
        Decided("decided", "Decided"),
        Withdrawn("withdrawn", "Withdrawn"),
        Any("any", "All"),
    }
}

impl Listed {
    fn state(self) -> Option<ApplicationState> {
        match self {
            Self::Draft => Some(ApplicationState::Draft),
            Self::Submitted => Some(ApplicationState::Submitted),
            Self::Returned => Some(ApplicationState::Returned),
            Self::Decided => Some(ApplicationState::Decided),
            Self::Withdrawn => Some(ApplicationState::Withdrawn),
            Self::Any => None,
        }
    }
}

/// Which applications are listed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ListFilter {
    status: Option<Listed>,
    framework_id: Option<FrameworkId>,
    /// Only those of providers whose name has this in it.
    provider: Option<String>,
    /// In this order; the soonest to be decided first where none is said.
    sort: Option<ApplicationOrder>,
}

impl ListFilter {
    /// A cooperative's people come for what waits for them, a provider's for all of their own.
    fn narrowed(&self, actor: &Actor) -> ApplicationFilter {
        let first = if actor.organisation_kind == OrganisationKind::Provider {
            Listed::Any
        } else {
            Listed::Submitted
        };
        ApplicationFilter {
            framework_id: self.framework_id,
            provider: self.provider.clone(),
            status: self.status.unwrap_or(first).state(),
            sort: Some(self.sort.unwrap_or(ApplicationOrder::Due)),
            ..ApplicationFilter::default()
        }
    }
}

#[derive(Template)]
#[template(path = "providers/applications.html")]
struct ListPage {
    applications: Vec<(ApplicationSummary, Tag)>,
    narrowing: Narrowing,
    is_provider: bool,
}

fn found(tx: &mut Tx<'_>, actor: &Actor, filter: &ListFilter, page: &Page) -> Result<Items<ApplicationSummary>> {
    let scope = Scope::of(tx, actor)?;
    let Items { items, next } = store::applications_page(tx, &scope, &filter.narrowed(actor), page)?;
    let items = ApplicationSummary::all(tx, &items)?;
    Ok(Items { items, next })
}

/// The frameworks that somebody may know of, to narrow a list by.
pub(super) fn framework_choices(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<Choice>> {
    let known = known_frameworks(tx, actor)?.into_iter();
    Ok(known
        .map(|framework| Choice::new(framework.id, framework.reference))
        .collect())
}

/// The lots of the frameworks that somebody may know of, to narrow a list by.
pub(super) fn lot_choices(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<Choice>> {
    let known = known_frameworks(tx, actor)?;
    let ids: Vec<_> = known.iter().map(|framework| framework.id).collect();
    let lots = frameworks::store::lots_of(tx, &ids)?;
    let of = |framework: &Framework| {
        let own = lots.iter().filter(|lot| lot.framework_id == framework.id);
        let choice = |lot: &Lot| Choice::new(lot.id, format!("{}, {} {}", framework.reference, lot.code, lot.title));
        own.map(choice).collect::<Vec<_>>()
    };
    Ok(known.iter().flat_map(of).collect())
}

fn known_frameworks(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<Framework>> {
    let scope = FrameworkScope::of(tx, actor)?;
    let by_reference = FrameworkFilter {
        sort: Some(FrameworkOrder::Reference),
        ..FrameworkFilter::default()
    };
    Ok(frameworks::store::frameworks_page(tx, &scope, &by_reference, &Page::whole())?.items)
}

async fn list(visit: PageDoor<Actor>, filter: Query<ListFilter>, part: Page) -> Reply {
    visit
        .read(move |tx, desk| {
            let found = found(tx, desk, &filter, &part)?;
            let is_provider = desk.organisation_kind == OrganisationKind::Provider;
            let states = Listed::ALL.iter().filter(|one| match one {
                Listed::Draft => is_provider,
                Listed::Submitted => is_provider || filter.status.is_some(),
                Listed::Any => !is_provider,
                _ => true,
            });
            let states = states.map(|one| Choice::new(one.code(), one.label())).collect();
            let first = if is_provider { Listed::Any } else { Listed::Submitted };
            let narrowing = desk
                .narrowing()
                .select("status", "State", states)
                .otherwise(first.label());
            let narrowing = if is_provider {
                narrowing
            } else {
                narrowing.search("provider", "Provider")
            };
            let narrowing = narrowing
                .select("framework_id", "Framework", framework_choices(tx, desk)?)
                .sorted_by(ApplicationOrder::Due)
                .next(found.next);
            let applications = found.items.into_iter().map(|application| {
                let tag = application_tag(application.status);
                (application, tag)
            });
            let page = ListPage {
                applications: applications.collect(),
                narrowing,
                is_provider,
            };
            Ok(Html::of("Applications", &page)?.wide())
        })
        .await
}

async fn table(visit: PageDoor<Actor>, filter: Query<ListFilter>) -> Reply {
    visit
        .download(move |tx, desk| {
            let rows = found(tx, desk, &filter, &Page::whole())?
                .items
                .into_iter()
                .map(|application| {
                    let lots = application.lots.iter().map(|lot| match lot.outcome {
                        Some(outcome) => format!("{} {}", lot.lot.code, outcome.label().to_lowercase()),
                        None => lot.lot.code.clone(),
                    });
                    let lots: Vec<String> = lots.collect();
                    vec![
                        application.provider.name,
                        application.framework.reference,
                        lots.join("; "),
                        capital(application.status.label()),
                        application.submitted_at.map(|at| at.to_string()).unwrap_or_default(),
                        application
                            .decision_due_on
                            .map(|day| day.to_string())
                            .unwrap_or_default(),
                        application.decided_at.map(|at| at.to_string()).unwrap_or_default(),
                    ]
                });
            let head = [
                "Provider",
                "Framework",
                "Lots",
                "State",
                "Submitted",
                "Decision due",
                "Decided",
            ];
            csv("applications.csv", &head, rows)
        })
        .await
}

/// An application with all that it speaks of.
pub(super) struct Whole {
    pub application: Application,
    pub view: ApplicationView,
    pub framework: Framework,
    pub standards: Vec<Standard>,
    /// The contract version that is to be accepted now.
    pub contract: Option<ContractVersion>,
    pub today: NaiveDate,
}

/// One thing to do before an application is submitted.
pub(super) struct Task {
    pub path: String,
    pub label: String,
    pub is_done: bool,
    pub is_optional: bool,
}

impl Whole {
    pub fn of(tx: &mut Tx<'_>, actor: &Actor, id: ApplicationId) -> Result<Self> {
        let application = actions::application_seen_by(tx, actor, id)?;
        let framework = frameworks::store::framework(tx, application.framework_id)?
            .ok_or(crate::error::Error::NotFound("framework"))?;
        let today = tx.now.date_in_uk();
        Ok(Self {
            view: ApplicationView::of(tx, actor, application.clone())?,
            standards: frameworks::store::standards(tx, framework.id)?,
            contract: frameworks::store::contract_to_accept(tx, framework.id, today)?,
            application,
            framework,
            today,
        })
    }

    /// The path of its own page.
    pub fn own_path(&self) -> String {
        format!("/applications/{}", self.application.id)
    }

    /// The path of a page below it.
    pub fn path(&self, part: &str) -> String {
        format!("{}/{part}", self.own_path())
    }

    /// The framework, as headings say it.
    pub fn framework_name(&self) -> String {
        format!("{}, {}", self.framework.reference, self.framework.title)
    }

    /// What was answered to a standard.
    pub fn statement(&self, standard: &Standard) -> Option<&str> {
        let mut answers = self.application.answers.iter();
        let found = answers.find(|answer| answer.standard_id == standard.id);
        found.map(|answer| answer.statement.as_str())
    }

    /// The standards that have an answer.
    pub fn answered(&self) -> impl Iterator<Item = &Standard> {
        self.standards
            .iter()
            .filter(|standard| self.statement(standard).is_some())
    }

    /// What was found of a standard, as far as the reader is told.
    pub fn finding(&self, standard: &Standard) -> Option<&Finding> {
        let mut findings = self.view.findings.iter();
        findings.find(|finding| finding.standard_id == standard.id)
    }

    /// The standards whose answers were found not to meet them and have not changed since.
    pub fn to_mend(&self) -> Vec<(&Standard, &Finding)> {
        let found = self
            .standards
            .iter()
            .filter_map(|standard| Some((standard, self.finding(standard)?)));
        found.filter(|(_, finding)| finding.stands_against()).collect()
    }

    /// Whether its insurance counts: named, and running beyond today.
    pub fn is_insured(&self) -> bool {
        let insurance = self.application.insurance.as_ref();
        insurance.is_some_and(|insurance| insurance.expires_on > self.today)
    }

    pub fn has_run_out(&self, insurance: &Insurance) -> bool {
        expired_on(insurance.expires_on, self.today)
    }

    /// Whether it accepts the contract version that counts now.
    pub fn accepts_contract(&self) -> bool {
        let current = self.contract.as_ref().map(|version| version.id);
        current.is_some() && self.application.accepted_contract_version_id == current
    }

    /// Everything that it takes, in the order in which one does it.
    pub fn tasks(&self) -> Vec<Task> {
        let task = |path: String, label: &str, is_done| Task {
            path,
            label: label.to_owned(),
            is_done,
            is_optional: false,
        };
        let mut tasks = vec![task(
            self.path("lots"),
            "Choose the lots",
            !self.application.lots.is_empty(),
        )];
        tasks.extend(self.standards.iter().map(|standard| Task {
            path: self.path(&format!("standards/{}", standard.id)),
            label: format!("Answer {}, {}", standard.code, standard.title),
            is_done: self.statement(standard).is_some(),
            is_optional: !standard.mandatory,
        }));
        tasks.push(task(self.path("insurance"), "Name your insurance", self.is_insured()));
        tasks.push(task(
            self.path("declaration"),
            "Declare that no ground for exclusion applies",
            self.application.no_exclusion_grounds,
        ));
        tasks.push(task(
            self.path("contract"),
            "Read and accept the contract",
            self.accepts_contract(),
        ));
        tasks
    }

    /// The tasks that must be done and are not.
    pub fn missing(&self) -> Vec<Task> {
        let mut tasks = self.tasks();
        tasks.retain(|task| !task.is_done && !task.is_optional);
        tasks
    }
}

#[derive(Template)]
#[template(path = "providers/tasks.html")]
struct TasksPage {
    whole: Whole,
    tasks: Vec<Task>,
    done: usize,
    tag: Tag,
}

#[derive(Template)]
#[template(path = "providers/application.html")]
struct ApplicationPage {
    whole: Whole,
    tag: Tag,
    may_decide: bool,
    may_withdraw: bool,
    is_provider: bool,
}

fn page(tx: &mut Tx<'_>, desk: &Desk<Actor>, id: ApplicationId) -> Result<Html> {
    let whole = Whole::of(tx, desk, id)?;
    let tag = application_tag(whole.application.state);
    let writes = may(desk.role, Permission::WriteApplications);
    if writes && whole.application.is_editable() {
        let tasks = whole.tasks();
        let title = format!("Apply to {}", whole.framework.reference);
        let done = tasks.iter().filter(|task| task.is_done).count();
        return Html::of(
            title,
            &TasksPage {
                whole,
                tasks,
                done,
                tag,
            },
        );
    }
    let is_submitted = whole.application.state == ApplicationState::Submitted;
    let title = format!("Application of {}", whole.view.summary.provider.name);
    let page = ApplicationPage {
        may_decide: is_submitted && may(desk.role, Permission::DecideApplications),
        may_withdraw: is_submitted && writes,
        is_provider: desk.organisation_kind == OrganisationKind::Provider,
        whole,
        tag,
    };
    Html::of(title, &page)
}

async fn show(visit: PageDoor<Actor>, id: Id<ApplicationId>) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id)).await
}

#[cfg(test)]
mod tests;

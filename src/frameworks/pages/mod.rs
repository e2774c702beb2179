//! Frameworks in the browser. (A framework's own page stands with the providers, for it says how one stands towards it.)

mod contract_versions;
mod lifecycle;
mod list;
mod lots;
mod policy;
mod standards;
mod terms;

pub use policy::policy_in_words;

use super::rules::{Framework, FrameworkState};
use crate::error::Result;
use crate::web::Routes;
use crate::web::pages::{Form, Html, Tag};
use askama::Template;

/// The slice's pages.
pub fn routes(r: &mut Routes) {
    list::routes(r);
    terms::routes(r);
    lifecycle::routes(r);
    lots::routes(r);
    standards::routes(r);
    contract_versions::routes(r);
}

/// Where a framework stands, as every page shows it.
pub fn tag(state: FrameworkState) -> Tag {
    let colour = match state {
        FrameworkState::Draft => "",
        FrameworkState::Open => "green",
        FrameworkState::Suspended => "yellow",
        FrameworkState::Closed => "grey",
    };
    Tag::new(colour, state.label())
}

/// A form about a part of a framework: a lot, a standard, a contract version.
#[derive(Template)]
#[template(path = "frameworks/part.html")]
struct PartPage {
    framework: Framework,
    heading: String,
    said: &'static str,
    form: Form,
}

impl PartPage {
    fn show(framework: Framework, heading: impl Into<String>, said: &'static str, form: Form) -> Result<Html> {
        let page = Self {
            framework,
            heading: heading.into(),
            said,
            form,
        };
        Html::of(page.heading.clone(), &page)
    }
}

#[cfg(test)]
pub(crate) mod samples {
    //! What the tests of pages show.

    use crate::clock::Instant;
    use crate::frameworks::rules::{
        AdmissionMode, ContractVersion, Evidence, Framework, FrameworkState, LineCeilings, Lot, NewFramework, NewLot,
        NewStandard, Standard, StandardScope, sample_policy, sha256_of,
    };
    use crate::ids::{ContractVersionId, FrameworkId, LotId, OrganisationId, PersonId, StandardId};
    use crate::values::{CodeSet, Money, PlacementType, ProcurementRoute, ProvisionType};

    pub fn now() -> Instant {
        "2026-03-02T09:00:00Z".parse().unwrap()
    }

    /// A draft.
    pub fn framework() -> Framework {
        let new = NewFramework {
            reference: "SE-RES-1".into(),
            title: "Homes & schools".into(),
            procurement_route: ProcurementRoute::Pa2023OpenFramework,
            starts_on: "2026-03-01".parse().unwrap(),
            ends_on: "2030-02-28".parse().unwrap(),
            admission: AdmissionMode::Continuous,
            application_window: None,
            policy: sample_policy(),
        };
        new.draft(FrameworkId::new(now()), OrganisationId::new(now()))
    }

    /// The same, as it stands after it was opened, suspended or closed.
    pub fn framework_that_is(state: FrameworkState) -> Framework {
        let is = |wanted: FrameworkState| state == wanted;
        Framework {
            state,
            suspended_reason: is(FrameworkState::Suspended).then(|| "An <inquiry>".to_owned()),
            opened_at: (!is(FrameworkState::Draft)).then(now),
            closed_at: is(FrameworkState::Closed).then(now),
            ..framework()
        }
    }

    pub fn lot() -> Lot {
        let new = NewLot {
            code: "R1".into(),
            title: "Children's homes".into(),
            placement_type: PlacementType::Residential,
            provision_types: CodeSet::from([ProvisionType::ChildrensHome]),
            weekly_ceiling: Some(Money::parse("6000.00").unwrap()),
            line_ceilings: LineCeilings::default(),
        };
        new.lot(LotId::new(now()), FrameworkId::new(now()), 1)
    }

    /// One that must be answered, by a statement of the provider.
    pub fn standard() -> Standard {
        let new = NewStandard {
            code: "QS7".into(),
            title: "Keeping children <safe>".into(),
            requirement: "Say who leads, & how.".into(),
            applies_to: StandardScope::Provider,
            evidence: Evidence::Statement,
            mandatory: true,
        };
        new.standard(StandardId::new(now()), FrameworkId::new(now()))
    }

    /// One that may be left out, shown by a document of each home.
    pub fn voluntary_standard() -> Standard {
        Standard {
            code: "QS8".into(),
            title: "Leadership".into(),
            requirement: "Name the policy.".into(),
            applies_to: StandardScope::Home,
            evidence: Evidence::Document,
            mandatory: false,
            ..standard()
        }
    }

    pub fn contract_version() -> ContractVersion {
        ContractVersion {
            id: ContractVersionId::new(now()),
            framework_id: FrameworkId::new(now()),
            number: 2,
            title: "Terms & conditions".into(),
            sha256: sha256_of("The <terms>"),
            effective_on: "2026-04-01".parse().unwrap(),
            published_by: PersonId::new(now()),
            published_at: now(),
        }
    }
}

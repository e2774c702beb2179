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
mod samples {
    //! What the tests of pages show.

    use crate::clock::Instant;
    use crate::frameworks::rules::{AdmissionMode, Framework, LineCeilings, Lot, NewFramework, NewLot, sample_policy};
    use crate::ids::{FrameworkId, LotId, OrganisationId};
    use crate::values::{CodeSet, Money, PlacementType, ProcurementRoute, ProvisionType};

    fn now() -> Instant {
        "2026-03-02T09:00:00Z".parse().unwrap()
    }

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
}

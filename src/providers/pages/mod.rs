//! Providers in the browser: their profiles, their applications and admissions, and a framework as one stands towards it.

mod admission_steps;
mod admissions;
mod applications;
mod apply;
mod content;
mod contracts;
mod decisions;
mod framework;
mod profiles;
mod submission;

use super::api::AdmissionSummary;
use super::rules::{AdmissionState, ApplicationState};
use crate::error::Result;
use crate::web::Routes;
use crate::web::pages::{Form, Html, Tag};
use askama::Template;

/// The slice's pages.
pub fn routes(r: &mut Routes) {
    framework::routes(r);
    profiles::routes(r);
    applications::routes(r);
    apply::routes(r);
    content::routes(r);
    submission::routes(r);
    decisions::routes(r);
    admissions::routes(r);
    admission_steps::routes(r);
    contracts::routes(r);
}

/// A form of its own: a heading, a sentence on it, the way back.
#[derive(Template)]
#[template(path = "providers/form.html")]
struct FormPage {
    heading: &'static str,
    said: &'static str,
    form: Form,
    back: String,
}

impl FormPage {
    fn show(heading: &'static str, said: &'static str, form: Form, back: String) -> Result<Html> {
        let page = Self {
            heading,
            said,
            form,
            back,
        };
        Html::of(heading, &page)
    }
}

/// Where an application stands, as every page shows it.
fn application_tag(state: ApplicationState) -> Tag {
    let colour = match state {
        ApplicationState::Draft => "",
        ApplicationState::Submitted => "purple",
        ApplicationState::Returned => "yellow",
        ApplicationState::Decided => "green",
        ApplicationState::Withdrawn => "grey",
    };
    Tag::new(colour, state.label())
}

/// Where an admission stands now, as every page shows it.
fn admission_tag(admission: &AdmissionSummary) -> Tag {
    let colour = match admission.status {
        AdmissionState::Admitted => "green",
        AdmissionState::Suspended => "yellow",
        AdmissionState::Left | AdmissionState::Removed => "grey",
    };
    Tag::new(colour, admission.status.label())
}

#[cfg(test)]
mod samples;

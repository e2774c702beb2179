//! What the tests of pages show.

use super::applications::Whole;
use crate::frameworks::FrameworkState;
use crate::frameworks::pages::samples;
use crate::ids::{AdmissionId, ApplicationId, OrganisationId, PersonId};
use crate::providers::api::{
    AdmissionSummary, ApplicationSummary, ApplicationView, AppliedLotView, FrameworkName, LotName, ProviderName,
};
use crate::providers::rules::{
    AdmissionState, Answer, Application, ApplicationState, AppliedLot, Finding, Insurance, LotOutcome, ProviderProfile,
    StandardOutcome, Suspension,
};
use crate::values::{CharityNumber, CompanyNumber, Money};
use chrono::NaiveDate;

pub use crate::frameworks::pages::samples::now;

/// As it is shown.
pub const ACORN: &str = "Acorn &#60;Care&#62;";

pub fn provider() -> ProviderName {
    ProviderName {
        id: OrganisationId::new(now()),
        name: "Acorn <Care>".to_owned(),
    }
}

fn framework_name() -> FrameworkName {
    let framework = samples::framework();
    FrameworkName {
        id: framework.id,
        reference: framework.reference,
        title: framework.title,
    }
}

fn lot_name(code: &str) -> LotName {
    let lot = samples::lot();
    LotName {
        id: lot.id,
        code: code.to_owned(),
        title: lot.title,
    }
}

/// It covers up to and including this day.
pub fn insurance(expires_on: &str) -> Insurance {
    Insurance {
        policy_number: "PL-2026 & 17".to_owned(),
        cover: Money::parse("5000000.00").unwrap(),
        expires_on: expires_on.parse().unwrap(),
    }
}

pub fn profile() -> ProviderProfile {
    ProviderProfile {
        provider_id: OrganisationId::new(now()),
        name: provider().name,
        company_number: CompanyNumber::parse("01234567").ok(),
        charity_number: CharityNumber::parse("1098765").ok(),
        about: Some("Small homes.\n<script>alert(1)</script>".to_owned()),
        website: Some("https://acorn.example/?a=1&b=2".to_owned()),
        telephone: Some("01632 960123".to_owned()),
        insurance: Some(insurance("2026-12-31")),
        version: 1,
    }
}

/// One in force, with the contract accepted.
pub fn admission() -> AdmissionSummary {
    AdmissionSummary {
        id: AdmissionId::new(now()),
        provider: provider(),
        framework: framework_name(),
        lot: lot_name("R1"),
        application_id: ApplicationId::new(now()),
        status: AdmissionState::Admitted,
        suspension: None,
        admitted_at: now(),
        insurance_expires_on: "2026-12-31".parse().unwrap(),
        contract_accepted: true,
        contract_version_to_accept: None,
        version: 1,
    }
}

/// One that is suspended, by whomever.
pub fn suspended(suspension: Suspension) -> AdmissionSummary {
    AdmissionSummary {
        status: AdmissionState::Suspended,
        suspension: Some(suspension),
        ..admission()
    }
}

pub fn today() -> NaiveDate {
    now().date_in_uk()
}

/// A draft for two lots, of which nothing else is written yet.
pub fn draft() -> Whole {
    let (framework, contract) = (
        samples::framework_that_is(FrameworkState::Open),
        samples::contract_version(),
    );
    let (provider, lots) = (provider(), [lot_name("R1"), lot_name("R2")]);
    let application = Application {
        id: ApplicationId::new(now()),
        framework_id: framework.id,
        provider_id: provider.id,
        state: ApplicationState::Draft,
        lots: lots
            .iter()
            .map(|lot| AppliedLot {
                lot_id: lot.id,
                outcome: None,
                reason: None,
            })
            .collect(),
        answers: Vec::new(),
        findings: Vec::new(),
        no_exclusion_grounds: false,
        insurance: None,
        accepted_contract_version_id: None,
        submitted_by: None,
        submitted_at: None,
        decision_due_on: None,
        returned_reason: None,
        decided_at: None,
        version: 1,
    };
    let summary = ApplicationSummary {
        id: application.id,
        framework: framework_name(),
        provider,
        status: application.state,
        lots: lots
            .into_iter()
            .map(|lot| AppliedLotView {
                lot,
                outcome: None,
                reason: None,
            })
            .collect(),
        submitted_at: None,
        decision_due_on: None,
        overdue: false,
        decided_at: None,
        version: 1,
    };
    Whole {
        view: ApplicationView {
            summary,
            answers: Vec::new(),
            findings: Vec::new(),
            no_exclusion_grounds: false,
            insurance: None,
            accepted_contract_version_id: None,
            returned_reason: None,
        },
        application,
        framework,
        standards: vec![samples::standard(), samples::voluntary_standard()],
        contract: Some(contract),
        today: today(),
    }
}

/// A draft that has all that it takes, the voluntary standard left out.
pub fn complete() -> Whole {
    let mut whole = draft();
    whole.application.answers = vec![Answer {
        standard_id: whole.standards[0].id,
        statement: "Our lead reviews every week.\n<b>Always</b>".to_owned(),
    }];
    whole.application.no_exclusion_grounds = true;
    whole.application.insurance = Some(insurance("2026-12-31"));
    whole.application.accepted_contract_version_id = whole.contract.as_ref().map(|version| version.id);
    whole
}

/// The same, submitted and waiting for a decision.
pub fn submitted() -> Whole {
    let mut whole = complete();
    whole.application.state = ApplicationState::Submitted;
    whole.application.submitted_at = Some(now());
    whole.application.decision_due_on = "2026-03-16".parse().ok();
    whole.view.summary.status = ApplicationState::Submitted;
    whole
}

/// The same, its answer found not to meet the mandatory standard, as far as its reader is told.
pub fn judged(mut whole: Whole) -> Whole {
    let finding = Finding {
        standard_id: whole.standards[0].id,
        outcome: StandardOutcome::NotMet,
        note: Some("Say <who> leads.".to_owned()),
        of_earlier_answer: false,
        found_by: PersonId::new(now()),
        found_at: now(),
    };
    whole.application.findings = vec![finding.clone()];
    whole.view.findings = vec![finding];
    whole
}

/// The same as submitted, admitted to the first lot and rejected for the second.
pub fn decided() -> Whole {
    let mut whole = submitted();
    whole.application.state = ApplicationState::Decided;
    whole.application.decided_at = Some(now().plus(chrono::Duration::days(3)));
    whole.view.summary.status = ApplicationState::Decided;
    let outcomes = [
        (LotOutcome::Admitted, None),
        (LotOutcome::Rejected, Some("No home is <registered>.".to_owned())),
    ];
    for (lot, (outcome, reason)) in whole.view.summary.lots.iter_mut().zip(outcomes) {
        (lot.outcome, lot.reason) = (Some(outcome), reason);
    }
    whole
}

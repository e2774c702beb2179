mod findings;

use super::super::{Decisions, LotDecision, NewFinding, NewFindings, StandardOutcome};
use super::*;
use crate::frameworks::rules::{Evidence, StandardScope, sha256_of};
use crate::values::{CodeSet, Money, PlacementType, ProvisionType};

fn now() -> Instant {
    "2026-03-30T09:00:00Z".parse().unwrap()
}

fn lot(code: &str) -> Lot {
    Lot {
        id: LotId::new(now()),
        framework_id: FrameworkId::new(now()),
        code: code.into(),
        title: "Children's homes".into(),
        placement_type: PlacementType::Residential,
        provision_types: CodeSet::from([ProvisionType::ChildrensHome]),
        weekly_ceiling: None,
        line_ceilings: crate::frameworks::rules::LineCeilings::default(),
        version: 1,
    }
}

fn standard(code: &str, mandatory: bool) -> Standard {
    Standard {
        id: StandardId::new(now()),
        framework_id: FrameworkId::new(now()),
        code: code.into(),
        title: "The protection of children".into(),
        requirement: "Say how children are kept safe.".into(),
        applies_to: StandardScope::Provider,
        evidence: Evidence::Statement,
        mandatory,
        version: 1,
    }
}

fn contract() -> ContractVersion {
    ContractVersion {
        id: ContractVersionId::new(now()),
        framework_id: FrameworkId::new(now()),
        number: 2,
        title: "Regional contract".into(),
        sha256: sha256_of("Terms"),
        effective_on: now().date_in_uk(),
        published_by: PersonId::new(now()),
        published_at: now(),
    }
}

/// A framework with two lots, a mandatory and a voluntary standard and a contract.
struct Setting {
    lots: Vec<Lot>,
    standards: Vec<Standard>,
    contract: ContractVersion,
}

impl Setting {
    fn new() -> Self {
        Self {
            lots: vec![lot("R1"), lot("R2")],
            standards: vec![standard("QS7", true), standard("QS8", false)],
            contract: contract(),
        }
    }

    fn asked(&self) -> Asked<'_> {
        Asked {
            standards: &self.standards,
            contract: Some(&self.contract),
        }
    }

    fn offered(&self) -> Offered<'_> {
        Offered {
            lots: &self.lots,
            standards: &self.standards,
            contract_versions: std::slice::from_ref(&self.contract),
        }
    }

    fn draft(&self) -> Application {
        let new = NewApplication {
            lot_ids: vec![self.lots[0].id],
        };
        new.draft(
            ApplicationId::new(now()),
            FrameworkId::new(now()),
            OrganisationId::new(now()),
            &self.lots,
        )
        .unwrap()
    }

    /// All that is asked, for both lots.
    fn content(&self) -> ApplicationContent {
        ApplicationContent {
            lot_ids: vec![self.lots[1].id, self.lots[0].id],
            answers: vec![Answer {
                standard_id: self.standards[0].id,
                statement: "Weekly review.".into(),
            }],
            no_exclusion_grounds: true,
            insurance: Some(Insurance {
                policy_number: "P-1".into(),
                cover: Money::parse("10000000.00").unwrap(),
                expires_on: "2026-12-31".parse().unwrap(),
            }),
            accepted_contract_version_id: Some(self.contract.id),
        }
    }

    fn complete(&self) -> Application {
        self.draft().rewritten(self.content(), self.offered()).unwrap()
    }

    fn in_state(&self, state: ApplicationState) -> Application {
        Application {
            state,
            ..self.complete()
        }
    }

    fn submit(&self, application: Application) -> Result<Application> {
        application.submit(self.asked(), PersonId::new(now()), now())
    }
}

fn admit(application: &Application) -> Decisions {
    let admitted = |lot_id| LotDecision {
        lot_id,
        outcome: LotOutcome::Admitted,
        reason: None,
    };
    Decisions {
        decisions: application.lot_ids().map(admitted).collect(),
    }
}

/// A finding of one answer, with a note.
fn found(standard: &Standard, outcome: StandardOutcome) -> NewFindings {
    NewFindings {
        findings: vec![NewFinding {
            standard_id: standard.id,
            outcome,
            note: Some("It does not say who leads.".into()),
        }],
    }
}

/// The code of a refusal and the codes of its fields.
fn codes_of(error: Error) -> (&'static str, Vec<(String, String)>) {
    let code = error.code();
    let (Error::Refused(crate::error::Refused { errors, .. }) | Error::Invalid(errors)) = error else {
        panic!("{error}")
    };
    (
        code,
        errors
            .iter()
            .map(|error| (error.field.to_string(), error.code.to_string()))
            .collect(),
    )
}

/// Every state × verb: the state after it, or the code of the refusal.
#[test]
fn transitions() {
    use ApplicationState::{Decided, Draft, Returned, Submitted, Withdrawn};
    type Verb = fn(&Setting, Application) -> Result<Application>;
    let setting = Setting::new();
    let rewrite: Verb = |s, a| a.rewritten(s.content(), s.offered());
    let submit: Verb = |s, a| s.submit(a);
    let give_back: Verb = |_, a| Ok(a.give_back("Say who leads.".into())?);
    let decide: Verb = |_, a| {
        let decisions = admit(&a);
        a.decide(decisions, &[], now())
    };
    let find: Verb = |s, a| {
        a.found(
            found(&s.standards[0], StandardOutcome::Met),
            PersonId::new(now()),
            now(),
        )
    };
    let withdraw: Verb = |_, a| Ok(a.withdraw()?);
    let fixed = Err("application.not_editable");
    let not_submitted = Err("application.not_submitted");
    let over = Err("application.over");
    for (name, verb, outcomes) in [
        ("rewrite", rewrite, [Ok(Draft), fixed, Ok(Returned), fixed, fixed]),
        ("submit", submit, [Ok(Submitted), fixed, Ok(Submitted), fixed, fixed]),
        (
            "return",
            give_back,
            [not_submitted, Ok(Returned), not_submitted, not_submitted, not_submitted],
        ),
        (
            "decide",
            decide,
            [not_submitted, Ok(Decided), not_submitted, not_submitted, not_submitted],
        ),
        (
            "find",
            find,
            [
                not_submitted,
                Ok(Submitted),
                not_submitted,
                not_submitted,
                not_submitted,
            ],
        ),
        (
            "withdraw",
            withdraw,
            [Ok(Withdrawn), Ok(Withdrawn), Ok(Withdrawn), over, over],
        ),
    ] {
        for (from, expected) in [Draft, Submitted, Returned, Decided, Withdrawn]
            .into_iter()
            .zip(outcomes)
        {
            let outcome = verb(&setting, setting.in_state(from));
            let outcome = outcome.as_ref().map(|after| after.state).map_err(Error::code);
            assert_eq!(outcome, expected, "{name} {from}");
        }
    }
}

#[test]
fn everything_missing_is_named_at_once_and_the_standards_first() {
    let setting = Setting::new();
    let (code, fields) = codes_of(setting.submit(setting.draft()).unwrap_err());
    assert_eq!(code, "application.standard_unanswered");
    let expected = [
        ("answers", "application.standard_unanswered"),
        ("no_exclusion_grounds", "application.exclusion_undeclared"),
        ("insurance", "application.insurance_missing"),
        ("accepted_contract_version_id", "application.contract_not_accepted"),
    ];
    assert_eq!(
        fields,
        expected.map(|(field, code)| (field.to_owned(), code.to_owned()))
    );
}

#[test]
fn each_missing_thing_refuses_alone() {
    type Spoil = fn(&mut Application);
    let setting = Setting::new();
    let cases: [(Spoil, &str); 6] = [
        (|a| a.answers.clear(), "application.standard_unanswered"),
        (|a| a.no_exclusion_grounds = false, "application.exclusion_undeclared"),
        (|a| a.insurance = None, "application.insurance_missing"),
        (
            |a| a.insurance.as_mut().unwrap().expires_on = now().date_in_uk(),
            "application.insurance_expired",
        ),
        (
            |a| a.accepted_contract_version_id = None,
            "application.contract_not_accepted",
        ),
        (
            |a| a.accepted_contract_version_id = Some(ContractVersionId::new(now())),
            "application.contract_not_accepted",
        ),
    ];
    for (case, (make, expected)) in cases.into_iter().enumerate() {
        let mut application = setting.complete();
        make(&mut application);
        let (code, fields) = codes_of(setting.submit(application).unwrap_err());
        assert_eq!((code, fields.len()), (expected, 1), "case {case}");
    }
    let without_contract = Asked {
        contract: None,
        ..setting.asked()
    };
    let refused = setting
        .complete()
        .submit(without_contract, PersonId::new(now()), now())
        .unwrap_err();
    assert_eq!(refused.code(), "application.contract_not_accepted");
}

#[test]
fn a_decision_is_due_ten_working_days_after_each_submission() {
    let setting = Setting::new();
    // Good Friday is 3 April 2026 and Easter Monday 6 April: neither counts.
    let submitted = setting.submit(setting.complete()).unwrap();
    assert_eq!(submitted.decision_due_on, Some("2026-04-15".parse().unwrap()));
    let returned = submitted.give_back("Say who leads.".into()).unwrap();
    assert_eq!(
        (returned.decision_due_on, returned.returned_reason.as_deref()),
        (None, Some("Say who leads."))
    );
    let later = now().plus(chrono::Duration::days(1));
    let again = returned.submit(setting.asked(), PersonId::new(now()), later).unwrap();
    assert_eq!(again.decision_due_on, Some("2026-04-16".parse().unwrap()));
}

#[test]
fn lots_and_standards_are_the_frameworks_and_named_once() {
    let setting = Setting::new();
    let (one, other) = (setting.lots[0].id, LotId::new(now()));
    let answer = |standard_id| Answer {
        standard_id,
        statement: "Weekly review.".into(),
    };
    let content = ApplicationContent {
        lot_ids: vec![one, other, one],
        answers: vec![
            answer(StandardId::new(now())),
            answer(setting.standards[1].id),
            answer(setting.standards[1].id),
        ],
        accepted_contract_version_id: Some(ContractVersionId::new(now())),
        ..setting.content()
    };
    let (code, fields) = codes_of(setting.draft().rewritten(content, setting.offered()).unwrap_err());
    assert_eq!(code, "invalid_fields");
    let expected = [
        ("lot_ids[1]", "unknown"),
        ("lot_ids[2]", "repeated"),
        ("answers[0].standard_id", "unknown"),
        ("answers[2].standard_id", "repeated"),
        ("accepted_contract_version_id", "unknown"),
    ];
    assert_eq!(
        fields,
        expected.map(|(field, code)| (field.to_owned(), code.to_owned()))
    );
    let lots = setting.complete().lot_ids().collect::<Vec<_>>();
    assert_eq!(lots, [one, setting.lots[1].id], "lots stand in the framework's order");
    let new = NewApplication { lot_ids: vec![other] };
    let draft = new.draft(
        ApplicationId::new(now()),
        FrameworkId::new(now()),
        OrganisationId::new(now()),
        &setting.lots,
    );
    assert_eq!(
        codes_of(draft.unwrap_err()).1,
        [("lot_ids[0]".to_owned(), "unknown".to_owned())]
    );
}

#[test]
fn every_lot_is_decided_and_a_rejection_says_why() {
    let setting = Setting::new();
    let submitted = || setting.submit(setting.complete()).unwrap();
    let all = admit(&submitted()).decisions;
    let decide = |decisions: Vec<LotDecision>| submitted().decide(Decisions { decisions }, &setting.standards, now());
    let (code, fields) = codes_of(decide(vec![all[0].clone()]).unwrap_err());
    assert_eq!((code, fields.len()), ("application.lot_undecided", 1));
    let foreign = LotDecision {
        lot_id: LotId::new(now()),
        ..all[0].clone()
    };
    let (code, fields) = codes_of(decide(vec![all[0].clone(), all[0].clone(), foreign]).unwrap_err());
    assert_eq!(
        (code, fields[0].0.as_str(), fields[1].0.as_str()),
        ("invalid_fields", "decisions[1].lot_id", "decisions[2].lot_id")
    );

    let rejected = LotDecision {
        outcome: LotOutcome::Rejected,
        reason: Some("Too thin.".into()),
        ..all[1].clone()
    };
    assert!(rejected.validate().is_ok());
    assert!(
        LotDecision {
            reason: None,
            ..rejected.clone()
        }
        .validate()
        .is_err()
    );
    let decided = decide(vec![rejected, all[0].clone()]).unwrap();
    assert_eq!(
        (decided.state, decided.decided_at),
        (ApplicationState::Decided, Some(now()))
    );
    assert_eq!(decided.admitted_lots().collect::<Vec<_>>(), [all[0].lot_id]);
    assert_eq!(decided.lots[1].reason.as_deref(), Some("Too thin."));
}

#[test]
fn nobody_applies_for_what_they_have() {
    let setting = Setting::new();
    let lots: Vec<_> = setting.lots.iter().map(|lot| lot.id).collect();
    assert!(not_admitted_yet(&lots, &HashSet::new()).is_ok());
    let (code, fields) = codes_of(not_admitted_yet(&lots, &HashSet::from([lots[1]])).unwrap_err());
    assert_eq!(
        (code, fields[0].0.as_str()),
        ("application.already_admitted", "lot_ids[1]")
    );
}

//! What is found of each standard.

use super::*;

/// An application whose mandatory standard was judged, and both of whose standards are answered.
fn judged(setting: &Setting, standard: usize, outcome: StandardOutcome) -> Application {
    let mut application = setting.complete();
    application.answers.push(Answer {
        standard_id: setting.standards[1].id,
        statement: "A plan.".into(),
    });
    let submitted = setting.submit(application).unwrap();
    let findings = found(&setting.standards[standard], outcome);
    submitted.found(findings, PersonId::new(now()), now()).unwrap()
}

#[test]
fn nobody_is_admitted_while_a_mandatory_standard_is_not_met() {
    use StandardOutcome::{Met, NotMet};
    let setting = Setting::new();
    for (standard, outcome, admitted) in [(0, NotMet, false), (0, Met, true), (1, NotMet, true)] {
        let application = judged(&setting, standard, outcome);
        let decisions = admit(&application);
        let decided = application.decide(decisions, &setting.standards, now());
        assert_eq!(decided.is_ok(), admitted, "{standard} {outcome}");
    }
    let unmet = judged(&setting, 0, NotMet);
    let mut decisions = admit(&unmet);
    decisions.decisions[0].outcome = LotOutcome::Rejected;
    decisions.decisions[0].reason = Some("QS7 is not met.".into());
    let (code, fields) = codes_of(
        unmet
            .clone()
            .decide(decisions.clone(), &setting.standards, now())
            .unwrap_err(),
    );
    assert_eq!(
        (code, fields),
        (
            "application.standard_not_met",
            vec![(
                "decisions[1].outcome".to_owned(),
                "application.standard_not_met".to_owned()
            )]
        )
    );
    decisions.decisions[1] = LotDecision {
        lot_id: decisions.decisions[1].lot_id,
        ..decisions.decisions[0].clone()
    };
    assert!(unmet.decide(decisions, &setting.standards, now()).is_ok());
}

#[test]
fn a_changed_answer_is_judged_anew() {
    let setting = Setting::new();
    let returned = judged(&setting, 0, StandardOutcome::NotMet)
        .give_back("QS7".into())
        .unwrap();
    let same = returned
        .clone()
        .rewritten(setting.content(), setting.offered())
        .unwrap();
    assert!(same.findings[0].stands_against());
    let mut content = setting.content();
    content.answers[0].statement = "Ada Grant leads.".into();
    let changed = returned.rewritten(content, setting.offered()).unwrap();
    assert!(changed.findings[0].of_earlier_answer && changed.unmet(&setting.standards).is_empty());
    // What was found of the earlier answer stays until the new one is judged.
    let again = setting.submit(changed).unwrap();
    let none = NewFindings { findings: Vec::new() };
    let kept = again.found(none, PersonId::new(now()), now()).unwrap();
    assert!(kept.findings[0].of_earlier_answer);
    let met = found(&setting.standards[0], StandardOutcome::Met);
    let met = kept.found(met, PersonId::new(now()), now()).unwrap();
    assert_eq!(met.findings.len(), 1);
    assert!(!met.findings[0].of_earlier_answer && met.findings[0].outcome == StandardOutcome::Met);
}

#[test]
fn a_finding_is_of_an_answer_and_says_why_it_is_not_met() {
    let setting = Setting::new();
    let submitted = setting.submit(setting.complete()).unwrap();
    // The voluntary standard has no answer.
    let mut findings = found(&setting.standards[1], StandardOutcome::Met).findings;
    let of_the_answer = found(&setting.standards[0], StandardOutcome::Met).findings;
    findings.extend(of_the_answer.iter().cloned().chain(of_the_answer.iter().cloned()));
    let refused = submitted.found(NewFindings { findings }, PersonId::new(now()), now());
    let (code, fields) = codes_of(refused.unwrap_err());
    assert_eq!(
        (code, fields),
        (
            "invalid_fields",
            vec![
                ("findings[0].standard_id".to_owned(), "unknown".to_owned()),
                ("findings[2].standard_id".to_owned(), "repeated".to_owned())
            ]
        )
    );
    for (outcome, fine) in [(StandardOutcome::Met, true), (StandardOutcome::NotMet, false)] {
        let mut without_note = found(&setting.standards[0], outcome);
        without_note.findings[0].note = None;
        assert_eq!(without_note.validate().is_ok(), fine, "{outcome}");
    }
    for (state, told) in [
        (ApplicationState::Submitted, false),
        (ApplicationState::Returned, true),
        (ApplicationState::Decided, true),
        (ApplicationState::Withdrawn, false),
    ] {
        assert_eq!(setting.in_state(state).tells_findings(), told, "{state}");
    }
}

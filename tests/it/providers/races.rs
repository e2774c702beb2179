//! Two at the same moment: one wins, the other is told.

use super::*;

/// Runs the two at the same moment.
fn at_once<T: Send>(one: impl FnOnce() -> T + Send, other: impl FnOnce() -> T + Send) -> [T; 2] {
    let barrier = &Barrier::new(2);
    thread::scope(|scope| {
        let other = scope.spawn(move || {
            barrier.wait();
            other()
        });
        barrier.wait();
        let one = one();
        [one, other.join().unwrap()]
    })
}

#[test]
fn of_two_applications_at_once_one_is_begun() {
    let program = Program::start();
    let region = program.region();
    for turn in 0..10 {
        let provider = program.provider(&format!("Acorn{turn}"));
        let path = format!("/frameworks/{}/applications", region.framework);
        let (client, body) = (&*provider.admin, json!({"lot_ids": [region.lot]}));
        let begin = || client.post(&path, body.clone());
        let mut answers = at_once(begin, begin);
        answers.sort_by_key(|answer| answer.status);
        let [first, second] = answers;
        first.ok();
        second.refused(409, "application.already_exists");
    }
}

#[test]
fn of_a_decision_and_a_withdrawal_at_once_one_holds() {
    let program = Program::start();
    let region = program.region();
    for turn in 0..10 {
        let provider = program.provider(&format!("Acorn{turn}"));
        let application = region.application(&program, &provider);
        submit(&provider.admin, &application).ok();
        let (operator, admin) = (&*region.operator, &*provider.admin);
        let decisions = json!({"decisions": [{"lot_id": region.lot, "outcome": "admitted"}]});
        let answers = at_once(
            || operator.post(&format!("/applications/{application}/decide"), decisions),
            || admin.act(&format!("/applications/{application}/withdraw")),
        );
        let won: Vec<_> = answers.iter().map(|answer| answer.status == 200).collect();
        assert!(won[0] != won[1], "{answers:?}");
        let admitted = region.standing(&program, &provider).admitted;
        assert_eq!(admitted, won[0]);
        let status = admin.get(&format!("/applications/{application}")).ok()["status"].clone();
        assert_eq!(status, if won[0] { "decided" } else { "withdrawn" });
    }
}

#[test]
fn of_a_decision_and_a_renewal_at_once_the_renewal_counts() {
    let program = Program::start();
    let region = program.region();
    for turn in 0..10 {
        let provider = program.provider(&format!("Acorn{turn}"));
        let application = region.application(&program, &provider);
        submit(&provider.admin, &application).ok();
        let (operator, admin) = (&*region.operator, &*provider.admin);
        let decisions = json!({"decisions": [{"lot_id": region.lot, "outcome": "admitted"}]});
        let insurance = json!({"policy_number": "P-2", "cover": "1.00", "expires_on": program.day(700)});
        let answers = at_once(
            || operator.post(&format!("/applications/{application}/decide"), decisions),
            || admin.put(&format!("/providers/{}/insurance", provider.organisation), insurance),
        );
        for answer in answers {
            answer.ok();
        }
        let admission = admin.get("/admissions").ok()["items"][0].clone();
        assert_eq!(admission["insurance_expires_on"], json!(program.day(700)));
    }
}

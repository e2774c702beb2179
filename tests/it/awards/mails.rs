//! Who is told of an award by email, and when.

use chrono::Duration;
use serde_json::json;

use super::competition::{AT_HOME, Duel, at, duel};
use super::standstill::policy;
use crate::support::program::Program;

const WINNER: &str = "admin@birch.example";
const LOSER: &str = "admin@acorn.example";

/// The subjects that winner and loser were mailed while something was done.
fn told(program: &Program, duel: &Duel, done: impl FnOnce()) -> [Vec<String>; 2] {
    let before = [WINNER, LOSER].map(|email| program.mails_to(email).len());
    done();
    let mut mails = [WINNER, LOSER].map(|email| program.mails_to(email));
    for (mails, before) in mails.iter_mut().zip(before) {
        mails.drain(..before);
        assert!(
            mails
                .iter()
                .all(|mail| mail.subject.contains(duel.competition.reference())),
            "names the request"
        );
        for mail in mails.iter() {
            let text = format!("{} {} {}", mail.subject, mail.text, mail.html);
            assert!(
                !text.contains("5,200") && !text.contains("5200.00") && !text.contains("missing"),
                "{text}"
            );
        }
    }
    mails.map(|mails| mails.into_iter().map(|mail| mail.subject).collect())
}

#[test]
fn without_a_standstill_both_are_told_when_it_is_confirmed() {
    let program = Program::start();
    let region = program.region();
    let duel = duel(&program, &region, AT_HOME, json!({}));
    let by = &region.commissioner;
    let mut award = json!(null);
    let nothing = told(&program, &duel, || {
        award = duel.competition.propose(by, 1, json!({})).ok();
    });
    assert_eq!(nothing, [vec![], Vec::<String>::new()]);
    let [winner, loser] = told(&program, &duel, || _ = by.act(&at(&award, "confirm")).ok());
    assert!(
        matches!(&winner[..], [subject] if subject.to_lowercase().contains("awarded")),
        "{winner:?}"
    );
    assert!(
        matches!(&loser[..], [subject] if subject.to_lowercase().contains("unsuccessful")),
        "{loser:?}"
    );
}

#[test]
fn with_one_both_are_told_when_it_begins_and_the_winner_again_when_it_is_confirmed() {
    let program = Program::start();
    let region = program.region_with(policy(&program, 2));
    let duel = duel(&program, &region, AT_HOME, json!({}));
    let by = &region.commissioner;
    let mut award = json!(null);
    let [winner, loser] = told(&program, &duel, || {
        award = duel.competition.propose(by, 1, json!({})).ok();
    });
    assert_eq!((winner.len(), loser.len()), (1, 1), "{winner:?} {loser:?}");
    assert!(loser[0].to_lowercase().contains("unsuccessful"), "{loser:?}");
    program.wait(Duration::days(3));
    let [winner, loser] = told(&program, &duel, || _ = by.act(&at(&award, "confirm")).ok());
    assert_eq!((winner.len(), loser.len()), (1, 0), "{winner:?} {loser:?}");
}

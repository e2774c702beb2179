//! What people are told of their own access.

use super::mailed;
use crate::support::{Program, id};

#[test]
fn who_loses_access_or_has_it_back_is_told_by_mail() {
    let program = Program::start();
    let acorn = program.provider("Acorn");
    let bidder = acorn.bidder(&program, "second@acorn.example");
    let person = id(&bidder.get("/me").ok()["person"]);
    let people = [bidder.email(), acorn.admin.email()];
    let act = |verb: &str| {
        mailed(&program, people, || {
            acorn.admin.act(&format!("/people/{person}/{verb}")).ok();
        })
    };
    let nobody_else = Vec::<String>::new();
    assert_eq!(
        act("deactivate"),
        [vec!["Your access to Hearth has ended".to_owned()], nobody_else.clone()]
    );
    let mail = program.mails_to(bidder.email()).pop().unwrap();
    assert!(
        mail.text.contains("for Acorn Care Ltd") && mail.text.contains("https://hearth.example/privacy"),
        "{}",
        mail.text
    );
    assert_eq!(program.browser().get("/privacy").status, 200, "read without signing in");
    assert_eq!(program.count("notifications WHERE kind = 'person_deactivated'"), 0);
    assert_eq!(
        act("reactivate"),
        [vec!["You have access to Hearth again".to_owned()], nobody_else]
    );
}

#[test]
fn who_came_back_before_it_was_told_is_not_told_that_they_left() {
    let program = Program::start();
    let acorn = program.provider("Acorn");
    let bidder = acorn.bidder(&program, "second@acorn.example");
    let person = id(&bidder.get("/me").ok()["person"]);
    let [told] = mailed(&program, [bidder.email()], || {
        for verb in ["deactivate", "reactivate"] {
            acorn.admin.act(&format!("/people/{person}/{verb}")).ok();
        }
    });
    assert_eq!(told, ["You have access to Hearth again"]);
}

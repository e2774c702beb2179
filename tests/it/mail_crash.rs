//! The real program, killed and stopped while mails are on their way.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use hearth::clock::SystemClock;
use hearth::notifications::rules::MailState;
use hearth::notifications::store::{self, Mailing, MailsWanted};
use hearth::web::Page;
use serde_json::json;

use crate::support::client::{Client, PASSWORD};
use crate::support::database::FreshDatabase;
use crate::support::process::{Installation, Serving};
use crate::support::relay::Relay;

/// Most mails on their way at once, hence most that one kill can double.
const AT_ONCE: usize = 4;

fn installation(relay: &Relay) -> Installation {
    let installation = Installation::migrated()
        .told("HEARTH_MAIL", &relay.url())
        .told("HEARTH_MAIL_FROM", "Hearth <no-reply@hearth.example>");
    let operator = [
        "create-operator",
        "--cooperative",
        "South East",
        "--name",
        "Op Erator",
        "--email",
        "operator@coop.example",
    ];
    installation.succeed(&operator);
    installation
}

fn operator(serving: &Serving) -> Client {
    let body = json!({"email": "operator@coop.example", "password": PASSWORD});
    let answer = serving.visitor().post("/auth/sign-in", body).ok();
    let token = answer["access_token"].as_str().unwrap().to_owned();
    serving.visitor().as_person("operator@coop.example", token)
}

fn invite(operator: &Client, address: &str) {
    let cooperative = operator.get("/me").ok()["organisation"]["id"].clone();
    let person = json!({"organisation_id": cooperative, "name": "Per Son", "email": address, "role": "auditor"});
    operator.post("/people", person).ok();
}

fn count(installation: &Installation, state: MailState) -> usize {
    let database = installation.database().open(Arc::new(SystemClock));
    let page = Page {
        limit: 200,
        after: None,
    };
    let wanted = MailsWanted {
        state: Some(state),
        ..MailsWanted::default()
    };
    database
        .read_now(|tx| store::mails(tx, Mailing::All, &wanted, &page))
        .unwrap()
        .items
        .len()
}

#[test]
fn killed_again_and_again_every_mail_arrives_and_a_double_bears_the_same_message_id() {
    let relay = Relay::start();
    relay.delay(Duration::from_millis(30));
    let installation = installation(&relay);
    let mut invited = BTreeSet::new();
    let kills = 4;
    for round in 0..kills {
        let serving = installation.serve();
        let operator = operator(&serving);
        for number in 0..8 {
            let address = format!("auditor-{round}-{number}@coop.example");
            invite(&operator, &address);
            invited.insert(address);
        }
        // In the middle of its work, never at the same place.
        relay.wait_until("a mail is in hand", |relay| relay.in_hand() > 0);
        std::thread::sleep(Duration::from_millis(17 * round));
        serving.kill();
        installation.let_leases_end();
    }
    let serving = installation.serve();
    relay.wait_until("everybody has a mail", |relay| {
        relay.taken().iter().map(|mail| &mail.to).collect::<BTreeSet<_>>().len() == invited.len()
    });
    assert!(serving.stop());
    let mut ids: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let taken = relay.taken();
    for mail in &taken {
        ids.entry(mail.to.clone()).or_default().insert(mail.message_id.clone());
    }
    assert_eq!(ids.keys().cloned().collect::<BTreeSet<_>>(), invited);
    assert!(
        ids.values().all(|ids| ids.len() == 1),
        "one Message-ID a person and event: {ids:?}"
    );
    let doubled = taken.len() - invited.len();
    let most = AT_ONCE * usize::try_from(kills).unwrap();
    assert!(doubled <= most, "{doubled} mails came twice");
    assert_eq!(count(&installation, MailState::Sent), invited.len());
}

#[test]
fn a_stop_that_is_asked_for_finishes_the_mail_in_hand() {
    let relay = Relay::start();
    relay.delay(Duration::from_secs(2));
    let installation = installation(&relay);
    let serving = installation.serve();
    invite(&operator(&serving), "auditor@coop.example");
    relay.wait_until("the mail is in hand", |relay| relay.in_hand() == 1);
    assert!(serving.stop());
    assert_eq!(relay.taken().len(), 1);
    assert_eq!(
        (
            count(&installation, MailState::Sent),
            count(&installation, MailState::Sending)
        ),
        (1, 0)
    );
}

#[test]
fn mails_that_were_given_up_are_listed_and_sent_again_from_the_command_line() {
    let relay = Relay::start();
    let installation = installation(&relay);
    let listed = installation.succeed(&["admin", "mail", "list"]);
    assert_eq!(listed, "0 mails given up.\n");
    assert!(
        installation
            .fail(&["admin", "mail", "resend", "--all"])
            .contains("no mail was given up")
    );
    let database = installation.database().open(Arc::new(SystemClock));
    let serving = installation.serve();
    invite(&operator(&serving), "auditor@coop.example");
    relay.wait_until("the mail has come", |relay| relay.taken().len() == 1);
    assert!(serving.stop());
    let statement = "UPDATE mails SET state = 'given_up', sent_at = NULL, last_error = '550 no such user'";
    FreshDatabase::execute(&database, statement);
    let listed = installation.succeed(&["admin", "mail", "list"]);
    for word in [
        "1 mail given up",
        "auditor@coop.example",
        "Your invitation to join Hearth",
        "550 no such user",
    ] {
        assert!(listed.contains(word), "{word} is not in {listed}");
    }
    let id = listed.lines().nth(1).unwrap().split_whitespace().next().unwrap();
    assert_eq!(
        installation.succeed(&["admin", "mail", "resend", id]),
        "1 mail queued; the worker sends them.\n"
    );
    assert!(
        installation
            .fail(&["admin", "mail", "resend", id])
            .contains("Only a mail that was given up")
    );
    assert!(
        installation
            .succeed(&["admin", "mail", "list", "--state", "queued"])
            .contains(id)
    );
}

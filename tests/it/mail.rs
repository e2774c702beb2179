//! From an event to a mail that has left: once, whatever happens in between.

use chrono::Duration;
use hearth::access::Who;
use hearth::audit::Act;
use hearth::config::{MailConfig, MailTransport};
use hearth::ids::PersonId;
use hearth::mail::{Mailer, SendError};
use hearth::notifications::actions;
use hearth::outbox::Event;
use hearth::worker;
use serde_json::{Value, json};

use crate::support::relay::Relay;
use crate::support::{Program, id};

/// The person behind a sign-in.
fn person(me: &Value) -> PersonId {
    me["person"]["id"].as_str().unwrap().parse().unwrap()
}

/// Has something happen of which this person is told.
fn happen(program: &Program, person_id: PersonId) {
    let happened = |tx: &mut hearth::db::Tx<'_>| tx.emit(Event::PasswordChanged { person_id });
    program.db().write_now(happened).unwrap();
}

fn drain(program: &Program, mailer: &Mailer) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(worker::drain(&program.app, mailer)).unwrap();
}

fn in_memory(memory: &hearth::mail::Memory) -> Mailer {
    Mailer::in_memory("Hearth <no-reply@hearth.example>".parse().unwrap(), memory.clone())
}

#[test]
fn a_relay_that_is_away_for_an_hour_delays_mails_and_doubles_none() {
    let program = Program::start();
    let operator = program.operator("South East", "operator@coop.example");
    let person_id = person(&operator.get("/me").ok());
    program
        .mails
        .fail_with(Some(SendError::Transient("connection refused".into())));
    happen(&program, person_id);
    program.settle();
    let tried = program.mails.tried();
    assert_eq!((tried, program.mails.to(operator.email()).len()), (1, 0));

    // Everything but mail works on, and the wait between attempts grows.
    operator.get("/notifications").ok();
    for _ in 0..60 {
        program.wait(Duration::minutes(1));
    }
    assert_eq!(program.mails.to(operator.email()).len(), 0);
    assert!(
        (6..12).contains(&program.mails.tried()),
        "{} attempts in an hour",
        program.mails.tried()
    );

    program.mails.fail_with(None);
    program.wait(Duration::hours(1));
    program.wait(Duration::hours(24));
    let mails = program.mails.to(operator.email());
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert_eq!(program.count("mails WHERE state = 'sent' AND last_error IS NULL"), 1);
}

#[test]
fn a_mail_that_is_refused_for_good_is_given_up_seen_and_sent_again() {
    let program = Program::start();
    program.expect_failures();
    let operator = program.operator("South East", "operator@coop.example");
    let other = program.operator("North East", "operator@other.example");
    program
        .mails
        .fail_with(Some(SendError::Permanent("550 no such user".into())));
    happen(&program, person(&operator.get("/me").ok()));
    program.settle();
    program.wait(Duration::days(2));
    assert_eq!(program.mails.tried(), 1, "what is refused for good is not tried again");

    let given_up = operator.get("/mails?state=given_up").ok();
    let mail = &given_up["items"][0];
    assert_eq!(mail["to"], operator.email());
    assert_eq!(mail["last_error"], "550 no such user");
    assert_eq!(mail["next_attempt_at"], Value::Null);
    assert!(
        mail.get("text").is_none() && mail.get("html").is_none(),
        "where it stands, not what it says: {mail}"
    );
    assert_eq!(
        other.get("/mails").ok()["items"],
        json!([]),
        "another cooperative's mails are not its operator's"
    );
    other
        .act(&format!("/mails/{}/resend", id(mail)))
        .refused(404, "not_found");

    let counts = || operator.get("/mails/counts").ok();
    assert_eq!((&counts()["given_up"], &counts()["sent"]), (&json!(1), &json!(0)));

    program.mails.fail_with(None);
    operator.act(&format!("/mails/{}/resend", id(mail))).ok();
    program.settle();
    assert_eq!(program.mails.to(operator.email()).len(), 1);
    operator
        .act(&format!("/mails/{}/resend", id(mail)))
        .refused(409, "mail.not_given_up");
    assert_eq!(operator.get("/mails?state=given_up").ok()["items"], json!([]));
    assert_eq!((&counts()["given_up"], &counts()["sent"]), (&json!(0), &json!(1)));
}

#[test]
fn a_mail_is_given_up_after_a_day_of_attempts() {
    let program = Program::start();
    program.expect_failures();
    let operator = program.operator("South East", "operator@coop.example");
    program.mails.fail_with(Some(SendError::Transient("away".into())));
    happen(&program, person(&operator.get("/me").ok()));
    for _ in 0..40 {
        program.wait(Duration::hours(1));
    }
    assert_eq!(program.count("mails WHERE state = 'given_up'"), 1);
    assert_eq!(program.mails.tried(), 32);
}

#[test]
fn several_workers_on_one_queue_send_each_mail_once() {
    let program = Program::start();
    let operator = program.operator("South East", "operator@coop.example");
    let person_id = person(&operator.get("/me").ok());
    for _ in 0..40 {
        happen(&program, person_id);
    }
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| drain(&program, &in_memory(&program.mails)));
        }
    });
    program.settle();
    let mut ids: Vec<_> = program
        .mails
        .messages()
        .into_iter()
        .map(|message| message.message_id)
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), program.mails.tried()), (40, 40));
    assert_eq!(program.count("notifications"), 40);
}

#[test]
fn killed_before_anything_was_kept_nothing_is_lost_and_nothing_told_twice() {
    let program = Program::start();
    let operator = program.operator("South East", "operator@coop.example");
    let person_id = person(&operator.get("/me").ok());
    happen(&program, person_id);
    // The worker dies in the middle of telling: its transaction is undone whole.
    let died = program.db().write_now(|tx| {
        let event = actions::waiting(tx, 1)?.events[0];
        actions::tell(tx, &program.app.config, &program.app.secret, event)?;
        tx.record(Who::System, Act::on("worker", "x").did("session.end"));
        Err::<(), _>(hearth::error::Error::Unavailable)
    });
    assert!(died.is_err());
    assert_eq!(program.count("mails") + program.count("notifications"), 0);
    program.settle();
    assert_eq!((program.count("mails"), program.count("notifications")), (1, 1));
    assert_eq!(program.mails.to(operator.email()).len(), 1);
}

#[test]
fn killed_with_a_mail_in_hand_it_goes_out_when_the_lease_ends_under_the_same_message_id() {
    let program = Program::start();
    let operator = program.operator("South East", "operator@coop.example");
    let person_id = person(&operator.get("/me").ok());
    happen(&program, person_id);
    let db = program.db();
    let tell = |tx: &mut hearth::db::Tx<'_>| {
        let event = actions::waiting(tx, 1)?.events[0];
        actions::tell(tx, &program.app.config, &program.app.secret, event)
    };
    assert_eq!(db.write_now(tell).unwrap(), Some(1));
    // A worker claims it, the relay takes it, and the worker dies before it could say so.
    let claimed = db.write_now(|tx| actions::claim(tx, 10)).unwrap();
    let first = actions::message(&program.app.secret, &claimed[0]).unwrap();
    program.settle();
    assert_eq!(program.mails.tried(), 0, "while the lease lasts nobody else takes it");
    program.wait(Duration::minutes(1));
    let second = program.mails.to(operator.email());
    assert_eq!(second.len(), 1);
    assert_eq!(second[0], first, "word for word the same, Message-ID and all");

    // The dead one was only slow, and reports now: it changes nothing.
    let late = db.write_now(|tx| actions::record(tx, &claimed[0], &Err(SendError::Transient("late".into()))));
    assert!(late.is_ok());
    program.wait(Duration::hours(2));
    assert_eq!(program.mails.tried(), 1);
}

#[test]
fn an_event_that_cannot_be_told_holds_up_no_other_and_is_set_aside() {
    let program = Program::start();
    program.expect_failures();
    let operator = program.operator("South East", "operator@coop.example");
    // An award that is not there: such an event cannot be written by the program.
    let award_id = hearth::ids::EXAMPLE.parse().unwrap();
    program
        .db()
        .write_now(|tx| tx.emit(Event::AwardConfirmed { award_id }))
        .unwrap();
    happen(&program, person(&operator.get("/me").ok()));
    program.settle();
    assert_eq!(program.mails.to(operator.email()).len(), 1);
    for _ in 0..20 {
        program.wait(Duration::minutes(10));
    }
    assert_eq!(program.count("events WHERE state = 'failed' AND attempts = 20"), 1);
}

#[test]
fn one_time_tokens_do_not_lie_in_the_clear() {
    let program = Program::start();
    let operator = program.operator("South East", "operator@coop.example");
    let authority = operator.post("/authorities", json!({"gss_code": "E06000038"})).ok();
    let person = json!({"organisation_id": authority["id"], "name": "Com Missioner", "email": "c@reading.example",
        "role": "commissioner"});
    operator.post("/people", person).ok();
    program.mails.fail_with(Some(SendError::Transient("away".into())));
    program.settle();
    let waiting = "mails WHERE sealed_token IS NOT NULL AND text_body LIKE '%/join/\\%TOKEN\\%%' ESCAPE '\\'";
    assert_eq!(program.count(waiting), 1);
    program.mails.fail_with(None);
    program.wait(Duration::minutes(5));
    let mail = &program.mails_to("c@reading.example")[0];
    assert!(
        !mail.text.contains("%TOKEN%") && !mail.html.contains("%TOKEN%"),
        "{}",
        mail.text
    );
    let link = mail.text.split("https://hearth.example/join/").nth(1).unwrap();
    let token = link.split_whitespace().next().unwrap();
    assert!(mail.html.contains(&format!("https://hearth.example/join/{token}\"")));
    let join = json!({"token": token, "password": crate::support::client::PASSWORD});
    program.visitor().post("/auth/join", join).ok();
    assert_eq!(
        program.count("mails WHERE sealed_token IS NOT NULL"),
        0,
        "what was sent is forgotten"
    );
    for table in ["mails WHERE text_body", "events WHERE payload"] {
        assert_eq!(program.count(&format!("{table} LIKE '%{token}%'")), 0, "{table}");
    }
}

#[test]
fn two_workers_and_a_relay() {
    let program = Program::start();
    let operator = program.operator("South East", "operator@coop.example");
    let person_id = person(&operator.get("/me").ok());
    for _ in 0..12 {
        happen(&program, person_id);
    }
    let relay = Relay::start();
    let transport = MailTransport::parse(&relay.url()).unwrap();
    let from: lettre::message::Mailbox = "Hearth <no-reply@hearth.example>".parse().unwrap();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let config = MailConfig {
                    transport: transport.clone(),
                    from: from.clone(),
                };
                drain(&program, &Mailer::new(&config).unwrap());
            });
        }
    });
    drain(&program, &in_memory(&program.mails));
    let taken = relay.taken();
    assert_eq!(taken.len(), 12);
    assert!(taken.iter().all(|mail| mail.to == operator.email()));
    assert_eq!(program.mails.tried(), 0, "the two left nothing to do");
}

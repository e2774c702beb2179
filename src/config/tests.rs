use std::collections::HashMap;

use secrecy::ExposeSecret;

use super::*;

const KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

fn read(given: &[(&'static str, &str)]) -> Result<Config, Problems> {
    let given: HashMap<&str, String> = given.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    Config::read(&|name| given.get(name).cloned())
}

fn problems(given: &[(&'static str, &str)]) -> Vec<&'static str> {
    read(given)
        .expect_err("it should be refused")
        .0
        .iter()
        .map(|problem| problem.variable)
        .collect()
}

#[test]
fn nothing_needs_to_be_set() {
    let config = read(&[]).expect("the defaults are complete");
    assert_eq!(config.database.url.to_string(), "sqlite://data/hearth.db");
    assert_eq!(config.server.link("/join/x"), "http://127.0.0.1:8080/join/x");
    assert!(matches!(&config.mail.transport, MailTransport::Files(folder) if folder.ends_with("data/mails")));
    assert!(matches!(&config.secret, SecretConfig::Kept { key, .. } if key.ends_with("data/hearth.key")));
}

#[test]
fn all_problems_come_at_once() {
    assert_eq!(
        problems(&[
            ("HEARTH_DATABASE_URL", "mysql://root:hunter2@db/x"),
            ("HEARTH_DATABASE_CONNECTIONS", "0"),
            ("HEARTH_LISTEN", "8080"),
            ("HEARTH_PUBLIC_URL", "ftp://x"),
            ("HEARTH_SECRET_KEY", "c2hvcnQ="),
            ("HEARTH_MAIL", "smtp://relay?tls=maybe"),
            ("HEARTH_SECOND_FACTOR", "required"),
            ("HEARTH_LOG_FORMAT", "xml"),
        ]),
        [
            "HEARTH_DATABASE_URL",
            "HEARTH_DATABASE_CONNECTIONS",
            "HEARTH_LISTEN",
            "HEARTH_PUBLIC_URL",
            "HEARTH_SECRET_KEY",
            "HEARTH_MAIL",
            "HEARTH_SECOND_FACTOR",
            "HEARTH_LOG_FORMAT"
        ]
    );
}

#[test]
fn postgres_needs_a_key_and_a_way_for_mail() {
    let database = ("HEARTH_DATABASE_URL", "postgres://hearth:hunter2@db/hearth");
    assert_eq!(problems(&[database]), ["HEARTH_SECRET_KEY", "HEARTH_MAIL"]);
    let relay = ("HEARTH_MAIL", "smtp://relay");
    assert_eq!(
        problems(&[database, ("HEARTH_SECRET_KEY", KEY), relay]),
        ["HEARTH_MAIL_FROM"]
    );
}

#[test]
fn no_secret_is_printed() {
    let config = read(&[
        (
            "HEARTH_DATABASE_URL",
            "postgres://hearth:hunter2@db/hearth?sslpassword=hunter2",
        ),
        ("HEARTH_SECRET_KEY", KEY),
        ("HEARTH_MAIL", "smtp://user:hunter2@relay:465"),
        ("HEARTH_MAIL_FROM", "Hearth <no-reply@hearth.example>"),
    ])
    .expect("it is complete");
    let printed = format!("{config:?} {}", config.database.url);
    assert!(
        !printed.contains("hunter2") && !printed.contains("0123456789") && !printed.contains(KEY),
        "{printed}"
    );
    for variable in variables() {
        for value in ["smtp://user:hunter2@relay", "postgres://u:hunter2@[broken/x", "hunter2"] {
            let open =
                variable.secrecy == Secrecy::Open || (variable.secrecy == Secrecy::PasswordInUrl && value == "hunter2");
            assert!(
                open || !variable.shown(value).contains("hunter2"),
                "{} {value}",
                variable.name
            );
        }
    }
    let refused = read(&[
        ("HEARTH_DATABASE_URL", "mysql://root:hunter2@db"),
        ("HEARTH_SECRET_KEY", "hunter2"),
    ]);
    let said = refused.expect_err("it should be refused").to_string();
    assert!(!said.contains("hunter2"), "{said}");
}

#[test]
fn relays_are_read() {
    let relay = |value| match MailTransport::parse(value) {
        Ok(MailTransport::Smtp(relay)) => relay,
        other => panic!("{value}: {other:?}"),
    };
    let plain = relay("smtp://127.0.0.1:2525?tls=none");
    assert_eq!(
        (plain.host.as_str(), plain.port, plain.tls),
        ("127.0.0.1", 2525, Tls::None)
    );
    assert!(plain.credentials.is_none());
    let full = relay("smtp://us%40er:p+ss%2Fword@mail.example");
    let (user, password) = full.credentials.expect("they were given");
    assert_eq!((user.as_str(), password.expose_secret()), ("us@er", "p+ss/word"));
    assert_eq!((full.port, full.tls), (587, Tls::Required));
    assert_eq!(relay("smtp://[::1]:25?tls=none").host, "::1");
    for wrong in [
        "smtp://",
        "smtp://user@relay",
        "smtp://relay/path",
        "smtp://relay?timeout=3",
        "file:",
        "relay:25",
    ] {
        assert!(MailTransport::parse(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_key_is_derived_for_its_purpose() {
    let key = SecretKey::parse(KEY).expect("it is long enough");
    assert_eq!(key.derive("tokens"), key.derive("tokens"));
    assert_ne!(key.derive("tokens"), key.derive("sealed bids"));
    assert_eq!(
        hex::encode(key.derive("tokens")),
        "bfaec603b67c10106ca458827a52679683526ac714c5a0d2b8011fb9a1d933bf",
        "what was kept under a derived key must stay readable"
    );
}

#[test]
fn the_key_beside_the_database_is_made_once_and_never_replaced() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let database = folder.path().join("deep/hearth.db");
    let url = format!("sqlite://{}", database.display());
    let secret = read(&[("HEARTH_DATABASE_URL", &url)]).expect("it is complete").secret;
    let made = secret.load().expect("it is made").derive("x");
    assert_eq!(secret.load().expect("it is kept").derive("x"), made);
    let file = database.with_extension("key");
    assert_eq!(
        std::fs::metadata(&file).expect("it is there").permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(
        std::fs::read_dir(folder.path().join("deep"))
            .expect("it is there")
            .count(),
        1,
        "no draft is left"
    );

    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).expect("it is ours");
    assert!(matches!(secret.load(), Err(SecretKeyError::Exposed(_))));
    std::fs::remove_file(&file).expect("it is ours");
    std::fs::write(&database, b"x").expect("it is ours");
    assert!(matches!(secret.load(), Err(SecretKeyError::Lost { .. })));
}

#[test]
fn slips_of_the_pen_are_found() {
    let names = ["HEARTH_SECERT_KEY", "HEARTH_MAIL", "HEARTH_NEW_PASSWORD", "HOME"];
    assert_eq!(unknown_variables(names.into_iter()), ["HEARTH_SECERT_KEY"]);
}

#[test]
fn flags_are_named_after_their_variables_and_secrets_have_none() {
    let flags: Vec<_> = variables().filter_map(Variable::flag).collect();
    assert!(
        flags.contains(&"database-url".to_owned()) && !flags.contains(&"secret-key".to_owned()),
        "{flags:?}"
    );
}

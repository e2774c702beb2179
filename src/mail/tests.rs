use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::mpsc;

use super::*;
use crate::config::{Relay, Tls};

/// Longer than the 76 characters at which an encoded line is folded.
const LINK: &str = "https://hearth.example/placement-requests/0198b0a4-5c2e-7c3a-9d2f-0123456789ab/questions?x=1";

fn message() -> Message {
    Message {
        message_id: "event.person@hearth.example".to_owned(),
        to: "Zoë Example <zoe@provider.example>".parse().unwrap(),
        subject: "Awarded: R-2026-7F3K\r\nBcc: everybody@example.org".to_owned(),
        text: format!("The text.\n{LINK}\n"),
        html: format!("<p>The text.</p>\n<a href=\"{LINK}\">Zo\u{eb}</a>\n"),
    }
}

fn now() -> Instant {
    "2026-11-22T15:00:00Z".parse().unwrap()
}

/// An SMTP server that answers each verb as told, on one connection; gives back what it was sent.
fn relay(answer: impl Fn(&str) -> &'static str + Send + 'static) -> (Mailer, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (seen, sent) = mpsc::channel();
    std::thread::spawn(move || -> io::Result<()> {
        let (stream, _) = listener.accept()?;
        let mut out = stream.try_clone()?;
        let mut in_data = false;
        write!(out, "{}\r\n", answer("CONNECT"))?;
        for line in BufReader::new(stream).lines() {
            let line = line?;
            let _ = seen.send(line.clone());
            if in_data {
                if line == "." {
                    in_data = false;
                    write!(out, "{}\r\n", answer("."))?;
                }
                continue;
            }
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_owned();
            let said = answer(&verb);
            in_data = said.starts_with("354");
            write!(out, "{said}\r\n")?;
        }
        Ok(())
    });
    let config = MailConfig {
        transport: MailTransport::Smtp(Relay {
            host: "127.0.0.1".to_owned(),
            port,
            credentials: None,
            tls: Tls::None,
        }),
        from: "Hearth <no-reply@hearth.example>".parse().unwrap(),
    };
    (Mailer::new(&config).unwrap(), sent)
}

fn willing(verb: &str) -> &'static str {
    match verb {
        "CONNECT" => "220 ready",
        "DATA" => "354 go on",
        _ => "250 ok",
    }
}

#[tokio::test]
async fn a_relay_is_given_the_message_as_text_and_html() {
    let (mailer, sent) = relay(willing);
    mailer.send(&message(), now()).await.unwrap();
    let lines: Vec<String> = sent.try_iter().collect();
    for expected in [
        "RCPT TO:<zoe@provider.example>",
        "Message-ID: <event.person@hearth.example>",
        "Auto-Submitted: auto-generated",
        "Date: Sun, 22 Nov 2026 15:00:00 +0000",
        "The text.",
        LINK,
        "<p>The text.</p>",
    ] {
        assert!(
            lines.iter().any(|line| line == expected),
            "{expected} is not in {lines:#?}"
        );
    }
    assert!(
        !lines.iter().any(|line| line.starts_with("Bcc:")),
        "a line break in a subject adds no header: {lines:#?}"
    );
}

#[tokio::test]
async fn an_unknown_recipient_is_permanent_and_what_time_or_set_up_may_mend_is_not() {
    let (mailer, _sent) = relay(|verb| {
        if verb == "RCPT" {
            "550 5.1.1 no such user"
        } else {
            willing(verb)
        }
    });
    assert!(
        matches!(mailer.send(&message(), now()).await, Err(SendError::Permanent(said)) if said.contains("no such user"))
    );
    for (at, answer) in [
        ("RCPT", "450 later"),
        ("CONNECT", "421 busy"),
        ("MAIL", "530 authenticate first"),
        (".", "451 disk full"),
    ] {
        let (mailer, _sent) = relay(move |verb| if verb == at { answer } else { willing(verb) });
        let outcome = mailer.send(&message(), now()).await;
        assert!(
            matches!(outcome, Err(SendError::Transient(_))),
            "{at} {answer}: {outcome:?}"
        );
    }
}

#[tokio::test]
async fn a_relay_that_is_away_is_transient() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let transport = MailTransport::parse(&format!("smtp://127.0.0.1:{port}?tls=none")).unwrap();
    let mailer = Mailer::new(&MailConfig {
        transport,
        from: "no-reply@hearth.example".parse().unwrap(),
    })
    .unwrap();
    assert!(matches!(
        mailer.send(&message(), now()).await,
        Err(SendError::Transient(_))
    ));
}

#[tokio::test]
async fn tls_that_is_required_is_never_done_without() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || -> io::Result<Vec<String>> {
        let (stream, _) = listener.accept()?;
        let mut out = stream.try_clone()?;
        out.write_all(b"220 ready\r\n")?;
        let mut lines = Vec::new();
        for line in BufReader::new(stream).lines() {
            lines.push(line?);
            out.write_all(b"250 ok\r\n")?;
        }
        Ok(lines)
    });
    let transport = MailTransport::parse(&format!("smtp://user:word@127.0.0.1:{port}?tls=required")).unwrap();
    let mailer = Mailer::new(&MailConfig {
        transport,
        from: "no-reply@hearth.example".parse().unwrap(),
    })
    .unwrap();
    assert!(matches!(
        mailer.send(&message(), now()).await,
        Err(SendError::Transient(_))
    ));
    drop(mailer);
    let lines = server.join().unwrap().unwrap_or_default();
    assert!(
        !lines
            .iter()
            .any(|line| line.starts_with("AUTH") || line.starts_with("MAIL")),
        "{lines:?}"
    );
}

#[tokio::test]
async fn a_file_is_there_whole_and_once_however_often_it_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let transport = MailTransport::Files(folder.path().join("mails"));
    let mailer = Mailer::new(&MailConfig {
        transport,
        from: "no-reply@hearth.example".parse().unwrap(),
    })
    .unwrap();
    mailer.send(&message(), now()).await.unwrap();
    mailer.send(&message(), now()).await.unwrap();
    let files: Vec<_> = std::fs::read_dir(folder.path().join("mails"))
        .unwrap()
        .map(|f| f.unwrap().path())
        .collect();
    assert_eq!(files.len(), 1, "{files:?}");
    assert_eq!(files[0].file_name().unwrap(), "event.person@hearth.example.eml");
    assert!(std::fs::read_to_string(&files[0]).unwrap().contains("The text."));
    let mode = std::os::unix::fs::PermissionsExt::mode(&files[0].metadata().unwrap().permissions());
    assert_eq!(mode & 0o077, 0, "links in mails let in whoever reads them");
}

#[tokio::test]
async fn memory_keeps_what_it_takes_and_fails_as_told() {
    let memory = Memory::new();
    let mailer = Mailer::in_memory("no-reply@hearth.example".parse().unwrap(), memory.clone());
    memory.fail_with(Some(SendError::Transient("away".to_owned())));
    assert!(mailer.send(&message(), now()).await.is_err());
    memory.fail_with(None);
    mailer.send(&message(), now()).await.unwrap();
    assert_eq!((memory.tried(), memory.to("zoe@provider.example").len()), (2, 1));
}

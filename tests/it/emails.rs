//! Every mail, written with samples: what it must carry, and what none may.

use hearth::notifications::rules::{Facts, Item, Lot, Outcome, Receipt, Story, Template, story};
use hearth::notifications::templates::{Letter, Written, write};
use regex::Regex;

/// A story with everything in it that a story can have.
fn everything() -> Story {
    let id = || "0198b0a4-5c2e-7c3a-9d2f-0123456789ab";
    let facts = Facts {
        organisation: Some("Acorn & Oak <Care> Ltd".into()),
        framework: Some((
            id().parse().unwrap(),
            "SE-RES-1".into(),
            "South East residential care".into(),
        )),
        lots: vec![
            Lot {
                code: "R1".into(),
                title: "Children's homes".into(),
                outcome: Some(Outcome::Admitted),
            },
            Lot {
                code: "R2".into(),
                title: "Solo homes".into(),
                outcome: Some(Outcome::Rejected),
            },
        ],
        application: Some((id().parse().unwrap(), Some("2026-03-18".parse().unwrap()))),
        contract: Some((3, "Regional contract".into(), "2026-04-01".parse().unwrap())),
        insurance_ends_on: Some("2026-05-01".parse().unwrap()),
        home: Some((id().parse().unwrap(), "Near House".into())),
        inspection: Some(("2026-01-05".parse().unwrap(), hearth::values::OfstedGrade::Good)),
        confirmed_at: Some("2026-02-20T10:00:00Z".parse().unwrap()),
        request: Some((id().parse().unwrap(), "R-2026-7F3K".into())),
        bid: Some(id().parse().unwrap()),
        bids_close_at: Some("2026-03-04T17:00:00Z".parse().unwrap()),
        receipt: Some(Receipt {
            submitted_at: "2026-03-04T16:59:59.999999Z".parse().unwrap(),
            version: 2,
            sha256: "ab".repeat(32),
        }),
        standstill_ends_at: Some("2026-03-20T23:59:59Z".parse().unwrap()),
        due_on: Some("2026-03-11".parse().unwrap()),
        items: vec![Item {
            subject: "Invitation to bid: R-2026-9999 & more".into(),
            link: "https://hearth.example/placement-requests/9".into(),
        }],
        ..Facts::default()
    };
    story(&facts)
}

fn written(template: Template, story: &Story) -> Written {
    let letter = Letter {
        name: "Zoë O'Neill <zoe>",
        story,
        link: "https://hearth.example/somewhere/0198b0a4".into(),
        confirm: "https://hearth.example/vacancies/confirm/token".into(),
        site: "https://hearth.example/",
        is_news: true,
        subject: String::new(),
    };
    write(template, letter).unwrap()
}

fn every_mail() -> Vec<(Template, Written)> {
    let story = everything();
    Template::ALL
        .iter()
        .map(|template| (*template, written(*template, &story)))
        .collect()
}

#[test]
fn every_mail_says_what_happened_where_to_go_and_what_to_do() {
    for (template, mail) in every_mail() {
        let Written { subject, text, html } = &mail;
        assert!(
            (10..=90).contains(&subject.chars().count()) && !subject.contains('\n'),
            "{template}: {subject:?}"
        );
        for (part, words) in [("text", text), ("html", html)] {
            assert!(
                words.contains("https://hearth.example/somewhere/0198b0a4"),
                "{template} {part}: no link"
            );
            assert!(
                words.contains("R-2026-7F3K") || template == Template::DigestDue,
                "{template} {part}: no reference"
            );
            assert!(
                words.contains("me/alerts"),
                "{template} {part}: news says how to have less of it"
            );
            assert!(
                !words.contains("{{") && !words.contains("{%"),
                "{template} {part}: a template shows"
            );
        }
        assert!(text.starts_with("Hello Zoë O'Neill <zoe>,\n"), "{template}: {text}");
        assert!(!text.contains("\n\n\n") && !text.contains("&#"), "{template}: {text}");
        assert!(
            text.lines().all(|line| line.trim_end() == line),
            "{template}: a line ends in spaces"
        );
    }
}

#[test]
fn every_page_is_whole_plain_and_safe() {
    let tag = Regex::new(r"<(/?)([a-z0-9]+)([^>]*)>").unwrap();
    for (template, mail) in every_mail() {
        let html = &mail.html;
        assert!(html.starts_with("<!doctype html>\n<html lang=\"en-GB\">"), "{template}");
        assert!(
            html.contains("Zoë O&#39;Neill &#60;zoe&#62;"),
            "{template}: a name is escaped"
        );
        assert_eq!(html.matches("<h1").count(), 1, "{template}");
        for outside in ["<img", "<script", "<link", "src=", "url("] {
            assert!(!html.contains(outside), "{template}: {outside}");
        }
        let mut open: Vec<String> = Vec::new();
        for found in tag.captures_iter(html) {
            let name = found[2].to_owned();
            if &found[1] == "/" {
                assert_eq!(open.pop().as_deref(), Some(name.as_str()), "{template}: {html}");
            } else if name != "meta" {
                open.push(name);
            }
        }
        assert!(open.is_empty(), "{template}: {open:?} is not closed");
    }
}

#[test]
fn no_mail_speaks_of_a_child() {
    // What a request says of a child, in the words of its fields; the name of the marketplace and of lots apart.
    let of_a_child = Regex::new(
        r"(?i)\b(girl|boy|she|he|her|his|him|sibling|aged?|years? old|born|missing|self.?harm|risk|needs?\b.*\bchild|school|brief)\b",
    )
    .unwrap();
    for (template, mail) in every_mail() {
        let words = mail
            .text
            .replace("find homes for children in care", "")
            .replace("Children's homes", "");
        assert!(!of_a_child.is_match(&words), "{template}: {words}");
        assert!(!of_a_child.is_match(&mail.subject), "{template}: {}", mail.subject);
    }
}

#[test]
fn subjects_say_what_happened_and_name_the_thing() {
    let mut story = everything();
    let subject = |template, story: &Story| written(template, story).subject;
    assert_eq!(
        subject(Template::RequestPublished, &story),
        "Invitation to bid: R-2026-7F3K"
    );
    assert_eq!(subject(Template::AwardConfirmed, &story), "Awarded to you: R-2026-7F3K");
    assert_eq!(
        subject(Template::AwardUnsuccessful, &story),
        "Unsuccessful: R-2026-7F3K"
    );
    story.reference = "SE-RES-1".into();
    for (outcome, said) in [
        ("admitted", "Application decided: SE-RES-1, admitted"),
        ("rejected", "Application decided: SE-RES-1, rejected"),
    ] {
        story.outcome = outcome;
        assert_eq!(subject(Template::ApplicationDecided, &story), said);
    }
}

#[test]
fn a_receipt_proves_what_was_received() {
    let mail = written(Template::BidSubmitted, &everything());
    for part in [&mail.text, &mail.html] {
        assert!(
            part.contains("2026-03-04T16:59:59.999999Z") && part.contains(&"ab".repeat(32)),
            "{part}"
        );
    }
    assert!(mail.text.contains("Version: 2"), "{}", mail.text);
}

#[test]
fn a_stale_vacancy_is_confirmed_by_one_link_and_a_digest_lists_the_news() {
    let mail = written(Template::VacancyStale, &everything());
    assert!(
        mail.text.contains("https://hearth.example/vacancies/confirm/token"),
        "{}",
        mail.text
    );
    assert!(
        mail.html
            .contains("href=\"https://hearth.example/vacancies/confirm/token\""),
        "{}",
        mail.html
    );
    let mail = written(Template::DigestDue, &everything());
    let listed = "- Invitation to bid: R-2026-9999 & more\n  https://hearth.example/placement-requests/9";
    assert!(mail.text.contains(listed), "{}", mail.text);
    assert!(
        mail.html.contains("Invitation to bid: R-2026-9999 &#38; more</a>"),
        "{}",
        mail.html
    );
}

#[test]
fn two_mails_as_they_are_read() {
    let facts = Facts {
        framework: Some((
            hearth::ids::EXAMPLE.parse().unwrap(),
            "SE-RES-1".into(),
            "South East residential care".into(),
        )),
        lots: vec![Lot {
            code: "R1".into(),
            title: "Children's homes".into(),
            outcome: None,
        }],
        request: Some((hearth::ids::EXAMPLE.parse().unwrap(), "R-2026-7F3K".into())),
        bids_close_at: Some("2026-03-04T17:00:00Z".parse().unwrap()),
        ..Facts::default()
    };
    assert_eq!(
        written(Template::RequestPublished, &story(&facts)).text,
        "\
Hello Zoë O'Neill <zoe>,

A request for a placement has been published, and you are invited to bid.

Request: R-2026-7F3K
Framework: SE-RES-1, South East residential care
Lot: R1, Children's homes
Bids close: 4 March 2026, 17:00 GMT

Read it and ask what you need to know; then send a sealed bid before bids close, or decline.

Read the request:
https://hearth.example/somewhere/0198b0a4

--
Hearth, https://hearth.example/
You can have such news once a day, or not by email: https://hearth.example/me/alerts"
    );
    assert_eq!(
        written(Template::PasswordChanged, &story(&Facts::default())).text,
        "\
Hello Zoë O'Neill <zoe>,

The password of your account was changed, and every sign-in of yours was ended.

If this was not you, ask for a link to set a new password at once, and tell whoever looks after accounts in your organisation.

Your account:
https://hearth.example/somewhere/0198b0a4

--
Hearth, https://hearth.example/
You can have such news once a day, or not by email: https://hearth.example/me/alerts"
    );
}

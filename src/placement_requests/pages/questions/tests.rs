use super::*;
use crate::access::{OrganisationKind, Origin, Role};
use crate::clock::Instant;
use crate::ids::{OrganisationId, PersonId, SessionId};
use crate::placement_requests::rules::samples;
use crate::web::pages::assert_shows;
use chrono::Duration;

fn actor(organisation_id: OrganisationId, organisation_kind: OrganisationKind, role: Role) -> Actor {
    Actor {
        person_id: PersonId::new(samples::noon()),
        organisation_id,
        organisation_kind,
        role,
        session_id: SessionId::new(samples::noon()),
        origin: Origin {
            request_id: String::new(),
            address: [127, 0, 0, 1].into(),
        },
    }
}

fn bidder(organisation_id: OrganisationId) -> Actor {
    actor(organisation_id, OrganisationKind::Provider, Role::Bidder)
}

/// A question that the authority had to put in other words.
fn question(request: &PlacementRequest) -> Question {
    let asked_at = samples::noon().plus(Duration::hours(1));
    Question {
        id: QuestionId::new(asked_at),
        placement_request_id: request.id,
        provider_id: OrganisationId::new(asked_at),
        text: "Does <b>Sam</b> go to school?".to_owned(),
        shown_as: Some("Does the child go to \"school\"?".to_owned()),
        asked_at,
        answer: None,
        version: 1,
    }
}

fn page(request: PlacementRequest, now: Instant, questions: Vec<QuestionView>) -> QuestionsPage {
    QuestionsPage {
        phase: request.phase(now),
        takes_questions: request.takes_questions(now),
        may_answer: false,
        asked: questions.len(),
        questions: (1..).zip(questions).collect(),
        narrowing: Narrowing::of("/placement-requests/1/questions"),
        ask: None,
        marked: Vec::new(),
        request,
    }
}

#[test]
fn it_says_until_when_questions_are_taken() {
    let (draft, _) = samples::draft();
    let (published, _) = samples::published();
    let (start, end) = (samples::noon(), published.bids_close_at);
    let withdrawn = published.clone().withdrawn("Not needed.".to_owned(), start).unwrap();
    let until = "<time data-until datetime=\"2026-11-23T12:00:00Z\">23 November 2026, 12:00 GMT</time>";
    for (request, now, said) in [
        (draft, start, "Questions can be asked once the request is published."),
        (
            published.clone(),
            start,
            &*format!("Questions may be asked until {until}."),
        ),
        (
            published,
            end,
            "Questions could be asked until 23 November 2026, 12:00 GMT.",
        ),
        (
            withdrawn,
            start,
            "The request was withdrawn: no more questions can be asked.",
        ),
    ] {
        let page = page(request, now, Vec::new());
        assert_shows(
            &page,
            &[said, "There are no questions."],
            &["<section", "questions.csv", "<form"],
        );
    }
}

#[test]
fn only_the_asker_reads_its_own_words_and_only_the_authority_answers() {
    let (request, _) = samples::published();
    let question = question(&request);
    let reader = |actor: &Actor, may_answer| QuestionsPage {
        may_answer,
        ..page(
            request.clone(),
            samples::noon(),
            vec![QuestionView::of(question.clone(), actor)],
        )
    };
    let answer = format!("href=\"/questions/{}/answer\"", question.id);
    let reworded = "Does the child go to &#34;school&#34;?";
    let asker = bidder(question.provider_id);
    let asked = [
        "Not answered yet</span> Question 1, asked by you</h2>",
        "Does &#60;b&#62;Sam&#60;/b&#62; go to school?",
        "Asked on 22 November 2026, 13:00 GMT",
    ];
    assert_shows(&reader(&asker, false), &asked, &[&answer, reworded, "<b>"]);
    let other = bidder(OrganisationId::new(samples::noon()));
    let asker_id = question.provider_id.to_string();
    assert_shows(
        &reader(&other, false),
        &[reworded],
        &[&answer, "Sam", "asked by you", &asker_id],
    );
    let authority = actor(request.authority_id, OrganisationKind::Authority, Role::Commissioner);
    assert_shows(
        &reader(&authority, true),
        &[reworded, &answer],
        &["Sam", "asked by you", &asker_id],
    );

    let answered = Question {
        answer: Some((
            "Yes, at <St Mary's>.".to_owned(),
            samples::noon().plus(Duration::hours(2)),
        )),
        ..question.clone()
    };
    let page = QuestionsPage {
        may_answer: true,
        ..page(
            request.clone(),
            samples::noon(),
            vec![QuestionView::of(answered, &authority)],
        )
    };
    let seen = [
        "Answered</span> Question 1</h2>",
        "Yes, at &#60;St Mary&#39;s&#62;.",
        "Given on 22 November 2026, 14:00 GMT",
        "questions.csv",
    ];
    assert_shows(&page, &seen, &[&answer, "Not answered yet"]);
}

#[test]
fn a_question_keeps_its_number_where_others_are_left_out() {
    let (request, _) = samples::published();
    let question = question(&request);
    let waiting = Wanted { answered: Some(false) };
    let answered = Question {
        answer: Some(("Yes.".to_owned(), samples::noon())),
        ..question.clone()
    };
    assert_eq!([&question, &answered].map(|one| waiting.has(one)), [true, false]);
    assert_eq!(
        [&question, &answered].map(|one| Wanted::default().has(one)),
        [true, true]
    );
    let view = QuestionView::of(question, &bidder(OrganisationId::new(samples::noon())));
    let second = QuestionsPage {
        asked: 2,
        questions: vec![(2, view)],
        ..page(request, samples::noon(), Vec::new())
    };
    assert_shows(&second, &["Question 2</h2>", "<form"], &["Question 1<"]);
    let none = QuestionsPage {
        questions: Vec::new(),
        ..second
    };
    assert_shows(
        &none,
        &["There is no such question.", "<form"],
        &["There are no questions", "<section"],
    );
}

/// What was typed, with what the screening marks in it and asks about it.
fn screened(form: Form, text: &str) -> (Form, Vec<Marked>) {
    let texts = vec![("text".to_owned(), text)];
    let found = screen_texts(&texts, &[], samples::noon());
    let marked = marked_in(&texts, &[("text", "Your words")], &found);
    (confirming(form, &found, |field| text_among(&texts, field)), marked)
}

const MARKED: [&str; 2] = [
    "&#60;i&#62;<mark>07700 900123</mark> <span class=\"tag yellow\">a telephone number</span>",
    "Why may “07700 900123” stand?",
];

#[test]
fn whoever_may_ask_has_the_form_with_what_may_not_stand() {
    let (request, _) = samples::published();
    let (ask, marked) = screened(ask_fields(Form::reader()), "Ring <i>07700 900123");
    let page = QuestionsPage {
        ask: Some(ask.button("Ask the authority")),
        marked,
        ..page(request, samples::noon(), Vec::new())
    };
    assert_shows(
        &page,
        &["<button>Ask the authority</button>", "nobody reads who asked"],
        &["<i>"],
    );
    assert_shows(&page, &MARKED, &[]);
    let empty = QuestionsPage {
        may_answer: true,
        ask: None,
        ..page
    };
    assert_shows(
        &empty,
        &["There are no questions to answer."],
        &["Ask a question", "<mark>"],
    );
}

#[test]
fn an_answer_is_given_once_and_tells_nobody_who_asked() {
    let (request, _) = samples::published();
    let question = question(&request);
    let asker = question.provider_id.to_string();
    let (form, marked) = screened(answer_fields(Form::reader()), "Ring <i>07700 900123");
    let page = AnswerPage {
        request,
        question,
        form: form.button("Answer everybody"),
        marked,
    };
    let seen = [
        "<p class=\"said inset\">Does &#60;b&#62;Sam&#60;/b&#62; go to school?</p>",
        "This may tell who the child is",
        "<p>Change your answer, or confirm below why it may stand.</p>",
        "<button>Answer everybody</button>",
    ];
    let unseen = [
        asker.as_str(),
        "It was answered",
        "<i>",
        "Say the question in other words",
    ];
    assert_shows(&page, &seen, &unseen);
    assert_shows(&page, &MARKED, &[]);
    let texts = vec![("question".to_owned(), "May we ring 07700 900123?")];
    let found = screen_texts(&texts, &[], samples::noon());
    let page = AnswerPage {
        marked: marked_in(&texts, &[("question", "The question")], &found),
        ..page
    };
    let seen = [
        "<h3>The question</h3>",
        "<p>Say the question in other words, or confirm below",
    ];
    assert_shows(&page, &seen, &["Change your answer"]);
    let answered = AnswerPage {
        question: Question {
            answer: Some(("Yes & no.".to_owned(), samples::noon())),
            ..page.question
        },
        ..page
    };
    let seen = [
        "It was answered on 22 November 2026, 12:00 GMT",
        "<p class=\"said\">Yes &#38; no.</p>",
    ];
    assert_shows(&answered, &seen, &["<form", "<mark>"]);
}

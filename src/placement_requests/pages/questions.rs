//! Questions and answers in the browser. Who asked is shown to nobody.

use super::super::actions::{self, Fields, details, screen_texts, seen_by};
use super::super::api::{QuestionView, reader_of};
use super::super::confidential::ConfidentialKey;
use super::super::rules::{Identified, NewAnswer, NewQuestion, Phase, PlacementRequest, Question};
use super::super::store;
use super::marked::{Marked, confirmations, confirming};
use crate::access::{Actor, AuthorityUser, Permission, ProviderUser, may};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{PlacementRequestId, QuestionId};
use crate::web::pages::{Choice, Desk, Form, Go, Html, Narrowing, PageDoor, Posted, csv};
use crate::web::{Answer, Id, Page, Query, Reply, Routes};
use askama::Template;
use serde::Deserialize;

pub(super) fn routes(r: &mut Routes) {
    r.get("/placement-requests/{id}/questions", show)
        .may(Permission::ReadRequests);
    r.post("/placement-requests/{id}/questions", ask)
        .may(Permission::AskQuestions);
    r.get("/placement-requests/{id}/questions.csv", table)
        .may(Permission::ReadRequests);
    r.get("/questions/{id}/answer", show_answer)
        .may(Permission::AnswerQuestions);
    r.post("/questions/{id}/answer", answer)
        .may(Permission::AnswerQuestions);
}

/// Which questions are wanted.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// Only those that are answered, or only the others.
    answered: Option<bool>,
}

impl Wanted {
    fn has(self, question: &Question) -> bool {
        self.answered
            .is_none_or(|answered| question.answer.is_some() == answered)
    }
}

#[derive(Template)]
#[template(path = "placement_requests/questions.html")]
struct QuestionsPage {
    request: PlacementRequest,
    phase: Phase,
    takes_questions: bool,
    may_answer: bool,
    /// Those that are shown, each by its number among all.
    questions: Vec<(usize, QuestionView)>,
    /// How many there are in all.
    asked: usize,
    narrowing: Narrowing,
    /// Where somebody may ask.
    ask: Option<Form>,
    marked: Vec<Marked>,
}

#[derive(Template)]
#[template(path = "placement_requests/answer.html")]
struct AnswerPage {
    request: PlacementRequest,
    question: Question,
    form: Form,
    marked: Vec<Marked>,
}

fn ask_fields(form: Form) -> Form {
    form.area("text", "Your question", 5)
        .hint("In words that don’t tell who the child is. Everybody invited reads it with the answer; nobody reads who asked.")
}

fn answer_fields(form: Form) -> Form {
    form.area("text", "Your answer", 6)
        .hint("In words that don’t tell who the child is")
        .area("question", "The question in other words", 4)
        .optional()
        .hint("Where everybody must not read it as it was asked")
}

/// The text of a screened field among those that were typed.
fn text_among<'t>(texts: &Fields<'t>, field: &str) -> &'t str {
    let found = texts.iter().find(|(name, _)| name == field);
    found.map_or("", |(_, text)| text)
}

fn marked_in(texts: &Fields<'_>, labels: &[(&str, &str)], found: &[Identified]) -> Vec<Marked> {
    let all = labels
        .iter()
        .map(|(field, label)| Marked::of(field, label, text_among(texts, field), found));
    all.filter(Marked::has_hits).collect()
}

fn page(
    tx: &mut Tx<'_>,
    desk: &Desk<impl crate::web::Asker>,
    actor: &Actor,
    id: PlacementRequestId,
    wanted: Wanted,
) -> Result<Html> {
    let request = seen_by(tx, actor, id)?;
    let questions = store::questions(tx, id, reader_of(actor, &request))?;
    let takes_questions = request.takes_questions(tx.now);
    let may_answer = request.authority_id == actor.organisation_id
        && may(actor.role, Permission::AnswerQuestions)
        && request.must_be_open(tx.now).is_ok();
    let (mut ask, mut shown) = (None, Vec::new());
    if takes_questions && may(actor.role, Permission::AskQuestions) {
        let mut form = ask_fields(desk.form(format!("/placement-requests/{id}/questions")));
        if let Some(text) = desk.typed().and_then(|typed| typed.value("text")) {
            let texts = vec![("text".to_owned(), text)];
            let found = screen_texts(&texts, &[], tx.now);
            shown = marked_in(&texts, &[("text", "Your question")], &found);
            form = confirming(form, &found, |_| text);
        }
        ask = Some(form.button("Ask the authority"));
    }
    let answered = vec![
        Choice::new("false", "Not answered yet"),
        Choice::new("true", "Answered"),
    ];
    let page = QuestionsPage {
        phase: request.phase(tx.now),
        takes_questions,
        may_answer,
        asked: questions.len(),
        questions: (1..)
            .zip(questions)
            .filter(|(_, question)| wanted.has(question))
            .map(|(number, question)| (number, QuestionView::of(question, actor)))
            .collect(),
        narrowing: desk.narrowing().select("answered", "Show", answered),
        ask,
        marked: shown,
        request,
    };
    Html::of(format!("Questions – {}", page.request.reference), &page)
}

async fn show(visit: PageDoor<Actor>, id: Id<PlacementRequestId>, wanted: Query<Wanted>) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, desk, *id, wanted.0)).await
}

async fn ask(visit: PageDoor<ProviderUser>, id: Id<PlacementRequestId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let form = confirmations(ask_fields(Form::reader()), posted);
                let question: NewQuestion = form.read(posted)?;
                actions::ask(tx, desk, id, &question)?;
                Ok(Go::to(format!("/placement-requests/{id}/questions"))
                    .saying("Your question is with the authority. The answer goes to everybody invited."))
            },
            move |tx, desk| page(tx, desk, desk, id, Wanted::default()),
        )
        .await
}

async fn table(visit: PageDoor<Actor>, id: Id<PlacementRequestId>, wanted: Query<Wanted>) -> Reply {
    visit
        .download(move |tx, desk| {
            let request = seen_by(tx, desk, *id)?;
            let all = Page::whole();
            let mut questions = store::questions_page(tx, *id, reader_of(desk, &request), &all)?;
            questions.retain(|question| wanted.has(question));
            rows(&request, questions, desk)
        })
        .await
}

fn rows(request: &PlacementRequest, questions: Vec<Question>, actor: &Actor) -> Result<Answer> {
    let rows = questions.into_iter().map(|question| {
        let view = QuestionView::of(question, actor);
        vec![
            view.asked_at.to_string(),
            view.text,
            view.answered_at.map(|at| at.to_string()).unwrap_or_default(),
            view.answer.unwrap_or_default(),
        ]
    });
    let name = format!("questions-{}.csv", request.reference);
    csv(&name, &["Asked at", "Question", "Answered at", "Answer"], rows)
}

/// A question about a request of the actor's own authority, and the request.
fn own(tx: &mut Tx<'_>, actor: &Actor, id: QuestionId) -> Result<(Question, PlacementRequest)> {
    let question = store::question(tx, id)?.ok_or(Error::NotFound("question"))?;
    let request = seen_by(tx, actor, question.placement_request_id);
    match request {
        Ok(request) => Ok((question, request)),
        Err(Error::NotFound(_)) => Err(Error::NotFound("question")),
        Err(other) => Err(other),
    }
}

fn answer_page(tx: &mut Tx<'_>, desk: &Desk<AuthorityUser>, key: &ConfidentialKey, id: QuestionId) -> Result<Html> {
    let (question, request) = own(tx, desk, id)?;
    let names = details(tx, key, request.id)?.names;
    let typed = |name: &str| desk.typed().and_then(|typed| typed.value(name)).unwrap_or_default();
    let reworded = Some(typed("question")).filter(|text| !text.is_empty());
    let texts = vec![
        ("question".to_owned(), reworded.unwrap_or(&question.text)),
        ("text".to_owned(), typed("text")),
    ];
    let found = screen_texts(&texts, &names, tx.now);
    let shown = marked_in(&texts, &[("question", "The question"), ("text", "Your answer")], &found);
    let form = answer_fields(desk.form(format!("/questions/{id}/answer")));
    let form = confirming(form, &found, |field| text_among(&texts, field))
        .version(question.version)
        .button("Answer everybody");
    let page = AnswerPage {
        request,
        question,
        form,
        marked: shown,
    };
    Html::of(format!("Answer – {}", page.request.reference), &page)
}

async fn show_answer(visit: PageDoor<AuthorityUser>, id: Id<QuestionId>) -> Reply {
    let key = ConfidentialKey::of(&visit.app.secret);
    visit.read(move |tx, desk| answer_page(tx, desk, &key, *id)).await
}

async fn answer(visit: PageDoor<AuthorityUser>, id: Id<QuestionId>, posted: Posted) -> Reply {
    let (key, id) = (ConfidentialKey::of(&visit.app.secret), *id);
    let shown_with = key.clone();
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let form = confirmations(answer_fields(Form::reader()), posted);
                let answer: NewAnswer = form.read(posted)?;
                let answered = actions::answer(tx, desk, &key, id, answer, posted.version())?;
                let path = format!("/placement-requests/{}/questions", answered.placement_request_id);
                Ok(Go::to(path).saying("Answered. Everybody invited is told, and so is whoever asked."))
            },
            move |tx, desk| answer_page(tx, desk, &shown_with, id),
        )
        .await
}

#[cfg(test)]
mod tests;

//! Questions and answers. Who asked is kept and shown to nobody, the authority neither: the answer is for everybody alike.

use serde_json::json;

use super::super::confidential::ConfidentialKey;
use super::super::rules::{NewAnswer, NewQuestion, Question, RequestRefused};
use super::super::store;
use super::screened::{keep_confirmations, must_be_answered_for, screen_texts, unanswered};
use super::{details, own, seen_by};
use crate::access::{Actor, Permission, Who};
use crate::audit::Act;
use crate::db::{Tx, unless_stale};
use crate::error::{Error, Result};
use crate::ids::{PlacementRequestId, QuestionId};
use crate::outbox::Event;

/// Asks a question about a request that takes questions.
///
/// Names are not looked for here: a refusal would tell the asker who the child is. They are when the question is answered, and so
/// before anybody else reads it.
pub fn ask(tx: &mut Tx<'_>, actor: &Actor, id: PlacementRequestId, new: &NewQuestion) -> Result<Question> {
    actor.must(Permission::AskQuestions)?;
    let request = seen_by(tx, actor, id)?;
    request.must_take_questions(tx.now)?;
    let texts = vec![("text".to_owned(), new.text.as_str())];
    must_be_answered_for(&unanswered(
        screen_texts(&texts, &[], tx.now),
        &new.confirmations,
        &[],
        tx.now,
    )?)?;
    let question = Question {
        id: QuestionId::new(tx.now),
        placement_request_id: id,
        provider_id: actor.organisation_id,
        text: new.text.clone(),
        shown_as: None,
        asked_at: tx.now,
        answer: None,
        version: 1,
    };
    store::insert_question(tx, &question, actor.person_id)?;
    let confirmed = keep_confirmations(tx, actor, id, Some(question.id), &texts, &new.confirmations)?;
    tx.emit(Event::QuestionAsked {
        question_id: question.id,
    })?;
    let act = Act::on("question", question.id)
        .did("question.ask")
        .after(json!({ "placement_request_id": id, "confirmed": confirmed }));
    tx.record(Who::Person(actor), act);
    Ok(question)
}

/// Answers a question, to everybody. The question itself is screened again, now for names too; where it must not be read as it was
/// asked, the answer brings other words for it.
pub fn answer(
    tx: &mut Tx<'_>,
    actor: &Actor,
    key: &ConfidentialKey,
    id: QuestionId,
    new: NewAnswer,
    if_match: Option<i64>,
) -> Result<Question> {
    actor.must(Permission::AnswerQuestions)?;
    let question = store::question(tx, id)?.ok_or(Error::NotFound("question"))?;
    let request = own(tx, actor, question.placement_request_id).map_err(|refused| match refused {
        Error::NotFound(_) => Error::NotFound("question"),
        refused => refused,
    })?;
    unless_stale(question.version, if_match)?;
    if question.answer.is_some() {
        return Err(RequestRefused::AlreadyAnswered.into());
    }
    request.must_be_open(tx.now)?;
    let names = details(tx, key, request.id)?.names;
    let shown = new.question.as_deref().unwrap_or(&question.text).to_owned();
    let texts = vec![
        ("question".to_owned(), shown.as_str()),
        ("text".to_owned(), new.text.as_str()),
    ];
    must_be_answered_for(&unanswered(
        screen_texts(&texts, &names, tx.now),
        &new.confirmations,
        &names,
        tx.now,
    )?)?;
    let confirmed = keep_confirmations(tx, actor, request.id, Some(id), &texts, &new.confirmations)?;
    let answered = Question {
        shown_as: new.question.filter(|words| *words != question.text),
        answer: Some((new.text, tx.now)),
        version: question.version + 1,
        ..question
    };
    store::answer(tx, &answered, actor.person_id)?;
    tx.emit(Event::QuestionAnswered { question_id: id })?;
    let act = Act::on("question", id).did("question.answer").after(json!({
        "placement_request_id": request.id,
        "reworded": answered.shown_as.is_some(),
        "confirmed": confirmed,
    }));
    tx.record(Who::Person(actor), act);
    Ok(answered)
}

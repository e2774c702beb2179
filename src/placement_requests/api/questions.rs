//! Questions and answers over HTTP.

use super::super::actions::{self, seen_by};
use super::super::confidential::ConfidentialKey;
use super::super::rules::{NewAnswer, NewQuestion};
use super::super::store;
use super::views::{QuestionView, reader_of};
use crate::access::{Actor, AuthorityUser, Permission, ProviderUser};
use crate::ids::{PlacementRequestId, QuestionId};
use crate::web::{Answer, Body, Door, Id, Items, Page, Reply, Routes};

pub(super) fn routes(r: &mut Routes) {
    r.get("/placement-requests/{id}/questions", list)
        .summary("The questions about a request, with their answers")
        .description("The authority reads all of them, everybody else those that are answered and a provider its own. Nobody reads who asked.")
        .may(Permission::ReadRequests)
        .lists::<QuestionView>();
    r.post("/placement-requests/{id}/questions", ask)
        .summary("Ask the authority a question")
        .may(Permission::AskQuestions)
        .body::<NewQuestion>()
        .answers::<QuestionView>(201)
        .refuses(&[
            "request.not_open",
            "request.questions_closed",
            "request.text_names_child",
        ]);
    r.post("/questions/{id}/answer", answer)
        .summary("Answer a question, to everybody")
        .may(Permission::AnswerQuestions)
        .body::<NewAnswer>()
        .answers::<QuestionView>(200)
        .refuses(&[
            "request.not_open",
            "question.already_answered",
            "request.text_names_child",
        ]);
}

async fn list(door: Door<Actor>, id: Id<PlacementRequestId>, page: Page) -> Reply {
    door.read(move |tx, actor| {
        let request = seen_by(tx, actor, *id)?;
        let found = store::questions_page(tx, *id, reader_of(actor, &request), &page)?;
        Answer::ok(Items::of(found, &page, |question| question.id).map(|question| QuestionView::of(question, actor)))
    })
    .await
}

async fn ask(door: Door<ProviderUser>, id: Id<PlacementRequestId>, body: Body<NewQuestion>) -> Reply {
    door.write(move |tx, actor| {
        let question = actions::ask(tx, actor, *id, &body.0)?;
        let path = format!("/placement-requests/{}/questions", *id);
        Ok(Answer::created(path, QuestionView::of(question, actor))?.version(1))
    })
    .await
}

async fn answer(door: Door<AuthorityUser>, id: Id<QuestionId>, body: Body<NewAnswer>) -> Reply {
    let (key, if_match) = (ConfidentialKey::of(&door.app.secret), door.if_match()?);
    door.write(move |tx, actor| {
        let question = actions::answer(tx, actor, &key, *id, body.0, if_match)?;
        let version = question.version;
        Ok(Answer::ok(QuestionView::of(question, actor))?.version(version))
    })
    .await
}

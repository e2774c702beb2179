//! Questions and answers.

use chrono::Duration;
use serde_json::{Value, json};

use super::{named, path};
use crate::support::{Program, id, with};

#[test]
fn an_answer_reaches_everybody_and_who_asked_nobody() {
    let program = Program::start();
    let region = program.region();
    let (acorn, birch, cedar) = (
        region.admitted(&program, "Acorn"),
        region.admitted(&program, "Birch"),
        program.provider("Cedar"),
    );
    let request = region.published(&program, json!({"names_to_screen": ["Sam Example"]}));
    let questions = path(&request, "/questions");
    let ask = |text: &str| acorn.admin.post(&questions, json!({"text": text}));
    cedar
        .admin
        .post(&questions, json!({"text": "Who is it?"}))
        .refused(404, "not_found");
    region
        .commissioner
        .post(&questions, json!({"text": "Who is it?"}))
        .refused(403, "forbidden");
    ask("Is the number 07700 900123?").refused(422, "request.text_names_child");
    // A refusal must not tell the asker what the names are.
    let question = ask("Does Sam attend a mainstream school?").ok();
    assert_eq!((&question["own"], &question["answer"]), (&json!(true), &Value::Null));

    let texts = |client: &crate::support::client::Client| {
        let listed = client.get(&questions).ok();
        assert!(
            !listed.to_string().contains("Acorn") && !listed.to_string().contains(&acorn.organisation),
            "{listed}"
        );
        listed["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| format!("{} {}", item["text"], item["answer"]))
            .collect::<Vec<_>>()
    };
    let asked = "\"Does Sam attend a mainstream school?\" null";
    assert_eq!(texts(&acorn.admin), [asked]);
    assert_eq!(texts(&region.commissioner), [asked]);
    assert!(texts(&birch.admin).is_empty() && texts(&region.operator).is_empty());

    let reply = format!("/questions/{}/answer", id(&question));
    let text = json!({"text": "Yes, and it should go on."});
    for client in [&acorn.admin.0, &region.operator.0] {
        client.post(&reply, text.clone()).refused(403, "forbidden");
    }
    region.neighbour.post(&reply, text.clone()).refused(404, "not_found");
    let problem = region
        .commissioner
        .post(&reply, text.clone())
        .refused(422, "request.text_names_child");
    assert_eq!(named(&problem), [("question", "name")]);
    let reworded = with(
        text.clone(),
        json!({"question": "Does the child attend a mainstream school?"}),
    );
    region.commissioner.post(&reply, reworded.clone()).ok();
    region
        .commissioner
        .post(&reply, reworded)
        .refused(409, "question.already_answered");
    let answered = "\"Does the child attend a mainstream school?\" \"Yes, and it should go on.\"";
    for client in [&birch.admin.0, &region.operator.0, &region.commissioner.0] {
        assert_eq!(texts(client), [answered]);
    }
    assert_eq!(
        texts(&acorn.admin),
        ["\"Does Sam attend a mainstream school?\" \"Yes, and it should go on.\""]
    );
    assert_eq!(
        birch.admin.get(&path(&request, "")).ok()["questions"][0]["answer"],
        "Yes, and it should go on."
    );

    let late = ask("Any pets?").ok();
    program.wait(Duration::minutes(120));
    ask("Too late?").refused(409, "request.questions_closed");
    // What was asked in time is answered until bids close.
    region
        .commissioner
        .post(&format!("/questions/{}/answer", id(&late)), json!({"text": "No."}))
        .ok();
    program.wait(Duration::minutes(60));
    ask("Much too late?").refused(409, "request.not_open");
}

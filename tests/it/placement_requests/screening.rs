//! Texts that may tell who the child is.

use serde_json::{Value, json};

use super::{named, path};
use crate::support::{Program, id, with};

#[test]
fn a_text_that_may_name_the_child_is_removed_or_confirmed_with_a_reason() {
    let program = Program::start();
    let region = program.region();
    let changes = json!({"brief": "Aïsha’s number is 07700 900123. She lives at RG1 1AF.",
        "criteria": [{"title": "Contact aisha.khan@school.example", "guidance": "Born 12/03/2012.", "weight": 60}],
        "names_to_screen": ["Aisha Khan"]});
    let draft = region
        .commissioner
        .post("/placement-requests", with(region.request_body(&program), changes))
        .ok();
    let found = region.commissioner.get(&path(&draft, "/screening")).ok()["items"].clone();
    let hit = |field: &str, kind: &str, start: i32, end: i32| json!({"field": field, "kind": kind, "start": start, "end": end});
    assert_eq!(
        found,
        json!([
            hit("brief", "name", 0, 5),
            hit("brief", "phone", 18, 30),
            hit("brief", "postcode", 45, 52),
            hit("criteria[0].title", "email", 8, 33),
            hit("criteria[0].guidance", "date_of_birth", 5, 15),
        ])
    );
    region
        .neighbour
        .get(&path(&draft, "/screening"))
        .refused(404, "not_found");
    let publish = |confirmations: Vec<Value>| {
        region
            .commissioner
            .post(&path(&draft, "/publish"), json!({"confirmations": confirmations}))
    };
    let confirm = |hit: &Value, reason: &str| with(hit.clone(), json!({"reason": reason}));
    let problem = region
        .commissioner
        .act(&path(&draft, "/publish"))
        .refused(422, "request.text_names_child");
    assert_eq!(named(&problem).len(), 5);
    assert_eq!(
        problem["errors"][1],
        json!({"field": "brief", "code": "phone", "message": "must not have what reads as a telephone number (characters 18 to 30)"})
    );

    let hits = found.as_array().unwrap();
    let some: Vec<_> = hits[1..].iter().map(|hit| confirm(hit, "The duty desk's")).collect();
    assert_eq!(
        named(&publish(some.clone()).refused(422, "request.text_names_child")),
        [("brief", "name")]
    );
    let all = || hits.iter().map(|hit| confirm(hit, "The duty desk's"));
    let elsewhere = all().chain([confirm(&hit("brief", "phone", 0, 12), "Moved")]).collect();
    assert_eq!(
        publish(elsewhere).wrong_fields(),
        [("confirmations[5]".to_string(), "screening.no_such_hit".to_string())]
    );
    let telling = all().skip(1).chain([confirm(&hits[0], "Khan agreed")]).collect();
    assert_eq!(
        publish(telling).wrong_fields(),
        [("confirmations[4].reason".to_string(), "name".to_string())]
    );
    assert_eq!(publish(all().collect()).ok()["status"], "open");
    assert_eq!(program.count("screening_confirmations"), 5);
    let act = &region
        .operator
        .get(&format!("/audit-events?subject={}", id(&draft)))
        .ok()["items"][0];
    assert_eq!(
        (&act["verb"], act["after"]["confirmed"].as_array().unwrap().len()),
        (&json!("request.publish"), 5)
    );
    assert!(
        !act.to_string().contains("07700"),
        "the log has the place, not the words"
    );
}

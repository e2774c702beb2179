//! Scores, moderation and the ranking sheet, over HTTP.

use chrono::Duration;
use serde_json::{Value, json};

use crate::support::client::Commissioner;
use crate::support::program::Program;
use crate::support::region::{Provider, Region, id};

/// Two bids, opened: 5,150.17 and 5,200.00 a week.
struct Opened {
    program: Program,
    region: Region,
    acorn: Provider,
    request: Value,
    /// Acorn's, the cheaper.
    first: String,
    /// Birch's.
    second: String,
}

impl Opened {
    fn new() -> Self {
        let program = Program::start();
        let region = program.region();
        let (acorn, birch) = (region.admitted(&program, "Acorn"), region.admitted(&program, "Birch"));
        let request = region.published(&program, json!({}));
        let bid = |provider: &Provider, name: &str, core: &str| {
            let home = region.home(&program, provider, name, json!({}));
            id(&provider.submits(&program, &request, &home, core))
        };
        let (first, second) = (
            bid(&acorn, "Acorn House", "5150.17"),
            bid(&birch, "Birch House", "5200.00"),
        );
        program.wait(Duration::minutes(180));
        region
            .commissioner
            .act(&format!("/placement-requests/{}/open", id(&request)))
            .ok();
        Self {
            program,
            region,
            acorn,
            request,
            first,
            second,
        }
    }

    fn criterion(&self, n: usize) -> &Value {
        &self.request["criteria"][n]["id"]
    }

    /// Scores for the first criteria.
    fn scores(&self, scores: &[i32]) -> Value {
        let score = |(n, score): (usize, &i32)| json!({"criterion_id": self.criterion(n), "score": score, "reason": "As the answer shows."});
        scores.iter().enumerate().map(score).collect()
    }

    fn sheet(&self, scores: &[i32]) -> Value {
        json!({"no_conflict_of_interest": true, "scores": self.scores(scores)})
    }

    fn score(&self, by: &Commissioner, bid: &str, scores: &[i32]) -> Value {
        by.put(&format!("/bids/{bid}/scores"), self.sheet(scores)).ok()
    }

    fn ranking(&self) -> Value {
        self.region
            .commissioner
            .get(&format!("/placement-requests/{}/ranking", id(&self.request)))
            .ok()
    }

    /// A second evaluator of the authority.
    fn colleague(&self) -> Commissioner {
        let authority = self.region.authority();
        let email = "colleague@reading.example";
        Commissioner(
            self.program
                .person_of(&self.region.operator, &authority, email, "commissioner"),
        )
    }
}

/// (price, quality, total, rank) of a row.
fn points(row: &Value) -> Value {
    json!([
        row["price_points"],
        row["quality_points"],
        row["total_points"],
        row["rank"]
    ])
}

#[test]
fn the_sheet_shows_every_number_and_how_it_was_reached() {
    let c = Opened::new();
    c.score(&c.region.commissioner, &c.first, &[3, 3]);
    let scored = c.score(&c.region.commissioner, &c.second, &[5, 4]);
    assert_eq!(
        (scored["quality_points"].as_str(), &scored["criteria"][0]["points"]),
        (Some("56.00"), &json!("40.00"))
    );
    let ranking = c.ranking();
    assert_eq!(
        (&ranking["complete"], &ranking["lowest_total"]),
        (&json!(true), &json!("5150.17"))
    );
    let rows = ranking["items"].as_array().unwrap();
    assert_eq!(
        (rows[0]["bid_id"].as_str(), rows[1]["bid_id"].as_str()),
        (Some(&*c.second), Some(&*c.first))
    );
    assert_eq!(points(&rows[0]), json!(["39.62", "56.00", "95.62", 1]));
    assert_eq!(points(&rows[1]), json!(["40.00", "36.00", "76.00", 2]));
    assert_eq!(rows[0]["price_working"], "40 × 5150.17 ÷ 5200.00 = 39.62");
    assert_eq!(rows[0]["quality_working"], "40 × 5 ÷ 5 + 20 × 4 ÷ 5 = 56.00");
    assert_eq!(rows[0]["home"]["name"], "Birch House");
    assert_eq!(rows[0]["criteria"][1]["scores"][0]["reason"], "As the answer shows.");
    assert!(
        ranking["formula"]
            .as_str()
            .unwrap()
            .contains("price weight 40 × lowest weekly total"),
        "{ranking}"
    );
}

#[test]
fn no_ranks_before_every_criterion_of_every_bid_has_its_score() {
    let c = Opened::new();
    c.score(&c.region.commissioner, &c.first, &[3, 3]);
    c.score(&c.region.commissioner, &c.second, &[5]);
    let ranking = c.ranking();
    assert_eq!(ranking["complete"], false);
    let rows = ranking["items"].as_array().unwrap();
    assert_eq!(points(&rows[0]), json!(["40.00", "36.00", "76.00", null]));
    assert_eq!(points(&rows[1]), json!(["39.62", null, null, null]));
}

#[test]
fn what_two_people_scored_is_moderated() {
    let c = Opened::new();
    let colleague = c.colleague();
    c.score(&c.region.commissioner, &c.second, &[5, 4]);
    c.score(&c.region.commissioner, &c.first, &[3, 3]);
    let scored = c.score(&colleague, &c.first, &[4]);
    assert_eq!(scored["criteria"][0]["needs_moderation"], true);
    assert_eq!(scored["criteria"][0]["scores"].as_array().unwrap().len(), 2);
    assert_eq!(c.ranking()["complete"], false);

    let path = format!("/bids/{}/moderated-scores", c.first);
    // Who has not scored the bid declares here to have no conflict of interest with it.
    let third = c.program.person_of(
        &c.region.operator,
        &c.region.authority(),
        "third@reading.example",
        "commissioner",
    );
    let undeclared = json!({"scores": c.scores(&[4])});
    third
        .put(&path, undeclared)
        .refused(422, "evaluation.conflict_of_interest");
    third
        .put(
            &path,
            json!({"no_conflict_of_interest": true, "scores": c.scores(&[4])}),
        )
        .ok();
    let moderate = |scores: &[i32]| c.region.commissioner.put(&path, json!({"scores": c.scores(scores)}));
    moderate(&[4, 3]).refused(409, "evaluation.nothing_to_moderate");
    let moderated = moderate(&[4]).ok();
    assert_eq!(moderated["criteria"][0]["moderated_score"]["score"], 4);
    assert_eq!(moderated["quality_points"], "44.00");
    let ranking = c.ranking();
    assert_eq!(points(&ranking["items"][1]), json!(["40.00", "44.00", "84.00", 2]));

    let again = c.sheet(&[1]);
    colleague
        .put(&format!("/bids/{}/scores", c.first), again)
        .refused(409, "evaluation.moderated");
    c.score(&c.region.commissioner, &c.first, &[3, 5]);
    assert_eq!(
        c.ranking()["items"][1]["quality_points"],
        "52.00",
        "the other criterion is still open"
    );
}

#[test]
fn who_has_a_conflict_of_interest_does_not_score() {
    let c = Opened::new();
    let path = format!("/bids/{}/scores", c.first);
    let put = |body: Value| c.region.commissioner.put(&path, body);
    let mut sheet = c.sheet(&[3, 3]);
    sheet["no_conflict_of_interest"] = false.into();
    put(sheet).refused(422, "evaluation.conflict_of_interest");
    assert_eq!(
        put(json!({"scores": c.scores(&[3])})).wrong_fields()[0].0,
        "no_conflict_of_interest"
    );
    assert_eq!(c.program.count("scores") + c.program.count("conflict_declarations"), 0);
    put(c.sheet(&[3, 3])).ok();
    assert_eq!(c.program.count("conflict_declarations"), 1);
}

#[test]
fn a_score_is_a_whole_number_from_0_to_5_with_a_reason() {
    let c = Opened::new();
    let path = format!("/bids/{}/scores", c.first);
    let scores = json!([
        {"criterion_id": c.criterion(0), "score": 6, "reason": "x"},
        {"criterion_id": c.criterion(1), "score": -1, "reason": ""},
    ]);
    let wrong = c
        .region
        .commissioner
        .put(&path, json!({"no_conflict_of_interest": true, "scores": scores}))
        .wrong_fields();
    let fields: Vec<&str> = wrong.iter().map(|(field, _)| field.as_str()).collect();
    for field in ["scores[0].score", "scores[1].score", "scores[1].reason"] {
        assert!(fields.contains(&field), "{field} in {fields:?}");
    }
    let half = json!([{"criterion_id": c.criterion(0), "score": 2.5, "reason": "x"}]);
    let wrong = c
        .region
        .commissioner
        .put(&path, json!({"no_conflict_of_interest": true, "scores": half}))
        .wrong_fields();
    assert_eq!(wrong[0].0, "scores[0].score");
    let none = c
        .region
        .commissioner
        .put(&path, json!({"no_conflict_of_interest": true, "scores": []}))
        .wrong_fields();
    assert_eq!(none[0].0, "scores");
}

#[test]
fn a_bid_that_is_not_compliant_takes_no_part() {
    let c = Opened::new();
    let reason = json!({"reason": "The answer on education is to another request."});
    c.region
        .commissioner
        .post(&format!("/bids/{}/mark-non-compliant", c.first), reason.clone())
        .ok();
    let put = c
        .region
        .commissioner
        .put(&format!("/bids/{}/scores", c.first), c.sheet(&[3, 3]));
    put.refused(409, "evaluation.bid_not_compliant");
    c.score(&c.region.commissioner, &c.second, &[5, 4]);
    let ranking = c.ranking();
    assert_eq!(
        points(&ranking["items"][0]),
        json!(["40.00", "56.00", "96.00", 1]),
        "the lowest total is now its own"
    );
    assert_eq!(ranking["items"].as_array().unwrap().len(), 1);
    assert_eq!(ranking["left_out"][0]["reason"], reason["reason"]);
    assert_eq!(ranking["left_out"][0]["weekly_total"], "5150.17");
}

#[test]
fn scores_are_the_authority_s_own() {
    let c = Opened::new();
    c.score(&c.region.commissioner, &c.first, &[3, 3]);
    let (scores, ranking) = (
        format!("/bids/{}/scores", c.first),
        format!("/placement-requests/{}/ranking", id(&c.request)),
    );
    let approver = c.region.approver(&c.program);
    approver.get(&scores).ok();
    approver.get(&ranking).ok();
    c.region.auditor(&c.program).get(&ranking).ok();
    approver.put(&scores, c.sheet(&[3, 3])).refused(403, "forbidden");
    for path in [&scores, &ranking] {
        c.region.neighbour.get(path).refused(404, "not_found");
        c.region.operator.get(path).refused(403, "forbidden");
        c.acorn.admin.get(path).refused(403, "forbidden");
    }
    c.region
        .neighbour
        .put(&scores, c.sheet(&[3, 3]))
        .refused(404, "not_found");
}

#[test]
fn nothing_is_scored_or_ranked_while_bids_are_sealed() {
    let program = Program::start();
    let region = program.region();
    let acorn = region.admitted(&program, "Acorn");
    let home = region.home(&program, &acorn, "Acorn House", json!({}));
    let request = region.published(&program, json!({}));
    let bid = id(&acorn.submits(&program, &request, &home, "5000.00"));
    let score = json!({"criterion_id": request["criteria"][0]["id"], "score": 3, "reason": "x"});
    let sheet = json!({"no_conflict_of_interest": true, "scores": [score]});
    region
        .commissioner
        .put(&format!("/bids/{bid}/scores"), sheet)
        .refused(404, "not_found");
    region
        .commissioner
        .get(&format!("/placement-requests/{}/ranking", id(&request)))
        .refused(409, "evaluation.not_open");
}

//! What changes around a competition while it is under way: it runs on, and a bid that has lost its standing is set aside at the
//! opening, with the reason. The opening itself is never refused for it.

use chrono::Duration;
use serde_json::{Value, json};

use super::{Competition, bid_path};
use crate::support::region::{bid_body, home_body, id};

type Deed = fn(&Competition);

fn path(kind: &str, id: &str, verb: &str) -> String {
    format!("/{kind}/{id}/{verb}")
}

fn scores(c: &Competition) -> Value {
    let score = |criterion: &Value| json!({"criterion_id": criterion["id"], "score": 3, "reason": "As it says."});
    let scores: Vec<Value> = c.request["criteria"].as_array().unwrap().iter().map(score).collect();
    json!({"no_conflict_of_interest": true, "scores": scores})
}

#[test]
fn what_a_framework_has_under_way_runs_on_to_its_award() {
    let close: Deed = |c| {
        let path = path("frameworks", &c.region.framework, "close");
        c.region.operator.act(&path).ok();
    };
    let suspend: Deed = |c| {
        let order = json!({"reason": "The procurement is under challenge."});
        c.region
            .operator
            .post(&path("frameworks", &c.region.framework, "suspend"), order)
            .ok();
    };
    let end: Deed = |c| {
        let term = json!({"ends_on": c.program.day(0)});
        c.region
            .operator
            .patch(&format!("/frameworks/{}", c.region.framework), term)
            .ok();
        c.program.wait(Duration::days(1));
    };
    for (name, deed) in [("closed", close), ("suspended", suspend), ("out of its term", end)] {
        let c = Competition::published();
        let later = c.region.home(&c.program, &c.acorn, "Later House", json!({}));
        let before = c.submitted("4800.00");
        let under_way = name != "out of its term";
        deed(&c);
        if under_way {
            c.acorn.submits(&c.program, &c.request, &later, "4900.00");
            c.program.wait(Duration::minutes(180));
        }
        let opened = c.region.commissioner.act(&c.path("open")).ok();
        let statuses: Vec<_> = opened["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|bid| &bid["status"])
            .collect();
        assert_eq!(statuses, vec!["opened"; 1 + usize::from(under_way)], "{name}");
        for bid in opened["items"].as_array().unwrap() {
            c.region.commissioner.put(&bid_path(bid, "/scores"), scores(&c)).ok();
        }
        let award = json!({"bid_id": id(&before)});
        let award = id(&c.region.commissioner.post(&c.path("awards"), award).ok());
        c.region.commissioner.act(&path("awards", &award, "confirm")).ok();
        let accepted = c.acorn.admin.act(&path("awards", &award, "accept")).ok();
        assert_eq!(accepted["status"], "accepted", "{name}");
    }
}

#[test]
fn a_bid_that_has_lost_its_standing_is_set_aside_and_the_others_are_opened_beside_it() {
    fn admission(c: &Competition) -> String {
        id(&c.acorn.admin.get("/admissions").ok()["items"][0])
    }
    let deeds: [(Deed, &str); 6] = [
        (
            |c| {
                let order = json!({"reason": "Safeguarding concern."});
                let path = path("admissions", &admission(c), "suspend");
                c.region.operator.post(&path, order).ok();
            },
            "not admitted to the lot",
        ),
        (
            |c| {
                let order = json!({"reason": "Convicted of fraud."});
                let path = path("admissions", &admission(c), "remove");
                c.region.operator.post(&path, order).ok();
            },
            "not admitted to the lot",
        ),
        (
            |c| drop(c.acorn.admin.act(&path("admissions", &admission(c), "leave")).ok()),
            "not admitted to the lot",
        ),
        (
            |c| drop(c.acorn.admin.act(&path("homes", &c.home, "close")).ok()),
            "the home was not active",
        ),
        (
            |c| {
                let inspection =
                    json!({"event_number": "E-bad", "inspected_on": c.program.day(0), "grade": "Inadequate"});
                let path = path("homes", &c.home, "inspections");
                c.region.operator.post(&path, inspection).ok();
            },
            "Ofsted grade is Inadequate",
        ),
        (
            |c| {
                let version = json!({"title": "Second", "text": "# Other terms", "effective_on": c.program.day(0)});
                let path = path("frameworks", &c.region.framework, "contract-versions");
                c.region.operator.post(&path, version).ok();
            },
            "not accepted the contract version in force",
        ),
    ];
    for (deed, reason) in deeds {
        let c = Competition::published();
        let birch = c.region.admitted(&c.program, "Birch");
        let birch_home = c.region.home(&c.program, &birch, "Birch House", json!({}));
        let (lost, kept) = (
            c.submitted("4800.00"),
            birch.submits(&c.program, &c.request, &birch_home, "5200.00"),
        );
        deed(&c);
        let versions = format!("/frameworks/{}/contract-versions", c.region.framework);
        let versions = birch.admin.get(&versions).ok();
        let newest = versions["items"]
            .as_array()
            .unwrap()
            .iter()
            .max_by_key(|one| one["number"].as_i64());
        birch
            .admin
            .act(&path("contract-versions", &id(newest.unwrap()), "accept"))
            .ok();

        let opened = c.opened();
        let of = |bid: &Value| {
            let mut items = opened["items"].as_array().unwrap().iter();
            items.find(|item| item["id"] == bid["id"]).unwrap().clone()
        };
        let (lost, kept) = (of(&lost), of(&kept));
        assert_eq!(
            (&lost["status"], &kept["status"]),
            (&json!("non_compliant"), &json!("opened")),
            "{reason}"
        );
        let said = lost["non_compliance_reason"].as_str().unwrap();
        assert!(said.starts_with("At the opening") && said.contains(reason), "{said}");
        assert_eq!(kept["non_compliance_reason"], Value::Null);
    }
}

#[test]
fn a_home_that_was_not_inspected_yet_bids_where_homes_that_require_improvement_may() {
    for (worst, refused) in [
        ("Good", Some("bid.over_gateway")),
        ("NotYetInspected", None),
        ("RequiresImprovement", None),
    ] {
        let c = Competition::under(json!({"worst_grade": worst}));
        let home = id(&c.acorn.admin.post("/homes", home_body("New House", 124_001)).ok());
        let vacancy = json!({"places": 1, "available_from": c.program.day(0)});
        c.acorn.admin.post(&path("homes", &home, "vacancies"), vacancy).ok();
        let matches = c.region.commissioner.get(&c.path("matches")).ok();
        let found = matches["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|item| item["home"]["id"] == home.as_str());
        assert_eq!(found.unwrap()["fits"], refused.is_none(), "{worst}");

        let body = bid_body(&c.program, &c.request, &home, "4800.00");
        let bid = c.acorn.admin.post(&c.path("bids"), body).ok();
        let submitted = c.acorn.admin.act(&bid_path(&bid, "/submit"));
        if let Some(code) = refused {
            submitted.refused(409, code);
        } else {
            submitted.ok();
            assert_eq!(c.opened()["items"][0]["status"], "opened", "{worst}");
        }
    }
    // Where new homes may bid, those that were found inadequate still may not.
    let c = Competition::under(json!({"worst_grade": "NotYetInspected"}));
    let inspection = json!({"event_number": "E-bad", "inspected_on": c.program.day(0), "grade": "Inadequate"});
    c.region
        .operator
        .post(&path("homes", &c.home, "inspections"), inspection)
        .ok();
    c.acorn
        .admin
        .act(&path("bids", &c.drafted("4800.00"), "submit"))
        .refused(409, "bid.over_gateway");
}

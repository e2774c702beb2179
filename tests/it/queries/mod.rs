//! What a call costs does not depend on how much there is: every page, file and answer of the API makes as many queries for many
//! rows as for a few. What is called comes from the routes, so that a new list is counted without a word here; where it shows
//! something that the crowd lacks, this says so.

mod crowd;

use std::collections::{BTreeMap, BTreeSet};
use std::thread;

use crowd::Crowd;
use hearth::access::Role;
use hearth::routes;
use hearth::web::{Access, Answers, Operation, Routes};

use crate::support::log;

/// How many of everything there are, and which part of a list is asked for.
const FEW: (i64, &str) = (3, "?limit=3");
const MANY: (i64, &str) = (10, "");

/// Lists that are the same wherever they are asked for.
const FIXED: [&str; 1] = ["/api/v1/quality-standards"];

/// What a call was answered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cost {
    status: u16,
    queries: u64,
    /// How much it showed: things of an answer's list, lines of a file, elements of a page.
    shown: usize,
}

/// By the path's pattern, then by who called and of which thing.
type Costs = BTreeMap<(String, String), Cost>;

fn may(operation: &Operation, role: Option<Role>) -> bool {
    match (operation.access, role) {
        (Access::Public, _) | (Access::SignedIn, Some(_)) => true,
        (Access::May(permission), Some(role)) => permission.roles().contains(&role),
        (_, None) => false,
    }
}

/// What a role may read, by the path's pattern.
fn readings(routes: &Routes, role: Option<Role>) -> impl Iterator<Item = &'static str> {
    routes
        .operations
        .iter()
        .filter(move |operation| operation.method == "GET" && may(operation, role))
        .map(|operation| operation.path)
}

fn costs((count, part): (i64, &'static str)) -> Costs {
    let crowd = Crowd::gather(count);
    log::listen();
    let (api, pages) = (routes::api(), routes::pages());
    let mut costs = Costs::new();
    for (who, role, person) in &crowd.people {
        for pattern in readings(&api, *role) {
            for (at, path) in crowd.paths(pattern).iter().enumerate() {
                let answer = person.get(&format!("{path}{part}"));
                let cost = Cost {
                    status: answer.status,
                    queries: log::queries_of(answer.header("x-request-id")),
                    shown: answer.json()["items"].as_array().map_or(0, Vec::len),
                };
                costs.insert((format!("{}{pattern}", routes::BASE), format!("{who} {at}")), cost);
            }
        }
        let browser = match role {
            Some(_) => crowd.program.browser_of(person),
            None => crowd.program.browser(),
        };
        for pattern in readings(&pages, *role) {
            for (at, path) in crowd.paths(pattern).iter().enumerate() {
                let (page, _) = browser.call("GET", &format!("{path}{part}"), None);
                let is_file = page.content_type.starts_with("text/csv");
                let cost = Cost {
                    status: page.status,
                    queries: log::queries_of(&page.request_id),
                    shown: page.html.matches(if is_file { '\n' } else { '<' }).count(),
                };
                costs.insert((pattern.to_owned(), format!("{who} {at}")), cost);
            }
        }
    }
    costs
}

/// The lists: those of the API, those that are taken away as files, their pages, and the home page.
fn lists() -> BTreeSet<String> {
    let (api, pages) = (routes::api(), routes::pages());
    let api = api.operations.iter();
    let mut lists: BTreeSet<String> = api
        .filter(|operation| matches!(operation.answers, Answers::Many(_)))
        .map(|operation| format!("{}{}", routes::BASE, operation.path))
        .collect();
    let paths: BTreeSet<&str> = pages.operations.iter().map(|operation| operation.path).collect();
    for path in &paths {
        if let Some(page) = path.strip_suffix(".csv") {
            lists.insert((*path).to_owned());
            lists.extend(paths.get(page).map(|page| (*page).to_owned()));
        }
    }
    lists.insert("/".to_owned());
    lists
}

#[test]
fn a_call_makes_as_many_queries_for_many_rows_as_for_a_few() {
    let [few, many] = [FEW, MANY]
        .map(|how_many| thread::spawn(move || costs(how_many)))
        .map(|counting| counting.join().expect("the calls are made"));
    assert!(few.keys().eq(many.keys()), "the same calls are made of both");
    // BEGIN, whether the session goes on, the sessions, ROLLBACK.
    let sessions = many[&("/api/v1/me/sessions".to_owned(), "operator 0".to_owned())];
    assert_eq!(sessions.queries, 4, "queries are counted");

    let mut wrong = Vec::new();
    for (call, many) in &many {
        let few = &few[call];
        if (few.status, few.queries) != (many.status, many.queries) || many.status >= 500 {
            let (pattern, who) = call;
            let cost = |cost: &Cost| format!("{} {:>4}", cost.status, cost.queries);
            wrong.push(format!("{pattern:<55} {who:<32} {}   {}", cost(few), cost(many)));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} calls cost by how much there is: their status and queries with {} of everything, and with {}\n{}",
        wrong.len(),
        FEW.0,
        MANY.0,
        wrong.join("\n")
    );

    let grown: BTreeSet<&str> = many
        .iter()
        .filter(|(call, cost)| cost.status == 200 && cost.shown > few[*call].shown)
        .map(|((pattern, _), _)| pattern.as_str())
        .collect();
    let unproven: Vec<String> = lists()
        .into_iter()
        .filter(|list| !grown.contains(list.as_str()) && !FIXED.contains(&list.as_str()))
        .collect();
    assert!(
        unproven.is_empty(),
        "these show nobody of the crowd more rows where there is more (tests/it/queries/crowd.rs):\n{}",
        unproven.join("\n")
    );
}

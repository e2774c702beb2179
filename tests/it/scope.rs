//! Whose thing it is: every operation on a thing, called by people who have the role for it and belong to another organisation.
//! They are answered exactly as if the thing were not there, but for what is openly known by rule, which stands here in a table.

use std::collections::{BTreeMap, BTreeSet};

use hearth::access::Role;
use hearth::web::{Access, Operation};
use hearth::{openapi, routes};
use serde_json::{Value, json};

use crate::support::client::{Answer, Client};
use crate::support::region::{Provider, Region};
use crate::support::{Program, id};

/// Nothing has this id.
const NOTHING: &str = "01890000-0000-7000-8000-000000000000";

/// How somebody stands to the region whose things are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stranger {
    /// Of another cooperative.
    Cooperative,
    /// Of an authority that is a member of another cooperative.
    Authority,
    /// Of another authority of the same cooperative.
    Member,
    /// Of a provider that is on no framework.
    Provider,
    /// Of another provider that is admitted to the same lot.
    Rival,
}

use Stranger::{Authority, Cooperative, Member, Provider as Newcomer, Rival};

/// What strangers may do with what is not theirs, and why.
const OPEN: &[(&[&str], &[Stranger], &str)] = &[
    (
        &[
            "GET /frameworks/{id}",
            "GET /frameworks/{id}/lots",
            "GET /frameworks/{id}/standards",
            "GET /frameworks/{id}/contract-versions",
            "GET /lots/{id}",
            "GET /standards/{id}",
            "GET /contract-versions/{id}",
        ],
        &[Newcomer, Rival, Member],
        "a framework that has opened is there for every provider to apply to, and for its members to call off",
    ),
    (
        &[
            "POST /frameworks/{id}/applications",
            "POST /contract-versions/{id}/accept",
            "GET /contract-versions/{id}/acceptances",
        ],
        &[Newcomer, Rival],
        "every provider may apply, and accepts and sees its own acceptance",
    ),
    (
        &["GET /contract-versions/{id}/acceptances", "GET /admissions/{id}"],
        &[Member],
        "a member may call off from whoever is admitted and has accepted",
    ),
    (
        &["GET /providers/{id}"],
        &[Cooperative, Authority, Member],
        "a provider has one profile, which serves every cooperative",
    ),
    (
        &[
            "GET /homes/{id}",
            "GET /homes/{id}/inspections",
            "GET /homes/{id}/vacancies",
            "GET /homes/{id}/prices",
            "GET /inspections/{id}",
            "GET /vacancies/{id}",
            "GET /prices/{id}",
        ],
        &[Cooperative, Authority, Member],
        "whoever buys or runs a market sees the homes in it, without their address; other providers don't",
    ),
    (
        &["POST /homes/{id}/inspections"],
        &[Cooperative],
        "an inspection is Ofsted's: whichever cooperative reads of it first records it for all",
    ),
    (
        &[
            "GET /placement-requests/{id}",
            "GET /placement-requests/{id}/questions",
            "POST /placement-requests/{id}/questions",
            "POST /placement-requests/{id}/bids",
            "POST /placement-requests/{id}/decline",
        ],
        &[Rival],
        "everybody who is admitted to the lot can see its requests, ask, and bid or decline",
    ),
];

/// Which lists name a stranger what, by the same rules.
const LISTED: &[(&str, &[&str], &[Stranger])] = &[
    ("/frameworks", &["frameworks"], &[Newcomer, Rival, Member]),
    (
        "/admissions",
        &["admissions", "frameworks", "lots", "providers", "applications"],
        &[Member],
    ),
    ("/admissions", &["frameworks", "lots"], &[Rival]),
    (
        "/applications",
        &["frameworks", "lots", "standards", "contract-versions"],
        &[Newcomer, Rival],
    ),
    ("/providers", &["providers"], &[Cooperative, Authority, Member]),
    ("/homes", &["homes", "providers"], &[Cooperative, Authority, Member]),
    (
        "/placement-requests",
        &["placement-requests", "frameworks", "lots"],
        &[Rival],
    ),
    // What providers do to what every cooperative may see.
    (
        "/audit-events",
        &["providers", "homes", "vacancies", "prices", "lots"],
        &[Cooperative],
    ),
];

/// What nobody else reads anywhere: the home's street, the child's postcode, a bid's price and its words.
const CONFIDENTIAL: &[&str] = &[
    "Example Lane",
    "RG1 1AF",
    "4811.11",
    "5211.11",
    "would welcome her",
    "On Education",
];

fn is_open(operation: &str, stranger: Stranger) -> bool {
    OPEN.iter()
        .any(|(operations, strangers, _)| operations.contains(&operation) && strangers.contains(&stranger))
}

/// One thing of each kind, all of one competition.
struct Things {
    ids: BTreeMap<&'static str, String>,
    /// Who took part: no other provider learns of them.
    bidders: [String; 2],
}

impl Things {
    /// The thing that a path is about.
    fn named_by(&self, path: &str) -> &str {
        let kind = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        self.ids
            .get(kind)
            .unwrap_or_else(|| panic!("{path} has no thing to be called on: add one to `things`"))
    }
}

/// Goes the whole way, with a thing of each kind left behind.
fn things(program: &Program, region: &Region) -> Things {
    let (acorn, birch) = (region.admitted(program, "Acorn"), region.admitted(program, "Birch"));
    let guildford = json!({"address": {"line1": "3 Example Lane", "town": "Exampleton", "postcode": "GU1 1AA"}});
    let home = region.home(program, &acorn, "Near House", json!({}));
    let other = region.home(program, &birch, "Birch House", guildford);
    let request = region.published(program, json!({}));
    let path = format!("/placement-requests/{}", id(&request));
    let question = json!({"text": "Does she attend a school?"});
    let question = acorn.admin.post(&format!("{path}/questions"), question).ok();
    let bid = acorn.submits(program, &request, &home, "4811.11");
    let winner = birch.submits(program, &request, &other, "5211.11");
    program.wait(chrono::Duration::minutes(181));
    let commissioner = &region.commissioner;
    commissioner.act(&format!("{path}/open")).ok();
    let score =
        |criterion: &Value| json!({"criterion_id": criterion["id"], "score": 3, "reason": "As the answer shows."});
    let scores: Vec<Value> = request["criteria"].as_array().unwrap().iter().map(score).collect();
    let scores = json!({"no_conflict_of_interest": true, "scores": scores});
    for scored in [&bid, &winner] {
        commissioner
            .put(&format!("/bids/{}/scores", id(scored)), scores.clone())
            .ok();
    }
    let body = json!({"bid_id": id(&winner), "reason": "The child's own wish."});
    let award = id(&commissioner.post(&format!("{path}/awards"), body).ok());
    let reason = json!({"reason": "No closer home fits."});
    region
        .approver(program)
        .post(&format!("/awards/{award}/approve"), reason)
        .ok();
    commissioner.act(&format!("/awards/{award}/confirm")).ok();
    birch.admin.act(&format!("/awards/{award}/accept")).ok();
    program.settle();
    let first = |client: &Client, path: &str| id(&client.get(path).ok()["items"][0]);
    let of_home = |part: &str| first(&acorn.admin, &format!("/homes/{home}/{part}"));
    let ids = BTreeMap::from([
        ("frameworks", region.framework.clone()),
        ("lots", region.lot.clone()),
        ("standards", region.standard.clone()),
        ("contract-versions", region.contract.clone()),
        ("providers", acorn.organisation.clone()),
        ("applications", first(&acorn.admin, "/applications")),
        ("admissions", first(&acorn.admin, "/admissions")),
        ("homes", home.clone()),
        ("inspections", of_home("inspections")),
        ("vacancies", of_home("vacancies")),
        ("prices", of_home("prices")),
        ("placement-requests", id(&request)),
        ("questions", id(&question)),
        ("bids", id(&bid)),
        ("awards", award),
        ("placements", first(commissioner, "/placements")),
        ("due-items", first(commissioner, "/due-items")),
        ("notifications", first(commissioner, "/notifications")),
        ("mails", first(&region.operator, "/mails")),
        ("people", id(&commissioner.get("/me").ok()["person"])),
        ("sessions", first(commissioner, "/me/sessions")),
    ]);
    Things {
        ids,
        bidders: [acorn.organisation, birch.organisation],
    }
}

/// Somebody with every role that a stranger of each kind can have.
fn strangers(program: &Program, region: &Region) -> Vec<(Stranger, Role, Client)> {
    let mut all = Vec::new();
    let operator = program.operator("North West", "operator@elsewhere.example").0;
    let cooperative = id(&operator.get("/me").ok()["organisation"]);
    let elsewhere = id(&operator.post("/authorities", json!({"gss_code": "E08000003"})).ok());
    let surrey = id(&region.neighbour.get("/me").ok()["organisation"]);
    for (stranger, by, authority, domain) in [
        (Authority, &operator, &elsewhere, "elsewhere.example"),
        (Member, &region.operator.0, &surrey, "surrey.example"),
    ] {
        for role in [Role::Commissioner, Role::Approver, Role::Auditor] {
            let email = format!("another-{role}@{domain}");
            all.push((stranger, role, program.person_of(by, authority, &email, role.code())));
        }
    }
    let auditor = program.person_of(&operator, &cooperative, "auditor@coop.elsewhere.example", "auditor");
    let mut of_provider = |stranger: Stranger, provider: Provider| {
        let email = format!("bidder@{}", provider.admin.email().split_once('@').unwrap().1);
        all.push((stranger, Role::Bidder, provider.bidder(program, &email).0));
        all.push((stranger, Role::ProviderAdmin, provider.admin.0));
    };
    of_provider(Newcomer, program.provider("Dogwood"));
    of_provider(Rival, region.admitted(program, "Cedar"));
    all.push((Cooperative, Role::Auditor, auditor));
    all.push((Cooperative, Role::Operator, operator));
    all
}

fn may(operation: &Operation, role: Role) -> bool {
    match operation.access {
        Access::May(permission) => permission.roles().contains(&role),
        Access::Public | Access::SignedIn => true,
    }
}

/// Calls an operation on a thing, with the body that the document shows.
fn call(client: &Client, operation: &Operation, on: &str, document: &Value) -> Answer {
    let path = format!("{}{}", routes::BASE, operation.path);
    let described = &document["paths"][path][operation.method.as_str().to_lowercase()];
    let body = described["requestBody"]["content"]["application/json"]["example"].to_string();
    let body = operation.body.map(|_| body.as_bytes());
    client.call(
        operation.method.as_str(),
        &operation.path.replace("{id}", on),
        body,
        &[],
    )
}

/// What an answer tells, but for the id of its call.
fn told(answer: &Answer) -> (u16, Value) {
    let mut body = answer.json();
    if let Some(fields) = body.as_object_mut() {
        fields.remove("request_id");
    }
    (answer.status, body)
}

/// What confidential words an answer has that this stranger must not read.
fn leaks(answer: &Answer, stranger: Stranger, role: Role, things: &Things) -> Vec<String> {
    let text = String::from_utf8_lossy(&answer.bytes);
    // An operator, of whichever cooperative, may know the address of a home; other providers know nothing of who took part.
    let knows = |words: &str| role == Role::Operator && words == "Example Lane";
    let bidders = things
        .bidders
        .iter()
        .map(String::as_str)
        .chain(["Acorn", "Birch", "Near House"]);
    let hidden = bidders.filter(|_| matches!(stranger, Newcomer | Rival));
    let words = CONFIDENTIAL.iter().copied().filter(|words| !knows(words)).chain(hidden);
    words.filter(|words| text.contains(words)).map(str::to_owned).collect()
}

#[test]
fn what_is_anothers_is_as_if_it_were_not_there() {
    let program = Program::start();
    let region = program.region();
    let things = things(&program, &region);
    let (strangers, api) = (strangers(&program, &region), routes::api());
    let document = openapi::document(&api);
    let (mut wrong, mut met) = (Vec::new(), BTreeSet::new());
    for operation in api
        .operations
        .iter()
        .filter(|operation| operation.path.contains("{id}"))
    {
        let (thing, name) = (things.named_by(operation.path), format!("{operation:?}"));
        let mut called = false;
        for (stranger, role, person) in strangers.iter().filter(|(_, role, _)| may(operation, *role)) {
            called = true;
            let there = call(person, operation, thing, &document);
            let (status, body) = told(&there);
            for words in leaks(&there, *stranger, *role, &things) {
                wrong.push(format!("{name} shows {stranger:?} {role} “{words}”"));
            }
            if is_open(&name, *stranger) {
                if status != 404 {
                    met.insert((name.clone(), *stranger));
                }
                continue;
            }
            let nowhere = told(&call(person, operation, NOTHING, &document));
            let as_if_not_there = (status, &body) == (nowhere.0, &nowhere.1);
            // Some of what auditors read is for auditors of authorities alone, whatever it is of.
            let never = *role == Role::Auditor && *stranger == Cooperative && status == 403;
            if !as_if_not_there || (status != 404 && !never) {
                wrong.push(format!("{name} tells {stranger:?} {role}: {status} {body}"));
            }
        }
        assert!(called, "{name} was called by nobody");
    }
    for (operations, strangers, why) in OPEN {
        for (operation, stranger) in operations
            .iter()
            .flat_map(|one| strangers.iter().map(move |who| (one, who)))
        {
            if !met.contains(&((*operation).to_owned(), *stranger)) {
                wrong.push(format!("{operation} is not open to {stranger:?}, though {why}"));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} are not as they should be:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn lists_hold_nothing_of_anothers() {
    let program = Program::start();
    let region = program.region();
    let (things, api) = (things(&program, &region), routes::api());
    let mut wrong = Vec::new();
    let lists = || {
        let reads = |operation: &&Operation| operation.method == "GET" && !operation.path.contains("{id}");
        api.operations.iter().filter(reads)
    };
    for (stranger, role, person) in strangers(&program, &region) {
        for operation in lists().filter(|operation| may(operation, role)) {
            let answer = person.call("GET", &format!("{}?limit=200", operation.path), None, &[]);
            let answer = if answer.status == 422 {
                person.get(operation.path)
            } else {
                answer
            };
            assert_eq!(answer.status, 200, "{operation:?} for {role}: {}", answer.json());
            let text = String::from_utf8_lossy(&answer.bytes);
            for (kind, thing) in &things.ids {
                let open = LISTED.iter().any(|(path, kinds, strangers)| {
                    *path == operation.path && kinds.contains(kind) && strangers.contains(&stranger)
                });
                if !open && text.contains(thing.as_str()) {
                    wrong.push(format!("{operation:?} shows {stranger:?} {role} one of {kind}"));
                }
            }
            for words in leaks(&answer, stranger, role, &things) {
                wrong.push(format!("{operation:?} shows {stranger:?} {role} “{words}”"));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} are not as they should be:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

//! The same proof for the pages: every page by every role and by a visitor, and every page of a thing by those whose thing it is not.

use std::fs;

use hearth::access::{Permission, Role};
use hearth::routes;
use hearth::web::{Access, Operation};
use serde_json::json;

use super::{NOTHING, everybody, matrix};
use crate::awards::competition::{at, duel};
use crate::support::browser::Browser;
use crate::support::client::Client;
use crate::support::{Program, id};

/// A path of the pattern; `{id}` is this thing.
fn path_of(operation: &Operation, thing: &str) -> String {
    operation
        .path
        .replace("{id}", thing)
        .replace("{standard}", NOTHING)
        .replace("{number}", "1")
        .replace("{task}", "child")
        .replace("{token}", "nothing")
}

/// A token of this browser's session, as every page has one.
fn token(browser: &Browser, page: &str, form: &str) -> Vec<(String, String)> {
    let fields = browser.get(page).ok().form(form).into_iter();
    fields.filter(|(name, _)| name == "_token").collect()
}

/// Opens a page, or sends a form of this session with nothing in it: the status, and where it sends on to.
fn call(browser: &Browser, token: &[(String, String)], operation: &Operation, thing: &str) -> (u16, String) {
    let body = (operation.method == "POST").then(|| {
        url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(token)
            .finish()
    });
    let (shown, next) = browser.call(operation.method.as_str(), &path_of(operation, thing), body);
    (shown.status, next.unwrap_or_default())
}

/// Whether a role has what the page asks.
fn may(operation: &Operation, role: Role) -> bool {
    match operation.access {
        Access::Public | Access::SignedIn => true,
        Access::May(permission) => permission.roles().contains(&role),
    }
}

/// Signing out ends the session that the next call needs.
fn ends_the_session(operation: &Operation) -> bool {
    operation.path == "/sign-out"
}

#[test]
fn every_page_is_for_those_whom_the_policy_names() {
    let program = Program::start();
    let visitor = program.browser();
    let visitors_token = token(&visitor, "/sign-in", "/sign-in");
    let people: Vec<_> = everybody(&program)
        .into_iter()
        .map(|(role, person)| {
            let browser = program.browser_of(&person);
            let token = token(&browser, "/me", "/sign-out");
            (role, browser, token)
        })
        .collect();
    let mut wrong = Vec::new();
    let pages = routes::pages();
    assert!(pages.operations.len() > 10, "pages are registered");
    for operation in pages.operations.iter().filter(|operation| !ends_the_session(operation)) {
        let (status, next) = call(&visitor, &visitors_token, operation, NOTHING);
        let refused = status == 401 || next.starts_with("/sign-in?next=");
        if refused == (operation.access == Access::Public) {
            wrong.push(format!("{operation:?} answers a visitor {status} {next}"));
        }
        let mut admitted = Vec::new();
        for (role, browser, token) in &people {
            let (status, next) = call(browser, token, operation, NOTHING);
            if status == 401 || status >= 500 || next.starts_with("/sign-in?next=") {
                wrong.push(format!("{operation:?} answers {role} {status} {next}"));
            }
            if status != 403 && !admitted.contains(role) {
                admitted.push(*role);
            }
        }
        // Auditors are of more than one kind of organisation: it is enough that one of them may.
        for role in Role::ALL {
            if may(operation, *role) != admitted.contains(role) {
                let not = if may(operation, *role) { "not " } else { "" };
                wrong.push(format!("{operation:?} is {not}for {role}"));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} pages are not as the policy says:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn the_matrix_of_pages_is_the_one_that_was_agreed() {
    let printed = matrix(&routes::pages());
    let kept = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/page_permissions.txt");
    if fs::read_to_string(kept).unwrap_or_default() != printed {
        let changed = concat!(env!("CARGO_TARGET_TMPDIR"), "/page_permissions.txt");
        fs::write(changed, &printed).unwrap();
        panic!("the matrix of pages changed; if that is meant: cp {changed} {kept}");
    }
}

/// What whoever is signed in may look at, whose ever it is; what they may not do to it stands in the other permissions.
const OPEN: [Permission; 5] = [
    Permission::ReadFrameworks,
    Permission::ReadProviders,
    Permission::ReadHomes,
    Permission::ReadVacancies,
    Permission::ReadPrices,
];

/// The first step of paths whose things are no organisation's: a mail is the deployment's own.
const NOBODYS: [&str; 1] = ["mails"];

/// Things of one organisation, by the first step of their paths, with those whose they are not.
struct Things {
    step: &'static str,
    thing: String,
    strangers: Vec<(Role, Client)>,
}

/// The first of what a list has.
fn first(person: &Client, list: &str) -> String {
    id(&person.get(list).ok()["items"][0])
}

fn things(program: &Program) -> Vec<Things> {
    let region = program.region();
    let duel = duel(program, &region, ["RG2 0AA", "GU1 1AA"], json!({}));
    let (acorn, birch) = (&duel.acorn.admin, &duel.birch.admin);
    let by = &region.commissioner;
    let approver = region.approver(program);
    let award = duel.competition.propose(by, 1, json!({})).ok();
    approver.act(&at(&award, "approve")).ok();
    by.act(&at(&award, "confirm")).ok();
    birch.act(&at(&award, "accept")).ok();
    let request = region.published(program, json!({}));
    let asked = format!("/placement-requests/{}/questions", id(&request));
    let question = id(&acorn.post(&asked, json!({"text": "Does she bring a pet?"})).ok());

    let surrey = id(&region.neighbour.get("/me").ok()["organisation"]);
    let of_surrey = |email: &str, role: &str| program.person_of(&region.operator, &surrey, email, role);
    let neighbours = vec![
        (Role::Commissioner, region.neighbour.0.clone()),
        (Role::Approver, of_surrey("director@surrey.example", "approver")),
        (Role::Auditor, of_surrey("auditor@surrey.example", "auditor")),
    ];
    let other_operator = (Role::Operator, program.operator("Elsewhere", "operator@else.example").0);
    // Admitted to nothing, and so told of nothing.
    let outsider = (Role::ProviderAdmin, program.provider("Cedar").admin.0);
    let rival = (Role::ProviderAdmin, acorn.0.clone());
    let all = |more: &[&(Role, Client)]| {
        let mut all = neighbours.clone();
        all.extend(more.iter().map(|one| (*one).clone()));
        all
    };
    let home = duel.homes[1].clone();
    let session = first(birch, "/me/sessions");
    vec![
        Things {
            step: "placement-requests",
            thing: duel.competition.id(),
            strangers: all(&[&outsider, &other_operator]),
        },
        Things {
            step: "questions",
            thing: question,
            strangers: all(&[&outsider]),
        },
        Things {
            step: "bids",
            thing: duel.competition.bids[1].clone(),
            strangers: all(&[&outsider, &rival]),
        },
        Things {
            step: "awards",
            thing: id(&award),
            strangers: all(&[&outsider]),
        },
        Things {
            step: "placements",
            thing: first(by, "/placements"),
            strangers: all(&[&outsider, &rival, &other_operator]),
        },
        Things {
            step: "due-items",
            thing: first(by, "/due-items"),
            strangers: neighbours.clone(),
        },
        Things {
            step: "vacancies",
            thing: first(birch, &format!("/homes/{home}/vacancies")),
            strangers: vec![outsider.clone(), rival.clone()],
        },
        Things {
            step: "homes",
            thing: home,
            strangers: vec![outsider.clone(), rival.clone()],
        },
        Things {
            step: "applications",
            thing: first(birch, "/applications"),
            strangers: vec![outsider.clone(), rival.clone(), other_operator.clone()],
        },
        Things {
            step: "admissions",
            thing: first(birch, "/admissions"),
            strangers: vec![outsider.clone(), rival.clone(), other_operator.clone()],
        },
        Things {
            step: "providers",
            thing: duel.birch.organisation.clone(),
            strangers: vec![outsider.clone(), rival.clone()],
        },
        Things {
            step: "people",
            thing: id(&birch.get("/me").ok()["organisation"]),
            strangers: all(&[&outsider, &rival]),
        },
        Things {
            step: "sessions",
            thing: session,
            strangers: all(&[&outsider, &rival, &other_operator]),
        },
        Things {
            step: "notifications",
            thing: first(birch, "/notifications"),
            strangers: all(&[&outsider, &rival, &other_operator]),
        },
        Things {
            step: "frameworks",
            thing: region.framework.clone(),
            strangers: vec![other_operator.clone()],
        },
        Things {
            step: "lots",
            thing: region.lot.clone(),
            strangers: vec![other_operator.clone()],
        },
        Things {
            step: "standards",
            thing: region.standard.clone(),
            strangers: vec![other_operator.clone()],
        },
        Things {
            step: "contract-versions",
            thing: region.contract.clone(),
            strangers: vec![other_operator],
        },
    ]
}

#[test]
fn what_is_another_organisations_is_not_there() {
    let program = Program::start();
    let all = things(&program);
    let mut wrong = Vec::new();
    let mut proven = 0;
    for operation in routes::pages()
        .operations
        .iter()
        .filter(|one| one.path.contains("{id}"))
    {
        let step = operation.path.split('/').nth(1).unwrap_or_default();
        if NOBODYS.contains(&step) || matches!(operation.access, Access::May(permission) if OPEN.contains(&permission))
        {
            continue;
        }
        let Some(things) = all.iter().find(|things| things.step == step) else {
            wrong.push(format!("{operation:?}: nothing says whose it is"));
            continue;
        };
        for (role, stranger) in things.strangers.iter().filter(|(role, _)| may(operation, *role)) {
            let browser = program.browser_of(stranger);
            let token = token(&browser, "/me", "/sign-out");
            let (status, next) = call(&browser, &token, operation, &things.thing);
            if status != 404 {
                let email = stranger.email();
                wrong.push(format!("{operation:?} answers {role} {email} {status} {next}"));
            }
            proven += 1;
        }
    }
    assert!(proven > 40, "only {proven} calls were made");
    assert!(
        wrong.is_empty(),
        "{} pages show what is another organisation's:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

//! A region in which there is so many of everything: organisations and people, the parts of a framework, applications, homes with
//! all that belongs to them, requests in every phase, bids, awards, placements, and what was told of them.

use chrono::Duration;
use hearth::access::Role;
use hearth::reference;
use serde_json::{Value, json};

use crate::awards::competition::{at, score};
use crate::support::client::{Client, Operator};
use crate::support::region::{Provider, READING, Region, SURREY, bid_body};
use crate::support::{Program, id, with};

pub struct Crowd {
    pub program: Program,
    /// Somebody of every role, and nobody.
    pub people: Vec<(&'static str, Option<Role>, Client)>,
    /// What paths are about, by their first step: as many kinds as pages show differently.
    things: Vec<(&'static str, Vec<String>)>,
    /// A standard that the unfinished application answers.
    standard: String,
}

impl Crowd {
    /// The paths of a pattern: one for each thing that it may be about.
    pub fn paths(&self, pattern: &str) -> Vec<String> {
        let path = pattern
            .replace("{standard}", &self.standard)
            .replace("{number}", "1")
            .replace("{task}", "child")
            .replace("{token}", "nothing");
        if !path.contains("{id}") {
            return vec![path];
        }
        let step = path.split('/').nth(1).unwrap_or_default();
        let known = self.things.iter().find(|(first, _)| *first == step);
        let (_, things) = known.unwrap_or_else(|| panic!("{pattern}: the crowd has nothing of /{step}"));
        things.iter().map(|thing| path.replace("{id}", thing)).collect()
    }

    /// Makes it, all over the API.
    pub fn gather(count: i64) -> Self {
        let program = Program::start();
        let region = program.region();
        let (operator, by) = (&region.operator, &region.commissioner);
        let draft = Parts::added(&program, operator, "SE-DRAFT", count);
        let wide = Parts::opened(&program, operator, "SE-WIDE", count);
        let waiting = Parts::opened(&program, operator, "SE-WAITING", count);
        let begun = Parts::opened(&program, operator, "SE-BEGUN", count);
        let single: Vec<Parts> = (1..=count)
            .map(|n| Parts::opened(&program, operator, &format!("SE-{n}"), 1))
            .collect();

        let others = reference::authorities()
            .iter()
            .filter(|authority| ![READING, SURREY].contains(&authority.gss_code));
        for (authority, _) in others.zip(0..count) {
            operator
                .post("/authorities", json!({"gss_code": authority.gss_code}))
                .ok();
        }
        let cooperative = id(&operator.get("/me").ok()["organisation"]);
        let auditors = people(&program, operator, &cooperative, "auditor", count);
        let approvers = people(&program, operator, &region.authority(), "approver", count);
        for _ in 0..count {
            program.visitor().signed_in(operator.email());
        }

        let mut providers = vec![region.admitted(&program, "Acorn")];
        providers.extend((2..=count).map(|n| region.admitted(&program, &format!("Provider{n}"))));
        let acorn = &providers[0];
        let bidders = people(&program, &acorn.admin, &acorn.organisation, "bidder", count);
        let decided = wide.admits(&program, operator, acorn);
        for parts in &single {
            parts.admits(&program, operator, acorn);
        }
        let submitted: Vec<String> = providers
            .iter()
            .map(|provider| waiting.submitted(&program, provider))
            .collect();
        let unfinished = begun.application(&program, acorn);

        let great = great_house(&program, &region, acorn, count);
        let houses: Vec<String> = (0..=count)
            .map(|n| region.home(&program, acorn, &format!("House {n}"), json!({})))
            .collect();
        let mut bidding = vec![great.clone()];
        bidding.extend(
            providers[1..]
                .iter()
                .map(|provider| region.home(&program, provider, "Near House", json!({}))),
        );
        let everybody_bids = |request: &Value| -> Vec<String> {
            let homes = providers.iter().zip(&bidding);
            homes
                .map(|(provider, home)| id(&provider.submits(&program, request, home, "5000.00")))
                .collect()
        };

        // Published long enough ago to be closed.
        for _ in 0..count {
            region.published(&program, json!({}));
        }
        let (scored, awarded) = (
            region.published(&program, json!({})),
            region.published(&program, json!({})),
        );
        let (bids_to_choose_from, bids_to_award) = (everybody_bids(&scored), everybody_bids(&awarded));
        program.wait(Duration::minutes(181));
        for (request, bids) in [(&scored, &bids_to_choose_from), (&awarded, &bids_to_award)] {
            by.act(&below("placement-requests", &id(request), "open")).ok();
            for bid in bids {
                score(by, request, bid, [3, 4]);
            }
        }

        // Awards as far as they come: to be approved, to be confirmed, to be accepted, accepted.
        let path = below("placement-requests", &id(&awarded), "awards");
        let chosen = json!({"bid_id": bids_to_award[0], "reason": "The only home near her school."});
        let won = by.post(&path, chosen).ok();
        let direct = || -> Vec<Value> { (0..count).map(|_| direct_award(&program, &region, &great)).collect() };
        let (to_approve, to_confirm, to_accept) = (direct(), direct(), direct());
        let accepted: Vec<Value> = std::iter::once(won.clone()).chain(direct()).collect();
        for award in to_confirm.iter().chain(&to_accept).chain(&accepted) {
            approvers[0].act(&at(award, "approve")).ok();
        }
        for award in to_accept.iter().chain(&accepted) {
            by.act(&at(award, "confirm")).ok();
        }
        for award in &accepted {
            acorn.admin.act(&at(award, "accept")).ok();
        }
        let placement = first(by, "/placements");
        vary(&program, by, &placement, count);

        let open: Vec<Value> = (0..count).map(|_| region.published(&program, json!({}))).collect();
        let busy = id(&open[0]);
        everybody_bids(&open[0]);
        for request in &open[1..] {
            acorn.submits(&program, request, &great, "5000.00");
        }
        // Of the houses one has a bid that is not sent, one says nothing, the others decline.
        let body = bid_body(&program, &open[0], &houses[0], "5000.00");
        let unsent = id(&acorn.admin.post(&below("placement-requests", &busy, "bids"), body).ok());
        for house in &houses[2..] {
            let decline = json!({"home_id": house, "reason": "location"});
            let path = below("placement-requests", &busy, "decline");
            acorn.admin.post(&path, decline).ok();
        }
        let questions = ask(acorn, by, &busy, count);
        let hits = vec!["Call 07700 900123."; usize::try_from(count).unwrap()].join(" ");
        let drafts: Vec<String> = (0..count)
            .map(|_| {
                let body = with(region.request_body(&program), json!({"brief": hits}));
                id(&by.post("/placement-requests", body).ok())
            })
            .collect();
        program.settle();

        let vacancies = acorn.admin.get(&below("homes", &great, "vacancies")).ok();
        let vacancies = vacancies["items"].as_array().expect("a list");
        let vacancy = vacancies
            .iter()
            .find(|vacancy| vacancy["status"] == "open")
            .expect("there are more places than were taken");
        let person = id(&bidders[0].get("/me").ok()["person"]);
        let things = vec![
            ("frameworks", vec![draft.framework, wide.framework]),
            ("lots", vec![region.lot.clone(), wide.lots[0].clone()]),
            ("standards", vec![region.standard.clone(), wide.standards[0].clone()]),
            (
                "contract-versions",
                vec![region.contract.clone(), wide.contracts[0].clone()],
            ),
            ("applications", vec![unfinished, submitted[0].clone(), decided]),
            ("admissions", vec![first(&acorn.admin, "/admissions")]),
            ("providers", vec![acorn.organisation.clone()]),
            ("people", vec![person]),
            ("homes", vec![great.clone()]),
            ("vacancies", vec![id(vacancy)]),
            ("prices", vec![first(&acorn.admin, &below("homes", &great, "prices"))]),
            (
                "inspections",
                vec![first(&acorn.admin, &below("homes", &great, "inspections"))],
            ),
            (
                "placement-requests",
                vec![drafts[0].clone(), busy, id(&scored), id(&awarded)],
            ),
            ("questions", questions),
            ("bids", vec![unsent, bids_to_choose_from[0].clone()]),
            ("awards", vec![id(&to_approve[0]), id(&to_accept[0]), id(&won)]),
            ("due-items", vec![first(by, "/due-items")]),
            ("placements", vec![placement]),
        ];
        let people = vec![
            ("visitor", None, program.visitor()),
            ("operator", Some(Role::Operator), operator.0.clone()),
            ("auditor of the cooperative", Some(Role::Auditor), auditors[0].clone()),
            ("commissioner", Some(Role::Commissioner), by.0.clone()),
            ("approver", Some(Role::Approver), approvers[0].clone()),
            (
                "auditor of the authority",
                Some(Role::Auditor),
                region.auditor(&program).0,
            ),
            ("provider_admin", Some(Role::ProviderAdmin), acorn.admin.0.clone()),
            ("bidder", Some(Role::Bidder), bidders[0].clone()),
        ];
        Self {
            people,
            things,
            standard: begun.standards[0].clone(),
            program,
        }
    }
}

/// The path of something below a thing.
fn below(step: &str, thing: &str, part: &str) -> String {
    format!("/{step}/{thing}/{part}")
}

/// The first of what a list has.
fn first(person: &Client, list: &str) -> String {
    id(&person.get(list).ok()["items"][0])
}

/// People of one organisation with the same role.
fn people(program: &Program, by: &Client, organisation: &str, role: &str, count: i64) -> Vec<Client> {
    (1..=count)
        .map(|n| program.person_of(by, organisation, &format!("{role}{n}@crowd.example"), role))
        .collect()
}

/// A framework with its lots, standards and contract versions.
struct Parts {
    framework: String,
    lots: Vec<String>,
    standards: Vec<String>,
    contracts: Vec<String>,
}

impl Parts {
    /// A draft with so many of each.
    fn added(program: &Program, by: &Operator, reference: &str, count: i64) -> Self {
        let body = with(program.framework_body(), json!({"reference": reference}));
        let framework = id(&by.post("/frameworks", body).ok());
        let add = |part: &str, body: Value| id(&by.post(&below("frameworks", &framework, part), body).ok());
        let lot = |n| {
            json!({"code": format!("R{n}"), "title": "Children's homes", "placement_type": "Residential",
                "provision_types": ["ChildrensHome"], "weekly_ceiling": "12000.00"})
        };
        let standard = |n| {
            json!({"code": format!("QS{n}"), "title": "The protection of children", "applies_to": "provider",
                "requirement": "Say how children are kept safe.", "evidence": "statement", "mandatory": true})
        };
        let contract = |n| {
            json!({"title": format!("Regional contract {n}"), "text": "# Terms\n\nThe same for everybody.",
                "effective_on": program.day(-1)})
        };
        Self {
            lots: (1..=count).map(|n| add("lots", lot(n))).collect(),
            standards: (1..=count).map(|n| add("standards", standard(n))).collect(),
            contracts: (1..=count).map(|n| add("contract-versions", contract(n))).collect(),
            framework,
        }
    }

    /// [`Parts::added`], and open.
    fn opened(program: &Program, by: &Operator, reference: &str, count: i64) -> Self {
        let parts = Self::added(program, by, reference, count);
        by.act(&below("frameworks", &parts.framework, "open")).ok();
        parts
    }

    /// A provider's application for all lots, with all its answers.
    fn application(&self, program: &Program, provider: &Provider) -> String {
        let path = below("frameworks", &self.framework, "applications");
        let application = id(&provider.admin.post(&path, json!({"lot_ids": self.lots})).ok());
        let answer = |standard| json!({"standard_id": standard, "statement": "A named lead, and a weekly review."});
        let body = json!({
            "lot_ids": self.lots,
            "answers": self.standards.iter().map(answer).collect::<Vec<_>>(),
            "no_exclusion_grounds": true,
            "insurance": {"policy_number": "P-1", "cover": "10000000.00", "expires_on": program.day(300)},
            // The last published is the one in force.
            "accepted_contract_version_id": self.contracts.last(),
        });
        provider.admin.put(&format!("/applications/{application}"), body).ok();
        application
    }

    fn submitted(&self, program: &Program, provider: &Provider) -> String {
        let application = self.application(program, provider);
        provider.admin.act(&below("applications", &application, "submit")).ok();
        application
    }

    /// Admits a provider to all lots; answers its application.
    fn admits(&self, program: &Program, by: &Operator, provider: &Provider) -> String {
        let application = self.submitted(program, provider);
        let decision = |lot| json!({"lot_id": lot, "outcome": "admitted"});
        let decisions: Vec<Value> = self.lots.iter().map(decision).collect();
        let path = below("applications", &application, "decide");
        by.post(&path, json!({"decisions": decisions})).ok();
        application
    }
}

/// The four lines of a weekly price.
fn price(core: &str) -> Value {
    json!({"core": core, "additional_support": "0.00", "education": "0.00", "other": "0.00"})
}

/// A home outside the authority's area, with places for all that are awarded, prices and inspections.
fn great_house(program: &Program, region: &Region, provider: &Provider, count: i64) -> String {
    let changes = json!({"registered_places": 2000,
        "address": {"line1": "1 Example Lane", "town": "Exampleton", "postcode": "GU1 1AA"}});
    let home = region.bare_home(program, provider, "Great House", changes);
    let add = |by: &Client, part: &str, body: Value| by.post(&below("homes", &home, part), body).ok();
    for n in 0..count {
        let places = json!({"places": 3, "available_from": program.day(0)});
        add(&provider.admin, "vacancies", places);
        let listed = json!({"lot_id": region.lot, "effective_from": program.day(n)});
        add(&provider.admin, "prices", with(listed, price("4800.00")));
        let inspection = json!({"event_number": format!("C{n}"), "inspected_on": program.day(n - 59), "grade": "Good"});
        add(&region.operator, "inspections", inspection);
    }
    home
}

/// A draft that is awarded without a competition, once it is approved.
fn direct_award(program: &Program, region: &Region, home: &str) -> Value {
    let by = &region.commissioner;
    let request = by.post("/placement-requests", region.request_body(program)).ok();
    let body = json!({"placement_request_id": request["id"], "home_id": home, "price": price("5000.00"),
        "procurement_route": "direct_award_user_choice", "reason": "She chose it: her brother lives there."});
    by.post("/direct-awards", body).ok()
}

/// Lets a placement start, and changes its price again and again.
fn vary(program: &Program, by: &Client, placement: &str, count: i64) {
    let started = json!({"started_on": program.day(0)});
    by.post(&below("placements", placement, "start"), started).ok();
    for n in 1..=count {
        let terms = json!({"effective_on": program.day(10 + n), "reason": "A tutor for the mornings.",
            "price": price(&format!("{}.00", 5300 + n))});
        by.post(&below("placements", placement, "variations"), terms).ok();
    }
}

/// Asks questions about a request; all but the first are answered.
fn ask(provider: &Provider, by: &Client, request: &str, count: i64) -> Vec<String> {
    let path = below("placement-requests", request, "questions");
    let question = json!({"text": "Does the child attend a mainstream school?"});
    let asked: Vec<String> = (0..count)
        .map(|_| id(&provider.admin.post(&path, question.clone()).ok()))
        .collect();
    for question in &asked[1..] {
        let answer = json!({"text": "Yes, and it should go on."});
        by.post(&below("questions", question, "answer"), answer).ok();
    }
    asked[..2].to_vec()
}

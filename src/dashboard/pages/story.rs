//! A request's whole story: who did what and when, from the audit log. It tells what was done and to what, and nothing that is
//! confidential: no text that anybody wrote, and before the opening nothing of bids. (When one came in tells who sent it, beside when
//! each provider first looked.)

use crate::access::{AuthorityUser, OrganisationKind, Permission, Role};
use crate::accounts;
use crate::audit::{self, AuditEvent};
use crate::awards::{self, Award, rules::DueItem};
use crate::bids::{self, Bid, BidState, store::Names};
use crate::clock::Instant;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::{AwardId, OrganisationId, PersonId, PlacementRequestId};
use crate::placement_requests::rules::Task;
use crate::placement_requests::{self, PlacementRequest, store::Reader};
use crate::placements;
use crate::values::{Code, CodeSet};
use crate::web::pages::{Html, PageDoor, csv};
use crate::web::{Id, Page, Reply, Routes};
use askama::Template;
use std::collections::HashMap;

pub(super) fn routes(r: &mut Routes) {
    r.get("/placement-requests/{id}/story", show)
        .may(Permission::ReadBidsOfRequests);
    r.get("/placement-requests/{id}/story.csv", table)
        .may(Permission::ReadBidsOfRequests);
}

/// Something that happened.
#[derive(Debug, PartialEq, Eq)]
struct Moment {
    at: Instant,
    /// Who did it; nobody for what time did.
    who: Option<String>,
    what: String,
    /// Of a change of the draft: the tasks that were answered with it, as far as the log says so.
    answering: Option<CodeSet<Task>>,
}

impl Moment {
    /// What happened, whole.
    fn words(&self) -> String {
        let tasks: Vec<&str> = self
            .answering
            .iter()
            .flat_map(|tasks| tasks.iter())
            .map(Task::label)
            .collect();
        if tasks.is_empty() {
            self.what.clone()
        } else {
            format!("{}: {}", self.what, tasks.join("; "))
        }
    }
}

/// Adds what happened next. Changes of the draft that one person made in a row are told as one, when the last of them was made.
fn tell(moments: &mut Vec<Moment>, next: Moment) {
    if let Some(last) = moments.last_mut()
        && last.who == next.who
        && let (Some(before), Some(more)) = (last.answering, next.answering)
    {
        last.answering = Some(before.iter().chain(more.iter()).collect());
        last.at = next.at;
    } else {
        moments.push(next);
    }
}

#[derive(Template)]
#[template(path = "dashboard/story.html")]
struct StoryPage {
    request: PlacementRequest,
    moments: Vec<Moment>,
}

async fn show(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>) -> Reply {
    visit
        .read(move |tx, desk| {
            let request = placement_requests::actions::seen_by(tx, desk, *id)?;
            let moments = story(tx, &request)?;
            Html::of("Story of a request", &StoryPage { request, moments })
        })
        .await
}

async fn table(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>) -> Reply {
    visit
        .download(move |tx, desk| {
            let request = placement_requests::actions::seen_by(tx, desk, *id)?;
            let rows = story(tx, &request)?.into_iter().map(|moment| {
                let words = moment.words();
                vec![moment.at.to_string(), moment.who.unwrap_or_default(), words]
            });
            csv(
                &format!("story-{}.csv", request.reference),
                &["When", "Who", "What"],
                rows,
            )
        })
        .await
}

/// What the log speaks of by ids.
struct Subjects {
    bids: HashMap<String, (Bid, Names)>,
    awards: HashMap<String, (Award, String)>,
    due_items: HashMap<String, DueItem>,
    questions: Vec<String>,
    placements: Vec<String>,
    /// The homes that the request was declined for, by name.
    declined: HashMap<String, String>,
    /// When the letters of an award went out.
    letters: Vec<Instant>,
}

const KINDS: [&str; 6] = ["placement_request", "question", "bid", "award", "placement", "due_item"];

impl Subjects {
    fn of(tx: &mut Tx<'_>, request: &PlacementRequest) -> Result<Self> {
        let bids = match request.opened {
            Some(_) => bids::store::bids_of_request(tx, request.id, BidState::ALL)?,
            None => Vec::new(),
        };
        let mut names = bids::store::names(tx, &bids.iter().map(|bid| bid.id).collect::<Vec<_>>())?;
        let bids = bids.into_iter().filter_map(|bid| {
            let its = names.remove(&bid.id)?;
            Some((bid.id.to_string(), (bid, its)))
        });
        let narrowed = awards::store::Narrowed {
            request: Some(request.id),
            ..Default::default()
        };
        let scope = awards::store::Scope::Authority(request.authority_id);
        let homes: HashMap<AwardId, String> = awards::store::list(tx, scope, &narrowed, &Page::whole())?
            .items
            .into_iter()
            .map(|line| (line.id, format!("{}, {}", line.home, line.provider)))
            .collect();
        let awards = awards::store::awards_of_request(tx, request.id)?;
        let award_ids: Vec<_> = awards.iter().map(|award| award.id).collect();
        let due_items = awards::store::due_items_of_awards(tx, &award_ids)?;
        // All letters of an award go out at once.
        let mut letters = awards::store::letters_sent(tx, &award_ids)?;
        letters.dedup();
        let declined = bids::store::declines(tx, request.id, &Page::whole())?
            .into_iter()
            .map(|(decline, home, _)| (decline.home_id.to_string(), home));
        let questions = placement_requests::store::questions(tx, request.id, Reader::Authority)?;
        let placements = placements::store::placements_of_request(tx, request.id)?;
        Ok(Self {
            bids: bids.collect(),
            awards: awards
                .into_iter()
                .map(|award| {
                    let home = homes.get(&award.id).cloned().unwrap_or_default();
                    (award.id.to_string(), (award, home))
                })
                .collect(),
            due_items: due_items.into_iter().map(|item| (item.id.to_string(), item)).collect(),
            questions: questions.into_iter().map(|question| question.id.to_string()).collect(),
            placements: placements
                .into_iter()
                .map(|placement| placement.id.to_string())
                .collect(),
            declined: declined.collect(),
            letters: letters.into_iter().map(|(_, at)| at).collect(),
        })
    }

    fn ids(&self, request: PlacementRequestId) -> Vec<String> {
        let mut ids = vec![request.to_string()];
        ids.extend(self.bids.keys().cloned());
        ids.extend(self.awards.keys().cloned());
        ids.extend(self.due_items.keys().cloned());
        ids.extend(self.questions.iter().cloned());
        ids.extend(self.placements.iter().cloned());
        ids
    }

    /// Which bid it is, where that is known: of none that was never opened.
    fn bid(&self, id: &str) -> Option<String> {
        let (bid, names) = self.bids.get(id)?;
        bid.opened_at.map(|_| format!("{}, {}", names.home, names.provider))
    }

    /// With which home a bid is, once that is known: whoever did it is named beside it.
    fn home_of(&self, id: &str) -> Option<&str> {
        let (bid, names) = self.bids.get(id)?;
        bid.opened_at.map(|_| names.home.as_str())
    }

    fn award(&self, id: &str) -> &str {
        self.awards.get(id).map_or("a home", |(_, home)| home.as_str())
    }

    /// What was done, in words; nothing for what is not the authority's to know.
    fn words(&self, event: &AuditEvent) -> Option<String> {
        let id = event.subject_id.as_str();
        let bid = || {
            self.bid(id)
                .map_or_else(|| "a bid".to_owned(), |of| format!("the bid of {of}"))
        };
        let award = || self.award(id);
        Some(match event.verb.as_str() {
            "request.create" => "wrote the draft".to_owned(),
            "request.revise" => "changed the draft".to_owned(),
            "request.publish" => "published the request and invited providers".to_owned(),
            "request.extend" => "put the deadline later".to_owned(),
            "request.withdraw" => "withdrew the request".to_owned(),
            "request.mark_unfilled" => "ended the request without a placement".to_owned(),
            "request.first_look" => "looked at the request for the first time".to_owned(),
            "request.decline" => {
                let home = after(event)["home_id"]
                    .as_str()
                    .and_then(|home| self.declined.get(home));
                format!("declined the request for {}", home.map_or("a home", String::as_str))
            }
            "question.ask" => "asked a question".to_owned(),
            "question.answer" => "answered a question, to everybody invited".to_owned(),
            // Drafts are the bidder's alone.
            "bid.create" | "bid.revise" => return None,
            "bid.withdraw" if !was(event, "submitted") => return None,
            "bid.submit" => match self.home_of(id) {
                Some(home) => format!("sent in the bid of {home}"),
                None => "sent in a bid".to_owned(),
            },
            "bid.withdraw" => "withdrew a bid".to_owned(),
            "bids.open" => "opened the bids".to_owned(),
            "bid.mark_non_compliant" => format!("marked {} as not compliant", bid()),
            "bid.mark_compliant" => format!("marked {} as compliant", bid()),
            "bid.score" => format!("scored {}", bid()),
            "bid.moderate" => format!("moderated the scores of {}", bid()),
            "award.propose" => format!("proposed the award to {}", award()),
            "award.approve" => format!("approved the award to {}", award()),
            "award.refuse" => format!("refused the award to {}", award()),
            "award.withdraw" => format!("withdrew the award to {}", award()),
            "award.confirm" => format!("confirmed the award to {}", award()),
            "award.accept" => "accepted the award".to_owned(),
            "award.decline" => "declined the award".to_owned(),
            "placement.agree" => "agreed the placement by accepting".to_owned(),
            "placement.start" => "noted that the placement has started".to_owned(),
            "placement.vary" => "changed the placement’s terms".to_owned(),
            "placement.end" => "noted that the placement has ended".to_owned(),
            "due_item.done" => match self.due_items.get(id) {
                Some(item) => {
                    let area = crate::reference::authority(&item.area_gss_code).map_or("", |area| area.name);
                    let what = item.kind.label().to_lowercase();
                    format!(
                        "noted as done: {what} ({area}), due by {}",
                        item.due_on.format("%-d %B %Y")
                    )
                }
                None => return None,
            },
            other => other.replace(['.', '_'], " "),
        })
    }
}

/// Whether the thing was in this state before.
fn was(event: &AuditEvent, state: &str) -> bool {
    let before = event.before.as_deref().unwrap_or_default();
    serde_json::from_str::<serde_json::Value>(before).is_ok_and(|before| before["state"] == state)
}

/// What the log keeps of how things stood afterwards.
fn after(event: &AuditEvent) -> serde_json::Value {
    let after = event.after.as_deref().unwrap_or("null");
    serde_json::from_str(after).unwrap_or_default()
}

/// Of a change of the draft: the task that was answered, where it was not written anew as a whole.
fn answering(event: &AuditEvent) -> Option<CodeSet<Task>> {
    (event.verb == "request.revise").then(|| {
        after(event)["task"]
            .as_str()
            .and_then(Task::from_code)
            .into_iter()
            .collect()
    })
}

/// The names of those who did something.
struct Doers {
    people: HashMap<PersonId, String>,
    organisations: HashMap<OrganisationId, (OrganisationKind, String)>,
}

impl Doers {
    fn of(tx: &mut Tx<'_>, events: &[AuditEvent], own: OrganisationId) -> Result<Self> {
        let mut people: Vec<PersonId> = events
            .iter()
            .filter(|event| event.organisation_id == Some(own))
            .filter_map(|event| event.person_id)
            .collect();
        people.sort_unstable();
        people.dedup();
        let mut organisations: Vec<OrganisationId> = events.iter().filter_map(|event| event.organisation_id).collect();
        organisations.sort_unstable();
        organisations.dedup();
        let people = accounts::store::contacts(tx, &people)?
            .into_iter()
            .map(|contact| (contact.person_id, contact.name.to_string()));
        let organisations = accounts::store::organisations(tx, &organisations)?
            .into_iter()
            .map(|organisation| (organisation.id, (organisation.kind, organisation.name)));
        Ok(Self {
            people: people.collect(),
            organisations: organisations.collect(),
        })
    }

    /// Who did it: a person of the own authority by name, a provider by its own, and by none where that is secret.
    fn of_event(&self, event: &AuditEvent, subjects: &Subjects) -> Option<String> {
        let (kind, organisation) = self.organisations.get(&event.organisation_id?)?;
        let secret = match event.subject_kind.as_str() {
            "question" => true,
            "bid" => subjects.bid(&event.subject_id).is_none(),
            _ => false,
        };
        if *kind == OrganisationKind::Provider {
            return Some(if secret {
                "A provider".to_owned()
            } else {
                organisation.clone()
            });
        }
        let person = event.person_id.and_then(|person| self.people.get(&person));
        Some(match (person, event.role) {
            (Some(person), Some(role)) => format!("{person}, {}", role_in_words(role)),
            _ => organisation.clone(),
        })
    }
}

fn role_in_words(role: Role) -> String {
    role.label().to_lowercase()
}

/// The moments of a request in their order, with as many queries for a long story as for a short one.
fn story(tx: &mut Tx<'_>, request: &PlacementRequest) -> Result<Vec<Moment>> {
    let subjects = Subjects::of(tx, request)?;
    let events = audit::store::of_subjects(tx, &KINDS, &subjects.ids(request.id))?;
    let doers = Doers::of(tx, &events, request.authority_id)?;
    let mut moments = Vec::new();
    for event in &events {
        if let Some(what) = subjects.words(event) {
            let next = Moment {
                at: event.at,
                who: doers.of_event(event, &subjects),
                what,
                answering: answering(event),
            };
            tell(&mut moments, next);
        }
    }
    moments.extend(made_by_time(request, &subjects, tx.now));
    moments.sort_by_key(|moment| moment.at);
    Ok(moments)
}

/// What nobody did, and time did.
fn made_by_time(request: &PlacementRequest, subjects: &Subjects, now: Instant) -> Vec<Moment> {
    let ended = request.ended.as_ref().map_or(now, |(at, _)| *at);
    let by_time = |at: Instant, what: &str| Moment {
        at,
        who: None,
        what: what.to_owned(),
        answering: None,
    };
    let letters = subjects.letters.iter();
    let mut moments: Vec<Moment> = letters
        .map(|at| by_time(*at, "The letters to the bidders went out"))
        .collect();
    if request.published_at.is_some() {
        for (at, what) in [
            (request.questions_close_at, "Questions closed"),
            (request.bids_close_at, "Bids closed"),
        ] {
            if at <= now && at <= ended {
                moments.push(by_time(at, what));
            }
        }
    }
    for (award, _) in subjects.awards.values() {
        let closed = award.closed.as_ref().map_or(now, |closing| closing.at);
        let over = award.standstill_ends_at.filter(|end| *end <= now && *end <= closed);
        moments.extend(over.map(|end| by_time(end, "The award stopped standing still")));
    }
    moments
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placement_requests::rules::samples;
    use crate::web::pages::assert_shows;

    #[test]
    fn each_moment_has_its_time_and_who_did_it_if_anybody_did() {
        let (request, _) = samples::published();
        let (id, at) = (request.id, samples::noon());
        let moment = |who: Option<&str>, what: &str| Moment {
            at,
            who: who.map(str::to_owned),
            what: what.to_owned(),
            answering: None,
        };
        let page = StoryPage {
            request,
            moments: vec![
                moment(Some("Ada & <Co>, commissioner"), "scored the bid of <House>"),
                moment(None, "Bids closed"),
            ],
        };
        let time = "<li><time datetime=\"2026-11-22T12:00:00Z\">22 November 2026, 12:00 GMT</time>";
        let seen = [
            format!("{time}Ada &#38; &#60;Co&#62;, commissioner scored the bid of &#60;House&#62;</li>"),
            format!("{time}Bids closed</li>"),
            format!("<a href=\"/placement-requests/{id}\">Back to the request</a>"),
        ];
        assert_shows(&page, &seen.each_ref().map(String::as_str), &["<Co>", "<House>"]);
    }

    #[test]
    fn changes_of_a_draft_in_a_row_are_told_as_one_with_their_tasks() {
        let changed = |who: &str, minutes, tasks: CodeSet<Task>| Moment {
            at: samples::noon().plus(chrono::Duration::minutes(minutes)),
            who: Some(who.to_owned()),
            what: "changed the draft".to_owned(),
            answering: Some(tasks),
        };
        let published = || Moment {
            what: "published the request".to_owned(),
            answering: None,
            ..changed("Ada", 5, CodeSet::EMPTY)
        };
        let mut moments = Vec::new();
        for next in [
            changed("Ada", 1, CodeSet::from([Task::Risks])),
            changed("Ada", 2, CodeSet::from([Task::Home])),
            changed("Ada", 3, CodeSet::from([Task::Risks])),
            changed("Ben", 4, CodeSet::EMPTY),
            published(),
            published(),
        ] {
            tell(&mut moments, next);
        }
        let told: Vec<(Option<&str>, String)> = moments
            .iter()
            .map(|moment| (moment.who.as_deref(), moment.words()))
            .collect();
        assert_eq!(
            told,
            [
                (
                    Some("Ada"),
                    "changed the draft: The lot, and how soon; Risks".to_owned()
                ),
                (Some("Ben"), "changed the draft".to_owned()),
                (Some("Ada"), "published the request".to_owned()),
                (Some("Ada"), "published the request".to_owned()),
            ]
        );
        assert_eq!(moments[0].at, samples::noon().plus(chrono::Duration::minutes(3)));
    }
}

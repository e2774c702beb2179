//! Who did what: the audit log in words.

use crate::access::{Actor, Permission, Role};
use crate::accounts::store::{self, NamedAct};
use crate::audit::store::Wanted;
use crate::audit::words::{self, SUBJECT_KINDS};
use crate::clock::Instant;
use crate::db::Tx;
use crate::error::Result;
use crate::web::pages::{Choice, Html, Narrowing, PageDoor, csv};
use crate::web::{ByAge, Items, Page, Query, Reply, Routes, cursor};
use askama::Template;
use chrono::{NaiveDate, NaiveTime};
use serde::Deserialize;

pub(super) fn routes(r: &mut Routes) {
    r.get("/audit", list).may(Permission::ReadAudit);
    r.get("/audit.csv", download).may(Permission::ReadAudit);
}

/// The most entries in a file.
const MOST_IN_A_FILE: i64 = 5_000;

/// Which entries are wanted.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct AuditFilter {
    /// By people or organisations with a name like this.
    who: Option<String>,
    /// Of this word.
    what: Option<String>,
    /// On the request with this reference, and on what belongs to it.
    reference: Option<String>,
    /// On things of this kind.
    kind: Option<String>,
    /// On the thing with this id.
    subject: Option<String>,
    /// The first day.
    from: Option<NaiveDate>,
    /// The last day.
    to: Option<NaiveDate>,
    /// In this order.
    sort: Option<ByAge>,
}

impl AuditFilter {
    fn is_set(&self) -> bool {
        let texts = [&self.who, &self.what, &self.reference, &self.kind, &self.subject];
        texts.iter().any(|text| text.is_some()) || self.from.is_some() || self.to.is_some()
    }

    fn order(&self) -> ByAge {
        self.sort.unwrap_or(ByAge::Newest)
    }

    fn wanted(&self, tx: &mut Tx<'_>, reader: &Actor, page: &Page) -> Result<Wanted> {
        let reach = store::reach(tx, reader)?;
        let within = [reach.whole.as_slice(), &reach.in_part].concat();
        let people = match &self.who {
            Some(who) => Some(store::people_named(tx, &within, who)?),
            None => None,
        };
        let subject_ids = match &self.reference {
            Some(reference) => Some(store::things_of_request(tx, reader, reference)?),
            None => None,
        };
        let midnight = |day: NaiveDate| Instant::of_uk(day, NaiveTime::MIN);
        Ok(Wanted {
            subject_id: self.subject.clone(),
            subject_ids,
            verb: self.what.clone(),
            subject_kind: self.kind.clone(),
            people,
            from: self.from.and_then(midnight),
            to: self.to.and_then(|day| day.succ_opt()).and_then(midnight),
            reach,
            sort: Some(self.order()),
            after_seq: page.after_in(self.order())?,
            most: page.fetch(),
        })
    }
}

#[derive(Template)]
#[template(path = "accounts/audit.html")]
struct AuditPage {
    reader: Role,
    filter: AuditFilter,
    acts: Vec<NamedAct>,
    narrowing: Narrowing,
}

async fn list(visit: PageDoor<Actor>, filter: Query<AuditFilter>, page: Page) -> Reply {
    visit
        .read(move |tx, desk| {
            let wanted = filter.wanted(tx, desk, &page)?;
            let acts = Items::of(store::named_acts(tx, desk, &wanted)?, &page, |act| {
                cursor(filter.order(), act.event.seq)
            });
            let kinds = SUBJECT_KINDS.iter().map(|(kind, label)| Choice::new(kind, *label));
            let mut acts_by_name: Vec<_> = words::all().collect();
            acts_by_name.sort_by_key(|(_, label)| *label);
            let verbs = acts_by_name.into_iter().map(|(verb, label)| Choice::new(verb, label));
            let page = AuditPage {
                reader: desk.role,
                filter: filter.0,
                acts: acts.items,
                narrowing: desk
                    .narrowing()
                    .search("who", "Person or organisation")
                    .search("reference", "Request’s reference")
                    .select("what", "What was done", verbs.collect())
                    .otherwise("Anything")
                    .select("kind", "About", kinds.collect())
                    .otherwise("Everything")
                    .day("from", "First day")
                    .day("to", "Last day")
                    .sorted_by(ByAge::Newest)
                    .next(acts.next),
            };
            Html::of("Who did what", &page)
        })
        .await
}

async fn download(visit: PageDoor<Actor>, filter: Query<AuditFilter>) -> Reply {
    visit
        .download(move |tx, desk| {
            let all = Page {
                limit: MOST_IN_A_FILE,
                after: None,
            };
            let wanted = filter.wanted(tx, desk, &all)?;
            let row = |act: NamedAct| {
                let changes = act
                    .event
                    .changes()
                    .into_iter()
                    .map(|change| match change.before.as_str() {
                        "" => format!("{}: {}", change.name, change.after),
                        before => format!("{}: {before} → {}", change.name, change.after),
                    });
                vec![
                    act.event.seq.to_string(),
                    act.event.at.to_string(),
                    act.person.unwrap_or_default(),
                    act.event.role.map(|role| role.label().to_owned()).unwrap_or_default(),
                    act.organisation.unwrap_or_default(),
                    act.event.in_words().to_owned(),
                    act.subject.unwrap_or_default(),
                    act.event.subject_id.clone(),
                    changes.collect::<Vec<_>>().join("; "),
                    act.event.origin.clone().unwrap_or_default(),
                    act.event.hash,
                ]
            };
            csv(
                "audit.csv",
                &[
                    "Number",
                    "At",
                    "Person",
                    "Role",
                    "Organisation",
                    "What",
                    "To whom or what",
                    "Thing",
                    "Changes",
                    "From",
                    "Hash",
                ],
                store::named_acts(tx, desk, &wanted)?.into_iter().map(row),
            )
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::pages::samples;
    use crate::audit::AuditEvent;
    use crate::ids::AuditEventId;
    use crate::web::pages::assert_shows;

    fn act(verb: &str, kind: &str) -> NamedAct {
        let event = AuditEvent {
            seq: 17,
            id: AuditEventId::new(samples::now()),
            at: samples::now(),
            person_id: None,
            organisation_id: None,
            role: None,
            verb: verb.to_owned(),
            subject_kind: kind.to_owned(),
            subject_id: "1".to_owned(),
            request_id: None,
            origin: None,
            before: None,
            after: None,
            previous_hash: String::new(),
            hash: String::new(),
        };
        NamedAct {
            event,
            person: None,
            organisation: None,
            subject: None,
            path: None,
        }
    }

    fn page(reader: Role, filter: AuditFilter, acts: Vec<NamedAct>) -> AuditPage {
        AuditPage {
            reader,
            filter,
            acts,
            narrowing: Narrowing::of("/audit"),
        }
    }

    #[test]
    fn an_act_says_when_who_what_and_what_changed() {
        let mut change = act("home.change", "home");
        change.event.role = Some(Role::ProviderAdmin);
        change.event.before = Some(r#"{"name":"Birch <b>House","step_free":true,"staffing":"2"}"#.to_owned());
        change.event.after = Some(r#"{"name":"Birch House","step_free":true,"pets":true}"#.to_owned());
        change.person = Some("Jo O'Neil".to_owned());
        change.organisation = Some("Acorn & Oak".to_owned());
        change.path = Some("/homes/1".to_owned());
        let mut invite = act("person.invite", "person");
        invite.subject = Some("Siân <Ellis>".to_owned());
        let page = page(Role::Operator, AuditFilter::default(), vec![change, invite]);
        let seen = [
            "of the cooperative, of its member authorities and of the providers did",
            "<time datetime=\"2026-03-02T09:00:00Z\">2 March 2026, 09:00 GMT</time>",
            "<td>Jo O&#39;Neil, Provider administrator<br>Acorn &#38; Oak</td>",
            "<a href=\"/homes/1\">Changed a home</a>",
            "<li>name: Birch &#60;b&#62;House → Birch House</li>",
            "<li>pets: yes</li>",
            "<li>staffing: 2 → nothing</li>",
            "<td>The program</td>",
            "Invited a person: Siân &#60;Ellis&#62;",
            "href=\"/audit.csv\"",
        ];
        assert_shows(
            &page,
            &seen,
            &["<b>", "step free", "<a href=\"/people", "Nothing has been done"],
        );
        assert_eq!(page.render().unwrap().matches("<summary>Details</summary>").count(), 1);
    }

    #[test]
    fn the_way_to_a_thing_is_there_for_those_who_may_open_it() {
        let scored = |path: Option<&str>| NamedAct {
            subject: Some("PR-2026-ABCDEF".to_owned()),
            path: path.map(str::to_owned),
            ..act("bid.score", "bid")
        };
        let to_a_bid = "<a href=\"/bids/1\">Scored a bid</a>: PR-2026-ABCDEF";
        let of = |reader, path| page(reader, AuditFilter::default(), vec![scored(path)]);
        assert_shows(
            &of(Role::Auditor, Some("/bids/1")),
            &[to_a_bid, "whose acts you may read"],
            &["of the providers did"],
        );
        assert_shows(
            &of(Role::Operator, None),
            &["<td>Scored a bid: PR-2026-ABCDEF"],
            &["href=\"/bids"],
        );
    }

    #[test]
    fn an_empty_log_says_whether_a_filter_empties_it() {
        let nothing = page(Role::Auditor, AuditFilter::default(), Vec::new());
        assert_shows(
            &nothing,
            &["Nothing has been done yet."],
            &["<table", "Show everything"],
        );
        let filter = AuditFilter {
            subject: Some("1".to_owned()),
            ..AuditFilter::default()
        };
        let seen = [
            "Only what was done to one thing.",
            "Nothing was done that fits this filter.",
        ];
        assert_shows(&page(Role::Auditor, filter, Vec::new()), &seen, &["<table"]);
    }
}

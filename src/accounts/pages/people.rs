//! The people of an organisation: who they are, inviting, ending their access.

use crate::access::{Actor, OrganisationKind, Permission, Role, may};
use crate::accounts::actions;
use crate::accounts::rules::{NewPerson, Organisation, Person, PersonState};
use crate::accounts::store::{self, PeopleWanted, PersonOrder};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{OrganisationId, PersonId};
use crate::web::pages::{Choice, Desk, Form, Go, Html, Narrowing, PageDoor, Posted, Step, capital, csv};
use crate::web::{Id, Page, Query, Reply, Routes};
use askama::Template;
use serde::Deserialize;
use std::collections::HashMap;

pub(super) fn routes(r: &mut Routes) {
    r.get("/people", list).may(Permission::ReadPeople);
    r.post("/people", invite).may(Permission::ManagePeople);
    r.get("/people.csv", download).may(Permission::ReadPeople);
    r.get("/people/invite", show_invite).may(Permission::ManagePeople);
    r.get("/people/{id}", show).may(Permission::ReadPeople);
    r.post("/people/{id}/invite-again", invite_again)
        .may(Permission::ManagePeople);
    r.get("/people/{id}/deactivate", show_deactivate)
        .may(Permission::ManagePeople);
    r.post("/people/{id}/deactivate", deactivate)
        .may(Permission::ManagePeople);
    r.post("/people/{id}/reactivate", reactivate)
        .may(Permission::ManagePeople);
}

/// The most people in a file.
const MOST_IN_A_FILE: i64 = 10_000;

/// Which people are wanted.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct PeopleFilter {
    search: Option<String>,
    organisation: Option<OrganisationId>,
    role: Option<Role>,
    state: Option<PersonState>,
    /// In this order; by name where none is said.
    sort: Option<PersonOrder>,
}

impl PeopleFilter {
    fn wanted(&self, organisations: &[Organisation]) -> PeopleWanted {
        let within = organisations.iter().map(|one| one.id);
        PeopleWanted {
            organisations: within
                .filter(|id| self.organisation.is_none_or(|wanted| wanted == *id))
                .collect(),
            role: self.role,
            state: self.state,
            search: self.search.clone(),
            sort: Some(self.sort.unwrap_or(PersonOrder::Name)),
        }
    }
}

/// The organisations whose people somebody sees: their own; for an operator those of the authorities looked after too.
fn within_reach(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<Organisation>> {
    let own = store::organisation(tx, actor.organisation_id)?.ok_or(Error::NotFound("organisation"))?;
    let mut reach = vec![own];
    if actor.role == Role::Operator {
        reach.extend(store::looked_after_by(tx, actor.organisation_id, tx.now.date_in_uk())?);
    }
    Ok(reach)
}

fn narrowing(desk: &Desk<Actor>, organisations: &[Organisation]) -> Narrowing {
    let mut narrowing = desk.narrowing().search("search", "Name or email address");
    if organisations.len() > 1 {
        let choices = organisations.iter().map(|one| Choice::new(one.id, &one.name));
        narrowing = narrowing.select("organisation", "Organisation", choices.collect());
    }
    let roles = roles_in(organisations).map(|role| Choice::new(role, role.label()));
    narrowing
        .select("role", "Role", roles.collect())
        .select("state", "State", Choice::all::<PersonState>())
        .sorted_by(PersonOrder::Name)
}

/// The roles that people of these organisations can have.
fn roles_in(organisations: &[Organisation]) -> impl Iterator<Item = Role> {
    let offered = |role: &&Role| organisations.iter().any(|one| one.kind.roles().contains(role));
    Role::ALL.iter().filter(offered).copied()
}

#[derive(Template)]
#[template(path = "accounts/people.html")]
struct PeoplePage {
    may_invite: bool,
    is_provider: bool,
    filter: PeopleFilter,
    organisations: Vec<Organisation>,
    people: Vec<(Person, String)>,
    narrowing: Narrowing,
}

fn named(people: Vec<Person>, organisations: &[Organisation]) -> Vec<(Person, String)> {
    let names: HashMap<_, _> = organisations.iter().map(|one| (one.id, one.name.as_str())).collect();
    let of = |person: &Person| {
        names
            .get(&person.organisation_id)
            .copied()
            .unwrap_or_default()
            .to_owned()
    };
    people
        .into_iter()
        .map(|person| {
            let name = of(&person);
            (person, name)
        })
        .collect()
}

async fn list(visit: PageDoor<Actor>, filter: Query<PeopleFilter>, page: Page) -> Reply {
    visit
        .read(move |tx, desk| {
            let organisations = within_reach(tx, desk)?;
            let people = store::people_page(tx, &filter.wanted(&organisations), &page)?;
            Html::of(
                "People",
                &PeoplePage {
                    may_invite: may(desk.role, Permission::ManagePeople),
                    is_provider: desk.organisation_kind == OrganisationKind::Provider,
                    narrowing: narrowing(desk, &organisations).next(people.next),
                    people: named(people.items, &organisations),
                    organisations,
                    filter: filter.0,
                },
            )
        })
        .await
}

async fn download(visit: PageDoor<Actor>, filter: Query<PeopleFilter>) -> Reply {
    visit
        .download(move |tx, desk| {
            let organisations = within_reach(tx, desk)?;
            let all = Page {
                limit: MOST_IN_A_FILE,
                after: None,
            };
            let people = named(
                store::people_page(tx, &filter.wanted(&organisations), &all)?.items,
                &organisations,
            );
            let row = |(person, organisation): (Person, String)| {
                vec![
                    person.name.to_string(),
                    person.email.to_string(),
                    person.role.label().to_owned(),
                    organisation,
                    capital(person.state.label()),
                ]
            };
            csv(
                "people.csv",
                &["Name", "Email address", "Role", "Organisation", "State"],
                people.into_iter().map(row),
            )
        })
        .await
}

#[derive(Template)]
#[template(path = "accounts/invite.html")]
struct InvitePage {
    is_operator: bool,
    form: Form,
}

/// What stands in the form at first.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Invited {
    organisation: Option<OrganisationId>,
    role: Option<Role>,
}

fn role_choice(role: Role) -> Choice {
    Choice::new(role, role.label()).hint(match role {
        Role::Operator => "Runs the cooperative: frameworks, applications, authorities, people",
        Role::Commissioner => "Writes placement requests, opens and scores bids, proposes awards",
        Role::Approver => "Approves awards that need it",
        Role::ProviderAdmin => "Everything for the provider: people, homes, applications, contracts, bids",
        Role::Bidder => "Homes, vacancies, prices and bids",
        Role::Auditor => "Reads everything that is open to the organisation, changes nothing",
    })
}

fn invite_form(form: Form, actor: &Actor, organisations: &[Organisation]) -> Form {
    let form = if organisations.len() > 1 {
        let choices = organisations.iter().map(|one| Choice::new(one.id, &one.name));
        form.select("organisation_id", "Organisation", choices.collect())
    } else {
        form.hidden("organisation_id", actor.organisation_id)
    };
    let roles = roles_in(organisations).map(role_choice);
    form.line("name", "Full name")
        .email("email", "Work email address")
        .hint("A link to join is sent there. It is good for seven days, and once.")
        .radios("role", "Role", roles.collect())
        .button("Send the invitation")
}

fn invite_page(tx: &mut Tx<'_>, desk: &Desk<Actor>, at_first: &Invited) -> Result<Html> {
    let organisations = within_reach(tx, desk)?;
    let mut form = invite_form(desk.form("/people"), desk, &organisations);
    if let Some(organisation) = at_first.organisation {
        form = form.set("organisation_id", organisation);
    }
    if let Some(role) = at_first.role {
        form = form.set("role", role);
    }
    let is_operator = desk.role == Role::Operator;
    Html::of("Invite a person", &InvitePage { is_operator, form })
}

async fn show_invite(visit: PageDoor<Actor>, at_first: Query<Invited>) -> Reply {
    visit.read(move |tx, desk| invite_page(tx, desk, &at_first)).await
}

async fn invite(visit: PageDoor<Actor>, posted: Posted) -> Reply {
    let secret = visit.app.secret.clone();
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let organisations = within_reach(tx, desk)?;
                let new: NewPerson = invite_form(Form::reader(), desk, &organisations).read(posted)?;
                if !organisations.iter().any(|one| one.id == new.organisation_id) {
                    let unknown = Error::field("organisation_id", "organisation.unknown", "must be one of the list");
                    return Err(unknown);
                }
                let person = actions::invite(tx, desk, &secret, new)?;
                let said = format!(
                    "{} is invited: the link to join is on its way to {}.",
                    person.name, person.email
                );
                Ok(Go::to("/people").saying(said))
            },
            |tx, desk| invite_page(tx, desk, &Invited::default()),
        )
        .await
}

#[derive(Template)]
#[template(path = "accounts/person.html")]
struct PersonPage {
    person: Person,
    organisation: String,
    is_oneself: bool,
    invite_again: Option<Form>,
    may_deactivate: bool,
    reactivate: Option<Form>,
}

/// A person whom the asker may know of.
fn known(tx: &mut Tx<'_>, actor: &Actor, id: PersonId) -> Result<(Person, Organisation)> {
    let person = store::person(tx, id)?.ok_or(Error::NotFound("person"))?;
    let reach = within_reach(tx, actor)?;
    let organisation = reach.into_iter().find(|one| one.id == person.organisation_id);
    Ok((person, organisation.ok_or(Error::NotFound("person"))?))
}

fn person_page(tx: &mut Tx<'_>, desk: &Desk<Actor>, id: PersonId) -> Result<Html> {
    let (person, organisation) = known(tx, desk, id)?;
    let may_manage = may(desk.role, Permission::ManagePeople);
    let is_oneself = person.id == desk.person_id;
    let form = |what: &str, button: &str| desk.form(format!("/people/{id}/{what}")).button(button);
    let joined = person.password_hash.is_some();
    let page = PersonPage {
        organisation: organisation.name,
        is_oneself,
        invite_again: (may_manage && person.state == PersonState::Invited)
            .then(|| form("invite-again", "Send the link to join again")),
        may_deactivate: may_manage && !is_oneself && person.state != PersonState::Deactivated,
        reactivate: (may_manage && joined && person.state == PersonState::Deactivated)
            .then(|| form("reactivate", "Give them their access back")),
        person,
    };
    Html::of(page.person.name.to_string(), &page)
}

async fn show(visit: PageDoor<Actor>, id: Id<PersonId>) -> Reply {
    visit.read(move |tx, desk| person_page(tx, desk, *id)).await
}

async fn invite_again(visit: PageDoor<Actor>, id: Id<PersonId>, posted: Posted) -> Reply {
    let secret = visit.app.secret.clone();
    let again = move |tx: &mut Tx<'_>, desk: &Desk<Actor>| {
        let person = actions::invite_again(tx, desk, &secret, *id)?;
        Ok(format!("A new link to join is on its way to {}.", person.email))
    };
    change(visit, *id, posted, again).await
}

async fn reactivate(visit: PageDoor<Actor>, id: Id<PersonId>, posted: Posted) -> Reply {
    let give_back = move |tx: &mut Tx<'_>, desk: &Desk<Actor>| {
        let person = actions::reactivate(tx, desk, *id)?;
        Ok(format!("{} can sign in again.", person.name))
    };
    change(visit, *id, posted, give_back).await
}

/// Does one thing with a person's account, and says on their page what was done.
async fn change<F>(visit: PageDoor<Actor>, id: PersonId, posted: Posted, work: F) -> Reply
where
    F: FnOnce(&mut Tx<'_>, &Desk<Actor>) -> Result<String> + Clone + Send + 'static,
{
    visit
        .write(
            posted,
            move |tx, desk, _| Ok(Go::to(format!("/people/{id}")).saying(work(tx, desk)?)),
            move |tx, desk| person_page(tx, desk, id),
        )
        .await
}

fn deactivate_page(tx: &mut Tx<'_>, desk: &Desk<Actor>, id: PersonId) -> Result<Html> {
    let (person, organisation) = known(tx, desk, id)?;
    let back = if person.password_hash.is_some() {
        "You can give them their access back later."
    } else {
        "They never joined, so this can’t be taken back: the link that was mailed to them is dead."
    };
    Step::new(format!("End {}’s access?", person.name))
        .fact("Role", person.role.label())
        .fact("Organisation", organisation.name)
        .fact("Email address", person.email.to_string())
        .happens("Wherever they are signed in, they are signed out at once.")
        .happens("They are told by email that their access has ended, and of nothing after that.")
        .happens("What they did stays on record under their name.")
        .happens(back)
        .back(format!("/people/{id}"), "Leave it as it is")
        .page(
            desk.form(format!("/people/{id}/deactivate"))
                .button("End their access")
                .warning(),
        )
}

async fn show_deactivate(visit: PageDoor<Actor>, id: Id<PersonId>) -> Reply {
    visit.read(move |tx, desk| deactivate_page(tx, desk, *id)).await
}

async fn deactivate(visit: PageDoor<Actor>, id: Id<PersonId>, posted: Posted) -> Reply {
    visit
        .write(
            posted,
            move |tx, desk, _| {
                let person = actions::deactivate(tx, desk, *id)?;
                Ok(Go::to(format!("/people/{}", *id)).saying(format!("{} can’t sign in any more.", person.name)))
            },
            move |tx, desk| deactivate_page(tx, desk, *id),
        )
        .await
}

#[cfg(test)]
mod tests;

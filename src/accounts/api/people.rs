//! People: inviting, deactivating.

use crate::access::{Actor, Permission, Role};
use crate::accounts::rules::{AccountRefused, NewPerson, PersonState};
use crate::accounts::store::{PeopleWanted, PersonOrder};
use crate::accounts::{Person, actions, store};
use crate::error::Result;
use crate::ids::{OrganisationId, PersonId};
use crate::values::Email;
use crate::web::{Answer, Body, Door, Id, NoBody, Page, Query, Reply, Routes};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub(super) fn routes(r: &mut Routes) {
    r.post("/people", invite)
        .summary("Invite a person")
        .description("Mails them a link to join. Operators invite into their cooperative and the authorities that it took in before any other, provider administrators into their own provider.")
        .may(Permission::ManagePeople)
        .body::<NewPerson>()
        .answers::<PersonView>(201)
        .refuses(AccountRefused::CODES);
    r.get("/people", list)
        .summary("The people of my organisation")
        .may(Permission::ReadPeople)
        .query::<PeopleFilter>()
        .lists::<PersonView>();
    r.post("/people/{id}/invite-again", invite_again)
        .summary("Mail the link to join again")
        .may(Permission::ManagePeople)
        .answers::<PersonView>(200)
        .refuses(&["person.state_unfit"]);
    r.post("/people/{id}/deactivate", deactivate)
        .summary("End a person's access")
        .may(Permission::ManagePeople)
        .answers::<PersonView>(200)
        .refuses(&["person.oneself", "person.state_unfit"]);
    r.post("/people/{id}/reactivate", reactivate)
        .summary("Give a person their access back")
        .may(Permission::ManagePeople)
        .answers::<PersonView>(200)
        .refuses(&["person.state_unfit"]);
}

/// Which of them, and in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PeopleFilter {
    /// Only those with this role.
    role: Option<Role>,
    /// Only those who stand so.
    state: Option<PersonState>,
    /// The order; `invited` when absent.
    #[param(inline)]
    sort: Option<PersonOrder>,
}

/// A person.
#[derive(Serialize, ToSchema)]
pub struct PersonView {
    /// Their id.
    pub id: PersonId,
    /// Where they work.
    pub organisation_id: OrganisationId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: Email,
    /// What they may do.
    pub role: Role,
    /// Where they stand.
    pub state: PersonState,
    /// The version.
    pub version: i64,
}

impl From<Person> for PersonView {
    fn from(person: Person) -> Self {
        Self {
            id: person.id,
            organisation_id: person.organisation_id,
            name: person.name.to_string(),
            email: person.email,
            role: person.role,
            state: person.state,
            version: person.version,
        }
    }
}

fn answer(person: Person) -> Result<Answer> {
    let version = person.version;
    Ok(Answer::ok(PersonView::from(person))?.version(version))
}

async fn invite(door: Door<Actor>, body: Body<NewPerson>) -> Reply {
    let secret = door.app.secret.clone();
    door.write(move |tx, actor| {
        let person = actions::invite(tx, actor, &secret, body.0)?;
        Answer::created(format!("/people/{}", person.id), PersonView::from(person))
    })
    .await
}

async fn list(door: Door<Actor>, filter: Query<PeopleFilter>, page: Page) -> Reply {
    door.read(move |tx, actor| {
        let mine = PeopleWanted {
            organisations: vec![actor.organisation_id],
            role: filter.role,
            state: filter.state,
            search: None,
            sort: filter.sort,
        };
        Answer::ok(store::people_page(tx, &mine, &page)?.map(PersonView::from))
    })
    .await
}

async fn invite_again(door: Door<Actor>, id: Id<PersonId>, _: NoBody) -> Reply {
    let secret = door.app.secret.clone();
    door.write(move |tx, actor| answer(actions::invite_again(tx, actor, &secret, *id)?))
        .await
}

async fn deactivate(door: Door<Actor>, id: Id<PersonId>, _: NoBody) -> Reply {
    door.write(move |tx, actor| answer(actions::deactivate(tx, actor, *id)?))
        .await
}

async fn reactivate(door: Door<Actor>, id: Id<PersonId>, _: NoBody) -> Reply {
    door.write(move |tx, actor| answer(actions::reactivate(tx, actor, *id)?))
        .await
}

//! One's own account.

use crate::access::{Actor, OrganisationKind};
use crate::accounts::rules::{Organisation, Person, Session};
use crate::accounts::{actions, store};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::SessionId;
use crate::web::pages::{Desk, Form, Go, Html, PageDoor, Posted};
use crate::web::{Id, Reply, Routes};
use askama::Template;

pub(super) fn routes(r: &mut Routes) {
    r.get("/me", show);
    r.post("/sessions/{id}/end", end_session);
}

#[derive(Template)]
#[template(path = "accounts/me.html")]
struct MePage {
    person: Person,
    organisation: Organisation,
    is_provider: bool,
    sessions: Vec<(Session, Option<Form>)>,
}

fn page(tx: &mut Tx<'_>, desk: &Desk<Actor>) -> Result<Html> {
    let person = store::person(tx, desk.person_id)?.ok_or(Error::NotFound("person"))?;
    let organisation = store::organisation(tx, desk.organisation_id)?.ok_or(Error::NotFound("organisation"))?;
    let sessions = store::sessions_of(tx, desk.person_id)?.into_iter().map(|session| {
        let end = || {
            desk.form(format!("/sessions/{}/end", session.id))
                .button("Sign out there")
        };
        let form = (session.id != desk.session_id).then(end);
        (session, form)
    });
    let sessions = sessions.collect();
    Html::of(
        "Your account",
        &MePage {
            person,
            is_provider: organisation.kind == OrganisationKind::Provider,
            organisation,
            sessions,
        },
    )
}

async fn show(visit: PageDoor<Actor>) -> Reply {
    visit.read(page).await
}

async fn end_session(visit: PageDoor<Actor>, id: Id<SessionId>, posted: Posted) -> Reply {
    visit
        .write(
            posted,
            move |tx, desk, _| {
                actions::end_own_session(tx, desk, *id)?;
                Ok(Go::to("/me").saying("That session is ended."))
            },
            page,
        )
        .await
}

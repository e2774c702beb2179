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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Role;
    use crate::accounts::pages::samples;
    use crate::accounts::rules::PersonState;
    use crate::web::pages::assert_shows;
    use chrono::Duration;

    fn page(kind: OrganisationKind, role: Role, sessions: Vec<(Session, Option<Form>)>) -> MePage {
        MePage {
            person: samples::person(role, PersonState::Active),
            organisation: samples::organisation(kind, "Acorn <Care>"),
            is_provider: kind == OrganisationKind::Provider,
            sessions,
        }
    }

    #[test]
    fn one_sees_who_one_is_and_ends_other_sign_ins_alone() {
        let session = || Session {
            id: SessionId::new(samples::now()),
            created_at: samples::now(),
            last_used_at: samples::now().plus(Duration::hours(2)),
        };
        let end = Form::reader().button("Sign out there");
        let sessions = vec![(session(), None), (session(), Some(end))];
        let page = page(OrganisationKind::Provider, Role::Bidder, sessions);
        let profile = format!(
            "<dd><a href=\"/providers/{}\">Acorn &#60;Care&#62;</a></dd>",
            page.organisation.id
        );
        let seen = [
            "<dd>Jo O&#39;Neil</dd>",
            "<dd>jo@acorn.example</dd>",
            &profile,
            "<dd>Bidder</dd>",
            "tell an administrator of your organisation.",
            "2 March 2026, 09:00 GMT",
            "2 March 2026, 11:00 GMT",
            "<a href=\"/me/alerts\">",
        ];
        assert_shows(&page, &seen, &["$argon2id$", "tell the cooperative"]);
        let html = page.render().unwrap();
        for once in ["The one you use now", "Sign out there"] {
            assert_eq!(html.matches(once).count(), 1, "{once} in {html}");
        }
    }

    #[test]
    fn who_works_for_an_authority_turns_to_the_cooperative() {
        let page = page(OrganisationKind::Authority, Role::Approver, Vec::new());
        assert_shows(
            &page,
            &[
                "<dd>Acorn &#60;Care&#62;</dd>",
                "<dd>Approver</dd>",
                "tell the cooperative.",
            ],
            &["tell an administrator", "/providers/"],
        );
    }
}

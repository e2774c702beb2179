//! Accounts in the browser.

mod audit;
mod authorities;
mod me;
mod people;
mod registering;
mod signing_in;

use crate::web::Routes;

/// The slice's pages.
pub fn routes(r: &mut Routes) {
    signing_in::routes(r);
    registering::routes(r);
    me::routes(r);
    people::routes(r);
    authorities::routes(r);
    audit::routes(r);
}

#[cfg(test)]
mod samples {
    //! What the tests of pages show.

    use crate::access::{Actor, OrganisationKind, Origin, Role};
    use crate::accounts::rules::{Organisation, OrganisationState, Person, PersonState};
    use crate::clock::Instant;
    use crate::ids::{OrganisationId, PersonId, SessionId};
    use crate::values::{Email, PersonName};
    use std::net::Ipv4Addr;

    pub fn now() -> Instant {
        "2026-03-02T09:00:00Z".parse().unwrap()
    }

    pub fn organisation(kind: OrganisationKind, name: &str) -> Organisation {
        Organisation {
            id: OrganisationId::new(now()),
            kind,
            name: name.to_owned(),
            gss_code: None,
            company_number: None,
            charity_number: None,
            state: OrganisationState::Active,
            version: 1,
        }
    }

    /// Somebody with a name that is written with a sign of HTML.
    pub fn person(role: Role, state: PersonState) -> Person {
        Person {
            id: PersonId::new(now()),
            organisation_id: OrganisationId::new(now()),
            name: PersonName::parse("Jo O'Neil").unwrap(),
            email: Email::parse("jo@acorn.example").unwrap(),
            role,
            password_hash: (state != PersonState::Invited).then(|| "$argon2id$hashed".to_owned()),
            state,
            totp_secret: None,
            version: 1,
        }
    }

    pub fn actor(kind: OrganisationKind, role: Role) -> Actor {
        Actor {
            person_id: PersonId::new(now()),
            organisation_id: OrganisationId::new(now()),
            organisation_kind: kind,
            role,
            session_id: SessionId::new(now()),
            origin: Origin {
                request_id: "req-17".to_owned(),
                address: Ipv4Addr::LOCALHOST.into(),
            },
        }
    }
}

//! The mailed link that confirms a vacancy. Opening it changes nothing, for programs that look at mails open links too: the button does.

use actix_web::web::Path;
use askama::Template;

use crate::access::Anyone;
use crate::accounts;
use crate::accounts::LinkPurpose;
use crate::db::Tx;
use crate::error::Result;
use crate::vacancies::actions;
use crate::web::pages::{Desk, Form, Go, Html, PageDoor, Posted};
use crate::web::{Reply, Routes};

pub(super) fn routes(r: &mut Routes) {
    r.get("/vacancies/confirm/{token}", show).public();
    r.post("/vacancies/confirm/{token}", confirm).public();
    r.get("/vacancies/confirmed", confirmed).public();
}

#[derive(Template)]
#[template(path = "vacancies/confirm_by_link.html")]
struct ConfirmPage {
    form: Form,
}

#[derive(Template)]
#[template(path = "vacancies/confirmed.html")]
struct ConfirmedPage;

fn page(desk: &Desk<Anyone>, token: &str) -> Result<Html> {
    let form = desk
        .form(format!("/vacancies/confirm/{token}"))
        .button("Yes, the place is still free");
    Html::of("Confirm your vacancy", &ConfirmPage { form })
}

async fn show(visit: PageDoor<Anyone>, token: Path<String>) -> Reply {
    visit
        .read(move |tx: &mut Tx<'_>, desk| {
            accounts::actions::link_owner(tx, &token, LinkPurpose::ConfirmVacancy)?;
            page(desk, &token)
        })
        .await
}

async fn confirm(visit: PageDoor<Anyone>, token: Path<String>, posted: Posted) -> Reply {
    let token = token.into_inner();
    let again = token.clone();
    visit
        .write(
            posted,
            move |tx, desk, _| {
                actions::confirm_by_link(tx, &desk.origin, &token)?;
                Ok(Go::to("/vacancies/confirmed"))
            },
            move |_, desk| page(desk, &again),
        )
        .await
}

async fn confirmed(visit: PageDoor<Anyone>) -> Reply {
    visit
        .read(|_, _| Html::of("Your vacancy is confirmed", &ConfirmedPage))
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::pages::assert_shows;

    #[test]
    fn the_mailed_link_asks_first_and_the_button_confirms() {
        let form = Form::reader().button("Yes, the place is still free");
        let seen = [
            "<h1>Is the place still free?</h1>",
            "<form method=\"post\"",
            "class=\"bare\"",
            "<button>Yes, the place is still free</button>",
            "<a href=\"/vacancies\">sign in and close it</a>",
        ];
        assert_shows(&ConfirmPage { form }, &seen, &["is confirmed"]);
        let seen = [
            "<h1>Your vacancy is confirmed</h1>",
            "It counts as fresh for seven days.",
        ];
        assert_shows(&ConfirmedPage, &seen, &["<form"]);
    }
}

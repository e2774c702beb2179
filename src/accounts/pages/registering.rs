//! A provider registers.

use crate::access::Anyone;
use crate::accounts::actions;
use crate::accounts::rules::NewProvider;
use crate::db::Tx;
use crate::error::Result;
use crate::web::pages::{Desk, Form, Go, Html, PageDoor, Posted};
use crate::web::{Reply, Routes};
use askama::Template;

pub(super) fn routes(r: &mut Routes) {
    r.get("/register", show).public();
    r.post("/register", register).public();
    r.get("/register/sent", show_sent).public();
}

#[derive(Template)]
#[template(path = "accounts/register.html")]
struct RegisterPage {
    form: Form,
}

#[derive(Template)]
#[template(path = "accounts/registered.html")]
struct RegisteredPage;

fn fields(form: Form) -> Form {
    form.line("name", "Name of the provider")
        .hint("The legal entity that runs the homes, as it is registered.")
        .line("company_number", "Company number")
        .hint("At Companies House, such as 01234567. A charity without one leaves it empty.")
        .short()
        .optional()
        .line("charity_number", "Charity number")
        .hint("At the Charity Commission, such as 1234567. A company that is no charity leaves it empty.")
        .short()
        .optional()
        .line("person.name", "Your full name")
        .hint("You become the administrator of the provider’s account.")
        .email("person.email", "Your work email address")
        .hint("A link to join is sent there. It is good for seven days, and once.")
        .button("Register")
}

fn page(_: &mut Tx<'_>, desk: &Desk<Anyone>) -> Result<Html> {
    let form = fields(desk.form("/register"));
    Html::of("Register a provider", &RegisterPage { form })
}

async fn show(visit: PageDoor<Anyone>) -> Reply {
    visit.read(page).await
}

async fn show_sent(visit: PageDoor<Anyone>) -> Reply {
    visit
        .read(|_, _| Html::of("Look into your mail", &RegisteredPage))
        .await
}

async fn register(visit: PageDoor<Anyone>, posted: Posted) -> Reply {
    let (secret, sign_ins) = (visit.app.secret.clone(), visit.app.sign_ins.clone());
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let new: NewProvider = fields(Form::reader()).read(posted)?;
                sign_ins.check(desk.origin.address)?;
                actions::register_provider(tx, &desk.origin, &secret, new)?;
                Ok(Go::to("/register/sent"))
            },
            page,
        )
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::pages::assert_shows;

    #[test]
    fn registering_asks_who_it_is_and_says_what_comes_next() {
        let form = fields(Form::reader());
        let seen = [
            "<h1>Register a provider</h1>",
            "There is no fee, ever.",
            "<label for=\"f-company-number\">Company number (optional)</label>",
            "<label for=\"f-charity-number\">Charity number (optional)</label>",
            "<label for=\"f-person-name\">Your full name</label>",
            "name=\"person.email\" type=\"email\"",
            "<button>Register</button>",
            "Local authorities do not register here",
        ];
        assert_shows(&RegisterPage { form }, &seen, &["Name of the provider (optional)"]);
        let seen = [
            "<h1>Look into your mail</h1>",
            "good for seven days, and once",
            "decided within 10 working days",
            "<a href=\"/register\">register again</a>",
        ];
        assert_shows(&RegisteredPage, &seen, &["<form"]);
    }
}

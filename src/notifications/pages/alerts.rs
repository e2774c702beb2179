//! How a person wants market news by email.

use crate::access::{Actor, Permission};
use crate::db::Tx;
use crate::error::Result;
use crate::notifications::api::NewAlertPreferences;
use crate::notifications::rules::AlertPreference;
use crate::notifications::{actions, store};
use crate::web::pages::{Choice, Desk, Form, Go, Html, PageDoor, Posted};
use crate::web::{Reply, Routes};
use askama::Template;

pub(super) fn routes(r: &mut Routes) {
    r.get("/me/alerts", show).may(Permission::OwnNotifications);
    r.post("/me/alerts", prefer).may(Permission::OwnNotifications);
}

#[derive(Template)]
#[template(path = "notifications/alerts.html")]
struct AlertsPage {
    form: Form,
}

fn fields(form: Form) -> Form {
    let choice = |preference: &AlertPreference| {
        Choice::new(preference, preference.label()).hint(match preference {
            AlertPreference::Immediate => "Each piece of news as soon as it happens",
            AlertPreference::Daily => "One email with everything since the day before",
            AlertPreference::Off => "You find the news here, under Notifications",
        })
    };
    form.radios(
        "market_news",
        "How do you want news of the market?",
        AlertPreference::ALL.iter().map(choice).collect(),
    )
    .button("Save")
}

fn page(tx: &mut Tx<'_>, desk: &Desk<Actor>) -> Result<Html> {
    let (preference, version) = store::preference(tx, desk.person_id)?;
    let form = fields(desk.form("/me/alerts"))
        .set("market_news", preference)
        .version(version);
    Html::of("Your alerts", &AlertsPage { form })
}

async fn show(visit: PageDoor<Actor>) -> Reply {
    visit.read(page).await
}

async fn prefer(visit: PageDoor<Actor>, posted: Posted) -> Reply {
    visit
        .write(
            posted,
            |tx, desk, posted| {
                let body: NewAlertPreferences = fields(Form::reader()).read(posted)?;
                actions::prefer(tx, desk, body.market_news, posted.version())?;
                Ok(Go::to("/me/alerts").saying("Your choice is saved."))
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
    fn one_choice_is_made_and_it_says_what_is_mailed_whatever_is_chosen() {
        let form = fields(Form::reader()).set("market_news", AlertPreference::Daily);
        let seen = [
            "<h1>Your alerts</h1>",
            "<legend>How do you want news of the market?</legend>",
            "value=\"daily\" checked",
            "Once a day, at 7 in the morning</label>",
            "One email with everything since the day before</p>",
            "is always mailed at once.",
            "No email says anything about a child",
            "<a href=\"/notifications\">",
        ];
        let unseen = ["value=\"immediate\" checked", "value=\"off\" checked"];
        assert_shows(&AlertsPage { form }, &seen, &unseen);
    }
}

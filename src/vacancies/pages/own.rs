//! A provider's own free places: how fresh they are, confirming each or all at once, opening and closing them.

use askama::Template;
use serde::Deserialize;

use crate::access::{Permission, ProviderUser};
use crate::clock::Instant;
use crate::codes;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::homes::store::{HomeOrder, Wanted};
use crate::homes::{self, Home};
use crate::ids::{HomeId, OrganisationId, VacancyId};
use crate::vacancies::rules::{NewVacancy, VacancyState};
use crate::vacancies::store::{VacanciesWanted, VacancyOrder};
use crate::vacancies::{Vacancy, actions, store};
use crate::values::Sex;
use crate::web::pages::{Choice, Desk, Form, Go, Html, Narrowing, PageDoor, Posted, Step, Tag, capital, csv, filters};
use crate::web::{Id, Items, Page, Query, Reply, Routes};

pub(super) fn routes(r: &mut Routes) {
    use Permission::ManageVacancies;
    r.get("/vacancies", list).may(ManageVacancies);
    r.get("/vacancies.csv", table).may(ManageVacancies);
    r.post("/vacancies/confirm", confirm_all).may(ManageVacancies);
    r.post("/vacancies/{id}/confirm", confirm).may(ManageVacancies);
    r.get("/vacancies/{id}/close", show_close).may(ManageVacancies);
    r.post("/vacancies/{id}/close", close).may(ManageVacancies);
    r.get("/homes/{id}/vacancies", show_new).may(ManageVacancies);
    r.post("/homes/{id}/vacancies", open).may(ManageVacancies);
}

codes! {
    /// Which vacancies are listed, by how they stand.
    pub enum Listed {
        Open("open", "Open"),
        Filled("filled", "Filled"),
        Closed("closed", "Closed"),
        Any("any", "All"),
    }
}

impl Listed {
    fn state(self) -> Option<VacancyState> {
        match self {
            Self::Open => Some(VacancyState::Open),
            Self::Filled => Some(VacancyState::Filled),
            Self::Closed => Some(VacancyState::Closed),
            Self::Any => None,
        }
    }
}

/// Which vacancies the list has.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct VacancyFilter {
    /// Those that stand so; the open ones where nothing is said.
    status: Option<Listed>,
    /// Those of this home.
    home_id: Option<HomeId>,
    /// Open ones: those that are fresh, or those that are to be confirmed.
    fresh: Option<bool>,
    /// In this order.
    sort: Option<VacancyOrder>,
}

impl VacancyFilter {
    fn found(&self, tx: &mut Tx<'_>, provider: OrganisationId, part: &Page) -> Result<Items<(Vacancy, String)>> {
        let wanted = VacanciesWanted {
            state: self.status.unwrap_or(Listed::Open).state(),
            home: self.home_id,
            fresh: self.fresh,
            sort: self.sort,
        };
        store::of_provider(tx, provider, wanted, part)
    }
}

/// What the button says that confirms all open vacancies at once.
const CONFIRM_ALL: &str = "All free places are right: confirm them";

struct Line {
    vacancy: Vacancy,
    home: String,
    confirm: Option<Form>,
}

#[derive(Template)]
#[template(path = "vacancies/own.html")]
struct OwnPage {
    narrowing: Narrowing,
    lines: Vec<Line>,
    stale: usize,
    /// While a vacancy is stale.
    confirm_all: Option<Form>,
    now: Instant,
}

impl OwnPage {
    fn freshness(&self, line: &Line) -> Tag {
        super::freshness(&line.vacancy, self.now)
    }

    fn narrower(line: &Line) -> String {
        super::narrower(&line.vacancy)
    }
}

fn own_homes(tx: &mut Tx<'_>, desk: &Desk<ProviderUser>) -> Result<Vec<Home>> {
    let wanted = Wanted {
        provider_id: Some(desk.organisation_id),
        sort: Some(HomeOrder::Name),
        ..Wanted::default()
    };
    Ok(homes::store::list(tx, &wanted, &Page::whole())?.items)
}

fn page(tx: &mut Tx<'_>, desk: &Desk<ProviderUser>, filter: &VacancyFilter, part: &Page) -> Result<Html> {
    let provider = desk.organisation_id;
    let Items { items, next } = filter.found(tx, provider, part)?;
    let stale = store::stale_before(tx, provider, tx.now)?.len();
    let homes = own_homes(tx, desk)?;
    let others = [Listed::Filled, Listed::Closed, Listed::Any];
    let fresh = vec![Choice::new("true", "Fresh"), Choice::new("false", "Stale")];
    let narrowing = desk
        .narrowing()
        .select("status", "State", Choice::of(others))
        .otherwise(Listed::Open.label())
        .select("fresh", "How fresh", fresh)
        .select(
            "home_id",
            "Home",
            homes.iter().map(|home| Choice::new(home.id, &home.name)).collect(),
        )
        .sorted_by(VacancyOrder::Opened)
        .next(next);
    let lines: Vec<Line> = items
        .into_iter()
        .map(|(vacancy, home)| {
            let confirm = || {
                desk.form(format!("/vacancies/{}/confirm", vacancy.id))
                    .button(format!("Confirm {home}"))
                    .second()
            };
            Line {
                confirm: (vacancy.state == VacancyState::Open).then(confirm),
                vacancy,
                home,
            }
        })
        .collect();
    let page = OwnPage {
        narrowing,
        lines,
        stale,
        confirm_all: (stale > 0).then(|| desk.form("/vacancies/confirm").button(CONFIRM_ALL)),
        now: tx.now,
    };
    Html::of("Free places", &page)
}

async fn list(visit: PageDoor<ProviderUser>, filter: Query<VacancyFilter>, part: Page) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, &filter, &part)).await
}

async fn table(visit: PageDoor<ProviderUser>, filter: Query<VacancyFilter>) -> Reply {
    visit
        .download(move |tx, desk| {
            let found = filter.found(tx, desk.organisation_id, &Page::whole())?;
            let now = tx.now;
            let rows = found.items.into_iter().map(|(vacancy, home)| {
                vec![
                    home,
                    capital(vacancy.state.label()),
                    vacancy.places.to_string(),
                    vacancy.places_left.to_string(),
                    vacancy.available_from.to_string(),
                    super::narrower(&vacancy),
                    vacancy.confirmed_at.to_string(),
                    if vacancy.fresh(now) { "yes" } else { "no" }.to_owned(),
                ]
            });
            let head = [
                "Home",
                "State",
                "Places offered",
                "Places left",
                "Free from",
                "For",
                "Confirmed",
                "Fresh",
            ];
            csv("free-places.csv", &head, rows)
        })
        .await
}

async fn confirm_all(visit: PageDoor<ProviderUser>, posted: Posted) -> Reply {
    visit
        .write(
            posted,
            |tx, desk, _| {
                let said = match actions::confirm_all(tx, desk)? {
                    1 => "One vacancy is confirmed.".to_owned(),
                    count => format!("{count} vacancies are confirmed."),
                };
                Ok(Go::to("/vacancies").saying(said))
            },
            |tx, desk| page(tx, desk, &VacancyFilter::default(), &Page::default()),
        )
        .await
}

async fn confirm(visit: PageDoor<ProviderUser>, id: Id<VacancyId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, _| {
                let vacancy = actions::confirm(tx, desk, id, None)?;
                let until = vacancy.fresh_until().in_uk();
                Ok(Go::to("/vacancies").saying(format!("Confirmed: fresh until {until}.")))
            },
            |tx, desk| page(tx, desk, &VacancyFilter::default(), &Page::default()),
        )
        .await
}

fn close_page(tx: &mut Tx<'_>, desk: &Desk<ProviderUser>, id: VacancyId) -> Result<Html> {
    let vacancy = actions::seen_by(tx, desk, id)?;
    let home = homes::store::home(tx, vacancy.home_id)?.ok_or(Error::NotFound("home"))?;
    Step::new(format!("Close free places at {}?", home.name))
        .fact("Places", vacancy.places_left.to_string())
        .fact("Free from", vacancy.available_from)
        .happens(
            "They are no longer offered. Bids that count on them can’t be submitted, nor awards confirmed that do.",
        )
        .happens("Closed places stay closed. When a place is free again you open it anew.")
        .back("/vacancies", "Leave them open")
        .page(
            desk.form(format!("/vacancies/{id}/close"))
                .version(vacancy.version)
                .button("Close these free places")
                .warning(),
        )
}

async fn show_close(visit: PageDoor<ProviderUser>, id: Id<VacancyId>) -> Reply {
    visit.read(move |tx, desk| close_page(tx, desk, *id)).await
}

async fn close(visit: PageDoor<ProviderUser>, id: Id<VacancyId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                actions::close(tx, desk, id, posted.version())?;
                Ok(Go::to("/vacancies").saying("The free places are closed."))
            },
            move |tx, desk| close_page(tx, desk, id),
        )
        .await
}

#[derive(Template)]
#[template(path = "vacancies/open.html")]
struct OpenPage {
    home: Home,
    form: Form,
}

fn new_form(desk: &Desk<ProviderUser>, id: HomeId) -> Form {
    fields(desk.form(format!("/homes/{id}/vacancies")))
}

fn fields(form: Form) -> Form {
    form.number("places", "How many places are free?")
        .date("available_from", "From which day?")
        .number("age_min", "Youngest age")
        .hint("Only where the children living there now need it narrower than the home is.")
        .optional()
        .number("age_max", "Oldest age")
        .hint("As above.")
        .optional()
        .checks("sexes", "Only for", Choice::all::<Sex>())
        .hint("Tick nothing where it is for all whom the home takes.")
        .optional()
        .button("Open the free places")
}

fn new_page(tx: &mut Tx<'_>, desk: &Desk<ProviderUser>, id: HomeId) -> Result<Html> {
    let (home, _) = homes::actions::seen_by(tx, desk, id)?;
    let title = format!("Open free places at {}", home.name);
    let form = new_form(desk, id).set("available_from", tx.now.date_in_uk());
    Html::of(title, &OpenPage { home, form })
}

async fn show_new(visit: PageDoor<ProviderUser>, id: Id<HomeId>) -> Reply {
    visit.read(move |tx, desk| new_page(tx, desk, *id)).await
}

async fn open(visit: PageDoor<ProviderUser>, id: Id<HomeId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let mut new: NewVacancy = new_form(desk, id).read(posted)?;
                // Nothing ticked is no narrowing.
                new.sexes = new.sexes.filter(|sexes| !sexes.is_empty());
                actions::open(tx, desk, id, new)?;
                Ok(Go::to(format!("/homes/{id}")).saying("The places are open, and fresh for seven days."))
            },
            move |tx, desk| new_page(tx, desk, id),
        )
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vacancies::pages::samples::{home, now, vacancy};
    use crate::values::CodeSet;
    use crate::web::pages::assert_shows;
    use chrono::Duration;

    fn line(vacancy: Vacancy) -> Line {
        let confirm =
            (vacancy.state == VacancyState::Open).then(|| Form::reader().button("Confirm Willow & Ash").second());
        Line {
            vacancy,
            home: home().name,
            confirm,
        }
    }

    fn page(vacancies: Vec<Vacancy>, stale: usize) -> OwnPage {
        let lines: Vec<Line> = vacancies.into_iter().map(line).collect();
        OwnPage {
            narrowing: Narrowing::of("/vacancies"),
            lines,
            stale,
            confirm_all: (stale > 0).then(|| Form::reader().button(CONFIRM_ALL)),
            now: now(),
        }
    }

    #[test]
    fn open_places_are_confirmed_or_closed() {
        let stale = Vacancy {
            confirmed_at: now().minus(Duration::days(8)),
            age_min: Some(12),
            sexes: Some(CodeSet::from([Sex::F])),
            ..vacancy()
        };
        let close = format!(
            "<a href=\"/vacancies/{}/close\">Close<span class=\"unseen\"> the places at Willow &#38; Ash</span></a>",
            stale.id
        );
        let seen = [
            "1 vacancy needs your word: confirmed more than seven days ago.",
            "<button>All free places are right: confirm them</button>",
            "<button class=\"second\">Confirm Willow &#38; Ash</button>",
            "<td class=\"number\">2 of 3</td><td>9 March 2026</td><td>Whom the home takes</td>",
            "<span class=\"tag green\">Fresh</span> <time datetime=\"2026-03-02T09:00:00Z\">",
            "<td>Only from 12, female</td><td><span class=\"tag yellow\">To be confirmed</span>",
            &close,
            "href=\"/vacancies.csv\"",
        ];
        assert_shows(&page(vec![vacancy(), stale], 1), &seen, &["There are no such places."]);
        assert_shows(
            &page(vec![vacancy()], 0),
            &["<button class=\"second\">Confirm Willow &#38; Ash</button>"],
            &["<button>", CONFIRM_ALL],
        );
    }

    #[test]
    fn what_is_over_is_neither_confirmed_nor_closed() {
        let over = |state| Vacancy { state, ..vacancy() };
        let page_of_both = page(vec![over(VacancyState::Filled), over(VacancyState::Closed)], 0);
        let seen = [
            "<span class=\"tag purple\">Filled</span>",
            "<span class=\"tag grey\">Closed</span>",
        ];
        assert_shows(
            &page_of_both,
            &seen,
            &["<form method=\"post\"", "/close\"", "your word"],
        );
        let none = page(Vec::new(), 0);
        assert_shows(
            &none,
            &["There are no such places.", "<a href=\"/homes\">"],
            &["<table", "<form method=\"post\""],
        );
    }

    #[test]
    fn opening_says_how_many_places_there_are_and_for_whom() {
        let page = OpenPage {
            home: Home {
                places_open: 1,
                places_taken: 2,
                ..home()
            },
            form: fields(Form::reader()).set("available_from", "2026-03-02"),
        };
        let seen = [
            "<h1>Open free places at Willow &#38; Ash</h1>",
            "It has 3 registered places: 1 already open, 2 taken through Hearth. It takes ages 10 to 17.",
            "<label for=\"f-places\">How many places are free?</label>",
            "class=\"year\" value=\"2026\"",
            "<label for=\"f-age-min\">Youngest age (optional)</label>",
            "<legend>Only for (optional)</legend>",
            "<button>Open the free places</button>",
        ];
        assert_shows(&page, &seen, &[" checked"]);
    }
}

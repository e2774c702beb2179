//! The page of a home: what it is for, its grade, its free places and its prices; closing it and opening it again.

use askama::Template;
use std::collections::HashMap;

use crate::access::{Actor, Permission};
use crate::accounts;
use crate::clock::Instant;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::frameworks::{self, Lot};
use crate::homes::rules::{Address, Inspection};
use crate::homes::{self, Home};
use crate::ids::{FrameworkId, HomeId, LotId};
use crate::vacancies::{Price, Vacancy, actions, store};
use crate::values::OfstedGrade;
use crate::web::pages::{Desk, Form, Go, Html, PageDoor, Posted, Step, Tag, filters};
use crate::web::{Id, Page, Reply, Routes};

pub(super) fn routes(r: &mut Routes) {
    use Permission::{ManageHomes, ReadHomes};
    r.get("/homes/{id}", show).may(ReadHomes);
    r.get("/homes/{id}/close", show_close).may(ManageHomes);
    r.post("/homes/{id}/close", close).may(ManageHomes);
    r.post("/homes/{id}/reopen", reopen).may(ManageHomes);
}

#[derive(Template)]
#[template(path = "vacancies/home.html")]
struct HomePage {
    home: Home,
    provider: String,
    address: Option<Address>,
    inspections: Vec<Inspection>,
    vacancies: Vec<Vacancy>,
    /// What the home costs now, by lot, each with the framework's reference.
    prices: Vec<(String, Lot, Price)>,
    is_own: bool,
    reopen: Option<Form>,
    now: Instant,
}

impl HomePage {
    fn grade(grade: OfstedGrade) -> Tag {
        homes::grade_tag(grade)
    }

    fn freshness(&self, vacancy: &Vacancy) -> Tag {
        super::freshness(vacancy, self.now)
    }

    fn narrower(vacancy: &Vacancy) -> String {
        super::narrower(vacancy)
    }

    fn yes(answer: bool) -> &'static str {
        if answer { "Yes" } else { "No" }
    }
}

/// The prices that count now, each with its framework's reference and its lot, in the order of both.
fn current(tx: &mut Tx<'_>, id: HomeId) -> Result<Vec<(String, Lot, Price)>> {
    let today = tx.now.date_in_uk();
    let mut of_lot: HashMap<LotId, Price> = HashMap::new();
    for price in store::list_prices(tx, id, None, &Page::whole())? {
        let counts = price.effective_from <= today;
        let is_later = of_lot
            .get(&price.lot_id)
            .is_none_or(|known| known.effective_from < price.effective_from);
        if counts && is_later {
            of_lot.insert(price.lot_id, price);
        }
    }
    let ids: Vec<LotId> = of_lot.keys().copied().collect();
    let lots = frameworks::store::lots_by_id(tx, &ids)?;
    let ids: Vec<FrameworkId> = lots.iter().map(|lot| lot.framework_id).collect();
    let references: HashMap<FrameworkId, String> = frameworks::store::frameworks(tx, &ids)?
        .into_iter()
        .map(|framework| (framework.id, framework.reference))
        .collect();
    let mut found: Vec<(String, Lot, Price)> = lots
        .into_iter()
        .filter_map(|lot| {
            let reference = references.get(&lot.framework_id)?.clone();
            let price = of_lot.remove(&lot.id)?;
            Some((reference, lot, price))
        })
        .collect();
    found.sort_unstable_by(|(one, a, _), (other, b, _)| (one, &a.code).cmp(&(other, &b.code)));
    Ok(found)
}

fn page(tx: &mut Tx<'_>, desk: &Desk<Actor>, id: HomeId) -> Result<Html> {
    let (home, address) = homes::actions::seen_by(tx, desk, id)?;
    let is_own = home.provider_id == desk.organisation_id;
    let provider = accounts::store::organisation(tx, home.provider_id)?.map(|provider| provider.name);
    let title = home.name.clone();
    let reopen = || {
        desk.form(format!("/homes/{id}/reopen"))
            .version(home.version)
            .button("Open this home again")
    };
    let page = HomePage {
        provider: provider.unwrap_or_default(),
        address,
        inspections: homes::store::newest_inspections(tx, id, 3)?,
        vacancies: store::open_of(tx, id)?,
        prices: current(tx, id)?,
        is_own,
        reopen: (is_own && !home.active).then(reopen),
        now: tx.now,
        home,
    };
    Html::of(title, &page)
}

async fn show(visit: PageDoor<Actor>, id: Id<HomeId>) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id)).await
}

fn close_page(tx: &mut Tx<'_>, desk: &Desk<Actor>, id: HomeId) -> Result<Html> {
    let (home, _) = homes::actions::seen_by(tx, desk, id)?;
    if home.provider_id != desk.organisation_id {
        return Err(Error::NotFound("home"));
    }
    let mut step = Step::new(format!("Close {}?", home.name))
        .fact("Free places", home.places_open.to_string())
        .fact("Places taken", home.places_taken.to_string())
        .happens("It is offered for no child any more and can’t bid, and its free places are closed with it.")
        .happens(
            "Bids with it that are opened while it is closed are marked as not compliant, and no award to it is made or \
             confirmed.",
        )
        .happens("Its inspections and prices stay on record.")
        .happens("Your colleagues are told, and so is an authority with an award to it under way.")
        .happens("You can open the home again at any time. Its free places you then open anew.")
        .back(format!("/homes/{id}"), "Leave it open");
    if home.places_taken > 0 {
        step = step.careful("A home can’t be closed while places are taken.");
    }
    step.page(
        desk.form(format!("/homes/{id}/close"))
            .version(home.version)
            .button("Close this home")
            .warning(),
    )
}

async fn show_close(visit: PageDoor<Actor>, id: Id<HomeId>) -> Reply {
    visit.read(move |tx, desk| close_page(tx, desk, *id)).await
}

async fn close(visit: PageDoor<Actor>, id: Id<HomeId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                actions::close_home(tx, desk, id, posted.version())?;
                Ok(Go::to(format!("/homes/{id}")).saying("The home is closed, and so are its free places."))
            },
            move |tx, desk| close_page(tx, desk, id),
        )
        .await
}

async fn reopen(visit: PageDoor<Actor>, id: Id<HomeId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                homes::actions::reopen(tx, desk, id, posted.version())?;
                Ok(Go::to(format!("/homes/{id}")).saying("The home is open again. Open its free places next."))
            },
            move |tx, desk| page(tx, desk, id),
        )
        .await
}

#[cfg(test)]
mod tests;

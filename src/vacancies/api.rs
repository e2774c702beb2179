//! Vacancies and prices over JSON.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::rules::{NewPrice, NewVacancy, Price, Vacancy, VacancyState};
use super::{actions, store};
use crate::access::{Actor, Permission, ProviderUser, Visitor};
use crate::clock::Instant;
use crate::homes;
use crate::homes::api::HomeView;
use crate::ids::{HomeId, LotId, PriceId, VacancyId};
use crate::values::{CodeSet, Money, Sex};
use crate::web::{Answer, Body, Door, Id, Items, NoBody, Page, Query, Reply, Routes};

/// A vacancy.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VacancyView {
    /// Its id.
    pub id: VacancyId,
    /// The home.
    pub home_id: HomeId,
    /// Where it stands.
    pub status: VacancyState,
    /// The places that are still free.
    pub places: i32,
    /// The places offered when it was opened.
    pub places_offered: i32,
    /// The day from which they are free.
    pub available_from: NaiveDate,
    /// The youngest age, where narrower than the home's; else null.
    pub age_min: Option<i32>,
    /// The oldest age, where narrower than the home's; else null.
    pub age_max: Option<i32>,
    /// The sexes, where narrower than the home's; else null.
    pub sexes: Option<CodeSet<Sex>>,
    /// Whether it was confirmed within the last seven days.
    pub fresh: bool,
    /// When the provider last said that it is right.
    pub confirmed_at: Instant,
    /// When it was closed; null while it is not.
    pub closed_at: Option<Instant>,
    /// When it was opened.
    pub created_at: Instant,
    /// Counts its changes.
    pub version: i64,
}

impl VacancyView {
    /// The vacancy as it is now.
    pub fn of(vacancy: Vacancy, now: Instant) -> Self {
        Self {
            fresh: vacancy.fresh(now),
            id: vacancy.id,
            home_id: vacancy.home_id,
            status: vacancy.state,
            places: vacancy.places_left,
            places_offered: vacancy.places,
            available_from: vacancy.available_from,
            age_min: vacancy.age_min,
            age_max: vacancy.age_max,
            sexes: vacancy.sexes,
            confirmed_at: vacancy.confirmed_at,
            closed_at: vacancy.closed_at,
            created_at: vacancy.created_at,
            version: vacancy.version,
        }
    }
}

/// A listed price.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PriceView {
    /// Its id.
    pub id: PriceId,
    /// The home.
    pub home_id: HomeId,
    /// The lot.
    pub lot_id: LotId,
    /// The first day on which it counts.
    pub effective_from: NaiveDate,
    /// What the Statement of Purpose offers.
    pub core: Money,
    /// Staffing ratios, waking nights, transport, one-child therapy, tutoring outside school.
    pub additional_support: Money,
    /// Education.
    pub education: Money,
    /// Anything else.
    pub other: Money,
    /// The four lines together.
    pub total: Money,
    /// Whether it is above a ceiling of the lot, in a framework that only warns.
    pub over_ceiling: bool,
    /// When it was listed.
    pub created_at: Instant,
    /// Always 1: a price is never changed.
    pub version: i64,
}

impl From<Price> for PriceView {
    fn from(price: Price) -> Self {
        let lines = price.lines;
        Self {
            id: price.id,
            home_id: price.home_id,
            lot_id: price.lot_id,
            effective_from: price.effective_from,
            core: lines.core,
            additional_support: lines.additional_support,
            education: lines.education,
            other: lines.other,
            total: lines.total(),
            over_ceiling: price.over_ceiling,
            created_at: price.created_at,
            version: 1,
        }
    }
}

/// Which prices a list has.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PriceFilter {
    /// In this lot.
    pub lot_id: Option<LotId>,
}

/// The token of a link that confirms a vacancy.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmLink {
    /// The last part of the link.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    pub token: String,
}

fn answer(vacancy: Vacancy, now: Instant) -> crate::error::Result<Answer> {
    let version = vacancy.version;
    Ok(Answer::ok(VacancyView::of(vacancy, now))?.version(version))
}

async fn open(door: Door<ProviderUser>, id: Id<HomeId>, new: Body<NewVacancy>) -> Reply {
    door.write(move |tx, actor| {
        let vacancy = actions::open(tx, actor, *id, new.0)?;
        let (path, version) = (format!("/vacancies/{}", vacancy.id), vacancy.version);
        Ok(Answer::created(path, VacancyView::of(vacancy, tx.now))?.version(version))
    })
    .await
}

async fn list(door: Door<Actor>, id: Id<HomeId>, page: Page) -> Reply {
    door.read(move |tx, actor| {
        homes::actions::seen_by(tx, actor, *id)?;
        let vacancies = store::list(tx, *id, &page)?;
        let now = tx.now;
        Answer::ok(Items::of(vacancies, &page, |vacancy| vacancy.id).map(|vacancy| VacancyView::of(vacancy, now)))
    })
    .await
}

async fn show(door: Door<Actor>, id: Id<VacancyId>) -> Reply {
    door.read(move |tx, actor| {
        let vacancy = actions::seen_by(tx, actor, *id)?;
        answer(vacancy, tx.now)
    })
    .await
}

async fn confirm(door: Door<ProviderUser>, id: Id<VacancyId>, _none: NoBody) -> Reply {
    let if_match = door.if_match()?;
    door.write(move |tx, actor| {
        let vacancy = actions::confirm(tx, actor, *id, if_match)?;
        answer(vacancy, tx.now)
    })
    .await
}

async fn confirm_by_link(door: Door<Visitor>, link: Body<ConfirmLink>) -> Reply {
    door.write(move |tx, visitor| {
        let vacancy = actions::confirm_by_link(tx, &visitor.0, &link.token)?;
        answer(vacancy, tx.now)
    })
    .await
}

async fn close(door: Door<ProviderUser>, id: Id<VacancyId>, _none: NoBody) -> Reply {
    let if_match = door.if_match()?;
    door.write(move |tx, actor| {
        let vacancy = actions::close(tx, actor, *id, if_match)?;
        answer(vacancy, tx.now)
    })
    .await
}

async fn close_home(door: Door<ProviderUser>, id: Id<HomeId>, _none: NoBody) -> Reply {
    let if_match = door.if_match()?;
    door.write(move |tx, actor| {
        let home = actions::close_home(tx, actor, *id, if_match)?;
        let address = homes::store::address(tx, *id)?;
        let version = home.version;
        Ok(Answer::ok(HomeView::of(home, Some(address)))?.version(version))
    })
    .await
}

async fn list_price(door: Door<ProviderUser>, id: Id<HomeId>, new: Body<NewPrice>) -> Reply {
    door.write(move |tx, actor| {
        let price = actions::list_price(tx, actor, *id, new.0)?;
        Answer::created(format!("/prices/{}", price.id), PriceView::from(price))
    })
    .await
}

async fn prices(door: Door<Actor>, id: Id<HomeId>, filter: Query<PriceFilter>, page: Page) -> Reply {
    door.read(move |tx, actor| {
        homes::actions::seen_by(tx, actor, *id)?;
        let prices = store::list_prices(tx, *id, filter.lot_id, &page)?;
        Answer::ok(Items::of(prices, &page, |price| price.id).map(PriceView::from))
    })
    .await
}

async fn show_price(door: Door<Actor>, id: Id<PriceId>) -> Reply {
    door.read(move |tx, actor| Answer::ok(PriceView::from(actions::price_seen_by(tx, actor, *id)?)))
        .await
}

/// Registers the operations of this slice.
pub fn routes(r: &mut Routes) {
    use Permission::{ManageHomes, ManagePrices, ManageVacancies, ReadPrices, ReadVacancies};

    r.tag(
        "vacancies",
        "Vacancies and prices: the places that homes have free, and what they cost.",
    );
    r.post("/homes/{id}/vacancies", open)
        .summary("Open a vacancy at a home")
        .description("Places open across a home's vacancies never exceed its registered places less those taken.")
        .may(ManageVacancies)
        .body::<NewVacancy>()
        .answers::<VacancyView>(201)
        .refuses(&["vacancy.exceeds_registered_places", "home.closed"]);
    r.get("/homes/{id}/vacancies", list)
        .summary("List the vacancies of a home")
        .may(ReadVacancies)
        .lists::<VacancyView>();
    r.get("/vacancies/{id}", show)
        .summary("Show a vacancy")
        .may(ReadVacancies)
        .answers::<VacancyView>(200);
    r.post("/vacancies/{id}/confirm", confirm)
        .summary("Confirm that a vacancy is right: it is fresh for seven days again")
        .may(ManageVacancies)
        .answers::<VacancyView>(200)
        .refuses(&["vacancy.not_open"]);
    r.post("/vacancy-confirmations", confirm_by_link)
        .summary("Confirm a vacancy by the mailed link, without signing in")
        .public()
        .body::<ConfirmLink>()
        .answers::<VacancyView>(200)
        .refuses(&["vacancy.not_open", "link.unknown", "link.spent", "link.expired"]);
    r.post("/vacancies/{id}/close", close)
        .summary("Close a vacancy")
        .may(ManageVacancies)
        .answers::<VacancyView>(200)
        .refuses(&["vacancy.not_open"]);
    r.post("/homes/{id}/close", close_home)
        .summary("Close a home and its vacancies")
        .may(ManageHomes)
        .answers::<HomeView>(200)
        .refuses(&["home.closed", "home.has_placements"]);
    r.post("/homes/{id}/prices", list_price)
        .summary("List a price of a home in a lot")
        .description("Prices are never rewritten: a new one takes effect after the last.")
        .may(ManagePrices)
        .body::<NewPrice>()
        .answers::<PriceView>(201)
        .refuses(&[
            "price.date_not_later",
            "price.lot_does_not_fit",
            "price.over_ceiling",
            "home.closed",
        ]);
    r.get("/homes/{id}/prices", prices)
        .summary("List the prices of a home")
        .may(ReadPrices)
        .query::<PriceFilter>()
        .lists::<PriceView>();
    r.get("/prices/{id}", show_price)
        .summary("Show a price")
        .may(ReadPrices)
        .answers::<PriceView>(200);
}

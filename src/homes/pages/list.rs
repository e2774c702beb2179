//! The list of homes: a provider's own, everybody else's whole.

use askama::Template;
use std::collections::{BTreeSet, HashMap};

use crate::access::{Actor, OrganisationKind, Permission, may};
use crate::accounts;
use crate::db::Tx;
use crate::error::Result;
use crate::homes::api::{HomeFilter, HomeStatus};
use crate::homes::store::HomeOrder;
use crate::homes::{Home, actions, store};
use crate::ids::OrganisationId;
use crate::reference::{Authority, authority};
use crate::values::{OfstedGrade, PlacementType, ProvisionType};
use crate::web::pages::{Choice, Desk, Html, Narrowing, PageDoor, Tag, capital, csv};
use crate::web::{Items, Page, Query, Reply, Routes};

pub(super) fn routes(r: &mut Routes) {
    r.get("/homes", list).may(Permission::ReadHomes);
    r.get("/homes.csv", table).may(Permission::ReadHomes);
}

/// How a grade is shown.
pub(crate) fn grade_tag(grade: OfstedGrade) -> Tag {
    let colour = match grade {
        OfstedGrade::Outstanding | OfstedGrade::Good => "green",
        OfstedGrade::RequiresImprovement => "yellow",
        OfstedGrade::Inadequate => "red",
        OfstedGrade::NotYetInspected => "grey",
    };
    Tag::new(colour, grade.label())
}

#[derive(Template)]
#[template(path = "homes/list.html")]
struct ListPage {
    narrowing: Narrowing,
    homes: Vec<(Home, String)>,
    is_provider: bool,
    may_manage: bool,
}

impl ListPage {
    fn grade(home: &Home) -> Tag {
        grade_tag(home.grade)
    }
}

/// The homes with the names of their providers.
fn named(tx: &mut Tx<'_>, homes: Vec<Home>) -> Result<Vec<(Home, String)>> {
    let mut providers: Vec<OrganisationId> = homes.iter().map(|home| home.provider_id).collect();
    providers.sort_unstable();
    providers.dedup();
    let names: HashMap<OrganisationId, String> = accounts::store::organisations(tx, &providers)?
        .into_iter()
        .map(|organisation| (organisation.id, organisation.name))
        .collect();
    let name = |home: &Home| names.get(&home.provider_id).cloned().unwrap_or_default();
    Ok(homes
        .into_iter()
        .map(|home| {
            let provider = name(&home);
            (home, provider)
        })
        .collect())
}

/// The authorities in whose areas there are homes that the reader may list, by name; and the one that is chosen, should there be none.
fn authorities(tx: &mut Tx<'_>, actor: &Actor, chosen: Option<&str>) -> Result<Vec<Choice>> {
    let provider = (actor.organisation_kind == OrganisationKind::Provider).then_some(actor.organisation_id);
    let mut codes: BTreeSet<String> = store::local_authorities(tx, provider)?.into_iter().collect();
    codes.extend(chosen.map(str::to_owned));
    let mut known: Vec<&Authority> = codes.iter().filter_map(|code| authority(code)).collect();
    known.sort_unstable_by_key(|authority| authority.name);
    Ok(known
        .into_iter()
        .map(|authority| Choice::new(authority.gss_code, authority.name))
        .collect())
}

fn page(tx: &mut Tx<'_>, desk: &Desk<Actor>, filter: HomeFilter, page: &Page) -> Result<Html> {
    let authorities = authorities(tx, desk, filter.local_authority.as_deref())?;
    let free = vec![Choice::new("true", "Some"), Choice::new("false", "None")];
    let Items { items, next } = match filter.wanted(desk) {
        Some(wanted) => store::list(tx, &wanted, page)?,
        None => Items::all(Vec::new()),
    };
    let narrowing = desk
        .narrowing()
        .search("name", "Name")
        .select("status", "State", Choice::all::<HomeStatus>())
        .select("provision_type", "Registered as", Choice::all::<ProvisionType>())
        .select("placement_type", "Placement", Choice::all::<PlacementType>())
        .select("grade", "Ofsted grade", Choice::all::<OfstedGrade>())
        .select("free_places", "Free places", free)
        .select("local_authority", "Local authority", authorities)
        .sorted_by(HomeOrder::Registered)
        .next(next);
    let list = ListPage {
        narrowing,
        homes: named(tx, items)?,
        is_provider: desk.organisation_kind == OrganisationKind::Provider,
        may_manage: may(desk.role, Permission::ManageHomes),
    };
    Ok(Html::of("Homes", &list)?.wide())
}

async fn list(visit: PageDoor<Actor>, filter: Query<HomeFilter>, part: Page) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, filter.0, &part)).await
}

const COLUMNS: [&str; 16] = [
    "Home",
    "Provider",
    "Ofsted URN",
    "State",
    "Registered as",
    "Placement",
    "Registered places",
    "Places open",
    "Places taken",
    "Youngest age",
    "Oldest age",
    "Sexes",
    "Ofsted grade",
    "Local authority",
    "Postcode district",
    "Address, where you may know it",
];

async fn table(visit: PageDoor<Actor>, filter: Query<HomeFilter>) -> Reply {
    visit
        .download(move |tx, desk| {
            let homes = match filter.0.wanted(desk) {
                Some(wanted) => store::list(tx, &wanted, &Page::whole())?.items,
                None => Vec::new(),
            };
            let mut addresses = actions::addresses_seen_by(tx, desk, &homes)?;
            let rows = named(tx, homes)?.into_iter().map(move |(home, provider)| {
                let purpose = &home.purpose;
                vec![
                    home.name.clone(),
                    provider,
                    home.ofsted_urn.to_string(),
                    capital(HomeStatus::of(home.active).label()),
                    purpose.provision_type.label().to_owned(),
                    purpose.placement_type.label().to_owned(),
                    purpose.registered_places.to_string(),
                    home.places_open.to_string(),
                    home.places_taken.to_string(),
                    purpose.age_min.to_string(),
                    purpose.age_max.to_string(),
                    purpose.sexes.labels(),
                    home.grade.label().to_owned(),
                    home.location.authority.name.to_owned(),
                    home.location.district.to_string(),
                    addresses
                        .remove(&home.id)
                        .map(|address| address.in_one_line())
                        .unwrap_or_default(),
                ]
            });
            csv("homes.csv", &COLUMNS, rows)
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::homes::rules::sample_home;
    use crate::web::pages::assert_shows;

    fn page(homes: Vec<Home>, is_provider: bool) -> ListPage {
        let provider = "Acorn <Care>".to_owned();
        ListPage {
            narrowing: Narrowing::of("/homes"),
            homes: homes.into_iter().map(|home| (home, provider.clone())).collect(),
            is_provider,
            may_manage: is_provider,
        }
    }

    fn home() -> Home {
        Home {
            name: "Willow & Ash".to_owned(),
            grade: OfstedGrade::Outstanding,
            places_open: 2,
            ..sample_home("2026-03-02T09:00:00Z".parse().unwrap())
        }
    }

    #[test]
    fn everybody_sees_whose_homes_they_are_and_roughly_where() {
        let seen = [
            "<h1>Homes</h1>",
            "Willow &#38; Ash</a></th><td>Acorn &#60;Care&#62;</td><td>Children&#39;s home</td><td>Reading, RG2</td>",
            "<td><span class=\"tag green\">Outstanding</span></td><td class=\"number\">3</td><td class=\"number\">2</td>",
            "href=\"/homes.csv\"",
        ];
        assert_shows(
            &page(vec![home()], false),
            &seen,
            &["Closed", "/homes/new", "Your homes"],
        );
        assert_shows(
            &page(Vec::new(), false),
            &["No home is listed here."],
            &["<table", "Register"],
        );
    }

    #[test]
    fn a_provider_sees_its_own_and_registers_more() {
        let closed = Home {
            active: false,
            grade: OfstedGrade::RequiresImprovement,
            ..home()
        };
        let seen = [
            "<h1>Your homes</h1>",
            "<a class=\"button\" href=\"/homes/new\">Register a home</a>",
            "Willow &#38; Ash</a> <span class=\"tag grey\">Closed</span></th><td>Children&#39;s home</td>",
            "<span class=\"tag yellow\">Requires improvement to be good</span>",
        ];
        let unseen = ["<th scope=\"col\">Provider</th>", "Acorn"];
        assert_shows(&page(vec![closed], true), &seen, &unseen);
        assert_shows(
            &page(Vec::new(), true),
            &["No home of yours is listed here."],
            &["<table"],
        );
    }

    #[test]
    fn every_grade_has_its_colour() {
        let tags = OfstedGrade::ALL.iter().map(|grade| grade_tag(*grade).to_string());
        let tags: Vec<String> = tags.collect();
        assert_eq!(
            tags,
            [
                "<span class=\"tag green\">Outstanding</span>",
                "<span class=\"tag green\">Good</span>",
                "<span class=\"tag yellow\">Requires improvement to be good</span>",
                "<span class=\"tag red\">Inadequate</span>",
                "<span class=\"tag grey\">Not yet inspected</span>",
            ]
        );
    }
}

//! The prices of a home: what counts, what counted, and listing a new one.

use askama::Template;
use chrono::NaiveDate;
use std::collections::{HashMap, HashSet};

use crate::access::{Actor, Permission};
use crate::db::Tx;
use crate::error::Result;
use crate::frameworks::{self, Framework, Lot};
use crate::homes::{self, Home};
use crate::ids::{FrameworkId, HomeId, LotId};
use crate::providers;
use crate::vacancies::rules::NewPrice;
use crate::vacancies::{Price, actions, store};
use crate::values::Money;
use crate::web::pages::{Choice, Desk, Form, Go, Html, PageDoor, Posted, Tag, csv, filters};
use crate::web::{Id, Page, Reply, Routes};

pub(super) fn routes(r: &mut Routes) {
    r.get("/homes/{id}/prices", show).may(Permission::ReadPrices);
    r.get("/homes/{id}/prices.csv", table).may(Permission::ReadPrices);
    r.post("/homes/{id}/prices", list).may(Permission::ManagePrices);
}

/// A lot that the home could be priced in, with what its framework says of ceilings.
struct Priced {
    lot: Lot,
    framework: Framework,
    /// The newest first.
    history: Vec<Price>,
    /// Whether the home's provider is admitted to it, suspended or not.
    is_admitted: bool,
    today: NaiveDate,
}

impl Priced {
    fn ceilings(&self) -> Vec<(&'static str, Money)> {
        let lines = &self.lot.line_ceilings;
        [
            ("Core", lines.core),
            ("Additional support", lines.additional_support),
            ("Education", lines.education),
            ("Other", lines.other),
            ("All together", self.lot.weekly_ceiling),
        ]
        .into_iter()
        .filter_map(|(name, ceiling)| Some((name, ceiling?)))
        .collect()
    }

    fn blocks(&self) -> bool {
        self.framework.policy.blocks_over_ceiling()
    }

    fn standing(&self, price: &Price) -> Tag {
        let counting = self.history.iter().find(|one| one.effective_from <= self.today);
        if price.effective_from > self.today {
            Tag::new("purple", "to come")
        } else if counting.is_some_and(|one| one.id == price.id) {
            Tag::new("green", "counts now")
        } else {
            Tag::new("grey", "past")
        }
    }
}

#[derive(Template)]
#[template(path = "vacancies/prices.html")]
struct PricesPage {
    home: Home,
    priced: Vec<Priced>,
    /// For its provider, while it is open and some lot buys what it offers.
    form: Option<Form>,
    is_own: bool,
}

/// The lots that buy what the home offers or have a price of it.
fn priced(tx: &mut Tx<'_>, home: &Home) -> Result<Vec<Priced>> {
    let mut history: HashMap<LotId, Vec<Price>> = HashMap::new();
    for price in store::list_prices(tx, home.id, None, &Page::whole())? {
        history.entry(price.lot_id).or_default().push(price);
    }
    let lots = frameworks::store::lots_that_opened(tx, home.purpose.placement_type)?;
    let ids: Vec<FrameworkId> = lots.iter().map(|lot| lot.framework_id).collect();
    let frameworks: HashMap<FrameworkId, Framework> = frameworks::store::frameworks(tx, &ids)?
        .into_iter()
        .map(|framework| (framework.id, framework))
        .collect();
    let admissions = providers::store::live_admissions_anywhere(tx, home.provider_id)?;
    let admitted: HashSet<LotId> = admissions.iter().map(|admission| admission.lot_id).collect();
    let today = tx.now.date_in_uk();
    Ok(lots
        .into_iter()
        .filter_map(|lot| {
            let framework = frameworks.get(&lot.framework_id)?.clone();
            let mut history = history.remove(&lot.id).unwrap_or_default();
            history.sort_unstable_by_key(|price| std::cmp::Reverse(price.effective_from));
            let concerns = lot.provision_types.contains(home.purpose.provision_type) || !history.is_empty();
            concerns.then_some(Priced {
                is_admitted: admitted.contains(&lot.id),
                lot,
                framework,
                history,
                today,
            })
        })
        .collect())
}

fn new_form(desk: &Desk<Actor>, id: HomeId, priced: &[Priced]) -> Form {
    let lots = priced
        .iter()
        .map(|one| {
            let outside = if one.is_admitted { "" } else { ", you are not admitted" };
            let (lot, framework) = (&one.lot, &one.framework.reference);
            Choice::new(lot.id, format!("{}: {} ({framework}{outside})", lot.code, lot.title))
        })
        .collect();
    desk.form(format!("/homes/{id}/prices"))
        .select("lot_id", "Lot", lots)
        .date("effective_from", "From which day?")
        .hint("Later than the last price of the home in this lot, and at most two years ahead. Prices are never rewritten.")
        .money("core", "Core")
        .hint("What the statement of purpose offers.")
        .money("additional_support", "Additional support")
        .hint("Staffing ratios, waking nights, transport, one-child therapy, tutoring outside school.")
        .money("education", "Education")
        .money("other", "Other")
        .sum("total", "The four lines together", "core")
        .set("education", "0.00")
        .set("other", "0.00")
        .button("List this price")
}

fn page(tx: &mut Tx<'_>, desk: &Desk<Actor>, id: HomeId) -> Result<Html> {
    let (home, _) = homes::actions::seen_by(tx, desk, id)?;
    let is_own = home.provider_id == desk.organisation_id;
    let priced = priced(tx, &home)?;
    let form = (is_own && home.active && !priced.is_empty()).then(|| {
        let empty = new_form(desk, id, &priced).set("effective_from", tx.now.date_in_uk());
        match &priced[..] {
            [only] => empty.set("lot_id", only.lot.id),
            _ => empty,
        }
    });
    let title = format!("Prices of {}", home.name);
    let page = PricesPage {
        home,
        priced,
        form,
        is_own,
    };
    Html::of(title, &page)
}

async fn show(visit: PageDoor<Actor>, id: Id<HomeId>) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id)).await
}

async fn list(visit: PageDoor<Actor>, id: Id<HomeId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let new: NewPrice = new_form(desk, id, &[]).read(posted)?;
                let price = actions::list_price(tx, desk, id, new)?;
                let total = price.lines.total().pounds();
                let mut said = format!("The price is listed: {total} a week.");
                if price.over_ceiling {
                    said.push_str(" It is above a ceiling of the lot, and authorities see that.");
                }
                let admissions = providers::store::live_admissions_anywhere(tx, desk.organisation_id)?;
                if admissions.iter().all(|admission| admission.lot_id != price.lot_id) {
                    said.push_str(" You are not admitted to the lot, so it counts only once you are.");
                }
                Ok(Go::to(format!("/homes/{id}/prices")).saying(said))
            },
            move |tx, desk| page(tx, desk, id),
        )
        .await
}

async fn table(visit: PageDoor<Actor>, id: Id<HomeId>) -> Reply {
    let id = *id;
    visit
        .download(move |tx, desk| {
            let (home, _) = homes::actions::seen_by(tx, desk, id)?;
            let rows: Vec<Vec<String>> = priced(tx, &home)?
                .iter()
                .flat_map(|one| {
                    one.history.iter().map(|price| {
                        vec![
                            home.name.clone(),
                            one.framework.reference.clone(),
                            one.lot.code.clone(),
                            price.effective_from.to_string(),
                            price.lines.core.to_string(),
                            price.lines.additional_support.to_string(),
                            price.lines.education.to_string(),
                            price.lines.other.to_string(),
                            price.lines.total().to_string(),
                            if price.over_ceiling { "yes" } else { "no" }.to_owned(),
                        ]
                    })
                })
                .collect();
            let head = [
                "Home",
                "Framework",
                "Lot",
                "From",
                "Core",
                "Additional support",
                "Education",
                "Other",
                "Together a week",
                "Above a ceiling",
            ];
            csv("prices.csv", &head, rows.into_iter())
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frameworks::pages::samples::{framework, lot};
    use crate::frameworks::rules::{CeilingRule, LineCeilings, Policy};
    use crate::vacancies::pages::samples::{home, now, price};
    use crate::web::pages::assert_shows;

    fn priced(history: Vec<Price>) -> Priced {
        Priced {
            lot: lot(),
            framework: framework(),
            history,
            is_admitted: true,
            today: now().date_in_uk(),
        }
    }

    fn page(priced: Vec<Priced>) -> PricesPage {
        PricesPage {
            home: home(),
            priced,
            form: None,
            is_own: false,
        }
    }

    #[test]
    fn each_price_says_whether_it_counts_now() {
        let above = Price {
            over_ceiling: true,
            ..price("2026-03-02")
        };
        let history = vec![price("2026-04-01"), above, price("2026-01-01")];
        let seen = [
            "<h1>Prices of Willow &#38; Ash</h1>",
            "<h2>SE-RES-1, R1: Children&#39;s homes</h2>",
            "<p>A price above a ceiling is refused. Ceilings a week: All together £6,000.00.",
            "<th scope=\"row\">1 April 2026</th><td><span class=\"tag purple\">To come</span></td>",
            "<th scope=\"row\">2 March 2026</th><td><span class=\"tag green\">Counts now</span> <span class=\"tag yellow\">Above a ceiling</span></td>",
            "<th scope=\"row\">1 January 2026</th><td><span class=\"tag grey\">Past</span></td>",
            "<td class=\"number\">£4,250.00</td><td class=\"number\">£900.50</td><td class=\"number\">£400.00</td><td class=\"number\">£5.00</td><td class=\"number\">£5,555.50</td>",
            "/prices.csv\">Download as CSV</a>",
        ];
        assert_shows(
            &page(vec![priced(history)]),
            &seen,
            &["<form", "The home is closed", "No price is listed"],
        );
    }

    #[test]
    fn a_lot_says_what_becomes_of_a_price_above_a_ceiling() {
        let mut warns = priced(Vec::new());
        warns.framework.policy = Policy {
            price_ceiling_rule: CeilingRule::Warn,
            ..warns.framework.policy
        };
        warns.lot.line_ceilings = LineCeilings {
            core: Money::parse("5000.00").ok(),
            ..LineCeilings::default()
        };
        let mut without = priced(Vec::new());
        without.lot.weekly_ceiling = None;
        let seen = [
            "A price above a ceiling is taken and marked. Ceilings a week: Core £5,000.00, All together £6,000.00.",
            "<p>The lot has no ceilings.</p>",
            "No price is listed in this lot.",
        ];
        assert_shows(&page(vec![warns, without]), &seen, &["is refused", "<table"]);
        let seen = ["No lot of an open framework buys what this home offers."];
        assert_shows(&page(Vec::new()), &seen, &["<h2>"]);
    }

    #[test]
    fn its_provider_is_told_where_it_is_not_admitted() {
        const NOT_ADMITTED: &str = "You are not admitted to this lot";
        let outside = Priced {
            is_admitted: false,
            ..priced(vec![price("2026-03-02")])
        };
        let own = PricesPage {
            is_own: true,
            ..page(vec![outside])
        };
        let apply = format!("<a href=\"/frameworks/{}\">", own.priced[0].framework.id);
        assert_shows(&own, &[NOT_ADMITTED, &apply], &[]);
        let others = PricesPage { is_own: false, ..own };
        assert_shows(&others, &["Counts now"], &[NOT_ADMITTED]);
        let inside = PricesPage {
            is_own: true,
            ..page(vec![priced(Vec::new())])
        };
        assert_shows(&inside, &[], &[NOT_ADMITTED]);
    }

    #[test]
    fn its_provider_lists_a_price_while_the_home_is_open() {
        let own = PricesPage {
            form: Some(
                Form::reader()
                    .money("core", "Core")
                    .set("core", "4250.00")
                    .button("List this price"),
            ),
            is_own: true,
            ..page(vec![priced(Vec::new())])
        };
        let seen = [
            "<h2 id=\"new\">List a new price</h2>",
            "value=\"4250.00\"",
            "<output data-total>",
            "<button>List this price</button>",
        ];
        assert_shows(&own, &seen, &["The home is closed"]);
        let mut closed = PricesPage {
            is_own: true,
            ..page(Vec::new())
        };
        closed.home.active = false;
        assert_shows(
            &closed,
            &["The home is closed: open it again to list a price."],
            &["<form", "List a new price"],
        );
    }
}

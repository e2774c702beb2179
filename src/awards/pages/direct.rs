//! A direct award: which request, which home, by which route and why.

use crate::access::{AuthorityUser, Permission};
use crate::awards::actions;
use crate::awards::input::NewDirectAward;
use crate::awards::rules::{ApprovalKind, Area, DIRECT_ROUTES, approvals_needed};
use crate::awards::store;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::frameworks;
use crate::homes::{self, Home};
use crate::ids::{HomeId, PlacementRequestId};
use crate::placement_requests::store::Narrowed;
use crate::placement_requests::{self, Phase, PlacementRequest};
use crate::values::{Money, OutOfAreaReason};
use crate::web::pages::{Choice, Desk, Form, Go, Html, PageDoor, Posted, filters};
use crate::web::{Page, Query, Reply, Routes};
use askama::Template;
use serde::Deserialize;

pub(super) fn routes(r: &mut Routes) {
    r.get("/direct-awards/new", show).may(Permission::ProposeAwards);
    r.post("/direct-awards/new", propose).may(Permission::ProposeAwards);
}

/// How far the choice has come.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Chosen {
    placement_request_id: Option<PlacementRequestId>,
    /// A part of the home's name, or its registration number.
    home: Option<String>,
    home_id: Option<HomeId>,
}

#[derive(Template)]
#[template(path = "awards/direct_request.html")]
struct RequestsPage {
    requests: Vec<PlacementRequest>,
}

#[derive(Template)]
#[template(path = "awards/direct_home.html")]
struct HomesPage {
    request: PlacementRequest,
    wanted: String,
    homes: Vec<Home>,
    more: bool,
}

#[derive(Template)]
#[template(path = "awards/direct.html")]
struct DirectPage {
    request: PlacementRequest,
    home: Home,
    area: Area,
    miles: f64,
    approvals: Vec<ApprovalKind>,
    threshold: Option<Money>,
    form: Form,
}

/// The most homes that a search shows.
const MOST: usize = 20;

fn direct_form(form: Form) -> Form {
    let routes = DIRECT_ROUTES
        .iter()
        .map(|route| Choice::new(route.code(), route.label()));
    form.radios("procurement_route", "By which route", routes.collect())
        .hint("A spot purchase is made off the framework: neither admission, contract nor the lot’s ceiling bind it.")
        .area("reason", "The ground of the route, and why this home", 6)
        .hint("The approver decides on it. Say nothing that tells who the child is.")
        .money("price.core", "Core cost a week")
        .money("price.additional_support", "Additional support a week")
        .money("price.education", "Education a week")
        .money("price.other", "Other costs a week")
        .date("starts_on", "First day")
        .hint("The request’s, when you leave it empty.")
        .optional()
        .select(
            "out_of_area_reason",
            "Why outside the authority’s area, where the home lies outside",
            Choice::all::<OutOfAreaReason>(),
        )
        .optional()
        .button("Propose the direct award")
}

fn chooses(phase: Phase) -> bool {
    matches!(phase, Phase::Draft | Phase::Opened | Phase::Unfilled)
}

/// The authority's requests that can be awarded directly, the newest first.
fn requests_page(tx: &mut Tx<'_>, desk: &Desk<AuthorityUser>) -> Result<Html> {
    let scope = placement_requests::actions::scope_of(desk);
    let page = Page {
        limit: 200,
        after: None,
    };
    let mut requests = placement_requests::store::requests_page(tx, scope, &Narrowed::default(), &page)?.items;
    let ids: Vec<_> = requests.iter().map(|request| request.id).collect();
    let live = store::with_live(tx, &ids)?;
    let now = tx.now;
    requests.retain(|request| chooses(request.phase(now)) && !live.contains(&request.id));
    Html::of("Direct award", &RequestsPage { requests })
}

fn homes_page(tx: &mut Tx<'_>, request: PlacementRequest, wanted: &str) -> Result<Html> {
    let lot = frameworks::store::lot(tx, request.lot_id)?.ok_or(Error::NotFound("lot"))?;
    let mut homes = if wanted.is_empty() {
        Vec::new()
    } else {
        homes::store::search(tx, lot.placement_type, wanted, MOST + 1)?
    };
    let more = homes.len() > MOST;
    homes.truncate(MOST);
    let page = HomesPage {
        request,
        wanted: wanted.to_owned(),
        homes,
        more,
    };
    Html::of("Direct award", &page)
}

fn direct_page(tx: &mut Tx<'_>, desk: &Desk<AuthorityUser>, request: PlacementRequest, home: HomeId) -> Result<Html> {
    let home = homes::store::home(tx, home)?.ok_or(Error::NotFound("home"))?;
    let framework = frameworks::store::framework(tx, request.framework_id)?.ok_or(Error::NotFound("framework"))?;
    let (area, miles) = actions::reach_of(tx, &request, &home)?;
    let form = direct_form(desk.form("/direct-awards/new"))
        .hidden("placement_request_id", request.id)
        .hidden("home_id", home.id);
    let page = DirectPage {
        approvals: approvals_needed(false, true, area, Money::ZERO, None),
        threshold: framework.policy.approval_weekly_price,
        request,
        home,
        area,
        miles,
        form,
    };
    Html::of("Direct award", &page)
}

fn page(tx: &mut Tx<'_>, desk: &Desk<AuthorityUser>, chosen: &Chosen) -> Result<Html> {
    let Some(request) = chosen.placement_request_id else {
        return requests_page(tx, desk);
    };
    let request = placement_requests::actions::seen_by(tx, desk, request)?;
    match chosen.home_id {
        Some(home) => direct_page(tx, desk, request, home),
        None => homes_page(tx, request, chosen.home.as_deref().unwrap_or_default().trim()),
    }
}

async fn show(visit: PageDoor<AuthorityUser>, chosen: Query<Chosen>) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, &chosen)).await
}

async fn propose(visit: PageDoor<AuthorityUser>, posted: Posted) -> Reply {
    let chosen = Chosen {
        placement_request_id: posted.value("placement_request_id").and_then(|id| id.parse().ok()),
        home: None,
        home_id: posted.value("home_id").and_then(|id| id.parse().ok()),
    };
    visit
        .write(
            posted,
            |tx, desk, posted| {
                let unseen = direct_form(Form::reader())
                    .hidden("placement_request_id", "")
                    .hidden("home_id", "");
                let body: NewDirectAward = unseen.read(posted)?;
                let award = actions::propose_direct(tx, desk, body)?;
                Ok(Go::to(format!("/awards/{}", award.id))
                    .saying("The direct award is proposed, and waits for approval."))
            },
            move |tx, desk| page(tx, desk, &chosen),
        )
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::awards::pages::samples;
    use crate::homes::rules::sample_home;
    use crate::placement_requests::rules::samples as requests;
    use crate::web::pages::assert_shows;

    /// A home in RG2, which is said to nobody before the award.
    fn home() -> Home {
        Home {
            name: "Willow & <House>".to_owned(),
            ..sample_home(samples::proposed_at())
        }
    }

    #[test]
    fn a_request_is_chosen_among_those_that_can_be_awarded() {
        let (request, _) = requests::draft();
        let row = format!(
            "<tr><th scope=\"row\"><a href=\"/placement-requests/{0}\">{1}</a></th><td>Draft</td><td>26 November 2026</td>\
             <td><a href=\"/direct-awards/new?placement_request_id={0}\">Choose",
            request.id, request.reference
        );
        let requests = vec![request];
        assert_shows(
            &RequestsPage { requests },
            &[&row, "always takes an approver"],
            &["There is no such request."],
        );
        let none = RequestsPage { requests: Vec::new() };
        assert_shows(
            &none,
            &["There is no such request.", "<a href=\"/placement-requests/new\">"],
            &["<table"],
        );
    }

    #[test]
    fn a_home_is_searched_for_and_chosen() {
        let ((request, _), home) = (requests::draft(), home());
        let page = |wanted: &str, homes: Vec<Home>, more| HomesPage {
            request: request.clone(),
            wanted: wanted.to_owned(),
            homes,
            more,
        };
        let choose = format!(
            "href=\"/direct-awards/new?placement_request_id={}&amp;home_id={}\">Choose",
            request.id, home.id
        );
        let seen = [
            "value=\"Will &#34;&#60;\"",
            "<caption>Homes found</caption>",
            "Willow &#38; &#60;House&#62;</a></th><td>SC123001</td><td>",
            "<td>Not yet inspected</td>",
            choose.as_str(),
        ];
        let one = page("Will \"<", vec![home.clone()], false);
        assert_shows(
            &one,
            &seen,
            &["<House>", "RG2", "Search for the home.", "No active home"],
        );
        let many = page("Will", vec![home], true);
        assert_shows(
            &many,
            &["<caption>Homes found: the first 1, narrow the search for others</caption>"],
            &[],
        );
        let nothing = page("Oak", Vec::new(), false);
        assert_shows(
            &nothing,
            &["No active home for this type of placement is called so"],
            &["<table"],
        );
        assert_shows(
            &page("", Vec::new(), false),
            &["Search for the home."],
            &["<table", "No active home"],
        );
    }

    #[test]
    fn a_direct_award_says_who_must_approve_it_and_takes_a_route_and_a_reason() {
        let ((request, _), home) = (requests::draft(), home());
        let page = DirectPage {
            approvals: approvals_needed(false, true, Area::OutOfArea, Money::ZERO, None),
            threshold: Some(Money::parse("6000.00").unwrap()),
            request,
            home,
            area: Area::OutOfArea,
            miles: 12.34,
            form: direct_form(Form::reader()),
        };
        let seen = [
            "Award directly to Willow &#38; &#60;House&#62;</h1>",
            "SC123001; Not yet inspected</dd>",
            "Outside the authority&#39;s area; 12.3 miles from where the child comes from</dd>",
            "<dd>26 November 2026</dd>",
            "<li>The approver, because: there was no competition.</li>",
            "<li>The nominated officer, because: the home lies outside the authority&#39;s area.</li>",
            "<li>The approver, where the weekly price is over £6,000.00.</li>",
            "Spot purchase, off framework</label>",
            "<button>Propose the direct award</button>",
        ];
        assert_shows(&page, &seen, &["<House>", "RG2", "Open framework"]);
        let near = DirectPage {
            approvals: approvals_needed(false, true, Area::InArea, Money::ZERO, None),
            threshold: None,
            area: Area::InArea,
            ..page
        };
        assert_shows(
            &near,
            &["there was no competition"],
            &["nominated officer", "where the weekly price is over"],
        );
    }
}

//! The list of requests for a provider: the open ones by how well its homes fit.

use askama::Template;
use std::cmp::Reverse;
use std::collections::HashMap;

use super::super::{Listed, RequestFilter, lot_choices};
use super::{Said, phase_tag};
use crate::access::Actor;
use crate::codes;
use crate::db::Tx;
use crate::error::Result;
use crate::frameworks;
use crate::ids::{LotId, PlacementRequestId};
use crate::matching::actions::{OwnFit, own_fits};
use crate::placement_requests::PlacementRequest;
use crate::placement_requests::actions::scope_of;
use crate::placement_requests::api::RequestSummary;
use crate::placement_requests::rules::Phase;
use crate::placement_requests::store::{self, Narrowed, RequestOrder};
use crate::providers;
use crate::web::pages::{Choice, Desk, Html, Narrowing, Tag, capital, csv, filters};
use crate::web::{Answer, Items, Page};

/// A request in the list.
struct Line {
    request: RequestSummary,
    fits: Vec<OwnFit>,
    said: Option<Tag>,
}

impl Line {
    fn phase(&self) -> Tag {
        phase_tag(self.request.status)
    }

    fn is_open(&self) -> bool {
        self.request.status == Phase::Open
    }

    /// The homes that fit, the best one first.
    fn fitting(&self) -> Vec<&str> {
        let fitting = self.fits.iter().filter(|fit| fit.found.fits());
        fitting.map(|fit| fit.name.as_str()).collect()
    }

    /// Why the home that is nearest to fitting does not.
    fn against(&self) -> Option<String> {
        let nearest = self.fits.first()?;
        let why: Vec<&str> = nearest
            .found
            .reasons
            .iter()
            .map(|reason| reason.text.as_str())
            .collect();
        Some(format!("{}: {}", nearest.name, why.join(" ")))
    }
}

#[derive(Template)]
#[template(path = "dashboard/requests/provider_list.html")]
struct ListPage {
    narrowing: Narrowing,
    lines: Vec<Line>,
    open: bool,
}

fn narrowed(filter: &RequestFilter) -> Narrowed {
    Narrowed {
        phase: filter.status.unwrap_or(Listed::Open).phase(),
        lot: filter.lot_id,
        reference: filter.reference.clone(),
        sort: filter.sort,
        ..Narrowed::default()
    }
}

codes! {
    /// The order that open requests come in where no other is asked for.
    pub enum ByFit {
        Best("best_fit", "The best fit first"),
    }
}

/// How the provider's homes fit each request.
type Fits = HashMap<PlacementRequestId, Vec<OwnFit>>;

/// The requests in their order. Open ones are judged; where there are no others they come by fit, the best first, then by deadline,
/// unless another order is asked for.
fn found(
    tx: &mut Tx<'_>,
    actor: &Actor,
    filter: &RequestFilter,
    part: &Page,
) -> Result<(Items<PlacementRequest>, Fits)> {
    let narrowed = narrowed(filter);
    if narrowed.phase != Some(Phase::Open) {
        let found = store::requests_page(tx, scope_of(actor), &narrowed, part)?;
        let open: Vec<PlacementRequest> = found
            .items
            .iter()
            .filter(|request| request.phase(tx.now) == Phase::Open)
            .cloned()
            .collect();
        let fits = own_fits(tx, actor.organisation_id, &open)?;
        return Ok((found, fits));
    }
    // All of them are judged, for the best may be the oldest.
    let mut open = store::requests_page(tx, scope_of(actor), &narrowed, &Page::whole())?.items;
    let fits = own_fits(tx, actor.organisation_id, &open)?;
    let best = |request: &PlacementRequest| fits.get(&request.id).and_then(|fits| fits.first());
    if let Some(wanted) = filter.fits {
        open.retain(|request| best(request).is_some_and(|fit| fit.found.fits()) == wanted);
    }
    let by_deadline = |request: &PlacementRequest| (request.bids_close_at, request.id);
    let items = match filter.sort {
        None => Items::cut(open, part, ByFit::Best, |request| {
            let standing = best(request).map(|fit| (fit.found.misfits.len(), -fit.found.points.total()));
            (standing.is_none(), standing, by_deadline(request))
        }),
        Some(order @ RequestOrder::Newest) => Items::cut(open, part, order, |request| Reverse(request.id)),
        Some(order @ RequestOrder::Deadline) => Items::cut(open, part, order, by_deadline),
        Some(order @ RequestOrder::LatestDeadline) => {
            Items::cut(open, part, order, |request| Reverse(by_deadline(request)))
        }
        Some(order @ RequestOrder::Reference) => Items::cut(open, part, order, |request| request.reference.clone()),
    };
    Ok((items?, fits))
}

fn lines(tx: &mut Tx<'_>, actor: &Actor, filter: &RequestFilter, part: &Page) -> Result<Items<Line>> {
    let (Items { items, next }, mut fits) = found(tx, actor, filter, part)?;
    let ids: Vec<PlacementRequestId> = items.iter().map(|request| request.id).collect();
    let said = Said::to(tx, actor.organisation_id, &ids)?;
    let line = |request: RequestSummary| Line {
        fits: fits.remove(&request.id).unwrap_or_default(),
        said: said.in_a_word(request.id),
        request,
    };
    let items = RequestSummary::all(tx, items)?.into_iter().map(line).collect();
    Ok(Items { items, next })
}

/// The lots that the provider is admitted to.
fn lots(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<Choice>> {
    let admissions = providers::store::live_admissions_anywhere(tx, actor.organisation_id)?;
    let ids: Vec<LotId> = admissions.iter().map(|admission| admission.lot_id).collect();
    let lots = frameworks::store::lots_by_id(tx, &ids)?;
    lot_choices(tx, &lots)
}

/// The list.
pub(in super::super) fn list(tx: &mut Tx<'_>, desk: &Desk<Actor>, filter: &RequestFilter, part: &Page) -> Result<Html> {
    let Items { items, next } = lines(tx, desk, filter, part)?;
    let others = Listed::ALL.iter().copied();
    let others = others.filter(|one| !matches!(one, Listed::Draft | Listed::Open));
    let fits = vec![
        Choice::new("true", "One of my homes fits"),
        Choice::new("false", "None of my homes fits"),
    ];
    let open = filter.status.unwrap_or(Listed::Open) == Listed::Open;
    let narrowing = desk
        .narrowing()
        .search("reference", "Reference")
        .select("status", "State", Choice::of(others))
        .otherwise(Listed::Open.label())
        .select("lot_id", "Lot", lots(tx, desk)?);
    let narrowing = if open {
        narrowing
            .select("fits", "Fit", fits)
            .select("sort", "Sorted by", Choice::all::<RequestOrder>())
            .otherwise(ByFit::Best.label())
    } else {
        narrowing.sorted_by(RequestOrder::Newest)
    };
    let page = ListPage {
        narrowing: narrowing.next(next),
        lines: items,
        open,
    };
    Ok(Html::of("Placement requests", &page)?.wide())
}

const COLUMNS: [&str; 15] = [
    "Request",
    "State",
    "Authority",
    "Framework",
    "Lot",
    "Age",
    "Sex",
    "Brothers and sisters",
    "From",
    "Within miles",
    "Needed",
    "Start",
    "Bids close",
    "Homes that fit",
    "We said",
];

/// The list, to take away.
pub(in super::super) fn table(tx: &mut Tx<'_>, desk: &Desk<Actor>, filter: &RequestFilter) -> Result<Answer> {
    let lines = lines(tx, desk, filter, &Page::whole())?.items;
    let rows = lines.into_iter().map(|line| {
        let fitting = line.fitting().join(", ");
        let request = line.request;
        vec![
            request.reference,
            capital(request.status.label()),
            request.authority_name,
            request.framework_reference,
            request.lot_code,
            request.child.age.to_string(),
            request.child.sex.map_or("any", |sex| sex.label()).to_owned(),
            request.child.siblings_to_place_with.to_string(),
            request.origin_district.to_string(),
            request
                .max_distance_miles
                .map_or_else(|| "anywhere".to_owned(), |miles| miles.to_string()),
            request.needed_by.in_words().to_owned(),
            request.starts_on.to_string(),
            request.bids_close_at.to_string(),
            fitting,
            line.said.map(|tag| tag.label().to_owned()).unwrap_or_default(),
        ]
    });
    csv("placement-requests.csv", &COLUMNS, rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dashboard::pages::samples::{CLOSES, fit};
    use crate::matching::rules::Misfit;
    use crate::placement_requests::api::samples;
    use crate::placement_requests::rules::samples as requests;
    use crate::web::pages::assert_shows;

    fn page(lines: Vec<Line>, open: bool) -> ListPage {
        ListPage {
            narrowing: Narrowing::of("/placement-requests"),
            lines,
            open,
        }
    }

    fn line(fits: Vec<OwnFit>) -> Line {
        let (request, _) = requests::published();
        Line {
            request: samples::summary(request, requests::noon()),
            fits,
            said: None,
        }
    }

    #[test]
    fn an_open_request_says_which_homes_fit_or_why_none_does() {
        let fitting = line(vec![
            fit("Acorn & <House>", None),
            fit("Oak House", None),
            fit("Elm House", Some(Misfit::Age)),
        ]);
        let seen = [
            "</a><br>Reading, lot R1</th>",
            "<td>14 years, female</td>",
            "<td>RG1, within 40 miles; from 26 November 2026</td>",
            CLOSES,
            "<span class=\"tag green\">Fits</span> Acorn &#38; &#60;House&#62; and 1 more</td>",
            "<td>Nothing yet</td>",
        ];
        assert_shows(
            &page(vec![fitting], true),
            &seen,
            &["<House>", "None fits", "Elm", "RG1 1AF"],
        );
        let none = line(vec![fit("Elm & <House>", Some(Misfit::Age))]);
        let why = "<p>Elm &#38; &#60;House&#62;: The child&#39;s age is outside the home&#39;s range</p>";
        assert_shows(&page(vec![none], true), &["None fits", why], &["<House>", ">Fits<"]);
        assert_shows(
            &page(vec![line(Vec::new())], true),
            &["No home of this kind"],
            &["None fits", ">Fits<"],
        );
    }

    #[test]
    fn a_closed_request_says_how_it_went_on_and_what_was_said() {
        let (request, _) = requests::opened();
        let mut request = samples::summary(request, requests::noon());
        (
            request.child.sex,
            request.child.siblings_to_place_with,
            request.max_distance_miles,
        ) = (None, 2, None);
        let line = Line {
            request,
            fits: Vec::new(),
            said: Some(Tag::new("grey", "declined")),
        };
        let seen = [
            "<td>14 years, with 2 brothers and sisters</td>",
            "<td>RG1; from 26 November 2026</td>",
            "<span class=\"tag purple\">Opened</span> 23 November 2026, 12:00 GMT</td>",
            "<span class=\"tag grey\">Declined</span>",
        ];
        assert_shows(
            &page(vec![line], false),
            &seen,
            &["Nothing yet", "No home of this kind", "data-until"],
        );
    }

    #[test]
    fn an_empty_list_says_what_it_is_empty_of() {
        assert_shows(
            &page(Vec::new(), true),
            &["No request takes bids here at present.", "/me/alerts"],
            &["<table"],
        );
        assert_shows(
            &page(Vec::new(), false),
            &["There are no such requests."],
            &["<table", "/me/alerts"],
        );
    }
}

//! A provider's own bids, and what became of them.

use askama::Template;
use serde::Deserialize;
use std::collections::HashMap;

use crate::access::{Permission, ProviderUser};
use crate::awards;
use crate::bids::store::{BidOrder, BidsWanted, Names};
use crate::bids::{self, Bid, BidState};
use crate::dashboard::pages::requests::for_provider::bid_tag;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{AwardId, BidId, OrganisationId, PlacementRequestId};
use crate::placement_requests::rules::Phase;
use crate::placement_requests::{self, PlacementRequest};
use crate::web::pages::{Choice, Desk, Html, Narrowing, PageDoor, Tag, capital, csv};
use crate::web::{Items, Page, Query, Reply, Routes};

pub(super) fn routes(r: &mut Routes) {
    r.get("/bids", list).may(Permission::SubmitBids);
    r.get("/bids.csv", table).may(Permission::SubmitBids);
}

/// Which bids the list has.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct BidFilter {
    /// Those that stand so.
    status: Option<BidState>,
    /// In this order.
    sort: Option<BidOrder>,
}

struct Line {
    bid: Bid,
    names: Names,
    request: PlacementRequest,
    /// The award that a letter was sent about.
    told: Option<AwardId>,
    phase: Phase,
}

impl Line {
    fn state(&self) -> Tag {
        bid_tag(self.bid.state)
    }

    fn is_open(&self) -> bool {
        self.phase == Phase::Open && self.bid.state != BidState::Withdrawn
    }
}

#[derive(Template)]
#[template(path = "dashboard/bids/list.html")]
struct ListPage {
    narrowing: Narrowing,
    lines: Vec<Line>,
}

fn lines(tx: &mut Tx<'_>, provider: OrganisationId, filter: BidFilter, part: &Page) -> Result<Items<Line>> {
    let wanted = BidsWanted {
        request: None,
        state: filter.status,
        sort: filter.sort,
    };
    let Items { items, next } = bids::store::bids_of_provider(tx, provider, wanted, part)?;
    let ids: Vec<BidId> = items.iter().map(|bid| bid.id).collect();
    let mut names = bids::store::names(tx, &ids)?;
    let told = awards::store::awards_told_of(tx, provider, &ids)?;
    let requests: Vec<PlacementRequestId> = items.iter().map(|bid| bid.request_id).collect();
    let requests: HashMap<PlacementRequestId, PlacementRequest> = placement_requests::store::requests(tx, &requests)?
        .into_iter()
        .map(|request| (request.id, request))
        .collect();
    let line = |bid: Bid| {
        let request = requests.get(&bid.request_id).cloned();
        let request = request.ok_or(Error::NotFound("placement request"))?;
        Ok(Line {
            names: names.remove(&bid.id).ok_or(Error::NotFound("bid"))?,
            told: told.get(&bid.id).copied(),
            phase: request.phase(tx.now),
            request,
            bid,
        })
    };
    let items = items.into_iter().map(line).collect::<Result<_>>()?;
    Ok(Items { items, next })
}

fn page(tx: &mut Tx<'_>, desk: &Desk<ProviderUser>, filter: BidFilter, part: &Page) -> Result<Html> {
    let Items { items, next } = lines(tx, desk.organisation_id, filter, part)?;
    let narrowing = desk
        .narrowing()
        .select("status", "State", Choice::all::<BidState>())
        .sorted_by(BidOrder::Newest)
        .next(next);
    Html::of(
        "Your bids",
        &ListPage {
            narrowing,
            lines: items,
        },
    )
}

async fn list(visit: PageDoor<ProviderUser>, filter: Query<BidFilter>, part: Page) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *filter, &part)).await
}

async fn table(visit: PageDoor<ProviderUser>, filter: Query<BidFilter>) -> Reply {
    visit
        .download(move |tx, desk| {
            let lines = lines(tx, desk.organisation_id, *filter, &Page::whole())?.items;
            let rows = lines.into_iter().map(|line| {
                let receipt = line.bid.receipt;
                vec![
                    line.names.request_reference,
                    line.names.home,
                    capital(line.bid.state.label()),
                    line.request.bids_close_at.to_string(),
                    receipt
                        .as_ref()
                        .map(|one| one.submitted_at.to_string())
                        .unwrap_or_default(),
                    receipt.map(|one| one.sha256).unwrap_or_default(),
                ]
            });
            let head = [
                "Request",
                "Home",
                "State",
                "Bids close",
                "Submitted",
                "Fingerprint (SHA-256)",
            ];
            csv("bids.csv", &head, rows)
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bids::pages::samples;
    use crate::dashboard::pages::samples::CLOSES;
    use crate::placement_requests::rules::samples as requests;
    use crate::web::pages::assert_shows;

    fn line(bid: Bid, phase: Phase) -> Line {
        Line {
            bid,
            names: Names {
                home: "Acorn & <House>".to_owned(),
                ..samples::names()
            },
            request: requests::published().0,
            told: None,
            phase,
        }
    }

    fn page(lines: Vec<Line>) -> ListPage {
        ListPage {
            narrowing: Narrowing::of("/bids"),
            lines,
        }
    }

    #[test]
    fn each_bid_says_how_it_stands_and_what_comes_next() {
        let (request, _) = requests::published();
        let draft = samples::draft(&request);
        let edit = format!("<a href=\"/bids/{}/edit\">Go on<", draft.id);
        let open = |bid| page(vec![line(bid, Phase::Open)]);
        let seen = [
            "Acorn &#38; &#60;House&#62;</a></td>",
            "<span class=\"tag yellow\">Draft</span></td> <td>Not submitted</td>",
            &edit,
            CLOSES,
            "href=\"/bids.csv\"",
        ];
        assert_shows(
            &open(draft),
            &seen,
            &["<House>", "Bids close", "There are no such bids."],
        );
        let submitted = samples::submitted(&request);
        let sent = "<time datetime=\"2026-11-22T13:00:00Z\">22 November 2026, 13:00 GMT</time></td>";
        let unseen = ["Go on<", "Not submitted", "Changes not submitted"];
        assert_shows(&open(submitted.clone()), &["Bids close <time", sent], &unseen);
        let changed = submitted.clone().saved().unwrap();
        assert_shows(&open(changed), &["Changes not submitted", "Go on<"], &[]);
        let withdrawn = submitted.withdrawn(samples::submitted_at()).unwrap();
        assert_shows(
            &open(withdrawn),
            &["<span class=\"tag grey\">Withdrawn</span>"],
            &["Go on<", CLOSES],
        );
    }

    #[test]
    fn the_outcome_is_told_by_its_reason_or_its_letter() {
        let (request, _) = requests::published();
        let out = || {
            line(
                samples::non_compliant(&request, "No answer to <part 2>."),
                Phase::Opened,
            )
        };
        let seen = [
            "<span class=\"tag red\">Not compliant</span>",
            "<td>No answer to &#60;part 2&#62;.</td>",
        ];
        assert_shows(&page(vec![out()]), &seen, &["Read the letter", CLOSES]);
        let award = AwardId::new(samples::submitted_at());
        let told = Line {
            told: Some(award),
            ..out()
        };
        let letter = format!("<a href=\"/awards/{award}/letters\">Read the letter");
        assert_shows(&page(vec![told]), &[&letter], &["No answer to"]);
        assert_shows(&page(Vec::new()), &["There are no such bids."], &["<table"]);
    }
}

//! A provider's own bids, and what became of them.

use askama::Template;
use serde::Deserialize;
use std::collections::HashMap;

use crate::access::{Permission, ProviderUser};
use crate::awards;
use crate::bids::api::server_key;
use crate::bids::seal::ServerKey;
use crate::bids::store::{BidOrder, BidsWanted, Names};
use crate::bids::{self, Bid, BidState};
use crate::dashboard::pages::requests::for_provider::bid_tag;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{AwardId, BidId, OrganisationId, PlacementRequestId};
use crate::placement_requests::rules::Phase;
use crate::placement_requests::{self, PlacementRequest};
use crate::values::Money;
use crate::web::pages::{Choice, Desk, Html, Narrowing, PageDoor, Tag, capital, csv};
use crate::web::{Items, Page, Query, Reply, Routes};

pub(super) fn routes(r: &mut Routes) {
    r.get("/bids", list).may(Permission::SubmitBids);
    r.get("/bids.csv", table).may(Permission::SubmitBids);
}

/// Which bids the list has.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct BidFilter {
    /// Those that stand so.
    status: Option<BidState>,
    /// Those on requests whose reference has this in it.
    reference: Option<String>,
    /// In this order.
    sort: Option<BidOrder>,
}

struct Line {
    bid: Bid,
    names: Names,
    request: PlacementRequest,
    /// What it asks a week, all together.
    price: Money,
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

    /// What is waited for, where nothing is left to be done or read.
    fn waits(&self) -> &'static str {
        match (self.bid.state, self.phase) {
            (BidState::Draft, Phase::Open) | (BidState::Withdrawn, _) => "",
            (BidState::Draft, _) => "It was never submitted",
            (BidState::Submitted, Phase::Open) => "Bids are opened after the deadline",
            (BidState::Submitted, Phase::Closed) => "The authority opens the bids next",
            (BidState::Opened | BidState::Compliant, Phase::Opened) => "The authority is scoring",
            (BidState::Opened | BidState::Compliant, Phase::Awarded) => "The authority is deciding",
            _ => "",
        }
    }
}

#[derive(Template)]
#[template(path = "dashboard/bids/list.html")]
struct ListPage {
    narrowing: Narrowing,
    lines: Vec<Line>,
}

fn lines(
    tx: &mut Tx<'_>,
    provider: OrganisationId,
    key: &ServerKey,
    filter: BidFilter,
    part: &Page,
) -> Result<Items<Line>> {
    let wanted = BidsWanted {
        request: None,
        state: filter.status,
        reference: filter.reference,
        sort: filter.sort,
    };
    let Items { items, next } = bids::store::bids_of_provider(tx, provider, &wanted, part)?;
    let contents = bids::actions::contents_of(tx, key, &items)?;
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
            price: contents
                .get(&bid.id)
                .map(|content| content.weekly_total)
                .ok_or(Error::NotFound("bid"))?,
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

fn page(tx: &mut Tx<'_>, desk: &Desk<ProviderUser>, key: &ServerKey, filter: BidFilter, part: &Page) -> Result<Html> {
    let Items { items, next } = lines(tx, desk.organisation_id, key, filter, part)?;
    let narrowing = desk
        .narrowing()
        .search("reference", "Reference")
        .select("status", "State", Choice::all::<BidState>())
        .sorted_by(BidOrder::Newest)
        .next(next);
    let page = ListPage {
        narrowing,
        lines: items,
    };
    Ok(Html::of("Your bids", &page)?.wide())
}

async fn list(visit: PageDoor<ProviderUser>, filter: Query<BidFilter>, part: Page) -> Reply {
    let key = server_key(&visit.app);
    visit.read(move |tx, desk| page(tx, desk, &key, filter.0, &part)).await
}

async fn table(visit: PageDoor<ProviderUser>, filter: Query<BidFilter>) -> Reply {
    let key = server_key(&visit.app);
    visit
        .download(move |tx, desk| {
            let lines = lines(tx, desk.organisation_id, &key, filter.0, &Page::whole())?.items;
            let rows = lines.into_iter().map(|line| {
                let receipt = line.bid.receipt;
                vec![
                    line.names.request_reference,
                    line.names.home,
                    capital(line.bid.state.label()),
                    line.price.to_string(),
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
                "Together a week",
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
            price: "5150.17".parse().unwrap(),
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
            "<span class=\"tag yellow\">Draft</span></td> <td class=\"number\">£5,150.17</td>",
            "<td>Not submitted</td>",
            &edit,
            CLOSES,
            "href=\"/bids.csv\"",
        ];
        assert_shows(
            &open(draft),
            &seen,
            &["<House>", "after the deadline", "There are no such bids."],
        );
        let submitted = samples::submitted(&request);
        let sent = "<time datetime=\"2026-11-22T13:00:00Z\">22 November 2026, 13:00 GMT</time></td>";
        let unseen = ["Go on<", "Not submitted", "Changes not submitted"];
        assert_shows(
            &open(submitted.clone()),
            &[CLOSES, "Bids are opened after the deadline</td>", sent],
            &unseen,
        );
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
    fn what_is_waited_for_is_said() {
        let (request, _) = requests::published();
        let waits = |bid, phase| line(bid, phase).waits();
        let submitted = samples::submitted(&request);
        assert_eq!(
            waits(submitted.clone(), Phase::Closed),
            "The authority opens the bids next"
        );
        assert_eq!(waits(samples::draft(&request), Phase::Closed), "It was never submitted");
        assert_eq!(waits(samples::draft(&request), Phase::Open), "");
        let withdrawn = submitted.withdrawn(samples::submitted_at()).unwrap();
        assert_eq!(waits(withdrawn, Phase::Open), "");
        let opened = samples::opened(&request);
        let page = page(vec![line(opened, Phase::Opened)]);
        assert_shows(&page, &["<td>The authority is scoring</td>"], &["data-until"]);
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

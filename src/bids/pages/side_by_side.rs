//! The opened bids of a request in columns, and who declined. Before the opening only the number of bids is known.

use super::super::rules::{Bid, Remark};
use super::super::store::{self, OpenedBid};
use crate::access::{AuthorityUser, Permission, may};
use crate::bids::BidState;
use crate::bids::api::DeclineView;
use crate::bids::content::Content;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::homes;
use crate::ids::{BidId, HomeId, PlacementRequestId};
use crate::matching;
use crate::matching::rules::Match;
use crate::placement_requests::PlacementRequest;
use crate::placement_requests::actions::seen_by;
use crate::placement_requests::rules::{Criterion, Phase};
use crate::placement_requests::store as requests;
use crate::values::{CostLine, Money, OfstedGrade};
use crate::web::pages::{Desk, Html, PageDoor, csv, filters};
use crate::web::{Answer, Id, Page, Reply, Routes};
use askama::Template;
use std::borrow::Borrow;

pub(super) fn routes(r: &mut Routes) {
    r.get("/placement-requests/{id}/bids", show)
        .may(Permission::ReadBidsOfRequests);
    r.get("/placement-requests/{id}/bids.csv", table)
        .may(Permission::ReadBidsOfRequests);
    r.get("/placement-requests/{id}/declines.csv", declines_table)
        .may(Permission::ReadDeclines);
}

/// A bid with what stands beside it.
#[derive(Debug)]
pub(super) struct Column {
    pub bid: Bid,
    pub content: Content,
    pub home: String,
    pub provider: String,
    pub grade: OfstedGrade,
    /// How the home stands to the request now; it is still there, even if it was closed.
    pub found: Option<Match>,
}

impl Column {
    pub fn is_lowest(&self, columns: &[Self]) -> bool {
        let taking_part = columns.iter().filter(|one| one.bid.state.takes_part());
        let lowest = taking_part.map(|one| one.content.weekly_total).min();
        self.bid.state.takes_part() && lowest == Some(self.content.weekly_total)
    }

    pub fn line(&self, line: impl Borrow<CostLine>) -> Money {
        self.content.price.line(*line.borrow())
    }

    pub fn remarks(&self) -> &[Remark] {
        &self.content.remarks
    }

    pub fn colour(&self) -> &'static str {
        match self.bid.state {
            BidState::NonCompliant => "red",
            BidState::Successful | BidState::Compliant => "green",
            BidState::Unsuccessful => "grey",
            _ => "",
        }
    }
}

#[derive(Template)]
#[template(path = "bids/side_by_side.html")]
struct BidsPage {
    request: PlacementRequest,
    phase: Phase,
    may_mark: bool,
    may_score: bool,
    sealed: i64,
    criteria: Vec<Criterion>,
    columns: Vec<Column>,
    declines: Vec<DeclineView>,
}

/// The opened bids of a request, each with its names and how its home stands to the request: a fixed number of queries.
pub(super) fn columns(tx: &mut Tx<'_>, request: &PlacementRequest) -> Result<Vec<Column>> {
    let opened = store::opened(tx, request.id)?;
    let bids: Vec<BidId> = opened.iter().map(|open| open.bid.id).collect();
    let ids: Vec<HomeId> = opened.iter().map(|open| open.bid.home_id).collect();
    let mut names = store::names(tx, &bids)?;
    let mut matches = matching::actions::matches_of(tx, request, &ids)?;
    let facts = homes::store::facts(tx, &ids)?;
    let column = |OpenedBid { bid, content }| {
        let names = names.remove(&bid.id).ok_or(Error::NotFound("bid"))?;
        let grade = facts
            .iter()
            .find(|home| home.id == bid.home_id)
            .map_or(OfstedGrade::NotYetInspected, |home| home.grade);
        Ok(Column {
            home: names.home,
            provider: names.provider,
            grade,
            found: matches.remove(&bid.home_id),
            bid,
            content,
        })
    };
    opened.into_iter().map(column).collect()
}

fn declines(tx: &mut Tx<'_>, id: PlacementRequestId) -> Result<Vec<DeclineView>> {
    let all = Page::whole();
    let declines = store::declines(tx, id, &all)?;
    Ok(declines.into_iter().map(DeclineView::of).collect())
}

fn page(tx: &mut Tx<'_>, desk: &Desk<AuthorityUser>, id: PlacementRequestId) -> Result<Html> {
    let request = seen_by(tx, desk, id)?;
    let phase = request.phase(tx.now);
    let page = BidsPage {
        phase,
        may_mark: phase == Phase::Opened && may(desk.role, Permission::OpenBids),
        may_score: phase == Phase::Opened && may(desk.role, Permission::ScoreBids),
        sealed: store::submitted_count(tx, id)?,
        criteria: requests::criteria(tx, id)?,
        columns: columns(tx, &request)?,
        declines: declines(tx, id)?,
        request,
    };
    Ok(Html::of(format!("Bids – {}", page.request.reference), &page)?.wide())
}

async fn show(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id)).await
}

async fn table(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>) -> Reply {
    visit
        .download(move |tx, desk| {
            let request = seen_by(tx, desk, *id)?;
            let criteria = requests::criteria(tx, *id)?;
            let columns = columns(tx, &request)?;
            rows(&request, &criteria, &columns)
        })
        .await
}

fn rows(request: &PlacementRequest, criteria: &[Criterion], columns: &[Column]) -> Result<Answer> {
    let mut head = vec![
        "Home",
        "Provider",
        "State",
        "Why not compliant",
        "Starts on",
        "Core",
        "Additional support",
        "Education",
        "Other",
        "Weekly total",
        "Ofsted grade",
        "Miles",
        "Matching statement",
        "Submitted at",
        "SHA-256",
    ];
    head.extend(criteria.iter().map(|criterion| criterion.title.as_str()));
    let rows = columns.iter().map(|column| {
        let (bid, content) = (&column.bid, &column.content);
        let miles = column.found.as_ref().map(|found| format!("{:.1}", found.miles));
        let receipt = bid.receipt.clone();
        let (submitted_at, sha256) = receipt
            .map(|one| (one.submitted_at.to_string(), one.sha256))
            .unwrap_or_default();
        let mut row = vec![
            column.home.clone(),
            column.provider.clone(),
            bid.state.label().to_owned(),
            bid.non_compliance.clone().unwrap_or_default(),
            content.starts_on.to_string(),
        ];
        row.extend(CostLine::ALL.iter().map(|line| column.line(*line).to_string()));
        row.extend([
            content.weekly_total.to_string(),
            column.grade.label().to_owned(),
            miles.unwrap_or_default(),
            content.matching_statement.clone(),
            submitted_at,
            sha256,
        ]);
        row.extend(criteria.iter().map(|criterion| content.answer(criterion.id).to_owned()));
        row
    });
    csv(&format!("bids-{}.csv", request.reference), &head, rows)
}

async fn declines_table(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>) -> Reply {
    visit
        .download(move |tx, desk| {
            let request = seen_by(tx, desk, *id)?;
            let rows = declines(tx, *id)?.into_iter().map(|one| {
                vec![
                    one.home.name,
                    one.provider.name,
                    one.reason.label().to_owned(),
                    one.note.unwrap_or_default(),
                    one.declined_at.to_string(),
                ]
            });
            let head = ["Home", "Provider", "Reason", "Note", "Declined at"];
            csv(&format!("declines-{}.csv", request.reference), &head, rows)
        })
        .await
}

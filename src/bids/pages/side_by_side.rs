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
use crate::matching::rules::Reason;
use crate::placement_requests::PlacementRequest;
use crate::placement_requests::actions::seen_by;
use crate::placement_requests::rules::{Criterion, Phase};
use crate::placement_requests::store as requests;
use crate::values::{CostLine, Money, OfstedGrade};
use crate::web::pages::{Desk, Html, PageDoor, capital, csv, filters};
use crate::web::{Answer, Id, Page, Reply, Routes};
use askama::Template;
use std::borrow::Borrow;
use std::collections::HashMap;

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
    /// How far away it is; it is still there, even if it was closed.
    pub miles: Option<f64>,
    /// Why the home fitted when the request was published; none where it did not, or was not there. Today its place may be taken, by
    /// this very child.
    pub fitted: Option<Vec<Reason>>,
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
    let matches = matching::actions::matches_of(tx, request, &ids)?;
    let mut fitted: HashMap<HomeId, Vec<Reason>> = matching::store::fitted_homes(tx, request.id, None)?
        .into_iter()
        .map(|(_, home)| (home.home_id, home.reasons.0))
        .collect();
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
            miles: matches.get(&bid.home_id).map(|found| found.miles),
            fitted: fitted.remove(&bid.home_id),
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
        let miles = column.miles.map(|miles| format!("{miles:.1}"));
        let receipt = bid.receipt.clone();
        let (submitted_at, sha256) = receipt
            .map(|one| (one.submitted_at.to_string(), one.sha256))
            .unwrap_or_default();
        let mut row = vec![
            column.home.clone(),
            column.provider.clone(),
            capital(bid.state.label()),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bids::pages::samples;
    use crate::bids::rules::Decline;
    use crate::clock::Instant;
    use crate::ids::{DeclineId, OrganisationId, PersonId};
    use crate::placement_requests::rules::samples as requests;
    use crate::values::{DeclineReason, PriceLines};
    use crate::web::pages::assert_shows;

    fn column(bid: Bid, criteria: &[Criterion]) -> Column {
        let names = samples::names();
        Column {
            content: samples::content(&bid, criteria),
            home: names.home,
            provider: names.provider,
            grade: OfstedGrade::Good,
            miles: Some(12.34),
            fitted: Some(samples::found(&bid, None).reasons),
            bid,
        }
    }

    /// A cheaper bid with another home, which takes no part.
    fn left_out(request: &PlacementRequest, criteria: &[Criterion]) -> Column {
        let bid = samples::non_compliant(request, "No answer to <part 2>.");
        let column = column(bid, criteria);
        let price = PriceLines {
            core: "4000.00".parse().unwrap(),
            ..PriceLines::default()
        };
        Column {
            home: "Oak House".to_owned(),
            grade: OfstedGrade::RequiresImprovement,
            fitted: None,
            content: Content {
                weekly_total: price.total(),
                price,
                starts_on: "2026-12-01".parse().unwrap(),
                remarks: Vec::new(),
                ..column.content
            },
            ..column
        }
    }

    fn page(request: PlacementRequest, now: Instant, columns: Vec<Column>) -> BidsPage {
        BidsPage {
            phase: request.phase(now),
            may_mark: false,
            may_score: false,
            sealed: 2,
            criteria: requests::published().1,
            columns,
            declines: Vec::new(),
            request,
        }
    }

    #[test]
    fn before_the_opening_nothing_of_a_bid_is_shown() {
        let (request, criteria) = requests::published();
        let sealed = |now, number| BidsPage {
            sealed: number,
            // They are never read before the opening; were they, the page would keep them to itself.
            columns: vec![column(samples::submitted(&request), &criteria)],
            ..page(request.clone(), now, Vec::new())
        };
        let unseen = [
            "£",
            "Acorn",
            "therapists",
            samples::SHA256,
            "Lowest",
            "bids.csv",
            "<table",
        ];
        let until = "2 bids are submitted, and sealed: nobody can read a bid before the bids are opened, \
                     from 23 November 2026, 12:00 GMT on.";
        let open = format!("<a href=\"/placement-requests/{}/open\">Open the bids</a>", request.id);
        assert_shows(&sealed(requests::noon(), 2), &[until, "Nobody declined."], &unseen);
        assert_shows(&sealed(requests::noon(), 2), &[], &[&open]);
        let closed = sealed(request.bids_close_at, 1);
        let seen = [
            "1 bid is submitted, and sealed: nobody can read a bid before the bids are opened.",
            &open,
        ];
        assert_shows(&closed, &seen, &unseen);
        let (draft, _) = requests::draft();
        let seen = ["Bids can be made once the request is published."];
        assert_shows(&page(draft, requests::noon(), Vec::new()), &seen, &["sealed"]);
    }

    #[test]
    fn opened_bids_stand_beside_each_other_and_only_one_that_takes_part_is_the_lowest() {
        let (request, criteria) = requests::opened();
        let columns = vec![
            column(samples::opened(&request), &criteria),
            left_out(&request, &criteria),
        ];
        let mark = format!("href=\"/bids/{}/compliance\"", columns[0].bid.id);
        let page = BidsPage {
            criteria,
            ..page(request, requests::noon(), columns)
        };
        let fingerprint = format!("<code>{}</code>", samples::SHA256);
        let seen = [
            "<caption>2 bids, in the order in which they were begun</caption>",
            samples::PROVIDER,
            "<td><span class=\"tag \">Opened</span></td>\
             <td><span class=\"tag red\">Not compliant</span><br>No answer to &#60;part 2&#62;.</td>",
            "<th scope=\"row\">Core, a week</th><td>£4,800.17</td><td>£4,000.00</td>",
            "<td>£5,150.17 <span class=\"tag green\">Lowest</span></td><td>£4,000.00</td>",
            "<td>26 November 2026</td><td>1 December 2026 <span class=\"tag yellow\">Later than asked</span></td>",
            "<td>Good</td><td>Requires improvement to be good</td>",
            "<td>12.3 miles</td><td>12.3 miles</td>",
            "<th scope=\"row\">How the home stood when the request was published</th>\
             <td><span class=\"tag green\">Fitted</span><ul><li>12.3 miles from RG1 &#60;near&#62;.</li></ul></td>\
             <td><span class=\"tag grey\">Not among those that fitted</span></td>",
            "<td><ul><li>It is &#60;far&#62;.</li></ul></td><td>Nothing</td>",
            "<th scope=\"row\">Education (20 points)<br><span class=\"hint\">Say how school goes on.</span></th><td class=\"said\">Two &#60;b&#62;therapists&#60;/b&#62; for: Education</td>",
            "<td class=\"said\">A calm home &#38; a &#34;garden&#34;.</td>",
            "22 November 2026, 13:00 GMT<details>",
            &fingerprint,
        ];
        assert_shows(
            &page,
            &seen,
            &["<b>", "<far>", "sealed", "/compliance", "Score the bids"],
        );
        let at_work = BidsPage {
            may_mark: true,
            may_score: true,
            ..page
        };
        assert_shows(&at_work, &[&mark, "Score the bids"], &[]);
    }

    #[test]
    fn a_home_that_is_gone_has_no_distance() {
        let (request, criteria) = requests::opened();
        let column = Column {
            miles: None,
            fitted: None,
            ..column(samples::opened(&request), &criteria)
        };
        let page = page(request, requests::noon(), vec![column]);
        assert_shows(
            &page,
            &["<td>Not known</td>", "<caption>1 bid,"],
            &["miles", ">Fitted<"],
        );
    }

    #[test]
    fn who_declined_and_why_is_told_where_nobody_bid() {
        let (request, _) = requests::opened();
        let decline = |reason, note: Option<&str>| {
            let now = samples::submitted_at();
            let decline = Decline {
                id: DeclineId::new(now),
                request_id: request.id,
                home_id: HomeId::new(now),
                provider_id: OrganisationId::new(now),
                reason,
                note: note.map(str::to_owned),
                declined_by: PersonId::new(now),
                declined_at: now,
            };
            DeclineView::of((decline, "Oak & <Elm>".to_owned(), "Oak Care".to_owned()))
        };
        let page = BidsPage {
            declines: vec![
                decline(DeclineReason::Staffing, Some("Two are <ill>.")),
                decline(DeclineReason::NoVacancy, None),
            ],
            ..page(request.clone(), requests::noon(), Vec::new())
        };
        let seen = [
            "There was no bid to open.",
            "<caption>2 homes were declined for</caption>",
            "<th scope=\"row\">Oak &#38; &#60;Elm&#62;</th><td>Oak Care</td><td>Staffing: Two are &#60;ill&#62;.</td>\
             <td>22 November 2026, 13:00 GMT</td>",
            "<td>No vacancy</td>",
            "declines.csv",
        ];
        assert_shows(&page, &seen, &["<ill>", "Nobody declined.", "bids.csv"]);
    }
}

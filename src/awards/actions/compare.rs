//! Bids beside each other: for whoever chooses one, and for whoever approves the choice. Read only.

use super::{area_from, gss_of, lot_and_framework};
use crate::awards::rules::{ApprovalKind, Area, Award, approvals_needed, choose};
use crate::awards::store::{self, Bidder};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::evaluation::{self, RankedBid};
use crate::frameworks::Framework;
use crate::homes::{self, Home};
use crate::ids::{AwardId, BidId, OrganisationId, PlacementRequestId};
use crate::placement_requests::{self, PlacementRequest};
use crate::reference::distance_miles;
use crate::values::{Money, OfstedGrade};
use std::collections::{HashMap, HashSet};

/// A bid that was opened, as it stands beside the others.
#[derive(Debug, Clone)]
pub struct Alternative {
    /// The bid.
    pub bid_id: BidId,
    /// The provider's name.
    pub provider: String,
    /// The home's name.
    pub home: String,
    /// The home's grade.
    pub grade: OfstedGrade,
    /// Where the home lies, seen from the authority.
    pub area: Area,
    /// Miles from where the child comes from, on the grid.
    pub miles: f64,
    /// Its row of the ranking sheet; `None` for a bid that is not compliant.
    pub row: Option<RankedBid>,
    /// Why it is not compliant, if it isn't.
    pub non_compliance: Option<String>,
    /// Whether it was awarded before, and its provider declined.
    pub declined: bool,
}

impl Alternative {
    /// Its rank on the sheet, once there is one.
    pub fn rank(&self) -> Option<i32> {
        let rank = self.row.as_ref()?.rank?;
        i32::try_from(rank).ok()
    }

    /// The weekly price; nothing for a bid that takes no part.
    pub fn weekly_total(&self) -> Option<Money> {
        self.row.as_ref().map(|row| row.weekly_total)
    }
}

/// The bids that each of these awards was chosen from, the chosen one among them, in the order of their ranks. The awards are one
/// authority's; it costs as many queries as for one.
pub fn alternatives(tx: &mut Tx<'_>, awards: &[Award]) -> Result<HashMap<AwardId, Vec<Alternative>>> {
    let Some(first) = awards.first() else {
        return Ok(HashMap::new());
    };
    let ids: Vec<_> = awards.iter().map(|award| award.placement_request_id).collect();
    let requests = placement_requests::store::requests(tx, &ids)?;
    let mut compared = compared(tx, first.authority_id, &requests.iter().collect::<Vec<_>>())?;
    let of_award = |award: &Award| {
        let mut bids = compared.remove(&award.placement_request_id).unwrap_or_default();
        for bid in &mut bids {
            bid.declined &= award.bid_id != Some(bid.bid_id);
        }
        (award.id, bids)
    };
    Ok(awards.iter().map(of_award).collect())
}

/// A bid that can be chosen, and what choosing it takes.
#[derive(Debug, Clone)]
pub struct Prospect {
    /// The bid.
    pub bid: Alternative,
    /// Whether another that can be chosen has the same rank.
    pub tied: bool,
    /// Whether it takes a reason: it is not alone at the first rank.
    pub takes_reason: bool,
    /// The approvals it takes.
    pub approvals: Vec<ApprovalKind>,
}

/// What an authority can choose from.
#[derive(Debug)]
pub struct Choosing {
    /// Whether every compliant bid is scored, so that one can be chosen.
    pub complete: bool,
    /// The bids that can be chosen, best first.
    pub prospects: Vec<Prospect>,
    /// Those that can't.
    pub others: Vec<Alternative>,
    /// The framework, with the policy that decides.
    pub framework: Framework,
}

/// The bids of a request for whoever chooses one.
pub fn choosing(tx: &mut Tx<'_>, request: &PlacementRequest) -> Result<Choosing> {
    let (_, framework) = lot_and_framework(tx, request.lot_id)?;
    let bids = compared(tx, request.authority_id, &[request])?
        .remove(&request.id)
        .unwrap_or_default();
    let (choosable, others): (Vec<_>, Vec<_>) = bids.into_iter().partition(|bid| bid.row.is_some() && !bid.declined);
    let complete = choosable.iter().all(|bid| bid.rank().is_some());
    let ranks: Vec<_> = choosable
        .iter()
        .filter_map(|bid| Some((bid.bid_id, bid.rank()?)))
        .collect();
    let prospects = choosable.into_iter().filter_map(|bid| {
        // Asked with a reason, so that the answer is the measure and no refusal.
        let choice = choose(&ranks, bid.bid_id, Some("any"))?.ok()?;
        let threshold = framework.policy.approval_weekly_price;
        let approvals = approvals_needed(choice.first, false, bid.area, bid.weekly_total()?, threshold);
        Some(Prospect {
            tied: choice.tied,
            takes_reason: !choice.first || choice.tied,
            approvals,
            bid,
        })
    });
    Ok(Choosing {
        complete,
        prospects: prospects.collect(),
        others,
        framework,
    })
}

/// Where a home lies, seen from the request: its area and the miles to it.
pub fn reach_of(tx: &mut Tx<'_>, request: &PlacementRequest, home: &Home) -> Result<(Area, f64)> {
    let own = gss_of(tx, request.authority_id)?;
    Ok((area_from(&own, home), miles(request, home)))
}

fn miles(request: &PlacementRequest, home: &Home) -> f64 {
    distance_miles(request.origin.grid, home.location.grid)
}

fn compared(
    tx: &mut Tx<'_>,
    authority: OrganisationId,
    requests: &[&PlacementRequest],
) -> Result<HashMap<PlacementRequestId, Vec<Alternative>>> {
    let ids: Vec<_> = requests.iter().map(|request| request.id).collect();
    let bidders = store::bidders_of(tx, &ids)?;
    let own = gss_of(tx, authority)?;
    let sheets = evaluation::actions::sheets(tx, requests)?;
    let declined: HashSet<_> = store::declined_bids_of(tx, &ids)?.into_iter().collect();
    let home_ids: Vec<_> = bidders.iter().map(|bidder| bidder.home_id).collect();
    let homes: HashMap<_, _> = homes::store::homes(tx, &home_ids)?
        .into_iter()
        .map(|home| (home.id, home))
        .collect();
    let mut compared: HashMap<PlacementRequestId, Vec<Alternative>> = HashMap::new();
    for bidder in bidders {
        let known = requests
            .iter()
            .find(|request| request.id == bidder.placement_request_id);
        let (Some(request), Some(home)) = (known, homes.get(&bidder.home_id)) else {
            return Err(Error::CorruptRow {
                table: "bids",
                id: bidder.bid_id.to_string(),
            });
        };
        let row = sheets
            .get(&request.id)
            .and_then(|sheet| sheet.row(bidder.bid_id))
            .cloned();
        let declined = declined.contains(&bidder.bid_id);
        let bids = compared.entry(request.id).or_default();
        bids.push(alternative(bidder, request, home, row, declined, &own));
    }
    for bids in compared.values_mut() {
        bids.sort_by_key(|bid| (bid.rank().unwrap_or(i32::MAX), bid.row.is_none(), bid.bid_id));
    }
    Ok(compared)
}

fn alternative(
    bidder: Bidder,
    request: &PlacementRequest,
    home: &Home,
    row: Option<RankedBid>,
    declined: bool,
    own: &str,
) -> Alternative {
    Alternative {
        bid_id: bidder.bid_id,
        provider: bidder.provider,
        home: bidder.home,
        grade: home.grade,
        area: area_from(own, home),
        miles: miles(request, home),
        row,
        non_compliance: bidder.non_compliance,
        declined,
    }
}

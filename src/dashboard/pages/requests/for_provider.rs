//! Placement requests, as a provider sees them: what is asked, how its homes stand towards it, and what it has said by now.

mod list;
mod request;

pub(super) use list::{list, table};
pub(super) use request::show;

use crate::bids::BidState;
use crate::bids::rules::Decline;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::{BidId, HomeId, OrganisationId, PlacementRequestId};
use crate::placement_requests::rules::Phase;
use crate::web::pages::Tag;

/// How a phase is shown to a provider.
pub(in crate::dashboard) fn phase_tag(phase: Phase) -> Tag {
    let colour = match phase {
        Phase::Open => "green",
        Phase::Closed | Phase::Opened => "purple",
        Phase::Awarded | Phase::Completed => "",
        Phase::Draft | Phase::Withdrawn | Phase::Unfilled => "grey",
    };
    Tag::new(colour, phase.label())
}

/// How a bid's state is shown to its own provider.
pub(in crate::dashboard) fn bid_tag(state: BidState) -> Tag {
    let colour = match state {
        BidState::Draft => "yellow",
        BidState::Submitted | BidState::Successful => "green",
        BidState::Opened | BidState::Compliant => "purple",
        BidState::NonCompliant => "red",
        BidState::Withdrawn | BidState::Unsuccessful => "grey",
    };
    Tag::new(colour, state.label())
}

/// What a provider has said to requests by now: its live bids and its declines.
pub(in crate::dashboard) struct Said {
    bids: Vec<crate::bids::Bid>,
    declines: Vec<Decline>,
}

impl Said {
    /// What it said to these requests.
    pub(in crate::dashboard) fn to(
        tx: &mut Tx<'_>,
        provider: OrganisationId,
        requests: &[PlacementRequestId],
    ) -> Result<Self> {
        Ok(Self {
            bids: crate::bids::store::live_bids_of_provider(tx, provider, requests)?,
            declines: crate::bids::store::declines_of_provider(tx, provider, requests)?,
        })
    }

    /// The live bid with a home.
    pub(in crate::dashboard) fn bid_with(
        &self,
        request: PlacementRequestId,
        home: HomeId,
    ) -> Option<(BidId, BidState)> {
        let bid = self
            .bids
            .iter()
            .find(|bid| bid.request_id == request && bid.home_id == home);
        bid.map(|bid| (bid.id, bid.state))
    }

    /// The decline for a home.
    pub(in crate::dashboard) fn decline_for(&self, request: PlacementRequestId, home: HomeId) -> Option<&Decline> {
        self.declines
            .iter()
            .find(|decline| decline.request_id == request && decline.home_id == home)
    }

    /// The homes that have bid or declined.
    fn homes(&self, request: PlacementRequestId) -> impl Iterator<Item = HomeId> {
        let bids = self.bids.iter().map(|bid| (bid.request_id, bid.home_id));
        let declines = self
            .declines
            .iter()
            .map(|decline| (decline.request_id, decline.home_id));
        bids.chain(declines)
            .filter(move |(of, _)| *of == request)
            .map(|(_, home)| home)
    }

    /// Whether the home has neither bid nor declined.
    pub(in crate::dashboard) fn is_silent(&self, request: PlacementRequestId, home: HomeId) -> bool {
        self.bid_with(request, home).is_none() && self.decline_for(request, home).is_none()
    }

    /// The bids whose last version was not submitted.
    pub(in crate::dashboard) fn unsent(&self) -> impl Iterator<Item = &crate::bids::Bid> {
        self.bids.iter().filter(|bid| bid.has_unsent_version())
    }

    /// What it said to one request, in one word: the state of its bid, or that it declined.
    fn in_a_word(&self, request: PlacementRequestId) -> Option<Tag> {
        let bid = self.bids.iter().rfind(|bid| bid.request_id == request);
        let declined = self.declines.iter().any(|decline| decline.request_id == request);
        match bid {
            Some(bid) => Some(bid_tag(bid.state)),
            None => declined.then(|| Tag::new("grey", "declined")),
        }
    }
}

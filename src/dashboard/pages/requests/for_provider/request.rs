//! One request for a provider: what is needed, how each of its homes stands towards it, its bids, and the questions.

use askama::Template;

use super::{Said, bid_tag, phase_tag};
use crate::access::{Actor, Permission, may};
use crate::bids::BidState;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::{BidId, PlacementRequestId};
use crate::matching::actions::{OwnFit, own_fits};
use crate::placement_requests::ConfidentialKey;
use crate::placement_requests::actions::seen_by;
use crate::placement_requests::api::RequestView;
use crate::placement_requests::rules::Phase;
use crate::values::{CodeSet, NeedCategory, Risk, RiskLevel};
use crate::web::pages::{Desk, Html, Tag, filters};

/// One of the provider's homes, and what was said for it.
struct OwnHome {
    fit: OwnFit,
    bid: Option<(BidId, BidState)>,
    declined: Option<&'static str>,
}

impl OwnHome {
    fn bid_state(&self) -> Option<Tag> {
        self.bid.map(|(_, state)| bid_tag(state))
    }

    fn is_silent(&self) -> bool {
        self.bid.is_none() && self.declined.is_none()
    }
}

#[derive(Template)]
#[template(path = "dashboard/requests/provider_request.html")]
struct RequestPage {
    request: RequestView,
    homes: Vec<OwnHome>,
    takes_bids: bool,
    takes_questions: bool,
    may_bid: bool,
}

impl RequestPage {
    fn phase(&self) -> Tag {
        phase_tag(self.request.status)
    }

    fn risks(&self, level: RiskLevel) -> String {
        let stated = self.request.needs.risks.iter();
        let risks: CodeSet<Risk> = stated.filter(|(_, is)| **is == level).map(|(risk, _)| *risk).collect();
        risks.labels()
    }

    fn present(&self) -> String {
        self.risks(RiskLevel::RiskPresent)
    }

    fn categories(&self) -> CodeSet<NeedCategory> {
        self.request.needs.categories
    }

    fn all_silent(&self) -> bool {
        self.homes.iter().any(OwnHome::is_silent)
    }

    fn fitting(&self) -> usize {
        self.homes.iter().filter(|home| home.fit.found.fits()).count()
    }

    /// The criteria's weights and the price's, as they are scored.
    fn weights(&self) -> Vec<(&str, Option<&str>, i32)> {
        let criteria = self.request.criteria.iter().map(|criterion| {
            (
                criterion.title.as_str(),
                criterion.guidance.as_deref(),
                criterion.weight,
            )
        });
        criteria.chain([("Price", None, self.request.price_weight)]).collect()
    }

    /// What is asked besides, in words.
    fn wishes(&self) -> Vec<&'static str> {
        let needs = &self.request.needs;
        [
            (needs.home_adaptation_required, "The home must be step-free."),
            (
                needs.deprivation_of_liberty,
                "A court allows depriving the child of liberty, and the home must be able to.",
            ),
            (needs.solo_placement, "The child must live with no other child."),
        ]
        .into_iter()
        .filter_map(|(asked, words)| asked.then_some(words))
        .collect()
    }
}

/// The request.
pub(in super::super) fn show(
    tx: &mut Tx<'_>,
    desk: &Desk<Actor>,
    key: &ConfidentialKey,
    id: PlacementRequestId,
) -> Result<Html> {
    let request = seen_by(tx, desk, id)?;
    let phase = request.phase(tx.now);
    let takes_questions = request.takes_questions(tx.now);
    let fits = own_fits(tx, desk.organisation_id, std::slice::from_ref(&request))?.remove(&id);
    let said = Said::to(tx, desk.organisation_id, &[id])?;
    let homes = fits
        .unwrap_or_default()
        .into_iter()
        .map(|fit| OwnHome {
            bid: said.bid_with(id, fit.home_id),
            declined: said.decline_for(id, fit.home_id).map(|decline| decline.reason.label()),
            fit,
        })
        .collect();
    let request = RequestView::of(tx, desk, key, request)?;
    let title = request.reference.clone();
    let page = RequestPage {
        request,
        homes,
        takes_bids: phase == Phase::Open,
        takes_questions,
        may_bid: may(desk.role, Permission::SubmitBids),
    };
    Html::of(title, &page)
}

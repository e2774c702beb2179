//! Bids on the sample request, for the tests of pages.

use crate::bids::content::Content;
use crate::bids::rules::{Answer, Bid, Remark, Terms};
use crate::bids::store::Names;
use crate::clock::Instant;
use crate::ids::{BidId, HomeId, OrganisationId, PersonId};
use crate::matching::rules::{Match, Misfit, Points, Reason};
use crate::placement_requests::PlacementRequest;
use crate::placement_requests::rules::{Criterion, samples};
use crate::values::{CodeSet, PriceLines};
use chrono::Duration;

/// The fingerprint of a bid that was submitted.
pub const SHA256: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

/// The provider's name, as a page must write it.
pub const PROVIDER: &str = "Acorn &#38; &#60;Oak&#62;";

/// When bids are submitted: an hour after [`samples::noon`].
pub fn submitted_at() -> Instant {
    samples::noon().plus(Duration::hours(1))
}

/// A bid that is a draft.
pub fn draft(request: &PlacementRequest) -> Bid {
    let now = samples::noon();
    Bid::begun(
        BidId::new(now),
        request.id,
        HomeId::new(now),
        OrganisationId::new(now),
        PersonId::new(now),
        now,
    )
}

/// A bid that was submitted.
pub fn submitted(request: &PlacementRequest) -> Bid {
    draft(request).submitted(SHA256.to_owned(), submitted_at()).unwrap()
}

/// A bid that was submitted, and opened after the deadline.
pub fn opened(request: &PlacementRequest) -> Bid {
    submitted(request).opened(request.bids_close_at).unwrap()
}

/// A bid that was opened and marked as not compliant.
pub fn non_compliant(request: &PlacementRequest, reason: &str) -> Bid {
    opened(request).marked_non_compliant(reason.to_owned()).unwrap()
}

/// What the bid says, for £5,150.17 a week.
pub fn content(bid: &Bid, criteria: &[Criterion]) -> Content {
    let terms = Terms {
        starts_on: "2026-11-26".parse().unwrap(),
        price: PriceLines {
            core: "4800.17".parse().unwrap(),
            additional_support: "350.00".parse().unwrap(),
            ..PriceLines::default()
        },
        answers: criteria
            .iter()
            .map(|criterion| Answer {
                criterion_id: criterion.id,
                text: format!("Two <b>therapists</b> for: {}", criterion.title),
            })
            .collect(),
        matching_statement: "A calm home & a \"garden\".".to_owned(),
    };
    let content = Content::new(bid, "PR-2026-7KQ4MX", terms).unwrap();
    Content {
        remarks: vec![Remark {
            code: "distance".to_owned(),
            text: "It is <far>.".to_owned(),
        }],
        ..content
    }
}

/// What the ids of a bid stand for.
pub fn names() -> Names {
    Names {
        request_reference: "PR-2026-7KQ4MX".to_owned(),
        home: "Acorn House".to_owned(),
        provider: "Acorn & <Oak>".to_owned(),
    }
}

/// How the bid's home stands to the request: it fits, or not for one reason.
pub fn found(bid: &Bid, against: Option<Misfit>) -> Match {
    let reason = |code: &str, text: &str| Reason {
        code: code.to_owned(),
        text: text.to_owned(),
        points: None,
    };
    Match {
        home_id: bid.home_id,
        provider_id: bid.provider_id,
        misfits: against.into_iter().collect::<CodeSet<Misfit>>(),
        rank: None,
        points: Points::default(),
        reasons: vec![match against {
            Some(misfit) => reason(misfit.code(), misfit.label()),
            None => reason("distance.near", "12.3 miles from RG1 <near>."),
        }],
        miles: 12.34,
    }
}

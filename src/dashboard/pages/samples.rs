//! What the tests of home pages and of pages across slices show.

use crate::bids::pages::samples as bids;
use crate::matching::actions::OwnFit;
use crate::matching::rules::Misfit;
use crate::placement_requests::rules::samples;

/// When bids on the sample request close, as every page says it.
pub const CLOSES: &str = "<time data-until datetime=\"2026-11-23T12:00:00Z\">23 November 2026, 12:00 GMT</time>";

/// A home of the reader's own that fits the sample request, or does not for one reason.
pub fn fit(name: &str, against: Option<Misfit>) -> OwnFit {
    let (request, _) = samples::published();
    let bid = bids::draft(&request);
    OwnFit {
        home_id: bid.home_id,
        name: name.to_owned(),
        found: bids::found(&bid, against),
    }
}

//! Placement requests, as a provider sees them.

use super::RequestFilter;
use crate::access::Actor;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::PlacementRequestId;
use crate::placement_requests::ConfidentialKey;
use crate::placement_requests::actions::{scope_of, seen_by};
use crate::placement_requests::api::{RequestSummary, RequestView};
use crate::placement_requests::store::{self, Narrowed};
use crate::web::pages::{Desk, Html, csv, filters};
use crate::web::{Answer, Items, Page};
use askama::Template;

#[derive(Template)]
#[template(path = "dashboard/requests/provider_list.html")]
struct ListPage {
    requests: Items<RequestSummary>,
}

#[derive(Template)]
#[template(path = "dashboard/requests/provider_request.html")]
struct RequestPage {
    request: RequestView,
}

fn narrowed(filter: &RequestFilter) -> Narrowed {
    Narrowed {
        phase: filter.status,
        framework: None,
        lot: filter.lot_id,
    }
}

fn found(tx: &mut Tx<'_>, actor: &Actor, filter: &RequestFilter, page: &Page) -> Result<Items<RequestSummary>> {
    let found = store::requests_page(tx, scope_of(actor), narrowed(filter), page)?;
    let Items { items, next } = Items::of(found, page, |request| request.id);
    let items = RequestSummary::all(tx, items)?;
    Ok(Items { items, next })
}

/// The list.
pub(super) fn list(tx: &mut Tx<'_>, desk: &Desk<Actor>, filter: &RequestFilter, page: &Page) -> Result<Html> {
    let requests = found(tx, desk, filter, page)?;
    Html::of("Placement requests", &ListPage { requests })
}

/// The list, to take away.
pub(super) fn table(tx: &mut Tx<'_>, desk: &Desk<Actor>, filter: &RequestFilter) -> Result<Answer> {
    let page = Page {
        limit: 5_000,
        after: None,
    };
    let requests = found(tx, desk, filter, &page)?;
    let rows = requests.items.into_iter().map(|request| {
        vec![
            request.reference,
            request.status.label().to_owned(),
            request.lot_code,
            request.bids_close_at.to_string(),
        ]
    });
    csv(
        "placement-requests.csv",
        &["Reference", "Status", "Lot", "Bids close"],
        rows,
    )
}

/// One request.
pub(super) fn show(tx: &mut Tx<'_>, desk: &Desk<Actor>, key: &ConfidentialKey, id: PlacementRequestId) -> Result<Html> {
    let request = seen_by(tx, desk, id)?;
    let request = RequestView::of(tx, desk, key, request)?;
    Html::of(request.reference.clone(), &RequestPage { request })
}

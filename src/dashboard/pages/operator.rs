//! What needs an operator today, and how the market of the region stands.

use super::region::RegionGlance;
use crate::access::{Actor, Anyone};
use crate::dashboard::store::{self, DueApplication};
use crate::db::Tx;
use crate::error::Result;
use crate::frameworks;
use crate::ids::OrganisationId;
use crate::notifications::store::{Mailing, given_up, unread};
use crate::providers::rules::{AdmissionState, Suspension};
use crate::providers::store::{AdmissionFilter, Scope, admissions_page, names};
use crate::web::pages::{Desk, Html, filters};
use crate::web::{Items, Page};
use askama::Template;
use chrono::NaiveDate;
use std::collections::HashMap;

/// The most rows of each list; the list's own page has them all.
const MOST: i64 = 10;

/// A provider that is suspended from a lot.
struct Suspended {
    provider_id: OrganisationId,
    provider: String,
    lot: String,
    suspension: Suspension,
}

#[derive(Template)]
#[template(path = "dashboard/operator.html")]
struct HomePage {
    today: NaiveDate,
    waiting: i64,
    overdue: i64,
    applications: Vec<DueApplication>,
    given_up: i64,
    unread: i64,
    suspended: Vec<Suspended>,
    more_suspended: bool,
    region: RegionGlance,
}

/// The home page of an operator.
pub(super) fn home(tx: &mut Tx<'_>, _: &Desk<Anyone>, actor: &Actor) -> Result<Html> {
    let (cooperative, today) = (actor.organisation_id, tx.now.date_in_uk());
    let (waiting, overdue) = store::applications_overdue(tx, cooperative, today)?;
    let (suspended, more_suspended) = suspended(tx, cooperative)?;
    let page = HomePage {
        today,
        waiting,
        overdue,
        applications: store::applications_due(tx, cooperative, MOST)?,
        given_up: given_up(tx, Mailing::Of(cooperative))?,
        unread: unread(tx, actor.person_id)?,
        suspended,
        more_suspended,
        region: RegionGlance::of(tx, actor)?,
    };
    Html::of("Home", &page)
}

/// The suspensions from the cooperative's lots, and whether there are more.
fn suspended(tx: &mut Tx<'_>, cooperative: OrganisationId) -> Result<(Vec<Suspended>, bool)> {
    let now = tx.now;
    let filter = AdmissionFilter {
        status: Some(AdmissionState::Suspended),
        ..AdmissionFilter::default()
    };
    let page = Page {
        limit: MOST,
        after: None,
    };
    let Items {
        items: admissions,
        next,
    } = admissions_page(tx, &Scope::Cooperative(cooperative), &filter, &page)?;
    let lots: Vec<_> = admissions.iter().map(|admission| admission.lot_id).collect();
    let lots: HashMap<_, _> = frameworks::store::lots_by_id(tx, &lots)?
        .into_iter()
        .map(|lot| (lot.id, format!("{}, {}", lot.code, lot.title)))
        .collect();
    let providers: Vec<_> = admissions.iter().map(|admission| admission.provider_id).collect();
    let providers = names(tx, &providers)?;
    let rows = admissions.iter().filter_map(|admission| {
        Some(Suspended {
            provider_id: admission.provider_id,
            provider: providers.get(&admission.provider_id).cloned().unwrap_or_default(),
            lot: lots.get(&admission.lot_id).cloned().unwrap_or_default(),
            suspension: admission.suspension(now)?,
        })
    });
    Ok((rows.collect(), next.is_some()))
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dashboard::rules::Region;
    use crate::ids::ApplicationId;
    use crate::placement_requests::rules::samples::noon;
    use crate::providers::rules::SuspensionCause;
    use crate::web::pages::assert_shows;

    fn nothing() -> HomePage {
        HomePage {
            today: noon().date_in_uk(),
            waiting: 0,
            overdue: 0,
            applications: Vec::new(),
            given_up: 0,
            unread: 0,
            suspended: Vec::new(),
            more_suspended: false,
            region: RegionGlance::showing(Region::of(&[], &[], noon())),
        }
    }

    #[test]
    fn when_all_is_done_it_says_so() {
        let seen = [
            "None waits for a decision.",
            "None was given up.",
            "You have read everything.",
            "No provider is suspended.",
            "<h2>The region at a glance</h2>",
        ];
        assert_shows(
            &nothing(),
            &seen,
            &[
                "tag red",
                "tag yellow",
                "tag green",
                "Applications by due date",
                "Show all suspensions",
            ],
        );
    }

    #[test]
    fn what_waits_is_counted_and_what_is_late_is_marked() {
        let application = |provider: &str, due_on: &str| DueApplication {
            id: ApplicationId::new(noon()),
            provider: provider.to_owned(),
            framework: "SE-RES-1".to_owned(),
            due_on: Some(due_on.parse().unwrap()),
        };
        let page = HomePage {
            waiting: 3,
            overdue: 1,
            applications: vec![
                application("Acorn & <Oak>", "2026-11-21"),
                application("Birch", "2026-11-22"),
                application("Elm", "2026-11-23"),
            ],
            given_up: 1,
            unread: 2,
            ..nothing()
        };
        let seen = [
            "3 applications wait for a decision.",
            "<span class=\"tag red\">1 overdue</span>",
            "1 person was not told something; send it again.",
            "<span class=\"tag red\">1 given up</span>",
            "2 are not read yet.",
            ">Acorn &#38; &#60;Oak&#62;</a></th><td>SE-RES-1</td> <td>21 November 2026 <span class=\"tag red\">Overdue</span></td>",
            "<td>22 November 2026 <span class=\"tag yellow\">Today</span></td>",
            "<td>23 November 2026</td>",
            "<caption>Applications that wait for a decision</caption>",
        ];
        assert_shows(&page, &seen, &["<Oak>", "None waits", "the first ten"]);
        let many = HomePage {
            waiting: 11,
            overdue: 0,
            ..page
        };
        assert_shows(
            &many,
            &["; the first ten</caption>", "<span class=\"tag yellow\">To do</span>"],
            &["1 overdue"],
        );
    }

    #[test]
    fn suspensions_stand_with_their_cause_and_their_end() {
        let suspended = |cause, reason: Option<&str>, until| Suspended {
            provider_id: OrganisationId::new(noon()),
            provider: "Acorn & <Oak>".to_owned(),
            lot: "R1, Children's homes".to_owned(),
            suspension: Suspension {
                cause,
                reason: reason.map(str::to_owned),
                until,
            },
        };
        let by_person = suspended(SuspensionCause::Cooperative, Some("Found <wanting>."), Some(noon()));
        let provider = format!(
            "<a href=\"/providers/{}\">Acorn &#38; &#60;Oak&#62;</a>",
            by_person.provider_id
        );
        let page = HomePage {
            suspended: vec![
                by_person,
                suspended(SuspensionCause::InsuranceExpired, None, None),
                suspended(SuspensionCause::Cooperative, None, None),
            ],
            more_suspended: true,
            ..nothing()
        };
        let seen = [
            provider.as_str(),
            "<td>R1, Children&#39;s homes</td><td>Suspended by the cooperative: Found &#60;wanting&#62;.</td>\
             <td><time datetime=\"2026-11-22T12:00:00Z\">22 November 2026, 12:00 GMT</time></td>",
            "<td>The insurance has expired</td><td>The provider renews its insurance</td>",
            "<td>Suspended by the cooperative</td><td>You reinstate it</td>",
            "Show all suspensions",
        ];
        assert_shows(&page, &seen, &["<Oak>", "<wanting>", "No provider is suspended."]);
    }
}

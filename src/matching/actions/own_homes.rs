//! How the homes of one provider stand towards many requests, in a fixed number of queries.

use std::collections::HashMap;

use super::{area_of, vacancy_of};
use crate::accounts;
use crate::db::Tx;
use crate::error::Result;
use crate::frameworks::{self, Lot};
use crate::homes::store::Wanted;
use crate::homes::{self, Home, HomeFacts};
use crate::ids::{FrameworkId, HomeId, LotId, OrganisationId, PlacementRequestId};
use crate::matching::rules::{Asked, Candidate, Match, Standing, judge};
use crate::placement_requests::PlacementRequest;
use crate::providers;
use crate::vacancies::{self, Price};
use crate::values::OfstedGrade;
use crate::web::Page;

/// A provider's home, and how it stands towards a request.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnFit {
    /// The home.
    pub home_id: HomeId,
    /// Its name.
    pub name: String,
    /// What was found. It has no rank and no points for its price: those are among all homes of the lot.
    pub found: Match,
}

/// Judges the open homes of a provider for each of these requests: those of the lot's placement type, the best one first.
pub fn own_fits(
    tx: &mut Tx<'_>,
    provider: OrganisationId,
    requests: &[PlacementRequest],
) -> Result<HashMap<PlacementRequestId, Vec<OwnFit>>> {
    let wanted = Wanted {
        provider_id: Some(provider),
        active: Some(true),
        ..Wanted::default()
    };
    let homes = homes::store::list(tx, &wanted, &Page::whole())?.items;
    let facts: Vec<HomeFacts> = homes.iter().map(HomeFacts::from).collect();
    let ids: Vec<HomeId> = homes.iter().map(|home| home.id).collect();
    let named = Referred::of(tx, provider, requests)?;
    let availability = vacancies::store::availability(tx, &ids)?;
    let prices = vacancies::store::prices_of(tx, &ids)?;
    let now = tx.now;
    let fits_of = |request: &PlacementRequest| {
        let lot = named.lots.get(&request.lot_id)?;
        let asked = Asked::of(request, lot, *named.worst_grades.get(&request.framework_id)?);
        let area = named.areas.get(&request.authority_id).map_or("", String::as_str);
        let judged = |(home, facts): (&Home, &HomeFacts)| {
            let vacancy = vacancy_of(availability.get(&home.id), &request.child, request.starts_on, now);
            let price = price_on(&prices, home.id, request).map(|price| price.lines.total());
            let area = area_of(area, facts.local_authority);
            let candidate = Candidate::of(facts, named.standing(request.lot_id), area, vacancy, price);
            let found = Match::of(&asked, &candidate, &judge(&asked, &candidate, 0));
            OwnFit {
                home_id: home.id,
                name: home.name.clone(),
                found,
            }
        };
        let mut fits: Vec<OwnFit> = homes
            .iter()
            .zip(&facts)
            .filter(|(home, _)| home.purpose.placement_type == lot.placement_type)
            .map(judged)
            .collect();
        fits.sort_by_key(|fit| (fit.found.misfits.len(), -fit.found.points.total(), fit.home_id));
        Some((request.id, fits))
    };
    Ok(requests.iter().filter_map(fits_of).collect())
}

/// The price of a home in the request's lot on the day of its start. The prices are in the order of their dates.
fn price_on<'p>(prices: &'p [Price], home: HomeId, request: &PlacementRequest) -> Option<&'p Price> {
    prices
        .iter()
        .rfind(|one| one.home_id == home && one.lot_id == request.lot_id && one.effective_from <= request.starts_on)
}

/// What requests refer to, by id.
struct Referred {
    lots: HashMap<LotId, Lot>,
    worst_grades: HashMap<FrameworkId, OfstedGrade>,
    areas: HashMap<OrganisationId, String>,
    standings: HashMap<LotId, Standing>,
}

impl Referred {
    fn of(tx: &mut Tx<'_>, provider: OrganisationId, requests: &[PlacementRequest]) -> Result<Self> {
        let lots = distinct(requests.iter().map(|request| request.lot_id));
        let frameworks = distinct(requests.iter().map(|request| request.framework_id));
        let authorities = distinct(requests.iter().map(|request| request.authority_id));
        let now = tx.now;
        let standing = |admission: providers::rules::Admission| {
            let standing = if admission.in_force(now) {
                Standing::Admitted
            } else {
                Standing::Suspended
            };
            (admission.lot_id, standing)
        };
        Ok(Self {
            lots: frameworks::store::lots_by_id(tx, &lots)?
                .into_iter()
                .map(|lot| (lot.id, lot))
                .collect(),
            worst_grades: frameworks::store::frameworks(tx, &frameworks)?
                .into_iter()
                .map(|framework| (framework.id, framework.policy.worst_grade))
                .collect(),
            areas: accounts::store::organisations(tx, &authorities)?
                .into_iter()
                .map(|authority| (authority.id, authority.gss_code.unwrap_or_default()))
                .collect(),
            standings: providers::store::live_admissions_anywhere(tx, provider)?
                .into_iter()
                .map(standing)
                .collect(),
        })
    }

    fn standing(&self, lot: LotId) -> Standing {
        self.standings.get(&lot).copied().unwrap_or(Standing::NotAdmitted)
    }
}

fn distinct<T: Ord>(ids: impl Iterator<Item = T>) -> Vec<T> {
    let mut ids: Vec<T> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

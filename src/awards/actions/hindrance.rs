//! What would refuse the confirming of an award as things stand, so that it is known before anybody tries. Read only.

use super::confirm::places_wanted;
use super::propose::ranks_as_proposed;
use crate::awards::rules::{Award, AwardRefused, AwardState, eligible, may_answer, on_framework_terms};
use crate::awards::store;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::evaluation::{self, Sheet};
use crate::frameworks::{self, Framework};
use crate::homes::{self, Home};
use crate::ids::{AwardId, BidId};
use crate::placement_requests::{self, PlacementRequest};
use crate::providers::{self, rules::Standing};
use crate::vacancies::{self, rules::Availability};
use std::collections::HashMap;

/// [`hindrances`] of one award.
pub fn hindrance(tx: &mut Tx<'_>, award: &Award) -> Result<Option<AwardRefused>> {
    Ok(hindrances(tx, std::slice::from_ref(award))?.remove(&award.id))
}

/// What keeps those of these awards that are proposed or approved from being confirmed, beside missing approvals and the standstill:
/// the request's state, the ranking, the home's free places, its eligibility. It judges as [`super::confirm()`] does, and holds nothing:
/// what it finds may be otherwise a moment later. As many queries for many as for one.
pub fn hindrances(tx: &mut Tx<'_>, awards: &[Award]) -> Result<HashMap<AwardId, AwardRefused>> {
    let is_open = |award: &&Award| matches!(award.state, AwardState::Proposed | AwardState::Approved);
    let open: Vec<&Award> = awards.iter().filter(is_open).collect();
    let ids: Vec<_> = open.iter().map(|award| award.placement_request_id).collect();
    let requests = by(placement_requests::store::requests(tx, &ids)?, |request| request.id);
    let sheets = evaluation::actions::sheets(tx, &requests.values().collect::<Vec<_>>())?;
    let declined = store::declined_bids_of(tx, &ids)?;
    let home_ids: Vec<_> = open.iter().map(|award| award.home_id).collect();
    let homes = by(homes::store::homes(tx, &home_ids)?, |home| home.id);
    let offered = vacancies::store::availability(tx, &home_ids)?;
    let framework_ids: Vec<_> = requests.values().map(|request| request.framework_id).collect();
    let frameworks = by(frameworks::store::frameworks(tx, &framework_ids)?, |framework| {
        framework.id
    });
    let lots: Vec<_> = open.iter().map(|award| award.lot_id).collect();
    let providers: Vec<_> = open.iter().map(|award| award.provider_id).collect();
    let standings = providers::actions::standings_of(tx, &providers, &lots)?;
    let now = tx.now;
    let mut found = HashMap::new();
    for award in open {
        let corrupt = || Error::CorruptRow {
            table: "awards",
            id: award.id.to_string(),
        };
        let request = requests.get(&award.placement_request_id).ok_or_else(corrupt)?;
        let standing = standings.get(&(award.provider_id, award.lot_id)).copied();
        let facts = Facts {
            sheet: sheets.get(&request.id).ok_or_else(corrupt)?,
            declined: &declined,
            framework: frameworks.get(&request.framework_id).ok_or_else(corrupt)?,
            home: homes.get(&award.home_id).ok_or_else(corrupt)?,
            offered: offered.get(&award.home_id),
            standing: on_framework_terms(award.route).then(|| standing.unwrap_or_default()),
        };
        if let Err(refused) =
            may_answer(award.is_direct(), request.phase(now)).and_then(|()| confirmable(award, request, &facts))
        {
            found.insert(award.id, refused);
        }
    }
    Ok(found)
}

/// What is known of the competition, and of the home that is awarded.
struct Facts<'a> {
    sheet: &'a Sheet,
    declined: &'a [BidId],
    framework: &'a Framework,
    home: &'a Home,
    offered: Option<&'a Availability>,
    standing: Option<Standing>,
}

fn confirmable(award: &Award, request: &PlacementRequest, facts: &Facts<'_>) -> Result<(), AwardRefused> {
    ranks_as_proposed(award, facts.sheet, facts.declined)?;
    let wanted = places_wanted(award, request);
    let free = facts.offered.map_or(0, |offered| offered.places_for(&wanted));
    if free < wanted.places {
        return Err(AwardRefused::NoFreePlace);
    }
    eligible(facts.home, facts.standing, facts.framework)
}

fn by<K: std::hash::Hash + Eq, T>(things: Vec<T>, id: impl Fn(&T) -> K) -> HashMap<K, T> {
    things.into_iter().map(|thing| (id(&thing), thing)).collect()
}

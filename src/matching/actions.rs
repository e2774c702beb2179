//! Matches, publishing, and the first look of those invited.

mod own_homes;

pub use own_homes::{OwnFit, own_fits};

use std::collections::HashMap;

use chrono::NaiveDate;
use serde_json::json;

use super::rules::{Area, Asked, Candidate, Invited, Judged, Match, Misfit, Standing, Vacancy, judge, rank};
use super::store::{self, NewInvitation, Reasons};
use crate::access::{Actor, Permission, Who};
use crate::audit::Act;
use crate::clock::Instant;
use crate::db::{Tx, unless_stale};
use crate::error::{Error, Result};
use crate::frameworks::rules::InviteRule;
use crate::frameworks::{self, Lot};
use crate::homes::{self, HomeFacts};
use crate::ids::{HomeId, OrganisationId, PlacementRequestId};
use crate::outbox::Event;
use crate::placement_requests::rules::{Child, Publishing, must_be_ready};
use crate::placement_requests::{self, ConfidentialKey, PlacementRequest};
use crate::providers;
use crate::reference;
use crate::vacancies;
use crate::vacancies::rules::{Availability, PlacesWanted};
use crate::values::{CodeSet, OfstedGrade};

/// Homes judged for a request, in order. Words are made of those that are asked for.
#[derive(Debug)]
pub struct Matches {
    asked: Asked,
    homes: Vec<HomeFacts>,
    candidates: Vec<Candidate>,
    judged: Vec<Judged>,
    /// The providers that are admitted to the lot and not suspended, whether they have homes or not.
    admitted: Vec<OrganisationId>,
}

impl Matches {
    /// How many homes were judged.
    pub fn len(&self) -> usize {
        self.judged.len()
    }

    /// Whether there was none.
    pub fn is_empty(&self) -> bool {
        self.judged.is_empty()
    }

    /// How many of them fit.
    pub fn fitting(&self) -> usize {
        self.judged.iter().filter(|one| one.fits()).count()
    }

    /// The position of a home in the order.
    pub fn position_of(&self, home: HomeId) -> Option<usize> {
        self.judged
            .iter()
            .position(|one| self.candidates[one.position].home_id == home)
    }

    /// Whether the home at this position fits.
    pub fn fits(&self, position: usize) -> bool {
        self.judged[position].fits()
    }

    /// The Ofsted grade of the home at this position.
    pub fn grade(&self, position: usize) -> OfstedGrade {
        self.homes[self.judged[position].position].grade
    }

    /// Whom publishing invites under this rule.
    pub fn invited(&self, rule: InviteRule) -> Invited {
        let fitting = self.judged.iter().filter(|one| one.fits());
        let providers = fitting.map(|one| self.candidates[one.position].provider_id);
        Invited::by(rule, providers, &self.admitted)
    }

    /// How far the request reaches, and would if its limit lay wider.
    pub fn reach(&self, limit_miles: Option<i32>) -> Reach {
        let too_far_only = CodeSet::from([Misfit::Distance]);
        let wider = limit_miles.and_then(|limit| {
            WIDER_BY_MILES.into_iter().find_map(|by| {
                let miles = limit + by;
                let more = self
                    .judged
                    .iter()
                    .filter(|one| one.misfits == too_far_only && one.tenths_of_miles() <= i64::from(miles) * 10)
                    .count();
                (more > 0).then_some((more, miles))
            })
        });
        Reach {
            fit: self.fitting(),
            wider,
        }
    }

    /// The home at this position, what was found of it, and why.
    pub fn explained(&self, position: usize) -> (&HomeFacts, &Candidate, Match) {
        let judged = &self.judged[position];
        let (home, candidate) = (&self.homes[judged.position], &self.candidates[judged.position]);
        (home, candidate, Match::of(&self.asked, candidate, judged))
    }
}

/// By how much wider a limit is tried, in miles.
const WIDER_BY_MILES: [i32; 5] = [5, 10, 25, 50, 100];

/// How many homes a request reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// How many fit.
    pub fit: usize,
    /// How many more would, were the limit this many miles: the least wider one that brings any.
    pub wider: Option<(usize, i32)>,
}

/// Judges all homes of the lot: those of its placement type whose providers are admitted, or suspended for a time.
pub fn matches(tx: &mut Tx<'_>, request: &PlacementRequest) -> Result<Matches> {
    let lot = lot_of(tx, request)?;
    let standings = standings(tx, &lot)?;
    let mut providers: Vec<OrganisationId> = standings.keys().copied().collect();
    providers.sort_unstable();
    let homes = homes::store::facts_of_providers(tx, &providers, lot.placement_type)?;
    ranked(tx, request, &lot, &standings, homes)
}

/// Judges these homes, whosever they are. They have no ranks: those are among all homes of the lot.
pub fn matches_of(tx: &mut Tx<'_>, request: &PlacementRequest, ids: &[HomeId]) -> Result<HashMap<HomeId, Match>> {
    let lot = lot_of(tx, request)?;
    let standings = standings(tx, &lot)?;
    let homes = homes::store::facts(tx, ids)?;
    let matches = ranked(tx, request, &lot, &standings, homes)?;
    Ok((0..matches.len())
        .map(|position| {
            let (home, _, found) = matches.explained(position);
            (home.id, Match { rank: None, ..found })
        })
        .collect())
}

fn lot_of(tx: &mut Tx<'_>, request: &PlacementRequest) -> Result<Lot> {
    frameworks::store::lot(tx, request.lot_id)?.ok_or(Error::NotFound("lot"))
}

fn standings(tx: &mut Tx<'_>, lot: &Lot) -> Result<HashMap<OrganisationId, Standing>> {
    let standings = providers::actions::standings(tx, lot)?;
    let admitted = standings.into_iter().filter(|(_, standing)| standing.admitted);
    Ok(admitted
        .map(|(provider, standing)| {
            (
                provider,
                if standing.suspended {
                    Standing::Suspended
                } else {
                    Standing::Admitted
                },
            )
        })
        .collect())
}

fn ranked(
    tx: &mut Tx<'_>,
    request: &PlacementRequest,
    lot: &Lot,
    standings: &HashMap<OrganisationId, Standing>,
    homes: Vec<HomeFacts>,
) -> Result<Matches> {
    let framework = frameworks::store::framework(tx, request.framework_id)?.ok_or(Error::NotFound("framework"))?;
    let authority =
        crate::accounts::store::organisation(tx, request.authority_id)?.ok_or(Error::NotFound("authority"))?;
    let area = authority.gss_code.unwrap_or_default();
    let ids: Vec<HomeId> = homes.iter().map(|home| home.id).collect();
    let availability = vacancies::store::availability(tx, &ids)?;
    let prices = vacancies::store::prices_on(tx, &ids, lot.id, request.starts_on)?;
    let candidates: Vec<Candidate> = homes
        .iter()
        .map(|home| {
            let vacancy = vacancy_of(availability.get(&home.id), &request.child, request.starts_on, tx.now);
            let standing = standings
                .get(&home.provider_id)
                .copied()
                .unwrap_or(Standing::NotAdmitted);
            let price = prices.get(&home.id).map(|price| price.lines.total());
            Candidate::of(home, standing, area_of(&area, home.local_authority), vacancy, price)
        })
        .collect();
    let asked = Asked::of(request, lot, framework.policy.worst_grade);
    let mut judged: Vec<Judged> = candidates
        .iter()
        .enumerate()
        .map(|(position, home)| judge(&asked, home, position))
        .collect();
    rank(&mut judged, &candidates);
    let not_suspended = standings
        .iter()
        .filter(|(_, standing)| **standing == Standing::Admitted);
    let mut admitted: Vec<OrganisationId> = not_suspended.map(|(provider, _)| *provider).collect();
    admitted.sort_unstable();
    Ok(Matches {
        asked,
        homes,
        candidates,
        judged,
        admitted,
    })
}

fn area_of(authority: &str, home: &str) -> Area {
    if authority == home {
        Area::Own
    } else if reference::adjoins(authority, home) {
        Area::Adjoining
    } else {
        Area::Distant
    }
}

fn vacancy_of(availability: Option<&Availability>, child: &Child, on: NaiveDate, now: Instant) -> Vacancy {
    let Some(availability) = availability else {
        return Vacancy::NONE;
    };
    let places = |age, sex| {
        availability.places_for(&PlacesWanted {
            on,
            places: child.places(),
            age,
            sex,
        })
    };
    Vacancy {
        places: places(None, None),
        places_for_age: places(Some(child.age), None),
        places_for_sex: places(None, child.sex),
        places_for_child: places(Some(child.age), child.sex),
        fresh: availability.fresh(now),
    }
}

/// Publishes a draft and [invites](Invited::by).
pub fn publish(
    tx: &mut Tx<'_>,
    actor: &Actor,
    key: &ConfidentialKey,
    id: PlacementRequestId,
    publishing: &Publishing,
    if_match: Option<i64>,
) -> Result<PlacementRequest> {
    use placement_requests::actions as requests;
    actor.must(Permission::WriteRequests)?;
    let draft = requests::own(tx, actor, id)?;
    unless_stale(draft.version, if_match)?;
    draft.must_be_draft(tx.now)?;
    let (framework, lot) = requests::call_off(tx, &draft)?;
    let criteria = placement_requests::store::criteria(tx, id)?;
    let details = requests::details(tx, key, id)?;
    let unconfirmed = requests::let_stand(&draft, &criteria, &details, &publishing.confirmations, tx.now)?;
    must_be_ready(&draft, &criteria, &lot, &framework.policy, &unconfirmed, tx.now)?;

    let published = draft.published(tx.now)?;
    let request = placement_requests::store::update(tx, published)?;
    let confirmed = requests::keep_request_confirmations(tx, actor, &request, &criteria, &publishing.confirmations)?;
    let matches = matches(tx, &request)?;
    let invited = invite(tx, &request, framework.policy.invite_rule, &matches)?;
    tx.emit(Event::RequestPublished { request_id: id })?;
    let act = Act::on("placement_request", id).did("request.publish").after(json!({
        "bids_close_at": request.bids_close_at,
        "homes": matches.len(),
        "homes_that_fit": matches.fitting(),
        "invited": invited,
        "confirmed": confirmed,
    }));
    tx.record(Who::Person(actor), act);
    Ok(request)
}

/// Keeps the invitations, the best first. Answers how many providers were invited.
fn invite(tx: &mut Tx<'_>, request: &PlacementRequest, rule: InviteRule, matches: &Matches) -> Result<usize> {
    let mut homes: HashMap<OrganisationId, Vec<(HomeId, i32, Reasons)>> = HashMap::new();
    for position in 0..matches.fitting() {
        let (home, _, found) = matches.explained(position);
        homes.entry(home.provider_id).or_default().push((
            home.id,
            found.rank.unwrap_or(i32::MAX),
            Reasons(found.reasons),
        ));
    }
    let invited = matches.invited(rule).providers.into_iter();
    let invitations: Vec<NewInvitation> = invited
        .map(|provider_id| NewInvitation {
            provider_id,
            homes: homes.remove(&provider_id).unwrap_or_default(),
        })
        .collect();
    store::insert_invitations(tx, request.id, &invitations)?;
    Ok(invitations.len())
}

/// Whether the actor's provider was invited and nobody of it has looked yet.
pub fn is_first_look(tx: &mut Tx<'_>, actor: &Actor, id: PlacementRequestId) -> Result<bool> {
    Ok(
        store::invitation_of(tx, id, actor.organisation_id)?
            .is_some_and(|invitation| invitation.first_looked.is_none()),
    )
}

/// Notes that somebody of an invited provider has looked at the request, if nobody of it had before.
pub fn look(tx: &mut Tx<'_>, actor: &Actor, id: PlacementRequestId) -> Result<()> {
    actor.must(Permission::ReadRequests)?;
    let Some(invitation) = store::invitation_of(tx, id, actor.organisation_id)? else {
        return Ok(());
    };
    if store::note_first_look(tx, invitation.id, actor.person_id)? {
        tx.record(
            Who::Person(actor),
            Act::on("placement_request", id).did("request.first_look"),
        );
    }
    Ok(())
}

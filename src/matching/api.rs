//! Matches, publishing, invitations, and the single request, over HTTP.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::actions::{self, Matches};
use super::rules::{Area, Points, Reason};
use super::store::{self, Invitation, InvitedHome};
use crate::access::{Actor, AuthorityUser, OrganisationKind, Permission};
use crate::accounts;
use crate::clock::Instant;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::homes::api::LocalAuthority;
use crate::ids::{HomeId, InvitationId, OrganisationId, PlacementRequestId};
use crate::placement_requests::actions::seen_by;
use crate::placement_requests::api::{RequestView, TAG, answer};
use crate::placement_requests::rules::Publishing;
use crate::placement_requests::{ConfidentialKey, RequestRefused};
use crate::values::{District, Money, OfstedGrade, ProvisionType};
use crate::web::{Answer, Body, Door, Id, Items, Page, Query, Reply, Routes};

/// The slice's operations.
pub fn routes(r: &mut Routes) {
    r.tag(TAG.0, TAG.1);
    r.get("/placement-requests/{id}", show)
        .summary("A placement request")
        .description("Its own authority sees all of it; once it is published, providers admitted to the lot and the framework's cooperative see what doesn't tell who the child is. The first look of somebody invited is noted.")
        .may(Permission::ReadRequests)
        .answers::<RequestView>(200);
    r.post("/placement-requests/{id}/publish", publish)
        .summary("Publish a draft and invite")
        .description("Everything that stands against it is named at once. Texts that may identify the child are refused unless each hit is confirmed with a reason.")
        .may(Permission::WriteRequests)
        .optional_body::<Publishing>()
        .answers::<RequestView>(200)
        .refuses(&["framework.not_open", "framework.out_of_term"])
        .refuses(RequestRefused::PUBLISHING);
    r.tag("matching", "Which homes fit a request, and why; who was invited.");
    r.get("/placement-requests/{id}/matches", matches)
        .summary("Which homes of the lot fit, and why")
        .description("Also of a draft; as homes stand now, whenever it is asked: who was invited, and why, is kept with the invitations. Homes that fit come first, by rank; of the others every reason against them is named. It advises; a person decides.")
        .may(Permission::ReadMatches)
        .query::<MatchFilter>()
        .lists::<MatchView>();
    r.get("/placement-requests/{id}/invitations", invitations)
        .summary("Who was invited, why, and when they first looked")
        .may(Permission::ReadMatches)
        .lists::<InvitationView>();
}

/// Which matches.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MatchFilter {
    /// Only homes that fit, or only those that don't.
    pub fits: Option<bool>,
}

/// A home's match with a request.
#[derive(Debug, Serialize, ToSchema)]
pub struct MatchView {
    /// The home.
    pub home: MatchedHome,
    /// Whether it fits.
    pub fits: bool,
    /// Its rank among the homes that fit, from 1; null when it doesn't.
    #[schema(example = 1)]
    pub rank: Option<i32>,
    /// Its points of 1,000, when it fits.
    pub points: Option<i32>,
    /// What the points are made of.
    pub points_by_rule: Option<Points>,
    /// What ranks it, or every reason against it.
    pub reasons: Vec<Reason>,
    /// The miles from where the child comes from.
    #[schema(example = 3.2)]
    pub distance_miles: f64,
    /// Where it lies, as seen from the authority.
    pub area: Area,
    /// Its listed weekly price on the lot, on the day of the start.
    pub weekly_price: Option<Money>,
}

/// The home of a match, without its address.
#[derive(Debug, Serialize, ToSchema)]
pub struct MatchedHome {
    /// Its id.
    pub id: HomeId,
    /// Its name.
    #[schema(example = "Example House")]
    pub name: String,
    /// Its provider.
    pub provider_id: OrganisationId,
    /// The provider's name.
    #[schema(example = "Example Care Ltd")]
    pub provider_name: String,
    /// What it is registered as.
    pub provision_type: ProvisionType,
    /// The grade of its newest inspection.
    pub grade: OfstedGrade,
    /// Its postcode district.
    pub postcode_district: District,
    /// The authority in whose area it lies.
    pub local_authority: LocalAuthority,
    /// The free places that this child may take by the day of the start.
    #[schema(example = 1)]
    pub places: i32,
    /// Whether its vacancy was confirmed within seven days.
    pub fresh: bool,
}

/// An invitation to bid.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationView {
    /// Its id.
    pub id: InvitationId,
    /// Who was invited.
    pub provider_id: OrganisationId,
    /// Its name.
    pub provider_name: String,
    /// The rank of its best home; null when it was invited without one that fits.
    pub rank: Option<i32>,
    /// Its homes that fitted then, and why.
    pub homes: Vec<InvitedHomeView>,
    /// When it was invited.
    pub invited_at: Instant,
    /// When somebody of it first looked at the request.
    pub first_looked_at: Option<Instant>,
}

/// A home that an invitation was sent for.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitedHomeView {
    /// The home.
    pub id: HomeId,
    /// Its name.
    pub name: String,
    /// Its rank then.
    pub rank: i32,
    /// What ranked it.
    pub reasons: Vec<Reason>,
}

impl From<InvitedHome> for InvitedHomeView {
    fn from(home: InvitedHome) -> Self {
        Self {
            id: home.home_id,
            name: home.name,
            rank: home.rank,
            reasons: home.reasons.0,
        }
    }
}

async fn show(door: Door<Actor>, id: Id<PlacementRequestId>) -> Reply {
    let key = ConfidentialKey::of(&door.app.secret);
    let first_look = door.asker.organisation_kind == OrganisationKind::Provider && {
        let (asker, id) = (door.asker.clone(), *id);
        door.app
            .db
            .read(move |tx| actions::is_first_look(tx, &asker, id))
            .await?
    };
    let show = move |tx: &mut Tx<'_>, actor: &Actor| {
        let request = seen_by(tx, actor, *id)?;
        if first_look {
            actions::look(tx, actor, *id)?;
        }
        answer(tx, actor, &key, request)
    };
    // Only a first look writes.
    if first_look {
        door.write(show).await
    } else {
        door.read(show).await
    }
}

async fn publish(door: Door<AuthorityUser>, id: Id<PlacementRequestId>, body: Body<Publishing>) -> Reply {
    let (key, if_match) = (ConfidentialKey::of(&door.app.secret), door.if_match()?);
    door.write(move |tx, actor| {
        let request = actions::publish(tx, actor, &key, *id, &body.0, if_match)?;
        answer(tx, actor, &key, request)
    })
    .await
}

async fn matches(
    door: Door<AuthorityUser>,
    id: Id<PlacementRequestId>,
    page: Page,
    filter: Query<MatchFilter>,
) -> Reply {
    door.read(move |tx, actor| {
        let request = seen_by(tx, actor, *id)?;
        let matches = actions::matches(tx, &request)?;
        let shown = positions(&matches, filter.fits, None, &page)?;
        let Items { items, next } = Items::of(shown, &page, |position| matches.explained(*position).0.id);
        Answer::ok(Items {
            items: views(tx, &matches, &items)?,
            next,
        })
    })
    .await
}

/// The positions that a page shows, and one more when there are more. A cursor is the home that the page before ended with.
pub(super) fn positions(
    matches: &Matches,
    fits: Option<bool>,
    grade: Option<OfstedGrade>,
    page: &Page,
) -> Result<Vec<usize>> {
    let from = match page.after::<HomeId>()? {
        Some(home) => {
            let gone = || Error::field("after", "cursor.invalid", "must be the `next` of the list before");
            matches.position_of(home).ok_or_else(gone)? + 1
        }
        None => 0,
    };
    let wanted = |position: &usize| {
        fits.is_none_or(|fits| matches.fits(*position) == fits)
            && grade.is_none_or(|grade| matches.grade(*position) == grade)
    };
    Ok((from..matches.len())
        .filter(wanted)
        .take(usize::try_from(page.fetch()).unwrap_or(usize::MAX))
        .collect())
}

pub(super) fn views(tx: &mut Tx<'_>, matches: &Matches, positions: &[usize]) -> Result<Vec<MatchView>> {
    let mut providers: Vec<_> = positions
        .iter()
        .map(|position| matches.explained(*position).0.provider_id)
        .collect();
    providers.sort_unstable();
    providers.dedup();
    let names = names(tx, &providers)?;
    let view = |position: &usize| {
        let (home, candidate, found) = matches.explained(*position);
        let local_authority = crate::reference::authority(home.local_authority)
            .map(LocalAuthority::from)
            .ok_or_else(|| Error::CorruptRow {
                table: "homes",
                id: home.id.to_string(),
            })?;
        Ok(MatchView {
            home: MatchedHome {
                id: home.id,
                name: home.name.clone(),
                provider_id: home.provider_id,
                provider_name: names(home.provider_id),
                provision_type: home.provision_type,
                grade: home.grade,
                postcode_district: home.district.clone(),
                local_authority,
                places: candidate.vacancy.places_for_child,
                fresh: candidate.vacancy.fresh,
            },
            fits: found.fits(),
            rank: found.rank,
            points: found.fits().then(|| found.points.total()),
            points_by_rule: found.fits().then_some(found.points),
            reasons: found.reasons,
            distance_miles: found.miles,
            area: candidate.area,
            weekly_price: candidate.price,
        })
    };
    positions.iter().map(view).collect()
}

/// The names of organisations.
pub(super) fn names(tx: &mut Tx<'_>, ids: &[OrganisationId]) -> Result<impl Fn(OrganisationId) -> String + use<>> {
    let organisations = accounts::store::organisations(tx, ids)?;
    Ok(move |id| {
        organisations
            .iter()
            .find(|one| one.id == id)
            .map(|one| one.name.clone())
            .unwrap_or_default()
    })
}

async fn invitations(door: Door<AuthorityUser>, id: Id<PlacementRequestId>, page: Page) -> Reply {
    door.read(move |tx, actor| {
        seen_by(tx, actor, *id)?;
        Answer::ok(invited(tx, *id, None, &page)?)
    })
    .await
}

/// A page of those invited: all, or only those who have looked or have not.
pub(super) fn invited(
    tx: &mut Tx<'_>,
    id: PlacementRequestId,
    looked: Option<bool>,
    page: &Page,
) -> Result<Items<InvitationView>> {
    let found = store::invitations_page(tx, id, looked, page)?;
    let Items { items, next } = Items::of(found, page, |invitation: &Invitation| invitation.id);
    let ids: Vec<_> = items.iter().map(|invitation| invitation.id).collect();
    let mut homes = store::invited_homes(tx, &ids)?;
    let providers: Vec<_> = items.iter().map(|invitation| invitation.provider_id).collect();
    let names = names(tx, &providers)?;
    let views = items
        .into_iter()
        .map(|invitation| InvitationView {
            id: invitation.id,
            provider_id: invitation.provider_id,
            provider_name: names(invitation.provider_id),
            rank: invitation.rank,
            homes: homes
                .remove(&invitation.id)
                .unwrap_or_default()
                .into_iter()
                .map(InvitedHomeView::from)
                .collect(),
            invited_at: invitation.invited_at,
            first_looked_at: invitation.first_looked.map(|(at, _)| at),
        })
        .collect();
    Ok(Items { items: views, next })
}

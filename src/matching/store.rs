//! Rows of invitations and of the homes they were sent for.

use std::collections::HashMap;

use diesel::prelude::*;

use super::rules::Reason;
use crate::clock::Instant;
use crate::db::schema::{homes, invitation_homes, invitations};
use crate::db::{ROWS_AT_ONCE, Tx, json_column};
use crate::each;
use crate::error::Result;
use crate::ids::{HomeId, InvitationId, OrganisationId, PersonId, PlacementRequestId};
use crate::web::Page;

/// The reasons of a match as they stood when the invitation was sent.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Reasons(pub Vec<Reason>);

json_column!(Reasons);

/// That a provider was invited to bid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// Who was invited.
    pub provider_id: OrganisationId,
    /// The rank of its best home; none when it was invited without one that fits.
    pub rank: Option<i32>,
    /// When it was invited.
    pub invited_at: Instant,
    /// When somebody of it first looked at the request, and who.
    pub first_looked: Option<(Instant, PersonId)>,
}

/// A home that an invitation was sent for.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct InvitedHome {
    /// The home.
    pub home_id: HomeId,
    /// Its name.
    pub name: String,
    /// Its rank among all homes of the lot.
    pub rank: i32,
    /// Why, as it stood then.
    pub reasons: Reasons,
}

#[derive(Queryable)]
struct InvitationRow {
    id: InvitationId,
    _placement_request_id: PlacementRequestId,
    provider_id: OrganisationId,
    rank: Option<i32>,
    created_at: Instant,
    first_looked_at: Option<Instant>,
    first_looked_by: Option<PersonId>,
}

impl From<InvitationRow> for Invitation {
    fn from(row: InvitationRow) -> Self {
        Self {
            id: row.id,
            provider_id: row.provider_id,
            rank: row.rank,
            invited_at: row.created_at,
            first_looked: row.first_looked_at.zip(row.first_looked_by),
        }
    }
}

/// The invitations to a request.
pub fn invitations(tx: &mut Tx<'_>, request: PlacementRequestId) -> Result<Vec<Invitation>> {
    use invitations as i;
    let rows: Vec<InvitationRow> = i::table
        .filter(i::placement_request_id.eq(request))
        .order(i::id)
        .load(tx.conn)?;
    Ok(rows.into_iter().map(Invitation::from).collect())
}

/// A page of them: in the order in which they were made, which is by rank; all, or only those looked at or not.
pub fn invitations_page(
    tx: &mut Tx<'_>,
    request: PlacementRequestId,
    looked: Option<bool>,
    page: &Page,
) -> Result<Vec<Invitation>> {
    use invitations as i;
    let mut query = i::table.filter(i::placement_request_id.eq(request)).into_boxed();
    query = match looked {
        Some(true) => query.filter(i::first_looked_at.is_not_null()),
        Some(false) => query.filter(i::first_looked_at.is_null()),
        None => query,
    };
    if let Some(after) = page.after::<InvitationId>()? {
        query = query.filter(i::id.gt(after));
    }
    let rows: Vec<InvitationRow> = query.order(i::id).limit(page.fetch()).load(tx.conn)?;
    Ok(rows.into_iter().map(Invitation::from).collect())
}

/// The homes that these invitations were sent for, by rank.
pub fn invited_homes(tx: &mut Tx<'_>, ids: &[InvitationId]) -> Result<HashMap<InvitationId, Vec<InvitedHome>>> {
    use invitation_homes as h;
    let rows: Vec<(InvitationId, InvitedHome)> = h::table
        .inner_join(homes::table)
        .filter(h::invitation_id.eq_any(ids))
        .order(h::rank)
        .select((h::invitation_id, (h::home_id, homes::name, h::rank, h::reasons)))
        .load(tx.conn)?;
    let mut homes: HashMap<_, Vec<_>> = HashMap::new();
    for (id, home) in rows {
        homes.entry(id).or_default().push(home);
    }
    Ok(homes)
}

/// The homes that fitted a request when it was published, each with its provider, by rank: those of all who were invited, or of one
/// provider.
pub fn fitted_homes(
    tx: &mut Tx<'_>,
    request: PlacementRequestId,
    provider: Option<OrganisationId>,
) -> Result<Vec<(OrganisationId, InvitedHome)>> {
    use invitation_homes as h;
    use invitations as i;
    let mut query = h::table
        .inner_join(i::table)
        .inner_join(homes::table)
        .filter(i::placement_request_id.eq(request))
        .order((h::rank, h::home_id))
        .select((i::provider_id, (h::home_id, homes::name, h::rank, h::reasons)))
        .into_boxed();
    if let Some(provider) = provider {
        query = query.filter(i::provider_id.eq(provider));
    }
    Ok(query.load(tx.conn)?)
}

/// The invitation of a provider to a request.
pub fn invitation_of(
    tx: &mut Tx<'_>,
    request: PlacementRequestId,
    provider: OrganisationId,
) -> Result<Option<Invitation>> {
    use invitations as i;
    let row: Option<InvitationRow> = i::table
        .filter(i::placement_request_id.eq(request))
        .filter(i::provider_id.eq(provider))
        .first(tx.conn)
        .optional()?;
    Ok(row.map(Invitation::from))
}

/// An invitation to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInvitation {
    /// Who is invited.
    pub provider_id: OrganisationId,
    /// Its homes that fit, with their ranks and why, the best one first.
    pub homes: Vec<(HomeId, i32, Reasons)>,
}

/// Keeps all invitations to a request.
pub fn insert_invitations(tx: &mut Tx<'_>, request: PlacementRequestId, new: &[NewInvitation]) -> Result<()> {
    use invitation_homes as h;
    use invitations as i;
    let now = tx.now;
    let ids: Vec<InvitationId> = new.iter().map(|_| InvitationId::new(now)).collect();
    let rows: Vec<_> = ids
        .iter()
        .zip(new)
        .map(|(id, one)| {
            (
                i::id.eq(*id),
                i::placement_request_id.eq(request),
                i::provider_id.eq(one.provider_id),
                i::rank.eq(one.homes.first().map(|(_, rank, _)| *rank)),
                i::created_at.eq(now),
            )
        })
        .collect();
    for rows in rows.chunks(ROWS_AT_ONCE) {
        each!(tx.conn, conn => diesel::insert_into(i::table).values(rows).execute(conn))?;
    }
    let rows: Vec<_> = ids
        .iter()
        .zip(new)
        .flat_map(|(id, one)| {
            one.homes.iter().map(move |(home, rank, reasons)| {
                (
                    h::invitation_id.eq(*id),
                    h::home_id.eq(*home),
                    h::rank.eq(*rank),
                    h::reasons.eq(reasons),
                )
            })
        })
        .collect();
    for rows in rows.chunks(ROWS_AT_ONCE) {
        each!(tx.conn, conn => diesel::insert_into(h::table).values(rows).execute(conn))?;
    }
    Ok(())
}

/// Notes the first look at a request. Answers whether it was the first.
pub fn note_first_look(tx: &mut Tx<'_>, id: InvitationId, by: PersonId) -> Result<bool> {
    use invitations as i;
    let now = tx.now;
    let changed = diesel::update(i::table.filter(i::id.eq(id)).filter(i::first_looked_at.is_null()))
        .set((i::first_looked_at.eq(now), i::first_looked_by.eq(by)))
        .execute(tx.conn)?;
    Ok(changed == 1)
}

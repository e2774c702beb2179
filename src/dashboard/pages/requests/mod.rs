//! Placement requests, as each side sees them: providers what they may bid for, everybody else the course of the competition.

mod for_authority;
pub(super) mod for_provider;

use crate::access::{Actor, OrganisationKind, Permission};
use crate::codes;
use crate::db::Tx;
use crate::error::Result;
use crate::frameworks::{self, Lot};
use crate::ids::{FrameworkId, LotId, OrganisationId, PlacementRequestId};
use crate::matching;
use crate::placement_requests::ConfidentialKey;
use crate::placement_requests::actions::seen_by;
use crate::placement_requests::rules::Phase;
use crate::placement_requests::store::RequestOrder;
use crate::values::NeededBy;
use crate::web::pages::{Choice, PageDoor};
use crate::web::{Id, Page, Query, Reply, Routes};
use serde::Deserialize;
use std::collections::HashMap;

pub(super) fn routes(r: &mut Routes) {
    r.get("/placement-requests", list).may(Permission::ReadRequests);
    r.get("/placement-requests.csv", table).may(Permission::ReadRequests);
    r.get("/placement-requests/{id}", show).may(Permission::ReadRequests);
}

codes! {
    /// Which requests are listed, by where they stand now.
    pub enum Listed {
        Draft("draft", "A draft"),
        Open("open", "Open for bids"),
        Closed("closed", "Closed for bids"),
        Opened("opened", "Opened"),
        Awarded("awarded", "Awarded"),
        Completed("completed", "Completed"),
        Withdrawn("withdrawn", "Withdrawn"),
        Unfilled("unfilled", "Unfilled"),
        Any("any", "All"),
    }
}

impl Listed {
    /// The phase, or none for all of them.
    fn phase(self) -> Option<Phase> {
        match self {
            Self::Draft => Some(Phase::Draft),
            Self::Open => Some(Phase::Open),
            Self::Closed => Some(Phase::Closed),
            Self::Opened => Some(Phase::Opened),
            Self::Awarded => Some(Phase::Awarded),
            Self::Completed => Some(Phase::Completed),
            Self::Withdrawn => Some(Phase::Withdrawn),
            Self::Unfilled => Some(Phase::Unfilled),
            Self::Any => None,
        }
    }
}

/// Which requests a list has.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RequestFilter {
    /// Only those that stand there now; where none is said, a provider's open ones, and all of everybody else.
    status: Option<Listed>,
    /// Only those of this lot.
    lot_id: Option<LotId>,
    /// Only those whose reference has this in it.
    reference: Option<String>,
    /// Not for a provider: only those of this authority.
    authority_id: Option<OrganisationId>,
    /// Not for a provider: only those as urgent.
    needed_by: Option<NeededBy>,
    /// Not for a provider: only published ones that have a bid, or have none.
    bids: Option<bool>,
    /// Of a provider's open ones: only those that one of its homes fits, or only the others.
    fits: Option<bool>,
    /// In this order; where none is said, a provider's open ones by how well its homes fit, all others the newest first.
    sort: Option<RequestOrder>,
}

/// Lots to narrow a list by, each with its framework: lots of several frameworks may have the same code.
fn lot_choices(tx: &mut Tx<'_>, lots: &[Lot]) -> Result<Vec<Choice>> {
    let ids: Vec<FrameworkId> = lots.iter().map(|lot| lot.framework_id).collect();
    let references: HashMap<FrameworkId, String> = frameworks::store::frameworks(tx, &ids)?
        .into_iter()
        .map(|framework| (framework.id, framework.reference))
        .collect();
    let label = |lot: &Lot| {
        let reference = references.get(&lot.framework_id).map_or("", String::as_str);
        format!("{reference} {}: {}", lot.code, lot.title)
    };
    let mut labelled: Vec<(String, LotId)> = lots.iter().map(|lot| (label(lot), lot.id)).collect();
    labelled.sort_unstable();
    Ok(labelled.into_iter().map(|(label, id)| Choice::new(id, label)).collect())
}

async fn list(visit: PageDoor<Actor>, filter: Query<RequestFilter>, page: Page) -> Reply {
    visit
        .read(move |tx, desk| match desk.organisation_kind {
            OrganisationKind::Provider => for_provider::list(tx, desk, &filter, &page),
            OrganisationKind::Authority | OrganisationKind::Cooperative => {
                for_authority::list(tx, desk, &filter, &page)
            }
        })
        .await
}

async fn table(visit: PageDoor<Actor>, filter: Query<RequestFilter>) -> Reply {
    visit
        .download(move |tx, desk| match desk.organisation_kind {
            OrganisationKind::Provider => for_provider::table(tx, desk, &filter),
            OrganisationKind::Authority | OrganisationKind::Cooperative => for_authority::table(tx, desk, &filter),
        })
        .await
}

async fn show(visit: PageDoor<Actor>, id: Id<PlacementRequestId>) -> Reply {
    let key = ConfidentialKey::of(&visit.app.secret);
    let (db, id) = (visit.app.db.clone(), *id);
    let provider = visit
        .asker()
        .filter(|actor| actor.organisation_kind == OrganisationKind::Provider)
        .cloned();
    let answer = visit
        .read(move |tx, desk| match desk.organisation_kind {
            OrganisationKind::Provider => for_provider::show(tx, desk, &key, id),
            OrganisationKind::Authority | OrganisationKind::Cooperative => for_authority::show(tx, desk, &key, id),
        })
        .await?;
    // Seen: the first look of whoever was invited is noted, as over the API. Only the first writes.
    if let Some(actor) = provider {
        let asker = actor.clone();
        if db
            .read(move |tx| matching::actions::is_first_look(tx, &asker, id))
            .await?
        {
            db.write(move |tx| {
                seen_by(tx, &actor, id)?;
                matching::actions::look(tx, &actor, id)
            })
            .await?;
        }
    }
    Ok(answer)
}

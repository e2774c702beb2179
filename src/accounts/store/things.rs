//! What acts were done to, by name, and whether their reader may open it. The tables of later slices are read here for nothing else.

use crate::access::{Actor, OrganisationKind};
use crate::audit::AuditEvent;
use crate::clock::Instant;
use crate::db::Tx;
use crate::db::schema::{
    admissions, applications, awards, bids, due_items, frameworks, homes, lots, organisations, placement_requests,
    placements, prices, quality_standards, questions, vacancies,
};
use crate::error::Result;
use crate::ids::{
    AdmissionId, ApplicationId, AwardId, BidId, DueItemId, FrameworkId, HomeId, LotId, OrganisationId, PlacementId,
    PlacementRequestId, PriceId, QuestionId, StandardId, VacancyId,
};
use diesel::prelude::*;
use std::collections::HashMap;
use std::str::FromStr;

/// Things by their ids, which no two have in common, of whatever kind they are.
pub(super) struct Things {
    reader: (OrganisationKind, OrganisationId),
    names: HashMap<String, String>,
    /// The request that a thing belongs to.
    of_request: HashMap<String, PlacementRequestId>,
    requests: HashMap<PlacementRequestId, Request>,
}

/// Who may know of a request.
struct Request {
    authority: OrganisationId,
    cooperative: OrganisationId,
    is_published: bool,
}

/// The ids of the things of a kind that something was done to.
fn ids<T: FromStr>(events: &[AuditEvent], kind: &str) -> Vec<T> {
    let of_kind = events.iter().filter(|event| event.subject_kind == kind);
    of_kind.filter_map(|event| event.subject_id.parse().ok()).collect()
}

impl Things {
    /// Those that these acts were done to, in a fixed number of queries.
    pub fn of(tx: &mut Tx<'_>, reader: &Actor, events: &[AuditEvent]) -> Result<Self> {
        let mut things = Self {
            reader: (reader.organisation_kind, reader.organisation_id),
            names: HashMap::new(),
            of_request: HashMap::new(),
            requests: HashMap::new(),
        };
        things.read_parts_of_requests(tx, events)?;
        things.read_requests(tx)?;
        things.read_others(tx, events)?;
        Ok(things)
    }

    fn read_parts_of_requests(&mut self, tx: &mut Tx<'_>, events: &[AuditEvent]) -> Result<()> {
        let of_request = &mut self.of_request;
        for id in ids::<PlacementRequestId>(events, "placement_request") {
            of_request.insert(id.to_string(), id);
        }
        macro_rules! read {
            ($kind:literal, $table:ident, $id:ty) => {
                let rows: Vec<($id, PlacementRequestId)> = $table::table
                    .filter($table::id.eq_any(ids::<$id>(events, $kind)))
                    .select(($table::id, $table::placement_request_id))
                    .load(tx.conn)?;
                of_request.extend(rows.into_iter().map(|(id, request)| (id.to_string(), request)));
            };
        }
        read!("bid", bids, BidId);
        read!("award", awards, AwardId);
        read!("question", questions, QuestionId);
        read!("placement", placements, PlacementId);
        let due: Vec<(DueItemId, PlacementRequestId)> = due_items::table
            .inner_join(awards::table)
            .filter(due_items::id.eq_any(ids::<DueItemId>(events, "due_item")))
            .select((due_items::id, awards::placement_request_id))
            .load(tx.conn)?;
        of_request.extend(due.into_iter().map(|(id, request)| (id.to_string(), request)));
        Ok(())
    }

    fn read_requests(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        type Row = (
            PlacementRequestId,
            String,
            OrganisationId,
            OrganisationId,
            Option<Instant>,
        );
        let wanted: Vec<PlacementRequestId> = self.of_request.values().copied().collect();
        let rows: Vec<Row> = placement_requests::table
            .inner_join(frameworks::table)
            .filter(placement_requests::id.eq_any(wanted))
            .select((
                placement_requests::id,
                placement_requests::reference,
                placement_requests::authority_id,
                frameworks::cooperative_id,
                placement_requests::published_at,
            ))
            .load(tx.conn)?;
        let mut references = HashMap::new();
        for (id, reference, authority, cooperative, published_at) in rows {
            references.insert(id, reference);
            let is_published = published_at.is_some();
            self.requests.insert(
                id,
                Request {
                    authority,
                    cooperative,
                    is_published,
                },
            );
        }
        let named = self.of_request.iter().filter_map(|(thing, request)| {
            let reference = references.get(request)?;
            Some((thing.clone(), reference.clone()))
        });
        self.names.extend(named);
        Ok(())
    }

    fn read_others(&mut self, tx: &mut Tx<'_>, events: &[AuditEvent]) -> Result<()> {
        let names = &mut self.names;
        macro_rules! read {
            ($kind:literal, $table:ident, $id:ty, $name:expr $(, $parent:ident)?) => {
                let rows: Vec<($id, String)> = $table::table
                    $(.inner_join($parent::table))?
                    .filter($table::id.eq_any(ids::<$id>(events, $kind)))
                    .select(($table::id, $name))
                    .load(tx.conn)?;
                names.extend(rows.into_iter().map(|(id, name)| (id.to_string(), name)));
            };
        }
        read!("home", homes, HomeId, homes::name);
        read!("vacancy", vacancies, VacancyId, homes::name, homes);
        read!("price", prices, PriceId, homes::name, homes);
        read!(
            "application",
            applications,
            ApplicationId,
            organisations::name,
            organisations
        );
        read!("admission", admissions, AdmissionId, organisations::name, organisations);
        read!("framework", frameworks, FrameworkId, frameworks::reference);
        read!("lot", lots, LotId, lots::code);
        read!("standard", quality_standards, StandardId, quality_standards::code);
        Ok(())
    }

    /// The name of the thing that something was done to. Which placement follows from which request is not the cooperative's to know.
    pub fn name(&self, event: &AuditEvent) -> Option<String> {
        let is_withheld = event.subject_kind == "placement" && self.reader.0 == OrganisationKind::Cooperative;
        self.names.get(&event.subject_id).filter(|_| !is_withheld).cloned()
    }

    /// Whether the reader finds the thing, where their role may open things of its kind.
    pub fn is_open_to_reader(&self, event: &AuditEvent) -> bool {
        let request = self.of_request.get(&event.subject_id);
        let request = request.and_then(|id| self.requests.get(id));
        let (kind, own) = self.reader;
        match (event.subject_kind.as_str(), kind) {
            ("placement_request", OrganisationKind::Cooperative) => {
                request.is_some_and(|request| request.cooperative == own && request.is_published)
            }
            ("placement", OrganisationKind::Cooperative) => request.is_some_and(|request| request.cooperative == own),
            ("bid" | "award", OrganisationKind::Cooperative) => false,
            ("placement_request" | "placement" | "bid" | "award", _) => {
                request.is_some_and(|request| request.authority == own)
            }
            _ => true,
        }
    }
}

/// The ids of a request and of what belongs to it, as far as the reader may know that it does.
pub fn things_of_request(tx: &mut Tx<'_>, reader: &Actor, reference: &str) -> Result<Vec<String>> {
    let request: Option<PlacementRequestId> = placement_requests::table
        .filter(placement_requests::reference.eq(reference.trim().to_uppercase()))
        .select(placement_requests::id)
        .first(tx.conn)
        .optional()?;
    let Some(request) = request else {
        return Ok(Vec::new());
    };
    let mut things = vec![request.to_string()];
    macro_rules! read {
        ($table:ident, $id:ty) => {
            let found: Vec<$id> = $table::table
                .filter($table::placement_request_id.eq(request))
                .select($table::id)
                .load(tx.conn)?;
            things.extend(found.iter().map(ToString::to_string));
        };
    }
    read!(bids, BidId);
    read!(awards, AwardId);
    read!(questions, QuestionId);
    if reader.organisation_kind != OrganisationKind::Cooperative {
        read!(placements, PlacementId);
    }
    let due: Vec<DueItemId> = due_items::table
        .inner_join(awards::table)
        .filter(awards::placement_request_id.eq(request))
        .select(due_items::id)
        .load(tx.conn)?;
    things.extend(due.iter().map(ToString::to_string));
    Ok(things)
}

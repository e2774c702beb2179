//! What is shown of a request. What is confidential is shown to its own authority only.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::actions::details;
use super::super::confidential::ConfidentialKey;
use super::super::rules::{Child, Criterion, Needs, Phase, PlacementRequest, Question};
use super::super::store::{self, Extension, Reader};
use crate::access::{Actor, OrganisationKind};
use crate::accounts::{self, Organisation};
use crate::clock::Instant;
use crate::db::Tx;
use crate::error::Result;
use crate::frameworks::{self, Framework, Lot};
use crate::ids::{CriterionId, FrameworkId, LotId, OrganisationId, PlacementRequestId, QuestionId};
use crate::reference::Precision;
use crate::values::{District, NeededBy, PlacementType, Postcode};

/// A placement request as its reader may see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestView {
    /// Its id.
    pub id: PlacementRequestId,
    /// How people call it.
    #[schema(example = "PR-2026-7KQ4MX")]
    pub reference: String,
    /// Where it stands now.
    pub status: Phase,
    /// The framework called off.
    pub framework_id: FrameworkId,
    /// How the framework's papers call it.
    #[schema(example = "SE-RES-1")]
    pub framework_reference: String,
    /// The lot.
    pub lot_id: LotId,
    /// The lot's code.
    #[schema(example = "R1")]
    pub lot_code: String,
    /// The lot's title.
    #[schema(example = "Children's homes")]
    pub lot_title: String,
    /// The type of placement that the lot buys.
    pub placement_type: PlacementType,
    /// The authority.
    pub authority_id: OrganisationId,
    /// Its name.
    #[schema(example = "Reading")]
    pub authority_name: String,
    /// How soon a home is needed.
    pub needed_by: NeededBy,
    /// The day on which the placement should start.
    pub starts_on: NaiveDate,
    /// When it was published.
    pub published_at: Option<Instant>,
    /// When bids close.
    pub bids_close_at: Instant,
    /// When questions close.
    pub questions_close_at: Instant,
    /// The weight of the price, in points of 100.
    #[schema(example = 40)]
    pub price_weight: i32,
    /// What quality is scored by, in the order in which it was written.
    pub criteria: Vec<CriterionView>,
    /// The child, anonymous.
    pub child: Child,
    /// Where the child comes from.
    pub origin: OriginView,
    /// How far from there the home may be, in miles; null for anywhere.
    pub max_distance_miles: Option<i32>,
    /// What the child needs.
    pub needs: Needs,
    /// What providers should know.
    pub brief: String,
    /// Questions and answers, as far as the reader may see them.
    pub questions: Vec<QuestionView>,
    /// How often and why the deadline was put later.
    pub extensions: Vec<ExtensionView>,
    /// When the bids were opened.
    pub opened_at: Option<Instant>,
    /// When it was withdrawn or ended unfilled.
    pub ended_at: Option<Instant>,
    /// Why.
    pub ended_reason: Option<String>,
    /// How many names the screening looks for. Its own authority's only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub names_to_screen: Option<usize>,
    /// When it was first written. Its own authority's only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Instant>,
    /// The version.
    pub version: i64,
}

/// A criterion of quality.
#[derive(Debug, Serialize, ToSchema)]
pub struct CriterionView {
    /// Its id.
    pub id: CriterionId,
    /// What is asked.
    #[schema(example = "How the home meets this child's needs")]
    pub title: String,
    /// What a good answer says.
    pub guidance: Option<String>,
    /// Its weight, in points of 100.
    #[schema(example = 60)]
    pub weight: i32,
}

impl From<Criterion> for CriterionView {
    fn from(criterion: Criterion) -> Self {
        Self {
            id: criterion.id,
            title: criterion.title,
            guidance: criterion.guidance,
            weight: criterion.weight,
        }
    }
}

/// Where the child comes from.
#[derive(Debug, Serialize, ToSchema)]
pub struct OriginView {
    /// The postcode district.
    pub district: District,
    /// The full postcode. Its own authority's only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postcode: Option<Postcode>,
    /// What the authority that it lies in was found by. Its own authority's only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precision: Option<Precision>,
}

/// An extension of the deadline.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExtensionView {
    /// When bids would have closed.
    pub previously_closing_at: Instant,
    /// When they closed from then on.
    pub bids_close_at: Instant,
    /// Why.
    pub reason: String,
    /// When it was extended.
    pub extended_at: Instant,
}

impl From<Extension> for ExtensionView {
    fn from(extension: Extension) -> Self {
        Self {
            previously_closing_at: extension.previously_closing_at,
            bids_close_at: extension.bids_close_at,
            reason: extension.reason,
            extended_at: extension.extended_at,
        }
    }
}

/// A question, without who asked it.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionView {
    /// Its id.
    pub id: QuestionId,
    /// The question.
    #[schema(example = "Does the child attend a mainstream school?")]
    pub text: String,
    /// When it was asked.
    pub asked_at: Instant,
    /// The answer; null as long as there is none.
    pub answer: Option<String>,
    /// When it was answered.
    pub answered_at: Option<Instant>,
    /// Whether the reader's own organisation asked it.
    pub own: bool,
    /// The version.
    pub version: i64,
}

impl QuestionView {
    /// The question as this reader may see it: the asker in the words it used, everybody else in those the authority chose.
    pub fn of(question: Question, actor: &Actor) -> Self {
        let own = question.provider_id == actor.organisation_id;
        let text = if own {
            question.text.clone()
        } else {
            question.shown().to_owned()
        };
        let (answer, answered_at) = question.answer.unzip();
        Self {
            id: question.id,
            text,
            asked_at: question.asked_at,
            answer,
            answered_at,
            own,
            version: question.version,
        }
    }
}

/// Which questions a person may read.
pub fn reader_of(actor: &Actor, request: &PlacementRequest) -> Reader {
    match actor.organisation_kind {
        OrganisationKind::Provider => Reader::Provider(actor.organisation_id),
        _ if request.authority_id == actor.organisation_id => Reader::Authority,
        _ => Reader::Anybody,
    }
}

impl RequestView {
    /// The request as this person may see it; whether they may see it at all is asked before.
    pub fn of(tx: &mut Tx<'_>, actor: &Actor, key: &ConfidentialKey, request: PlacementRequest) -> Result<Self> {
        let own = request.authority_id == actor.organisation_id;
        let criteria = store::criteria(tx, request.id)?;
        let questions = store::questions(tx, request.id, reader_of(actor, &request))?;
        let extensions = store::extensions(tx, request.id)?;
        let names = Named::of(tx, std::slice::from_ref(&request))?;
        let details = if own { Some(details(tx, key, request.id)?) } else { None };
        let (ended_at, ended_reason) = request.ended.clone().unzip();
        Ok(Self {
            id: request.id,
            status: request.phase(tx.now),
            framework_id: request.framework_id,
            framework_reference: names.framework(&request),
            lot_id: request.lot_id,
            lot_code: names.lot(&request, |lot| lot.code.clone()),
            lot_title: names.lot(&request, |lot| lot.title.clone()),
            placement_type: names.placement_type(&request),
            authority_id: request.authority_id,
            authority_name: names.authority(&request),
            needed_by: request.needed_by,
            starts_on: request.starts_on,
            published_at: request.published_at,
            bids_close_at: request.bids_close_at,
            questions_close_at: request.questions_close_at,
            price_weight: request.price_weight,
            criteria: criteria.into_iter().map(CriterionView::from).collect(),
            child: request.child,
            origin: OriginView {
                district: request.origin.district,
                postcode: details.as_ref().and_then(|details| details.postcode.clone()),
                precision: own.then_some(request.origin.precision),
            },
            max_distance_miles: request.max_distance_miles,
            needs: request.needs,
            brief: request.brief,
            questions: questions
                .into_iter()
                .map(|question| QuestionView::of(question, actor))
                .collect(),
            extensions: extensions.into_iter().map(ExtensionView::from).collect(),
            opened_at: request.opened.map(|(at, _)| at),
            ended_at,
            ended_reason,
            names_to_screen: details.map(|details| details.names.len()),
            created_at: own.then_some(request.created_at),
            version: request.version,
            reference: request.reference,
        })
    }
}

/// A placement request in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestSummary {
    /// Its id.
    pub id: PlacementRequestId,
    /// How people call it.
    #[schema(example = "PR-2026-7KQ4MX")]
    pub reference: String,
    /// Where it stands now.
    pub status: Phase,
    /// The framework called off.
    pub framework_id: FrameworkId,
    /// How the framework's papers call it.
    pub framework_reference: String,
    /// The lot.
    pub lot_id: LotId,
    /// The lot's code.
    pub lot_code: String,
    /// The type of placement that the lot buys.
    pub placement_type: PlacementType,
    /// The authority.
    pub authority_id: OrganisationId,
    /// Its name.
    pub authority_name: String,
    /// How soon a home is needed.
    pub needed_by: NeededBy,
    /// The day on which the placement should start.
    pub starts_on: NaiveDate,
    /// When it was published.
    pub published_at: Option<Instant>,
    /// When bids close.
    pub bids_close_at: Instant,
    /// The child, anonymous.
    pub child: Child,
    /// The postcode district that the child comes from.
    pub origin_district: District,
    /// How far from there the home may be, in miles; null for anywhere.
    pub max_distance_miles: Option<i32>,
    /// The version.
    pub version: i64,
}

impl RequestSummary {
    fn of(request: PlacementRequest, names: &Named, now: Instant) -> Self {
        Self {
            id: request.id,
            status: request.phase(now),
            framework_id: request.framework_id,
            framework_reference: names.framework(&request),
            lot_id: request.lot_id,
            lot_code: names.lot(&request, |lot| lot.code.clone()),
            placement_type: names.placement_type(&request),
            authority_id: request.authority_id,
            authority_name: names.authority(&request),
            needed_by: request.needed_by,
            starts_on: request.starts_on,
            published_at: request.published_at,
            bids_close_at: request.bids_close_at,
            child: request.child,
            origin_district: request.origin.district,
            max_distance_miles: request.max_distance_miles,
            version: request.version,
            reference: request.reference,
        }
    }

    /// These requests, with the names of what they refer to read at once.
    pub fn all(tx: &mut Tx<'_>, requests: Vec<PlacementRequest>) -> Result<Vec<Self>> {
        let names = Named::of(tx, &requests)?;
        let now = tx.now;
        Ok(requests
            .into_iter()
            .map(|request| Self::of(request, &names, now))
            .collect())
    }
}

/// The things that requests refer to, by id.
struct Named {
    frameworks: HashMap<FrameworkId, Framework>,
    lots: HashMap<LotId, Lot>,
    authorities: HashMap<OrganisationId, Organisation>,
}

impl Named {
    fn of(tx: &mut Tx<'_>, requests: &[PlacementRequest]) -> Result<Self> {
        let mut frameworks: Vec<_> = requests.iter().map(|request| request.framework_id).collect();
        let mut lots: Vec<_> = requests.iter().map(|request| request.lot_id).collect();
        let mut authorities: Vec<_> = requests.iter().map(|request| request.authority_id).collect();
        frameworks.sort_unstable();
        frameworks.dedup();
        lots.sort_unstable();
        lots.dedup();
        authorities.sort_unstable();
        authorities.dedup();
        Ok(Self {
            frameworks: frameworks::store::frameworks(tx, &frameworks)?
                .into_iter()
                .map(|one| (one.id, one))
                .collect(),
            lots: frameworks::store::lots_by_id(tx, &lots)?
                .into_iter()
                .map(|one| (one.id, one))
                .collect(),
            authorities: accounts::store::organisations(tx, &authorities)?
                .into_iter()
                .map(|one| (one.id, one))
                .collect(),
        })
    }

    // The foreign keys see to it that each is there.
    fn framework(&self, request: &PlacementRequest) -> String {
        self.frameworks
            .get(&request.framework_id)
            .map(|framework| framework.reference.clone())
            .unwrap_or_default()
    }

    fn lot(&self, request: &PlacementRequest, read: impl Fn(&Lot) -> String) -> String {
        self.lots.get(&request.lot_id).map(read).unwrap_or_default()
    }

    fn placement_type(&self, request: &PlacementRequest) -> PlacementType {
        self.lots
            .get(&request.lot_id)
            .map_or(PlacementType::Residential, |lot| lot.placement_type)
    }

    fn authority(&self, request: &PlacementRequest) -> String {
        self.authorities
            .get(&request.authority_id)
            .map(|authority| authority.name.clone())
            .unwrap_or_default()
    }
}

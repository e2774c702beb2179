//! Scores and the ranking sheet over HTTP.

use super::rules::{self, CriterionRow, EvaluationRefused, ModeratedSheet, RankedBid, Score, ScoreSheet};
use super::{actions, store};
use crate::access::{AuthorityUser, Permission};
use crate::bids::store::{self as bids, Names};
use crate::bids::{BidState, actions as bid_actions};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{BidId, CriterionId, HomeId, OrganisationId, PersonId, PlacementRequestId};
use crate::placement_requests::{ConfidentialKey, PlacementRequest, actions as requests};
use crate::values::Money;
use crate::web::{Answer, Body, Door, Id, Reply, Routes};
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// The operations of this slice.
pub fn routes(r: &mut Routes) {
    r.tag("evaluation", "Scores, moderation and the ranking sheet of opened bids.");
    r.put("/bids/{id}/scores", score)
        .summary("Give your scores for a bid, in place of those you gave it before")
        .may(Permission::ScoreBids)
        .body::<ScoreSheet>()
        .answers::<ScoresView>(200)
        .refuses(&[
            "evaluation.not_open",
            "evaluation.conflict_of_interest",
            "evaluation.bid_not_compliant",
            "evaluation.moderated",
            "request.text_names_child",
        ]);
    r.put("/bids/{id}/moderated-scores", moderate)
        .summary(
            "Set the moderated scores of a bid, in place of those it had; needed where more than one person scored",
        )
        .may(Permission::ScoreBids)
        .body::<ModeratedSheet>()
        .answers::<ScoresView>(200)
        .refuses(&[
            "evaluation.not_open",
            "evaluation.bid_not_compliant",
            "evaluation.conflict_of_interest",
            "evaluation.nothing_to_moderate",
            "request.text_names_child",
        ]);
    r.get("/bids/{id}/scores", scores)
        .summary("What everybody gave a bid, with reasons")
        .may(Permission::ReadRanking)
        .answers::<ScoresView>(200);
    r.get("/placement-requests/{id}/ranking", ranking)
        .summary("The ranking sheet: every number, and how it was reached")
        .may(Permission::ReadRanking)
        .answers::<Ranking>(200)
        .refuses(&["evaluation.not_open"]);
}

/// A score with who gave it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ScoreView {
    pub by: Evaluator,
    #[schema(minimum = 0, maximum = 5, example = 4)]
    pub score: i32,
    pub reason: String,
}

/// Who scored.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Evaluator {
    pub id: PersonId,
    pub name: String,
}

/// One criterion of a bid, with all its scores.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CriterionView {
    pub criterion_id: CriterionId,
    pub title: String,
    pub weight: i32,
    pub scores: Vec<ScoreView>,
    pub moderated_score: Option<ScoreView>,
    /// Whether more than one person scored it and nobody has moderated.
    pub needs_moderation: bool,
    /// Weight × score ÷ 5; null while no score counts yet.
    #[schema(example = "32.00")]
    pub points: Option<String>,
}

/// All scores of a bid.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ScoresView {
    pub bid_id: BidId,
    /// In the order of the request's criteria.
    pub criteria: Vec<CriterionView>,
    /// The criteria's points together; null until every criterion has a score that counts.
    #[schema(example = "56.00")]
    pub quality_points: Option<String>,
}

/// A home by name.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RankedHome {
    pub id: HomeId,
    pub name: String,
}

/// A provider by name.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RankedProvider {
    pub id: OrganisationId,
    pub name: String,
}

/// A row of the ranking sheet.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RankingRow {
    pub bid_id: BidId,
    pub home: RankedHome,
    pub provider: RankedProvider,
    /// 1 is best; equal totals rank equal. Null until every criterion of every bid has a score that counts.
    pub rank: Option<u32>,
    pub weekly_total: Money,
    #[schema(example = "39.62")]
    pub price_points: String,
    /// How the price points were reached.
    #[schema(example = "40 × 5150.17 ÷ 5200.00 = 39.62")]
    pub price_working: String,
    #[schema(example = "56.00")]
    pub quality_points: Option<String>,
    /// How the quality points were reached.
    #[schema(example = "40 × 5 ÷ 5 + 20 × 4 ÷ 5 = 56.00")]
    pub quality_working: Option<String>,
    #[schema(example = "95.62")]
    pub total_points: Option<String>,
    pub criteria: Vec<CriterionView>,
}

/// An opened bid that takes no part in the ranking.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LeftOut {
    pub bid_id: BidId,
    pub home: RankedHome,
    pub provider: RankedProvider,
    pub weekly_total: Money,
    /// Why it is not compliant.
    pub reason: Option<String>,
}

/// The ranking sheet of a request.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Ranking {
    /// The formula in words, with the request's weights.
    pub formula: String,
    pub price_weight: i32,
    /// The lowest weekly total among the bids that take part.
    pub lowest_total: Option<Money>,
    /// Whether every criterion of every bid has a score that counts, so that ranks are given.
    pub complete: bool,
    /// Best first once complete.
    pub items: Vec<RankingRow>,
    /// The bids that are not compliant, with the reason.
    pub left_out: Vec<LeftOut>,
}

fn shown(points: Decimal) -> String {
    points.to_string()
}

fn score_view(score: Score, names: &HashMap<PersonId, String>) -> ScoreView {
    let name = names.get(&score.by).cloned().unwrap_or_default();
    ScoreView {
        by: Evaluator { id: score.by, name },
        score: score.score,
        reason: score.reason,
    }
}

fn criterion_view(row: CriterionRow, names: &HashMap<PersonId, String>) -> CriterionView {
    CriterionView {
        criterion_id: row.criterion.id,
        title: row.criterion.title,
        weight: row.criterion.weight,
        needs_moderation: row.given.len() > 1 && row.moderated.is_none(),
        scores: row.given.into_iter().map(|score| score_view(score, names)).collect(),
        moderated_score: row.moderated.map(|score| score_view(score, names)),
        points: row.points.map(shown),
    }
}

/// The names of everybody who scored on these rows.
fn evaluators<'a>(tx: &mut Tx<'_>, rows: impl Iterator<Item = &'a CriterionRow>) -> Result<HashMap<PersonId, String>> {
    let mut people: Vec<PersonId> = rows
        .flat_map(|row| row.given.iter().chain(&row.moderated))
        .map(|score| score.by)
        .collect();
    people.sort();
    people.dedup();
    store::names(tx, &people)
}

fn scores_of(tx: &mut Tx<'_>, actor: &AuthorityUser, id: BidId) -> Result<Answer> {
    let (bid, request) = bid_actions::opened_to(tx, actor, id)?;
    let (scheme, scores) = (actions::scheme(tx, &request)?, store::of_request(tx, request.id)?);
    let criteria = rules::criteria_of(&scheme, bid.id, &scores);
    let names = evaluators(tx, criteria.iter())?;
    let quality_points = rules::quality_points(&criteria).map(shown);
    let criteria = criteria.into_iter().map(|row| criterion_view(row, &names)).collect();
    Answer::ok(ScoresView {
        bid_id: bid.id,
        criteria,
        quality_points,
    })
}

async fn score(door: Door<AuthorityUser>, id: Id<BidId>, body: Body<ScoreSheet>) -> Reply {
    let key = ConfidentialKey::of(&door.app.secret);
    door.write(move |tx, actor| {
        actions::score(tx, actor, &key, *id, body.0)?;
        scores_of(tx, actor, *id)
    })
    .await
}

async fn moderate(door: Door<AuthorityUser>, id: Id<BidId>, body: Body<ModeratedSheet>) -> Reply {
    let key = ConfidentialKey::of(&door.app.secret);
    door.write(move |tx, actor| {
        actions::moderate(tx, actor, &key, *id, body.0)?;
        scores_of(tx, actor, *id)
    })
    .await
}

async fn scores(door: Door<AuthorityUser>, id: Id<BidId>) -> Reply {
    door.read(move |tx, actor| scores_of(tx, actor, *id)).await
}

async fn ranking(door: Door<AuthorityUser>, id: Id<PlacementRequestId>) -> Reply {
    door.read(move |tx, actor| Answer::ok(ranking_of(tx, actor, *id)?.1))
        .await
}

/// The ranking sheet of a request of the actor's own authority.
pub(super) fn ranking_of(
    tx: &mut Tx<'_>,
    actor: &AuthorityUser,
    id: PlacementRequestId,
) -> Result<(PlacementRequest, Ranking)> {
    let request = requests::seen_by(tx, actor, id)?;
    if request.opened.is_none() {
        return Err(EvaluationRefused::NotOpen.into());
    }
    let sheet = actions::sheet(tx, &request)?;
    let opened = bids::opened(tx, id)?;
    let ids: Vec<BidId> = opened.iter().map(|open| open.bid.id).collect();
    let mut names = bids::names(tx, &ids)?;
    let people = evaluators(tx, sheet.rows.iter().flat_map(|row| &row.criteria))?;
    let formula = sheet.formula();
    let items = sheet.rows.into_iter().map(|row| {
        let names = take(&mut names, row.bid_id)?;
        Ok(ranking_row(row, names, &people))
    });
    let items = items.collect::<Result<Vec<_>>>()?;
    let out = opened
        .into_iter()
        .filter(|open| open.bid.state == BidState::NonCompliant)
        .map(|open| {
            let names = take(&mut names, open.bid.id)?;
            Ok(LeftOut {
                bid_id: open.bid.id,
                home: RankedHome {
                    id: open.bid.home_id,
                    name: names.home,
                },
                provider: RankedProvider {
                    id: open.bid.provider_id,
                    name: names.provider,
                },
                weekly_total: open.content.weekly_total,
                reason: open.bid.non_compliance,
            })
        });
    let left_out = out.collect::<Result<Vec<_>>>()?;
    let ranking = Ranking {
        formula,
        price_weight: sheet.scheme.price_weight,
        lowest_total: sheet.lowest_total,
        complete: sheet.complete,
        items,
        left_out,
    };
    Ok((request, ranking))
}

fn take(names: &mut HashMap<BidId, Names>, bid: BidId) -> Result<Names> {
    names.remove(&bid).ok_or(Error::NotFound("bid"))
}

pub(super) fn ranking_row(row: RankedBid, names: Names, people: &HashMap<PersonId, String>) -> RankingRow {
    RankingRow {
        bid_id: row.bid_id,
        home: RankedHome {
            id: row.home_id,
            name: names.home,
        },
        provider: RankedProvider {
            id: row.provider_id,
            name: names.provider,
        },
        rank: row.rank,
        weekly_total: row.weekly_total,
        price_points: shown(row.price_points),
        price_working: row.price_working,
        quality_points: row.quality_points.map(shown),
        quality_working: row.quality_working,
        total_points: row.total_points.map(shown),
        criteria: row
            .criteria
            .into_iter()
            .map(|criterion| criterion_view(criterion, people))
            .collect(),
    }
}

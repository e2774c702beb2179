//! Scoring: how far the bids of a request are, and one's own scores for one of them.

use super::super::api::{Ranking, RankingRow, ranking_of};
use super::super::rules::{self, Criterion, CriterionRow, Score, ScoreSheet};
use super::super::{actions, store};
use super::sheets::{fields_of, reader, with_scores};
use crate::access::{AuthorityUser, Permission, may};
use crate::bids::actions as bid_actions;
use crate::bids::content::Content;
use crate::bids::store::{self as bids, Names};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{BidId, PersonId, PlacementRequestId};
use crate::placement_requests::PlacementRequest;
use crate::placement_requests::rules::Phase;
use crate::web::pages::{Desk, Form, Go, Html, PageDoor, Posted, filters};
use crate::web::{Id, Reply, Routes};
use askama::Template;
use std::borrow::Borrow;

pub(super) fn routes(r: &mut Routes) {
    r.get("/placement-requests/{id}/scores", show_progress)
        .may(Permission::ReadRanking);
    r.get("/bids/{id}/scores", show).may(Permission::ScoreBids);
    r.post("/bids/{id}/scores", score).may(Permission::ScoreBids);
}

#[derive(Template)]
#[template(path = "evaluation/progress.html")]
struct ProgressPage {
    request: PlacementRequest,
    phase: Phase,
    may_score: bool,
    asker: PersonId,
    ranking: Ranking,
}

impl ProgressPage {
    /// Whether the asker has scored every criterion of a bid.
    fn is_scored(&self, row: &RankingRow) -> bool {
        row.criteria
            .iter()
            .all(|criterion| criterion.scores.iter().any(|score| score.by.id == self.asker))
    }

    /// Who else has scored it.
    fn others(&self, row: &RankingRow) -> Vec<String> {
        let scores = row.criteria.iter().flat_map(|criterion| &criterion.scores);
        let mut names: Vec<String> = scores
            .filter(|score| score.by.id != self.asker)
            .map(|score| score.by.name.clone())
            .collect();
        names.sort();
        names.dedup();
        names
    }
}

impl RankingRow {
    /// How many criteria wait for moderation.
    pub(super) fn to_moderate(&self) -> usize {
        self.criteria
            .iter()
            .filter(|criterion| criterion.needs_moderation)
            .count()
    }

    /// Whether more than one person scored anything of it.
    pub(super) fn can_be_moderated(&self) -> bool {
        self.criteria.iter().any(|criterion| criterion.scores.len() > 1)
    }
}

async fn show_progress(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>) -> Reply {
    visit
        .read(move |tx, desk| {
            let (request, ranking) = ranking_of(tx, desk, *id)?;
            let phase = request.phase(tx.now);
            let page = ProgressPage {
                phase,
                may_score: phase == Phase::Opened && may(desk.role, Permission::ScoreBids),
                asker: desk.person_id,
                request,
                ranking,
            };
            Html::of(format!("Scores – {}", page.request.reference), &page)
        })
        .await
}

/// A bid with what is judged of it.
#[derive(Debug)]
pub(super) struct Judging {
    pub request: PlacementRequest,
    pub names: Names,
    pub content: Content,
    pub rows: Vec<CriterionRow>,
}

impl Judging {
    /// An opened bid of the actor's own authority, as far as it can be scored now.
    pub fn read(tx: &mut Tx<'_>, actor: &AuthorityUser, id: BidId) -> Result<Self> {
        let (bid, request) = bid_actions::opened_to(tx, actor, id)?;
        rules::may_score(request.phase(tx.now), bid.state)?;
        let bytes = bids::opened_bytes(tx, id)?.ok_or(Error::NotFound("bid"))?;
        let names = bids::names_of(tx, id)?;
        let (scheme, scores) = (actions::scheme(tx, &request)?, store::of_request(tx, request.id)?);
        Ok(Self {
            rows: rules::criteria_of(&scheme, id, &scores),
            content: Content::from_bytes(bytes.as_bytes())?,
            request,
            names,
        })
    }
}

#[derive(Template)]
#[template(path = "evaluation/score.html")]
struct ScorePage {
    judging: Judging,
    /// The criteria that can still be scored, in the order of the form.
    open: Vec<Criterion>,
    /// Those that moderation has closed.
    closed: Vec<CriterionRow>,
    form: Form,
}

impl ScorePage {
    fn fields(&self, n: impl Borrow<usize>) -> String {
        fields_of(&self.form, *n.borrow())
    }
}

fn declared(form: Form) -> Form {
    form.tick(
        "no_conflict_of_interest",
        "I have no conflict of interest with this bid: no tie to the provider, the home or its people",
    )
    .button("Save my scores")
}

fn page(tx: &mut Tx<'_>, desk: &Desk<AuthorityUser>, id: BidId) -> Result<Html> {
    let judging = Judging::read(tx, desk, id)?;
    let own =
        |row: &'_ CriterionRow| -> Option<Score> { row.given.iter().find(|score| score.by == desk.person_id).cloned() };
    let (closed, open): (Vec<_>, Vec<_>) = judging.rows.iter().cloned().partition(|row| row.moderated.is_some());
    let before: Vec<Option<Score>> = open.iter().map(own).collect();
    let fields: Vec<(&Criterion, Option<&Score>)> = open
        .iter()
        .map(|row| &row.criterion)
        .zip(before.iter().map(Option::as_ref))
        .collect();
    let mut form = with_scores(declared(desk.form(format!("/bids/{id}/scores"))), &fields);
    if before.iter().any(Option::is_some) {
        form = form.set("no_conflict_of_interest", "true");
    }
    let open = open.into_iter().map(|row| row.criterion).collect();
    let page = ScorePage {
        judging,
        open,
        closed,
        form,
    };
    Html::of(format!("Score a bid – {}", page.judging.request.reference), &page)
}

async fn show(visit: PageDoor<AuthorityUser>, id: Id<BidId>) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id)).await
}

async fn score(visit: PageDoor<AuthorityUser>, id: Id<BidId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let sheet: ScoreSheet = reader(declared(Form::reader()), posted).read(posted)?;
                actions::score(tx, desk, id, sheet)?;
                let (bid, _) = bid_actions::opened_to(tx, desk, id)?;
                Ok(Go::to(format!("/placement-requests/{}/scores", bid.request_id)).saying("Your scores are saved."))
            },
            move |tx, desk| page(tx, desk, id),
        )
        .await
}

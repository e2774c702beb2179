//! Scoring: how far the bids of a request are, and one's own scores for one of them.

use super::super::api::{CriterionView, Ranking, RankingRow, ranking_of};
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
use crate::placement_requests::rules::Phase;
use crate::placement_requests::{ConfidentialKey, PlacementRequest};
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

/// How far one evaluator is with a bid.
enum Own {
    /// They scored none of the criteria that they can score.
    Nothing,
    /// They scored some.
    Part { scored: usize, of: usize },
    /// They scored all, or what they did not score is moderated.
    All,
}

impl ProgressPage {
    /// How far the asker is with a bid. What was moderated without them is not theirs to score.
    fn own(&self, row: &RankingRow) -> Own {
        let by_asker = |criterion: &&CriterionView| criterion.scores.iter().any(|score| score.by.id == self.asker);
        let scored = row.criteria.iter().filter(by_asker).count();
        let open = |criterion: &&CriterionView| criterion.moderated_score.is_none() && !by_asker(criterion);
        match (scored, row.criteria.iter().filter(open).count()) {
            (0, _) => Own::Nothing,
            (_, 0) => Own::All,
            (scored, open) => Own::Part {
                scored,
                of: scored + open,
            },
        }
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

    /// Whether a criterion of it is open for single scores.
    fn can_be_scored(&self) -> bool {
        self.criteria
            .iter()
            .any(|criterion| criterion.moderated_score.is_none())
    }

    /// Whether anybody scored anything of it.
    fn is_scored(&self) -> bool {
        self.criteria.iter().any(|criterion| !criterion.scores.is_empty())
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

/// The form with the declaration that every evaluator makes.
pub(super) fn declared(form: Form) -> Form {
    form.tick(
        "no_conflict_of_interest",
        "I have no conflict of interest with this bid: no tie to the provider, the home or its people",
    )
}

impl ScorePage {
    /// The page for one evaluator: the form is filled with what they gave before, and nothing that others gave.
    fn of(judging: Judging, evaluator: PersonId, form: Form) -> Self {
        let (closed, open): (Vec<_>, Vec<_>) = judging.rows.iter().cloned().partition(|row| row.moderated.is_some());
        let own = |row: &CriterionRow| row.given.iter().find(|score| score.by == evaluator).cloned();
        let before: Vec<Option<Score>> = open.iter().map(own).collect();
        let fields: Vec<(&Criterion, Option<&Score>)> = open
            .iter()
            .map(|row| &row.criterion)
            .zip(before.iter().map(Option::as_ref))
            .collect();
        let mut form = with_scores(declared(form).button("Save my scores"), &fields);
        if before.iter().any(Option::is_some) {
            form = form.set("no_conflict_of_interest", "true");
        }
        Self {
            judging,
            open: open.into_iter().map(|row| row.criterion).collect(),
            closed,
            form,
        }
    }

    fn fields(&self, n: impl Borrow<usize>) -> String {
        fields_of(&self.form, *n.borrow())
    }
}

fn page(tx: &mut Tx<'_>, desk: &Desk<AuthorityUser>, id: BidId) -> Result<Html> {
    let judging = Judging::read(tx, desk, id)?;
    let page = ScorePage::of(judging, desk.person_id, desk.form(format!("/bids/{id}/scores")));
    Html::of(format!("Score a bid – {}", page.judging.request.reference), &page)
}

async fn show(visit: PageDoor<AuthorityUser>, id: Id<BidId>) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id)).await
}

async fn score(visit: PageDoor<AuthorityUser>, id: Id<BidId>, posted: Posted) -> Reply {
    let (id, key) = (*id, ConfidentialKey::of(&visit.app.secret));
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let form = reader(declared(Form::reader()), posted);
                let sheet: ScoreSheet = form.read(posted)?;
                actions::score(tx, desk, &key, id, sheet).map_err(|error| form.as_typed(posted, error))?;
                let (bid, _) = bid_actions::opened_to(tx, desk, id)?;
                Ok(Go::to(format!("/placement-requests/{}/scores", bid.request_id)).saying("Your scores are saved."))
            },
            move |tx, desk| page(tx, desk, id),
        )
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::pages::samples::{self, Evaluation};
    use crate::placement_requests::rules::samples::noon;
    use crate::web::pages::assert_shows;

    fn progress(evaluation: &Evaluation, asker: PersonId, may_score: bool) -> ProgressPage {
        ProgressPage {
            request: evaluation.request.clone(),
            phase: evaluation.request.phase(noon()),
            may_score,
            asker,
            ranking: evaluation.ranking(),
        }
    }

    #[test]
    fn it_says_who_has_scored_and_what_waits() {
        let contested = samples::contested();
        let [birch, acorn] = contested.bids.each_ref().map(|bid| format!("/bids/{}", bid.id));
        let own = format!(
            "<td><span class=\"tag green\">Given</span><br><a href=\"{birch}/scores\">Change<span class=\"unseen\"> your scores for the bid of \
             Birch House</span></a></td> <td>Ben Hale</td>"
        );
        let moderate = format!(
            "<td><span class=\"tag yellow\">1 criterion to moderate</span><br><a href=\"{birch}/moderated-scores\">Moderate"
        );
        let seen = [
            ", opened</span>Scores</h1>",
            "<caption>2 bids</caption>",
            "<th scope=\"row\">Birch House, Birch</th>",
            &own,
            &moderate,
            "<td class=\"number\">Not settled</td>",
            "<th scope=\"row\">Acorn House, Acorn &#38; &#60;Oak&#62;</th>",
            "<td>Nobody yet</td> <td>Not needed</td> <td class=\"number\">40.00</td>",
            "class=\"button second\"",
        ];
        let acorn_moderated = format!("{acorn}/moderated-scores");
        let unseen = ["<Oak>", "Not given", samples::REASON, "£", &acorn_moderated];
        assert_shows(&progress(&contested, contested.ada, true), &seen, &unseen);
        // Ben has scored one criterion of two, of one bid.
        let others = [
            "<span class=\"tag yellow\">1 of 2 criteria given</span><br>",
            ">Go on<span",
            "Not given</span><br>",
            "<td>Ada Grant</td>",
            ">Score<span",
        ];
        assert_shows(
            &progress(&contested, contested.ben, true),
            &others,
            &["Given</span>", ">Change<"],
        );
        let (scores, moderated) = (format!("{birch}/scores"), format!("{birch}/moderated-scores"));
        assert_shows(&progress(&contested, contested.ada, false), &[], &[&scores, &moderated]);
    }

    #[test]
    fn once_all_is_settled_the_sheet_comes_first() {
        let moderated = samples::moderated();
        let seen = [
            "<span class=\"tag green\">Done</span>",
            "<td class=\"number\">48.00</td>",
            "<a class=\"button\" href=\"/placement-requests/",
        ];
        let mut both = samples::moderated();
        let second = both.score(0, 1, both.ada, 4);
        both.scores.moderated.push(second);
        let ben = ["<span class=\"tag green\">Given</span>", "Not given</span>"];
        // What was moderated without Ben is not his to score.
        assert_shows(&progress(&both, both.ben, true), &ben, &["criteria given"]);
        let reader = progress(&moderated, PersonId::new(noon()), false);
        assert_shows(&reader, &["<td>None</td>"], &["Not given", "Nobody yet"]);
        let page = progress(&moderated, moderated.ada, true);
        assert_shows(&page, &seen, &["Not settled", "to moderate", "button second"]);
        let mut none = page;
        none.ranking.items.clear();
        assert_shows(
            &none,
            &["No bid takes part, so there is nothing to score."],
            &["<table", "Birch"],
        );
    }

    fn score_page(evaluation: &Evaluation, evaluator: PersonId) -> ScorePage {
        let judging = Judging {
            request: evaluation.request.clone(),
            names: samples::birch(),
            content: evaluation.content(),
            rows: evaluation.rows(),
        };
        ScorePage::of(judging, evaluator, Form::reader())
    }

    #[test]
    fn an_evaluator_reads_the_answers_and_their_own_scores_and_nobody_elses() {
        let contested = samples::contested();
        let heading = format!(
            "{}: Birch House, Birch</span>Score a bid</h1>",
            contested.request.reference
        );
        let seen = [
            heading.as_str(),
            "make up your own mind first",
            "How the home meets this child&#39;s needs <span class=\"tag grey\">40 points</span></h2>",
            "<p class=\"said\">Two &#60;b&#62;therapists&#60;/b&#62; for: Education</p>",
            "A calm home &#38; a &#34;garden&#34;.",
            "<p class=\"hint\">Say how school goes on.</p>",
            "3, meets most of it",
            "<legend>Score for “Education”</legend>",
            "<button>Save my scores</button>",
        ];
        let ada = score_page(&contested, contested.ada);
        assert_shows(&ada, &seen, &["<b>", "Says little on nights.", "£", "Moderated"]);
        let own = [
            "name=\"no_conflict_of_interest\" type=\"checkbox\" value=\"true\" checked",
            "name=\"scores[0].score\" type=\"radio\" value=\"5\" checked",
            samples::REASON,
        ];
        assert_shows(&ada, &own, &["<staff>"]);
        let cleo = PersonId::new(noon());
        assert_shows(
            &score_page(&contested, cleo),
            &seen,
            &[" checked", samples::REASON, "Says little on nights."],
        );
    }

    #[test]
    fn what_moderation_has_closed_is_read_only() {
        let mut moderated = samples::moderated();
        let seen = [
            "<p>Moderated: 4. Agreed: &#60;good&#62;, not best.</p>",
            "<legend>Score for “Education”</legend>",
        ];
        assert_shows(
            &score_page(&moderated, moderated.ben),
            &seen,
            &["Score for “How the home", "<good>"],
        );
        let closing = moderated.score(0, 1, moderated.ada, 4);
        moderated.scores.moderated.push(closing);
        let seen = [
            "Every criterion of this bid is moderated, so single scores are closed.",
            "<h2>Education</h2>",
        ];
        assert_shows(
            &score_page(&moderated, moderated.ben),
            &seen,
            &["<form", "Save my scores"],
        );
    }
}

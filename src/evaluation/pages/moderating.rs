//! Moderation: of each criterion that more than one person scored, the score that counts.

use super::super::rules::{Criterion, CriterionRow, ModeratedSheet, Score};
use super::super::{actions, store};
use super::scoring::{Judging, declared};
use super::sheets::{fields_of, reader, with_scores};
use crate::access::{AuthorityUser, Permission};
use crate::bids::actions as bid_actions;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::{BidId, PersonId};
use crate::placement_requests::ConfidentialKey;
use crate::web::pages::{Desk, Form, Go, Html, PageDoor, Posted, filters};
use crate::web::{Id, Reply, Routes};
use askama::Template;
use std::borrow::Borrow;
use std::collections::HashMap;

pub(super) fn routes(r: &mut Routes) {
    r.get("/bids/{id}/moderated-scores", show).may(Permission::ScoreBids);
    r.post("/bids/{id}/moderated-scores", moderate)
        .may(Permission::ScoreBids);
}

#[derive(Template)]
#[template(path = "evaluation/moderate.html")]
struct ModeratePage {
    judging: Judging,
    /// What is moderated, in the order of the form.
    rows: Vec<CriterionRow>,
    people: HashMap<PersonId, String>,
    form: Form,
}

impl ModeratePage {
    fn fields(&self, n: impl Borrow<usize>) -> String {
        fields_of(&self.form, *n.borrow())
    }

    fn name(&self, score: &Score) -> &str {
        self.people.get(&score.by).map(String::as_str).unwrap_or_default()
    }
}

fn moderating(form: Form, fields: &[(&Criterion, Option<&Score>)]) -> Form {
    with_scores(declared(form), fields).button("Save the moderated scores")
}

fn page(tx: &mut Tx<'_>, desk: &Desk<AuthorityUser>, id: BidId) -> Result<Html> {
    let judging = Judging::read(tx, desk, id)?;
    let rows: Vec<CriterionRow> = judging.rows.iter().filter(|row| row.given.len() > 1).cloned().collect();
    let people: Vec<PersonId> = rows.iter().flat_map(|row| &row.given).map(|score| score.by).collect();
    let people = store::names(tx, &people)?;
    let fields: Vec<(&Criterion, Option<&Score>)> = rows
        .iter()
        .map(|row| (&row.criterion, row.moderated.as_ref()))
        .collect();
    let form = moderating(desk.form(format!("/bids/{id}/moderated-scores")), &fields);
    let form = if store::has_declared(tx, id, desk.person_id)? {
        form.set("no_conflict_of_interest", "true")
    } else {
        form
    };
    let page = ModeratePage {
        judging,
        rows,
        people,
        form,
    };
    Html::of(format!("Moderate – {}", page.judging.request.reference), &page)
}

async fn show(visit: PageDoor<AuthorityUser>, id: Id<BidId>) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id)).await
}

async fn moderate(visit: PageDoor<AuthorityUser>, id: Id<BidId>, posted: Posted) -> Reply {
    let (id, key) = (*id, ConfidentialKey::of(&visit.app.secret));
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let form = reader(declared(Form::reader()), posted);
                let sheet: ModeratedSheet = form.read(posted)?;
                actions::moderate(tx, desk, &key, id, sheet).map_err(|error| form.as_typed(posted, error))?;
                let (bid, _) = bid_actions::opened_to(tx, desk, id)?;
                Ok(Go::to(format!("/placement-requests/{}/scores", bid.request_id))
                    .saying("The moderated scores are saved."))
            },
            move |tx, desk| page(tx, desk, id),
        )
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::pages::samples::{self, Evaluation};
    use crate::web::pages::assert_shows;

    fn page(evaluation: &Evaluation) -> ModeratePage {
        let rows: Vec<CriterionRow> = evaluation
            .rows()
            .into_iter()
            .filter(|row| row.given.len() > 1)
            .collect();
        let fields: Vec<_> = rows
            .iter()
            .map(|row| (&row.criterion, row.moderated.as_ref()))
            .collect();
        ModeratePage {
            judging: Judging {
                request: evaluation.request.clone(),
                names: samples::birch(),
                content: evaluation.content(),
                rows: evaluation.rows(),
            },
            people: evaluation.people(),
            form: moderating(Form::reader(), &fields),
            rows,
        }
    }

    #[test]
    fn what_was_scored_twice_stands_beside_each_other_with_its_reasons() {
        let contested = samples::contested();
        let own = format!("<dt>Ada Grant: 5</dt><dd>{}</dd>", samples::REASON);
        let seen = [
            ": Birch House, Birch</span>Moderate the scores</h1>",
            "How the home meets this child&#39;s needs <span class=\"tag grey\">40 points</span></h2>",
            "Two &#60;b&#62;therapists&#60;/b&#62; for: How the home meets this child&#39;s needs",
            &own,
            "<dt>Ben Hale: 3</dt><dd>Says little on nights.</dd>",
            "<button>Save the moderated scores</button>",
        ];
        let unseen = ["Education", " checked", "<staff>", "<b>", "£", "nothing to moderate"];
        assert_shows(&page(&contested), &seen, &unseen);
        let seen = ["value=\"4\" checked", "Agreed: &#60;good&#62;, not best.</textarea>"];
        assert_shows(&page(&samples::moderated()), &seen, &["<good>"]);
    }

    #[test]
    fn what_one_person_scored_is_not_moderated() {
        let seen = ["No criterion of this bid was scored by more than one person"];
        assert_shows(&page(&samples::evaluation()), &seen, &["<form", "Ada Grant"]);
    }
}

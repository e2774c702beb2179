//! A score sheet as a form: for each criterion its score and the reason.

use super::super::rules::{BEST, Criterion, Score};
use crate::web::pages::{Choice, Form, Posted};

fn scores() -> Vec<Choice> {
    const MEANING: [&str; BEST as usize + 1] = [
        "does not meet it",
        "meets little of it",
        "meets some of it",
        "meets most of it",
        "meets all of it",
        "could not be better",
    ];
    let choice = |(score, meaning)| Choice::new(score, format!("{score}, {meaning}"));
    MEANING.iter().enumerate().map(choice).collect()
}

/// The fields of these criteria, each filled with what stands there already.
pub(super) fn with_scores(form: Form, criteria: &[(&Criterion, Option<&Score>)]) -> Form {
    let add = |form: Form, (n, (criterion, before)): (usize, &(&Criterion, Option<&Score>))| {
        let part = |name: &str| format!("scores[{n}].{name}");
        let form = form
            .hidden(part("criterion_id"), criterion.id)
            .radios(part("score"), format!("Score for “{}”", criterion.title), scores())
            .short()
            .area(part("reason"), "Why", 3)
            .hint("Bidders may read it in their letters.");
        match before {
            Some(score) => form.set(part("score"), score.score).set(part("reason"), &score.reason),
            None => form,
        }
    };
    criteria.iter().enumerate().fold(form, add)
}

/// The fields of one criterion, as they stand in the page.
pub(super) fn fields_of(form: &Form, n: usize) -> String {
    form.fields(&format!("scores[{n}].")).to_string()
}

/// The form that reads the scores that were begun: a criterion of which nothing was filled in may follow later. Where nothing at all
/// was, all of them are asked for.
pub(super) fn reader(form: Form, posted: &Posted) -> Form {
    let begun = posted.begun("scores", &["score", "reason"]);
    let read = if begun.is_empty() {
        posted.begun("scores", &["criterion_id"])
    } else {
        begun
    };
    read.into_iter().fold(form, |form, n| {
        form.line(format!("scores[{n}].criterion_id"), "")
            .line(format!("scores[{n}].score"), "")
            .line(format!("scores[{n}].reason"), "")
    })
}

//! Screening the texts of a request, and noting what somebody lets stand.

use std::collections::HashSet;

use super::super::confidential::ConfidentialKey;
use super::super::rules::{Confidential, Confirmation, Criterion, Identified, PlacementRequest, RequestRefused};
use super::super::screening::{screen, words_of_name};
use super::super::store::{self, LetStand};
use crate::access::Actor;
use crate::audit;
use crate::clock::Instant;
use crate::db::Tx;
use crate::error::{FieldErrors, Result};
use crate::ids::{PlacementRequestId, QuestionId};

/// Texts to be screened, each with its field's name.
pub type Fields<'a> = Vec<(String, &'a str)>;

/// The free texts of a request that providers read.
fn texts<'a>(request: &'a PlacementRequest, criteria: &'a [Criterion]) -> Fields<'a> {
    let mut texts = vec![("brief".to_owned(), request.brief.as_str())];
    for (position, criterion) in criteria.iter().enumerate() {
        texts.push((format!("criteria[{position}].title"), &criterion.title));
        if let Some(guidance) = &criterion.guidance {
            texts.push((format!("criteria[{position}].guidance"), guidance));
        }
    }
    texts
}

/// What in a request's texts can identify the child.
pub fn screen_request(
    request: &PlacementRequest,
    criteria: &[Criterion],
    details: &Confidential,
    now: Instant,
) -> Vec<Identified> {
    screen_texts(&texts(request, criteria), &details.names, now)
}

/// What in these texts can identify the child, whose and whose family's names are given.
pub fn screen_texts(texts: &Fields<'_>, names: &[String], now: Instant) -> Vec<Identified> {
    let words: HashSet<String> = names.iter().flat_map(|name| words_of_name(name)).collect();
    let today = now.date_in_uk();
    texts
        .iter()
        .flat_map(|(field, text)| {
            screen(text, today, |word| words.contains(word))
                .into_iter()
                .map(|hit| Identified {
                    field: field.clone(),
                    hit,
                })
        })
        .collect()
}

/// Refuses confirmations of what isn't there, and reasons that identify the child themselves. Answers the hits that nobody lets stand.
pub(super) fn unanswered(
    found: Vec<Identified>,
    confirmations: &[Confirmation],
    names: &[String],
    now: Instant,
) -> Result<Vec<Identified>> {
    let reasons = (0..)
        .zip(confirmations)
        .map(|(n, one)| (format!("confirmations[{n}].reason"), one.reason.as_str()))
        .collect();
    let mut errors = FieldErrors::new();
    Identified::name_all(&screen_texts(&reasons, names, now), &mut errors);
    errors.into_result()?;
    Ok(Identified::unanswered(found, confirmations)?)
}

/// Judges a request's texts against what is let stand: answers the hits that nobody answers for.
pub fn let_stand(
    request: &PlacementRequest,
    criteria: &[Criterion],
    details: &Confidential,
    confirmations: &[Confirmation],
    now: Instant,
) -> Result<Vec<Identified>> {
    unanswered(
        screen_request(request, criteria, details, now),
        confirmations,
        &details.names,
        now,
    )
}

/// Keeps who let what stand, with a hash of the words, and why. Answers how the audit log tells it.
pub fn keep_confirmations(
    tx: &mut Tx<'_>,
    actor: &Actor,
    request: PlacementRequestId,
    question: Option<QuestionId>,
    texts: &Fields<'_>,
    confirmations: &[Confirmation],
) -> Result<serde_json::Value> {
    let confirmed: Vec<LetStand> = confirmations
        .iter()
        .map(|one| {
            let text = texts
                .iter()
                .find(|(field, _)| *field == one.field)
                .map_or("", |(_, text)| text);
            let words: String = text.chars().skip(one.start).take(one.end - one.start).collect();
            LetStand {
                field: one.field.clone(),
                kind: one.kind,
                found_hash: audit::hashed(&words),
                reason: one.reason.clone(),
            }
        })
        .collect();
    store::insert_confirmations(tx, request, question, actor.person_id, &confirmed)?;
    Ok(serde_json::to_value(confirmations).unwrap_or_default())
}

/// The same for the texts of a request.
pub fn keep_request_confirmations(
    tx: &mut Tx<'_>,
    actor: &Actor,
    request: &PlacementRequest,
    criteria: &[Criterion],
    confirmations: &[Confirmation],
) -> Result<serde_json::Value> {
    keep_confirmations(tx, actor, request.id, None, &texts(request, criteria), confirmations)
}

/// Refuses texts that can identify the child, where nothing can be confirmed: those that go to other bidders.
pub fn must_not_identify(
    tx: &mut Tx<'_>,
    key: &ConfidentialKey,
    request: PlacementRequestId,
    texts: &[(&str, &str)],
) -> Result<()> {
    let names = super::details(tx, key, request)?.names;
    let texts = texts.iter().map(|(field, text)| ((*field).to_owned(), *text)).collect();
    must_be_answered_for(&screen_texts(&texts, &names, tx.now))
}

/// Refuses when a hit is left that nobody answers for.
pub(super) fn must_be_answered_for(hits: &[Identified]) -> Result<()> {
    if hits.is_empty() {
        return Ok(());
    }
    let mut errors = FieldErrors::new();
    Identified::name_all(hits, &mut errors);
    Err(RequestRefused::TextNamesChild { hits: hits.len() }.naming(errors))
}

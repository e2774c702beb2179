//! The letters of an award: previewed from what is known, sent, and kept as sent.

use super::actions;
use super::letters::{Contender, Decision, Grounds, Letter, ScoreLine, Scores, letters};
use super::rules::{ApprovalKind, Award};
use super::store::{self, SentLetter};
use super::views::LetterView;
use crate::access::{Actor, OrganisationKind};
use crate::accounts;
use crate::clock::Instant;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::evaluation::{self, RankedBid, Sheet};
use crate::frameworks;
use crate::homes;
use crate::ids::{AwardId, OrganisationId};
use crate::placement_requests::{self, PlacementRequest};

/// Sends the letters and keeps them as sent.
pub(super) fn send(tx: &mut Tx<'_>, award: &Award, request: &PlacementRequest) -> Result<()> {
    let letters = letters_of(tx, award, request)?;
    store::insert_letters(tx, award.id, &letters)
}

/// The letters as they would be sent now.
pub fn letters_of(tx: &mut Tx<'_>, award: &Award, request: &PlacementRequest) -> Result<Vec<Letter>> {
    letters(&decision(tx, award, request)?)
}

/// The letters that the actor may read: for the authority all, as a preview until they are sent, then as they were sent; for a
/// provider its own, once sent.
pub fn letters_seen_by(tx: &mut Tx<'_>, actor: &Actor, id: AwardId) -> Result<Vec<LetterView>> {
    if actor.organisation_kind == OrganisationKind::Provider {
        let own = store::sent_letters(tx, id, Some(actor.organisation_id))?;
        if own.is_empty() {
            return Err(Error::NotFound("award"));
        }
        return as_sent(tx, own);
    }
    let award = actions::seen_by(tx, actor, id)?;
    if award.is_told() {
        let sent = store::sent_letters(tx, id, None)?;
        return as_sent(tx, sent);
    }
    if !award.state.is_live() {
        return Ok(Vec::new());
    }
    let request =
        placement_requests::store::request(tx, award.placement_request_id)?.ok_or(Error::NotFound("award"))?;
    let preview = letters_of(tx, &award, &request)?;
    as_previewed(tx, preview)
}

fn as_sent(tx: &mut Tx<'_>, letters: Vec<SentLetter>) -> Result<Vec<LetterView>> {
    let ids: Vec<_> = letters.iter().map(|letter| letter.recipient_id).collect();
    let names = Names::of(tx, &ids)?;
    let view = |letter: SentLetter| {
        let name = names.name(letter.recipient_id);
        LetterView::sent(letter, name)
    };
    Ok(letters.into_iter().map(view).collect())
}

/// Letters that are not sent yet, with the names of those they go to.
pub fn as_previewed(tx: &mut Tx<'_>, letters: Vec<Letter>) -> Result<Vec<LetterView>> {
    let ids: Vec<_> = letters.iter().map(|letter| letter.provider_id).collect();
    let names = Names::of(tx, &ids)?;
    let view = |letter: Letter| {
        let name = names.name(letter.provider_id);
        LetterView::preview(letter, name)
    };
    Ok(letters.into_iter().map(view).collect())
}

/// The names of recipients.
struct Names(Vec<accounts::Organisation>);

impl Names {
    fn of(tx: &mut Tx<'_>, ids: &[OrganisationId]) -> Result<Self> {
        accounts::store::organisations(tx, ids).map(Self)
    }

    fn name(&self, id: OrganisationId) -> String {
        let organisation = self.0.iter().find(|organisation| organisation.id == id);
        organisation
            .map(|organisation| organisation.name.clone())
            .unwrap_or_default()
    }
}

fn decision(tx: &mut Tx<'_>, award: &Award, request: &PlacementRequest) -> Result<Decision> {
    let bidders = store::bidders(tx, request.id)?;
    let declined = store::declined_bids(tx, request.id)?;
    let sheet = if bidders.is_empty() {
        None
    } else {
        Some(evaluation::actions::sheet(tx, request)?)
    };
    let scores = |bid| sheet.as_ref().and_then(|sheet| scores_of(sheet, sheet.row(bid)?));
    let mut winner = None;
    let mut others = Vec::with_capacity(bidders.len());
    for bidder in bidders {
        let contender = Contender {
            provider_id: bidder.provider_id,
            bid_id: Some(bidder.bid_id),
            provider: bidder.provider,
            home: bidder.home,
            scores: scores(bidder.bid_id),
            non_compliance: bidder.non_compliance,
        };
        if award.bid_id == Some(bidder.bid_id) {
            winner = Some(contender);
        } else if !declined.contains(&bidder.bid_id) {
            // Whoever was awarded before and declined is owed no account of why.
            others.push(contender);
        }
    }
    let names = accounts::store::organisations(tx, &[award.authority_id, award.provider_id])?;
    let name = |id| {
        let organisation = names.iter().find(|organisation| organisation.id == id);
        organisation
            .map(|organisation| organisation.name.clone())
            .ok_or(Error::NotFound("organisation"))
    };
    let winner = match winner {
        Some(winner) => winner,
        None => Contender {
            provider_id: award.provider_id,
            bid_id: None,
            provider: name(award.provider_id)?,
            home: homes::store::home(tx, award.home_id)?
                .ok_or(Error::NotFound("home"))?
                .name,
            scores: None,
            non_compliance: None,
        },
    };
    let proposer = accounts::store::contacts(tx, &[award.proposed_by])?
        .pop()
        .ok_or(Error::NotFound("person"))?;
    let lot = frameworks::store::lot(tx, award.lot_id)?.ok_or(Error::NotFound("lot"))?;
    let framework = frameworks::store::framework(tx, lot.framework_id)?.ok_or(Error::NotFound("framework"))?;
    Ok(Decision {
        authority: name(award.authority_id)?,
        contact: (proposer.name.to_string(), proposer.email.to_string()),
        reference: request.reference.clone(),
        lot: format!("{}, {}", lot.code, lot.title),
        framework: format!("{}, {}", framework.reference, framework.title),
        route: award.route.label(),
        decided_on: tx.now.date_in_uk(),
        standstill_until: award.standstill_ends_at.filter(|end| *end > tx.now).map(Instant::in_uk),
        price: award.price,
        starts_on: award.starts_on,
        ranked: sheet.map_or(0, |sheet| sheet.rows.len()),
        grounds: grounds(award),
        characteristics: award.characteristics.clone(),
        winner,
        others,
    })
}

fn grounds(award: &Award) -> Grounds {
    if award.is_direct() {
        Grounds::Direct
    } else if award
        .approvals
        .iter()
        .any(|approval| approval.kind == ApprovalKind::NotFirstRank)
    {
        Grounds::NeedsFirst
    } else if award.tied {
        Grounds::Tie(award.reason.clone().unwrap_or_default())
    } else {
        Grounds::MostPoints
    }
}

fn scores_of(sheet: &Sheet, row: &RankedBid) -> Option<Scores> {
    let criteria = row.criteria.iter().map(|line| {
        let reasons = match &line.moderated {
            Some(moderated) => vec![moderated.reason.clone()],
            None => line.given.iter().map(|score| score.reason.clone()).collect(),
        };
        Some(ScoreLine {
            title: line.criterion.title.clone(),
            weight: line.criterion.weight,
            score: line.counts?,
            points: line.points?,
            reasons,
        })
    });
    Some(Scores {
        rank: i32::try_from(row.rank?).ok()?,
        criteria: criteria.collect::<Option<Vec<_>>>()?,
        price_weight: sheet.scheme.price_weight,
        quality_points: row.quality_points?,
        price_points: row.price_points,
        total_points: row.total_points?,
        weekly_total: row.weekly_total,
    })
}

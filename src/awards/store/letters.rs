//! Rows of letters, and the bidders they go to.

use crate::awards::letters::Letter;
use crate::awards::rules::LetterKind;
use crate::bids::BidState;
use crate::clock::Instant;
use crate::db::Tx;
use crate::db::schema::{bids, homes, letters, organisations};
use crate::each;
use crate::error::Result;
use crate::ids::{AwardId, BidId, HomeId, LetterId, OrganisationId, PlacementRequestId};
use diesel::prelude::*;
use std::collections::HashMap;

/// A letter as it was sent.
#[derive(Debug, Clone, Queryable)]
pub struct SentLetter {
    /// To whom.
    pub recipient_id: OrganisationId,
    /// About which bid.
    pub bid_id: Option<BidId>,
    /// Which letter.
    pub kind: LetterKind,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub body: String,
    /// When.
    pub sent_at: Instant,
}

/// Keeps letters as sent now.
pub fn insert_letters(tx: &mut Tx<'_>, award: AwardId, sent: &[Letter]) -> Result<()> {
    let now = tx.now;
    let rows: Vec<_> = sent
        .iter()
        .map(|letter| {
            (
                letters::id.eq(LetterId::new(now)),
                letters::award_id.eq(award),
                letters::recipient_id.eq(letter.provider_id),
                letters::bid_id.eq(letter.bid_id),
                letters::kind.eq(letter.kind),
                letters::subject.eq(letter.subject.as_str()),
                letters::body.eq(letter.body.as_str()),
                letters::sent_at.eq(now),
            )
        })
        .collect();
    each!(tx.conn, c => diesel::insert_into(letters::table).values(&rows).execute(c))?;
    Ok(())
}

/// The letters of an award, the winner's first; those to one recipient, or all.
pub fn sent_letters(tx: &mut Tx<'_>, award: AwardId, recipient: Option<OrganisationId>) -> Result<Vec<SentLetter>> {
    let mut query = letters::table.filter(letters::award_id.eq(award)).into_boxed();
    if let Some(recipient) = recipient {
        query = query.filter(letters::recipient_id.eq(recipient));
    }
    let columns = (
        letters::recipient_id,
        letters::bid_id,
        letters::kind,
        letters::subject,
        letters::body,
        letters::sent_at,
    );
    Ok(query
        .select(columns)
        .order((letters::kind, letters::id))
        .load(tx.conn)?)
}

/// When the letters of these awards went out, one moment for each letter.
pub fn letters_sent(tx: &mut Tx<'_>, awards: &[AwardId]) -> Result<Vec<(AwardId, Instant)>> {
    Ok(letters::table
        .filter(letters::award_id.eq_any(awards))
        .order(letters::id)
        .select((letters::award_id, letters::sent_at))
        .load(tx.conn)?)
}

/// The awards whose letters to this recipient are about these bids: of each bid the newest.
pub fn awards_told_of(tx: &mut Tx<'_>, recipient: OrganisationId, bids: &[BidId]) -> Result<HashMap<BidId, AwardId>> {
    let rows: Vec<(Option<BidId>, AwardId)> = letters::table
        .filter(letters::recipient_id.eq(recipient))
        .filter(letters::bid_id.eq_any(bids.iter().map(|bid| Some(*bid)).collect::<Vec<_>>()))
        .order(letters::id)
        .select((letters::bid_id, letters::award_id))
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .filter_map(|(bid, award)| Some((bid?, award)))
        .collect())
}

/// Somebody who has bid on a request, with one home.
#[derive(Debug, Clone, Queryable)]
pub struct Bidder {
    /// The bid.
    pub bid_id: BidId,
    /// The request.
    pub placement_request_id: PlacementRequestId,
    /// How it stands.
    pub state: BidState,
    /// Why it is not compliant, if it isn't.
    pub non_compliance: Option<String>,
    /// The provider.
    pub provider_id: OrganisationId,
    /// The provider's name.
    pub provider: String,
    /// The home.
    pub home_id: HomeId,
    /// The home's name.
    pub home: String,
}

/// The bidders of a request whose bids were opened, in the order of their bids.
pub fn bidders(tx: &mut Tx<'_>, request: PlacementRequestId) -> Result<Vec<Bidder>> {
    bidders_of(tx, &[request])
}

/// The bidders of these requests whose bids were opened, in the order of their bids.
pub fn bidders_of(tx: &mut Tx<'_>, requests: &[PlacementRequestId]) -> Result<Vec<Bidder>> {
    let opened = bids::table
        .inner_join(homes::table)
        .inner_join(organisations::table.on(organisations::id.eq(bids::provider_id)))
        .filter(bids::placement_request_id.eq_any(requests.to_vec()))
        .filter(bids::state.ne_all([BidState::Draft, BidState::Submitted, BidState::Withdrawn]));
    let columns = (
        bids::id,
        bids::placement_request_id,
        bids::state,
        bids::non_compliance_reason,
        bids::provider_id,
        organisations::name,
        bids::home_id,
        homes::name,
    );
    Ok(opened.select(columns).order(bids::id).load(tx.conn)?)
}

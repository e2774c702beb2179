//! Rows of letters, and the bidders they go to.

use crate::awards::letters::Letter;
use crate::awards::rules::LetterKind;
use crate::bids::BidState;
use crate::clock::Instant;
use crate::db::Tx;
use crate::db::schema::{bids, homes, letters, organisations};
use crate::each;
use crate::error::Result;
use crate::ids::{AwardId, BidId, LetterId, OrganisationId, PlacementRequestId};
use diesel::prelude::*;

/// A letter as it was sent.
#[derive(Debug, Clone, Queryable)]
pub struct SentLetter {
    /// Its identifier.
    pub id: LetterId,
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
        letters::id,
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

/// Somebody who has bid on a request, with one home.
#[derive(Debug, Clone, Queryable)]
pub struct Bidder {
    /// The bid.
    pub bid_id: BidId,
    /// How it stands.
    pub state: BidState,
    /// Why it is not compliant, if it isn't.
    pub non_compliance: Option<String>,
    /// The provider.
    pub provider_id: OrganisationId,
    /// The provider's name.
    pub provider: String,
    /// The home's name.
    pub home: String,
}

/// The bidders of a request whose bids were opened, in the order of their bids.
pub fn bidders(tx: &mut Tx<'_>, request: PlacementRequestId) -> Result<Vec<Bidder>> {
    let opened = bids::table
        .inner_join(homes::table)
        .inner_join(organisations::table.on(organisations::id.eq(bids::provider_id)))
        .filter(bids::placement_request_id.eq(request))
        .filter(bids::state.ne_all([BidState::Draft, BidState::Submitted, BidState::Withdrawn]));
    let columns = (
        bids::id,
        bids::state,
        bids::non_compliance_reason,
        bids::provider_id,
        organisations::name,
        homes::name,
    );
    Ok(opened.select(columns).order(bids::id).load(tx.conn)?)
}

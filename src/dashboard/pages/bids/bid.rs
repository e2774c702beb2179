//! One bid: its provider reads what it saved last, its authority what was opened.

use askama::Template;

use crate::access::{Actor, OrganisationKind, Permission};
use crate::awards;
use crate::bids::api::server_key;
use crate::bids::content::Content;
use crate::bids::seal::ServerKey;
use crate::bids::store::Names;
use crate::bids::{self, Bid, BidState};
use crate::dashboard::pages::requests::for_provider::bid_tag;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{AwardId, BidId};
use crate::placement_requests::rules::{Criterion, Phase};
use crate::placement_requests::{PlacementRequest, store as requests};
use crate::web::pages::{Desk, Html, PageDoor, Tag, filters};
use crate::web::{Id, Reply, Routes};

pub(super) fn routes(r: &mut Routes) {
    r.get("/bids/{id}", show).may(Permission::ReadBids);
}

#[derive(Template)]
#[template(path = "dashboard/bids/bid.html")]
struct BidPage {
    bid: Bid,
    names: Names,
    request: PlacementRequest,
    content: Content,
    criteria: Vec<Criterion>,
    is_own: bool,
    takes_bids: bool,
    /// The award that a letter was sent about.
    told: Option<AwardId>,
    /// Whether the award to another fell through, so that this bid can be chosen after all.
    open_again: bool,
}

impl BidPage {
    fn state(&self) -> Tag {
        bid_tag(self.bid.state)
    }

    fn may_change(&self) -> bool {
        self.is_own && self.takes_bids && matches!(self.bid.state, BidState::Draft | BidState::Submitted)
    }

    /// Whether the home can bid once more: the bid was withdrawn in time.
    fn may_bid_again(&self) -> bool {
        self.is_own && self.takes_bids && self.bid.state == BidState::Withdrawn
    }
}

/// The bid and what of it the asker may read.
fn readable(tx: &mut Tx<'_>, actor: &Actor, key: &ServerKey, id: BidId) -> Result<(Bid, Content)> {
    if actor.organisation_kind == OrganisationKind::Provider {
        let bid = bids::actions::own(tx, actor, id)?;
        let content = bids::actions::content_of(tx, key, &bid)?;
        return Ok((bid, content));
    }
    let (bid, _) = bids::actions::opened_to(tx, actor, id)?;
    let bytes = bids::store::opened_bytes(tx, id)?.ok_or(Error::NotFound("bid"))?;
    Ok((bid, Content::from_bytes(bytes.as_bytes())?))
}

fn page(tx: &mut Tx<'_>, desk: &Desk<Actor>, key: &ServerKey, id: BidId) -> Result<Html> {
    let (bid, content) = readable(tx, desk, key, id)?;
    let is_own = desk.organisation_kind == OrganisationKind::Provider;
    let request = requests::request(tx, bid.request_id)?.ok_or(Error::NotFound("placement request"))?;
    let title = format!("Bid on {}", request.reference);
    let declined = awards::store::declined_bids(tx, request.id)?;
    let open_again =
        bid.state == BidState::Unsuccessful && request.phase(tx.now) == Phase::Opened && !declined.contains(&id);
    let page = BidPage {
        names: bids::store::names_of(tx, id)?,
        criteria: requests::criteria(tx, request.id)?,
        takes_bids: request.phase(tx.now) == Phase::Open,
        told: awards::store::awards_told_of(tx, bid.provider_id, &[id])?.remove(&id),
        open_again,
        bid,
        request,
        content,
        is_own,
    };
    Html::of(title, &page)
}

async fn show(visit: PageDoor<Actor>, id: Id<BidId>) -> Reply {
    let key = server_key(&visit.app);
    visit.read(move |tx, desk| page(tx, desk, &key, *id)).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bids::pages::samples;
    use crate::dashboard::pages::samples::CLOSES;
    use crate::placement_requests::rules::samples as requests;
    use crate::web::pages::assert_shows;

    /// The page for the bid's own provider, while bids are taken.
    fn page(bid: Bid) -> BidPage {
        let (request, criteria) = requests::published();
        BidPage {
            content: samples::content(&bid, &criteria),
            bid,
            names: samples::names(),
            request,
            criteria,
            is_own: true,
            takes_bids: true,
            told: None,
            open_again: false,
        }
    }

    /// Of all that can be done to the bid this is offered, and nothing else.
    fn assert_offers(page: &BidPage, offered: &[&str]) {
        for step in ["submit", "edit", "withdraw"] {
            let link = format!("href=\"/bids/{}/{step}\"", page.bid.id);
            if offered.contains(&step) {
                assert_shows(page, &[&link], &[]);
            } else {
                assert_shows(page, &[], &[&link]);
            }
        }
    }

    #[test]
    fn its_provider_reads_what_it_says_and_does_what_its_state_allows() {
        let (request, _) = requests::published();
        let draft = page(samples::draft(&request));
        let seen = [
            "<h1><span class=\"over\">PR-2026-7KQ4MX</span>Bid with Acorn House</h1>",
            "<span class=\"tag yellow\">Draft</span>",
            CLOSES,
            samples::PROVIDER,
            "£4,800.17 a week",
            "£5,150.17 a week",
            "Education (20 of 100)",
            "Two &#60;b&#62;therapists&#60;/b&#62; for: Education",
            "A calm home &#38; a &#34;garden&#34;.",
            "<li>It is &#60;far&#62;.</li>",
        ];
        let unseen = [
            "<b>",
            "<far>",
            "<Oak>",
            "Submitted <time",
            "Changes not submitted",
            "never submitted",
        ];
        assert_shows(&draft, &seen, &unseen);
        assert_offers(&draft, &["submit", "edit", "withdraw"]);

        let submitted = page(samples::submitted(&request));
        let sent =
            "Submitted <time datetime=\"2026-11-22T13:00:00Z\">22 November 2026, 13:00 GMT</time>, as version 1.";
        assert_shows(
            &submitted,
            &["<span class=\"tag green\">Submitted</span>", sent],
            &["Changes not submitted"],
        );
        assert_offers(&submitted, &["edit", "withdraw"]);
        let changed = page(samples::submitted(&request).saved().unwrap());
        assert_shows(&changed, &["Changes not submitted", sent], &[]);
        assert_offers(&changed, &["submit", "edit", "withdraw"]);
        let withdrawn = page(samples::submitted(&request).withdrawn(samples::submitted_at()).unwrap());
        let again = format!(
            "<a class=\"button\" href=\"/placement-requests/{}/bid?home={}\">Bid again with this home</a>",
            request.id, withdrawn.bid.home_id
        );
        assert_shows(
            &withdrawn,
            &["<span class=\"tag grey\">Withdrawn</span>", &again],
            &["never submitted"],
        );
        assert_offers(&withdrawn, &[]);
        let late = BidPage {
            takes_bids: false,
            ..withdrawn
        };
        assert_shows(&late, &[], &["Bid again"]);
    }

    #[test]
    fn after_the_deadline_it_is_only_read() {
        let (request, _) = requests::published();
        let late = BidPage {
            takes_bids: false,
            ..page(samples::draft(&request))
        };
        assert_shows(
            &late,
            &["It was never submitted, so nobody has read it."],
            &["Bids close"],
        );
        assert_offers(&late, &[]);
        let out = BidPage {
            takes_bids: false,
            ..page(samples::non_compliant(&request, "No answer to <part 2>."))
        };
        let seen = [
            "<span class=\"tag red\">Not compliant</span>",
            "Marked as not compliant: No answer to &#60;part 2&#62;.",
        ];
        assert_shows(&out, &seen, &["<part 2>", "Read the letter"]);
        let award = AwardId::new(samples::submitted_at());
        let told = BidPage {
            told: Some(award),
            ..out
        };
        let letter = format!("href=\"/awards/{award}/letters\"");
        assert_shows(&told, &[&letter], &["open again"]);
        let again = BidPage {
            open_again: true,
            ..told
        };
        assert_shows(
            &again,
            &[&letter, "the decision is open again, and this bid can still be chosen."],
            &[],
        );
    }

    #[test]
    fn its_authority_reads_it_and_does_nothing_to_it() {
        let (request, _) = requests::published();
        let page = BidPage {
            is_own: false,
            takes_bids: false,
            told: Some(AwardId::new(samples::submitted_at())),
            ..page(samples::opened(&request))
        };
        let seen = [
            "<span class=\"tag purple\">Opened</span>",
            "£5,150.17 a week",
            "The receipt, and how to check it",
        ];
        assert_shows(&page, &seen, &["Read the letter", "never submitted"]);
        assert_offers(&page, &[]);
    }
}

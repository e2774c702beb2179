//! Sending a bid: the check before, the submission, and the receipt.

use askama::Template;

use crate::access::{Actor, OrganisationKind, Permission, ProviderUser};
use crate::bids::actions::{self, Outlook};
use crate::bids::api::{receipt_of, sealed_bytes, server_key};
use crate::bids::content::{self, Content};
use crate::bids::rules::{Bid, Receipt};
use crate::bids::seal::ServerKey;
use crate::bids::store::{self, Names};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::BidId;
use crate::placement_requests::rules::Criterion;
use crate::placement_requests::{PlacementRequest, store as requests};
use crate::web::pages::{Desk, Form, Go, Html, PageDoor, Posted, filters};
use crate::web::{Answer, Id, Reply, Routes};

pub(super) fn routes(r: &mut Routes) {
    use Permission::{ReadBids, SubmitBids};
    r.get("/bids/{id}/submit", show).may(SubmitBids);
    r.post("/bids/{id}/submit", submit).may(SubmitBids);
    r.get("/bids/{id}/receipt", show_receipt).may(ReadBids);
    r.get("/bids/{id}/receipt.json", receipt_file).may(ReadBids);
    r.get("/bids/{id}/content.json", content_file).may(ReadBids);
}

#[derive(Template)]
#[template(path = "bids/check.html")]
struct CheckPage {
    bid: Bid,
    names: Names,
    request: PlacementRequest,
    content: Content,
    criteria: Vec<Criterion>,
    outlook: Outlook,
    form: Form,
}

impl CheckPage {
    fn may_submit(&self) -> bool {
        self.outlook.problems.is_empty() && self.bid.has_unsent_version()
    }
}

fn page(tx: &mut Tx<'_>, desk: &Desk<ProviderUser>, key: &ServerKey, id: BidId) -> Result<Html> {
    let bid = actions::own(tx, desk, id)?;
    let request = requests::request(tx, bid.request_id)?.ok_or(Error::NotFound("placement request"))?;
    let outlook = actions::outlook(tx, key, &bid, &request)?;
    let names = store::names_of(tx, id)?;
    let form = desk
        .form(format!("/bids/{id}/submit"))
        .version(bid.version)
        .button("Submit the bid");
    let title = format!("Check your bid on {}", request.reference);
    let page = CheckPage {
        content: actions::content_of(tx, key, &bid)?,
        criteria: requests::criteria(tx, request.id)?,
        bid,
        names,
        request,
        outlook,
        form,
    };
    Html::of(title, &page)
}

async fn show(visit: PageDoor<ProviderUser>, id: Id<BidId>) -> Reply {
    let key = server_key(&visit.app);
    visit.read(move |tx, desk| page(tx, desk, &key, *id)).await
}

async fn submit(visit: PageDoor<ProviderUser>, id: Id<BidId>, posted: Posted) -> Reply {
    let (key, id) = (server_key(&visit.app), *id);
    let shown_with = key.clone();
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                actions::submit(tx, desk, &key, id, posted.version())?;
                Ok(Go::to(format!("/bids/{id}/receipt")))
            },
            move |tx, desk| page(tx, desk, &shown_with, id),
        )
        .await
}

#[derive(Template)]
#[template(path = "bids/receipt.html")]
struct ReceiptPage {
    bid: Bid,
    names: Names,
    receipt: Receipt,
    is_own: bool,
    /// The SHA-256 of the bytes that are kept, taken just now.
    taken_now: String,
}

async fn show_receipt(visit: PageDoor<Actor>, id: Id<BidId>) -> Reply {
    let (key, id) = (server_key(&visit.app), *id);
    visit
        .read(move |tx, desk| {
            let is_own = desk.organisation_kind == OrganisationKind::Provider;
            let bid = if is_own {
                actions::own(tx, desk, id)?
            } else {
                actions::opened_to(tx, desk, id)?.0
            };
            let receipt = bid.receipt.clone().ok_or(Error::NotFound("receipt"))?;
            let page = ReceiptPage {
                taken_now: content::sha256(&sealed_bytes(tx, desk, &key, id)?),
                names: store::names_of(tx, id)?,
                bid,
                receipt,
                is_own,
            };
            Html::of("Receipt of a bid", &page)
        })
        .await
}

async fn receipt_file(visit: PageDoor<Actor>, id: Id<BidId>) -> Reply {
    visit
        .download(move |tx, desk| {
            let (receipt, _) = receipt_of(tx, desk, *id)?;
            let text = serde_json::to_vec_pretty(&receipt).map_err(Error::internal)?;
            Ok(Answer::bytes("application/json", text)?.attachment(&format!("receipt-{}.json", *id)))
        })
        .await
}

async fn content_file(visit: PageDoor<Actor>, id: Id<BidId>) -> Reply {
    let key = server_key(&visit.app);
    visit
        .download(move |tx, desk| {
            let bytes = sealed_bytes(tx, desk, &key, *id)?;
            Ok(Answer::bytes("application/json", bytes.to_vec())?.attachment(&format!("bid-{}.json", *id)))
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bids::pages::samples;
    use crate::bids::rules::Remark;
    use crate::placement_requests::rules::samples as requests;
    use crate::web::pages::assert_shows;

    fn check(bid: Bid, problems: &[&str]) -> CheckPage {
        let (request, criteria) = requests::published();
        let remark = Remark {
            code: "over_ceiling.core".to_owned(),
            text: "Core is over the <ceiling>.".to_owned(),
        };
        CheckPage {
            content: samples::content(&bid, &criteria),
            bid,
            names: samples::names(),
            request,
            criteria,
            outlook: Outlook {
                problems: problems.iter().map(|problem| (*problem).to_owned()).collect(),
                remarks: vec![remark],
            },
            form: Form::reader().button("Submit the bid"),
        }
    }

    const SUBMIT: &str = "<button>Submit the bid</button>";
    const AS_IT_STANDS: &str = "This bid is submitted as it stands.";

    #[test]
    fn a_bid_is_read_whole_before_it_is_submitted() {
        let (request, _) = requests::published();
        let page = check(samples::draft(&request), &[]);
        let change = format!("href=\"/bids/{}/edit\"", page.bid.id);
        let seen = [
            "PR-2026-7KQ4MX, with Acorn House</span>Check your bid</h1>",
            "datetime=\"2026-11-23T12:00:00Z\"",
            "Core is over the &#60;ceiling&#62;.",
            "26 November 2026",
            "£4,800.17 a week",
            "£350.00 a week",
            "£5,150.17 a week",
            "Two &#60;b&#62;therapists&#60;/b&#62; for: Education",
            "A calm home &#38; a &#34;garden&#34;.",
            "Once submitted, the bid is sealed",
            SUBMIT,
            &change,
        ];
        assert_shows(
            &page,
            &seen,
            &[
                "<b>",
                "<ceiling>",
                "It can't be submitted yet",
                "Not answered",
                AS_IT_STANDS,
            ],
        );
    }

    #[test]
    fn what_is_missing_stands_first_and_nothing_can_be_submitted() {
        let (request, criteria) = requests::published();
        let mut page = check(samples::draft(&request), &["The home has <no> free place."]);
        page.content.matching_statement = String::from(" ");
        page.outlook.remarks.clear();
        page.criteria = criteria;
        let seen = [
            "It can't be submitted yet",
            "<li>The home has &#60;no&#62; free place.</li>",
            "Not answered",
            "Not written",
        ];
        let unseen = [SUBMIT, AS_IT_STANDS, "therapists", "will be told with the bid", "<no>"];
        assert_shows(&page, &seen, &unseen);
    }

    #[test]
    fn a_bid_that_is_submitted_as_it_stands_is_not_submitted_again() {
        let (request, _) = requests::published();
        let page = check(samples::submitted(&request), &[]);
        let receipt = format!("<a href=\"/bids/{}/receipt\">", page.bid.id);
        assert_shows(&page, &[AS_IT_STANDS, &receipt], &[SUBMIT]);
        let changed = CheckPage {
            bid: page.bid.clone().saved().unwrap(),
            ..page
        };
        assert_shows(&changed, &[SUBMIT], &[AS_IT_STANDS]);
    }

    #[test]
    fn a_receipt_says_what_was_sent_when_and_whether_it_still_is() {
        let (request, _) = requests::published();
        let page = |bid: Bid, is_own, taken_now: &str| ReceiptPage {
            receipt: bid.receipt.clone().unwrap(),
            bid,
            names: samples::names(),
            is_own,
            taken_now: taken_now.to_owned(),
        };
        let fingerprint = format!("<code>{}</code>", samples::SHA256);
        let own = page(samples::submitted(&request), true, samples::SHA256);
        let content = format!("href=\"/bids/{}/content.json\"", own.bid.id);
        let seen = [
            "<h1>Your bid is submitted</h1>",
            "<time datetime=\"2026-11-22T13:00:00Z\">22 November 2026, 13:00 GMT</time>",
            "<dt>Version</dt><dd>1</dd>",
            samples::PROVIDER,
            &fingerprint,
            "It is the same",
            &content,
        ];
        assert_shows(&own, &seen, &["It differs", "<Oak>", "£"]);
        let opened = page(samples::opened(&request), false, "ba5e0f");
        let seen = [
            "</span>Receipt of the bid</h1>",
            &fingerprint,
            "It differs",
            "<code>ba5e0f</code>",
            ">The bid</a>",
        ];
        assert_shows(&opened, &seen, &["It is the same", "Your bid"]);
    }
}

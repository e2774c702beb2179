//! Whether an opened bid is compliant: said by a person, with the reason where it is not.

use super::super::actions::{self, opened_to};
use super::super::rules::{Bid, NonCompliance};
use super::super::store::{self, Names};
use crate::access::{AuthorityUser, Permission};
use crate::bids::BidState;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::BidId;
use crate::placement_requests::{ConfidentialKey, PlacementRequest};
use crate::web::pages::{Desk, Form, Go, Html, PageDoor, Posted};
use crate::web::{Id, Reply, Routes};
use askama::Template;

pub(super) fn routes(r: &mut Routes) {
    r.get("/bids/{id}/compliance", show).may(Permission::OpenBids);
    r.post("/bids/{id}/compliant", compliant).may(Permission::OpenBids);
    r.post("/bids/{id}/non-compliant", non_compliant)
        .may(Permission::OpenBids);
}

#[derive(Template)]
#[template(path = "bids/compliance.html")]
struct CompliancePage {
    request: PlacementRequest,
    bid: Bid,
    names: Names,
    compliant: Form,
    non_compliant: Form,
}

fn reason(form: Form) -> Form {
    form.area("reason", "Why it is not compliant", 4)
        .hint("The provider reads it. Write nothing that identifies the child.")
        .button("Mark as not compliant")
        .warning()
}

fn page(tx: &mut Tx<'_>, desk: &Desk<AuthorityUser>, id: BidId) -> Result<Html> {
    let (bid, request) = opened_to(tx, desk, id)?;
    let names = store::names_of(tx, id)?;
    let page = CompliancePage {
        compliant: desk
            .form(format!("/bids/{id}/compliant"))
            .version(bid.version)
            .button("Mark as compliant"),
        non_compliant: reason(desk.form(format!("/bids/{id}/non-compliant"))).version(bid.version),
        names,
        request,
        bid,
    };
    Html::of(format!("Compliance – {}", page.request.reference), &page)
}

async fn show(visit: PageDoor<AuthorityUser>, id: Id<BidId>) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id)).await
}

fn back(bid: &Bid) -> Go {
    Go::to(format!("/placement-requests/{}/bids", bid.request_id))
}

async fn compliant(visit: PageDoor<AuthorityUser>, id: Id<BidId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let bid = actions::mark_compliant(tx, desk, id, posted.version())?;
                Ok(back(&bid).saying("The bid is marked as compliant."))
            },
            move |tx, desk| page(tx, desk, id),
        )
        .await
}

async fn non_compliant(visit: PageDoor<AuthorityUser>, id: Id<BidId>, posted: Posted) -> Reply {
    let (id, key) = (*id, ConfidentialKey::of(&visit.app.secret));
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let body: NonCompliance = reason(Form::reader()).read(posted)?;
                let bid = actions::mark_non_compliant(tx, desk, &key, id, body.reason, posted.version())?;
                Ok(back(&bid).saying("The bid is marked as not compliant. Its provider is told."))
            },
            move |tx, desk| page(tx, desk, id),
        )
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bids::pages::samples;
    use crate::placement_requests::rules::samples as requests;
    use crate::web::pages::assert_shows;

    #[test]
    fn a_bid_is_marked_as_what_it_is_not_and_its_reason_is_told() {
        let (request, _) = requests::opened();
        let page = |bid| CompliancePage {
            request: request.clone(),
            bid,
            names: samples::names(),
            compliant: Form::reader().button("Mark as compliant"),
            non_compliant: reason(Form::reader()),
        };
        let (yes, no) = (
            "<button>Mark as compliant</button>",
            "<button class=\"warning\">Mark as not compliant</button>",
        );
        let heading = format!("{}: Acorn House, {}</span>", request.reference, samples::PROVIDER);
        let seen = [
            heading.as_str(),
            "It is now <span class=\"tag\">opened</span>. A bid",
            yes,
            no,
        ];
        assert_shows(&page(samples::opened(&request)), &seen, &["<Oak>", "tag red"]);
        let marked = samples::non_compliant(&request, "No answer to <part 2>");
        let seen = [
            "It is now <span class=\"tag red\">not compliant</span>: No answer to &#60;part 2&#62;. A bid",
            yes,
            no,
        ];
        assert_shows(&page(marked.clone()), &seen, &["<part 2>"]);
        let compliant = marked.marked_compliant().unwrap();
        let seen = ["It is now <span class=\"tag\">compliant</span>. A bid", no];
        assert_shows(&page(compliant), &seen, &[yes, "It is compliant", "part 2"]);
    }
}

//! Writing a bid on one page: its price, an answer to each criterion, the matching statement. It saves itself.

use askama::Template;

use crate::access::{Permission, ProviderUser};
use crate::bids::actions;
use crate::bids::api::server_key;
use crate::bids::content::Content;
use crate::bids::rules::{Terms, Verb, while_open};
use crate::bids::seal::ServerKey;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::frameworks::{self, Lot};
use crate::homes;
use crate::ids::BidId;
use crate::placement_requests::rules::Criterion;
use crate::placement_requests::{PlacementRequest, store as requests};
use crate::values::Money;
use crate::web::pages::{Desk, Form, Go, Html, PageDoor, Posted};
use crate::web::{Id, Reply, Routes};

pub(super) fn routes(r: &mut Routes) {
    r.get("/bids/{id}/edit", show).may(Permission::SubmitBids);
    r.post("/bids/{id}/edit", save).may(Permission::SubmitBids);
}

#[derive(Template)]
#[template(path = "bids/write.html")]
struct WritePage {
    bid: BidId,
    request: PlacementRequest,
    home: String,
    lot: Lot,
    blocks: bool,
    is_submitted: bool,
    form: Form,
}

impl WritePage {
    fn ceilings(&self) -> Vec<(&'static str, Money)> {
        let lines = &self.lot.line_ceilings;
        let all = [
            ("Core", lines.core),
            ("Additional support", lines.additional_support),
            ("Education", lines.education),
            ("Other", lines.other),
            ("All together", self.lot.weekly_ceiling),
        ];
        all.into_iter().filter_map(|(name, most)| Some((name, most?))).collect()
    }
}

fn terms_form(form: Form, criteria: &[Criterion]) -> Form {
    let form = form
        .date("starts_on", "First day the child could live there")
        .money("price.core", "Core")
        .hint("What the statement of purpose offers.")
        .money("price.additional_support", "Additional support")
        .hint("Staffing ratios, waking nights, transport, one-child therapy, tutoring outside school.")
        .money("price.education", "Education")
        .money("price.other", "Other");
    let answered = criteria.iter().enumerate().fold(form, |form, (n, criterion)| {
        form.hidden(format!("answers[{n}].criterion_id"), criterion.id)
            .area(
                format!("answers[{n}].text"),
                format!("{} (weight {} of 100)", criterion.title, criterion.weight),
                8,
            )
            .hint(criterion.guidance.clone().unwrap_or_default())
            .or_blank()
    });
    answered
        .area("matching_statement", "Matching statement", 10)
        .hint("How the home meets this child's needs, and what it means for the children living there.")
        .or_blank()
}

/// The form as the bid's content fills it.
fn filled(form: Form, content: &Content, criteria: &[Criterion]) -> Form {
    let form = form
        .set("starts_on", content.starts_on)
        .set("price.core", content.price.core)
        .set("price.additional_support", content.price.additional_support)
        .set("price.education", content.price.education)
        .set("price.other", content.price.other)
        .set("matching_statement", &content.matching_statement);
    criteria.iter().enumerate().fold(form, |form, (n, criterion)| {
        form.set(format!("answers[{n}].text"), content.answer(criterion.id))
    })
}

fn edit_path(id: BidId) -> String {
    format!("/bids/{id}/edit")
}

fn page(tx: &mut Tx<'_>, desk: &Desk<ProviderUser>, key: &ServerKey, id: BidId) -> Result<Html> {
    let bid = actions::own(tx, desk, id)?;
    let request = requests::request(tx, bid.request_id)?.ok_or(Error::NotFound("placement request"))?;
    while_open(&request, tx.now)?;
    bid.state.after(Verb::Save)?;
    let criteria = requests::criteria(tx, request.id)?;
    let content = actions::content_of(tx, key, &bid)?;
    let lot = frameworks::store::lot(tx, request.lot_id)?.ok_or(Error::NotFound("lot"))?;
    let framework = frameworks::store::framework(tx, request.framework_id)?.ok_or(Error::NotFound("framework"))?;
    let home = homes::store::home(tx, bid.home_id)?.ok_or(Error::NotFound("home"))?;
    let form = filled(terms_form(desk.form(edit_path(id)), &criteria), &content, &criteria)
        .version(bid.version)
        .saving_itself()
        .also("then", "later", "Save, and go on later")
        .button("Save, and check the bid");
    let title = format!("Bid on {} with {}", request.reference, home.name);
    let page = WritePage {
        bid: id,
        request,
        home: home.name,
        lot,
        blocks: framework.policy.blocks_over_ceiling(),
        is_submitted: bid.receipt.is_some(),
        form,
    };
    Html::of(title, &page)
}

async fn show(visit: PageDoor<ProviderUser>, id: Id<BidId>) -> Reply {
    let key = server_key(&visit.app);
    visit.read(move |tx, desk| page(tx, desk, &key, *id)).await
}

async fn save(visit: PageDoor<ProviderUser>, id: Id<BidId>, posted: Posted) -> Reply {
    let (key, id) = (server_key(&visit.app), *id);
    let shown_with = key.clone();
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let bid = actions::own(tx, desk, id)?;
                let criteria = requests::criteria(tx, bid.request_id)?;
                let terms: Terms = terms_form(desk.form(edit_path(id)), &criteria).read(posted)?;
                let (bid, _) = actions::revise(tx, desk, &key, id, terms, posted.version())?;
                if desk.saves_itself() {
                    return Go::kept(desk, bid.version);
                }
                if posted.value("then") == Some("later") {
                    return Ok(Go::to(format!("/bids/{id}")).saying("Saved. Nothing is sent until you submit it."));
                }
                Ok(Go::to(format!("/bids/{id}/submit")))
            },
            move |tx, desk| page(tx, desk, &shown_with, id),
        )
        .await
}

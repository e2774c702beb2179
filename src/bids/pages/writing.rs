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
use crate::placement_requests::api::RequestView;
use crate::placement_requests::pages::Needed;
use crate::placement_requests::rules::Criterion;
use crate::placement_requests::{ConfidentialKey, store as requests};
use crate::values::Money;
use crate::web::pages::{Desk, Form, Go, Html, PageDoor, Posted};
use crate::web::{AppState, Id, Reply, Routes};

pub(super) fn routes(r: &mut Routes) {
    r.get("/bids/{id}/edit", show).may(Permission::SubmitBids);
    r.post("/bids/{id}/edit", save).may(Permission::SubmitBids);
}

#[derive(Template)]
#[template(path = "bids/write.html")]
struct WritePage {
    bid: BidId,
    request: RequestView,
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

    fn needed(&self) -> Needed<'_> {
        Needed { request: &self.request }
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

/// What a bid and the request that it is for are read with.
#[derive(Clone)]
struct Keys {
    server: ServerKey,
    confidential: ConfidentialKey,
}

impl Keys {
    fn of(app: &AppState) -> Self {
        Self {
            server: server_key(app),
            confidential: ConfidentialKey::of(&app.secret),
        }
    }
}

fn edit_path(id: BidId) -> String {
    format!("/bids/{id}/edit")
}

fn page(tx: &mut Tx<'_>, desk: &Desk<ProviderUser>, keys: &Keys, id: BidId) -> Result<Html> {
    let bid = actions::own(tx, desk, id)?;
    let request = requests::request(tx, bid.request_id)?.ok_or(Error::NotFound("placement request"))?;
    while_open(&request, tx.now)?;
    bid.state.after(Verb::Save)?;
    let criteria = requests::criteria(tx, request.id)?;
    let content = actions::content_of(tx, &keys.server, &bid)?;
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
        request: RequestView::of(tx, desk, &keys.confidential, request)?,
        home: home.name,
        lot,
        blocks: framework.policy.blocks_over_ceiling(),
        is_submitted: bid.receipt.is_some(),
        form,
    };
    Html::of(title, &page)
}

async fn show(visit: PageDoor<ProviderUser>, id: Id<BidId>) -> Reply {
    let keys = Keys::of(&visit.app);
    visit.read(move |tx, desk| page(tx, desk, &keys, *id)).await
}

async fn save(visit: PageDoor<ProviderUser>, id: Id<BidId>, posted: Posted) -> Reply {
    let (keys, id) = (Keys::of(&visit.app), *id);
    let shown_with = keys.clone();
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let bid = actions::own(tx, desk, id)?;
                let criteria = requests::criteria(tx, bid.request_id)?;
                let terms: Terms = terms_form(desk.form(edit_path(id)), &criteria).read(posted)?;
                let (bid, _) = actions::revise(tx, desk, &keys.server, id, terms, posted.version())?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bids::pages::samples;
    use crate::frameworks::rules::LineCeilings;
    use crate::placement_requests::api::samples as samples_of_requests;
    use crate::placement_requests::rules::samples as requests;
    use crate::web::pages::assert_shows;

    #[test]
    fn a_bid_is_written_beside_its_deadline_its_ceilings_and_what_is_asked() {
        let (request, criteria) = requests::published();
        let content = samples::content(&samples::draft(&request), &criteria);
        let page = |ceilings: bool, blocks, is_submitted| WritePage {
            bid: content.bid_id,
            home: "Oak & <Elm>".to_owned(),
            lot: Lot {
                weekly_ceiling: ceilings.then(|| "6000.00".parse().unwrap()),
                line_ceilings: LineCeilings {
                    core: ceilings.then(|| "5000.00".parse().unwrap()),
                    ..LineCeilings::default()
                },
                ..requests::lot(&request)
            },
            blocks,
            is_submitted,
            form: filled(terms_form(Form::reader(), &criteria), &content, &criteria),
            request: samples_of_requests::view(request.clone(), criteria.clone(), false, requests::noon()),
        };
        let blocked = "A bid above a ceiling can't be submitted.";
        let warned = "A bid above a ceiling is marked for the authority.";
        let unsent = "This is a draft: nothing is sent until you submit it.";
        let sent = "Your submitted bid counts as it was sent until you submit this one in its turn.";
        let heading = format!(
            "<h1><span class=\"over\">{}</span>Bid with Oak &#38; &#60;Elm&#62;</h1>",
            request.reference
        );
        let seen = [
            heading.as_str(),
            "<details><summary>What is needed</summary>",
            "<dd>Going missing</dd>",
            "<p>A calm home near school.</p>",
            "The price weighs 40 of 100",
            "datetime=\"2026-11-23T12:00:00Z\"",
            unsent,
            "Core £5,000.00, All together £6,000.00.",
            blocked,
            "data-money value=\"4800.17\"",
            "How the home meets this child&#39;s needs (weight 40 of 100)</label>",
            "Say how school goes on.",
            "Two &#60;b&#62;therapists&#60;/b&#62; for: Education</textarea>",
            "A calm home &#38; a &#34;garden&#34;.</textarea>",
        ];
        assert_shows(&page(true, true, false), &seen, &["<b>", warned, sent]);
        assert_shows(&page(true, false, true), &[warned, sent], &[blocked, unsent]);
        assert_shows(&page(false, true, false), &["without VAT."], &["ceiling"]);
    }
}

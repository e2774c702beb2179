//! Declining a request, with a coded reason, for one home or several at once.

use askama::Template;
use serde::Deserialize;
use serde_json::json;
use validator::Validate;

use super::starting::{Chosen, without_bid};
use crate::access::{Permission, ProviderUser};
use crate::bids::{actions, store};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{HomeId, PlacementRequestId};
use crate::matching::actions::OwnFit;
use crate::placement_requests::PlacementRequest;
use crate::values::DeclineReason;
use crate::web::pages::{Choice, Desk, Form, Go, Html, PageDoor, Posted};
use crate::web::{Id, Query, Reply, Routes};

pub(super) fn routes(r: &mut Routes) {
    r.get("/placement-requests/{id}/decline", show)
        .may(Permission::DeclineRequests);
    r.post("/placement-requests/{id}/decline", decline)
        .may(Permission::DeclineRequests);
}

/// A decline for several homes: each becomes one of its own.
#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
struct Declining {
    home_ids: Vec<HomeId>,
    reason: DeclineReason,
    #[serde(default)]
    #[validate(length(min = 1, max = 1000), custom(function = "crate::values::text::prose"))]
    note: Option<String>,
}

#[derive(Template)]
#[template(path = "bids/decline.html")]
struct DeclinePage {
    request: PlacementRequest,
    /// None where each home has bid or declined.
    form: Option<Form>,
}

fn fields(form: Form, homes: Vec<Choice>) -> Form {
    form.checks("home_ids", "For which homes?", homes)
        .radios("reason", "Why?", Choice::all::<DeclineReason>())
        .area("note", "In your own words", 3)
        .hint("The authority reads it. Write nothing that identifies the child.")
        .optional()
        .button("Decline")
}

/// The homes, each with whether it fits.
fn choices(homes: &[OwnFit]) -> Vec<Choice> {
    let choice = |fit: &OwnFit| {
        let standing = if fit.found.fits() { "Fits" } else { "Does not fit" };
        Choice::new(fit.home_id, &fit.name).hint(standing)
    };
    homes.iter().map(choice).collect()
}

/// The homes that are ticked at first: the one that was chosen, else those that fit. Nobody waits for a word on the others.
fn at_first(homes: &[OwnFit], chosen: Option<HomeId>) -> Vec<HomeId> {
    let is_meant = |fit: &&OwnFit| chosen.map_or(fit.found.fits(), |chosen| chosen == fit.home_id);
    homes.iter().filter(is_meant).map(|fit| fit.home_id).collect()
}

fn decline_form(desk: &Desk<ProviderUser>, id: PlacementRequestId, homes: Vec<Choice>) -> Form {
    fields(desk.form(format!("/placement-requests/{id}/decline")), homes)
}

fn page(tx: &mut Tx<'_>, desk: &Desk<ProviderUser>, id: PlacementRequestId, chosen: Chosen) -> Result<Html> {
    let (request, fits) = without_bid(tx, desk, id)?;
    let declines = store::declines_of_provider(tx, desk.organisation_id, &[id])?;
    let mut silent = fits;
    silent.retain(|fit| declines.iter().all(|decline| decline.home_id != fit.home_id));
    let form = (!silent.is_empty()).then(|| {
        let ticked = at_first(&silent, chosen.home);
        decline_form(desk, id, choices(&silent)).fill(&json!({"home_ids": ticked}))
    });
    let title = format!("Decline {}", request.reference);
    Html::of(title, &DeclinePage { request, form })
}

async fn show(visit: PageDoor<ProviderUser>, id: Id<PlacementRequestId>, chosen: Query<Chosen>) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id, *chosen)).await
}

async fn decline(visit: PageDoor<ProviderUser>, id: Id<PlacementRequestId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let Declining { home_ids, reason, note } = decline_form(desk, id, Vec::new()).read(posted)?;
                if home_ids.is_empty() {
                    return Err(Error::field("home_ids", "required", "must be at least one"));
                }
                actions::decline_all(tx, desk, id, &home_ids, reason, note.as_deref())?;
                Ok(Go::to(format!("/placement-requests/{id}"))
                    .saying("Declined. The authority is told the reason. You may still bid until bids close."))
            },
            move |tx, desk| page(tx, desk, id, Chosen::default()),
        )
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bids::pages::samples as bids;
    use crate::matching::rules::Misfit;
    use crate::placement_requests::rules::samples;
    use crate::web::pages::assert_shows;

    #[test]
    fn the_chosen_home_is_ticked_or_those_that_fit() {
        let (request, _) = samples::published();
        let fit = |name: &str, against| {
            let bid = bids::draft(&request);
            OwnFit {
                home_id: bid.home_id,
                name: name.to_owned(),
                found: bids::found(&bid, against),
            }
        };
        let homes = [fit("Acorn House", None), fit("Oak House", Some(Misfit::Age))];
        let [acorn, oak] = homes.each_ref().map(|fit| fit.home_id);
        assert_eq!(at_first(&homes, None), [acorn]);
        assert_eq!(at_first(&homes, Some(oak)), [oak]);
        let form = fields(Form::reader(), choices(&homes));
        let page = DeclinePage {
            request,
            form: Some(form),
        };
        assert_shows(&page, &[">Fits</p>", ">Does not fit</p>"], &[" checked"]);
    }

    #[test]
    fn the_homes_that_have_said_nothing_can_be_declined_for() {
        let (request, _) = samples::published();
        let (acorn, oak) = (HomeId::new(samples::noon()), HomeId::new(samples::noon()));
        let homes = vec![Choice::new(acorn, "Acorn House"), Choice::new(oak, "Oak & <Elm>")];
        let page = DeclinePage {
            request: request.clone(),
            form: Some(fields(Form::reader(), homes).fill(&json!({"home_ids": [oak]}))),
        };
        let (ticked, unticked) = (format!("value=\"{oak}\" checked"), format!("value=\"{acorn}\">"));
        let heading = format!("Decline {}</h1>", request.reference);
        let seen = [
            heading.as_str(),
            &ticked,
            &unticked,
            "Oak &#38; &#60;Elm&#62;</label>",
            "Not a match with the children living there now</label>",
            "no other provider learns of it",
        ];
        assert_shows(&page, &seen, &["<Elm>", "has bid or declined"]);
        let none = DeclinePage { request, form: None };
        let seen = ["Each of your homes that offers this kind of placement has bid or declined."];
        assert_shows(&none, &seen, &["<form"]);
    }
}

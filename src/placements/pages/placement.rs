//! One placement, and its agreement.

use super::is_party;
use crate::access::{Actor, Permission, may};
use crate::awards;
use crate::awards::letters::cost_lines;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{AwardId, PlacementId};
use crate::placements::actions::scope_of;
use crate::placements::rules::PlacementState;
use crate::placements::store;
use crate::placements::views::PlacementView;
use crate::values::{Money, PriceLines};
use crate::web::pages::{Html, PageDoor, filters};
use crate::web::{Answer, Id, Query, Reply, Routes};
use askama::Template;
use serde::Deserialize;

pub(super) fn routes(r: &mut Routes) {
    r.get("/placements/{id}", show).may(Permission::ReadPlacements);
    r.get("/awards/{id}/placement", show_of_award)
        .may(Permission::ReadAwards);
    r.get("/placements/{id}/agreement", show_agreement)
        .may(Permission::ReadPlacements);
    r.get("/placements/{id}/agreement.txt", download_agreement)
        .may(Permission::ReadPlacements);
}

/// Which agreement.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    /// The number of the terms; the last when absent.
    number: Option<i32>,
}

#[derive(Template)]
#[template(path = "placements/placement.html")]
struct PlacementPage {
    placement: PlacementView,
    is_party: bool,
    may_manage: bool,
    may_vary: bool,
}

fn lines(price: PriceLines) -> Vec<(&'static str, Money)> {
    cost_lines(price)
}

/// The placement as this person may know it.
pub(super) fn seen_by(tx: &mut Tx<'_>, actor: &Actor, id: PlacementId) -> Result<PlacementView> {
    let line = store::line(tx, scope_of(actor), id)?.ok_or(Error::NotFound("placement"))?;
    let placement = store::placement(tx, id)?.ok_or(Error::NotFound("placement"))?;
    let terms = store::terms_of(tx, &[id])?.remove(&id).unwrap_or_default();
    Ok(PlacementView::of(
        placement,
        line,
        terms,
        is_party(actor),
        tx.now.date_in_uk(),
    ))
}

async fn show(visit: PageDoor<Actor>, id: Id<PlacementId>) -> Reply {
    visit
        .read(move |tx, desk| {
            let placement = seen_by(tx, desk, *id)?;
            let page = PlacementPage {
                placement,
                is_party: is_party(desk),
                may_manage: may(desk.role, Permission::ManagePlacements),
                may_vary: may(desk.role, Permission::VaryPlacements),
            };
            Html::of("Placement", &page)
        })
        .await
}

/// Leads from an award to the placement that it has become.
async fn show_of_award(visit: PageDoor<Actor>, id: Id<AwardId>) -> Reply {
    visit
        .download(move |tx, desk| {
            let award = awards::actions::seen_by(tx, desk, *id)?;
            let placement = store::placement_of_award(tx, award.id)?.ok_or(Error::NotFound("placement"))?;
            Ok(Answer::see_other(format!("/placements/{placement}")))
        })
        .await
}

#[derive(Template)]
#[template(path = "placements/agreement.html")]
struct AgreementPage {
    id: PlacementId,
    number: i32,
    text: String,
    sha256: String,
}

fn agreement(tx: &mut Tx<'_>, actor: &Actor, id: PlacementId, which: Which) -> Result<AgreementPage> {
    store::line(tx, scope_of(actor), id)?.ok_or(Error::NotFound("placement"))?;
    if !is_party(actor) {
        return Err(Error::Forbidden("one of the parties to the agreement"));
    }
    let (number, text, sha256) = store::agreement(tx, id, which.number)?.ok_or(Error::NotFound("agreement"))?;
    Ok(AgreementPage {
        id,
        number,
        text,
        sha256,
    })
}

async fn show_agreement(visit: PageDoor<Actor>, id: Id<PlacementId>, which: Query<Which>) -> Reply {
    visit
        .read(move |tx, desk| {
            let page = agreement(tx, desk, *id, *which)?;
            Html::of("Placement agreement", &page)
        })
        .await
}

async fn download_agreement(visit: PageDoor<Actor>, id: Id<PlacementId>, which: Query<Which>) -> Reply {
    visit
        .download(move |tx, desk| {
            let page = agreement(tx, desk, *id, *which)?;
            let name = format!("placement-agreement-{}.txt", page.number);
            Ok(Answer::bytes("text/plain; charset=utf-8", page.text.into_bytes())?.attachment(&name))
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placements::pages::samples;
    use crate::web::pages::assert_shows;

    /// The page on a day, for somebody of the authority that places.
    fn page(state: PlacementState, today: &str) -> PlacementPage {
        PlacementPage {
            placement: samples::view(samples::placement(state), true, today),
            is_party: true,
            may_manage: true,
            may_vary: true,
        }
    }

    fn links(page: &PlacementPage) -> [String; 3] {
        ["start", "vary", "end"].map(|step| format!("href=\"/placements/{}/{step}\"", page.placement.id))
    }

    #[test]
    fn what_is_agreed_is_read_whole_with_its_terms() {
        let page = page(PlacementState::Agreed, "2026-11-20");
        let [start, vary, end] = links(&page);
        let id = page.placement.id;
        let agreement = format!("<td><a href=\"/placements/{id}/agreement?number=2\">Read<");
        let seen = [
            "<span class=\"over\">PR-2026-7KQ4MX</span>Placement at Birch &#60;House&#62;</h1>",
            "<span class=\"tag\">Agreed</span>",
            "registered with Ofsted under SC123001</dd>",
            "Birch &#38; &#60;Co&#62;",
            "Reading &#38; &#60;Sons&#62;",
            "<dt>Agreed for</dt><dd>26 November 2026</dd>",
            "£5,200.00 a week: core £4,800.00, additional support £400.00, education £0.00, other £0.00</dd>",
            "social care 100%, education 0%, health 0%",
            "The contract version that applies",
            "<td>1 January 2027</td><td class=\"number\">£5,500.00</td><td>70%, 20%, 10%</td>\
             <td class=\"said\">Waking &#60;nights&#62; &#38; school.</td>",
            "<td class=\"said\">As agreed</td>",
            &agreement,
            "The award</a>",
            "Note that it never began</a>",
            &start,
            &vary,
            &end,
        ];
        let unseen = [
            "<House>",
            "<Co>",
            "<Sons>",
            "<nights>",
            "Started",
            "Ended",
            "<dt>Places</dt>",
        ];
        assert_shows(&page, &seen, &unseen);
        let reader = PlacementPage {
            may_manage: false,
            may_vary: false,
            ..page
        };
        assert_shows(&reader, &["Read the agreement"], &[&start, &vary, &end]);
    }

    #[test]
    fn what_has_started_can_be_changed_and_ended_and_what_has_ended_neither() {
        let started = page(PlacementState::Started, "2027-01-01");
        let [start, vary, end] = links(&started);
        let seen = [
            "<span class=\"tag green\">Started</span>",
            "<dt>Started</dt><dd>25 November 2026, earlier than agreed</dd>",
            "£5,500.00 a week: core £4,800.00, additional support £700.00,",
            "social care 70%, education 20%, health 10%",
            "Note that it has ended</a>",
            &vary,
            &end,
        ];
        assert_shows(&started, &seen, &[&start, "never began", "<dt>Ended</dt>"]);
        let ended = page(PlacementState::Ended, "2027-03-01");
        let [start, vary, end] = links(&ended);
        let seen = [
            "<dt>Ended</dt><dd>1 February 2027: child requests end of placement</dd>",
            "Read the agreement",
        ];
        assert_shows(&ended, &seen, &[&start, &vary, &end]);
    }

    #[test]
    fn the_cooperative_sees_the_market_and_nothing_that_leads_to_the_child() {
        let placement = samples::placement(PlacementState::Ended);
        let award = placement.award_id.to_string();
        let page = PlacementPage {
            placement: samples::view(placement, false, "2027-03-01"),
            is_party: false,
            may_manage: false,
            may_vary: false,
        };
        let seen = [
            "<h1>Placement at Birch &#60;House&#62;</h1>",
            "£5,500.00 a week",
            "<dd>1 February 2027</dd>",
        ];
        let unseen = [
            samples::REFERENCE,
            "nights",
            "child requests",
            "greement",
            "Why",
            &award,
        ];
        assert_shows(&page, &seen, &unseen);
    }

    #[test]
    fn a_spot_purchase_for_siblings_has_no_contract_and_several_places() {
        let mut page = page(PlacementState::Agreed, "2026-11-20");
        (page.placement.contract_version_id, page.placement.places) = (None, 2);
        assert_shows(
            &page,
            &["<dt>Places</dt><dd>2</dd>"],
            &["The contract version that applies"],
        );
    }

    #[test]
    fn an_agreement_is_read_as_it_was_made() {
        let page = AgreementPage {
            id: samples::placement(PlacementState::Agreed).id,
            number: 2,
            text: "AGREEMENT\n\nBirch & <Co>".to_owned(),
            sha256: "9f86d0".to_owned(),
        };
        let file = format!("href=\"/placements/{}/agreement.txt?number=2\"", page.id);
        let seen = [
            "With terms number 2.",
            "<code>9f86d0</code>",
            "<pre class=\"letter\">AGREEMENT Birch &#38; &#60;Co&#62;</pre>",
            &file,
        ];
        assert_shows(&page, &seen, &["<Co>"]);
    }
}

//! Choosing a bid: which one, why, what it takes, and the letters before anything goes out.

use crate::access::{AuthorityUser, Permission};
use crate::awards::actions::{self, Choosing, Prospect, Rehearsal};
use crate::awards::input::NewAward;
use crate::awards::letters::cost_lines;
use crate::awards::rules::AwardState;
use crate::awards::store::{self, Narrowed};
use crate::awards::telling;
use crate::awards::views::LetterView;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::{AwardId, PlacementRequestId};
use crate::placement_requests::{self, ConfidentialKey, Phase, PlacementRequest};
use crate::values::{Money, OutOfAreaReason};
use crate::web::pages::{Choice, Desk, Form, Go, Html, PageDoor, Posted, filters};
use crate::web::{Id, Page, Reply, Routes};
use askama::Template;

pub(super) fn routes(r: &mut Routes) {
    r.get("/placement-requests/{id}/award", show)
        .may(Permission::ProposeAwards);
    r.post("/placement-requests/{id}/award", propose)
        .may(Permission::ProposeAwards);
}

/// How far a form has come: chosen, checked, or sent back to be changed.
const STEP: &str = "step";
const CHECKED: &str = "checked";
const CHANGE: &str = "change";

#[derive(Template)]
#[template(path = "awards/propose.html")]
struct ProposePage {
    request: PlacementRequest,
    phase: Phase,
    choosing: Choosing,
    /// The award that there is already.
    live: Option<AwardId>,
    form: Option<Form>,
}

#[derive(Template)]
#[template(path = "awards/propose_check.html")]
struct CheckPage {
    rehearsal: Rehearsal,
    provider: String,
    letters: Vec<LetterView>,
    propose: Form,
    change: Form,
}

impl CheckPage {
    fn lines(&self) -> Vec<(&'static str, Money)> {
        cost_lines(self.rehearsal.award.price)
    }
}

fn path(id: PlacementRequestId) -> String {
    format!("/placement-requests/{id}/award")
}

fn award_form(form: Form, prospects: &[Prospect]) -> Form {
    let choices = prospects.iter().map(|prospect| {
        let bid = &prospect.bid;
        let price = bid.weekly_total().map(Money::pounds).unwrap_or_default();
        let label = format!(
            "Rank {}: {}, {}, {price} a week",
            bid.rank().unwrap_or_default(),
            bid.home,
            bid.provider
        );
        Choice::new(bid.bid_id, label).hint(takes(prospect))
    });
    form.radios("bid_id", "Which bid", choices.collect())
        .area("reason", "Why this one", 5)
        .hint(
            "Needed when the bid is not alone at the first rank. In a tie say how the tie was broken: the bidders are told. \
             Say nothing that tells who the child is.",
        )
        .optional()
        .area("characteristics", "What the chosen bid offers", 4)
        .hint("Told to the other bidders beside the scores. Nothing about the child, the home’s name or its place.")
        .optional()
        .select(
            "out_of_area_reason",
            "Why outside the authority’s area, where the home lies outside",
            Choice::all::<OutOfAreaReason>(),
        )
        .optional()
        .button("Continue to the check")
}

/// What choosing a bid takes, in a sentence or three.
fn takes(prospect: &Prospect) -> String {
    let mut sentences = Vec::new();
    if prospect.takes_reason {
        sentences.push(if prospect.tied {
            "Takes a reason: others have the same rank.".to_owned()
        } else {
            "Takes a reason: it is not at the first rank.".to_owned()
        });
    }
    sentences.extend(
        prospect
            .approvals
            .iter()
            .map(|kind| format!("Takes the {}: {}.", kind.officer(), kind.label().to_lowercase())),
    );
    if prospect.approvals.is_empty() {
        sentences.push("Takes no approval.".to_owned());
    }
    sentences.join(" ")
}

/// The same fields, unseen, with how far the form has come.
fn carried(desk: &Desk<AuthorityUser>, id: PlacementRequestId, posted: &Posted, step: &str) -> Form {
    let names = ["bid_id", "reason", "characteristics", "out_of_area_reason"];
    let form = names.into_iter().fold(desk.form(path(id)), |form, name| {
        form.hidden(name, posted.value(name).unwrap_or_default())
    });
    form.hidden(STEP, step)
}

fn choice_page(
    tx: &mut Tx<'_>,
    desk: &Desk<AuthorityUser>,
    id: PlacementRequestId,
    posted: Option<&Posted>,
) -> Result<Html> {
    let request = placement_requests::actions::seen_by(tx, desk, id)?;
    let choosing = actions::choosing(tx, &request)?;
    let narrowed = Narrowed {
        request: Some(id),
        ..Narrowed::default()
    };
    let live = store::list(
        tx,
        store::Scope::Authority(desk.organisation_id),
        &narrowed,
        &Page::default(),
    )?
    .items
    .into_iter()
    .find(|line| line.state.is_live())
    .map(|line| line.id);
    let phase = request.phase(tx.now);
    let ready = phase == Phase::Opened && choosing.complete && live.is_none() && !choosing.prospects.is_empty();
    let form = ready.then(|| {
        let form = award_form(desk.form(path(id)), &choosing.prospects);
        match posted {
            Some(posted) => form.fill_from(posted),
            None => form,
        }
    });
    let page = ProposePage {
        request,
        phase,
        choosing,
        live,
        form,
    };
    Ok(Html::of("Choose a bid", &page)?.wide())
}

fn check_page(
    tx: &mut Tx<'_>,
    desk: &Desk<AuthorityUser>,
    key: &ConfidentialKey,
    id: PlacementRequestId,
    posted: &Posted,
) -> Result<Html> {
    let new: NewAward = award_form(Form::reader(), &[]).read(posted)?;
    let rehearsal = actions::rehearse(tx, desk, key, id, new)?;
    let letters = telling::as_previewed(tx, rehearsal.letters.clone())?;
    let provider = letters.first().map(|letter| letter.recipient.clone());
    let sends = rehearsal.award.state == AwardState::Approved && rehearsal.award.standstill_ends_at.is_some();
    let button = if sends {
        "Propose the award and send the letters"
    } else {
        "Propose the award"
    };
    let page = CheckPage {
        provider: provider.unwrap_or_default(),
        letters,
        propose: carried(desk, id, posted, CHECKED).button(button),
        change: carried(desk, id, posted, CHANGE).button("Change it"),
        rehearsal,
    };
    Html::of("Check the award", &page)
}

async fn show(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>) -> Reply {
    visit.read(move |tx, desk| choice_page(tx, desk, *id, None)).await
}

async fn propose(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>, posted: Posted) -> Reply {
    let id = *id;
    let key = ConfidentialKey::of(&visit.app.secret);
    let page = move |tx: &mut Tx<'_>, desk: &Desk<AuthorityUser>| choice_page(tx, desk, id, None);
    match posted.value(STEP) {
        Some(CHECKED) => {
            visit
                .write(
                    posted,
                    move |tx, desk, posted| {
                        let new: NewAward = award_form(Form::reader(), &[]).read(posted)?;
                        let award = actions::propose(tx, desk, &key, id, new)?;
                        let said = match (award.state, award.standstill_ends_at) {
                            (AwardState::Approved, Some(_)) => {
                                "The letters are on their way, and the award stands still."
                            }
                            (AwardState::Approved, None) => {
                                "The award is proposed, and needs no approval: it can be confirmed."
                            }
                            _ => "The award is proposed, and waits for approval.",
                        };
                        Ok(Go::to(format!("/awards/{}", award.id)).saying(said))
                    },
                    page,
                )
                .await
        }
        Some(CHANGE) => {
            visit
                .check(
                    posted,
                    move |tx, desk, posted| choice_page(tx, desk, id, Some(posted)),
                    page,
                )
                .await
        }
        _ => {
            visit
                .check(
                    posted,
                    move |tx, desk, posted| check_page(tx, desk, &key, id, posted),
                    page,
                )
                .await
        }
    }
}

#[cfg(test)]
mod tests;

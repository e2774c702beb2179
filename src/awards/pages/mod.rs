//! Awards in the browser.

mod award;
mod decision;
mod direct;
mod due_items;
mod endings;
mod letters;
mod list;
mod proposing;
#[cfg(test)]
pub mod samples;

use super::rules::{ApprovalState, AwardStatus};
use crate::web::Routes;
use crate::web::pages::Tag;

/// The slice's pages.
pub fn routes(r: &mut Routes) {
    proposing::routes(r);
    direct::routes(r);
    list::routes(r);
    award::routes(r);
    decision::routes(r);
    letters::routes(r);
    due_items::routes(r);
    endings::routes(r);
}

/// How an award stands, in words.
pub fn status_tag(status: AwardStatus) -> Tag {
    let colour = match status {
        AwardStatus::ApprovalPending => "yellow",
        AwardStatus::StandingStill => "purple",
        AwardStatus::Approved | AwardStatus::Confirmed => "",
        AwardStatus::Accepted => "green",
        AwardStatus::Refused | AwardStatus::Declined => "red",
        AwardStatus::Withdrawn => "grey",
    };
    Tag::new(colour, status.label())
}

fn approval_tag(state: ApprovalState) -> Tag {
    let colour = match state {
        ApprovalState::Pending => "yellow",
        ApprovalState::Approved => "green",
        ApprovalState::Refused => "red",
    };
    Tag::new(colour, state.label())
}

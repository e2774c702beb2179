//! The letters of an award: previewed, then as they were sent.

use crate::access::{Actor, OrganisationKind, Permission};
use crate::awards::store;
use crate::awards::telling;
use crate::awards::views::LetterView;
use crate::ids::AwardId;
use crate::web::pages::{Html, PageDoor};
use crate::web::{Id, Reply, Routes};
use askama::Template;

pub(super) fn routes(r: &mut Routes) {
    r.get("/awards/{id}/letters", show).may(Permission::ReadAwards);
}

#[derive(Template)]
#[template(path = "awards/letters.html")]
struct LettersPage {
    award_id: AwardId,
    reference: String,
    letters: Vec<LetterView>,
    for_authority: bool,
    /// Whether the one letter of a provider is that of the awarded home.
    for_winner: bool,
}

async fn show(visit: PageDoor<Actor>, id: Id<AwardId>) -> Reply {
    visit
        .read(move |tx, desk| {
            let letters = telling::letters_seen_by(tx, desk, *id)?;
            let line = store::line(tx, *id)?;
            let page = LettersPage {
                award_id: line.id,
                reference: line.reference,
                letters,
                for_authority: desk.organisation_kind == OrganisationKind::Authority,
                for_winner: desk.organisation_id == line.provider_id,
            };
            Html::of("Letters", &page)
        })
        .await
}

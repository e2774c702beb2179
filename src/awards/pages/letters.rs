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
    /// Whether the award came to nothing.
    fell_through: bool,
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
                fell_through: !line.state.is_live(),
            };
            Html::of("Letters", &page)
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::awards::pages::samples;
    use crate::awards::rules::LetterKind;
    use crate::web::pages::assert_shows;

    fn page(letters: Vec<LetterView>, for_authority: bool, for_winner: bool) -> LettersPage {
        LettersPage {
            award_id: AwardId::new(samples::proposed_at()),
            reference: "PR-2026-7KQ4MX".to_owned(),
            letters,
            for_authority,
            for_winner,
            fell_through: false,
        }
    }

    const UNSENT: &str = "Nothing is sent yet";

    #[test]
    fn the_authority_previews_every_letter_and_then_reads_what_was_sent() {
        let letters = |sent_at| {
            vec![
                samples::letter("Birch", LetterKind::Successful, sent_at),
                samples::letter("Acorn & <Oak>", LetterKind::Unsuccessful, sent_at),
            ]
        };
        let preview = page(letters(None), true, false);
        let back = format!("<a href=\"/awards/{}\">Back to the award</a>", preview.award_id);
        let seen = [
            "</span>Letters</h1>",
            UNSENT,
            "<h2 id=\"letter-1\">Birch: successful</h2>",
            "<h2 id=\"letter-2\">Acorn &#38; &#60;Oak&#62;: unsuccessful</h2>",
            "PR-2026-7KQ4MX: unsuccessful &#38; &#60;done&#62;.</p>",
            "<pre class=\"letter\">To Acorn &#38; &#60;Oak&#62; Your bid was unsuccessful.</pre>",
            &back,
        ];
        assert_shows(&preview, &seen, &["<Oak>", "<done>", "Sent on", "There are no letters"]);
        let sent = page(letters(Some(samples::proposed_at())), true, false);
        let seen = ["Sent on <time datetime=\"2026-11-23T14:00:00Z\">23 November 2026, 14:00 GMT</time>."];
        assert_shows(&sent, &seen, &[UNSENT, "no longer stands"]);
        let fell_through = LettersPage {
            fell_through: true,
            ..sent
        };
        assert_shows(
            &fell_through,
            &["<h2>This award no longer stands</h2>", "Sent on"],
            &[UNSENT],
        );
        assert_shows(
            &page(Vec::new(), true, false),
            &["the award ended before any was sent"],
            &[UNSENT, "<pre"],
        );
    }

    #[test]
    fn a_provider_reads_its_own_and_only_the_winner_has_a_way_to_the_award() {
        let own = || {
            vec![samples::letter(
                "Birch",
                LetterKind::Successful,
                Some(samples::proposed_at()),
            )]
        };
        let winner = page(own(), false, true);
        let award = format!("href=\"/awards/{}\"", winner.award_id);
        assert_shows(
            &winner,
            &["</span>Your letter</h1>", &award],
            &["Back to your bids", UNSENT],
        );
        let loser = page(own(), false, false);
        assert_shows(
            &loser,
            &["<a href=\"/bids\">Back to your bids</a>"],
            &["href=\"/awards/"],
        );
    }
}

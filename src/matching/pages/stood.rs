//! Which homes fitted a request when it was published: what is told once bidding is closed. Judged today, a home that won would not
//! fit any more, for its place has gone to the child.

use super::super::api::names;
use super::super::store::{self, InvitedHome};
use crate::db::Tx;
use crate::error::Result;
use crate::placement_requests::PlacementRequest;
use crate::placement_requests::rules::Phase;
use crate::web::Answer;
use crate::web::pages::{Html, csv, filters};
use askama::Template;

/// A home that fitted.
struct Fitted {
    home: InvitedHome,
    provider: String,
}

impl Fitted {
    /// Its points of 1,000.
    fn points(&self) -> i32 {
        self.home.reasons.0.iter().filter_map(|reason| reason.points).sum()
    }
}

#[derive(Template)]
#[template(path = "matching/stood.html")]
struct StoodPage {
    request: PlacementRequest,
    phase: Phase,
    homes: Vec<Fitted>,
}

fn fitted(tx: &mut Tx<'_>, request: &PlacementRequest) -> Result<Vec<Fitted>> {
    let found = store::fitted_homes(tx, request.id, None)?;
    let mut providers: Vec<_> = found.iter().map(|(provider, _)| *provider).collect();
    providers.sort_unstable();
    providers.dedup();
    let names = names(tx, &providers)?;
    let with_name = |(provider, home)| Fitted {
        home,
        provider: names(provider),
    };
    Ok(found.into_iter().map(with_name).collect())
}

/// The page.
pub(super) fn page(tx: &mut Tx<'_>, request: PlacementRequest) -> Result<Html> {
    let page = StoodPage {
        phase: request.phase(tx.now),
        homes: fitted(tx, &request)?,
        request,
    };
    Ok(Html::of(format!("Matches – {}", page.request.reference), &page)?.wide())
}

/// The same, to take away.
pub(super) fn table(tx: &mut Tx<'_>, request: &PlacementRequest) -> Result<Answer> {
    let rows = fitted(tx, request)?.into_iter().map(|one| {
        let points = one.points().to_string();
        let reasons: Vec<String> = one.home.reasons.0.into_iter().map(|reason| reason.text).collect();
        vec![
            one.home.rank.to_string(),
            one.home.name,
            one.provider,
            points,
            reasons.join(" "),
        ]
    });
    let head = ["Rank when published", "Home", "Provider", "Points", "Why"];
    csv(&format!("matches-{}.csv", request.reference), &head, rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::HomeId;
    use crate::matching::pages::samples::{draft, noon, published, reason};
    use crate::matching::store::Reasons;
    use crate::web::pages::assert_shows;

    fn page(request: PlacementRequest, homes: Vec<Fitted>) -> StoodPage {
        StoodPage {
            phase: request.phase(request.bids_close_at),
            homes,
            request,
        }
    }

    #[test]
    fn homes_stand_as_they_did_when_the_request_was_published() {
        let home = Fitted {
            home: InvitedHome {
                home_id: HomeId::new(noon()),
                name: "Acorn & <House>".to_owned(),
                rank: 1,
                reasons: Reasons(vec![
                    reason("distance.near", "3.2 miles from <RG1>.", Some(141)),
                    reason("grade.good", "Ofsted: Good.", Some(120)),
                ]),
            },
            provider: "Acorn <Care>".to_owned(),
        };
        let request = published();
        let path = format!("<a href=\"/placement-requests/{}/invitations\">", request.id);
        let seen = [
            ", closed for bids</span>1 home fitted</h1>",
            "As it stood when the request was published, on 22 November 2026, 12:00 GMT.",
            &path,
            "<td>1</td> <th scope=\"row\"><a href=\"/homes/",
            "Acorn &#38; &#60;House&#62;</a>, Acorn &#60;Care&#62;</th>",
            "<td class=\"number\">261</td>",
            "<li>3.2 miles from &#60;RG1&#62;. (141)</li>",
            "/matches.csv\">",
        ];
        assert_shows(&page(request, vec![home]), &seen, &["home fits", "<House>", "<Care>"]);
    }

    #[test]
    fn where_no_home_fitted_it_says_why() {
        let none = page(published(), Vec::new());
        assert_shows(
            &none,
            &["0 homes fitted</h1>", "No home of an admitted provider fitted."],
            &["<table", "never published"],
        );
        let withdrawn = draft().withdrawn("Not needed.".to_owned(), noon()).unwrap();
        let never = page(withdrawn, Vec::new());
        assert_shows(
            &never,
            &["It was never published, so nobody was invited."],
            &["<table", "/invitations", "As it stood"],
        );
    }
}

//! The ranking sheet: every number, how it was reached, to be read, printed and taken away.

use super::super::api::{Ranking, ranking_of};
use crate::access::{AuthorityUser, Permission, may};
use crate::error::Result;
use crate::ids::PlacementRequestId;
use crate::placement_requests::PlacementRequest;
use crate::placement_requests::rules::Phase;
use crate::web::pages::{Html, PageDoor, csv};
use crate::web::{Answer, Id, Reply, Routes};
use askama::Template;

pub(super) fn routes(r: &mut Routes) {
    r.get("/placement-requests/{id}/ranking", show)
        .may(Permission::ReadRanking);
    r.get("/placement-requests/{id}/ranking.csv", table)
        .may(Permission::ReadRanking);
}

#[derive(Template)]
#[template(path = "evaluation/ranking.html")]
struct RankingPage {
    request: PlacementRequest,
    phase: Phase,
    ranking: Ranking,
    may_propose: bool,
    made_at: String,
}

async fn show(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>) -> Reply {
    visit
        .read(move |tx, desk| {
            let (request, ranking) = ranking_of(tx, desk, *id)?;
            let page = RankingPage {
                phase: request.phase(tx.now),
                may_propose: may(desk.role, Permission::ProposeAwards),
                made_at: tx.now.in_uk(),
                request,
                ranking,
            };
            Ok(Html::of(format!("Ranking – {}", page.request.reference), &page)?.wide())
        })
        .await
}

async fn table(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>) -> Reply {
    visit
        .download(move |tx, desk| {
            let (request, ranking) = ranking_of(tx, desk, *id)?;
            rows(&request, ranking)
        })
        .await
}

fn rows(request: &PlacementRequest, ranking: Ranking) -> Result<Answer> {
    let ranked = ranking.items.into_iter().map(|row| {
        vec![
            row.rank.map(|rank| rank.to_string()).unwrap_or_default(),
            row.home.name,
            row.provider.name,
            row.weekly_total.to_string(),
            row.price_points,
            row.price_working,
            row.quality_points.unwrap_or_default(),
            row.quality_working.unwrap_or_default(),
            row.total_points.unwrap_or_default(),
            String::new(),
        ]
    });
    let left_out = ranking.left_out.into_iter().map(|out| {
        let mut row = vec![
            String::new(),
            out.home.name,
            out.provider.name,
            out.weekly_total.to_string(),
        ];
        row.resize(9, String::new());
        row.push(out.reason.unwrap_or_default());
        row
    });
    let head = [
        "Rank",
        "Home",
        "Provider",
        "Weekly total",
        "Price points",
        "How",
        "Quality points",
        "How",
        "Total points",
        "Why left out",
    ];
    csv(
        &format!("ranking-{}.csv", request.reference),
        &head,
        ranked.chain(left_out),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::pages::samples::{self, Evaluation};
    use crate::placement_requests::rules::samples::noon;
    use crate::web::pages::assert_shows;

    fn page(evaluation: &Evaluation) -> RankingPage {
        RankingPage {
            request: evaluation.request.clone(),
            phase: Phase::Opened,
            ranking: evaluation.ranking(),
            may_propose: true,
            made_at: noon().in_uk(),
        }
    }

    #[test]
    fn every_number_stands_with_its_working_best_first() {
        let scored = samples::evaluation();
        let onward = format!(
            "href=\"/placement-requests/{}/award\">Go on to the award</a>",
            scored.request.id
        );
        let reason = format!("<td><p><strong>5</strong>, Ada Grant: {}</p></td>", samples::REASON);
        let seen = [
            "As it stood on 22 November 2026, 12:00 GMT",
            "Price points = price weight 40 × lowest weekly total ÷ this bid&#39;s weekly total.",
            "<caption>Best first; the lowest weekly total is £5,150.17</caption>",
            "<tr><td>1</td><th scope=\"row\">Birch House, Birch</th><td class=\"number\">£5,200.00</td> \
             <td><strong>39.62</strong><br><span class=\"hint\">40 × 5150.17 ÷ 5200.00 = 39.62</span></td> \
             <td><strong>56.00</strong><br><span class=\"hint\">40 × 5 ÷ 5 + 20 × 4 ÷ 5 = 56.00</span></td> \
             <td class=\"number\"><strong>95.62</strong></td></tr>",
            "<tr><td>2</td><th scope=\"row\">Acorn House, Acorn &#38; &#60;Oak&#62;</th><td class=\"number\">£5,150.17</td>",
            "<h2>Acorn House, Acorn &#38; &#60;Oak&#62;</h2>",
            &reason,
            "<td>Not needed</td> <td class=\"number\">16.00</td>",
            &onward,
        ];
        let mut page = page(&scored);
        assert_shows(
            &page,
            &seen,
            &["<Oak>", "<staff>", "Not complete yet", "Left out", "To moderate"],
        );
        page.may_propose = false;
        assert_shows(&page, &["Ranking sheet</h1>"], &["Go on to the award"]);
        (page.phase, page.may_propose) = (Phase::Awarded, true);
        assert_shows(&page, &[", awarded</span>Ranking sheet</h1>"], &["Go on to the award"]);
    }

    #[test]
    fn before_every_score_counts_there_are_no_ranks_and_no_award() {
        let page = page(&samples::contested());
        let seen = [
            "Ranks are given once every criterion of every bid has a score that counts.",
            "<caption>Not complete yet; the lowest weekly total is £5,150.17</caption>",
            "<tr><td>–</td><th scope=\"row\">Birch House, Birch</th>",
            "<td>Not settled</td> <td class=\"number\">–</td>",
            "<td><span class=\"tag yellow\">To moderate</span></td> <td class=\"number\">–</td>",
            "<p><strong>3</strong>, Ben Hale: Says little on nights.</p>",
        ];
        assert_shows(&page, &seen, &["Go on to the award", "95.62", "<td>1</td>"]);
        let seen = [
            "<td><strong>4</strong>, Ada Grant: Agreed: &#60;good&#62;, not best.</td>",
            "87.62",
        ];
        let moderated = RankingPage {
            ranking: samples::moderated().ranking(),
            ..page
        };
        assert_shows(&moderated, &seen, &["To moderate", "<good>"]);
    }

    #[test]
    fn bids_that_are_not_compliant_are_left_out_with_the_reason() {
        let scored = samples::evaluation();
        let mut page = page(&scored);
        page.ranking.left_out.push(scored.left_out());
        let row = "<tr><th scope=\"row\">Elm House, Elm</th><td class=\"number\">£4,000.00</td><td>No answer to &#60;part 2&#62;.</td></tr>";
        let seen = ["<h2>Left out</h2>", row, "the lowest weekly total is £5,150.17"];
        assert_shows(&page, &seen, &["<part 2>"]);
        page.ranking.items.clear();
        assert_shows(
            &page,
            &["No bid takes part.", row],
            &["Go on to the award", "Best first"],
        );
    }
}

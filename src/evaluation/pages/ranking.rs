//! The ranking sheet: every number, how it was reached, to be read, printed and taken away.

use super::super::api::{Ranking, ranking_of};
use crate::access::{AuthorityUser, Permission};
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
    made_at: String,
}

async fn show(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>) -> Reply {
    visit
        .read(move |tx, desk| {
            let (request, ranking) = ranking_of(tx, desk, *id)?;
            let page = RankingPage {
                phase: request.phase(tx.now),
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

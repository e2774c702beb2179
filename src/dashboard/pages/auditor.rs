//! What an auditor reads: what was done, and how things stand.

use super::region::RegionGlance;
use crate::access::{Actor, Anyone, OrganisationKind};
use crate::accounts::store::{NamedAct, named_acts, reach};
use crate::audit::store::Wanted;
use crate::db::Tx;
use crate::error::Result;
use crate::web::pages::{Desk, Html};
use askama::Template;

/// The most acts on the page; the log has them all.
const MOST: i64 = 10;

#[derive(Template)]
#[template(path = "dashboard/auditor.html")]
struct HomePage {
    acts: Vec<NamedAct>,
    /// For the auditor of a cooperative; an authority's reads what is the authority's.
    region: Option<RegionGlance>,
}

/// The home page of an auditor.
pub(super) fn home(tx: &mut Tx<'_>, _: &Desk<Anyone>, actor: &Actor) -> Result<Html> {
    let wanted = Wanted {
        reach: reach(tx, actor)?,
        most: MOST,
        ..Wanted::default()
    };
    let is_of_cooperative = actor.organisation_kind == OrganisationKind::Cooperative;
    let page = HomePage {
        acts: named_acts(tx, actor, &wanted)?,
        region: is_of_cooperative.then(|| RegionGlance::of(tx, actor)).transpose()?,
    };
    Html::of("Home", &page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Role;
    use crate::audit::AuditEvent;
    use crate::dashboard::rules::Region;
    use crate::ids::AuditEventId;
    use crate::placement_requests::rules::samples::{draft, noon};
    use crate::web::pages::assert_shows;

    fn act(verb: &str, kind: &str, person: Option<&str>) -> NamedAct {
        let (request, _) = draft();
        NamedAct {
            event: AuditEvent {
                seq: 1,
                id: AuditEventId::new(noon()),
                at: noon(),
                person_id: person.map(|_| request.created_by),
                organisation_id: person.map(|_| request.authority_id),
                role: person.map(|_| Role::Commissioner),
                verb: verb.to_owned(),
                subject_kind: kind.to_owned(),
                subject_id: request.id.to_string(),
                request_id: None,
                origin: None,
                before: Some(r#"{"price_weight": 40}"#.to_owned()),
                after: Some(r#"{"price_weight": 50}"#.to_owned()),
                previous_hash: String::new(),
                hash: String::new(),
            },
            person: person.map(str::to_owned),
            organisation: person.map(|_| "Reading".to_owned()),
            subject: None,
            path: (kind == "placement_request").then(|| format!("/placement-requests/{}", request.id)),
        }
    }

    #[test]
    fn an_authoritys_auditor_reads_what_was_done_and_no_market() {
        let acts = vec![
            act("request.revise", "placement_request", Some("Ada & <Grant>")),
            act("operator.create", "person", None),
        ];
        let request = format!(
            "<a href=\"/placement-requests/{}\">{}</a>",
            acts[0].event.subject_id,
            acts[0].event.in_words()
        );
        let page = HomePage { acts, region: None };
        let seen = [
            "<time datetime=\"2026-11-22T12:00:00Z\">22 November 2026, 12:00 GMT</time>",
            "<td>Ada &#38; &#60;Grant&#62;, Commissioner<br>Reading</td>",
            "<td>The program</td> <td>Made the account of an operator",
            "<li>price weight: 40 → 50</li>",
            &request,
            "<a href=\"/awards\">Awards</a>",
        ];
        let unseen = [
            "<Grant>",
            "Nothing has been done yet.",
            "The region at a glance",
            "/applications",
            "/people/",
        ];
        assert_shows(&page, &seen, &unseen);
    }

    #[test]
    fn a_cooperatives_auditor_reads_the_market_and_no_awards() {
        let page = HomePage {
            acts: Vec::new(),
            region: Some(RegionGlance::showing(Region::of(&[], &[], noon()))),
        };
        let seen = [
            "Nothing has been done yet.",
            "The region at a glance",
            "<a href=\"/applications\">",
        ];
        assert_shows(&page, &seen, &["href=\"/awards\"", "The whole log"]);
    }
}

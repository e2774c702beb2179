//! One award: everything of it at its stage, for the authority and for the provider.

use super::due_items;
use crate::access::{Actor, Permission, may};
use crate::accounts;
use crate::awards::actions::{self, Alternative};
use crate::awards::letters::cost_lines;
use crate::awards::rules::{Approval, Award, AwardRefused, AwardStatus, FAR_MILES};
use crate::awards::store::{self, AwardLine};
use crate::awards::views::DueItemView;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{AwardId, PersonId};
use crate::values::Money;
use crate::web::pages::{Html, PageDoor, filters};
use crate::web::{Id, Reply, Routes};
use askama::Template;
use std::collections::HashMap;

pub(super) fn routes(r: &mut Routes) {
    r.get("/awards/{id}", show).may(Permission::ReadAwards);
}

/// What of an award can be said in words, for either side.
pub(super) struct Told {
    pub(super) award: Award,
    pub(super) line: AwardLine,
    pub(super) status: AwardStatus,
    /// The names of the people who had to do with it.
    people: HashMap<PersonId, String>,
}

impl Told {
    pub(super) fn of(tx: &mut Tx<'_>, award: Award) -> Result<Self> {
        let mut ids = vec![award.proposed_by];
        ids.extend(award.approvals.iter().filter_map(|approval| Some(approval.decided?.0)));
        ids.extend(award.confirmed.map(|confirmed| confirmed.by));
        ids.extend(award.closed.as_ref().map(|closing| closing.by));
        let people = accounts::store::contacts(tx, &ids)?
            .into_iter()
            .map(|contact| (contact.person_id, contact.name.to_string()))
            .collect();
        Ok(Self {
            line: store::line(tx, award.id)?,
            status: award.status(tx.now),
            people,
            award,
        })
    }

    fn lines(&self) -> Vec<(&'static str, Money)> {
        cost_lines(self.award.price)
    }

    fn who(&self, person: &PersonId) -> &str {
        self.people.get(person).map_or("somebody", String::as_str)
    }

    fn miles(&self) -> String {
        format!("{:.1} miles", f64::from(self.award.distance) / 100.0)
    }

    fn is_far(&self) -> bool {
        self.award.distance > FAR_MILES * 100
    }

    /// Whether the authority can still take it back.
    pub(super) fn is_open(&self) -> bool {
        matches!(
            self.status,
            AwardStatus::ApprovalPending | AwardStatus::StandingStill | AwardStatus::Approved
        )
    }

    /// The approvals that are still waited for, each with who gives it.
    fn waits_for(&self) -> Vec<&Approval> {
        self.award
            .approvals
            .iter()
            .filter(|approval| approval.is_pending())
            .collect()
    }
}

#[derive(Template)]
#[template(path = "awards/award.html")]
struct ForAuthority {
    told: Told,
    bids: Vec<Alternative>,
    due: Vec<DueItemView>,
    /// Why it could not be confirmed as things stand.
    hindrance: Option<AwardRefused>,
    may_propose: bool,
    may_approve: bool,
}

#[derive(Template)]
#[template(path = "awards/award_for_provider.html")]
struct ForProvider {
    told: Told,
    authority: String,
    may_answer: bool,
}

fn show_to(tx: &mut Tx<'_>, actor: &Actor, id: AwardId) -> Result<Html> {
    let award = actions::seen_by(tx, actor, id)?;
    if actor.organisation_id == award.authority_id {
        let bids = actions::alternatives(tx, std::slice::from_ref(&award))?
            .remove(&id)
            .unwrap_or_default();
        let hindrance = actions::hindrance(tx, &award)?;
        let told = Told::of(tx, award)?;
        let due = due_items::of_award(tx, id, &told.line.reference)?;
        let page = ForAuthority {
            told,
            bids,
            due,
            hindrance,
            may_propose: may(actor.role, Permission::ProposeAwards),
            may_approve: may(actor.role, Permission::ApproveAwards),
        };
        return Ok(Html::of("Award", &page)?.wide());
    }
    let authority = accounts::store::organisation(tx, award.authority_id)?.ok_or(Error::NotFound("authority"))?;
    let page = ForProvider {
        told: Told::of(tx, award)?,
        authority: authority.name,
        may_answer: may(actor.role, Permission::AnswerAwards),
    };
    Html::of("Award", &page)
}

async fn show(visit: PageDoor<Actor>, id: Id<AwardId>) -> Reply {
    visit.read(move |tx, desk| show_to(tx, desk, *id)).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::awards::pages::samples;
    use crate::awards::rules::ApprovalKind;
    use crate::clock::Instant;
    use crate::evaluation::pages::samples::{Evaluation, evaluation};
    use crate::ids::VacancyId;
    use crate::web::pages::assert_shows;
    use chrono::Duration;

    fn later() -> Instant {
        samples::proposed_at().plus(Duration::days(3))
    }

    fn told(evaluation: &Evaluation, award: Award, now: Instant) -> Told {
        Told {
            line: samples::line(evaluation, &award),
            status: award.status(now),
            people: evaluation.people(),
            award,
        }
    }

    fn for_authority(evaluation: &Evaluation, award: Award, now: Instant) -> ForAuthority {
        ForAuthority {
            told: told(evaluation, award, now),
            bids: samples::alternatives(evaluation),
            due: Vec::new(),
            hindrance: None,
            may_propose: true,
            may_approve: true,
        }
    }

    fn for_provider(evaluation: &Evaluation, award: Award, now: Instant) -> ForProvider {
        ForProvider {
            told: told(evaluation, award, now),
            authority: "Reading & <Sons>".to_owned(),
            may_answer: true,
        }
    }

    /// Each way that an award can stand, in the order of its life, and when.
    fn stages(evaluation: &Evaluation) -> Vec<(Award, Instant)> {
        let (now, by) = (samples::proposed_at(), evaluation.ben);
        let pending = samples::award(evaluation, &[ApprovalKind::AtADistance, ApprovalKind::Price]);
        let approve = |until| {
            pending
                .clone()
                .approve(by, None, Some("Good & <near>."), now, until)
                .unwrap()
        };
        let (standing, untold) = (approve(samples::standstill()), approve(None));
        let confirmed = standing.clone().confirm(by, VacancyId::new(now), later()).unwrap();
        vec![
            (pending.clone(), now),
            (standing.clone(), now),
            (standing.clone(), later()),
            (untold, now),
            (confirmed.clone(), later()),
            (confirmed.clone().accept(by, later()).unwrap(), later()),
            (confirmed.decline(by, "Too <full>.", later()).unwrap(), later()),
            (pending.refuse(by, None, "Too <far>.", now).unwrap(), now),
            (standing.withdraw(by, "She <stays>.", now).unwrap(), now),
        ]
    }

    const STEPS: [&str; 6] = ["approve", "refuse", "confirm", "withdraw", "accept", "decline"];

    /// Of all steps these are offered, and no other.
    fn assert_offers(page: &impl Template, award: AwardId, offered: &[&str]) {
        for step in STEPS {
            let link = format!("href=\"/awards/{award}/{step}\"");
            if offered.contains(&step) {
                assert_shows(page, &[&link], &[]);
            } else {
                assert_shows(page, &[], &[&link]);
            }
        }
    }

    #[test]
    fn each_stage_says_what_comes_next_and_offers_its_steps_to_the_authority() {
        let evaluation = evaluation();
        let until = "stands still until <time data-until datetime=\"2026-11-25T23:59:59Z\">25 November 2026, 23:59 GMT</time>, \
                     and can be confirmed after that.";
        let next = "Another bid can be chosen, or the request can end without a placement.";
        let expected: [(&str, &str, &[&str]); 9] = [
            (
                "<li>the director of children&#39;s services, because: the home lies at a distance: outside the authority&#39;s \
                 area and not adjoining</li><li>the approver, because: the weekly price is over the approval threshold</li>",
                ">Preview the letters<",
                &["approve", "refuse", "withdraw"],
            ),
            (until, ">Letters<", &["withdraw"]),
            ("Confirming takes the place.</p>", ">Letters<", &["confirm", "withdraw"]),
            (
                "Confirming takes the place and sends the letters.</p>",
                ">Preview the letters<",
                &["confirm", "withdraw"],
            ),
            ("The place is taken. It waits for the provider", ">Letters<", &[]),
            ("The provider has accepted.", ">Letters<", &[]),
            (next, ": Too &#60;full&#62;.", &[]),
            (next, ": Too &#60;far&#62;.", &[]),
            (next, ": She &#60;stays&#62;.", &[]),
        ];
        for ((award, now), (said, also, offered)) in stages(&evaluation).into_iter().zip(expected) {
            let id = award.id;
            let page = for_authority(&evaluation, award, now);
            assert_shows(&page, &[said, also], &["<full>", "<far>", "<stays>"]);
            assert_offers(&page, id, offered);
            let reader = ForAuthority {
                may_propose: false,
                may_approve: false,
                ..page
            };
            assert_offers(&reader, id, &[]);
        }
    }

    #[test]
    fn what_keeps_it_from_being_confirmed_is_said_before_anybody_tries() {
        let evaluation = evaluation();
        let said = "As things stand it can’t be confirmed. The home has no free place any more. Nothing is lost: the award can be \
                    withdrawn and another bid chosen.";
        for (stage, offered) in [
            (0, vec!["approve", "refuse", "withdraw"]),
            (1, vec!["withdraw"]),
            (2, vec!["withdraw"]),
            (3, vec!["withdraw"]),
        ] {
            let (award, now) = stages(&evaluation).swap_remove(stage);
            let id = award.id;
            let page = ForAuthority {
                hindrance: Some(AwardRefused::NoFreePlace),
                ..for_authority(&evaluation, award, now)
            };
            assert_shows(&page, &[said], &["Confirming takes the place"]);
            assert_offers(&page, id, &offered);
        }
    }

    #[test]
    fn each_stage_says_to_the_provider_what_is_its_own_and_nothing_of_the_others() {
        let evaluation = evaluation();
        let expected: [(&str, &[&str]); 6] = [
            ("is not binding before the authority confirms it", &[]),
            ("The standstill is over. The authority confirms it next", &[]),
            ("Please accept it, or decline it with a reason.", &["accept", "decline"]),
            ("You have accepted.", &[]),
            ("You have declined. The place is free to be offered again.", &[]),
            ("The authority has taken it back.", &[]),
        ];
        let known = stages(&evaluation).into_iter().filter(|(award, _)| award.is_told());
        for ((award, now), (said, offered)) in known.zip(expected) {
            let id = award.id;
            let page = for_provider(&evaluation, award, now);
            let seen = [
                "Reading &#38; &#60;Sons&#62; awards to Birch House</h1>",
                said,
                "£5,200.00 a week: core £4,800.00, additional support £400.00, education £0.00, other £0.00</dd>",
                "<dt>Rank of your bid</dt><dd>1</dd>",
            ];
            let unseen = [
                "calm",
                "therapists",
                "miles",
                "Acorn",
                "Ada Grant",
                "Good &#38;",
                "5,150.17",
                "at a distance",
            ];
            assert_shows(&page, &seen, &unseen);
            assert_offers(&page, id, offered);
            let reader = ForProvider {
                may_answer: false,
                ..page
            };
            assert_offers(&reader, id, &[]);
        }
    }

    #[test]
    fn the_authority_reads_all_of_it() {
        let evaluation = evaluation();
        let (award, now) = stages(&evaluation).remove(4);
        let award = Award {
            tied: true,
            places: 2,
            ..award
        };
        let seen = [
            "Award to Birch, Birch House</h1>",
            "<span class=\"tag\">Confirmed</span>",
            "At a distance: outside the authority&#39;s area and not adjoining; 23.1 miles from where the child comes from, \
             more than the 20 miles that statistics count. Reason: safeguarding concerns.</dd>",
            "£5,200.00 a week: core £4,800.00, additional support £400.00, education £0.00, other £0.00</dd>",
            "<dd>26 November 2026, 2 places</dd>",
            "<dd>1, shared with another bid</dd>",
            "The &#60;calm&#62; of it &#38; the school.",
            "Two &#60;therapists&#62; &#38; waking nights.",
            "<dd>by Ada Grant, <time datetime=\"2026-11-23T14:00:00Z\">23 November 2026, 14:00 GMT</time></dd>",
            "<dd>by Ben Hale, <time datetime=\"2026-11-26T14:00:00Z\">26 November 2026, 14:00 GMT</time></dd>",
            "<td>The approver</td><td><span class=\"tag green\">Approved</span></td><td class=\"said\">Ben Hale, <time",
            "<td class=\"said\">Ben Hale, who declared to act as director of children&#39;s services, <time",
            ": Good &#38; &#60;near&#62;.</td>",
        ];
        assert_shows(
            &for_authority(&evaluation, award.clone(), now),
            &seen,
            &["<calm>", "<therapists>", "<near>"],
        );
        let plain = Award {
            reason: None,
            characteristics: None,
            out_of_area_reason: None,
            approvals: Vec::new(),
            distance: 2000,
            tied: false,
            places: 1,
            ..award
        };
        let unseen = [
            "Why this one",
            "What it offers",
            "Reason:",
            "statistics count",
            "Approvals",
            "shared",
            "places",
        ];
        assert_shows(
            &for_authority(&evaluation, plain, now),
            &["20.0 miles", "<dd>1</dd>"],
            &unseen,
        );
    }

    #[test]
    fn the_bids_stand_beside_each_other_with_what_became_of_each() {
        let evaluation = evaluation();
        let award = samples::award(&evaluation, &[]);
        let mut page = for_authority(&evaluation, award, samples::proposed_at());
        let mut elm = page.bids[1].clone();
        (elm.home, elm.row, elm.non_compliance) = ("Elm House".to_owned(), None, Some("No <answer>.".to_owned()));
        page.bids.push(elm);
        let seen = [
            "<caption>The chosen bid, and those it was chosen from</caption>",
            "<tr class=\"total\"><th scope=\"row\">",
            "<td class=\"number\">1</td><td class=\"number\">95.62</td><td class=\"number\">56.00</td><td class=\"number\">39.62</td>\
             <td class=\"number\">£5,200.00</td>",
            "In the authority&#39;s area; 12.3 miles</td> <td>Chosen</td>",
            "Acorn House</a>, Acorn &#38; &#60;Oak&#62;</th>",
            "not adjoining; 45.7 miles</td> <td>Turned down</td>",
            "<td>Not compliant: No &#60;answer&#62;.</td>",
        ];
        assert_shows(&page, &seen, &["<Oak>", "<answer>", "had been made"]);
        page.bids[1].declined = true;
        assert_shows(
            &page,
            &["<td>Was awarded before; the provider declined</td>"],
            &["Turned down"],
        );
        page.told.award.bid_id = None;
        let seen = [
            "<caption>No bid was chosen; these had been made</caption>",
            "<td>Turned down</td>",
        ];
        assert_shows(&page, &seen, &["<td>Chosen</td>", "/ranking\"", "class=\"total\""]);
        page.bids.clear();
        assert_shows(&page, &[], &["The bids beside each other"]);
    }

    #[test]
    fn what_is_due_because_of_it_can_be_noted_by_whoever_works_on_awards() {
        let evaluation = evaluation();
        let award = samples::award(&evaluation, &[]);
        let (due, done) = (samples::due_item(&award), samples::done(&award, None));
        let link = format!("href=\"/due-items/{}/done\"", due.id);
        let done_link = format!("href=\"/due-items/{}/done\"", done.id);
        let page = ForAuthority {
            due: vec![samples::due(due, "2026-11-27"), samples::due(done, "2026-11-27")],
            ..for_authority(&evaluation, award, samples::proposed_at())
        };
        let seen = [
            "Tell the authority of the area: Surrey, until 26 November 2026",
            "<span class=\"tag red\">Overdue</span>",
            "<span class=\"tag green\">Done</span>",
            &link,
        ];
        assert_shows(&page, &seen, &[&done_link]);
        let reader = ForAuthority {
            may_propose: false,
            may_approve: false,
            ..page
        };
        assert_shows(&reader, &["Due because of it"], &[&link]);
    }
}

//! Beginning a draft: the few answers that it can't be without. Everything else follows task by task.

use super::super::actions;
use super::super::confidential::ConfidentialKey;
use super::super::rules::{Child, Needs, NewOrigin, NewPlacementRequest, SuitabilityByType, Task};
use crate::access::{Actor, AuthorityUser, Permission};
use crate::clock::Instant;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::frameworks::rules::{Framework, FrameworkState, Lot, Policy};
use crate::frameworks::store::{self as frameworks, FrameworkFilter, Scope};
use crate::ids::LotId;
use crate::values::working_days::{add_working_days, close_of_business};
use crate::values::{CodeSet, CommunicationNeeds, CulturalNeeds, LivingCompanions, NeededBy, Pets, Suitability};
use crate::web::pages::{Choice, Desk, Form, Go, Html, PageDoor, Posted};
use crate::web::{Page, Reply, Routes};
use askama::Template;
use chrono::{Days, Duration, NaiveDate};
use serde::Deserialize;
use std::collections::BTreeMap;
use validator::Validate;

pub(super) fn routes(r: &mut Routes) {
    r.get("/placement-requests/new", show).may(Permission::WriteRequests);
    r.post("/placement-requests/new", start).may(Permission::WriteRequests);
}

/// The answers that begin a draft.
#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
struct Beginning {
    lot_id: LotId,
    needed_by: NeededBy,
    #[validate(custom(function = "crate::values::checks::day"))]
    starts_on: NaiveDate,
    #[validate(nested)]
    child: Child,
    #[validate(nested)]
    origin: NewOrigin,
}

#[derive(Template)]
#[template(path = "placement_requests/start.html")]
struct StartPage {
    form: Form,
    no_lots: bool,
}

/// The lots that the actor's authority may call off today, each with its framework.
pub(super) fn lots_on_call(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<(Framework, Lot)>> {
    let today = tx.now.date_in_uk();
    let scope = Scope::of(tx, actor)?;
    let open = FrameworkFilter {
        status: Some(FrameworkState::Open),
        ..FrameworkFilter::default()
    };
    let all = Page::whole();
    let mut open = frameworks::frameworks_page(tx, &scope, &open, &all)?.items;
    open.retain(|framework| framework.may_call_off(today).is_ok());
    let ids: Vec<_> = open.iter().map(|framework| framework.id).collect();
    let lots = frameworks::lots_of(tx, &ids)?;
    let with_framework = |lot: Lot| {
        let framework = open.iter().find(|framework| framework.id == lot.framework_id)?;
        Some((framework.clone(), lot))
    };
    Ok(lots.into_iter().filter_map(with_framework).collect())
}

/// The lots as choices, by the names that papers give them.
pub(super) fn lot_choices(lots: &[(Framework, Lot)]) -> Vec<Choice> {
    let choice = |(framework, lot): &(Framework, Lot)| {
        Choice::new(lot.id, format!("{} {}: {}", framework.reference, lot.code, lot.title))
    };
    lots.iter().map(choice).collect()
}

/// How soon, in words.
pub(super) fn urgencies() -> Vec<Choice> {
    NeededBy::ALL
        .iter()
        .map(|one| Choice::new(one, one.in_words()))
        .collect()
}

fn fields(form: Form, lots: Vec<Choice>) -> Form {
    form.select("lot_id", "Lot", lots)
        .hint("What kind of home you look for, on which framework")
        .radios("needed_by", "How soon a home is needed", urgencies())
        .hint("It sets the shortest time for bids.")
        .date("starts_on", "First day of the placement")
        .hint("For example 27 3 2026")
        .number("child.age", "Age of the child")
        .hint("In years. Never the date of birth.")
        // Which of the two is missing is for the body to say: one is needed, and not both.
        .line("origin.postcode", "Postcode that the child comes from")
        .short()
        .or_blank()
        .hint(
            "This, or its district below. It stays confidential: providers see its district only. Distances are measured \
             from it.",
        )
        .line("origin.district", "Or only its district")
        .short()
        .or_blank()
        .hint("For example RG1: in place of the postcode, where that is not to be given.")
        .button("Begin the draft")
}

fn page(tx: &mut Tx<'_>, desk: &Desk<AuthorityUser>) -> Result<Html> {
    let lots = lots_on_call(tx, desk)?;
    let form = fields(desk.form("/placement-requests/new"), lot_choices(&lots));
    let no_lots = lots.is_empty();
    Html::of("New placement request", &StartPage { form, no_lots })
}

async fn show(visit: PageDoor<AuthorityUser>) -> Reply {
    visit.read(page).await
}

async fn start(visit: PageDoor<AuthorityUser>, posted: Posted) -> Reply {
    let key = ConfidentialKey::of(&visit.app.secret);
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let begun: Beginning = fields(Form::reader(), Vec::new()).read(posted)?;
                let lots = lots_on_call(tx, desk)?;
                let unknown = || Error::field("lot_id", "lot.unknown", "must be one of the list");
                let (framework, lot) = lots
                    .into_iter()
                    .find(|(_, lot)| lot.id == begun.lot_id)
                    .ok_or_else(unknown)?;
                let draft = begun.draft(&framework, &lot, tx.now);
                let request = actions::begin(tx, desk, &key, draft, Task::first_asked())?;
                let path = format!("/placement-requests/{}/draft", request.id);
                Ok(Go::to(path).saying("The draft is begun. Nobody outside your authority sees it."))
            },
            page,
        )
        .await
}

/// When bids close if nobody says otherwise: after the shortest time that the framework allows, and at least an hour. For a home
/// that is needed later it is the end of a working day; for others a full hour, with a quarter of one left for writing the draft.
fn first_deadline(policy: &Policy, needed_by: NeededBy, now: Instant) -> Instant {
    const HOUR: i64 = 60 * 60 * 1_000_000;
    let earliest = policy
        .earliest_deadline(needed_by, now)
        .max(now.plus(Duration::hours(1)));
    match needed_by {
        NeededBy::MoreThanFiveDays => {
            let mut working_day = add_working_days(earliest.date_in_uk() - Days::new(1), 1);
            if Instant::new(close_of_business(working_day)) < earliest {
                working_day = add_working_days(working_day, 1);
            }
            Instant::new(close_of_business(working_day))
        }
        NeededBy::Today | NeededBy::WithinFiveDays => {
            let written = earliest.plus(Duration::minutes(15));
            let over = written.unix_micros().rem_euclid(HOUR);
            written.plus(Duration::microseconds((HOUR - over) % HOUR))
        }
    }
}

impl Beginning {
    /// The draft, in which whatever was not asked yet is said to be not known.
    fn draft(self, framework: &Framework, lot: &Lot, now: Instant) -> NewPlacementRequest {
        let policy = &framework.policy;
        NewPlacementRequest {
            framework_id: framework.id,
            lot_id: lot.id,
            needed_by: self.needed_by,
            starts_on: self.starts_on,
            bids_close_at: first_deadline(policy, self.needed_by, now),
            questions_close_at: None,
            price_weight: 40.clamp(policy.price_weight_min, policy.price_weight_max),
            criteria: Vec::new(),
            child: self.child,
            origin: self.origin,
            max_distance_miles: None,
            needs: Needs {
                living_companions: LivingCompanions::NoPreference,
                pets: Pets::NotKnown,
                communication_needs: CommunicationNeeds::NotSpecified,
                specific_communication: CodeSet::EMPTY,
                cultural_needs: CulturalNeeds::NotKnown,
                additional_support: CodeSet::EMPTY,
                home_adaptation_required: false,
                deprivation_of_liberty: false,
                solo_placement: false,
                categories: CodeSet::EMPTY,
                risks: BTreeMap::new(),
                suitability: SuitabilityByType {
                    foster: Suitability::NotSpecified,
                    residential: Suitability::NotSpecified,
                    supported_accommodation: Suitability::NotSpecified,
                },
            },
            brief: String::new(),
            names_to_screen: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frameworks::rules::{BidWindowMinutes, CeilingRule, InviteRule};
    use crate::placement_requests::rules::samples;
    use crate::values::OfstedGrade;
    use crate::web::pages::assert_shows;

    #[test]
    fn it_asks_for_a_lot_on_call_or_says_that_there_is_none() {
        let (request, _) = samples::draft();
        let lot = Lot {
            title: "Homes & <schools>".to_owned(),
            ..samples::lot(&request)
        };
        let lots = [(samples::framework(&request), lot)];
        let page = StartPage {
            form: fields(Form::reader(), lot_choices(&lots)),
            no_lots: false,
        };
        let seen = [
            "SE-RES-1 R1: Homes &#38; &#60;schools&#62;</option>",
            "Within five days</label>",
            "Never the date of birth.",
            "This, or its district below.",
            "Or only its district</label>",
            "in place of the postcode",
            "<button>Begin the draft</button>",
        ];
        assert_shows(&page, &seen, &["<schools>", "There is no framework", "(optional)"]);
        let none = StartPage {
            form: fields(Form::reader(), Vec::new()),
            no_lots: true,
        };
        let seen = [
            "There is no framework that your authority may call off today.",
            "<a href=\"/frameworks\">",
        ];
        assert_shows(&none, &seen, &["<form", "Begin the draft"]);
    }

    #[test]
    fn the_first_deadline_is_a_full_hour_or_the_end_of_a_working_day() {
        let mut policy = Policy {
            price_weight_min: 20,
            price_weight_max: 60,
            bid_window_minutes: BidWindowMinutes {
                today: 0,
                within_five_days: 1_440,
                more_than_five_days: 0,
            },
            bid_window_working_days: Some(5),
            standstill_working_days: 0,
            worst_grade: OfstedGrade::Good,
            approval_weekly_price: None,
            price_ceiling_rule: CeilingRule::Warn,
            invite_rule: InviteRule::AllAdmitted,
        };
        let deadline =
            |policy: &Policy, needed_by, now: &str| first_deadline(policy, needed_by, now.parse().unwrap()).to_string();
        for (needed_by, begun, closes) in [
            (NeededBy::Today, "2026-03-02T10:00:00Z", "2026-03-02T12:00:00Z"),
            (NeededBy::Today, "2026-03-02T10:45:00Z", "2026-03-02T12:00:00Z"),
            (NeededBy::Today, "2026-03-02T10:45:01Z", "2026-03-02T13:00:00Z"),
            (NeededBy::WithinFiveDays, "2026-03-02T10:01:00Z", "2026-03-03T11:00:00Z"),
            (
                NeededBy::MoreThanFiveDays,
                "2026-11-23T01:03:00Z",
                "2026-11-30T17:00:00Z",
            ),
        ] {
            assert_eq!(deadline(&policy, needed_by, begun), closes, "{begun}");
        }
        // By the clock alone it would fall on a Saturday night, or a Friday evening: the next working day's end is taken.
        policy.bid_window_working_days = None;
        policy.bid_window_minutes.more_than_five_days = 7_200;
        for (begun, closes) in [
            ("2026-11-23T01:03:00Z", "2026-11-30T17:00:00Z"),
            ("2026-11-22T18:00:00Z", "2026-11-30T17:00:00Z"),
            ("2026-11-22T16:00:00Z", "2026-11-27T17:00:00Z"),
        ] {
            assert_eq!(deadline(&policy, NeededBy::MoreThanFiveDays, begun), closes, "{begun}");
        }
    }
}

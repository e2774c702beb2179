use std::collections::HashSet;

use chrono::{Duration, NaiveDate};

use super::*;
use crate::clock::Instant;
use crate::ids::{FrameworkId, PlacementRequestId};
use crate::outbox::Event;

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn id<T: From<uuid::Uuid>>() -> T {
    uuid::Uuid::from_u128(7).into()
}

fn on(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn a_decision_is_mailed_whatever_the_person_prefers() {
    for preference in AlertPreference::ALL {
        assert_eq!(delivery(Importance::Own, *preference), Delivery::Now);
    }
    assert_eq!(delivery(Importance::News, AlertPreference::Immediate), Delivery::Now);
    assert_eq!(delivery(Importance::News, AlertPreference::Daily), Delivery::InDigest);
    assert_eq!(delivery(Importance::News, AlertPreference::Off), Delivery::None);
}

#[test]
fn decisions_about_ones_own_bid_application_or_award_are_never_mere_news() {
    let own = [
        Event::ApplicationReturned { application_id: id() },
        Event::ApplicationDecided { application_id: id() },
        Event::AdmissionSuspended { admission_id: id() },
        Event::AdmissionReinstated { admission_id: id() },
        Event::AdmissionRemoved { admission_id: id() },
        Event::BidSubmitted {
            bid_id: id(),
            version: 1,
        },
        Event::BidWithdrawn { bid_id: id() },
        Event::BidNonCompliant { bid_id: id() },
        Event::BidCompliant { bid_id: id() },
        Event::RequestExtended { request_id: id() },
        Event::AwardStandstillBegan { award_id: id() },
        Event::AwardConfirmed { award_id: id() },
        Event::AwardAccepted { award_id: id() },
        Event::AwardDeclined { award_id: id() },
        Event::PlacementAgreed { placement_id: id() },
        Event::PersonDeactivated { person_id: id() },
        Event::ItemOverdue { due_item_id: id() },
    ];
    for event in own {
        for notice in notices(&event) {
            assert_eq!(
                notice.importance,
                Importance::Own,
                "{} to {:?}",
                event.kind(),
                notice.audience
            );
        }
    }
}

#[test]
fn the_end_of_a_request_is_mere_news_to_those_alone_who_only_were_invited() {
    for event in [
        Event::RequestUnfilled { request_id: id() },
        Event::RequestWithdrawn { request_id: id() },
    ] {
        let told = notices(&event);
        let how = |audience| {
            told.iter()
                .find(|one| one.audience == audience)
                .map(|one| one.importance)
        };
        let bidding = how(Audience::Bidders).or(how(Audience::TakingPart));
        let invited = how(Audience::InvitedSilent).or(how(Audience::InvitedNotBidding));
        assert_eq!(
            (told.len(), bidding, invited),
            (2, Some(Importance::Own), Some(Importance::News)),
            "{}",
            event.kind()
        );
        // Whoever is both is told as the one whom it concerns more.
        assert_eq!(told[0].importance, Importance::Own, "{}", event.kind());
    }
}

#[test]
fn whoever_had_a_letter_is_told_that_the_decision_is_open_again_while_it_is() {
    for event in [
        Event::AwardWithdrawn { award_id: id() },
        Event::AwardDeclined { award_id: id() },
    ] {
        let told = notices(&event)
            .iter()
            .find(|one| one.audience == Audience::OtherBidders);
        let told = told.unwrap_or_else(|| panic!("{} is not told to them", event.kind()));
        assert_eq!(
            (told.template, told.importance),
            (Template::AwardReopened, Importance::Own)
        );
        let only = told.only.expect("a condition");
        for undecided in [true, false] {
            let facts = Facts {
                undecided,
                ..Facts::default()
            };
            assert_eq!(only.holds(&facts), undecided, "{}", event.kind());
        }
    }
}

#[test]
fn every_template_belongs_to_a_notice_and_a_digest_or_link_is_in_the_mail_alone() {
    // One event of each kind, as JSON knows them; the exhaustive match in `notices` keeps the table whole.
    let mut used = HashSet::new();
    for kind in Event::KINDS {
        let json = serde_json::json!({
            "event": kind, "person_id": crate::ids::EXAMPLE, "link_id": crate::ids::EXAMPLE, "sealed_token": "",
            "framework_id": crate::ids::EXAMPLE, "contract_version_id": crate::ids::EXAMPLE,
            "application_id": crate::ids::EXAMPLE, "admission_id": crate::ids::EXAMPLE,
            "provider_id": crate::ids::EXAMPLE, "days": 7, "home_id": crate::ids::EXAMPLE,
            "inspection_id": crate::ids::EXAMPLE, "vacancy_id": crate::ids::EXAMPLE,
            "request_id": crate::ids::EXAMPLE, "question_id": crate::ids::EXAMPLE, "bid_id": crate::ids::EXAMPLE,
            "version": 1, "decline_id": crate::ids::EXAMPLE, "award_id": crate::ids::EXAMPLE,
            "due_item_id": crate::ids::EXAMPLE, "placement_id": crate::ids::EXAMPLE, "on": "2026-11-22",
            "by": crate::ids::EXAMPLE, "lapsed": true,
        });
        let event: Event = serde_json::from_value(json).unwrap();
        let told = notices(&event);
        assert!(!told.is_empty(), "{kind} is told to nobody");
        used.extend(told.iter().map(|notice| notice.template));
    }
    let unused: Vec<_> = Template::ALL
        .iter()
        .filter(|template| !used.contains(template))
        .collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn an_attempt_waits_twice_as_long_as_the_one_before_up_to_an_hour_and_ends() {
    let waits: Vec<_> = (1..).map_while(mail_retry).collect();
    assert_eq!(waits[..4], [30, 60, 120, 240].map(Duration::seconds));
    assert_eq!(waits.iter().max(), Some(&Duration::hours(1)));
    let total = waits.iter().fold(Duration::zero(), |sum, wait| sum + *wait);
    assert!(total > Duration::hours(24) && total < Duration::hours(30), "{total}");
    assert_eq!(mail_retry(i32::MAX), None);
    assert_eq!((1..).map_while(event_retry).count(), 19);
}

#[test]
fn the_digest_goes_out_at_seven_by_the_clocks_of_the_united_kingdom() {
    let cases = [
        // winter, an hour behind in summer, and the two days on which the clocks change
        ("2026-01-15T06:59:59Z", "2026-01-14", "2026-01-14T07:00:00Z"),
        ("2026-01-15T07:00:00Z", "2026-01-15", "2026-01-15T07:00:00Z"),
        ("2026-07-15T05:59:59Z", "2026-07-14", "2026-07-14T06:00:00Z"),
        ("2026-07-15T06:00:00Z", "2026-07-15", "2026-07-15T06:00:00Z"),
        ("2026-03-29T06:00:00Z", "2026-03-29", "2026-03-29T06:00:00Z"),
        ("2026-10-25T06:59:00Z", "2026-10-24", "2026-10-24T06:00:00Z"),
        ("2026-10-25T07:00:00Z", "2026-10-25", "2026-10-25T07:00:00Z"),
    ];
    for (now, day, moment) in cases {
        assert_eq!(digest_day(at(now)), on(day), "{now}");
        assert_eq!(digest_moment(on(day)), at(moment), "{now}");
    }
}

#[test]
fn a_story_names_the_request_first_and_lists_the_facts_in_order() {
    let facts = Facts {
        request: Some((id::<PlacementRequestId>(), "R-7F3K".to_owned())),
        framework: Some((id::<FrameworkId>(), "SE-RES-1".to_owned(), "Residential".to_owned())),
        lots: vec![Lot {
            code: "R1".to_owned(),
            title: "Homes".to_owned(),
            outcome: None,
        }],
        bids_close_at: Some(at("2026-07-15T16:00:00Z")),
        receipt: Some(Receipt {
            submitted_at: at("2026-07-14T09:00:00.123456Z"),
            version: 2,
            sha256: "ab".repeat(32),
        }),
        ..Facts::default()
    };
    let story = story(&facts);
    assert_eq!(story.reference, "R-7F3K");
    let lines: Vec<_> = story
        .lines
        .iter()
        .map(|line| format!("{}: {}", line.label, line.value))
        .collect();
    assert_eq!(
        lines,
        [
            "Request: R-7F3K",
            "Framework: SE-RES-1, Residential",
            "Lot: R1, Homes",
            "Bids close: 15 July 2026, 17:00 BST",
            "Received at: 2026-07-14T09:00:00.123456Z",
            "Version: 2",
            &format!("SHA-256: {}", "ab".repeat(32)),
        ]
    );
    assert_eq!(
        facts.path(Page::Request, ""),
        format!("placement-requests/{}", id::<PlacementRequestId>())
    );
    assert_eq!(facts.path(Page::Join, "TOKEN"), "join/TOKEN");
}

#[test]
fn an_outcome_says_all_some_or_none() {
    let lot = |outcome| Lot {
        code: String::new(),
        title: String::new(),
        outcome,
    };
    for (outcomes, said) in [
        (vec![Outcome::Admitted, Outcome::Admitted], "admitted"),
        (vec![Outcome::Rejected], "rejected"),
        (
            vec![Outcome::Admitted, Outcome::Rejected],
            "admitted to some lots, rejected for others",
        ),
    ] {
        let facts = Facts {
            lots: outcomes.into_iter().map(|o| lot(Some(o))).collect(),
            ..Facts::default()
        };
        assert_eq!(story(&facts).outcome, said);
    }
}

//! Vacancies and prices as seen over HTTP, and places taken by many at once.

use std::sync::Barrier;

use chrono::Duration;
use hearth::accounts::{LinkPurpose, issue_link};
use hearth::ids::{HomeId, VacancyId};
use hearth::vacancies::{PlacesWanted, actions};
use serde_json::{Value, json};

use crate::support::region::{Provider, Region};
use crate::support::{Program, id, with};

/// A home for three children with nothing open yet.
fn home(program: &Program) -> (Region, Provider, String) {
    let region = program.region();
    let provider = program.provider("Acorn");
    let home = region.bare_home(program, &provider, "Near House", json!({}));
    (region, provider, home)
}

fn places(program: &Program, places: i32) -> Value {
    json!({"places": places, "available_from": program.day(0)})
}

#[test]
fn places_open_never_exceed_the_registered_ones() {
    let program = Program::start();
    let (_, provider, home) = home(&program);
    let path = format!("/homes/{home}/vacancies");
    let open = |count| provider.admin.post(&path, places(&program, count));
    open(4).refused(409, "vacancy.exceeds_registered_places");
    let first = open(2).ok();
    assert_eq!(first["status"], "open");
    assert_eq!(
        (&first["places"], &first["places_offered"], &first["fresh"]),
        (&json!(2), &json!(2), &json!(true))
    );
    open(2).refused(409, "vacancy.exceeds_registered_places");
    open(1).ok();
    open(1).refused(409, "vacancy.exceeds_registered_places");
    let home_path = format!("/homes/{home}");
    assert_eq!(provider.admin.get(&home_path).ok()["places_open"], 3);
    provider
        .admin
        .patch(&home_path, json!({"registered_places": 2}))
        .refused(409, "home.places_in_use");
    let closed = provider.admin.act(&format!("/vacancies/{}/close", id(&first))).ok();
    assert_eq!(closed["status"], "closed");
    assert_eq!(closed["closed_at"], program.now().to_string());
    for verb in ["close", "confirm"] {
        provider
            .admin
            .act(&format!("/vacancies/{}/{verb}", id(&first)))
            .refused(409, "vacancy.not_open");
    }
    provider.admin.patch(&home_path, json!({"registered_places": 2})).ok();
    open(2).refused(409, "vacancy.exceeds_registered_places");
    open(1).ok();
}

#[test]
fn a_vacancy_is_at_most_narrower_than_its_home() {
    let program = Program::start();
    let (region, provider, home) = home(&program);
    let path = format!("/homes/{home}/vacancies");
    let open = |changes| provider.admin.post(&path, with(places(&program, 1), changes));
    for (changes, field) in [
        (json!({"age_min": 9}), "age_min"),
        (json!({"age_max": 18}), "age_max"),
        (json!({"age_min": 16, "age_max": 12}), "age_max"),
        (json!({"sexes": []}), "sexes"),
        (json!({"places": 0}), "places"),
        (json!({"places": "1"}), "places"),
        (json!({"available_from": "soon"}), "available_from"),
        (json!({"until": "2027-01-01"}), "until"),
    ] {
        let fields = open(changes.clone()).wrong_fields();
        assert!(fields.iter().any(|(name, _)| name == field), "{changes}: {fields:?}");
    }
    let girls = open(json!({"age_min": 14, "age_max": 16, "sexes": ["F"]})).ok();
    assert_eq!((&girls["age_min"], &girls["sexes"]), (&json!(14), &json!(["F"])));
    let seen = region.commissioner.get(&path).ok();
    assert_eq!(seen["items"].as_array().unwrap(), &[girls]);
}

#[test]
fn a_vacancy_is_fresh_for_seven_days_after_each_confirmation() {
    let program = Program::start();
    let (_, provider, home) = home(&program);
    let vacancy = provider
        .admin
        .post(&format!("/homes/{home}/vacancies"), places(&program, 1))
        .ok();
    let path = format!("/vacancies/{}", id(&vacancy));
    let fresh = || provider.admin.get(&path).ok()["fresh"].clone();
    program.clock.advance(Duration::days(7) - Duration::seconds(1));
    assert_eq!(fresh(), true);
    program.clock.advance(Duration::seconds(1));
    assert_eq!(fresh(), false);
    let stale = || program.db().write_now(|tx| actions::remind_of_stale(tx, 100)).unwrap();
    assert_eq!((stale(), stale()), (1, 0));
    let events = "events WHERE kind = 'vacancy_stale'";
    assert_eq!(program.count(events), 1);
    let confirmed = provider.admin.act(&format!("{path}/confirm")).ok();
    assert_eq!(
        (&confirmed["fresh"], confirmed["confirmed_at"].as_str()),
        (&json!(true), Some(&*program.now().to_string()))
    );
    assert_eq!(stale(), 0);
    program.clock.advance(Duration::days(8));
    assert_eq!((stale(), program.count(events)), (1, 2));
    let stale_version = provider
        .admin
        .call("POST", &format!("{path}/confirm"), None, &[("if-match", "\"1\"")]);
    stale_version.refused(412, "stale");
}

#[test]
fn the_link_in_the_reminder_confirms_without_sign_in_once() {
    let program = Program::start();
    let (_, provider, home) = home(&program);
    let vacancy = id(&provider
        .admin
        .post(&format!("/homes/{home}/vacancies"), places(&program, 1))
        .ok());
    let person = id(&provider.admin.get("/me").ok()["person"]).parse().unwrap();
    let link = |purpose| {
        let subject = Some(vacancy.clone());
        program
            .db()
            .write_now(|tx| Ok(issue_link(tx, person, purpose, subject)?.1))
            .unwrap()
    };
    let confirm = |token: &str| {
        program
            .visitor()
            .post("/vacancy-confirmations", json!({"token": token}))
    };
    program.clock.advance(Duration::days(8));
    let token = link(LinkPurpose::ConfirmVacancy);
    let confirmed = confirm(&token).ok();
    assert_eq!(
        (confirmed["id"].as_str(), &confirmed["fresh"]),
        (Some(&*vacancy), &json!(true))
    );
    confirm(&token).refused(409, "link.spent");
    confirm(&link(LinkPurpose::Reset)).refused(422, "link.unknown");
    confirm("no such token").refused(422, "link.unknown");
    assert_eq!(confirm("").wrong_fields(), [("token".into(), "length".into())]);
    let late = link(LinkPurpose::ConfirmVacancy);
    program.clock.advance(Duration::days(15));
    confirm(&late).refused(409, "link.expired");
    // Refused by the vacancy, the link is not spent.
    let token = link(LinkPurpose::ConfirmVacancy);
    provider.admin.act(&format!("/vacancies/{vacancy}/close")).ok();
    for _ in 0..2 {
        confirm(&token).refused(409, "vacancy.not_open");
    }
}

fn take(program: &Program, home: &str, wanted: PlacesWanted) -> Option<VacancyId> {
    let home: HomeId = home.parse().unwrap();
    program
        .db()
        .write_now(|tx| actions::take_places(tx, home, &wanted))
        .unwrap()
}

fn release(program: &Program, home: &str, vacancy: Option<VacancyId>, places: i32) {
    let home: HomeId = home.parse().unwrap();
    program
        .db()
        .write_now(|tx| actions::release_places(tx, home, vacancy, places))
        .unwrap();
}

fn wanted(program: &Program, places: i32) -> PlacesWanted {
    PlacesWanted {
        on: program.day(2),
        places,
        age: Some(14),
        sex: None,
    }
}

#[test]
fn taken_places_are_no_longer_open_and_count_as_taken() {
    let program = Program::start();
    let (_, provider, home) = home(&program);
    let path = format!("/homes/{home}/vacancies");
    let vacancy = id(&provider.admin.post(&path, places(&program, 2)).ok());
    let view = || provider.admin.get(&format!("/vacancies/{vacancy}")).ok();
    let counts = || {
        let home = provider.admin.get(&format!("/homes/{home}")).ok();
        (
            home["places_open"].as_i64().unwrap(),
            home["places_taken"].as_i64().unwrap(),
        )
    };
    assert_eq!(take(&program, &home, wanted(&program, 3)), None);
    assert_eq!(
        take(
            &program,
            &home,
            PlacesWanted {
                on: program.day(-1),
                ..wanted(&program, 1)
            }
        ),
        None
    );
    assert_eq!(take(&program, &home, wanted(&program, 1)).unwrap().to_string(), vacancy);
    assert_eq!(
        (view()["status"].clone(), view()["places"].clone(), counts()),
        (json!("open"), json!(1), (1, 1))
    );
    let last = take(&program, &home, wanted(&program, 1));
    assert_eq!(
        (view()["status"].clone(), view()["places"].clone(), counts()),
        (json!("filled"), json!(0), (0, 2))
    );
    assert_eq!(take(&program, &home, wanted(&program, 1)), None);
    // Registered for three, two taken.
    provider
        .admin
        .post(&path, places(&program, 2))
        .refused(409, "vacancy.exceeds_registered_places");
    provider
        .admin
        .act(&format!("/homes/{home}/close"))
        .refused(409, "home.has_placements");
    // The award fell through: the place is offered again.
    release(&program, &home, last, 1);
    assert_eq!(
        (view()["status"].clone(), view()["places"].clone(), counts()),
        (json!("open"), json!(1), (1, 1))
    );
    // A placement ended: whether there is a place now is the provider's to say.
    release(&program, &home, None, 1);
    assert_eq!((view()["places"].clone(), counts()), (json!(1), (1, 0)));
}

#[test]
fn siblings_are_taken_of_several_vacancies_where_one_has_not_enough() {
    let program = Program::start();
    let (_, provider, home) = home(&program);
    let path = format!("/homes/{home}/vacancies");
    for _ in 0..2 {
        provider.admin.post(&path, places(&program, 1)).ok();
    }
    let back = take(&program, &home, wanted(&program, 2));
    let states = || {
        let list = provider.admin.get(&path).ok();
        let of = |vacancy: &Value| {
            (
                vacancy["status"].as_str().unwrap().to_owned(),
                vacancy["places"].as_i64().unwrap(),
            )
        };
        list["items"].as_array().unwrap().iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(states(), [("filled".to_owned(), 0), ("filled".to_owned(), 0)]);
    release(&program, &home, back, 2);
    assert_eq!(states(), [("open".to_owned(), 2), ("filled".to_owned(), 0)]);
    assert_eq!(provider.admin.get(&format!("/homes/{home}")).ok()["places_open"], 2);
}

#[test]
fn the_last_place_is_taken_by_exactly_one_of_many() {
    const TAKERS: usize = 8;
    let program = Program::start();
    let (_, provider, home) = home(&program);
    let path = format!("/homes/{home}/vacancies");
    provider.admin.post(&path, places(&program, 1)).ok();
    for round in 0..20 {
        let together = Barrier::new(TAKERS);
        let taken: Vec<VacancyId> = std::thread::scope(|scope| {
            let takers: Vec<_> = (0..TAKERS)
                .map(|_| {
                    scope.spawn(|| {
                        together.wait();
                        take(&program, &home, wanted(&program, 1))
                    })
                })
                .collect();
            takers.into_iter().filter_map(|taker| taker.join().unwrap()).collect()
        });
        assert_eq!(taken.len(), 1, "round {round}");
        assert_eq!(provider.admin.get(&path).ok()["items"][0]["status"], "filled");
        release(&program, &home, taken.first().copied(), 1);
    }
}

#[test]
fn of_many_that_open_the_last_place_exactly_one_succeeds() {
    let program = Program::start();
    let (_, provider, home) = home(&program);
    let path = format!("/homes/{home}/vacancies");
    provider.admin.post(&path, places(&program, 2)).ok();
    let body = places(&program, 1);
    let together = Barrier::new(6);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let openers: Vec<_> = (0..6)
            .map(|_| {
                scope.spawn(|| {
                    together.wait();
                    provider.admin.post(&path, body.clone()).status
                })
            })
            .collect();
        openers.into_iter().map(|opener| opener.join().unwrap()).collect()
    });
    assert_eq!(
        statuses.iter().filter(|status| **status == 201).count(),
        1,
        "{statuses:?}"
    );
    assert_eq!(
        statuses.iter().filter(|status| **status == 409).count(),
        5,
        "{statuses:?}"
    );
}

fn price(program: &Program, region: &Region, day: i64, core: &str) -> Value {
    json!({"lot_id": region.lot, "effective_from": program.day(day), "core": core, "additional_support": "350.00",
        "education": "0.00", "other": "0.00"})
}

#[test]
fn prices_are_never_rewritten_a_later_one_has_a_later_date() {
    let program = Program::start();
    let (region, provider, home) = home(&program);
    let path = format!("/homes/{home}/prices");
    let list = |day, core| provider.admin.post(&path, price(&program, &region, day, core));
    let first = list(0, "4800.17").ok();
    assert_eq!(
        (&first["total"], &first["over_ceiling"]),
        (&json!("5150.17"), &json!(false))
    );
    for day in [-1, 0] {
        list(day, "4700.00").refused(409, "price.date_not_later");
    }
    list(30, "5000.00").ok();
    list(30, "5001.00").refused(409, "price.date_not_later");
    assert_eq!(
        list(800, "5000.00").wrong_fields(),
        [("effective_from".into(), "range".into())]
    );
    let all = region.commissioner.get(&format!("{path}?lot_id={}", region.lot)).ok();
    let cores: Vec<&Value> = all["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|price| &price["core"])
        .collect();
    assert_eq!(cores, ["4800.17", "5000.00"]);
    let home: HomeId = home.parse().unwrap();
    let lot = region.lot.parse().unwrap();
    for (day, core) in [
        (-1, None),
        (0, Some("4800.17")),
        (29, Some("4800.17")),
        (30, Some("5000.00")),
        (500, Some("5000.00")),
    ] {
        let on = program.day(day);
        let found = program
            .db()
            .read_now(|tx| hearth::vacancies::store::price_on(tx, home, lot, on))
            .unwrap();
        assert_eq!(
            found.map(|price| price.lines.core.to_string()).as_deref(),
            core,
            "on day {day}"
        );
    }
}

#[test]
fn a_price_above_a_ceiling_is_refused_or_marked_as_the_framework_says() {
    let program = Program::start();
    let (region, provider, home) = home(&program);
    let path = format!("/homes/{home}/prices");
    // The lot's ceiling is 12000.00 a week.
    provider.admin.post(&path, price(&program, &region, 0, "11650.00")).ok();
    let refused = provider
        .admin
        .post(&path, price(&program, &region, 1, "11650.01"))
        .refused(422, "price.over_ceiling");
    assert_eq!(refused["errors"][0]["field"], "total");

    let program = Program::start();
    let mut framework = program.framework_body();
    framework["policy"]["price_ceiling_rule"] = json!("warn");
    let region = program.region_with(json!({"policy": framework["policy"]}));
    let provider = program.provider("Acorn");
    let home = region.bare_home(&program, &provider, "Near House", json!({}));
    let marked = provider
        .admin
        .post(
            &format!("/homes/{home}/prices"),
            price(&program, &region, 0, "11650.01"),
        )
        .ok();
    assert_eq!(
        (&marked["over_ceiling"], &marked["total"]),
        (&json!(true), &json!("12000.01"))
    );
}

#[test]
fn a_price_is_for_a_lot_that_buys_such_homes() {
    let program = Program::start();
    let (region, provider, home) = home(&program);
    let path = format!("/homes/{home}/prices");
    let in_lot = |lot: &str| {
        provider.admin.post(
            &path,
            with(price(&program, &region, 0, "100.00"), json!({"lot_id": lot})),
        )
    };
    let unknown = [("lot_id".to_owned(), "unknown".to_owned())];
    assert_eq!(in_lot("0198b0a4-5c2e-7c3a-9d2f-0123456789ab").wrong_fields(), unknown);
    let draft = id(&region
        .operator
        .post(
            "/frameworks",
            with(program.framework_body(), json!({"reference": "SE-2"})),
        )
        .ok());
    let lot = json!({"code": "F1", "title": "Fostering", "placement_type": "Foster", "provision_types": ["IndependentFosteringAgency"]});
    let foster = id(&region.operator.post(&format!("/frameworks/{draft}/lots"), lot).ok());
    assert_eq!(in_lot(&foster).wrong_fields(), unknown);
    let contract = json!({"title": "Contract", "text": "Terms", "effective_on": program.day(-1)});
    region
        .operator
        .post(&format!("/frameworks/{draft}/contract-versions"), contract)
        .ok();
    region.operator.act(&format!("/frameworks/{draft}/open")).ok();
    in_lot(&foster).refused(422, "price.lot_does_not_fit");
}

#[test]
fn money_is_a_string_with_two_places() {
    let program = Program::start();
    let (region, provider, home) = home(&program);
    let path = format!("/homes/{home}/prices");
    for core in [
        json!(4800),
        json!(4800.17),
        json!("4800"),
        json!("-1.00"),
        json!("4,800.00"),
        json!(null),
    ] {
        let body = with(price(&program, &region, 0, "1.00"), json!({"core": core}));
        let fields = provider.admin.post(&path, body).wrong_fields();
        assert_eq!(fields.len(), 1, "{core}: {fields:?}");
        assert_eq!(fields[0].0, "core", "{core}");
    }
    let nothing = with(
        price(&program, &region, 0, "0.00"),
        json!({"additional_support": "0.00"}),
    );
    assert_eq!(
        provider.admin.post(&path, nothing).wrong_fields(),
        [("core".into(), "range".into())]
    );
}

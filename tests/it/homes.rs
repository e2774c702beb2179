//! Homes as seen over HTTP: registered, located, changed, closed, inspected; who sees how much of them.

use hearth::ids::{HomeId, OrganisationId};
use hearth::reference::{ImportReport, import_postcodes};
use serde_json::{Value, json};

use crate::support::region::home_body;
use crate::support::{Program, id, with};

#[test]
fn a_registered_home_is_found_in_its_authority() {
    let program = Program::start();
    let provider = program.provider("Acorn");
    let answer = provider.admin.post("/homes", home_body("Near House", 123_001));
    assert_eq!(answer.status, 201);
    let (location, etag) = (answer.header("location").to_owned(), answer.header("etag").to_owned());
    let home = answer.ok();
    assert_eq!(
        (location, etag),
        (format!("/api/v1/homes/{}", id(&home)), "\"1\"".to_owned())
    );
    assert_eq!(
        home["local_authority"],
        json!({"gss_code": "E06000038", "name": "Reading"})
    );
    assert_eq!(
        (&home["postcode_district"], &home["location_precision"]),
        (&json!("RG2"), &json!("sector"))
    );
    assert_eq!(
        (&home["grade"], &home["status"]),
        (&json!("NotYetInspected"), &json!("active"))
    );
    assert_eq!(home["address"]["postcode"], "RG2 0AA");
    assert_eq!(provider.admin.get(&format!("/homes/{}", id(&home))).ok(), home);
}

#[test]
fn the_address_is_shown_to_few() {
    let program = Program::start();
    let region = program.region();
    let provider = program.provider("Acorn");
    let home = id(&provider.admin.post("/homes", home_body("Near House", 123_001)).ok());
    let path = format!("/homes/{home}");
    let auditor = region.auditor(&program);
    for sees in [&provider.admin.0, &region.operator.0] {
        assert_eq!(
            sees.get(&path).ok()["address"]["line1"],
            "1 Example Lane",
            "{}",
            sees.email()
        );
    }
    for sees_not in [&region.commissioner.0, &region.neighbour.0, &auditor.0] {
        let home = sees_not.get(&path).ok();
        assert!(
            home.get("address").is_none() && home["postcode_district"] == "RG2",
            "{}",
            sees_not.email()
        );
        assert!(!home.to_string().contains("Example Lane") && !home.to_string().contains("RG2 0AA"));
    }
    // An authority that has awarded a place may know it; its neighbour may not.
    let reading: OrganisationId = region.authority().parse().unwrap();
    let home: HomeId = home.parse().unwrap();
    for _ in 0..2 {
        program
            .db()
            .write_now(|tx| hearth::homes::store::disclose_address(tx, home, reading))
            .unwrap();
    }
    assert_eq!(region.commissioner.get(&path).ok()["address"]["town"], "Exampleton");
    assert!(region.neighbour.get(&path).ok().get("address").is_none());
}

#[test]
fn no_list_and_no_log_has_an_address() {
    let program = Program::start();
    let region = program.region();
    let provider = program.provider("Acorn");
    let home = id(&provider.admin.post("/homes", home_body("Near House", 123_001)).ok());
    let moved = json!({"address": {"line1": "7 Hidden Close", "town": "Secretham", "postcode": "RG4 5AA"}});
    provider.admin.patch(&format!("/homes/{home}"), moved).ok();
    let log = region.operator.get("/audit-events?limit=200").ok().to_string();
    let lists = region.operator.get("/homes").ok().to_string();
    assert!(log.contains("home.register") && log.contains("home.change") && lists.contains("Near House"));
    for word in ["Example Lane", "RG2 0AA", "Hidden Close", "Secretham", "RG4 5AA"] {
        assert!(!log.contains(word) && !lists.contains(word), "{word}");
    }
}

#[test]
fn a_urn_is_registered_once_whoever_comes_second() {
    let program = Program::start();
    let (acorn, birch) = (program.provider("Acorn"), program.provider("Birch"));
    acorn.admin.post("/homes", home_body("Near House", 123_001)).ok();
    let other = id(&acorn.admin.post("/homes", home_body("Far House", 123_002)).ok());
    for provider in [&acorn, &birch] {
        provider
            .admin
            .post("/homes", home_body("Twice", 123_001))
            .refused(409, "home.urn_taken");
    }
    let taken = json!({"ofsted_urn": "SC123001"});
    acorn
        .admin
        .patch(&format!("/homes/{other}"), taken)
        .refused(409, "home.urn_taken");
    acorn
        .admin
        .patch(&format!("/homes/{other}"), json!({"ofsted_urn": "SC123003"}))
        .ok();
}

#[test]
fn wrong_fields_are_named_all_at_once() {
    let program = Program::start();
    let provider = program.provider("Acorn");
    let body = with(
        home_body("Wrong", 1),
        json!({"ofsted_urn": "12", "name": " ", "address": {"line1": "", "town": "x\ny", "postcode": "NOWHERE"},
            "registered_places": 0, "age_min": 18, "age_max": 3, "placement_type": "Foster", "sexes": [], "needs": ["Tired"],
            "staffing": {"staff": 0, "children": 1}, "colour": "blue", "pets": "no"}),
    );
    let mut fields: Vec<String> = provider
        .admin
        .post("/homes", body)
        .wrong_fields()
        .into_iter()
        .map(|(field, _)| field)
        .collect();
    fields.sort();
    let expected = [
        "address.line1",
        "address.postcode",
        "address.town",
        "age_max",
        "colour",
        "name",
        "needs[0]",
        "ofsted_urn",
        "pets",
        "placement_type",
        "registered_places",
        "sexes",
        "staffing.staff",
    ];
    assert_eq!(fields, expected);
    assert_eq!(program.count("homes"), 0);
}

#[test]
fn the_placement_type_follows_from_the_registration() {
    let program = Program::start();
    let provider = program.provider("Acorn");
    for (number, (registration, follows)) in (123_001..).zip([
        ("ChildrensHome", "Residential"),
        ("ResidentialSpecialSchool", "Residential"),
        ("IndependentFosteringAgency", "Foster"),
        ("SupportedAccommodation", "SupportedAccommodation"),
    ]) {
        let mut body = with(
            home_body("Near House", number),
            json!({"provision_type": registration, "age_min": 16}),
        );
        body.as_object_mut().unwrap().remove("placement_type");
        let home = provider.admin.post("/homes", body).ok();
        assert_eq!(home["placement_type"], follows, "{registration}");
    }
}

#[test]
fn a_postcode_must_be_known_in_england() {
    let program = Program::start();
    let provider = program.provider("Acorn");
    for postcode in ["ZZ9 9ZZ", "EH1 1AA", "CF10 1AA"] {
        let address = json!({"line1": "1 Example Lane", "town": "Exampleton", "postcode": postcode});
        let body = with(home_body("Nowhere", 123_001), json!({"address": address}));
        let expected = [("address.postcode".to_owned(), "postcode.unknown".to_owned())];
        assert_eq!(
            provider.admin.post("/homes", body).wrong_fields(),
            expected,
            "{postcode}"
        );
    }
}

#[test]
fn the_imported_directory_knows_each_authority_and_is_replaced_by_a_newer_one() {
    let program = Program::start();
    let provider = program.provider("Acorn");
    let import = |rows: &str| {
        let file = format!("pcds,oslaua,oseast1m,osnrth1m\n{rows}");
        import_postcodes(program.db(), file.as_bytes()).unwrap()
    };
    let report = import(
        "RG2 0AA,E06000041,472000,171000\nRG2 0AB,E06000038,472100,171100\nEH1 1AA,S12000036,325000,673000\nx,y,1,1\n",
    );
    assert_eq!(
        report,
        ImportReport {
            written: 2,
            elsewhere: 1,
            unreadable: 1,
            removed: 0
        }
    );
    let home = provider.admin.post("/homes", home_body("Near House", 123_001)).ok();
    assert_eq!(
        (&home["location_precision"], &home["local_authority"]["name"]),
        (&json!("full"), &json!("Wokingham"))
    );
    program.clock.advance(chrono::Duration::days(30));
    let report = import("RG2 0AA,E06000038,472000,171000\nRG2 0AA,E06000038,472001,171001\n");
    assert_eq!(
        report,
        ImportReport {
            written: 1,
            elsewhere: 0,
            unreadable: 0,
            removed: 1
        }
    );
    let home = provider.admin.post("/homes", home_body("Second House", 123_002)).ok();
    assert_eq!(home["local_authority"]["name"], "Reading");
    // Its points are too exact to measure by: from three distances anybody would find the address.
    assert_eq!(program.count("homes WHERE easting BETWEEN 472000 AND 472001"), 0);
    for wrong in ["", "RG2 0AA\n", "nonsense"] {
        assert!(import_postcodes(program.db(), wrong.as_bytes()).is_err(), "{wrong:?}");
    }
    assert_eq!(program.count("postcodes"), 1);
}

#[test]
fn another_providers_home_is_not_found() {
    let program = Program::start();
    let region = program.region();
    let (acorn, birch) = (program.provider("Acorn"), program.provider("Birch"));
    let home = region.home(&program, &acorn, "Near House", json!({}));
    let vacancy = id(&acorn.admin.get(&format!("/homes/{home}/vacancies")).ok()["items"][0]);
    let price = id(&acorn.admin.get(&format!("/homes/{home}/prices")).ok()["items"][0]);
    let inspection = id(&acorn.admin.get(&format!("/homes/{home}/inspections")).ok()["items"][0]);
    let stranger = &birch.admin;
    for part in ["", "/vacancies", "/prices", "/inspections"] {
        stranger.get(&format!("/homes/{home}{part}")).refused(404, "not_found");
    }
    for path in [
        format!("/vacancies/{vacancy}"),
        format!("/prices/{price}"),
        format!("/inspections/{inspection}"),
    ] {
        stranger.get(&path).refused(404, "not_found");
        for may in [&acorn.admin.0, &region.operator.0, &region.commissioner.0] {
            assert_eq!(
                may.get(&path).ok()["home_id"],
                home.as_str(),
                "{path} for {}",
                may.email()
            );
        }
    }
    stranger
        .patch(&format!("/homes/{home}"), json!({"name": "Mine"}))
        .refused(404, "not_found");
    for verb in ["close", "reopen"] {
        stranger.act(&format!("/homes/{home}/{verb}")).refused(404, "not_found");
    }
    for verb in ["confirm", "close"] {
        stranger
            .act(&format!("/vacancies/{vacancy}/{verb}"))
            .refused(404, "not_found");
    }
    let place = json!({"places": 1, "available_from": program.day(0)});
    stranger
        .post(&format!("/homes/{home}/vacancies"), place)
        .refused(404, "not_found");
    let nothing = "/homes/0198b0a4-5c2e-7c3a-9d2f-0123456789ab";
    for path in [nothing, "/homes/1", "/homes/%27%20OR%201", "/vacancies/x", "/prices/x"] {
        acorn.admin.get(path).refused(404, "not_found");
    }
}

#[test]
fn only_a_provider_registers_and_only_an_operator_inspects() {
    let program = Program::start();
    let region = program.region();
    let provider = program.provider("Acorn");
    for other in [&region.operator.0, &region.commissioner.0] {
        other
            .post("/homes", home_body("Near House", 123_001))
            .refused(403, "forbidden");
    }
    program
        .visitor()
        .post("/homes", home_body("Near House", 123_001))
        .refused(401, "auth.required");
    let home = id(&provider
        .bidder(&program, "bids@acorn.example")
        .post("/homes", home_body("Near House", 123_001))
        .ok());
    let inspection = json!({"event_number": "E1", "inspected_on": program.day(-1), "grade": "Outstanding"});
    for other in [&provider.admin.0, &region.commissioner.0] {
        other
            .post(&format!("/homes/{home}/inspections"), inspection.clone())
            .refused(403, "forbidden");
    }
    region
        .operator
        .post(&format!("/homes/{home}/inspections"), inspection)
        .ok();
}

#[test]
fn a_change_leaves_the_rest_and_loses_nobodys_work() {
    let program = Program::start();
    let provider = program.provider("Acorn");
    let staffed =
        json!({"staffing": {"staff": 2, "children": 3, "qualified_percent": 80}, "living_arrangement": "group"});
    let before = provider
        .admin
        .post("/homes", with(home_body("Near House", 123_001), staffed))
        .ok();
    let path = format!("/homes/{}", id(&before));
    let changed = provider
        .admin
        .patch(&path, json!({"name": "Oak House", "staffing": null, "age_max": 16}))
        .ok();
    let expected = with(
        before.clone(),
        json!({"name": "Oak House", "staffing": null, "age_max": 16, "version": 2}),
    );
    assert_eq!(changed, expected);
    let stale = |version: &str| {
        provider.admin.call(
            "PATCH",
            &path,
            Some(br#"{"name":"Ash House"}"#),
            &[("if-match", version)],
        )
    };
    stale("\"1\"").refused(412, "stale");
    assert_eq!(stale("\"2\"").ok()["version"], 3);
    for (wrong, field) in [
        (json!({"age_min": 17}), "age_max"),
        (json!({"registered_places": 0}), "registered_places"),
        (json!({"provision_type": "SupportedAccommodation"}), "placement_type"),
        (json!({"grade": "Outstanding"}), "grade"),
        (json!({"address": {"postcode": "RG2 0AA"}}), "address.line1"),
        (json!({"sexes": []}), "sexes"),
    ] {
        let fields = provider.admin.patch(&path, wrong.clone()).wrong_fields();
        assert!(fields.iter().any(|(name, _)| name == field), "{wrong}: {fields:?}");
    }
    assert_eq!(provider.admin.get(&path).ok()["version"], 3);
    let moved = json!({"address": {"line1": "2 Far Road", "town": "Guildford", "postcode": "gu11aa"}});
    let moved = provider.admin.patch(&path, moved).ok();
    assert_eq!(
        (&moved["local_authority"]["name"], &moved["address"]["postcode"]),
        (&json!("Surrey"), &json!("GU1 1AA"))
    );
}

#[test]
fn the_newest_inspection_gives_the_grade() {
    let program = Program::start();
    let region = program.region();
    let provider = program.provider("Acorn");
    let home = id(&provider.admin.post("/homes", home_body("Near House", 123_001)).ok());
    let path = format!("/homes/{home}/inspections");
    let grade = || provider.admin.get(&format!("/homes/{home}")).ok()["grade"].clone();
    let inspect = |number: &str, days_ago: i64, grade: &str| {
        region.operator.post(
            &path,
            json!({"event_number": number, "inspected_on": program.day(-days_ago), "grade": grade}),
        )
    };
    assert_eq!(grade(), "NotYetInspected");
    inspect("E1", 100, "Good").ok();
    assert_eq!(grade(), "Good");
    inspect("E2", 10, "Inadequate").ok();
    assert_eq!(grade(), "Inadequate");
    inspect("E0", 500, "Outstanding").ok();
    assert_eq!(grade(), "Inadequate");
    inspect("E2", 5, "Good").refused(409, "inspection.event_taken");
    let unread = json!({"event_number": "E3", "inspected_on": program.day(1), "grade": "Good"});
    assert_eq!(
        region.operator.post(&path, unread).wrong_fields(),
        [("inspected_on".into(), "in_future".into())]
    );
    let nothing = json!({"event_number": "", "inspected_on": "yesterday", "grade": "NotYetInspected", "judgements": {"overall": "Poor"}});
    assert_eq!(region.operator.post(&path, nothing).wrong_fields().len(), 4);
    let judged = json!({"event_number": "E4", "inspected_on": program.day(0), "grade": "Good",
        "judgements": {"overall": "Good", "protection": "Outstanding"}});
    let inspection = region.operator.post(&path, judged).ok();
    assert_eq!(
        inspection["judgements"],
        json!({"overall": "Good", "protection": "Outstanding", "leadership": null})
    );
    let listed = region.commissioner.get(&path).ok();
    let numbers: Vec<&Value> = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["event_number"])
        .collect();
    assert_eq!(numbers, ["E1", "E2", "E0", "E4"]);
    // The number is Ofsted's for this home; another home may have the same.
    let other = id(&provider.admin.post("/homes", home_body("Far House", 123_002)).ok());
    let same = json!({"event_number": "E1", "inspected_on": program.day(-1), "grade": "Good"});
    region.operator.post(&format!("/homes/{other}/inspections"), same).ok();
    // What was recorded under a URN belongs to it.
    let urn = json!({"ofsted_urn": "SC999999"});
    provider
        .admin
        .patch(&format!("/homes/{home}"), urn)
        .refused(409, "home.urn_fixed");
}

#[test]
fn a_provider_lists_its_own_homes_and_everybody_else_all() {
    let program = Program::start();
    let region = program.region();
    let (acorn, birch) = (program.provider("Acorn"), program.provider("Birch"));
    for urn in 1..=3 {
        acorn
            .admin
            .post("/homes", home_body(&format!("Acorn {urn}"), 123_000 + urn))
            .ok();
    }
    let guildford = json!({"address": {"line1": "1 Lane", "town": "Guildford", "postcode": "GU1 1AA"}});
    let far = id(&birch
        .admin
        .post("/homes", with(home_body("Birch 1", 124_001), guildford))
        .ok());
    birch.admin.act(&format!("/homes/{far}/close")).ok();
    let names = |client: &crate::support::client::Client, query: &str| -> Vec<String> {
        let list = client.get(&format!("/homes{query}")).ok();
        list["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|home| home["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names(&acorn.admin, ""), ["Acorn 1", "Acorn 2", "Acorn 3"]);
    assert_eq!(names(&birch.admin, ""), ["Birch 1"]);
    assert_eq!(
        names(&birch.admin, &format!("?provider_id={}", acorn.organisation)),
        [""; 0]
    );
    for all in [&region.operator.0, &region.commissioner.0] {
        assert_eq!(names(all, "").len(), 4);
        assert_eq!(names(all, &format!("?provider_id={}", birch.organisation)), ["Birch 1"]);
        assert_eq!(names(all, "?local_authority=E10000030"), ["Birch 1"]);
        assert_eq!(names(all, "?status=closed"), ["Birch 1"]);
        assert_eq!(
            names(
                all,
                "?status=active&placement_type=Residential&provision_type=ChildrensHome"
            )
            .len(),
            3
        );
        assert_eq!(names(all, "?placement_type=Foster"), [""; 0]);
    }
    // Page by page, and a home that comes meanwhile is not missed.
    let first = region.operator.get("/homes?limit=2").ok();
    let next = first["next"].as_str().unwrap();
    acorn.admin.post("/homes", home_body("Acorn 4", 123_004)).ok();
    assert_eq!(
        names(&region.operator, &format!("?limit=2&after={next}")),
        ["Acorn 3", "Birch 1"]
    );
    assert_eq!(region.operator.get("/homes?limit=200").ok()["next"], Value::Null);
    for wrong in [
        "limit=0",
        "limit=201",
        "limit=x",
        "after=x",
        "colour=blue",
        "status=open",
        "provider_id=1",
    ] {
        assert_eq!(region.operator.get(&format!("/homes?{wrong}")).status, 422, "{wrong}");
    }
}

#[test]
fn a_closed_home_offers_nothing_until_it_opens_again() {
    let program = Program::start();
    let region = program.region();
    let provider = program.provider("Acorn");
    let home = region.home(&program, &provider, "Near House", json!({}));
    let path = |part: &str| format!("/homes/{home}{part}");
    let admin = &provider.admin;
    admin.act(&path("/reopen")).refused(409, "home.not_closed");
    let closed = admin.act(&path("/close")).ok();
    assert_eq!(
        (&closed["status"], &closed["places_open"]),
        (&json!("closed"), &json!(0))
    );
    let vacancies = admin.get(&path("/vacancies")).ok();
    assert_eq!(vacancies["items"][0]["status"], "closed");
    admin.act(&path("/close")).refused(409, "home.closed");
    let place = json!({"places": 1, "available_from": program.day(0)});
    admin
        .post(&path("/vacancies"), place.clone())
        .refused(409, "home.closed");
    let price = json!({"lot_id": region.lot, "effective_from": program.day(1), "core": "1.00", "additional_support": "0.00",
        "education": "0.00", "other": "0.00"});
    admin.post(&path("/prices"), price).refused(409, "home.closed");
    let reopened = admin.act(&path("/reopen")).ok();
    assert_eq!(
        (&reopened["status"], &reopened["places_open"]),
        (&json!("active"), &json!(0))
    );
    admin.post(&path("/vacancies"), place).ok();
}
